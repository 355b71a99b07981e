"""Supplier ties: suppliers follow their customers; local links and parts that only home makes keep plants in place.

    D_rj  local customers of sector r at site j, other sectors' purchases over what they would be had nothing moved
    D'    = D + (D now - D) / lag,    line = - follow x dependence_rj x log D - incentive      (Venables 1996)
    roots = gamma (l T - l of 2010) + delta (c - c of 2010)                                    log odds against leaving
    l     local share of parts x how much of its suppliers the place still has, T maturity of relations
    c     parts hard to replace x share of parts from home x niche suppliers at home (index), at most 1

T = min(1, mean activity of the last years / activity): what a place has just added has no old relations, as all had in
2010. Dependence: what local customers buy, from anywhere, over output, at most 1. Where an anchor incentive is paid,
lead firms that expand bring their suppliers along.
"""

from __future__ import annotations

import functools
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose import levers
from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.foresight import horizon_weights
from footloose.geography import BaseYear
from footloose.geography.cluster_traits import load_cluster_traits
from footloose.geography.input_links import load_input_links
from footloose.ledger import Line
from footloose.localities import LEAST, base_output, ratio, relative_activity, same_country
from footloose.variables import Reported
from footloose.world import Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

LARGEST_RATE = 0.9

ANCHOR: JsonDict = {
    "unit": "percent of the value of parts",
    "range": [0, 90],
    "source": "none in the baseline; scenarios set it",
    "certainty": "C",
}
NICHE: JsonDict = {
    "unit": "percent",
    "range": [0, 200],
    "source": "none in the baseline; document 002: support of specialised firms",
    "certainty": "C",
}


class Params(Block):
    """How strongly suppliers and customers hold each other."""

    follow: float = parameter(
        0.1,
        unit="1",
        low=0.0,
        high=0.3,
        source="Head, Ries and Swenson (1995): log odds rise by about half of log links, over theta 4; range 0.03-0.2",
        certainty="C",
    )
    """Fall of a supplier's unit cost with the logarithm of local customers, where it sells to nobody else."""

    lag: float = parameter(
        3.0,
        unit="years",
        low=1.0,
        high=20.0,
        source="building and qualifying a supplier plant, 2-5 years",
        certainty="C",
    )
    """Years until suppliers have taken notice of customers."""

    rootedness: float = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="as the sunk cost of a move; unverified, range 0.5-4",
        certainty="C",
    )
    """Log odds against leaving where all parts are local and all relations mature (gamma)."""

    relation_years: float = parameter(
        10.0,
        unit="years",
        low=1.0,
        high=40.0,
        source="Monarch (2014): half of pairs part within a year, the rest stay long; 5-20",
        certainty="C",
    )
    """Years in which a new relation matures."""

    niche_hold: float = parameter(
        3.0,
        unit="log odds",
        low=0.0,
        high=20.0,
        source="near zero substitution of specific inputs, Barrot and Sauvagnat (2016); size unverified, range 1-6",
        certainty="C",
    )
    """Log odds against leaving the country where all parts are hard to replace (delta)."""

    anchor_incentive: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 90)]], Field(json_schema_extra=ANCHOR)
    ] = {}
    """Public premium on parts that suppliers at a place sell to what local customers have added, by place, dated."""

    niche_support: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 200)]], Field(json_schema_extra=NICHE)
    ] = {}
    """Rise of the share of parts that only the country makes, through support of specialised firms, by place, dated."""


