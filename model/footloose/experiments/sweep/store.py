"""The store: one SQLite file with a row a run, keyed by content; one process writes, any number may read.

Every row carries a checksum of all it says; a row that does not match is named and done again, and a file whose pages
are damaged is set aside after what can be read has been carried over. Transactions are on the disk when they are
finished (write-ahead log, synchronous=FULL), so that a process killed at any moment leaves a store that opens.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from footloose.errors import OutputError

STORE, LOCK = "runs.sqlite", "runs.lock"
SCHEMA = """
create table if not exists meta (name text primary key, value text not null);
create table if not exists point (position integer primary key, factors text not null);
create table if not exists cell (position integer primary key, key text not null, point integer not null,
                                 replicate integer not null);
create table if not exists selection (digest text primary key, selectors text not null);
create table if not exists run (number integer primary key, key text not null unique, state text not null,
                                selection text not null, series blob not null, seconds real not null,
                                cause text not null, checksum text not null);
"""
FORMAT = "1"
FAILED, DONE = "failed", "done"


class StoreDamaged(OutputError):
    """Pages of the store cannot be read."""


class Store:
    """The runs of one folder.

    folder : where the store lies
    write  : take the folder's lock and write; otherwise the store is only read
    raises : OutputError when another process writes there, the disk is full or the folder cannot be written to,
             StoreDamaged when pages cannot be read
    """

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.path = folder / STORE
        self._lock: int | None = None
        self._connection: sqlite3.Connection | None = None
        if write:
            self._lock = take_lock(folder)
        elif not self.path.is_file():
            raise OutputError(f"{folder} holds no sweep ({STORE} is missing)")
        try:
            with self._said("opened"):
                self._open(write)
        except BaseException:
            self.close()
            raise

    def _open(self, write: bool) -> None:
        address = f"{self.path.resolve().as_uri()}?mode={'rwc' if write else 'ro'}"
        self._connection = sqlite3.connect(address, uri=True, timeout=30.0, isolation_level=None)
        if write:
            self._connection.executescript("pragma journal_mode=wal; pragma synchronous=full;" + SCHEMA)
            self._connection.execute("insert or ignore into meta values ('format', ?)", (FORMAT,))
        found = self._connection.execute("select value from meta where name = 'format'").fetchone()
        if found is None or found[0] != FORMAT:
            raise OutputError(
                f"{self.path} has another format than this version writes; give another folder with --out"
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection."""
        if self._connection is None:
            raise OutputError(f"{self.path} has been closed")
        return self._connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def _said(self, deed: str) -> Iterator[None]:
        """Say what SQLite's errors mean to the user."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            text = str(error)
            if "full" in text or "disk I/O" in text:
                raise OutputError(
                    f"{self.path} could not be {deed}: {text}. What is finished is kept; make room and give the same "
                    "command again"
                ) from error
            if "malformed" in text or "not a database" in text or "corrupt" in text:
                raise StoreDamaged(f"{self.path}: {text}") from error
            raise OutputError(f"{self.path} could not be {deed}: {text}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of a block or nothing of it."""
        with self._said("written"):
            self.connection.execute("begin immediate")
            try:
                yield self.connection
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("rollback")
                raise
            self.connection.execute("commit")

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, one at a time."""
        with self._said("read"):
            yield from self.connection.execute(query, values)

    def one(self, query: str, values: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        row = next(self.rows(query, values), None)
        return None if row is None else row[0]

    def meta(self, name: str) -> str | None:
        """Return a remark on the sweep, or None."""
        value = self.one("select value from meta where name = ?", (name,))
        return None if value is None else str(value)

    def remark(self, **values: str) -> None:
        """Keep remarks on the sweep."""
        with self.transaction() as connection:
            connection.executemany("insert or replace into meta values (?, ?)", values.items())

    def plan(self, digest: str, cells: Iterable[tuple[int, str, str, int]], **remarks: str) -> None:
        """Replace the plan: which runs belong to the sweep; runs of earlier plans stay in the store.

        cells : (point, values of its factors as JSON, key, replicate) in order; read as they come
        """
        told = hashlib.sha256()
        with self.transaction() as connection:
            connection.execute("delete from cell")
            connection.execute("delete from point")
            known = -1
            for position, (point, factors, key, replicate) in enumerate(cells):
                if point != known:
                    connection.execute("insert into point values (?, ?)", (point, factors))
                    known = point
                connection.execute("insert into cell values (?, ?, ?, ?)", (position, key, point, replicate))
                told.update(checksum(position, key, point, replicate, factors).encode())
            pairs = [("plan", digest), ("plan_checksum", told.hexdigest()), *remarks.items()]
            connection.executemany("insert or replace into meta values (?, ?)", pairs)

    def plan_is_whole(self) -> bool:
        """Return whether the plan is, cell by cell and value by value, what was written."""
        told = hashlib.sha256()
        query = (
            "select cell.position, cell.key, cell.point, cell.replicate, point.factors from cell "
            "left join point on point.position = cell.point order by cell.position"
        )
        for row in self.rows(query):
            told.update(checksum(*row).encode())
        return self.meta("plan") is None or self.meta("plan_checksum") == told.hexdigest()

    def forget_plan(self) -> None:
        """Let the plan be made again."""
        with self.transaction() as connection:
            connection.execute("delete from meta where name = 'plan'")

    def know(self, selectors: Sequence[Sequence[str]]) -> str:
        """Return the name under which a list of outcomes is known in the rows of runs."""
        text = json.dumps([list(selector) for selector in selectors], ensure_ascii=False)
        digest = selection_digest(text)
        with self.transaction() as connection:
            connection.execute("insert or ignore into selection values (?, ?)", (digest, text))
        return digest

    def selections(self) -> dict[str, list[tuple[str, ...]]]:
        """Return every list of outcomes by name."""
        rows = self.rows("select digest, selectors from selection")
        return {digest: [tuple(selector) for selector in json.loads(text)] for digest, text in rows}

    def forget_strange_selections(self) -> list[str]:
        """Remove lists of outcomes that are not what their name says; return their names."""
        rows = self.rows("select digest, selectors from selection")
        strange = [str(digest) for digest, text in rows if selection_digest(str(text)) != digest]
        with self.transaction() as connection:
            connection.executemany("delete from selection where digest = ?", [(digest,) for digest in strange])
        return strange

    def serving(self, selectors: Sequence[Sequence[str]]) -> list[str]:
        """Return the names of lists of outcomes that hold all of those asked for."""
        asked = {tuple(selector) for selector in selectors}
        return [digest for digest, held in self.selections().items() if asked <= set(held)]

    def keep(self, selection: str, results: Iterable[tuple[str, bytes, float, str]]) -> None:
        """Write results in one transaction: (key, series, seconds, cause)."""
        rows = []
        for key, series, seconds, cause in results:
            state = FAILED if cause else DONE
            check = checksum(key, state, selection, series, seconds, cause)
            rows.append((key, state, selection, series, seconds, cause, check))
        statement = (
            "insert into run (key, state, selection, series, seconds, cause, checksum) values (?, ?, ?, ?, ?, ?, ?) "
            "on conflict (key) do update set state = excluded.state, selection = excluded.selection, "
            "series = excluded.series, seconds = excluded.seconds, cause = excluded.cause, checksum = excluded.checksum"
        )
        with self.transaction() as connection:
            connection.executemany(statement, rows)

    def missing(self, serving: Sequence[str], retry: bool) -> Iterator[tuple[int, str, int, int]]:
        """Yield the cells of the plan without a result: (position, key, point, replicate); read in pages.

        serving : lists of outcomes that will do;  retry: cells that failed are missing too
        """
        marks = ", ".join("?" * len(serving)) or "''"
        good = f"run.state = 'done' and run.selection in ({marks})" + ("" if retry else " or run.state = 'failed'")
        query = (
            "select cell.position, cell.key, cell.point, cell.replicate from cell left join run on run.key = cell.key "
            f"where cell.position > ? and (run.key is null or not ({good})) order by cell.position limit 1000"
        )
        after = -1
        while True:
            page = list(self.rows(query, (after, *serving)))
            yield from page
            if not page:
                return
            after = page[-1][0]

    def count(self, serving: Sequence[str], retry: bool = False) -> tuple[int, int, int]:
        """Return how many cells the plan has, how many of them are missing, and how many failed."""
        marks = ", ".join("?" * len(serving)) or "''"
        query = (
            f"select count(*), coalesce(sum(run.state = 'done' and run.selection in ({marks})), 0), "
            "coalesce(sum(run.state = 'failed'), 0) from cell left join run on run.key = cell.key"
        )
        whole, done, failed = next(self.rows(query, tuple(serving)))
        return int(whole), int(whole - done - (0 if retry else failed)), int(failed)

    def corrupt(self) -> list[str]:
        """Return the keys of runs whose row does not match its checksum; every row is read."""
        query = "select key, state, selection, series, seconds, cause, checksum from run order by number"
        return [str(row[0]) for row in self.rows(query) if checksum(*row[:-1]) != row[-1]]

    def numbers(self, keys: Sequence[str]) -> list[str]:
        """Return which runs of the plan keys belong to, `run 12: KEY`; the key alone where it belongs to none."""
        found = (self.one("select min(position) from cell where key = ?", (key,)) for key in keys)
        return [key if number is None else f"run {number}: {key}" for key, number in zip(keys, found, strict=True)]

    def forget(self, keys: Sequence[str]) -> None:
        """Remove runs, so that they are missing."""
        with self.transaction() as connection:
            connection.executemany("delete from run where key = ?", [(key,) for key in keys])

    def state(self) -> str:
        """Return a hash of the plan's results: the same however, by whom and in what order they were made."""
        digest = hashlib.sha256((self.meta("plan") or "").encode())
        query = (
            "select cell.position, run.state, run.selection, run.series, run.cause from cell "
            "join run on run.key = cell.key order by cell.position"
        )
        for row in self.rows(query):
            digest.update(checksum(row[0], row[1], row[2], row[3], 0.0, row[4]).encode())
        return digest.hexdigest()[:32]

    def damaged(self) -> bool:
        """Return whether pages of the file are damaged (SQLite's quick check reads them all)."""
        try:
            return bool(self.one("pragma quick_check(1)") != "ok")
        except StoreDamaged:
            return True


