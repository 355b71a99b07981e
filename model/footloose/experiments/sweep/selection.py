"""Outcomes straight from the arrays of a run: the rows of the long table that are asked for, and no others.

The numbers are those of `footloose.long_table` to the last bit, because they are made by the same functions; but a
function is called only when one of its variables is asked for, it is left as soon as all are found, and only the
arrays it reads are stacked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from footloose import long_table
from footloose.errors import UnknownName, nearest
from footloose.long_table import Piece
from footloose.record import Record
from footloose.running import Rules, Tables
from footloose.simulation import to_record
from footloose.world import Setting

Floats = npt.NDArray[np.float64]
Selector = tuple[str, str, str, str, str]
"""Rows of the long table: variable, market, site, sector, origin."""
AXES = ("market", "site", "sector", "origin")


class LazyTables(Mapping[str, Floats]):
    """The tables of one replicate, each stacked over the years when it is first read; (1, year, ...)."""

    def __init__(self, rows: Sequence[Tables]) -> None:
        self._rows = rows
        self._stacked: dict[str, Floats] = {}
        self._names = list(rows[0])

    def __getitem__(self, name: str) -> Floats:
        if name not in self._stacked:
            self._stacked[name] = np.stack([row[name] for row in self._rows])[None]
        return self._stacked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def record_of(setting: Setting, rules: Rules, rows: Sequence[Tables]) -> Record:
    """Return the record of one replicate, its tables stacked only as far as they are read."""
    return replace(to_record(setting, rules, {}, {}), tables=LazyTables(rows))


def makers() -> tuple[Callable[[Record], Iterator[Piece]], ...]:
    """Return the functions that make the long table's variables, each a family of them."""
    return (
        long_table.trade_pieces,
        long_table.content_pieces,
        long_table.job_pieces,
        long_table.project_pieces,
        long_table.policy_pieces,
        long_table.move_pieces,
        long_table.state_pieces,
        long_table.reported_pieces,
    )


class Selection:
    """The outcomes asked for; learns from the first record which family of variables each belongs to."""

    def __init__(self, selectors: Sequence[Selector]) -> None:
        self.selectors = tuple(selectors)
        self._families: dict[str, Callable[[Record], Iterator[Piece]]] = {}

    def series(self, record: Record) -> Floats:
        """Return the outcomes of a record's first replicate by year; (outcome, year).

        A variable that the long table leaves out because nothing of it happened (moves of a sector) is 0.
        raises: UnknownName for a variable, or a member of an axis, that no record has
        """
        if not self._families:
            self._learn(record)
        found: dict[Selector, Floats] = {}
        for family in dict.fromkeys(self._families[selector[0]] for selector in self.selectors):
            wanted = {one for one in self.selectors if self._families[one[0]] is family and one not in found}
            for piece in family(record):
                for selector in [one for one in wanted if one[0] == piece.variable]:
                    values = pick(piece, selector)
                    if values is not None:
                        found[selector] = values
                        wanted.discard(selector)
                if not wanted:
                    break
        nothing = np.zeros(len(record.years))
        return np.stack([found.get(selector, nothing) for selector in self.selectors])

    def _learn(self, record: Record) -> None:
        """Find the family of every variable, and refuse what is not in the table."""
        known: dict[str, list[Piece]] = {}
        families: dict[str, Callable[[Record], Iterator[Piece]]] = {}
        for family in makers():
            for piece in family(record):
                known.setdefault(piece.variable, []).append(piece)
                families[piece.variable] = family
        for selector in self.selectors:
            check(selector, known, record)
        self._families = families


def pick(piece: Piece, selector: Selector) -> Floats | None:
    """Return the rows of a piece that a selector asks for, first replicate; (year,), or None when it has none."""
    place: list[int] = []
    for axis, member in zip(AXES, selector[1:], strict=True):
        labels: tuple[str, ...] = getattr(piece, axis)
        if member not in labels:
            return None
        place.append(labels.index(member))
    lengths = [len(getattr(piece, axis)) for axis in AXES]
    values = np.asarray(piece.values, dtype=np.float64)
    first: Floats = values.reshape((*values.shape[:2], *lengths))[0]
    return first[:, place[0], place[1], place[2], place[3]].copy()


def check(selector: Selector, known: Mapping[str, Sequence[Piece]], record: Record) -> None:
    """Refuse a variable that does not exist, or members of axes it is not reported by.

    raises: UnknownName with the nearest name
    """
    variable = selector[0]
    if variable not in known:
        raise UnknownName("variable", variable, sorted(known))
    if any(pick(piece, selector) is not None for piece in known[variable]):
        return
    for axis, member in zip(AXES, selector[1:], strict=True):
        here = list(dict.fromkeys(label for piece in known[variable] for label in getattr(piece, axis)))
        if variable.startswith("Moves|") and axis == "sector":
            here = ["all", *record.geography.sectors]
        if member not in here:
            raise UnknownName(f"{axis} of {variable}", member, here)
    if not variable.startswith("Moves|"):
        together = ", ".join(f"{axis} {member}" for axis, member in zip(AXES, selector[1:], strict=True))
        combinations = [describe(piece) for piece in known[variable]]
        close = nearest(together, combinations)
        raise UnknownName(f"combination for {variable}", together, combinations if close is None else [close])


def describe(piece: Piece) -> str:
    """Return which axes a piece is reported by."""
    parts = []
    for axis in AXES:
        labels: tuple[str, ...] = getattr(piece, axis)
        parts.append(f"{axis} {labels[0]}" if len(labels) == 1 else f"{axis} each, such as {labels[0]}")
    return ", ".join(parts)
