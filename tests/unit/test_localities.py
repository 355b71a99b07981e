"""Levers by place and activity against 2010."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from footloose.dated import DatedPath
from footloose.geography import load_geography
from footloose.localities import budgets, ratio, same_country, sector_shares

GEOGRAPHY = load_geography()
PATH = DatedPath.of({date(2020, 7, 1): 6.0})


def test_money_of_a_group_is_divided() -> None:
    """Four inland places; from July 2020 on there are 184 of 366 days."""
    values = budgets({"inland_china": PATH}, GEOGRAPHY, 2020)
    assert values.sum() == pytest.approx(6.0 * 184 / 366)
    assert values[GEOGRAPHY.site("guangxi")] == pytest.approx(1.5 * 184 / 366)


def test_shares_of_sectors() -> None:
    sectors = len(GEOGRAPHY.sectors)
    assert sector_shares({}, GEOGRAPHY) == pytest.approx(1.0 / sectors)
    assert sector_shares({"all": 2.0}, GEOGRAPHY) == pytest.approx(1.0 / sectors)
    assert sector_shares({"machinery": 0.0}, GEOGRAPHY) == pytest.approx(1.0 / sectors)
    share = sector_shares({"electronics": 3.0, "machinery": 1.0}, GEOGRAPHY)
    assert share[GEOGRAPHY.sector("electronics")] == 0.75
    assert share.sum() == 1.0


def test_a_ratio_without_reference_is_one() -> None:
    assert ratio(np.array([2.0, 5.0, 0.0]), np.array([4.0, 0.0, 1.0])) == pytest.approx([0.5, 1.0, 1e-9])


def test_countries() -> None:
    same = same_country(GEOGRAPHY)
    assert same[GEOGRAPHY.site("guangxi")].sum() == 7.0
    assert same[GEOGRAPHY.site("mexico")].sum() == 1.0
