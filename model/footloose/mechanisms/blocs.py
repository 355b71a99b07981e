"""Blocs: the security premium on links between countries that stand apart, which grows with time.

With positions p between the blocs (1 with the United States, -1 with China), a link between i and j has the distance
d = |p_i - p_j| / 2, and costs premium(t) x d^curvature; within a bloc goods from abroad are cheaper by preference x
p_i p_j. A programme has two links: the market and the site, and the owner's home and the site. Gopinath, Gourinchas,
Presbitero and Topalova (2024): since 2022 trade between blocs is lower by 12 %, investment by 20 %, than within them.

`risk` holds what was felt until the scenario begins; the premium here is what comes on top, so its path starts at zero
and moves after 2026. Whoever starts it earlier has to lower `risk.premium_on_china`.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.geography.alignment import load_alignment
from footloose.history.rules import broadest_first, in_force
from footloose.ledger import Line, Loading
from footloose.variables import Reported
from footloose.world import BASE_YEAR, Floats, World

BASELINE = False
EVIDENCE = "suggestive"
LOADING = Loading.RISK_AVERSION

REPORTS = {
    "blocs_premium": Reported(
        ("market", "site"),
        "percent",
        "Security premium on goods from the site in the market: average risk aversion, owner at home there.",
        "Blocs|Premium",
    ),
    "blocs_purchases": Reported(
        ("market",),
        "percent",
        "Share of a market's purchases from sites of the opposed bloc, last year.",
        "Blocs|Purchases from Opposed",
    ),
}

POSITIONS: JsonDict = {
    "unit": "-1 (with China) to 1 (with the United States)",
    "range": [-1, 1],
    "source": "none beyond the table of alignment; scenarios set it",
    "certainty": "C",
}


class Params(Block):
    """How large the premium becomes, and on which links."""

    market_premium: Annotated[DatedPath, Steps(0, 50)] = path(
        {2010: 0.0, 2027: 1.0, 2029: 2.0, 2031: 3.0},
        unit="percent of unit cost",
        low=0,
        high=50,
        source="12 percent less trade between blocs (Gopinath et al. 2024) at a trade elasticity of 4 is a premium of "
        "3; dates unverified, range 0-6",
        certainty="D",
    )
    """Premium on goods that cross from one bloc to the other."""

    owner_premium: Annotated[DatedPath, Steps(0, 50)] = path(
        {2010: 0.0, 2027: 1.0, 2029: 1.5, 2031: 2.0},
        unit="percent of unit cost",
        low=0,
        high=50,
        source="20 percent less investment between blocs (Gopinath et al. 2024), 8 points more than trade: a premium "
        "of 2; dates unverified, range 0-5",
        certainty="D",
    )
    """Premium on plants that an owner of one bloc has in the other, on top."""

    preference: Annotated[DatedPath, Steps(0, 20)] = path(
        {2010: 0.0},
        unit="percent of unit cost",
        low=0,
        high=20,
        source="none measured; range 0-2",
        certainty="C",
    )
    """What goods of friends, of one bloc but another country, are cheaper by: a circle of trust."""

    curvature: float = parameter(
        2.0,
        unit="1",
        low=1.0,
        high=8.0,
        source="1 = in proportion to distance; large = opposed blocs alone: connectors gain in Gopinath et al. (2024); "
        "range 1-4",
        certainty="C",
    )
    """Exponent on distance: at 2 a link with a country between the blocs bears a quarter of the premium."""

    strategic: float = parameter(
        1.5,
        unit="1",
        low=0.0,
        high=5.0,
        source="stronger in strategic sectors (St. Louis Fed Review, September 2025); size unverified, range 1-3",
        certainty="C",
    )
    """Premium in sectors of high technology relative to the others."""

    alignment: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(-1, 1)]], Field(json_schema_extra=POSITIONS)] = {}
    """New positions of countries between the blocs, by the sites they hold."""


def cost(params: Params, world: World) -> Line:
    """Return the premium, log points, (market, sector, origin, site); nobody foresees how it goes on."""
    return Line.certain(premium(params, world))


def hedge(params: Params, world: World) -> Floats:
    """Return what a second site is worth where the premium says that a link may be cut, log points."""
    start = World(world.setting, BASE_YEAR, world.state, world.activity)
    return np.maximum(premium(params, world) - premium(params, start), 0.0)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the premium by market and site, and what markets still buy across the divide."""
    apart = distance(market_position(params, world), site_position(params, world))
    bought = world.activity.sales.sum(axis=(1, 2))
    opposed = (bought * (apart > 0.5)).sum(axis=1) / np.maximum(bought.sum(axis=1), 1e-9)
    size = params.market_premium.in_year(world.year)
    return {"blocs_premium": size * apart**params.curvature, "blocs_purchases": 100.0 * opposed}


def premium(params: Params, world: World) -> Floats:
    """Return log(1 + premium) on the links of every cell with every site; (market, sector, origin, site)."""
    sites, year = site_position(params, world), world.year
    buyers, homes = market_position(params, world), owner_position(params, world)
    trust = np.maximum(buyers[:, None] * sites[None, :], 0.0) * ~world.setting.at_home
    goods = params.market_premium.in_year(year) * distance(buyers, sites) ** params.curvature
    goods -= params.preference.in_year(year) * trust
    plants = params.owner_premium.in_year(year) * distance(homes, sites) ** params.curvature
    links = (goods[:, None, :] + plants[None, :, :])[:, None] / 100.0
    strategic = np.asarray(world.setting.geography.traits["high_tech"]) > 0.0
    return np.where(strategic[None, :, None, None], np.log1p(params.strategic * links), np.log1p(links))


def distance(one: Floats, other: Floats) -> Floats:
    """Return how far positions lie apart, 0 to 1; (one, other)."""
    return np.abs(one[:, None] - other[None, :]) / 2.0


def site_position(params: Params, world: World) -> Floats:
    """Return the position of every site between the blocs; (site,)."""
    geography = world.setting.geography
    position = load_alignment(geography.countries)[np.asarray(geography.country_of_site)]
    for name in broadest_first(params.alignment, geography.groups):
        sites = list(geography.sites_in(name))
        position[sites] = in_force(position[sites], params.alignment[name], world.year)
    return position


def owner_position(params: Params, world: World) -> Floats:
    """Return the position of every owner's home, 0 for owners at home nowhere; (origin,)."""
    home = np.asarray(world.setting.geography.home_of, dtype=np.float64)
    return np.asarray(home @ site_position(params, world) / np.maximum(home.sum(axis=1), 1.0))


def market_position(params: Params, world: World) -> Floats:
    """Return the position of every market, that of its home sites; (market,)."""
    home = world.setting.at_home.astype(np.float64)
    return np.asarray(home @ site_position(params, world) / np.maximum(home.sum(axis=1), 1.0))
