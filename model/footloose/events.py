"""Events of a year: who decided what and which plants opened, as small tables for the record."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Protocol

import numpy as np
import numpy.typing as npt

from footloose import choice
from footloose.counting import add_where
from footloose.firms import VALUE_UNIT, Firms
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

    @classmethod
    def of(cls, setting: Setting, cell: npt.NDArray[np.int32]) -> Place:
        """Split cells into market, sector and origin."""
        market, sector, origin = setting.place_of_cell
        return cls(market[cell], sector[cell], origin[cell])


@dataclass(frozen=True)
class Openings:
    """Projects that opened, were cancelled or were delayed this year.

    place, site, value          : (plant,) those that opened
    crossing, gaining           : (plant,) those of them across a border, and those for a gain in cost
    opened, cancelled, delayed  : (site,) programmes
    lost, late                  : (sector, site) yearly output of the cancelled and of the delayed ones, USD million
    """

    setting: Setting
    place: Place
    site: Ints
    value: Floats
    crossing: Bools
    gaining: Bools
    opened: Floats
    cancelled: Floats
    delayed: Floats
    lost: Floats
    late: Floats

    @classmethod
    def of(
        cls, setting: Setting, firms: Firms, scale: Floats, opened: Ints, cancelled: Ints, delayed: Ints
    ) -> Openings:
        """Read the columns before the plants open and the projects are forgotten.

        scale : (cell,) demand of the cell's market and sector, base year 1
        """
        part = np.where(firms.adding[opened] == 1, ADDED_PART, 1.0)
        country, cell, site = np.asarray(setting.geography.country_of_site), firms.cell[opened], firms.target[opened]
        return cls(
            setting,
            Place.of(setting, cell),
            site.astype(np.int64),
            firms.value[opened] * VALUE_UNIT * part * scale[cell],
            country[firms.main[opened]] != country[site],
            firms.gaining[opened] == 1,
            _count(setting, firms, opened),
            _count(setting, firms, cancelled),
            _count(setting, firms, delayed),
            _planned(setting, firms, scale, cancelled),
            _planned(setting, firms, scale, delayed),
        )

    def value_by_sector_site(self) -> Floats:
        """Return yearly output of the plants opened; (sector, site) USD million."""
        _, sectors, _, sites = self.setting.shape
        return _table(self.place.sector * sites + self.site, self.value, (sectors, sites))

    def jobs_by_site(self, jobs_per_output: Floats) -> Floats:
        """Return the jobs of plants opened across a border: all of them, and those for a gain in cost; (2, site)."""
        jobs = self.value * jobs_per_output[self.place.sector, self.site] * self.crossing
        sites = (self.setting.shape[3],)
        return np.stack([_table(self.site, jobs, sites), _table(self.site, jobs * self.gaining, sites)])

    def tables(self) -> dict[str, Floats]:
        """Return the tables for the record."""
        return {
            "projects_open": self.opened,
            "projects_cancelled": self.cancelled,
            "projects_delayed": self.delayed,
            "cancelled_value": self.lost,
            "delayed_value": self.late,
        }


@dataclass(frozen=True)
class Motive:
    """Why: the site left, the decisive line, the part due to costs (choice.decisive_lines); each (change,).

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
        part, cell = np.where(kind == choice.MOVE, 1.0, ADDED_PART), firms.cell[decided]
        value = np.asarray(firms.value[decided] * VALUE_UNIT, dtype=np.float64)
        return cls(
            setting=setting,
            place=Place.of(setting, cell),
            kind=kind,
            reached=site,
            motive=motive,
            value=value * part * scale[cell],
            programmes=np.asarray(value / firms.size[decided], dtype=np.float64),
            age=year - firms.opened[decided].astype(np.int64),
        )

    def begun(self) -> Floats:
        """Return yearly output of the plants announced; (sector, site) USD million."""
        _, sectors, _, sites = self.setting.shape
        building = self.kind <= choice.ADD
        at_site = self.place.sector * sites + self.reached
        return _table(at_site, self.value, (sectors, sites), building)

    def begun_by_owner(self) -> Floats:
        """Return the same by home of the owner; (origin, sector, site) USD million."""
        _, sectors, origins, sites = self.setting.shape
        building = self.kind <= choice.ADD
        by_owner = (self.place.origin * sectors + self.place.sector) * sites + self.reached
        return _table(by_owner, self.value, (origins, sectors, sites), building)

    def given_up(self, years: float) -> Floats:
        """Return yearly output of plants given up within so many years of their opening; (sector, site) USD million."""
        _, sectors, _, sites = self.setting.shape
        young = (self.kind != choice.ADD) & (self.age <= years)
        at_site = self.place.sector * sites + self.motive.left
        return _table(at_site, self.value, (sectors, sites), young)

    def tables(self, jobs_per_output: Floats, lines: int) -> dict[str, Floats]:
        """Return the tables for the record; jobs_per_output is (sector, site)."""
        markets, sectors, _, sites = self.setting.shape
        building, place = self.kind <= choice.ADD, self.place
        route = (self.motive.left * sites + self.reached) + sites * sites * (place.market * sectors + place.sector)
        return {
            "moves_value": _table(route, self.value, (markets, sectors, sites, sites)),
            "moves_count": _table(route, self.programmes, (markets, sectors, sites, sites)),
            "reasons": self._reasons(building, lines),
            "announced_value": self.begun(),
            "projects_announced": _table(self.reached, self.programmes, (sites,), building),
            **self._jobs(building, jobs_per_output),
        }

    def _reasons(self, building: Bools, lines: int) -> Floats:
        """Return the value of projects by decisive line, turnover with `unexplained`; (market, sector, line)."""
        markets, sectors, _, _ = self.setting.shape
        reason = np.where(self.motive.due > 0.0, self.motive.reason, self.motive.unexplained)
        named = building & (reason >= 0)
        row = (self.place.market * sectors + self.place.sector) * lines + reason
        return _table(row, self.value, (markets, sectors, lines), named)

    def _jobs(self, building: Bools, jobs_per_output: Floats) -> dict[str, Floats]:
        """Return jobs of projects across a border: for a gain in cost (to home, abroad), for none; and due to costs."""
        geography, (_, sectors, origins, sites) = self.setting.geography, self.setting.shape
        country, left = np.asarray(geography.country_of_site), self.motive.left
        crossing = building & (country[left] != country[self.reached])
        home = np.asarray(geography.home_of)[self.place.origin, self.reached]
        jobs = self.value * jobs_per_output[self.place.sector, self.reached]
        gained = self.motive.due > 0.0
        back, abroad = crossing & home & gained, crossing & ~home & gained
        at_site = self.place.sector * sites + self.reached
        by_owner = (self.place.origin * sectors + self.place.sector) * sites + self.reached
        turnover, due = crossing & ~gained, crossing & gained
        return {
            "jobs_reshoring": _table(at_site, jobs, (sectors, sites), back),
            "jobs_foreign": _table(by_owner, jobs, (origins, sectors, sites), abroad),
            "jobs_turnover": _table(at_site, jobs, (sectors, sites), turnover),
            "jobs_due": _table(at_site, jobs * self.motive.due, (sectors, sites), due),
            "reshoring_from": _table(left * sites + self.reached, jobs, (sites, sites), back),
            **self._entries(crossing, jobs),
        }

    def _entries(self, crossing: Bools, jobs: Floats) -> dict[str, Floats]:
        """Return jobs and programmes of all projects across a border, whatever their motive, by home of the owner."""
        _, sectors, origins, sites = self.setting.shape
        at = (self.place.origin * sectors + self.place.sector) * sites + self.reached
        route = (self.place.origin * sites + self.motive.left) * sites + self.reached
        return {
            "entries_jobs": _table(at, jobs, (origins, sectors, sites), crossing),
            "entries_projects": _table(at, self.programmes, (origins, sectors, sites), crossing),
            "entries_jobs_from": _table(route, jobs, (origins, sites, sites), crossing),
            "entries_projects_from": _table(route, self.programmes, (origins, sites, sites), crossing),
        }


