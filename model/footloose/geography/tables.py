"""Reads the package's CSV tables and refuses, with file, row and column, what does not fit."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from footloose.errors import DataError, nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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
FOLDER = resources.files("footloose.geography")
CERTAINTY = ("A", "B", "C", "D")


class Row(NamedTuple):
    """One number of a long table with everything said about it; an empty axis does not apply."""

    variable: str
    unit: str
    market: str
    site: str
    sector: str
    origin: str
    partner: str
    year: str
    value: float
    source: str
    certainty: str
    place: str


def read_lines(name: str, columns: Sequence[str]) -> list[list[str]]:
    """Return the cells of every line of a table of the package; line 0 is row 2 of the file.

    Raises DataError when the columns are not `columns`, a line is too short or too long, or nothing is there.
    """
    text = FOLDER.joinpath(name).read_text(encoding="utf-8")
    header, *lines = list(csv.reader(text.splitlines())) or [[]]
    if tuple(header) != tuple(columns):
        raise DataError(f"{name}, row 1: columns are {header}, expected {list(columns)}")
    for row, line in enumerate(lines, start=2):
        if len(line) != len(header):
            raise DataError(f"{name}, row {row}: {len(line)} cells, expected {len(header)}")
    if not lines:
        raise DataError(f"{name}: no rows")
    return lines


def read_rows(name: str, columns: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """Return (place, cells by column) for every line of a table of the package; place is "file, row n".

    Raises DataError like `read_lines`.
    """
    lines = read_lines(name, columns)
    return [(f"{name}, row {row}", dict(zip(columns, line, strict=True))) for row, line in enumerate(lines, start=2)]


def number(place: str, column: str, text: str) -> float:
    """Return the finite number in a cell, or raise DataError."""
    try:
        value = float(text)
    except ValueError:
        raise DataError(f"{place}, column {column}: {text!r} is not a number") from None
    if not math.isfinite(value):
        raise DataError(f"{place}, column {column}: {text!r} is not finite")
    return value


def position(place: str, column: str, name: str, members: Mapping[str, int]) -> int:
    """Return the index of `name` on an axis, or raise DataError with the nearest member."""
    if name in members:
        return members[name]
    close = nearest(name, members)
    hint = f"; did you mean {close!r}?" if close else ""
    raise DataError(f"{place}, column {column}: {name!r} is not on the axis{hint}")


def read_long(name: str) -> list[Row]:
    """Return the rows of a long table; each has a unit, a source, a certainty letter and a finite value."""
    rows = []
    for count, cells in enumerate(read_lines(name, LONG_COLUMNS), start=2):
        variable, unit, market, site, sector, origin, partner, year, text_value, source, certainty = cells
        place = f"{name}, row {count}"
        for column, text in (("variable", variable), ("unit", unit), ("source", source)):
            if not text:
                raise DataError(f"{place}, column {column}: empty")
        if certainty not in CERTAINTY:
            raise DataError(f"{place}, column certainty: {certainty!r}, allowed: {', '.join(CERTAINTY)}")
        value = number(place, "value", text_value)
        axes = (market, site, sector, origin, partner, year)
        rows.append(Row(variable, unit, *axes, value, source, certainty, place))
    return rows


def index_of(members: Sequence[str]) -> dict[str, int]:
    """Return the position of every member."""
    return {name: place for place, name in enumerate(members)}


def fill(rows: Sequence[Row], variable: str, axes: Mapping[str, Sequence[str]], *, complete: bool = True) -> Floats:
    """Return the values of one variable as an array with one dimension per axis, in the order of `axes`.

    axes     : column of the long table -> members of that dimension
    complete : every cell must be given; otherwise missing cells are NaN
    Raises DataError for a name off its axis, a cell given twice and, when complete, a missing cell.
    """
    places = {column: index_of(members) for column, members in axes.items()}
    table = np.full([len(members) for members in axes.values()], np.nan)
    for row in of_variable(rows, variable):
        cell = tuple(position(row.place, column, getattr(row, column), places[column]) for column in axes)
        if not np.isnan(table[cell]):
            raise DataError(f"{row.place}: {variable} is given twice for {[getattr(row, c) for c in axes]}")
        table[cell] = row.value
    if complete and np.isnan(table).any():
        gap = np.argwhere(np.isnan(table))[0]
        names = [members[i] for members, i in zip(axes.values(), gap, strict=True)]
        raise DataError(f"no value of {variable} for {', '.join(names)}")
    return table


def of_variable(rows: Sequence[Row], variable: str) -> Iterator[Row]:
    """Yield the rows of one variable."""
    return (row for row in rows if row.variable == variable)


def frozen(table: npt.NDArray[np.generic]) -> None:
    """Make an array read-only; cached tables are shared by everybody."""
    table.flags.writeable = False
