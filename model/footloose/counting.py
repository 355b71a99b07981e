"""Firms counted, sorted and drawn from tables: loops over all of them, compiled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.compiled import kernel, kernel_part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PARTS = 4096
"""Equal parts of (0, 1) by which a search is indexed; a power of two, so that a number's part is exact."""


def order_by_cell(cell: npt.NDArray[np.int32], cells: int) -> Ints:
    """Return the places of firms in the order of their cells, and within a cell in their own (sort by counting).

    cell : (firm,) 0 to cells - 1
    """
    order = np.empty(cell.size, dtype=np.int64)
    sort_by_counting(cell, np.zeros(cells + 1, dtype=np.int64), order)
    return order


@kernel
def sort_by_counting(cell, start, order):  # type: ignore[no-untyped-def]
    """Write the places of firms in the order of their cells to `order`; start: (cell + 1,) zeros, working space."""
    for n in range(cell.size):
        start[cell[n] + 1] += 1
    for c in range(1, start.size):
        start[c] += start[c - 1]
    for n in range(cell.size):
        order[start[cell[n]]] = n
        start[cell[n]] += 1


@kernel
def add_by_footprint(row, main, second, amount, table):  # type: ignore[no-untyped-def]
    """Add what firms stand for to a table of footprints; (row, main, second), single sites on the diagonal.

    row, main, second, amount : (firm,); second is -1 for one site
    """
    for n in range(row.size):
        table[row[n], main[n], main[n] if second[n] < 0 else second[n]] += amount[n]


@kernel_part
def list_where_set(marked, found):  # type: ignore[no-untyped-def]
    """Write the places of the numbers that are not negative to `found`; return how many."""
    count = 0
    for n in range(marked.size):
        found[count] = n
        count += marked[n] >= 0
    return count


def find_interval(edges: Floats, where: Floats) -> Ints:
    """Return how many edges are not beyond each number: np.searchsorted to the right, with an index (Chen, Asau 1974).

    edges : ascending;  where: numbers in (0, 1)
    """
    found = np.empty(where.size, dtype=np.int64)
    search_from(np.searchsorted(edges, np.arange(PARTS) / PARTS, side="right"), edges, where, found)
    return found


@kernel
def search_from(start, edges, where, found):  # type: ignore[no-untyped-def]
    """Write how many edges are not beyond each number; start: (PARTS,) where to look first."""
    for n in range(where.size):
        j = start[int(where[n] * PARTS)]
        while j < edges.size and edges[j] <= where[n]:
            j += 1
        found[n] = j


@kernel
def draw_from_rows(edges, row, uniform, drawn):  # type: ignore[no-untyped-def]
    """Write the outcome each uniform falls on: inverse distribution function, one distribution a row.

    edges : (row, outcome) cumulated chances;  row, uniform, drawn: (draw,)
    """
    for n in range(row.size):
        below = 0
        for outcome in range(edges.shape[1]):
            below += uniform[n] > edges[row[n], outcome]
        drawn[n] = below


@kernel
def draw_others(weight, cell, own, chosen, uniform, drawn):  # type: ignore[no-untyped-def]
    """Write to `drawn` where the uniforms of those chosen fall among the sites but their own, by weight.

    weight : (cell, site);  cell, own, uniform, drawn: (firm,);  chosen: (chosen,) which of the firms
    """
    for n in chosen:
        total, edge, below = 0.0, 0.0, 0
        for j in range(weight.shape[1]):
            total += 0.0 if j == own[n] else weight[cell[n], j]
        for j in range(weight.shape[1]):
            edge += 0.0 if j == own[n] else weight[cell[n], j]
            below += uniform[n] * total > edge
        drawn[n] = below


@kernel
def add_where(chosen, place, amount, table):  # type: ignore[no-untyped-def]
    """Add the amounts of those chosen to their places in a table, in their order.

    chosen, place, amount : (event,);  table: (place,)
    """
    for n in range(place.size):
        if chosen[n]:
            table[place[n]] += amount[n]


@kernel
def add_up_projects(  # type: ignore[no-untyped-def]
    chosen, target, adding, cell, sector, value, size, scale, unit, part_added, programmes, output
):
    """Add what the projects of these firms are to make: in programmes, (site,), and in yearly output, (sector, site).

    chosen : (project,) firms;  target, adding, cell, value, size: (firm,) columns;  sector, scale: (cell,)
    """
    for n in range(chosen.size):
        firm = chosen[n]
        c, worth = cell[firm], value[firm] * unit
        part = part_added if adding[firm] == 1 else 1.0
        programmes[target[firm]] += worth / size[firm]
        output[sector[c], target[firm]] += worth * scale[c] * part


@kernel
def add_up_changes(  # type: ignore[no-untyped-def]
    building, left, reached, place, value, programmes, moves_value, moves_count, begun, projects, begun_by_owner
):
    """Add up decisions of a year in their order: all by route, and those that build where they build.

    building, left, reached, value, programmes : (change,);  place: market, sector and home of the owner of each
    moves_value, moves_count : (market, sector, left, reached);  begun: (sector, site);  projects: (site,)
    begun_by_owner           : (origin, sector, site)
    """
    market, sector, origin = place
    for n in range(building.size):
        m, s, o, i, j = market[n], sector[n], origin[n], left[n], reached[n]
        moves_value[m, s, i, j] += value[n]
        moves_count[m, s, i, j] += programmes[n]
        if building[n]:
            begun[s, j] += value[n]
            projects[j] += programmes[n]
            begun_by_owner[o, s, j] += value[n]


@kernel
def add_up_entries(  # type: ignore[no-untyped-def]
    crossing, home, due, left, reached, place, jobs, programmes, reshoring, foreign, turnover, due_jobs, reshoring_from,
    entries_jobs, entries_projects, entries_jobs_from, entries_projects_from,
):  # fmt: skip
    """Add up projects across a border in their order: all of them, and by whether they gain in cost and lead home.

    crossing, due, left, reached, jobs, programmes : (change,);  home: (change,) whether the site is the owner's home
    reshoring, turnover, due_jobs : (sector, site);  foreign, entries_...: (origin, sector, site)
    reshoring_from : (left, site);  entries_..._from: (origin, left, site)
    """
    _, sector, origin = place
    for n in range(crossing.size):
        if not crossing[n]:
            continue
        s, o, i, j = sector[n], origin[n], left[n], reached[n]
        entries_jobs[o, s, j] += jobs[n]
        entries_projects[o, s, j] += programmes[n]
        entries_jobs_from[o, i, j] += jobs[n]
        entries_projects_from[o, i, j] += programmes[n]
        if due[n] <= 0.0:
            turnover[s, j] += jobs[n]
            continue
        due_jobs[s, j] += jobs[n] * due[n]
        if home[n]:
            reshoring[s, j] += jobs[n]
            reshoring_from[i, j] += jobs[n]
        else:
            foreign[o, s, j] += jobs[n]


@kernel
def take_in(values, count, mean, squares):  # type: ignore[no-untyped-def]
    """Carry on means, and sums of squares about them, by the `count`-th of a series of arrays (Welford 1962).

    values, mean, squares : (place,);  the last two written
    """
    for n in range(values.size):
        apart = values[n] - mean[n]
        mean[n] += apart / count
        squares[n] += (values[n] - mean[n]) * apart
