"""Twins: worlds that differ in one thing are the same to the last bit until it matters, and everywhere it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.firms import Firms
from footloose.simulation import begin_run
from footloose.world import BASE_YEAR
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
FIRMS = 5_000


def bytes_by_year(tables: Mapping[str, Floats], year: int) -> dict[str, bytes]:
    """Return what a year left, as bytes; tables are (year, ...)."""
    return {name: np.ascontiguousarray(table[year - BASE_YEAR]).tobytes() for name, table in tables.items()}


def first_difference(one: Mapping[str, Floats], other: Mapping[str, Floats]) -> int | None:
    """Return the first year in which any table differs in any byte."""
    assert one.keys() == other.keys()
    years = range(BASE_YEAR, BASE_YEAR + len(one["sales"]))
    return next((year for year in years if bytes_by_year(one, year) != bytes_by_year(other, year)), None)


def columns(firms: Firms, count: int | None = None) -> dict[str, bytes]:
    """Return the columns of the first firms, without their values, which are raked to the totals of all."""
    drawn = firms.in_order_of_slots()
    names = [field.name for field in dataclasses.fields(Firms) if field.name != "value"]
    return {name: getattr(drawn, name)[:count].tobytes() for name in names}


POLICIES: dict[str, dict[str, object]] = {
    "tariff": {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 80},
    "subsidy": {"kind": "subsidy", "sites": "united_states", "output_share": 40},
}


@pytest.mark.parametrize("kind", POLICIES)
@pytest.mark.parametrize("believed", ["permanent", "learned", "{lasts: 8}"])
def test_worlds_are_the_same_until_the_announcement(
    kind: str, believed: str, live: Callable[..., Any], policy: Callable[..., tuple[str, ...]]
) -> None:
    """Announced in June 2016, in force from 2019: plants are decided otherwise in 2016, nothing is before."""
    written = policy("new", announced="2016-06-01", start=2019, believed=believed, **POLICIES[kind])
    base, changed = (
        live(footloose.load("baseline", overrides=["years.until=2020", *more]), firms=FIRMS) for more in ((), written)
    )
    assert first_difference(base.tables, changed.tables) == 2016
    decided = [lived.tables["moves_value"][: 2017 - BASE_YEAR] for lived in (base, changed)]
    assert decided[0][:-1].tobytes() == decided[1][:-1].tobytes()
    # In 2016 a project under way may be late for what was announced; nothing before, and no duty until 2019.
    sales = [lived.tables["sales"][: 2016 - BASE_YEAR] for lived in (base, changed)]
    assert sales[0].tobytes() == sales[1].tobytes()
    rates = [lived.tables["collected_rate"][: 2019 - BASE_YEAR] for lived in (base, changed)]
    assert rates[0].tobytes() == rates[1].tobytes()


def test_an_announcement_on_the_last_day_counts_and_one_a_day_later_does_not(
    live: Callable[..., Any], policy: Callable[..., tuple[str, ...]]
) -> None:
    until = "years.until=2018"
    base = live(footloose.load("baseline", overrides=[until]), firms=FIRMS)
    first = []
    for day in ("2015-12-31", "2016-01-01"):
        written = policy("new", announced=day, start=2018, believed="permanent", **POLICIES["tariff"])
        first.append(
            first_difference(
                base.tables, live(footloose.load("baseline", overrides=[until, *written]), firms=FIRMS).tables
            )
        )
    assert first == [2015, 2016]


@pytest.mark.parametrize(
    "one, other",
    [("baseline", "no_trade_war"), ("chips_and_ira", "no_chips_and_ira"), ("baseline", "tariff_60_on_china")],
)
def test_shipped_twins_part_when_they_should(one: str, other: str, live: Callable[..., Any]) -> None:
    """Never before the first announcement of what only one of them has, and then they do."""
    scenarios = [footloose.load(name, overrides=["years.until=2028"]) for name in (one, other)]
    twins = [live(scenario, firms=FIRMS) for scenario in scenarios]
    laws = [lived.run.setting.law.instruments for lived in twins]
    ids = [{instrument.row.id for instrument in law} for law in laws]
    apart = [i.row for law in laws for i in law if i.row.id in ids[0] ^ ids[1]]
    assert apart
    parted = first_difference(twins[0].tables, twins[1].tables)
    assert parted is not None
    assert parted >= min(row.announced.year for row in apart)


def test_the_same_scenario_leaves_the_same_bytes(live: Callable[..., Any]) -> None:
    scenario = footloose.load("baseline")
    one, other = (live(scenario, firms=FIRMS) for _ in range(2))
    assert first_difference(one.tables, other.tables) is None
    assert columns(one.run.firms) == columns(other.run.firms)
    assert one.run.firms.value.tobytes() == other.run.firms.value.tobytes()


def test_a_scenario_under_another_name_leaves_the_same_bytes(live: Callable[..., Any]) -> None:
    """Draws have no scenario in their address: chips_and_ira is the baseline under another name."""
    one, other = (live(footloose.load(name), firms=FIRMS) for name in ("baseline", "chips_and_ira"))
    assert first_difference(one.tables, other.tables) is None


def test_replicates_are_the_same_alone_together_and_in_threads() -> None:
    scenario = footloose.load("baseline", overrides=["years.until=2020"])
    together = footloose.simulate(scenario, firms=FIRMS, replicates=3)

    def alone(replicate: int) -> dict[str, bytes]:
        run = begin_run(scenario, firms=FIRMS, replicate=replicate)
        rows = [live_one_year(run, year) for year in run.setting.law.years]
        return {name: np.stack([row[name] for row in rows]).tobytes() for name in together.tables}

    with ThreadPoolExecutor(max_workers=3) as threads:
        for replicate, tables in enumerate(threads.map(alone, range(3))):
            assert tables == {name: table[replicate].tobytes() for name, table in together.tables.items()}
    assert together.tables["sales"][0].tobytes() != together.tables["sales"][1].tobytes()


def test_seeds_and_replicates_differ() -> None:
    scenario = footloose.load("baseline", overrides=["years.until=2012"])
    paths = {
        (seed, replicate): begin_run(
            footloose.load("baseline", overrides=["years.until=2012", f"seed={seed}"]), firms=500, replicate=replicate
        ).firms.size.tobytes()
        for seed in (1, 2)
        for replicate in (0, 1)
    }
    assert len(set(paths.values())) == 4
    assert scenario.seed == 1


@pytest.mark.parametrize("more", [1, 7, 9 * FIRMS])
def test_more_firms_change_nothing_about_the_others(
    more: int, live: Callable[..., Any], alone: tuple[str, ...]
) -> None:
    """Neither what they are born with nor, where no firm matters to another, what they do.

    Budgets of subsidies are drawn down by all, so support is off here; values are raked to the totals of all.
    """
    scenario = footloose.load("baseline", overrides=[*alone, "mechanisms.subsidies=off"])
    few, many = (live(scenario, firms=count) for count in (FIRMS, FIRMS + more))
    assert columns(few.born) == columns(many.born, FIRMS)
    assert columns(few.run.firms) == columns(many.run.firms, FIRMS)
    assert columns(few.born) != columns(few.run.firms)


def test_one_firm_more_is_born_like_any_other_with_everything_switched_on() -> None:
    scenario = footloose.load("baseline")
    few, many = (begin_run(scenario, firms=count).firms for count in (FIRMS, FIRMS + 1))
    assert columns(few) == columns(many, FIRMS)


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one(live: Callable[..., Any]) -> None:
    long = live(footloose.load("baseline"), firms=FIRMS)
    short = live(footloose.load("baseline", overrides=["years.until=2019"]), firms=FIRMS)
    begun = {name: table[: 2020 - BASE_YEAR] for name, table in long.tables.items()}
    assert first_difference(begun, short.tables) is None
