"""Loads the trade agreements with rules of origin: who belongs to them, what they ask for, what they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from footloose.dated import DatedPath
from footloose.errors import DataError
from footloose.history.duties import held, steps
from footloose.history.tables import LONG_COLUMNS, Floats, Line, frozen, names_of, read_table

COLUMNS = ("agreement", "variable", "unit", "site", "sector", "date", "value", "source", "certainty")
BY_SITE = ("member", "margin", "utilisation", "duty_without_origin")
BY_SECTOR = ("required_content",)
EVERY = "all"


@dataclass(frozen=True, eq=False)
class Agreements:
    """Agreements by year; averages of a year where something changes within it.

    names    : agreements in the order of the table; of two that hold between a market and a site, the later counts
    member   : (year, agreement, site)   1 where a site belongs to it
    required : (year, agreement, sector) content from members that gives origin, fraction of value
    margin   : (year, agreement, site)   share of the ordinary rate that goods with origin do not pay
    used     : (year, agreement, site)   share of trade with the preference, on which the rates of the record rest
    without  : (year, agreement, site)   duty that goods without origin pay on top, 0.25 = 25 %
    applied  : (year, market, sector)    ordinary (most-favoured-nation) rate, 0.25 = 25 %
    """

    names: tuple[str, ...]
    member: Floats
    required: Floats
    margin: Floats
    used: Floats
    without: Floats
    applied: Floats


@cache
def agreement_names() -> tuple[str, ...]:
    """Return the names of the agreements in the order of the table."""
    return tuple(dict.fromkeys(line["agreement"] for line in read_table("agreements.csv", COLUMNS)))


@cache
def load_agreements(
    years: tuple[int, ...], markets: tuple[str, ...], sites: tuple[str, ...], sectors: tuple[str, ...]
) -> Agreements:
    """Return the agreements of the package.

    Raises DataError for an unknown name, a bad date, a date given twice, or an agreement that asks for nothing.
    """
    lines = read_table("agreements.csv", COLUMNS)
    for line in lines:
        line.member("variable", BY_SITE + BY_SECTOR)
    names = agreement_names()
    by_site = {variable: _by_site(lines, variable, names, years, sites) for variable in BY_SITE}
    return Agreements(
        names=names,
        member=by_site["member"],
        required=_by_sector(lines, names, years, sectors),
        margin=frozen(by_site["margin"] / 100.0),
        used=frozen(by_site["utilisation"] / 100.0),
        without=frozen(by_site["duty_without_origin"] / 100.0),
        applied=_applied(years, markets, sectors),
    )


def _by_site(
    lines: Sequence[Line], variable: str, names: Sequence[str], years: Sequence[int], sites: Sequence[str]
) -> Floats:
    table = np.zeros((len(years), len(names), len(sites)))
    known = {name for site in sites for name in names_of(site)}
    for (agreement, name), path in _paths(lines, variable, "site", tuple(known)).items():
        columns = [column for column, site in enumerate(sites) if name in names_of(site)]
        table[:, names.index(agreement), columns] = _yearly(path, years)[:, None]
    return frozen(table)


def _by_sector(lines: Sequence[Line], names: Sequence[str], years: Sequence[int], sectors: Sequence[str]) -> Floats:
    table = np.full((len(years), len(names), len(sectors)), np.nan)
    paths = _paths(lines, "required_content", "sector", (EVERY, *sectors))
    for (agreement, name), path in sorted(paths.items(), key=lambda item: item[0][1] != EVERY):
        place = slice(None) if name == EVERY else sectors.index(name)
        values = _yearly(path, years)[:, None] if name == EVERY else _yearly(path, years)
        table[:, names.index(agreement), place] = values / 100.0
    if np.isnan(table).any():
        missing = names[int(np.argwhere(np.isnan(table))[0][1])]
        raise DataError(f"agreements.csv: {missing} has no required_content for all sectors")
    return frozen(table)


def _paths(
    lines: Sequence[Line], variable: str, column: str, allowed: Sequence[str]
) -> dict[tuple[str, str], DatedPath]:
    days: dict[tuple[str, str], dict[date, float]] = {}
    for line in lines:
        if line["variable"] != variable:
            continue
        own = days.setdefault((line["agreement"], line.member(column, allowed)), {})
        try:
            day = date.fromisoformat(line["date"])
        except ValueError:
            raise DataError(f"{line.place}, column date: {line['date']!r} is not a date like 2020-07-01") from None
        if day in own:
            raise DataError(f"{line.place}: given twice for {line['date']}")
        own[day] = line.number("value")
    return {key: DatedPath.of(values) for key, values in days.items()}


def _yearly(path: DatedPath, years: Sequence[int]) -> Floats:
    return np.array([path.in_year(year) for year in years])


def _applied(years: Sequence[int], markets: Sequence[str], sectors: Sequence[str]) -> Floats:
    lines = [line for line in read_table("tariff_base.csv", LONG_COLUMNS) if line["variable"] == "mfn_applied"]
    rates: Mapping[tuple[str, str, str], dict[int, float]] = steps(lines, "year", "value")
    table = [[[held(rates[market, "", sector], year) for sector in sectors] for market in markets] for year in years]
    return frozen(np.array(table) / 100.0)
