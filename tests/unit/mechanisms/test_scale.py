"""Scale: Wright's law by hand, what spills over, and that experience keeps what a passing push has brought."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.mechanisms import scale
from footloose.running import Run
from footloose.simulation import begin_run
from footloose.world import World
from footloose.year import look

Floats = npt.NDArray[np.float64]


def scaled(*keys: str, until: int = 2035, more: tuple[str, ...] = ()) -> Any:
    keys = tuple(f"mechanisms.scale.{key}" for key in keys)
    return footloose.load("literature", overrides=["mechanisms.scale=on", f"years.until={until}", *keys, *more])


def world_in(scenario: Any, year: int) -> World:
    return look(begin_run(scenario, firms=200), year)


@pytest.mark.parametrize("rate, exponent", [(0.0, 0.0), (0.2, 0.321928), (0.5, 1.0)])
def test_wright_by_hand(rate: float, exponent: float) -> None:
    """Twice doubled at 20 %: 0.8 x 0.8 = 0.64 = 4^-0.321928."""
    found = scale.learning_exponent(np.array([rate]))[0]
    assert found == pytest.approx(exponent, abs=1e-6)
    assert 4.0**-found == pytest.approx((1.0 - rate) ** 2)


def test_experience_by_hand() -> None:
    """Own 60, 30 and 10, half of the others' spills over: 80, 65 and 55."""
    made = np.array([[60.0, 30.0, 10.0]])
    np.testing.assert_allclose(scale.known(made, scale.Params(spillover=0.5)), [[80.0, 65.0, 55.0]])
    np.testing.assert_allclose(scale.known(made, scale.Params(spillover=1.0)), [[100.0, 100.0, 100.0]])


def test_a_newcomer_learns_within_bounds() -> None:
    """However fast it grows from almost nothing, it cannot know more than twice what spills over to it at first."""
    params = scale.Params(spillover=0.5)
    before, after = np.array([[1e6, 1e-3]]), np.array([[0.0, 1e6]])
    assert scale.known(after, params)[0, 1] / scale.known(before, params)[0, 1] == pytest.approx(2.0, rel=1e-6)


def test_stock_by_hand() -> None:
    """Five years of the base year's output; a year on 95 % of it and a year's output twice that of 2010."""
    scenario = scaled("learning_rate={clean_energy: 0.2}", "external_scale=0", "spillover=0")
    params = scenario.mechanisms["scale"]
    world = world_in(scenario, 2010)
    geography = world.setting.geography
    cell = geography.sector("clean_energy"), geography.site("yangtze_delta")
    base = world.setting.base.use.sum(axis=0)[cell]
    twice = dataclasses.replace(world.activity, output=2.0 * world.activity.output)
    state = scale.advance(params, dataclasses.replace(world, activity=twice))
    assert state["scale_stock"][cell] == pytest.approx((4.75 + 2.0) * base)
    assert state["scale_stock_reference"][cell] == pytest.approx((4.75 + 1.0) * base)
    later = dataclasses.replace(world, state={**world.state, **state})
    line = scale.cost(params, later).now[0, :, 0, cell[1]]
    assert line[cell[0]] == pytest.approx(-0.321928 * np.log(6.75 / 5.75), rel=1e-5)
    assert (np.delete(line, cell[0]) == 0.0).all()


def test_size_by_hand() -> None:
    """Without learning, 3 % x log 2 where a site with nothing spilling over makes twice its path."""
    scenario = scaled("learning_rate={electronics: 0.000001}", "spillover=0")
    world = world_in(scenario, 2010)
    twice = dataclasses.replace(world.activity, output=2.0 * world.activity.output)
    line = scale.cost(scenario.mechanisms["scale"], dataclasses.replace(world, activity=twice)).now[0, :, 0]
    sector = world.setting.geography.sector("electronics")
    np.testing.assert_allclose(line[sector], -0.03 * np.log(2.0), rtol=1e-5)
    assert (np.delete(line, sector, axis=0) == 0.0).all()


def test_green_pull_by_hand() -> None:
    """8 % a year from 2026 to 2028: 1.08^3 = 1.259712, in batteries alone."""
    scenario = scaled("demand_growth={clean_energy: {2026: 8, 2029: 0}}")
    params = scenario.mechanisms["scale"]
    sector = world_in(scenario, 2010).setting.geography.sector("clean_energy")
    for year, factor in ((2025, 1.0), (2026, 1.08), (2028, 1.259712), (2035, 1.259712)):
        pull = scale.demand(params, world_in(scenario, year))[0]
        assert pull[sector] == pytest.approx(factor)
        assert (np.delete(pull, sector) == 1.0).all()


