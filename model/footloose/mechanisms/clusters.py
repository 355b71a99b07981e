"""Clusters: the stock of specialised suppliers and know-how that grows with activity and fades when plants leave.

Cost falls by eta x log(K / K of the base year), constant elasticity (Ciccone and Hall 1996; Combes and Gobillon 2015:
0.04-0.07; developing countries up to 0.15, Grover, Lall and Timmis 2021). The own sector counts most, then related
sectors of the site, then the same sector in the rest of the country (Ellison, Glaeser and Kerr 2010).
With theta the elasticity of location, the even state of a symmetric world is stable for theta x eta < 1.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.localities import ratio, regions_of_countries
from footloose.world import Floats, World, by_sector_site


class Params(Block):
    """How clusters form, fade and pay."""

    elasticity: float = parameter(
        0.05,
        unit="1",
        low=0.0,
        high=0.3,
        source="Combes and Gobillon (2015) 0.04-0.07; Grover et al. (2021) up to 0.15",
        certainty="B",
    )
    """Fall of unit cost with the logarithm of the cluster stock (eta)."""

    growth: float = parameter(
        0.15,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="Greenstone, Hornbeck and Moretti (2010): +12 % after five years",
        certainty="B",
    )
    """Yearly approach of the stock to activity while activity is above it."""

    fading: float = parameter(
        0.1,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="Roberts and Tybout: experience is lost within a few years",
        certainty="B",
    )
    """Yearly approach of the stock to activity while activity is below it."""

    related_weight: float = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=0.5,
        source="Ellison, Glaeser and Kerr (2010): input-output links",
        certainty="C",
    )
    """Weight of the related sectors of the same site in a cluster's activity."""

    linked_weight: float = parameter(
        0.1, unit="1", low=0.0, high=0.5, source="document 002: linked regions", certainty="C"
    )
    """Weight of the same sector in the rest of the country."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the cluster stock in the base year, index 1; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    return {"cluster": np.ones((sectors, sites))}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let the stock grow towards activity, or fade."""
    stock = world.state["cluster"]
    gap = local_activity(params, world) - stock
    speed = np.where(gap > 0.0, params.growth, params.fading)
    return {"cluster": stock + speed * gap}


def cost(params: Params, world: World) -> Line:
    """Return minus eta x log K, log points, (1, sector, 1, site)."""
    return Line.certain(by_sector_site(-params.elasticity * np.log(world.state["cluster"])))


def local_activity(params: Params, world: World) -> Floats:
    """Return activity of own sector, related sectors and linked regions over its reference; (sector, site)."""
    jobs, reference = world.activity.jobs, world.activity.reference_jobs
    own = ratio(jobs, reference)
    related = ratio(jobs.sum(axis=0, keepdims=True), reference.sum(axis=0, keepdims=True))
    linked = own.copy()
    for inside in regions_of_countries(world.setting.geography):
        linked[:, inside] = ratio(jobs[:, inside].sum(axis=1), reference[:, inside].sum(axis=1))[:, None]
    own_weight = 1.0 - params.related_weight - params.linked_weight
    return own_weight * own + params.related_weight * related + params.linked_weight * linked
