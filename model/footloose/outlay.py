"""Outlay: what governments pay this year, instrument by instrument, never beyond the budget."""

from __future__ import annotations

import numpy as np

from footloose.events import Openings
from footloose.world import Floats, World


def pay_support(
    world: World,
    openings: Openings,
    begun: Floats,
    output: Floats,
    spent: dict[str, float],
    supported: dict[str, Floats],
) -> dict[str, Floats]:
    """Commit grants to the plants decided on and pay credits on output; add to `spent` [USD million].

    begun     : (sector, site) yearly output of the plants announced this year
    supported : yearly output of the plants opened so far under a credit for new plants alone, by instrument; added to
    returns   : {"subsidy_outlay": (sector, site)} USD million
    """
    total, opened = np.zeros_like(output), openings.value_by_sector_site()
    for table in world.setting.law.subsidies:
        row, rate, entitled = table.instrument.row, table.now[world.index], output
        if row.new_plants_only and row.form == "output_share":
            supported[row.id] = supported.get(row.id, np.zeros_like(output)) + np.where(rate > 0.0, opened, 0.0)
            entitled = np.minimum(supported[row.id], output)
        due = _due(world, begun, entitled, rate, row.form)
        paid = due * _affordable(float(due.sum()), row.budget_usd_billion, spent.get(row.id, 0.0))
        spent[row.id] = spent.get(row.id, 0.0) + float(paid.sum())
        total += paid
    return {"subsidy_outlay": total}


def _due(world: World, begun: Floats, entitled: Floats, rate: Floats, form: str) -> Floats:
    """Return what is owed; (sector, site) USD million.

    begun : yearly output of the plants begun this year; entitled: output that earns a credit; both (sector, site)
    rate   : (sector, site) in the unit of the form
    """
    if form == "capex_share":
        capital = np.asarray(world.setting.geography.traits["capital_per_output"])[:, None]
        return np.asarray(rate / 100.0 * capital * begun)
    if form == "usd_per_job":
        return np.asarray(rate * world.setting.base.jobs_per_output * begun / 1e6)
    return np.asarray(rate / 100.0 * entitled)


def _affordable(due: float, budget_usd_billion: float | None, spent: float) -> float:
    if budget_usd_billion is None or due <= 0.0:
        return 1.0
    return min(1.0, max(budget_usd_billion * 1000.0 - spent, 0.0) / due)
