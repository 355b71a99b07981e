"""Taxes: corporate tax on the income of a plant's capital.

Line = capital income share x log(1 / (1 - t)), the tax wedge in unit cost (Hall and Jorgenson 1967). De Mooij and
Ederveen (2003): one point more tax lowers foreign investment by about 3.3 %.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import Given, by_site, exogenous


class Params(Block):
    """How statutory tax becomes cost."""

    capital_income_share: float = parameter(
        0.15,
        unit="1",
        low=0.0,
        high=0.4,
        source="capital compensation over gross output 2010-18, BEA-BLS production account: 0.12-0.2 by industry",
        certainty="A",
    )
    """Taxable capital income per unit of output."""

    effective: float = parameter(
        0.85,
        unit="1",
        low=0.0,
        high=1.0,
        source="effective over statutory rates of new plants; range 0.6-1",
        certainty="C",
    )
    """Effective over statutory rate."""


@exogenous
def cost(params: Params, given: Given) -> Line:
    """Return capital income share x log tax wedge, log points, (1, 1, 1, site)."""
    rate = params.effective * given.series("corporate_tax") / 100.0
    return Line.certain(params.capital_income_share * by_site(-np.log1p(-rate)))
