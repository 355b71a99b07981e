"""Projects: a decision is announced, built for one to three years, perhaps delayed or cancelled, then opens.

Until it opens, production stays where it was. Jobs are filled in the years after the opening.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.compiled import kernel, kernel_part
from footloose.counting import add_by_footprint, list_where_set
from footloose.draws import Purpose, philox_words, uniform_of
from footloose.firms import VALUE_UNIT, Firms

Floats = npt.NDArray[np.float64]
PROJECT = int(Purpose.PROJECT)

OPENED, DELAYED, CANCELLED = 0, 1, 2
"""What can happen to a project in a year."""


@kernel
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
    for n in range(list_where_set(target, concerned)):
        firm = concerned[n]
        c, site, larger = cell[firm], target[firm], size[firm] / mean_size
        words = philox_words(slot[firm], year, PROJECT, seed, replicate)
        rise = 1.0 + size_effect * (np.log(larger) if larger > 1.0 else 0.0) + doubt_effect * doubt[c, site]
        if uniform_of(words[0]) < min(cancel * rise + more_cancel[c, site], 0.9):
            what = CANCELLED
        elif uniform_of(words[1]) < min(delay * rise + more_delay[c, site], 0.9):
            what = DELAYED
        else:
            years_left[firm] -= 1
            if years_left[firm] > 0:
                continue
            what = OPENED
        concerned[events], outcome[events] = firm, what
        events += 1
    return events


@kernel
def announce(decided, site, adding_site, due, years, cell, target, adding, gaining, years_left):  # type: ignore[no-untyped-def]
    """Begin the projects decided on.

    decided, site, adding_site, due : (project,) firm, site to be, whether it is a second one, part due to costs
    years : (cell,) to build;  cell ... years_left : (firm,) columns, the last four written
    """
    for n in range(decided.size):
        firm = decided[n]
        target[firm], adding[firm], gaining[firm] = site[n], adding_site[n], due[n] > 0.0
        years_left[firm] = years[cell[firm]]


@kernel_part
def move_output(firm, new_main, new_second, main, second, cell, value, footing):  # type: ignore[no-untyped-def]
    """Give a firm other sites, -1 for no second one; `footing` follows, in whole numbers, so that order cannot matter.

    footing : (cell, main, second) output by footprint, updated in place
    """
    c, i, k = cell[firm], main[firm], second[firm]
    footing[c, i, i if k < 0 else k] -= value[firm]
    main[firm], second[firm] = new_main, new_second
    footing[c, new_main, new_main if new_second < 0 else new_second] += value[firm]


@kernel
def open_sites(  # type: ignore[no-untyped-def]
    opening, year, target, adding, gaining, years_left, opened, main, second, cell, value, footing
):
    """Let plants open: the new site becomes the main one, or the second, and the project is forgotten."""
    for n in range(opening.size):
        firm = opening[n]
        i, k = (main[firm], target[firm]) if adding[firm] == 1 else (target[firm], second[firm])
        move_output(firm, i, k, main, second, cell, value, footing)
        opened[firm], target[firm], adding[firm], gaining[firm], years_left[firm] = year, -1, 0, 0, 0


@kernel
def keep_one_site(dropping, kept, main, second, cell, value, footing):  # type: ignore[no-untyped-def]
    """Let firms with two sites keep one."""
    for n in range(dropping.size):
        move_output(dropping[n], kept[n], -1, main, second, cell, value, footing)


def open_projects(firms: Firms, opened: npt.NDArray[np.int64], footing: npt.NDArray[np.int64], year: int) -> None:
    """Let plants open: the new site becomes the main one, or the second.

    opened  : firms whose project opens; footing: (cell, main, second) output by footprint, updated in place
    """
    open_sites(
        opened, year, firms.target, firms.adding, firms.gaining, firms.years_left, firms.opened, firms.main,
        firms.second, firms.cell, firms.value, footing,
    )  # fmt: skip


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
    keep_one_site(dropping, kept, firms.main, firms.second, firms.cell, firms.value, footing)


def count_footing(firms: Firms, cells: int, sites: int) -> npt.NDArray[np.int64]:
    """Return output by footprint, counted afresh; (cell, main, second), single sites on the diagonal [USD thousand]."""
    footing = np.zeros((cells, sites, sites), dtype=np.int64)
    add_by_footprint(firms.cell, firms.main, firms.second, firms.value, footing)
    return footing


@kernel
def sum_construction(  # type: ignore[no-untyped-def]
    target, adding, cell, value, scale, cost, sector, building, total
):
    """Add the yearly capital cost of the plants being built to `total`; (sector, site) USD million.

    scale : (cell,) yearly output per unit of value;  cost: (sector,) capital a year for yearly output;  sector: (cell,)
    building : (firm,) working space
    """
    for n in range(list_where_set(target, building)):
        firm = building[n]
        c, s = cell[firm], sector[cell[firm]]
        part = 0.5 if adding[firm] == 1 else 1.0
        total[s, target[firm]] += part * (value[firm] * VALUE_UNIT * scale[c]) * cost[s]


def jobs_filled(opened_jobs: list[Floats], hiring_years: float) -> Floats:
    """Return the jobs filled this year: those of plants opened over the last years, in equal yearly parts.

    opened_jobs : jobs of the plants opened, one table a year, this year last; (..., site)
    """
    span = max(1, round(hiring_years))
    recent = opened_jobs[-span:]
    return np.asarray(np.sum(recent, axis=0) / span)
