"""Local content: the shadow price against sums done by hand; no target is no mechanism; a quota brings plants."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.mechanisms import local_content
from footloose.simulation import base_activity
from footloose.world import World


@pytest.fixture(scope="module")
def bare(small_world: Callable[..., Any]) -> Callable[..., World]:
    """One market that buys 30 at home and 70 abroad; the shadow price given."""

    def made(price: float) -> World:
        setting = small_world(sites=2).setting
        sales = np.array([30.0, 70.0]).reshape(1, 1, 1, 2)
        activity = dataclasses.replace(base_activity(setting), sales=sales)
        return World(setting, 2027, {"local_content_price": np.full((1, 1), price)}, activity)

    return made


def params(target: float, **more: Any) -> local_content.Params:
    given = {"target": {"market": {"sector": target}}, "speed": 0.5, "cap": 50.0}
    return local_content.Params.model_validate({**given, **more})


@pytest.mark.parametrize(
    "target, price, next_price",
    [
        (50.0, 0.0, 0.1),  # 0.5 x (0.5 - 0.3)
        (50.0, 0.05, 0.15),
        (20.0, 0.2, 0.15),  # above the target it falls: 0.2 + 0.5 x (0.2 - 0.3)
        (20.0, 0.01, 0.0),  # never below zero
        (100.0, 0.35, np.log(1.5)),  # never above the cap
        (0.0, 0.2, 0.0),  # no target, no price
    ],
)
def test_the_shadow_price_by_hand(bare: Callable[..., World], target: float, price: float, next_price: float) -> None:
    moved = local_content.advance(params(target), bare(price))["local_content_price"]
    assert moved[0, 0] == pytest.approx(next_price, abs=1e-15)


def test_only_others_pay_it(bare: Callable[..., World]) -> None:
    np.testing.assert_array_equal(local_content.cost(params(50.0), bare(0.1)).now[0, 0, 0], [0.0, 0.1])
    friends = params(50.0, counted={"market": ["site_1"]})
    np.testing.assert_array_equal(local_content.cost(friends, bare(0.1)).now[0, 0, 0], [0.1, 0.0])


def test_what_is_reported(bare: Callable[..., World]) -> None:
    tables = local_content.report(params(50.0), bare(0.1))
    assert tables["local_content_share"][0, 0] == pytest.approx(30.0)
    assert tables["local_content_price"][0, 0] == pytest.approx(100.0 * (np.exp(0.1) - 1.0))


def test_a_sector_of_its_own_goes_before_all(world_of: Callable[..., Any]) -> None:
    target = {"china": {"electronics": 90.0, "all": 10.0}}
    given, world = world_of("local_content", 2027, params={"target": target})
    table, geography = local_content.targets(given, world), world.setting.geography
    row = table[geography.market("china")]
    assert row[geography.sector("electronics")] == 0.9
    assert np.delete(row, geography.sector("electronics")) == pytest.approx(0.1)
    assert (np.delete(table, geography.market("china"), axis=0) == 0.0).all()


def test_base_year_and_shapes(world_of: Callable[..., Any]) -> None:
    given, world = world_of("local_content", 2010)
    sizes = dict(zip(("market", "sector", "origin", "site"), world.setting.shape, strict=True))
    for name, table in local_content.report(given, world).items():
        assert table.shape == tuple(sizes[axis] for axis in local_content.REPORTS[name].axes)
    assert (local_content.cost(given, world).now == 0.0).all()


def test_without_a_target_it_is_as_good_as_off(assert_idle: Callable[..., None]) -> None:
    assert_idle("local_content", "mechanisms.local_content.target.european_union.clean_energy=0")


QUOTA = "mechanisms.local_content.target.united_states.clean_energy"
PLACE = ("united_states", "clean_energy", "united_states")


def test_a_quota_raises_the_local_share_and_a_higher_one_more(ordered: Callable[..., Any]) -> None:
    """Document 001: a quota reserves demand for local plants."""
    none, some, more = (ordered(*quota)(*PLACE) for quota in ((), (f"{QUOTA}=90",), (f"{QUOTA}=100",)))
    assert none < 90.0
    assert none < some < more


def test_a_quota_for_foreign_goods_lowers_it(ordered: Callable[..., Any]) -> None:
    """The opposite lever: what counts is made in China."""
    counted = "mechanisms.local_content.counted.united_states=[china]"
    assert ordered(f"{QUOTA}=90", counted)(*PLACE) < ordered()(*PLACE)


def test_plants_follow(moved: Callable[..., Any]) -> None:
    quota = "mechanisms.local_content.target.united_states.all=100"
    change, limit = moved([quota], (), "united_states", "united_states")
    assert change > limit
