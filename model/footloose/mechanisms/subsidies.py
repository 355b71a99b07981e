"""Subsidies: what governments pay, annualised per unit of output, until the budget is spent.

Grants are promised when a plant is decided on and paid once. A grant on capital is worth its share x capital per output
x the annuity of the plant's life; a grant per job is worth jobs per output x the annuity; a production credit is worth
its share of output value for as long as it is believed to last. Support for new plants alone lowers an entrant's cost
and nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footloose.block import Block, parameter
from footloose.law import SubsidyTable
from footloose.ledger import Line
from footloose.support import annuity, budget_left
from footloose.world import Floats, Given, World, by_sector_site, exogenous


class Params(Block):
    """How support becomes a lower cost."""

    effectiveness: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=1.5,
        source="1 = a dollar of support lowers cost by a dollar",
        certainty="B",
    )
    """Value of a dollar of support to a firm."""

    plant_life: float = parameter(
        12,
        unit="years",
        low=1,
        high=40,
        source="life over which a grant is spread; annuity at the discount rate",
        certainty="B",
    )
    """Years over which a grant is annualised."""


@dataclass(frozen=True)
class Offer:
    """What an instrument is worth while it has money, as a fraction of the value of output; (sector, site) each."""

    table: SubsidyTable
    paid: Floats
    believed: Floats


def cost(params: Params, world: World) -> Line:
    """Return minus the support per unit of output, log points, (1, sector, 1, site)."""
    _, sectors, _, sites = world.setting.shape
    now, expected, entry = (np.zeros((sectors, sites)) for _ in range(3))
    for offer in offers(params, world):
        open_share = budget_left(offer.table, world)
        if offer.table.instrument.row.new_plants_only:
            entry += open_share * offer.believed
        else:
            now += open_share * offer.paid
            expected += open_share * offer.believed
    return Line(now=_line(now), expected=_line(expected), entry=_line(entry))


def uncertainty(params: Params, world: World) -> Floats:
    """Return the support firms see but do not count on, log points; (1, sector, 1, site)."""
    _, sectors, _, sites = world.setting.shape
    apart = np.zeros((sectors, sites))
    for offer in offers(params, world):
        open_share = budget_left(offer.table, world)
        apart += np.maximum(open_share * offer.paid - open_share * offer.believed, 0.0)
    return by_sector_site(apart)


@exogenous
def offers(params: Params, given: Given) -> tuple[Offer, ...]:
    """Return the support there is in a year, instrument by instrument; those that offer nothing are left out."""
    found = (
        Offer(
            table,
            support(params, given, table, table.now[given.index]),
            support(params, given, table, table.expected[given.index]),
        )
        for table in given.setting.law.subsidies
    )
    return tuple(offer for offer in found if offer.paid.any() or offer.believed.any())


def support(params: Params, given: Given, table: SubsidyTable, rate: Floats) -> Floats:
    """Return support as a fraction of the value of output; (sector, site)."""
    form = table.instrument.row.form
    setting = given.setting
    if form == "output_share":
        return np.asarray(params.effectiveness * rate / 100.0)
    spread = annuity(params.plant_life, setting.law.beliefs.discount_rate)
    if form == "capex_share":
        capital = np.asarray(setting.geography.traits["capital_per_output"])[:, None]
        return np.asarray(params.effectiveness * rate / 100.0 * capital * spread)
    jobs = setting.base.jobs_per_output / 1e6
    return np.asarray(params.effectiveness * rate * jobs * spread)


def _line(fraction: Floats) -> Floats:
    return by_sector_site(np.log1p(-np.minimum(fraction, 0.9)))
