"""Firms and events counted and added up: loops over all of them, compiled."""

from __future__ import annotations

from footloose.compiled import kernel, kernel_part


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
