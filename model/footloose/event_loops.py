"""Events of a year read off the columns of firms, and added up in their order: compiled loops."""

from __future__ import annotations

from footloose.compiled import kernel


@kernel
def read_projects(  # type: ignore[no-untyped-def]
    concerned, outcome, main, target, adding, gaining, cell, value, size, sector, scale, country, opened, unit,
    part_added, programmes, output, at_sector, at_site, worth, crossing, for_gain,
):  # fmt: skip
    """Add up what projects are to make, by what happens to them; list those that open and return how many.

    concerned, outcome   : (project,) firms, and what happens;  opened: the outcome that is listed
    main ... size        : (firm,) columns;  sector, scale: (cell,);  country: (site,)
    programmes, output   : (outcome, site), and (outcome, sector, site) of yearly output; added to
    at_sector ... for_gain : (project,) written from the front
    """
    plants = 0
    for n in range(concerned.size):
        firm, what = concerned[n], outcome[n]
        c, j, whole = cell[firm], target[firm], value[firm] * unit
        yearly = whole * scale[c] * (part_added if adding[firm] == 1 else 1.0)
        programmes[what, j] += whole / size[firm]
        output[what, sector[c], j] += yearly
        if what == opened:
            at_sector[plants], at_site[plants], worth[plants] = sector[c], j, yearly
            crossing[plants], for_gain[plants] = country[main[firm]] != country[j], gaining[firm] == 1
            plants += 1
    return plants


@kernel
def read_changes(  # type: ignore[no-untyped-def]
    decided, moves, cell, value, size, opened, place, scale, unit, part_added, year,
    market, sector, origin, worth, programmes, age,
):  # fmt: skip
    """Write what firms that decide are and stand for.

    decided, moves : (change,) firms, and whether the whole of them moves;  cell ... opened: (firm,) columns
    place          : market, sector and home of the owner of each cell;  scale: (cell,)
    market ... age : (change,) written; `worth` in yearly output, `age` in years since the plant opened
    """
    market_of, sector_of, origin_of = place
    for n in range(decided.size):
        firm = decided[n]
        c, whole = cell[firm], value[firm] * unit
        market[n], sector[n], origin[n] = market_of[c], sector_of[c], origin_of[c]
        worth[n] = whole * (1.0 if moves[n] else part_added) * scale[c]
        programmes[n] = whole / size[firm]
        age[n] = year - opened[firm]


@kernel
def add_where(chosen, place, amount, table):  # type: ignore[no-untyped-def]
    """Add the amounts of those chosen to their places in a table, in their order.

    chosen, place, amount : (event,);  table: (place,)
    """
    for n in range(place.size):
        if chosen[n]:
            table[place[n]] += amount[n]


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
