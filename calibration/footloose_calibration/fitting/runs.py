"""Real runs of a fit: asked for point by point, made by the workers of sweeps, kept in the store of sweeps.

What is in the store is never run again, so a fit that was killed goes on where it was. A wave of points that rests on
an emulator is kept with the store before the first of it is run: the same points, even where the last digit of a
library has changed in between.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.sweep.feeding import Feeder
from footloose.experiments.sweep.keys import digest_of
from footloose.experiments.sweep.progress import Progress, duration
from footloose.experiments.sweep.running import pack_task
from footloose.experiments.sweep.store import Store
from footloose.experiments.sweep.sweeping import sound_store, work_off
from footloose.experiments.sweep.workers import LocalProcesses, ThisProcess, Workers
from footloose_calibration.fitting.measuring import MeasureTask
from footloose_calibration.fitting.problem import Problem

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]
FAILURES = 0.02
"""Share of the runs of a wave that may fail before the fit stops."""
SHOWN = 3


@dataclass
class Bench:
    """Where real runs are made.

    problem : what is fitted; its scenario is what every point is laid over
    """

    problem: Problem
    store: Store
    workers: Workers
    say: Say
    made: int = 0
    """Runs made by this process."""
    asked: int = 0
    """Runs asked for, made or found in the store."""
    running: float = 0.0
    """Seconds they took."""
    _known: dict[str, Floats] = field(default_factory=dict)

    @property
    def task(self) -> MeasureTask:
        """What workers do with a point."""
        wanted = tuple((target.id, target.quantity) for target in self.problem.targets)
        return MeasureTask(self.problem.scenario, self.problem.measure, wanted, self.problem.twins)

    def measure(self, wave: str, points: Sequence[dict[str, float]], replicates: int = 1, first: int = 0) -> Floats:
        """Return the measures of points, running what is missing; (point, replicate, target), missing ones NaN.

        wave   : what these runs are for, in the progress
        first  : number of the first replicate
        raises : FootlooseError when too many runs fail
        """
        asked = digest_of([points, replicates, first])
        if asked not in self._known:
            self._known[asked] = self._measure(wave, points, replicates, first)
        return self._known[asked]

    def _measure(self, wave: str, points: Sequence[dict[str, float]], replicates: int, first: int) -> Floats:
        task = self.task
        cells = list(cells_of(task, points, replicates, first))
        self.store.plan(digest_of([key for _, _, key, _ in cells]), cells)
        selection = self.store.know(task.wanted)
        serving = [selection]
        whole, missing, _ = self.store.count(serving)
        self.say(f"{wave}: {len(points):,} points x {replicates}, {whole:,} runs, {missing:,} to make{self._left()}")
        begun = time.monotonic()
        if missing:
            progress = Progress(whole, whole - missing, self.say)
            feeder = Feeder(self.store, pack_task(task), serving, retry=False)
            work_off(feeder, self.store, selection, self.workers, progress)
            progress.show(last=True)
            self.made += progress.added
            self.running += time.monotonic() - begun
        self.asked += whole
        return self._read(wave, len(points), replicates)

    def _left(self) -> str:
        """Return how long the runs of the whole fit may still take, once some have been made."""
        left = self.problem.sizes.runs() - self.asked
        if not self.made or left <= 0:
            return ""
        return f"; all runs of the fit: about {duration(left * self.running / self.made)} from here"

    def _read(self, wave: str, points: int, replicates: int) -> Floats:
        query = (
            "select cell.position, run.state, run.series, run.cause from cell join run on run.key = cell.key "
            "order by cell.position"
        )
        values = np.full((points * replicates, len(self.problem.targets)), np.nan)
        causes: list[str] = []
        for position, state, series, cause in self.store.rows(query):
            if state == "done":
                values[position] = np.frombuffer(series, dtype="<f8")
            else:
                causes.append(str(cause))
        if len(causes) > FAILURES * len(values):
            shown = "\n".join(f"  {cause}" for cause in dict.fromkeys(causes[:SHOWN]))
            raise FootlooseError(f"{wave}: {len(causes)} of {len(values)} runs failed:\n{shown}")
        return values.reshape(points, replicates, -1)

    def remembered(self, wave: str, basis: str, make: Callable[[], Floats]) -> Floats:
        """Return the positions of a wave: as they were the first time, if they rest on the same; else made now.

        basis : digest of what they rest on
        """
        kept = json.loads(self.store.meta(f"wave {wave}") or "{}")
        if kept.get("basis") == basis:
            return np.array(kept["positions"], dtype=np.float64)
        positions = make()
        text = json.dumps({"basis": basis, "positions": positions.tolist()})
        self.store.remark(**{f"wave {wave}": text})
        return positions


def cells_of(
    task: MeasureTask, points: Sequence[dict[str, float]], replicates: int, first: int
) -> Iterator[tuple[int, str, str, int]]:
    """Yield the runs of points as the store plans them: (point, values as JSON, key, replicate)."""
    for number, point in enumerate(points):
        runner = task.runner(point)
        for replicate in range(first, first + replicates):
            yield number, json.dumps(point), runner.key(replicate), replicate


@contextmanager
def bench(problem: Problem, folder: Path, workers: int, say: Say) -> Iterator[Bench]:
    """Open the bench of a folder.

    workers : processes of this machine; 0 computes in this one
    raises  : OutputError when another process works there or the folder cannot be written
    """
    with sound_store(folder, say) as store:
        if workers == 0:
            yield Bench(problem, store, ThisProcess(), say)
            return
        processes = LocalProcesses(workers, stay=True)
        try:
            yield Bench(problem, store, processes, say)
        finally:
            processes.close()
