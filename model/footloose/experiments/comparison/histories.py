"""A run lived through with what every firm did: footprints year by year, projects announced, plants opened.

Announcement : the year in which a firm decides on a new site, to move there or to add it.
Opening      : the year in which the plant of such a project begins to produce.
Giving up one of two sites is neither. A project given up and decided on again in the same year, at the same place and
of the same kind, is one project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.employment import jobs_per_output
from footloose.errors import FootlooseError
from footloose.events import ADDED_PART
from footloose.firms import VALUE_UNIT, Firms
from footloose.keeping import in_place
from footloose.record import Record
from footloose.running import Run, Tables
from footloose.scenario import Scenario
from footloose.simulation import begin_run, to_record
from footloose.stacking import alone
from footloose.version import versions
from footloose.world import Setting
from footloose.year import live_one_year, look

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Sites = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]

STAGES = ("announced", "opened")
"""What counts as the moment of a move."""


@dataclass(frozen=True)
class Birth:
    """What a firm is born with and keeps; each (firm,).

    value : USD thousand of yearly output in 2010; size: USD million of one such programme
    """

    cell: npt.NDArray[np.int32]
    value: npt.NDArray[np.int64]
    size: npt.NDArray[np.float32]

    @property
    def programmes(self) -> Floats:
        """How many programmes each firm stands for; (firm,)."""
        return np.asarray(self.value * VALUE_UNIT / self.size, dtype=np.float64)


@dataclass(frozen=True)
class Events:
    """Projects of one run at one stage, in order of year and firm; each (event,).

    left, reached : sites; part: share of the firm's output that goes there (1 for a move, a half for a second site)
    jobs          : value x part x demand since 2010 x jobs per output at the site reached in that year
    """

    year: npt.NDArray[np.int16]
    firm: npt.NDArray[np.int32]
    left: Sites
    reached: Sites
    part: npt.NDArray[np.float32]
    jobs: npt.NDArray[np.float32]

    def chosen(self, mask: Bools) -> Events:
        """Return some of the events."""
        return Events(
            self.year[mask], self.firm[mask], self.left[mask], self.reached[mask], self.part[mask], self.jobs[mask]
        )  # fmt: skip


@dataclass(frozen=True)
class Trail:
    """What the firms of one run did.

    main, second, target : (year, firm) where it makes and builds at the end of the year; -1 for none
    events               : by stage, `announced` and `opened`
    spent                : what every subsidy has paid in all [USD million]
    """

    setting: Setting
    birth: Birth
    main: Sites
    second: Sites
    target: Sites
    events: Mapping[str, Events]
    spent: Mapping[str, float]

    @property
    def years(self) -> tuple[int, ...]:
        """The years lived."""
        return self.setting.law.years


@dataclass(frozen=True)
class History(Trail):
    """One replicate of one scenario: what the firms did, and the tables of the run."""

    record: Record


@dataclass
class _Watch:
    """Notes the projects of every firm while the years pass."""

    run: Run
    columns: dict[str, Sites]
    found: dict[str, list[tuple[npt.NDArray[np.generic], ...]]]
    before: dict[str, npt.NDArray[np.int8]]

    @classmethod
    def over(cls, run: Run, years: int) -> _Watch:
        """Return a watch over the firms of a run on its first day."""
        shape = (years, run.firms.count)
        columns = {name: np.empty(shape, dtype=np.int8) for name in ("main", "second", "target")}
        watch = cls(run, columns, {stage: [] for stage in STAGES}, {})
        watch.remember()
        return watch

    def remember(self) -> None:
        """Keep the columns of today for the comparison of tomorrow."""
        names = ("main", "second", "target", "adding")
        self.before = {name: getattr(self.run.firms, name).copy() for name in names}

    def note(self, place: int, year: int, coefficient: Floats, demand: Floats) -> None:
        """Note what the firms did in a year just lived.

        coefficient : (sector, site) jobs per USD million of output; demand: (market, sector) base year 1
        """
        firms, old = self.run.firms, self.before
        opened = np.flatnonzero(firms.opened == year)
        reached, adding = old["target"][opened], old["adding"][opened]
        self._keep("opened", year, opened, old["main"][opened], reached, adding, coefficient, demand)
        begun = np.flatnonzero(announced_this_year(firms, old, year))
        left, target = firms.main[begun], firms.target[begun]
        self._keep("announced", year, begun, left, target, firms.adding[begun], coefficient, demand)
        for name, column in self.columns.items():
            column[place] = getattr(firms, name)
        self.remember()

    def _keep(
        self,
        stage: str,
        year: int,
        firm: Ints,
        left: Sites,
        reached: Sites,
        adding: Sites,
        jobs: Floats,
        demand: Floats,
    ) -> None:
        part = np.where(adding == 1, ADDED_PART, 1.0)
        market, sector = place_of(self.run.setting, self.run.firms.cell[firm])
        output = self.run.firms.value[firm] * VALUE_UNIT * part * demand[market, sector]
        people = output * jobs[sector, reached]
        when = np.full(firm.size, year, dtype=np.int16)
        self.found[stage].append(
            (when, firm.astype(np.int32), left, reached, part.astype(np.float32), people.astype(np.float32))
        )

    def events(self) -> dict[str, Events]:
        """Return the events of all years by stage."""
        result = {}
        for stage, rows in self.found.items():
            columns: list[Any] = [np.concatenate(column) for column in zip(*rows, strict=True)]
            result[stage] = Events(*columns)
        return result


def announced_this_year(firms: Firms, before: Mapping[str, Sites], year: int) -> Bools:
    """Return which firms have a project that they did not have a year ago; (firm,)."""
    building = firms.target >= 0
    same = (before["target"] == firms.target) & (before["adding"] == firms.adding)
    goes_on = same & (firms.opened != year)
    return np.asarray(building & ~goes_on, dtype=np.bool_)


def place_of(setting: Setting, cell: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Return market and sector of cells; each (firm,)."""
    _, sectors, origins, _ = setting.shape
    market, rest = np.divmod(cell.astype(np.int64), sectors * origins)
    return market, rest // origins


