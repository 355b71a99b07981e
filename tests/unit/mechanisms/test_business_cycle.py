"""Business cycle: interest and demand by hand; slumps and dear money put projects off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.dated import DatedPath
from footloose.mechanisms import business_cycle
from footloose.record import Record
from footloose.shocks import Shock, Shocks
from footloose.simulation import base_activity, set_up, simulate
from footloose.world import World


def world(*events: tuple[str, float, Any, bool]) -> World:
    """Return the baseline's world of 2020 with events of (kind, size, reach, foreseen)."""
    setting = set_up(footloose.load("baseline"))
    shocks = tuple(
        Shock(f"{kind}_{number}", kind, date(2020, 1, 1), date(2021, 1, 1), foreseen, DatedPath.constant(size), reach)
        for number, (kind, size, reach, foreseen) in enumerate(events)
    )
    setting = replace(setting, shocks=Shocks(shocks))
    return World(setting, 2020, {}, base_activity(setting))


def everywhere(value: float = 1.0) -> Any:
    return np.full(22, value)


def test_interest_is_paid_on_capital_and_a_surprise_hardly_believed() -> None:
    """Machinery has 0.391158 years of output in capital: 3 points cost log(1.01173474) = 0.011666; a fifth of a
    surprise is believed, log(1.002346948) = 0.002344; all of what is foreseen."""
    params = business_cycle.Params(persistence=0.2)
    surprise, foreseen = (world(("interest", 3.0, everywhere(), known)) for known in (False, True))
    machinery = surprise.setting.geography.sectors.index("machinery")
    line = business_cycle.cost(params, surprise)
    np.testing.assert_allclose(line.now[0, machinery, 0], 0.011666, atol=1e-6)
    np.testing.assert_allclose(line.expected[0, machinery, 0], 0.002344, atol=1e-6)
    np.testing.assert_allclose(business_cycle.cost(params, foreseen).expected[0, machinery, 0], 0.011666, atol=1e-6)


def test_pace_follows_user_cost_and_slumps_only() -> None:
    """3 points on 15: 1.2^-0.75 = 0.872196; demand a fifth lower: 0.8^1.5 = 0.715542; a boom adds nothing here."""
    params = business_cycle.Params(user_cost=15, user_cost_elasticity=0.75, accelerator=1.5)
    np.testing.assert_allclose(
        business_cycle.pace(params, world(("interest", 3.0, everywhere(), False))), 0.872196, atol=1e-6
    )
    slump = np.zeros((4, 13))
    slump[0] = 1.0
    pace = business_cycle.pace(params, world(("demand", -20.0, slump, False)))
    np.testing.assert_allclose(pace[0], 0.715542, atol=1e-6)
    np.testing.assert_array_equal(pace[1:], 1.0)
    np.testing.assert_array_equal(business_cycle.pace(params, world(("demand", 20.0, slump, False))), 1.0)
    np.testing.assert_allclose(business_cycle.demand(params, world(("demand", -20.0, slump, False)))[0], 0.8)


@cache
def run(*overrides: str) -> Record:
    scenario = footloose.load("baseline", overrides=overrides)
    return simulate(scenario, firms=4_000, replicates=2, years=(2010, 2017))


def announced(record: Record, first: int, last: int) -> Any:
    """Return projects announced in these years; (replicate,)."""
    return record.tables["projects_announced"][:, first - 2010 : last - 2010 + 1].sum(axis=(1, 2))


@pytest.mark.parametrize(
    "event",
    [
        "{kind: demand, from: 2013, until: 2015, change: -25}",
        "{kind: interest, from: 2013, until: 2015, change: 8}",
    ],
    ids=["slump", "dear money"],
)
def test_hard_times_put_projects_off(event: str, sampling: Any) -> None:
    """Fewer are announced while they last, and demand in a slump falls; easy money and booms bring more."""
    plain, hard = run(), run(f"shocks.hard={event}")
    easy = run(f"shocks.easy={event.replace('-25', '25').replace('8}', '-6}')}")
    for record, sign in ((hard, -1.0), (easy, 1.0)):
        gap = announced(record, 2013, 2014) - announced(plain, 2013, 2014)
        bound = sampling.errors(2) * np.sqrt(announced(plain, 2013, 2014).mean() * 2.0 / gap.size)
        assert sign * gap.mean() > bound
    sales = [record.tables["sales"][:, 3].sum() for record in (hard, plain)]
    assert (sales[0] < 0.8 * sales[1]) == ("demand" in event)


def test_dear_money_in_one_country_drives_capital_elsewhere(sampling: Any) -> None:
    """Foreseen to last from 2012 on in the United States: less is made there, most of all where capital counts."""
    plain, dear = run(), run("shocks.rates={kind: interest, from: 2012, at: united_states, change: 8, foreseen: true}")
    home = list(plain.geography.sites_in("united_states"))
    output = [record.tables["sales"][:, -1].sum(axis=(1, 3))[..., home].sum(axis=2) for record in (dear, plain)]
    change = output[0].mean(axis=0) / output[1].mean(axis=0) - 1.0
    sectors = plain.geography.sectors
    assert change[sectors.index("semiconductors")] < -0.01
    assert change[sectors.index("semiconductors")] < change[sectors.index("chemicals")] < 0.0


def test_a_devaluation_is_paid_at_once_and_believed_slowly() -> None:
    """The dollar value of China's wages halves for a year: China sells more in it; few plants move for it."""
    plain, weak = run(), run("shocks.yuan={kind: exchange_rate, sites: china, from: 2014, until: 2015, change: -50}")
    china = list(plain.geography.sites_in("china"))
    sold = [record.tables["sales"].sum(axis=(0, 2, 3, 4))[:, china].sum(axis=1) for record in (weak, plain)]
    ratio = sold[0] / sold[1]
    assert ratio[4] > 1.01
    assert abs(ratio[-1] - 1.0) < 0.5 * (ratio[4] - 1.0)
    wage = [record.tables["wage"][0, 4, china] for record in (weak, plain)]
    np.testing.assert_allclose(wage[0], 0.5 * wage[1], rtol=0.02)


def test_a_freight_shock_is_paid_now_and_hardly_believed() -> None:
    """Freight four times as dear for a year: buyers pay, and the plants of the years after hardly notice."""
    spike = "shocks.spike={kind: freight, sites: all, from: 2014, until: 2015, rise: 300}"
    plain, dear = run(), run(spike)
    cost = [record.tables["buyer_cost"].mean(axis=(0, 2, 3)) for record in (dear, plain)]
    rise = cost[0] / cost[1] - 1.0
    assert rise[4] > 0.003
    assert abs(rise[5:]).max() < 0.2 * rise[4]
    lasting = run(spike.replace("until: 2015, ", "until: 2030, foreseen: true, "))
    gone = [
        0.5 * np.abs(record.tables["sales"][:, -1] - plain.tables["sales"][:, -1]).sum() for record in (dear, lasting)
    ]
    assert gone[0] < 0.5 * gone[1]
