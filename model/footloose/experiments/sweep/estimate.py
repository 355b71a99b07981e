"""What a sweep will take, before it is begun: runs, time, disk; measured on one run of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footloose.experiments.sweep.planning import idle_factors, plan_digest, selectors_of, write_plan
from footloose.experiments.sweep.progress import duration, size
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.store import STORE, Store

ROW_BYTES = 330
"""Bytes a run takes in the store besides its series: key, checksum, plan, index pages (measured 300-350)."""
EXPORTED = 2.1
"""Bytes in the exported tables per byte of series: Parquet 0.9, the IAMC table as text 1.2 of it with two outcomes."""
START_SECONDS = 4.0
"""Seconds until the workers have read the compiled kernels."""


@dataclass(frozen=True)
class Estimate:
    """How much there is to do.

    runs, missing : runs of the plan, and those without a result
    seconds       : of one run, measured;  wall: of all that is missing;  disk: bytes of all
    """

    runs: int
    points: int
    missing: int
    seconds: float
    wall: float
    disk: float
    jobs: int
    warnings: tuple[str, ...]

    def text(self) -> str:
        """Return the estimate in words."""
        replicates = self.runs // max(self.points, 1)
        lines = [
            f"runs  {self.runs:,} ({self.points:,} points x {replicates} replicates); {self.missing:,} to do",
            f"time  {duration(self.wall)} with {self.jobs} workers ({self.seconds:.2f} s a run, measured on the first)",
            f"disk  {size(self.disk)}",
        ]
        return "\n".join([*lines, *(f"warning: {warning}" for warning in self.warnings)])


def estimate(file: SweepFile, folder: Path, jobs: int) -> Estimate:
    """Plan a sweep, do its first missing run, and say what all will take; nothing is written to the folder.

    raises: ScenarioError with every mistake of any point
    """
    from footloose.experiments.sweep.points import Recipe
    from footloose.experiments.sweep.running import Runner
    from footloose.experiments.sweep.selection import Selection

    selectors = selectors_of(file.sweep)
    with _looked_at(file, folder) as store:
        serving = store.serving(selectors)
        runs, missing, _ = store.count(serving)
        points = int(store.one("select count(*) from point"))
        first = next(store.missing(serving, False), None)
        text = store.one("select factors from point where position = ?", (first[2] if first else 0,))
    seconds = 0.0
    if first is not None:
        import json

        runner = Runner(Recipe.of(file).scenario(json.loads(str(text))), Selection(selectors))
        runner.live(0)  # compiles the kernels, or reads them
        seconds = runner.live(0)[1]
    years = file.base.years.until - file.base.years.start + 1
    series = 8 * years * len(selectors)
    wall = missing * seconds / jobs + (START_SECONDS if missing else 0.0)
    disk = runs * (ROW_BYTES + series * (1.0 + EXPORTED))
    return Estimate(runs, points, missing, seconds, wall, disk, jobs, tuple(idle_factors(file)))


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
