"""Spillovers: knowledge between foreign parents and Chinese plants, between plants and laboratories, of new products.

1. Parents and plants. Catching up (Nelson and Phelps 1966; Findlay 1978) at rates that turn in 2019 (document 001: one
   way until 2018, both ways since):
       L' = L + inflow x foreign share x (G - L)                         local owners learn from foreign plants
       R' = R + outflow x share of output in China x (G - R) - fading R  parents learn from theirs (Bilir, Morales 2020)
2. Laboratories next to plants. Beyond what is codified, knowledge of a site follows the geometric mean of its research
   and its advanced plants, and fades without them (Tecu 2013; document 004: production carries innovation); it makes
   both cheaper.
3. Test-beds. Of the world's new products a share is launched first where uses are rich; the others learn to make them
   `delay` years later (Vernon 1966, the other way round; documents 000 and 001).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.ledger import Line
from footloose.levers import by_site
from footloose.variables import Reported
from footloose.world import Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "story"
HOST = "china"

REPORTS = {
    "spillovers_local": Reported(
        ("sector",), "percent", "Cost that local owners in China save by what they learnt from foreign plants.",
        "Spillovers|To China",
    ),
    "spillovers_reverse": Reported(
        ("origin",), "percent", "Cost that parents save abroad by what they learnt in China, at mean R&D intensity.",
        "Spillovers|From China",
    ),
    "spillovers_knowledge": Reported(
        ("site",), "index 2010 = 1", "Knowledge carried by laboratories and advanced plants.", "Spillovers|Knowledge"
    ),
    "spillovers_age": Reported(
        ("site",), "years", "Age of a new product when the site begins to make it.", "Spillovers|Product Age"
    ),
}  # fmt: skip

LAUNCHES: JsonDict = {
    "unit": "percent of new products",
    "range": [0, 100],
    "source": "none: share launched first at a site; documents 000 and 001 on rich uses and fast feedback in China",
    "certainty": "C",
}


class Params(Block):
    """How fast knowledge flows, which way, and what it is worth."""

    inflow: Annotated[DatedPath, Steps(0, 1)] = path(
        {2010: 0.1, 2019: 0.05},
        unit="1 per year",
        low=0,
        high=1,
        source="speed at which local owners close the gap where all plants are foreign; unverified, range 0.02-0.2",
        certainty="C",
    )
    """From foreign plants to local owners in China, dated."""

    outflow: Annotated[DatedPath, Steps(0, 1)] = path(
        {2010: 0.0, 2019: 0.1},
        unit="1 per year",
        low=0,
        high=1,
        source="document 001: two-way since 2019; speed unverified, range 0.02-0.2",
        certainty="C",
    )
    """From plants in China to their foreign parents, dated."""

    cooperation: Annotated[DatedPath, Steps(0, 100)] = path(
        {2010: 100.0},
        unit="percent",
        low=0,
        high=100,
        source="100 = as it has been; limits to joint research by either government lower it",
        certainty="C",
    )
    """Part of these flows that governments let pass, dated."""

    gap: float = parameter(
        0.06,
        unit="1",
        low=0.0,
        high=0.5,
        source="parents' R&D explains a third of affiliates' productivity, Bilir and Morales (2020); a sixth of that"
        " spills over; unverified, range 0.02-0.15",
        certainty="C",
    )
    """What there is to learn in goods of mean R&D intensity, log points of unit cost (G)."""

    fading: float = parameter(
        0.1, unit="1 per year", low=0.0, high=1.0, source="depreciation of R&D 0.1-0.2; range 0.05-0.2", certainty="C"
    )
    """Yearly loss of what parents learnt."""

    presence: float = parameter(
        0.5,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="learning as a reason to stay; unverified, range 0-1.5",
        certainty="C",
    )
    """Log odds against leaving China of an owner that has learnt all there is to learn."""

    research_gain: float = parameter(
        0.1,
        unit="1",
        low=0.0,
        high=0.5,
        source="elasticity to plants nearby as large as to patents (Tecu 2013); size unverified, range 0.05-0.2",
        certainty="C",
    )
    """Fall of the cost of laboratories with the logarithm of knowledge."""

    plant_gain: float = parameter(
        0.03,
        unit="1",
        low=0.0,
        high=0.3,
        source="spillover elasticity of R&D 0.02-0.1, Hall, Mairesse and Mohnen (2010), from memory; range 0.01-0.08",
        certainty="C",
    )
    """Fall of the cost of goods of mean R&D intensity with the logarithm of knowledge."""

    codified: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="papers and patents reach everybody; share of know-how that does unverified, range 0.3-0.8",
        certainty="C",
    )
    """Part of knowledge that a site has without laboratories and plants of its own."""

    building: float = parameter(
        0.1,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="teams grow over ten years; unverified, range 0.05-0.2",
        certainty="C",
    )
    """Yearly approach of knowledge to activity while activity is above it."""

    loss: float = parameter(
        0.15, unit="1 per year", low=0.0, high=1.0, source="depreciation of R&D 0.15; range 0.1-0.3", certainty="C"
    )
    """Yearly approach of knowledge to activity while activity is below it."""

    test_beds: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=LAUNCHES)] = {}
    """Share of the world's new products launched first at each of these sites, dated, by site or group."""

    launch_gain: float = parameter(
        0.01,
        unit="1 per year",
        low=0.0,
        high=0.1,
        source="lead of a year in new products, about yearly productivity growth; unverified, range 0.005-0.03",
        certainty="C",
    )
    """Gain in unit cost for each year's lead in goods of mean data intensity, log points."""

    delay: int = parameter(
        3,
        unit="years",
        low=1,
        high=15,
        source="imitation lags of 1-6 years (Mansfield 1985: 1-1.5); range 1-6",
        certainty="C",
    )
    """Years until other sites can make a new product."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return nothing learnt since the base year.

    local (sector, site), reverse (origin,) log points; knowledge (site,) index; launches (delay, site)
    """
    _, sectors, origins, sites = world.setting.shape
    return {
        "spillovers_local": np.zeros((sectors, sites)),
        "spillovers_reverse": np.zeros(origins),
        "spillovers_knowledge": np.ones(sites),
        "spillovers_launches": np.zeros((params.delay, sites)),
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let knowledge flow, build up and fade for a year."""
    state, geography = world.state, world.setting.geography
    passed = params.cooperation.in_year(world.year) / 100.0
    local, reverse, knowledge = (state[f"spillovers_{name}"] for name in ("local", "reverse", "knowledge"))
    made = world.activity.sales.sum(axis=0)
    inward = passed * params.inflow.in_year(world.year) * foreign_share(world, made)
    outward = passed * params.outflow.in_year(world.year) * share_in_host(world, made)
    apart = params.codified + (1.0 - params.codified) * carried(world) - knowledge
    launched = by_site(params.test_beds, geography, world.year) / 100.0
    return {
        "spillovers_local": local + inward * (params.gap - local),
        "spillovers_reverse": reverse + outward * (params.gap - reverse) - params.fading * reverse,
        "spillovers_knowledge": knowledge + np.where(apart > 0.0, params.building, params.loss) * apart,
        "spillovers_launches": np.vstack([launched[None, :], state["spillovers_launches"][:-1]]),
    }


def cost(params: Params, world: World) -> Line:
    """Return minus what has been learnt, log points, (1, sector, origin, site)."""
    state, technology = world.state, intensity(world, "rd_intensity")
    local = local_owner(world)[None, None] * by_sector_site(state["spillovers_local"])
    abroad = ~host(world)
    reverse = (state["spillovers_reverse"][:, None] * abroad[None, :])[None, None]
    know = np.log(state["spillovers_knowledge"])[None, :]
    near = params.plant_gain * technology[:, None] * know + params.research_gain * laboratories(world)[:, None] * know
    lead = params.launch_gain * intensity(world, "data_intensity")[:, None] * state["spillovers_launches"].sum(axis=0)
    return Line.certain(-technology[None, :, None, None] * (local + reverse) - by_sector_site(near + lead))


def rootedness(params: Params, world: World) -> Floats:
    """Return what learning adds to the log odds against leaving China, (1, 1, origin, site)."""
    learnt = world.state["spillovers_reverse"] / max(params.gap, 1e-9)
    return np.asarray(params.presence * learnt[:, None] * host(world)[None, :])[None, None]


def foreign_share(world: World, made: Floats) -> Floats:
    """Return the share of foreign owners in the output of sites in China, 0 elsewhere; (sector, site).

    made : (sector, origin, site) USD million
    """
    foreign = (made * ~np.asarray(world.setting.geography.home_of)[None]).sum(axis=1)
    return np.asarray(foreign / np.maximum(made.sum(axis=1), 1e-9) * host(world)[None, :])


def share_in_host(world: World, made: Floats) -> Floats:
    """Return the share of a foreign owner's output, weighted with R&D intensity, that is made in China; (origin,).

    made : (sector, origin, site) USD million
    """
    weighted = np.tensordot(intensity(world, "rd_intensity"), made, axes=1)
    share = weighted[:, host(world)].sum(axis=1) / np.maximum(weighted.sum(axis=1), 1e-9)
    return np.asarray(share * ~local_owner(world).any(axis=1))


def carried(world: World) -> Floats:
    """Return the geometric mean of laboratories and advanced plants over what they would be at 2010 shares; (site,)."""
    jobs, reference = world.activity.jobs, world.activity.reference_jobs
    advanced = intensity(world, "rd_intensity")[:, None]
    plants = _ratio((advanced * jobs).sum(axis=0), (advanced * reference).sum(axis=0))
    labs = laboratories(world)[:, None]
    return np.asarray(np.sqrt(plants * _ratio((labs * jobs).sum(axis=0), (labs * reference).sum(axis=0))))


def intensity(world: World, trait: str) -> Floats:
    """Return a trait of goods over its mean among goods, at most 3; 0 for laboratories; (sector,)."""
    value = np.asarray(world.setting.geography.traits[trait], dtype=np.float64)
    goods = laboratories(world) == 0.0
    return np.asarray(np.minimum(value / value[goods].mean(), 3.0) * goods)


def laboratories(world: World) -> Floats:
    """Return 1 for the sector of laboratories and headquarters; (sector,)."""
    return np.array([float(name == "research") for name in world.setting.geography.sectors])


def host(world: World) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return True at sites in China; (site,)."""
    inside = np.zeros(world.setting.shape[3], dtype=np.bool_)
    inside[list(world.setting.geography.sites_in(HOST))] = True
    return inside


def local_owner(world: World) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return True where an owner is at home at a site in China; (origin, site)."""
    return np.asarray(np.asarray(world.setting.geography.home_of) & host(world)[None, :], dtype=np.bool_)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    return np.where(denominator > 0.0, np.maximum(numerator, 1e-9) / np.maximum(denominator, 1e-9), 1.0)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return what has been learnt each way in percent of cost, knowledge, and the age of new products."""
    state = world.state
    made = world.activity.output * host(world)[None, :]
    weight = made / np.maximum(made.sum(axis=1, keepdims=True), 1e-9)
    learnt = intensity(world, "rd_intensity") * (weight * state["spillovers_local"]).sum(axis=1)
    return {
        "spillovers_local": 100.0 * learnt,
        "spillovers_reverse": 100.0 * state["spillovers_reverse"],
        "spillovers_knowledge": state["spillovers_knowledge"],
        "spillovers_age": params.delay * (1.0 - state["spillovers_launches"].mean(axis=0)),
    }
