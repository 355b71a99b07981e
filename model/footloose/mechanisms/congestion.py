"""Congestion: wages rise where plants crowd in faster than people.

The wage is its exogenous path times (jobs / jobs at base-year footprints)^elasticity, within a site over all sectors.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line, Loading
from footloose.world import Floats, World, by_site

LOADING = Loading.LABOUR_INTENSITY


class Params(Block):
    """How tight local labour is."""

    wage_elasticity: float = parameter(
        0.4,
        unit="1",
        low=0.0,
        high=3.0,
        source="inverse local labour supply elasticity 0.2-0.6; Greenstone et al. (2010): labour costs rise",
        certainty="B",
    )
    """Elasticity of the local wage with respect to manufacturing jobs relative to their reference."""

    labour_pool: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="part of the crowding met by newcomers within a year",
        certainty="C",
    )
    """Yearly approach of the wage to its new level."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the wage pressure of the base year, log points, zero; (site,)."""
    return {"wage_pressure": np.zeros(world.setting.shape[3])}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move wages towards what jobs ask for."""
    jobs, reference = world.activity.jobs.sum(axis=0), world.activity.reference_jobs.sum(axis=0)
    crowding = np.log(np.maximum(jobs, 1e-9) / np.maximum(reference, 1e-9))
    pressure = world.state["wage_pressure"]
    asked = params.wage_elasticity * np.where(reference > 0.0, crowding, 0.0)
    return {"wage_pressure": pressure + params.labour_pool * (asked - pressure)}


def cost(params: Params, world: World) -> Line:
    """Return labour share x wage pressure, log points, (1, sector, 1, site)."""
    return Line.certain(world.setting.trait("labour_share") * by_site(world.state["wage_pressure"]))
