"""Upgrading: seven years from effort to premium, the spread of smart factories, services that root, and who stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.mechanisms import upgrading
from footloose.simulation import begin_run
from footloose.world import World
from footloose.year import live_one_year, look

FIRMS = 10_000
START = 2013
EFFORT = (f"effort={{coastal_china: {{{START}: 5}}}}", f"patient_finance={{coastal_china: {{{START}: 100}}}}")
SMART = (f"smart_factories={{coastal_china: {{{START}: 90}}}}", "digital_gain=0.1")

CLEAN_ENERGY = 0.758294
"""R&D intensity 0.08 over the mean of the twelve goods, 1.266 / 12 = 0.1055."""


def upgraded(*keys: str, until: int = 2035) -> Any:
    """Return the baseline with upgrading and these parameters."""
    keys = tuple(f"mechanisms.upgrading.{key}" for key in keys)
    return footloose.load("baseline", overrides=["mechanisms.upgrading=on", f"years.until={until}", *keys])


def history(scenario: Any, until: int, first: int = 2010) -> Mapping[int, World]:
    """Return the worlds of the years to come when nothing but this mechanism moves."""
    params = scenario.mechanisms["upgrading"]
    world = look(begin_run(scenario, firms=200), first)
    worlds = {first: world}
    for year in range(first + 1, until + 1):
        state = {**world.state, **upgrading.advance(params, world)}
        world = dataclasses.replace(world, year=year, state=state)
        worlds[year] = world
    return worlds


def test_effort_pays_from_its_seventh_year() -> None:
    """1 % of output in 2015, impatient money: 0.85^7 = 0.320577 of it matures in 2022 and decays by 15 % a year.

    Batteries: return 0.5 x 0.01 x 0.320577 x 0.758294; borne 0.7 x 0.01 x 0.758294 in the year of the effort alone.
    """
    scenario = upgraded("effort={yangtze_delta: {2015: 1, 2016: 0}}")
    params = scenario.mechanisms["upgrading"]
    worlds = history(scenario, 2024)
    geography = worlds[2010].setting.geography
    cell = geography.sector("clean_energy"), geography.site("yangtze_delta")
    paid = 0.5 * 0.01 * 0.320577 * CLEAN_ENERGY
    for year, world in worlds.items():
        expected = {2022: paid, 2023: 0.85 * paid, 2024: 0.85**2 * paid}.get(year, 0.0)
        assert upgrading.premium(params, world)[cell] == pytest.approx(expected, rel=1e-5)
        borne = np.log1p(0.7 * 0.01 * CLEAN_ENERGY) if year == 2015 else 0.0
        line = upgrading.cost(params, world).now[0, cell[0], 0, cell[1]]
        assert line == pytest.approx(borne - np.log1p(expected), rel=1e-5, abs=1e-12)
        elsewhere = np.delete(upgrading.premium(params, world), cell[1], axis=1)
        assert (elsewhere == 0.0).all()


def test_patient_money_doubles_what_matures() -> None:
    """All money patient: 0.95^7 = 0.698337 instead of 0.320577."""
    matured = []
    for share in (0, 100):
        scenario = upgraded("effort={yangtze_delta: {2015: 1, 2016: 0}}", f"patient_finance={{china: {share}}}")
        world = history(scenario, 2022)[2022]
        matured.append(world.state["upgrading_mature"][world.setting.geography.site("yangtze_delta")])
    assert matured == pytest.approx([0.01 * 0.320577, 0.01 * 0.698337], rel=1e-5)


@pytest.mark.parametrize("gestation", [1, 2])
def test_a_short_gestation(gestation: int) -> None:
    scenario = upgraded("effort={yangtze_delta: {2015: 1, 2016: 0}}", f"gestation={gestation}")
    worlds = history(scenario, 2018)
    site = worlds[2010].setting.geography.site("yangtze_delta")
    first = next(year for year, world in worlds.items() if world.state["upgrading_mature"][site] > 0.0)
    assert first == 2015 + gestation
    assert worlds[first].state["upgrading_mature"][site] == pytest.approx(0.01 * 0.85**gestation)


def test_smart_factories_spread_by_hand() -> None:
    """Aim 60 %: 0.03 + 0.35 x 0.03 x (1 - 0.03 / 0.6) = 0.039975; then x (1 + 0.35 x (1 - 0.066625)) = 0.053034."""
    scenario = upgraded("smart_factories={greater_bay: {2020: 60, 2022: 0}}")
    worlds = history(scenario, 2025)
    site = worlds[2010].setting.geography.site("greater_bay")
    levels = [worlds[year].state["upgrading_digital"][site] for year in (2020, 2021, 2022, 2025)]
    assert levels == pytest.approx([0.0, 0.039975, 0.053034, 0.053034], rel=1e-4)
    # A smart factory is 5 % cheaper and delivers two days sooner: electronics, day at its price in the sector table.
    world, params = worlds[2025], scenario.mechanisms["upgrading"]
    sector = world.setting.geography.sector("electronics")
    day = world.setting.geography.traits["time_cost_per_day"][sector]
    assert upgrading.cost(params, world).now[0, sector, 0, site] == pytest.approx(-levels[-1] * (0.05 + 2.0 * day))


def test_demand_for_upgraded_goods_by_hand() -> None:
    """20 % a year in 2026 and 2027: 1.44; a fifth of demand, three tenths of it additional: 1 + 0.3 x 0.2 x 0.44."""
    scenario = upgraded("segment_growth={electronics: {2026: 20, 2028: 0}}")
    params = scenario.mechanisms["upgrading"]
    worlds = history(scenario, 2030)
    sector = worlds[2010].setting.geography.sector("electronics")
    for year, index in ((2025, 1.0), (2026, 1.2), (2027, 1.44), (2030, 1.44)):
        assert upgrading.segment(params, worlds[year])[sector] == pytest.approx(0.2 * index)
        factor = upgrading.demand(params, worlds[year])[0]
        assert factor[sector] == pytest.approx(1.0 + 0.3 * 0.2 * (index - 1.0))
        assert (np.delete(factor, sector) == 1.0).all()


def test_services_root() -> None:
    """Aim 50 %, a fifth of the way a year: 10 %, 18 %; log odds 0.5 each, value 4 %."""
    scenario = upgraded("services={coastal_china: {2020: 50}}")
    params = scenario.mechanisms["upgrading"]
    world = history(scenario, 2022)[2022]
    site = world.setting.geography.site("greater_bay")
    assert upgrading.rootedness(params, world)[0, 0, 0, site] == pytest.approx(0.5 * 0.18)
    assert upgrading.cost(params, world).now[0, 0, 0, site] == pytest.approx(-0.04 * 0.18)


def test_without_levers_as_good_as_none(live: Callable[..., Any]) -> None:
    off, on = (
        live(footloose.load("baseline", overrides=["years.until=2018", *more]), firms=3_000)
        for more in ((), ("mechanisms.upgrading=on",))
    )
    for name in off.tables.keys() - {"reasons"}:
        assert on.tables[name].tobytes() == off.tables[name].tobytes(), name


@pytest.fixture(scope="module")
def runs(live: Callable[..., Any]) -> dict[str, Any]:
    """The baseline to 2030; with effort on the coast; with smart factories there; with services there."""
    services = f"services={{coastal_china: {{{START}: 100}}}}"
    chosen: dict[str, tuple[str, ...]] = {"base": (), "effort": EFFORT, "smart": SMART, "services": (services,)}
    return {name: live(upgraded(*keys, until=2030), firms=FIRMS) for name, keys in chosen.items()}


def coast(lived: Any, year: int) -> float:
    """Return the coast's share in the world's output of a year."""
    made = lived.tables["sales"][year - 2010].sum(axis=(0, 1, 2))
    return float(made[list(lived.run.setting.geography.sites_in("coastal_china"))].sum() / made.sum())


def moved_to(twin: Any, base: Any, group: str) -> tuple[float, float]:
    """Return how much more output stands at a group's sites than in the twin, share of all and standard error."""
    sites = list(base.run.setting.geography.sites_in(group))
    moved = (base.value[:, None] * (twin.places() - base.places()))[:, sites].sum(axis=1)
    return float(moved.sum() / base.value.sum()), float(np.sqrt((moved**2).sum()) / base.value.sum())


