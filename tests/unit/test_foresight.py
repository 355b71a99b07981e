"""What firms count on of a dated path, against sums done by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from footloose.beliefs import Beliefs
from footloose.dated import DatedPath
from footloose.foresight import expected, expected_value, first_change, horizon_weights, value_in, values_ahead

TWO_YEARS = Beliefs(horizon_years=2, discount_rate=0.25)
"""Weights 1 and 0.8 over 1.8: five ninths and four ninths."""


def test_weights_fall_with_the_discount_rate_and_sum_to_one() -> None:
    np.testing.assert_allclose(horizon_weights(TWO_YEARS), [5 / 9, 4 / 9], rtol=1e-15)


def test_a_known_path_counts_with_its_discounted_mean() -> None:
    path = DatedPath.of({date(2027, 1, 1): 90.0})
    assert expected_value(path, 2026, TWO_YEARS) == pytest.approx(40.0)  # 90 x 4/9
    assert expected_value(path, 2027, TWO_YEARS) == pytest.approx(90.0)


def test_nobody_knows_a_path_before_the_year_before_it_changes_unless_it_was_announced() -> None:
    path = DatedPath.of({date(2010, 1, 1): 0.0, date(2027, 1, 1): 90.0})
    long = Beliefs(horizon_years=3, discount_rate=0.0)
    assert first_change(path) == 2027
    assert expected_value(path, 2025, long) == 0.0
    assert expected_value(path, 2026, long) == pytest.approx(60.0)
    assert expected_value(path, 2025, long, announced=2025) == pytest.approx(30.0)
    assert expected_value(path, 2024, long, announced=2025) == 0.0


def test_what_never_changes_is_expected_as_it_is() -> None:
    path = DatedPath.constant(7.0)
    assert first_change(path) == 1
    assert [expected_value(path, year, TWO_YEARS) for year in (2010, 2030)] == pytest.approx([7.0, 7.0])


def test_half_a_year_counts_half() -> None:
    path = DatedPath.of({date(2027, 7, 2): 10.0})  # 183 of 365 days are left
    assert value_in(path, 2027) == pytest.approx(10.0 * 183 / 365)
    np.testing.assert_allclose(values_ahead(path, 2026, 3), [0.0, 10.0 * 183 / 365, 10.0])


def test_tables_are_averaged_year_by_year() -> None:
    values = np.array([[0.0, 9.0], [18.0, 9.0]])
    np.testing.assert_allclose(expected(values, 2026, TWO_YEARS, 2026), [8.0, 9.0])
    np.testing.assert_array_equal(expected(values, 2026, TWO_YEARS, 2027), [0.0, 9.0])
