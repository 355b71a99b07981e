"""Tariffs: log(1 + rate) by market, sector and site; what is collected now, and what is believed to last.

Pass-through to duty-inclusive prices is complete (Fajgelbaum et al. 2020; Kiel Policy Brief 201). Beliefs: beliefs.py.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import Floats, World, by_market_sector_site


class Params(Block):
    """How the schedule becomes a cost."""

    collected: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=1.0,
        source="1 = collected over statutory duty as in the series collection_ratio, about 0.9",
        certainty="B",
    )
    """Scales the share of the duties of the policy record and of scenarios that is collected."""

    pass_through: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=1.0,
        source="Fajgelbaum et al. QJE 2020: complete; 2025: 0.96",
        certainty="B",
    )
    """Share of a duty that reaches the buyer's price."""


def cost(params: Params, world: World) -> Line:
    """Return pass-through x log(1 + rate), log points, (market, sector, 1, site)."""
    return Line(
        now=_line(params, rates(params, world)),
        expected=_line(params, expected_rates(params, world)),
    )


def rates(params: Params, world: World) -> Floats:
    """Return the collected ad-valorem rate of the year; (market, sector, site), 0.25 = 25 %."""
    return _rates(params, world, world.setting.law.tariffs.now[world.index])


def expected_rates(params: Params, world: World) -> Floats:
    """Return the rate believed to be paid on average over a plant's horizon; (market, sector, site)."""
    return _rates(params, world, world.setting.law.tariffs.expected[world.index])


def uncertainty(params: Params, world: World) -> Floats:
    """Return how far the law of the day and what is believed of it lie apart; log points, (market, sector, 1, site)."""
    tariffs = world.setting.law.tariffs
    apart = np.abs(tariffs.in_force[world.index] - tariffs.expected[world.index])
    return by_market_sector_site(np.log1p(collection(params, world) * apart / 100.0))


def collection(params: Params, world: World) -> Floats:
    """Return collected over statutory duty; (market, 1, 1)."""
    return np.asarray(params.collected * world.series("collection_ratio")[:, None, None])


def _rates(params: Params, world: World, additional: Floats) -> Floats:
    # Ordinary rates come as (market, site, sector), additional duties as (market, sector, site).
    ordinary = np.swapaxes(world.series("mfn_tariff"), 1, 2)
    return np.asarray((ordinary + collection(params, world) * additional) / 100.0)


def _line(params: Params, rate: Floats) -> Floats:
    return by_market_sector_site(params.pass_through * np.log1p(np.maximum(rate, -0.9)))
