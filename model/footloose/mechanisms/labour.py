"""Labour: what people cost for the work they do.

Unit labour cost = wage / labour productivity; a site's labour line is the sector's labour share times its logarithm
(Cobb-Douglas cost share). Automation and congestion have lines of their own.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line, Loading
from footloose.world import World, by_site

LOADING = Loading.LABOUR_INTENSITY


class Params(Block):
    """How wages and productivity become cost."""

    wage_weight: float = parameter(
        1.0, unit="1", low=0.0, high=2.0, source="1 = cost share times the log of the wage (Cobb-Douglas)", certainty="B"
    )
    """Weight of the change of wages in unit labour cost."""

    productivity_weight: float = parameter(
        1.0, unit="1", low=0.0, high=2.0, source="1 = wages are paid per unit of work done", certainty="B"
    )
    """Weight of the change of labour productivity in unit labour cost."""


def cost(params: Params, world: World) -> Line:
    """Return labour share x log unit labour cost, log points, (1, sector, 1, site)."""
    wage = np.log(world.series("wage"))
    work = np.log(world.series("productivity"))
    unit_cost = params.wage_weight * wage - params.productivity_weight * work
    return Line.certain(world.setting.trait("labour_share") * by_site(unit_cost))
