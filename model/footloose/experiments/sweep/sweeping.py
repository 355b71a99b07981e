"""A sweep from file to a full store: plan, run what is missing, keep it as it comes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from footloose.errors import FootlooseError, OutputError
from footloose.experiments.sweep.planning import idle_factors, selectors_of, write_plan
from footloose.experiments.sweep.progress import Progress
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.store import STORE, Store, StoreDamaged, rescue

if TYPE_CHECKING:
    from footloose.experiments.sweep.feeding import Feeder
    from footloose.experiments.sweep.running import Result
    from footloose.experiments.sweep.workers import Workers

SECONDS_A_COMMIT = 0.5
SHOWN = 5
Say = Callable[[str], None]


@dataclass(frozen=True)
class Summary:
    """What a sweep has become.

    runs, failed, missing : cells of the plan; failed and missing among them
    done_now              : runs done in this call
    seconds, simulated    : wall time of this call's runs; the simulations' own time, summed over workers
    """

    runs: int
    failed: int
    missing: int
    done_now: int = 0
    seconds: float = 0.0
    simulated: float = 0.0


def run_sweep(
    file: SweepFile,
    folder: Path,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    retry: bool = False,
    say: Say | None = None,
) -> Summary:
    """Run what is missing of a sweep; what is finished stays in the folder's store, however this process ends.

    jobs    : processes of this machine; 0 computes in this one
    cluster : address of a Dask scheduler, instead of processes of this machine
    retry   : run failed cells again
    say     : takes a line of text about how it goes; nothing is said without it
    raises  : ScenarioError before the first run; OutputError when the store cannot be written
    """
    selectors = selectors_of(file.sweep)
    with planned_store(file, folder, say or _silent) as store:
        selection = store.know(selectors)
        serving = store.serving(selectors)
        runs, missing, failed = store.count(serving, retry)
        if not missing:
            return Summary(runs, failed, 0)
        progress = Progress(runs, runs - missing, say)
        begun = time.perf_counter()
        carry_out(file, store, selection, serving, workers_of(jobs, cluster), retry, progress)
        seconds = time.perf_counter() - begun
        _, left, failed = store.count(serving)
        progress.finished = runs - left  # points that are the same scenario are run once
        progress.show(last=True)
        return Summary(runs, failed, left, missing - left, seconds, progress.simulated)


def workers_of(jobs: int, cluster: str | None) -> Workers:
    """Return the workers asked for; raises FootlooseError when there cannot be such."""
    from footloose.experiments.sweep.workers import Cluster, LocalProcesses, ThisProcess

    if cluster is not None:
        return Cluster(cluster)
    return ThisProcess() if jobs == 0 else LocalProcesses(jobs)


def carry_out(
    file: SweepFile,
    store: Store,
    selection: str,
    serving: list[str],
    workers: Workers,
    retry: bool,
    progress: Progress,
) -> None:
    """Run what is missing and keep it; what came in before an error or Ctrl-C is kept too."""
    from footloose.experiments.sweep.feeding import Feeder
    from footloose.experiments.sweep.points import Recipe
    from footloose.experiments.sweep.running import pack

    feeder = Feeder(store, pack(Recipe.of(file), selectors_of(file.sweep)), serving, retry)
    work_off(feeder, store, selection, workers, progress)


def work_off(feeder: Feeder, store: Store, selection: str, workers: Workers, progress: Progress) -> None:
    """Run what a feeder hands out and keep it; what came in before an error or Ctrl-C is kept too."""
    from footloose.experiments.sweep.running import Work

    buffer: list[Result] = []
    kept = time.monotonic()
    try:
        for batch, work in workers.work_through(feeder):
            if work is None:
                progress.lost += 1
                work = Work(tuple(feeder.lost(batch)), 0.0)
            feeder.learn(work)
            buffer += work.results
            progress.add(work)
            if time.monotonic() - kept > SECONDS_A_COMMIT:
                _flush(store, selection, buffer)
                kept = time.monotonic()
    finally:
        _flush(store, selection, buffer)


def _flush(store: Store, selection: str, buffer: list[Result]) -> None:
    if buffer:
        store.keep(selection, [(result.key, result.series, result.seconds, result.cause) for result in buffer])
        buffer.clear()


@contextmanager
def planned_store(file: SweepFile, folder: Path, say: Say) -> Iterator[Store]:
    """Open the store of a folder for writing, mend what is damaged, and put the plan in.

    A folder that is made here and cannot be planned in is removed again.
    """
    fresh = not folder.exists()
    refuse_strangers(folder)
    try:
        with sound_store(folder, say) as store:
            if write_plan(file, store):
                for warning in idle_factors(file):
                    say(f"warning: {warning}")
            yield store
    except BaseException:
        if fresh and not has_runs(folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def refuse_strangers(folder: Path) -> None:
    """Refuse a folder with something in it that is no sweep; raises OutputError."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder with --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / STORE).exists():
        names = {entry.name for entry in folder.iterdir()}
        if not all(name.startswith(STORE) or name.startswith("runs.lock") for name in names):
            raise OutputError(f"{folder} is not empty and holds no sweep; choose another folder")


def has_runs(folder: Path) -> bool:
    """Return whether a folder's store holds any run."""
    try:
        with Store(folder, write=False) as store:
            return bool(store.one("select count(*) from run"))
    except FootlooseError:
        return False


@contextmanager
def sound_store(folder: Path, say: Say) -> Iterator[Store]:
    """Open a store in which every page can be read and every row matches its checksum; say what had to go."""
    try:
        store = Store(folder, write=True)
        if store.damaged():
            store.close()
            raise StoreDamaged(f"{store.path}: pages are damaged")
    except StoreDamaged as damage:
        kept, aside = rescue(folder)
        say(f"{damage}. {kept:,} runs in it could be read and are kept; the rest is run again. Old file: {aside}")
        store = Store(folder, write=True)
    with store:
        if not store.plan_is_whole():
            say(f"{store.path}: the plan is corrupt; made again")
            store.forget_plan()
        if strange := store.forget_strange_selections():
            say(f"{store.path}: corrupt list{'s' * (len(strange) > 1)} of outcomes ({', '.join(strange)}); made again")
        corrupt = store.corrupt()
        if corrupt:
            named = ", ".join(store.numbers(corrupt[:SHOWN]))
            named += f" and {len(corrupt) - SHOWN} more" if len(corrupt) > SHOWN else ""
            say(f"{store.path}: {len(corrupt)} corrupt run{'s' * (len(corrupt) > 1)} ({named}); run again")
            store.forget(corrupt)
        yield store


def _silent(text: str) -> None:
    """Say nothing."""
