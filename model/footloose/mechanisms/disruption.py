"""Disruption: plants that stand still, and plants elsewhere that wait for their parts.

A site loses 1 - (1 - own)(1 - for want of parts) of what it can make. `own` is the scenario's disruptions. Parts stay
away because their makers stand still or because a blockade keeps them; with s_jk the share of j's parts made at k,

    missing m_j = sum_k s_jk (1 - (1 - blocked_jk)(1 - standstill_k)),    short m_j (1 - r (1 - m_j)) - stock

as other makers replace the part r of what is missing, in proportion to those who still deliver. Parts and the plant's
own work are complements in a CES function of elasticity sigma, a the share of parts in output:

    output left = (1 - a + a (1 - short)^((sigma - 1)/sigma))^(sigma/(sigma - 1))

Boehm, Flaaen and Pandalai-Nayar (2019): after the earthquake of 2011 plants in the United States lost output one for
one with the parts they missed, so sigma is near zero. Without shocks it does nothing.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.variables import Reported
from footloose.world import Floats, Given, World, exogenous

BASELINE = True
EVIDENCE = "firm"

REPORTS = {
    "disruption_output_lost": Reported(
        ("sector", "site"),
        "percent",
        "Part of what plants can make that outages of their own and missing parts take away.",
        "Disruption|Output Lost",
    ),
    "disruption_parts_missing": Reported(
        ("sector", "site"),
        "percent",
        "Part of a site's parts that does not arrive, before other makers and stocks replace some.",
        "Disruption|Parts Missing",
    ),
}


class Params(Block):
    """How far missing parts stop a plant."""

    substitution: float = parameter(
        0.02,
        unit="1",
        low=0.0,
        high=0.95,
        source="Boehm, Flaaen and Pandalai-Nayar (FEDS 2015-94): output falls one for one with parts; range 0-0.2",
        certainty="B",
    )
    """Elasticity of substitution between parts and the plant's own work within a year (sigma)."""

    replaced: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="makers have a quarter of capacity idle (Federal Reserve G.17), rigid within months; range 0.2-0.8",
        certainty="C",
    )
    """Part of missing parts that other makers replace within the year, if all of these deliver (r)."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return how full the stocks of parts are, 1; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    return {"disruption_stock_filled": np.ones((sectors, sites))}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Empty the stocks of parts by what was used; they are full again after the first year in which none is missing."""
    if undisturbed(world):
        return initial(params, world)
    missing = parts_missing(world)
    held = world.state.get("backup_parts", np.zeros_like(missing))
    filled = world.state["disruption_stock_filled"]
    used = np.minimum(after_others(params, missing), filled * held)
    left = filled - np.where(held > 0.0, used / np.where(held > 0.0, held, 1.0), 0.0)
    return {"disruption_stock_filled": np.where(missing > 0.0, np.maximum(left, 0.0), 1.0)}


def outage(params: Params, world: World) -> Floats:
    """Return the share of the year's output that sites cannot make; (sector, site)."""
    own = own_outage(world)
    if undisturbed(world):
        return own
    missing = parts_missing(world)
    held = world.state.get("backup_parts", np.zeros_like(missing)) * world.state["disruption_stock_filled"]
    short = np.maximum(after_others(params, missing) - held, 0.0)
    share = np.asarray(world.setting.geography.traits["input_share"])[:, None]
    return 1.0 - (1.0 - own) * output_left(short, share, params.substitution)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return what plants lose and what parts they miss, percent; each (sector, site)."""
    return {
        "disruption_output_lost": 100.0 * outage(params, world),
        "disruption_parts_missing": 100.0 * parts_missing(world),
    }


@exogenous
def undisturbed(given: Given) -> bool:
    """Say whether no plant stands still and no parts are blocked this year."""
    return not (blockade(given).any() or own_outage(given).any())


@exogenous
def blockade(given: Given) -> Floats:
    """Return the share of parts that blockades keep away; broadcasts to (sector, host site, source site)."""
    return given.setting.shocks.blockade(given.year)


@exogenous
def own_outage(given: Given) -> Floats:
    """Return the share of output that disruptions take at the site itself; (sector, site)."""
    _, sectors, _, sites = given.setting.shape
    return np.broadcast_to(given.setting.shocks.disruption(given.year), (sectors, sites)).copy()


def parts_missing(world: World) -> Floats:
    """Return the share of parts that does not arrive, blocked or not made; (sector, site).

    Half of a sector's parts are made in the sector itself, half in all sectors as they sell, as in the base year's
    table of suppliers; who stands still cannot miss parts as well, so its own parts are not counted twice.
    """
    blocked, own, origin = blockade(world), own_outage(world), world.input_origin
    if undisturbed(world):
        return np.zeros_like(own)
    output = world.activity.output
    total = np.maximum(output.sum(axis=0), 1e-300)
    standstill = 0.5 * own + 0.5 * (output * own).sum(axis=0) / total
    elsewhere = 1.0 - np.eye(own.shape[1])
    lost = 1.0 - (1.0 - blocked) * (1.0 - standstill[:, None, :] * elsewhere)
    return np.asarray((origin * lost).sum(axis=2))


def after_others(params: Params, missing: Floats) -> Floats:
    """Return the share of parts still missing once other makers have stepped in: m (1 - r (1 - m))."""
    return np.asarray(missing * (1.0 - params.replaced * (1.0 - missing)))


def output_left(short: Floats, share: Floats, substitution: float) -> Floats:
    """Return output over what it would be with all parts, CES of parts and own work; no substitution: 1 - short.

    short : (sector, site) share of parts that is missing; share: (sector, 1) of parts in output
    """
    if substitution < 1e-3:
        return 1.0 - short
    power = (substitution - 1.0) / substitution
    parts = np.maximum(1.0 - short, 1e-12) ** power
    return np.asarray((1.0 - share + share * parts) ** (1.0 / power))
