"""What a mechanism may do besides a cost line: each hook on its own, against the run without it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.block import Block
from footloose.ledger import Line, Loading
from footloose.registry import reported_tables
from footloose.running import Run
from footloose.scenario import load
from footloose.simulation import begin_run
from footloose.variables import Reported
from footloose.world import World
from footloose.year import live_one_year, look, price

FIRMS = 4_000
LAST = 2016


class Nothing(Block):
    """No parameter."""


def with_hooks(**hooks: Callable[[Nothing, World], Any]) -> Run:
    """Return a run of the baseline with one more mechanism that has these hooks."""
    run = begin_run(load("literature"), firms=FIRMS)
    template = next(iter(run.rules.mechanisms.values()))[0]
    extra = dataclasses.replace(
        template, name="extra", summary="", params=Nothing, loading=Loading.ONE, hooks=hooks, reports={}
    )
    mechanisms = {**run.rules.mechanisms, "extra": (extra, Nothing())}
    run.rules = dataclasses.replace(run.rules, mechanisms=mechanisms)
    if "cost" in hooks:
        world = look(run, 2010)
        run.base_lines = {**run.base_lines, "extra": hooks["cost"](Nothing(), world)}
    return run


def lived(run: Run, until: int = LAST) -> list[dict[str, Any]]:
    return [live_one_year(run, year) for year in range(2010, until + 1)]


def at_site(run: Run, name: str, value: float, elsewhere: float) -> Any:
    """Return (1, 1, 1, site) with one value at a country's or group's sites and another elsewhere."""
    table = np.full(run.setting.shape[3], elsewhere)
    table[list(run.setting.geography.sites_in(name))] = value
    return table[None, None, None, :]


@pytest.fixture(scope="module")
def plain() -> tuple[Run, list[dict[str, Any]]]:
    run = begin_run(load("literature"), firms=FIRMS)
    return run, lived(run)


def reached(rows: list[dict[str, Any]], run: Run, name: str) -> float:
    sites = list(run.setting.geography.sites_in(name))
    return float(sum(row["projects_announced"][sites].sum() for row in rows))


def test_neutral_answers_change_no_byte(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    one, zero = np.ones((1, 1, 1, 1)), np.zeros((1, 1, 1, 1))
    run = with_hooks(
        permission=lambda p, w: one, pace=lambda p, w: one, rootedness=lambda p, w: zero, hedge=lambda p, w: zero,
        delay=lambda p, w: zero, refusal=lambda p, w: zero, demand=lambda p, w: one[0, 0], duty=lambda p, w: zero[0],
        outage=lambda p, w: zero[0, 0], buffer=lambda p, w: zero[0, 0], initial=lambda p, w: {},
        advance=lambda p, w: {}, uncertainty=lambda p, w: zero,
    )  # fmt: skip
    for row, same in zip(lived(run), plain[1], strict=True):
        for name in same:
            assert row[name].tobytes() == same[name].tobytes(), name


def test_where_nothing_is_permitted_nobody_builds(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    run = plain[0]
    barred = with_hooks(permission=lambda p, w: at_site(run, "mexico", 0.0, 1.0))
    rows = lived(barred)
    assert reached(plain[1], run, "mexico") > 0.0
    assert reached(rows, run, "mexico") == 0.0


def test_half_a_permission_lies_between(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    run = plain[0]
    halved = lived(with_hooks(permission=lambda p, w: at_site(run, "united_states", 0.5, 1.0)))
    assert 0.0 < reached(halved, run, "united_states") < reached(plain[1], run, "united_states")


def test_roots_keep_plants_and_a_slower_pace_slows_all(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    run, rows = plain
    china = list(run.setting.geography.sites_in("china"))
    whole = sum(float(row["moves_value"][:, :, china].sum()) for row in rows)
    rooted = lived(with_hooks(rootedness=lambda p, w: at_site(run, "china", 2.0, 0.0)))
    assert sum(float(row["moves_value"][:, :, china].sum()) for row in rooted) < 0.5 * whole
    still = lived(with_hooks(pace=lambda p, w: np.zeros((1, 1, 1, 1))))
    assert sum(float(row["moves_value"].sum()) for row in still) == 0.0


def test_delay_and_refusal_reach_projects(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    run, rows = plain
    held_up = lived(with_hooks(delay=lambda p, w: at_site(run, "united_states", 0.5, 0.0)))
    refused = lived(with_hooks(refusal=lambda p, w: at_site(run, "united_states", 0.5, 0.0)))
    here = list(run.setting.geography.sites_in("united_states"))

    def total(years: list[dict[str, Any]], stage: str) -> float:
        return float(sum(row[f"projects_{stage}"][here].sum() for row in years))

    assert total(held_up, "delayed") > 2.0 * total(rows, "delayed")
    assert total(refused, "cancelled") > 2.0 * total(rows, "cancelled")


def test_a_second_site_is_worth_more_where_mechanisms_say_so(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    hedged = lived(with_hooks(hedge=lambda p, w: np.full((1, 1, 1, 1), 0.2)))
    assert hedged[-1]["second_site_share"].sum() > plain[1][-1]["second_site_share"].sum()


def test_demand_moves_purchases_in_proportion(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    low = with_hooks(demand=lambda p, w: np.full((1, 1), 0.8 if w.year == 2012 else 1.0))
    rows = lived(low, 2012)
    assert rows[2]["sales"].sum() == pytest.approx(0.8 * plain[1][2]["sales"].sum(), rel=1e-9)
    assert rows[1]["sales"].tobytes() == plain[1][1]["sales"].tobytes()


def test_a_duty_is_collected_and_chokes_demand(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    taxed = lived(with_hooks(duty=lambda p, w: np.full((1, 1, 1), 0.1 * (w.year >= 2012))), 2012)
    gap = taxed[2]["collected_rate"] - plain[1][2]["collected_rate"]
    assert gap == pytest.approx(np.full_like(gap, 0.1))
    assert taxed[2]["sales"].sum() < plain[1][2]["sales"].sum()


def test_an_outage_is_served_by_others_until_they_are_full(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    """China loses a third: other plants step in as far as they have room, stocks bridge, the rest is short."""
    run = plain[0]

    def lost(params: Nothing, world: World) -> Any:
        share = 0.33 if world.year == 2012 else 0.0
        return at_site(run, "china", share, 0.0)[0, 0]

    rows = lived(with_hooks(outage=lost), 2012)
    china = list(run.setting.geography.sites_in("china"))
    before, after = plain[1][2]["sales"], rows[2]["sales"]
    others = [site for site in range(before.shape[3]) if site not in china]
    assert after[..., others].sum() > before[..., others].sum()
    spare = run.rules.orders.spare_capacity
    assert after[..., china].sum() <= 0.67 * (1.0 + spare) * before[..., china].sum() * (1 + 1e-12)
    assert (after.sum(axis=(0, 2))[:, others] <= (1.0 + spare) * before.sum(axis=(0, 2))[:, others] * (1 + 1e-12)).all()
    assert rows[2]["shortage"].sum() > 0.0
    assert after.sum() + rows[2]["shortage"].sum() == pytest.approx(before.sum())
    stocked = lived(with_hooks(outage=lost, buffer=lambda p, w: np.full((1, 1), 0.02)), 2012)
    assert stocked[2]["shortage"].sum() < rows[2]["shortage"].sum()


def test_a_line_for_entrants_alone_moves_entrants_and_is_their_reason(plain: tuple[Run, list[dict[str, Any]]]) -> None:
    run = plain[0]

    def line(params: Nothing, world: World) -> Line:
        return Line(
            np.zeros((1, 1, 1, 1)), np.zeros((1, 1, 1, 1)), at_site(run, "mexico", -0.2 * (world.year > 2010), 0.0)
        )

    helped = with_hooks(cost=line)
    rows = lived(helped)
    assert reached(rows, run, "mexico") > 1.5 * reached(plain[1], run, "mexico")
    number = price(helped, look(helped, LAST)).names.index("extra")
    assert sum(row["reasons"][..., number].sum() for row in rows) > 0.0


def test_reported_tables_are_named_by_the_mechanisms_that_are_on() -> None:
    assert reported_tables([]) == {}
    assert all(isinstance(table, Reported) for table in reported_tables(load("literature").mechanisms).values())
