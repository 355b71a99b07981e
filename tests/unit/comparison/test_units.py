"""Replicates and draws of the ensemble: intervals by parameters beside those by chance, also for what is no mean."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from footloose.ensemble import Draw, Ensemble
from footloose.errors import FootlooseError
from footloose.experiments.comparison.attribution import exact_decomposition
from footloose.experiments.comparison.credibility import credibility
from footloose.experiments.comparison.intervals import estimate, on_the_whole, quantile_interval, ratio_over_draws
from footloose.experiments.comparison.inverse import Target, over_draws, solve
from footloose.experiments.comparison.lever_text import credibility_text, reversal_text, solution_text
from footloose.experiments.comparison.levers import instrument_lever
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.reversal import loop_of, reverse
from footloose.experiments.comparison.undo import means_of_draws
from footloose.experiments.comparison.units import Units
from footloose.experiments.comparison.worlds import Twins, World
from footloose.scenario import Scenario, load

Floats = npt.NDArray[np.float64]
CHINA = Outcome.read("Imports|Share,market=united_states,site=country:china")
REVENUE = Outcome.read("Tariff|Revenue,market=united_states")


def ensemble(*sunk_costs: float) -> Ensemble:
    draws = tuple(Draw(str(place), {"decisions.sunk_cost": value}) for place, value in enumerate(sunk_costs))
    return Ensemble("own", "", "", len(draws), draws)


def duty(until: int = 2015) -> Scenario:
    keys = ("kind=tariff", "market=united_states", "sites=china", "rate=40", "from=2012", "believed=permanent")
    settings = [f"policies.duty.{key}" for key in keys]
    return load("baseline", overrides=["firms=200", f"years.until={until}", "policy_record.include=none", *settings])


def test_units_stand_in_order() -> None:
    units = Units(2, ensemble(1.0, 2.0), 2)
    assert [(unit.draw, unit.replicate) for unit in units.all] == [(None, 0), (None, 1), (0, 0), (0, 1), (1, 0), (1, 1)]
    values = np.arange(6.0)
    drawn = units.drawn(values)
    assert drawn is not None
    assert (list(units.central(values)), drawn.tolist()) == ([0.0, 1.0], [[2.0, 3.0], [4.0, 5.0]])
    few = units.fewer(1, 1)
    assert (few.replicates, len(few.draws)) == (1, 1)
    assert list(means_of_draws(values, units)) == [0.5, 0.5, 2.5, 2.5, 4.5, 4.5]
    with pytest.raises(FootlooseError, match="at least 1 replicate"):
        Units(0)


def test_chance_is_no_interval_by_parameters() -> None:
    """Draws that differ in nothing but what replicates do to all of them: no width; draws that differ, their range."""
    units = Units(1, ensemble(1.0, 2.0, 3.0), 2)
    same = np.array([9.0, 1.0, 5.0, 1.0, 5.0, 1.0, 5.0])
    found = units.estimate(same)
    assert (found.mean, found.parameter_low, found.parameter_high) == (9.0, 3.0, 3.0)
    apart = np.array([9.0, 0.0, 4.0, 2.0, 6.0, 4.0, 8.0])
    low, high = units.parameters_of(apart[:, None], lambda runs: float(runs.mean()))
    assert (low, high) == pytest.approx((2.2, 5.8))
    assert Units(3).parameters_of(apart, lambda runs: 0.0) == (None, None)
    assert units.parameters_of(apart, lambda runs: math.inf) == (math.inf, math.inf)


def test_draws_are_moved_by_what_their_replicates_are_short_of() -> None:
    """Replicates 0 and 1 are 2 below the mean of all four central ones, in every draw as well."""
    central = np.array([1.0, 3.0, 5.0, 7.0])
    draws = np.array([[11.0, 13.0], [21.0, 23.0]])
    assert on_the_whole(draws, central).mean(axis=1).tolist() == [14.0, 24.0]
    assert on_the_whole(draws, central[:1]).tolist() == draws.tolist()
    found = estimate(central, np.array([[1.0, 3.0], [1.0, 3.0]]))
    assert (found.mean, found.parameter_low, found.parameter_high) == (4.0, 4.0, 4.0)


def test_a_ratio_of_draws() -> None:
    """Left is half, a third of what was there in every replicate: the range of the two, whatever chance is."""
    below = np.array([[2.0, 4.0], [3.0, 9.0]])
    low, high = ratio_over_draws(below / np.array([[2.0], [3.0]]), below)
    assert (low, high) == pytest.approx((1 / 3 + 0.05 / 6, 1 / 2 - 0.05 / 6))
    assert ratio_over_draws(below, below * 0.0) == (-math.inf, math.inf)


def test_runs_of_one_draw_count_as_one() -> None:
    """Ten values, each twice: the quantile's interval is that of ten."""
    values = np.arange(10.0)
    assert quantile_interval(np.repeat(values, 2), 0.5, together=2) == quantile_interval(values, 0.5)


