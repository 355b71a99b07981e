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

import numba
import numpy as np
import numpy.typing as npt

from footloose.arithmetic import exp, log
from footloose.draws import Purpose, philox_words

Floats = npt.NDArray[np.float64]
REVIEW = int(Purpose.REVIEW)
UNIT = 2.0**-32
TINY = 1e-300

STAY, MOVE, ADD, DROP_SECOND, DROP_MAIN = -1, 0, 1, 2, 3
"""What a firm decides."""

NEAR, ACROSS, ROOTED = 0, 1, 2
"""How far apart two sites are: in one supply region; in two; in two countries that both make differentiated goods."""


BLOCK = 240
"""Firms of a cell worked on together: the innermost loops run over them, so that the compiler makes vectors of them."""


@numba.njit(cache=True, nogil=True, inline="always", error_model="numpy")
def destination_weights(  # type: ignore[no-untyped-def]
    c, count, value, elasticity, entry, weight, nest, dissimilarity, share, total, inclusive
):
    """Fill `share` with the nested-logit weight of building afresh at each site, `inclusive` with their sum.

    value, share : (site, firm);  total: (nest, firm) working space;  inclusive: (firm,)
    """
    sites, nests, inverse = share.shape[0], total.shape[0], 1.0 / dissimilarity
    total[:, :count] = 0.0
    inclusive[:count] = 0.0
    for j in range(sites):
        g, pays, base = nest[j], elasticity * entry[c, j], weight[c, j]
        for n in range(count):
            share[j, n] = base * exp((value[j, n] - pays) * inverse)
            total[g, n] += share[j, n]
    for g in range(nests):
        for n in range(count):
            held = total[g, n]
            power = exp(dissimilarity * log(held)) if held > 0.0 else 0.0
            inclusive[n] += power
            total[g, n] = power / held if held > 0.0 else 0.0
    for j in range(sites):
        for n in range(count):
            share[j, n] *= total[nest[j], n]


@numba.njit(cache=True, nogil=True, inline="always", error_model="numpy")
def pick_site(where, share, n, tie, ease_of, here):  # type: ignore[no-untyped-def]
    """Return the site a draw falls on, `where` between 0 and the sum of share x k; inverse distribution function."""
    for j in range(share.shape[0]):
        where -= share[j, n] * ease_of[tie[j], n]
        if where < 0.0:
            return j
    return here


def reach_by_tie(pull: Floats, tie: npt.NDArray[np.int64], market: npt.NDArray[np.int64], ties: int) -> Floats:
    """Return the pull of all sites that lie NEAR, ACROSS and ROOTED of each site; (cell, site, tie).

    pull : (cell, site);  tie: (market, site, site);  market: (cell,)
    """
    apart = (tie[:, :, :, None] == np.arange(ties)).astype(np.float64)
    return np.asarray(np.einsum("cj,cijt->cit", pull, apart[market]))


@numba.njit(cache=True, nogil=True, error_model="numpy")
def find_reviewers(  # type: ignore[no-untyped-def]
    first, last, slot, cell, main, second, target, hazard, year, seed, replicate, word, reviewer, choice, where
):
    """Draw who of the firms first to last - 1, all of one cell, reviews this year; return how many.

    word     : (3, BLOCK) working space;  reviewer, choice, where: (BLOCK,) written: which firms, their next two draws
    """
    for n in range(last - first):
        words = philox_words(slot[first + n], year, REVIEW, seed, replicate)
        word[0, n] = (np.float64(words[0]) + 0.5) * UNIT
        word[1, n] = (np.float64(words[1]) + 0.5) * UNIT
        word[2, n] = (np.float64(words[2]) + 0.5) * UNIT
    found = 0
    for n in range(last - first):
        firm = first + n
        c, here, there = cell[firm], main[firm], second[firm]
        chance = hazard[c, here] if there < 0 else max(hazard[c, here], hazard[c, there])
        if word[0, n] < chance and target[firm] < 0:
            reviewer[found], choice[found], where[found] = firm, word[1, n], word[2, n]
            found += 1
    return found


