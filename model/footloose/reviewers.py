"""Who reviews: draws for many firms at once, and of those who review only the ones that may change anything.

A firm stays where its draw x (odds of staying + odds of a change) is below the odds of staying. Most reviewers are
known to stay from two bounds that cost a few multiplications: odds of staying that are too low, odds of a change that
are too high (a squeeze, Marsaglia 1977). Only the others need the odds themselves, and with them the nested logit over
all sites. The decisions are the same, bit by bit.

Every step is a loop over the firms at hand that does the same to each, so that a compiler makes vectors of it.
"""

from __future__ import annotations

import numba
import numpy as np

from footloose.arithmetic import exp, log
from footloose.draws import uniform_of

UNIT = 2.0**-32
TINY = 1e-300

DRAWN = 2048
"""Firms whose draws are made together."""

BLOCK = 128
"""Reviewers of a cell worked on together: few enough for their working space to stay in the nearest cache."""

LANES = 4
"""Reviewers are made up to a multiple of this with copies of the last one, so that vectors are full."""

SLACK = 1.0 + 1e-9
"""Room for rounding in a bound; nobody within it is left out."""

LEAST_VALUE = -300.0
"""Below this the exponential is cut at the small end, and no bound is trusted."""


@numba.njit(cache=True, nogil=True, error_model="numpy")
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


@numba.njit(cache=True, nogil=True, error_model="numpy")
def value_of(theta, common, labour, risk, time, intensity, aversion, sensitivity):  # type: ignore[no-untyped-def]
    """Return v = -theta x expected change of log cost at a firm's own loadings."""
    return -theta * (common + intensity * labour + aversion * risk + sensitivity * time)


@numba.njit(cache=True, nogil=True, error_model="numpy")
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


@numba.njit(cache=True, nogil=True, error_model="numpy")
def highest_values(c, count, trait, expected, theta, entry, best):  # type: ignore[no-untyped-def]
    """Fill `best` with the highest value of building afresh, over all sites; (firm,)."""
    labour, risk, time = trait[0], trait[1], trait[2]
    best[:count] = -np.inf
    for j in range(entry.shape[1]):
        common, of_labour, of_risk, of_time = expected[c, 0, j], expected[c, 1, j], expected[c, 2, j], expected[c, 3, j]
        pays = theta * entry[c, j]
        for n in range(count):
            v = value_of(theta, common, of_labour, of_risk, of_time, labour[n], risk[n], time[n]) - pays
            best[n] = max(best[n], v)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def bound_change(  # type: ignore[no-untyped-def]
    c, count, own, expected, theta, entry, weight, nested, all_pull, rules, working, odds
):
    """Fill `odds` with odds of staying that are too low and odds of a change that are too high; (two, firm).

    As if every site were as near as the nearest and as good as the best: the sum of k P I is at most k exp(best) x the
    sum of the weights. Where the best value is so low that exponentials are cut, the bound is without end.

    all_pull : of the cell, over all sites;  rules: ease, drop, largest k, least of what comes on top of the sunk cost
    working  : (nest, firm) working space
    """
    here, there, trait, doubt, barrier, at_main, at_second, mixed = own
    nest, dissimilarity = nested
    ease, drop, largest, least_extra = rules
    stay, change, best = odds[0], odds[1], odds[2]
    highest_values(c, count, trait, expected, theta, entry, best)
    all_weight = largest_inclusive(c, weight, nest, dissimilarity, working)
    for n in range(count):
        k = min(exp(-barrier[n] - doubt[n] * least_extra), largest)
        afresh = exp(best[n]) * all_weight if best[n] > LEAST_VALUE else np.inf
        main, second, both = exp(at_main[n]), exp(at_second[n]), exp(mixed[n])
        one = max(1.0 - (1.0 + ease) * k * all_pull, 0.0) * main
        away = k * (afresh + ease * np.sqrt(afresh) * both)
        two, apart = (1.0 - drop * k) * both, 0.5 * drop * k * (main + second)
        paired = here[n] != there[n]
        stay[n] = two if paired else one
        change[n] = apart if paired else away


@numba.njit(cache=True, nogil=True, error_model="numpy")
def leave_out_who_stays(count, reviewer, first, word, odds):  # type: ignore[no-untyped-def]
    """Keep in `reviewer` those who may change, by their draw and the bounds; return how many."""
    found = 0
    for n in range(count):
        firm = reviewer[n]
        draw, stay, change = uniform_of(word[1, firm - first]) * SLACK, odds[0, n], odds[1, n]
        reviewer[found] = firm
        found += not draw * (stay + change) < stay
    return found


@numba.njit(cache=True, nogil=True, error_model="numpy")
def largest_inclusive(c, weight, nest, dissimilarity, working):  # type: ignore[no-untyped-def]
    """Return the inclusive value of a cell were every site worth one: the sum over nests of their weights.

    weight : (cell, site);  working: (nest, any) working space
    """
    nests, whole = working.shape[0], 0.0
    working[:, 0] = 0.0
    for j in range(nest.size):
        working[nest[j], 0] += weight[c, j]
    for g in range(nests):
        whole += exp(dissimilarity * log(max(working[g, 0], TINY))) if working[g, 0] > 0.0 else 0.0
    return whole


@numba.njit(cache=True, nogil=True, error_model="numpy")
def fill_lanes(count, who):  # type: ignore[no-untyped-def]
    """Make the firms up to full vectors with copies of the last one; return how many there are now."""
    full = (count + LANES - 1) // LANES * LANES
    for n in range(count, full):
        who[n] = who[count - 1]
    return full


@numba.njit(cache=True, nogil=True, error_model="numpy")
def same_cell(c, first, found, cell, reviewer, who):  # type: ignore[no-untyped-def]
    """Copy the reviewers of a cell from `first` on, at most BLOCK; return where they end."""
    last = first
    while last < found and last - first < BLOCK and cell[reviewer[last]] == c:
        who[last - first] = reviewer[last]
        last += 1
    return last
