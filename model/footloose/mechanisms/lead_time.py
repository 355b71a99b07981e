"""Lead time: days in transit times what a day costs the firm.

Hummels and Schaur (2013): each day in transit is worth 0.6 to 2.1 % of the value of the goods.
"""

from __future__ import annotations

from footloose.block import Block, parameter
from footloose.ledger import Line, Loading
from footloose.world import Given, by_market_site, exogenous

LOADING = Loading.TIME_SENSITIVITY


class Params(Block):
    """What a day is worth."""

    day_cost_scale: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=3.0,
        source="Hummels and Schaur (2013); by sector in the sector table",
        certainty="B",
    )
    """Scales the ad-valorem cost of a day in transit."""


@exogenous
def cost(params: Params, given: Given) -> Line:
    """Return days x cost of a day, log points, (market, sector, 1, site)."""
    day = params.day_cost_scale * given.setting.trait("time_cost_per_day")
    return Line.certain(day * by_market_site(given.series("transit_days")))
