"""The decision: a firm that reviews its footprint stays, moves its site, adds a second one or drops one.

With v = -theta x (change of expected log cost since the base year, at the firm's own loadings), P_j the chance of site
j in a nested logit anchored at base-year shares pi_j (McFadden 1978; Berry 1994), and I its inclusive value (1 in the
base year), the odds at a review are

    one site i      stay       (1 - (1 + a) K_i) e^{v_i}
                    move to j  k_ij P_j I
                    add j      a k_ij P_j I^{1/2} e^{v_i/2 + h}
    two sites i, k  stay       (1 - d k_ik) e^{(v_i + v_k)/2 + h}
                    keep i     d k_ik e^{v_i} / 2
                    keep k     d k_ik e^{v_k} / 2

k_ij = k_ji = exp(-sunk cost), smaller where the move leaves the supply region or crosses the border of the market's
home, and smaller still between two rich sites, whose goods are differentiated;
K_i = sum_j k_ij pi_j; h is the value of hedging. With no sunk cost (k = 1) and no second sites a review redraws the
site, so shares follow the nested logit with elasticity -theta. In the base year every flow is met by an equal flow back
(detailed balance), whatever the sunk cost: nothing drifts, but for the extra cost of young plants, which favours large
sites by a percent in decades. A sunk cost makes an incumbent's ties as strong as the average incumbent's, so the
response to a cost change is slow on the way out and slow on the way back (hysteresis).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.arithmetic import exp, log
from footloose.compiled import kernel, kernel_part
from footloose.draws import Purpose, draw_words, uniform_of
from footloose.errors import FootlooseError
from footloose.reviewers import (
    BLOCK,
    DRAWN,
    TIES_IN_WORD,
    best_of_nests,
    bound_change,
    draws_of,
    fill_lanes,
    find_reviewers,
    keep,
    leave_out_who_stays,
    look_up,
    nest_weights,
    same_cell,
    sum_within_reach,
    weigh_barriers,
    weigh_odds,
    weigh_sites,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
REVIEW = int(Purpose.REVIEW)
TINY = 1e-300

DOUBTFUL, STAY, MOVE, ADD, DROP_SECOND, DROP_MAIN = -2, -1, 0, 1, 2, 3
"""What a firm decides; DOUBTFUL where its rough odds do not say."""

NEAR, ACROSS, ROOTED = 0, 1, 2
"""How far apart two sites are: in one supply region; in two; in two countries that both make differentiated goods."""

PLACES = 2 * np.arange(TIES_IN_WORD, dtype=np.uint32)
"""Where in a word each of them is kept."""


def reach_by_tie(pull: Floats, tie: Ints, market: Ints, ties: int) -> Floats:
    """Return the pull of all sites that lie NEAR, ACROSS and ROOTED of each site; (cell, site, tie).

    pull : (cell, site);  tie: (market, site, site);  market: (cell,)
    """
    reach = np.zeros((*pull.shape, ties))
    add_up_reach(pull, tie, market, reach)
    return reach


@kernel
def add_up_reach(pull, tie, market, reach):  # type: ignore[no-untyped-def]
    """Add the pull of all sites to that of those so far apart; reach: (cell, site, tie)."""
    cells, sites = pull.shape
    for c in range(cells):
        for i in range(sites):
            for j in range(sites):
                reach[c, i, tie[market[c], i, j]] += pull[c, j]


def pack_ties(tie: Ints) -> npt.NDArray[np.int32]:
    """Return how far each site is from all others, two bits each; (market, site, word).

    tie : (market, site, site)
    """
    words = -(-tie.shape[2] // TIES_IN_WORD)
    padded = np.zeros((*tie.shape[:2], words * TIES_IN_WORD), dtype=np.uint32)
    padded[..., : tie.shape[2]] = tie
    packed = np.bitwise_or.reduce(padded.reshape(*tie.shape[:2], words, TIES_IN_WORD) << PLACES, axis=3)
    return np.asarray(packed, dtype=np.uint32).view(np.int32)


def pack_nearest(tie: Ints, nest: Ints, extra: Floats) -> npt.NDArray[np.int32]:
    """Return how far each site is from the nearest site of each nest, two bits each; (market, site).

    tie    : (market, site, site);  extra: (tie,) barrier on top of the sunk cost: the nearest is where it is least
    raises : FootlooseError for more nests than a word holds
    """
    nests = int(nest.max()) + 1
    if nests > TIES_IN_WORD:
        raise FootlooseError(f"{nests} nests of sites; at most {TIES_IN_WORD} are possible")
    order = np.argsort(extra, kind="stable")
    rank = np.argsort(order)
    nearest = np.stack([rank[tie[:, :, nest == g]].min(axis=2, initial=extra.size - 1) for g in range(nests)], axis=2)
    packed = np.bitwise_or.reduce(order[nearest].astype(np.uint32) << PLACES[:nests], axis=2)
    return np.asarray(packed, dtype=np.uint32).view(np.int32)


@kernel_part
def destination_weights(c, value, elasticity, entry, weight, nest, dissimilarity, share, total):  # type: ignore[no-untyped-def]
    """Fill `share` with the nested-logit weight of building afresh at each site; return their sum, I.

    value, share : (site,);  entry, weight: (cell, site);  total: (nest,) working space
    """
    inverse, inclusive = 1.0 / dissimilarity, 0.0
    for g in range(total.size):
        total[g] = 0.0
    for j in range(share.size):
        share[j] = weight[c, j] * exp((value[j] - elasticity * entry[c, j]) * inverse)
        total[nest[j]] += share[j]
    for g in range(total.size):
        power = exp(dissimilarity * log(max(total[g], TINY)))
        inclusive += power if total[g] > 0.0 else 0.0
        total[g] = power / total[g] if total[g] > 0.0 else 0.0
    for j in range(share.size):
        share[j] *= total[nest[j]]
    return inclusive


@kernel_part
def decide_exactly(firm, c, draw, where, columns, tables, nest, tie, rules, year, space):  # type: ignore[no-untyped-def]
    """Return what a firm that reviews decides, and for which site: the equations above.

    draw, where : uniform numbers;  tie: (site, site) in the firm's market;  space: value and share, k, nest totals
    """
    main, second, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost = columns
    expected, entry, weight, reach, uncertain, hedge, rooted, theta, sunk, extra = tables
    dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest = rules
    value, share, k, total = space
    i, other = np.int64(main[firm]), np.int64(second[firm])
    paired = other >= 0
    other = other if paired else i
    labour, risk, time = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
    age = min((year - opened[firm]) / plant_life, 1.0)
    doubt = sunk_cost[firm] * (1.0 + uncertainty_effect * (0.5 * (uncertain[c, i] + uncertain[c, other])))
    barrier = doubt * sunk[c] + young_plant * (1.0 - age) + 0.5 * (rooted[c, i] + rooted[c, other])
    for j in range(value.size):
        cost = expected[c, 0, j] + labour * expected[c, 1, j] + risk * expected[c, 2, j] + time * expected[c, 3, j]
        value[j] = -theta[c] * cost
    for t in range(extra.size):
        k[t] = min(exp(-barrier - doubt * extra[t]), largest)
    hedging = risk * 0.5 * (hedge[c, i] + hedge[c, other])
    if paired:
        leave, both = drop * k[tie[i, other]], exp(0.5 * (value[i] + value[other]) + hedging)
        stay = (1.0 - leave) * both
        first, second_odds = 0.5 * leave * exp(value[i]), 0.5 * leave * exp(value[other])
    else:
        inclusive = destination_weights(c, value, theta[c], entry, weight, nest, dissimilarity, share, total)
        then = k[NEAR] * reach[c, i, NEAR] + k[ACROSS] * reach[c, i, ACROSS] + k[ROOTED] * reach[c, i, ROOTED]
        now = 0.0
        for j in range(share.size):
            share[j] *= k[tie[i, j]]
            now += share[j]
        stay, first = max(1.0 - (1.0 + ease) * then, 0.0) * exp(value[i]), now
        second_odds = ease * now / np.sqrt(max(inclusive, TINY)) * exp(0.5 * value[i] + hedging)
    draw *= stay + first + second_odds
    one = draw < stay + first
    if draw < stay:
        return STAY, i
    if paired:
        return (DROP_SECOND, i) if one else (DROP_MAIN, other)
    where *= now
    for j in range(share.size):
        where -= share[j]
        if where < 0.0:
            return (MOVE if one else ADD), j
    return STAY, i


@kernel_part
def draw_changes(  # type: ignore[no-untyped-def]
    c, count, left, who, begin, word, here, there, tie, share, ease_of, now, odds, room, columns, tables, nest, rules,
    year, space, changes, decided, site, kind,
):  # fmt: skip
    """Draw what those left decide; write who changes, to which site and how, from `changes` on; return where it ends.

    A draw nearer to an edge of the odds, or of a site's part of them, than `room` is left to decide_exactly.
    """
    stay, whole, first = odds[0], odds[1], odds[2]
    for place in range(count):
        n = left[place]
        firm, i, partner = who[n], int(here[n]), int(there[n])
        choose, where = uniform_of(word[1, firm - begin]), uniform_of(word[2, firm - begin])
        draw, what, reached = choose * whole[n], DOUBTFUL, i
        if abs(draw - stay[n]) > room[n] and abs(draw - stay[n] - first[n]) > room[n]:
            one = draw < stay[n] + first[n]
            if draw < stay[n]:
                what = STAY
            elif i != partner:
                what, reached = (DROP_SECOND, i) if one else (DROP_MAIN, partner)
            else:
                rest, edge = where * now[n], room[n] / whole[n] * now[n]
                for j in range(share.shape[0]):
                    rest -= share[j, n] * ease_of[tie[i, j], n]
                    if rest < edge:
                        if rest < -edge:
                            what, reached = (MOVE if one else ADD), j
                        break
        if what == DOUBTFUL:
            what, reached = decide_exactly(firm, c, choose, where, columns, tables, nest, tie, rules, year, space)
        if what >= DROP_SECOND or (what != STAY and reached != i):
            decided[changes], site[changes], kind[changes] = firm, reached, what
            changes += 1
    return changes


def review_footprints(  # type: ignore[no-untyped-def]
    slot, cell, main, second, target, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost,
    expected, entry, weight, reach, tie, packed, nearest, market, hazard, uncertain, hedge, rooted, theta, sunk, extra,
    nest, nests, dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest,
    year, seed, replicate, decided, site, kind,
):  # fmt: skip
    """Let every firm without a project under way decide; return the number of changes.

    slot ... sunk_cost : (firm,) columns of Firms, in the order of their cells
    expected  : (cell, loading, site) expected change of log cost since the base year, by loading
    entry     : (cell, site) change of an entrant's additional cost
    weight    : (cell, site) of the Anchor;  hazard: (cell, site) chance of a review
    reach     : (cell, site, tie) pull of all sites so far apart (reach_by_tie)
    tie       : (market, site, site) how far apart two sites are: NEAR, ACROSS or ROOTED;  market: (cell,)
    packed, nearest : the same in words (pack_ties), and how far each nest is (pack_nearest)
    uncertain, hedge : (cell, site) log points;  rooted: (cell, site) log odds against leaving, on top of the sunk cost
    theta, sunk : (cell,) elasticity; sunk cost in log odds;  extra: (tie,) the same, on top of it
    largest   : upper end of k that keeps every chance within one
    decided, site, kind : (firm,) written from the front: who changes, to which site, how (MOVE, ADD, DROP_...)
    """
    single, (cells, loadings, sites) = np.float32, expected.shape
    least = 1e6 * np.exp(-85.0 * dissimilarity) + 1e-12  # of odds: sites too small for single precision may be missing
    return review(
        slot, cell, target, (main, second, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost),
        (expected, entry, weight, reach, uncertain, hedge, rooted, theta, sunk, extra),
        (dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest),
        (single(ease), single(drop), single(least)), single(largest), extra.astype(single),
        nest, tie, packed, nearest, market, hazard, hazard.max(), year, seed, replicate,
        np.full((cells, loadings, nests), -np.inf), np.zeros((cells, nests)),
        np.empty((3, DRAWN), dtype=np.uint32), np.empty((2, DRAWN), dtype=np.int64),
        np.empty((4, BLOCK), dtype=np.int32), np.zeros((19, BLOCK), dtype=single),
        np.empty((extra.size + nests + sites, BLOCK), dtype=single),
        (np.empty(sites), np.empty(sites), np.empty(extra.size), np.empty(nests)), decided, site, kind,
    )  # fmt: skip


@kernel
def review(  # type: ignore[no-untyped-def]
    slot, cell, target, columns, tables, rules, odds_rules, largest, barriers,
    nest, tie, packed, nearest, market, hazard, largest_hazard, year, seed, replicate,
    best, nest_weight, word, listed, whole, row, by_place, space, decided, site, kind,
):  # fmt: skip
    """Write the changes and return their number; see review_footprints.

    columns    : (firm,) seven of them;  tables, rules: of decide_exactly
    odds_rules, largest, barriers : ease, drop and the least sum of odds that is trusted; largest k; (tie,), single
    best, nest_weight : least numbers and zeros, for best_of_nests and nest_weights;  word ... space: working space
    """
    expected, entry, weight, reach, uncertain, hedge, rooted, theta, sunk, _ = tables
    changes, at_sites, plants = np.int64(0), (expected, uncertain, hedge, rooted), (rules[1], rules[2], rules[3], year)
    reviewer, who = listed[0], listed[1]
    here, there, near, left = whole[0], whole[1], whole[2], whole[3]
    doubt, barrier, at_main, at_second, mixed, room = row[0], row[1], row[2], row[3], row[4], row[5]
    leave, then, now, inclusive, size, draw, nothing = row[6], row[7], row[8], row[9], row[10], row[11], row[12]
    trait, odds = row[13:16], row[16:19]
    own, ties, nests = (here, there, trait, doubt, barrier, at_main, at_second, mixed), barriers.size, best.shape[2]
    ease_of, total, share = by_place[:ties], by_place[ties : ties + nests], by_place[ties + nests :]
    nest_weights(weight, nest, rules[0], nest_weight)
    best_of_nests(expected, entry, theta, nest, best)
    for begin in range(0, cell.size, DRAWN):
        drawn, last = min(DRAWN, cell.size - begin), np.int64(0)
        draw_words(slot, begin, drawn, year, REVIEW, seed, replicate, word)
        found = find_reviewers(
            begin, drawn, cell, columns[0], columns[1], target, hazard, largest_hazard, word, reviewer
        )
        while last < found:
            c, first = cell[reviewer[last]], last
            last = same_cell(c, first, found, cell, reviewer, who)
            real, count, near_by = last - first, fill_lanes(last - first, who), tie[market[c]]
            look_up(c, count, who, columns, at_sites, theta[c], sunk[c], plants, own)
            bound_change(
                c, count, own, best, nest_weight, near_by, nearest[market[c]], reach, barriers, largest, odds_rules,
                near, ease_of, odds,
            )  # fmt: skip
            draws_of(real, who, begin, word, draw)
            real = leave_out_who_stays(real, draw, odds[0], odds[1], nothing, left)
            if real == 0:
                continue
            keep(real, left, who)
            count = fill_lanes(real, who)
            look_up(c, count, who, columns, at_sites, theta[c], sunk[c], plants, own)
            weigh_sites(
                c, count, trait, expected, entry, theta[c], weight, nest, rules[0], share, total, inclusive, size
            )
            weigh_barriers(count, doubt, barrier, barriers, largest, ease_of)
            sum_within_reach(
                c, count, here, there, share, ease_of, near_by, packed[market[c]], reach, near, leave, then, now
            )
            weigh_odds(
                count, here, there, at_main, at_second, mixed, leave, then, now, inclusive, size, odds_rules, room,
                odds,
            )  # fmt: skip
            draws_of(real, who, begin, word, draw)
            real = leave_out_who_stays(real, draw, odds[0], odds[1], room, left)
            changes = draw_changes(
                c, real, left, who, begin, word, here, there, near_by, share, ease_of, now, odds, room, columns, tables,
                nest, rules, year, space, changes, decided, site, kind,
            )  # fmt: skip
    return changes


def review_hazard(hazard: float, urge: Floats) -> Floats:
    """Return the chance of a review: base hazard, rising with what urges one; large shocks are noticed sooner.

    urge    : (cell, site) attention x absolute cost change since it was last looked at + expansion x demand growth
    returns : (cell, site)
    """
    return np.asarray(1.0 - (1.0 - hazard) * np.exp(-urge))


def nested_logit(utility: Floats, nest: npt.NDArray[Any], dissimilarity: float) -> Floats:
    """Return the chance of each site: logit within a nest, logit over nests.

    McFadden (1978). dissimilarity = 1 is the plain logit; nearer 0, sites of one nest are closer substitutes.

    utility : (cell, site) [1]
    nest    : (site,)      index of the supply region each site belongs to
    returns : (cell, site) rows sum to 1
    """
    scaled = np.exp((utility - utility.max(axis=1, keepdims=True)) / dissimilarity)
    members = np.equal.outer(np.arange(nest.max() + 1), nest).astype(np.float64)
    total = scaled @ members.T
    over = np.where(total > 0.0, total, 1.0) ** dissimilarity * (total > 0.0)
    chance = scaled / np.where(total > 0.0, total, 1.0)[:, nest] * over[:, nest]
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))
