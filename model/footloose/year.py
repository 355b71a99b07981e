"""One year, as a table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from footloose import books, choice, projects
from footloose.events import Changes, Decided, Motive, Opened, Openings
from footloose.keeping import construction, keep
from footloose.ledger import Ledger, Line, write_ledger
from footloose.orders import count_output
from footloose.outlay import pay_support
from footloose.reasons import decisive_lines
from footloose.running import Rules, Run, Tables, demand_scale, position
from footloose.sections import Decisions
from footloose.trading import Trade, trade_goods
from footloose.world import Activity, Floats, Ints, World


class SlowMargin(Protocol):
    """How footprints change in a year: firm by firm, or as shares (`mean_field`). All else of a year is the same."""

    def build(self, run: Run, world: World, doubt: Floats) -> Opened:
        """Advance the projects; open the plants that are ready, before the year's production."""

    def review(self, run: Run, world: World, ledger: Ledger, doubt: Floats) -> Decided:
        """Review footprints. Announce projects; drop sites."""

    def construction(self, run: Run) -> Floats:
        """Return the capital cost of plants under construction, in parts; (sector, site)."""

    def check(self, run: Run, year: int) -> None:
        """Check that nothing was lost.

        raises: BooksError
        """


def live_one_year(run: Run, year: int, slow: SlowMargin | None = None) -> Tables:
    """Let a year pass; return what the record keeps of it. Footprints change firm by firm unless told otherwise."""
    slow = slow or FirmByFirm()
    world = look(run, year)
    grow_demand(run, world)
    ledger = price(run, world)
    doubt = weigh_uncertainty(run, world)
    openings = slow.build(run, world, doubt)
    trade = trade_goods(run, world, ledger)
    changes = slow.review(run, world, ledger, doubt)
    run.standing = count_output(run.footing)
    outlay = pay_support(world, openings, changes, trade.output, run.spent, run.supported, run.grants)
    kept = keep(run, world, ledger, trade, openings, changes, outlay, slow.construction(run))
    close_books(run, world, trade, slow)
    advance(run, world, trade, changes)
    return kept


def look(run: Run, year: int) -> World:
    """Return the start-of-year view."""
    return World(run.setting, year, run.state, run.activity)


def grow_demand(run: Run, world: World) -> None:
    """Set the demand of the year: its series and what mechanisms make of it."""
    run.demand_before = run.demand
    run.demand = world.series("demand") * run.rules.multiplied("demand", world, (1, 1))


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
    return by_cell(run, "uncertainty", world)


def by_cell(run: Run, hook: str, world: World) -> Floats:
    """Return the sum of what mechanisms answer to a hook; (cell, site)."""
    return run.rules.added(hook, world, run.setting.shape).reshape(run.setting.cells, -1)


def build(run: Run, world: World, doubt: Floats) -> Openings:
    """Advance the projects; open the plants that are ready, before the year's production."""
    firms, rules = run.firms, run.rules.projects
    concerned, outcome = np.empty(firms.count, dtype=np.int64), np.empty(firms.count, dtype=np.int64)
    events = projects.advance_projects(
        firms.slot, firms.target, firms.years_left, firms.cell, firms.size, rules.delay_hazard, rules.cancel_hazard,
        by_cell(run, "delay", world), by_cell(run, "refusal", world), doubt, rules.size_effect,
        rules.uncertainty_effect, run.mean_size, world.year, run.seed, run.replicate, concerned, outcome,
    )  # fmt: skip
    concerned, outcome = concerned[:events], outcome[:events]
    openings = Openings.of(run.setting, firms, demand_scale(run), concerned, outcome)
    projects.end_projects(firms, concerned, outcome, run.footing, run.building, world.year)
    run.opened_projects += int(np.count_nonzero(outcome == projects.OPENED))
    run.cancelled_projects += int(np.count_nonzero(outcome == projects.CANCELLED))
    return openings


