"""Freight: the cost of a container from site to market over the value inside it.

A spike is paid now but hardly believed to last: what firms expect is a slow average of what freight has cost. A shock
of the scenario is such a spike, unless firms foresee that it lasts.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import Floats, Given, World, by_market_site, exogenous


class Params(Block):
    """How freight rates become cost and expectation."""

    share_scale: float = parameter(
        1.0, unit="1", low=0.0, high=3.0, source="value per container by sector, sector table", certainty="C"
    )
    """Scales freight relative to the value of goods."""

    persistence: float = parameter(
        0.2,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="container spot rates of 2021 were back within two years",
        certainty="B",
    )
    """Share of a year's change of freight that firms take for lasting."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the freight firms expect in the base year, USD per container, (market, site)."""
    return {"expected_freight": world.series("freight").copy()}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move expected freight towards what was paid; adaptive expectations (Nerlove 1958)."""
    believed = world.state["expected_freight"]
    return {"expected_freight": believed + params.persistence * (unforeseen_rate(world) - believed)}


def cost(params: Params, world: World) -> Line:
    """Return log(1 + freight per value), log points, (market, sector, 1, site)."""
    believed = world.state["expected_freight"]
    expected = believed + params.persistence * (unforeseen_rate(world) - believed)
    expected = expected * world.setting.shocks.freight(world.year, foreseen=True)
    return Line(now=paid(params, world), expected=_ad_valorem(params, world, expected))


@exogenous
def paid(params: Params, given: Given) -> Floats:
    """Return what is paid this year, log points, (market, sector, 1, site)."""
    return _ad_valorem(params, given, given.series("freight") * given.setting.shocks.freight(given.year))


@exogenous
def unforeseen_rate(given: Given) -> Floats:
    """Return the year's rate but for the shocks that firms expect to last; (market, site) [USD per container]."""
    shocks = given.setting.shocks
    surprise = shocks.freight(given.year) / shocks.freight(given.year, foreseen=True)
    return np.asarray(given.series("freight") * surprise)


def _ad_valorem(params: Params, given: Given, dollars_per_container: Floats) -> Floats:
    value = given.setting.trait("value_per_container") * 1000.0
    return np.asarray(np.log1p(params.share_scale * by_market_site(dollars_per_container) / value))