def selection_digest(text: str) -> str:
    """Return the name of a list of outcomes."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def checksum(*row: Any) -> str:
    """Return the checksum of a row; whatever types a damaged file yields, there is one."""
    digest = hashlib.sha256()
    for part in row:
        piece = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(piece).to_bytes(8, "little") + piece)
    return digest.hexdigest()[:32]


def take_lock(folder: Path) -> int:
    """Return the open lock of a folder; the system gives it back when the process ends, however it ends.

    raises: OutputError when another process has it, or when nothing can be written
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written to: {error.strerror or error}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        who = f"process {holder}" if holder else "another process"
        raise OutputError(f"{folder}: {who} is running a sweep there; wait for it, or give another --out") from error
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        os.close(descriptor)
        raise OutputError(f"{folder} cannot be written to: {error.strerror or error}") from error
    return descriptor


def rescue(folder: Path) -> tuple[int, Path]:
    """Set a damaged store aside and carry over every run in it that can be read and matches its checksum.

    returns : how many runs were carried over, and where the damaged file lies now
    """
    path = folder / STORE
    lock = take_lock(folder)
    try:
        number = 1
        while (aside := folder / f"{STORE}.damaged-{number}").exists():
            number += 1
        os.replace(path, aside)
        for ending in ("-wal", "-shm"):
            if (log := folder / f"{STORE}{ending}").exists():
                os.replace(log, folder / f"{aside.name}{ending}")
    finally:
        os.close(lock)
    with Store(folder, write=True) as store:
        return _carry_over(aside, store), aside


def _carry_over(aside: Path, store: Store) -> int:
    old = sqlite3.connect(f"{aside.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    kept = 0
    try:
        with store.transaction() as connection:
            for row in _readable(old, "selection", aside):
                connection.execute("insert or ignore into selection values (?, ?)", row)
        runs = (row for row in _readable(old, "run", aside) if checksum(*row[1:7]) == row[7])
        while page := list(itertools.islice(runs, 1000)):
            with store.transaction() as connection:
                connection.executemany("insert or ignore into run values (?, ?, ?, ?, ?, ?, ?, ?)", page)
            kept += len(page)
    finally:
        old.close()
    return kept


def _readable(old: sqlite3.Connection, table: str, aside: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a damaged table that can be read, looked for one by one: a bad page costs only its own."""
    try:
        last = int(old.execute(f"select max(rowid) from {table}").fetchone()[0] or 0)
    except sqlite3.DatabaseError:
        last = aside.stat().st_size // 64  # no row is shorter
    for number in range(1, last + 1):
        try:
            row = old.execute(f"select * from {table} where rowid = ?", (number,)).fetchone()
        except sqlite3.DatabaseError:
            continue
        if row is not None:
            yield row
