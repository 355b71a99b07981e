"""Firms counted, sorted and drawn from tables: loops over all of them, compiled."""

from __future__ import annotations

import numba
import numpy as np

PARTS = 4096
"""Equal parts of (0, 1) by which a search is indexed; a power of two, so that a number's part is exact."""


@numba.njit(cache=True, nogil=True)
def order_by_cell(cell, cells):  # type: ignore[no-untyped-def]
    """Return the places of firms in the order of their cells, and within a cell in their own (sort by counting).

    cell : (firm,) 0 to cells - 1
    """
    start, order = np.zeros(cells + 1, dtype=np.int64), np.empty(cell.size, dtype=np.int64)
    for n in range(cell.size):
        start[cell[n] + 1] += 1
    for c in range(cells):
        start[c + 1] += start[c]
    for n in range(cell.size):
        order[start[cell[n]]] = n
        start[cell[n]] += 1
    return order


@numba.njit(cache=True, nogil=True)
def add_by_footprint(row, main, second, amount, table):  # type: ignore[no-untyped-def]
    """Add what firms stand for to a table of footprints; (row, main, second), single sites on the diagonal.

    row, main, second, amount : (firm,); second is -1 for one site
    """
    for n in range(row.size):
        table[row[n], main[n], main[n] if second[n] < 0 else second[n]] += amount[n]


@numba.njit(cache=True, nogil=True)
def list_where_set(marked, found):  # type: ignore[no-untyped-def]
    """Write the places of the numbers that are not negative to `found`; return how many."""
    count = 0
    for n in range(marked.size):
        found[count] = n
        count += marked[n] >= 0
    return count


@numba.njit(cache=True, nogil=True)
def find_interval(edges, where):  # type: ignore[no-untyped-def]
    """Return how many edges are not beyond each number: np.searchsorted to the right, with an index (Chen, Asau 1974).

    edges : ascending;  where: numbers in (0, 1)
    """
    start, found = np.empty(PARTS, dtype=np.int64), np.empty(where.size, dtype=np.int64)
    j = 0
    for part in range(PARTS):
        while j < edges.size and edges[j] <= part / PARTS:
            j += 1
        start[part] = j
    for n in range(where.size):
        j = start[int(where[n] * PARTS)]
        while j < edges.size and edges[j] <= where[n]:
            j += 1
        found[n] = j
    return found


@numba.njit(cache=True, nogil=True)
def draw_from_rows(edges, row, uniform):  # type: ignore[no-untyped-def]
    """Return the outcome each uniform falls on: inverse distribution function, one distribution a row.

    edges : (row, outcome) cumulated chances;  row, uniform: (draw,)
    """
    drawn = np.empty(row.size, dtype=np.int64)
    for n in range(row.size):
        below = 0
        for outcome in range(edges.shape[1]):
            below += uniform[n] > edges[row[n], outcome]
        drawn[n] = below
    return drawn


@numba.njit(cache=True, nogil=True)
def draw_others(weight, cell, own, chosen, uniform, drawn):  # type: ignore[no-untyped-def]
    """Write to `drawn` where the uniforms of those chosen fall among the sites but their own, by weight.

    weight : (cell, site);  cell, own, uniform, drawn: (firm,);  chosen: (chosen,) which of the firms
    """
    edges = np.empty(weight.shape[1])
    for n in chosen:
        total, below = 0.0, 0
        for j in range(edges.size):
            total += 0.0 if j == own[n] else weight[cell[n], j]
            edges[j] = total
        for j in range(edges.size):
            below += uniform[n] * total > edges[j]
        drawn[n] = below


@numba.njit(cache=True, nogil=True)
def add_where(chosen, place, amount, table):  # type: ignore[no-untyped-def]
    """Add the amounts of those chosen to their places in a table, in their order.

    chosen, place, amount : (event,);  table: (place,)
    """
    for n in range(place.size):
        if chosen[n]:
            table[place[n]] += amount[n]
