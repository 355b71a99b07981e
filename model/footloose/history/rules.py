"""Dated rules about owners, sectors and places: who may build where, what knowledge is worth protecting there.

A table of rules has the columns of the long tables. A row holds from 1 January of its year, for all owners, sectors or
sites where these cells are empty, until a later row, or one further down for the same year, changes the same cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footloose.dated import DatedPath
from footloose.errors import DataError
from footloose.history.tables import LONG_COLUMNS, Floats, Line, frozen, parse_table, read_table


@dataclass(frozen=True)
class Axes:
    """The axes a table of rules is spread on; groups: name -> sites, every country and site among them."""

    origins: Sequence[str]
    sectors: Sequence[str]
    sites: Sequence[str]
    groups: Mapping[str, Sequence[str]]


def load_rules(name: str, limits: Mapping[str, float], years: Sequence[int], axes: Axes) -> dict[str, Floats]:
    """Return the rules of a table of the package by variable; each (year, origin, sector, site).

    limits : the variables the table must have, with the largest value of each; the least is 0
    raises : DataError for an unknown name, a value out of range, a variable without rows
    """
    return spread_rules(read_table(name, LONG_COLUMNS), limits, years, axes)


def rules_of_text(
    name: str, text: str, limits: Mapping[str, float], years: Sequence[int], axes: Axes
) -> dict[str, Floats]:
    """Return the rules of a table given as text; see `load_rules`."""
    return spread_rules(parse_table(name, text, LONG_COLUMNS), limits, years, axes)


def spread_rules(
    lines: Sequence[Line], limits: Mapping[str, float], years: Sequence[int], axes: Axes
) -> dict[str, Floats]:
    """Return lines as tables over (year, origin, sector, site), zero where no line says anything."""
    shape = (len(years), len(axes.origins), len(axes.sectors), len(axes.sites))
    tables = {variable: np.zeros(shape) for variable in limits}
    said = set()
    for line in sorted(lines, key=lambda line: line.year()):
        variable = line.member("variable", tuple(limits))
        value = line.number("value")
        if not 0.0 <= value <= limits[variable]:
            raise DataError(
                f"{line.place}, column value: {value:g}; {variable} lies between 0 and {limits[variable]:g}"
            )
        origins = _one_or_all(line, "origin", axes.origins)
        sectors = _one_or_all(line, "sector", axes.sectors)
        sites = _sites(line, axes)
        first = max(0, line.year() - years[0])
        tables[variable][np.ix_(range(first, len(years)), origins, sectors, sites)] = value
        said.add(variable)
    missing = sorted(set(limits) - said)
    if missing:
        raise DataError(f"no row of {', '.join(missing)}")
    for table in tables.values():
        frozen(table)
    return tables


def in_force(record: Floats, path: DatedPath, year: int) -> Floats:
    """Return the record's values of a year, replaced by a path from its first day on; day-weighted."""
    after = path.in_year(year, before=0.0)
    still_record = path.in_year(year, before=1.0) - after
    return np.asarray(still_record * record + after)


def broadest_first(places: Iterable[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return names of places so that what is said of a part comes after what is said of the whole."""
    return sorted(places, key=lambda place: (-len(groups[place]), place))


def all_first(sectors: Iterable[str]) -> list[str]:
    """Return names of sectors so that what is said of one comes after what is said of all."""
    return sorted(sectors, key=lambda sector: (sector != "all", sector))


def _one_or_all(line: Line, column: str, members: Sequence[str]) -> list[int]:
    if not line[column]:
        return list(range(len(members)))
    return [list(members).index(line.member(column, members))]


def _sites(line: Line, axes: Axes) -> list[int]:
    if not line["site"]:
        return list(range(len(axes.sites)))
    chosen = axes.groups[line.member("site", tuple(axes.groups))]
    return [list(axes.sites).index(site) for site in chosen]
