"""Spillovers: which way knowledge flows and since when, what carries it, and who makes new products first."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.mechanisms import spillovers
from footloose.simulation import begin_run
from footloose.world import World
from footloose.year import look

FIRMS = 10_000
NEUTRAL = ("inflow=0", "outflow=0", "research_gain=0", "plant_gain=0")

CLEAN_ENERGY = 0.758294
"""R&D intensity 0.08 over the mean of the twelve goods, 1.266 / 12 = 0.1055."""


def with_spillovers(*keys: str, until: int = 2035) -> Any:
    keys = tuple(f"mechanisms.spillovers.{key}" for key in keys)
    return footloose.load("literature", overrides=["mechanisms.spillovers=on", f"years.until={until}", *keys])


def world_in(scenario: Any, year: int) -> World:
    return look(begin_run(scenario, firms=200), year)


def a_year_on(scenario: Any, world: World) -> World:
    state = spillovers.advance(scenario.mechanisms["spillovers"], world)
    return dataclasses.replace(world, year=world.year + 1, state={**world.state, **state})


def test_local_owners_learn_by_hand() -> None:
    """First year: inflow 0.1 x share of foreign owners x 6 %; it cheapens local owners' batteries there, no others'."""
    scenario = with_spillovers("research_gain=0", "plant_gain=0")
    world = world_in(scenario, 2010)
    geography = world.setting.geography
    cell = geography.sector("clean_energy"), geography.site("yangtze_delta")
    made = world.activity.sales.sum(axis=0)[cell[0], :, cell[1]]
    foreign = 1.0 - made[geography.origin("china")] / made.sum()
    later = a_year_on(scenario, world)
    learnt = 0.1 * foreign * 0.06
    assert later.state["spillovers_local"][cell] == pytest.approx(learnt)
    assert later.state["spillovers_reverse"].max() == 0.0
    line = np.broadcast_to(spillovers.cost(scenario.mechanisms["spillovers"], later).now, world.setting.shape)
    by_owner = line[0, cell[0], :, cell[1]]
    assert by_owner[geography.origin("china")] == pytest.approx(-CLEAN_ENERGY * learnt, rel=1e-5)
    assert (np.delete(by_owner, geography.origin("china")) == 0.0).all()
    abroad = np.delete(line, list(geography.sites_in("china")), axis=3)
    assert (abroad == 0.0).all()


def test_parents_learn_by_hand() -> None:
    """In 2019 outflow 0.1 x share of an owner's advanced output in China x 6 %; then a tenth fades a year."""
    scenario = with_spillovers("plant_gain=0", "research_gain=0")
    world = world_in(scenario, 2019)
    geography = world.setting.geography
    korea, china = geography.origin("korea"), list(geography.sites_in("china"))
    intensity = np.asarray(geography.traits["rd_intensity"])[:-1]
    relative = np.minimum(intensity / 0.1055, 3.0)
    made = (world.activity.sales.sum(axis=0)[:-1, korea] * relative[:, None]).sum(axis=0)
    later = a_year_on(scenario, world)
    learnt = 0.1 * made[china].sum() / made.sum() * 0.06
    assert later.state["spillovers_reverse"][korea] == pytest.approx(learnt)
    assert later.state["spillovers_reverse"][geography.origin("china")] == 0.0
    line = np.broadcast_to(spillovers.cost(scenario.mechanisms["spillovers"], later).now, world.setting.shape)
    sector = geography.sector("clean_energy")
    assert line[0, sector, korea, geography.site("mexico")] == pytest.approx(-CLEAN_ENERGY * learnt, rel=1e-5)
    assert line[0, sector, korea, geography.site("greater_bay")] == 0.0
    root = spillovers.rootedness(scenario.mechanisms["spillovers"], later)
    assert root[0, 0, korea, geography.site("greater_bay")] == pytest.approx(0.5 * learnt / 0.06)
    assert root[0, 0, korea, geography.site("mexico")] == 0.0


@pytest.mark.parametrize("year, both", [(2010, False), (2018, False), (2019, True), (2030, True)])
def test_the_direction_turns_in_2019(year: int, both: bool) -> None:
    """Document 001: one way until 2018, both ways since."""
    scenario = with_spillovers()
    state = a_year_on(scenario, world_in(scenario, year)).state
    assert state["spillovers_local"].max() > 0.0
    assert bool(state["spillovers_reverse"].max() > 0.0) is both


