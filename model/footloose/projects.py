"""Projects: a decision is announced, built for one to three years, perhaps delayed or cancelled, then opens.

Until it opens, production stays where it was. Jobs are filled in the years after the opening.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from footloose.draws import Purpose, philox_words
from footloose.firms import Firms, both_sites, chunks

Floats = npt.NDArray[np.float64]
PROJECT = int(Purpose.PROJECT)
UNIT = 2.0**-32

OPENED, DELAYED, CANCELLED = 0, 1, 2
"""What can happen to a project in a year."""


@numba.njit(cache=True, nogil=True)
def advance_projects(  # type: ignore[no-untyped-def]
    slot, target, years_left, cell, size, delay, cancel, more_delay, more_cancel, doubt, size_effect, doubt_effect,
    mean_size, year, seed, replicate, concerned, outcome,
):  # fmt: skip
    """Build on for a year; return how many projects opened, were delayed or cancelled.

    delay, cancel : yearly hazards;  more_delay, more_cancel : (cell, site) added to them
    doubt : (cell, site) uncertain policy and dependence on support, log points
    concerned, outcome : (firm,) written from the front
    """
    events = 0
    for firm in range(target.size):
        site = target[firm]
        if site < 0:
            continue
        words = philox_words(slot[firm], year, PROJECT, seed, replicate)
        rise = 1.0 + size_effect * max(0.0, np.log(size[firm] / mean_size)) + doubt_effect * doubt[cell[firm], site]
        if (np.float64(words[0]) + 0.5) * UNIT < min(cancel * rise + more_cancel[cell[firm], site], 0.9):
            concerned[events], outcome[events] = firm, CANCELLED
            events += 1
            continue
        if (np.float64(words[1]) + 0.5) * UNIT < min(delay * rise + more_delay[cell[firm], site], 0.9):
            concerned[events], outcome[events] = firm, DELAYED
            events += 1
            continue
        years_left[firm] -= 1
        if years_left[firm] <= 0:
            concerned[events], outcome[events] = firm, OPENED
            events += 1
    return events


def open_projects(firms: Firms, opened: npt.NDArray[np.int64], footing: npt.NDArray[np.int64], year: int) -> None:
    """Let plants open: the new site becomes the main one, or the second.

    opened  : firms whose project opens; footing: (cell, main, second) output by footprint, updated in place
    """
    site = firms.target[opened].astype(np.int64)
    adding = firms.adding[opened] == 1
    shift_footing(firms, opened, footing, -1)
    firms.second[opened[adding]] = site[adding]
    firms.main[opened[~adding]] = site[~adding]
    firms.opened[opened] = year
    shift_footing(firms, opened, footing, +1)
    end_projects(firms, opened)


def end_projects(firms: Firms, ended: npt.NDArray[np.int64]) -> None:
    """Forget the projects of these firms."""
    firms.target[ended] = -1
    firms.adding[ended] = 0
    firms.gaining[ended] = 0
    firms.years_left[ended] = 0


def drop_sites(
    firms: Firms, dropping: npt.NDArray[np.int64], kept: npt.NDArray[np.int64], footing: npt.NDArray[np.int64]
) -> None:
    """Let firms with two sites keep one; it needs no building and holds from next year."""
    shift_footing(firms, dropping, footing, -1)
    firms.main[dropping] = kept
    firms.second[dropping] = -1
    shift_footing(firms, dropping, footing, +1)


def shift_footing(
    firms: Firms, chosen: slice | npt.NDArray[np.int64], footing: npt.NDArray[np.int64], sign: int
) -> None:
    """Add or take away the output of these firms in the table of footprints; whole numbers, so order cannot matter."""
    np.add.at(footing, (firms.cell[chosen], *both_sites(firms, chosen)), sign * firms.value[chosen])


def count_footing(firms: Firms, cells: int, sites: int) -> npt.NDArray[np.int64]:
    """Return output by footprint, counted afresh; (cell, main, second), single sites on the diagonal [USD thousand]."""
    footing = np.zeros((cells, sites, sites), dtype=np.int64)
    for chunk in chunks(firms.count):
        shift_footing(firms, chunk, footing, +1)
    return footing


def jobs_filled(opened_jobs: list[Floats], hiring_years: float) -> Floats:
    """Return the jobs filled this year: those of plants opened over the last years, in equal yearly parts.

    opened_jobs : jobs of the plants opened, one table a year, this year last; (..., site)
    """
    span = max(1, round(hiring_years))
    recent = opened_jobs[-span:]
    return np.asarray(np.sum(recent, axis=0) / span)