def test_effort_costs_before_it_pays(runs: dict[str, Any]) -> None:
    """Document 003: years of spending without a product. Orders leave the coast until it matures, and come back."""
    apart = {year: coast(runs["effort"], year) - coast(runs["base"], year) for year in (START, START + 6, 2030)}
    assert apart[START] < 0.0
    assert apart[START + 6] < 0.0
    assert apart[2030] > apart[START + 6]
    premium = runs["effort"].tables["upgrading_premium"]
    assert (premium[: START + 7 - 2010] == 0.0).all()
    assert premium[START + 7 - 2010].max() > 0.0


@pytest.mark.parametrize("way", ["smart", "services"])
def test_smart_factories_and_services_hold_plants_on_the_coast(way: str, runs: dict[str, Any], sampling: Any) -> None:
    gain, error = moved_to(runs[way], runs["base"], "coastal_china")
    assert gain > sampling.errors(2) * error


def test_in_the_base_year_nothing_has_changed(runs: dict[str, Any]) -> None:
    sales = [lived.tables["sales"][0].tobytes() for lived in runs.values()]
    assert len(set(sales)) == 1


def test_the_record_has_it_in_percent() -> None:
    run = begin_run(upgraded(*SMART, until=2016), firms=500)
    for year in range(2010, 2016):
        kept = live_one_year(run, year)
    site = run.setting.geography.site("greater_bay")
    assert kept["upgrading_digital"][site] == pytest.approx(
        100.0 * 0.03 * (1 + 0.35 * (1 - 0.03 / 0.9)) * (1 + 0.35 * (1 - 0.03 * (1 + 0.35 * (1 - 0.03 / 0.9)) / 0.9))
    )
    assert kept["upgrading_segment"].shape == (run.setting.shape[1],)


def test_a_growing_segment_raises_demand_and_the_worth_of_a_premium(live: Callable[..., Any]) -> None:
    """Document 003: smart homes double in a few years and pull electronics; where the segment shrinks, the reverse."""
    grown, plain, shrunk = (
        live(upgraded(*EFFORT, f"segment_growth={{electronics: {{{START}: {rate}}}}}", until=2021), firms=3_000)
        for rate in (15, 0, -15)
    )
    sector = plain.run.setting.geography.sector("electronics")
    sold = [lived.tables["sales"][-1, :, sector].sum() for lived in (shrunk, plain, grown)]
    assert sold[0] < sold[1] < sold[2]
    site = plain.run.setting.geography.site("greater_bay")
    premium = [lived.tables["upgrading_premium"][-1, sector, site] for lived in (shrunk, plain, grown)]
    assert 0.0 < premium[0] < premium[1] < premium[2]
    assert grown.tables["upgrading_segment"][-1, sector] == pytest.approx(100.0 * min(0.2 * 1.15**9, 0.9))
