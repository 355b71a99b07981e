"""Origins and owners: where announced jobs come from, and who announces them."""

from __future__ import annotations

from footloose_calibration.measures.announcements import (
    entry_cases,
    entry_jobs,
    from_places,
    investment_jobs,
    onshore_jobs,
)
from footloose_calibration.measures.reading import HOME, Reading, ratio


def reshored_jobs_share(reading: Reading, left: str, first: int, last: int) -> float:
    """Return the share of reshored jobs that come from some places, percent."""
    years = reading.span(first, last)
    part = from_places(reading, "entries_jobs_from", HOME, left, HOME)[years].sum()
    return 100.0 * ratio(part, entry_jobs(reading, HOME, HOME)[years].sum())


def fdi_jobs_share(reading: Reading, owners: str, first: int, last: int) -> float:
    """Return the share of these owners in the jobs that foreign owners announce in the United States, percent."""
    years = reading.span(first, last)
    part = investment_jobs(reading, owners, HOME)[years].sum()
    return 100.0 * ratio(part, investment_jobs(reading, "foreign", HOME)[years].sum())


def reshored_cases(reading: Reading, left: str, first: int, last: int) -> float:
    """Return programmes whose owners bring production home to the United States from some places."""
    return float(from_places(reading, "entries_projects_from", HOME, left, HOME)[reading.span(first, last)].sum())


def reshored_jobs(reading: Reading, left: str, first: int, last: int) -> float:
    """Return jobs that they announce."""
    return float(from_places(reading, "entries_jobs_from", HOME, left, HOME)[reading.span(first, last)].sum())


def reshored_jobs_per_case(reading: Reading, left: str, first: int, last: int) -> float:
    """Return jobs that they announce, each."""
    return ratio(reshored_jobs(reading, left, first, last), reshored_cases(reading, left, first, last))


def fdi_cases(reading: Reading, owners: str, first: int, last: int) -> float:
    """Return programmes of foreign owners that enter the United States."""
    return float(entry_cases(reading, owners, HOME)[reading.span(first, last)].sum())


def fdi_jobs(reading: Reading, owners: str, first: int, last: int) -> float:
    """Return jobs that foreign owners announce in the United States, new plants and larger ones."""
    return float(investment_jobs(reading, owners, HOME)[reading.span(first, last)].sum())


def fdi_jobs_per_case(reading: Reading, owners: str, first: int, last: int) -> float:
    """Return jobs of the new plants of foreign owners in the United States, each."""
    jobs = entry_jobs(reading, owners, HOME)[reading.span(first, last)].sum()
    return ratio(jobs, fdi_cases(reading, owners, first, last))


def fdi_share_of_announcements(reading: Reading, first: int, last: int) -> float:
    """Return the share of foreign owners in the jobs announced in the United States, percent."""
    years = reading.span(first, last)
    return 100.0 * ratio(fdi_jobs(reading, "foreign", first, last), onshore_jobs(reading)[years].sum())


MEASURES = (
    reshored_jobs_share,
    fdi_jobs_share,
    reshored_cases,
    reshored_jobs,
    reshored_jobs_per_case,
    fdi_cases,
    fdi_jobs,
    fdi_jobs_per_case,
    fdi_share_of_announcements,
)
