"""Reviewing: of every state the part that reviews is divided among stay, move, add, keep and drop by the engine's odds.

The worth of sites and the nested logit are the engine's own kernels, with nodes in the place of firms. The chance that
a draw falls on an outcome is its share of the odds of `choice`; what is written again here are these odds, with what
does not depend on the age of a plant taken out of the sums, so that a state costs a few multiplications.
"""

from __future__ import annotations

import numba
import numpy as np

from footloose.arithmetic import exp
from footloose.choice import ACROSS, NEAR, ROOTED, TINY, destination_weights, expected_values


@numba.njit(cache=True, nogil=True, error_model="numpy")
def review_shares(  # type: ignore[no-untyped-def]
    shares, pair_of, nodes, build_years, tables, terrain, rules, young, costs, flows
):
    """Let a year's reviews change the shares; write what was decided.

    shares  : single, pair, building, gaining, waiting of Shares, changed;  build_years: (cell,)
    nodes   : trait, sunk_cost, programmes of Nodes
    tables  : hazard, expected, entry, weight, hedge, rooted of Weighing; uncertain (cell, site); reach (cell, site, tie)
    terrain : tie, market, elasticity, sunk cost, extra, nest of Terrain, number of nests
    rules   : dissimilarity, effect of uncertainty, ease, drop, largest k
    young   : (cohort,) exp(- extra sunk cost of a plant of this age)
    costs   : lines, entry (line, cell, site), loading (line,), noticeable, line of turnover; as for decisive_lines
    flows   : tables of Flows, written
    """
    single = shares[0]
    trait, sunk_cost, programmes = nodes
    expected, entry, weight = tables[1], tables[2], tables[3]
    tie, market, elasticity, _, _, nest, nests = terrain
    cells, count, sites, _ = single.shape
    value, share = np.empty((sites, count)), np.empty((sites, count))
    total, inclusive = np.empty((nests, count)), np.empty(count)
    row = (np.empty(sites), np.empty(sites), np.empty((sites, sites)), np.empty(costs[0].shape[0] * sites))
    for c in range(cells):
        expected_values(c, count, trait[c], expected, elasticity[c], value)
        destination_weights(
            c, count, value, elasticity[c], entry, weight, nest, rules[0], share, total, inclusive
        )
        near_by = tie[market[c]]
        for n in range(count):
            own, here = row[0], row[1]
            for i in range(sites):
                own[i], here[i] = share[i, n], value[i, n]
            firm = (sunk_cost[c, n], trait[c, 0, n], trait[c, 1, n], trait[c, 2, n], programmes[c, n])
            leave_single(c, n, shares, build_years[c], firm, own, inclusive[n], here, tables, terrain, near_by, rules, young, row[2], flows)
            name_reasons(c, n, build_years[c] - 1, firm, elasticity[c], row[2], row[3], costs, shares[3], flows)
            leave_pairs(c, n, shares, pair_of, firm, here, tables, terrain, near_by, rules, young, flows)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def leave_single(  # type: ignore[no-untyped-def]
    c, n, shares, years, firm, share, inclusive, value, tables, terrain, near_by, rules, young, begun, flows
):
    """Let a node's shares with one site stay, move or add a second one; write to `begun` the output of the plants.

    share, value : (site,) P I and v of each site;  begun: (site, target) [USD million], written
    """
    single, building, waiting = shares[0], shares[2], shares[4]
    hazard, hedge, rooted, uncertain, reach = tables[0], tables[4], tables[5], tables[6], tables[7]
    sunk, extra = terrain[3][c], terrain[4]
    _, uncertainty_effect, ease, _, largest = rules
    sunk_cost, risk, number = firm[0], firm[2], firm[4]
    programmes, given_up = flows[1], flows[7]
    sites, depth = value.size, young.size
    for i in range(sites):
        deep = sunk_cost * (1.0 + uncertainty_effect * uncertain[c, i])
        barrier = deep * sunk + rooted[c, i]
        easy, harder, hardest = (
            exp(-barrier - deep * extra[NEAR]), exp(-barrier - deep * extra[ACROSS]), exp(-barrier - deep * extra[ROOTED])
        )
        near, across, far = 0.0, 0.0, 0.0
        for j in range(sites):
            near += share[j] if near_by[i, j] == NEAR else 0.0
            across += share[j] if near_by[i, j] == ACROSS else 0.0
            far += share[j] if near_by[i, j] == ROOTED else 0.0
        stay, add = exp(value[i]), ease / np.sqrt(max(inclusive, TINY)) * exp(0.5 * value[i] + risk * hedge[c, i])
        to_near, to_across, to_far = 0.0, 0.0, 0.0
        for a in range(depth):
            reviewing = single[c, n, i, a] * hazard[c, i]
            k = min(easy * young[a], largest)
            l = min(harder * young[a], largest)
            m = min(hardest * young[a], largest)
            then = k * reach[c, i, NEAR] + l * reach[c, i, ACROSS] + m * reach[c, i, ROOTED]
            now = k * near + l * across + m * far
            odds = max(1.0 - (1.0 + ease) * then, 0.0) * stay + now * (1.0 + add)
            part = reviewing / odds if odds > 0.0 else 0.0
            to_near, to_across, to_far = to_near + part * k, to_across + part * l, to_far + part * m
            moving = part * (now - k * share[i])
            single[c, n, i, a] -= moving * (1.0 + add)
            waiting[c, n, years - 1, i, a] += moving * (1.0 + add)
            given_up[c, i, a] += moving
        for j in range(sites):
            tie = near_by[i, j]
            reached = to_near if tie == NEAR else (to_across if tie == ACROSS else to_far)
            moving = reached * share[j] if i != j else 0.0
            building[c, n, years - 1, 0, i, j] += moving
            building[c, n, years - 1, 1, i, j] += moving * add
            begun[i, j] = moving * (1.0 + 0.5 * add)
            programmes[c, i, j] += moving * (1.0 + add) * number


