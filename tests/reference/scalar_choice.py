"""The choice as a plain compiled loop: one firm after another, with the library's exponential.

What a first version of the engine in numba looks like. The engine is measured against it, and must decide the same.
"""

from __future__ import annotations

import numba
import numpy as np

from footloose.choice import ADD, DROP_MAIN, DROP_SECOND, MOVE, STAY
from footloose.draws import Purpose, philox_words

REVIEW = int(Purpose.REVIEW)
NAMES = (
    "slot", "cell", "main", "second", "target", "opened", "labour_intensity", "risk_aversion", "time_sensitivity",
    "sunk_cost", "expected", "entry", "weight", "reach", "tie", "packed", "nearest", "market", "hazard", "uncertain",
    "hedge", "rooted", "theta", "sunk", "extra", "nest", "nests", "dissimilarity", "young_plant", "plant_life",
    "uncertainty_effect", "ease", "drop", "largest", "year", "seed", "replicate", "decided", "site", "kind",
)  # fmt: skip
"""The arguments of choice.review_footprints, in order."""


@numba.njit(cache=True, nogil=True, error_model="numpy")
def nested_weights(value, theta, entry, weight, nest, dissimilarity, share, total):  # type: ignore[no-untyped-def]
    """Fill `share` with the weight of building afresh at each site; return their sum. All (site,), total (nest,)."""
    total[:] = 0.0
    for j in range(value.size):
        share[j] = weight[j] * np.exp((value[j] - theta * entry[j]) / dissimilarity)
        total[nest[j]] += share[j]
    inclusive = 0.0
    for g in range(total.size):
        inclusive += total[g] ** dissimilarity
    for j in range(value.size):
        held = total[nest[j]]
        share[j] *= held ** (dissimilarity - 1.0) if held > 0.0 else 0.0
    return inclusive


@numba.njit(cache=True, nogil=True, error_model="numpy")
def pick(draw, odds):  # type: ignore[no-untyped-def]
    """Return the outcome a draw between 0 and the sum of the odds falls on, -1 beyond."""
    for outcome in range(odds.size):
        draw -= odds[outcome]
        if draw < 0.0:
            return outcome
    return -1


@numba.njit(cache=True, nogil=True, error_model="numpy")
def review_one_by_one(  # type: ignore[no-untyped-def]
    slot, cell, main, second, target, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost,
    expected, entry, weight, reach, tie, packed, nearest, market, hazard, uncertain, hedge, rooted, theta, sunk, extra,
    nest, nests, dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest,
    year, seed, replicate, decided, site, kind,
):  # fmt: skip
    """Do what choice.review_footprints does, with its arguments."""
    sites = weight.shape[1]
    value, share, k, odds = np.empty(sites), np.empty(sites), np.empty(sites), np.empty(3)
    total, changes = np.empty(nests), 0
    for firm in range(cell.size):
        c, i, other = cell[firm], main[firm], second[firm]
        partner = i if other < 0 else other
        words = philox_words(slot[firm], year, REVIEW, seed, replicate)
        if target[firm] >= 0 or (words[0] + 0.5) * 2.0**-32 >= max(hazard[c, i], hazard[c, partner]):
            continue
        labour, risk, time = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        doubt = sunk_cost[firm] * (1.0 + uncertainty_effect * 0.5 * (uncertain[c, i] + uncertain[c, partner]))
        barrier = doubt * sunk[c] + young_plant * (1.0 - min((year - opened[firm]) / plant_life, 1.0))
        barrier += 0.5 * (rooted[c, i] + rooted[c, partner])
        hedging = risk * 0.5 * (hedge[c, i] + hedge[c, partner])
        for j in range(sites):
            cost = expected[c, 0, j] + labour * expected[c, 1, j] + risk * expected[c, 2, j] + time * expected[c, 3, j]
            value[j] = -theta[c] * cost
            k[j] = min(np.exp(-barrier - doubt * extra[tie[market[c], i, j]]), largest)
        draw, where = (words[1] + 0.5) * 2.0**-32, (words[2] + 0.5) * 2.0**-32
        if other >= 0:
            odds[0] = (1.0 - drop * k[other]) * np.exp(0.5 * (value[i] + value[other]) + hedging)
            odds[1], odds[2] = 0.5 * drop * k[other] * np.exp(value[i]), 0.5 * drop * k[other] * np.exp(value[other])
            what = (STAY, DROP_SECOND, DROP_MAIN)[pick(draw * odds.sum(), odds)]
            reached = other if what == DROP_MAIN else i
        else:
            inclusive = nested_weights(value, theta[c], entry[c], weight[c], nest, dissimilarity, share, total)
            then, now = 0.0, 0.0
            for t in range(extra.size):
                then += min(np.exp(-barrier - doubt * extra[t]), largest) * reach[c, i, t]
            for j in range(sites):
                share[j] *= k[j]
                now += share[j]
            odds[0], odds[1] = max(1.0 - (1.0 + ease) * then, 0.0) * np.exp(value[i]), now
            odds[2] = ease * now / np.sqrt(max(inclusive, 1e-300)) * np.exp(0.5 * value[i] + hedging)
            what = (STAY, MOVE, ADD)[pick(draw * odds.sum(), odds)]
            reached = pick(where * now, share) if what != STAY else i
            what = STAY if reached == i or reached < 0 else what
        if what != STAY:
            decided[changes], site[changes], kind[changes] = firm, reached, what
            changes += 1
    return changes
