"""What a worker does: a batch of cells in, their outcomes out, as plain bytes that any process can carry.

What a run leaves is the task's affair: a sweep keeps outcomes by year, a calibration the measures of its targets.

A worker checks that it would give the cell the key that it was sent under: a worker with other code, tables or
libraries refuses instead of mixing its numbers in.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.sweep.keys import content_digest, engine_digest, run_key
from footloose.experiments.sweep.points import Point, Recipe
from footloose.experiments.sweep.selection import Selection, Selector, record_of
from footloose.firms import check_memory
from footloose.memory import free_memory
from footloose.record import Record
from footloose.scenario import Scenario
from footloose.simulation import begin, population_of, rules_of, set_up, smallest_share
from footloose.world import Setting
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
LONGEST_CAUSE = 500


class StrangeWorker(FootlooseError):
    """A worker has other code, tables or libraries than the process that leads the sweep."""


@dataclass(frozen=True)
class Cell:
    """One run to do: a point and a replicate, and the key its numbers go under."""

    key: str
    point: Point
    replicate: int


@dataclass(frozen=True)
class Batch:
    """Cells for one worker; recipe: a pickled Task, the same for all batches of a sweep."""

    recipe: bytes
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Result:
    """What became of a cell.

    series  : (outcome, year) as bytes of 64-bit floats, little-endian; empty when the run failed
    seconds : the simulation's own time;  cause: why it failed, or nothing
    """

    key: str
    series: bytes
    seconds: float
    cause: str = ""


@dataclass(frozen=True)
class Work:
    """The results of a batch and the time it took in all."""

    results: tuple[Result, ...]
    seconds: float


class Living(Protocol):
    """What runs the replicates of one scenario."""

    gaps: bool
    """Whether a number may be missing (not a number) without the run having failed."""

    def key(self, replicate: int) -> str:
        """Return the key of a replicate."""
        ...

    def live(self, replicate: int) -> tuple[Floats, float]:
        """Return what one replicate leaves, and the seconds its simulation took."""
        ...


class Task(Protocol):
    """What is done with the points of a sweep; small, and pickled once for all batches."""

    def runner(self, point: Point) -> Living:
        """Return what runs the replicates of a point."""
        ...


@dataclass(frozen=True)
class SweepTask:
    """The outcomes of a sweep, by year."""

    recipe: Recipe
    selectors: tuple[Selector, ...]

    @cached_property
    def selection(self) -> Selection:
        """What finds the outcomes in a record; it learns where they are from the first."""
        return Selection(self.selectors)

    def runner(self, point: Point) -> Runner:
        """Return what runs the replicates of a point."""
        return Runner(self.recipe.scenario(point), self.selection)


def pack(recipe: Recipe, selectors: Sequence[Selector]) -> bytes:
    """Return what all batches of a sweep have in common."""
    return pack_task(SweepTask(recipe.without_places(), tuple(selectors)))


def pack_task(task: Task) -> bytes:
    """Return a task as bytes that any process can carry."""
    return pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=2)
def unpack(recipe: bytes) -> Any:
    """Return the task; a worker unpacks it once."""
    return pickle.loads(recipe)


def run_batch(batch: Batch) -> Work:
    """Run every cell of a batch; a cell that fails leaves its cause and the others go on.

    raises: StrangeWorker
    """
    begun = time.perf_counter()
    task: Task = unpack(batch.recipe)
    results: list[Result] = []
    runner: Living | None = None
    last: Point | None = None
    for cell in batch.cells:
        if runner is None or last != cell.point:
            runner, last = task.runner(cell.point), cell.point
        if runner.key(cell.replicate) != cell.key:
            raise StrangeWorker(
                f"a worker (process {os.getpid()}) has other code, data tables or library versions than the process "
                "that leads the sweep; install the same version everywhere"
            )
        results.append(attempt(cell, runner))
    return Work(tuple(results), time.perf_counter() - begun)


class Runner:
    """Runs the replicates of one scenario; what they have in common is made once."""

    gaps = False

    def __init__(self, scenario: Scenario, selection: Selection) -> None:
        self.scenario, self.selection = scenario, selection

    @cached_property
    def content(self) -> str:
        """Digest of what the scenario says."""
        return content_digest(self.scenario)

    @cached_property
    def setting(self) -> Setting:
        """What never changes during a run."""
        return set_up(self.scenario)

    def key(self, replicate: int) -> str:
        """Return the key of a replicate."""
        return run_key(self.content, self.scenario.firms, self.scenario.seed, replicate, engine_digest())

    def live(self, replicate: int) -> tuple[Floats, float]:
        """Return the outcomes of one replicate, (outcome, year), and the seconds its simulation took."""
        record, seconds = self.record(replicate)
        return self.selection.series(record), seconds

    def record(self, replicate: int) -> tuple[Record, float]:
        """Return the record of one replicate, and the seconds its simulation took."""
        begun = time.perf_counter()
        scenario = self.scenario
        check_memory(scenario.firms, free_memory())
        population, floor, rules = population_of(scenario), smallest_share(scenario), rules_of(scenario)
        run = begin(self.setting, rules, population, scenario.firms, scenario.seed, replicate, floor)
        rows = [live_one_year(run, year) for year in run.setting.law.years]
        seconds = time.perf_counter() - begun
        return record_of(run.setting, run.rules, rows), seconds


def attempt(cell: Cell, runner: Living) -> Result:
    """Return the result of a cell, or why there is none."""
    begun = time.perf_counter()
    try:
        series, seconds = runner.live(cell.replicate)
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"[:LONGEST_CAUSE]
        return Result(cell.key, b"", time.perf_counter() - begun, cause)
    if not (runner.gaps or np.isfinite(series).all()):
        return Result(cell.key, b"", seconds, "an outcome is no finite number")
    return Result(cell.key, np.ascontiguousarray(series, dtype="<f8").tobytes(), seconds)
