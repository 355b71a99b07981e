"""Foresight: what firms that decide a plant count on of a dated path, such as a quota or a price of carbon.

Until its announcement nobody knows what is to come and today's value is taken for lasting; from then on the path is
known, and a plant counts on its mean over the horizon, discounted: sum_h d^h x_{t+h} / sum_h d^h, d = 1 / (1 + r), as
for the duties of a scenario (beliefs.py) without reversal.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from footloose.beliefs import Beliefs
from footloose.dated import DatedPath

Floats = npt.NDArray[np.float64]


@cache
def values_ahead(path: DatedPath, year: int, years: int) -> Floats:
    """Return the day-weighted mean of a path over a year and those after it, zero before it begins; (years,)."""
    values = np.array([path.in_year(year + ahead) for ahead in range(years)])
    values.flags.writeable = False
    return values


@cache
def value_in(path: DatedPath, year: int) -> float:
    """Return the day-weighted mean of a path over a year, zero before it begins."""
    return path.in_year(year)


@cache
def expected_value(path: DatedPath, year: int, beliefs: Beliefs, announced: int | None = None) -> float:
    """Return what a plant decided in `year` counts on of a path, in the path's unit.

    announced : year from whose beginning the path is known; left out, the year before it first changes
    """
    known = first_change(path) - 1 if announced is None else announced
    return float(expected(values_ahead(path, year, horizon_of(beliefs)), year, beliefs, known))


def expected(values: Floats, year: int, beliefs: Beliefs, announced: int) -> Floats:
    """Return what a plant decided in `year` counts on of anything dated; (...,).

    values : (horizon, ...) by year from `year` on; announced : year from whose beginning all of it is known
    """
    if year < announced:
        return np.asarray(values[0])
    return np.asarray(np.tensordot(horizon_weights(beliefs), values, axes=1))


@cache
def horizon_weights(beliefs: Beliefs) -> Floats:
    """Return the weight of each year of a plant's horizon; (horizon,), sums to 1."""
    discount = (1.0 + beliefs.discount_rate) ** -np.arange(horizon_of(beliefs), dtype=np.float64)
    weights = np.asarray(discount / discount.sum())
    weights.flags.writeable = False
    return weights


def horizon_of(beliefs: Beliefs) -> int:
    """Return the number of years over which a plant decision counts costs."""
    return round(beliefs.horizon_years)


def first_change(path: DatedPath) -> int:
    """Return the year in which a path first takes another value; year 1 where it never changes."""
    before = 0.0 if path.dates[0].year > 1 else path.values[0]
    later = (day.year for day, value in zip(path.dates, path.values, strict=True) if value != before)
    return next(later, 1)
