"""Sums over lines of few axes, against NumPy and bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from footloose.line_sums import add_lines, lay_out

SHAPE = (2, 3, 2, 5)
AXES = [(1, 3, 1, 5), (1, 1, 1, 1), (2, 1, 1, 5), (5,), (2, 1, 2, 5), (1, 3, 1, 1), SHAPE, (3, 1, 5)]
"""Axes of lines: those of sectors and sites, of none, of markets, of sites, of owners, of sectors, of all, of three."""


def test_sums_are_those_of_tables_spread_over_all_axes() -> None:
    random = np.random.default_rng(4)
    tables, group = [random.normal(size=axes) for axes in AXES], np.array([0, 1, 0, 1, 1, 0, 0, 1])
    total = np.full((*SHAPE[:3], 3, SHAPE[3]), np.nan)
    add_lines(*lay_out(tables, SHAPE), group, total, total.reshape(-1))
    for one in range(3):
        expected = np.zeros(SHAPE)
        for table, its in zip(tables, group, strict=True):
            expected = expected + table if its == one else expected
        assert total[:, :, :, one].tobytes() == expected.tobytes()


def test_no_lines_add_up_to_nothing() -> None:
    total = np.full((*SHAPE[:3], 1, SHAPE[3]), np.nan)
    add_lines(*lay_out([], SHAPE), np.empty(0, dtype=np.int64), total, total.reshape(-1))
    assert not total.any()


@pytest.mark.parametrize("axes", [(4,), (2, 3, 2, 5, 1), (1, 2, 1, 5), (7, 2, 3, 2, 5)])
def test_a_table_that_does_not_fit_is_refused(axes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="broadcast"):
        lay_out([np.zeros(axes)], SHAPE)
