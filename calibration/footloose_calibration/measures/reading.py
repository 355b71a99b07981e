"""A record made ready for measuring: tables averaged over replicates, years and places found by name."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from footloose.history import load_history
from footloose.record import Record

Floats = npt.NDArray[np.float64]
Index = list[int]

HOME = "united_states"
"""The market and country that the documents tell of."""
ASIANS = "japan+korea+taiwan+china"
"""Owners at home in Asia; the few others of Asia are inside `other`."""


class Absent(Exception):
    """The record has not got what a measure needs."""


def ratio(part: float, whole: float) -> float:
    """Return part over whole.

    raises: Absent where there is nothing to divide by
    """
    if not whole > 0.0:
        raise Absent("nothing to divide by")
    return float(part / whole)


def yearly_growth(before: float, after: float, years: int) -> float:
    """Return mean growth, percent a year.

    raises: Absent where there was nothing before
    """
    return 100.0 * (float(ratio(after, before) ** (1.0 / years)) - 1.0)


class Reading:
    """A record as measures read it; (year, ...) for every table."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.geography = record.geography
        self._tables: dict[str, Floats] = {}
        self._indices: dict[tuple[str, str], Index] = {}
        self._cuts: dict[tuple[str, str, str], Floats] = {}

    def table(self, name: str) -> Floats:
        """Return a table averaged over replicates; (year, ...).

        raises: Absent
        """
        if name not in self._tables:
            try:
                values = self.record.tables[name]
            except KeyError:
                raise Absent(name) from None
            self._tables[name] = values[0] if values.shape[0] == 1 else values.mean(axis=0)
        return self._tables[name]

    def cut(self, name: str, owners: str, places: str) -> Floats:
        """Return these owners and sites of a table (origin, sector, site); (year, owner, sector, site).

        raises: Absent
        """
        known = self._cuts.get((name, owners, places))
        if known is None:
            known = self.table(name)[:, self.owners(owners)][:, :, :, self.sites(places)]
            self._cuts[name, owners, places] = known
        return known

    def year(self, year: int) -> int:
        """Return the position of a year.

        raises: Absent beyond the run
        """
        place = year - self.record.years[0]
        if not 0 <= place < len(self.record.years):
            raise Absent(str(year))
        return place

    def span(self, first: int, last: int) -> slice:
        """Return the positions of years, both ends counted.

        raises: Absent
        """
        return slice(self.year(first), self.year(last) + 1)

    def sites(self, groups: str) -> Index:
        """Return positions of sites in a group, country or site, or in any of several joined by `+`."""
        return self._found("site", groups)

    def sectors(self, names: str) -> Index:
        """Return positions of sectors joined by `+`; `goods` is all but research."""
        return self._found("sector", names)

    def owners(self, names: str) -> Index:
        """Return positions of homes of owners joined by `+`; `foreign` is all but the United States."""
        return self._found("origin", names)

    def _found(self, axis: str, names: str) -> Index:
        known = self._indices.get((axis, names))
        if known is None:
            geography, each = self.geography, names.split("+")
            if names == "goods":
                known = [n for n, sector in enumerate(geography.sectors) if sector != "research"]
            elif names == "foreign":
                known = [n for n, origin in enumerate(geography.origins) if origin != HOME]
            elif axis == "site":
                known = sorted({site for name in each for site in geography.sites_in(name)})
            elif axis == "origin":
                known = [geography.origin(name) for name in each]
            else:
                known = [geography.sector(name) for name in each]
            self._indices[axis, names] = known
        return known

    @cached_property
    def bought(self) -> Floats:
        """What markets buy from each site, owners summed; (year, market, sector, site) USD million of 2010."""
        return np.asarray(self.table("sales").sum(axis=3))

    @cached_property
    def imports(self) -> Floats:
        """What the United States buy outside it; (year, sector, site) USD million of 2010."""
        home = self.geography.market(HOME)
        flows = self.bought[:, home].copy()
        flows[:, :, self.sites(HOME)] = 0.0
        return flows

    @cached_property
    def output(self) -> Floats:
        """Output; (year, sector, site) USD million of 2010."""
        return np.asarray(self.bought.sum(axis=1))

    def price(self, year: int) -> float:
        """Return prices of goods in a year, 2010 = 1: turns constant into current dollars."""
        geography = self.geography
        history = load_history(geography.markets, geography.sites, geography.sectors)
        return float(history.of("goods_price", year) / history.of("goods_price", self.record.years[0]))
