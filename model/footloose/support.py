"""What support is worth: annuities, what is left of a budget, and offers in one measure, percent of capital cost."""

from __future__ import annotations

import numpy as np

from footloose.law import SubsidyTable
from footloose.world import Floats, World


def annuity(life: float, rate: float) -> float:
    """Return the yearly payment that is worth 1 today."""
    if rate == 0.0:
        return 1.0 / life
    return float(rate / (1.0 - (1.0 + rate) ** -life))


def budget_left(table: SubsidyTable, world: World) -> float:
    """Return 1 while the instrument has money, falling to 0 as the last tenth of its budget is spent."""
    budget = table.instrument.row.budget_usd_billion
    if budget is None:
        return 1.0
    if budget <= 0.0:
        return 0.0
    left = 1.0 - world.activity.spent.get(table.instrument.row.id, 0.0) / (budget * 1000.0)
    return min(max(left * 10.0, 0.0), 1.0)


def percent_of_capital(table: SubsidyTable, world: World, rate: Floats, spread: float) -> Floats:
    """Return support in percent of a plant's capital cost, the measure of the law on state aid; (sector, site).

    A credit counts with its present value over the plant's life at an unchanged rate.

    rate   : (sector, site) in the unit of the instrument's form
    spread : annuity of the plant's life
    """
    form, setting = table.instrument.row.form, world.setting
    capital = np.asarray(setting.geography.traits["capital_per_output"])[:, None]
    if form == "capex_share":
        return np.asarray(rate)
    if form == "usd_per_job":
        return np.asarray(per_job(rate, world))
    return np.asarray(rate / spread / capital)


def per_job(dollars: Floats | float, world: World) -> Floats:
    """Return USD per job of the base year in percent of capital cost; (sector, site)."""
    capital = np.asarray(world.setting.geography.traits["capital_per_output"])[:, None]
    return np.asarray(dollars * world.setting.base.jobs_per_output / 1e6 / capital * 100.0)