@numba.njit(cache=True, nogil=True, error_model="numpy")
def name_reasons(  # type: ignore[no-untyped-def]
    c, n, left, firm, theta, begun, saved, costs, gaining, flows
):
    """Add a node's projects to the flows, with the line that decided and the part due to costs (decisive_lines).

    saved : working space;  left: place of the years they are to be built
    """
    lines, entry, loading, noticeable, turnover = costs
    output, gained, due, reasons = flows[0], flows[2], flows[3], flows[4]
    count, sites = lines.shape[0], begun.shape[0]
    factor = (1.0, firm[1], firm[2], firm[3])
    level, pays = np.zeros(sites), np.zeros(sites)
    for line in range(count):
        for i in range(sites):
            saved[line * sites + i] = factor[loading[line]] * lines[line, c, i]
            level[i] += saved[line * sites + i]
            pays[i] += entry[line, c, i]
    for i in range(sites):
        for j in range(sites):
            amount, best, most = begun[i, j], turnover, noticeable
            output[c, i, j] += amount
            gain = level[i] - level[j] - pays[j]
            if gain > noticeable:
                for line in range(count):
                    here = saved[line * sites + i] - saved[line * sites + j] - entry[line, c, j]
                    if here > most:
                        best, most = line, here
            if best != turnover:
                gained[c, i, j] += amount
                gaining[c, n, left, i, j] += amount
                due[c, i, j] += amount * (1.0 - exp(-theta * gain))
            if best >= 0:
                reasons[c, best] += amount


@numba.njit(cache=True, nogil=True, error_model="numpy")
def leave_pairs(  # type: ignore[no-untyped-def]
    c, n, shares, pair_of, firm, value, tables, terrain, near_by, rules, young, flows
):
    """Let a node's shares with two sites keep both or one."""
    single, pair = shares[0], shares[1]
    hazard, hedge, rooted, uncertain = tables[0], tables[4], tables[5], tables[6]
    sunk, extra = terrain[3][c], terrain[4]
    _, uncertainty_effect, _, drop, largest = rules
    sunk_cost, risk, number = firm[0], firm[2], firm[4]
    dropped, programmes, given_up = flows[5], flows[6], flows[7]
    sites, depth = value.size, young.size
    alone = np.empty(sites)
    for i in range(sites):
        alone[i] = 0.5 * exp(value[i])
    for i in range(sites):
        for k in range(i + 1, sites):
            p = pair_of[i, k]
            deep = sunk_cost * (1.0 + uncertainty_effect * 0.5 * (uncertain[c, i] + uncertain[c, k]))
            barrier = deep * (sunk + extra[near_by[i, k]]) + 0.5 * (rooted[c, i] + rooted[c, k])
            apart, chance = exp(-barrier), max(hazard[c, i], hazard[c, k])
            both = exp(0.5 * (value[i] + value[k]) + 0.5 * risk * (hedge[c, i] + hedge[c, k]))
            either, left = alone[i] + alone[k], 0.0
            for a in range(depth):
                odds = drop * min(apart * young[a], largest)
                part = pair[c, n, p, a] * chance * odds / ((1.0 - odds) * both + odds * either)
                pair[c, n, p, a] -= part * either
                single[c, n, i, a] += part * alone[i]
                single[c, n, k, a] += part * alone[k]
                given_up[c, k, a] += 0.5 * part * alone[i]
                given_up[c, i, a] += 0.5 * part * alone[k]
                left += part
            dropped[c, k, i] += 0.5 * left * alone[i]
            dropped[c, i, k] += 0.5 * left * alone[k]
            programmes[c, k, i] += left * alone[i] * number
            programmes[c, i, k] += left * alone[k] * number
