"""Congestion: wages rise where plants crowd in faster than people.

The wage is its exogenous path times (jobs / jobs at base-year footprints)^elasticity, within a site over all sectors.

Where a scenario says how fast a host can grow, power, ports and land K grow with its output, but by no more than
`absorption` a year, and output Y beyond them costs convexly more, strain x max(log(Y / K), 0)^2 of unit cost.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line, Loading
from footloose.world import Floats, World, by_site

LOADING = Loading.LABOUR_INTENSITY

PACE: JsonDict = {
    "unit": "percent per year",
    "range": [0, 100],
    "source": "none in the baseline; Vietnam's power demand grows by 8 % a year and supply fails to follow (2023)",
    "certainty": "C",
}


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

    absorption: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=PACE)] = {}
    """Growth of output that power, ports and land can follow [percent a year]; any growth where none is given."""

    strain: float = parameter(
        2.0,
        unit="1",
        low=0.0,
        high=20.0,
        source="power cuts of 2023 took up to 10 % of sales in northern Vietnam (World Bank); unverified, range 0.5-5",
        certainty="C",
    )
    """Unit cost beyond what a host can absorb, times the square of log(output / capacity)."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the wage pressure of the base year, log points, zero, and the output there is room for; (site,) each."""
    return {"wage_pressure": np.zeros(world.setting.shape[3]), "host_capacity": world.activity.output.sum(axis=0)}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move wages towards what jobs ask for, and what hosts can bear towards their output."""
    jobs, reference = world.activity.jobs.sum(axis=0), world.activity.reference_jobs.sum(axis=0)
    crowding = np.log(np.maximum(jobs, 1e-9) / np.maximum(reference, 1e-9))
    pressure = world.state["wage_pressure"]
    asked = params.wage_elasticity * np.where(reference > 0.0, crowding, 0.0)
    return {
        "wage_pressure": pressure + params.labour_pool * (asked - pressure),
        "host_capacity": host_capacity(params, world),
    }


def cost(params: Params, world: World) -> Line:
    """Return labour share x wage pressure, and the strain on hosts; log points, (1, sector, 1, site)."""
    wages = world.setting.trait("labour_share") * by_site(world.state["wage_pressure"])
    if not params.absorption:
        return Line.certain(wages)
    ahead = np.log(np.maximum(world.activity.output.sum(axis=0), 1e-9) / world.state["host_capacity"])
    return Line.certain(wages + by_site(params.strain * np.maximum(ahead, 0.0) ** 2))


def host_capacity(params: Params, world: World) -> Floats:
    """Return the output that power, ports and land allow next year; (site,) USD million, never falling.

    They follow output, by no more than `absorption` a year where that is given.
    """
    before, output = world.state["host_capacity"], world.activity.output.sum(axis=0)
    fastest = np.full(before.size, np.inf)
    for name, pace in params.absorption.items():
        percent = pace.in_year(world.year, before=np.inf)
        sites = list(world.setting.geography.sites_in(name))
        fastest[sites] = np.minimum(fastest[sites], before[sites] * (1.0 + percent / 100.0))
    return np.asarray(np.maximum(before, np.minimum(output, fastest)))
