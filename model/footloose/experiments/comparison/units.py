"""What every world of an experiment is run in: replicates of its own parameters, and draws of the ensemble.

Central units are replicates 0, 1, ... of the scenario's own parameters; they tell chance. Units of the ensemble are the
first replicates of every draw, the same for all draws (crossed design), so that what replicates share drops out of the
spread of the draws; they tell parameters. All worlds live through the same units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.ensemble import DRAW_REPLICATES, Draw, Ensemble
from footloose.errors import FootlooseError
from footloose.experiments.comparison.histories import live_tables
from footloose.experiments.comparison.intervals import (
    Estimate,
    estimate,
    on_the_whole,
    parameter_interval,
    parameter_reach,
)
from footloose.record import Record
from footloose.scenario import Scenario
from footloose.threads import in_order

Floats = npt.NDArray[np.float64]
Step = Callable[[], None]


@dataclass(frozen=True)
class Unit:
    """One replicate of one draw, for all worlds; draw None: the scenarios' own parameters."""

    replicate: int
    draw: int | None = None
    values: Draw | None = None

    def applied(self, scenario: Scenario) -> Scenario:
        """Return the scenario with the parameters of the unit."""
        return scenario if self.values is None else self.values.applied(scenario)


@dataclass(frozen=True)
class Units:
    """How often every world is run, and with which parameters."""

    replicates: int
    ensemble: Ensemble | None = None
    draw_replicates: int = DRAW_REPLICATES

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        if self.replicates < 1 or self.draw_replicates < 1:
            raise FootlooseError("at least 1 replicate is needed")

    @property
    def draws(self) -> tuple[Draw, ...]:
        """The draws of the ensemble; none without one."""
        return () if self.ensemble is None else self.ensemble.draws

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the answer should know of the ensemble."""
        return () if self.ensemble is None else self.ensemble.notes

    @property
    def drawn_units(self) -> list[Unit]:
        """The units of the ensemble, draw by draw."""
        return [
            Unit(number, place, draw) for place, draw in enumerate(self.draws) for number in range(self.draw_replicates)
        ]

    @property
    def all(self) -> list[Unit]:
        """The central units, then those of the ensemble."""
        return [*(Unit(number) for number in range(self.replicates)), *self.drawn_units]

    def fewer(self, replicates: int, draws: int) -> Units:
        """Return units with at most so many replicates and draws."""
        ensemble = None if self.ensemble is None else replace(self.ensemble, draws=self.ensemble.draws[:draws])
        return Units(min(self.replicates, replicates), ensemble, self.draw_replicates)

    def central(self, values: Floats) -> Floats:
        """Return the values of the central units; (unit, ...) -> (replicate, ...)."""
        return values[: self.replicates]

    def drawn(self, values: Floats) -> Floats | None:
        """Return the values of the ensemble's units; (unit, ...) -> (draw, replicate, ...), None without any."""
        if not self.draws:
            return None
        return values[self.replicates :].reshape(len(self.draws), self.draw_replicates, *values.shape[1:])

    def drawn_on_the_whole(self, values: Floats) -> Floats | None:
        """Return the values of the ensemble's units, moved as intervals.on_the_whole does; None without any."""
        drawn = self.drawn(values)
        return None if drawn is None else on_the_whole(drawn, self.central(values))

    def estimate(self, values: Floats) -> Estimate:
        """Return mean, interval by chance and interval by parameters of one number; values: (unit,)."""
        return estimate(self.central(values), self.drawn(values))

    def parameters_of(self, values: Floats, statistic: Callable[[Floats], float]) -> tuple[float | None, float | None]:
        """Return the interval by parameters of a statistic that is no mean; (None, None) without an ensemble.

        Chance is taken out by way of jackknife pseudo-values (Miller 1974): R T(all) - (R - 1) T(all but r) stands for
        what replicate r says of the statistic. A statistic that is infinite in some draw is taken as it is.

        values    : (unit, ...)
        statistic : of the replicates of one draw; (replicate, ...) -> number
        """
        drawn = self.drawn_on_the_whole(values)
        if drawn is None:
            return None, None
        whole = np.array([statistic(draw) for draw in drawn])
        if self.draw_replicates == 1 or not np.isfinite(whole).all():
            return parameter_reach(whole)
        rest = [
            [statistic(np.delete(draw, number, axis=0)) for number in range(self.draw_replicates)] for draw in drawn
        ]
        pseudo = self.draw_replicates * whole[:, None] - (self.draw_replicates - 1) * np.array(rest)
        return parameter_interval(pseudo) if np.isfinite(pseudo).all() else parameter_reach(whole)

    def measured(
        self,
        worlds: Sequence[Scenario],
        measure: Callable[[Record], Any],
        workers: int,
        step: Step | None = None,
    ) -> Floats:
        """Run every world in every unit and return what is measured of each; (world, unit, ...)."""
        tasks = [(scenario, unit) for scenario in worlds for unit in self.all]

        def run(task: tuple[Scenario, Unit]) -> Any:
            scenario, unit = task
            return measure(live_tables(unit.applied(scenario), unit.replicate))

        found = []
        for value in in_order(run, tasks, workers):
            found.append(value)
            if step is not None:
                step()
        values = np.array(found)
        return values.reshape(len(worlds), -1, *values.shape[1:])

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "replicates": self.replicates,
            "ensemble": None if self.ensemble is None else self.ensemble.as_data(),
            "draw_replicates": self.draw_replicates if self.draws else None,
        }
