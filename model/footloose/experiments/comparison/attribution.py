"""Attribution: how much of a difference each instrument makes, alone and together with the others.

With k parts there are 2^k hybrids between the two worlds. v(S) is the outcome with the parts S switched to the other
world's. Interactions are the dividends of Harsanyi (1963), m(S) = sum over T in S of (-1)^(|S| - |T|) v(T), which add
up to the whole difference exactly; the Shapley value (1953) gives each part its own dividend and an equal share of
every interaction it has a hand in. With more than MOST parts, Shapley values are means over sampled orders (Castro et
al. 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.draws import Purpose, uniforms
from footloose.errors import FootlooseError
from footloose.experiments.comparison.hybrids import Part, group_parts, hybrid, parts
from footloose.experiments.comparison.intervals import Estimate
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.units import Step, Units
from footloose.experiments.comparison.worlds import Twins
from footloose.long_numbers import numbers_of
from footloose.long_table import unit_of
from footloose.record import Record
from footloose.scenario import Scenario

Floats = npt.NDArray[np.float64]
Subset = frozenset[int]

MOST = 7
"""Parts up to which all 2^k hybrids are run."""
ORDERS = 24
"""Orders sampled with more parts; every order and its reverse are used, so that first and last place weigh the same."""


@dataclass(frozen=True)
class Attribution:
    """The decomposition of an outcome's difference.

    shapley      : by part; they add up to the difference
    interactions : by set of two parts and more, exact decomposition only; with the main effects they add up too
    main         : what each part does alone, added to the base
    exact        : whether all hybrids were run; else Shapley values are means over sampled orders
    """

    outcome: Outcome
    unit: str
    base: float
    other: float
    parts: tuple[str, ...]
    shapley: dict[str, Estimate]
    main: dict[str, Estimate]
    interactions: dict[tuple[str, ...], Estimate]
    exact: bool
    runs: int
    replicates: int = 1
    draws: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "outcome": str(self.outcome),
            "unit": self.unit,
            "base": self.base,
            "other": self.other,
            "exact": self.exact,
            "runs": self.runs,
            "replicates": self.replicates,
            "draws": self.draws,
            "shapley": {name: value.as_data() for name, value in self.shapley.items()},
            "alone": {name: value.as_data() for name, value in self.main.items()},
            "interactions": {" x ".join(names): value.as_data() for names, value in self.interactions.items()},
        }


def attribute(
    twins: Twins,
    other: int,
    outcomes: Sequence[Outcome],
    units: Units,
    groups: Sequence[str],
    workers: int,
    step: Step | None = None,
) -> list[Attribution]:
    """Return the decomposition of every outcome's difference between the base and another world.

    units  : what every hybrid is run in; groups: `NAME=PART,PART`: parts that are switched together
    raises : FootlooseError when nothing differs
    """
    base, changed = twins.base.scenario, twins.others[other].scenario
    found = group_parts(parts(base, changed), groups)
    if not found:
        raise FootlooseError(
            f"{twins.others[other].label} differs from {twins.base.label} in nothing: nothing to attribute"
        )
    runs = _Runs(base, changed, found, outcomes, units, workers, step)
    names = tuple(part.name for part in found)
    if len(found) <= MOST:
        runs.need(
            [frozenset(chosen) for size in range(len(found) + 1) for chosen in combinations(range(len(found)), size)]
        )
        return [
            exact_decomposition(outcome, names, runs.values(place), runs.count, units)
            for place, outcome in enumerate(outcomes)
        ]
    orders = sampled_orders(len(found), base.seed)
    runs.need(list(dict.fromkeys(frozenset(order[:size]) for order in orders for size in range(len(found) + 1))))
    return [
        sampled_decomposition(outcome, names, runs.values(place), orders, runs.count, units)
        for place, outcome in enumerate(outcomes)
    ]


@dataclass
class _Runs:
    """The hybrids run so far, each once; outcomes by subset of parts."""

    base: Scenario
    other: Scenario
    found: list[Part]
    outcomes: Sequence[Outcome]
    units: Units
    workers: int
    step: Step | None = None

    def __post_init__(self) -> None:
        self.done: dict[Subset, Floats] = {}

    @property
    def count(self) -> int:
        """How many runs it took."""
        return len(self.done) * len(self.units.all)

    def need(self, subsets: Sequence[Subset]) -> None:
        """Run the hybrids of some subsets that have not been run."""
        missing = [subset for subset in subsets if subset not in self.done]
        if missing:
            worlds = [self._hybrid(subset) for subset in missing]
            found = self.units.measured(worlds, self._outcomes, self.workers, self.step)
            self.done |= {subset: values.T for subset, values in zip(missing, found, strict=True)}

    def values(self, outcome: int) -> Callable[[Subset], Floats]:
        """Return a function from a subset to the outcome's values; (unit,)."""
        return lambda subset: np.asarray(self.done[subset][outcome])

    def _hybrid(self, subset: Subset) -> Scenario:
        return hybrid(self.base, self.other, [self.found[place] for place in sorted(subset)])

    def _outcomes(self, record: Record) -> list[float]:
        numbers = numbers_of(record)
        return [outcome.value(numbers, record.years) for outcome in self.outcomes]