@numba.njit(cache=True, nogil=True, error_model="numpy")
def weigh_barriers(  # type: ignore[no-untyped-def]
    c, found, reviewer, main, second, opened, sunk_cost, uncertain, rooted, sunk, extra, young_plant, plant_life,
    uncertainty_effect, largest, year, ease_of,
):  # fmt: skip
    """Fill `ease_of` with k = exp(-sunk cost) of a move to a site so far apart; (tie, firm)."""
    ties = extra.size
    for n in range(found):
        firm = reviewer[n]
        here, there = main[firm], second[firm]
        apart, roots = uncertain[c, here], rooted[c, here]
        if there >= 0:
            apart, roots = 0.5 * (apart + uncertain[c, there]), 0.5 * (roots + rooted[c, there])
        age = min((year - opened[firm]) / plant_life, 1.0)
        doubt = sunk_cost[firm] * (1.0 + uncertainty_effect * apart)
        barrier = doubt * sunk[c] + young_plant * (1.0 - age) + roots
        for t in range(ties):
            ease_of[t, n] = -barrier - doubt * extra[t]
    for t in range(ties):
        for n in range(found):
            ease_of[t, n] = min(exp(ease_of[t, n]), largest)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def expected_values(  # type: ignore[no-untyped-def]
    c, found, reviewer, labour_intensity, risk_aversion, time_sensitivity, expected, theta, trait, value
):
    """Fill `value` with v = -theta x expected change of log cost at the firms' own loadings; (site, firm).

    expected : (cell, loading, site);  trait: (loading - 1, firm) written
    """
    for n in range(found):
        firm = reviewer[n]
        trait[0, n], trait[1, n] = labour_intensity[firm], risk_aversion[firm]
        trait[2, n] = time_sensitivity[firm]
    for j in range(value.shape[0]):
        common, labour, risk, time = expected[c, 0, j], expected[c, 1, j], expected[c, 2, j], expected[c, 3, j]
        for n in range(found):
            cost = common + trait[0, n] * labour + trait[1, n] * risk + trait[2, n] * time
            value[j, n] = -theta[c] * cost


@numba.njit(cache=True, nogil=True, error_model="numpy")
def decide_with_two(at_main, at_second, hedging, k, draw):  # type: ignore[no-untyped-def]
    """Return what a firm with two sites decides: -1 for keeping both, DROP_SECOND or DROP_MAIN."""
    stay = (1.0 - k) * exp(0.5 * (at_main + at_second) + hedging)
    keep_main, keep_second = 0.5 * k * exp(at_main), 0.5 * k * exp(at_second)
    draw *= stay + keep_main + keep_second
    if draw < stay:
        return STAY
    return DROP_SECOND if draw < stay + keep_main else DROP_MAIN


@numba.njit(cache=True, nogil=True, error_model="numpy")
def decide_with_one(at_main, hedging, then, now, inclusive, ease, draw):  # type: ignore[no-untyped-def]
    """Return what a firm with one site decides: -1 for staying, MOVE or ADD.

    then, now : sum over sites of k x pull, in the base year, and of k x P x I
    """
    stay = max(1.0 - (1.0 + ease) * then, 0.0) * exp(at_main)
    add = ease * now / np.sqrt(max(inclusive, TINY)) * exp(0.5 * at_main + hedging)
    draw *= stay + now + add
    if draw < stay:
        return STAY
    return MOVE if draw < stay + now else ADD


