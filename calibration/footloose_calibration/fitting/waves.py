"""The fit itself: runs, emulator and posterior, again and again where the posterior lies (history matching).

1. A Sobol sequence fills the ranges of the priors; every point is run once, all with the same random draws; some with
   others, too, to see what draws do.
2. An emulator is trained, the best point looked for, a chain drawn.
3. Draws of the chain are run and added to the runs; the emulator is trained again, its error taken over them. Repeated.
4. Draws of the last chain are run with several replicates; those that pass are the ensemble (`ensemble`).

All linear algebra is done by one thread, so that the numbers do not depend on the number of processors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from footloose.experiments.sweep.keys import digest_of
from footloose_calibration.fitting.discrepancy import DISCREPANCY, Yardstick
from footloose_calibration.fitting.emulator import Chance, Emulator, chance_of, spread_over, train
from footloose_calibration.fitting.posterior import Chain, Posterior, draw_chain, search
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.fitting.runs import Bench

Floats = npt.NDArray[np.float64]
ECHO_FIRST = 1
"""Replicates after the first are what chance is measured by."""


@dataclass(frozen=True)
class Surprise:
    """How well an emulator foretold runs it had not seen.

    ratio : root mean square of (run - prediction) / stated standard deviation; (target,), 1 where the error was honest
    error : root mean square of run - prediction; (target,)
    """

    ratio: Floats
    error: Floats


@dataclass(frozen=True)
class Wave:
    """One wave: its points and what was learnt after it.

    positions, measures : of its own runs; (point, parameter), (point, target)
    best                : highest posterior on the emulator; (parameter,)
    surprise            : of the emulator before it; None for the first
    """

    name: str
    positions: Floats
    measures: Floats
    emulator: Emulator
    posterior: Posterior
    best: Floats
    chain: Chain
    surprise: Surprise | None


@dataclass(frozen=True)
class Fit:
    """All waves of a fit.

    best_measures : real runs of the last best point; (replicate, target)
    """

    problem: Problem
    waves: tuple[Wave, ...]
    best_measures: Floats

    @property
    def last(self) -> Wave:
        """The last wave: what is believed in the end."""
        return self.waves[-1]

    @property
    def positions(self) -> Floats:
        """Every point run, wave by wave."""
        return np.vstack([wave.positions for wave in self.waves])

    @property
    def measures(self) -> Floats:
        """The measures of every point run, wave by wave."""
        return np.vstack([wave.measures for wave in self.waves])


def fit(bench: Bench, yardstick: Yardstick, fitted: Sequence[int], name: str = "") -> Fit:
    """Return the fit of the bench's problem to targets.

    yardstick, fitted : what the measures are held against, and which of them those are
    name              : of this fit among several of one bench; the design is the same for all
    """
    with threadpool_limits(1):
        return _fit(bench, yardstick, tuple(fitted), name)


def _fit(bench: Bench, yardstick: Yardstick, fitted: tuple[int, ...], name: str) -> Fit:
    problem, sizes = bench.problem, bench.problem.sizes
    positions = design(problem)
    measures = single(bench, f"{name}design", positions)
    chance = chance_at(bench, positions, measures)
    waves = [learn(bench, yardstick, fitted, "design", positions, measures, (), chance)]
    for number in range(1, sizes.waves + 1):
        before = waves[-1]
        basis = digest_of([problem.digest(), name, number, yardstick.digest(), list(fitted)])
        positions = bench.remembered(f"{name}{number}", basis, lambda chain=before.chain: chain.sample(sizes.wave))  # type: ignore[misc]
        measures = single(bench, f"{name}wave {number}", positions)
        chance = chance_at(bench, positions, measures)
        waves.append(learn(bench, yardstick, fitted, f"wave {number}", positions, measures, waves, chance))
    best = problem.priors.points(waves[-1].best[None, :])
    confirmed = bench.measure(f"{name}best point", best, sizes.replicates, problem.first)[0]
    return Fit(problem, tuple(waves), confirmed)


def design(problem: Problem) -> Floats:
    """Return the points of the first wave: a scrambled Sobol sequence over the ranges; (point, parameter)."""
    generator = np.random.default_rng(problem.seed)
    return np.asarray(qmc.Sobol(len(problem.priors), rng=generator).random(problem.sizes.design))


def single(bench: Bench, wave: str, positions: Floats) -> Floats:
    """Return the measures of points, each run once; (point, target)."""
    points = bench.problem.priors.points(positions)
    return np.asarray(bench.measure(wave, points, 1, bench.problem.first)[:, 0])


def chance_at(bench: Bench, positions: Floats, measures: Floats) -> Chance:
    """Return what random draws do at some of the points of a wave: it is more where more happens."""
    problem, chosen = bench.problem, spread_over(len(positions), bench.problem.sizes.echoes)
    points = problem.priors.points(positions[chosen])
    more = bench.measure("replicates", points, problem.sizes.draws_of_echoes - 1, problem.first + ECHO_FIRST)
    return chance_of(np.concatenate([measures[chosen, None], more], axis=1))


def learn(
    bench: Bench,
    yardstick: Yardstick,
    fitted: tuple[int, ...],
    name: str,
    positions: Floats,
    measures: Floats,
    before: Sequence[Wave],
    chance: Chance,
) -> Wave:
    """Return a wave: the emulator of its runs and all before, the best point and the chain on it."""
    problem = bench.problem
    bench.say(f"{name}: emulator of {sum(len(w.positions) for w in before) + len(positions):,} runs, search, chain")
    everywhere = np.vstack([*(wave.positions for wave in before), positions])
    everything = np.vstack([*(wave.measures for wave in before), measures])
    focus = np.arange(len(everywhere)) >= len(everywhere) - len(positions)
    apart = np.sqrt((1.0 + DISCREPANCY**2) * yardstick.tolerance**2 + chance.left[list(fitted)] ** 2)
    emulator = train(everywhere, everything, focus, chance, dict(zip(fitted, apart.tolist(), strict=True)))
    kept = emulator.known[list(fitted)]
    heeded = tuple(target for target, here in zip(fitted, kept, strict=True) if here)
    posterior = Posterior(problem.priors, yardstick.only(kept), emulator, heeded)
    seed = problem.seed + 1000 * len(before)
    best = search(posterior, problem.sizes, seed)
    chain = draw_chain(posterior, problem.sizes, seed + 1, best)
    surprise = surprise_of(before[-1].emulator, positions, measures) if before else None
    return Wave(name, positions, measures, emulator, posterior, best, chain, surprise)


def surprise_of(emulator: Emulator, positions: Floats, measures: Floats) -> Surprise:
    """Return how well an emulator foretold runs it had not seen."""
    gap = measures - emulator.predict_run(positions, range(measures.shape[1]))
    seen = np.isfinite(gap)
    squares = np.where(seen, gap, 0.0) ** 2
    error = np.sqrt(squares.sum(axis=0) / np.maximum(seen.sum(axis=0), 1))
    stated = np.where(emulator.error > 0.0, emulator.error, 1.0)
    return Surprise(np.where(emulator.known, error / stated, np.nan), error)
