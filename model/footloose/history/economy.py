"""Growth of gross domestic product, for the share of manufacturing in it."""

from __future__ import annotations

from functools import cache

import numpy as np

from footloose.history.tables import LONG_COLUMNS, Floats, read_table


@cache
def load_gdp_index(first_year: int = 2010) -> dict[str, Floats]:
    """Return real gross domestic product by country, first year 1; country -> (year,)."""
    growth: dict[str, list[float]] = {}
    for line in read_table("gdp_growth.csv", LONG_COLUMNS):
        if line.year() > first_year:
            growth.setdefault(line["site"], []).append(1.0 + line.number("value") / 100.0)
    return {country: np.asarray(np.cumprod([1.0, *rates]), dtype=np.float64) for country, rates in growth.items()}
