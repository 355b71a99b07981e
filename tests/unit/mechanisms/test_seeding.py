"""Seeding against hand calculations, and what stays of a platform in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.mechanisms import seeding
from footloose.simulation import base_activity, set_up
from footloose.world import Floats, World

FIRMS = 5_000
UNTIL = "years.until=2025"
SEED = {"sectors": {"electronics": 1.0}}


@pytest.fixture(scope="module")
def base() -> World:
    """The base year with the mechanism's tables as they start."""
    setting = set_up(footloose.load("literature", overrides=["years.until=2012"]))
    empty = World(setting, 2010, {}, base_activity(setting))
    return dataclasses.replace(empty, state=seeding.initial(seeding.Params(), empty))


def params(**keys: object) -> seeding.Params:
    return seeding.Params.model_validate({**SEED, **keys})


def at(world: World, site: str) -> tuple[int, int]:
    return world.setting.geography.sector("electronics"), world.setting.geography.site(site)


def with_hollow(world: World, site: str, value: float) -> World:
    hollow = np.zeros(world.setting.shape[1::2])
    hollow[at(world, site)] = value
    return dataclasses.replace(world, state={**world.state, "seeding_hollow": hollow})


def test_without_money_nothing_happens(base: World) -> None:
    after = seeding.advance(seeding.Params(), base)
    assert all((table == 0.0).all() for table in after.values())
    line = seeding.cost(seeding.Params(), base)
    assert (line.now == 0.0).all()
    assert (line.expected == 0.0).all()


def test_take_off_by_hand() -> None:
    """Threshold 0.35: nothing at 0.35, half at 0.675, all at 1."""
    capacity = np.array([0.1, 0.35, 0.675, 1.0])
    assert seeding.take_off(seeding.Params(), capacity) == pytest.approx([0.0, 0.0, 0.5, 1.0])


def test_absorptive_capacity_is_a_geometric_mean(base: World) -> None:
    """Yangtze Delta: skills 0.45, research 0.42; density one half where a cluster has the size of the place."""
    place = at(base, "yangtze_delta")
    size = base.setting.base.use[:, place[0], place[1]].sum() / 1000.0
    capacity = seeding.absorptive_capacity(params(cluster_size=float(size)), base)[place]
    assert capacity == pytest.approx((0.5 * 0.45 * 0.42) ** (1 / 3), rel=1e-9)
    assert capacity == pytest.approx(0.4555, abs=1e-4)


def test_money_for_talent_and_test_beds_raises_capacity(base: World) -> None:
    """People trained for as much as a tenth of the jobs x 0.31 add a tenth to skills of 0.24."""
    place = at(base, "guangxi")
    before = seeding.absorptive_capacity(params(), base)[place]
    trained = np.zeros(base.setting.shape[1::2])
    trained[place] = 0.031 * base.activity.reference_jobs[place]
    taught = dataclasses.replace(base, state={**base.state, "seeding_trained": trained})
    assert (seeding.absorptive_capacity(params(), taught)[place] / before) ** 3 == pytest.approx(0.34 / 0.24, rel=1e-9)
    assert seeding.absorptive_capacity(params(test_beds={"guangxi": 0.1}), base)[place] > before
    hired = seeding.advance(params(talent={"guangxi": 0.3}), base)["seeding_trained"]
    assert hired[place] == pytest.approx(10_000.0)
    assert hired.sum() == hired[place]


@pytest.mark.parametrize(
    "budget, capacity, hollow, rooted",
    [(0.2, 0.2, 1100.0, 0.0), (0.0, 0.2, 500.0, 0.0), (0.05, 0.2, 750.0, 0.0), (0.1, 0.675, 875.0, 125.0)],
    ids=["pays upkeep and more", "no support", "half of the upkeep", "half takes root"],
)
def test_a_year_of_a_platform_by_hand(
    base: World, monkeypatch: pytest.MonkeyPatch, budget: float, capacity: float, hollow: float, rooted: float
) -> None:
    """1,000 million hollow: upkeep 100, half leaves without support, 0.25 x 0.5 takes root at capacity 0.675."""
    shape = base.setting.shape[1::2]
    monkeypatch.setattr(seeding, "absorptive_capacity", lambda *_: np.full(shape, capacity))
    after = seeding.advance(params(budget={"guangxi": budget}), with_hollow(base, "guangxi", 1000.0))
    assert after["seeding_hollow"][at(base, "guangxi")] == pytest.approx(hollow)
    assert after["seeding_rooted"][at(base, "guangxi")] == pytest.approx(rooted)


def test_the_line_by_hand(base: World) -> None:
    """A rooted platform as large as the local capital: 0.05 x log 2 = 0.034657; a hollow one log 1.2: 0.009116.

    Plants count on a hollow one only as far as its budget is known to be paid: here for ever, or not at all.
    """
    place = at(base, "guangxi")
    capital = seeding.local_capital(base)[place]
    rooted = np.zeros(base.setting.shape[1::2])
    rooted[place] = capital
    line = seeding.cost(params(), dataclasses.replace(base, state={**base.state, "seeding_rooted": rooted}))
    assert line.now[0, place[0], 0, place[1]] == pytest.approx(-0.0346574, rel=1e-5)
    assert line.expected[0, place[0], 0, place[1]] == pytest.approx(-0.0346574, rel=1e-5)
    world = with_hollow(base, "guangxi", float(capital))
    for budget, believed in ((1.0, -0.0091161), (0.0, 0.0)):
        line = seeding.cost(params(budget={"guangxi": budget}), world)
        assert line.now[0, place[0], 0, place[1]] == pytest.approx(-0.0091161, rel=1e-4)
        assert line.expected[0, place[0], 0, place[1]] == pytest.approx(believed, rel=1e-4)


