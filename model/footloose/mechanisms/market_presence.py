"""Market presence: foreign owners make inside the market what they sell there, next to what they make elsewhere.

Three things, all for owners whose home is not the market's:

    line, at sites inside the market    - fit of the year x what days cost the sector, over the mean sector
    entry there, on top                 - access x wall,    wall = log duty on where the owner served the market from
    a plant outside, that serves it     mu x wall of the site: log odds against leaving it, and worth of a second one

so that a wall adds plants rather than moving them (dual chains). Brainard (1997): affiliates' sales rise by 0.45 % with
1 % of tariff, beyond what freight and scale explain. A foreign plant that serves the market it stands in is the firmer
rooted the higher the walls against that site elsewhere: in China for China (document 000: commitment as hedge). Homes
may pay a part of what a plant abroad costs (document 004: going global).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Origin, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.ledger import Line
from footloose.variables import Reported
from footloose.world import Floats, World, since_base_year

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "market_presence_local_share": Reported(
        ("market", "origin"),
        "percent",
        "Part of what a market bought from plants of an owner that was made inside it; purchases of the year before.",
        "Market Presence|Local Share",
    )
}


def by_owner(unit: str, high: float, source: str) -> JsonDict:
    """Declare unit, range from zero and source of a number by home of the owner."""
    return {"unit": unit, "range": [0, high], "source": source, "certainty": "C"}


class Params(Block):
    """What presence in a market is worth."""

    fit: Annotated[DatedPath, Steps(0, 20)] = path(
        {2010: 0.0, 2014: 0.5, 2018: 1.0},
        unit="percent of unit cost",
        low=0,
        high=20,
        source="no estimate; document 003: products adapted and made in the market (Haier); range 0-2",
        certainty="C",
    )
    """What adapted products and quick service are worth to a foreign owner who makes them in the market."""

    access: float = parameter(
        0.1,
        unit="log points per log point",
        low=0.0,
        high=1.0,
        source="Brainard (1997): 0.45, over an elasticity of location of about 4; range 0-0.3",
        certainty="D",
    )
    """What being inside is worth to a foreign entrant for every log point of the wall, beyond the duty itself."""

    dual_chains: float = parameter(
        1.0,
        unit="1 per log point",
        low=0.0,
        high=10.0,
        source="no estimate; Freund et al. (2023): China plus one, not China minus one; range 0-3",
        certainty="C",
    )
    """How much firmer plants outside a wall stand, and how much more a second one is worth (mu)."""

    commitment: float = parameter(
        1.0,
        unit="log odds per log point",
        low=0.0,
        high=10.0,
        source="no number in document 000; range 0-3",
        certainty="C",
    )
    """How much firmer a foreign plant that serves its host stands for every log point of walls against the host."""

    weight: Annotated[
        dict[Origin, Annotated[float, Field(ge=0, le=10)]],
        Field(json_schema_extra=by_owner("1", 10, "1: no owner is known to seek markets more than another")),
    ] = {}
    """How much more owners of a home seek markets than others do; 1 where none is given."""

    outward_support: Annotated[
        dict[Origin, Annotated[DatedPath, Steps(0, 100)]],
        Field(json_schema_extra=by_owner("percent of capital cost", 100, "lever; document 004: going global")),
    ] = {}
    """Part of the capital of a new plant abroad that the owner's home pays, by home."""

    plant_life: float = parameter(
        12, unit="years", low=1, high=40, source="life over which support is spread, as for subsidies", certainty="B"
    )
    """Years over which support is annualised."""


def cost(params: Params, world: World) -> Line:
    """Return the worth of presence, and what only a new plant gains, log points, (market, sector, origin, site)."""
    inside = world.setting.at_home[:, None, None, :]
    owners = owner_weight(params, world)
    days = world.setting.trait("time_cost_per_day")
    worth = np.log1p(params.fit.in_year(world.year) / 100.0) * days / days.mean()
    gained = params.access * wall_of_owner(world)[..., None]
    paid = np.log1p(-np.minimum(support(params, world), 0.9))
    return Line(now=-worth * owners * inside, expected=-worth * owners * inside, entry=paid - gained * owners * inside)


