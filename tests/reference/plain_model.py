"""The model as plain Mesa agents: one object a programme, as a reader would write it from docs/model.md.

Slow and obvious. It shares with the engine the random addresses, the population of the base year, the cost tables
(ledger and hooks of the mechanisms) and the rationing of outages; everything a programme decides, builds and sells is
written again here.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from typing import Any

import mesa
import numpy as np

from footloose.draws import Purpose, philox_words
from footloose.employment import jobs_per_output
from footloose.ledger import Ledger, write_ledger
from footloose.running import Run
from footloose.trading import collected_rate, within_capacity
from footloose.world import Activity, World
from footloose.year import cost_lines

STAY, MOVE, ADD, DROP_SECOND, DROP_MAIN = "stay", "move", "add", "drop second", "drop main"


class Programme(mesa.Agent):  # type: ignore[misc]
    """One production programme of one firm: a sector, a market, an owner; a main site and perhaps a second one."""

    def __init__(self, model: PlainModel, row: int, columns: Any) -> None:
        super().__init__(model)
        self.slot = int(columns.slot[row])
        self.cell = int(columns.cell[row])
        self.main, self.second = int(columns.main[row]), int(columns.second[row])
        self.value, self.size = int(columns.value[row]), float(columns.size[row])
        self.labour = float(columns.labour_intensity[row])
        self.risk = float(columns.risk_aversion[row])
        self.time = float(columns.time_sensitivity[row])
        self.sunk = float(columns.sunk_cost[row])
        self.opened = int(columns.opened[row])
        self.target, self.adding, self.years_left = -1, False, 0

    @property
    def sites(self) -> list[int]:
        """Where it produces."""
        return [self.main] if self.second < 0 else [self.main, self.second]

    def draws(self, purpose: Purpose) -> list[float]:
        """Return this year's four uniforms for a purpose."""
        words = philox_words(self.slot, self.model.year, int(purpose), self.model.run.seed, self.model.run.replicate)
        return [(int(word) + 0.5) * 2.0**-32 for word in words]

    # -- projects -------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Build on for a year: give up, wait, or come a year nearer to opening."""
        if self.target < 0:
            return
        rules, tables = self.model.run.rules.projects, self.model.tables
        site, (first, second, *_) = self.target, self.draws(Purpose.PROJECT)
        larger = max(0.0, math.log(self.size / self.model.run.mean_size))
        rise = 1.0 + rules.size_effect * larger + rules.uncertainty_effect * tables["doubt"][self.cell, site]
        if first < min(rules.cancel_hazard * rise + tables["refusal"][self.cell, site], 0.9):
            self.target = -1
            return
        if second < min(rules.delay_hazard * rise + tables["delay"][self.cell, site], 0.9):
            return
        self.years_left -= 1
        if self.years_left <= 0:
            self.open()

    def open(self) -> None:
        """Let the plant open: the new main site, or the second one."""
        share = 0.5 if self.adding else 1.0
        _, sector, _ = self.model.place(self.cell)
        self.model.opened[sector, self.target] += share * self.output()
        if self.adding:
            self.second = self.target
        else:
            self.main = self.target
        self.opened, self.target, self.adding = self.model.year, -1, False

    def output(self) -> float:
        """Return the yearly output it stands for, grown with its market [USD million]."""
        market, sector, _ = self.model.place(self.cell)
        return self.value / 1000.0 * float(self.model.demand[market, sector])

    # -- decisions ------------------------------------------------------------------------------------------------

    def expected_value(self, site: int) -> float:
        """Return -theta x expected change of log cost at a site, at its own loadings."""
        common, labour, risk, time = self.model.expected[:, self.cell, site]
        cost = common + self.labour * labour + self.risk * risk + self.time * time
        return -float(self.model.run.terrain.elasticity[self.cell]) * float(cost)

    def ease(self, other: int) -> float:
        """Return k = exp(-sunk cost) of a move from its main site to another, capped."""
        model, rules = self.model, self.model.run.rules.decisions
        apart = np.mean([model.tables["doubt"][self.cell, site] for site in self.sites])
        roots = np.mean([model.tables["rootedness"][self.cell, site] for site in self.sites])
        age = min((model.year - self.opened) / rules.plant_life, 1.0)
        doubt = self.sunk * (1.0 + rules.uncertainty * apart)
        market, _, _ = model.place(self.cell)
        extra = model.run.terrain.extra[model.run.terrain.tie[market, self.main, other]]
        barrier = doubt * (model.run.terrain.sunk_cost[self.cell] + extra) + rules.young_plant * (1.0 - age) + roots
        return min(math.exp(-barrier), model.largest_ease)

    def hedge(self) -> float:
        """Return what a second site is worth as insurance, log odds."""
        hedge = np.mean([self.model.tables["hedge"][self.cell, site] for site in self.sites])
        return self.risk * self.model.run.rules.decisions.hedging * float(hedge)

    def decide(self) -> tuple[str, int]:
        """Return what it decides this year and the site concerned."""
        if self.target >= 0:
            return STAY, self.main
        attention, choice, where, _ = self.draws(Purpose.REVIEW)
        if attention >= max(self.model.tables["hazard"][self.cell, site] for site in self.sites):
            return STAY, self.main
        return self.decide_with_one(choice, where) if self.second < 0 else self.decide_with_two(choice)

    def decide_with_one(self, choice: float, where: float) -> tuple[str, int]:
        """Return stay, move or add, by odds; where to by the nested logit and the ease of getting there."""
        every = range(self.model.sites)
        weight = self.destination_weights()
        inclusive = sum(weight)
        k = [self.ease(site) for site in every]
        here = self.expected_value(self.main)
        base = sum(k[site] * self.model.run.anchor.pull[self.cell, site] for site in every)
        reach = sum(k[site] * weight[site] for site in every) / inclusive
        odds = {
            STAY: max(1.0 - (1.0 + self.model.ease_of_adding) * base, 0.0) * math.exp(here),
            MOVE: reach * inclusive,
            ADD: self.model.ease_of_adding * reach * math.sqrt(inclusive) * math.exp(0.5 * here + self.hedge()),
        }
        kind = pick(odds, choice)
        if kind == STAY:
            return STAY, self.main
        site = pick({site: k[site] * weight[site] for site in every}, where)
        return (STAY, self.main) if site == self.main else (kind, site)

    def destination_weights(self) -> list[float]:
        """Return P_j x I of every site: nested logit anchored at base-year shares, entrants' costs counted."""
        run, cell = self.model.run, self.cell
        dissimilarity, theta = run.rules.decisions.nest_dissimilarity, float(run.terrain.elasticity[cell])
        allowed = self.model.tables["permission"][cell] ** (1.0 / dissimilarity)
        total: dict[int, float] = defaultdict(float)
        single = []
        for site in range(self.model.sites):
            value = self.expected_value(site) - theta * float(self.model.entry[cell, site])
            single.append(run.anchor.weight[cell, site] * allowed[site] * math.exp(value / dissimilarity))
            total[int(run.terrain.nest[site])] += single[-1]
        nests = [total[int(run.terrain.nest[site])] for site in range(self.model.sites)]
        return [w * t ** (dissimilarity - 1.0) if t > 0.0 else 0.0 for w, t in zip(single, nests, strict=True)]

    def decide_with_two(self, choice: float) -> tuple[str, int]:
        """Return whether it keeps both sites or one of them."""
        k = self.model.ease_of_dropping * self.ease(self.second)
        main, second = self.expected_value(self.main), self.expected_value(self.second)
        odds = {
            STAY: (1.0 - k) * math.exp(0.5 * (main + second) + self.hedge()),
            DROP_SECOND: 0.5 * k * math.exp(main),
            DROP_MAIN: 0.5 * k * math.exp(second),
        }
        kind = pick(odds, choice)
        return kind, self.second if kind == DROP_MAIN else self.main

    def carry_out(self, kind: str, site: int) -> None:
        """Announce a project, or keep one site."""
        if kind == STAY:
            return
        if kind in (DROP_SECOND, DROP_MAIN):
            self.main, self.second = site, -1
            return
        _, sector, owner = self.model.place(self.cell)
        self.target, self.adding = site, kind == ADD
        self.years_left = int(self.model.run.setting.geography.traits["build_years"][sector])
        begun = self.output() * (0.5 if self.adding else 1.0)
        self.model.begun[sector, site] += begun
        self.model.begun_by[owner, sector, site] += begun

    # -- orders ---------------------------------------------------------------------------------------------------

    def offers(self) -> dict[int, float]:
        """Return what it offers from each site at this year's costs, before the market clears."""
        rules, cost = self.model.run.rules.orders, self.model.cost_now[self.cell]
        if self.second < 0:
            return {self.main: self.value * math.exp(-rules.elasticity * cost[self.main])}
        part = 1.0 / (1.0 + math.exp(rules.split_elasticity * (cost[self.main] - cost[self.second])))
        return {
            self.main: self.value * part * math.exp(-rules.elasticity * cost[self.main]),
            self.second: self.value * (1.0 - part) * math.exp(-rules.elasticity * cost[self.second]),
        }


