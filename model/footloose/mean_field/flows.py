"""Flows of a year: what opened and what was decided, added up over nodes, and the tables of the record made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from footloose.world import Setting

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Routes:
    """Tables by cell, site left and site reached, grown with the demand of the cell.

    scale      : (cell,) demand of the cell's market and sector, base year 1
    programmes : programmes per USD million of the base year
    """

    setting: Setting
    scale: Floats
    programmes: float

    def grown(self, flow: Floats) -> Floats:
        """Return a flow at this year's demand; (market, sector, origin, site, site) USD million."""
        return self.apart(flow * self.scale[:, None, None])

    def counted(self, flow: Floats) -> Floats:
        """Return how many programmes make a flow of the base year; (market, sector, origin, site, site)."""
        return self.apart(flow * self.programmes)

    def apart(self, flow: Floats) -> Floats:
        """Return a table by market, sector and owner; (market, sector, origin, site, site)."""
        return flow.reshape(*self.setting.shape, self.setting.shape[3])

    @cached_property
    def crossing(self) -> Floats:
        """One where two sites lie in different countries; (site, site)."""
        country = np.asarray(self.setting.geography.country_of_site)
        return np.asarray(country[:, None] != country[None, :], dtype=np.float64)


@dataclass(frozen=True)
class OpenedShares:
    """What building left (building.advance_shares); `Openings` for shares.

    opened, gaining, ended, late : (cell, site, target) USD million of the base year
    counted : (3, site) output of those opened, delayed, cancelled, as programmes fare
    """

    routes: Routes
    opened: Floats
    gaining: Floats
    ended: Floats
    late: Floats
    counted: Floats

    @classmethod
    def empty(cls, routes: Routes) -> OpenedShares:
        """Return tables to be written."""
        cells, sites = routes.setting.cells, routes.setting.shape[3]
        opened, gaining, ended, late = np.zeros((4, cells, sites, sites))
        return cls(routes, opened, gaining, ended, late, np.zeros((3, sites)))

    @property
    def lost(self) -> Floats:
        """Yearly output of the projects cancelled; (sector, site) USD million."""
        return self._reached(self.ended)

    def value_by_sector_site(self) -> Floats:
        """Return yearly output of the plants opened; (sector, site) USD million."""
        return self._reached(self.opened)

    def jobs_by_site(self, jobs_per_output: Floats) -> Floats:
        """Return the jobs of plants opened across a border: all of them, and those for a gain in cost; (2, site)."""
        both = [self.routes.grown(flow) for flow in (self.opened, self.gaining)]
        return np.stack([np.einsum("msoij,ij,sj->j", flow, self.routes.crossing, jobs_per_output) for flow in both])

    def tables(self) -> dict[str, Floats]:
        """Return the tables for the record."""
        opened, delayed, cancelled = self.counted * self.routes.programmes
        return {
            "projects_open": opened,
            "projects_delayed": delayed,
            "projects_cancelled": cancelled,
            "cancelled_value": self.lost,
            "delayed_value": self._reached(self.late),
        }

    def _reached(self, flow: Floats) -> Floats:
        return np.asarray(self.routes.grown(flow).sum(axis=(0, 2, 3)))