def _planned(setting: Setting, firms: Firms, scale: Floats, chosen: Ints) -> Floats:
    """Return yearly output that the projects of these firms are to have; (sector, site) USD million."""
    _, sectors, _, sites = setting.shape
    value = firms.value[chosen] * VALUE_UNIT * scale[firms.cell[chosen]]
    value = value * np.where(firms.adding[chosen] == 1, ADDED_PART, 1.0)
    at_site = setting.place_of_cell[1][firms.cell[chosen]] * sites + firms.target[chosen]
    return _table(at_site, value, (sectors, sites))


def _count(setting: Setting, firms: Firms, chosen: Ints) -> Floats:
    weights = np.asarray(firms.value[chosen] * VALUE_UNIT / firms.size[chosen], dtype=np.float64)
    return _table(firms.target[chosen].astype(np.int64), weights, (setting.shape[3],))


def _table(index: Ints, weights: Floats, shape: tuple[int, ...], chosen: Bools | None = None) -> Floats:
    """Return the sums of weights by place in a table of this shape, in the order of events; all, or those chosen."""
    if chosen is None:
        counted = np.bincount(index, weights=weights, minlength=prod(shape))
        return np.asarray(counted, dtype=np.float64).reshape(shape)  # of no events at all NumPy counts in whole numbers
    table = np.zeros(prod(shape))
    add_where(chosen, index, weights, table)
    return table.reshape(shape)
