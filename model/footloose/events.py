"""Events of a year: who decided what and which plants opened, as small tables for the record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose import choice
from footloose.firms import VALUE_UNIT, Firms
from footloose.world import Setting

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ADDED_PART = 0.5
"""Share of a programme's output that goes to a second site when it opens (even split before costs differ)."""


@dataclass(frozen=True)
class Place:
    """Where each firm of a list belongs; each (event,)."""

    market: Ints
    sector: Ints
    origin: Ints

    @classmethod
    def of(cls, setting: Setting, cell: npt.NDArray[np.int32]) -> Place:
        """Split cells into market, sector and origin."""
        _, sectors, origins, _ = setting.shape
        market, rest = np.divmod(cell.astype(np.int64), sectors * origins)
        sector, origin = np.divmod(rest, origins)
        return cls(market, sector, origin)


@dataclass(frozen=True)
class Openings:
    """Projects that opened, were cancelled or were delayed this year."""

    setting: Setting
    place: Place
    site: Ints
    value: Floats
    crossing: npt.NDArray[np.bool_]
    opened: Floats
    cancelled: Floats
    delayed: Floats

    @classmethod
    def of(
        cls, setting: Setting, firms: Firms, scale: Floats, opened: Ints, cancelled: Ints, delayed: Ints
    ) -> Openings:
        """Read the columns before the plants open and the projects are forgotten.

        scale : (cell,) demand of the cell's market and sector, base year 1
        """
        part = np.where(firms.adding[opened] == 1, ADDED_PART, 1.0)
        country = np.asarray(setting.geography.country_of_site)
        return cls(
            setting,
            Place.of(setting, firms.cell[opened]),
            firms.target[opened].astype(np.int64),
            firms.value[opened] * VALUE_UNIT * part * scale[firms.cell[opened]],
            (country[firms.main[opened]] != country[firms.target[opened]]) & (firms.cited[opened] == 1),
            _count(setting, firms, opened),
            _count(setting, firms, cancelled),
            _count(setting, firms, delayed),
        )

    def value_by_sector_site(self) -> Floats:
        """Return yearly output of the plants opened; (sector, site) USD million."""
        _, sectors, _, sites = self.setting.shape
        return _table(self.place.sector * sites + self.site, self.value, (sectors, sites))

    def jobs_by_site(self, jobs_per_output: Floats) -> Floats:
        """Return the jobs of plants opened by programmes that crossed a border for a reason; (site,)."""
        jobs = self.value * jobs_per_output[self.place.sector, self.site] * self.crossing
        return _table(self.site, jobs, (self.setting.shape[3],))

    def tables(self) -> dict[str, Floats]:
        """Return the tables for the record."""
        return {
            "projects_open": self.opened,
            "projects_cancelled": self.cancelled,
            "projects_delayed": self.delayed,
        }


@dataclass(frozen=True)
class Changes:
    """Decisions of the year: from which site to which, by whom, why, and how much output."""

    setting: Setting
    place: Place
    kind: Ints
    left: Ints
    reached: Ints
    reason: Ints
    cited: npt.NDArray[np.bool_]
    value: Floats
    programmes: Floats

    @classmethod
    def of(
        cls,
        setting: Setting,
        firms: Firms,
        scale: Floats,
        decisions: tuple[Ints, Ints, Ints],
        left: Ints,
        reason: Ints,
        cited: npt.NDArray[np.bool_],
    ) -> Changes:
        """Read the columns before the decisions are carried out.

        scale : (cell,) demand of the cell's market and sector, base year 1
        cited : (change,) a line of the ledger names the reason
        """
        decided, site, kind = decisions
        part = np.where(kind == choice.MOVE, 1.0, ADDED_PART)
        value = firms.value[decided] * VALUE_UNIT * scale[firms.cell[decided]]
        return cls(
            setting,
            Place.of(setting, firms.cell[decided]),
            kind,
            left,
            site,
            reason,
            cited,
            value * part,
            np.asarray(firms.value[decided] * VALUE_UNIT / firms.size[decided], dtype=np.float64),
        )

    def tables(self, jobs_per_output: Floats, lines: int) -> dict[str, Floats]:
        """Return the tables for the record; jobs_per_output is (sector, site)."""
        markets, sectors, origins, sites = self.setting.shape
        building = self.kind <= choice.ADD
        place = self.place
        jobs = self.value * jobs_per_output[place.sector, self.reached]
        route = (self.left * sites + self.reached) + sites * sites * (place.market * sectors + place.sector)
        reshoring, foreign, turnover = self._coming_home(building)
        at_site = place.sector * sites + self.reached
        by_owner = (place.origin * sectors + place.sector) * sites + self.reached
        reason = (place.market * sectors + place.sector) * lines + self.reason
        named = building & (self.reason >= 0)
        shape = (markets, sectors, sites, sites)
        return {
            "moves_value": _table(route, self.value, shape),
            "moves_count": _table(route, self.programmes, shape),
            "reasons": _table(reason[named], self.value[named], (markets, sectors, lines)),
            "jobs_reshoring": _table(at_site[reshoring], jobs[reshoring], (sectors, sites)),
            "jobs_turnover": _table(at_site[turnover], jobs[turnover], (sectors, sites)),
            "jobs_foreign": _table(by_owner[foreign], jobs[foreign], (origins, sectors, sites)),
            "reshoring_from": _table(
                self.left[reshoring] * sites + self.reached[reshoring], jobs[reshoring], (sites, sites)
            ),
            "projects_announced": _table(self.reached[building], self.programmes[building], (sites,)),
        }

    def _coming_home(self, building: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.bool_], ...]:
        """Return which projects cross a border: into the owner's home, into another country, for no recorded reason."""
        geography = self.setting.geography
        country = np.asarray(geography.country_of_site)
        crossing = building & (country[self.left] != country[self.reached])
        home = np.asarray(geography.home_of)[self.place.origin, self.reached]
        return crossing & home & self.cited, crossing & ~home & self.cited, crossing & ~self.cited


def _count(setting: Setting, firms: Firms, chosen: Ints) -> Floats:
    weights = np.asarray(firms.value[chosen] * VALUE_UNIT / firms.size[chosen], dtype=np.float64)
    return _table(firms.target[chosen].astype(np.int64), weights, (setting.shape[3],))


def _table(index: Ints, weights: Floats, shape: tuple[int, ...]) -> Floats:
    counted = np.bincount(index, weights=weights, minlength=int(np.prod(shape)))
    return np.asarray(counted, dtype=np.float64).reshape(shape)
