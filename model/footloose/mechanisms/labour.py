"""Labour: what people cost for the work they do.

Unit labour cost = wage / labour productivity; a site's labour line is the sector's labour share times its logarithm
(Cobb-Douglas cost share). Productivity of a footloose plant is not that of the site's average workshop: formal plants
converge to the frontier wherever they are (Rodrik 2013: 2-3 % of the gap a year), measured averages mix them with small
informal firms. The line uses a weighted mean of both. Automation and congestion have lines of their own.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line, Loading
from footloose.world import Floats, World, by_site

LOADING = Loading.LABOUR_INTENSITY


class Params(Block):
    """How wages and productivity become cost."""

    formal_weight: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="plants that sell abroad are formal; the measured series cover all manufacturing; range 0.3-0.8",
        certainty="C",
    )
    """Weight of converging formal plants against the measured average of the site."""

    convergence: float = parameter(
        0.025,
        unit="1 per year",
        low=0.0,
        high=0.05,
        source="Rodrik, Unconditional convergence in manufacturing, QJE 2013: 0.02-0.03",
        certainty="B",
    )
    """Share of the gap to the frontier that formal plants close in a year."""

    persistence: float = parameter(
        0.35,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="wages in USD move with exchange rates, whose deviations halve in 3-5 years (Rogoff 1996)",
        certainty="B",
    )
    """Share of a year's change of wages in USD that firms deciding a plant take for lasting."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the wage firms count on in the base year, log USD per hour; (site,)."""
    return {"expected_wage": np.log(world.series("wage"))}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move the wage firms count on towards what is paid: swings of exchange rates mostly pass."""
    return {"expected_wage": believed_wage(params, world)}


def cost(params: Params, world: World) -> Line:
    """Return labour share x log unit labour cost, log points, (1, sector, 1, site)."""
    share, work = world.setting.trait("labour_share"), log_productivity(params, world)
    return Line(
        now=share * by_site(np.log(world.series("wage")) - work),
        expected=share * by_site(believed_wage(params, world) - work),
    )


def believed_wage(params: Params, world: World) -> Floats:
    """Return the log wage a firm deciding a plant counts on, adaptive expectations; (site,)."""
    believed = world.state["expected_wage"]
    return np.asarray(believed + params.persistence * (np.log(world.series("wage")) - believed))


def log_productivity(params: Params, world: World) -> Floats:
    """Return the log labour productivity of a footloose plant; (site,).

    (1 - w) x measured + w x converging, the latter closing the base-year gap at a constant rate.
    """
    base = np.log(world.base_series("productivity"))
    measured = np.log(world.series("productivity"))
    closed = 1.0 - np.exp(-params.convergence * world.index)
    converging = base + closed * (base.max() - base)
    return np.asarray((1.0 - params.formal_weight) * measured + params.formal_weight * converging)
