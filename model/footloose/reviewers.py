"""Who reviews, and who of them surely stays: draws, odds in single precision, for many firms at once.

A firm's odds need a nested logit over all sites. In single precision they cost a third, and what is rounded off is
bounded: a draw further from every edge of the odds than ROOM of them decides as the exact odds would (a squeeze,
Marsaglia 1977). Those nearer, one in some hundreds, are decided by the equations themselves (choice.decide_exactly).
The decisions are the same, bit by bit.

Every step is a loop over the firms at hand that does the same to each, so that a compiler makes vectors of it.
"""

from __future__ import annotations

import numpy as np

from footloose.arithmetic import HALF, ONE, exp, exp_single, log, log_single, of_three
from footloose.compiled import kernel_part
from footloose.draws import uniform_of

DRAWN = 2048
"""Firms whose draws are made together."""

BLOCK = 256
"""Reviewers of a cell worked on together: few enough for their working space to stay in the nearest cache."""

LANES = 8
"""Reviewers are made up to a multiple of this with copies of the last one, so that vectors are full."""

ROOM = np.float32(1e-4)
"""What the odds in single precision may be off by, of their sum: exponentials and sums of 1e-6, some ten of them."""

ROUNDED = np.float32(1e-6)
"""On top of it, of the largest term of a value: a few roundings of 6e-8 each."""

LEAST_WEIGHT = 1e-30
"""Weights of sites below which single precision runs out of numbers."""

MOST = np.float32(1e12)
"""Sums of odds beyond which exponentials may have been cut."""

SLACK = np.float32(1.002)
"""Room in a bound for what is rounded off; nobody within it is left out."""

FAR = np.float32(80.0)
"""Values beyond which exponentials may be cut, or rounded off too much, and no bound is trusted."""

LARGE = np.float32(30.0)
"""The same for what hedging adds, which multiplies the smallest of numbers."""

LEAST_SHARE = np.float32(1e-37)
"""Below this a nest holds nothing."""

TIES_IN_WORD = 16
"""How far apart two sites are takes two bits of a word of 32."""

UNIT, LEAST = 2.0**-32, 1e-300
ZERO, TINY, INFINITE, SINGLE_UNIT = np.float32(0.0), np.float32(1e-30), np.float32(np.inf), np.float32(UNIT)


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
def nest_weights(weight, nest, dissimilarity, total):  # type: ignore[no-untyped-def]
    """Write what the nests of a cell add to its inclusive value were every site worth one.

    weight : (cell, site);  total: (cell, nest) zeros, written
    """
    for c in range(weight.shape[0]):
        for j in range(nest.size):
            total[c, nest[j]] += weight[c, j]
        for g in range(total.shape[1]):
            total[c, g] = exp(dissimilarity * log(max(total[c, g], LEAST))) if total[c, g] > 0.0 else 0.0


@kernel_part
def same_cell(c, first, found, cell, reviewer, who):  # type: ignore[no-untyped-def]
    """Copy the reviewers of a cell from `first` on, at most BLOCK; return where they end."""
    last = first
    while last < found and last - first < BLOCK and cell[reviewer[last]] == c:
        who[last - first] = reviewer[last]
        last += 1
    return last


@kernel_part
def fill_lanes(count, who):  # type: ignore[no-untyped-def]
    """Make the firms up to full vectors with copies of the last one; return how many there are now."""
    full = (count + LANES - 1) // LANES * LANES
    for n in range(count, full):
        who[n] = who[count - 1]
    return full


@kernel_part
def look_up(c, count, who, columns, tables, theta, sunk, rules, own):  # type: ignore[no-untyped-def]
    """Write what a decision needs of the firms themselves and of their present sites, single precision; each (firm,).

    here, there        : main and second site, the main one twice where there is one;  trait: (3, firm) own loadings
    doubt, barrier     : own sunk cost, dearer where policy is uncertain; log odds against a move to a near site
    at_main, at_second : v at the present sites;  mixed: v of both, hedging counted
    """
    main, second, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost = columns
    expected, uncertain, hedge, rooted = tables
    young_plant, plant_life, uncertainty_effect, year = rules
    here, there, trait, doubt, barrier, at_main, at_second, mixed = own
    for n in range(count):
        firm = who[n]
        i, k = main[firm], second[firm]
        paired = k >= 0
        k = k if paired else i
        labour, risk, time = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        age = min((year - opened[firm]) / plant_life, 1.0)
        deep = sunk_cost[firm] * (1.0 + uncertainty_effect * (0.5 * (uncertain[c, i] + uncertain[c, k])))
        first = expected[c, 0, i] + labour * expected[c, 1, i] + risk * expected[c, 2, i] + time * expected[c, 3, i]
        other = expected[c, 0, k] + labour * expected[c, 1, k] + risk * expected[c, 2, k] + time * expected[c, 3, k]
        first, other = -theta * first, -theta * other if paired else 0.0
        here[n], there[n] = i, k
        trait[0, n], trait[1, n], trait[2, n] = labour, risk, time
        doubt[n] = deep
        barrier[n] = deep * sunk + young_plant * (1.0 - age) + 0.5 * (rooted[c, i] + rooted[c, k])
        at_main[n], at_second[n] = first, other
        mixed[n] = 0.5 * (first + other) + risk * 0.5 * (hedge[c, i] + hedge[c, k])


