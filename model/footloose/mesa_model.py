"""The model as a mesa.Model: step by step, its programmes as Mesa agents that are views on the engine's columns.

For those who know Mesa: `model.agents.select(...)`, `.agg(...)`, `.get(...)`, a DataCollector, a viewer. The engine
underneath is the same, so are its random draws: they are addressed (footloose.draws) and do not come from `model.rng`,
which is Mesa's own and free for what a user adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from footloose.errors import FootlooseError
from footloose.firms import VALUE_UNIT
from footloose.running import Run, Tables
from footloose.scenario import Scenario, load
from footloose.simulation import begin_run
from footloose.world import BASE_YEAR
from footloose.year import live_one_year


class ProgrammeView(mesa.Agent):  # type: ignore[misc]
    """One production programme; every attribute is read from the engine's columns, none is kept here."""

    model: RelocationModel

    def __init__(self, model: RelocationModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        """Its position in the columns."""

    @property
    def market(self) -> str:
        """Where its goods are sold."""
        return self.model.names("markets")[self._place()[0]]

    @property
    def sector(self) -> str:
        """What it makes."""
        return self.model.names("sectors")[self._place()[1]]

    @property
    def origin(self) -> str:
        """Home of whoever decides."""
        return self.model.names("origins")[self._place()[2]]

    @property
    def site(self) -> str:
        """Its main site."""
        return self.model.names("sites")[int(self.model.run.firms.main[self.row])]

    @property
    def second_site(self) -> str | None:
        """Its second site, None where it has one site."""
        return self._name(self.model.run.firms.second)

    @property
    def target(self) -> str | None:
        """Where it is building, None without a project."""
        return self._name(self.model.run.firms.target)

    @property
    def opened(self) -> int | None:
        """Year in which its last plant opened, None for plants older than the base year."""
        year = int(self.model.run.firms.opened[self.row])
        return year if year >= BASE_YEAR else None

    @property
    def value(self) -> float:
        """Output of 2010 it stands for [USD million]."""
        return float(self.model.run.firms.value[self.row] * VALUE_UNIT)

    @property
    def size(self) -> float:
        """Yearly output of one programme like it in 2010 [USD million]; value / size is how many it stands for."""
        return float(self.model.run.firms.size[self.row])

    @property
    def labour_intensity(self) -> float:
        """Its labour intensity, mean 1."""
        return float(self.model.run.firms.labour_intensity[self.row])

    @property
    def risk_aversion(self) -> float:
        """Its risk aversion, mean 1."""
        return float(self.model.run.firms.risk_aversion[self.row])

    @property
    def time_sensitivity(self) -> float:
        """Its sensitivity to time in transit, mean 1."""
        return float(self.model.run.firms.time_sensitivity[self.row])

    @property
    def sunk_cost(self) -> float:
        """Its sunk cost over the mean."""
        return float(self.model.run.firms.sunk_cost[self.row])

    def _place(self) -> tuple[int, int, int]:
        _, sectors, origins, _ = self.model.run.setting.shape
        market, rest = divmod(int(self.model.run.firms.cell[self.row]), sectors * origins)
        sector, origin = divmod(rest, origins)
        return market, sector, origin

    def _name(self, column: Any) -> str | None:
        site = int(column[self.row])
        return None if site < 0 else self.model.names("sites")[site]


class RelocationModel(mesa.Model):  # type: ignore[misc]
    """A scenario as a Mesa model; a step is a year.

    scenario  : a shipped name, a file, or a loaded Scenario
    firms     : production programmes; replicate, seed: address of the random draws
    until     : last year; `running` turns False after it
    reporters : further model reporters of the DataCollector, by name
    rng       : Mesa's own generator, used by nothing here

    raises: ScenarioError for a scenario with mistakes, FootlooseError for a population or horizon that cannot be
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "baseline",
        firms: int = 2_000,
        replicate: int = 0,
        seed: int | None = None,
        until: int | None = None,
        reporters: Mapping[str, Callable[[RelocationModel], Any]] | None = None,
        rng: Any = None,
    ) -> None:
        super().__init__(rng=rng)
        self.asked = scenario if isinstance(scenario, Scenario) else load(scenario)
        """The scenario; Mesa keeps `scenario` for itself from 3.4 on."""
        last = self.asked.years.until if until is None else until
        if not BASE_YEAR <= last <= self.asked.years.until:
            raise FootlooseError(f"until: {last} given; {BASE_YEAR} to {self.asked.years.until} are allowed")
        self.until = last
        self.run: Run = begin_run(self.asked, firms=firms, seed=seed, replicate=replicate)
        self.year = BASE_YEAR - 1
        self.kept: Tables = {}
        """Tables of the last year lived, as in footloose.variables.TABLES."""
        for row in range(self.run.firms.count):
            ProgrammeView(self, row)
        self.datacollector = mesa.DataCollector(model_reporters={**REPORTERS, **(reporters or {})})

    def step(self) -> None:
        """Let a year pass and collect its data.

        raises: FootlooseError after the last year
        """
        if self.year >= self.until:
            raise FootlooseError(f"{self.until} was the last year; begin a new model")
        self.year += 1
        self.kept = live_one_year(self.run, self.year)
        self.datacollector.collect(self)
        self.running = self.year < self.until

    def names(self, axis: str) -> tuple[str, ...]:
        """Return the names of `markets`, `sectors`, `origins` or `sites`."""
        return tuple(getattr(self.run.setting.geography, axis))

    def bought(self, market: str, sites: str) -> float:
        """Return the share of all a market buys this year that is made at a group of sites [percent]."""
        geography = self.run.setting.geography
        sales = self.kept["sales"][geography.markets.index(market)]
        return float(100.0 * sales[..., list(geography.sites_in(sites))].sum() / sales.sum())

    def jobs(self, sites: str) -> float:
        """Return the people employed at a group of sites this year."""
        return float(self.kept["jobs"][:, list(self.run.setting.geography.sites_in(sites))].sum())


REPORTERS: dict[str, Callable[[RelocationModel], Any]] = {
    "Year": lambda model: model.year,
    "China's share of US purchases": lambda model: model.bought("united_states", "china"),
    "Home share of US purchases": lambda model: model.bought("united_states", "united_states"),
    "Mexico's share of US purchases": lambda model: model.bought("united_states", "mexico"),
    "US jobs": lambda model: model.jobs("united_states"),
    "Projects announced": lambda model: float(np.sum(model.kept["projects_announced"])),
    "Programmes building": lambda model: int((model.run.firms.target >= 0).sum()),
}
"""What the DataCollector holds of every year; shares in percent."""
