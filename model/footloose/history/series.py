"""Exogenous series by year: measured or estimated to 2024-25, then carried to 2035 by growth rules that are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from footloose.errors import DataError
from footloose.history.continuation import Rule, carry, read_rules, rule_texts
from footloose.history.duties import mfn_tariff
from footloose.history.regions import Factors, read_factors
from footloose.history.tables import LONG_COLUMNS, Floats, Line, frozen, names_of, read_table

FIRST_YEAR = 2010
LAST_YEAR = 2035
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "wage": ("site",),
    "productivity": ("site",),
    "output_per_value_added": ("site",),
    "electricity": ("site",),
    "corporate_tax": ("site",),
    "grid_carbon": ("site",),
    "robot_density": ("site",),
    "exchange_rate": ("site",),
    "freight": ("market", "site"),
    "transit_days": ("market", "site"),
    "demand": ("market", "sector"),
    "collection_ratio": ("market",),
    "robot_price": (),
    "goods_price": (),
}
"""Axes of each series after the year."""


@dataclass(frozen=True)
class Provenance:
    """Where a series comes from: its unit, sources, certainty letters, the years in the table, the rule after them."""

    variable: str
    unit: str
    source: str
    certainty: str
    first_year: int
    last_year: int
    growth_rule: str


@dataclass(frozen=True, eq=False)
class History:
    """Exogenous series; the first axis is the year, 2010 to 2035, the others are those of DIMENSIONS.

    wage (year, site) [USD per hour]; productivity (year, site) [constant USD of value added per worker];
    output_per_value_added (year, site) [index 2010 = 1], both in real terms;
    electricity (year, site) [USD per kWh]; corporate_tax (year, site) [percent]; grid_carbon (year, site) [gCO2/kWh];
    robot_density (year, site) [robots per 10,000 workers]; exchange_rate (year, site) [index 2010 = 1];
    freight (year, market, site) [USD per FEU]; transit_days (year, market, site) [days];
    demand (year, market, sector) [index 2010 = 1]; collection_ratio (year, market) [collected over statutory duty];
    robot_price (year,) [USD]; goods_price (year,) [index 2010 = 1];
    mfn_tariff (year, market, site, sector) [percent]
    """

    years: tuple[int, ...]
    series: Mapping[str, Floats]
    provenance: tuple[Provenance, ...]

    def of(self, variable: str, year: int) -> Floats:
        """Return one year of a series."""
        return np.asarray(self.series[variable][self.years.index(year)])


@cache
def load_history(markets: tuple[str, ...], sites: tuple[str, ...], sectors: tuple[str, ...]) -> History:
    """Return every exogenous series on the axes given.

    Raises DataError where a table has no value for a member of an axis, or a broken line.
    """
    axes = {"market": markets, "site": sites, "sector": sectors}
    lines, rules, factors = read_table("series.csv", LONG_COLUMNS), read_rules(), read_factors()
    series: dict[str, Floats] = {}
    provenance = []
    for variable, dimensions in DIMENSIONS.items():
        own = [line for line in lines if line["variable"] == variable]
        given = by_place(own)
        members = [axes[dimension] for dimension in dimensions]
        paths = [
            path(variable, dict(zip(dimensions, place, strict=True)), given, rules, factors)
            for place in product(*members)
        ]
        table = np.stack(paths, axis=1).reshape(len(YEARS), *(len(names) for names in members))
        series[variable] = frozen(table)
        provenance.append(describe(variable, own, rules))
    series["mfn_tariff"], duty_lines = mfn_tariff(YEARS, markets, sites, sectors)
    provenance.append(describe("mfn_tariff", duty_lines, rules, unit="percent"))
    return History(YEARS, series, tuple(provenance))


def by_place(lines: Iterable[Line]) -> dict[tuple[str, str, str], dict[int, float]]:
    """Return value by year for each (market, site, sector) of one variable; a line without a year holds for all."""
    given: dict[tuple[str, str, str], dict[int, float]] = {}
    for line in lines:
        values = given.setdefault((line["market"], line["site"], line["sector"]), {})
        for year in YEARS if not line["year"] else (line.year(),):
            if year in values:
                raise DataError(f"{line.place}: {line['variable']} is given twice for {year}")
            values[year] = line.number("value")
    return given


def path(
    variable: str,
    place: Mapping[str, str],
    given: Mapping[tuple[str, str, str], Mapping[int, float]],
    rules: Sequence[Rule],
    factors: Factors,
) -> Floats:
    """Return one member's values; (year,). A region without lines of its own takes its nation's and a factor."""
    market, site, sector = place.get("market", ""), place.get("site", ""), place.get("sector", "")
    for name in names_of(site):
        values = given.get((market, name, sector))
        if values is None:
            continue
        carried = carry(variable, market, name, sector, values, rules, YEARS)
        if name == site:
            return carried
        factor, addend = factors.along(variable, market, site, YEARS)
        return carried * factor + addend
    raise DataError(f"series.csv: no {variable} for {', '.join(name for name in place.values())}")


def describe(variable: str, lines: Sequence[Line], rules: Sequence[Rule], unit: str = "") -> Provenance:
    """Return where the lines of one variable come from."""
    if not lines:
        raise DataError(f"series.csv: no rows for {variable}")
    years = [line.year() for line in lines if line["year"]] or [FIRST_YEAR, LAST_YEAR]
    units = {line["unit"] for line in lines}
    if len(units) != 1:
        raise DataError(f"{lines[0].place}: {variable} has several units: {', '.join(sorted(units))}")
    return Provenance(
        variable,
        unit or units.pop(),
        " | ".join(dict.fromkeys(line["source"] for line in lines)),
        "".join(sorted({line["certainty"] for line in lines})),
        min(years),
        max(years),
        rule_texts(variable, rules),
    )