def test_at_rate_zero_as_good_as_none(live: Callable[..., Any]) -> None:
    keys = ("mechanisms.scale.learning_rate={all: 0}", "mechanisms.scale.external_scale=0")
    off, on = (
        live(footloose.load("literature", overrides=["years.until=2018", *more]), firms=3_000) for more in ((), keys)
    )
    for name in off.tables.keys() - {"reasons"}:
        assert on.tables[name].tobytes() == off.tables[name].tobytes(), name


def pushed(small_world: Callable[..., Any], rate: float, spillover: float) -> Floats:
    """Return the first site's share, by year, in a world of two equal sites where it was given twice the experience."""
    parameters = {
        "learning_rate": {"all": rate}, "external_scale": 0.0, "spillover": spillover, "forgetting": 0.05,
        "stock_years": 5.0,
    }  # fmt: skip
    world = small_world(sites=2, years=30, traits={"trade_elasticity": 5.0}, mechanisms={"scale": parameters})

    def push(run: Run) -> None:
        run.state["scale_stock"] = run.state["scale_stock"] * np.array([[1.3, 0.7]])

    lived = world.live(8_000, prepare=push)
    sales = lived.tables["sales"].sum(axis=(1, 2, 3))
    return np.asarray(sales[:, 0] / sales.sum(axis=1))


def test_experience_locks_in_what_a_push_has_brought(small_world: Callable[..., Any], sampling: Any) -> None:
    """A tilt e of cumulated output comes back in shares as theta b (1 - spillover) / (1 + spillover) e. With theta b =
    5 x 0.322 = 1.61 the even state breaks where nothing spills over: the push lasts and grows. Where half or all of
    experience spills over (0.54 and 0, below 1) it is forgotten."""
    error = sampling.errors(3) * 0.5 / np.sqrt(8_000)
    locked, shared, common = (pushed(small_world, 0.2, spillover) for spillover in (0.0, 0.5, 1.0))
    assert locked[-1] > 0.5 + error
    assert locked[-1] > locked[2]
    assert shared[-1] < shared[2]
    assert abs(common[-1] - 0.5) < error
    assert locked[-1] - shared[-1] > error


def test_a_pull_of_demand_makes_goods_cheaper(live: Callable[..., Any]) -> None:
    """More is made, more is learnt: the same buyers pay less for batteries, and for nothing else."""
    base, pulled = (
        live(scaled(*keys, until=2024), firms=6_000) for keys in ((), ("demand_growth={clean_energy: {2012: 15}}",))
    )
    sector = base.run.setting.geography.sector("clean_energy")
    cost = [lived.tables["buyer_cost"][-1, :, sector] for lived in (base, pulled)]
    made = [lived.tables["sales"][-1, :, sector].sum() for lived in (base, pulled)]
    assert made[1] > made[0]
    assert (cost[1] < cost[0]).all()
    slower = live(scaled("demand_growth={clean_energy: {2012: -15}}", until=2024), firms=6_000)
    assert (slower.tables["buyer_cost"][-1, :, sector] > cost[0]).all()


def test_who_is_supported_learns_and_keeps_more(live: Callable[..., Any], policy: Callable[..., Any]) -> None:
    """A credit for European batteries in 2012-17: their experience rises with it; elsewhere it falls behind."""
    credit = policy(
        "credit", kind="subsidy", sites="europe", sectors="clean_energy", output_share=20, new_plants_only="false",
        start=2012, until=2018, believed="permanent",
    )  # fmt: skip
    base, supported = (live(scaled(until=2020, more=more), firms=20_000) for more in ((), credit))
    geography = base.run.setting.geography
    sector, europe = geography.sector("clean_energy"), list(geography.sites_in("europe"))
    china = list(geography.sites_in("china"))
    known = [lived.tables["scale_experience"][-1, sector] for lived in (base, supported)]
    assert (known[1][europe] > known[0][europe]).all()
    assert known[1][china].mean() < known[0][china].mean()
    share = [lived.tables["scale_share"][-1, sector] for lived in (base, supported)]
    np.testing.assert_allclose(share[0].sum(), 100.0)
    assert share[1][europe].sum() > share[0][europe].sum()
    assert base.tables["sales"][0].tobytes() == supported.tables["sales"][0].tobytes()