def rootedness(params: Params, world: World) -> Floats:
    """Return log odds against leaving: outside a wall, and at home in the host's market; all four axes."""
    owners = owner_weight(params, world)
    inside = world.setting.at_home[:, None, None, :]
    committed = params.commitment * walls_elsewhere(world)[:, :, None, :] * inside
    return np.asarray(owners * (params.dual_chains * outside_wall(world) + committed))


def hedge(params: Params, world: World) -> Floats:
    """Return what a second site is worth to foreign owners who serve a market over its wall; all four axes."""
    return np.asarray(params.dual_chains * owner_weight(params, world) * outside_wall(world))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the part of what an owner sold in a market that it made there, percent; (market, origin)."""
    sales = world.activity.sales.sum(axis=1)
    inside = (sales * world.setting.at_home[:, None, :]).sum(axis=2)
    return {"market_presence_local_share": 100.0 * inside / np.maximum(sales.sum(axis=2), 1e-300)}


def foreign(world: World) -> npt.NDArray[np.bool_]:
    """Return which owners are foreign to a market: none of its sites is their home; (market, origin)."""
    home_of = np.asarray(world.setting.geography.home_of, dtype=np.bool_)
    shared = world.setting.at_home[:, None, :] & home_of[None]
    return np.asarray(~shared.any(axis=2), dtype=np.bool_)


def owner_weight(params: Params, world: World) -> Floats:
    """Return how much owners seek a market that is not theirs, zero in their own; (market, 1, origin, 1)."""
    weights = np.array([params.weight.get(name, 1.0) for name in world.setting.geography.origins])
    return np.asarray((foreign(world) * weights)[:, None, :, None])


def walls(world: World) -> Floats:
    """Return the change since the base year of the log duty that firms expect to pay; (market, sector, site)."""
    rates = world.setting.law.tariffs.expected
    collected = world.series("collection_ratio")[:, None, None] / 100.0
    base = world.base_series("collection_ratio")[:, None, None] / 100.0
    return np.asarray(np.log1p(collected * rates[world.index]) - np.log1p(base * rates[0]))


def outside_wall(world: World) -> Floats:
    """Return the wall that a plant has to sell over, none inside; (market, sector, 1, site), at least 0."""
    outside = ~world.setting.at_home[:, None, :]
    return np.asarray((np.maximum(walls(world), 0.0) * outside)[:, :, None, :])


def wall_of_owner(world: World) -> Floats:
    """Return the mean wall on where an owner served a market from in the base year; (market, sector, origin)."""
    served = world.setting.use_by_owner * ~world.setting.at_home[:, None, None, :]
    total = served.sum(axis=3)
    mean = np.einsum("msoj,msj->mso", served, np.maximum(walls(world), 0.0))
    return np.asarray(mean / np.where(total > 0.0, total, 1.0))


def walls_elsewhere(world: World) -> Floats:
    """Return the mean wall of the other markets against a site, by what they bought there; (market, sector, site)."""
    use, wall = world.setting.base.use, np.maximum(walls(world), 0.0)
    others, weighed = use.sum(axis=0) - use, (use * wall).sum(axis=0) - use * wall
    return np.asarray(np.maximum(weighed, 0.0) / np.maximum(others, 1e-300))


def support(params: Params, world: World) -> Floats:
    """Return what homes pay for plants abroad, of the unit cost; (1, sector, origin, site)."""
    geography, rate = world.setting.geography, world.setting.law.beliefs.discount_rate
    annuity = rate / (1.0 - (1.0 + rate) ** -params.plant_life) if rate > 0.0 else 1.0 / params.plant_life
    paid = np.zeros(len(geography.origins))
    for name, given in params.outward_support.items():
        paid[geography.origins.index(name)] = since_base_year(given, world.year) / 100.0
    abroad = ~np.asarray(geography.home_of, dtype=np.bool_)
    capital = world.setting.trait("capital_per_output")
    return np.asarray(np.maximum(paid, 0.0)[None, None, :, None] * abroad[None, None] * capital * annuity)
