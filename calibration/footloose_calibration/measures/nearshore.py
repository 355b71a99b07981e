"""Nearshore: plants that come to Mexico, Canada and Eastern Europe, and where they come from."""

from __future__ import annotations

from footloose_calibration.measures.announcements import from_places
from footloose_calibration.measures.reading import Reading, ratio


def relocated_cases(reading: Reading, site: str, first: int, last: int) -> float:
    """Return programmes that announce projects across a border into a site."""
    entries = reading.table("entries_projects")[:, :, :, reading.sites(site)]
    return float(entries[reading.span(first, last)].sum())


def relocated_jobs(reading: Reading, site: str, first: int, last: int) -> float:
    """Return jobs that they announce."""
    entries = reading.table("entries_jobs")[:, :, :, reading.sites(site)]
    return float(entries[reading.span(first, last)].sum())


def relocated_jobs_per_case(reading: Reading, site: str, first: int, last: int) -> float:
    """Return jobs that they announce, each."""
    return ratio(relocated_jobs(reading, site, first, last), relocated_cases(reading, site, first, last))


def relocated_jobs_share(reading: Reading, site: str, left: str, first: int, last: int) -> float:
    """Return the share of those jobs that comes from some places, percent."""
    years, everyone = reading.span(first, last), "+".join(reading.geography.origins)
    part = from_places(reading, "entries_jobs_from", everyone, left, site)[years].sum()
    return 100.0 * ratio(part, relocated_jobs(reading, site, first, last))


def relocated_value_growth(reading: Reading, site: str, year: int) -> float:
    """Return growth over a year of the jobs announced by projects across a border into a site, percent."""
    before, after = (relocated_jobs(reading, site, one, one) for one in (year - 1, year))
    return 100.0 * (ratio(after, before) - 1.0)


MEASURES = (
    relocated_cases,
    relocated_jobs,
    relocated_jobs_per_case,
    relocated_jobs_share,
    relocated_value_growth,
)
