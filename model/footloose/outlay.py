"""Outlay: what governments pay this year, instrument by instrument, never beyond the budget."""

from __future__ import annotations

import numpy as np

from footloose.events import Openings
from footloose.world import Floats, World


def pay_support(world: World, openings: Openings, output: Floats, spent: dict[str, float]) -> dict[str, Floats]:
    """Pay grants on the plants that opened and credits on output; add to `spent` [USD million].

    returns : {"subsidy_outlay": (sector, site)} USD million
    """
    total = np.zeros_like(output)
    for table in world.setting.law.subsidies:
        row = table.instrument.row
        due = _due(world, openings, output, table.now[world.index], row.form, row.new_plants_only)
        paid = due * _affordable(float(due.sum()), row.budget_usd_billion, spent.get(row.id, 0.0))
        spent[row.id] = spent.get(row.id, 0.0) + float(paid.sum())
        total += paid
    return {"subsidy_outlay": total}


def _due(world: World, openings: Openings, output: Floats, rate: Floats, form: str, new_plants_only: bool) -> Floats:
    """Return what is owed; (sector, site) USD million. rate: (sector, site) in the unit of the form."""
    opened = openings.value_by_sector_site()
    if form == "capex_share":
        capital = np.asarray(world.setting.geography.traits["capital_per_output"])[:, None]
        return np.asarray(rate / 100.0 * capital * opened)
    if form == "usd_per_job":
        return np.asarray(rate * world.setting.base.jobs_per_output * opened / 1e6)
    return np.asarray(rate / 100.0 * (opened if new_plants_only else output))


def _affordable(due: float, budget_usd_billion: float | None, spent: float) -> float:
    if budget_usd_billion is None or due <= 0.0:
        return 1.0
    return min(1.0, max(budget_usd_billion * 1000.0 - spent, 0.0) / due)
