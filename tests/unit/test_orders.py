"""The fast margin, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from footloose.orders import clear_markets, purchases, sell, weigh_home
from footloose.sections import Orders

FOOTING = np.array([[[100, 40], [0, 60]]], dtype=np.int64)


def test_a_pair_splits_evenly_in_the_base_year() -> None:
    sold, unmoved = sell(FOOTING, np.zeros((1, 2)), 0.76, 3.0)
    assert sold.tolist() == unmoved.tolist() == [[120.0, 80.0]]


def test_a_dearer_site_sells_less() -> None:
    cost = np.array([[np.log(2.0), 0.0]])
    sold, unmoved = sell(np.array([[[100, 0], [0, 60]]]), cost, 2.0, 3.0)
    assert sold == pytest.approx(np.array([[25.0, 60.0]]))
    assert unmoved.tolist() == [[100.0, 60.0]]


def test_a_pair_splits_by_the_difference_of_costs() -> None:
    """Twice as dear at a split elasticity of 2: one part against four; without a response of buyers."""
    sold, _ = sell(np.array([[[0, 50], [0, 0]]]), np.array([[np.log(2.0), 0.0]]), 0.0, 2.0)
    assert sold == pytest.approx(np.array([[10.0, 40.0]]))


def test_markets_clear_by_sector() -> None:
    sales = np.zeros((1, 2, 1, 2))
    sales[0, 0, 0] = [30.0, 10.0]
    cleared = clear_markets(sales, np.array([[80.0, 0.0]]))
    assert cleared[0, 0, 0].tolist() == [60.0, 20.0]
    assert cleared[0, 1].sum() == 0.0


def test_purchases_follow_demand_and_duties() -> None:
    """A quarter of purchases pays 40 % more duty: buyers pay 10 % more and buy 1.1^-0.5 of it."""
    use, change = np.array([[[75.0, 25.0]]]), np.array([[[0.0, 0.4]]])
    bought = purchases(Orders(total_elasticity=0.5), use, np.array([[2.0]]), change)
    assert bought == pytest.approx(np.array([[200.0 * 1.1**-0.5]]))


def test_no_demand_stays_no_demand() -> None:
    assert purchases(Orders(), np.zeros((1, 1, 2)), np.ones((1, 1)), np.zeros((1, 1, 2))).tolist() == [[0.0]]


def test_home_and_imports_are_weaker_substitutes() -> None:
    """Imports fall to a quarter; with half the elasticity between tiers, to a half. Within a tier nothing changes."""
    unmoved, offered = np.array([[[[50.0, 20.0, 20.0]]]]), np.array([[[[50.0, 8.0, 2.0]]]])
    weighed = weigh_home(offered, unmoved, np.array([[1.0, 0.0, 0.0]]), 0.5)[0, 0, 0]
    assert weighed == pytest.approx(np.array([50.0, 16.0, 4.0]))


def test_equal_elasticities_are_one_tier() -> None:
    unmoved, offered = np.full((1, 1, 1, 3), 30.0), np.array([[[[40.0, 8.0, 2.0]]]])
    assert weigh_home(offered, unmoved, np.array([[1.0, 0.0, 0.0]]), 1.0) == pytest.approx(offered)
