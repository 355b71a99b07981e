"""Seeding: public money builds a platform; it takes root as far as the place can absorb it, or leaves with the support.

    A   = (density x skills x research)^(1/3), each at most 1        absorptive capacity, Cohen and Levinthal (1990)
    H'  = H + (seed - upkeep) - l T(A) H - d (1 - support) H         hollow part of the platform [USD million]
    R'  = R + l T(A) H,  T(A) = max(0, (A - threshold)/(1 - threshold));  R moves with local activity
    line = - eta log(1 + (h H + R) / K)                              K capital of the sector at the site

Document 002: without local firms and staff the centre is a showcase. Lane (2025): what took root outlives the money.
Plants count on the rooted part, and on the hollow one for as long as the budget is known to be paid.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Market, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.foresight import horizon_weights
from footloose.geography.cluster_traits import load_cluster_traits
from footloose.ledger import Line
from footloose.localities import LEAST, base_output, budgets, relative_activity, sector_shares
from footloose.variables import Reported
from footloose.world import Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "story"

MONEY: JsonDict = {
    "unit": "USD billion of 2010 per year",
    "range": [0, 100],
    "source": "none in the baseline; scenarios set it",
    "certainty": "C",
}
WEIGHTS: JsonDict = {
    "unit": "1",
    "range": [0, 100],
    "source": "none: all sectors in equal parts; scenarios set it",
    "certainty": "C",
}

SERVES: JsonDict = {
    "unit": "1",
    "range": [0, 1],
    "source": "none: all of it for every market; scenarios set it",
    "certainty": "C",
}

Money = Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=MONEY)]


class Params(Block):
    """What is paid for, and what of it takes root."""

    budget: Money = {}
    """Public money for the platform itself, by place, dated; a group's money goes to its sites in equal parts."""

    talent: Money = {}
    """Public money for training and attracting skilled people, by place, dated."""

    test_beds: Money = {}
    """Public money for test beds and local research, by place, dated."""

    sectors: Annotated[dict[SectorOrAll, Annotated[float, Field(ge=0, le=100)]], Field(json_schema_extra=WEIGHTS)] = {}
    """Weights by which the money goes to sectors."""

    serves: Annotated[dict[Market, Annotated[float, Field(ge=0, le=1)]], Field(json_schema_extra=SERVES)] = {}
    """Part of what the platform saves that holds for goods for a market; where any is named, the others get nothing."""

    threshold: float = parameter(
        0.35, unit="1", low=0.0, high=0.95, source="unverified, range 0.2-0.6; document 002", certainty="C"
    )
    """Absorptive capacity below which nothing takes root."""

    learning: float = parameter(
        0.25,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="know-how of plants adjusts over about four years; range 0.1-0.5",
        certainty="C",
    )
    """Part of the platform that takes root in a year where the place can absorb everything (l)."""

    departure: float = parameter(
        0.5, unit="1 per year", low=0.0, high=1.0, source="unverified, range 0.2-0.8; document 002", certainty="C"
    )
    """Part of the hollow platform that leaves in a year without support (d)."""

    upkeep: float = parameter(
        0.1, unit="1 per year", low=0.0, high=0.5, source="depreciation of equipment and staff, 8-15 %", certainty="C"
    )
    """Money a hollow platform needs a year, of what it cost; less of it, and a part leaves."""

    elasticity: float = parameter(
        0.05,
        unit="1",
        low=0.0,
        high=0.3,
        source="as for clusters: Combes and Gobillon (2015) 0.04-0.07; Grover et al. (2021) up to 0.15",
        certainty="B",
    )
    """Fall of unit cost with the logarithm of local capital, the platform counted in (eta)."""

    hollow_effect: float = parameter(
        0.2, unit="1", low=0.0, high=1.0, source="unverified, range 0-0.5: an enclave teaches little", certainty="C"
    )
    """Effect of a dollar of hollow platform against a rooted one (h)."""

    cluster_size: float = parameter(
        10.0,
        unit="USD billion of yearly output",
        low=0.1,
        high=500.0,
        source="unverified, range 3-30; the Suzhou nanotechnology cluster of document 001 makes about 18",
        certainty="C",
    )
    """Output of a sector at a site at which local density is one half."""

    training_cost: float = parameter(
        30.0, unit="USD thousand per person", low=1.0, high=500.0, source="unverified, range 10-80", certainty="C"
    )
    """Money it takes to train or attract a skilled person."""

    skilled_share: float = parameter(
        0.31,
        unit="1",
        low=0.05,
        high=1.0,
        source="OECD mean of adults with tertiary education in 2010, unverified, 0.25-0.4",
        certainty="C",
    )
    """Skilled people per job at which skills are those of the OECD."""

    brain_drain: float = parameter(
        0.1, unit="1 per year", low=0.0, high=1.0, source="unverified, range 0.05-0.3", certainty="C"
    )
    """Part of the people trained that moves away in a year."""


