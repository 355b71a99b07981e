"""Sourcing: the shares of sources against sums done by hand, and what they do in runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.mechanisms import inputs, sourcing
from footloose.simulation import base_activity, begin_run, simulate
from footloose.world import World
from footloose.year import live_one_year, look

NO_LEARNING = {"local_learning": 0.0}


@pytest.fixture
def three_sites(small_world: Callable[..., Any]) -> Callable[..., World]:
    """Return a function that gives a world of three equal sites, home first, whose parts come a third from each."""

    def world(year: int, rate: float = 0.0, **state: Any) -> World:
        small = small_world(sites=3, years=30, duties={"rates": [0.0, rate, 0.0], "start": 2012})
        geography = small.setting.geography
        groups = {**geography.groups, "united_states": ("site_0",), "china": ("site_1",)}
        setting = dataclasses.replace(small.setting, geography=dataclasses.replace(geography, groups=groups))
        base = setting.base.input_origin
        return World(setting, year, {"sourcing_bought": base, "input_origin": base, **state}, base_activity(setting))

    return world


def test_shares_are_a_logit_around_the_base_year() -> None:
    """0.5 e^-0.2 = 0.409365; with 0.3 and 0.2 the sum is 0.909365."""
    shares = sourcing.logit(np.array([[[0.5, 0.3, 0.2]]]), np.array([[[-0.2, 0.0, 0.0]]]))
    np.testing.assert_allclose(shares[0, 0], [0.450166, 0.329900, 0.219933], atol=1e-6)


def test_a_duty_on_one_source_closes_in_over_the_years(three_sites: Callable[..., World]) -> None:
    """25 % at home on site 1: ordinary parts 0.64 / 2.64 = 0.242424, niche parts 0.956352 / 2.956352 = 0.323491; in all
    0.242424 + 0.3 (0.323491 - 0.242424) = 0.266744. After a year 1/3 - 0.35 (1/3 - 0.266744) = 0.310027."""
    params = sourcing.Params(elasticity=2.0, speed=0.35, niche_share=0.3, niche_elasticity=0.2)
    after = sourcing.advance(params, three_sites(2012, 25.0))["input_origin"]
    np.testing.assert_allclose(after[0, 0], [0.344986, 0.310027, 0.344986], atol=1e-6)
    np.testing.assert_allclose(after[0, 1:], 1.0 / 3.0, atol=1e-12)
    np.testing.assert_array_equal(sourcing.advance(params, three_sites(2011, 25.0))["input_origin"], 1.0 / 3.0)


def test_hosts_learn_as_far_as_they_can_absorb(three_sites: Callable[..., World]) -> None:
    """All sites are at the frontier: twice the capability doubles the local share's odds, 2 / 4."""
    params = sourcing.Params(speed=1.0, local_learning=1.0)
    capability = np.array([[1.0, 1.0, 2.0]])
    after = sourcing.advance(params, three_sites(2012, capability=capability))["input_origin"]
    np.testing.assert_allclose(after[0, 2], [0.25, 0.25, 0.5])
    np.testing.assert_allclose(after[0, :2], 1.0 / 3.0)


def test_own_making_and_its_price(three_sites: Callable[..., World]) -> None:
    """A fifth in house from 2015: 0.2 + 0.8 / 3; it costs 0.2 (share of parts) x 0.2 x log 1.1 = 0.003812."""
    params = sourcing.Params.model_validate({"in_house": {"site_1": {"2015": 20.0}}, "in_house_premium": 10.0})
    after = sourcing.advance(params, three_sites(2014))["input_origin"]
    np.testing.assert_allclose(after[0, 1], [0.266667, 0.466667, 0.266667], atol=1e-6)
    line = sourcing.cost(params, three_sites(2015, input_origin=after)).now
    np.testing.assert_allclose(line[0, 0, 0], [0.0, 0.003812, 0.0], atol=1e-6)


