"""Building: projects under way go on, are delayed, given up or opened, in the shares that the hazards say."""

from __future__ import annotations

import numpy as np

from footloose.compiled import kernel_with_arrays

LARGEST_CHANCE = 0.9
"""As in `projects.advance_projects`."""


@kernel_with_arrays
def advance_shares(  # type: ignore[no-untyped-def]
    single, pair, building, gaining, waiting, pair_of, cohort, build_years, larger, larger_counted, hazards, more_delay,
    more_cancel, doubt, opened, opened_gaining, ended, late, counted,
):  # fmt: skip
    """Build on for a year: projects.advance_projects with shares in place of draws; return what was being built.

    single ... waiting : of Shares, changed;  pair_of: (site, site);  cohort: place of the plants that open now
    build_years : (cell,);  larger: (cell, node), larger_counted of Nodes
    hazards     : of delay and of cancellation, effects of size and of uncertain policy
    more_delay, more_cancel, doubt : (cell, site), as there
    opened, opened_gaining, ended, late : (cell, site, target) output of the plants opened, of those for a gain in cost,
        of the projects cancelled and delayed; written [USD million]
    counted     : (3, site) output of those opened, delayed, cancelled, as programmes fare; written
    """
    cells, nodes, depth, sites = single.shape
    end, wait, on, whole = np.empty(sites), np.empty(sites), np.empty(sites), 0.0
    some_end, some_wait, some_on = np.empty(sites), np.empty(sites), np.empty(sites)
    for c in range(cells):
        weigh_fates(hazards, larger_counted, doubt[c], more_delay[c], more_cancel[c], some_end, some_wait, some_on)
        for n in range(nodes):
            weigh_fates(hazards, larger[c, n], doubt[c], more_delay[c], more_cancel[c], end, wait, on)
            for left in range(build_years[c]):
                for i in range(sites):
                    moving, adding = building[c, n, left, 0, i], building[c, n, left, 1, i]
                    for_gain, here, given_up, delayed = gaining[c, n, left, i], 0.0, 0.0, 0.0
                    for j in range(sites):
                        both, output = moving[j] + adding[j], moving[j] + 0.5 * adding[j]
                        here += both
                        whole += output
                        given_up += end[j] * both
                        delayed += wait[j] * both
                        ended[c, i, j] += end[j] * output
                        late[c, i, j] += wait[j] * output
                        counted[1, j] += some_wait[j] * both
                        counted[2, j] += some_end[j] * both
                    if here <= 0.0:
                        continue
                    for j in range(sites):
                        if left == 0:
                            single[c, n, cohort, j] += on[j] * moving[j]
                            pair[c, n, cohort, max(pair_of[i, j], 0)] += on[j] * adding[j]
                            opened[c, i, j] += on[j] * (moving[j] + 0.5 * adding[j])
                            opened_gaining[c, i, j] += on[j] * for_gain[j]
                            counted[0, j] += some_on[j] * (moving[j] + adding[j])
                        else:
                            building[c, n, left - 1, 0, i, j] += on[j] * moving[j]
                            building[c, n, left - 1, 1, i, j] += on[j] * adding[j]
                            gaining[c, n, left - 1, i, j] += on[j] * for_gain[j]
                    moving *= wait
                    adding *= wait
                    for_gain *= wait
                    back, stay = given_up / here, delayed / here
                    for a in range(depth):
                        amount = waiting[c, n, left, a, i]
                        single[c, n, a, i] += amount * back
                        waiting[c, n, left, a, i] = amount * stay
                        if left > 0:
                            waiting[c, n, left - 1, a, i] += amount * (1.0 - back - stay)
    return whole


@kernel_with_arrays
def weigh_fates(hazards, larger, doubt, more_delay, more_cancel, end, wait, on):  # type: ignore[no-untyped-def]
    """Write the chances that a node's projects at each site are given up, delayed and built on; each (site,)."""
    delay, cancel, size_effect, doubt_effect = hazards
    for j in range(end.size):
        rise = 1.0 + size_effect * larger + doubt_effect * doubt[j]
        end[j] = min(cancel * rise + more_cancel[j], LARGEST_CHANCE)
        wait[j] = (1.0 - end[j]) * min(delay * rise + more_delay[j], LARGEST_CHANCE)
        on[j] = 1.0 - end[j] - wait[j]
