"""The thirty places where documents contradict themselves, each other or the facts: which number was used, and why."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from footloose.errors import DataError
from footloose_calibration.documented import load_figures

COLUMNS = ("number", "what", "figures", "used", "why", "enters")


@dataclass(frozen=True)
class Inconsistency:
    """One of them: what it is, the figures concerned, what was used, why, and where that enters."""

    number: int
    what: str
    figures: tuple[str, ...]
    used: str
    why: str
    enters: str


@cache
def load_inconsistencies() -> tuple[Inconsistency, ...]:
    """Return all of them in order.

    raises: DataError naming file, row and column
    """
    text = (files("footloose_calibration") / "inconsistencies.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DataError(f"inconsistencies.csv, row 1: columns are {reader.fieldnames}, expected {list(COLUMNS)}")
    known, found = load_figures(), []
    for row, cells in enumerate(reader, start=2):
        place = f"inconsistencies.csv, row {row}"
        if cells["number"] != str(row - 1):
            raise DataError(f"{place}, column number: {cells['number']!r} given, {row - 1} is due")
        for column in ("what", "used", "why", "enters"):
            if not cells[column].strip():
                raise DataError(f"{place}, column {column}: empty")
        named = tuple(cells["figures"].split())
        for name in named:
            if name not in known:
                raise DataError(f"{place}, column figures: no figure {name!r} in figures.csv")
        found.append(Inconsistency(row - 1, cells["what"], named, cells["used"], cells["why"], cells["enters"]))
    return tuple(found)
