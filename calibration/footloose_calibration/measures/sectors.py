"""Sectors: announcements, people employed and imports by industry.

An industry is one sector or several joined by `+`, as the official tables have them: `electronics+semiconductors` is
NAICS 334, `electrical_equipment+clean_energy` 335, `chemicals+pharma_medical` 325 (and 3391, which is in 339).
"""

from __future__ import annotations

from footloose_calibration.measures.announcements import entry_jobs, onshore_cases, onshore_jobs
from footloose_calibration.measures.reading import HOME, Reading, ratio, yearly_growth


def industry_cases(reading: Reading, industry: str, first: int, last: int) -> float:
    """Return programmes that announce projects across a border into the United States in an industry."""
    return float(onshore_cases(reading)[reading.span(first, last)][:, reading.sectors(industry)].sum())


def industry_jobs(reading: Reading, industry: str, first: int, last: int) -> float:
    """Return jobs announced in the United States in an industry, reshoring and FDI."""
    return float(onshore_jobs(reading)[reading.span(first, last)][:, reading.sectors(industry)].sum())


def industry_jobs_per_case(reading: Reading, industry: str, first: int, last: int) -> float:
    """Return jobs of projects across a border into the United States in an industry, each."""
    jobs = sum(entry_jobs(reading, owners, HOME).sum(axis=1) for owners in (HOME, "foreign"))
    entered = jobs[reading.span(first, last)][:, reading.sectors(industry)].sum()
    return ratio(entered, industry_cases(reading, industry, first, last))


def industry_jobs_share(reading: Reading, industry: str, first: int, last: int) -> float:
    """Return the share of an industry in the jobs announced in the United States, percent."""
    whole = onshore_jobs(reading)[reading.span(first, last)].sum()
    return 100.0 * ratio(industry_jobs(reading, industry, first, last), whole)


def industry_employment_growth(reading: Reading, industry: str, first: int, last: int) -> float:
    """Return growth of people employed in an industry of the United States, percent a year."""
    jobs = reading.table("jobs")[:, reading.sectors(industry)][:, :, reading.sites(HOME)].sum(axis=(1, 2))
    return yearly_growth(float(jobs[reading.year(first)]), float(jobs[reading.year(last)]), last - first)


def industry_import_share(reading: Reading, industry: str, partner: str, year: int) -> float:
    """Return the share of a partner in United States imports of an industry's goods, percent."""
    bought = reading.imports[reading.year(year)][reading.sectors(industry)]
    return 100.0 * ratio(bought[:, reading.sites(partner)].sum(), bought.sum())


def industry_import_share_change(reading: Reading, industry: str, partner: str, first: int, last: int) -> float:
    """Return the change of that share, points."""
    before, after = (industry_import_share(reading, industry, partner, year) for year in (first, last))
    return after - before


MEASURES = (
    industry_cases,
    industry_jobs,
    industry_jobs_per_case,
    industry_jobs_share,
    industry_employment_growth,
    industry_import_share,
    industry_import_share_change,
)