def pick(odds: dict[Any, float], draw: float) -> Any:
    """Return the outcome a draw between 0 and 1 falls on."""
    left = draw * sum(odds.values())
    for outcome, weight in odds.items():
        left -= weight
        if left < 0.0:
            return outcome
    return next(iter(odds))


class PlainModel(mesa.Model):  # type: ignore[misc]
    """A year of plain agents after the other, beside the engine's cost tables."""

    def __init__(self, run: Run) -> None:
        super().__init__(rng=0)
        self.run = run
        self.year = run.setting.history.years[0] - 1
        self.sites = run.setting.shape[3]
        self.state, self.activity = dict(run.state), run.activity
        self.noticed = np.array(run.noticed)
        self.demand = self.demand_before = np.array(run.demand)
        self.spent: dict[str, float] = {}
        self.supported: dict[str, Any] = {}
        for row in range(run.firms.count):
            Programme(self, row, run.firms)
        rules = run.rules.decisions
        off = rules.second_site_share <= 0.0 or rules.second_site_ease <= 0.0
        self.ease_of_adding = 0.0 if off else rules.second_site_ease
        self.ease_of_dropping = 1.0 if off else rules.second_site_ease / rules.second_site_share
        self.largest_ease = 1.0 if off else min(1.0 / (1.0 + self.ease_of_adding), 1.0 / self.ease_of_dropping)

    def place(self, cell: int) -> tuple[int, int, int]:
        """Return market, sector and origin of a cell."""
        _, sectors, origins, _ = self.run.setting.shape
        market, rest = divmod(cell, sectors * origins)
        return market, *divmod(rest, origins)

    def step(self) -> None:
        """Let a year pass."""
        self.year += 1
        world = World(self.run.setting, self.year, self.state, self.activity)
        self.demand_before, self.demand = self.demand, self.grown_demand(world)
        self.read_costs(world)
        _, sectors, origins, sites = self.run.setting.shape
        self.begun_by = np.zeros((origins, sectors, sites))
        self.begun, self.opened = np.zeros(self.run.setting.shape[1::2]), np.zeros(self.run.setting.shape[1::2])
        for agent in self.agents:
            agent.build()
        self.trade(world)
        for agent, decision in [(agent, agent.decide()) for agent in self.agents]:
            agent.carry_out(*decision)
        self.pay_support(world)
        self.close(world)

    def grown_demand(self, world: World) -> Any:
        """Return the demand of the year; (market, sector)."""
        demand = np.array(world.series("demand"))
        for factor in self.run.rules.ask("demand", world):
            demand = demand * factor
        return demand

    def read_costs(self, world: World) -> None:
        """Ask the mechanisms for the cost tables and hooks of the year and put them into (cell, site) tables."""
        run, shape = self.run, self.run.setting.shape
        lines = cost_lines(run.rules, world)
        loadings = {name: run.rules.mechanisms[name][0].loading for name in lines}
        ledger = write_ledger(lines, run.base_lines, loadings, shape)
        cells = run.setting.cells
        self.cost_now = ledger.mean_now().reshape(cells, -1)
        self.expected = ledger.expected_by_loading().reshape(-1, cells, self.sites)
        self.entry = ledger.total_entry().reshape(cells, -1)
        self.tables = {name: self.summed(name, world) for name in ("delay", "refusal", "rootedness")}
        self.tables["doubt"] = self.summed("uncertainty", world)
        self.tables["permission"] = self.multiplied("permission", world)
        self.tables["hedge"] = self.tables["doubt"] + self.summed("hedge", world) + self.risk_premium(ledger)
        self.tables["hazard"] = self.review_hazard(world, ledger)

    def summed(self, hook: str, world: World) -> Any:
        """Return the sum of what mechanisms answer; (cell, site)."""
        total = np.zeros(self.run.setting.shape)
        for answer in self.run.rules.ask(hook, world):
            total = total + answer
        return total.reshape(self.run.setting.cells, -1)

    def multiplied(self, hook: str, world: World) -> Any:
        """Return the product of what mechanisms answer; (cell, site)."""
        total = np.ones(self.run.setting.shape)
        for answer in self.run.rules.ask(hook, world):
            total = total * answer
        return total.reshape(self.run.setting.cells, -1)

    def risk_premium(self, ledger: Ledger) -> Any:
        """Return the expected change of the risk line where it rose; (cell, site)."""
        if "risk" not in ledger.names:
            return 0.0
        change = ledger.expected[ledger.names.index("risk")].reshape(self.run.setting.cells, -1)
        return np.maximum(change, 0.0)

    def review_hazard(self, world: World, ledger: Ledger) -> Any:
        """Return the chance of a review, and note what was noticed; (cell, site)."""
        rules = self.run.rules.decisions
        change = ledger.mean_expected().reshape(self.run.setting.cells, -1)
        hazard = np.empty_like(change)
        pace = self.multiplied("pace", world)
        for cell in range(change.shape[0]):
            market, sector, _ = self.place(cell)
            growth = max(math.log(self.demand[market, sector] / self.demand_before[market, sector]), 0.0)
            mean = float(np.dot(self.run.anchor.shares[cell], change[cell]))
            for site in range(self.sites):
                relative = change[cell, site] - mean
                urge = rules.attention * abs(relative - self.noticed[cell, site]) + rules.expansion * growth
                chance = (1.0 - (1.0 - rules.review_hazard) * math.exp(-urge)) * pace[cell, site]
                hazard[cell, site] = min(chance, 1.0)
                self.noticed[cell, site] += hazard[cell, site] * (relative - self.noticed[cell, site])
        return hazard

    def trade(self, world: World) -> None:
        """Let markets buy: offers of all programmes, home and imports as two tiers, then what is wanted."""
        setting, rules = self.run.setting, self.run.rules.orders
        markets, sectors, _, _ = setting.shape
        offered, unmoved = np.zeros(setting.shape), np.zeros(setting.shape)
        for agent in self.agents:
            place = self.place(agent.cell)
            for site, amount in agent.offers().items():
                offered[(*place, site)] += amount
                unmoved[(*place, site)] += agent.value / len(agent.sites)
        exponent = rules.home_elasticity / rules.elasticity - 1.0
        duty = collected_rate(self.run.rules, world) - self.run.base_duty
        self.sales, self.wanted = np.zeros(setting.shape), np.zeros((markets, sectors))
        for market in range(markets):
            home = setting.at_home[market]
            for sector in range(sectors):
                flow = offered[market, sector]
                for tier in (home, ~home):
                    before, now = unmoved[market, sector][:, tier].sum(), flow[:, tier].sum()
                    if before > 0.0 and now > 0.0:
                        flow[:, tier] *= (now / before) ** exponent
                use = setting.base.use[market, sector]
                wedge = max(1.0 + float((use * duty[market, sector]).sum() / use.sum()), 0.1) if use.sum() else 1.0
                wanted = use.sum() * self.demand[market, sector] * wedge**-rules.total_elasticity
                if flow.sum() > 0.0:
                    self.wanted[market, sector] = wanted
                    self.sales[market, sector] = flow * wanted / flow.sum()
        delivery = within_capacity(dataclasses.replace(self.run, footing=self.footing()), world, self.sales)
        self.sales, self.drawn = delivery.sales, delivery.drawn

    def footing(self) -> Any:
        """Return output by footprint, single sites on the diagonal; (cell, main, second)."""
        footing = np.zeros((self.run.setting.cells, self.sites, self.sites), dtype=np.int64)
        for agent in self.agents:
            footing[agent.cell, agent.main, agent.second if agent.second >= 0 else agent.main] += agent.value
        return footing

    def pay_support(self, world: World) -> None:
        """Pay grants on plants begun and credits on output, within budgets."""
        setting, output = self.run.setting, self.sales.sum(axis=(0, 2))
        capital = setting.geography.traits["capital_per_output"]
        for table in setting.law.subsidies:
            row, rate, due = table.instrument.row, table.now[world.index], np.zeros_like(output)
            if row.form == "output_share" and row.new_plants_only:
                held = self.supported.get(row.id, np.zeros_like(output)) + self.opened * (rate > 0.0)
                self.supported[row.id] = held
            for sector in range(output.shape[0]):
                for site in range(self.sites):
                    begun, made = self.begun[sector, site], output[sector, site]
                    if row.form == "capex_share":
                        due[sector, site] = rate[sector, site] / 100.0 * capital[sector] * begun
                    elif row.form == "usd_per_job":
                        jobs = setting.base.jobs_per_output[sector, site] * begun
                        due[sector, site] = rate[sector, site] * jobs / 1e6
                    else:
                        entitled = min(self.supported[row.id][sector, site], made) if row.new_plants_only else made
                        due[sector, site] = rate[sector, site] / 100.0 * entitled
            paid, before = float(due.sum()), self.spent.get(row.id, 0.0)
            if row.budget_usd_billion is not None:
                paid = min(paid, max(row.budget_usd_billion * 1000.0 - before, 0.0))
            self.spent[row.id] = before + paid

    def close(self, world: World) -> None:
        """Hand the year's activity to the mechanisms."""
        base = self.run.setting.base
        coefficient = jobs_per_output(world)
        output = self.sales.sum(axis=(0, 2))
        share = base.use / np.maximum(base.use.sum(axis=2, keepdims=True), 1e-300)
        reference = (share * self.wanted[:, :, None]).sum(axis=0)
        jobs = output * coefficient
        self.activity = Activity(
            self.sales, output, jobs, reference * coefficient, dict(self.spent), self.drawn, self.begun_by
        )
        seen = World(self.run.setting, self.year, self.state, self.activity)
        for changed in self.run.rules.ask("advance", seen):
            self.state = self.state | changed
