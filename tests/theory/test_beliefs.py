"""What a policy that may not last is worth to a plant: closed forms, and how instruments combine."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose.beliefs import Beliefs, Instrument, chance_of_survival, expected_rates, parts, stack
from footloose.history import PolicyRow
from footloose.law import Law

Floats = npt.NDArray[np.float64]
YEARS = tuple(range(2010, 2036))
BELIEFS = Beliefs()
HORIZON, DISCOUNT = 12, 1.0 / 1.08


def row(
    name: str = "duty",
    *,
    rate: float = 25.0,
    start: date = date(2018, 1, 1),
    announced: date | None = None,
    until: date | None = None,
    dates: tuple[date, ...] = (),
    rates: tuple[float, ...] = (),
    kind: str = "tariff",
    market: str = "here",
    authority: str = "law",
    stacking: str = "add",
) -> PolicyRow:
    return PolicyRow(
        id=name, kind=kind, authority=authority, market=market, announced=announced or start, start=start, until=until,
        stacking=stacking, dates=dates or (start,),
        rates=np.array(rates or (rate,), dtype=np.float64)[:, None, None], form="output_share",
        budget_usd_billion=None, new_plants_only=False, reversal=0.0, reversal_source="", title="", source="",
        certainty="C",
    )  # fmt: skip


def believed(instrument: Instrument) -> dict[int, float]:
    return dict(zip(YEARS, expected_rates(instrument, YEARS, BELIEFS)[:, 0, 0], strict=True))


def annuity(ratio: float, years: int) -> float:
    """Return 1 + ratio + ... + ratio^(years - 1)."""
    return float(years) if ratio == 1.0 else (1.0 - ratio**years) / (1.0 - ratio)


def test_certain_and_permanent_counts_in_full() -> None:
    rates = believed(Instrument(row(), path_known=True, reversal=0.0, learning=False))
    assert [rates[year] for year in range(2010, 2018)] == [0.0] * 8
    np.testing.assert_allclose([rates[year] for year in range(2018, 2036)], 25.0, rtol=1e-12)


@given(st.floats(0.0, 1.0))
def test_a_chance_of_reversal_weighs_as_a_geometric_sum(chance: float) -> None:
    """sum_h ((1 - q) / (1 + r))^h over sum_h (1 + r)^-h."""
    rates = believed(Instrument(row(), path_known=True, reversal=chance, learning=False))
    weight = annuity((1.0 - chance) * DISCOUNT, HORIZON) / annuity(DISCOUNT, HORIZON)
    np.testing.assert_allclose(rates[2018], 25.0 * weight, rtol=1e-9)
    np.testing.assert_allclose(rates[2030], 25.0 * weight, rtol=1e-9)  # a fixed belief does not learn


@pytest.mark.parametrize("lasts", [1, 2, 5, 12, 40])
def test_believed_to_last_some_years(lasts: int) -> None:
    """In the first year the next `lasts` years count, in the second one fewer; when it is overdue, nothing."""
    rates = believed(Instrument(row(), path_known=True, reversal=0.1, learning=False, lasts=lasts))
    for year in range(2018, 2030):
        left = min(max(lasts - (year - 2018), 0), HORIZON)
        np.testing.assert_allclose(rates[year], 25.0 * annuity(DISCOUNT, left) / annuity(DISCOUNT, HORIZON), rtol=1e-9)


def test_a_learned_chance_falls_as_the_instrument_survives() -> None:
    """Beta(alpha, beta) with alpha + beta = m and n survivals: q = q0 m / (m + n); belief rises towards certainty."""
    instrument = Instrument(row(), path_known=True, reversal=0.3, learning=True)
    for survived in (0, 1, 4, 15):
        assert instrument.reversal_in(2018 + survived, 4.0) == pytest.approx(0.3 * 4.0 / (4.0 + survived))
    assert instrument.reversal_in(2012, 4.0) == 0.3
    rates = believed(instrument)
    path = [rates[year] for year in range(2018, 2036)]
    assert all(late > early for early, late in pairwise(path))
    assert path[-1] < 25.0
    fixed = believed(Instrument(row(), path_known=True, reversal=0.3, learning=False))
    assert rates[2018] == fixed[2018]


def test_survival_starts_at_one() -> None:
    for instrument in (
        Instrument(row(), True, 0.4, True),
        Instrument(row(), True, 0.4, False),
        Instrument(row(), True, 0.4, False, lasts=3),
    ):
        chance = chance_of_survival(instrument, 2018, HORIZON, 4.0)
        assert chance[0] == 1.0
        assert (np.diff(chance) <= 0.0).all()


def test_an_announced_duty_counts_from_the_day_it_is_known() -> None:
    """Known in 2015, in force from 2018: the first three of twelve years are free."""
    known = believed(Instrument(row(announced=date(2015, 6, 1)), True, 0.0, False))
    surprise = believed(Instrument(row(announced=date(2015, 6, 1)), False, 0.0, False))
    free = annuity(DISCOUNT, 3) / annuity(DISCOUNT, HORIZON)
    for rates in (known, surprise):
        assert rates[2014] == 0.0
        assert rates[2015] == pytest.approx(25.0 * (1.0 - free))


def test_a_known_path_is_foreseen_and_a_surprise_is_not() -> None:
    steps = row(dates=(date(2018, 1, 1), date(2020, 1, 1)), rates=(10.0, 30.0))
    early = annuity(DISCOUNT, 2) / annuity(DISCOUNT, HORIZON)
    known = believed(Instrument(steps, True, 0.0, False))
    surprise = believed(Instrument(steps, False, 0.0, False))
    assert known[2018] == pytest.approx(10.0 * early + 30.0 * (1.0 - early))
    assert surprise[2018] == pytest.approx(10.0)
    assert known[2020] == pytest.approx(30.0)
    assert surprise[2020] == pytest.approx(30.0)


def test_a_known_end_is_foreseen() -> None:
    rates = believed(Instrument(row(until=date(2020, 12, 31)), True, 0.0, False))
    assert rates[2018] == pytest.approx(25.0 * annuity(DISCOUNT, 3) / annuity(DISCOUNT, HORIZON))
    assert rates[2021] == 0.0


def table(*values: float) -> Floats:
    return np.array(values)[None, None, :]


def test_stacking_rules() -> None:
    first, second = table(10.0, 10.0, 0.0, 0.0), table(25.0, 5.0, 5.0, 0.0)
    np.testing.assert_array_equal(stack([first, second], ["add", "add"]), table(35.0, 15.0, 5.0, 0.0))
    np.testing.assert_array_equal(stack([first, second], ["add", "max"]), table(25.0, 10.0, 5.0, 0.0))
    np.testing.assert_array_equal(stack([first, second], ["add", "exclusive"]), table(25.0, 5.0, 5.0, 0.0))
    np.testing.assert_array_equal(stack([first], ["max"]), first)


def test_authorities_add_and_rules_hold_within_one() -> None:
    """A later exclusive duty replaces those of its own authority, in order of their start, and no other's."""
    duties = [
        row("b", rate=25.0, start=date(2019, 1, 1), stacking="exclusive"),
        row("a", rate=10.0, start=date(2018, 1, 1)),
        row("c", rate=7.0, start=date(2018, 1, 1), authority="another"),
        row("elsewhere", rate=50.0, start=date(2018, 1, 1), market="there"),
    ]
    instruments = tuple(Instrument(duty, True, 0.0, False) for duty in duties)
    tables = Law(instruments, BELIEFS, ("here", "there", "nowhere"), YEARS).tariffs
    for rates in (tables.now, tables.expected, tables.in_force):
        assert rates.shape == (len(YEARS), 3, 1, 1)
        np.testing.assert_allclose(rates[2019 - 2010, :, 0, 0], [32.0, 50.0, 0.0])
    np.testing.assert_allclose(tables.now[2018 - 2010, 0, 0, 0], 17.0)


def test_the_year_a_duty_starts_counts_by_days() -> None:
    tables = Law((Instrument(row(start=date(2018, 7, 1)), True, 0.0, False),), BELIEFS, ("here",), YEARS).tariffs
    assert tables.now[8, 0, 0, 0] == pytest.approx(25.0 * 184 / 365)
    assert tables.in_force[8, 0, 0, 0] == 25.0
    assert tables.in_force[7, 0, 0, 0] == 0.0


def test_parts_of_support_sum_to_the_stack() -> None:
    rates = [np.array([[10.0, 0.0]]), np.array([[4.0, 6.0]]), np.array([[12.0, 3.0]])]
    for rules in (
        ["add", "add", "add"],
        ["add", "max", "max"],
        ["add", "exclusive", "max"],
        ["add", "add", "exclusive"],
    ):
        together = sum(parts(rates, rules), np.zeros((1, 2)))
        np.testing.assert_allclose(together, stack(rates, rules))
    np.testing.assert_array_equal(parts(rates, ["add", "max", "max"])[2], [[2.0, 0.0]])
