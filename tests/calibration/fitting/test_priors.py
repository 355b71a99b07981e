"""Priors: the shipped table is sound, mistakes are named, positions and values go to and fro."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from footloose.errors import DataError
from footloose.scenario import Scenario, load
from footloose_calibration.priors import TABLE, Prior, Priors, declared_range, load_priors

HEAD = "parameter,low,high,centre,distribution,meaning,source,certainty\n"


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load("baseline")


def row(distribution: str, low: float = 1.0, high: float = 4.0, centre: float = 2.0) -> Prior:
    return Prior("decisions.sunk_cost", low, high, centre, distribution, "meaning", "source", "C")


def test_shipped_priors_are_sound(baseline: Scenario) -> None:
    priors = load_priors(baseline)
    assert 12 <= len(priors) <= 18
    assert len(set(priors.names)) == len(priors)


@pytest.mark.parametrize(
    "line, said",
    [
        ("decisions.sunk_kost,1,2,1,uniform,m,s,C", "did you mean 'decisions.sunk_cost'"),
        ("decisions.sunk_cost,3,2,2,uniform,m,s,C", "low has to be below high"),
        ("decisions.sunk_cost,1,20,2,uniform,m,s,C", "declared with 0 to 10"),
        ("decisions.sunk_cost,3,4,3,uniform,m,s,C", "the scenario's value 1.6 lies outside"),
        ("decisions.sunk_cost,1,4,5,uniform,m,s,C", "centre 5 given"),
        ("decisions.sunk_cost,1,4,2,unifrom,m,s,C", "allowed: uniform, normal, log_uniform"),
        ("decisions.sunk_cost,0,4,2,log_uniform,m,s,C", "needs a range above 0"),
        ("decisions.sunk_cost,1,4,2,uniform,m,s,E", "allowed: A, B, C, D"),
        ("decisions.sunk_cost,1,x,2,uniform,m,s,C", "high 'x' given; wanted a number"),
        ("decisions.sunk_cost,1,4,2,uniform,m,,C", "nothing given for source"),
        ("mechanisms.productivity.trend.chnia,-1,1,0,uniform,m,s,C", "did you mean 'china'"),
        ("mechanisms.risk.premium_on_china,0,1,0,uniform,m,s,C", "unknown parameter"),
        ("title.en,0,1,0,uniform,m,s,C", "unknown parameter"),
    ],
)
def test_mistake_is_named_with_its_place(tmp_path: Path, baseline: Scenario, line: str, said: str) -> None:
    path = tmp_path / TABLE
    path.write_text(HEAD + "orders.elasticity,0.5,1,0.8,uniform,m,s,B\n" + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=f"{path}:3") as caught:
        load_priors(baseline, path)
    assert said in str(caught.value)


def test_all_mistakes_at_once(tmp_path: Path, baseline: Scenario) -> None:
    path = tmp_path / TABLE
    path.write_text(HEAD + "a.b,1,2,1,uniform,m,s,C\ndecisions.rooted,9,8,8,uniform,m,s,C\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_priors(baseline, path)
    assert ":2:" in str(caught.value)
    assert ":3:" in str(caught.value)


def test_strange_columns_are_refused(tmp_path: Path, baseline: Scenario) -> None:
    path = tmp_path / TABLE
    path.write_text("parameter,low\n", encoding="utf-8")
    with pytest.raises(DataError, match="wanted parameter, low, high"):
        load_priors(baseline, path)


def test_entry_of_a_mapping_has_the_range_of_its_parameter(baseline: Scenario) -> None:
    assert declared_range("mechanisms.productivity.trend.china", baseline) == (-10.0, 10.0)
    assert declared_range("mechanisms.productivity.trend.indonesia", baseline) == (-10.0, 10.0)
    assert declared_range("decisions.sunk_cost", baseline) == (0.0, 10.0)


@pytest.mark.parametrize("distribution", ["uniform", "normal", "log_uniform"])
def test_positions_and_values(distribution: str) -> None:
    prior = row(distribution)
    places = np.linspace(0.0, 1.0, 7)
    values = prior.value(places)
    assert (values[0], values[-1]) == pytest.approx((1.0, 4.0))
    assert [prior.position(float(value)) for value in values] == pytest.approx(places)


def test_log_uniform_is_even_in_ratios() -> None:
    assert row("log_uniform").value(np.array([0.5]))[0] == pytest.approx(2.0)


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_density_standard_deviation_and_draws_agree(distribution: str) -> None:
    prior = row(distribution)
    fine = (np.arange(20_000) + 0.5) / 20_000
    weight = np.exp(prior.log_density(fine))
    mean = (weight * fine).sum() / weight.sum()
    spread = np.sqrt((weight * (fine - mean) ** 2).sum() / weight.sum())
    assert prior.standard_deviation == pytest.approx(spread, rel=1e-3)
    drawn = prior.quantile(fine)
    assert (drawn.mean(), drawn.std()) == pytest.approx((mean, spread), rel=1e-3)


def test_nothing_outside_the_range() -> None:
    priors = Priors((row("normal"), row("uniform")))
    found = priors.log_density(np.array([[0.5, 0.5], [0.5, 1.01], [-0.01, 0.5]]))
    assert np.isfinite(found).tolist() == [True, False, False]


def test_what_the_table_says_is_what_is_run() -> None:
    """Values are rounded once, before a run; reading them back gives the same number."""
    values = Priors((row("log_uniform"),)).values(np.array([[1.0 / 3.0]]))
    assert float(f"{values[0, 0]:.8g}") == values[0, 0]
