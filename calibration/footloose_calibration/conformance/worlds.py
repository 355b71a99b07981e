"""Worlds of an experiment: scenarios with the parameters that are asked about, lived through year by year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

import footloose
from footloose.running import Run
from footloose.scenario import Scenario
from footloose.scenario.values import with_values
from footloose.simulation import begin, population_of, rules_of, set_up, smallest_share
from footloose.world import BASE_YEAR, Setting
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
Indices = list[int]
EachYear = Callable[[Run, int], None]

AT_ONCE = (
    "decisions.sunk_cost=0",
    "decisions.region_border=0",
    "decisions.rooted=0",
    "decisions.young_plant=0",
    "decisions.second_site_ease=0",
    "decisions.review_hazard=1",
    "decisions.attention=0",
    "decisions.expansion=0",
    "projects.delay_hazard=0",
    "projects.cancel_hazard=0",
)
"""Full attention and no sunk cost: every year every firm chooses its one site afresh."""


@dataclass(frozen=True)
class Frame:
    """What all worlds of an experiment have in common.

    values : parameters by dotted key, laid over every scenario; none for the baseline's own
    firms  : production programmes of every run
    """

    values: Mapping[str, float] = field(default_factory=dict)
    firms: int = 100_000
    seed: int = 1

    def scenario(self, name: str, *overrides: str) -> Scenario:
        """Return a shipped scenario with these parameters, and with overrides above them."""
        scenario = footloose.load(name, overrides=list(overrides))
        set_apart = {override.partition("=")[0] for override in overrides}
        values = {key: value for key, value in self.values.items() if key not in set_apart}
        return with_values(scenario, values, "a member of the ensemble") if values else scenario

    def lived(
        self,
        scenario: Scenario,
        replicate: int,
        setting: Setting | None = None,
        before: EachYear | None = None,
    ) -> Lived:
        """Live a scenario through, in its own world or another.

        before : called on the first day of every year, and may disturb the run
        """
        world = set_up(scenario) if setting is None else setting
        rules, population = rules_of(scenario), population_of(scenario)
        run = begin(world, rules, population, self.firms, self.seed, replicate, smallest_share(scenario))
        rows = []
        for year in world.law.years:
            if before is not None:
                before(run, year)
            rows.append(live_one_year(run, year))
        return Lived(run, {name: np.stack([row[name] for row in rows]) for name in rows[0]})


@dataclass(frozen=True)
class Lived:
    """A run lived through: how it ended, and what each year left.

    tables : name -> (year, ...)
    """

    run: Run
    tables: Mapping[str, Floats]

    def sites(self, group: str) -> Indices:
        """Return the positions of the sites of a group."""
        return list(self.run.setting.geography.sites_in(group))

    def year(self, year: int) -> int:
        """Return the position of a year."""
        return year - BASE_YEAR

    def bought(self, market: str, year: int) -> Floats:
        """Return what a market buys from each site; (site,) USD million of 2010."""
        place = self.run.setting.geography.market(market)
        return np.asarray(self.tables["sales"][self.year(year), place].sum(axis=(0, 1)))

    def share(self, market: str, group: str, year: int) -> float:
        """Return the share of sites in what a market buys."""
        bought = self.bought(market, year)
        return float(bought[self.sites(group)].sum() / bought.sum())

    def entries(self, owners: Sequence[int], group: str, years: range, table: str = "entries_jobs") -> float:
        """Return jobs (or programmes) announced across a border by owners at these homes, summed over years."""
        rows = self.tables[table][years.start - BASE_YEAR : years.stop - BASE_YEAR]
        return float(rows[:, list(owners)][:, :, :, self.sites(group)].sum())


def policy(name: str, **keys: object) -> tuple[str, ...]:
    """Return an instrument as overrides; `start` stands for the key `from`."""
    spelt = {"from" if key == "start" else key: value for key, value in keys.items()}
    return tuple(f"policies.{name}.{key}={value}" for key, value in spelt.items())


def until(year: int) -> str:
    """Return the override that ends a run in a year."""
    return f"years.until={year}"