def test_without_cooperation_nothing_flows() -> None:
    scenario = with_spillovers("cooperation=0")
    state = a_year_on(scenario, world_in(scenario, 2025)).state
    assert state["spillovers_local"].max() == 0.0
    assert state["spillovers_reverse"].max() == 0.0


def test_knowledge_fades_without_plants_by_hand() -> None:
    """Documents 001 and 004: laboratories stay, a quarter of the plants is left: sqrt(0.25) = 0.5, half of it codified:
    target 0.75, loss 15 % a year: 1 - 0.15 x 0.25. With four times the plants: target 1.5, building 10 %."""
    scenario = with_spillovers()
    world = world_in(scenario, 2010)
    geography = world.setting.geography
    site = geography.site("us_midwest")
    labs = geography.sector("research")
    for factor, knowledge in ((0.25, 0.9625), (4.0, 1.05)):
        jobs = world.activity.jobs.copy()
        jobs[np.arange(len(geography.sectors)) != labs, site] *= factor
        changed = dataclasses.replace(world, activity=dataclasses.replace(world.activity, jobs=jobs))
        later = a_year_on(scenario, changed)
        found = later.state["spillovers_knowledge"]
        assert found[site] == pytest.approx(knowledge)
        np.testing.assert_allclose(np.delete(found, site), 1.0)
        line = spillovers.cost(scenario.mechanisms["spillovers"], later).now[0, labs, 0, site]
        assert line == pytest.approx(-0.1 * np.log(knowledge))


def test_a_test_bed_leads_for_three_years_by_hand() -> None:
    """All new products in the Yangtze Delta in 2020 and 2021: lead of 1, 2, 2, 1, 0 years' products, 1 % each."""
    scenario = with_spillovers(*NEUTRAL, "test_beds={yangtze_delta: {2020: 100, 2022: 0}}")
    params = scenario.mechanisms["spillovers"]
    world = world_in(scenario, 2020)
    geography = world.setting.geography
    sector, site = geography.sector("electronics"), geography.site("yangtze_delta")
    relative = 0.55 / (4.15 / 12.0)  # data intensity of electronics over the mean of the goods
    for lead in (0, 1, 2, 2, 1, 0):
        line = np.broadcast_to(spillovers.cost(params, world).now, world.setting.shape)[0, sector, 0]
        assert line[site] == pytest.approx(-0.01 * lead * relative, rel=1e-6, abs=1e-12)
        assert (np.delete(line, site) == 0.0).all()
        assert spillovers.report(params, world)["spillovers_age"][site] == pytest.approx(3.0 - lead)
        world = a_year_on(scenario, world)


def test_neutral_as_good_as_none(live: Callable[..., Any]) -> None:
    keys = tuple(f"mechanisms.spillovers.{key}" for key in NEUTRAL)
    off, on = (
        live(footloose.load("literature", overrides=["years.until=2021", *more]), firms=3_000) for more in ((), keys)
    )
    for name in off.tables.keys() - {"reasons"}:
        assert on.tables[name].tobytes() == off.tables[name].tobytes(), name


@pytest.fixture(scope="module")
def runs(live: Callable[..., Any]) -> dict[str, Any]:
    """Nothing; test-beds in China, or in the United States; flows as in the documents, or stopped in 2019."""
    china, us = ("test_beds={china: {2012: 100}}", "test_beds={united_states: {2012: 100}}")
    chosen: dict[str, tuple[str, ...]] = {
        "none": NEUTRAL,
        "in China": (*NEUTRAL, china, "launch_gain=0.02"),
        "in the United States": (*NEUTRAL, us, "launch_gain=0.02"),
        "flows": (),
        "stopped": ("cooperation={2010: 100, 2019: 0}",),
    }
    return {name: live(with_spillovers(*keys, until=2026), firms=FIRMS) for name, keys in chosen.items()}


def moved_to(twin: Any, base: Any, group: str) -> tuple[float, float]:
    """Return how much more output stands at a group's sites than in the twin, share of all and standard error."""
    sites = list(base.run.setting.geography.sites_in(group))
    moved = (base.value[:, None] * (twin.places() - base.places()))[:, sites].sum(axis=1)
    return float(moved.sum() / base.value.sum()), float(np.sqrt((moved**2).sum()) / base.value.sum())


