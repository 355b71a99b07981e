"""Disruption: what plants lose, by hand; what a lost province costs others in a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.dated import DatedPath
from footloose.mechanisms import disruption
from footloose.record import Record
from footloose.shocks import Shock, Shocks
from footloose.simulation import base_activity, simulate
from footloose.world import World

EVENT = "{kind: %s, from: 2014, until: 2015, %s}"


def shock(kind: str, percent: float, reach: list[Any], until: int = 2013) -> Shock:
    table = np.array(reach, dtype=np.float64)
    return Shock(kind, kind, date(2012, 1, 1), date(until, 1, 1), False, DatedPath.constant(percent), table)


@pytest.fixture
def three_sites(small_world: Callable[..., Any]) -> Callable[..., World]:
    """Return a function that gives a world of three sites with a third of their parts from each, and some shocks."""

    def world(*events: Shock, **state: Any) -> World:
        setting = replace(small_world(sites=3).setting, shocks=Shocks(events))
        full = {"disruption_stock_filled": np.ones((1, 3))}
        return World(setting, 2012, {**full, **state}, base_activity(setting))

    return world


def test_an_outage_stops_the_site_and_those_who_wait_for_its_parts(three_sites: Callable[..., World]) -> None:
    """Site 1 loses 60 %. The others miss 0.6 / 3 = 0.2 of their parts; other makers replace half of that times 0.8, so
    0.12 is short; without substitution 12 % of output is lost, and 60 % at site 1, which cannot miss its own parts."""
    world = three_sites(shock("disruption", 60, [[0, 1, 0]]))
    params = disruption.Params(substitution=0.0, replaced=0.5)
    np.testing.assert_allclose(disruption.parts_missing(world), [[0.2, 0.0, 0.2]])
    np.testing.assert_allclose(disruption.outage(params, world), [[0.12, 0.6, 0.12]])


def test_parts_and_work_are_complements() -> None:
    """sigma 0.5 has power -1: half of the parts missing, a fifth of output: 1 / (0.8 + 0.2 / 0.5) = 0.833333; near 1 it
    is 0.5^0.2 = 0.870551; at 0 half is left."""
    short, share = np.array([[0.5]]), np.array([[0.2]])
    np.testing.assert_allclose(disruption.output_left(short, share, 0.5), 5.0 / 6.0)
    np.testing.assert_allclose(disruption.output_left(short, share, 0.9999), 0.870551, atol=1e-4)
    np.testing.assert_allclose(disruption.output_left(short, share, 0.0), 0.5)
    np.testing.assert_array_equal(disruption.output_left(np.zeros((1, 1)), share, 0.1), 1.0)


def test_a_blockade_and_an_outage_of_the_source_are_not_counted_twice(three_sites: Callable[..., World]) -> None:
    """Site 2 gets half of what site 1 makes, and site 1 makes 40 %: 1 - 0.5 x 0.4 = 0.8 of a third is missing."""
    blocked = shock("blockade", 50, [[[0, 0, 0], [0, 0, 0], [0, 1, 0]]])
    world = three_sites(blocked, shock("disruption", 60, [[0, 1, 0]]))
    np.testing.assert_allclose(disruption.parts_missing(world), [[0.2, 0.0, 0.8 / 3.0]])


def test_stocks_of_parts_bridge_once(three_sites: Callable[..., World]) -> None:
    """0.12 is short and 0.08 in stock: 4 % is lost. The stock is empty then and fills up in a year without shocks."""
    event = shock("disruption", 60, [[0, 1, 0]])
    params = disruption.Params(substitution=0.0, replaced=0.5)
    held = np.full((1, 3), 0.08)
    world = three_sites(event, backup_parts=held)
    np.testing.assert_allclose(disruption.outage(params, world), [[0.04, 0.6, 0.04]])
    filled = disruption.advance(params, world)["disruption_stock_filled"]
    np.testing.assert_allclose(filled, [[0.0, 1.0, 0.0]])
    later = three_sites(event, backup_parts=held, disruption_stock_filled=filled)
    np.testing.assert_allclose(disruption.outage(params, later), [[0.12, 0.6, 0.12]])
    quiet = three_sites(backup_parts=held, disruption_stock_filled=filled)
    np.testing.assert_array_equal(disruption.advance(params, quiet)["disruption_stock_filled"], 1.0)


def run(*overrides: str) -> Record:
    return simulate(footloose.load("baseline", overrides=overrides), firms=3_000, years=(2010, 2016))


def test_a_shock_in_china_stops_plants_elsewhere_too() -> None:
    """Hidden dependence: Vietnam, half of whose parts are Chinese, loses more than the United States; markets go short;
    with parts from nowhere but home nobody abroad would notice."""
    struck = run("shocks.quake=" + EVENT % ("disruption", "sites: china, output_lost: 30"))
    geography, lost = struck.geography, struck.tables["disruption_output_lost"][0, 4]
    vietnam, home = geography.site("vietnam"), list(geography.sites_in("united_states"))
    electronics = geography.sectors.index("electronics")
    assert lost[electronics, vietnam] > 3.0
    assert (lost[:, vietnam] > lost[:, home].max(axis=1)).all()
    assert struck.tables["shortage"][0, 4].sum() > 0.0
    assert not struck.tables["shortage"][0, [3, 5]].any()
    shut_off = run(
        "shocks.quake=" + EVENT % ("disruption", "sites: china, output_lost: 30"), "mechanisms.disruption=off"
    )
    assert not shut_off.tables["shortage"].any()


def test_a_blockade_hurts_those_who_buy_there_and_less_where_others_replace_it() -> None:
    event = "shocks.strait=" + EVENT % ("blockade", "source: advanced_asia, at: united_states, parts_lost: 80")
    hard, soft = (run(event, f"mechanisms.disruption.replaced={part}") for part in (0.2, 0.8))
    geography = hard.geography
    home = list(geography.sites_in("united_states"))
    losses = [record.tables["disruption_output_lost"][0, 4] for record in (hard, soft)]
    assert (losses[0][:, home] > losses[1][:, home]).all()
    assert (losses[1][:, home] > 0.0).all()
    assert not np.delete(losses[0], home, axis=1).any()
