"""Placing loops against NumPy, and draws by hand."""

from __future__ import annotations

import numba
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from footloose.placing import draw_outcome, draw_second_site, find_interval, index_of, stand_by_cell


@numba.njit(error_model="numpy")
def all_intervals(index, edges, where, found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    for n in range(where.size):
        found[n] = find_interval(index, edges, where[n])


@given(st.integers(0, 2**32 - 1), st.integers(1, 300))
def test_find_interval_is_searchsorted_to_the_right(seed: int, count: int) -> None:
    """Also where numbers lie on edges, and where edges coincide or lie on the parts of the index."""
    random = np.random.Generator(np.random.Philox(seed))
    edges = np.sort(np.concatenate([random.random(count), [0.25, 0.25, 1.0]]))
    where = np.concatenate([random.random(200), edges[:-1], [np.nextafter(1.0, 0.0), np.nextafter(0.25, 0.0)]])
    found = np.empty(where.size, dtype=np.int64)
    all_intervals(index_of(edges), edges, where, found)
    np.testing.assert_array_equal(found, np.searchsorted(edges, where, side="right"))


def test_outcomes_by_hand() -> None:
    assert [draw_outcome(np.array([0.2, 0.7, 1.0]), uniform) for uniform in (0.1, 0.5, 0.9)] == [0, 1, 2]
    assert draw_outcome(np.array([0.0, 0.0, 1.0]), 0.3) == 2


def test_second_sites_by_hand() -> None:
    """Odds of a second site 0.12 x (1 - 0.5) = 0.06, so a chance of 0.0566; then 0.3 : 0.2 between the others."""
    pull = np.array([0.5, 0.3, 0.2])
    drawn = [
        draw_second_site(pull, 0, u, v, 0.12) for u, v in ((0.0565, 0.5), (0.0567, 0.5), (0.01, 0.599), (0.01, 0.601))
    ]
    assert drawn == [1, -1, 1, 2]
    assert draw_second_site(pull, 1, 0.0, 0.71, 0.12) == 0  # 0.5 of 0.7 lies before the own site


@given(st.lists(st.integers(0, 6), max_size=60))
def test_standing_by_cell_is_a_stable_sort(cells: list[int]) -> None:
    """Whatever goes along; values are scaled by the root of the factors of both sites, and rounded to whole units."""
    cell, count = np.array(cells, dtype=np.int32), len(cells)
    main, second = (np.arange(count) % 3).astype(np.int8), (np.arange(count) % 4 - 1).astype(np.int8)
    value, factor = np.arange(count) * 0.75, np.arange(12.0).reshape(4, 3) + 1.0
    slot, there = np.empty(count, np.int32), [np.empty(count, kind) for kind in (np.int32, np.int8, np.int8, np.int64)]
    stand_by_cell(cell, main, second, value, factor, np.int32(2), 0.5, np.zeros(8, dtype=np.int64), slot, *there)
    order = np.argsort(cell, kind="stable")
    np.testing.assert_array_equal(slot, order)
    for given_, found in zip((cell, main, second), there[:3], strict=True):
        np.testing.assert_array_equal(found, given_[order])
    partner = np.where(second < 0, main, second)
    raked = value * np.sqrt(factor[cell // 2, main] * factor[cell // 2, partner])
    np.testing.assert_array_equal(there[3], np.rint(raked / 0.5).astype(np.int64)[order])