@pytest.mark.parametrize("group, run", [("china", "in China"), ("united_states", "in the United States")])
def test_a_test_bed_draws_plants(group: str, run: str, runs: dict[str, Any], sampling: Any) -> None:
    """Documents 000 and 001: products come first where uses are rich."""
    gain, error = moved_to(runs[run], runs["none"], group)
    assert gain > sampling.errors(2) * error
    other = "united_states" if group == "china" else "china"
    assert moved_to(runs[run], runs["none"], other)[0] < 0.0


def test_parents_gain_since_2019_and_lose_it_without_cooperation(runs: dict[str, Any]) -> None:
    """Document 001, both ways since 2019; limits to cooperation take it away."""
    learnt = {name: runs[name].tables["spillovers_reverse"] for name in ("flows", "stopped")}
    turn = 2020 - 2010
    foreign = np.array([name != "china" for name in runs["flows"].run.setting.geography.origins])
    assert (learnt["flows"][:turn] == 0.0).all()
    assert (np.diff(learnt["flows"][turn:, foreign], axis=0) > 0.0).all()
    assert (learnt["stopped"] == 0.0).all()
    to_china = {name: runs[name].tables["spillovers_local"][-1].sum() for name in ("flows", "stopped")}
    assert to_china["flows"] > to_china["stopped"] > 0.0


def high_tech_share(lived: Any, year: int) -> float:
    """Return the share of high technology in what foreign owners make in China."""
    geography = lived.run.setting.geography
    china = list(geography.sites_in("china"))
    foreign = ~np.asarray(geography.home_of)[:, china[0]]
    made = lived.tables["sales"][year - 2010].sum(axis=0)[:, foreign][..., china].sum(axis=(1, 2))
    return float((made * np.asarray(geography.traits["high_tech"])).sum() / made.sum())


def test_test_beds_polarise_foreign_plants_in_china(runs: dict[str, Any]) -> None:
    """M56: where new products begin, the high end of foreign plants gains on the low end; at home, it loses."""
    share = {name: high_tech_share(lived, 2026) for name, lived in runs.items()}
    assert share["in China"] > share["none"] > share["in the United States"]


@pytest.fixture(scope="module")
def hosted(live: Callable[..., Any], policy: Callable[..., tuple[str, ...]]) -> dict[tuple[str, str], Any]:
    """The Midwest with and without support of its advanced plants in 2012-17, laboratories tied to plants or not."""
    support = policy(
        "support", kind="subsidy", sites="us_midwest", sectors="[electronics, transport_equipment, pharma_medical]",
        output_share=25, new_plants_only="false", start=2012, until=2018, believed="permanent",
    )  # fmt: skip
    ties = {"tied": ("research_gain=0.5",), "apart": NEUTRAL}
    found = {}
    for tie, keys in ties.items():
        overrides = [f"mechanisms.spillovers.{key}" for key in keys]
        for name, more in (("supported", support), ("plain", ())):
            given = ["mechanisms.spillovers=on", "mechanisms.congestion=off", "years.until=2021", *overrides, *more]
            found[tie, name] = live(footloose.load("literature", overrides=given), firms=FIRMS)
    return found


def laboratories(lived: Any, year: int) -> float:
    """Return what the laboratories of the Midwest make, USD million."""
    geography = lived.run.setting.geography
    cell = geography.sector("research"), slice(None), geography.site("us_midwest")
    return float(lived.tables["sales"][year - 2010].sum(axis=0)[cell].sum())


def test_laboratories_follow_advanced_plants(hosted: dict[tuple[str, str], Any]) -> None:
    """M17: support of plants alone brings laboratories, and more where they need plants nearby (wages left alone)."""
    gains = {
        tie: laboratories(hosted[tie, "supported"], 2018) / laboratories(hosted[tie, "plain"], 2018)
        for tie in ("tied", "apart")
    }
    assert gains["tied"] > gains["apart"]
    assert gains["tied"] > 1.0


def test_knowledge_outlasts_the_support(hosted: dict[tuple[str, str], Any]) -> None:
    """It builds up while plants come and fades slowly when what brought them is gone."""
    site = hosted["tied", "plain"].run.setting.geography.site("us_midwest")
    more, plain = (hosted["tied", name].tables["spillovers_knowledge"][:, site] for name in ("supported", "plain"))
    assert more[2012 - 2010] == plain[2012 - 2010]
    assert more[2018 - 2010] > plain[2018 - 2010]
    assert more[2021 - 2010] > plain[2021 - 2010]
