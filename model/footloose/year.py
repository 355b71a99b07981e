"""One year, as a table of contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from footloose import books, choice, orders, projects
from footloose.anchor import Anchor
from footloose.block import Block
from footloose.employment import jobs_per_output, robot_density
from footloose.events import Changes, Motive, Openings
from footloose.firms import Firms
from footloose.ledger import Ledger, Line, write_ledger
from footloose.mechanisms import tariffs
from footloose.outlay import pay_support
from footloose.registry import Mechanism
from footloose.sections import Decisions, Orders, Projects
from footloose.terrain import Terrain
from footloose.world import Activity, Setting, World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Tables = dict[str, Floats]


@dataclass(frozen=True)
class Rules:
    """The parameters of a run: mechanisms switched on, with their blocks, and the sections."""

    mechanisms: Mapping[str, tuple[Mechanism, Block]]
    decisions: Decisions
    orders: Orders
    projects: Projects


@dataclass
class Run:
    """A run under way: what changes from year to year."""

    setting: Setting
    rules: Rules
    anchor: Anchor
    terrain: Terrain
    firms: Firms
    seed: int
    replicate: int
    footing: Ints
    total: int
    base_lines: Mapping[str, Line]
    state: Tables
    activity: Activity
    noticed: Floats
    mean_size: float
    spent: dict[str, float] = field(default_factory=dict)
    supported: Tables = field(default_factory=dict)
    opened_jobs: list[Floats] = field(default_factory=list)
    announced_projects: int = 0
    opened_projects: int = 0
    cancelled_projects: int = 0


def live_one_year(run: Run, year: int) -> Tables:
    """Let a year pass; return what the record keeps of it."""
    world = look(run, year)
    ledger = price(run, world)
    doubt = weigh_uncertainty(run, world)
    openings = build(run, world, doubt)
    trade = trade_goods(run, world, ledger)
    changes = review(run, world, ledger, doubt)
    outlay = pay_support(world, openings, changes.begun(), trade.output, run.spent, run.supported)
    kept = keep(run, world, ledger, trade, openings, changes, outlay)
    close_books(run, world, trade)
    advance(run, world, trade)
    return kept


def look(run: Run, year: int) -> World:
    """Return the start-of-year view."""
    return World(run.setting, year, run.state, run.activity)


def price(run: Run, world: World) -> Ledger:
    """Ask every mechanism for its line and sum them up."""
    lines = cost_lines(run.rules, world)
    loadings = {name: run.rules.mechanisms[name][0].loading for name in lines}
    return write_ledger(lines, run.base_lines, loadings, run.setting.shape)


def cost_lines(rules: Rules, world: World) -> dict[str, Line]:
    """Return the line of every mechanism that is switched on."""
    return {
        name: mechanism.cost(params, world)
        for name, (mechanism, params) in rules.mechanisms.items()
        if mechanism.cost is not None
    }


def weigh_uncertainty(run: Run, world: World) -> Floats:
    """Return how much of the cost of a site is policy that may not last, log points; (cell, site)."""
    apart = np.zeros(run.setting.shape)
    for name in sorted(run.rules.mechanisms):
        mechanism, params = run.rules.mechanisms[name]
        if mechanism.uncertainty is not None:
            apart = apart + mechanism.uncertainty(params, world)
    return apart.reshape(run.setting.cells, -1)


def build(run: Run, world: World, doubt: Floats) -> Openings:
    """Advance the projects; open the plants that are ready, before the year's production."""
    firms, rules = run.firms, run.rules.projects
    concerned, outcome = np.empty(firms.count, dtype=np.int64), np.empty(firms.count, dtype=np.int64)
    events = projects.advance_projects(
        firms.target, firms.years_left, firms.cell, firms.size, rules.delay_hazard, rules.cancel_hazard, doubt,
        rules.size_effect, rules.uncertainty_effect, run.mean_size, world.year, run.seed, run.replicate,
        concerned, outcome,
    )  # fmt: skip
    concerned, outcome = concerned[:events], outcome[:events]
    opened, cancelled = concerned[outcome == projects.OPENED], concerned[outcome == projects.CANCELLED]
    delayed = concerned[outcome == projects.DELAYED]
    openings = Openings.of(run.setting, firms, demand_scale(run.setting, world), opened, cancelled, delayed)
    projects.open_projects(firms, opened, run.footing, world.year)
    projects.end_projects(firms, cancelled)
    run.opened_projects += opened.size
    run.cancelled_projects += cancelled.size
    return openings


