"""Taxes: corporate tax on the income of a plant's capital.

Line = capital income share x log(1 / (1 - t)), the tax wedge in unit cost (Hall and Jorgenson 1967). De Mooij and
Ederveen (2003): one point more tax lowers foreign investment by about 3.3 %.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import World, by_site


class Params(Block):
    """How statutory tax becomes cost."""

    capital_return: float = parameter(
        0.12, unit="1 per year", low=0.0, high=0.5, source="gross return on fixed capital, BEA-BLS production account", certainty="B"
    )
    """Yearly taxable income per unit of capital."""

    effective: float = parameter(
        0.7, unit="1", low=0.0, high=1.0, source="effective over statutory rates, OECD corporate tax statistics; range 0.5-0.9", certainty="C"
    )
    """Effective over statutory rate."""


def cost(params: Params, world: World) -> Line:
    """Return capital income share x log tax wedge, log points, (1, sector, 1, site)."""
    rate = params.effective * world.series("corporate_tax") / 100.0
    income = params.capital_return * world.setting.trait("capital_per_output")
    return Line.certain(income * by_site(-np.log1p(-rate)))