def exact_decomposition(
    outcome: Outcome, names: tuple[str, ...], value: Callable[[Subset], Floats], runs: int, units: Units
) -> Attribution:
    """Return dividends and Shapley values from the outcomes of all 2^k hybrids; value: subset -> (unit,)."""
    every = range(len(names))
    nothing, everything = value(frozenset()), value(frozenset(every))
    means = float(units.central(nothing).mean()), float(units.central(everything).mean())
    dividends = {
        subset: dividend(subset, value)
        for size in range(1, len(names) + 1)
        for subset in map(frozenset, combinations(every, size))
    }
    shapley = {
        name: units.estimate(
            sum((gain / len(subset) for subset, gain in dividends.items() if place in subset), np.zeros_like(nothing))
        )
        for place, name in enumerate(names)
    }
    main = {name: units.estimate(dividends[frozenset([place])]) for place, name in enumerate(names)}
    interactions = {
        tuple(names[place] for place in sorted(subset)): units.estimate(gain)
        for subset, gain in dividends.items()
        if len(subset) > 1
    }
    return Attribution(
        outcome, unit_of(outcome.variable), *means, names, shapley, main,
        interactions, True, runs, units.replicates, len(units.draws),
    )  # fmt: skip


def dividend(subset: Subset, value: Callable[[Subset], Floats]) -> Floats:
    """Return the dividend of a set of parts, what they do together beyond all smaller sets; (unit,)."""
    total = np.zeros_like(value(frozenset()))
    for size in range(len(subset) + 1):
        for chosen in combinations(sorted(subset), size):
            total = total + (-1) ** (len(subset) - size) * value(frozenset(chosen))
    return total


def sampled_orders(count: int, seed: int) -> list[tuple[int, ...]]:
    """Return orders of the parts, each followed by its reverse; the same for the same seed."""
    orders: list[tuple[int, ...]] = []
    for number in range(ORDERS // 2):
        keys = uniforms(np.arange(count), number, int(Purpose.STRATUM), seed, number)[0]
        order = tuple(int(place) for place in np.argsort(keys, kind="stable"))
        orders += [order, order[::-1]]
    return orders


def sampled_decomposition(
    outcome: Outcome,
    names: tuple[str, ...],
    value: Callable[[Subset], Floats],
    orders: Sequence[tuple[int, ...]],
    runs: int,
    units: Units,
) -> Attribution:
    """Return Shapley values as means of marginal contributions over orders; they add up in every order."""
    nothing, everything = value(frozenset()), value(frozenset(range(len(names))))
    means = float(units.central(nothing).mean()), float(units.central(everything).mean())
    gains = np.zeros((len(names), nothing.size))
    for order in orders:
        for size, part in enumerate(order):
            gains[part] += (value(frozenset(order[: size + 1])) - value(frozenset(order[:size]))) / len(orders)
    shapley = {name: units.estimate(gains[place]) for place, name in enumerate(names)}
    return Attribution(
        outcome, unit_of(outcome.variable), *means, names, shapley, {}, {},
        False, runs, units.replicates, len(units.draws),
    )  # fmt: skip
