"""All experiments, replicate by replicate: made by several processes, each answer kept and never made again."""

from __future__ import annotations

import csv
import io
import json
import math
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import footloose
from footloose.errors import DataError, OutputError
from footloose.experiments.sweep.export import whole_text
from footloose.experiments.sweep.keys import content_digest, digest_of, engine_digest
from footloose_calibration.conformance import EXPERIMENTS
from footloose_calibration.conformance.findings import Finding, finding
from footloose_calibration.conformance.worlds import Frame
from footloose_calibration.fitting.measuring import measures_digest

Say = Callable[[str], None]
Answers = Mapping[str, float]
WORLDS = ("baseline", "no_trade_war", "no_chips_and_ira")
"""Shipped scenarios that experiments start from."""
COLUMNS = ("experiment", "key", "model", "error", "members_low", "members_high", "verdict", "wrong_sign")


@dataclass(frozen=True)
class Task:
    """One replicate of one experiment in one frame."""

    experiment: str
    frame: Frame
    replicate: int

    def key(self) -> str:
        """Return a hash of all that decides the answers."""
        module = f"footloose_calibration.conformance.{self.experiment}:run"
        code = [engine_digest(), measures_digest(module), worlds_digest()]
        return digest_of([self.experiment, asdict(self.frame), self.replicate, *code])

    def carry_out(self) -> dict[str, float]:
        """Return the answers."""
        chosen = next(one for one in EXPERIMENTS if one.name == self.experiment)
        return {name: float(value) for name, value in chosen.run(self.frame, self.replicate).items()}


@dataclass(frozen=True)
class Found:
    """A finding with the range of what members of the ensemble answer, one replicate each; NaN without members."""

    finding: Finding
    members_low: float
    members_high: float


@cache
def worlds_digest() -> str:
    """Return a hash of the shipped scenarios that experiments start from."""
    return digest_of([content_digest(footloose.load(name)) for name in WORLDS])


def conform(
    frame: Frame, replicates: int, members: Sequence[Mapping[str, float]], folder: Path, workers: int, say: Say
) -> tuple[Found, ...]:
    """Return every finding at the frame's parameters, and the range over some members.

    raises: OutputError when the folder cannot be written to
    """
    names = [one.name for one in EXPERIMENTS]
    own = [Task(name, frame, number) for name in names for number in range(replicates)]
    drawn = [Task(name, Frame(values, frame.firms, frame.seed), 0) for name in names for values in members]
    answers = answer([*own, *drawn], folder, workers, say)
    found = []
    for one in EXPERIMENTS:
        mine = [answers[task] for task in range(len(own)) if own[task].experiment == one.name]
        theirs = [answers[len(own) + place] for place, task in enumerate(drawn) if task.experiment == one.name]
        for published in one.published:
            values = [row[published.key] for row in theirs] or [math.nan]
            found.append(Found(finding(one, published, mine), min(values), max(values)))
    return tuple(found)


def answer(tasks: Sequence[Task], folder: Path, workers: int, say: Say) -> list[Answers]:
    """Return the answers to tasks in order; those in the folder are not made again."""
    paths = [folder / f"{task.experiment}-{task.key()}.json" for task in tasks]
    missing = [k for k, path in enumerate(paths) if not path.is_file()]
    say(f"conformance: {len(tasks)} experiments, {len(missing)} to make")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for done, (k, answers) in enumerate(carried_out(tasks, missing, workers), start=1):
            whole_text(paths[k], json.dumps(answers) + "\n")
            say(f"conformance: {done} of {len(missing)}, {tasks[k].experiment}")
    except OSError as error:
        raise OutputError(f"{folder} could not be written: {error.strerror or error}") from error
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def carried_out(tasks: Sequence[Task], chosen: Sequence[int], workers: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield (number of a task, answers) as they are made; by this process with fewer than two workers."""
    if workers < 2 or len(chosen) < 2:
        yield from ((k, tasks[k].carry_out()) for k in chosen)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(tasks[k].carry_out): k for k in chosen}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def conformance_text(found: Sequence[Found]) -> str:
    """Return the findings as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        row = one.finding
        numbers = [
            f"{value:.6g}" if math.isfinite(value) else ""
            for value in (row.model, row.error, one.members_low, one.members_high)
        ]
        writer.writerow([row.experiment, row.key, *numbers, row.verdict, "yes" if row.wrong_sign else ""])
    return out.getvalue()


def parse_conformance(text: str) -> tuple[Found, ...]:
    """Return the findings of a table given as text.

    raises: DataError for other columns or what is no number
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DataError(f"conformance.csv, row 1: columns are {reader.fieldnames}, expected {list(COLUMNS)}")
    found = []
    for number, cells in enumerate(reader, start=2):
        try:
            model, error, low, high = (float(cells[name]) if cells[name] else math.nan for name in COLUMNS[2:6])
        except ValueError as problem:
            raise DataError(f"conformance.csv, row {number}: {problem}") from problem
        row = Finding(cells["experiment"], cells["key"], model, error, cells["verdict"], cells["wrong_sign"] == "yes")
        found.append(Found(row, low, high))
    return tuple(found)
