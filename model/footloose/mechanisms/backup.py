"""Backup: second sites, stocks, and what firms remember of the last time a plant stood still.

Memory M of a site is the part of a year's output that firms expect to lose there; after an outage it jumps towards what
was lost and then fades (Gallagher 2014: insurance against floods is bought after a flood and given up in the years that
follow). It raises the worth of a second site: hedge = worth x M, and so does a credit on the second plant's capital. A
stock bridges orders when plants stand still and costs its keep: line = log(1 + carrying cost x share of a year held),
on imports for the goods that buyers hold, times the share of parts for what plants hold. A stock that was used is full
again after the first year in which none is used.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Market, Origin, SiteOrGroup, parameter
from footloose.dated import BySector, DatedPath, Rate, Steps
from footloose.ledger import Line
from footloose.variables import Reported
from footloose.world import Floats, World, by_market_sector_site, by_sector_site, lever_by_site, since_base_year

BASELINE = False
EVIDENCE = "suggestive"
WEEKS = 52.0

REPORTS = {
    "backup_memory": Reported(
        ("sector", "site"),
        "percent",
        "Part of a year's output that firms expect to lose at a site, from what they remember of outages.",
        "Backup|Memory of Outages",
    ),
    "backup_stock": Reported(
        ("market", "sector"),
        "percent",
        "Goods that buyers hold beyond what they did in the base year, of a year's purchases.",
        "Backup|Stock",
    ),
}


def lever(unit: str, high: float, source: str) -> JsonDict:
    """Declare unit, range from zero and source of a dated lever."""
    return {"unit": unit, "range": [0, high], "source": source, "certainty": "C"}


def events(steps: dict[int, float]) -> DatedPath:
    """Return the path of what was lost; each value holds from 1 January of its year."""
    return DatedPath.of({date(year, 1, 1): value for year, value in steps.items()})


class Params(Block):
    """What firms keep in reserve, and why."""

    experience: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]],
        Field(
            json_schema_extra=lever(
                "percent of a year's output",
                100,
                "China: industry lost 8.4 % in the first quarter of 2020 (NBS), 2 % of a year; lockdown of Shanghai "
                "and its region in spring 2022, a quarter of two months, range 2-8",
            )
        ),
    ] = {
        "china": events({2010: 0.0, 2020: 2.0, 2021: 0.0}),
        "yangtze_delta": events({2010: 0.0, 2022: 4.0, 2023: 0.0}),
    }
    """Outages of history that firms lived through; only remembered: the series of those years hold what they cost."""

    learning: float = parameter(
        0.7,
        unit="1",
        low=0.0,
        high=1.0,
        source="insurance jumps in the year after a flood (Gallagher 2014); range 0.4-1",
        certainty="C",
    )
    """Part of the way that memory goes in the year of an outage to what was lost in it."""

    fading: float = parameter(
        0.25,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="Atreya, Ferreira and Michel-Kerjan (2015): gone after three years; Gallagher (2014): after nine",
        certainty="B",
    )
    """Part of memory lost in a quiet year."""

    worth: float = parameter(
        3.0,
        unit="log points per share of a year's output",
        low=0.0,
        high=20.0,
        source="a year's lost output costs its margin, contracts and customers; range 1-6",
        certainty="C",
    )
    """What a second site is worth for every share of output one expects to lose."""

    redundancy_credit: Annotated[
        dict[Origin, Annotated[DatedPath, Steps(0, 100)]],
        Field(json_schema_extra=lever("percent of capital cost", 100, "lever; document 001 asks for spare chains")),
    ] = {}
    """Tax credit of owners' homes on the capital of a second site, wherever it is, by home of the owner."""

    credit_effect: float = parameter(
        2.0,
        unit="1",
        low=0.0,
        high=10.0,
        source="theta over hedging of decisions, about 4 over 2: a saved cost and a hedged risk tip the same odds",
        certainty="D",
    )
    """Worth of a second site per log point that the credit takes off its cost."""

    plant_life: float = parameter(
        12, unit="years", low=1, high=40, source="life over which the credit is spread, as for subsidies", certainty="B"
    )
    """Years over which the credit is annualised."""

    goods_weeks: Annotated[
        dict[Market, Annotated[BySector, Rate(52)]],
        Field(json_schema_extra=lever("weeks of imports", 52, "lever: stockpile rule; document 001: buffers")),
    ] = {}
    """Stock of imported goods that buyers hold beyond that of the base year, by market, for all or by sector."""

    parts_weeks: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 52)]],
        Field(json_schema_extra=lever("weeks of parts", 52, "lever: stockpile rule; document 001: buffers")),
    ] = {}
    """Stock of parts that plants hold beyond that of the base year; the smaller group wins."""

    carrying_cost: float = parameter(
        25,
        unit="percent of the value per year",
        low=0,
        high=100,
        source="usual figure of inventory management: interest, storage, loss of value, 20-30 %",
        certainty="B",
    )
    """What it costs to hold a stock."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return no memory, no stocks of parts, and stocks of goods that are full."""
    markets, sectors, _, sites = world.setting.shape
    return {
        "backup_memory": np.zeros((sectors, sites)),
        "backup_parts": np.zeros((sectors, sites)),
        "backup_filled": np.ones((markets, sectors)),
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Remember and forget; empty the stocks by what was used; plan next year's stock of parts."""
    memory, filled = world.state["backup_memory"], world.state["backup_filled"]
    gap = suffered(params, world) - memory
    weeks = lever_by_site(params.parts_weeks, world.setting.geography, world.year + 1)
    held = goods_held(params, world) * world.activity.sales.sum(axis=(2, 3))
    drawn = np.zeros_like(filled) if world.activity.drawn is None else world.activity.drawn
    left = np.maximum(filled - drawn / np.where(held > 0.0, held, 1.0), 0.0)
    return {
        "backup_memory": memory + np.where(gap > 0.0, params.learning, params.fading) * gap,
        "backup_parts": np.broadcast_to(np.maximum(weeks, 0.0) / WEEKS, memory.shape).copy(),
        "backup_filled": np.where(drawn > 0.0, left, 1.0),
    }


def hedge(params: Params, world: World) -> Floats:
    """Return what memory and the credit make a second site worth; log points, (1, sector, origin, site)."""
    insured = params.worth * by_sector_site(world.state["backup_memory"])
    return np.asarray(insured + params.credit_effect * credit(params, world))


def buffer(params: Params, world: World) -> Floats:
    """Return the share of a year's purchases that buyers can take from stock; (market, sector)."""
    return np.asarray(goods_held(params, world) * world.state["backup_filled"])


def cost(params: Params, world: World) -> Line:
    """Return what the stocks cost; log points, (market, sector, 1, site)."""
    carried = params.carrying_cost / 100.0 / WEEKS
    goods = by_market_sector_site(weeks_of_goods(params, world)[:, :, None] * ~world.setting.at_home[:, None, :])
    parts = np.maximum(lever_by_site(params.parts_weeks, world.setting.geography, world.year), 0.0)
    share = world.setting.trait("input_share")
    return Line.certain(np.log1p(carried * goods) + share * np.log1p(carried * parts))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return memory (sector, site) and stocks of goods (market, sector), percent."""
    return {"backup_memory": 100.0 * world.state["backup_memory"], "backup_stock": 100.0 * buffer(params, world)}


def suffered(params: Params, world: World) -> Floats:
    """Return the share of a year's output lost at a site, by the scenario's shocks and by history; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    shocks, geography = world.setting.shocks, world.setting.geography
    kept = 1.0 - shocks.disruption(world.year)
    kept = kept * (1.0 - (world.input_origin * shocks.blockade(world.year)).sum(axis=2))
    for name, path in params.experience.items():
        struck = np.zeros(sites)
        struck[list(geography.sites_in(name))] = path.in_year(world.year) / 100.0
        kept = kept * (1.0 - struck)
    return np.broadcast_to(1.0 - kept, (sectors, sites))


def credit(params: Params, world: World) -> Floats:
    """Return what the credit takes off the unit cost of a programme with a second site; (1, sector, origin, 1).

    Half of the output is made there, with capital worth its annuity.
    """
    rate = world.setting.law.beliefs.discount_rate
    annuity = rate / (1.0 - (1.0 + rate) ** -params.plant_life) if rate > 0.0 else 1.0 / params.plant_life
    paid = np.zeros((1, 1, len(world.setting.geography.origins), 1))
    for name, path in params.redundancy_credit.items():
        paid[0, 0, world.setting.geography.origins.index(name)] = since_base_year(path, world.year) / 100.0
    return np.asarray(0.5 * world.setting.trait("capital_per_output") * annuity * paid)


def goods_held(params: Params, world: World) -> Floats:
    """Return the stock of imports when it is full, of a year's purchases; (market, sector)."""
    sales = world.activity.sales.sum(axis=2)
    total = sales.sum(axis=2)
    imported = (sales * ~world.setting.at_home[:, None, :]).sum(axis=2) / np.maximum(total, 1e-300)
    return np.asarray(weeks_of_goods(params, world) / WEEKS * imported)


def weeks_of_goods(params: Params, world: World) -> Floats:
    """Return the weeks of imports that buyers hold beyond the base year's; (market, sector)."""
    geography = world.setting.geography
    weeks = np.zeros((len(geography.markets), len(geography.sectors)))
    for market, given in params.goods_weeks.items():
        paths = given if isinstance(given, dict) else dict.fromkeys(geography.sectors, given)
        for sector, path in paths.items():
            weeks[geography.market(market), geography.sectors.index(sector)] = since_base_year(path, world.year)
    return np.maximum(weeks, 0.0)
