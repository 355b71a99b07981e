"""The answer of imports to a permanent duty, over time, against the best estimates there are."""

from __future__ import annotations

import pytest

from footloose_calibration.conformance.trade_elasticity import FIRST, path
from footloose_calibration.conformance.worlds import Frame

FIRMS = 100_000


@pytest.fixture(scope="module")
def found() -> dict[int, float]:
    """Return by year the elasticity of United States imports from China against other foreign sites."""
    return path(Frame(firms=FIRMS), 0)


def test_nothing_happens_before_the_duty(found: dict[int, float]) -> None:
    assert [found[year] for year in range(2010, FIRST)] == [0.0, 0.0, 0.0]


def test_first_year(found: dict[int, float]) -> None:
    """Boehm, Levchenko and Pandalai-Nayar (AER 2023): -0.76 after one year; their 95 % interval is about 0.6-0.95."""
    assert -0.95 < found[FIRST] < -0.6


def test_after_eight_years(found: dict[int, float]) -> None:
    """The same: -1.75 to -2.25 after seven to ten years, give or take a standard error of 0.25 to 0.5."""
    assert -2.75 < found[FIRST + 8] < -1.5


def test_the_answer_grows_over_the_years(found: dict[int, float]) -> None:
    """Footprints are slower than orders: two years on it is more, and the first holds 0.25-0.67 of the eighth."""
    assert found[FIRST] > found[FIRST + 2] > found[FIRST + 4] > found[FIRST + 6]
    assert found[FIRST + 8] < found[FIRST + 4]
    assert 0.25 < found[FIRST] / found[FIRST + 8] < 0.67
