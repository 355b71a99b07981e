"""What is fitted to what, and how much is computed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from footloose.errors import FootlooseError
from footloose.experiments.comparison.hybrids import sized
from footloose.experiments.sweep.keys import digest_of, engine_digest
from footloose.scenario import Scenario
from footloose_calibration.fitting.discrepancy import Yardstick
from footloose_calibration.fitting.measuring import measures_digest
from footloose_calibration.priors import Priors
from footloose_calibration.targets import Target

PINNED = ("fitted",)
MEASURED = ("fitted", "held_out", "not_fitted")
"""Uses of targets that every run is measured by; only the pinned ones are heeded by the fit."""
MEASURE = "footloose_calibration.measures:measure"
"""What turns a record into numbers by target: module and function."""


@dataclass(frozen=True)
class Sizes:
    """How much is computed.

    firms      : programmes of every run
    design     : points that fill the space of the priors evenly; the first wave; a power of 2
    wave       : points of every later wave, drawn where the posterior lies
    waves      : waves after the first
    echoes     : points of every wave run with several draws, to measure what those do
    draws_of_echoes : how many
    replicates : times the best point and every draw of the ensemble are run
    draws      : draws of the posterior that are run for the ensemble
    search     : largest number of generations of the global search
    walkers, steps, burn : of the chain; burn: steps left out at its start
    sample     : draws of the chain kept in tables
    grid       : values of a parameter at which its profile is taken
    """

    firms: int = 50_000
    design: int = 1024
    wave: int = 320
    waves: int = 1
    echoes: int = 12
    draws_of_echoes: int = 6
    replicates: int = 2
    draws: int = 1000
    search: int = 300
    walkers: int = 96
    steps: int = 3000
    burn: int = 1000
    sample: int = 2000
    grid: int = 11

    def runs(self) -> int:
        """Return how many runs a fit takes at most."""
        echoes = self.echoes * (self.draws_of_echoes - 1)
        return self.design + self.waves * self.wave + (1 + self.waves) * echoes + self.replicates * (1 + self.draws)


FULL = Sizes()
QUICK = Sizes(
    firms=2000,
    design=64,
    wave=32,
    waves=1,
    echoes=6,
    draws_of_echoes=3,
    replicates=2,
    draws=24,
    search=60,
    walkers=64,
    steps=400,
    burn=200,
    sample=400,
    grid=5,
)
"""Enough to see that every stage works; no fit to be believed."""


@dataclass(frozen=True)
class Problem:
    """A fit to be made.

    scenario : with the years, the firms and the seed of every run
    targets  : all that are measured, in order; those with use `fitted` are heeded
    misses   : share of the fitted targets by which a draw of the ensemble may be missed by more than three sd
    first    : number of the replicate that single runs use; others follow
    twins    : the worlds from which the trade elasticity is measured (elasticity.twins); empty: it is no target
    """

    scenario: Scenario
    priors: Priors
    targets: tuple[Target, ...]
    sizes: Sizes
    seed: int
    measure: str = MEASURE
    misses: float = 0.1
    first: int = 0
    twins: tuple[Scenario, ...] = ()

    @property
    def fitted(self) -> tuple[int, ...]:
        """Positions of the fitted targets."""
        return tuple(k for k, target in enumerate(self.targets) if target.use in PINNED)

    @property
    def yardstick(self) -> Yardstick:
        """The fitted targets as arrays."""
        return Yardstick.of([self.targets[k] for k in self.fitted])

    @property
    def names(self) -> tuple[str, ...]:
        """Identifiers of all targets measured."""
        return tuple(target.id for target in self.targets)

    def targets_digest(self) -> str:
        """Return a hash of what of the targets decides a fit."""
        kept = ("id", "group", "family", "use", "central", "low", "high", "quantity")
        return digest_of([[str(getattr(target, name)) for name in kept] for target in self.targets])

    def digest(self) -> str:
        """Return a hash of all that decides the results."""
        from importlib.metadata import version

        libraries = {name: version(name) for name in ("numpy", "scipy", "scikit-learn", "emcee")}
        parts: list[Any] = [
            [world.digest() for world in (self.scenario, *self.twins)],
            self.priors.as_data(),
            self.targets_digest(),
            asdict(self.sizes),
            [self.seed, self.misses, self.first],
            measures_digest(self.measure),
            engine_digest(),
            libraries,
        ]
        return digest_of(parts)


def problem_of(
    scenario: Scenario, priors: Priors, targets: Sequence[Target], sizes: Sizes, seed: int, *, until: int, **more: Any
) -> Problem:
    """Return the fit of a scenario to targets.

    until  : last year of the runs
    raises : FootlooseError without a fitted target, or for years outside the series
    """
    measured = tuple(target for target in targets if target.use in MEASURED)
    if not any(target.use in PINNED for target in measured):
        raise FootlooseError("no target has the use 'fitted'; there is nothing to fit")
    world = sized(scenario, firms=sizes.firms, seed=seed, years=(scenario.years.start, until))
    return Problem(replace(world, replicates=1), priors, measured, sizes, seed, **more)
