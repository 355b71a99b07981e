"""Cluster networks: research shared by distant places, in consortia of two and in a national system of three tiers.

    target_is = sum over partners k of  gain x reach x complement_iks x 2^(-km_ik / half)   (consortia)
              + bonus x platform x sum over tiers g of  M[g, tier_i] x near_ig              (tiers)
    I' = I + build_up (1 + target - I),  line = - lambda_s log I

I index of innovation. reach = x / (x + x_half), x = matchmaking money over the research money of both partners.
complement = how much k is specialised in what i's sector buys. Distance halves spillovers every 1,200 km (Keller 2002).
The 60 % of document 001 for linked tiers has no source that can be traced: it is the end of the range, not a default.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.geography import BaseYear
from footloose.geography.cluster_traits import ClusterTraits, load_cluster_traits
from footloose.geography.input_links import load_input_links
from footloose.ledger import Line
from footloose.localities import LEAST, base_output, distance, sector_shares
from footloose.variables import Reported
from footloose.world import Floats, Setting, World, by_sector_site

BASELINE = False
EVIDENCE = "story"

MATCHMAKING: JsonDict = {
    "unit": "USD million of 2010 per year",
    "range": [0, 10000],
    "source": "none in the baseline; document 002: the state as matchmaker",
    "certainty": "C",
}
WEIGHTS: JsonDict = {
    "unit": "1",
    "range": [0, 100],
    "source": "none: all sectors in equal parts; scenarios set it",
    "certainty": "C",
}


class Params(Block):
    """Who is linked with whom, and what a link is worth."""

    matchmaking: Annotated[
        dict[SiteOrGroup, dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 10_000)]]],
        Field(json_schema_extra=MATCHMAKING),
    ] = {}
    """Public money for consortia between two places, dated; between groups it goes to the pairs in equal parts."""

    sectors: Annotated[dict[SectorOrAll, Annotated[float, Field(ge=0, le=100)]], Field(json_schema_extra=WEIGHTS)] = {}
    """Weights by which matchmaking money goes to sectors."""

    consortium_gain: float = parameter(
        10.0,
        unit="percent",
        low=0.0,
        high=60.0,
        source="consortia raise patenting of members, Branstetter and Sakakibara (2002); size unverified, range 4-20",
        certainty="C",
    )
    """Gain of innovation of a sector all of whose firms are linked with perfect complements next door."""

    matchmaking_half: float = parameter(
        1.0, unit="percent of research money", low=0.01, high=50.0, source="unverified, range 0.3-5", certainty="C"
    )
    """Matchmaking over the partners' own research money at which half of the firms are reached."""

    distance_half: float = parameter(
        1200.0,
        unit="km",
        low=50.0,
        high=20000.0,
        source="Keller (2002): spillovers halve at about 1,200 km",
        certainty="B",
    )
    """Distance at which a link is worth half."""

    platform_budget: Annotated[DatedPath, Steps(0, 100)] = path(
        {2010: 0.0},
        unit="USD billion of 2010 per year",
        low=0,
        high=100,
        source="none in the baseline; document 001: a national platform for data and equipment",
        certainty="C",
    )
    """Public money for the platform that links the tiers, dated."""

    platform_half: float = parameter(
        1.0, unit="USD billion of 2010 per year", low=0.01, high=50.0, source="unverified, range 0.3-5", certainty="C"
    )
    """Platform money at which half of what the tiers could exchange is exchanged."""

    linkage_bonus: float = parameter(
        10.0,
        unit="percent",
        low=0.0,
        high=60.0,
        source="unverified, range 0-60; document 001 says 60 without a source that can be traced",
        certainty="C",
    )
    """Gain of innovation of the tier that gains most where all is linked and nothing is far."""

    build_up: float = parameter(
        0.2,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="research takes about five years to show; range 0.1-0.4",
        certainty="C",
    )
    """Yearly approach of innovation to what the links allow; it fades at the same speed."""

    innovation_elasticity: float = parameter(
        0.1,
        unit="1",
        low=0.0,
        high=0.3,
        source="elasticity of output to research 0.05-0.15 (Griliches); for a sector of mean research intensity",
        certainty="C",
    )
    """Fall of unit cost with the logarithm of innovation (lambda); in proportion to the sector's research intensity."""


