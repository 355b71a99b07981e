"""Regions of a nation: the national figure times a factor, plus an addend; both are lines of regional_factors.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footloose.history.tables import Floats, read_table

COLUMNS = ("variable", "market", "site", "year", "factor", "addend", "source", "certainty")


@dataclass(frozen=True)
class Factors:
    """Factor and addend by (variable, market, site), each with one or more years."""

    table: Mapping[tuple[str, str, str], tuple[tuple[int, float, float], ...]]

    def along(self, variable: str, market: str, site: str, years: Sequence[int]) -> tuple[Floats, Floats]:
        """Return factor and addend; two arrays (year,). Straight lines between the years given, flat outside them.

        A region that is not in the table is like its nation: factor 1, addend 0.
        """
        points = self.table.get((variable, market, site), ((years[0], 1.0, 0.0),))
        at, factor, addend = (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
        when = np.array(years, dtype=np.float64)
        return np.interp(when, at, factor), np.interp(when, at, addend)


def read_factors() -> Factors:
    """Return every regional factor."""
    table: dict[tuple[str, str, str], list[tuple[int, float, float]]] = {}
    for line in read_table("regional_factors.csv", COLUMNS):
        key = (line["variable"], line["market"], line["site"])
        table.setdefault(key, []).append((line.year(), line.number("factor"), line.number("addend")))
    return Factors({key: tuple(sorted(points)) for key, points in table.items()})
