"""Events of a year: who decided what and which plants opened, as small tables for the record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Protocol

import numpy as np
import numpy.typing as npt

from footloose import choice
from footloose.event_loops import add_up_changes, add_up_entries, add_where, read_changes, read_projects
from footloose.firms import VALUE_UNIT, Firms
from footloose.projects import CANCELLED, DELAYED, OPENED, OUTCOMES
from footloose.world import Setting

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ADDED_PART = 0.5
"""Share of a programme's output that goes to a second site when it opens (even split before costs differ)."""


class Opened(Protocol):
    """What a year has to know of the plants that opened and of the projects given up: of firms, or of shares."""

    @property
    def lost(self) -> Floats:
        """Yearly output of the projects cancelled; (sector, site) USD million."""

    def value_by_sector_site(self) -> Floats:
        """Return yearly output of the plants opened; (sector, site) USD million."""

    def jobs_by_site(self, jobs_per_output: Floats) -> Floats:
        """Return the jobs of plants opened across a border: all of them, and those for a gain in cost; (2, site)."""

    def tables(self) -> dict[str, Floats]:
        """Return the tables for the record."""


class Decided(Protocol):
    """What a year has to know of its decisions: of firms, or of shares."""

    def begun(self) -> Floats:
        """Return yearly output of the plants announced; (sector, site) USD million."""

    def begun_by_owner(self) -> Floats:
        """Return the same by home of the owner; (origin, sector, site) USD million."""

    def given_up(self, years: float) -> Floats:
        """Return yearly output of plants given up within so many years of their opening; (sector, site) USD million."""

    def tables(self, jobs_per_output: Floats, lines: int) -> dict[str, Floats]:
        """Return the tables for the record; jobs_per_output is (sector, site)."""


@dataclass(frozen=True)
class Place:
    """Where each firm of a list belongs; each (event,)."""

    market: Ints
    sector: Ints
    origin: Ints

    @property
    def indices(self) -> tuple[Ints, Ints, Ints]:
        """Market, sector and origin, as compiled loops take them."""
        return self.market, self.sector, self.origin


@dataclass(frozen=True)
class Openings:
    """Projects that opened, were delayed or were cancelled this year.

    sector, site, value : (plant,) those that opened
    crossing, gaining   : (plant,) those of them across a border, and those for a gain in cost
    programmes          : (outcome, site)
    output              : (outcome, sector, site) yearly output they were to have, USD million
    """

    sector: Ints
    site: Ints
    value: Floats
    crossing: Bools
    gaining: Bools
    programmes: Floats
    output: Floats

    @classmethod
    def of(cls, setting: Setting, firms: Firms, scale: Floats, concerned: Ints, outcome: Ints) -> Openings:
        """Read the columns before the plants open and the projects are forgotten.

        scale : (cell,) demand of the cell's market and sector, base year 1
        concerned, outcome : (project,) firms, and what happens to their projects
        """
        _, sectors, _, sites = setting.shape
        programmes, output = np.zeros((OUTCOMES, sites)), np.zeros((OUTCOMES, sectors, sites))
        sector, site = np.empty((2, concerned.size), dtype=np.int64)
        crossing, gaining = np.empty((2, concerned.size), dtype=np.bool_)
        value, country = np.empty(concerned.size), np.asarray(setting.geography.country_of_site)
        plants = read_projects(
            concerned, outcome, firms.main, firms.target, firms.adding, firms.gaining, firms.cell, firms.value,
            firms.size, setting.place_of_cell[1], scale, country, OPENED, VALUE_UNIT, ADDED_PART,
            programmes, output, sector, site, value, crossing, gaining,
        )  # fmt: skip
        return cls(
            sector[:plants], site[:plants], value[:plants], crossing[:plants], gaining[:plants], programmes, output
        )

    @property
    def lost(self) -> Floats:
        """Yearly output of the projects cancelled; (sector, site) USD million."""
        return np.asarray(self.output[CANCELLED])

    def value_by_sector_site(self) -> Floats:
        """Return yearly output of the plants opened; (sector, site) USD million."""
        return np.asarray(self.output[OPENED])

    def jobs_by_site(self, jobs_per_output: Floats) -> Floats:
        """Return the jobs of plants opened across a border: all of them, and those for a gain in cost; (2, site)."""
        jobs = self.value * jobs_per_output[self.sector, self.site] * self.crossing
        sites = (self.programmes.shape[1],)
        return np.stack([_table(self.site, jobs, sites), _table(self.site, jobs * self.gaining, sites)])

    def tables(self) -> dict[str, Floats]:
        """Return the tables for the record."""
        return {
            "projects_open": self.programmes[OPENED],
            "projects_cancelled": self.programmes[CANCELLED],
            "projects_delayed": self.programmes[DELAYED],
            "cancelled_value": self.output[CANCELLED],
            "delayed_value": self.output[DELAYED],
        }


@dataclass(frozen=True)
class Motive:
    """Why: the site left, the decisive line, the part due to costs (reasons.decisive_lines); each (change,).

    unexplained : position of the line that stands for turnover, -1 where it is switched off
    """

    left: Ints
    reason: Ints
    due: Floats
    unexplained: int


