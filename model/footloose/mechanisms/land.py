"""Land: what floor space and the leg to the coast cost, and how taller factories and short leases cheapen it.

Line = log(1 + floor space x price x annuity of a lease x terms / floor-area ratio of the base year)
     + log(1 + leg to the coast / value per container):
bid rents that fall with distance from the coast (Alonso 1964; Fujita, Krugman and Venables 1999). `terms` is 1 in the
base year. Where a lever changes them, new plants get
    (1 - u + u F0 / F) x (cost of a lease of T years / of the usual term),   u = share of floor that may lie upstairs,
and the plants that stand follow as they are rebuilt and leases come up. Wages are not in here: `labour` has their
gradient. Document 004: taller factories, flexible leases, a coast that upgrades and an inland that takes over.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.geography.land import Land, load_land
from footloose.ledger import Line
from footloose.levers import by_site
from footloose.variables import Reported
from footloose.world import Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "land_cost": Reported(
        ("sector", "site"), "percent of output", "What land costs an average plant a year.", "Land|Cost"
    ),
    "land_terms": Reported(
        ("sector", "site"),
        "index 2010 = 1",
        "Land cost of an average plant over what it would be at the floor-area ratio and lease of 2010.",
        "Land|Terms",
    ),
    "land_inland_leg": Reported(
        ("market", "site"), "USD per FEU", "Cost of a container from the plant to the coast.", "Land|Inland Leg"
    ),
}

RATIO: JsonDict = {
    "unit": "m2 of floor per m2 of land",
    "range": [0.1, 8],
    "source": "none: land.csv has 2010; document 004 names taller factories without a figure",
    "certainty": "C",
}
TERM: JsonDict = {
    "unit": "years",
    "range": [1, 99],
    "source": "none: the usual term; document 004 names flexible leases without a figure",
    "certainty": "C",
}
CUT: JsonDict = {
    "unit": "percent of the leg to the coast",
    "range": [0, 100],
    "source": "none: land.csv has the leg itself; scenarios set what rail, river and port programmes take off it",
    "certainty": "C",
}


class Params(Block):
    """What land programmes change, and how a price of land becomes a yearly cost."""

    floor_area_ratio: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0.1, 8)]], Field(json_schema_extra=RATIO)
    ] = {}
    """Floor-area ratio allowed to new factories, dated, by site or group; the table's where none is set."""

    lease_years: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(1, 99)]], Field(json_schema_extra=TERM)] = {}
    """Length of the leases offered to new plants, dated, by site or group; the usual term where none is set."""

    logistics: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=CUT)] = {}
    """What inland logistics programmes take off the leg to the coast, dated, by site or group."""

    share_scale: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=3.0,
        source="1 = floor space and legs as in land.csv, themselves unverified; range 0.5-1.5",
        certainty="C",
    )
    """Scales what land and the leg to the coast weigh in the value of goods."""

    usual_term: float = parameter(
        50,
        unit="years",
        low=5,
        high=99,
        source="industrial land-use rights run 50 years, Changzhou investment guide 2014",
        certainty="B",
    )
    """Term of an industrial land right where no lever sets another."""

    land_yield: float = parameter(
        0.04,
        unit="1 per year",
        low=0.005,
        high=0.15,
        source="capitalisation of shorter leases in Chinese land rules, about 4-6 %; unverified, range 0.02-0.08",
        certainty="C",
    )
    """Rate at which the price of a lease falls with its length."""

    recovered: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="local governments limit the resale of industrial land; unverified, range 0-0.9",
        certainty="C",
    )
    """Share of the value of unexpired years that a plant gets back when it leaves."""

    renewal: float = parameter(
        0.04,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="buildings last about 25 years; unverified, range 0.02-0.08",
        certainty="C",
    )
    """Share of standing plants rebuilt or leased anew in a year."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the terms of land in the base year, index 1; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    return {"land_terms": np.ones((sectors, sites))}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let standing plants follow the terms of new ones as they are rebuilt and leases come up."""
    terms = world.state["land_terms"]
    return {"land_terms": terms + params.renewal * (terms_of_new_plants(params, world) - terms)}


