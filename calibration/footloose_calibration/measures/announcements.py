"""What a library of announcements counts, read from the record: the one place that says what is counted.

The Reshoring Initiative counts jobs that firms announce in the press: firms from the United States that bring work back
(reshoring), and firms from elsewhere that build or enlarge plants there (foreign direct investment). Here:

reshoring = jobs of projects that cross a border into the United States, owner at home there
FDI       = jobs of projects that cross a border into the United States, owner at home elsewhere, and the jobs that
            such owners add where they stand
cases     = the programmes that announce projects; what is added where a plant stands has no case of its own

The motive does not matter: no newspaper knows whether a plant would have come without any change of costs.
"""

from __future__ import annotations

import numpy as np

from footloose_calibration.measures.reading import HOME, Floats, Reading


def entry_jobs(reading: Reading, owners: str, places: str) -> Floats:
    """Return jobs of projects across a border into these sites; (year, owner, sector, site)."""
    return reading.cut("entries_jobs", owners, places)


def entry_cases(reading: Reading, owners: str, places: str) -> Floats:
    """Return programmes that announce them; (year, owner, sector, site)."""
    return reading.cut("entries_projects", owners, places)


def expansion_jobs(reading: Reading, owners: str, places: str) -> Floats:
    """Return jobs added where plants of these owners stand; (year, owner, sector, site)."""
    return reading.cut("expansion_jobs", owners, places)


def investment_jobs(reading: Reading, owners: str, places: str) -> Floats:
    """Return jobs announced by foreign investors, new plants and larger ones; (year, owner, sector, site)."""
    return entry_jobs(reading, owners, places) + expansion_jobs(reading, owners, places)


def onshore_jobs(reading: Reading, places: str = HOME) -> Floats:
    """Return jobs announced in the United States, reshoring and FDI; (year, sector, site)."""
    back, foreign = entry_jobs(reading, HOME, places), investment_jobs(reading, "foreign", places)
    return np.asarray(back.sum(axis=1) + foreign.sum(axis=1))


def onshore_cases(reading: Reading, places: str = HOME) -> Floats:
    """Return programmes that announce projects across a border into the United States; (year, sector, site)."""
    return np.asarray(reading.table("entries_projects")[:, :, :, reading.sites(places)].sum(axis=1))


def from_places(reading: Reading, table: str, owners: str, left: str, reached: str) -> Floats:
    """Return entries (`entries_jobs_from`, `entries_projects_from`) by year from some places to others; (year,)."""
    values = reading.table(table)[:, reading.owners(owners)][:, :, reading.sites(left)]
    return np.asarray(values[:, :, :, reading.sites(reached)].sum(axis=(1, 2, 3)))
