"""Share guard: a government that supports manufacturing when its share of gross domestic product falls too far.

Reaction function with a cap, as for a central bank (Taylor 1993), in percent of output value:
    support = min(cap, reaction x max(target - share, 0)),   in the year after the share is known,
where share is the model's value added of the country over its gross domestic product and target a percentage of the
share in the reference year. Document 004: China's share of 32.1 % in 2011 was 26.3 % in 2020; the aim is to keep it.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from footloose.block import Block, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.history.economy import load_gdp_index
from footloose.ledger import Line
from footloose.variables import USD, Reported
from footloose.world import Floats, World, by_site

BASELINE = False
EVIDENCE = "story"
COUNTRY = "china"

REPORTS = {
    "share_guard_share": Reported(
        (), "percent", "Manufacturing in gross domestic product, last year.", "Share Guard|Share"
    ),
    "share_guard_target": Reported((), "percent", "Share that is to be kept; 0 without one.", "Share Guard|Target"),
    "share_guard_support": Reported((), "percent of output", "Support of running plants.", "Share Guard|Support"),
    "share_guard_outlay": Reported((), USD, "What the support of last year's output costs.", "Share Guard|Outlay"),
}


class Params(Block):
    """What share is kept, from when, and how hard the government reacts."""

    target: Annotated[DatedPath, Steps(0, 150)] = path(
        {2010: 0.0, 2022: 100.0},
        unit="percent of the share in the reference year",
        low=0,
        high=150,
        source="plan of 2021-25: keep the share basically stable; document 004",
        certainty="B",
    )
    """Share of manufacturing to be kept, dated; 0 = none."""

    reference_year: int = parameter(
        2021, unit="year", low=2010, high=2034, source="first year of the plan that names the aim", certainty="B"
    )
    """Year whose share is 100; the guard sleeps until it is over."""

    reaction: float = parameter(
        1.0,
        unit="percent of output per percentage point",
        low=0.0,
        high=20.0,
        source="no reaction has been estimated; unverified, range 0.2-3",
        certainty="C",
    )
    """Support for each percentage point by which the share falls short."""

    cap: float = parameter(
        4.0,
        unit="percent of output",
        low=0.0,
        high=30.0,
        source="Chinese industrial support 1.7 % of GDP, CSIS (2022), from memory; unverified, range 2-6",
        certainty="C",
    )
    """Largest support of running plants."""

    entry_share: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=5.0,
        source="land, credit and grants for new plants beside running support; unverified, range 0-1",
        certainty="C",
    )
    """Further support of new plants, as a part of that of running ones."""

    credibility: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="support ends when the share recovers; unverified, range 0.2-0.8",
        certainty="C",
    )
    """Part of today's support that a plant counts on over its life."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return no support and no reference in the base year; each (1,)."""
    return {"share_guard_support": np.zeros(1), "share_guard_reference": np.zeros(1)}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Set the support of next year by this year's share."""
    share = manufacturing_share(world, world.index)
    reference = world.state["share_guard_reference"]
    if world.year == params.reference_year:
        reference = np.full(1, share)
    target = params.target.in_year(world.year + 1) / 100.0 * reference
    return {"share_guard_support": support(params, target, share), "share_guard_reference": reference}


def support(params: Params, target: Floats, share: float) -> Floats:
    """Return the support of running plants, percent of output; share and target in percent of domestic product."""
    return np.minimum(params.reaction * np.maximum(target - share, 0.0), params.cap)


def manufacturing_share(world: World, index: int) -> float:
    """Return value added of the country's plants over its gross domestic product; percent.

    index : of the year whose output `world.activity` holds
    """
    base, geography = world.setting.base, world.setting.geography
    output = world.activity.output[:, list(geography.sites_in(COUNTRY))]
    product = base.gdp[geography.countries.index(COUNTRY)] * load_gdp_index()[COUNTRY][index]
    return float(100.0 * (base.value_added_share[:, None] * output).sum() / product)


def cost(params: Params, world: World) -> Line:
    """Return minus the support at the country's sites, log points, (1, 1, 1, site)."""
    given = world.state["share_guard_support"][0] / 100.0
    inside = np.zeros(world.setting.shape[3])
    inside[list(world.setting.geography.sites_in(COUNTRY))] = 1.0

    def line(fraction: float) -> Floats:
        return by_site(np.log1p(-min(fraction, 0.9)) * inside)

    new = line(params.entry_share * params.credibility * given)
    return Line(now=line(given), expected=line(params.credibility * given), entry=new)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return share, target, support and outlay; each a single number."""
    given = world.state["share_guard_support"][0]
    output = world.activity.output[:, list(world.setting.geography.sites_in(COUNTRY))].sum()
    target = params.target.in_year(world.year) / 100.0 * world.state["share_guard_reference"][0]
    last = max(world.index - 1, 0)
    return {
        "share_guard_share": np.asarray(manufacturing_share(world, last)),
        "share_guard_target": np.asarray(target),
        "share_guard_support": np.asarray(given),
        "share_guard_outlay": np.asarray(given / 100.0 * output),
    }
