"""Sourcing: where hosts' parts come from moves with what parts cost, what hosts have learnt and whom they prefer.

The share s_jk of host j's parts made at k heads for

    s*_jk = s_jk(2010) exp(-eps (dc_jk - log(1 + favour_jk))) (h_j)^(mu alpha_j) if k is in j's country  / sum over k

dc the change of the log cost of parts made at k with the host's duty on them, eps the elasticity of trade in the long
run, closed by `speed` a year, so that the response grows with the years (Boehm, Levchenko and Pandalai-Nayar 2023: 0.76
after one year, about 2 after eight). Some parts are niche: critical, made by few, with a low elasticity.
h_j is what the host has learnt by making the goods (capability), alpha_j its productivity over the frontier's: a host
that only assembles, far from the frontier, learns little and stays with imported parts (Cohen and Levinthal 1990;
document 001: low-end lock-in). What is made in house stands beside the plant. State `input_origin`; rows sum to 1.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line
from footloose.parts_cost import Suppliers, duty_on_parts, source_cost
from footloose.variables import Reported
from footloose.world import Floats, World, by_sector_site, lever_by_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "sourcing_borders": Reported(
        ("market", "sector"),
        "crossings",
        "Borders between countries that a dollar of purchases and of the parts in it has crossed, all stages counted "
        "and weighted with their value; purchases of the year before.",
        "Sourcing|Borders Crossed",
    ),
    "sourcing_in_house": Reported(
        ("sector", "site"), "percent", "Part of a site's parts that is made at the site itself.", "Sourcing|Own Site"
    ),
}


def lever(unit: str, low: float, high: float, source: str) -> JsonDict:
    """Declare the range, unit and source of a dated lever by site."""
    return {"unit": unit, "range": [low, high], "source": source, "certainty": "C"}


Percent = Annotated[DatedPath, Steps(0, 100)]


class Params(Suppliers):
    """How fast and why parts come from elsewhere."""

    elasticity: float = parameter(
        2.0,
        unit="1",
        low=0.0,
        high=8.0,
        source="Boehm, Levchenko and Pandalai-Nayar (2023): 1.75-2.25 in the long run",
        certainty="B",
    )
    """Fall of a source's share with the log cost of its parts, in the long run (eps)."""

    speed: float = parameter(
        0.35,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="the same paper: 0.76 of 2 after one year, settled after 7-10 years",
        certainty="D",
    )
    """Part of the way to the shares of the long run that is gone in a year."""

    niche_share: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="part of inputs without a market price or close substitute; range 0.1-0.5",
        certainty="C",
    )
    """Share of parts that are critical and made by few."""

    niche_elasticity: float = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=4.0,
        source="Boehm, Flaaen and Pandalai-Nayar (2019): close to none within months; range 0-0.5",
        certainty="C",
    )
    """The same elasticity for these parts."""

    local_learning: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=5.0,
        source="no estimate; document 001: 70-90 % of key parts of Vietnam's electronics still Chinese; range 0-2",
        certainty="C",
    )
    """Rise of the share of local suppliers with the log of the host's capability, at the frontier (mu)."""

    local_support: Annotated[
        dict[SiteOrGroup, Percent],
        Field(json_schema_extra=lever("percent of the value of local parts", 0, 100, "lever; nobody pays it unasked")),
    ] = {}
    """Support of hosts for parts bought in their own country; the smaller group wins."""

    circle: Annotated[
        dict[SiteOrGroup, Percent],
        Field(json_schema_extra=lever("percent of the price of parts", 0, 100, "lever; document 004: friend circle")),
    ] = {}
    """Sites that prefer one another's parts, and by how much dearer these may be to be taken all the same."""

    in_house: Annotated[
        dict[SiteOrGroup, Percent],
        Field(json_schema_extra=lever("percent of parts", 0, 100, "lever; documents 001 and 004 give no number")),
    ] = {}
    """Part of their parts that plants make themselves where they stand, beyond what they did in the base year."""

    in_house_premium: float = parameter(
        10,
        unit="percent of the price of parts",
        low=0,
        high=100,
        source="no number in the documents: some loss of efficiency; range 0-25",
        certainty="C",
    )
    """What a part made in house costs more than a bought one."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return where parts come from in the base year, in all and of those bought; each (sector, host, source)."""
    base = world.setting.base.input_origin
    return {"input_origin": base.copy(), "sourcing_bought": base.copy()}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move the shares of sources towards those of the long run."""
    bought = world.state["sourcing_bought"]
    bought = bought + params.speed * (shares_in_the_long_run(params, world) - bought)
    own = lever_by_site(params.in_house, world.setting.geography, world.year + 1) / 100.0
    at_home = np.eye(own.size)[None]
    origin = bought + np.clip(own, 0.0, 1.0)[None, :, None] * (at_home - bought)
    return {"input_origin": origin, "sourcing_bought": bought}


def cost(params: Params, world: World) -> Line:
    """Return what preferences and own making add to the price of parts, and support takes off; (1, sector, 1, site).

    Trade diverted by a preference costs half of it on average (the triangle of Harberger), support is worth what it
    pays, a part made in house costs its premium.
    """
    geography = world.setting.geography
    origin, base = world.input_origin, world.setting.base.input_origin
    moved = np.maximum(origin - base, 0.0) * preference(params, world) * ~same_country(world)
    diverted = 0.5 * moved.sum(axis=2)
    support = lever_by_site(params.local_support, geography, world.year) / 100.0
    local = np.log1p(-np.clip(support, -0.9, 0.9)) * (origin * same_country(world)).sum(axis=2)
    own = np.clip(lever_by_site(params.in_house, geography, world.year) / 100.0, 0.0, 1.0)
    made = own * np.log1p(params.in_house_premium / 100.0)
    return Line.certain(world.setting.trait("input_share") * by_sector_site(diverted + local + made))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return borders crossed, (market, sector), and the part of parts made at the site itself, (sector, site)."""
    own = 100.0 * np.einsum("sjj->sj", world.input_origin)
    return {"sourcing_borders": borders_crossed(world), "sourcing_in_house": own}