@kernel_part
def bound_change(  # type: ignore[no-untyped-def]
    c, count, own, best, nest_weight, tie, nearest, reach, extra, largest, rules, near, ease_of, odds
):
    """Fill odds of staying that are too low and, with those of a change that are too high, their sum; (two, firm).

    As if every site of a nest were as near as its nearest and as good as its best: the sum of k P I over its sites is
    at most k exp(best) x the nest's weight. Where a value may have been cut or rounded too much, staying has no odds.

    tie : (site, site);  nearest: (site,) of pack_nearest;  extra: (tie,), the nearest tie first and least
    """
    here, there, trait, doubt, barrier, at_main, at_second, mixed = own
    ease, drop, _ = rules
    stay, whole, leave = odds[0], odds[1], odds[2]
    labour, risk, time = trait[0], trait[1], trait[2]
    weigh_barriers(count, doubt, barrier, extra, largest, ease_of)
    at_hand, across, rooted = ease_of[0], ease_of[1], ease_of[2]
    for n in range(count):
        i = here[n]
        near[n], leave[n] = nearest[i], ease_of[tie[i, there[n]], n]
        stay[n] = at_hand[n] * reach[c, i, 0] + across[n] * reach[c, i, 1] + rooted[n] * reach[c, i, 2]
        whole[n] = ZERO
    for g in range(best.shape[2]):
        common, of_labour = np.float32(best[c, 0, g]), np.float32(best[c, 1, g])
        of_risk, of_time = np.float32(best[c, 2, g]), np.float32(best[c, 3, g])
        all_weight = max(np.float32(nest_weight[c, g]), TINY)
        if nest_weight[c, g] == 0.0:
            continue
        for n in range(count):
            value = common + labour[n] * of_labour + risk[n] * of_risk + time[n] * of_time
            size = abs(common) + labour[n] * abs(of_labour) + risk[n] * abs(of_risk) + time[n] * abs(of_time)
            k = of_three(near[n], 2 * g, at_hand[n], across[n], rooted[n])
            whole[n] += k * exp_single(value) * all_weight if size < FAR else INFINITE
    for n in range(count):
        main, second, both = exp_single(at_main[n]), exp_single(at_second[n]), exp_single(mixed[n])
        one = max(ONE - (ONE + ease) * SLACK * stay[n], ZERO) * main
        away = whole[n] + ease * np.sqrt(max(at_hand[n] * whole[n], TINY)) * both
        k = drop * SLACK * leave[n]
        two, gone = max(ONE - k, ZERO) * both, HALF * k * (main + second)
        paired = here[n] != there[n]
        sound = (abs(at_main[n]) < FAR) & (abs(at_second[n]) < FAR) & (abs(mixed[n]) < LARGE)
        stay[n] = (two if paired else one) if sound else ZERO
        whole[n] = SLACK * (stay[n] + (gone if paired else away))


@kernel_part
def weigh_barriers(count, doubt, barrier, extra, largest, ease_of):  # type: ignore[no-untyped-def]
    """Fill `ease_of` with k = exp(-sunk cost) of a move to a site so far apart; (tie, firm)."""
    for t in range(extra.size):
        more = extra[t]
        for n in range(count):
            ease_of[t, n] = min(exp_single(-barrier[n] - doubt[n] * more), largest)