@dataclass(frozen=True)
class Trade:
    """A year's flows in USD million of 2010.

    sales: (market, sector, origin, site); output, jobs, reference_jobs: (sector, site); wanted: (market, sector)
    """

    sales: Floats
    wanted: Floats
    output: Floats
    jobs: Floats
    reference_jobs: Floats


def trade_goods(run: Run, world: World, ledger: Ledger) -> Trade:
    """Fill orders with the footprints there are: the fast margin."""
    rules, setting = run.rules.orders, run.setting
    cost = ledger.mean_now().reshape(setting.cells, -1)
    offered = orders.sell(run.footing, cost, rules.elasticity, rules.split_elasticity).reshape(setting.shape)
    unmoved = orders.even_sales(run.footing).reshape(setting.shape)
    exponent = rules.home_elasticity / rules.elasticity if rules.elasticity > 1e-3 else 1.0
    offered = orders.weigh_home(offered, unmoved, setting.at_home.astype(np.float64), exponent)
    demand = world.series("demand")
    wanted = orders.purchases(rules, setting.base.use, demand, duty_change(run, world))
    wanted = np.where(offered.sum(axis=(2, 3)) > 0.0, wanted, 0.0)  # a handful of firms leaves markets unserved
    sales = orders.clear_markets(offered, wanted)
    coefficient = jobs_per_output(world)
    output = sales.sum(axis=(0, 2))
    reference = np.einsum("msj,ms->sj", setting.base.use, wanted / np.maximum(setting.base.use.sum(axis=2), 1e-300))
    return Trade(sales, wanted, output, output * coefficient, reference * coefficient)


def duty_change(run: Run, world: World) -> Floats:
    """Return the change of collected duty rates since the base year; (market, sector, site)."""
    start = World(run.setting, run.setting.history.years[0], run.state, run.activity)
    return collected_rate(run, world) - collected_rate(run, start)


def review(run: Run, world: World, ledger: Ledger, doubt: Floats) -> Changes:
    """Let firms review their footprints: the slow margin. Announce projects; drop sites."""
    firms, rules, setting, terrain = run.firms, run.rules.decisions, run.setting, run.terrain
    sites = setting.shape[3]
    relative = relative_cost(run, ledger)
    urge = rules.attention * np.abs(relative - run.noticed) + rules.expansion * demand_growth(setting, world)
    hazard = choice.review_hazard(rules.review_hazard, urge)
    run.noticed = run.noticed + hazard * (relative - run.noticed)
    by_loading = ledger.expected_by_loading().reshape(-1, setting.cells, sites)
    entry = np.ascontiguousarray(ledger.entry.reshape(setting.cells, sites))
    decided, site, kind = (np.empty(firms.count, dtype=np.int64) for _ in range(3))
    ease, drop = ease_and_drop(rules)
    changes = choice.review_footprints(
        firms.cell, firms.main, firms.second, firms.target, firms.opened, firms.labour_intensity, firms.risk_aversion,
        firms.time_sensitivity, firms.sunk_cost, np.ascontiguousarray(np.moveaxis(by_loading, 0, 2)), entry,
        run.anchor.weight, run.anchor.pull, terrain.tie, terrain.market, hazard, doubt,
        rules.hedging * hedge_value(setting, ledger, doubt), terrain.elasticity, terrain.sunk_cost,
        terrain.extra, terrain.nest, int(terrain.nest.max()) + 1, rules.nest_dissimilarity, rules.young_plant,
        rules.plant_life, rules.uncertainty, ease, drop, largest_chance(ease, drop), world.year, run.seed,
        run.replicate, decided, site, kind,
    )  # fmt: skip
    return carry_out(run, world, ledger, entry, (decided[:changes], site[:changes], kind[:changes]))


