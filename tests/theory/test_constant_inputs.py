"""The base year comes out exactly, and where nothing changes nothing drifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.firms import VALUE_UNIT

FIRMS = 20_000


def test_the_base_year_is_reproduced(live: Callable[..., Any]) -> None:
    """Sales of 2010 are the base year's to 1e-6, and to half a thousand dollars a firm, in which values are kept."""
    scenario = footloose.load("literature", overrides=["years.until=2011"])
    lived = live(scenario, firms=FIRMS)
    setting, born = lived.run.setting, lived.born
    markets, sectors, origins, sites = setting.shape
    firms = np.zeros((markets * sectors, sites))
    row, paired = born.cell // origins, born.second >= 0
    np.add.at(firms, (row, born.main), 1.0)
    np.add.at(firms, (row[paired], born.second[paired]), 1.0)
    firms = firms.reshape(markets, sectors, sites)
    use = setting.base.use
    covered = ((firms > 0.0) | (use == 0.0)).all(axis=2)
    assert use[covered].sum() > 0.99 * use.sum()
    sold = lived.tables["sales"][0].sum(axis=2)
    allowed = 1e-6 * use + 0.5 * VALUE_UNIT * firms
    assert (np.abs(sold - use) <= allowed)[covered].all()
    np.testing.assert_allclose(sold.sum(axis=2), use.sum(axis=2), rtol=1e-9)


def test_the_ledger_of_the_base_year_is_blank(live: Callable[..., Any]) -> None:
    """Every line is a change since the base year, so in the base year nothing is dearer than it was."""
    lived = live(footloose.load("literature", overrides=["years.until=2011"]), firms=2_000)
    assert (lived.tables["buyer_cost"][0] == 1.0).all()


@pytest.mark.parametrize("feedback", [False, True], ids=["firms alone", "clusters, learning, congestion"])
def test_with_constant_inputs_nothing_drifts(
    feedback: bool,
    live: Callable[..., Any],
    constant_world: Callable[..., Any],
    quiet: tuple[str, ...],
    alone: tuple[str, ...],
    sampling: Any,
) -> None:
    """Sunk cost and second sites on, 25 years; no share of a market moves further than movers' weights allow."""
    scenario = footloose.load("literature", overrides=[*quiet, *(() if feedback else alone)])
    assert scenario.sections["decisions"].sunk_cost > 0.0
    assert scenario.sections["decisions"].second_site_ease > 0.0
    lived = live(scenario, constant_world(scenario), firms=FIRMS)
    start = lived.places(lived.born)
    moved = np.abs(lived.places() - start).max(axis=1) > 0.0
    assert moved.mean() > 0.1  # a world in which nobody moves would prove nothing
    markets = range(len(lived.run.setting.geography.markets))
    limit = sampling.errors(len(markets) * start.shape[1])
    for market in markets:
        change, error = lived.change(start, market)
        assert (np.abs(change) <= limit * error).all(), lived.run.setting.geography.markets[market]


def test_without_young_plants_there_is_no_drift_at_all(
    live: Callable[..., Any],
    constant_world: Callable[..., Any],
    quiet: tuple[str, ...],
    alone: tuple[str, ...],
    sampling: Any,
) -> None:
    """Flows balance exactly at any sunk cost; with 300,000 firms the errors are small enough to see half a percent.

    Only the extra cost of young plants upsets the balance a little: small sites have younger plants than large ones.
    """
    scenario = footloose.load("literature", overrides=[*quiet, *alone, "decisions.young_plant=0"])
    lived = live(scenario, constant_world(scenario), firms=300_000)
    start = lived.places(lived.born)
    limit = sampling.errors(4 * start.shape[1])
    squares = []
    for market in range(4):
        change, error = lived.change(start, market)
        assert (np.abs(change) <= limit * error).all()
        assert error.max() < 0.005
        squares.append((change / error) ** 2)
    # The errors are errors: their mean square is 1, give or take that of 4 x 21 independent ones, doubled for ties.
    assert abs(np.mean(squares) - 1.0) <= 2.0 * limit / 2.0 * np.sqrt(2.0 / 84.0)