@kernel_part
def weigh_sites(  # type: ignore[no-untyped-def]
    c, count, trait, expected, entry, theta, weight, nest, dissimilarity, share, total, inclusive, size
):
    """Fill `share` with the nested-logit weight of building afresh at each site, `inclusive` with their sum.

    share : (site, firm);  total: (nest, firm) working space;  inclusive: (firm,)
    size  : (firm,) the largest sum of the parts of v / dissimilarity, without signs; infinite for the tiniest weights
    """
    labour, risk, time = trait[0], trait[1], trait[2]
    total[:, :count] = ZERO
    inclusive[:count] = ZERO
    size[:count] = ZERO
    inverse, power_of = 1.0 / dissimilarity, np.float32(dissimilarity)
    for j in range(share.shape[0]):
        g, base, response = nest[j], np.float32(weight[c, j]), -theta * inverse
        common, of_labour = (
            np.float32(response * (expected[c, 0, j] + entry[c, j])),
            np.float32(response * expected[c, 1, j]),
        )
        of_risk, of_time = np.float32(response * expected[c, 2, j]), np.float32(response * expected[c, 3, j])
        least = INFINITE if 0.0 < weight[c, j] < LEAST_WEIGHT else abs(common)
        for n in range(count):
            value = common + labour[n] * of_labour + risk[n] * of_risk + time[n] * of_time
            share[j, n] = base * exp_single(value)
            total[g, n] += share[j, n]
            whole = least + labour[n] * abs(of_labour) + risk[n] * abs(of_risk) + time[n] * abs(of_time)
            size[n] = max(size[n], whole)
    for g in range(total.shape[0]):
        for n in range(count):
            held = total[g, n]
            some = held > LEAST_SHARE
            power = exp_single(power_of * log_single(max(held, LEAST_SHARE)))
            inclusive[n] += power if some else ZERO
            total[g, n] = power / max(held, LEAST_SHARE) if some else ZERO
    for j in range(share.shape[0]):
        g = nest[j]
        for n in range(count):
            share[j, n] *= total[g, n]


@kernel_part
def sum_within_reach(  # type: ignore[no-untyped-def]
    c, count, here, there, share, ease_of, tie, packed, reach, near, leave, then, now
):
    """Fill `then` and `now` with the sum over sites of k x pull, in the base year, and of k x P x I; (firm,).

    leave : k between the two sites;  packed: (site, word) how far apart sites are;  near: (firm,) working space
    """
    at_hand, across, rooted = ease_of[0], ease_of[1], ease_of[2]
    for n in range(count):
        i = here[n]
        leave[n] = ease_of[tie[i, there[n]], n]
        then[n] = at_hand[n] * reach[c, i, 0] + across[n] * reach[c, i, 1] + rooted[n] * reach[c, i, 2]
        now[n] = ZERO
    for j in range(share.shape[0]):
        word, place = j // TIES_IN_WORD, 2 * (j % TIES_IN_WORD)
        if place == 0:
            for n in range(count):
                near[n] = packed[here[n], word]
        for n in range(count):
            now[n] += of_three(near[n], place, at_hand[n], across[n], rooted[n]) * share[j, n]


@kernel_part
def weigh_odds(  # type: ignore[no-untyped-def]
    count, here, there, at_main, at_second, mixed, leave, then, now, inclusive, size, rules, room, odds
):
    """Fill the odds of staying, the sum of all, and those of the first change (MOVE or DROP_SECOND); (firm,).

    size : (firm,) of weigh_sites;  room: (firm,) what they may be off by; infinite where they cannot be trusted
    """
    stay, whole, first = odds[0], odds[1], odds[2]
    ease, drop, least = rules
    for n in range(count):
        main, second, both = exp_single(at_main[n]), exp_single(at_second[n]), exp_single(mixed[n])
        k, paired = drop * leave[n], here[n] != there[n]
        one = max(ONE - (ONE + ease) * then[n], ZERO) * main
        add = ease * now[n] / np.sqrt(max(inclusive[n], TINY)) * both
        other = HALF * k * second if paired else add
        first[n] = HALF * k * main if paired else now[n]
        stay[n] = (ONE - k) * both if paired else one
        whole[n] = stay[n] + first[n] + other
        most = (both if paired else main) + first[n] + other
        sound = (whole[n] > least) & (most < MOST) & (size[n] < FAR)
        sound &= paired | ((inclusive[n] > least) & (inclusive[n] < MOST))
        sound &= (abs(at_main[n]) < FAR) & (abs(at_second[n]) < FAR) & (abs(mixed[n]) < LARGE)
        room[n] = (ROOM + ROUNDED * size[n]) * most if sound else INFINITE


@kernel_part
def draws_of(count, who, begin, word, draw):  # type: ignore[no-untyped-def]
    """Write the draws that decide for the firms at hand."""
    for n in range(count):
        draw[n] = (np.float32(word[1, who[n] - begin]) + HALF) * SINGLE_UNIT


@kernel_part
def leave_out_who_stays(count, draw, stay, whole, room, left):  # type: ignore[no-untyped-def]
    """Write which of the firms at hand do not surely stay; return how many. All (firm,)."""
    found = 0
    for n in range(count):
        left[found] = n
        found += not draw[n] * whole[n] < stay[n] - room[n]
    return found


@kernel_part
def keep(count, left, who):  # type: ignore[no-untyped-def]
    """Keep those left of the firms at hand."""
    for n in range(count):
        who[n] = who[left[n]]