@dataclass(frozen=True)
class Weighing:
    """The tables a review weighs, whoever reviews; (cell, site) unless said.

    hazard   : chance of a review;  expected: (cell, loading, site) change of log cost since the base year
    entry    : change of an entrant's additional cost;  weight: of the Anchor, with the chance that a plant is allowed
    hedge    : what a second site is worth, log odds;  rooted: log odds against leaving, on top of the sunk cost
    """

    hazard: Floats
    expected: Floats
    entry: Floats
    weight: Floats
    hedge: Floats
    rooted: Floats


def weigh_review(run: Run, world: World, ledger: Ledger, doubt: Floats) -> Weighing:
    """Return what the reviews of a year weigh, and note what will have been noticed."""
    rules, setting = run.rules.decisions, run.setting
    sites = setting.shape[3]
    relative = relative_cost(run, ledger)
    urge = rules.attention * np.abs(relative - run.noticed) + rules.expansion * demand_growth(run)
    chance = choice.review_hazard(rules.review_hazard, urge).reshape(setting.shape)
    pace = run.rules.multiplied("pace", world, (1, 1, 1, 1))
    hazard = np.minimum(chance * pace, 1.0).reshape(setting.cells, sites)
    run.noticed = run.noticed + hazard * (relative - run.noticed)
    by_loading = np.moveaxis(ledger.expected_by_loading(), 0, 3).reshape(setting.cells, -1, sites)
    return Weighing(
        hazard=hazard,
        expected=np.ascontiguousarray(by_loading),
        entry=ledger.total_entry().reshape(setting.cells, sites),
        weight=permitted_weight(run, world),
        hedge=rules.hedging * hedge_value(run, world, ledger, doubt),
        rooted=by_cell(run, "rootedness", world),
    )


def review(run: Run, world: World, ledger: Ledger, doubt: Floats) -> Changes:
    """Let firms review their footprints: the slow margin. Announce projects; drop sites."""
    firms, rules, terrain = run.firms, run.rules.decisions, run.terrain
    given = weigh_review(run, world, ledger, doubt)
    decided, site, kind = (np.empty(firms.count, dtype=np.int64) for _ in range(3))
    ease, drop = ease_and_drop(rules)
    changes = choice.review_footprints(  # type: ignore[no-untyped-call]
        firms.slot, firms.cell, firms.main, firms.second, firms.target, firms.opened, firms.labour_intensity,
        firms.risk_aversion, firms.time_sensitivity, firms.sunk_cost,
        given.expected, given.entry, given.weight, run.reach, terrain.tie, terrain.packed, terrain.nearest,
        terrain.market, given.hazard, doubt, given.hedge, given.rooted, terrain.elasticity, terrain.sunk_cost,
        terrain.extra, terrain.nest,
        int(terrain.nest.max()) + 1, rules.nest_dissimilarity, rules.young_plant, float(rules.plant_life),
        rules.uncertainty,
        ease, drop, largest_chance(ease, drop), world.year, run.seed, run.replicate, decided, site, kind,
    )  # fmt: skip
    return carry_out(run, ledger, (decided[:changes], site[:changes], kind[:changes]), world.year)


def carry_out(run: Run, ledger: Ledger, decisions: tuple[Ints, Ints, Ints], year: int) -> Changes:
    """Announce the projects decided on and drop the sites given up; keep what the record needs of them."""
    decided, site, kind = decisions
    firms, setting = run.firms, run.setting
    left = np.where(kind == choice.DROP_SECOND, firms.second[decided], firms.main[decided]).astype(np.int64)
    unexplained = position(ledger, "unexplained")
    reason, due = decisive_lines(
        decided, left, site, setting.place_of_cell, firms.cell,
        (firms.labour_intensity, firms.risk_aversion, firms.time_sensitivity), ledger.expected_laid, ledger.entry_laid,
        np.array(ledger.loadings, dtype=np.int64), run.terrain.elasticity, unexplained, run.rules.decisions.noticeable,
    )  # fmt: skip
    changes = Changes.of(setting, firms, demand_scale(run), decisions, Motive(left, reason, due, unexplained), year)
    years = np.asarray(setting.geography.traits["build_years"])[setting.place_of_cell[1]]
    projects.begin_projects(firms, decisions, due, years, run.footing, run.building)
    run.announced_projects += int(np.count_nonzero(kind <= choice.ADD))
    return changes