@dataclass(frozen=True)
class Changes:
    """Decisions of the year: from which site to which, by whom, why, how much output, and how long after the plant
    opened; each (change,)."""

    setting: Setting
    place: Place
    kind: Ints
    reached: Ints
    motive: Motive
    value: Floats
    programmes: Floats
    age: Ints

    @classmethod
    def of(
        cls,
        setting: Setting,
        firms: Firms,
        scale: Floats,
        decisions: tuple[Ints, Ints, Ints],
        motive: Motive,
        year: int,
    ) -> Changes:
        """Read the columns before the decisions are carried out.

        scale : (cell,) demand of the cell's market and sector, base year 1
        """
        decided, site, kind = decisions
        market, sector, origin, age = np.empty((4, decided.size), dtype=np.int64)
        value, programmes = np.empty((2, decided.size))
        read_changes(
            decided, kind == choice.MOVE, firms.cell, firms.value, firms.size, firms.opened, setting.place_of_cell,
            scale, VALUE_UNIT, ADDED_PART, year, market, sector, origin, value, programmes, age,
        )  # fmt: skip
        return cls(setting, Place(market, sector, origin), kind, site, motive, value, programmes, age)

    @cached_property
    def _building(self) -> Bools:
        return np.asarray(self.kind <= choice.ADD)

    @cached_property
    def _summed(self) -> dict[str, Floats]:
        """What they add up to, by name of the table; and `begun_by_owner`."""
        markets, sectors, origins, sites = self.setting.shape
        sums = {
            "moves_value": np.zeros((markets, sectors, sites, sites)),
            "moves_count": np.zeros((markets, sectors, sites, sites)),
            "announced_value": np.zeros((sectors, sites)),
            "projects_announced": np.zeros(sites),
            "begun_by_owner": np.zeros((origins, sectors, sites)),
        }
        add_up_changes(
            self._building, self.motive.left, self.reached, self.place.indices, self.value, self.programmes,
            *sums.values(),
        )  # fmt: skip
        return sums

    def begun(self) -> Floats:
        """Return yearly output of the plants announced; (sector, site) USD million."""
        return self._summed["announced_value"]

    def begun_by_owner(self) -> Floats:
        """Return the same by home of the owner; (origin, sector, site) USD million."""
        return self._summed["begun_by_owner"]

    def given_up(self, years: float) -> Floats:
        """Return yearly output of plants given up within so many years of their opening; (sector, site) USD million."""
        _, sectors, _, sites = self.setting.shape
        young = (self.kind != choice.ADD) & (self.age <= years)
        at_site = self.place.sector * sites + self.motive.left
        return _table(at_site, self.value, (sectors, sites), young)

    def tables(self, jobs_per_output: Floats, lines: int) -> dict[str, Floats]:
        """Return the tables for the record; jobs_per_output is (sector, site)."""
        summed = {name: table for name, table in self._summed.items() if name != "begun_by_owner"}
        return {**summed, "reasons": self._reasons(lines), **self._jobs(jobs_per_output)}

    def _reasons(self, lines: int) -> Floats:
        """Return the value of projects by decisive line, turnover with `unexplained`; (market, sector, line)."""
        markets, sectors, _, _ = self.setting.shape
        reason = np.where(self.motive.due > 0.0, self.motive.reason, self.motive.unexplained)
        named = self._building & (reason >= 0)
        row = (self.place.market * sectors + self.place.sector) * lines + reason
        return _table(row, self.value, (markets, sectors, lines), named)

    def _jobs(self, jobs_per_output: Floats) -> dict[str, Floats]:
        """Return jobs of projects across a border: for a gain in cost (to home, abroad), for none; and due to costs.

        `entries` are jobs and programmes of all of them, whatever their motive, by home of the owner.
        """
        geography, (_, sectors, origins, sites) = self.setting.geography, self.setting.shape
        country, left = np.asarray(geography.country_of_site), self.motive.left
        crossing = self._building & (country[left] != country[self.reached])
        home = np.asarray(geography.home_of)[self.place.origin, self.reached]
        jobs = self.value * jobs_per_output[self.place.sector, self.reached]
        sums = {
            "jobs_reshoring": np.zeros((sectors, sites)),
            "jobs_foreign": np.zeros((origins, sectors, sites)),
            "jobs_turnover": np.zeros((sectors, sites)),
            "jobs_due": np.zeros((sectors, sites)),
            "reshoring_from": np.zeros((sites, sites)),
            "entries_jobs": np.zeros((origins, sectors, sites)),
            "entries_projects": np.zeros((origins, sectors, sites)),
            "entries_jobs_from": np.zeros((origins, sites, sites)),
            "entries_projects_from": np.zeros((origins, sites, sites)),
        }
        add_up_entries(
            crossing, home, self.motive.due, left, self.reached, self.place.indices, jobs, self.programmes,
            *sums.values(),
        )  # fmt: skip
        return sums


def _table(index: Ints, weights: Floats, shape: tuple[int, ...], chosen: Bools | None = None) -> Floats:
    """Return the sums of weights by place in a table of this shape, in the order of events; all, or those chosen."""
    if chosen is None:
        counted = np.bincount(index, weights=weights, minlength=prod(shape))
        return np.asarray(counted, dtype=np.float64).reshape(shape)  # of no events at all NumPy counts in whole numbers
    table = np.zeros(prod(shape))
    add_where(chosen, index, weights, table)
    return table.reshape(shape)
