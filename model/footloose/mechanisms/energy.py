"""Energy: the price of industrial power times the sector's energy share."""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import Given, by_site, exogenous


class Params(Block):
    """How the power price becomes cost."""

    share_scale: float = parameter(
        1.0, unit="1", low=0.0, high=3.0, source="BEA-BLS energy shares of output by sector", certainty="B"
    )
    """Scales the sectors' energy shares."""


@exogenous
def cost(params: Params, given: Given) -> Line:
    """Return energy share x log power price, log points, (1, sector, 1, site)."""
    share = params.share_scale * given.setting.trait("energy_share")
    return Line.certain(share * by_site(np.log(given.series("electricity"))))
