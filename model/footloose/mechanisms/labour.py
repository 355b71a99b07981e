"""Labour: what people cost for the work they do.

Unit labour cost u = wage / labour productivity. Labour and the other inputs are poor substitutes, so where labour is
cheap its share of cost is small (China's is 0.4 of the United States' in the same sector), and the line is

    labour share / (1 - sigma) x ((u / u_reference)^(1 - sigma) - 1)        sigma = elasticity of substitution

whose slope in log u is the site's own labour share (first order of a CES unit cost; Arrow et al. 1961).
Productivity of a footloose plant is not that of the site's average workshop. It brings technology along, and formal
plants converge to the frontier wherever they are (Rodrik 2013: 2-3 % of the gap a year). Automation and congestion have
lines of their own.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.labour_cost import bridged_productivity, reference_labour_cost, relative_labour_cost
from footloose.ledger import Line, Loading
from footloose.world import Floats, Given, World, by_site, exogenous

LOADING = Loading.LABOUR_INTENSITY


class Params(Block):
    """How wages and productivity become cost."""

    substitution: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=0.99,
        source="capital-labour substitution 0.4-0.7; 0.5 gives China 0.44 of the US labour share, measured 0.26-0.53",
        certainty="B",
    )
    """Elasticity of substitution between labour and the other inputs (sigma)."""

    technology: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="foreign affiliates close about half of the productivity gap of their hosts; range 0.3-0.8",
        certainty="C",
    )
    """Share of the log productivity gap to the frontier that a footloose plant bridges by what it brings along."""

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
    """Return the labour line, log points, (1, sector, 1, site)."""
    share = world.setting.trait("labour_share")
    return Line(
        now=share * by_site(relative_cost(params, world, np.log(world.wage))),
        expected=share
        * by_site(relative_cost(params, world, believed_wage(params, world) + np.log(world.foreseen_wage_shock))),
    )


def relative_cost(params: Params, world: World, log_wage: Floats) -> Floats:
    """Return the labour cost of a footloose plant relative to where labour shares were measured; (site,).

    Those places are the United States and China in the base year, the two sources of the sector table.
    """
    return relative_labour_cost(
        log_wage - log_productivity(params, world), measured_at(params, world), params.substitution
    )


@exogenous
def measured_at(params: Params, given: Given) -> Floats:
    """Return the log unit labour cost of the base year where labour shares were measured; (reference,)."""
    measured = np.log(given.base_series("productivity"))
    base = np.log(given.base_series("wage")) - bridged_productivity(measured, params.technology)
    return reference_labour_cost(given.setting.geography, base)


@exogenous
def log_productivity(params: Params, given: Given) -> Floats:
    """Return the log labour productivity of a footloose plant; (site,).

    Grows with a weighted mean of the measured growth of the site and of convergence to the frontier at a constant rate.
    """
    base = bridged_productivity(np.log(given.base_series("productivity")), params.technology)
    measured = np.log(given.series("productivity") / given.base_series("productivity"))
    converging = (1.0 - np.exp(-params.convergence * given.index)) * (base.max() - base)
    return np.asarray(base + (1.0 - params.formal_weight) * measured + params.formal_weight * converging)


def believed_wage(params: Params, world: World) -> Floats:
    """Return the log wage a firm deciding a plant counts on but for foreseen shocks, adaptive expectations; (site,).

    A shock that comes as a surprise, of a wage or a currency, is believed like any other swing of wages in USD.
    """
    believed = world.state["expected_wage"]
    return np.asarray(believed + params.persistence * (np.log(world.wage / world.foreseen_wage_shock) - believed))
