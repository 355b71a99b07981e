"""Sites, markets, sectors, origins and shores: the axes of all tables, labels, groups and sector traits."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from footloose.errors import DataError, UnknownName
from footloose.geography.tables import (
    Bools,
    Floats,
    Ints,
    fill,
    frozen,
    index_of,
    number,
    position,
    read_long,
    read_rows,
)

SITE_COLUMNS = (
    "site",
    "label_en",
    "label_zh",
    "country",
    "home_origin",
    "nest",
    "longitude",
    "latitude",
    "source",
)
TRAIT_NAMES = (
    "labour_share",
    "energy_share",
    "input_share",
    "capital_per_output",
    "routine_share",
    "robot_feasibility",
    "time_cost_per_day",
    "value_per_container",
    "freight_share",
    "data_intensity",
    "high_tech",
    "rd_intensity",
    "build_years",
    "trade_elasticity",
    "large_project_share",
)

Lines = list[tuple[str, dict[str, str]]]


@dataclass(frozen=True, eq=False)
class Geography:
    """The axes, in the order of their tables, and what does not change over time.

    country_of_site, nest_of_site : (site,)          index into countries, nests
    country_of_market             : (market,)        index into countries: whose home market it is
    shore_of                      : (market, site)   index into shores
    home_of                       : (origin, site)   True where the site is at the owner's home
    coordinates                   : (site, 2)        longitude, latitude [degrees]
    traits                        : name -> (sector,) units in sector_traits.csv
    groups                        : name -> sites; every country and every site is a group too
    labels                        : "en" or "zh" -> name -> label
    """

    markets: tuple[str, ...]
    sites: tuple[str, ...]
    sectors: tuple[str, ...]
    origins: tuple[str, ...]
    shores: tuple[str, ...]
    nests: tuple[str, ...]
    countries: tuple[str, ...]
    country_of_site: Ints
    nest_of_site: Ints
    country_of_market: Ints
    shore_of: Ints
    home_of: Bools
    groups: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]]
    coordinates: Floats
    traits: Mapping[str, Floats]

    def site(self, name: str) -> int:
        """Return the index of a site; raises UnknownName."""
        return _find("site", name, self.sites)

    def market(self, name: str) -> int:
        """Return the index of a market; raises UnknownName."""
        return _find("market", name, self.markets)

    def sector(self, name: str) -> int:
        """Return the index of a sector; raises UnknownName."""
        return _find("sector", name, self.sectors)

    def origin(self, name: str) -> int:
        """Return the index of an origin; raises UnknownName."""
        return _find("origin", name, self.origins)

    def sites_in(self, group: str) -> tuple[int, ...]:
        """Return the indices of the sites of a group, country or site, in axis order; raises UnknownName."""
        if group not in self._sites_in:
            raise UnknownName("group", group, self.groups)
        return self._sites_in[group]

    @functools.cached_property
    def _sites_in(self) -> Mapping[str, tuple[int, ...]]:
        return {group: tuple(map(self.sites.index, names)) for group, names in self.groups.items()}


def _find(kind: str, name: str, members: Sequence[str]) -> int:
    if name not in members:
        raise UnknownName(kind, name, members)
    return members.index(name)


@functools.cache
def load_geography() -> Geography:
    """Return the geography of the package's tables; raises DataError when a table does not fit the axes."""
    site_lines = read_rows("sites.csv", SITE_COLUMNS)
    market_lines = read_rows("markets.csv", ("market", "label_en", "label_zh", "home_country"))
    sector_lines = read_rows("sectors.csv", ("sector", "label_en", "label_zh", "high_tech", "source"))
    origin_lines = read_rows("origins.csv", ("origin", "label_en", "label_zh"))
    label_lines = read_rows("labels.csv", ("axis", "name", "label_en", "label_zh"))
    sites, markets = _members(site_lines, "site"), _members(market_lines, "market")
    sectors, origins = _members(sector_lines, "sector"), _members(origin_lines, "origin")
    shores, nests, countries = (_listed(label_lines, axis) for axis in ("shore", "nest", "country"))
    named = [
        (market_lines, "market"),
        (site_lines, "site"),
        (sector_lines, "sector"),
        (origin_lines, "origin"),
    ]
    geography = Geography(
        markets=markets,
        sites=sites,
        sectors=sectors,
        origins=origins,
        shores=shores,
        nests=nests,
        countries=countries,
        country_of_site=_column(site_lines, "country", countries),
        nest_of_site=_column(site_lines, "nest", nests),
        country_of_market=_column(market_lines, "home_country", countries),
        shore_of=_shores(markets, sites, shores),
        home_of=_homes(site_lines, origins),
        groups=MappingProxyType(_groups(site_lines, sites, countries)),
        labels=_labels([*named, (origin_lines, "origin"), (label_lines, "name")]),
        coordinates=_coordinates(site_lines),
        traits=MappingProxyType(_traits(sectors)),
    )
    for table in (geography.shore_of, geography.home_of, geography.coordinates, *geography.traits.values()):
        frozen(table)
    for index in (geography.country_of_site, geography.nest_of_site, geography.country_of_market):
        frozen(index)
    return geography


