"""Who reviews: draws for many firms at once, and of those who review only the ones that may change anything.

A firm stays where its draw x (odds of staying + odds of a change) is below the odds of staying. Most reviewers are
known to stay from two bounds that cost a few multiplications: odds of staying that are too low, odds of a change that
are too high (a squeeze, Marsaglia 1977). Only the others need the odds themselves, and with them the nested logit over
all sites. The decisions are the same, bit by bit.

Every step is a loop over the firms at hand that does the same to each, so that a compiler makes vectors of it.
"""

from __future__ import annotations

import numpy as np

from footloose.arithmetic import exp, exp_roughly, log
from footloose.compiled import kernel_part
from footloose.draws import uniform_of

UNIT = 2.0**-32
TINY = 1e-300

DRAWN = 2048
"""Firms whose draws are made together."""

BLOCK = 128
"""Reviewers of a cell worked on together: few enough for their working space to stay in the nearest cache."""

LANES = 4
"""Reviewers are made up to a multiple of this with copies of the last one, so that vectors are full."""

SLACK = 1.002
"""Room in a bound for rough exponentials, of which three are multiplied at most; nobody within it is left out."""

TIES_IN_WORD = 32
"""How far apart two sites are takes two bits of a word of 64."""

LEAST_VALUE = -300.0
"""Below this the exponential is cut at the small end, and no bound is trusted."""


@kernel_part
def find_reviewers(  # type: ignore[no-untyped-def]
    first, count, cell, main, second, target, hazard, largest_hazard, word, reviewer
):
    """Write who of the firms from `first` on reviews this year; return how many.

    word     : (3, DRAWN) draws of these firms, the first of them for this;  reviewer: (DRAWN,) written
    """
    possible, found, most = 0, 0, np.uint32(min(largest_hazard / UNIT, 1.0 / UNIT - 1.0))
    for n in range(count):
        reviewer[possible] = first + n
        possible += word[0, n] <= most
    for n in range(possible):
        firm = reviewer[n]
        c, here, there = cell[firm], main[firm], second[firm]
        chance = max(hazard[c, here], hazard[c, here if there < 0 else there])
        reviewer[found] = firm
        found += (uniform_of(word[0, firm - first]) < chance) & (target[firm] < 0)
    return found


@kernel_part
def value_of(theta, common, labour, risk, time, intensity, aversion, sensitivity):  # type: ignore[no-untyped-def]
    """Return v = -theta x expected change of log cost at a firm's own loadings."""
    return -theta * (common + intensity * labour + aversion * risk + sensitivity * time)


@kernel_part
def look_up(  # type: ignore[no-untyped-def]
    c, count, reviewer, columns, tables, theta, sunk, rules, own
):
    """Write what a decision needs of the firms themselves and of their present sites; each (firm,).

    here, there        : main and second site, the main one twice where there is one;  trait: (3, firm) own loadings
    doubt, barrier     : own sunk cost, dearer where policy is uncertain; log odds against a move to a near site
    at_main, at_second : v at the present sites, 0 for no second one;  mixed: v of both, hedging counted
    """
    main, second, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost = columns
    expected, uncertain, hedge, rooted = tables
    young_plant, plant_life, uncertainty_effect, year = rules
    here, there, trait, doubt, barrier, at_main, at_second, mixed = own
    for n in range(count):
        firm = reviewer[n]
        i, k = main[firm], second[firm]
        paired = k >= 0
        k = k if paired else i
        labour, risk, time = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        age = min((year - opened[firm]) / plant_life, 1.0)
        deep = sunk_cost[firm] * (1.0 + uncertainty_effect * (0.5 * (uncertain[c, i] + uncertain[c, k])))
        roots = 0.5 * (rooted[c, i] + rooted[c, k])
        first = value_of(
            theta, expected[c, 0, i], expected[c, 1, i], expected[c, 2, i], expected[c, 3, i], labour, risk, time
        )
        other = value_of(
            theta, expected[c, 0, k], expected[c, 1, k], expected[c, 2, k], expected[c, 3, k], labour, risk, time
        )
        other = other if paired else 0.0
        here[n], there[n] = i, k
        trait[0, n], trait[1, n], trait[2, n] = labour, risk, time
        doubt[n], barrier[n] = deep, deep * sunk + young_plant * (1.0 - age) + roots
        at_main[n], at_second[n] = first, other
        mixed[n] = 0.5 * (first + other) + risk * 0.5 * (hedge[c, i] + hedge[c, k])


@kernel_part
def best_of_nests(expected, entry, theta, nest, best):  # type: ignore[no-untyped-def]
    """Write the highest part of v that each loading adds at a site of each nest, an entrant's cost with the first.

    expected : (cell, loading, site);  entry: (cell, site);  theta: (cell,)
    best     : (cell, loading, nest) least numbers, written
    """
    cells, loadings, sites = expected.shape
    for c in range(cells):
        for j in range(sites):
            g, elasticity = nest[j], theta[c]
            best[c, 0, g] = max(best[c, 0, g], -elasticity * (expected[c, 0, j] + entry[c, j]))
            for loading in range(1, loadings):
                best[c, loading, g] = max(best[c, loading, g], -elasticity * expected[c, loading, j])


