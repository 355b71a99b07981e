"""Clusters: where within a country, and how much of a sector's world stands in one place."""

from __future__ import annotations

import numpy as np

from footloose_calibration.measures.announcements import onshore_cases, onshore_jobs
from footloose_calibration.measures.reading import HOME, Reading, ratio


def region_cases(reading: Reading, regions: str, first: int, last: int) -> float:
    """Return programmes that announce projects across a border into regions of the United States."""
    return float(onshore_cases(reading, regions)[reading.span(first, last)].sum())


def region_jobs(reading: Reading, regions: str, first: int, last: int) -> float:
    """Return jobs announced in regions of the United States, reshoring and FDI."""
    return float(onshore_jobs(reading, regions)[reading.span(first, last)].sum())


def region_jobs_per_case(reading: Reading, regions: str, first: int, last: int) -> float:
    """Return jobs of projects across a border into regions of the United States, each."""
    entries = reading.table("entries_jobs")[:, :, :, reading.sites(regions)]
    return ratio(entries[reading.span(first, last)].sum(), region_cases(reading, regions, first, last))


def region_jobs_share(reading: Reading, regions: str, first: int, last: int) -> float:
    """Return the share of regions in the jobs announced in the United States, percent."""
    years = reading.span(first, last)
    return 100.0 * ratio(region_jobs(reading, regions, first, last), onshore_jobs(reading)[years].sum())


def region_cases_share(reading: Reading, industry: str, regions: str, first: int, last: int) -> float:
    """Return the share of regions in an industry's projects across a border into the United States, percent."""
    years, rows = reading.span(first, last), reading.sectors(industry)
    part = onshore_cases(reading, regions)[years][:, rows].sum()
    return 100.0 * ratio(part, onshore_cases(reading)[years][:, rows].sum())


def world_output_share(reading: Reading, industry: str, country: str, year: int) -> float:
    """Return a country's share of the world's output of an industry, percent."""
    made = reading.output[reading.year(year)][reading.sectors(industry)]
    return 100.0 * ratio(made[:, reading.sites(country)].sum(), made.sum())


def region_share_change(reading: Reading, industry: str, region: str, first: int, last: int) -> float:
    """Return the change of a region's share of an industry's value added in the United States, points.

    Value added = output x value added per output of the sector, the same in all regions.
    """
    rows = reading.sectors(industry)
    weight = np.asarray(reading.record.base.value_added_share)[rows]

    def share(year: int) -> float:
        made = weight @ reading.output[reading.year(year)][rows]
        return 100.0 * ratio(made[reading.sites(region)].sum(), made[reading.sites(HOME)].sum())

    return share(last) - share(first)


MEASURES = (
    region_cases,
    region_jobs,
    region_jobs_per_case,
    region_jobs_share,
    region_cases_share,
    world_output_share,
    region_share_change,
)
