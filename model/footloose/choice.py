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

from footloose.draws import Purpose, philox_words

Floats = npt.NDArray[np.float64]
REVIEW = int(Purpose.REVIEW)
UNIT = 2.0**-32

MOVE, ADD, DROP_SECOND, DROP_MAIN = 0, 1, 2, 3
"""What a firm decides."""

NEAR, ACROSS, ROOTED = 0, 1, 2
"""How far apart two sites are: in one supply region; in two; in two countries that both make differentiated goods."""


@numba.njit(cache=True, nogil=True, inline="always")
def destination_weights(  # type: ignore[no-untyped-def]
    c, value, elasticity, entry, weight, nest, dissimilarity, share, total
):
    """Fill `share` with the nested-logit weight of building afresh at each site; return their sum, the inclusive value.

    share : (site,) written;  total: (nest,) working space
    """
    inverse = 1.0 / dissimilarity
    for g in range(total.size):
        total[g] = 0.0
    for j in range(share.size):
        share[j] = weight[c, j] * np.exp((value[j] - elasticity * entry[c, j]) * inverse)
        total[nest[j]] += share[j]
    inclusive = 0.0
    for g in range(total.size):
        if total[g] > 0.0:
            power = total[g] ** dissimilarity
            inclusive += power
            total[g] = power / total[g]
    for j in range(share.size):
        share[j] *= total[nest[j]]
    return inclusive


@numba.njit(cache=True, nogil=True, inline="always")
def pick_site(where, share, tie, ease_of, here):  # type: ignore[no-untyped-def]
    """Return the site a draw falls on, `where` between 0 and the sum of share x k; inverse distribution function."""
    for j in range(share.size):
        where -= share[j] * ease_of[tie[j]]
        if where < 0.0:
            return j
    return here


@numba.njit(cache=True, nogil=True)
def review_footprints(  # type: ignore[no-untyped-def]
    cell, main, second, target, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost,
    expected, entry, weight, pull, tie, market, hazard, uncertain, hedge, rooted, theta, sunk, extra, nest, nests,
    dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest,
    year, seed, replicate, decided, site, kind,
):  # fmt: skip
    """Let every firm without a project under way decide; return the number of changes.

    cell ... sunk_cost : (firm,) columns of Firms
    expected  : (cell, site, loading) expected change of log cost since the base year, by loading
    entry     : (cell, site) change of an entrant's additional cost
    weight, pull : (cell, site) of the Anchor;  hazard: (cell, site) chance of a review
    tie       : (market, site, site) how far apart two sites are: NEAR, ACROSS or ROOTED;  market: (cell,)
    uncertain, hedge : (cell, site) log points;  rooted: (cell, site) log odds against leaving, on top of the sunk cost
    theta, sunk : (cell,) elasticity; sunk cost in log odds;  extra: (tie,) the same, on top of it
    largest   : upper end of k that keeps every chance within one
    decided, site, kind : (firm,) written from the front: who changes, to which site, how (MOVE, ADD, DROP_...)
    """
    sites = weight.shape[1]
    value, share, total, ease_of = np.empty(sites), np.empty(sites), np.empty(nests), np.empty(extra.size)
    changes = 0
    for firm in range(cell.size):
        if target[firm] >= 0:
            continue
        words = philox_words(firm, year, REVIEW, seed, replicate)
        c, here, there = cell[firm], main[firm], second[firm]
        chance = hazard[c, here] if there < 0 else max(hazard[c, here], hazard[c, there])
        if (np.float64(words[0]) + 0.5) * UNIT >= chance:
            continue
        elasticity = theta[c]
        labour, risk, time = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        for j in range(sites):
            value[j] = -elasticity * (
                expected[c, j, 0] + labour * expected[c, j, 1] + risk * expected[c, j, 2] + time * expected[c, j, 3]
            )
        apart = uncertain[c, here] if there < 0 else 0.5 * (uncertain[c, here] + uncertain[c, there])
        age = min((year - opened[firm]) / plant_life, 1.0)
        doubt = sunk_cost[firm] * (1.0 + uncertainty_effect * apart)
        ties = rooted[c, here] if there < 0 else 0.5 * (rooted[c, here] + rooted[c, there])
        barrier = doubt * sunk[c] + young_plant * (1.0 - age) + ties
        for t in range(extra.size):
            ease_of[t] = min(np.exp(-barrier - doubt * extra[t]), largest)
        draw = (np.float64(words[1]) + 0.5) * UNIT
        if there >= 0:
            k = drop * ease_of[tie[market[c], here, there]]
            hedging = risk * 0.5 * (hedge[c, here] + hedge[c, there])
            stay = (1.0 - k) * np.exp(0.5 * (value[here] + value[there]) + hedging)
            keep_main, keep_second = 0.5 * k * np.exp(value[here]), 0.5 * k * np.exp(value[there])
            draw *= stay + keep_main + keep_second
            if draw >= stay:
                decided[changes] = firm
                first = draw < stay + keep_main
                site[changes], kind[changes] = (here, DROP_SECOND) if first else (there, DROP_MAIN)
                changes += 1
            continue
        inclusive = destination_weights(c, value, elasticity, entry, weight, nest, dissimilarity, share, total)
        then, now = 0.0, 0.0
        for j in range(sites):
            then += ease_of[tie[market[c], here, j]] * pull[c, j]
            now += ease_of[tie[market[c], here, j]] * share[j]
        now /= inclusive
        stay = max(1.0 - (1.0 + ease) * then, 0.0) * np.exp(value[here])
        move = now * inclusive
        add = ease * now * np.sqrt(inclusive) * np.exp(0.5 * value[here] + risk * hedge[c, here])
        draw *= stay + move + add
        if draw < stay:
            continue
        where = (np.float64(words[2]) + 0.5) * UNIT * inclusive * now
        chosen = pick_site(where, share, tie[market[c], here], ease_of, here)
        if chosen != here:
            decided[changes], site[changes] = firm, chosen
            kind[changes] = MOVE if draw < stay + move else ADD
            changes += 1
    return changes


@numba.njit(cache=True, nogil=True)
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