REPORTS = {
    "seeding_outlay": Reported(
        ("site",), "USD million of 2010", "Public money for platforms, talent and test beds.", "Seeding|Outlay"
    ),
    "seeding_rooted": Reported(
        ("sector", "site"), "USD million of 2010", "Seeded capital that has taken root, on 1 January.", "Seeding|Rooted"
    ),
    "seeding_hollow": Reported(
        ("sector", "site"), "USD million of 2010", "Seeded capital without roots, on 1 January.", "Seeding|Hollow"
    ),
    "seeding_hollow_share": Reported(
        ("site",),
        "percent",
        "Hollow part of the seeded capital that is there; 0 where none is.",
        "Seeding|Hollow Share",
    ),
    "seeding_capacity": Reported(
        ("sector", "site"), "1", "Absorptive capacity of the sector at the site.", "Seeding|Absorptive Capacity"
    ),
}


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return no platform and nobody trained."""
    _, sectors, _, sites = world.setting.shape
    return {
        "seeding_hollow": np.zeros((sectors, sites)),
        "seeding_rooted": np.zeros((sectors, sites)),
        "seeding_trained": np.zeros((sectors, sites)),
    }


def cost(params: Params, world: World) -> Line:
    """Return minus what the platform saves, log points, (market, sector, 1, site), or (1, ...) where it serves all."""
    hollow = params.hollow_effect * world.state["seeding_hollow"]
    lasting = hollow * support_ahead(params, world)
    rooted, capital = rooted_capital(world), local_capital(world)
    scale = -params.elasticity * served(params, world)
    return Line(
        now=scale * by_sector_site(np.log1p((hollow + rooted) / capital)),
        expected=scale * by_sector_site(np.log1p((lasting + rooted) / capital)),
    )


def served(params: Params, world: World) -> Floats:
    """Return the part of the saving that holds for goods for each market; (market, 1, 1, 1), or (1, 1, 1, 1)."""
    if not params.serves:
        return np.ones((1, 1, 1, 1))
    part = [params.serves.get(market, 0.0) for market in world.setting.geography.markets]
    return np.array(part)[:, None, None, None]


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Pay the seed, let it take root, let what is hollow leave, train people."""
    state = world.state
    hollow, activity = state["seeding_hollow"], relative_activity(world)
    seed = by_sector(params, world, params.budget)
    needed = params.upkeep * hollow
    support = np.where(needed > 0.0, np.minimum(seed / np.maximum(needed, 1e-12), 1.0), 1.0)
    rooting = params.learning * take_off(params, absorptive_capacity(params, world)) * hollow
    leaving = np.minimum(params.departure * (1.0 - support) * hollow, hollow - rooting)
    hired = 1000.0 * by_sector(params, world, params.talent) / params.training_cost
    return {
        "seeding_hollow": hollow + np.maximum(seed - needed, 0.0) - rooting - leaving,
        "seeding_rooted": state["seeding_rooted"] + rooting / activity,
        "seeding_trained": (1.0 - params.brain_drain) * state["seeding_trained"] + hired,
    }


def absorptive_capacity(params: Params, world: World) -> Floats:
    """Return the geometric mean of local density, skills and research, each at most 1; (sector, site)."""
    traits, geography = load_cluster_traits(), world.setting.geography
    output = base_output(world.setting) * relative_activity(world) / 1000.0
    density = output / (output + params.cluster_size)
    people = np.maximum(world.activity.reference_jobs, 1.0) * params.skilled_share
    skills = np.minimum(traits.skills + world.state["seeding_trained"] / people, 1.0)
    intensity = np.asarray(geography.traits["rd_intensity"]) * world.setting.base.value_added_share
    usual = np.maximum(intensity[:, None] * base_output(world.setting), LEAST)
    research = np.minimum(traits.research + by_sector(params, world, params.test_beds) / usual, 1.0)
    return np.asarray(np.cbrt(density * skills * research), dtype=np.float64)


def take_off(params: Params, capacity: Floats) -> Floats:
    """Return how much of the learning rate holds: nothing below the threshold, all of it at capacity 1."""
    return np.clip((capacity - params.threshold) / (1.0 - params.threshold), 0.0, 1.0)


def rooted_capital(world: World) -> Floats:
    """Return rooted capital, which grows and shrinks with local activity; (sector, site) USD million."""
    return np.asarray(world.state["seeding_rooted"] * relative_activity(world))


def local_capital(world: World) -> Floats:
    """Return the capital of the sector at the site without the platform; (sector, site) USD million."""
    capital = np.asarray(world.setting.geography.traits["capital_per_output"])[:, None]
    return np.maximum(capital * base_output(world.setting) * relative_activity(world), 1.0)


def support_ahead(params: Params, world: World) -> Floats:
    """Return the discounted share of a plant's life for which the platform's budget is known to be paid; (site,)."""
    if not params.budget:
        return np.zeros(world.setting.shape[3])
    weight = horizon_weights(world.setting.law.beliefs)
    paid = np.array([money(params.budget, world, ahead) > 0.0 for ahead in range(weight.size)])
    return np.asarray(weight @ paid)


def money(lever: dict[str, DatedPath], world: World, later: int = 0) -> Floats:
    """Return a lever's money of this year, or some years later; (site,) USD million."""
    return 1000.0 * budgets(lever, world.setting.geography, world.year + later)


def by_sector(params: Params, world: World, lever: dict[str, DatedPath]) -> Floats:
    """Return a lever's money of this year; (sector, site) USD million."""
    return sector_shares(params.sectors, world.setting.geography)[:, None] * money(lever, world)[None, :]


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return outlay, what is rooted and hollow, and absorptive capacity."""
    hollow, rooted = world.state["seeding_hollow"], rooted_capital(world)
    there = (hollow + rooted).sum(axis=0)
    share = np.where(there > 0.0, hollow.sum(axis=0) / np.maximum(there, 1e-12), 0.0)
    return {
        "seeding_outlay": money(params.budget, world) + money(params.talent, world) + money(params.test_beds, world),
        "seeding_rooted": rooted,
        "seeding_hollow": hollow,
        "seeding_hollow_share": 100.0 * share,
        "seeding_capacity": absorptive_capacity(params, world),
    }