@kernel_part
def bound_change(  # type: ignore[no-untyped-def]
    c, count, own, best, nest_weight, tie, nearest, reach, extra, rules, near, ease_of, odds
):
    """Fill `odds` with odds of staying that are too low and odds of a change that are too high; (two, firm).

    As if every site of a nest were as near as its nearest and as good as its best: the sum of k P I over its sites is
    at most k exp(best) x the nest's weight. Where the best value is so low that exponentials are cut, the bound is
    without end. Exponentials are rough ones; what they may miss is in SLACK.

    best    : (cell, loading, nest) of best_of_nests;  nest_weight: (cell, nest) of nest_weights
    tie     : (site, site);  nearest: (site,) of pack_nearest;  extra: (tie,), the nearest tie first and least
    rules   : ease, drop, largest k;  near, ease_of: (firm,) and (tie, firm) working space
    """
    here, there, trait, doubt, barrier, at_main, at_second, mixed = own
    ease, drop, largest = rules
    stay, change, leave = odds[0], odds[1], odds[2]
    labour, risk, time = trait[0], trait[1], trait[2]
    for t in range(extra.size):
        more = extra[t]
        for n in range(count):
            ease_of[t, n] = min(exp_roughly(-barrier[n] - doubt[n] * more), largest)
    at_hand, across, rooted = ease_of[0], ease_of[1], ease_of[2]
    for n in range(count):
        i = here[n]
        near[n], leave[n] = nearest[i], ease_of[tie[i, there[n]], n]
        stay[n] = at_hand[n] * reach[c, i, 0] + across[n] * reach[c, i, 1] + rooted[n] * reach[c, i, 2]
        change[n] = 0.0
    for g in range(best.shape[2]):
        common, of_labour, of_risk, of_time = best[c, 0, g], best[c, 1, g], best[c, 2, g], best[c, 3, g]
        all_weight = nest_weight[c, g]
        if all_weight == 0.0:
            continue
        for n in range(count):
            value = common + labour[n] * of_labour + risk[n] * of_risk + time[n] * of_time
            apart, easy, harder, hardest = (near[n] >> 2 * g) & 3, at_hand[n], across[n], rooted[n]
            k = easy if apart == 0 else (harder if apart == 1 else hardest)
            pull = k * exp_roughly(value) * all_weight
            change[n] += pull if value > LEAST_VALUE else np.inf
    for n in range(count):
        main, second, both = exp_roughly(at_main[n]), exp_roughly(at_second[n]), exp_roughly(mixed[n])
        one = max(1.0 - (1.0 + ease) * SLACK * stay[n], 0.0) * main
        away = change[n] + ease * np.sqrt(at_hand[n] * change[n]) * both
        k = drop * SLACK * leave[n]
        two, gone = max(1.0 - k, 0.0) * both, 0.5 * k * (main + second)
        paired = here[n] != there[n]
        stay[n] = two if paired else one
        change[n] = gone if paired else away


@kernel_part
def leave_out_who_stays(count, reviewer, first, word, odds):  # type: ignore[no-untyped-def]
    """Keep in `reviewer` those who may change, by their draw and the bounds; return how many."""
    found = 0
    for n in range(count):
        firm = reviewer[n]
        draw, stay, change = uniform_of(word[1, firm - first]) * SLACK, odds[0, n], odds[1, n]
        reviewer[found] = firm
        found += not draw * (stay + change) < stay
    return found


@kernel_part
def nest_weights(weight, nest, dissimilarity, total):  # type: ignore[no-untyped-def]
    """Write what the nests of a cell add to its inclusive value were every site worth one.

    weight : (cell, site);  total: (cell, nest) zeros, written
    """
    for c in range(weight.shape[0]):
        for j in range(nest.size):
            total[c, nest[j]] += weight[c, j]
        for g in range(total.shape[1]):
            total[c, g] = exp(dissimilarity * log(max(total[c, g], TINY))) if total[c, g] > 0.0 else 0.0


@kernel_part
def fill_lanes(count, who):  # type: ignore[no-untyped-def]
    """Make the firms up to full vectors with copies of the last one; return how many there are now."""
    full = (count + LANES - 1) // LANES * LANES
    for n in range(count, full):
        who[n] = who[count - 1]
    return full


@kernel_part
def same_cell(c, first, found, cell, reviewer, who):  # type: ignore[no-untyped-def]
    """Copy the reviewers of a cell from `first` on, at most BLOCK; return where they end."""
    last = first
    while last < found and last - first < BLOCK and cell[reviewer[last]] == c:
        who[last - first] = reviewer[last]
        last += 1
    return last
