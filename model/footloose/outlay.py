"""Outlay: what governments pay this year, instrument by instrument, never beyond the budget, less what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from footloose.events import Decided, Opened
from footloose.history import PolicyRow
from footloose.world import Floats, World

LONGEST_BUILDING = 5
"""Years from announcement to opening, delays included, for which grants of a claw-back are remembered."""


@dataclass
class Grants:
    """Grants that may still have to be given back: what was promised each year, and to how much yearly output.

    promised, output : year of the promise -> (sector, site) USD million
    """

    promised: dict[int, Floats] = field(default_factory=dict)
    output: dict[int, Floats] = field(default_factory=dict)

    def add(self, year: int, promised: Floats, output: Floats) -> None:
        """Remember the promises of a year."""
        self.promised[year], self.output[year] = promised, output

    def give_back(self, year: int, ended: Floats, row: PolicyRow) -> Floats:
        """Return what comes back for plants ended, and forget the promises to them; (sector, site) USD million.

        Which of the plants begun at a place got how much is not known plant by plant: one that ends gives back the
        mean grant of those begun there while the claw-back binds, so never more than they were promised.

        ended : (sector, site) yearly output of projects cancelled and of plants given up too soon
        """
        oldest = year - row.claw_back_years - LONGEST_BUILDING
        for gone in [promise for promise in self.promised if promise < oldest]:
            del self.promised[gone], self.output[gone]
        bound = sum(self.output.values(), np.zeros_like(ended))
        share = np.where(bound > 0.0, np.minimum(ended / np.where(bound > 0.0, bound, 1.0), 1.0), 0.0)
        back = share * sum(self.promised.values(), np.zeros_like(ended))
        for promise in self.promised:
            self.promised[promise] = self.promised[promise] * (1.0 - share)
            self.output[promise] = self.output[promise] * (1.0 - share)
        return np.asarray(row.claw_back / 100.0 * back)


def pay_support(
    world: World,
    openings: Opened,
    changes: Decided,
    output: Floats,
    spent: dict[str, float],
    supported: dict[str, Floats],
    grants: dict[str, Grants],
) -> dict[str, Floats]:
    """Commit grants to the plants decided on and pay credits on output, less what is clawed back; write `spent`.

    What comes back this year can be paid out again this year.

    supported : yearly output of the plants opened so far under a credit for new plants alone, by instrument; added to
    grants    : promises that may come back, by instrument; written
    returns   : {"subsidy_outlay": (sector, site)} USD million, net
    """
    total, opened, begun = np.zeros_like(output), openings.value_by_sector_site(), changes.begun()
    for table in world.setting.law.subsidies:
        row, rate, entitled = table.instrument.row, table.now[world.index], output
        if not table.pays[world.index] and row.claw_back == 0.0:
            spent.setdefault(row.id, 0.0)
            continue
        if row.new_plants_only and row.form == "output_share":
            supported[row.id] = supported.get(row.id, np.zeros_like(output)) + np.where(rate > 0.0, opened, 0.0)
            entitled = np.minimum(supported[row.id], output)
        if row.claw_back > 0.0:
            ended = openings.lost + changes.given_up(row.claw_back_years)
            back = grants.setdefault(row.id, Grants()).give_back(world.year, ended, row)
            spent[row.id] = spent.get(row.id, 0.0) - float(back.sum())
            total -= back
        due = _due(world, begun, entitled, rate, row.form)
        paid = due * _affordable(float(due.sum()), row.budget_usd_billion, spent.get(row.id, 0.0))
        spent[row.id] = spent.get(row.id, 0.0) + float(paid.sum())
        total += paid
        if row.claw_back > 0.0:
            grants[row.id].add(world.year, paid, begun)
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