REPORTS = {
    "cluster_networks_innovation": Reported(
        ("sector", "site"), "index 2010 = 1", "Innovation with what links add, on 1 January.", "Innovation|Index"
    ),
    "cluster_networks_outlay": Reported(
        ("site",), "USD million of 2010", "Public money for consortia and the platform.", "Innovation|Outlay"
    ),
}


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return innovation in the base year, index 1; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    return {"cluster_networks_innovation": np.ones((sectors, sites))}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move innovation towards what the links allow."""
    innovation = world.state["cluster_networks_innovation"]
    target = 1.0 + consortia(params, world) + tiers(params, world)[None, :]
    return {"cluster_networks_innovation": innovation + params.build_up * (target - innovation)}


def cost(params: Params, world: World) -> Line:
    """Return minus lambda x log innovation, log points, (1, sector, 1, site)."""
    intensity = np.asarray(world.setting.geography.traits["rd_intensity"])
    elasticity = params.innovation_elasticity * intensity / intensity.mean()
    return Line.certain(by_sector_site(-elasticity[:, None] * np.log(world.state["cluster_networks_innovation"])))


def consortia(params: Params, world: World) -> Floats:
    """Return the gain of innovation from consortia; (sector, site)."""
    setting = world.setting
    _, sectors, _, sites = setting.shape
    gain = np.zeros((sectors, sites))
    if not params.matchmaking:
        return gain
    share, research = sector_shares(params.sectors, setting.geography), research_money(setting)
    decay, fit = np.exp2(-distance(setting.geography) / params.distance_half), base_complements(setting.base)
    for one, other, money in pairs(params, world):
        effort = 100.0 * share * money / np.maximum(research[:, one] + research[:, other], LEAST)
        reach = effort / (effort + params.matchmaking_half)
        for host, partner in ((one, other), (other, one)):
            gain[:, host] += reach * decay[host, partner] * fit[host, partner]
    return np.asarray(params.consortium_gain / 100.0 * gain)


def pairs(params: Params, world: World) -> Iterator[tuple[int, int, float]]:
    """Yield every pair of places with its matchmaking money of the year [USD million]."""
    geography = world.setting.geography
    for group, partners in params.matchmaking.items():
        for other, budget in partners.items():
            linked = [(i, k) for i in geography.sites_in(group) for k in geography.sites_in(other) if i != k]
            for one, partner in linked:
                yield one, partner, budget.in_year(world.year) / len(linked)


@functools.lru_cache(maxsize=4)
def base_complements(base: BaseYear) -> Floats:
    """Return how well places complement each other in a base year, which no year changes; (host, partner, sector)."""
    table = complements(np.asarray(base.use.sum(axis=0)), load_input_links())
    table.flags.writeable = False
    return table


def complements(output: Floats, bought: Floats) -> Floats:
    """Return how much a partner is specialised in what a host's sector buys, 1/2 if average; (host, partner, sector).

    Location quotient Q of the partner in every supplying sector as Q / (1 + Q), weighted with what the sector buys.

    output : (sector, site);  bought : (site, supplying sector, buying sector)
    """
    world_share = output.sum(axis=1, keepdims=True) / output.sum()
    quotient = output / np.maximum(output.sum(axis=0), LEAST) / np.maximum(world_share, LEAST)
    weighted = np.einsum("jrs,rk->jks", bought, quotient / (1.0 + quotient))
    total = bought.sum(axis=1)[:, None, :]
    return np.where(total > 0.0, weighted / np.maximum(total, LEAST), 0.0)


def tiers(params: Params, world: World) -> Floats:
    """Return the gain of innovation from the system of tiers; (site,)."""
    budget = params.platform_budget.in_year(world.year)
    if budget <= 0.0:
        return np.zeros(world.setting.shape[3])
    reach = budget / (budget + params.platform_half)
    return np.asarray(params.linkage_bonus / 100.0 * reach * tier_gain(params, world.setting, load_cluster_traits()))


def tier_gain(params: Params, setting: Setting, traits: ClusterTraits) -> Floats:
    """Return what each place would gain of full linkage, at most 1; (site,).

    What a tier gives a place fades with the distance of its members, weighted with their research.
    """
    tier, given = traits.tier, traits.tier_spillover
    decay = np.exp2(-distance(setting.geography) / params.distance_half)
    np.fill_diagonal(decay, 0.0)
    weight = research_money(setting).sum(axis=0)
    gain = np.zeros(tier.size)
    for giving in range(given.shape[0]):
        members = np.where(tier == giving, weight, 0.0)
        others = members.sum() - members
        near = np.where(others > 0.0, (decay @ members) / np.maximum(others, LEAST), 0.0)
        gain += np.where(tier >= 0, given[giving][np.maximum(tier, 0)], 0.0) * near
    return np.asarray(gain / given.sum(axis=0).max())


def research_money(setting: Setting) -> Floats:
    """Return what plants of each sector and place spend on research in the base year; (sector, site) USD million."""
    intensity = np.asarray(setting.geography.traits["rd_intensity"]) * setting.base.value_added_share
    return np.asarray(intensity[:, None] * load_cluster_traits().research[None, :] * base_output(setting))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return innovation and outlay: of a consortium in halves, of the platform in equal parts over the tiers."""
    outlay = np.zeros(world.setting.shape[3])
    for one, other, money in pairs(params, world):
        outlay[[one, other]] += money / 2.0
    linked = load_cluster_traits().tier >= 0
    outlay += 1000.0 * params.platform_budget.in_year(world.year) * linked / max(int(linked.sum()), 1)
    return {
        "cluster_networks_innovation": world.state["cluster_networks_innovation"],
        "cluster_networks_outlay": outlay,
    }
