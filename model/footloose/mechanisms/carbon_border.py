"""Carbon border: importers pay for the carbon of the energy their goods were made with.

Levy = covered x phase-in x max(price of the market - price paid at the site, 0) x tonnes of CO2 per USD of output,
Regulation (EU) 2023/956, art. 9, 22 and 31. Tonnes = energy per USD x (carbon of the site's grid + `direct` x carbon of
the mean grid of 2010): what a grid emits differs by site, what fuels and processes emit by sector only. As
the levy is phased in, plants behind the border lose as many free allowances for fuels and processes, whoever they
sell to; the carbon in their power is in its price already. The carbon of bought parts is not levied.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Market, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import Date, DatedPath, Steps
from footloose.dated import path as dated
from footloose.foresight import expected, horizon_of, values_ahead
from footloose.ledger import Line
from footloose.schedule import behind_border
from footloose.variables import Reported
from footloose.world import Floats, World, by_market_sector_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "carbon_border_levy": Reported(
        ("market", "sector", "site"), "percent", "Carbon levy over the value of imports.", "Carbon Border|Levy"
    ),
    "carbon_border_intensity": Reported(
        ("sector", "site"),
        "kg of CO2 per USD",
        "Carbon of the energy that goods are made with.",
        "Carbon Border|Intensity",
    ),
}

GRAMS_PER_TONNE = 1e6
PRICE: JsonDict = {
    "unit": "USD per tonne of CO2",
    "range": [0, 1000],
    "source": "mean EU allowance of 2023-25, 65-85 EUR; unverified, range 50-150",
    "certainty": "C",
}
PAID: JsonDict = {
    "unit": "USD per tonne of CO2",
    "range": [0, 1000],
    "source": "World Bank, State and Trends of Carbon Pricing, from memory; range +/-50 percent, partly covered",
    "certainty": "C",
}
COVERED: JsonDict = {
    "unit": "percent of trade",
    "range": [0, 100],
    "source": "annex I: cement, iron and steel, aluminium, fertilisers, hydrogen; unverified, range +/-50 percent",
    "certainty": "C",
}
Dollars = Annotated[DatedPath, Steps(0, 1000)]


class Params(Block):
    """Who levies, at what price, on what."""

    price: Annotated[dict[Market, Dollars], Field(json_schema_extra=PRICE)] = {
        "european_union": DatedPath.constant(80.0)
    }
    """Price of carbon by levying market."""

    phase_in: Annotated[DatedPath, Steps(0, 100)] = dated(
        {
            2010: 0.0, 2026: 2.5, 2027: 5.0, 2028: 10.0, 2029: 22.5, 2030: 48.5, 2031: 61.0, 2032: 73.5, 2033: 86.0,
            2034: 100.0,
        },
        unit="percent of emissions",
        low=0,
        high=100,
        source="Directive 2003/87/EC, art. 10a(1a): 100 less free allowances; steps from memory, range +/-3 points",
        certainty="C",
    )  # fmt: skip
    """Share of emissions to be paid for."""

    announced: Date = date(2023, 5, 16)
    """Day from which firms know the price and the phase-in: publication of the Regulation."""

    covered: Annotated[dict[SectorOrAll, Annotated[float, Field(ge=0, le=100)]], Field(json_schema_extra=COVERED)] = {
        "metals_minerals": 60.0,
        "chemicals": 10.0,
    }
    """Share of a sector's goods that the levy covers."""

    paid_at_site: Annotated[dict[SiteOrGroup, Dollars], Field(json_schema_extra=PAID)] = {
        "china": DatedPath.of({date(2021, 7, 16): 9.0, date(2024, 1, 1): 12.0}),
        "canada": DatedPath.of({date(2019, 1, 1): 15.0, date(2023, 1, 1): 50.0}),
        "advanced_asia": DatedPath.of({date(2015, 1, 1): 8.0}),
    }
    """Price of carbon paid where goods are made, which is taken off; of several names for a site the last holds."""

    direct: float = parameter(
        3.0,
        unit="1",
        low=0.0,
        high=10.0,
        source="iron and steel 2.6 Gt direct, 1.1 Gt power (IEA 2020); aluminium 0.3, cement 10; range 0.3-10",
        certainty="C",
    )
    """CO2 of fuels and processes over CO2 of the same energy taken as power from the mean grid."""

    free_allowances_end: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=1.0,
        source="the same directive: free allowances of covered goods end as the levy begins; 0: they stay",
        certainty="B",
    )
    """Share of the lost free allowances that plants behind the border pay for."""