def test_over_draws_by_hand() -> None:
    """Central thresholds 1 to 5: 80 % need 4, one above their mean, and 1.5 more than in the two replicates drawn.

    Draws' means 2 and 6, so 3.5 and 7.5; each with the five central runs about it: 8 of these 10 need at most 7.5.
    """
    units = Units(5, ensemble(1.0, 2.0), 2)
    found = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 1.0, 3.0, 5.0, 7.0])
    target = Target(CHINA, 0.0, chance=0.8)
    pooled, low, high, _, _ = over_draws(units, found, target, lambda turn: 10 * turn)
    assert (pooled, low, high) == pytest.approx((75.0, 47.0, 83.0))
    found[-1] = math.inf
    pooled, low, high, _, _ = over_draws(units, found, target, lambda turn: turn)
    assert (pooled, low, high) == (math.inf, 3.0, math.inf)
    assert over_draws(Units(9), found, target, lambda turn: turn) == (None,) * 5


def test_attribution_over_draws() -> None:
    """What a part does, 3 in one draw and 5 in the other, is in the interval by parameters and not by chance."""
    units = Units(2, ensemble(1.0, 2.0), 1)
    gains = {frozenset[int](): np.zeros(4), frozenset({0}): np.array([4.0, 4.0, 3.0, 5.0])}
    value: Callable[[frozenset[int]], Floats] = lambda subset: gains[subset]  # noqa: E731
    found = exact_decomposition(CHINA, ("a",), value, 8, units).shapley["a"]
    assert (found.mean, found.low, found.high) == (4.0, 4.0, 4.0)
    assert (found.parameter_low, found.parameter_high) == pytest.approx((3.1, 4.9))


def test_a_loop_over_draws_that_all_stay() -> None:
    factors = [0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0]
    stays = np.array([0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0, 3.0])
    units = Units(2, ensemble(1.0, 2.0), 2)
    loop = loop_of(np.stack([stays] * 6), [2010 + n for n in range(8)], factors, tuple(range(2010, 2018)), units)
    assert (loop.parameter_low, loop.parameter_high) == pytest.approx((0.875, 0.875))


def test_draws_of_the_own_parameters_reverse_alike() -> None:
    """A draw that is the scenario's own parameters: the ensemble says what the central run says."""
    units = Units(1, ensemble(duty().as_data()["decisions"]["sunk_cost"]), 1)
    found = reverse(duty(), "duty", CHINA, (2,), 0, units, 1)
    eve, share = found.stays[0].eve, found.stays[0].share
    assert (eve.parameter_low, eve.parameter_high) == pytest.approx((eve.mean, eve.mean))
    assert (share.parameter_low, share.parameter_high) == pytest.approx((share.value, share.value))
    assert found.runs == 3 * 2
    assert "an ensemble of 1 draws with 1 each" in reversal_text(found, units)


def test_draws_of_the_own_parameters_believe_and_solve_alike() -> None:
    value = duty().as_data()["decisions"]["sunk_cost"]
    units = Units(1, ensemble(value), 1)
    found = credibility(duty(2013), "duty", [100.0], REVENUE, units, 1)
    (each,) = found.equivalents
    assert (each.parameter_low, each.parameter_high) == pytest.approx((each.rate, each.rate))
    assert "{40 to 40}" in credibility_text(found, units)
    keys = {"market": "united_states", "sites": ["china"], "sectors": ["all"], "from": "2012", "believed": "permanent"}
    plain = load("baseline", overrides=["firms=200", "years.until=2012", "policy_record.include=none"])
    lever = instrument_lever("tariff", keys, "rate", 40.0)
    solved = solve(plain, lever, Target(REVENUE, 20_000.0, relative=True, chance=1.0), units, 1)
    assert solved.level is not None
    assert (solved.pooled, solved.parameter_low, solved.parameter_high) == pytest.approx((solved.level,) * 3)
    assert "over the ensemble, chance and parameters together" in solution_text(solved, units)


def test_figures_call_worlds_by_their_titles() -> None:
    base, plain = load("no_chips_and_ira"), load("chips_and_ira")
    paired = Twins(World("a", base), (World("b", plain), World("c", base)))
    assert paired.titles() == ("Without the CHIPS Act and the IRA (a)", "With the CHIPS Act and the IRA",
                               "Without the CHIPS Act and the IRA (c)")  # fmt: skip
    assert paired.titles("zh")[1] == "有《芯片法案》和《通胀削减法案》"