@numba.njit(cache=True, nogil=True, error_model="numpy")
def decide(  # type: ignore[no-untyped-def]
    c, n, here, there, choice, where, value, share, inclusive, ease_of, reach, tie, hedge, risk, ease, drop
):
    """Return what the n-th reviewer of a cell decides and the site concerned.

    tie : (site, site) of the cell's market;  there: -1 for one site
    """
    if there >= 0:
        hedging = risk * 0.5 * (hedge[c, here] + hedge[c, there])
        k = drop * ease_of[tie[here, there], n]
        kind = decide_with_two(value[here, n], value[there, n], hedging, k, choice)
        return kind, there if kind == DROP_MAIN else here
    then, now = 0.0, 0.0
    for t in range(ease_of.shape[0]):
        then += ease_of[t, n] * reach[c, here, t]
    for j in range(share.shape[0]):
        now += ease_of[tie[here, j], n] * share[j, n]
    kind = decide_with_one(value[here, n], risk * hedge[c, here], then, now, inclusive, ease, choice)
    if kind == STAY:
        return STAY, here
    reached = pick_site(where * now, share, n, tie[here], ease_of, here)
    return (STAY, here) if reached == here else (kind, reached)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def review_footprints(  # type: ignore[no-untyped-def]
    slot, cell, main, second, target, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost,
    expected, entry, weight, reach, tie, market, hazard, uncertain, hedge, rooted, theta, sunk, extra, nest, nests,
    dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest,
    year, seed, replicate, decided, site, kind,
):  # fmt: skip
    """Let every firm without a project under way decide; return the number of changes.

    slot ... sunk_cost : (firm,) columns of Firms, in the order of their cells
    expected  : (cell, loading, site) expected change of log cost since the base year, by loading
    entry     : (cell, site) change of an entrant's additional cost
    weight    : (cell, site) of the Anchor;  hazard: (cell, site) chance of a review
    reach     : (cell, site, tie) pull of all sites so far apart (reach_by_tie)
    tie       : (market, site, site) how far apart two sites are: NEAR, ACROSS or ROOTED;  market: (cell,)
    uncertain, hedge : (cell, site) log points;  rooted: (cell, site) log odds against leaving, on top of the sunk cost
    theta, sunk : (cell,) elasticity; sunk cost in log odds;  extra: (tie,) the same, on top of it
    largest   : upper end of k that keeps every chance within one
    decided, site, kind : (firm,) written from the front: who changes, to which site, how (MOVE, ADD, DROP_...)
    """
    sites = weight.shape[1]
    word, reviewer = np.empty((3, BLOCK)), np.empty(BLOCK, dtype=np.int64)
    choice, where, inclusive = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    trait, ease_of, total = np.empty((3, BLOCK)), np.empty((extra.size, BLOCK)), np.empty((nests, BLOCK))
    value, share = np.empty((sites, BLOCK)), np.empty((sites, BLOCK))
    changes, first = 0, 0
    while first < cell.size:
        c, last = cell[first], first + 1
        while last < cell.size and last - first < BLOCK and cell[last] == c:
            last += 1
        found = find_reviewers(
            first, last, slot, cell, main, second, target, hazard, year, seed, replicate, word, reviewer, choice, where
        )
        first = last
        if found == 0:
            continue
        weigh_barriers(
            c, found, reviewer, main, second, opened, sunk_cost, uncertain, rooted, sunk, extra, young_plant,
            plant_life, uncertainty_effect, largest, year, ease_of,
        )  # fmt: skip
        expected_values(
            c, found, reviewer, labour_intensity, risk_aversion, time_sensitivity, expected, theta, trait, value
        )
        destination_weights(c, found, value, theta[c], entry, weight, nest, dissimilarity, share, total, inclusive)
        for n in range(found):
            firm = reviewer[n]
            what, reached = decide(
                c, n, main[firm], second[firm], choice[n], where[n], value, share, inclusive[n], ease_of, reach,
                tie[market[c]], hedge, trait[1, n], ease, drop,
            )  # fmt: skip
            if what != STAY:
                decided[changes], site[changes], kind[changes] = firm, reached, what
                changes += 1
    return changes


@numba.njit(cache=True, nogil=True, error_model="numpy")
def decisive_lines(  # type: ignore[no-untyped-def]
    decided, left, reached, cell, labour_intensity, risk_aversion, time_sensitivity, lines, entry, loading, theta,
    unexplained, noticeable,
):  # fmt: skip
    """Return for every change its reason and the part of it that is due to costs.

    The reason is the line that, since the base year, moved most in favour of the site reached. The part due to costs is
    1 - exp(-theta x gain): the odds of this change rose by exp(theta x gain) since the base year, when as much went the
    other way; the rest is turnover that would have gone on anyway.

    left, reached : (change,) sites compared
    theta         : (cell,) elasticity of location
    lines         : (line, cell, site) expected changes of log cost;  loading: (line,)
    entry         : (line, cell, site) what only entrants pay on each line, such as support for new plants
    unexplained   : line named when no line favours the move by `noticeable` (tastes nobody recorded)
    """
    reason, due = np.empty(decided.size, dtype=np.int64), np.zeros(decided.size)
    factor = np.ones(4)
    for n in range(decided.size):
        firm = decided[n]
        c = cell[firm]
        factor[1], factor[2], factor[3] = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        best, saving, total = unexplained, noticeable, 0.0
        for line in range(lines.shape[0]):
            gain = factor[loading[line]] * (lines[line, c, left[n]] - lines[line, c, reached[n]])
            gain -= entry[line, c, reached[n]]
            total += gain
            if gain > saving:
                best, saving = line, gain
        if total > noticeable and best != unexplained:
            due[n] = 1.0 - np.exp(-theta[c] * total)
        reason[n] = best if due[n] > 0.0 else unexplained
    return reason, due


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
