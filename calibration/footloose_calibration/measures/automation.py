"""Automation: robots in use, and those added."""

from __future__ import annotations

import numpy as np

from footloose_calibration.measures.reading import Floats, Reading, ratio

SERVICE_LIFE = 12.0
"""Years a robot serves, as the International Federation of Robotics counts its operational stock."""
WORKERS = 10_000.0


def robot_density(reading: Reading, country: str, year: int) -> float:
    """Return robots per 10,000 workers in a country."""
    place = reading.year(year)
    return ratio(_robots(reading, country)[place] * WORKERS, _workers(reading, country)[place])


def robot_orders_growth(reading: Reading, country: str, year: int) -> float:
    """Return growth over a year of robots ordered, percent.

    Ordered = (rise of robots per worker + a twelfth of them replaced) x people employed, so that people who come and
    go with the business cycle bring no robots along and take none away.
    """
    workers = _workers(reading, country)
    each = _robots(reading, country) / np.maximum(workers, 1.0)

    def ordered(place: int) -> float:
        return float((each[place] - each[place - 1] + each[place - 1] / SERVICE_LIFE) * workers[place])

    reading.year(year - 2)
    return 100.0 * (ratio(ordered(reading.year(year)), ordered(reading.year(year - 1))) - 1.0)


def _workers(reading: Reading, country: str) -> Floats:
    """Return people employed; (year,)."""
    return np.asarray(reading.table("jobs")[:, :, reading.sites(country)].sum(axis=(1, 2)))


def _robots(reading: Reading, country: str) -> Floats:
    """Return robots in use; (year,)."""
    columns = reading.sites(country)
    jobs = reading.table("jobs")[:, :, columns].sum(axis=1)
    return np.asarray((reading.table("robot_density")[:, columns] * jobs).sum(axis=1) / WORKERS)


MEASURES = (robot_density, robot_orders_growth)
