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
from footloose.line_sums import Laid, place_of
from footloose.reviewers import (
    BLOCK,
    DRAWN,
    TIES_IN_WORD,
    best_of_nests,
    bound_change,
    fill_lanes,
    find_reviewers,
    leave_out_who_stays,
    look_up,
    nest_weights,
    same_cell,
    value_of,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Traits = npt.NDArray[np.float32]
REVIEW = int(Purpose.REVIEW)
TINY = 1e-300

STAY, MOVE, ADD, DROP_SECOND, DROP_MAIN = -1, 0, 1, 2, 3
"""What a firm decides."""

NEAR, ACROSS, ROOTED = 0, 1, 2
"""How far apart two sites are: in one supply region; in two; in two countries that both make differentiated goods."""

PLACES = 2 * np.arange(TIES_IN_WORD)
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


def pack_ties(tie: Ints) -> Ints:
    """Return how far each site is from all others, two bits each; (market, site, word).

    tie : (market, site, site)
    """
    words = -(-tie.shape[2] // TIES_IN_WORD)
    padded = np.zeros((*tie.shape[:2], words * TIES_IN_WORD), dtype=np.int64)
    padded[..., : tie.shape[2]] = tie
    packed: Ints = np.bitwise_or.reduce(padded.reshape(*tie.shape[:2], words, TIES_IN_WORD) << PLACES, axis=3)
    return packed


def pack_nearest(tie: Ints, nest: Ints, extra: Floats) -> Ints:
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
    packed: Ints = np.bitwise_or.reduce(order[nearest] << PLACES[:nests], axis=2)
    return packed


@kernel_part
def weigh_barriers(count, doubt, barrier, extra, largest, ease_of):  # type: ignore[no-untyped-def]
    """Fill `ease_of` with k = exp(-sunk cost) of a move to a site so far apart; (tie, firm)."""
    for t in range(extra.size):
        more = extra[t]
        for n in range(count):
            ease_of[t, n] = min(exp(-barrier[n] - doubt[n] * more), largest)


@kernel_part
def expected_values(c, count, trait, expected, theta, value):  # type: ignore[no-untyped-def]
    """Fill `value` with v = -theta x expected change of log cost at the firms' own loadings; (site, firm).

    expected : (cell, loading, site);  trait: (loading - 1, firm)
    """
    labour, risk, time = trait[0], trait[1], trait[2]
    for j in range(value.shape[0]):
        common, of_labour, of_risk, of_time = expected[c, 0, j], expected[c, 1, j], expected[c, 2, j], expected[c, 3, j]
        for n in range(count):
            value[j, n] = value_of(theta, common, of_labour, of_risk, of_time, labour[n], risk[n], time[n])


@kernel_part
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
            power = exp(dissimilarity * log(max(held, TINY)))
            inclusive[n] += power if held > 0.0 else 0.0
            total[g, n] = power / held if held > 0.0 else 0.0
    for j in range(sites):
        g = nest[j]
        for n in range(count):
            share[j, n] *= total[g, n]


@kernel_part
def sum_within_reach(  # type: ignore[no-untyped-def]
    c, count, here, there, share, ease_of, tie, packed, reach, near, leave, then, now
):
    """Fill `then` and `now` with the sum over sites of k x pull, in the base year, and of k x P x I; (firm,).

    packed : (site, word) of pack_ties;  near: (firm,) working space
    """
    at_hand, across, rooted = ease_of[NEAR], ease_of[ACROSS], ease_of[ROOTED]
    for n in range(count):
        i = here[n]
        leave[n] = ease_of[tie[i, there[n]], n]
        then[n] = at_hand[n] * reach[c, i, NEAR] + across[n] * reach[c, i, ACROSS] + rooted[n] * reach[c, i, ROOTED]
        now[n] = 0.0
    for j in range(share.shape[0]):
        word, place = j // TIES_IN_WORD, 2 * (j % TIES_IN_WORD)
        if place == 0:
            for n in range(count):
                near[n] = packed[here[n], word]
        for n in range(count):
            tie, easy, harder, hardest = (near[n] >> place) & 3, at_hand[n], across[n], rooted[n]
            k = easy if tie == NEAR else (harder if tie == ACROSS else hardest)
            now[n] += k * share[j, n]


@kernel_part
def pick_site(where, share, n, tie, ease_of, here):  # type: ignore[no-untyped-def]
    """Return the site a draw falls on, `where` between 0 and the sum of share x k; inverse distribution function."""
    for j in range(share.shape[0]):
        where -= share[j, n] * ease_of[tie[j], n]
        if where < 0.0:
            return j
    return here


@kernel_part
def weigh_odds(  # type: ignore[no-untyped-def]
    count, here, there, leave, at_main, at_second, mixed, then, now, inclusive, ease, drop, odds
):
    """Fill the odds of staying, of the first change (MOVE or DROP_SECOND) and of the other (ADD or DROP_MAIN); (firm,).

    leave : k between the two sites;  then, now: sums of sum_within_reach;  odds: (3, firm) written
    """
    stay, first, other = odds[0], odds[1], odds[2]
    for n in range(count):
        main, second, both = exp(at_main[n]), exp(at_second[n]), exp(mixed[n])
        k, paired = drop * leave[n], here[n] != there[n]
        one = max(1.0 - (1.0 + ease) * then[n], 0.0) * main
        add = ease * now[n] / np.sqrt(max(inclusive[n], TINY)) * both
        stay[n] = (1.0 - k) * both if paired else one
        first[n] = 0.5 * k * main if paired else now[n]
        other[n] = 0.5 * k * second if paired else add


@kernel_part
def draw_changes(  # type: ignore[no-untyped-def]
    count, reviewer, begin, word, here, there, tie, share, ease_of, now, odds, changes, decided, site, kind
):
    """Draw from the odds; write who changes, to which site and how, from `changes` on; return where it ends."""
    stay, first, other = odds[0], odds[1], odds[2]
    for n in range(count):
        firm, i = reviewer[n], here[n]
        draw = uniform_of(word[1, firm - begin]) * (stay[n] + first[n] + other[n])
        if draw < stay[n]:
            continue
        one, paired = draw < stay[n] + first[n], i != there[n]
        if paired:
            what, reached = (DROP_SECOND, i) if one else (DROP_MAIN, there[n])
        else:
            what = MOVE if one else ADD
            where = uniform_of(word[2, firm - begin]) * now[n]
            reached = pick_site(where, share, n, tie[i], ease_of, i)
            if reached == i:
                continue
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
    cells, loadings, sites = expected.shape
    best, nest_weight = np.full((cells, loadings, nests), -np.inf), np.zeros((cells, nests))
    word, reviewer = np.empty((3, DRAWN), dtype=np.uint32), np.empty(DRAWN, dtype=np.int64)
    whole, row = np.empty((4, BLOCK), dtype=np.int64), np.empty((9, BLOCK))
    three, by_tie, by_nest = np.empty((2, 3, BLOCK)), np.empty((extra.size, BLOCK)), np.empty((nests, BLOCK))
    by_site = np.empty((2, sites, BLOCK))
    return review(
        slot, cell, main, second, target, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost,
        expected, entry, weight, reach, tie, packed, nearest, market, hazard, uncertain, hedge, rooted, theta, sunk, extra,
        nest, nests, dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest, hazard.max(),
        year, seed, replicate, best, nest_weight, word, reviewer, whole, row, three[0], three[1], by_tie, by_nest,
        by_site[0], by_site[1], decided, site, kind,
    )  # fmt: skip


@kernel
def review(  # type: ignore[no-untyped-def]
    slot, cell, main, second, target, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost,
    expected, entry, weight, reach, tie, packed, nearest, market, hazard, uncertain, hedge, rooted, theta, sunk, extra,
    nest, nests, dissimilarity, young_plant, plant_life, uncertainty_effect, ease, drop, largest, largest_hazard,
    year, seed, replicate, best, nest_weight, word, reviewer, whole, row, trait, odds, ease_of, total,
    value, share, decided, site, kind,
):  # fmt: skip
    """Write the changes and return their number; see review_footprints.

    best, nest_weight : least numbers and zeros, for best_of_nests and nest_weights;  word ... share: working space
    """
    columns = (main, second, opened, labour_intensity, risk_aversion, time_sensitivity, sunk_cost)
    tables, rules = (expected, uncertain, hedge, rooted), (young_plant, plant_life, uncertainty_effect, year)
    odds_rules = (ease, drop, largest)
    nest_weights(weight, nest, dissimilarity, nest_weight)
    best_of_nests(expected, entry, theta, nest, best)
    who, here, there, near = whole[0], whole[1], whole[2], whole[3]
    doubt, barrier, at_main, at_second, mixed = row[0], row[1], row[2], row[3], row[4]
    leave, then, now, inclusive = row[5], row[6], row[7], row[8]
    own = (here, there, trait, doubt, barrier, at_main, at_second, mixed)
    changes = np.int64(0)
    for begin in range(0, cell.size, DRAWN):
        drawn, last = min(DRAWN, cell.size - begin), np.int64(0)
        draw_words(slot, begin, drawn, year, REVIEW, seed, replicate, word)
        found = find_reviewers(begin, drawn, cell, main, second, target, hazard, largest_hazard, word, reviewer)
        while last < found:
            c, first = cell[reviewer[last]], last
            last = same_cell(c, first, found, cell, reviewer, who)
            real, count = last - first, fill_lanes(last - first, who)
            look_up(c, count, who, columns, tables, theta[c], sunk[c], rules, own)
            near_by, packed_near_by = tie[market[c]], packed[market[c]]
            bound_change(
                c, count, own, best, nest_weight, near_by, nearest[market[c]], reach, extra, odds_rules, near, ease_of,
                odds,
            )  # fmt: skip
            real = leave_out_who_stays(real, who, begin, word, odds)
            if real == 0:
                continue
            count = fill_lanes(real, who)
            look_up(c, count, who, columns, tables, theta[c], sunk[c], rules, own)
            weigh_barriers(count, doubt, barrier, extra, largest, ease_of)
            expected_values(c, count, trait, expected, theta[c], value)
            destination_weights(c, count, value, theta[c], entry, weight, nest, dissimilarity, share, total, inclusive)
            sum_within_reach(
                c, count, here, there, share, ease_of, near_by, packed_near_by, reach, near, leave, then, now
            )
            weigh_odds(count, here, there, leave, at_main, at_second, mixed, then, now, inclusive, ease, drop, odds)
            changes = draw_changes(
                real, who, begin, word, here, there, near_by, share, ease_of, now, odds, changes, decided, site, kind
            )
    return changes


def decisive_lines(
    decided: Ints,
    left: Ints,
    reached: Ints,
    place: tuple[Ints, Ints, Ints],
    cell: Ints,
    traits: tuple[Traits, Traits, Traits],
    lines: Laid,
    entry: Laid,
    loading: Ints,
    theta: Floats,
    unexplained: int,
    noticeable: float,
) -> tuple[Ints, Floats]:
    """Return for every change its reason and the part of it that is due to costs.

    The reason is the line that, since the base year, moved most in favour of the site reached. The part due to costs is
    1 - exp(-theta x gain): the odds of this change rose by exp(theta x gain) since the base year, when as much went the
    other way; the rest is turnover that would have gone on anyway.

    left, reached : (change,) sites compared
    place         : market, sector and origin of each cell; three of (cell,)
    traits        : labour intensity, risk aversion and time sensitivity; three of (firm,)
    theta         : (cell,) elasticity of location
    lines         : expected changes of log cost, laid out (line_sums.Laid);  loading: (line,)
    entry         : what only entrants pay on each line, such as support for new plants, laid out
    unexplained   : line named when no line favours the move by `noticeable` (tastes nobody recorded)
    """
    reason, due = np.empty(decided.size, dtype=np.int64), np.zeros(decided.size)
    extra, extra_start, extra_step = entry
    told = extra_step.any(axis=1) | (extra[extra_start] != 0.0)  # of most lines an entrant pays nothing on top
    name_reasons(
        decided, left, reached, *place, cell, *traits, *lines, *entry, told, loading, theta, unexplained, noticeable,
        np.ones(4), np.empty((2, loading.size), dtype=np.uint64), reason, due,
    )  # fmt: skip
    return reason, due


@kernel
def name_reasons(  # type: ignore[no-untyped-def]
    decided, left, reached, market, sector, origin, cell, labour_intensity, risk_aversion, time_sensitivity, values,
    start, step, extra, extra_start, extra_step, told, loading, theta, unexplained, noticeable, factor, row, reason, due,
):  # fmt: skip
    """Write `reason` and `due` of every change, (change,); see decisive_lines.

    told : (line,) whether an entrant pays anything on top;  factor, row: (4,) ones and (2, line) working space
    """
    (at, extra_at), last = (row[0], row[1]), -1
    for n in range(decided.size):
        firm = decided[n]
        c, i, j = cell[firm], left[n], reached[n]
        if c != last:
            for line in range(loading.size):
                at[line] = place_of(start, step, line, market[c], sector[c], origin[c])
                extra_at[line] = place_of(extra_start, extra_step, line, market[c], sector[c], origin[c])
            last = c
        factor[1], factor[2], factor[3] = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        best, saving, total = unexplained, noticeable, 0.0
        for line in range(loading.size):
            wide, here = step[line, 3], at[line]
            gain = factor[loading[line]] * (values[here + np.uint64(i * wide)] - values[here + np.uint64(j * wide)])
            if told[line]:
                gain -= extra[extra_at[line] + np.uint64(j * extra_step[line, 3])]
            total += gain
            if gain > saving:
                best, saving = line, gain
        if total > noticeable and best != unexplained:
            due[n] = 1.0 - np.exp(-theta[c] * total)
        reason[n] = best if due[n] > 0.0 else unexplained


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
