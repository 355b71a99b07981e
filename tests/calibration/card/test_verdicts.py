"""The written rules: verdicts on targets, distances, duels with rivals, findings of experiments."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose_calibration.card.verdicts import distance, duel, middle, tally, verdict
from footloose_calibration.conformance import EXPERIMENTS
from footloose_calibration.conformance.findings import Published, about, finding, judge
from footloose_calibration.targets import Target, load_targets

GROWTH = next(one for one in load_targets() if one.id == "official_us_employment_transport")
BOUND = next(one for one in load_targets() if one.id == "nearshore_mexico_firms")
TEN = replace(GROWTH, central=10.0, low=8.0, high=14.0, neutral=0.0)


@pytest.mark.parametrize(
    "median,low,high,due",
    [
        (9.0, 8.5, 9.5, "pass"),
        (8.0, 8.0, 8.0, "pass"),
        (7.0, 6.0, 8.0, "tension"),
        (15.0, 13.9, 20.0, "tension"),
        (7.0, 6.0, 7.9, "fail"),
        (20.0, 14.1, 30.0, "fail"),
        (math.nan, 8.0, 9.0, "unknown"),
    ],
)
def test_verdict(median: float, low: float, high: float, due: str) -> None:
    assert verdict(TEN, median, low, high) == due


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_range_is_never_worse_and_never_a_pass(median: float, below: float, above: float) -> None:
    """Uncertainty turns a failure into a tension at most."""
    sharp, wide = verdict(TEN, median, median, median), verdict(TEN, median, median - below, median + above)
    assert (sharp == "pass") == (wide == "pass") == TEN.holds(median)
    assert sharp != "tension"


@pytest.mark.parametrize(
    "target,value,due",
    [(TEN, 10.0, 0.0), (TEN, 8.0, 1.0), (TEN, 14.0, 1.0), (TEN, 18.0, 2.0), (TEN, 4.0, 3.0), (BOUND, 1e9, 0.0)],
)
def test_distance_is_one_at_the_end_of_the_band(target: Target, value: float, due: float) -> None:
    assert distance(target, value) == pytest.approx(due)


def test_tally_counts_every_verdict_once() -> None:
    counts = tally(["pass", "pass", "fail", "tension", "unknown"], [False, True, True, False, False])
    assert (counts.count, counts.passed, counts.tension, counts.failed, counts.unknown) == (5, 2, 1, 1, 1)
    assert counts.wrong == 2
    assert counts.share == 0.4
    assert math.isnan(tally([], []).share)


def test_duel_is_over_what_both_speak_about() -> None:
    others = [replace(TEN, id=name) for name in ("one", "two", "three")]
    result = duel(others, {"one": 9.0, "two": 20.0, "three": 10.0}, {"one": 7.0, "two": 11.0, "three": math.nan})
    assert (result.count, result.model, result.rival, result.nearer) == (2, 1, 1, 1)
    assert result.apart == pytest.approx(((0.5 + 2.5) / 2, (1.5 + 0.25) / 2))
    assert math.isnan(middle([]))


NUMBER = Published("n", "t", "1", "-2", -2.5, -1.5, (-3.0, -1.0), -1, "s", "V", "w", "n")


@pytest.mark.parametrize(
    "mean,error,due",
    [
        (-2.0, 0.1, ("pass", False)),
        (-2.9, 0.0, ("tension", False)),
        (-4.0, 1.0, ("tension", False)),
        (-4.0, 0.5, ("fail", False)),
        (-4.0, math.nan, ("fail", False)),
        (0.1, 5.0, ("fail", True)),
        (math.nan, 0.1, ("unknown", False)),
    ],
)
def test_finding(mean: float, error: float, due: tuple[str, bool]) -> None:
    assert judge(NUMBER, mean, error) == due


def test_a_number_without_a_range_gets_the_rule() -> None:
    assert about(4.0) == (3.0, 5.0, (2.0, 6.0))
    assert about(-4.0) == (-5.0, -3.0, (-6.0, -2.0))


def test_mean_and_standard_error_over_replicates() -> None:
    answers = [
        {"first_year": -0.7, "eight_years": -2.0, "part": 0.35},
        {"first_year": -0.9, "eight_years": -2.0, "part": 0.4},
    ]
    found = finding(EXPERIMENTS[0], EXPERIMENTS[0].published[0], answers)
    assert found.model == pytest.approx(-0.8)
    assert found.error == pytest.approx(0.1)
    assert found.verdict == "pass"


def test_published_numbers_are_complete() -> None:
    for experiment in EXPERIMENTS:
        keys = [one.key for one in experiment.published]
        assert len(set(keys)) == len(keys)
        for one in experiment.published:
            assert one.widest[0] <= one.low <= one.high <= one.widest[1], (experiment.name, one.key)
            assert all((one.source, one.wide, one.note))
            assert one.status in ("V", "M")
            assert one.expected in (-1, 0, 1)
            assert one.expected == 0 or one.low * one.expected >= 0.0 or one.high * one.expected >= 0.0
