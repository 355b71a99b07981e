"""Share guard: support follows the gap, up to the cap, a year later; and holds the share up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.mechanisms import share_guard
from footloose.simulation import begin_run, simulate
from footloose.world import World
from footloose.year import look

FIRMS = 10_000


def guarded(*keys: str, until: int = 2030) -> Any:
    keys = tuple(f"mechanisms.share_guard.{key}" for key in keys)
    return footloose.load("literature", overrides=["mechanisms.share_guard=on", f"years.until={until}", *keys])


def world_in(scenario: Any, year: int) -> World:
    return look(begin_run(scenario, firms=200), year)


@pytest.mark.parametrize(
    "share, support",
    [(31.0, 0.0), (30.0, 0.0), (28.5, 1.5 * 2.0), (20.0, 4.0)],
    ids=["above", "at target", "1.5 points short", "capped"],
)
def test_reaction_by_hand(share: float, support: float) -> None:
    """Target 30 %, two percent of output for each point, at most four."""
    params = share_guard.Params(reaction=2.0, cap=4.0)
    assert share_guard.support(params, np.array([30.0]), share)[0] == pytest.approx(support)


def test_share_by_hand() -> None:
    """2010: value added of the base year's output at Chinese sites over USD 6,087 billion."""
    world = world_in(guarded(), 2010)
    china = list(world.setting.geography.sites_in("china"))
    made = world.setting.base.use.sum(axis=0)[:, china].sum(axis=1)
    by_hand = 100.0 * float((made * world.setting.base.value_added_share).sum()) / 6.087e6
    assert share_guard.manufacturing_share(world, 0) == pytest.approx(by_hand, rel=1e-9)


def test_the_reference_is_the_share_of_its_year_and_support_comes_after() -> None:
    """China's output 10 % lower than in 2010 at the same product: short by a tenth of the share."""
    scenario = guarded("reference_year=2010", "target={2010: 100}", "cap=30", "reaction=0.5")
    params = scenario.mechanisms["share_guard"]
    world = world_in(scenario, 2010)
    share = share_guard.manufacturing_share(world, 0)
    state = share_guard.advance(params, world)
    assert state["share_guard_reference"][0] == share
    assert state["share_guard_support"][0] == 0.0
    poorer = dataclasses.replace(world.activity, output=0.9 * world.activity.output)
    later = dataclasses.replace(world, state={**world.state, **state}, activity=poorer)
    kept = params.model_copy(update={"reference_year": 2012})
    assert share_guard.advance(kept, later)["share_guard_support"][0] == pytest.approx(0.5 * 0.1 * share)


def test_line_by_hand() -> None:
    """Support of 4 %: running plants get log(1 - 0.04) now, half of it counted on; entrants half of that again."""
    scenario = guarded()
    world = world_in(scenario, 2025)
    world = dataclasses.replace(world, state={**world.state, "share_guard_support": np.array([4.0])})
    line = share_guard.cost(scenario.mechanisms["share_guard"], world)
    geography = world.setting.geography
    china, mexico = geography.site("guangxi"), geography.site("mexico")
    assert line.entry is not None
    values = [table[0, 0, 0, china] for table in (line.now, line.expected, line.entry)]
    assert values == pytest.approx([np.log(0.96), np.log(0.98), np.log(0.99)])
    assert [table[0, 0, 0, mexico] for table in (line.now, line.expected, line.entry)] == [0.0, 0.0, 0.0]


def test_without_target_as_good_as_none(live: Callable[..., Any]) -> None:
    keys = ("mechanisms.share_guard.target=0", "mechanisms.share_guard.reference_year=2011")
    off, on = (
        live(footloose.load("literature", overrides=["years.until=2018", *more]), firms=3_000) for more in ((), keys)
    )
    for name in off.tables.keys() - {"reasons"}:
        assert on.tables[name].tobytes() == off.tables[name].tobytes(), name


@pytest.fixture(scope="module")
def runs(live: Callable[..., Any]) -> dict[str, Any]:
    """No guard, one that wants the share of 2013 and more, and one that is content with half of it."""
    keys = {"none": ("target=0",), "high": ("target=120", "reference_year=2013"), "low": ("target=50",)}
    return {name: live(guarded(*given, until=2026), firms=FIRMS) for name, given in keys.items()}


def test_the_guard_holds_output_in_china(runs: dict[str, Any], sampling: Any) -> None:
    china = list(runs["none"].run.setting.geography.sites_in("china"))
    base, twin = runs["none"], runs["high"]
    moved = (base.value[:, None] * (twin.places() - base.places()))[:, china].sum(axis=1)
    assert moved.sum() > sampling.errors(1) * np.sqrt((moved**2).sum())
    share = [lived.tables["share_guard_share"][-1] for lived in (base, twin)]
    assert share[1] > share[0]
    support = twin.tables["share_guard_support"]
    assert (support[: 2014 - 2010] == 0.0).all()
    assert (support[2014 - 2010 :] > 0.0).all()
    assert (support <= 4.0).all()


def test_a_modest_aim_never_wakes_it(runs: dict[str, Any]) -> None:
    assert (runs["low"].tables["share_guard_support"] == 0.0).all()
    assert runs["low"].tables["sales"].tobytes() == runs["none"].tables["sales"].tobytes()


def test_the_state_speaks_of_what_the_record_reports() -> None:
    """Share of the guard in a year = variable Manufacturing|Share of GDP of the year before."""
    record = simulate(guarded(until=2014), firms=500, replicates=1)
    made = record.tables["sales"][0].sum(axis=(1, 3))[:, :, list(record.geography.sites_in("china"))].sum(axis=2)
    shares = 100.0 * (made * record.base.value_added_share).sum(axis=1) / record.gdp["china"]
    np.testing.assert_allclose(record.tables["share_guard_share"][0, 1:], shares[:-1], rtol=1e-12)
