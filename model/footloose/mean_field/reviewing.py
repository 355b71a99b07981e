"""Reviewing: of every state the part that reviews is divided among stay, move, add, keep and drop by the odds.

The chance that the draw of a firm falls on an outcome is the outcome's share of the odds of `choice`; here this share
of the firms goes there. What does not depend on the age of a plant is taken out of the sums, so that a state costs a
few multiplications. Rows are nodes of cells, one after the other.
"""

from __future__ import annotations

import numpy as np

from footloose.arithmetic import exp
from footloose.choice import ACROSS, NEAR, ROOTED
from footloose.compiled import kernel_with_arrays


@kernel_with_arrays
def leave_single(  # type: ignore[no-untyped-def]
    nodes, single, building, waiting, begun, hazard, leaving, reach, within, share, stay, add, young, ease, largest,
    tie, market, build_years, used, told, count, given_up,
):  # fmt: skip
    """Let the shares with one site stay, move or add a second one.

    nodes    : of a cell;  single: (row, cohort, site), building: (row, years left - 1, kind, site, target),
        waiting: (row, years left - 1, cohort, site) of Shares, changed
    begun    : (row, site, target) output the plants announced are to have, written
    hazard   : (cell, site);  leaving, within: (row, site, tie), share, stay, add: (row, site) of Odds
    young    : (cohort,) exp(- extra sunk cost of a plant of this age);  build_years: (cell,)
    count, given_up : (cell, site, target) output of those who announce, (cohort, cell, site) that leaves; added to
    used, told : cohorts that hold anything; whether given_up is asked for
    """
    rows, _, sites = single.shape
    for r in range(rows):
        c = r // nodes
        near_by, left = tie[market[c]], build_years[c] - 1
        for i in range(sites):
            easy, harder, hardest = leaving[r, i, NEAR], leaving[r, i, ACROSS], leaving[r, i, ROOTED]
            to_near, to_across, to_rooted, more = 0.0, 0.0, 0.0, add[r, i]
            for a in range(used):
                near, across = min(easy * young[a], largest), min(harder * young[a], largest)
                rooted = min(hardest * young[a], largest)
                then = near * reach[c, i, NEAR] + across * reach[c, i, ACROSS] + rooted * reach[c, i, ROOTED]
                now = near * within[r, i, NEAR] + across * within[r, i, ACROSS] + rooted * within[r, i, ROOTED]
                odds = max(1.0 - (1.0 + ease) * then, 0.0) * stay[r, i] + now * (1.0 + more)
                part = single[r, a, i] * hazard[c, i] / odds if odds > 0.0 else 0.0
                to_near, to_across, to_rooted = (
                    to_near + part * near,
                    to_across + part * across,
                    to_rooted + part * rooted,
                )
                moving = part * (now - near * share[r, i])
                single[r, a, i] -= moving * (1.0 + more)
                waiting[r, left, a, i] += moving * (1.0 + more)
                if told:
                    given_up[a, c, i] += moving
            for j in range(sites):
                how = near_by[i, j]
                moving = share[r, j] * (to_near if how == NEAR else (to_across if how == ACROSS else to_rooted))
                moving = moving if i != j else 0.0
                building[r, left, 0, i, j] += moving
                building[r, left, 1, i, j] += moving * more
                begun[r, i, j] = moving * (1.0 + 0.5 * more)
                count[c, i, j] += moving * (1.0 + more)


