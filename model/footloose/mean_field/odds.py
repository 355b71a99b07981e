"""Odds: what every node thinks of every site in a year; the equations of `choice`, for nodes in the place of firms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose.mean_field.nodes import Nodes
from footloose.running import Run
from footloose.world import Floats
from footloose.year import Weighing, ease_and_drop, largest_chance

TINY = 1e-300


@dataclass(frozen=True)
class Odds:
    """What the odds of a review are made of; k = exp(-sunk cost) is that of an old plant. Rows are nodes of all cells.

    value, share : (row, site) v of staying; P I of building afresh
    deep         : (row, site) factor of the sunk cost, dearer where policy is uncertain
    leaving      : (row, site, tie) k of a move to a site so far apart
    within       : (row, site, tie) sum of P I over the sites so far apart
    stay, add    : (row, site) e^v; odds of adding a second site over those of moving there
    hedged       : (row, site) what a second site is worth as insurance, log odds
    ease, drop, largest : as in `year.review`
    """

    value: Floats
    share: Floats
    deep: Floats
    leaving: Floats
    within: Floats
    stay: Floats
    add: Floats
    hedged: Floats
    ease: float
    drop: float
    largest: float


def weigh_odds(run: Run, nodes: Nodes, given: Weighing, doubt: Floats) -> Odds:
    """Return the odds of a year. doubt: (cell, site) uncertain policy, log points."""
    rules, terrain = run.rules.decisions, run.terrain
    ease, drop = ease_and_drop(rules)
    value = worth_of_sites(nodes, given.expected, terrain.elasticity)
    afresh = value - (terrain.elasticity[:, None] * given.entry)[:, None, :]
    share, inclusive = build_afresh(afresh, given.weight, terrain.nest, rules.nest_dissimilarity)
    deep = nodes.sunk_cost[:, :, None] * (1.0 + rules.uncertainty * doubt)[:, None, :]
    barrier = deep * terrain.sunk_cost[:, None, None] + given.rooted[:, None, :]
    hedged = nodes.trait[:, 1, :, None] * given.hedge[:, None, :]
    add = ease / np.sqrt(np.maximum(inclusive, TINY))[..., None] * np.exp(0.5 * value + hedged)
    return Odds(
        value=by_row(value),
        share=by_row(share),
        deep=by_row(deep),
        leaving=by_row(np.exp(-barrier[..., None] - deep[..., None] * terrain.extra)),
        within=by_row(sums_by_tie(share, terrain.tie, terrain.market, terrain.extra.size)),
        stay=by_row(np.exp(value)),
        add=by_row(add),
        hedged=by_row(hedged),
        ease=ease,
        drop=drop,
        largest=largest_chance(ease, drop),
    )


def by_row(table: Floats) -> Floats:
    """Return a table of (cell, node, ...) with the nodes of all cells one after the other; (row, ...)."""
    return table.reshape(-1, *table.shape[2:])


def worth_of_sites(nodes: Nodes, expected: Floats, elasticity: Floats) -> Floats:
    """Return v = -theta x expected change of log cost at the nodes' own loadings; (cell, node, site).

    expected : (cell, loading, site);  elasticity: (cell,)
    """
    cost = expected[:, None, 0] + np.einsum("cln,clj->cnj", nodes.trait, expected[:, 1:])
    return np.asarray(-elasticity[:, None, None] * cost)


def build_afresh(
    value: Floats, weight: Floats, nest: npt.NDArray[np.int64], dissimilarity: float
) -> tuple[Floats, Floats]:
    """Return P I of every site and I, those of the nested logit anchored at the base year (docs/model.md, 7.4).

    value  : (cell, node, site);  weight: (cell, site) of the anchor;  nest: (site,)
    """
    single = weight[:, None, :] * np.exp(value / dissimilarity)
    members = np.equal.outer(nest, np.arange(nest.max() + 1)).astype(np.float64)
    total = single @ members
    power = np.where(total > 0.0, total, 1.0) ** dissimilarity * (total > 0.0)
    return single * (power / np.maximum(total, TINY))[..., nest], np.asarray(power.sum(axis=2))


def sums_by_tie(share: Floats, tie: npt.NDArray[np.int64], market: npt.NDArray[np.int64], ties: int) -> Floats:
    """Return the sum of shares over the sites that lie NEAR, ACROSS and ROOTED of each site; (cell, node, site, tie).

    share : (cell, node, site);  tie: (market, site, site);  market: (cell,)
    """
    sites = share.shape[2]
    result = np.empty((*share.shape, ties))
    for number in range(tie.shape[0]):
        apart = (tie[number][:, :, None] == np.arange(ties)).astype(np.float64)
        here = share[market == number]
        result[market == number] = (here @ np.swapaxes(apart, 0, 1).reshape(sites, -1)).reshape(*here.shape, ties)
    return result
