"""Reads the history tables and refuses, with file, row and column, what does not fit."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from footloose.errors import DataError, nearest

Floats = npt.NDArray[np.float64]

LONG_COLUMNS = (
    "variable",
    "unit",
    "market",
    "site",
    "sector",
    "origin",
    "partner",
    "year",
    "value",
    "source",
    "certainty",
)
CERTAINTY = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Line:
    """One line of a table: its cells by column, and its place as "file, row n"."""

    cells: Mapping[str, str]
    place: str

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def number(self, column: str) -> float:
        """Return the finite number in a cell, or raise DataError."""
        try:
            value = float(self.cells[column])
        except ValueError:
            raise DataError(f"{self.place}, column {column}: {self.cells[column]!r} is not a number") from None
        if not math.isfinite(value):
            raise DataError(f"{self.place}, column {column}: {self.cells[column]!r} is not finite")
        return value

    def year(self, column: str = "year") -> int:
        """Return the year in a cell, or raise DataError."""
        text = self.cells[column]
        if len(text) != 4 or not text.isdigit():
            raise DataError(f"{self.place}, column {column}: {text!r} is not a year")
        return int(text)

    def member(self, column: str, allowed: Sequence[str]) -> str:
        """Return a cell that must be one of `allowed`, or raise DataError with the nearest."""
        name = self.cells[column]
        if name not in allowed:
            close = nearest(name, allowed)
            hint = f"; did you mean {close!r}?" if close else f"; allowed: {', '.join(allowed)}"
            raise DataError(f"{self.place}, column {column}: {name!r} is not known{hint}")
        return name


def read_table(name: str, columns: Sequence[str], *, stated: bool = True) -> list[Line]:
    """Return every line of a table of the package.

    stated : every line must have a source and a certainty letter
    Raises DataError when the columns differ from `columns` or a line has too few or too many cells.
    """
    text = resources.files("footloose.history").joinpath(name).read_text(encoding="utf-8")
    return parse_table(name, text, columns, stated=stated)


def parse_table(name: str, text: str, columns: Sequence[str], *, stated: bool = True) -> list[Line]:
    """Return the lines of a table given as text; see `read_table`."""
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if tuple(header) != tuple(columns):
        raise DataError(f"{name}, row 1: columns are {header}, expected {list(columns)}")
    lines = []
    for row, cells in enumerate(reader, start=2):
        if len(cells) != len(header):
            raise DataError(f"{name}, row {row}: {len(cells)} cells, expected {len(header)}")
        line = Line(dict(zip(header, cells, strict=True)), f"{name}, row {row}")
        if stated and not line["source"]:
            raise DataError(f"{line.place}, column source: empty")
        if stated:
            line.member("certainty", CERTAINTY)
        lines.append(line)
    return lines


@cache
def read_nations() -> Mapping[str, str]:
    """Return the nation or customs union of each site that is only a part of one."""
    return {line["site"]: line["nation"] for line in read_table("nations.csv", ("site", "nation"), stated=False)}


def names_of(site: str) -> tuple[str, ...]:
    """Return the names under which a table may speak of a site: its own first, then its nation's."""
    nation = read_nations().get(site)
    return (site,) if nation is None else (site, nation)


def frozen(table: Floats) -> Floats:
    """Return the array made unchangeable: cached tables are shared by everybody."""
    table.flags.writeable = False
    return table
