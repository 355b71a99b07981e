"""Programmes placed: drawn to a stratum, an owner and sites, and put in the order of their cells; compiled loops."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.compiled import kernel, kernel_part
from footloose.draws import Purpose, draw_words, evenly, uniform_of

PARTS = 4096
"""Equal parts of (0, 1) by which a search is indexed; a power of two, so that a number's part is exact."""

BIRTH = int(Purpose.BIRTH)


@kernel
def place_programmes(  # type: ignore[no-untyped-def]
    slot, worth, index, edges, site, row, control, tempered, owner_edges, pull, pairs_per_single, shift, seed,
    replicate, word, cell, main, second, value,
):  # fmt: skip
    """Draw where every programme stands, by its slot, and what it stands for.

    The stratum by an evenly spread sequence; the owner's home with chance proportional to the root of its share; a
    second site with odds rho (1 - pull of the main one) to 1, and which one by pull among the others.

    worth         : (stratum,) value of a programme drawn there;  site: (stratum,);  row: (stratum,) of its first cell
    index, edges  : `index_of` the cumulated chances, and these, (stratum,);  shift: of the sequence
    control, tempered, owner_edges : (stratum, origin) shares, roots of them and those cumulated
    pull          : (cell, site)
    cell ... value : (firm,) written; second is -1 for one site; value in USD million, not yet raked
    """
    for begin in range(0, slot.size, word.shape[1]):
        count = min(word.shape[1], slot.size - begin)
        draw_words(slot, begin, count, 0, BIRTH, seed, replicate, word)
        for n in range(count):
            own, has_second, which = uniform_of(word[0, n]), uniform_of(word[1, n]), uniform_of(word[2, n])
            stratum = min(find_interval(index, edges, evenly(slot[begin + n], shift)), edges.size - 1)
            owner, j = draw_outcome(owner_edges[stratum], own), site[stratum]
            c = row[stratum] + owner
            cell[begin + n], main[begin + n] = c, j
            second[begin + n] = draw_second_site(pull[c], j, has_second, which, pairs_per_single)
            value[begin + n] = worth[stratum] * control[stratum, owner] / tempered[stratum, owner]


def index_of(edges: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return where to begin a search in each of equal parts of (0, 1); edges: ascending."""
    return np.searchsorted(edges, np.arange(PARTS) / PARTS, side="right")


@kernel_part
def find_interval(index, edges, where):  # type: ignore[no-untyped-def]
    """Return how many edges are not beyond a number: np.searchsorted to the right, with an index (Chen, Asau 1974)."""
    place = index[int(where * PARTS)]
    while place < edges.size and edges[place] <= where:
        place += 1
    return place


@kernel_part
def draw_outcome(edges, uniform):  # type: ignore[no-untyped-def]
    """Return the outcome a uniform falls on: inverse distribution function; edges: (outcome,) cumulated chances."""
    below = 0
    for outcome in range(edges.size):
        below += uniform > edges[outcome]
    return below


@kernel_part
def draw_second_site(pull, own, has_one, which, pairs_per_single):  # type: ignore[no-untyped-def]
    """Return the second site of a programme, -1 for none.

    pull : (site,) of the cell;  has_one, which: uniform numbers
    """
    odds = pairs_per_single * (1.0 - pull[own])
    if has_one >= odds / (1.0 + odds):
        return -1
    total, edge, below = 0.0, 0.0, 0
    for j in range(pull.size):
        total += 0.0 if j == own else pull[j]
    for j in range(pull.size):
        edge += 0.0 if j == own else pull[j]
        below += which * total > edge
    return below


@kernel
def stand_by_cell(  # type: ignore[no-untyped-def]
    cell, main, second, value, factor, origins, unit, start, slot, cell_there, main_there, second_there, value_there
):
    """Write programmes cell by cell, and within a cell in the order of their slots (sort by counting); rake values.

    cell ... value  : (slot,) where they stand and for what;  start: (cell + 1,) zeros, working space
    factor          : (row, site) of a site's output; a row is a (market, sector), of `origins` cells
    slot ... value_there : (firm,) written, values as whole numbers of `unit`
    """
    for n in range(cell.size):
        start[cell[n] + 1] += 1
    for c in range(1, start.size):
        start[c] += start[c - 1]
    for n in range(cell.size):
        c, i, k = cell[n], main[n], second[n]
        raked = value[n] * np.sqrt(factor[c // origins, i] * factor[c // origins, i if k < 0 else k])
        there = start[c]
        slot[there], cell_there[there], main_there[there], second_there[there] = n, c, i, k
        value_there[there] = np.rint(raked / unit)
        start[c] += 1