REPORTS = {
    "supplier_ties_customers": Reported(
        ("sector", "site"),
        "index 2010 = 1",
        "Local customers as suppliers have noticed them.",
        "Suppliers|Local Customers",
    ),
    "supplier_ties_local_share": Reported(
        ("sector", "site"), "1", "Share of a site's parts made at the site.", "Parts|Local Share"
    ),
    "supplier_ties_rootedness": Reported(
        ("sector", "site"), "log odds", "What links add to the odds against leaving.", "Footprint|Rootedness"
    ),
    "supplier_ties_outlay": Reported(
        ("site",), "USD million of 2010", "Public money for anchor incentives.", "Suppliers|Anchor Outlay"
    ),
}


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return customers and the activity with mature relations as indices of 1; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    names = ("customers", "mature")
    return {f"supplier_ties_{name}": np.ones((sectors, sites)) for name in names}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let suppliers notice customers, and relations grow older."""
    customers, mature = (world.state[f"supplier_ties_{name}"] for name in ("customers", "mature"))
    return {
        "supplier_ties_customers": customers + (local_customers(world) - customers) / params.lag,
        "supplier_ties_mature": mature + (relative_activity(world) - mature) / params.relation_years,
    }


def cost(params: Params, world: World) -> Line:
    """Return minus the pull of customers and the anchor incentive, log points, (1, sector, 1, site)."""
    pull = params.follow * dependence(world) * np.log(world.state["supplier_ties_customers"])
    now, expected = (np.log1p(-incentive(params, world, rate)) for rate in anchor_rates(params, world))
    return Line(now=by_sector_site(now - pull), expected=by_sector_site(expected - pull))


def rootedness(params: Params, world: World) -> Floats:
    """Return log odds against leaving beyond those of 2010; (1, sector, 1, site)."""
    return by_sector_site(hold(params, world))


def hold(params: Params, world: World) -> Floats:
    """Return what links and niche suppliers have added since 2010; (sector, site)."""
    mature = np.minimum(world.state["supplier_ties_mature"] / relative_activity(world), 1.0)
    links = local_share(world) * mature - np.einsum("sjj->sj", world.setting.base.input_origin)
    return np.asarray(params.rootedness * links + params.niche_hold * niche_change(params, world))


def local_share(world: World) -> Floats:
    """Return the share of parts made at the site: by origin, times what there is of its suppliers; (sector, site)."""
    bought = load_input_links()
    total = bought.sum(axis=1).T
    supply = np.matmul(relative_activity(world).T[:, None, :], bought)[:, 0, :].T
    supply = np.where(total > 0.0, supply / np.maximum(total, LEAST), 1.0)
    return np.asarray(np.minimum(np.einsum("sjj->sj", world.input_origin) * supply, 1.0))


def local_customers(world: World) -> Floats:
    """Return purchases of the other sectors of the site over what they would be had nothing moved; (sector, site)."""
    output = base_output(world.setting)
    return ratio(_sold(output * relative_activity(world)), _sold(output))


def dependence(world: World) -> Floats:
    """Return what other sectors of the site buy, from anywhere, over output in 2010, at most 1; (sector, site)."""
    return base_dependence(world.setting.base)


@functools.lru_cache(maxsize=4)
def base_dependence(base: BaseYear) -> Floats:
    """Return the dependence of a base year, which no year changes; (sector, site)."""
    output = np.asarray(base.use.sum(axis=0), dtype=np.float64)
    sold = _sold(output)
    dependence = np.where(output > 0.0, np.minimum(sold / np.maximum(output, LEAST), 1.0), 0.0)
    dependence.flags.writeable = False
    return dependence


def _sold(output: Floats) -> Floats:
    """Return what other sectors of the site buy of each sector; (supplying sector, site) USD million."""
    bought = load_input_links()
    own = np.einsum("jss->js", bought).T
    return np.asarray(np.matmul(bought, output.T[:, :, None])[:, :, 0].T - own * output)


def incentive(params: Params, world: World, rate: Floats) -> Floats:
    """Return the premium over a supplier's output: on sales to what local customers have added; (sector, site).

    rate : (site,) percent
    """
    new = np.maximum(1.0 - 1.0 / world.state["supplier_ties_customers"], 0.0)
    return np.minimum(rate[None, :] / 100.0 * dependence(world) * new, LARGEST_RATE)


def anchor_rates(params: Params, world: World) -> tuple[Floats, Floats]:
    """Return the premium of this year and its discounted mean over a plant's life; each (site,) percent."""
    geography, beliefs = world.setting.geography, world.setting.law.beliefs
    if not params.anchor_incentive:
        return (np.zeros(len(geography.sites)),) * 2
    weight = horizon_weights(beliefs)
    paid = np.array(
        [levers.by_site(params.anchor_incentive, geography, world.year + ahead) for ahead in range(weight.size)]
    )
    return paid[0], np.asarray(weight @ paid)


def niche_change(params: Params, world: World) -> Floats:
    """Return by how much the share of parts that only home makes has changed since 2010; (sector, site)."""
    setting = world.setting
    hard, same = load_cluster_traits().hard_to_replace[:, None], same_country(setting.geography)
    before = hard * from_country(setting.base.input_origin, same)
    support = 1.0 + levers.by_site(params.niche_support, setting.geography, world.year)[None, :] / 100.0
    now = hard * from_country(world.input_origin, same) * niche_suppliers(world, same) * support
    return np.asarray(np.minimum(now, 1.0) - before)


def from_country(origin: Floats, same: Floats) -> Floats:
    """Return the share of parts from the site's own country; (sector, site)."""
    return np.asarray(np.matmul(origin[:, :, None, :], same[None, :, :, None])[:, :, 0, 0])


def niche_suppliers(world: World, same: Floats) -> Floats:
    """Return the niche suppliers of the site's country as an index: spin-offs, else clusters, else 1; (sector, site).

    same : (site, site) 1 where both lie in one country
    """
    state, output = world.state, base_output(world.setting)
    stock = state.get("spin_offs_suppliers", state.get("cluster", np.ones_like(output)))
    return ratio((stock * output) @ same, output @ same)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return customers, local share, rootedness and outlay."""
    paid = incentive(params, world, anchor_rates(params, world)[0])
    return {
        "supplier_ties_customers": world.state["supplier_ties_customers"],
        "supplier_ties_local_share": local_share(world),
        "supplier_ties_rootedness": hold(params, world),
        "supplier_ties_outlay": (paid * world.activity.output).sum(axis=0),
    }
