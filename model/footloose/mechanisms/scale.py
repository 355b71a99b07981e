"""Scale: experience curves and external economies that lock in who makes batteries, appliances and electronics.

Wright (1936): cost falls by the learning rate with each doubling of experience, cost ~ E^-b, b = -log2(1 - rate). A
site knows from its own cumulated output and a part of everybody else's (Irwin and Klenow 1994):
    E_j = Q_j + spillover x (sum_k Q_k - Q_j),   Q(t+1) = (1 - forgetting) Q(t) + output(t),
so a newcomer starts from what spills over and never learns without bound. Static: the same with a year's output and
`external_scale` (Bartelme, Costinot, Donaldson and Rodriguez-Clare 2025). Both count relative to the path of the base
year, on which every site keeps its shares of 2010 and demand grows as in the series; what 2010 itself looked like is in
`unexplained`.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SectorOrAll, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line
from footloose.levers import by_sector, growth_by_sector
from footloose.variables import Reported
from footloose.world import BASE_YEAR, Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "scale_experience": Reported(
        ("sector", "site"),
        "index, path of 2010 shares = 1",
        "What a site has learnt to make, with what spills over from others, over the path of the base year.",
        "Scale|Experience",
    ),
    "scale_share": Reported(
        ("sector", "site"), "percent", "Share of a site in the world's cumulated output.", "Scale|World Share"
    ),
}

RATE: JsonDict = {
    "unit": "1",
    "range": [0, 0.5],
    "source": "batteries: 14 % Barwick, Kwon, Li and Zahur (2024), 20 % Ziegler and Trancik (2021) with whatever else"
    " made them cheaper; chips 20 % Irwin and Klenow (1994); the others unverified, range 0.05-0.18",
    "certainty": "C",
}
PULL: JsonDict = {
    "unit": "percent per year",
    "range": [-30, 50],
    "source": "none: growth of demand beyond the series, as a green programme brings it",
    "certainty": "C",
}


class Params(Block):
    """How fast costs fall with experience and how much of it stays at the site."""

    learning_rate: Annotated[
        dict[SectorOrAll, Annotated[float, Field(ge=0, le=0.5)]], Field(json_schema_extra=RATE)
    ] = {"clean_energy": 0.15, "electrical_equipment": 0.1, "electronics": 0.1}
    """Fall of unit cost with each doubling of experience, by sector; none where a sector is not named."""

    spillover: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="1/3 between firms, at home as abroad, Irwin and Klenow (1994); sites pool firms; range 0.33-1",
        certainty="C",
    )
    """What a unit made elsewhere teaches, over one made at the site; 1 = everything spills over, nothing locks in."""

    forgetting: float = parameter(
        0.05,
        unit="1 per year",
        low=0.0,
        high=0.6,
        source="plants forget fast (Benkard 2000, up to 4 % a month), industries slowly; unverified, range 0-0.2",
        certainty="C",
    )
    """Yearly loss of experience."""

    stock_years: float = parameter(
        5.0,
        unit="years of output",
        low=0.5,
        high=50.0,
        source="1 / (growth of 15 % + forgetting) in a young industry; more in an old one; range 3-15",
        certainty="C",
    )
    """Experience in the base year over the output of that year."""

    external_scale: float = parameter(
        0.03,
        unit="1",
        low=0.0,
        high=0.3,
        source="scale elasticities 0.05-0.25 by sector, Bartelme et al. (2025), less what `clusters` has; range 0-0.1",
        certainty="C",
    )
    """Fall of unit cost with the logarithm of the size of the sector at the site, in the sectors that learn."""

    demand_growth: Annotated[
        dict[SectorOrAll, Annotated[DatedPath, Steps(-30, 50)]], Field(json_schema_extra=PULL)
    ] = {}
    """Growth of what all markets want beyond the series, dated, by sector: the pull of green programmes."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return cumulated output and what it would be on the path of the base year; (sector, site) USD million."""
    stock = params.stock_years * reference_output(world, 0)
    return {"scale_stock": stock, "scale_stock_reference": stock.copy()}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Add the year's output to experience."""
    keep = 1.0 - params.forgetting
    return {
        "scale_stock": keep * world.state["scale_stock"] + world.activity.output,
        "scale_stock_reference": keep * world.state["scale_stock_reference"] + reference_output(world, world.index),
    }


def reference_output(world: World, index: int) -> Floats:
    """Return output had every site kept its shares of 2010 and demand grown as in the series; (sector, site)."""
    demand = world.setting.history.series["demand"][index]
    return np.asarray((world.setting.base.use * demand[:, :, None]).sum(axis=0))


def cost(params: Params, world: World) -> Line:
    """Return minus what experience and size save, log points, (1, sector, 1, site)."""
    rate = learning_rates(params, world)
    last = reference_output(world, max(world.index - 1, 0))
    dynamic = learning_exponent(rate)[:, None] * np.log(experience(params, world))
    static = np.log(known(world.activity.output, params) / known(last, params))
    return Line.certain(by_sector_site(-dynamic - params.external_scale * (rate > 0.0)[:, None] * static))


def learning_rates(params: Params, world: World) -> Floats:
    """Return the fall of cost with each doubling; (sector,)."""
    constant = {name: DatedPath.constant(rate) for name, rate in params.learning_rate.items()}
    return by_sector(constant, world.setting.geography, world.year)


def learning_exponent(rate: Floats) -> Floats:
    """Return b = -log2(1 - rate): cost ~ experience^-b (Wright 1936)."""
    return np.asarray(-np.log2(1.0 - rate))


def experience(params: Params, world: World) -> Floats:
    """Return what sites know over what they would on the path of the base year; (sector, site)."""
    return known(world.state["scale_stock"], params) / known(world.state["scale_stock_reference"], params)


def known(made: Floats, params: Params) -> Floats:
    """Return own output and the part of everybody else's that spills over; (sector, site)."""
    own = (1.0 - params.spillover) * made
    return np.asarray(np.maximum(own + params.spillover * made.sum(axis=1, keepdims=True), 1e-9))


def demand(params: Params, world: World) -> Floats:
    """Return the factor on what markets want, grown since the base year; (1, sector)."""
    return growth_by_sector(params.demand_growth, world.setting.geography, BASE_YEAR, world.year)[None, :]


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return experience over the path of the base year, and shares of the world's cumulated output in percent."""
    stock = world.state["scale_stock"]
    share = 100.0 * stock / np.maximum(stock.sum(axis=1, keepdims=True), 1e-9)
    return {"scale_experience": experience(params, world), "scale_share": share}
