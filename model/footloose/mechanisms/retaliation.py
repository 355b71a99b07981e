"""Retaliation: a market whose exports meet a new duty answers with one of its own.

Answer of market A to market M = min(cap, share x mean rise since `start` of M's additional duties on A's goods), the
mean weighted with what M bought of A in 2010, after `lag`, on M's goods in the chosen sectors; less what A's law has
added on those goods since `start` by itself. So what the policy record, or a scenario, already answers is not answered
twice, and what stood before `start` is not answered at all. Fajgelbaum et al. (2020): China's answers of 2018 matched
the American duties in rate; Bown (Peterson Institute): 21.1 against 19.3 percent on average in 2020.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Market, Sectors, parameter
from footloose.dated import Date
from footloose.ledger import Line
from footloose.schedule import added_to, behind_border, charged
from footloose.variables import Reported
from footloose.world import Floats, World, by_market_sector_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "retaliation_rate": Reported(
        ("market", "sector", "site"), "percent", "Duty by which a market answers another's.", "Retaliation|Rate"
    ),
}

SHARE: JsonDict = {
    "unit": "percent",
    "range": [0, 200],
    "source": "China 2018-20: 21.1 on 19.3 percent; April 2025: 125 on 145, then 10 on 30; the Union mostly negotiates",
    "certainty": "B",
}


class Params(Block):
    """Who answers, how hard, how soon, on what."""

    share: Annotated[dict[Market, Annotated[float, Field(ge=0, le=200)]], Field(json_schema_extra=SHARE)] = {
        "china": 90.0
    }
    """How much of a rise each answering market returns; markets left out do not answer."""

    cap: float = parameter(
        125.0,
        unit="percentage points",
        low=0.0,
        high=1000.0,
        source="China, April 2025: rates beyond 125 are ignored, trade having stopped",
        certainty="B",
    )
    """Highest answer."""

    lag: float = parameter(
        0.25,
        unit="years",
        low=0.0,
        high=10.0,
        source="the same day in July 2018, three months for the Union's answer to steel, five days in April 2025",
        certainty="B",
    )
    """Time between a duty and its answer."""

    sectors: Sectors = ("all",)
    """Sectors of the other's goods that are answered on."""

    start: Date = date(2027, 1, 1)
    """Rises from the year of this day on are answered, over the year before; the record answers what came before."""


def cost(params: Params, world: World) -> Line:
    """Return what the answers add to the schedule, log points, (market, sector, 1, site)."""
    law = world.setting.law.tariffs
    answers = (answered(params, world), by_rule(params, world, law.expected, world.index))
    levels = (law.now[world.index], law.expected[world.index])
    return Line(*(_line(world, level, answer) for level, answer in zip(levels, answers, strict=True)))


def uncertainty(params: Params, world: World) -> Floats:
    """Return how far the answers to the law of the day and those firms believe in lie apart, log points."""
    law = world.setting.law.tariffs
    today = by_rule(params, world, law.in_force, world.index)
    apart = np.abs(today - by_rule(params, world, law.expected, world.index)) / 100.0
    return by_market_sector_site(np.log1p(world.series("collection_ratio")[:, None, None] * apart))


def duty(params: Params, world: World) -> Floats:
    """Return what the answers collect; (market, sector, site)."""
    return np.asarray(world.series("collection_ratio")[:, None, None] * answered(params, world) / 100.0)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the answers of the year."""
    return {"retaliation_rate": answered(params, world)}


def answered(params: Params, world: World) -> Floats:
    """Return the answers in force on average over the year, percentage points; (market, sector, site).

    The lag falls between two years: a duty of mid-year is answered in part in the next.
    """
    now = world.setting.law.tariffs.now
    whole = int(params.lag)
    late = params.lag - whole
    recent, before = (by_rule(params, world, now, world.index - back) for back in (whole, whole + 1))
    return np.asarray((1.0 - late) * recent + late * before)


def by_rule(params: Params, world: World, duties: Floats, index: int) -> Floats:
    """Return the answer to the duties of a year by rule, less what the answering market's law does itself.

    duties  : (year, market, sector, site) percentage points; index: the year answered to, none before `start`
    returns : (market, sector, site) percentage points
    """
    setting = world.setting
    first = params.start.year - setting.law.years[0]
    if index < first or first >= len(duties):
        return np.zeros((setting.shape[0], setting.shape[1], setting.shape[3]))
    rise = duties[index] - duties[max(first - 1, 0)]
    answer = np.minimum(shares(params, world)[:, None] * np.maximum(mean_rise(world, rise), 0.0), params.cap)
    of_market = behind_border(world)
    on_goods = (answer @ of_market)[:, None, :] * chosen(params, world)[None, :, None]
    on_goods *= 1.0 - of_market[:, None, :]
    itself = np.maximum(duties[world.index] - duties[max(first - 1, 0)], 0.0)
    return np.asarray(np.maximum(on_goods - itself, 0.0))


def mean_rise(world: World, rise: Floats) -> Floats:
    """Return the mean rise of duties that each market's goods meet in each other market; (market hit, market levying).

    rise : (levying market, sector, site); weights: what the levying market bought from there in 2010
    """
    bought, of_market = world.setting.base.use, behind_border(world).T
    paid, value = (np.asarray((weight.sum(axis=1) @ of_market).T) for weight in (bought * rise, bought))
    return np.where(value > 0.0, paid / np.maximum(value, 1e-9), 0.0) * (1.0 - np.eye(len(value)))


def shares(params: Params, world: World) -> Floats:
    """Return the share of a rise that each market returns; (market,)."""
    return np.array([params.share.get(name, 0.0) for name in world.setting.geography.markets]) / 100.0


def chosen(params: Params, world: World) -> Floats:
    """Return 1 for the sectors that are answered on; (sector,)."""
    every = "all" in params.sectors
    return np.array([1.0 if every or name in params.sectors else 0.0 for name in world.setting.geography.sectors])


def _line(world: World, level: Floats, answer: Floats) -> Floats:
    extra = world.series("collection_ratio")[:, None, None] * answer / 100.0
    return by_market_sector_site(added_to(charged(world, level), extra))
