"""Circumvention: duty and parcels against sums done by hand; neutral values; signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.mechanisms import circumvention


def all_parts_from(world: Any, group: str) -> Any:
    """Return sources of parts in which every site takes all it needs, evenly, from one group of sites."""
    sites = len(world.setting.geography.sites)
    table = np.zeros((len(world.setting.geography.sectors), sites, sites))
    members = list(world.setting.geography.sites_in(group))
    table[:, :, members] = 1.0 / len(members)
    return table


@pytest.fixture(scope="module")
def chinese_parts(world_of: Callable[..., Any]) -> Callable[..., Any]:
    """Return parameters and a world in which all parts in the world are Chinese."""

    def made(year: int, **params: Any) -> tuple[Any, Any]:
        given, world = world_of("circumvention", year)
        state = {"input_origin": all_parts_from(world, "china")}
        return world_of("circumvention", year, params={**given.model_dump(), **params}, state=state)

    return made


def test_content_and_duty_by_hand(chinese_parts: Callable[..., Any]) -> None:
    """Electronics: 43.151 % of the value are parts, all Chinese. 13.151 points above, spread 5: a share of
    1 / (1 + exp(-2.6302)) = 0.93278 of the goods; 40 % on the half that is found: 18.656 %."""
    given, world = chinese_parts(2027, threshold=30.0, spread=5.0, detection=0.5)
    geography = world.setting.geography
    market, sector, site = geography.market("united_states"), geography.sector("electronics"), geography.site("vietnam")
    tables = circumvention.report(given, world)
    assert tables["circumvention_content"][sector, site] == pytest.approx(43.151, abs=1e-3)
    assert tables["circumvention_rate"][market, sector, site] == pytest.approx(18.6555, abs=1e-3)
    assert circumvention.duty(given, world)[market, sector, site] == pytest.approx(0.186555, abs=1e-5)
    now = float(world.setting.law.tariffs.now[world.index, market, sector, site])
    collected = float(world.series("collection_ratio")[market])
    rate = (float(world.series("mfn_tariff")[market, site, sector]) + collected * now) / 100.0
    line = circumvention.cost(given, world)
    assert line.now[market, sector, 0, site] == pytest.approx(np.log1p(0.186555 / (1.0 + rate)), abs=1e-5)
    assert tables["circumvention_content"][sector, geography.site("yangtze_delta")] == 0.0
    others = np.delete(tables["circumvention_rate"], market, axis=0)
    assert (others == 0.0).all()
    assert (tables["circumvention_rate"][market, :, list(geography.sites_in("european_union"))] == 0.0).all()


def test_without_chinese_parts_almost_nothing_is_found(world_of: Callable[..., Any]) -> None:
    given, world = world_of("circumvention", 2027)
    given, world = world_of("circumvention", 2027, state={"input_origin": all_parts_from(world, "united_states")})
    assert circumvention.china_content(world).max() == 0.0
    found = circumvention.goods_found(given, world)[0, :, list(world.setting.geography.sites_in("vietnam"))]
    np.testing.assert_allclose(found, 0.3 / (1.0 + np.exp(30.0 / 8.0)), rtol=1e-12)


def test_only_the_sites_and_sectors_named_are_examined(chinese_parts: Callable[..., Any]) -> None:
    given, world = chinese_parts(2027, sites=("vietnam",), sectors=("electronics",))
    found, geography = circumvention.goods_found(given, world), world.setting.geography
    assert (found[:, geography.sector("electronics"), geography.site("vietnam")] > 0.0).all()
    assert np.count_nonzero(found) == len(geography.markets)


def test_parcels_by_hand(world_of: Callable[..., Any]) -> None:
    """A tenth of clothing in parcels: a tenth of the duty is not paid until 2 May 2025, 121 of 365 days."""
    for year, part in ((2024, 1.0), (2025, 121 / 365), (2026, 0.0)):
        given, world = world_of("circumvention", year, params={"rate": {}, "parcels": {"textiles": 10.0}})
        geography = world.setting.geography
        market, sector = geography.market("united_states"), geography.sector("textiles")
        site = geography.site("yangtze_delta")
        now = float(world.setting.law.tariffs.now[world.index, market, sector, site])
        collected = float(world.series("collection_ratio")[market])
        rate = (float(world.series("mfn_tariff")[market, site, sector]) + collected * now) / 100.0
        assert rate > 0.1
        assert circumvention.duty(given, world)[market, sector, site] == pytest.approx(-0.1 * part * rate, rel=1e-9)
        line = circumvention.cost(given, world).now[market, sector, 0, site]
        assert line == pytest.approx(np.log((1.0 + (1.0 - 0.1 * part) * rate) / (1.0 + rate)), abs=1e-12)
        shares = circumvention.report(given, world)["circumvention_parcels"]
        np.testing.assert_allclose(shares, np.where(np.arange(shares.size) == sector, 10.0 * part, 0.0), atol=1e-12)
        assert np.count_nonzero(circumvention.duty(given, world)) in (0, len(geography.sites_in("china")))


def test_base_year_and_shapes(world_of: Callable[..., Any]) -> None:
    given, world = world_of("circumvention", 2010)
    assert (circumvention.cost(given, world).now == 0.0).all()
    sizes = dict(zip(("market", "sector", "origin", "site"), world.setting.shape, strict=True))
    for name, table in circumvention.report(given, world).items():
        assert table.shape == tuple(sizes[axis] for axis in circumvention.REPORTS[name].axes)


def test_without_a_rate_and_parcels_it_is_as_good_as_off(assert_idle: Callable[..., None]) -> None:
    assert_idle("circumvention", "mechanisms.circumvention.rate.united_states=0")


HARD = ("mechanisms.circumvention.rate.united_states={2011: 200}", "mechanisms.circumvention.detection=1")
STRICT, MILD = "mechanisms.circumvention.threshold=5", "mechanisms.circumvention.threshold=60"


def test_the_duty_hits_the_bridge_and_a_higher_threshold_spares_it(ordered: Callable[..., Any]) -> None:
    """Documents 001 and 004: hosts that assemble Chinese parts are a bridge; an anti-circumvention duty narrows it."""
    place = ("united_states", "electronics", "vietnam")
    free, spared, hit = (ordered(*more)(*place) for more in ((), (*HARD, MILD), (*HARD, STRICT)))
    assert hit < spared <= free


def test_parcels_keep_orders_in_china_while_they_are_exempt(ordered: Callable[..., Any]) -> None:
    """Document 003: who can send parcels need not relocate; the exemption's end takes that away."""
    place = ("united_states", "textiles", "china")
    duty = ("policies.d.kind=tariff", "policies.d.market=united_states", "policies.d.sites=china", "policies.d.rate=50")
    world = (*duty, "policies.d.from=2011", "policies.d.believed=permanent")
    parcels = ("mechanisms.circumvention.rate.united_states=0", "mechanisms.circumvention.parcels.textiles=30")
    none, exempt, ended = (
        ordered(*world, *more)(*place)
        for more in ((), parcels, (*parcels, "mechanisms.circumvention.exempt_until=2012"))
    )
    assert exempt > none
    assert ended < exempt


def test_plants_follow(moved: Callable[..., Any]) -> None:
    change, limit = moved((*HARD, STRICT), (), "united_states", "asia_hosts")
    assert change < -limit