def relative_cost(run: Run, ledger: Ledger) -> Floats:
    """Return the expected change of cost against the mean of the cell's base-year suppliers; (cell, site)."""
    change = ledger.mean_expected().reshape(run.setting.cells, -1)
    return np.asarray(change - (run.anchor.shares * change).sum(axis=1, keepdims=True), dtype=np.float64)


def demand_growth(run: Run) -> Floats:
    """Return the growth of the market's demand over the last year where it grew, log points; (cell, 1)."""
    growth = np.log(run.demand / run.demand_before)
    markets, sectors, origins, _ = run.setting.shape
    spread = np.broadcast_to(np.maximum(growth, 0.0)[:, :, None], (markets, sectors, origins))
    return np.asarray(spread.reshape(-1, 1))


def ease_and_drop(rules: Decisions) -> tuple[float, float]:
    """Return the odds of adding and of dropping a second site; their ratio is the base-year share of pairs."""
    share = rules.second_site_share
    if share <= 0.0 or rules.second_site_ease <= 0.0:
        return 0.0, 1.0
    return rules.second_site_ease, rules.second_site_ease / share


def largest_chance(ease: float, drop: float) -> float:
    """Return the upper end of k = exp(-sunk cost): beyond it the odds of staying would be negative."""
    return 1.0 if ease == 0.0 else min(1.0 / (1.0 + ease), 1.0 / drop)


def permitted_weight(run: Run, world: World) -> Floats:
    """Return the anchor's weights with the chance that a plant is allowed: odds x p, weight x p^(1/lambda)."""
    if not run.rules.answers("permission"):
        return run.anchor.weight
    allowed = run.rules.multiplied("permission", world, (1, 1, 1, 1))
    weight = run.anchor.weight.reshape(run.setting.shape) * allowed ** (1.0 / run.rules.decisions.nest_dissimilarity)
    return np.asarray(weight.reshape(run.anchor.weight.shape))


def hedge_value(run: Run, world: World, ledger: Ledger, doubt: Floats) -> Floats:
    """Return what a second site is worth as insurance: uncertain policy and risk at the present site; (cell, site)."""
    worth = doubt + by_cell(run, "hedge", world)
    risk = position(ledger, "risk")
    if risk < 0:
        return worth
    here = np.broadcast_to(np.maximum(ledger.changes[risk].expected, 0.0), run.setting.shape)
    return np.asarray(worth + here.reshape(worth.shape), dtype=np.float64)


def close_books(run: Run, world: World, trade: Trade, slow: SlowMargin) -> None:
    """Check the identities of the year.

    raises: BooksError
    """
    slow.check(run, world.year)
    books.check_trade(trade.sales, trade.wanted, world.year)
    budgets = {i.row.id: i.row.budget_usd_billion for i in run.setting.law.of_kind("subsidy")}
    books.check_budgets(run.spent, budgets, world.year)


class FirmByFirm:
    """The slow margin of agents: every programme builds, reviews and draws for itself."""

    build = staticmethod(build)
    review = staticmethod(review)
    construction = staticmethod(construction)

    def check(self, run: Run, year: int) -> None:
        """Check that every programme has one footprint and every project one fate.

        raises: BooksError
        """
        books.check_programmes(run.firms, run.standing, run.total, year)
        building = int(np.count_nonzero(run.firms.target >= 0))
        books.check_projects(run.announced_projects, building, run.opened_projects, run.cancelled_projects, year)


def advance(run: Run, world: World, trade: Trade, changes: Decided) -> None:
    """Hand the year's activity to every mechanism; all state tables change from the same start-of-year view."""
    activity = Activity(
        trade.sales,
        trade.output,
        trade.jobs,
        trade.reference_jobs,
        dict(run.spent),
        trade.drawn,
        changes.begun_by_owner(),
    )
    seen = World(run.setting, world.year, run.state, activity)
    updates: Tables = {}
    for changed in run.rules.ask("advance", seen):
        updates |= changed
    run.state = run.state | updates
    run.activity = activity
