"""Counting loops by hand."""

from __future__ import annotations

import numpy as np

from footloose.counting import add_by_footprint, list_where_set
from footloose.event_loops import add_where


def test_footprints_and_marks_by_hand() -> None:
    table, found = np.zeros((2, 2, 2), dtype=np.int64), np.empty(3, dtype=np.int64)
    row, main = np.array([0, 1, 1]), np.array([0, 1, 1], dtype=np.int8)
    second = np.array([-1, 0, 0], dtype=np.int8)
    add_by_footprint(row, main, second, np.array([5, 7, 9]), table)
    assert table.tolist() == [[[5, 0], [0, 0]], [[0, 0], [16, 0]]]
    assert found[: list_where_set(second, found)].tolist() == [1, 2]


def test_only_those_chosen_are_added() -> None:
    table = np.zeros(3)
    add_where(np.array([True, False, True]), np.array([2, 1, 2]), np.array([1.5, 9.0, 2.0]), table)
    assert table.tolist() == [0.0, 0.0, 3.5]
