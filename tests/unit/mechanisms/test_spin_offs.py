"""Spin-offs against hand calculations, and what they do in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.geography.cluster_traits import load_cluster_traits
from footloose.mechanisms import spin_offs
from footloose.simulation import base_activity, set_up
from footloose.world import Activity, Floats, World

NONE = footloose.load("baseline", overrides=["years.until=2012"])
UNTIL = "years.until=2025"
FIRMS = 5_000


@pytest.fixture(scope="module")
def base() -> World:
    """The base year with the mechanism's tables as they start."""
    setting = set_up(NONE)
    empty = World(setting, 2010, {}, base_activity(setting))
    return dataclasses.replace(empty, state=spin_offs.initial(spin_offs.Params(), empty))


def active(world: World, factor: Floats | float) -> Activity:
    """Return the base year's activity with jobs that are a multiple of their reference."""
    activity = world.activity
    return dataclasses.replace(activity, jobs=activity.reference_jobs * factor)


def in_places(world: World, sector: str, site: str, value: float) -> Floats:
    """Return ones, but for one sector at one site; (sector, site)."""
    table = np.ones(world.setting.shape[1::2])
    table[where(world, sector, site)] = value
    return table


def where(world: World, sector: str, site: str) -> tuple[int, int]:
    return world.setting.geography.sector(sector), world.setting.geography.site(site)


def test_in_an_even_world_nothing_ever_changes(base: World) -> None:
    world = base
    for _ in range(5):
        world = dataclasses.replace(world, state=spin_offs.advance(spin_offs.Params(), world))
    for name, table in base.state.items():
        np.testing.assert_array_equal(world.state[name], table, err_msg=name)
    assert (spin_offs.cost(spin_offs.Params(), world).now == 0.0).all()
    assert (base.state["spin_offs_births"] == base.state["spin_offs_exits"]).all()


def test_twice_the_orders_by_hand(base: World) -> None:
    """Yangtze Delta: e = 1.6, so 0.08 x 1.6 = 0.128 are founded; half as many per order are lost: 1 + 0.128 - 0.064."""
    at = where(base, "electronics", "yangtze_delta")
    assert load_cluster_traits().entrepreneurial_base[at[1]] == 1.6
    world = dataclasses.replace(base, activity=active(base, in_places(base, "electronics", "yangtze_delta", 2.0)))
    params = spin_offs.Params(success_share=0.0)
    assert spin_offs.advance(params, world)["spin_offs_suppliers"][at] == pytest.approx(1.064, rel=1e-12)


def test_the_gain_of_variety_by_hand(base: World) -> None:
    """Twice the suppliers: 0.4 x parts / (5 - 1) x log 2 = 0.069315 x parts."""
    at = where(base, "machinery", "guangxi")
    state = {**base.state, "spin_offs_suppliers": in_places(base, "machinery", "guangxi", 2.0)}
    line = spin_offs.cost(spin_offs.Params(), dataclasses.replace(base, state=state))
    parts = base.setting.geography.traits["input_share"][at[0]]
    assert line.now[0, at[0], 0, at[1]] == pytest.approx(-0.0693147 * parts, rel=1e-6)
    assert np.count_nonzero(line.now) == 1
    assert line.now.shape == (1, *base.setting.shape[1:2], 1, base.setting.shape[3])


@pytest.mark.parametrize("credit, left", [({}, 0.832143), ({"china": 10.0}, 0.882143)])
def test_a_slump_by_hand(base: World, credit: dict[str, float], left: float) -> None:
    """Orders fall by 0.3, cash bridges 0.074, credit 0.1; half of what is not bridged is lost.

    1 + 0.128 - 0.128 / 0.7 - 0.5 x 0.226 = 0.832143, with credit 0.5 x 0.126.
    """
    at = where(base, "electronics", "yangtze_delta")
    world = dataclasses.replace(base, activity=active(base, in_places(base, "electronics", "yangtze_delta", 0.7)))
    params = spin_offs.Params.model_validate({"credit_line": credit, "imitation": 0.0})
    after = spin_offs.advance(params, world)
    assert after["spin_offs_suppliers"][at] == pytest.approx(left, abs=1e-6)
    turnover = 0.4 * base.setting.geography.traits["input_share"][at[0]] * base.activity.output[at]
    assert after["spin_offs_drawn"][at[1]] == pytest.approx(0.1 * turnover if credit else 0.0)


def test_success_fills_the_pool_once(base: World) -> None:
    """Half as much again as the best year: 1 % of output x log 1.5 = 0.0040547 of it; the same again gives nothing."""
    site = base.setting.geography.site("guangxi")
    world = dataclasses.replace(base, activity=active(base, 1.5))
    after = spin_offs.advance(spin_offs.Params(), world)
    output = base.activity.output[:, site].sum()
    assert after["spin_offs_pool"][site] == pytest.approx(0.00405465 * output, rel=1e-5)
    again = spin_offs.advance(spin_offs.Params(deployed=0.0), dataclasses.replace(world, state=after))
    assert again["spin_offs_pool"][site] == pytest.approx(after["spin_offs_pool"][site], rel=1e-12)


