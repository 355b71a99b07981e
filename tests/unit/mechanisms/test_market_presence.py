"""Market presence: walls, entry, roots and hedges by hand; plants added rather than moved in runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.mechanisms import market_presence
from footloose.running import Run
from footloose.simulation import base_activity, begin_run
from footloose.world import World
from footloose.year import live_one_year

WALL = (
    "policies.wall={kind: tariff, market: united_states, sites: china, from: 2013, rate: 60, believed: permanent}",
    "policy_record.include=none",
)
NOTHING = {"fit": 0.0, "access": 0.0, "dual_chains": 0.0, "commitment": 0.0}


@pytest.fixture
def three_sites(small_world: Callable[..., Any]) -> Callable[..., World]:
    """Return a function that gives a world of three sites: the market's home, one behind a duty of 25 % from 2012, and
    the home of the only owner."""

    def world(year: int, owner_at: int = 2) -> World:
        traits = {"time_cost_per_day": 0.01, "capital_per_output": 0.5}
        setting = small_world(sites=3, traits=traits, duties={"rates": [0.0, 25.0, 0.0], "start": 2012}).setting
        home_of = np.arange(3)[None, :] == owner_at
        setting = replace(setting, geography=replace(setting.geography, home_of=home_of))
        return World(setting, year, {}, base_activity(setting))

    return world


def test_the_wall_is_the_believed_duty_on_what_the_owner_sold(three_sites: Callable[..., World]) -> None:
    """log 1.25 = 0.223144 at site 1, half of what the owner sold from outside: 0.111572; entry gains a tenth of it."""
    params = market_presence.Params.model_validate({**NOTHING, "access": 0.1})
    np.testing.assert_allclose(market_presence.walls(three_sites(2012))[0, 0], [0.0, 0.223144, 0.0], atol=1e-6)
    np.testing.assert_allclose(market_presence.wall_of_owner(three_sites(2012)), [[[0.111572]]], atol=1e-6)
    line = market_presence.cost(params, three_sites(2012))
    assert line.entry is not None
    np.testing.assert_allclose(line.entry[0, 0, 0], [-0.0111572, 0.0, 0.0], atol=1e-6)
    assert not line.now.any()


def test_plants_outside_the_wall_stand_firmer_and_want_a_second_site(three_sites: Callable[..., World]) -> None:
    params = market_presence.Params.model_validate({**NOTHING, "dual_chains": 2.0, "weight": {"owner": 0.5}})
    for hook in (market_presence.rootedness, market_presence.hedge):
        np.testing.assert_allclose(hook(params, three_sites(2012))[0, 0, 0], [0.0, 0.223144, 0.0], atol=1e-6)
        assert not hook(params, three_sites(2011)).any()
        assert not hook(params, three_sites(2012, owner_at=0)).any(), "at home there is no wall"


def test_fit_and_support_from_home(three_sites: Callable[..., World]) -> None:
    """1 % of fit from 2018: -log 1.01 = -0.009950 inside. Home pays 20 % of capital: 0.2 x 0.5 x 0.132695 = 0.0132695,
    log(1 - that) = -0.013358, everywhere but at the owner's home, for new plants alone."""
    params = market_presence.Params.model_validate({**NOTHING, "fit": {"2010": 0.0, "2018": 1.0}})
    line = market_presence.cost(params, three_sites(2018))
    np.testing.assert_allclose(line.now[0, 0, 0], [-0.009950, 0.0, 0.0], atol=1e-6)
    helped = market_presence.Params.model_validate({**NOTHING, "outward_support": {"owner": {"2015": 20.0}}})
    line = market_presence.cost(helped, three_sites(2016))
    assert line.entry is not None
    np.testing.assert_allclose(line.entry[0, 0, 0], [-0.013358, -0.013358, 0.0], atol=1e-6)


def test_walls_elsewhere_root_those_who_serve_their_host() -> None:
    """Foreign owners in China for China, from the tariffs of 2018 on; not Chinese owners, not plants that export."""
    run = begin_run(footloose.load("literature"), firms=200)
    geography = run.setting.geography
    world = World(run.setting, 2020, run.state, run.activity)
    params = market_presence.Params.model_validate({**NOTHING, "commitment": 1.0})
    ties = market_presence.rootedness(params, world)
    china, sites = geography.market("china"), list(geography.sites_in("china"))
    own = geography.origins.index("china")
    assert (np.delete(ties[china], own, axis=1)[:, :, sites] > 0.0).sum() > 100
    assert not ties[china, :, own].any()
    assert not ties[geography.market("united_states")][..., sites].any()
    share = run.setting.base.use[:, :, sites]
    duty = market_presence.walls(world)[:, :, sites]
    mean = (share * duty)[[0, 1, 3]].sum(axis=0) / share[[0, 1, 3]].sum(axis=0)
    np.testing.assert_allclose(
        ties[china, :, geography.origins.index("japan")][:, sites], np.maximum(mean, 0.0), atol=1e-9
    )


@cache
def lived(*overrides: str, firms: int = 60_000, until: int = 2020) -> Run:
    run = begin_run(footloose.load("literature", overrides=[*WALL, *overrides]), firms=firms)
    for year in range(2010, until + 1):
        live_one_year(run, year)
    return run


