"""Nearshore: plants that come to Mexico and Canada from beyond North America, and to Eastern Europe.

To go from the United States to Mexico is to leave, not to come nearer: such projects are in no library of nearshoring.
"""

from __future__ import annotations

from footloose_calibration.measures.announcements import from_places
from footloose_calibration.measures.reading import Reading, ratio


def relocated_cases(reading: Reading, site: str, first: int, last: int) -> float:
    """Return programmes that announce projects from beyond North America into a site."""
    arrivals = from_places(reading, "entries_projects_from", _everyone(reading), _beyond(reading), site)
    return float(arrivals[reading.span(first, last)].sum())


def relocated_jobs(reading: Reading, site: str, first: int, last: int) -> float:
    """Return jobs that they announce."""
    arrivals = from_places(reading, "entries_jobs_from", _everyone(reading), _beyond(reading), site)
    return float(arrivals[reading.span(first, last)].sum())


def relocated_jobs_per_case(reading: Reading, site: str, first: int, last: int) -> float:
    """Return jobs that they announce, each."""
    return ratio(relocated_jobs(reading, site, first, last), relocated_cases(reading, site, first, last))


def relocated_jobs_share(reading: Reading, site: str, left: str, first: int, last: int) -> float:
    """Return the share of those jobs that comes from some places, percent."""
    part = from_places(reading, "entries_jobs_from", _everyone(reading), left, site)
    return 100.0 * ratio(part[reading.span(first, last)].sum(), relocated_jobs(reading, site, first, last))


def entry_jobs_growth(reading: Reading, site: str, year: int) -> float:
    """Return growth over a year of the jobs announced by projects across a border into a site, percent."""
    entries = reading.table("entries_jobs")[:, :, :, reading.sites(site)].sum(axis=(1, 2, 3))
    return 100.0 * (ratio(entries[reading.year(year)], entries[reading.year(year - 1)]) - 1.0)


def _everyone(reading: Reading) -> str:
    return "+".join(reading.geography.origins)


def _beyond(reading: Reading) -> str:
    """Return the sites outside North America."""
    near = reading.sites("north_america")
    return "+".join(name for number, name in enumerate(reading.geography.sites) if number not in near)


MEASURES = (
    relocated_cases,
    relocated_jobs,
    relocated_jobs_per_case,
    relocated_jobs_share,
    entry_jobs_growth,
)
