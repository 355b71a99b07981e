"""Local content: a share of what a market buys that is to be made at home, or within a group of sites.

Enforced by a shadow price on all other goods that rises while the share is below the target and falls back when it is
above: p' = clip(p + speed x (target - share), 0, cap), the gradient step to the multiplier of the quota (Arrow, Hurwicz
and Uzawa 1958). Line = p on goods that do not count, 0 on others. The price stands for refusals, points in tenders and
bonuses bound to origin; nobody collects it. Document 001: Europe's target for green technology; Regulation (EU)
2024/1735.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Market, SectorOrAll, Sites, parameter
from footloose.dated import DatedPath, Steps
from footloose.foresight import value_in
from footloose.ledger import Line
from footloose.schedule import behind_border
from footloose.variables import Reported
from footloose.world import Floats, World, by_market_sector_site

BASELINE = False
EVIDENCE = "story"

REPORTS = {
    "local_content_share": Reported(
        ("market", "sector"), "percent", "Share of purchases that counts as local content.", "Local Content|Share"
    ),
    "local_content_price": Reported(
        ("market", "sector"),
        "percent",
        "Shadow price of the local-content quota on goods that do not count.",
        "Local Content|Shadow Price",
    ),
}

TARGET: JsonDict = {
    "unit": "percent of purchases",
    "range": [0, 100],
    "source": "Regulation (EU) 2024/1735 (net-zero industry): 40 in 2030; document 001 says 60",
    "certainty": "B",
}


class Params(Block):
    """What is to be local, and how hard it is enforced."""

    target: Annotated[
        dict[Market, dict[SectorOrAll, Annotated[DatedPath, Steps(0, 100)]]], Field(json_schema_extra=TARGET)
    ] = {"european_union": {"clean_energy": DatedPath.of({date(2030, 1, 1): 40.0})}}
    """Share of a market's purchases of a sector that is to be local, dated."""

    counted: dict[Market, Sites] = {}
    """Sites that count as local for a market; left out, those behind its customs border."""

    speed: float = parameter(
        0.25,
        unit="log points per year",
        low=0.0,
        high=5.0,
        source="a gap of 20 points of share adds 5 percent a year; range 0.1-1",
        certainty="C",
    )
    """Yearly rise of the shadow price with the gap to the target."""

    cap: float = parameter(
        30.0,
        unit="percent",
        low=0.0,
        high=500.0,
        source="buyers may disregard origin rules beyond some 20 percent of extra cost; from memory, range 10-50",
        certainty="C",
    )
    """Highest shadow price."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the shadow price of the base year, none; (market, sector) log points."""
    return {"local_content_price": np.zeros(world.setting.shape[:2])}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let the shadow price follow the gap between the year's target and the year's share."""
    target = targets(params, world)
    price = world.state["local_content_price"] + params.speed * (target - local_share(params, world))
    within = np.clip(price, 0.0, np.log1p(params.cap / 100.0))
    return {"local_content_price": np.where(target > 0.0, within, 0.0)}


def cost(params: Params, world: World) -> Line:
    """Return the shadow price on goods that do not count, log points, (market, sector, 1, site)."""
    price = world.state["local_content_price"]
    return Line.certain(by_market_sector_site(price[:, :, None] * (1.0 - counts(params, world))[:, None, :]))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the share of last year's purchases that counted, and the shadow price in force; percent."""
    return {
        "local_content_share": 100.0 * local_share(params, world),
        "local_content_price": 100.0 * np.expm1(world.state["local_content_price"]),
    }


def local_share(params: Params, world: World) -> Floats:
    """Return the share of a market's purchases made at sites that count; (market, sector)."""
    bought = world.activity.sales.sum(axis=2)
    total = bought.sum(axis=2)
    local = np.einsum("msj,mj->ms", bought, counts(params, world))
    return np.where(total > 0.0, local / np.maximum(total, 1e-9), 1.0)


def counts(params: Params, world: World) -> Floats:
    """Return 1 where a site's goods count as local for a market; (market, site)."""
    geography = world.setting.geography
    local = behind_border(world)
    for market, groups in params.counted.items():
        row = np.zeros(len(geography.sites))
        for group in groups:
            row[list(geography.sites_in(group))] = 1.0
        local[geography.market(market)] = row
    return local


def targets(params: Params, world: World) -> Floats:
    """Return the target share of the year, zero where there is none; (market, sector)."""
    geography = world.setting.geography
    table = np.zeros(world.setting.shape[:2])
    for market, sectors in params.target.items():
        for name in sorted(sectors, key=lambda name: name != "all"):
            place = slice(None) if name == "all" else geography.sector(name)
            table[geography.market(market), place] = value_in(sectors[name], world.year) / 100.0
    return table