def test_a_platform_may_serve_some_markets_alone(base: World) -> None:
    """Half of the saving for goods for the rest of the world, nothing for the other markets."""
    world = with_hollow(base, "guangxi", 1000.0)
    everywhere, some = (seeding.cost(params(serves=serves), world).now for serves in ({}, {"rest_of_world": 0.5}))
    market = base.setting.geography.market("rest_of_world")
    assert everywhere.min() < 0.0
    np.testing.assert_allclose(some[market], 0.5 * everywhere[0])
    assert (np.delete(some, market, axis=0) == 0.0).all()


def test_a_known_end_counts_for_the_years_before_it(base: World) -> None:
    """Paid for two of twelve years at 8 %: (1 + 1 / 1.08) / sum of 1.08^-h over twelve years = 1.92593 / 8.13896."""
    share = seeding.support_ahead(params(budget={"guangxi": {"2010-01-01": 1.0, "2012-01-01": 0.0}}), base)
    assert share[base.setting.geography.site("guangxi")] == pytest.approx(0.236630, rel=1e-5)
    assert share.sum() == share[base.setting.geography.site("guangxi")]


def test_the_cost_of_the_programme_is_reported(base: World) -> None:
    money = {"budget": {"guangxi": 1.0}, "talent": {"guangxi": 0.25}, "test_beds": {"guangxi": 0.5}}
    report = seeding.report(params(**money), with_hollow(base, "guangxi", 10.0))
    site = base.setting.geography.site("guangxi")
    assert report["seeding_outlay"][site] == pytest.approx(1750.0)
    assert report["seeding_outlay"].sum() == pytest.approx(1750.0)
    assert report["seeding_hollow_share"][site] == 100.0
    assert {name: table.shape for name, table in report.items()} == {
        name: tuple(base.setting.shape[{"sector": 1, "site": 3}[axis]] for axis in table.axes)
        for name, table in seeding.REPORTS.items()
    }


def run(live: Callable[..., Any], *overrides: str) -> Any:
    return live(footloose.load("literature", overrides=[UNTIL, *overrides]), firms=FIRMS)


def test_on_without_money_is_as_good_as_off(live: Callable[..., Any]) -> None:
    off, idle = run(live), run(live, "mechanisms.seeding=on")
    for name in off.tables.keys() - {"reasons"}:
        assert off.tables[name].tobytes() == idle.tables[name].tobytes(), name


def seeded(live: Callable[..., Any], place: str, *more: str) -> Any:
    money = f"mechanisms.seeding.budget={{{place}: {{2012: 2, 2018: 0}}}}"
    return run(live, money, "mechanisms.seeding.sectors={electronics: 1, machinery: 1}", *more)


def stock(lived: Any, name: str, place: str) -> Floats:
    """Return a stock at a place over the years, all sectors."""
    site = lived.run.setting.geography.site(place)
    return np.asarray(lived.tables[name][:, :, site].sum(axis=1))


def test_below_the_threshold_the_platform_leaves_with_the_money(live: Callable[..., Any]) -> None:
    lived = seeded(live, "guangxi")
    hollow, rooted = stock(lived, "seeding_hollow", "guangxi"), stock(lived, "seeding_rooted", "guangxi")
    assert hollow.max() > 5_000.0
    assert hollow[-1] < 0.02 * hollow.max()
    assert rooted.max() == 0.0


def test_above_the_threshold_it_stays_and_talent_lifts_a_place_over_it(live: Callable[..., Any]) -> None:
    delta = seeded(live, "yangtze_delta")
    taught = seeded(
        live, "guangxi", "mechanisms.seeding.talent={guangxi: 1}", "mechanisms.seeding.test_beds={guangxi: 1}"
    )
    for lived, place in ((delta, "yangtze_delta"), (taught, "guangxi")):
        rooted = stock(lived, "seeding_rooted", place)
        assert rooted[-1] > 0.0
        assert stock(lived, "seeding_hollow", place)[-1] < 0.2 * rooted[-1]


def test_a_platform_that_takes_root_draws_plants(live: Callable[..., Any], sampling: Any) -> None:
    """Programmes of the same draws stand more often in the Yangtze Delta with it, beyond what chance can do."""
    geography = footloose.geography.load_geography()
    site, sector = geography.site("yangtze_delta"), geography.sector("electronics")
    money = ("mechanisms.seeding.sectors={electronics: 1}", "mechanisms.seeding.budget={yangtze_delta: {2012: 100}}")
    plain, paid = (live(footloose.load("literature", overrides=[UNTIL, *more]), firms=10_000) for more in ((), money))
    _, sectors, origins, _ = plain.run.setting.shape
    makes = plain.run.firms.cell // origins % sectors == sector
    moved = (plain.value[:, None] * (paid.places() - plain.places()))[makes, site]
    assert moved.sum() > sampling.errors(1) * np.sqrt((moved**2).sum())
    others = [name for name in range(sectors) if name != sector]
    assert (paid.tables["seeding_rooted"][:, others] == 0.0).all()