def carry_out(run: Run, world: World, ledger: Ledger, entry: Floats, decisions: tuple[Ints, Ints, Ints]) -> Changes:
    """Announce the projects decided on and drop the sites given up; keep what the record needs of them."""
    decided, site, kind = decisions
    firms, setting = run.firms, run.setting
    left = np.where(kind == choice.DROP_SECOND, firms.second[decided], firms.main[decided]).astype(np.int64)
    unexplained = position(ledger, "unexplained")
    reason, due = choice.decisive_lines(
        decided, left, site, firms.cell, firms.labour_intensity, firms.risk_aversion, firms.time_sensitivity,
        np.ascontiguousarray(ledger.expected.reshape(len(ledger.names), setting.cells, -1)), entry,
        np.array([int(loading) for loading in ledger.loadings]), run.terrain.elasticity,
        position(ledger, "subsidies"), unexplained, run.rules.decisions.noticeable,
    )  # fmt: skip
    changes = Changes.of(
        setting, firms, demand_scale(setting, world), decisions, Motive(left, reason, due, unexplained)
    )
    building = kind <= choice.ADD
    announced = decided[building]
    firms.target[announced] = site[building]
    firms.adding[announced] = kind[building] == choice.ADD
    firms.gaining[announced] = due[building] > 0.0
    sector = firms.cell[announced] // setting.shape[2] % setting.shape[1]
    firms.years_left[announced] = np.asarray(setting.geography.traits["build_years"])[sector]
    run.announced_projects += announced.size
    projects.drop_sites(firms, decided[~building], site[~building], run.footing)
    return changes


def position(ledger: Ledger, name: str) -> int:
    """Return the place of a line in the ledger, -1 where the mechanism is switched off."""
    return ledger.names.index(name) if name in ledger.names else -1


def relative_cost(run: Run, ledger: Ledger) -> Floats:
    """Return the expected change of cost against the mean of the cell's base-year suppliers; (cell, site)."""
    change = ledger.mean_expected().reshape(run.setting.cells, -1)
    return np.asarray(change - (run.anchor.shares * change).sum(axis=1, keepdims=True), dtype=np.float64)


def demand_growth(setting: Setting, world: World) -> Floats:
    """Return the growth of the market's demand over the last year where it grew, log points; (cell, 1)."""
    demand = setting.history.series["demand"]
    growth = np.log(demand[world.index] / demand[max(world.index - 1, 0)])
    markets, sectors, origins, _ = setting.shape
    spread = np.broadcast_to(np.maximum(growth, 0.0)[:, :, None], (markets, sectors, origins))
    return np.asarray(spread.reshape(-1, 1))


def demand_scale(setting: Setting, world: World) -> Floats:
    """Return the demand of the cell's market and sector, base year 1: what output has grown to; (cell,)."""
    markets, sectors, origins, _ = setting.shape
    return np.broadcast_to(world.series("demand")[:, :, None], (markets, sectors, origins)).reshape(-1)


def ease_and_drop(rules: Decisions) -> tuple[float, float]:
    """Return the odds of adding and of dropping a second site; their ratio is the base-year share of pairs."""
    share = rules.second_site_share
    if share <= 0.0 or rules.second_site_ease <= 0.0:
        return 0.0, 1.0
    return rules.second_site_ease, rules.second_site_ease / share


def largest_chance(ease: float, drop: float) -> float:
    """Return the upper end of k = exp(-sunk cost): beyond it the odds of staying would be negative."""
    return 1.0 if ease == 0.0 else min(1.0 / (1.0 + ease), 1.0 / drop)


def hedge_value(setting: Setting, ledger: Ledger, doubt: Floats) -> Floats:
    """Return what a second site is worth as insurance: uncertain policy and risk at the present site; (cell, site)."""
    risk = position(ledger, "risk")
    if risk < 0:
        return doubt
    return np.asarray(doubt + np.maximum(ledger.expected[risk].reshape(setting.cells, -1), 0.0), dtype=np.float64)