@kernel_with_arrays
def leave_pairs(  # type: ignore[no-untyped-def]
    nodes, single, pair, hazard, value, deep, hedged, rooted, sunk, extra, young, drop, largest, tie, market,
    used, told, dropped, count, given_up,
):  # fmt: skip
    """Let the shares with two sites keep both or one.

    single  : (row, cohort, site), pair: (row, cohort, pair) of Shares, changed
    hazard, rooted : (cell, site);  value, deep, hedged: (row, site) of Odds;  sunk: (cell,);  extra: (tie,)
    dropped, count : (cell, site left, site kept) output concentrated, and of those who do so;  given_up: as above
    """
    rows, _, pairs = pair.shape
    sites = single.shape[2]
    alone, part, left = np.empty(sites), np.empty(pairs), np.empty(pairs)
    apart, both, either, chance = np.empty(pairs), np.empty(pairs), np.empty(pairs), np.empty(pairs)
    for r in range(rows):
        c = r // nodes
        weigh_pairs(
            value[r], deep[r], hedged[r], hazard[c], rooted[c], sunk[c], extra, tie[market[c]], alone, apart, both,
            either, chance,
        )  # fmt: skip
        apart *= drop
        left[:] = 0.0
        for a in range(used):
            for p in range(pairs):
                odds = min(apart[p] * young[a], drop * largest)
                part[p] = chance[p] * odds / ((1.0 - odds) * both[p] + odds * either[p])
            for p in range(pairs):
                part[p] *= pair[r, a, p]
            for p in range(pairs):
                pair[r, a, p] -= part[p] * either[p]
            left += part
            p = 0
            for i in range(sites):
                for k in range(i + 1, sites):
                    one, other = part[p] * alone[i], part[p] * alone[k]
                    single[r, a, i] += one
                    single[r, a, k] += other
                    if told:
                        given_up[a, c, k] += 0.5 * one
                        given_up[a, c, i] += 0.5 * other
                    p += 1
        p = 0
        for i in range(sites):
            for k in range(i + 1, sites):
                one, other = left[p] * alone[i], left[p] * alone[k]
                dropped[c, k, i] += 0.5 * one
                dropped[c, i, k] += 0.5 * other
                count[c, k, i] += one
                count[c, i, k] += other
                p += 1


@kernel_with_arrays
def weigh_pairs(  # type: ignore[no-untyped-def]
    value, deep, hedged, hazard, rooted, sunk, extra, near_by, alone, apart, both, either, chance
):
    """Write the odds of keeping a site alone, both or either, k between the two (`apart`) and the chance of a review.

    alone : (site,);  apart, both, either, chance: (pair,)
    """
    sites, p = value.size, 0
    for i in range(sites):
        alone[i] = 0.5 * exp(value[i])
    for i in range(sites):
        for k in range(i + 1, sites):
            barrier = 0.5 * (deep[i] + deep[k]) * (sunk + extra[near_by[i, k]])
            apart[p] = -barrier - 0.5 * (rooted[i] + rooted[k])
            both[p] = 0.5 * (value[i] + value[k] + hedged[i] + hedged[k])
            either[p], chance[p] = alone[i] + alone[k], max(hazard[i], hazard[k])
            p += 1
    for p in range(apart.size):
        apart[p], both[p] = exp(apart[p]), exp(both[p])


@kernel_with_arrays
def name_reasons(  # type: ignore[no-untyped-def]
    nodes, begun, gaining, factor, lines, entry, theta, noticeable, turnover, build_years, projects, gained, due,
    reasons,
):  # fmt: skip
    """Add up the projects announced, with the line that decided and the part due to costs (reasons.decisive_lines).

    begun   : (row, site, target);  gaining: (row, years left - 1, site, target) of Shares, added to
    factor  : (row, line) the node's loading of every line;  lines, entry: (cell, line, site);  theta: (cell,)
    projects, gained, due : (cell, site, target);  reasons: (cell, line); added to
    """
    rows, sites, _ = begun.shape
    count = lines.shape[1]
    here, there = np.empty((count, sites)), np.empty((count, sites))
    best, most, gain = np.empty(sites), np.empty(sites), np.empty(sites)
    for r in range(rows):
        c = r // nodes
        for line in range(count):
            for i in range(sites):
                here[line, i] = factor[r, line] * lines[c, line, i]
                there[line, i] = here[line, i] + entry[c, line, i]
        for i in range(sites):
            best[:], most[:], gain[:] = turnover, noticeable, 0.0
            for line in range(count):
                now, number = here[line, i], float(line)
                for j in range(sites):
                    saved = now - there[line, j]
                    gain[j] += saved
                    best[j] = number if saved > most[j] else best[j]
                    most[j] = max(saved, most[j])
            for j in range(sites):
                amount, decisive = begun[r, i, j], int(best[j]) if gain[j] > noticeable else turnover
                projects[c, i, j] += amount
                if decisive != turnover:
                    gained[c, i, j] += amount
                    gaining[r, build_years[c] - 1, i, j] += amount
                    due[c, i, j] += amount * (1.0 - exp(-theta[c] * gain[j]))
                if decisive >= 0:
                    reasons[c, decisive] += amount