def test_local_support_and_the_circle(three_sites: Callable[..., World]) -> None:
    """Support of a fifth: odds (1/0.8)^2 = 1.5625 of 3.5625 for local parts. A circle of sites 0 and 1 at 25 %: 1.5625
    for the other member; the diversion costs 0.2 x half of log 1.25 x (0.438596 - 1/3) = 0.002349."""
    plain = {"speed": 1.0, "niche_share": 0.0}
    helped = sourcing.Params.model_validate({**plain, "local_support": {"site_2": {"2012": 20.0}}})
    after = sourcing.advance(helped, three_sites(2012))["input_origin"]
    np.testing.assert_allclose(after[0, 2], [0.280702, 0.280702, 0.438596], atol=1e-6)
    friends = {"site_0": {"2012": 25.0}, "site_1": {"2012": 25.0}}
    circle = sourcing.Params.model_validate({**plain, "circle": friends})
    after = sourcing.advance(circle, three_sites(2012))["input_origin"]
    np.testing.assert_allclose(after[0, 0], [0.280702, 0.438596, 0.280702], atol=1e-6)
    np.testing.assert_allclose(after[0, 2], 1.0 / 3.0)
    line = sourcing.cost(circle, three_sites(2012, input_origin=after)).now
    np.testing.assert_allclose(line[0, 0, 0], [0.002349, 0.002349, 0.0], atol=1e-6)


def test_switching_saves_half_of_what_moved(three_sites: Callable[..., World]) -> None:
    """From thirds to 0.4, 0.2, 0.4 at 25 % duty on site 1, nothing relieved: (0.2 + 1/3) / 2 x log 1.25 = 0.059505
    where the old shares paid 0.074381; x 0.2, share of parts."""
    params = inputs.Params(duty_relief=0.0)
    moved = np.array([[[0.4, 0.2, 0.4], [1 / 3] * 3, [1 / 3] * 3]])
    lines = [
        inputs.cost(params, world).now[0, 0, 0, 0] - inputs.cost(params, three_sites(2011, 25.0)).now[0, 0, 0, 0]
        for world in (three_sites(2012, 25.0), three_sites(2012, 25.0, input_origin=moved))
    ]
    np.testing.assert_allclose(lines, [0.2 * 0.074381, 0.2 * 0.059505], atol=1e-6)


def test_borders_crossed(three_sites: Callable[..., World]) -> None:
    """Two thirds of parts, a fifth of value, cross a border at each stage: b = 0.2 (2/3 + b) = 1/6; of purchases
    another two thirds cross the market's border: 0.833333."""
    np.testing.assert_allclose(sourcing.borders_crossed(three_sites(2012)), [[5.0 / 6.0]])


def test_rows_sum_to_one_and_own_bytes_where_costs_stand_still() -> None:
    """In the world of the baseline, with everything switched on, shares stay shares; prices do move them a little."""
    levers = "{in_house: {us_south: {2015: 30}}, circle: {asia: {2012: 10}}, local_support: {vietnam: {2013: 20}}}"
    run = begin_run(footloose.load("baseline", overrides=[f"mechanisms.sourcing={levers}"]), firms=500)
    for year in range(2010, 2021):
        live_one_year(run, year)
    origin, base = run.state["input_origin"], run.setting.base.input_origin
    np.testing.assert_allclose(origin.sum(axis=2), base.sum(axis=2), atol=1e-12)
    assert (origin >= 0.0).all()
    plain = begin_run(footloose.load("baseline", overrides=["mechanisms.sourcing=on"]), firms=500)
    for year in range(2010, 2021):
        live_one_year(plain, year)
    moved = 0.5 * np.abs(plain.state["input_origin"] - base).sum(axis=2)
    assert 0.001 < moved.mean() < 0.1
    assert look(plain, 2021).input_origin is plain.state["input_origin"]


