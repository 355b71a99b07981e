"""The inverse question: the smallest lever that reaches a target in a year with a stated chance.

Every run (a replicate, of a draw) has its own threshold: the level at which its outcome first reaches the target,
interpolated between the levels tried. The answer is the quantile of these thresholds: the level at which the stated
part of the runs has got there. Levels are tried on a coarse grid first and then halved around the answer; runs at
different levels share their draws, so a threshold is a property of the run and not of luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.comparison.ensemble import Draw
from footloose.experiments.comparison.histories import live_tables
from footloose.experiments.comparison.intervals import LEVEL, quantile_interval
from footloose.experiments.comparison.levers import Lever
from footloose.experiments.comparison.outcomes import Outcome, numbers_of
from footloose.experiments.comparison.unreachable import why_not
from footloose.long_table import unit_of
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
    pooled           : the same quantile over all draws and replicates of the ensemble
    parameter_low, parameter_high : 5-95 % of the draws' own thresholds (their quantile over replicates)
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
    units: list[tuple[int | None, Draw | None, int]]
    workers: int
    tried: dict[float, Floats] = field(default_factory=dict)
    paths: dict[float, Floats] = field(default_factory=dict)

    def at(self, level: float) -> Floats:
        """Return the outcome of every run at a level; (run,)."""
        if level not in self.tried:
            with ThreadPoolExecutor(max_workers=self.workers) as threads:
                found = list(threads.map(lambda unit: self._run(level, unit), self.units))
            self.tried[level] = np.array([value for value, _ in found])
            self.paths[level] = np.array([path for _, path in found])
        return self.tried[level]

    def _run(self, level: float, unit: tuple[int | None, Draw | None, int]) -> tuple[float, Floats]:
        _, draw, replicate = unit
        plain = self.scenario if draw is None else draw.applied(self.scenario)
        record = live_tables(self.lever.at(plain, level), replicate)
        numbers = numbers_of(record)
        return self.outcome.value(numbers, record.years), self.outcome.path(numbers)

    def levels(self) -> list[float]:
        """Return the levels tried, from the lowest."""
        return sorted(self.tried, key=lambda level: abs(level - self.lever.low))


def solve(
    scenario: Scenario,
    lever: Lever,
    target: Target,
    replicates: int,
    workers: int,
    draws: Sequence[Draw] = (),
    draw_replicates: int = 1,
) -> Solution:
    """Return the smallest level of a lever that reaches the target, or why none below the cap does.

    raises: UnknownName, FootlooseError for an outcome that runs do not have, or fewer than one replicate
    """
    if replicates < 1 or draw_replicates < 1:
        raise FootlooseError("at least 1 replicate is needed")
    units: list[tuple[int | None, Draw | None, int]] = [(None, None, number) for number in range(replicates)]
    units += [(place, draw, number) for place, draw in enumerate(draws) for number in range(draw_replicates)]
    search = _Search(scenario, lever, target.outcome, units, workers)
    central = np.array([unit[0] is None for unit in units])
    reference = search.at(lever.low)
    start = float(reference[central].mean())
    wanted = start + target.value if target.relative else target.value
    goal = reference + target.value if target.relative else np.full(reference.size, target.value)
    rising = wanted >= start
    for place in range(1, GRID + 1):
        search.at(lever.low + (lever.cap - lever.low) * place / GRID)
    step = abs(lever.cap - lever.low) / GRID
    for _ in range(HALVINGS):
        found = thresholds(search, goal, rising)
        answer = quantile_interval(found[central], target.chance)[0]
        below = [level for level in search.levels() if abs(level - lever.low) < answer]
        if not math.isfinite(answer) or not below:
            break
        above = min(
            (level for level in search.levels() if abs(level - lever.low) >= answer), key=lambda x: abs(x - lever.low)
        )
        step = abs(above - below[-1]) / 2
        search.at((above + below[-1]) / 2)
    return _solution(search, target, thresholds(search, goal, rising), goal, central, wanted, start, rising, step)


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
    pooled = parameter_low = parameter_high = None
    drawn = {unit[0] for unit in search.units if unit[0] is not None}
    if drawn:
        pooled = lever.low + sign * quantile_interval(found, target.chance)[0]
        own = [
            quantile_interval(found[[unit[0] == draw for unit in search.units]], target.chance)[0]
            for draw in sorted(drawn)
        ]
        edges = np.quantile(own, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], method="inverted_cdf")
        parameter_low, parameter_high = lever.low + sign * float(edges[0]), lever.low + sign * float(edges[1])
    levels = search.levels()
    reason = "" if math.isfinite(turn) else why_not(search, target, wanted, rising, central, goal)
    return Solution(
        lever.name, lever.unit, lever.cap, target, wanted, start,
        lever.low + sign * turn if math.isfinite(turn) else None,
        lever.low + sign * low, lever.low + sign * high, pooled, parameter_low, parameter_high,
        float(np.isfinite(found[central]).mean()), reason, np.array(levels),
        np.array([search.tried[level] for level in levels]), search.tried[lever.low], step,
        len(levels) * len(search.units), runs_for_bound(target.chance),
    )  # fmt: skip


def runs_for_bound(chance: float, level: float = LEVEL) -> int:
    """Return how many replicates bound the interval of a quantile on both sides: 1 - chance^n >= (1 + level) / 2."""
    if chance >= 1.0:
        return 0
    return math.ceil(math.log((1.0 - level) / 2.0) / math.log(max(chance, 1.0 - chance)))
