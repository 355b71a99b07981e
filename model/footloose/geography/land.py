"""Land and the way to the port: prices of industrial land, floor that goods need, the leg from inland to the coast."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footloose.errors import DataError
from footloose.geography.tables import Floats, Row, fill, frozen, of_variable, position, read_long


@dataclass(frozen=True, eq=False)
class Land:
    """Tables of land.csv on the axes of a geography; straight lines between the years given, level after the last.

    years            : (anchor,)              years with values
    price            : (anchor, site)         USD per m2 of land
    inland_leg       : (anchor, market, site) USD per FEU from the plant to the coast; 0 where there is no such leg
    floor_area_ratio : (site,)                m2 of floor per m2 of land
    floor_space      : (sector,)              m2 of floor per USD thousand of yearly output
    upper_floors     : (sector,)              fraction of floor space that may lie on upper floors
    """

    years: Floats
    price: Floats
    inland_leg: Floats
    floor_area_ratio: Floats
    floor_space: Floats
    upper_floors: Floats

    def price_in(self, year: int) -> Floats:
        """Return the price of industrial land, (site,) [USD per m2]."""
        return _between(self.years, self.price, year)

    def inland_leg_in(self, year: int) -> Floats:
        """Return the cost of a container to the coast, (market, site) [USD per FEU]."""
        return _between(self.years, self.inland_leg, year)


@functools.cache
def load_land(markets: tuple[str, ...], sectors: tuple[str, ...], sites: tuple[str, ...]) -> Land:
    """Return the land tables on these axes.

    raises: DataError for a name off the axes, a missing site or sector, or a number that is not positive
    """
    return build_land(read_long("land.csv"), markets, sectors, sites)


def build_land(rows: Sequence[Row], markets: tuple[str, ...], sectors: tuple[str, ...], sites: tuple[str, ...]) -> Land:
    """Return the land tables from the rows of a long table; see `load_land`."""
    for row in rows:
        if row.value <= 0.0:
            raise DataError(f"{row.place}, column value: {row.value:g} given; {row.variable} must be positive")
    years = sorted({_year(row) for row in rows if row.year})
    anchors = np.array(years, dtype=np.float64)
    price = _filled(_on_years(rows, "land_price", {"site": sites}, years), "land_price", years, sites)
    leg = _on_years(rows, "inland_leg", {"market": markets, "site": sites}, years)
    flat = leg.reshape(len(years), -1)
    given = ~np.isnan(flat).all(axis=0)
    flat[:, ~given] = 0.0
    for column in np.flatnonzero(given):
        flat[:, column] = _interpolated(anchors, flat[:, column])
    land = Land(
        anchors,
        price,
        leg,
        fill(rows, "floor_area_ratio", {"site": sites}),
        fill(rows, "floor_space", {"sector": sectors}),
        fill(rows, "upper_floors", {"sector": sectors}),
    )
    for table in (land.years, price, leg, land.floor_area_ratio, land.floor_space, land.upper_floors):
        frozen(table)
    return land


def _on_years(rows: Sequence[Row], variable: str, axes: Mapping[str, Sequence[str]], years: Sequence[int]) -> Floats:
    """Return one variable on (anchor year, axes); NaN where nothing is given."""
    table = np.full((len(years), *(len(members) for members in axes.values())), np.nan)
    places = {column: {name: n for n, name in enumerate(members)} for column, members in axes.items()}
    for row in of_variable(rows, variable):
        cell = tuple(position(row.place, column, getattr(row, column), places[column]) for column in axes)
        index = (years.index(_year(row)), *cell)
        if not np.isnan(table[index]):
            raise DataError(f"{row.place}: {variable} is given twice")
        table[index] = row.value
    return table


def _filled(table: Floats, variable: str, years: Sequence[int], sites: Sequence[str]) -> Floats:
    """Return the table with straight lines between the years given; every site must have one."""
    for column, site in enumerate(sites):
        if np.isnan(table[:, column]).all():
            raise DataError(f"no value of {variable} for {site}")
        table[:, column] = _interpolated(np.array(years, dtype=np.float64), table[:, column])
    return table


def _interpolated(years: Floats, values: Floats) -> Floats:
    known = ~np.isnan(values)
    return np.interp(years, years[known], values[known])


def _between(years: Floats, table: Floats, year: int) -> Floats:
    """Return a row between the two anchors around a year; the first and last hold beyond."""
    after = int(np.clip(np.searchsorted(years, year), 1, len(years) - 1))
    first, last = years[after - 1], years[after]
    weight = float(np.clip((year - first) / (last - first), 0.0, 1.0))
    return np.asarray((1.0 - weight) * table[after - 1] + weight * table[after], dtype=np.float64)


def _year(row: Row) -> int:
    if len(row.year) != 4 or not row.year.isdigit():
        raise DataError(f"{row.place}, column year: {row.year!r} is not a year")
    return int(row.year)
