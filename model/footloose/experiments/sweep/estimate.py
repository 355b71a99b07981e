"""What a sweep will take, before it is begun: runs, time, disk; measured on a few runs of it."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footloose.experiments.sweep.planning import idle_factors, plan_digest, selectors_of, write_plan
from footloose.experiments.sweep.points import Recipe
from footloose.experiments.sweep.progress import duration, size
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.running import Batch, Cell, pack, run_batch
from footloose.experiments.sweep.store import STORE, Store

ROW_BYTES = 400
"""Bytes a run takes besides its series: key, checksum, plan, index pages in the store, a row of the tables."""
EXPORTED = 2.6
"""Bytes in the exported tables per byte of series: Parquet 0.4 to 0.6, the IAMC table as text 2.1."""
FOLDER_BYTES = 60_000
"""Bytes of a folder whatever the number of runs: an empty store, manifest, findings."""
FIGURE_BYTES = 1_000_000
"""Bytes of the figures of one outcome, about two of them, as PNG and SVG."""
MEASURED, ENOUGH_SECONDS = 5, 2.0
"""Runs measured, each of another point as far as there are; no more after so many seconds."""
START_SECONDS = 4.0
"""Seconds until the workers have read the compiled kernels."""


@dataclass(frozen=True)
class Estimate:
    """How much there is to do.

    runs, missing : runs of the plan, and those without a result
    seconds       : of one run, measured;  wall: of all that is missing;  disk: bytes of all but figures
    figures       : bytes of the figures
    """

    runs: int
    points: int
    missing: int
    seconds: float
    wall: float
    disk: float
    figures: float
    jobs: int
    warnings: tuple[str, ...]

    def text(self) -> str:
        """Return the estimate in words."""
        replicates = self.runs // max(self.points, 1)
        measured = f"{self.seconds:.2f} s a run, measured on up to {MEASURED} of them"
        time = f"{duration(self.wall)} with {self.jobs} workers ({measured})" if self.missing else "nothing left to do"
        lines = [
            f"runs  {self.runs:,} ({self.points:,} points x {replicates} replicates); {self.missing:,} to do",
            f"time  {time}",
            f"disk  {size(self.disk)}, and about {size(self.figures)} of figures",
        ]
        return "\n".join([*lines, *(f"warning: {warning}" for warning in self.warnings)])


def estimate(file: SweepFile, folder: Path, jobs: int) -> Estimate:
    """Plan a sweep, do a few of the missing runs, and say what all will take; nothing is written to the folder.

    raises: ScenarioError with every mistake of any point
    """
    selectors = selectors_of(file.sweep)
    with _looked_at(file, folder) as store:
        serving = store.serving(selectors)
        runs, missing, _ = store.count(serving)
        points = int(store.one("select count(*) from point"))
        sample = cells_of(store, serving)
    seconds = seconds_a_run(file, sample) if sample else 0.0
    years = file.base.years.until - file.base.years.start + 1
    series = 8 * years * len(selectors)
    wall = missing * seconds / jobs + (START_SECONDS if missing else 0.0)
    disk = FOLDER_BYTES + runs * (ROW_BYTES + series * (1.0 + EXPORTED))
    figures = FIGURE_BYTES * len(file.sweep.outcomes)
    return Estimate(runs, points, missing, seconds, wall, disk, figures, jobs, tuple(idle_factors(file)))


def cells_of(store: Store, serving: list[str]) -> list[Cell]:
    """Return a few missing runs, spread over the first thousand, each of another point as far as there are."""
    import json

    first = list(itertools.islice(store.missing(serving, False), 1000))
    found: dict[int, Cell] = {}
    for _, key, point, replicate in first[:: max(len(first) // (2 * MEASURED), 1)]:
        if point not in found and len(found) < MEASURED:
            text = store.one("select factors from point where position = ?", (point,))
            found[point] = Cell(key, json.loads(str(text)), replicate)
    return list(found.values())


def seconds_a_run(file: SweepFile, cells: list[Cell]) -> float:
    """Return what a run takes a worker, all told: scenario, key, simulation, outcomes."""
    recipe = pack(Recipe.of(file), selectors_of(file.sweep))
    run_batch(Batch(recipe, (cells[0],)))  # compiles the kernels, or reads them
    found: list[float] = []
    for cell in cells:
        found.append(run_batch(Batch(recipe, (cell,))).seconds)
        if sum(found) > ENOUGH_SECONDS:
            break
    return sum(found) / len(found)


@contextmanager
def _looked_at(file: SweepFile, folder: Path) -> Iterator[Store]:
    """Yield the folder's store where it holds this plan, else a plan in a place that is thrown away."""
    if (folder / STORE).is_file():
        with Store(folder, write=False) as store:
            if store.meta("plan") == plan_digest(file):
                yield store
                return
    with tempfile.TemporaryDirectory() as scratch, Store(Path(scratch), write=True) as store:
        write_plan(file, store)
        yield store
