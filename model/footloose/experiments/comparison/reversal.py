"""Reversal: what stays of a policy's effect when the policy goes, by how long it was there; the loop of a ramp.

Three worlds, the same draws: the policy never comes; it comes and stays; it comes and goes after n years, as a
                              surprise. Share that stays = effect some years after the end / effect on the eve of the
                              end (ratio of means, Fieller's interval). Ramp: the rate rises in equal yearly surprises
                              and falls the same way. The area of the loop of effect against rate, over largest effect
                              x largest rate, is 0 where the way down retraces the way up, and 1 for an effect that
                              comes with the last step and stays whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.comparison.intervals import Estimate, Ratio, jackknife, ratio, ratio_over_draws
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.removal import never, ramped, removed, starts
from footloose.experiments.comparison.units import Step, Units
from footloose.long_numbers import numbers_of
from footloose.long_table import unit_of
from footloose.scenario import Scenario

Floats = npt.NDArray[np.float64]

AFTER = 5
"""Years after the end at which the share that stays is read, or the last year if that is sooner."""


@dataclass(frozen=True)
class Stay:
    """One length of the policy.

    years  : how long it was there; removed: first year without it; read: year in which the share is read
    eve    : effect in the year before the end; left: effect in the year read; share: left / eve
    half   : first year in which the effect is at most half that of the eve, None if it never is
    """

    years: int
    removed: int
    read: int
    eve: Estimate
    left: Estimate
    share: Ratio
    half: int | None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "years_in_force": self.years,
            "removed": self.removed,
            "read_in": self.read,
            "effect_on_the_eve": self.eve.as_data(),
            "effect_left": self.left.as_data(),
            "share_that_stays": self.share.as_data(),
            "half_gone_in": self.half,
        }


@dataclass(frozen=True)
class Loop:
    """A ramp up and down: rate as a part of the largest, effect in each year, and the area of the loop.

    area : of effect against rate, over largest effect x largest rate; low, high: jackknife over replicates
    parameter_low, parameter_high : of the area over the draws of the ensemble, chance taken out
    """

    years: tuple[int, ...]
    factors: tuple[float, ...]
    effect: Floats
    area: float
    low: float
    high: float
    parameter_low: float | None = None
    parameter_high: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        bounded = bool(np.isfinite(self.low) and np.isfinite(self.high))
        return {
            "years": list(self.years),
            "rate_as_part_of_the_largest": list(self.factors),
            "effect": self.effect.tolist(),
            "loop_area": self.area,
            "loop_area_low": self.low if bounded else None,
            "loop_area_high": self.high if bounded else None,
            "loop_area_parameter_low": self.parameter_low,
            "loop_area_parameter_high": self.parameter_high,
        }


@dataclass(frozen=True)
class Reversal:
    """What stays of a policy.

    paths : effect by year, mean over replicates: `kept`, and `removed YEAR` for each length
    """

    policy: str
    outcome: Outcome
    unit: str
    years: tuple[int, ...]
    paths: dict[str, Floats]
    stays: tuple[Stay, ...]
    loop: Loop | None
    runs: int

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "policy": self.policy,
            "outcome": str(self.outcome),
            "unit": self.unit,
            "ratchet": [stay.as_data() for stay in self.stays],
            "ramp": None if self.loop is None else self.loop.as_data(),
            "runs": self.runs,
        }


def reverse(
    scenario: Scenario,
    policy: str,
    outcome: Outcome,
    lengths: Sequence[int],
    ramp: int,
    units: Units,
    workers: int,
    step: Step | None = None,
) -> Reversal:
    """Return what stays of a policy's effect after each length, and the loop of a ramp.

    lengths : years after which the policy goes; empty: some that the horizon has room for
    ramp    : steps up, and again down; 0 for no ramp; only for an instrument of the scenario itself
    raises  : UnknownName, FootlooseError for lengths beyond the horizon
    """
    begin, last = starts(scenario, policy), scenario.years.until
    chosen = tuple(lengths) or default_lengths(begin, last)
    for length in chosen:
        if length < 1 or begin + length > last:
            raise FootlooseError(
                f"--after {length}: {policy} begins in {begin}; 1 to {last - begin} years are in the run"
            )
    worlds = {"never": never(scenario, policy), "kept": scenario}
    worlds |= {f"removed {begin + length}": removed(scenario, policy, begin + length) for length in chosen}
    steps, factors = ramp_steps(begin, last, ramp)
    if steps and policy in scenario.policies:
        worlds["ramp"] = ramped(scenario, policy, steps, factors)
    paths = units.measured(
        list(worlds.values()), lambda record: outcome.path(numbers_of(record)), workers, step
    )  # (world, unit, year)
    effects = {name: paths[place] - paths[0] for place, name in enumerate(worlds) if name != "never"}
    years = tuple(range(scenario.years.start, last + 1))
    stays = tuple(stay(effects[f"removed {begin + length}"], begin, length, years, units) for length in chosen)
    loop = loop_of(effects["ramp"], steps, factors, years, units) if "ramp" in worlds else None
    means = {name: units.central(effect).mean(axis=0) for name, effect in effects.items() if name != "ramp"}
    runs = len(worlds) * len(units.all)
    return Reversal(policy, outcome, unit_of(outcome.variable), years, means, stays, loop, runs)


def default_lengths(begin: int, last: int) -> tuple[int, ...]:
    """Return one, two, four and eight years, as far as there are two years left after the end.

    raises: FootlooseError when there is no room for any
    """
    fitting = tuple(length for length in (1, 2, 4, 8) if begin + length + 2 <= last)
    if not fitting:
        raise FootlooseError(f"the policy begins in {begin}, too late for a reversal before the last year {last}")
    return fitting


def ramp_steps(begin: int, last: int, steps: int) -> tuple[list[int], list[float]]:
    """Return years and factors of a ramp of some steps up and as many down, as far as the horizon goes.

    raises: FootlooseError when the horizon is too short for a whole ramp
    """
    if steps <= 0:
        return [], []
    if begin + 2 * steps - 1 > last:
        raise FootlooseError(f"--ramp {steps}: up and down take {2 * steps} years from {begin}; the run ends in {last}")
    up = [(place + 1) / steps for place in range(steps)]
    factors = [*up, *up[-2::-1], 0.0]
    return [begin + place for place in range(2 * steps)], factors


def stay(effect: Floats, begin: int, length: int, years: tuple[int, ...], units: Units) -> Stay:
    """Return what stays of an effect when the policy goes after a length; effect: (unit, year)."""
    end = begin + length
    read = min(end + AFTER, years[-1])
    eve, left = effect[:, years.index(end - 1)], effect[:, years.index(read)]
    path = units.central(effect).mean(axis=0)
    before = path[years.index(end - 1)]
    gone = [year for year in years if year >= end and np.sign(before) * path[years.index(year)] <= abs(before) / 2]
    share = ratio(units.central(left), units.central(eve))
    above, below = units.drawn_on_the_whole(left), units.drawn_on_the_whole(eve)
    if above is not None and below is not None:
        low, high = ratio_over_draws(above, below)
        share = replace(share, parameter_low=low, parameter_high=high)
    return Stay(length, end, read, units.estimate(eve), units.estimate(left), share, gone[0] if gone else None)


def loop_of(
    effect: Floats, steps: Sequence[int], factors: Sequence[float], years: tuple[int, ...], units: Units
) -> Loop:
    """Return the loop of a ramp; effect: (unit, year)."""
    first = years.index(steps[0])
    ramp = effect[:, first : first + len(steps)]
    path = units.central(ramp)
    whole = loop_area(path.mean(axis=0), factors)
    parts = np.array(
        [loop_area(np.delete(path, n, axis=0).mean(axis=0), factors) for n in range(len(path))] if len(path) > 1 else []
    )
    low, high = jackknife(parts, whole)
    by_parameters = units.parameters_of(ramp, lambda paths: loop_area(paths.mean(axis=0), factors))
    return Loop(tuple(steps), tuple(factors), path.mean(axis=0), whole, low, high, *by_parameters)


def loop_area(effect: Floats, factors: Sequence[float]) -> float:
    """Return the area between the way up and the way down, over the box of largest effect and largest rate.

    Trapezoids of effect over rate, from no policy to no policy: the way down less the way up.
    """
    rate = np.array([0.0, *factors])
    path = np.array([0.0, *effect])
    largest = float(np.abs(path).max())
    if largest == 0.0:
        return 0.0
    area = float(((path[1:] + path[:-1]) / 2.0 * np.diff(rate)).sum())
    return -area * float(np.sign(path[np.argmax(np.abs(path))])) / largest / float(rate.max())