def keep(
    run: Run, world: World, ledger: Ledger, trade: Trade, openings: Openings, changes: Changes, outlay: Tables
) -> Tables:
    """Return the tables of the year that the record keeps; names and axes in variables.py."""
    coefficient = jobs_per_output(world)
    run.opened_jobs.append(openings.jobs_by_site(coefficient))
    price_change = np.exp(ledger.mean_now())
    bought = trade.sales.sum(axis=(2, 3))
    tables: Tables = {
        "sales": trade.sales,
        "jobs": trade.jobs,
        "jobs_filled": projects.jobs_filled(run.opened_jobs, run.rules.projects.hiring_years),
        "buyer_cost": (trade.sales * price_change).sum(axis=(2, 3)) / np.maximum(bought, 1e-9),
        "second_site_share": second_site_share(run),
        "wage": wage_index(world),
        "cluster": world.state.get("cluster", np.ones_like(trade.output)),
        "robot_density": density(run, world, trade.jobs),
        "collected_rate": collected_rate(run, world),
        **outlay,
        **openings.tables(),
        **changes.tables(coefficient, len(ledger.names)),
    }
    return tables


def second_site_share(run: Run) -> Floats:
    """Return the share of output of programmes with two sites; (market, sector)."""
    markets, sectors, origins, sites = run.setting.shape
    by_cell = run.footing.reshape(markets, sectors, origins, sites * sites)
    single = np.einsum("msoii->ms", run.footing.reshape(markets, sectors, origins, sites, sites))
    total = by_cell.sum(axis=(2, 3))
    return np.where(total > 0, 1.0 - single / np.maximum(total, 1), 0.0)


def wage_index(world: World) -> Floats:
    """Return the wage with local pressure, base year 1; (site,)."""
    pressure = world.state.get("wage_pressure", np.zeros(world.setting.shape[3]))
    return np.asarray(world.series("wage") / world.base_series("wage") * np.exp(pressure))


def density(run: Run, world: World, jobs: Floats) -> Floats:
    """Return robots per 10,000 workers; (site,)."""
    if "automation" not in run.rules.mechanisms:
        return world.base_series("robot_density")
    params = run.rules.mechanisms["automation"][1]
    return robot_density(world, jobs, params.tasks_per_robot)  # type: ignore[attr-defined]


def collected_rate(run: Run, world: World) -> Floats:
    """Return the collected duty rate; (market, sector, site), 0.25 = 25 %."""
    if "tariffs" not in run.rules.mechanisms:
        return np.zeros(run.setting.base.use.shape)
    params = run.rules.mechanisms["tariffs"][1]
    assert isinstance(params, tariffs.Params)
    return tariffs.rates(params, world)


def close_books(run: Run, world: World, trade: Trade) -> None:
    """Check the identities of the year.

    raises: BooksError
    """
    books.check_programmes(run.firms, run.footing, run.total, world.year)
    books.check_trade(trade.sales, trade.wanted, world.year)
    building = int((run.firms.target >= 0).sum())
    books.check_projects(run.announced_projects, building, run.opened_projects, run.cancelled_projects, world.year)
    budgets = {i.row.id: i.row.budget_usd_billion for i in run.setting.law.of_kind("subsidy")}
    books.check_budgets(run.spent, budgets, world.year)


def advance(run: Run, world: World, trade: Trade) -> None:
    """Hand the year's activity to every mechanism; all state tables change from the same start-of-year view."""
    activity = Activity(trade.sales, trade.output, trade.jobs, trade.reference_jobs, dict(run.spent))
    seen = World(run.setting, world.year, run.state, activity)
    updates: Tables = {}
    for mechanism, params in run.rules.mechanisms.values():
        if mechanism.advance is not None:
            updates |= mechanism.advance(params, seen)
    run.state = run.state | updates
    run.activity = activity
