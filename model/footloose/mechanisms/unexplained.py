"""Unexplained: what anchors the base year; the part of a site's pull that no other line accounts for.

Berry (1994) inversion: the base-year shares of every market, sector and owner are the model's own at base-year costs,
so the residual is what those shares say beyond the named lines. It is fixed at the base year and stays fixed; as a
change it is zero in every year, and it never decides a move. The level is computed in anchor.py and shown by `explain`.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import World


class Params(Block):
    """The floor under base-year shares."""

    smallest_share: float = parameter(
        1e-5,
        unit="1",
        low=1e-9,
        high=1e-2,
        source="numerical: a site nobody used in the base year can still be chosen",
        certainty="C",
    )
    """Smallest base-year share of a site in a cell."""


def cost(params: Params, world: World) -> Line:
    """Return the residual's change since the base year: none; (1, 1, 1, 1)."""
    return Line.certain(np.zeros((1, 1, 1, 1)))
