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
from footloose.world import Bools, Floats, Given, World, by_sector_site, exogenous


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
class Offers:
    """What the instruments of a year are worth while they have money.

    new_plants_only : (instrument, 1, 1);  paid, believed: (instrument, sector, site) fraction of the value of output
    """

    tables: tuple[SubsidyTable, ...]
    new_plants_only: Bools
    paid: Floats
    believed: Floats

    def budget_left(self, world: World) -> Floats:
        """Return what of each instrument is left to those who ask this year, 0 to 1; (instrument, 1, 1)."""
        return np.array([budget_left(table, world) for table in self.tables])[:, None, None]


def cost(params: Params, world: World) -> Line:
    """Return minus the support per unit of output, log points, (1, sector, 1, site)."""
    offered = offers(params, world)
    left = offered.budget_left(world)
    now = left * np.where(offered.new_plants_only, 0.0, offered.paid)
    expected = left * np.where(offered.new_plants_only, 0.0, offered.believed)
    entry = left * np.where(offered.new_plants_only, offered.believed, 0.0)
    return Line(*(_line(support.sum(axis=0)) for support in (now, expected, entry)))


def uncertainty(params: Params, world: World) -> Floats:
    """Return the support firms see but do not count on, log points; (1, sector, 1, site)."""
    offered = offers(params, world)
    left = offered.budget_left(world)
    apart = np.maximum(left * offered.paid - left * offered.believed, 0.0)
    return by_sector_site(apart.sum(axis=0))


@exogenous
def offers(params: Params, given: Given) -> Offers:
    """Return the support there is in a year; instruments that offer nothing are left out."""
    year, (_, sectors, _, sites) = given.index, given.setting.shape
    tables = [table for table in given.setting.law.subsidies if table.now[year].any() or table.expected[year].any()]
    paid, believed = (
        np.array([support(params, given, table, rate[year]) for table, rate in rates]).reshape(-1, sectors, sites)
        for rates in ([(table, table.now) for table in tables], [(table, table.expected) for table in tables])
    )
    new_plants_only = np.array([table.instrument.row.new_plants_only for table in tables], dtype=np.bool_)
    return Offers(tuple(tables), new_plants_only[:, None, None], paid, believed)


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