def _members(lines: Lines, column: str) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for place, cells in lines:
        if not cells[column] or cells[column] in seen:
            raise DataError(f"{place}, column {column}: {cells[column]!r} is empty or there twice")
        seen[cells[column]] = None
    return tuple(seen)


def _listed(lines: Lines, axis: str) -> tuple[str, ...]:
    return _members([(place, cells) for place, cells in lines if cells["axis"] == axis], "name")


def _column(lines: Lines, column: str, members: Sequence[str]) -> Ints:
    places = index_of(members)
    return np.array([position(place, column, cells[column], places) for place, cells in lines], dtype=np.int64)


def _shores(markets: Sequence[str], sites: Sequence[str], shores: Sequence[str]) -> Ints:
    table = np.full((len(markets), len(sites)), -1, dtype=np.int64)
    for place, cells in read_rows("shores.csv", ("market", "site", "shore")):
        market = position(place, "market", cells["market"], index_of(markets))
        site = position(place, "site", cells["site"], index_of(sites))
        table[market, site] = position(place, "shore", cells["shore"], index_of(shores))
    if (table < 0).any():
        market, site = np.argwhere(table < 0)[0]
        raise DataError(f"shores.csv: no row for market {markets[market]}, site {sites[site]}")
    return table


def _homes(lines: Lines, origins: Sequence[str]) -> Bools:
    table = np.zeros((len(origins), len(lines)), dtype=np.bool_)
    for site, (place, cells) in enumerate(lines):
        for name in cells["home_origin"].split():
            table[position(place, "home_origin", name, index_of(origins)), site] = True
    return table


def _groups(lines: Lines, sites: tuple[str, ...], countries: Sequence[str]) -> dict[str, tuple[str, ...]]:
    groups = {country: tuple(c["site"] for _, c in lines if c["country"] == country) for country in countries}
    written: dict[str, list[str]] = {}
    for place, cells in read_rows("groups.csv", ("group", "site")):
        position(place, "site", cells["site"], index_of(sites))
        if cells["group"] in groups or cells["group"] in sites:
            raise DataError(f"{place}, column group: {cells['group']!r} is the name of a country or site")
        written.setdefault(cells["group"], []).append(cells["site"])
    groups |= {name: tuple(site for site in sites if site in chosen) for name, chosen in written.items()}
    return groups | {site: groups.get(site, (site,)) for site in sites} | {"all": sites}


def _labels(tables: Sequence[tuple[Lines, str]]) -> Mapping[str, Mapping[str, str]]:
    labels: dict[str, dict[str, str]] = {"en": {}, "zh": {}}
    for lines, column in tables:
        for place, cells in lines:
            for language, known in labels.items():
                text = cells[f"label_{language}"]
                if not text or known.setdefault(cells[column], text) != text:
                    raise DataError(f"{place}, column label_{language}: {text!r} is empty or differs elsewhere")
    return MappingProxyType({language: MappingProxyType(known) for language, known in labels.items()})


def _coordinates(lines: Lines) -> Floats:
    table = [[number(p, column, cells[column]) for column in ("longitude", "latitude")] for p, cells in lines]
    return np.array(table, dtype=np.float64)


def _traits(sectors: Sequence[str]) -> dict[str, Floats]:
    rows = read_long("sector_traits.csv")
    unknown = {row.variable for row in rows} - set(TRAIT_NAMES)
    if unknown:
        raise DataError(f"sector_traits.csv: unknown variables {', '.join(sorted(unknown))}")
    return {name: fill(rows, name, {"sector": sectors}) for name in TRAIT_NAMES}
