"""The inverse question: the smallest lever that reaches a target in a year with a stated chance.

Every run (a replicate, of a draw) has its own threshold: the level at which its outcome first reaches the target,
interpolated between the levels tried. The answer is the quantile of these thresholds: the level at which the stated
part of the runs has got there. Levels are tried on a coarse grid first and then halved around the answer; runs at
different levels share their draws, so a threshold is a property of the run and not of luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.comparison.intervals import (
    LEVEL,
    means_by_parameters,
    on_the_whole,
    parameter_reach,
    quantile_interval,
)
from footloose.experiments.comparison.levers import Lever
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.units import Step, Units
from footloose.experiments.comparison.unreachable import why_not
from footloose.long_numbers import numbers_of
from footloose.long_table import unit_of
from footloose.record import Record
from footloose.scenario import Scenario

Floats = npt.NDArray[np.float64]

GRID = 4
"""Steps of the coarse grid from nothing to the cap."""
HALVINGS = 5
"""How often the step around the answer is halved: the answer is known to cap / GRID / 2^HALVINGS."""


@dataclass(frozen=True)
class Target:
    """What is to be reached: a value of the outcome, or, relative, a gain on the scenario as it is.

    chance : part of the runs that must get there
    """

    outcome: Outcome
    value: float
    relative: bool = False
    chance: float = 0.8

    def __post_init__(self) -> None:
        """Refuse chances that are none."""
        if not 0.0 < self.chance <= 1.0:
            raise FootlooseError(f"--chance {self.chance:g}: more than 0 and at most 1 is allowed")
        if not math.isfinite(self.value):
            raise FootlooseError(f"--target {self.value}: a number is needed")


@dataclass(frozen=True)
class Solution:
    """The answer, or why there is none.

    level, low, high : quantile of the thresholds over replicates of the scenario's own parameters, and its interval;
                       high
                       is infinite where the sample cannot bound it
    pooled           : the same quantile over all runs of the ensemble, chance and parameters together, and its
                       interval from the number of draws; where some run never gets there, over the runs as they are
    parameter_low, parameter_high : the level of the scenario's own parameters, shifted as the mean threshold shifts
                       over the draws, 5-95 %, chance taken out; where some run never gets there, quantiles of the
                       draws' own thresholds, chance left in
    levels, outcomes : what was tried; (level,) and (level, run)
    runs_for_bound   : how many replicates bound the interval on both sides at this chance
    """

    lever: str
    unit: str
    cap: float
    target: Target
    wanted: float
    start: float
    level: float | None
    low: float
    high: float
    pooled: float | None
    parameter_low: float | None
    parameter_high: float | None
    pooled_low: float | None
    pooled_high: float | None
    reached_at_cap: float
    reason: str
    levels: Floats
    outcomes: Floats
    reference: Floats
    step: float
    runs: int
    runs_for_bound: int

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""

        def number(value: float | None) -> float | None:
            return None if value is None or not math.isfinite(value) else value

        return {
            "lever": self.lever,
            "unit": self.unit,
            "cap": self.cap,
            "outcome": str(self.target.outcome),
            "outcome_unit": unit_of(self.target.outcome.variable),
            "target": self.wanted,
            "without_the_lever": self.start,
            "chance": self.target.chance,
            "smallest_level": number(self.level),
            "low": number(self.low),
            "high": number(self.high),
            "smallest_level_over_the_ensemble": number(self.pooled),
            "over_the_ensemble_low": number(self.pooled_low),
            "over_the_ensemble_high": number(self.pooled_high),
            "parameter_low": number(self.parameter_low),
            "parameter_high": number(self.parameter_high),
            "part_of_runs_that_reach_it_at_the_cap": self.reached_at_cap,
            "known_to": self.step,
            "reason": self.reason,
            "runs": self.runs,
            "replicates_that_would_bound_the_interval": self.runs_for_bound,
        }


@dataclass
class _Search:
    """The levels tried so far and what every run made of them."""

    scenario: Scenario
    lever: Lever
    outcome: Outcome
    units: Units
    workers: int
    step: Step | None = None
    tried: dict[float, Floats] = field(default_factory=dict)
    paths: dict[float, Floats] = field(default_factory=dict)

    def at(self, level: float) -> Floats:
        """Return the outcome of every run at a level; (run,)."""
        if level not in self.tried:
            world = self.lever.at(self.scenario, level)
            found = self.units.measured([world], self._measure, self.workers, self.step)[0]
            self.tried[level], self.paths[level] = found[:, 0], found[:, 1:]
        return self.tried[level]

    def _measure(self, record: Record) -> Floats:
        """Return the outcome as one number, then year by year."""
        numbers = numbers_of(record)
        return np.concatenate([[self.outcome.value(numbers, record.years)], self.outcome.path(numbers)])

    def levels(self) -> list[float]:
        """Return the levels tried, from the lowest."""
        return sorted(self.tried, key=lambda level: abs(level - self.lever.low))


def solve(
    scenario: Scenario,
    lever: Lever,
    target: Target,
    units: Units,
    workers: int,
    step: Step | None = None,
    goals: Floats | None = None,
) -> Solution:
    """Return the smallest level of a lever that reaches the target, or why none below the cap does.

    goals  : what every unit is to reach, in place of the target's value; (unit,)
    raises : UnknownName, FootlooseError for an outcome that runs do not have
    """
    search = _Search(scenario, lever, target.outcome, units, workers, step)
    central = np.arange(len(units.all)) < units.replicates
    reference = search.at(lever.low)
    start = float(reference[central].mean())
    wanted = start + target.value if target.relative else target.value
    goal = reference + target.value if target.relative else np.full(reference.size, target.value)
    goal = goal if goals is None else goals
    rising = wanted >= start
    for place in range(1, GRID + 1):
        search.at(lever.low + (lever.cap - lever.low) * place / GRID)
    known = abs(lever.cap - lever.low) / GRID
    for _ in range(HALVINGS):
        found = thresholds(search, goal, rising)
        answer = quantile_interval(found[central], target.chance)[0]
        below = [level for level in search.levels() if abs(level - lever.low) < answer]
        if not math.isfinite(answer) or not below:
            break
        above = min(
            (level for level in search.levels() if abs(level - lever.low) >= answer), key=lambda x: abs(x - lever.low)
        )
        known = abs(above - below[-1]) / 2
        search.at((above + below[-1]) / 2)
    return _solution(search, target, thresholds(search, goal, rising), goal, central, wanted, start, rising, known)


def thresholds(search: _Search, goal: Floats, rising: bool) -> Floats:
    """Return how far the lever must be turned for each run to reach its goal, infinite for never; (run,)."""
    levels = search.levels()
    turned = np.array([abs(level - search.lever.low) for level in levels])
    short = np.array([(goal - search.tried[level]) * (1.0 if rising else -1.0) for level in levels])
    return first_crossings(turned, short)


def first_crossings(turned: Floats, short: Floats) -> Floats:
    """Return where each run's shortfall first falls to zero, by linear interpolation; infinite for never.

    turned  : (level,) rising; short: (level, run) what is missing, not positive where the goal is reached
    """
    runs = short.shape[1]
    result = np.full(runs, np.inf)
    for run in range(runs):
        there = np.flatnonzero(short[:, run] <= 1e-12)
        if there.size == 0:
            continue
        place = int(there[0])
        if place == 0:
            result[run] = turned[0]
            continue
        before, after = short[place - 1, run], short[place, run]
        result[run] = turned[place - 1] + (turned[place] - turned[place - 1]) * before / (before - after)
    return result


def _solution(
    search: _Search, target: Target, found: Floats, goal: Floats, central: npt.NDArray[np.bool_], wanted: float,
    start: float, rising: bool, step: float,
) -> Solution:  # fmt: skip
    lever, sign = search.lever, 1.0 if search.lever.cap >= search.lever.low else -1.0
    turn, low, high = quantile_interval(found[central], target.chance)
    over = over_draws(search.units, found, target, lambda turn: lever.low + sign * turn)
    levels = search.levels()
    reason = "" if math.isfinite(turn) else why_not(search, target, wanted, rising, central, goal)
    return Solution(
        lever.name, lever.unit, lever.cap, target, wanted, start,
        lever.low + sign * turn if math.isfinite(turn) else None,
        lever.low + sign * low, lever.low + sign * high, *over,
        float(np.isfinite(found[central]).mean()), reason, np.array(levels),
        np.array([search.tried[level] for level in levels]), search.tried[lever.low], step,
        len(levels) * len(search.units.all), runs_for_bound(target.chance),
    )  # fmt: skip


def over_draws(
    units: Units, found: Floats, target: Target, level: Callable[[float], float]
) -> tuple[float | None, float | None, float | None, float | None, float | None]:
    """Return from the thresholds of all runs pooled, parameter_low, parameter_high, pooled_low, pooled_high.

    A run of the ensemble: what a draw's parameters make of the mean threshold, and what chance makes of a central run.

    found   : (unit,) how far the lever must be turned, infinite for never; level: of a turn
    returns : levels; all None without an ensemble
    """
    drawn = units.drawn(found)
    if drawn is None:
        return None, None, None, None, None
    central = units.central(found)
    if np.isfinite(found).all():
        means, chance = means_by_parameters(on_the_whole(drawn, central)), central - central.mean()
        runs, together = (means[:, None] + chance).ravel(), central.size
        edges = np.quantile(means + quantile_interval(chance, target.chance)[0], [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    else:
        runs, together = drawn.ravel(), units.draw_replicates
        own = np.quantile(drawn, target.chance, axis=1, method="inverted_cdf")
        edges = np.array(parameter_reach(np.asarray(own)))
    pooled, low, high = quantile_interval(runs, target.chance, together=together)
    return level(pooled), level(float(edges[0])), level(float(edges[1])), level(low), level(high)


def runs_for_bound(chance: float, level: float = LEVEL) -> int:
    """Return how many replicates bound the interval of a quantile on both sides: 1 - chance^n >= (1 + level) / 2."""
    if chance >= 1.0:
        return 0
    return math.ceil(math.log((1.0 - level) / 2.0) / math.log(max(chance, 1.0 - chance)))
