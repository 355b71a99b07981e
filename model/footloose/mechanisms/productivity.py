"""Productivity: what a site learns by making things, and an exogenous trend where a scenario sets one.

Learning by doing: capability follows the site's output relative to what it would have made at its base-year share,
with a lag; cost falls by the learning elasticity times its logarithm (Arrow 1962; Lucas 1988).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.ledger import Line
from footloose.localities import relative_activity
from footloose.world import Floats, Given, World, by_sector_site, exogenous

TREND: JsonDict = {
    "unit": "percent per year",
    "range": [-10, 10],
    "source": "relative to the United States, whose productivity of all factors in manufacturing stood still after "
    "2010 (BLS); China 1-3 (Brandt et al. 2017, 2020); hosts 0-4, recalled from national accounts, unverified",
    "certainty": "C",
}

FADING: JsonDict = {
    "unit": "1 per year",
    "range": [0, 1],
    "source": "Brandt et al. (2020): China's productivity of all factors grew by 2.9 percent before 2008, 1.1 after; "
    "0-0.15",
    "certainty": "C",
}

EVIDENCE = "suggestive"


class Params(Block):
    """How fast a site learns and what that is worth."""

    learning_elasticity: float = parameter(
        0.05,
        unit="1",
        low=0.0,
        high=0.3,
        source="dynamic scale economies 0.03-0.1; learning-by-exporting literature",
        certainty="C",
    )
    """Fall of unit cost with the logarithm of capability."""

    learning_speed: float = parameter(
        0.2,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="adjustment of plants' know-how over about five years",
        certainty="C",
    )
    """Yearly approach of capability to current activity."""

    trend_fading: float = parameter(
        0.06,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="catching up slows as gaps close: Rodrik (2013) 0.02-0.03, Pritchett and Summers (2014) more; 0-0.15",
        certainty="C",
    )
    """Yearly fading of the trend from the base year on."""

    fading: Annotated[dict[SiteOrGroup, Annotated[float, Field(ge=0, le=1)]], Field(json_schema_extra=FADING)] = {}
    """Yearly fading of the trend of an entry, where it is not `trend_fading`."""

    trend: Annotated[dict[SiteOrGroup, Annotated[float, Field(ge=-10, le=10)]], Field(json_schema_extra=TREND)] = {}
    """Fall of unit cost by site or group beyond measured labour productivity, in the base year [percent per year].

    Entries that name the same site add up; the rate fades by `trend_fading` a year, or by `fading` of the entry.
    """


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return capability in the base year, index 1; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    return {"capability": np.ones((sectors, sites))}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move capability towards relative activity."""
    capability = world.state["capability"]
    activity = relative_activity(world)
    return {"capability": capability + params.learning_speed * (activity - capability)}


def cost(params: Params, world: World) -> Line:
    """Return minus the learning elasticity x log capability, less the trend; log points, (1, sector, 1, site)."""
    learnt = params.learning_elasticity * np.log(world.state["capability"])
    return Line.certain(by_sector_site(-learnt - drift(params, world)[None, :]))


@exogenous
def drift(params: Params, given: Given) -> Floats:
    """Return what the trends have taken off cost since the base year; log points, (site,)."""
    fallen = np.zeros(len(given.setting.geography.sites))
    for group, percent in params.trend.items():
        years = trend_years(params.fading.get(group, params.trend_fading), given)
        fallen[list(given.setting.geography.sites_in(group))] += percent / 100.0 * years
    return fallen


def trend_years(fading: float, given: Given) -> float:
    """Return how many years' worth of the base year's trend have come by now: (1 - exp(-fading x years)) / fading."""
    return float(given.index if fading == 0.0 else -np.expm1(-fading * given.index) / fading)
