"""The store: whole after every kind of accident, and the same whoever wrote it in what order."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from footloose.errors import OutputError
from footloose.experiments.sweep.store import LOCK, STORE, Store, StoreDamaged, checksum, rescue

SELECTORS = [("Imports|Share", "united_states", "mexico", "all", "all")]
MORE = [*SELECTORS, ("Jobs|Stock", "all", "mexico", "all", "all")]


def cells(count: int) -> list[tuple[int, str, str, int]]:
    return [(n // 2, f'{{"x": {n // 2}}}', f"key{n:05d}", n % 2) for n in range(count)]


def result(number: int, cause: str = "") -> tuple[str, bytes, float, str]:
    return f"key{number:05d}", b"" if cause else number.to_bytes(4, "little") * 50, 0.5, cause


def filled(folder: Path, count: int, done: range | None = None) -> None:
    with Store(folder, write=True) as store:
        store.plan("plan", cells(count))
        store.keep(store.know(SELECTORS), [result(n) for n in done or range(count)])


def missing(store: Store, retry: bool = False) -> list[int]:
    return [row[0] for row in store.missing(store.serving(SELECTORS), retry)]


def test_only_missing_cells_are_handed_out(tmp_path: Path) -> None:
    filled(tmp_path, 3000, range(0, 3000, 3))
    with Store(tmp_path, write=True) as store:
        assert missing(store) == [n for n in range(3000) if n % 3]
        assert store.count(store.serving(SELECTORS)) == (3000, 2000, 0)
        store.keep(store.know(SELECTORS), [result(1, "it broke")])
        assert 1 not in missing(store)
        assert 1 in missing(store, retry=True)
        assert store.count(store.serving(SELECTORS)) == (3000, 1999, 1)


def test_results_for_more_outcomes_serve_fewer(tmp_path: Path) -> None:
    with Store(tmp_path, write=True) as store:
        store.plan("plan", cells(2))
        store.keep(store.know(MORE), [result(0)])
        store.keep(store.know(SELECTORS), [result(1)])
        assert missing(store) == []
        assert [row[0] for row in store.missing(store.serving(MORE), False)] == [1]


def test_the_state_does_not_depend_on_order_or_time(tmp_path: Path) -> None:
    for name, order in (("a", range(10)), ("b", reversed(range(10)))):
        with Store(tmp_path / name, write=True) as store:
            store.plan("plan", cells(10))
            for number in order:
                key, series, _, cause = result(number)
                store.keep(store.know(SELECTORS), [(key, series, float(len(name) + number), cause)])
    states = []
    for name in ("a", "b"):
        with Store(tmp_path / name, write=False) as store:
            states.append(store.state())
    assert states[0] == states[1]


@pytest.mark.parametrize("column, value", [("series", b"\0" * 200), ("cause", "x"), ("state", "failed"), ("key", "k")])
def test_a_corrupt_row_is_named(tmp_path: Path, column: str, value: object) -> None:
    filled(tmp_path, 6)
    with closing(sqlite3.connect(tmp_path / STORE)) as connection, connection:
        connection.execute(f"update run set {column} = ? where key = 'key00003'", (value,))
    with Store(tmp_path, write=True) as store:
        named = "k" if column == "key" else "key00003"
        assert store.corrupt() == [named]
        store.forget(store.corrupt())
        assert missing(store) == [3]


def test_damaged_pages_cost_only_their_own_rows(tmp_path: Path) -> None:
    filled(tmp_path, 2000)
    path = tmp_path / STORE
    content = bytearray(path.read_bytes())
    page = 4096
    places = [n for n in range(0, len(content), page) if b"key00700" in content[n : n + page]]
    for place in places:
        content[place : place + page] = os.urandom(page)
    path.write_bytes(content)
    with Store(tmp_path, write=True) as store:
        assert store.damaged()
    kept, aside = rescue(tmp_path)
    assert aside.name == f"{STORE}.damaged-1"
    assert 1800 < kept < 2000
    with Store(tmp_path, write=True) as store:
        assert not store.damaged()
        assert store.corrupt() == []
        store.plan("plan", cells(2000))
        assert len(missing(store)) == 2000 - kept
        assert 700 in missing(store)


def test_a_file_that_is_no_store_is_damage(tmp_path: Path) -> None:
    (tmp_path / STORE).write_bytes(b"not a database at all" * 500)
    with pytest.raises(StoreDamaged):
        Store(tmp_path, write=True)
    kept, _ = rescue(tmp_path)
    assert kept == 0


def test_two_processes_cannot_write_one_store(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from footloose.experiments.sweep.store import Store\n"
        "Store(Path(sys.argv[1]), write=True)"
    )
    with Store(tmp_path, write=True):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert done.returncode != 0
        assert f"process {os.getpid()} is running a sweep there" in done.stderr
        with Store(tmp_path, write=False) as reader:  # reading is allowed meanwhile
            assert reader.meta("format") == "1"
    with Store(tmp_path, write=True):
        assert (tmp_path / LOCK).exists()


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    filled(tmp_path, 100, range(50))
    with Store(tmp_path, write=True) as store:
        pages = store.one("pragma page_count")
        store.connection.execute(f"pragma max_page_count = {pages}")
        with pytest.raises(OutputError, match=r"full.*What is finished is kept"):
            store.keep(store.know(SELECTORS), [(f"key{n:05d}", b"x" * 10_000, 1.0, "") for n in range(50, 100)])
    with Store(tmp_path, write=True) as store:
        assert missing(store) == list(range(50, 100))
        assert store.corrupt() == []


def test_a_plan_that_breaks_off_leaves_the_old_one(tmp_path: Path) -> None:
    filled(tmp_path, 4)

    def broken() -> object:
        yield from cells(2)
        raise OutputError("no more")

    with Store(tmp_path, write=True) as store:
        with pytest.raises(OutputError, match="no more"):
            store.plan("other", broken())  # type: ignore[arg-type]
        assert store.meta("plan") == "plan"
        assert store.one("select count(*) from cell") == 4


def test_a_reader_needs_a_store(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds no sweep"):
        Store(tmp_path, write=False)


def test_checksums_tell_every_part_apart() -> None:
    parts = ["key", "done", "sel", b"series", 1.0, ""]
    whole = checksum(*parts)
    for place in range(6):
        changed = list(parts)
        changed[place] = b"other" if place == 3 else ("other" if place != 4 else 2.0)
        assert checksum(*changed) != whole
    assert checksum("ab", "c", "", b"", 0.0, "") != checksum("a", "bc", "", b"", 0.0, "")