def parts_from_china(*overrides: str, until: int = 2030) -> Any:
    """Return the share of Chinese parts at every sector and site in the last year."""
    scenario = footloose.load("baseline", overrides=["mechanisms.sourcing=on", *overrides])
    record = simulate(scenario, firms=1_000, years=(2010, until))
    return record.tables["parts_from_china"][0, -1], record.geography


def test_a_duty_on_chinese_parts_moves_them_elsewhere_and_hosts_without_it_keep_them(
    policy: Callable[..., tuple[str, ...]],
) -> None:
    """Hidden dependence: American plants buy fewer Chinese parts, Vietnam's as many as before."""
    duty = policy("duty", kind="tariff", market="united_states", sites="china", rate=30, start=2020, believed=0.0)
    (plain, geography), (taxed, _) = parts_from_china(), parts_from_china(*duty)
    us, vietnam = list(geography.sites_in("united_states")), geography.site("vietnam")
    assert (taxed[:, us].mean(axis=1) < 0.9 * plain[:, us].mean(axis=1)).all()
    np.testing.assert_allclose(taxed[:, vietnam].mean(), plain[:, vietnam].mean(), rtol=0.02)


def test_local_support_frees_a_host_from_imported_parts_and_a_circle_ties_it() -> None:
    plain, geography = parts_from_china()
    vietnam = geography.site("vietnam")
    helped, _ = parts_from_china("mechanisms.sourcing.local_support={vietnam: {2015: 30}}")
    circle = "mechanisms.sourcing.circle={china: {2015: 10}, asia_hosts: {2015: 10}}"
    friends, _ = parts_from_china(circle)
    assert (helped[:, vietnam] < plain[:, vietnam]).all()
    assert (friends[:, vietnam] > plain[:, vietnam]).all()


def test_a_host_that_only_assembles_stays_with_imported_parts() -> None:
    """Output of Vietnam doubles; its own parts gain as much as its productivity lets it absorb, a few percent of what a
    host at the frontier gains."""
    run = begin_run(footloose.load("baseline", overrides=["mechanisms.sourcing=on"]), firms=200)
    params = run.rules.mechanisms["sourcing"][1]
    geography = run.setting.geography
    poor, rich = geography.site("vietnam"), geography.site("us_west")
    sectors, sites = len(geography.sectors), len(geography.sites)
    gains = []
    for host in (poor, rich):
        capability = np.ones((sectors, sites))
        capability[:, host] = 2.0
        world = World(run.setting, 2010, run.state | {"capability": capability}, run.activity)
        local = sourcing.same_country(world)[host]
        before = run.setting.base.input_origin[:, host][:, local].sum(axis=1)
        after = sourcing.shares_in_the_long_run(params, world)[:, host][:, local].sum(axis=1)
        gains.append(np.log(after / (1.0 - after)) - np.log(before / (1.0 - before)))
    assert (gains[0] > 0.0).all()
    assert (gains[0] < 0.15 * gains[1]).all()


def test_what_is_made_in_house_no_blockade_stops_and_it_costs() -> None:
    """Vertical integration: American plants that make half of their parts lose less, and are dearer before."""
    event = "shocks.strait={kind: blockade, source: china, from: 2019, until: 2020, parts_lost: 90}"
    bought, made = (
        simulate(
            footloose.load("baseline", overrides=[event, f"mechanisms.sourcing={given}"]),
            firms=1_000,
            years=(2010, 2020),
        )
        for given in ("on", "{in_house: {united_states: {2012: 50}}}")
    )
    home = list(bought.geography.sites_in("united_states"))
    lost = [record.tables["disruption_output_lost"][0, 9][:, home] for record in (bought, made)]
    assert (lost[1].mean(axis=1) < 0.8 * lost[0].mean(axis=1)).all()
    market = bought.geography.market("united_states")
    cost = [record.tables["buyer_cost"][0, 8, market].mean() for record in (bought, made)]
    assert cost[1] > cost[0] + 0.005
