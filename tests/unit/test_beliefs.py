"""Beliefs about policy: closed forms of what firms expect."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import numpy as np
import pytest

from footloose.beliefs import (
    Beliefs,
    Instrument,
    average_together,
    chance_of_survival,
    expected_rates,
    expected_together,
    stack,
    year_end_rates,
    yearly_averages,
)
from footloose.history import PolicyRow

YEARS = tuple(range(2010, 2021))
BELIEFS = Beliefs(horizon_years=12, discount_rate=0.08, prior_years=4)
DISCOUNT = 1.08 ** -np.arange(12)


def row(*steps: tuple[date, float], until: date | None = None, **changes: Any) -> PolicyRow:
    dates = tuple(day for day, _ in steps)
    made = PolicyRow(
        id="policy", kind="tariff", authority="test", market="market", announced=dates[0], start=dates[0], until=until,
        stacking="add", dates=dates, rates=np.array([[[rate]] for _, rate in steps]), form="", budget_usd_billion=None,
        new_plants_only=False, reversal=0.0, reversal_source="", title="", source="", certainty="C",
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


def expected(instrument: Instrument, year: int) -> float:
    return float(expected_rates(instrument, YEARS, BELIEFS)[year - YEARS[0], 0, 0])


FLAT = row((date(2012, 1, 1), 10.0))


def test_a_tariff_believed_permanent_is_worth_its_rate() -> None:
    instrument = Instrument(FLAT, False, 0.0, False)
    assert expected(instrument, 2011) == 0.0
    assert [expected(instrument, year) for year in (2012, 2020)] == pytest.approx([10.0, 10.0])


def test_a_chance_of_reversal_is_a_geometric_sum() -> None:
    weights = DISCOUNT / DISCOUNT.sum()
    assert expected(Instrument(FLAT, False, 0.25, False), 2015) == pytest.approx(10.0 * weights @ 0.75 ** np.arange(12))


def test_learning_lowers_the_chance_with_every_year_survived() -> None:
    """Beta prior of 4 years: after 4 years of survival the chance has halved."""
    instrument = Instrument(FLAT, False, 0.3, True)
    assert instrument.reversal_in(2010, 4.0) == pytest.approx(0.3)
    assert instrument.reversal_in(2016, 4.0) == pytest.approx(0.15)
    path = [expected(instrument, year) for year in range(2012, 2021)]
    assert (np.diff(path) > 0.0).all()
    assert path[-1] < 10.0


def test_lasts_counts_from_the_start() -> None:
    instrument = Instrument(FLAT, True, 0.0, False, lasts=2.0)
    assert chance_of_survival(instrument, 2012, 4, 4.0).tolist() == [1.0, 1.0, 0.0, 0.0]
    assert chance_of_survival(instrument, 2013, 3, 4.0).tolist() == [1.0, 0.0, 0.0]
    assert expected(instrument, 2012) == pytest.approx(10.0 * DISCOUNT[:2].sum() / DISCOUNT.sum())
    assert expected(instrument, 2014) == 0.0


def test_an_announcement_counts_from_its_day_with_the_years_until_the_start_left_out() -> None:
    announced = row((date(2014, 1, 1), 10.0), announced=date(2012, 6, 1))
    value = 10.0 * DISCOUNT[2:].sum() / DISCOUNT.sum()
    for path_known in (True, False):
        instrument = Instrument(announced, path_known, 0.0, False)
        assert expected(instrument, 2011) == 0.0
        assert expected(instrument, 2012) == pytest.approx(value)


def test_a_known_path_is_foreseen_and_a_surprise_is_not() -> None:
    rising = row((date(2012, 1, 1), 10.0), (date(2014, 1, 1), 30.0))
    known, surprise = (Instrument(rising, path_known, 0.0, False) for path_known in (True, False))
    assert expected(surprise, 2013) == pytest.approx(10.0)
    assert expected(surprise, 2014) == pytest.approx(30.0)
    assert expected(known, 2013) == pytest.approx((10.0 * DISCOUNT[0] + 30.0 * DISCOUNT[1:].sum()) / DISCOUNT.sum())


def test_the_end_of_support_is_foreseen_even_where_its_path_is_not() -> None:
    support = row((date(2012, 1, 1), 10.0), until=date(2014, 12, 31), kind="subsidy")
    assert expected(Instrument(support, False, 0.0, False), 2013) == pytest.approx(
        10.0 * DISCOUNT[:2].sum() / DISCOUNT.sum()
    )


def test_years_are_weighted_by_days_and_year_ends_by_their_day() -> None:
    july = row((date(2013, 7, 2), 10.0), until=date(2014, 7, 1))
    averages = yearly_averages(july, YEARS)[:, 0, 0]
    assert averages[3:6] == pytest.approx([10.0 * 183 / 365, 10.0 * 182 / 365, 0.0])
    assert year_end_rates(july, YEARS)[3:6, 0, 0].tolist() == [10.0, 0.0, 0.0]


def test_stacking_rules() -> None:
    first, second = np.array([5.0, 20.0, 5.0]), np.array([10.0, 10.0, 0.0])
    assert stack([first, second], ["add", "add"]).tolist() == [15.0, 30.0, 5.0]
    assert stack([first, second], ["add", "max"]).tolist() == [10.0, 20.0, 5.0]
    assert stack([first, second], ["add", "exclusive"]).tolist() == [10.0, 10.0, 5.0]


def replaced() -> list[Instrument]:
    """Return 20 % since 2012, replaced by 60 % on 2 July 2015, half a year after its announcement."""
    old = row((date(2012, 1, 1), 20.0))
    new = row((date(2015, 7, 2), 60.0), announced=date(2014, 1, 1), stacking="exclusive")
    return [Instrument(policy, True, 0.0, False) for policy in (old, new)]


def test_what_is_replaced_in_july_is_paid_until_june() -> None:
    paid = [float(average_together(replaced(), year)[0, 0]) for year in (2014, 2015, 2016)]
    assert paid == pytest.approx([20.0, (20.0 * 182 + 60.0 * 183) / 365, 60.0])


def test_what_is_to_be_replaced_is_expected_until_then() -> None:
    believed = [float(expected_together(replaced(), year, BELIEFS)[0, 0]) for year in (2013, 2014, 2015)]
    assert believed == pytest.approx([20.0, (20.0 * DISCOUNT[0] + 60.0 * DISCOUNT[1:].sum()) / DISCOUNT.sum(), 60.0])


def test_adding_together_is_adding_one_by_one() -> None:
    both = [Instrument(FLAT, True, 0.2, True), Instrument(row((date(2013, 5, 1), 7.0)), False, 0.1, False)]
    alone = sum(expected_rates(instrument, YEARS, BELIEFS) for instrument in both)
    together = np.stack([expected_together(both, year, BELIEFS) for year in YEARS])
    assert together == pytest.approx(alone)
    averages = sum(yearly_averages(instrument.row, YEARS) for instrument in both)
    assert np.stack([average_together(both, year) for year in YEARS]) == pytest.approx(averages)