def test_the_venture_year_by_hand(base: World) -> None:
    """1,000 million, a quarter offered, 5 a start: 50 wanted; 0.25 x 200 = 50 founders: 25 starts, 125 spent.

    125 / 6 = 20.83 sold next year, of it 0.3 x 0.4 x 4 = 0.48 comes back: 10.0; with listing + 20 points 15.0.
    """
    sites = base.setting.shape[3]
    state = {**base.state, "spin_offs_pool": np.full(sites, 1000.0)}
    world, founding = dataclasses.replace(base, state=state), np.full(sites, 200.0)
    first = spin_offs.venture_year(spin_offs.Params(), world, founding)
    assert first["starts"] == pytest.approx(25.0)
    assert first["spin_offs_pool"] == pytest.approx(875.0)
    assert first["spin_offs_invested"] == pytest.approx(125.0)
    later = dataclasses.replace(world, state={**state, **first})
    for listing, back in (({}, 10.0), ({"all": 20.0}, 15.0)):
        params = spin_offs.Params.model_validate({"deployed": 0.0, "listing": listing})
        second = spin_offs.venture_year(params, later, founding)
        assert second["spin_offs_pool"] == pytest.approx(875.0 + back)


def test_public_money_goes_to_its_place(base: World) -> None:
    params = spin_offs.Params.model_validate({"public_venture": {"yangtze_delta": 1.5, "inland_china": 2.0}})
    outlay = spin_offs.report(params, base)["spin_offs_outlay"]
    geography = base.setting.geography
    assert outlay[geography.site("yangtze_delta")] == 1500.0
    assert outlay[list(geography.sites_in("inland_china"))] == pytest.approx(500.0)
    assert outlay.sum() == 3500.0


def test_without_specialised_inputs_it_is_as_good_as_off(live: Callable[..., Any]) -> None:
    off, neutral = (
        live(footloose.load("baseline", overrides=["years.until=2018", *more]), firms=2_000)
        for more in ((), ("mechanisms.spin_offs.specialised_share=0",))
    )
    for name in off.tables.keys() - {"reasons"}:
        assert off.tables[name].tobytes() == neutral.tables[name].tobytes(), name


def run(live: Callable[..., Any], *overrides: str) -> Any:
    return live(footloose.load("baseline", overrides=[UNTIL, "mechanisms.spin_offs=on", *overrides]), firms=FIRMS)


def output_of(lived: Any, sites: Sequence[int]) -> float:
    """Return what the sites sell in the last five years, summed [USD million]."""
    return float(lived.tables["sales"][-5:][..., sites].sum())


def test_venture_money_adds_suppliers_where_there_are_founders(live: Callable[..., Any]) -> None:
    """The same money: more starts in the Yangtze Delta than in Guangxi, and more output for it where it is paid."""
    plain = run(live)
    geography = plain.run.setting.geography
    gained, output = {}, {}
    for place in ("yangtze_delta", "guangxi"):
        site = geography.site(place)
        money = f"mechanisms.spin_offs.public_venture={{{place}: {{2012: 20}}}}"
        paid = run(live, money)
        gained[place] = (paid.tables["spin_offs_suppliers"] - plain.tables["spin_offs_suppliers"])[-1, :, site].sum()
        output[place] = output_of(paid, [site]) - output_of(plain, [site])
    assert gained["yangtze_delta"] > 5.0 * gained["guangxi"] > 0.0
    assert output["yangtze_delta"] > 0.0


def test_suppliers_die_when_orders_go_and_credit_saves_some(
    live: Callable[..., Any], policy: Callable[..., tuple[str, ...]]
) -> None:
    """A duty of 100 % on China in 2020: more exits that year than without it; fewer with a credit line of that year."""
    duty = policy("duty", kind="tariff", market="united_states", sites="china", rate=100, start=2020, believed=0.0)
    credit = "mechanisms.spin_offs.credit_line={china: {2020: 30}}"
    calm, struck, helped = (run(live, *more) for more in ((), duty, (*duty, credit)))
    china = list(calm.run.setting.geography.sites_in("china"))
    lost = [lived.tables["spin_offs_exits"][11][:, china].sum() for lived in (calm, struck, helped)]
    left = [lived.tables["spin_offs_suppliers"][-1][:, china].sum() for lived in (calm, struck, helped)]
    assert lost[1] > lost[0]
    assert lost[2] < lost[1]
    assert left[0] > left[1]
    assert helped.tables["spin_offs_drawn"][:, china].sum() > 0.0


def test_where_the_finance_loop_closes_more_is_founded(live: Callable[..., Any]) -> None:
    """Easier listing returns more of the same public money to the pool; where every venture fails, nothing returns."""
    money = "mechanisms.spin_offs.public_venture={yangtze_delta: {2012: 10, 2015: 0}}"
    site = footloose.geography.load_geography().site("yangtze_delta")
    founded = []
    for more in ("failure_rate=1", "failure_rate=0.7", "listing={china: 60}"):
        lived = run(live, money, f"mechanisms.spin_offs.{more}")
        founded.append(lived.tables["spin_offs_births"][-5:, :, site].sum())
    assert founded[0] < founded[1] < founded[2]
