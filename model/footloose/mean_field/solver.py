"""The solver: the year's own table of contents, with the slow margin as shares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from footloose.anchor import anchor_base_year
from footloose.errors import BooksError
from footloose.firms import mean_size, unborn
from footloose.ledger import Ledger
from footloose.mean_field.building import advance_shares
from footloose.mean_field.flows import DecidedShares, OpenedShares, Routes
from footloose.mean_field.nodes import Nodes, spread_nodes
from footloose.mean_field.reviewing import review_shares
from footloose.mean_field.shares import (
    Shares,
    ages,
    cohorts_kept,
    first_shares,
    footprints_of_base_year,
    pair_of,
    place_of_cohort,
    retire,
)
from footloose.memory import free_memory
from footloose.record import Record
from footloose.running import Run, demand_scale, position
from footloose.scenario import Scenario
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
from footloose.world import Floats, Ints, World
from footloose.year import by_cell, ease_and_drop, largest_chance, live_one_year, weigh_review

NODES = 16
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
    setting, rules, population = set_up(scenario, years), rules_of(scenario), population_of(scenario)
    horizon = setting.law.years
    ease, drop = ease_and_drop(rules.decisions)
    anchor = anchor_base_year(setting, smallest_share(scenario), ease / drop, rules.decisions.nest_dissimilarity)
    spread, cohorts = spread_nodes(population, setting.cells, nodes), cohorts_kept(rules.decisions, setting.law)
    longest = int(np.asarray(setting.geography.traits["build_years"]).max())
    footprints = footprints_of_base_year(setting, anchor, ease / drop)
    shares = first_shares(footprints, nodes, cohorts, longest, free_memory())
    run = first_day(setting, rules, anchor, unborn(0), shares.footing(), mean_size(population), (0, 0))
    slow, rows = ShareByShare(shares, spread, cohorts, shares.total()), []
    for year in horizon:
        rows.append(live_one_year(run, year, slow))
        if progress is not None:
            progress(len(rows), len(horizon))
    manifest = manifest_of(scenario, Size(0, 0), 1, horizon, time.perf_counter() - begun)
    return to_record(setting, rules, [rows], manifest | {"solver": "mean field", "nodes": nodes})


@dataclass
class ShareByShare:
    """The slow margin of shares: of every state the part moves on that the chances of the engine say (SlowMargin).

    total : output of all, which nothing changes [USD million]
    """

    shares: Shares
    nodes: Nodes
    cohorts: int
    total: float

    def build(self, run: Run, world: World, doubt: Floats) -> OpenedShares:
        """Advance the projects; open the plants that are ready, before the year's production."""
        shares, nodes, rules = self.shares, self.nodes, run.rules.projects
        place = place_of_cohort(world.year, self.cohorts)
        for table in (shares.single, shares.pair, shares.waiting):
            retire(table.reshape(-1, self.cohorts + 1), place)
        opened = OpenedShares.empty(Routes(run.setting, demand_scale(run)))
        advance_shares(
            shares.single, shares.pair, shares.building, shares.gaining, shares.waiting, pair_of(run.setting.shape[3]),
            place, build_years(run), nodes.larger, nodes.programmes, rules.delay_hazard, rules.cancel_hazard,
            by_cell(run, "delay", world), by_cell(run, "refusal", world), doubt, rules.size_effect,
            rules.uncertainty_effect, opened.opened, opened.gaining, opened.ended, opened.late, opened.counted,
        )  # fmt: skip
        run.footing = shares.footing()
        return opened

    def review(self, run: Run, world: World, ledger: Ledger, doubt: Floats) -> DecidedShares:
        """Divide those who review among all they may decide: the slow margin."""
        rules, terrain, nodes, shares = run.rules.decisions, run.terrain, self.nodes, self.shares
        given = weigh_review(run, world, ledger, doubt)
        cells, (ease, drop) = run.setting.cells, ease_and_drop(rules)
        age = ages(world.year, self.cohorts)
        decided = DecidedShares.empty(Routes(run.setting, demand_scale(run)), len(ledger.names), age)
        review_shares(
            (shares.single, shares.pair, shares.building, shares.gaining, shares.waiting),
            pair_of(run.setting.shape[3]), (nodes.trait, nodes.sunk_cost, nodes.programmes), build_years(run),
            (given.hazard, given.expected, given.entry, given.weight, given.hedge, given.rooted, doubt, run.reach),
            (terrain.tie, terrain.market, terrain.elasticity, terrain.sunk_cost, terrain.extra, terrain.nest,
             int(terrain.nest.max()) + 1),
            (rules.nest_dissimilarity, rules.uncertainty, ease, drop, largest_chance(ease, drop)),
            np.exp(-rules.young_plant * (1.0 - np.minimum(age / rules.plant_life, 1.0))),
            (ledger.expected.reshape(len(ledger.names), cells, -1), ledger.entry.reshape(len(ledger.names), cells, -1),
             np.array([int(loading) for loading in ledger.loadings]), rules.noticeable, position(ledger, "unexplained")),
            decided.as_written(),
        )  # fmt: skip
        run.footing = shares.footing()
        return decided

    def construction(self, run: Run) -> Floats:
        """Return the capital cost of plants under construction, in equal parts over their building time."""
        markets, sectors, origins, sites = run.setting.shape
        traits = run.setting.geography.traits
        cost = np.asarray(traits["capital_per_output"]) / np.asarray(traits["build_years"])
        output = np.einsum("cnlkij,k,c->cj", self.shares.building, np.array([1.0, 0.5]), demand_scale(run))
        return np.asarray(output.reshape(markets, sectors, origins, sites).sum(axis=(0, 2)) * cost[:, None])

    def check(self, run: Run, year: int) -> None:
        """Check that footprints add up to what they were, and projects to those who wait for them.

        raises: BooksError
        """
        gap = abs(self.shares.total() - self.total)
        if not gap <= ROUNDING * self.total:
            raise BooksError(f"{year}: footprints differ from the base-year total by {gap:.6g} USD million")
        if (run.footing < 0).any():
            raise BooksError(f"{year}: a footprint holds less than nothing")
        gap = abs(float(self.shares.building.sum() - self.shares.waiting.sum()))
        if not gap <= ROUNDING * self.total:
            raise BooksError(f"{year}: projects under way differ from those who wait by {gap:.6g} USD million")


def build_years(run: Run) -> Ints:
    """Return the years that plants of a cell are built; (cell,)."""
    years = np.asarray(run.setting.geography.traits["build_years"], dtype=np.int64)
    return years[run.setting.place_of_cell[1]]
