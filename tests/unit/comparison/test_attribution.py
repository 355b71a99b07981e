"""Decompositions add up exactly, and known games have known answers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose.experiments.comparison.attribution import (
    dividend,
    exact_decomposition,
    sampled_decomposition,
    sampled_orders,
)
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.units import Units

Floats = npt.NDArray[np.float64]
OUTCOME = Outcome("Jobs|Stock")
NAMES = ("a", "b", "c")


def game(values: dict[frozenset[int], Floats]) -> Callable[[frozenset[int]], Floats]:
    return lambda subset: values[subset]


def every(count: int) -> list[frozenset[int]]:
    return [frozenset(chosen) for size in range(count + 1) for chosen in combinations(range(count), size)]


@given(st.lists(st.floats(-1e6, 1e6), min_size=16, max_size=16))
def test_everything_adds_up_to_the_difference(numbers: list[float]) -> None:
    """Two replicates, three parts: Shapley values, and main effects with interactions, sum to other less base."""
    table = np.array(numbers).reshape(8, 2)
    found = exact_decomposition(OUTCOME, NAMES, game(dict(zip(every(3), table, strict=True))), 16, Units(2))
    whole = found.other - found.base
    rounding = 64 * np.finfo(float).eps * np.abs(table).max()
    assert sum(value.mean for value in found.shapley.values()) == pytest.approx(whole, abs=rounding)
    parts = [*found.main.values(), *found.interactions.values()]
    assert sum(value.mean for value in parts) == pytest.approx(whole, abs=rounding)


def test_parts_that_do_not_interact() -> None:
    gains = np.array([1.0, 10.0, -4.0])
    values = {subset: np.array([5.0 + gains[sorted(subset)].sum()]) for subset in every(3)}
    found = exact_decomposition(OUTCOME, NAMES, game(values), 8, Units(1))
    assert [found.shapley[name].mean for name in NAMES] == pytest.approx([1.0, 10.0, -4.0])
    assert [value.mean for value in found.interactions.values()] == pytest.approx([0.0] * 4)


def test_two_keys_of_one_lock_share_what_opens() -> None:
    """Only a and b together do anything: half to each, all of it interaction, nothing to c."""
    values = {subset: np.array([8.0 if {0, 1} <= subset else 0.0]) for subset in every(3)}
    found = exact_decomposition(OUTCOME, NAMES, game(values), 8, Units(1))
    assert [found.shapley[name].mean for name in NAMES] == pytest.approx([4.0, 4.0, 0.0])
    assert [value.mean for value in found.main.values()] == pytest.approx([0.0, 0.0, 0.0])
    assert {names: value.mean for names, value in found.interactions.items() if value.mean} == {("a", "b"): 8.0}


def test_a_dividend_by_hand() -> None:
    values = {subset: np.array([float(len(subset) ** 2)]) for subset in every(2)}
    assert dividend(frozenset({0, 1}), game(values)) == pytest.approx([4 - 1 - 1 + 0])


def test_sampled_orders_add_up_in_every_replicate() -> None:
    generator = np.arange(256, dtype=np.float64)
    values = dict(zip(every(7), np.sin(generator).reshape(128, 2), strict=True))
    names = tuple("abcdefg")
    orders = sampled_orders(7, seed=3)
    found = sampled_decomposition(OUTCOME, names, game(values), orders, 0, Units(2))
    assert sum(value.mean for value in found.shapley.values()) == pytest.approx(found.other - found.base)
    assert not found.exact
    assert orders == sampled_orders(7, seed=3)
    assert all(sorted(order) == list(range(7)) for order in orders)
    assert orders[1] == orders[0][::-1]
    assert len(set(orders)) > len(orders) / 2


def test_sampled_values_of_parts_that_do_not_interact_are_exact() -> None:
    gains = np.array([3.0, -1.0, 0.5, 2.0])
    values = {subset: np.array([gains[sorted(subset)].sum()]) for subset in every(4)}
    found = sampled_decomposition(OUTCOME, tuple("abcd"), game(values), sampled_orders(4, 1), 0, Units(1))
    assert [found.shapley[name].mean for name in "abcd"] == pytest.approx(list(gains))
