"""Backup: memory, credit and stocks by hand; second sites and shortages in runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.dated import DatedPath
from footloose.mechanisms import backup
from footloose.record import Record
from footloose.shocks import Shock, Shocks
from footloose.simulation import base_activity, simulate
from footloose.world import World

QUAKE = "shocks.quake={kind: disruption, sites: china, from: 2014, until: 2016, output_lost: 30}"


@pytest.fixture
def three_sites(small_world: Callable[..., Any]) -> Callable[..., World]:
    """Return a function that gives a world of three sites that sell a third each, home first."""

    def world(year: int, lost: float = 0.0, drawn: float = 0.0, traits: Any = None, **state: Any) -> World:
        event = Shock(
            "quake", "disruption", date(2012, 1, 1), date(2013, 1, 1), False, DatedPath.constant(lost),
            np.array([[0.0, 1.0, 0.0]]),
        )  # fmt: skip
        setting = replace(small_world(sites=3, traits=traits).setting, shocks=Shocks((event,) if lost else ()))
        activity = replace(base_activity(setting), drawn=np.array([[drawn]]))
        start = backup.initial(backup.Params(experience={}), World(setting, 2010, {}, activity))
        return World(setting, year, {**start, **state}, activity)

    return world


def test_memory_jumps_and_fades(three_sites: Callable[..., World]) -> None:
    """Ten percent lost: 0.7 x 0.1 remembered, 0.75 of it a quiet year later; at a worth of 3 that is 0.21 and
    0.1575."""
    params = backup.Params(experience={}, learning=0.7, fading=0.25, worth=3.0)
    after = backup.advance(params, three_sites(2012, lost=10.0))["backup_memory"]
    np.testing.assert_allclose(after, [[0.0, 0.07, 0.0]])
    later = backup.advance(params, three_sites(2013, lost=10.0, backup_memory=after))["backup_memory"]
    np.testing.assert_allclose(later, [[0.0, 0.0525, 0.0]])
    worth = backup.hedge(params, three_sites(2014, backup_memory=later))
    np.testing.assert_allclose(worth[0, 0, 0], [0.0, 0.1575, 0.0])


def test_history_and_a_shock_add_up_as_losses(three_sites: Callable[..., World]) -> None:
    """A tenth lost by the shock and a fifth of the rest by history: 1 - 0.9 x 0.8 = 0.28."""
    params = backup.Params.model_validate({"experience": {"site_1": {"2012": 20.0, "2013": 0.0}}})
    np.testing.assert_allclose(backup.suffered(params, three_sites(2012, lost=10.0)), [[0.0, 0.28, 0.0]])
    np.testing.assert_array_equal(backup.suffered(params, three_sites(2013, lost=10.0)), 0.0)


def test_a_credit_takes_its_annuity_off_half_the_output(three_sites: Callable[..., World]) -> None:
    """Annuity of 12 years at 8 %: 0.132695; half of a year of output in capital, 30 % paid: 0.5 x 0.5 x 0.132695 x
    0.3 = 0.009952, twice that as worth. A credit there has been since 2010 changes nothing."""
    world = three_sites(2015, traits={"capital_per_output": 0.5})
    params = backup.Params.model_validate({"redundancy_credit": {"owner": {"2014": 30.0}}, "experience": {}})
    np.testing.assert_allclose(backup.hedge(params, world)[0, 0, 0], 2.0 * 0.009952, atol=1e-6)
    always = backup.Params.model_validate({"redundancy_credit": {"owner": 30.0}, "experience": {}})
    np.testing.assert_array_equal(backup.hedge(always, world), 0.0)


def test_stocks_are_of_imports_cost_their_keep_and_are_used_up(three_sites: Callable[..., World]) -> None:
    """Four weeks of the two thirds that are imported: 4 / 52 x 2 / 3 = 0.051282 of a year. They cost log(1 + 0.25 x
    4 / 52) = 0.019048 abroad; the same weeks of parts a fifth of that at the plant. 20,000 drawn of 51,282 leave
    0.61."""
    params = backup.Params.model_validate(
        {"goods_weeks": {"market": {"2012": 4.0}}, "parts_weeks": {"site_1": {"2013": 4.0}}, "experience": {}}
    )
    world = three_sites(2012, drawn=20_000.0)
    np.testing.assert_allclose(backup.buffer(params, world), [[0.051282]], atol=1e-6)
    np.testing.assert_allclose(backup.cost(params, world).now[0, 0, 0], [0.0, 0.019048, 0.019048], atol=1e-6)
    after = backup.advance(params, world)
    np.testing.assert_allclose(after["backup_filled"], [[0.61]], atol=1e-9)
    np.testing.assert_allclose(after["backup_parts"], [[0.0, 4.0 / 52.0, 0.0]])
    np.testing.assert_allclose(
        backup.cost(params, three_sites(2013)).now[0, 0, 0], [0.0, 1.2 * 0.019048, 0.019048], atol=1e-6
    )
    empty = three_sites(2013, backup_filled=after["backup_filled"])
    np.testing.assert_allclose(backup.buffer(params, empty), [[0.61 * 0.051282]], atol=1e-6)
    np.testing.assert_array_equal(backup.advance(params, empty)["backup_filled"], 1.0)


def test_goods_by_sector_are_held_in_that_sector_alone() -> None:
    params = backup.Params.model_validate({"goods_weeks": {"united_states": {"semiconductors": {"2012": 8.0}}}})
    run = footloose.simulation.begin_run(footloose.load("literature"), firms=200)
    weeks = backup.weeks_of_goods(params, World(run.setting, 2012, {}, run.activity))
    sector = run.setting.geography.sectors.index("semiconductors")
    assert weeks[run.setting.geography.market("united_states"), sector] == 8.0
    assert weeks.sum() == 8.0


@cache
def run(*overrides: str) -> Record:
    scenario = footloose.load("literature", overrides=overrides)
    return simulate(scenario, firms=6_000, replicates=3, years=(2010, 2020))


def pairs(record: Record) -> Any:
    """Return the mean share of programmes with two sites in the last year; (replicate,)."""
    return record.tables["second_site_share"][:, -1].mean(axis=(1, 2))


@pytest.mark.parametrize(
    "more, less",
    [
        ("{experience: {}, worth: 6}", "{experience: {}, worth: 0}"),
        ("{experience: {}, redundancy_credit: {china: {2012: 60}, united_states: {2012: 60}}}", "{experience: {}}"),
    ],
    ids=["memory", "credit"],
)
def test_memory_and_credit_bring_second_sites(more: str, less: str, sampling: Any) -> None:
    """After an outage firms that remember keep two sites, and those that are paid for it; same seeds, so paired."""
    gap = pairs(run(QUAKE, f"mechanisms.backup={more}")) - pairs(run(QUAKE, f"mechanisms.backup={less}"))
    assert gap.mean() > sampling.errors(2) * gap.std(ddof=1) / np.sqrt(gap.size)


def test_second_sites_and_stocks_leave_less_short() -> None:
    """Each alone, in the first year of the outage; a stock of eight weeks costs buyers something before."""
    bare = run(QUAKE, "mechanisms.backup={experience: {}}")
    goods = "{united_states: {2012: 8}, european_union: {2012: 8}, china: {2012: 8}, rest_of_world: {2012: 8}}"
    stocked = run(QUAKE, f"mechanisms.backup={{experience: {{}}, goods_weeks: {goods}}}")
    parts = run(QUAKE, "mechanisms.backup={experience: {}, parts_weeks: {all: {2012: 8}}}")
    short = [record.tables["shortage"][:, 4].sum() for record in (bare, stocked, parts)]
    assert short[0] > 0.0
    assert short[1] < 0.9 * short[0]
    assert short[2] < short[0]
    assert (stocked.tables["buyer_cost"][:, 3].mean(axis=2) > bare.tables["buyer_cost"][:, 3].mean(axis=2)).all()
    vietnam = bare.geography.site("vietnam")
    lost = [record.tables["disruption_output_lost"][:, 4, :, vietnam] for record in (bare, parts)]
    assert (lost[1] < lost[0]).all()
