"""Pipeline and jobs: announced, hired, delayed, under construction; people employed."""

from __future__ import annotations

import numpy as np

from footloose_calibration.measures.announcements import expansion_jobs, onshore_jobs
from footloose_calibration.measures.reading import HOME, Floats, Reading, ratio

YEARS_AFTER = 1.5
"""Mean age of projects announced in the year from August 2022 when they were looked at, August 2024."""


def stalled_share(reading: Reading, industry: str, first: int, last: int) -> float:
    """Return the share of United States projects of an industry held up or given up 1.5 years after announcement.

    By value, percent. Yearly hazard h = (delayed + cancelled) over projects under construction at the end of the year
    before, `first` to `last`; share = 1 - (1 - h)^1.5. Output under construction = its capital cost a year x years of
    building / capital per output.
    """
    rows, columns = reading.sectors(industry), reading.sites(HOME)
    years = reading.span(first - 1, last)
    traits = reading.geography.traits
    output_per_cost = np.asarray(traits["build_years"]) / np.asarray(traits["capital_per_output"])

    def value(table: str) -> Floats:
        return np.asarray(reading.table(table)[years][:, rows][:, :, columns].sum(axis=2))

    under_way = value("construction") * output_per_cost[rows]
    hit = value("delayed_value") + value("cancelled_value")
    hazard = min(ratio(hit[1:].sum(), under_way[:-1].sum()), 1.0)
    return 100.0 * (1.0 - float((1.0 - hazard) ** YEARS_AFTER))


def manufacturing_jobs(reading: Reading, year: int) -> float:
    """Return people employed in the United States in the goods sectors."""
    return float(_employed(reading)[reading.year(year)])


def manufacturing_jobs_ratio(reading: Reading, first: int, last: int) -> float:
    """Return people employed in the United States in the goods sectors over those of an earlier year."""
    jobs = _employed(reading)
    return ratio(jobs[reading.year(last)], jobs[reading.year(first)])


def manufacturing_jobs_change(reading: Reading, first: int, last: int) -> float:
    """Return the change of people employed in the United States in the goods sectors."""
    jobs = _employed(reading)
    return float(jobs[reading.year(last)] - jobs[reading.year(first)])


def recovered_share(reading: Reading, first: int, last: int, lost: int) -> float:
    """Return the change of people employed over the jobs lost before, percent."""
    return 100.0 * manufacturing_jobs_change(reading, first, last) / lost


def _employed(reading: Reading) -> Floats:
    goods = reading.table("jobs")[:, reading.sectors("goods")]
    return np.asarray(goods[:, :, reading.sites(HOME)].sum(axis=(1, 2)))


def announced_jobs(reading: Reading, first: int, last: int) -> float:
    """Return jobs announced in the United States, reshoring and FDI; mean of the years."""
    return float(onshore_jobs(reading)[reading.span(first, last)].sum(axis=(1, 2)).mean())


def announced_jobs_total(reading: Reading, first: int, last: int) -> float:
    """Return jobs announced in the United States, reshoring and FDI; all years together."""
    return float(onshore_jobs(reading)[reading.span(first, last)].sum())


def announced_jobs_ratio(reading: Reading, first: int, last: int, later_first: int, later_last: int) -> float:
    """Return mean jobs announced in later years over those of earlier years."""
    return ratio(announced_jobs(reading, later_first, later_last), announced_jobs(reading, first, last))


def hired_jobs(reading: Reading, first: int, last: int) -> float:
    """Return jobs filled in the United States: of plants opened across a border, and where foreign owners expand."""
    filled = reading.table("entries_filled")[:, reading.sites(HOME)]
    added = expansion_jobs(reading, "foreign", HOME)
    return float(filled[reading.span(first, last)].sum() + added[reading.span(first, last)].sum())


def hire_conversion(reading: Reading, first: int, last: int, announced_until: int) -> float:
    """Return jobs filled over jobs announced until some year."""
    return ratio(hired_jobs(reading, first, last), announced_jobs_total(reading, first, announced_until))


def construction_multiple(reading: Reading) -> float:
    """Return real construction of plants in the United States, April 2023 over end of 2021.

    The record keeps plants under construction at the end of a year; April is a third of the way.
    """
    spent = reading.table("construction")[:, :, reading.sites(HOME)].sum(axis=(1, 2))
    end_2021, end_2022, end_2023 = (float(spent[reading.year(year)]) for year in (2021, 2022, 2023))
    return ratio(end_2022 + (end_2023 - end_2022) / 3.0, end_2021)


MEASURES = (
    stalled_share,
    manufacturing_jobs,
    manufacturing_jobs_ratio,
    manufacturing_jobs_change,
    recovered_share,
    announced_jobs,
    announced_jobs_total,
    announced_jobs_ratio,
    hired_jobs,
    hire_conversion,
    construction_multiple,
)
