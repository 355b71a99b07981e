"""Automation: robots in use, and those added."""

from __future__ import annotations

from footloose_calibration.measures.reading import Floats, Reading, ratio

SERVICE_LIFE = 12.0
"""Years a robot serves, as the International Federation of Robotics counts its operational stock."""
WORKERS = 10_000.0


def robot_density(reading: Reading, country: str, year: int) -> float:
    """Return robots per 10,000 workers in a country."""
    place = reading.year(year)
    jobs = _workers(reading, country)[place]
    return ratio(_robots(reading, country)[place] * WORKERS, jobs)


def robot_orders_growth(reading: Reading, country: str, year: int) -> float:
    """Return growth over a year of robots ordered: the rise of the stock and a twelfth of it replaced, percent."""
    robots = _robots(reading, country)

    def ordered(place: int) -> float:
        return float(robots[place] - robots[place - 1] + robots[place - 1] / SERVICE_LIFE)

    reading.year(year - 2)
    return 100.0 * (ratio(ordered(reading.year(year)), ordered(reading.year(year - 1))) - 1.0)


def _workers(reading: Reading, country: str) -> Floats:
    """Return people employed; (year,)."""
    return reading.table("jobs")[:, :, reading.sites(country)].sum(axis=(1, 2))


def _robots(reading: Reading, country: str) -> Floats:
    """Return robots in use; (year,)."""
    columns = reading.sites(country)
    jobs = reading.table("jobs")[:, :, columns].sum(axis=1)
    return (reading.table("robot_density")[:, columns] * jobs).sum(axis=1) / WORKERS


MEASURES = (robot_density, robot_orders_growth)