def with_presence(**given: Any) -> Run:
    text = ", ".join(f"{key}: {value}" for key, value in {**NOTHING, **given}.items())
    return lived(f"mechanisms.market_presence={{{text}}}")


def of_owner(run: Run, market: str, owner: str) -> Any:
    """Return which programmes an owner has for a market; (firm,)."""
    geography, cell = run.setting.geography, run.firms.cell
    _, sectors, origins, _ = run.setting.shape
    here = cell // (sectors * origins) == geography.market(market)
    return here & (cell % origins == geography.origins.index(owner))


def gap(twin: Run, base: Run, chosen: Any, true: Callable[[Run], Any]) -> tuple[float, float]:
    """Return how much more of chosen output something is true for in the twin, and the standard error.

    The same programmes with the same draws: error = sqrt(sum of (weight x change)^2).
    """
    value = base.firms.value[chosen].astype(np.float64)
    change = value * (true(twin)[chosen].astype(np.float64) - true(base)[chosen])
    return float(change.sum() / value.sum()), float(np.sqrt((change**2).sum()) / value.sum())


def stands_in(sites: list[int]) -> Callable[[Run], Any]:
    """Return the question whether a programme has a plant at one of these sites."""
    return lambda run: np.isin(run.firms.main, sites) | np.isin(run.firms.second, sites)


def test_a_wall_adds_plants_of_foreign_owners_and_keeps_the_old_ones(sampling: Any) -> None:
    """Chinese owners who sell to the United States over 60 %: with dual chains more of them have two sites, and more
    have kept a Chinese one."""
    plain, dual = with_presence(), with_presence(dual_chains=4.0)
    china = list(plain.setting.geography.sites_in("china"))
    chosen = of_owner(plain, "united_states", "china")
    more, error = gap(dual, plain, chosen, lambda run: run.firms.second >= 0)
    assert more > sampling.errors(2) * error
    kept, error = gap(dual, plain, chosen, stands_in(china))
    assert kept > sampling.errors(2) * error


def test_the_wall_draws_foreign_owners_inside_and_home_helps_them(sampling: Any) -> None:
    """Access to the market raises what Chinese owners build in the United States; support from home what they build
    abroad; American owners, whose home market it is, have no part in it."""
    plain, inside = with_presence(), with_presence(access=1.0)
    helped = with_presence(outward_support="{china: {2012: 100}}")
    geography = plain.setting.geography
    china, home = list(geography.sites_in("china")), list(geography.sites_in("united_states"))
    chosen = of_owner(plain, "united_states", "china")
    drawn, error = gap(inside, plain, chosen, stands_in(home))
    assert drawn > sampling.errors(2) * error
    abroad = sorted(set(range(len(geography.sites))) - set(china))
    sellers = np.any([of_owner(plain, market, "china") for market in geography.markets], axis=0)
    sent, error = gap(helped, plain, sellers, stands_in(abroad))
    assert sent > sampling.errors(2) * error
    american = of_owner(plain, "united_states", "united_states")
    assert abs(gap(inside, plain, american, stands_in(home))[0]) < 0.1 * drawn


def test_commitment_keeps_foreign_owners_in_china_for_china(sampling: Any) -> None:
    """Their programmes for the Chinese market leave China less when the walls against China root them."""
    plain, rooted = with_presence(), with_presence(commitment=10.0)
    china = list(plain.setting.geography.sites_in("china"))
    chosen = np.isin(begin_run(footloose.load("literature", overrides=WALL), firms=60_000).firms.main, china)
    owners = [of_owner(plain, "china", name) for name in ("united_states", "europe", "japan", "korea", "taiwan")]
    kept, error = gap(rooted, plain, chosen & np.any(owners, axis=0), stands_in(china))
    assert kept > sampling.errors(1) * error


def test_presence_in_the_market_is_reported() -> None:
    """In 2010 it is what the base year's own table says."""
    run = begin_run(footloose.load("literature", overrides=["mechanisms.market_presence=on"]), firms=200)
    geography, base = run.setting.geography, run.setting.use_by_owner.sum(axis=1)
    world = World(run.setting, 2010, run.state, run.activity)
    share = market_presence.report(market_presence.Params(), world)["market_presence_local_share"]
    market, owner = geography.market("united_states"), geography.origins.index("japan")
    home = list(geography.sites_in("united_states"))
    assert share[market, owner] == pytest.approx(100.0 * base[market, owner, home].sum() / base[market, owner].sum())


def test_what_presence_is_worth_brings_plants_into_the_market(sampling: Any) -> None:
    """Local for local: foreign owners make more of what they sell in the United States there, home owners do not."""
    plain, fitting = with_presence(), with_presence(fit="{2010: 0, 2012: 10}")
    home = list(plain.setting.geography.sites_in("united_states"))
    owners = [of_owner(plain, "united_states", name) for name in ("europe", "japan", "korea", "taiwan", "china")]
    more, error = gap(fitting, plain, np.any(owners, axis=0), stands_in(home))
    assert more > sampling.errors(1) * error
    assert gap(fitting, plain, of_owner(plain, "united_states", "united_states"), stands_in(home))[0] < 0.1 * more
