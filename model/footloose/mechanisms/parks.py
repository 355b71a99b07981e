"""Parks: overseas industrial parks run by an operator from the home of the firms that come.

Ready halls, permits and services save a newcomer part of the capital cost of a plant abroad (documents 001 and 003:
the Suez park with 34 foreign firms, Haier's park in Egypt). Line, for entrants of the operator's home alone:

    log(1 - room x discount x capital per output x annuity)        room = 1 while there is space, 0 in a full park

A park opens on a date and has space for so much yearly output. Every newcomer of the operator's home goes there while
there is room: occupied' = min(capacity, (1 - leaving) occupied + output of the plants announced).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Origin, Sectors, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line
from footloose.levers import shared_out
from footloose.support import annuity
from footloose.variables import USD, Reported
from footloose.world import Floats, World

BASELINE = False
EVIDENCE = "story"

REPORTS = {
    "parks_occupied": Reported(("site",), USD, "Yearly output of the plants in overseas parks.", "Parks|Occupied"),
    "parks_capacity": Reported(("site",), USD, "Yearly output overseas parks have space for.", "Parks|Capacity"),
    "parks_room": Reported(("site",), "share", "Part of the discount that is still to be had.", "Parks|Room"),
}

CAPACITY: JsonDict = {
    "unit": "USD billion of yearly output",
    "range": [0, 10_000],
    "source": "parks named in documents 001 and 003; tens to hundreds of firms each; size unverified, range 1-20",
    "certainty": "C",
}

NAMES: JsonDict = {"unit": "name", "source": "documents 001 and 003: Suez, Haier in Egypt", "certainty": "D"}


def opening(year: int, size: float) -> DatedPath:
    """Return the capacity of a park that opens on 1 January of a year."""
    return DatedPath((date(year, 1, 1),), (size,))


class Params(Block):
    """Where the parks are, for whom, how large, and what they save."""

    operator: Origin = Field("china", json_schema_extra=NAMES)
    """Home of the operator and of the firms that get the discount."""

    capacity: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 10_000)]], Field(json_schema_extra=CAPACITY)
    ] = {
        "rest_of_world": opening(2014, 5.0),
        "thailand": opening(2014, 5.0),
        "vietnam": opening(2014, 5.0),
        "mexico": opening(2018, 5.0),
    }
    """Space by site or group, dated; for a group, shared out over its sites by their output of the base year."""

    sectors: Sectors = Field(("all",), json_schema_extra=NAMES)
    """Sectors admitted, or all."""

    discount: float = parameter(
        15.0,
        unit="percent of capital cost",
        low=0.0,
        high=100.0,
        source="land, halls, connections and permits in a ready park; unverified, range 5-30",
        certainty="C",
    )
    """What a newcomer saves in a park with room."""

    leaving: float = parameter(
        0.05, unit="1 per year", low=0.0, high=1.0, source="plants replaced after twenty years", certainty="D"
    )
    """Part of the space that becomes free in a year."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return empty parks; (site,) USD million of yearly output."""
    return {"parks_occupied": np.zeros(world.setting.shape[3])}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let the operator's plants that were announced move in, as far as there is space."""
    _, sectors, origins, sites = world.setting.shape
    begun = np.broadcast_to(world.activity.begun, (origins, sectors, sites))
    coming = np.einsum("o,s,osj->j", newcomers(params, world), admitted(params, world), begun)
    occupied = (1.0 - params.leaving) * world.state["parks_occupied"]
    space = np.maximum(capacity(params, world) - occupied, 0.0)
    return {"parks_occupied": occupied + np.minimum(coming, space)}


def cost(params: Params, world: World) -> Line:
    """Return what newcomers save, log points, (1, sector, origin, site)."""
    beliefs, nothing = world.setting.law.beliefs, np.zeros((1, 1, 1, 1))
    capital = np.asarray(world.setting.geography.traits["capital_per_output"]) * admitted(params, world)
    saved = params.discount / 100.0 * capital * annuity(beliefs.horizon_years, beliefs.discount_rate)
    fraction = np.einsum("s,o,j->soj", np.minimum(saved, 0.9), newcomers(params, world), room(params, world))
    return Line(now=nothing, expected=nothing, entry=np.log1p(-fraction)[None])


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return occupied and whole space, and the part of the discount that is left; (site,) each."""
    return {
        "parks_occupied": world.state["parks_occupied"],
        "parks_capacity": capacity(params, world),
        "parks_room": room(params, world),
    }


def capacity(params: Params, world: World) -> Floats:
    """Return the space of the year; (site,) USD million of yearly output."""
    output = world.setting.base.use.sum(axis=(0, 1))
    return 1000.0 * shared_out(params.capacity, world.setting.geography, world.year, output)


def room(params: Params, world: World) -> Floats:
    """Return 1 while there is space, falling to 0 as the last tenth of it is taken; (site,)."""
    space = capacity(params, world)
    free = 1.0 - world.state["parks_occupied"] / np.maximum(space, 1e-300)
    return np.where(space > 0.0, np.clip(10.0 * free, 0.0, 1.0), 0.0)


def newcomers(params: Params, world: World) -> Floats:
    """Return 1 for the operator's home; (origin,)."""
    return np.array([float(origin == params.operator) for origin in world.setting.geography.origins])


def admitted(params: Params, world: World) -> Floats:
    """Return 1 for the sectors admitted; (sector,)."""
    named = params.sectors
    return np.array([float("all" in named or sector in named) for sector in world.setting.geography.sectors])
