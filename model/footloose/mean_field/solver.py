"""The solver: the year's own table of contents, with the slow margin as shares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from footloose.anchor import anchor_base_year
from footloose.errors import BooksError
from footloose.firms import mean_size, unborn
from footloose.keeping import in_place
from footloose.ledger import Ledger
from footloose.mean_field.building import advance_shares
from footloose.mean_field.flows import DecidedShares, OpenedShares, Routes
from footloose.mean_field.nodes import Nodes, spread_nodes
from footloose.mean_field.odds import by_row, weigh_odds
from footloose.mean_field.reviewing import leave_pairs, leave_single, name_reasons
from footloose.mean_field.shares import (
    FOOTING_UNIT,
    Shares,
    after_drops,
    ages,
    cohorts_kept,
    cohorts_used,
    first_shares,
    footprints_of_base_year,
    in_whole_parts,
    pair_of,
    place_of_cohort,
)
from footloose.memory import free_memory
from footloose.record import Record
from footloose.running import Rules, Run, Tables, demand_scale, position
from footloose.scenario import Scenario
from footloose.sections import Population
from footloose.simulation import (
    Size,
    first_day,
    manifest_of,
    population_of,
    rules_of,
    set_up,
    smallest_share,
    to_record,
)
from footloose.stacking import alone
from footloose.world import Floats, Ints, Setting, World
from footloose.year import by_cell, ease_and_drop, live_one_year, weigh_review

NODES = 8
"""Representative firms of a cell; docs/mean_field.md shows what other numbers cost and gain."""

ROUNDING = 1e-9
"""Largest part of all output that may seem to be lost in a year before the books complain."""


def solve_mean_field(
    scenario: Scenario,
    *,
    nodes: int = NODES,
    years: tuple[int, int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Record:
    """Solve a scenario for infinitely many firms: the same record as of a run, with one replicate and no chance.

    nodes    : representative firms of every cell, a power of two
    years    : replace the scenario's own; (2010, last year)
    progress : called with (years solved, years to solve) after every year
    raises   : FootlooseError for nodes or a horizon that cannot be, TooLarge beyond the memory
    """
    begun = time.perf_counter()
    setting, rules = set_up(scenario, years), rules_of(scenario)
    rows = live_in_shares(setting, rules, population_of(scenario), nodes, smallest_share(scenario), progress)
    manifest = manifest_of(scenario, Size(0, 0), 1, setting.law.years, time.perf_counter() - begun)
    return to_record(setting, rules, alone(in_place(rows)), manifest | {"solver": "mean field", "nodes": nodes})


def live_in_shares(
    setting: Setting,
    rules: Rules,
    population: Population,
    nodes: int,
    floor: float,
    progress: Callable[[int, int], None] | None = None,
) -> list[Tables]:
    """Return what every year leaves. floor: smallest base-year share; the rest as for `solve_mean_field`."""
    ease, drop = ease_and_drop(rules.decisions)
    anchor = anchor_base_year(setting, floor, ease / drop, rules.decisions.nest_dissimilarity)
    spread, cohorts = spread_nodes(population, setting.cells, nodes), cohorts_kept(rules.decisions, setting.law)
    longest = int(np.asarray(setting.geography.traits["build_years"]).max())
    footprints = footprints_of_base_year(setting, anchor, ease / drop)
    shares = first_shares(footprints, nodes, cohorts, longest, free_memory())
    footing = in_whole_parts(footprints)
    run = first_day(setting, rules, anchor, unborn(0), footing, mean_size(population), (0, 0))
    slow = ShareByShare(shares, spread, cohorts, float(footprints.sum()), np.zeros(footing.shape[:2]), footprints)
    rows: list[Tables] = []
    for year in setting.law.years:
        rows.append(live_one_year(run, year, slow))
        if progress is not None:
            progress(len(rows), len(setting.law.years))
    return rows


@dataclass
class ShareByShare:
    """The slow margin of shares: of every state the part moves on that the chances of the engine say (SlowMargin).

    cohorts   : years of openings told apart
    total     : output of all, which nothing changes [USD million]
    under_way : (cell, site) output that the projects announced and neither opened nor cancelled are to have
    footprints, missing : this year's, before reviews; what of the projects under way was not found to be built
    """

    shares: Shares
    nodes: Nodes
    cohorts: int
    total: float
    under_way: Floats
    footprints: Floats
    missing: float = 0.0

    def build(self, run: Run, world: World, doubt: Floats) -> OpenedShares:
        """Advance the projects; open the plants that are ready, before the year's production."""
        shares, nodes, rules = self.shares, self.nodes, run.rules.projects
        place = place_of_cohort(world.year, self.cohorts)
        shares.retire(place)
        opened = OpenedShares.empty(Routes(run.setting, demand_scale(run), nodes.programmes))
        found = advance_shares(
            *shares.tables(), pair_of(run.setting.shape[3]), place, build_years(run), nodes.larger,
            nodes.larger_counted,
            (rules.delay_hazard, rules.cancel_hazard, rules.size_effect, rules.uncertainty_effect),
            by_cell(run, "delay", world), by_cell(run, "refusal", world), doubt,
            opened.opened, opened.gaining, opened.ended, opened.late, opened.counted,
        )  # fmt: skip
        self.missing = float(self.under_way.sum()) - found
        self.under_way -= (opened.opened + opened.ended).sum(axis=1)
        self.footprints = shares.footprints()
        run.footing = in_whole_parts(self.footprints)
        return opened

    def review(self, run: Run, world: World, ledger: Ledger, doubt: Floats) -> DecidedShares:
        """Divide those who review among all they may decide: the slow margin."""
        rules, terrain, nodes, shares = run.rules.decisions, run.terrain, self.nodes, self.shares
        given, age = weigh_review(run, world, ledger, doubt), ages(world.year, self.cohorts)
        used = cohorts_used(world.year, self.cohorts)
        told = any(i.row.claw_back > 0.0 for i in run.setting.law.of_kind("subsidy"))
        decided = DecidedShares.empty(Routes(run.setting, demand_scale(run), nodes.programmes), len(ledger.names), age)
        odds = weigh_odds(run, nodes, given, doubt)
        young = np.exp(-rules.young_plant * (1.0 - np.minimum(age / rules.plant_life, 1.0)))
        single, pair, building, gaining, waiting = (by_row(table) for table in shares.tables())
        begun = np.empty((*odds.share.shape, odds.share.shape[1]))
        leave_single(
            nodes.count, single, building, waiting, begun, given.hazard, odds.leaving, run.reach, odds.within,
            odds.share, odds.stay, odds.add, young, odds.ease, odds.largest, terrain.tie, terrain.market,
            build_years(run), used, told, decided.projects_count, decided.left,
        )  # fmt: skip
        leave_pairs(
            nodes.count, single, pair, given.hazard, odds.value, odds.deep, odds.hedged, given.rooted,
            terrain.sunk_cost, terrain.extra, young, odds.drop, odds.largest, terrain.tie, terrain.market, used, told,
            decided.dropped, decided.dropped_count, decided.left,
        )  # fmt: skip
        name_reasons(
            nodes.count, begun, gaining, loadings_of_lines(nodes, ledger), lines_by_cell(ledger.expected),
            lines_by_cell(ledger.entry), terrain.elasticity, rules.noticeable, position(ledger, "unexplained"),
            build_years(run), decided.projects, decided.gained, decided.due, decided.reasons,
        )  # fmt: skip
        self.under_way += decided.projects.sum(axis=1)
        run.footing = in_whole_parts(after_drops(self.footprints, decided.dropped))
        return decided

    def construction(self, run: Run) -> Floats:
        """Return the capital cost of plants under construction, in equal parts over their building time."""
        traits = run.setting.geography.traits
        cost = np.asarray(traits["capital_per_output"]) / np.asarray(traits["build_years"])
        by_cell = (self.under_way * demand_scale(run)[:, None]).reshape(run.setting.shape)
        return np.asarray(by_cell.sum(axis=(0, 2)) * cost[:, None])

    def check(self, run: Run, year: int) -> None:
        """Check that footprints add up to what they were, and projects to what was announced and has not ended.

        What reviews lose is seen when the next year counts footprints, in the last year at once.

        raises: BooksError
        """
        last = year == run.setting.law.years[-1]
        whole = self.shares.total() if last else float(run.footing.sum()) * FOOTING_UNIT
        if not abs(whole - self.total) <= ROUNDING * self.total:
            gap = whole - self.total
            raise BooksError(f"{year}: footprints differ from the base-year total by {gap:.6g} USD million")
        if not abs(self.missing) <= ROUNDING * self.total:
            gap = self.missing
            raise BooksError(f"{year}: projects announced and not yet ended differ from those under way by {gap:.6g}")


def build_years(run: Run) -> Ints:
    """Return the years that plants of a cell are built; (cell,)."""
    years = np.asarray(run.setting.geography.traits["build_years"], dtype=np.int64)
    return years[run.setting.place_of_cell[1]]


def loadings_of_lines(nodes: Nodes, ledger: Ledger) -> Floats:
    """Return what multiplies each line of the ledger for each node; (row, line)."""
    one = np.ones((nodes.trait.shape[0], 1, nodes.count))
    factor = np.concatenate([one, nodes.trait], axis=1)[:, [int(loading) for loading in ledger.loadings]]
    return np.ascontiguousarray(np.swapaxes(factor, 1, 2).reshape(-1, len(ledger.names)))


def lines_by_cell(lines: Floats) -> Floats:
    """Return lines of the ledger, (line, market, sector, origin, site), by cell; (cell, line, site)."""
    count, *_, sites = lines.shape
    return np.ascontiguousarray(np.swapaxes(lines.reshape(count, -1, sites), 0, 1))