def owner_of(setting: Setting, cell: npt.NDArray[np.int32]) -> Ints:
    """Return the owner's home of cells; (firm,)."""
    return np.asarray(cell.astype(np.int64) % setting.shape[2])


def follow(run: Run) -> tuple[Trail, list[Tables]]:
    """Live a run through from its first day; return what every firm did, and the tables of every year."""
    setting, firms = run.setting, run.firms
    years = setting.law.years
    birth = Birth(firms.cell.copy(), firms.value.copy(), firms.size.copy())
    watch, rows = _Watch.over(run, len(years)), list[Tables]()
    for place, year in enumerate(years):
        world = look(run, year)
        coefficient, demand = jobs_per_output(world), world.series("demand")
        rows.append(live_one_year(run, year))
        watch.note(place, year, coefficient, demand)
    columns = watch.columns
    trail = Trail(
        setting, birth, columns["main"], columns["second"], columns["target"], watch.events(), dict(run.spent)
    )  # fmt: skip
    return trail, rows


def live(scenario: Scenario, replicate: int) -> History:
    """Live one replicate of a scenario through and keep what every firm did."""
    run = begin_run(scenario, replicate=replicate)
    trail, rows = follow(run)
    manifest = {"scenario": scenario.name, "firms": run.firms.count, "seed": scenario.seed, **versions()}
    record = to_record(run.setting, run.rules, alone(in_place(rows)), manifest)
    return History(**{field.name: getattr(trail, field.name) for field in fields(trail)}, record=record)


def live_tables(scenario: Scenario, replicate: int) -> Record:
    """Live one replicate of a scenario through and keep its tables alone."""
    run = begin_run(scenario, replicate=replicate)
    rows = [live_one_year(run, year) for year in run.setting.law.years]
    return to_record(run.setting, run.rules, alone(in_place(rows)), {"scenario": scenario.name, "replicate": replicate})


def check_twins(one: Trail, other: Trail) -> None:
    """Refuse worlds whose firms are not born the same.

    raises: FootlooseError
    """
    apart = [
        name
        for name in ("cell", "value", "size")
        if not np.array_equal(getattr(one.birth, name), getattr(other.birth, name))
    ]
    if apart:
        raise FootlooseError(
            f"the firms of the two scenarios are born with another {' and '.join(apart)}, so they have no twins. "
            "This comes from a change of population, decisions.second_site_share, decisions.nest_dissimilarity or "
            "unexplained.smallest_share; such parameters belong into an ensemble (--ensemble), "
            "where both worlds share them"
        )


def first_difference(one: Trail, other: Trail) -> int | None:
    """Return the first year in which any firm's footprint or project differs between two worlds; None if never."""
    apart = np.zeros(len(one.years), dtype=np.bool_)
    for name in ("main", "second", "target"):
        apart |= (getattr(one, name) != getattr(other, name)).any(axis=1)
    return int(one.years[int(np.argmax(apart))]) if apart.any() else None
