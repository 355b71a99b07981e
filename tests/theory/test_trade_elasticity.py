"""The answer of imports to a permanent duty, over time, against the best estimates there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose

FIRMS = 100_000
FIRST = 2013


@pytest.fixture(scope="module")
def path(live: Callable[..., Any], policy: Callable[..., tuple[str, ...]]) -> Any:
    """Return by year the elasticity of United States imports from China against other foreign sites.

    Change of the log ratio of imports between twins, over that of one plus the duty collected.
    """
    duty = policy("duty", kind="tariff", market="united_states", sites="china", rate=10, start=FIRST, believed=0.0)
    twins = [
        live(footloose.load("no_trade_war", overrides=["years.until=2021", *more]), firms=FIRMS) for more in ((), duty)
    ]
    setting = twins[0].run.setting
    geography = setting.geography
    market, china = geography.market("united_states"), list(geography.sites_in("china"))
    foreign = sorted(set(range(len(geography.sites))) - set(china) - set(geography.sites_in("united_states")))
    sales = [twin.tables["sales"][:, market].sum(axis=(1, 2)) for twin in twins]
    ratio = [np.log(table[:, china].sum(axis=1) / table[:, foreign].sum(axis=1)) for table in sales]
    collected = 0.10 * setting.history.series["collection_ratio"][: len(ratio[0]), market]
    return dict(zip(setting.law.years, (ratio[1] - ratio[0]) / np.log1p(collected), strict=True))


def test_nothing_happens_before_the_duty(path: dict[int, float]) -> None:
    assert [path[year] for year in range(2010, FIRST)] == [0.0, 0.0, 0.0]


def test_first_year(path: dict[int, float]) -> None:
    """Boehm, Levchenko and Pandalai-Nayar (AER 2023): -0.76 after one year; their 95 % interval is about 0.6-0.95."""
    assert -0.95 < path[FIRST] < -0.6


def test_after_eight_years(path: dict[int, float]) -> None:
    """The same: -1.75 to -2.25 after seven to ten years, give or take a standard error of 0.25 to 0.5."""
    assert -2.75 < path[FIRST + 8] < -1.5


def test_the_answer_grows_over_the_years(path: dict[int, float]) -> None:
    """Footprints are slower than orders: two years on it is more, and the first holds 0.25-0.67 of the eighth."""
    assert path[FIRST] > path[FIRST + 2] > path[FIRST + 4] > path[FIRST + 6]
    assert path[FIRST + 8] < path[FIRST + 4]
    assert 0.25 < path[FIRST] / path[FIRST + 8] < 0.67
