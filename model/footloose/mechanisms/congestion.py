"""Congestion: wages rise where plants crowd in faster than people, and where a host cannot follow, plants queue.

The wage is its exogenous path times (jobs / jobs at base-year footprints)^elasticity, within a site over all sectors.

Power, ports and land K of a host follow what is made or being built there, C, but grow by no more than `absorption` a
year. Where more would come than there is room for, permits and connections are rationed: a plant is allowed with chance

    p = min(1, ((1 + absorption) K - C + what closed last year) / what wanted to come last year),

the geometric mean of this and last year's. Prices clear no queue for a grid connection (Weitzman 1974 on quantities).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line, Loading
from footloose.world import Floats, Given, World, by_site, exogenous

LOADING = Loading.LABOUR_INTENSITY
LEAST = 0.01
"""Chance of a plant where there is no room at all; what is never asked for could never come back."""

PACE: JsonDict = {
    "unit": "percent per year",
    "range": [0, 100],
    "source": "none where none is given; growth of manufacturing that lasted a decade: China about 12, Korea about 18; "
    "Vietnam's power demand grows by 8 % a year and supply fails to follow (2023); unverified, range 8-18",
    "certainty": "C",
}


class Params(Block):
    """How tight local labour is."""

    wage_elasticity: float = parameter(
        0.4,
        unit="1",
        low=0.0,
        high=3.0,
        source="inverse local labour supply elasticity 0.2-0.6; Greenstone et al. (2010): labour costs rise",
        certainty="B",
    )
    """Elasticity of the local wage with respect to manufacturing jobs relative to their reference."""

    labour_pool: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="part of the crowding met by newcomers within a year",
        certainty="C",
    )
    """Yearly approach of the wage to its new level."""

    absorption: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=PACE)] = {}
    """Growth of output that power, ports and land can follow [percent a year]; any growth where none is given.

    Where plants would come faster they queue.
    """


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the base year: no wage pressure, log points, room for what is made, nobody in a queue; (site,) each."""
    made = world.activity.output
    return {
        "wage_pressure": np.zeros(made.shape[1]),
        "host_capacity": made.sum(axis=0),
        "host_building": np.zeros_like(made),
        "host_committed": made.sum(axis=0),
        "host_queue": np.ones(made.shape[1]),
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move wages towards what jobs ask for, and what hosts can bear towards what is made and built there."""
    jobs, reference = world.activity.jobs.sum(axis=0), world.activity.reference_jobs.sum(axis=0)
    crowding = np.log(np.maximum(jobs, 1e-9) / np.maximum(reference, 1e-9))
    pressure = world.state["wage_pressure"]
    asked = params.wage_elasticity * np.where(reference > 0.0, crowding, 0.0)
    building = host_building(world)
    committed = world.activity.output.sum(axis=0) + building.sum(axis=0)
    capacity = host_capacity(params, world, committed)
    return {
        "wage_pressure": pressure + params.labour_pool * (asked - pressure),
        "host_capacity": capacity,
        "host_building": building,
        "host_committed": committed,
        "host_queue": host_queue(params, world, capacity, committed),
    }


def cost(params: Params, world: World) -> Line:
    """Return labour share x wage pressure; log points, (1, sector, 1, site)."""
    return Line.certain(world.setting.trait("labour_share") * by_site(world.state["wage_pressure"]))


def permission(params: Params, world: World) -> Floats:
    """Return the chance that a plant finds power, ports and land; (1, 1, 1, site)."""
    return by_site(world.state["host_queue"])


def host_building(world: World) -> Floats:
    """Return the yearly output of the plants being built; (sector, site) USD million.

    To those announced; of what was being built one part in `build_years` opens every year.
    """
    years = np.asarray(world.setting.geography.traits["build_years"])[:, None]
    return np.asarray(world.state["host_building"] * (1.0 - 1.0 / years) + world.activity.begun.sum(axis=0))


@exogenous
def fastest_growth(params: Params, given: Given) -> Floats:
    """Return the largest growth that hosts can follow, infinite where none is given; (site,) fraction a year."""
    fastest = np.full(given.setting.shape[3], np.inf)
    for name, pace in params.absorption.items():
        sites = list(given.setting.geography.sites_in(name))
        fastest[sites] = np.minimum(fastest[sites], pace.in_year(given.year, before=np.inf) / 100.0)
    return fastest


def host_capacity(params: Params, world: World, committed: Floats) -> Floats:
    """Return the output there are power, ports and land for; (site,) USD million, never falling.

    committed : output made or being built; (site,)
    """
    before = world.state["host_capacity"]
    return np.asarray(np.maximum(before, np.minimum(committed, before * (1.0 + fastest_growth(params, world)))))


def host_queue(params: Params, world: World, capacity: Floats, committed: Floats) -> Floats:
    """Return the chance that a plant is allowed next year; (site,).

    capacity, committed : at the end of this year; (site,) USD million
    """
    came, before = world.activity.begun.sum(axis=(0, 1)), world.state["host_queue"]
    closed = np.maximum(world.state["host_committed"] + came - committed, 0.0)
    room = np.maximum((1.0 + fastest_growth(params, world)) * capacity - committed + closed, 0.0)
    wanted = np.maximum(came / before, 1e-9)
    return np.asarray(np.sqrt(before * np.clip(room / wanted, LEAST, 1.0)))
