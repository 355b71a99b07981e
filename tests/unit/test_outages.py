"""Outages: who delivers what a plant cannot make, against sums done by hand; nothing is lost or made up."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose.dated import DatedPath
from footloose.outages import ask_round, deliver, deliver_year, ration, struck_part, to_partner
from footloose.shocks import Shock, Shocks

Floats = npt.NDArray[np.float64]


def flows(*rows: list[float]) -> Floats:
    """Return sales of one sector and one owner; a row a market; (market, 1, 1, site)."""
    return np.array(rows, dtype=np.float64)[:, None, None, :]


def alone(sales: Floats) -> npt.NDArray[np.int64]:
    """Return the footing of programmes that all have one site; (cell, site, site)."""
    cells = sales.reshape(-1, sales.shape[3])
    return np.asarray([np.diag(row) for row in cells]).astype(np.int64)


def test_partners_share_what_pairs_make() -> None:
    """Site 0: 60 by single plants and half of the 40 of the pair 0-1, so a quarter has its partner at 1."""
    footing = np.zeros((1, 3, 3), dtype=np.int64)
    footing[0, 0, 0], footing[0, 0, 1] = 60, 30
    footing[0, 1, 0] = 10
    expected = [[0.0, 0.25, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    np.testing.assert_allclose(to_partner(footing)[0], expected)


def test_spare_capacity_stocks_and_shortage() -> None:
    """50, 30, 20 sold, the first site loses half: 25 are lost; a tenth of 25 + 30 + 20 can be made on top, 7.5; of the
    open 17.5 the stock of 5 % bridges 5, counted with who lost them; 12.5 are short."""
    sales = flows([50.0, 30.0, 20.0])
    given_out = deliver(sales, alone(sales), np.array([[0.5, 0.0, 0.0]]), 0.1, np.array([[0.05]]))
    np.testing.assert_allclose(given_out.sales[0, 0, 0], [32.5, 33.0, 22.0])
    np.testing.assert_allclose(given_out.shortage, [[12.5]])
    np.testing.assert_allclose(given_out.drawn, [[5.0]])


def test_whom_a_full_supplier_turns_away_asks_the_next() -> None:
    """Market A buys 50, 40, 10, market B 90 of the third site. The first loses a fifth, 10. Asked in proportion to 40,
    40, 10 the first two can make 4 each; the remaining 2 come from the third, which has room for 10."""
    sales = flows([50.0, 40.0, 10.0], [0.0, 0.0, 90.0])
    given_out = deliver(sales, alone(sales), np.array([[0.2, 0.0, 0.0]]), 0.1, np.zeros((2, 1)))
    np.testing.assert_allclose(given_out.sales[:, 0, 0], [[44.0, 44.0, 12.0], [0.0, 0.0, 90.0]])
    np.testing.assert_allclose(given_out.shortage, 0.0, atol=1e-12)


def test_a_programme_shifts_to_its_own_second_plant_first() -> None:
    """Pairs at 0 and 1 sell 50 each, single plants at 2 sell 50. Site 0 loses 40 %, 20. Its partner has room for 15;
    the other 5 are asked of 0 (30 kept) and 2 (50 kept), not of 1, which is full: 1.875 and 3.125."""
    sales = flows([50.0, 50.0, 50.0])
    footing = np.zeros((1, 3, 3), dtype=np.int64)
    footing[0, 0, 1], footing[0, 2, 2] = 100, 50
    given_out = deliver(sales, footing, np.array([[0.4, 0.0, 0.0]]), 0.3, np.zeros((1, 1)))
    np.testing.assert_allclose(given_out.sales[0, 0, 0], [31.875, 65.0, 53.125])
    np.testing.assert_allclose(given_out.shortage, 0.0, atol=1e-12)


def test_all_orders_of_a_full_site_are_cut_alike() -> None:
    """6 and 2 asked of a site with room for 4: half of each; of the other site 1 of 5 is left over."""
    asked = flows([6.0, 1.0], [2.0, 3.0])
    met, left = ration(asked, np.array([[4.0, 5.0]]))
    np.testing.assert_allclose(met[:, 0, 0], [[3.0, 1.0], [1.0, 3.0]])
    np.testing.assert_allclose(left, [[0.0, 1.0]])


def test_a_market_nobody_can_serve_goes_without() -> None:
    more = ask_round(np.array([[5.0]]), flows([0.0, 0.0]), np.array([[1.0, 1.0]]))
    np.testing.assert_array_equal(more, 0.0)


def test_nobody_makes_beforehand_what_will_be_missing() -> None:
    """100 and 100 sold; the first loses a quarter of the year's output in half of the year, half of it there: 25 of 50.
    What is left of it can make 2.5 more and the other 5, a tenth, in these months: 17.5 are short, where over all the
    year they could have made 7.5 and 10 more. A stock of 5 % of the year, 10, goes into these months alone."""
    sales, none = flows([100.0, 100.0]), np.zeros((1, 2))
    outage = (none, np.array([[0.25, 0.0]]))
    given_out = deliver_year(sales, alone(sales), outage, 0.5, 0.1, np.zeros((1, 1)))
    np.testing.assert_allclose(given_out.sales[0, 0, 0], [77.5, 105.0])
    np.testing.assert_allclose(given_out.shortage, [[17.5]])
    np.testing.assert_allclose(deliver_year(sales, alone(sales), outage, 1.0, 0.1, np.zeros((1, 1))).shortage, [[7.5]])
    stocked = deliver_year(sales, alone(sales), outage, 0.5, 0.1, np.array([[0.05]]))
    np.testing.assert_allclose(stocked.shortage, [[7.5]])
    np.testing.assert_allclose(stocked.drawn, [[10.0]])


def test_lasting_outages_go_on_when_the_shock_is_over() -> None:
    """A tenth lost all year, and half of the rest in the first half: 50 x 0.9 x 0.5 = 22.5 and 50 x 0.9 = 45 made."""
    sales = flows([100.0])
    outage = (np.array([[0.1]]), np.array([[0.25]]))
    given_out = deliver_year(sales, alone(sales), outage, 0.5, 0.0, np.zeros((1, 1)))
    np.testing.assert_allclose(given_out.sales[0, 0, 0], [67.5])


def test_the_part_of_the_year_is_the_days_on_which_something_is_struck() -> None:
    """January to March and March to April 2027: 120 of 365 days; a shock of size zero strikes nothing."""

    def event(name: str, first: int, end: int, size: float) -> Shock:
        reach = np.ones((1, 1))
        return Shock(
            name, "disruption", date(2027, first, 1), date(2027, end, 1), False, DatedPath.constant(size), reach
        )

    both = Shocks((event("one", 1, 4, 10.0), event("two", 3, 5, 20.0), event("none", 6, 9, 0.0)))
    assert struck_part(both, 2027) == pytest.approx(120 / 365)
    assert struck_part(both, 2028) == 1.0


shares = st.floats(0.0, 1.0)


@given(
    st.lists(st.lists(st.integers(0, 500), min_size=4, max_size=4), min_size=2, max_size=2),
    st.lists(shares, min_size=4, max_size=4),
    st.floats(0.0, 0.5),
    st.lists(st.floats(0.0, 0.3), min_size=2, max_size=2),
    st.integers(0, 200),
)
def test_what_is_wanted_is_delivered_or_short(
    rows: list[list[int]], lost: list[float], spare: float, held: list[float], pair: int
) -> None:
    """No site makes more than it can, no market gets more than it asked for, no stock gives more than it holds."""
    sales = flows(*[[float(value) for value in row] for row in rows])
    footing = alone(sales)
    footing[0, 0, 1] += pair
    outage, stock = np.array([lost]), np.array(held)[:, None]
    given_out = deliver(sales, footing, outage, spare, stock)
    wanted = sales.sum(axis=(2, 3))
    np.testing.assert_allclose(given_out.sales.sum(axis=(2, 3)) + given_out.shortage, wanted, atol=1e-9)
    assert (given_out.shortage >= -1e-9).all()
    assert (given_out.drawn <= stock * wanted + 1e-9).all()
    made = given_out.sales.sum(axis=(0, 2)) - given_out.drawn.sum()
    assert (made <= (1.0 + spare) * (1.0 - outage) * sales.sum(axis=(0, 2)) + 1e-9).all()


@pytest.mark.parametrize("spare", [0.0, 0.15])
def test_without_an_outage_nothing_changes(spare: float) -> None:
    sales = flows([50.0, 30.0, 20.0], [1.0, 0.0, 7.0])
    given_out = deliver(sales, alone(sales), np.zeros((1, 3)), spare, np.zeros((2, 1)))
    np.testing.assert_array_equal(given_out.sales, sales)
    np.testing.assert_array_equal(given_out.shortage, 0.0)
