"""A plan that a disk has spoilt is noticed, said and made again; no run is lost by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from footloose.experiments.sweep.export import export
from footloose.experiments.sweep.reading import read_sweep
from footloose.experiments.sweep.results import RUNS
from footloose.experiments.sweep.store import STORE, Store
from footloose.experiments.sweep.sweeping import Summary, run_sweep

Write = Callable[..., Path]


def swept(path: Path, folder: Path, say: Callable[[str], None] | None = None) -> tuple[Summary, bytes]:
    file = read_sweep(path)
    summary = run_sweep(file, folder, jobs=0, say=say)
    with Store(folder, write=False) as store:
        export(file, store, folder)
    return summary, (folder / RUNS).read_bytes()


@pytest.mark.parametrize(
    "damage, said",
    [
        ("update point set factors = replace(factors, '60', '61')", "the plan is corrupt"),
        ("update cell set key = 'abc' where position = 4", "the plan is corrupt"),
        ("delete from cell where position = 4", "the plan is corrupt"),
        ("update selection set selectors = replace(selectors, 'china', 'chinb')", "corrupt list of outcomes"),
    ],
)
def test_a_corrupt_plan_is_said_and_made_again(small: Write, tmp_path: Path, damage: str, said: str) -> None:
    """No run is lost: the plan and the names of outcomes follow from the sweep file."""
    _, before = swept(small(), tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / STORE)) as connection, connection:
        connection.execute(damage)
    heard: list[str] = []
    summary, after = swept(small(), tmp_path / "out", say=heard.append)
    assert [said in line for line in heard] == [True]
    assert (summary.done_now, after) == (0, before)
