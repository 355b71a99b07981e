"""Bands become standard deviations, and standard deviations implausibility, as written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from footloose_calibration.fitting.discrepancy import DISCREPANCY, FREEDOM, Yardstick
from footloose_calibration.targets import Target

SPREAD = np.sqrt(1.0 + DISCREPANCY**2)
NO_ERROR = np.zeros(1)


@pytest.fixture(scope="module")
def plain(target: Callable[..., Target]) -> Target:
    return target("a", 7.0, 15.0, central=10.0)


def test_band_is_the_central_ninety_percent(plain: Target) -> None:
    yardstick = Yardstick.of([plain])
    assert yardstick.below[0] == pytest.approx(3.0 / 1.6448536)
    assert yardstick.above[0] == pytest.approx(5.0 / 1.6448536)
    found = yardstick.implausibility(np.array([[7.0], [15.0], [10.0]]), NO_ERROR)
    assert found[:, 0] == pytest.approx([1.6448536 / SPREAD, 1.6448536 / SPREAD, 0.0])


def test_variance_of_emulator_and_chance_is_added(plain: Target) -> None:
    yardstick = Yardstick.of([plain])
    found = yardstick.implausibility(np.array([[7.0]]), np.array([4.0]))
    assert found[0, 0] == pytest.approx(3.0 / math.sqrt(SPREAD**2 * (3.0 / 1.6448536) ** 2 + 4.0))


def test_right_side_of_a_bound_is_never_wrong(plain: Target) -> None:
    at_least = Yardstick.of([replace(plain, low=10.0, high=math.inf)])
    found = at_least.implausibility(np.array([[1e6], [10.0], [9.0]]), NO_ERROR)
    assert found[:, 0] == pytest.approx([0.0, 0.0, 1.0 / (SPREAD * (1.0 / 1.6448536))])
    at_most = Yardstick.of([replace(plain, low=-math.inf, high=12.0)])
    assert at_most.central[0] == 12.0
    assert at_most.implausibility(np.array([[-5.0], [14.0]]), NO_ERROR)[:, 0] == pytest.approx(
        [0.0, 1.6448536 / SPREAD]
    )


def test_missing_measure_is_missed(plain: Target) -> None:
    assert math.isinf(Yardstick.of([plain]).implausibility(np.array([[math.nan]]), NO_ERROR)[0, 0])


def test_family_counts_once(plain: Target) -> None:
    twins = [plain, replace(plain, id="b"), replace(plain, id="c", family="other")]
    assert Yardstick.of(twins).weight == pytest.approx([0.5, 0.5, 1.0])
    measures, alone = np.array([[12.0]]), Yardstick.of([plain])
    both = Yardstick.of(twins[:2]).log_likelihood(np.repeat(measures, 2, axis=1), np.zeros(2))
    assert both == pytest.approx(alone.log_likelihood(measures, NO_ERROR))


def test_likelihood_is_that_of_student(plain: Target) -> None:
    yardstick = Yardstick.of([plain])
    measures = np.array([[10.0], [13.0], [40.0]])
    found = yardstick.log_likelihood(measures, NO_ERROR)
    wanted = stats.t(FREEDOM).logpdf(yardstick.implausibility(measures, NO_ERROR)[:, 0])
    assert found - found[0] == pytest.approx(wanted - wanted[0])


def test_an_unsure_emulator_is_no_better(plain: Target) -> None:
    """Where the measure is right, a wider error may not make a point likelier."""
    yardstick = Yardstick.of([plain])
    sure, unsure = (yardstick.log_likelihood(np.array([[10.0]]), np.array([v]))[0] for v in (0.0, 100.0))
    assert sure > unsure


def test_moved_yardstick_keeps_its_widths(plain: Target) -> None:
    yardstick = Yardstick.of([plain, replace(plain, id="b", low=9.0, high=math.inf)]).moved_to(
        np.array([3.0, 4.0]), np.zeros(2)
    )
    assert yardstick.low == pytest.approx([0.0, 3.0])
    assert yardstick.high == pytest.approx([8.0, 5.0])
    assert yardstick.digest() != yardstick.moved_to(np.array([3.0, 4.1]), np.zeros(2)).digest()
