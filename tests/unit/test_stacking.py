"""Tables sent without their zeros, and stacked replicate by replicate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.counting import take_in
from footloose.stacking import Stack, Thin, alone, filled, thinned


def tables(seed: int = 0) -> dict[str, np.ndarray]:
    """Return a table full of numbers, one nearly empty, one empty, and one of whole numbers."""
    rng = np.random.default_rng(seed)
    rare = np.zeros((3, 4, 5))
    rare[1, 2, 3], rare[0, 0, 0], rare[2, 3, 4], rare[2, 0, 1] = rng.random(), -0.0, np.nan, np.inf
    return {"full": rng.random((3, 2)), "rare": rare, "none": np.zeros((3, 7)), "whole": np.zeros((3, 2), dtype=int)}


def test_what_is_sent_arrives_bit_by_bit() -> None:
    sent, given = thinned(tables()), tables()
    assert [name for name, table in sent.items() if isinstance(table, Thin)] == ["rare", "none"]
    assert {name: table.tobytes() for name, table in filled(sent).items()} == {
        name: table.tobytes() for name, table in given.items()
    }


@pytest.mark.parametrize("send", [lambda given: given, thinned])
@pytest.mark.parametrize("replicates", [1, 3])
def test_replicates_lie_one_after_another(replicates: int, send: Callable[..., Any]) -> None:
    stack = Stack(replicates)
    for replicate in range(replicates):
        stack.add(replicate, send(tables(replicate)))
    for name, table in stack.tables.items():
        assert table.tobytes() == np.stack([tables(n)[name] for n in range(replicates)]).tobytes()


def test_a_part_of_a_table_is_sent_whole() -> None:
    part = np.zeros((4, 4)).T[1:]
    assert thinned({"part": part})["part"] is part


def test_the_only_replicate_is_not_copied() -> None:
    given = tables()
    assert all(np.shares_memory(table, given[name]) for name, table in alone(given).items())


def test_means_and_squares_carried_on_are_those_of_all() -> None:
    series = np.random.default_rng(1).normal(5.0, 2.0, (40, 6))
    mean, squares = series[0].copy(), np.zeros(6)
    for count, values in enumerate(series[1:], start=2):
        take_in(values, count, mean, squares)
    assert np.allclose(mean, series.mean(axis=0))
    assert np.allclose(squares, series.var(axis=0) * 40)
