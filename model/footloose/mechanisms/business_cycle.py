"""Business cycle: slumps and dear money put plans off: what shocks do to demand and to the cost of capital.

Line of an entrant and of plant decisions = log(1 + capital per output x points of interest), paid on all capital now
and believed to last as far as firms foresee it (Hall and Jorgenson 1967). Fewer programmes review their footprint:

    pace = (1 + points / user cost)^-e x min(1, demand)^a

with e the elasticity of investment to the user cost of capital (Hassett and Hubbard 2002) and a the accelerator. When
demand comes back, growth brings the reviews back (decisions.expansion). Without shocks it does nothing.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import Floats, Given, by_site, exogenous

BASELINE = True
EVIDENCE = "suggestive"


class Params(Block):
    """How investment answers interest and demand."""

    user_cost: float = parameter(
        15,
        unit="percent per year",
        low=5,
        high=40,
        source="discount rate 8 % and depreciation of equipment and buildings about 7 %, BEA; range 12-20",
        certainty="D",
    )
    """Yearly user cost of capital before the shock."""

    user_cost_elasticity: float = parameter(
        0.75,
        unit="1",
        low=0.0,
        high=3.0,
        source="Hassett and Hubbard (2002): 0.5 to 1; 0.25 in firm data of Chirinko, Fazzari and Meyer (1999)",
        certainty="B",
    )
    """Fall of investment with the logarithm of the user cost of capital (e)."""

    accelerator: float = parameter(
        1.5,
        unit="1",
        low=0.0,
        high=5.0,
        source="investment falls more than output in recessions; range 1-3",
        certainty="C",
    )
    """Fall of investment with the logarithm of demand in a slump (a)."""

    persistence: float = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=1.0,
        source="a rate shock that halves in 2-3 years, averaged over a plant's 12 years; range 0.1-0.4",
        certainty="D",
    )
    """Part of a surprise of interest that counts over a plant's life."""


@exogenous
def cost(params: Params, given: Given) -> Line:
    """Return the cost of capital on top of the base year's, log points, (1, sector, 1, site)."""
    shocks = given.setting.shocks
    points, foreseen = shocks.interest(given.year), shocks.interest(given.year, foreseen=True)
    believed = foreseen + params.persistence * (points - foreseen)
    return Line(now=capital_cost(given, points), expected=capital_cost(given, believed))


@exogenous
def demand(params: Params, given: Given) -> Floats:
    """Return what multiplies the demand of markets; (market, sector)."""
    return given.setting.shocks.demand(given.year)


@exogenous
def pace(params: Params, given: Given) -> Floats:
    """Return what multiplies the chance of a review; broadcasts to (market, sector, origin, site)."""
    shocks = given.setting.shocks
    dearer = np.maximum(1.0 + shocks.interest(given.year) / params.user_cost, 0.1) ** -params.user_cost_elasticity
    slump = np.minimum(shocks.demand(given.year), 1.0) ** params.accelerator
    return np.asarray(slump[:, :, None, None] * by_site(dearer))


def capital_cost(given: Given, points: Floats) -> Floats:
    """Return log(1 + capital per output x points), log points; (1, sector, 1, site), points: (site,) or (1,)."""
    capital = given.setting.trait("capital_per_output")
    return np.asarray(np.log1p(np.maximum(capital * by_site(points) / 100.0, -0.9)))