def shares_in_the_long_run(params: Params, world: World) -> Floats:
    """Return the shares at today's costs once all contracts have run out; (sector, host, source), rows sum to 1."""
    base = world.setting.base.input_origin
    dearer = change_of_cost(params, world) - favour(params, world)
    learnt = local_weight(params, world)
    ordinary = logit(base, -params.elasticity * dearer + learnt)
    niche = logit(base, -params.niche_elasticity * dearer + learnt)
    return ordinary + params.niche_share * (niche - ordinary)


def logit(base: Floats, utility: Floats) -> Floats:
    """Return base-year shares tilted by a change of utility; the base-year shares to the bit where there is none.

    base, utility : (sector, host, source)
    """
    tilted = base * np.exp(utility)
    return np.asarray(tilted * (base.sum(axis=2, keepdims=True) / tilted.sum(axis=2, keepdims=True)))


def change_of_cost(params: Params, world: World) -> Floats:
    """Return the change since the base year of the log cost of parts, duty of the host paid; (sector, host, source)."""
    start, additional = world.in_base_year(), world.setting.law.tariffs.now
    made = source_cost(world, world.wage, params.substitution, params.technology)
    then = source_cost(start, world.base_series("wage"), params.substitution, params.technology)
    duty = duty_on_parts(world, additional[world.index]) - duty_on_parts(start, additional[0])
    return np.asarray((made - then)[:, None, :] + duty)


def favour(params: Params, world: World) -> Floats:
    """Return what makes a source cheaper, or dearer parts acceptable, log points; (1, host, source)."""
    support = np.clip(lever_by_site(params.local_support, world.setting.geography, world.year) / 100.0, -0.9, 0.9)
    local = -np.log1p(-support)[:, None] * same_country(world)
    return np.asarray((local + preference(params, world) * ~same_country(world))[None])


def preference(params: Params, world: World) -> Floats:
    """Return by how much hosts in the circle may pay more for parts from members, log points; (host, source)."""
    geography = world.setting.geography
    members = np.zeros(len(geography.sites))
    for name in params.circle:
        members[list(geography.sites_in(name))] = 1.0
    percent = np.maximum(lever_by_site(params.circle, geography, world.year), -90.0)
    return np.asarray(np.log1p(percent / 100.0)[:, None] * members[None, :])


def local_weight(params: Params, world: World) -> Floats:
    """Return what hosts have learnt for their own suppliers, log odds; (sector, host, source), zero across a border."""
    capability = world.state.get("capability")
    if capability is None:
        return np.zeros((1, 1, 1))
    level = world.series("productivity")
    absorbed = np.log(np.maximum(capability, 1e-9)) * (level / level.max())[None, :]
    return np.asarray(params.local_learning * absorbed[:, :, None] * same_country(world)[None])


def same_country(world: World) -> npt.NDArray[np.bool_]:
    """Return whether host and source lie in one country; (host, source)."""
    country = np.asarray(world.setting.geography.country_of_site)
    return np.asarray(np.equal.outer(country, country), dtype=np.bool_)


def borders_crossed(world: World) -> Floats:
    """Return borders crossed per dollar of what a market buys, all stages upstream; (market, sector).

    b_j = a sum_k s_jk (1[j, k in two countries] + b_k), a the share of parts in output: the mean number of crossings of
    Muradov (2016); the last crossing is that to the market.
    """
    setting, origin = world.setting, world.input_origin
    share = np.asarray(setting.geography.traits["input_share"])[:, None]
    across = share * (origin * ~same_country(world)[None]).sum(axis=2)
    sites = origin.shape[1]
    upstream = np.linalg.solve(np.eye(sites)[None] - share[:, :, None] * origin, across[:, :, None])[:, :, 0]
    sales = world.activity.sales.sum(axis=2)
    last = ~setting.at_home[:, None, :]
    total = np.maximum(sales.sum(axis=2), 1e-300)
    return np.asarray((sales * (upstream[None] + last)).sum(axis=2) / total)
