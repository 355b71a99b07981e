"""Intervals against hand calculations and known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from footloose.errors import FootlooseError
from footloose.experiments.comparison.intervals import (
    estimate,
    half_width,
    jackknife,
    parameter_band,
    quantile_interval,
    ratio,
)


def test_the_mean_has_a_t_interval() -> None:
    """1, 2, 3, 4: mean 2.5, standard error sqrt(5/3)/2, t(0.95, 3) = 2.353."""
    found = estimate(np.array([1.0, 2.0, 3.0, 4.0]))
    error = math.sqrt(5 / 3) / 2
    assert found.mean == 2.5
    assert found.standard_error == pytest.approx(error)
    assert found.low == pytest.approx(2.5 - 2.353363 * error, rel=1e-6)
    assert found.parameter_low is None


def test_one_value_has_no_interval() -> None:
    found = estimate(np.array([3.0]))
    assert (found.mean, found.low, found.high) == (3.0, None, None)
    assert half_width(np.array([3.0])) == math.inf


def test_a_ratio_with_a_fixed_denominator_is_a_mean_over_a_number() -> None:
    above = np.array([1.0, 2.0, 3.0, 6.0])
    found, plain = ratio(above, np.full(4, 2.0)), estimate(above)
    assert plain.low is not None
    assert plain.high is not None
    assert (found.value, found.low, found.high) == pytest.approx((1.5, plain.low / 2, plain.high / 2))


def test_fieller_ends_are_where_the_test_of_the_ratio_turns() -> None:
    """At an end of the interval, mean(above - r below) is just not told from zero at the 10 % level."""
    above, below = np.array([4.0, 6.0, 5.0, 9.0, 6.0]), np.array([2.0, 2.5, 1.9, 3.0, 2.2])
    found = ratio(above, below)
    assert found.bounded
    for end in (found.low, found.high):
        assert end is not None
        test = stats.ttest_1samp(above - end * below, 0.0)
        assert test.pvalue == pytest.approx(0.1, abs=1e-9)


def test_a_denominator_like_zero_bounds_nothing() -> None:
    found = ratio(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 1.0, 0.5]))
    assert not found.bounded
    assert found.low is None
    assert ratio(np.ones(3), np.zeros(3)).value is None


def test_parameters_without_chance_are_the_quantiles_of_the_draws() -> None:
    draws = np.repeat(np.arange(11.0)[:, None], 3, axis=1)
    low, high = parameter_band(draws)
    assert (float(low), float(high)) == pytest.approx((0.5, 9.5))


def test_chance_alone_leaves_no_parameter_interval() -> None:
    """Draws that differ in nothing: what the replicates share drops out, and there is no interaction."""
    draws = np.tile(np.array([1.0, 5.0, 2.0]), (6, 1))
    low, high = parameter_band(draws)
    assert (float(low), float(high)) == pytest.approx((8 / 3, 8 / 3))


def test_interaction_narrows_the_parameter_interval_by_the_share_that_is_parameters() -> None:
    """Balanced layout by hand: means of draws 0 and 10, residuals +-3."""
    draws = np.array([[3.0, -3.0], [7.0, 13.0]])
    spread = 50.0  # variance of 0 and 10
    chance = 4 * 9.0 / 1 / 2  # residual mean square over two replicates
    low, high = parameter_band(draws)
    half = 5.0 * math.sqrt((spread - chance) / spread) * 0.9
    assert (float(low), float(high)) == pytest.approx((5.0 - half, 5.0 + half))


def test_order_statistics_bound_a_quantile() -> None:
    values = np.arange(1.0, 31.0)
    found, low, high = quantile_interval(values, 0.8)
    assert found == 24.0
    covered = stats.binom.cdf(high - 1, 30, 0.8) - stats.binom.cdf(low - 1, 30, 0.8)
    assert low < found < high
    assert covered >= 0.9


def test_a_small_sample_does_not_bound_a_high_quantile() -> None:
    assert quantile_interval(np.arange(5.0), 0.9)[2] == math.inf
    assert quantile_interval(np.array([1.0, math.inf]), 1.0)[0] == math.inf
    with pytest.raises(FootlooseError, match="chance: 0 given"):
        quantile_interval(np.arange(5.0), 0.0)


def test_the_jackknife_of_a_mean_is_its_t_interval() -> None:
    values = np.array([1.0, 4.0, 2.0, 8.0, 5.0])
    parts = np.array([np.delete(values, place).mean() for place in range(5)])
    found, plain = jackknife(parts, float(values.mean())), estimate(values)
    assert found == pytest.approx((plain.low, plain.high))