@dataclass(frozen=True)
class DecidedShares:
    """What reviews decided (reviewing), in USD million of the base year; `Changes` for shares.

    projects, projects_count : (cell, site, target) output that plants announced are to have; of those who announce them
    gained, due   : (cell, site, target) of it for a gain in cost; the part of that which is due to costs
    reasons       : (cell, line) output announced by decisive line
    dropped, dropped_count : (cell, site left, site kept) output concentrated; of those who concentrate it
    left          : (cohort, cell, site) output of the plants left by those who move or drop them
    age           : (cohort,) years since these opened
    """

    routes: Routes
    projects: Floats
    projects_count: Floats
    gained: Floats
    due: Floats
    reasons: Floats
    dropped: Floats
    dropped_count: Floats
    left: Floats
    age: Floats

    @classmethod
    def empty(cls, routes: Routes, lines: int, age: Floats) -> DecidedShares:
        """Return tables to be written."""
        cells, sites = routes.setting.cells, routes.setting.shape[3]
        projects, count, gained, due, dropped, dropped_count = np.zeros((6, cells, sites, sites))
        reasons, left = np.zeros((cells, lines)), np.zeros((age.size, cells, sites))
        return cls(routes, projects, count, gained, due, reasons, dropped, dropped_count, left, age)

    def begun(self) -> Floats:
        """Return yearly output of the plants announced; (sector, site) USD million."""
        return np.asarray(self.begun_by_owner().sum(axis=0))

    def begun_by_owner(self) -> Floats:
        """Return the same by home of the owner; (origin, sector, site) USD million."""
        return np.asarray(np.einsum("msoij->osj", self.routes.grown(self.projects)))

    def given_up(self, years: float) -> Floats:
        """Return yearly output of plants given up within so many years of their opening; (sector, site) USD million."""
        young = self.left[self.age <= years].sum(axis=0) * self.routes.scale[:, None]
        return np.asarray(young.reshape(self.routes.setting.shape).sum(axis=(0, 2)))

    def tables(self, jobs_per_output: Floats, lines: int) -> dict[str, Floats]:
        """Return the tables for the record; jobs_per_output is (sector, site)."""
        routes, (markets, sectors, origins, _) = self.routes, self.routes.setting.shape
        projects, counted = routes.grown(self.projects), routes.counted(self.projects_count)
        reasons = (self.reasons * routes.scale[:, None]).reshape(markets, sectors, origins, lines)
        return {
            "moves_value": (projects + routes.grown(self.dropped)).sum(axis=2),
            "moves_count": (counted + routes.counted(self.dropped_count)).sum(axis=2),
            "reasons": reasons.sum(axis=2),
            "announced_value": self.begun(),
            "projects_announced": counted.sum(axis=(0, 1, 2, 3)),
            **self._jobs(projects, jobs_per_output),
            **self._entries(projects, counted, jobs_per_output),
        }

    def _jobs(self, projects: Floats, jobs_per_output: Floats) -> dict[str, Floats]:
        """Return jobs of projects across a border: for a gain in cost (to home, abroad), for none; and due to costs."""
        crossing, home = self.routes.crossing, np.asarray(self.routes.setting.geography.home_of, dtype=np.float64)
        gained, due = self.routes.grown(self.gained), self.routes.grown(self.due)
        by_owner = np.einsum("msoij,ij->osj", gained, crossing) * jobs_per_output
        all_jobs, due_jobs = (np.einsum("msoij,ij->sj", flow, crossing) * jobs_per_output for flow in (projects, due))
        return {
            "jobs_reshoring": np.einsum("osj,oj->sj", by_owner, home),
            "jobs_foreign": by_owner * (1.0 - home)[:, None, :],
            "jobs_turnover": all_jobs - by_owner.sum(axis=0),
            "jobs_due": due_jobs,
            "reshoring_from": np.einsum("msoij,oj,sj->ij", gained, home, jobs_per_output) * crossing,
        }

    def _entries(self, projects: Floats, counted: Floats, jobs_per_output: Floats) -> dict[str, Floats]:
        """Return jobs and programmes of all projects across a border, whatever their motive, by home of the owner."""
        crossing = self.routes.crossing
        return {
            "entries_jobs": np.einsum("msoij,ij->osj", projects, crossing) * jobs_per_output,
            "entries_projects": np.einsum("msoij,ij->osj", counted, crossing),
            "entries_jobs_from": np.einsum("msoij,sj->oij", projects, jobs_per_output) * crossing,
            "entries_projects_from": counted.sum(axis=(0, 1)) * crossing,
        }
