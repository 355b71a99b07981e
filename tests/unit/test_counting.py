"""Sorting, counting and drawing loops against NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from footloose.counting import (
    add_by_footprint,
    add_where,
    draw_from_rows,
    draw_others,
    find_interval,
    list_where_set,
    order_by_cell,
)


@given(st.lists(st.integers(0, 6), max_size=60))
def test_order_by_cell_is_a_stable_sort(cells: list[int]) -> None:
    cell = np.array(cells, dtype=np.int32)
    np.testing.assert_array_equal(order_by_cell(cell, 7), np.argsort(cell, kind="stable"))


@given(st.integers(0, 2**32 - 1), st.integers(1, 300))
def test_find_interval_is_searchsorted_to_the_right(seed: int, count: int) -> None:
    """Also where numbers lie on edges, and where edges coincide or lie on the parts of the index."""
    random = np.random.Generator(np.random.Philox(seed))
    edges = np.sort(np.concatenate([random.random(count), [0.25, 0.25, 1.0]]))
    where = np.concatenate([random.random(200), edges[:-1], [np.nextafter(1.0, 0.0), np.nextafter(0.25, 0.0)]])
    np.testing.assert_array_equal(find_interval(edges, where), np.searchsorted(edges, where, side="right"))


def test_draws_from_rows_by_hand() -> None:
    edges = np.array([[0.2, 0.7, 1.0], [0.0, 0.0, 1.0]])
    drawn = np.empty(4, dtype=np.int64)
    draw_from_rows(edges, np.array([0, 0, 0, 1]), np.array([0.1, 0.5, 0.9, 0.3]), drawn)
    assert drawn.tolist() == [0, 1, 2, 2]


def test_footprints_and_marks_by_hand() -> None:
    table, found = np.zeros((2, 2, 2), dtype=np.int64), np.empty(3, dtype=np.int64)
    row, main = np.array([0, 1, 1]), np.array([0, 1, 1], dtype=np.int8)
    second = np.array([-1, 0, 0], dtype=np.int8)
    add_by_footprint(row, main, second, np.array([5, 7, 9]), table)
    assert table.tolist() == [[[5, 0], [0, 0]], [[0, 0], [16, 0]]]
    assert found[: list_where_set(second, found)].tolist() == [1, 2]


def test_others_are_drawn_by_weight_and_never_the_own() -> None:
    """Of weights 1, 2, 1 without the second: one half each; a firm that is not chosen draws nothing."""
    drawn, own = np.full(3, -1), np.array([1, 1, 1])
    draw_others(
        np.array([[1.0, 2.0, 1.0]]),
        np.zeros(3, dtype=np.int64),
        own,
        np.array([0, 2]),
        np.array([0.4, 0.5, 0.6]),
        drawn,
    )
    assert drawn.tolist() == [0, -1, 2]


def test_only_those_chosen_are_added() -> None:
    table = np.zeros(3)
    add_where(np.array([True, False, True]), np.array([2, 1, 2]), np.array([1.5, 9.0, 2.0]), table)
    assert table.tolist() == [0.0, 0.0, 3.5]