def cost(params: Params, world: World) -> Line:
    """Return land and the leg to the coast, log points, (market, sector, 1, site); `entry` is what new plants save."""
    yearly = rent(params, world)
    standing = np.log1p(yearly * world.state["land_terms"])
    new = np.log1p(yearly * terms_of_new_plants(params, world))
    land, dollars = by_sector_site(standing), params.share_scale * leg(world)
    total = land + logistics_line(world, dollars * kept(params, world))
    return Line(now=total, expected=total, entry=by_sector_site(new - standing))


def rent(params: Params, world: World) -> Floats:
    """Return what land costs a year at the terms of the base year, as a fraction of output; (sector, site)."""
    table = tables(world)
    per_floor = table.price_in(world.year) / table.floor_area_ratio
    yearly = yearly_cost(params.usual_term, params, world)
    return np.asarray(params.share_scale * table.floor_space[:, None] * per_floor[None, :] * yearly / 1000.0)


def terms_of_new_plants(params: Params, world: World) -> Floats:
    """Return the land cost of a new plant over that at the terms of the base year; (sector, site)."""
    table, geography = tables(world), world.setting.geography
    offered = by_site(params.lease_years, geography, world.year, params.usual_term)
    price = {years: yearly_cost(years, params, world) for years in {params.usual_term, *offered.tolist()}}
    lease = np.array([price[years] for years in offered.tolist()]) / price[params.usual_term]
    stacked = table.floor_area_ratio / by_site(params.floor_area_ratio, geography, world.year, table.floor_area_ratio)
    upstairs = table.upper_floors[:, None]
    return np.asarray((1.0 - upstairs + upstairs * stacked[None, :]) * lease[None, :])


def yearly_cost(years: float, params: Params, world: World) -> float:
    """Return what land at price 1 costs a year on a lease of `years`, as a plant of the beliefs' horizon sees it.

    (price of the lease - recovered x price of the years left, discounted) x annuity; renewed where shorter than that
    """
    beliefs = world.setting.law.beliefs
    life, rate = min(years, beliefs.horizon_years), beliefs.discount_rate
    left = lease_price(years - life, params) * params.recovered * (1.0 + rate) ** -life
    annuity = 1.0 / life if rate == 0.0 else rate / (1.0 - (1.0 + rate) ** -life)
    return float((lease_price(years, params) - left) * annuity)


def lease_price(years: float, params: Params) -> float:
    """Return the price of a lease over that of one of the usual term, at the yield of land."""
    return float((1.0 - (1.0 + params.land_yield) ** -years) / (1.0 - (1.0 + params.land_yield) ** -params.usual_term))


def leg(world: World) -> Floats:
    """Return the cost of a container to the coast without a programme; (market, site) USD per FEU."""
    return tables(world).inland_leg_in(world.year)


def kept(params: Params, world: World) -> Floats:
    """Return the part of the leg to the coast that programmes leave, as built and taken for lasting; (site,)."""
    return 1.0 - by_site(params.logistics, world.setting.geography, world.year) / 100.0


def logistics_line(world: World, dollars: Floats) -> Floats:
    """Return log(1 + leg over the value in a container), (market, sector, 1, site); dollars: (market, site)."""
    return np.asarray(np.log1p(dollars[:, None, None, :] / (world.setting.trait("value_per_container") * 1000.0)))


def tables(world: World) -> Land:
    """Return the land tables on the axes of the world."""
    geography = world.setting.geography
    return load_land(geography.markets, geography.sectors, geography.sites)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return land cost and terms by sector and site, and the leg to the coast by market and site."""
    terms = world.state["land_terms"]
    return {
        "land_cost": 100.0 * rent(params, world) * terms,
        "land_terms": terms,
        "land_inland_leg": leg(world) * kept(params, world),
    }
