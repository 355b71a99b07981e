"""Tariffs: log(1 + rate) by market, sector and site; what is collected now, and what is believed to last.

Pass-through to duty-inclusive prices is complete (Fajgelbaum et al. 2020; Kiel Policy Brief 201). Beliefs: beliefs.py.
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line
from footloose.world import Floats, Given, by_market_sector_site, exogenous


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


@exogenous
def cost(params: Params, given: Given) -> Line:
    """Return pass-through x log(1 + rate), log points, (market, sector, 1, site)."""
    return Line(
        now=_line(params, rates(params, given)),
        expected=_line(params, expected_rates(params, given)),
    )


@exogenous
def rates(params: Params, given: Given) -> Floats:
    """Return the collected ad-valorem rate of the year; (market, sector, site), 0.25 = 25 %."""
    return _rates(params, given, given.setting.law.tariffs.now[given.index])


def expected_rates(params: Params, given: Given) -> Floats:
    """Return the rate believed to be paid on average over a plant's horizon; (market, sector, site)."""
    return _rates(params, given, given.setting.law.tariffs.expected[given.index])


@exogenous
def uncertainty(params: Params, given: Given) -> Floats:
    """Return how far the law of the day and what is believed of it lie apart; log points, (market, sector, 1, site)."""
    tariffs = given.setting.law.tariffs
    apart = np.abs(tariffs.in_force[given.index] - tariffs.expected[given.index])
    return by_market_sector_site(np.log1p(collection(params, given) * apart / 100.0))


def collection(params: Params, given: Given) -> Floats:
    """Return collected over statutory duty; (market, 1, 1)."""
    return np.asarray(params.collected * given.series("collection_ratio")[:, None, None])


def _rates(params: Params, given: Given, additional: Floats) -> Floats:
    # Ordinary rates come as (market, site, sector), additional duties as (market, sector, site).
    ordinary = np.swapaxes(given.series("mfn_tariff"), 1, 2)
    return np.asarray((ordinary + collection(params, given) * additional) / 100.0)


def _line(params: Params, rate: Floats) -> Floats:
    return by_market_sector_site(params.pass_through * np.log1p(np.maximum(rate, -0.9)))
