"""The duty before any trade-policy instrument: most-favoured-nation rates, preferences, and what was collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from footloose.errors import DataError
from footloose.history.tables import LONG_COLUMNS, Floats, Line, frozen, names_of, read_table

PREFERENCE_COLUMNS = ("market", "site", "sector", "first_year", "share_of_mfn", "source", "certainty")
Steps = dict[int, float]


def mfn_tariff(
    years: Sequence[int], markets: Sequence[str], sites: Sequence[str], sectors: Sequence[str]
) -> tuple[Floats, list[Line]]:
    """Return the duty that every market charges on every site's goods without the instruments of the policy record.

    Where the rate collected on a partner's sector was measured (United States 2013-17), that rate holds, carried back
    to 2010 and on after 2017. Elsewhere it is the applied MFN rate times the share of it that is paid under the trade
    agreements in force (preferences.csv; no line = the full rate). Home goods pay nothing.

    returns : (year, market, site, sector) [percent], and the lines it rests on
    """
    lines = read_table("tariff_base.csv", LONG_COLUMNS)
    applied = steps([line for line in lines if line["variable"] == "mfn_applied"], "year", "value")
    collected = steps([line for line in lines if line["variable"] == "us_collected"], "year", "value")
    shares = steps(read_table("preferences.csv", PREFERENCE_COLUMNS), "first_year", "share_of_mfn")
    table = np.empty((len(years), len(markets), len(sites), len(sectors)))
    for m, market in enumerate(markets):
        for j, site in enumerate(sites):
            for s, sector in enumerate(sectors):
                measured = found(collected, market, site, sector)
                if measured is not None:
                    table[:, m, j, s] = [held(measured, year) for year in years]
                    continue
                rate = applied.get((market, "", sector))
                if rate is None:
                    raise DataError(f"tariff_base.csv: no mfn_applied for {market}, {sector}")
                share = found(shares, market, site, sector) or found(shares, market, site, "") or {years[0]: 1.0}
                table[:, m, j, s] = [held(rate, year) * held(share, year) for year in years]
    return frozen(table), lines


def steps(lines: Sequence[Line], year: str, value: str) -> Mapping[tuple[str, str, str], Steps]:
    """Return value by year for each (market, site, sector); a value holds until the next."""
    table: dict[tuple[str, str, str], Steps] = {}
    for line in lines:
        own = table.setdefault((line["market"], line["site"], line["sector"]), {})
        if line.year(year) in own:
            raise DataError(f"{line.place}: given twice for {line[year]}")
        own[line.year(year)] = line.number(value)
    return table


def found(table: Mapping[tuple[str, str, str], Steps], market: str, site: str, sector: str) -> Steps | None:
    """Return the entry under the site's own name or its nation's."""
    for name in names_of(site):
        entry = table.get((market, name, sector))
        if entry is not None:
            return entry
    return None


def held(values: Steps, year: int) -> float:
    """Return the latest value not after `year`, or the first one for the years before it."""
    past = [given for given in values if given <= year]
    return values[max(past)] if past else values[min(values)]