def cost(params: Params, world: World) -> Line:
    """Return log(1 + levy, or lost allowances at home), log points, (market, sector, 1, site)."""
    beliefs = world.setting.law.beliefs
    dollars = per_tonne(params, world, horizon_of(beliefs))
    believed = expected(dollars, world.year, beliefs, params.announced.year)
    burden = embodied(params, world)
    now, lasting = ((value[:, :, None] * burden).sum(axis=0) for value in (dollars[0], believed))
    return Line(by_market_sector_site(np.log1p(now)), by_market_sector_site(np.log1p(lasting)))


def duty(params: Params, world: World) -> Floats:
    """Return the levy collected at the border; (market, sector, site)."""
    return levy(params, world)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the levy in percent and the intensity."""
    power, direct = emissions(params, world)
    return {"carbon_border_levy": 100.0 * levy(params, world), "carbon_border_intensity": 1000.0 * (power + direct)}


def levy(params: Params, world: World) -> Floats:
    """Return what importers pay this year over the value of goods; (market, sector, site)."""
    dollars = per_tonne(params, world, 1)[0, 0]
    return np.asarray(dollars[:, None, :] * embodied(params, world)[0])


def per_tonne(params: Params, world: World, years: int) -> Floats:
    """Return what the law charges on a tonne from this year on: the importer, and the plant at home.

    returns : (years, 2, market, site) USD
    """
    geography, border = world.setting.geography, behind_border(world)
    price = np.zeros((years, len(geography.markets), 1))
    for name, path in params.price.items():
        price[:, geography.market(name), 0] = values_ahead(path, world.year, years)
    paid = np.zeros((years, 1, len(geography.sites)))
    for name, path in params.paid_at_site.items():
        paid[:, 0, list(geography.sites_in(name))] = values_ahead(path, world.year, years)[:, None]
    abroad = np.maximum(price - paid, 0.0) * (1.0 - border)
    at_home = params.free_allowances_end * np.broadcast_to((price * border).sum(axis=1, keepdims=True), abroad.shape)
    phase = values_ahead(params.phase_in, world.year, years) / 100.0
    return np.asarray(phase[:, None, None, None] * np.stack([abroad, at_home], axis=1))


def embodied(params: Params, world: World) -> Floats:
    """Return tonnes per USD that importers pay for, and that plants at home do; (2, 1, sector, site)."""
    power, direct = emissions(params, world)
    return np.asarray(share_covered(params, world)[:, None] * np.stack([power + direct, direct])[:, None])


def emissions(params: Params, world: World) -> tuple[Floats, Floats]:
    """Return tonnes of CO2 per USD of output from power, and from fuels and processes; each (sector, site).

    Energy used per USD is that of the base year, the same everywhere: energy share over mean price of power [kWh].
    """
    share = np.asarray(world.setting.geography.traits["energy_share"])
    used = share[:, None] / world.base_series("electricity").mean() / GRAMS_PER_TONNE
    grid = world.series("grid_carbon")
    return used * grid, used * params.direct * np.full_like(grid, world.base_series("grid_carbon").mean())


def share_covered(params: Params, world: World) -> Floats:
    """Return the share of each sector's goods that is covered; (sector,)."""
    every = params.covered.get("all", 0.0)
    return np.array([params.covered.get(name, every) for name in world.setting.geography.sectors]) / 100.0
