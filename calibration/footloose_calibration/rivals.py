"""Naive rivals of the model: what one would have said without it. A model that cannot beat them explains nothing.

no change : everything stays as it was first observed, 2010 or the first year known
trend     : a straight line through what was known up to the middle of the window, drawn out to its end

They speak about targets for which there is something to continue; for the others they say NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from footloose_calibration.documented import load_figures
from footloose_calibration.measures import understood
from footloose_calibration.measures.imports import BASKET
from footloose_calibration.official import load_official, official_basket_share, official_share
from footloose_calibration.targets import Target

Series = Mapping[int, float]
BASE_YEAR = 2010
LEVEL, RATIO, CHANGE, RATE, GROWTH = "level", "ratio", "change", "change a year", "growth"

SHAPES = {
    "announced_jobs": LEVEL,
    "high_tech_share": LEVEL,
    "import_share": LEVEL,
    "industry_import_share": LEVEL,
    "manufacturing_jobs": LEVEL,
    "manufacturing_share": LEVEL,
    "robot_density": LEVEL,
    "textile_export_share": LEVEL,
    "announced_jobs_ratio": RATIO,
    "construction_multiple": RATIO,
    "import_share_ratio": RATIO,
    "manufacturing_jobs_ratio": RATIO,
    "manufacturing_share_ratio": RATIO,
    "textile_export_share_ratio": RATIO,
    "basket_share_change": CHANGE,
    "high_tech_share_rise": RATE,
    "import_share_change": CHANGE,
    "industry_import_share_change": CHANGE,
    "manufacturing_jobs_change": CHANGE,
    "manufacturing_share_change": RATE,
    "region_share_change": CHANGE,
    "entry_jobs_growth": GROWTH,
    "high_tech_growth": GROWTH,
    "import_growth": GROWTH,
    "industry_employment_growth": GROWTH,
    "owner_growth": GROWTH,
    "parts_trade_growth": GROWTH,
    "rcep_investment_growth": GROWTH,
    "robot_orders_growth": GROWTH,
}
"""How a quantity comes from a level; quantities that are not here have no rival."""

EARLIER = {
    "ri_jobs_per_year_tariff_era": "ri_jobs_per_year_market_era",
    "ri_jobs_per_year_subsidy_era": "ri_jobs_per_year_market_era",
    "ri_jobs_2022": "ri_jobs_per_year_market_era",
    "drv_jobs_2021": "ri_jobs_per_year_market_era",
    "cn_hightech_fdi_share_2022": "cn_hightech_fdi_share_2015",
}
"""Targets whose level the documents themselves have for an earlier time."""


def no_change(target: Target) -> float:
    """Return the target's number had nothing changed since it was first known; NaN where nothing was known."""
    shape = SHAPES.get(target.quantity.split(" ", maxsplit=1)[0]) if target.quantity else None
    if shape is None:
        return math.nan
    if shape == RATIO:
        return 1.0
    if shape in (CHANGE, RATE, GROWTH):
        return 0.0
    if target.id in EARLIER:
        return float(load_figures()[EARLIER[target.id]]["low"])
    known = {year: value for year, value in observed(target).items() if year < target.last}
    return known[min(known)] if known else math.nan


def trend(target: Target) -> float:
    """Return the target's number on the straight line of what was known by the middle of the window, NaN without one.

    The window runs from the first year of the quantity, or the first one known, to its last.
    """
    shape = SHAPES.get(target.quantity.split(" ", maxsplit=1)[0]) if target.quantity else None
    series = observed(target)
    if shape is None or not series:
        return math.nan
    years = [one for one in understood(target.quantity)[1] if isinstance(one, int)]
    first = min([*years[:-1], min(series)])
    last, middle = years[-1], (first + years[-1]) // 2
    known = {year: value for year, value in series.items() if first <= year <= middle}
    if len(known) < 2:
        return math.nan
    slope, intercept = np.polyfit(list(known), list(known.values()), 1)

    def line(year: int) -> float:
        return float(intercept + slope * year)

    if shape == LEVEL:
        return line(last)
    before = series.get(years[0], line(years[0])) if years[0] <= middle else line(years[0])
    if shape in (CHANGE, RATE):
        return (line(last) - before) / (1 if shape == CHANGE else last - years[0])
    if shape == RATIO:
        return line(last) / before
    return 100.0 * (math.pow(line(last) / before, 1.0 / (last - years[0])) - 1.0)


def observed(target: Target) -> Series:
    """Return the official level behind a quantity by year, as far as there is one."""
    if not target.quantity:
        return {}
    name, arguments = target.quantity.split(" ", maxsplit=1)[0], understood(target.quantity)[1]
    words = [one for one in arguments if isinstance(one, str)]
    starts = min([one for one in arguments if isinstance(one, int)], default=BASE_YEAR)
    table = load_official()
    if name.startswith("manufacturing_jobs"):
        return _series(lambda year: table["employment", "united_states", "all", year])
    if name == "industry_employment_growth":
        return _series(lambda year: table["employment", "united_states", words[0], year])
    if name.startswith("manufacturing_share"):
        return _series(lambda year: table["manufacturing_share", words[0], "all", year])
    if name == "robot_density":
        return _series(lambda year: table["robot_density", words[0], "all", year])
    if name == "region_share_change":
        return _series(lambda year: table["regional_share", words[1], words[0], year])
    if name == "basket_share_change":
        return _series(lambda year: official_basket_share(words[0], year, tuple(BASKET.split("+"))))
    if name.startswith("industry_import_share"):
        return _series(lambda year: official_share(words[1], words[0], year))
    if name == "import_growth":
        return _series(lambda year: table["imports", words[0], "all", year])
    if name.startswith("import_share"):
        return _series(lambda year: official_share(words[0], "goods" if starts > BASE_YEAR else "all", year))
    return {}


def _series(value: Callable[[int], float]) -> Series:
    """Return a value by year, leaving out years that the table has not got."""
    found: dict[int, float] = {}
    for year in range(BASE_YEAR, 2025):
        try:
            found[year] = value(year)
        except KeyError:
            continue
    return found
