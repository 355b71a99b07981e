"""Projects: a decision is announced, built for one to three years, perhaps delayed or cancelled, then opens.

Until it opens, production stays where it was. Jobs are filled in the years after the opening.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.choice import ADD
from footloose.compiled import kernel, kernel_part
from footloose.counting import add_by_footprint, list_where_set
from footloose.draws import Purpose, philox_words, uniform_of
from footloose.firms import VALUE_UNIT, Firms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PROJECT = int(Purpose.PROJECT)

OPENED, DELAYED, CANCELLED = 0, 1, 2
"""What can happen to a project in a year."""
OUTCOMES = 3


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


@kernel_part
def count_building(times, firm, target, adding, cell, value, building):  # type: ignore[no-untyped-def]
    """Add twice what a firm's project is to make to `building`, so that halves are whole numbers too; or take it off.

    times : 1 or -1;  building: (cell, site) twice the output that plants under construction will have
    """
    building[cell[firm], target[firm]] += times * (value[firm] if adding[firm] == 1 else 2 * value[firm])


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
def let_happen(  # type: ignore[no-untyped-def]
    concerned, outcome, year, target, adding, gaining, years_left, opened, main, second, cell, value, footing, building
):
    """Let plants open, and forget projects that are cancelled; see end_projects."""
    for n in range(concerned.size):
        firm = concerned[n]
        if outcome[n] == DELAYED:
            continue
        count_building(-1, firm, target, adding, cell, value, building)
        if outcome[n] == OPENED:
            i, k = (main[firm], target[firm]) if adding[firm] == 1 else (target[firm], second[firm])
            move_output(firm, i, k, main, second, cell, value, footing)
            opened[firm] = year
        target[firm], adding[firm], gaining[firm], years_left[firm] = -1, 0, 0, 0


@kernel
def carry_out(  # type: ignore[no-untyped-def]
    decided, site, kind, due, years, target, adding, gaining, years_left, main, second, cell, value, footing, building
):
    """Announce projects and give up sites; see begin_projects."""
    for n in range(decided.size):
        firm = decided[n]
        if kind[n] > ADD:
            move_output(firm, site[n], -1, main, second, cell, value, footing)
            continue
        target[firm], adding[firm], gaining[firm] = site[n], kind[n] == ADD, due[n] > 0.0
        years_left[firm] = years[cell[firm]]
        count_building(1, firm, target, adding, cell, value, building)


def end_projects(firms: Firms, concerned: Ints, outcome: Ints, footing: Ints, building: Ints, year: int) -> None:
    """Let plants open, the new site becoming the main one or the second, and forget projects that are cancelled.

    concerned, outcome : (project,) firms, and what happens to their projects (OPENED, DELAYED, CANCELLED)
    footing, building  : what stands (count_footing) and twice what is being built, (cell, site); updated
    """
    let_happen(
        concerned, outcome, year, firms.target, firms.adding, firms.gaining, firms.years_left, firms.opened, firms.main,
        firms.second, firms.cell, firms.value, footing, building,
    )  # fmt: skip


def begin_projects(
    firms: Firms, decisions: tuple[Ints, Ints, Ints], due: Floats, years: Floats, footing: Ints, building: Ints
) -> None:
    """Announce the projects decided on; let firms give up a site, which needs no building and holds from next year.

    decisions : (change,) firm, site to be or to be kept, and kind (MOVE, ADD, DROP_...);  due: part due to costs
    years     : (cell,) to build;  footing, building: of end_projects, updated
    """
    carry_out(
        *decisions, due, years, firms.target, firms.adding, firms.gaining, firms.years_left, firms.main, firms.second,
        firms.cell, firms.value, footing, building,
    )  # fmt: skip


def count_footing(firms: Firms, cells: int, sites: int) -> Ints:
    """Return output by footprint, counted afresh; (cell, main, second), single sites on the diagonal [USD thousand]."""
    footing = np.zeros((cells, sites, sites), dtype=np.int64)
    add_by_footprint(firms.cell, firms.main, firms.second, firms.value, footing)
    return footing


def construction(building: Ints, scale: Floats, cost: Floats, cells: tuple[int, int, int]) -> Floats:
    """Return the yearly capital cost of the plants being built; (sector, site) USD million.

    building : (cell, site) twice their output in the unit of values;  scale: (cell,) yearly output per unit of value
    cost     : (sector,) capital a year for yearly output;  cells: numbers of markets, sectors and origins
    """
    output = building * (0.5 * VALUE_UNIT * scale)[:, None]
    return np.asarray(output.reshape(*cells, -1).sum(axis=(0, 2)) * cost[:, None])


def jobs_filled(opened_jobs: list[Floats], hiring_years: float) -> Floats:
    """Return the jobs filled this year: those of plants opened over the last years, in equal yearly parts.

    opened_jobs : jobs of the plants opened, one table a year, this year last; (..., site)
    """
    span = max(1, round(hiring_years))
    recent = opened_jobs[-span:]
    return np.asarray(np.sum(recent, axis=0) / span)
