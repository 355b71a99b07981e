"""Credibility: which policy believed to be permanent does as much as this one that firms believe to last n years.

In every world the law in force is the same to the end of the run and only what firms believe of it differs, so the
answer is about belief. Two answers: what plants count on (the discounted mean of the believed path over a plant's
life, straight from the law), and the equivalent in the outcome, in which orders follow the rate of the day whatever is
believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.comparison.intervals import Estimate, jackknife
from footloose.experiments.comparison.inverse import first_crossings
from footloose.experiments.comparison.levers import amount_of, policy_data
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.removal import never
from footloose.experiments.comparison.units import Step, Units
from footloose.long_numbers import numbers_of
from footloose.long_table import unit_of
from footloose.scenario import Scenario
from footloose.scenario.values import scenario_of
from footloose.simulation import set_up

Floats = npt.NDArray[np.float64]

GRID = 6
"""Rates believed permanent that are run, from a GRID-th of the rate to all of it; between them the effect is linear."""


@dataclass(frozen=True)
class Equivalent:
    """One believed length.

    effect         : of the policy believed to last so long, on the outcome
    rate, low, high : the permanent rate with the same mean effect, and its jackknife interval; None if above the
                      largest
    parameter_low, parameter_high : where that rate lies over the draws of the ensemble; infinite above the largest
    counted_on     : the permanent rate that plant decisions of the first year would count on alike
    """

    lasts: float
    effect: Estimate
    rate: float | None
    low: float | None
    high: float | None
    counted_on: float
    parameter_low: float | None = None
    parameter_high: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "believed_to_last": self.lasts,
            "effect": self.effect.as_data(),
            "permanent_rate_of_equal_effect": self.rate,
            "low": self.low,
            "high": self.high,
            "parameter_low": self.parameter_low,
            "parameter_high": self.parameter_high,
            "permanent_rate_counted_on_alike_by_plants": self.counted_on,
        }


@dataclass(frozen=True)
class Credibility:
    """What belief is worth.

    rates, effects : permanent rates run and their mean effect on the outcome; (rate,)
    """

    policy: str
    outcome: Outcome
    unit: str
    rate: float
    rates: Floats
    effects: Floats
    equivalents: tuple[Equivalent, ...]
    runs: int

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "policy": self.policy,
            "outcome": str(self.outcome),
            "unit": self.unit,
            "rate": self.rate,
            "permanent_rates": self.rates.tolist(),
            "effects": self.effects.tolist(),
            "equivalents": [equivalent.as_data() for equivalent in self.equivalents],
            "runs": self.runs,
        }


def credibility(
    scenario: Scenario,
    policy: str,
    lasts: Sequence[float],
    outcome: Outcome,
    units: Units,
    workers: int,
    step: Step | None = None,
) -> Credibility:
    """Return the permanent rate that does as much as the policy believed to last each number of years.

    raises: UnknownName for a policy that is not the scenario's own, FootlooseError for an instrument without one rate
    """
    data = policy_data(scenario, policy)
    rate = data[amount_of(data)]
    if isinstance(rate, dict):
        raise FootlooseError(f"{policy}: its rate changes over time or by sector; credibility compares single rates")
    if not lasts or any(not 0.0 < length <= 100.0 for length in lasts):
        raise FootlooseError("--lasts: write years between 0 and 100 with commas, such as 2,4,8")
    rates = float(rate) * np.arange(1, GRID + 1) / GRID
    worlds = [never(scenario, policy)]
    worlds += [believed(scenario, policy, level, "permanent") for level in rates]
    worlds += [believed(scenario, policy, float(rate), {"lasts": length}) for length in lasts]
    values = units.measured(
        worlds, lambda record: outcome.value(numbers_of(record), record.years), workers, step
    )  # (world, unit)
    effects = values[1:] - values[0]
    curve = np.concatenate([np.zeros((1, values.shape[1])), effects[: len(rates)]])
    levels = np.concatenate([[0.0], rates])
    equivalents = tuple(
        equivalent(scenario, policy, length, effects[len(rates) + place], levels, curve, units)
        for place, length in enumerate(lasts)
    )
    return Credibility(
        policy, outcome, unit_of(outcome.variable), float(rate), levels, units.central(curve.T).mean(axis=0),
        equivalents, values.size,
    )  # fmt: skip


def believed(scenario: Scenario, policy: str, rate: float, belief: Any) -> Scenario:
    """Return the scenario with another rate and belief of one of its instruments."""
    data = scenario.as_data()
    own = data["policies"][policy]
    own[amount_of(own)], own["believed"] = rate, belief
    return scenario_of(data, f"{policy} at {rate:g} believed {belief}")


def equivalent(
    scenario: Scenario, policy: str, length: float, effect: Floats, levels: Floats, curve: Floats, units: Units
) -> Equivalent:
    """Return the permanent rate with the same effect; effect: (unit,); curve: (level, unit)."""

    def rate(runs: Floats) -> float:
        means = runs.mean(axis=0)
        return crossing(levels, means[:-1], float(means[-1]))

    together = np.vstack([curve, effect]).T
    central = units.central(together)
    whole = rate(central)
    parts = np.array([rate(np.delete(central, n, axis=0)) for n in range(len(central) if len(central) > 1 else 0)])
    low, high = jackknife(parts, whole)
    finite = np.isfinite(whole)
    return Equivalent(
        length, units.estimate(effect), float(whole) if finite else None, low if np.isfinite(low) else None,
        high if np.isfinite(high) else None, counted_on(scenario, policy, length, float(levels[-1])),
        *units.parameters_of(together, rate),
    )  # fmt: skip


def crossing(levels: Floats, curve: Floats, effect: float) -> float:
    """Return the level at which a curve first has an effect, infinite beyond its end."""
    sign = np.sign(curve[-1]) or 1.0
    return float(first_crossings(levels, (sign * (effect - curve))[:, None])[0])


def counted_on(scenario: Scenario, policy: str, length: float, rate: float) -> float:
    """Return the permanent rate that plants decided in the first year in force would count on alike.

    Straight from the law: believed mean over a plant's life, as a part of that of the same policy believed permanent.
    """
    year = scenario.policies[policy].start.year
    means = []
    for belief in ({"lasts": length}, "permanent"):
        setting = set_up(only(believed(scenario, policy, rate, belief), policy))
        place = setting.law.years.index(min(max(year, setting.law.years[0]), setting.law.years[-1]))
        if setting.law.of_kind("tariff"):
            means.append(float(setting.law.tariffs.expected[place].max()))
        else:
            means.append(max(float(table.expected[place].max()) for table in setting.law.subsidies))
    return rate * means[0] / means[1] if means[1] > 0.0 else 0.0


def only(scenario: Scenario, policy: str) -> Scenario:
    """Return the scenario with one instrument and no policy record."""
    data = scenario.as_data()
    data["policies"] = {policy: data["policies"][policy]}
    data["policy_record"] = {"include": "none"}
    return scenario_of(data, f"{policy} alone")
