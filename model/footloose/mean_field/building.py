"""Building: projects under way go on, are delayed, given up or opened, in the shares that the hazards say."""

from __future__ import annotations

import numba

LARGEST_CHANCE = 0.9
"""As in `projects.advance_projects`."""


@numba.njit(cache=True, nogil=True, error_model="numpy")
def advance_shares(  # type: ignore[no-untyped-def]
    single, pair, building, gaining, waiting, pair_of, cohort, build_years, larger, programmes, delay, cancel,
    more_delay, more_cancel, doubt, size_effect, doubt_effect, opened, opened_gaining, ended, late, counted,
):  # fmt: skip
    """Build on for a year: projects.advance_projects with shares in place of draws.

    single ... waiting : of Shares, changed;  pair_of: (site, site);  cohort: place of the plants that open now
    build_years : (cell,);  larger, programmes: (cell, node) of Nodes
    more_delay, more_cancel, doubt : (cell, site), as there
    opened, opened_gaining, ended, late : (cell, site, target) output of the plants opened, of those for a gain in cost,
        of the projects cancelled and delayed; written [USD million]
    counted     : (3, site) programmes opened, delayed, cancelled by site of the project; written
    """
    cells, nodes, depth, sites = single.shape
    for c in range(cells):
        for n in range(nodes):
            grow = 1.0 + size_effect * larger[c, n]
            for left in range(build_years[c]):
                for i in range(sites):
                    whole, given_up, delayed = 0.0, 0.0, 0.0
                    for j in range(sites):
                        moving, adding = building[c, n, left, 0, i, j], building[c, n, left, 1, i, j]
                        both, for_gain = moving + adding, gaining[c, n, left, i, j]
                        if both <= 0.0:
                            continue
                        rise = grow + doubt_effect * doubt[c, j]
                        end = min(cancel * rise + more_cancel[c, j], LARGEST_CHANCE)
                        wait = (1.0 - end) * min(delay * rise + more_delay[c, j], LARGEST_CHANCE)
                        on = 1.0 - end - wait
                        output, number = moving + 0.5 * adding, both * programmes[c, n]
                        whole += both
                        given_up += end * both
                        delayed += wait * both
                        ended[c, i, j] += end * output
                        late[c, i, j] += wait * output
                        counted[1, j] += wait * number
                        counted[2, j] += end * number
                        if left == 0:
                            single[c, n, cohort, j] += on * moving
                            pair[c, n, cohort, pair_of[i, j]] += on * adding
                            opened[c, i, j] += on * output
                            opened_gaining[c, i, j] += on * for_gain
                            counted[0, j] += on * number
                        else:
                            building[c, n, left - 1, 0, i, j] += on * moving
                            building[c, n, left - 1, 1, i, j] += on * adding
                            gaining[c, n, left - 1, i, j] += on * for_gain
                        building[c, n, left, 0, i, j] = wait * moving
                        building[c, n, left, 1, i, j] = wait * adding
                        gaining[c, n, left, i, j] = wait * for_gain
                    if whole > 0.0:
                        back, stay = given_up / whole, delayed / whole
                        for a in range(depth):
                            here = waiting[c, n, left, a, i]
                            single[c, n, a, i] += here * back
                            waiting[c, n, left, a, i] = here * stay
                            if left > 0:
                                waiting[c, n, left - 1, a, i] += here * (1.0 - back - stay)
