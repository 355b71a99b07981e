"""Twins firm by firm: identical before the first difference, monotone where theory says so, and one ledger for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.errors import FootlooseError
from footloose.experiments.comparison.histories import (
    Trail,
    check_twins,
    first_difference,
    follow,
    live,
)
from footloose.experiments.comparison.twin_ledger import check_partition, ledger_rows, traces
from footloose.scenario import Scenario
from footloose.sections import Population
from footloose.simulation import begin

FIRMS = 3_000
UNTIL = "years.until=2020"


def scenario(*settings: str) -> Scenario:
    return footloose.load("baseline", overrides=[f"firms={FIRMS}", UNTIL, *settings])


@pytest.fixture(scope="module")
def histories(policy: Callable[..., tuple[str, ...]]) -> list[Any]:
    """The baseline, and a duty announced in 2014 and in force from 2016."""
    written = policy(
        "duty",
        kind="tariff",
        market="united_states",
        sites="china",
        rate=80,
        announced=2014,
        start=2016,
        believed="permanent",
    )
    return [live(scenario(*more), 0) for more in ((), written)]


def test_twins_are_identical_before_the_first_difference(histories: list[Any]) -> None:
    base, other = histories
    first = first_difference(base, other)
    assert first == 2014
    place = base.years.index(first)
    for column in ("main", "second", "target"):
        one, two = getattr(base, column), getattr(other, column)
        assert one[:place].tobytes() == two[:place].tobytes()
    for stage in ("announced", "opened"):
        before = [history.events[stage].chosen(history.events[stage].year < first) for history in histories]
        for column in ("year", "firm", "left", "reached", "part", "jobs"):
            assert getattr(before[0], column).tobytes() == getattr(before[1], column).tobytes()


def test_the_ledger_of_two_worlds_holds_every_firm_once(histories: list[Any]) -> None:
    base, other = histories
    pair = traces(base, other, first_difference(base, other))
    for stage in ("announced", "opened"):
        rows = ledger_rows(pair, stage, "country", 2014)
        check_partition(rows, FIRMS)
        moved = set(rows.loc[rows["firms"] > 0, "class"])
        assert {"induced", "anyway", "stayed"} <= moved


def test_a_world_against_itself_has_no_policy(histories: list[Any]) -> None:
    base = histories[0]
    again = live(scenario(), 0)
    assert first_difference(base, again) is None
    rows = ledger_rows(traces(base, again, None), "announced", "site", 2010)
    assert set(rows["class"]) == {"anyway", "stayed"}
    assert rows["jobs_base"].sum() == rows["jobs_other"].sum()


def test_events_are_those_of_the_record(histories: list[Any]) -> None:
    """Openings are the record's; announcements too, but for projects given up and begun again at once."""
    base = histories[0]
    for stage, table, exact in (("opened", "projects_open", True), ("announced", "projects_announced", False)):
        events, kept = base.events[stage], base.record.tables[table][0]
        counted = np.zeros_like(kept)
        np.add.at(counted, (events.year - 2010, events.reached), base.birth.programmes[events.firm])
        if exact:
            np.testing.assert_allclose(counted, kept, rtol=1e-9)
        else:
            assert (counted <= kept * (1 + 1e-9) + 1e-9).all()
            assert counted.sum() > 0.97 * kept.sum()


def test_jobs_of_events_are_those_of_the_record(histories: list[Any]) -> None:
    """Jobs of all openings that cross a border for a gain in cost: what the record fills over the years that follow."""
    base = histories[0]
    events = base.events["announced"]
    country = np.asarray(base.setting.geography.country_of_site)
    crossing = country[events.left] != country[events.reached]
    kept = sum(base.record.tables[name].sum() for name in ("jobs_reshoring", "jobs_foreign", "jobs_turnover"))
    assert events.jobs[crossing].sum() == pytest.approx(kept, rel=0.05)
    assert events.jobs[crossing].sum() <= kept * (1 + 1e-6)


def test_firms_that_are_born_differently_have_no_twins(histories: list[Any]) -> None:
    other = live(scenario("decisions.second_site_share=0.3"), 0)
    with pytest.raises(FootlooseError, match="born with another value"):
        check_twins(histories[0], other)


def small(world: Any, count: int = 4_000) -> Trail:
    run = begin(world.setting, world.rules, Population(), count, 1, 0, 1e-5)
    return follow(run)[0]


def test_a_duty_moves_firms_one_way_in_a_world_of_two_sites(small_world: Callable[..., Any]) -> None:
    """Two equal sites, firms that do not matter to one another, a duty on site 1 from 2015.

    With the same draw a firm at the taxed site that would leave anyway leaves, and a firm at the other site that would
    stay anyway stays. So firms at the taxed site are induced, earlier or not touched by the policy, firms at the other
    one held, later or not touched; nobody can move elsewhere.
    """
    duties = {"rates": [0.0, 20.0], "start": 2015}
    slow = {"review_hazard": 0.2, "sunk_cost": 2.0}
    base, other = (small(small_world(sites=2, years=12, duties=d, decisions=slow)) for d in (None, duties))
    first = first_difference(base, other)
    assert first == 2015
    rows = ledger_rows(traces(base, other, first), "announced", "site", 2015)
    check_partition(rows, 4_000)
    by_site = {name: set(part["class"]) for name, part in rows.groupby("left")}
    assert by_site["site_1"] <= {"induced", "earlier", "anyway", "stayed"}
    assert by_site["site_0"] <= {"held", "later", "anyway", "stayed"}
    assert {"induced"} <= by_site["site_1"]
    assert {"held"} <= by_site["site_0"]


def test_a_firm_announces_at_most_one_project_a_year(histories: list[Any]) -> None:
    events = histories[0].events["announced"]
    pairs = np.stack([events.firm.astype(np.int64), events.year.astype(np.int64)])
    assert events.firm.size > 0
    assert np.unique(pairs, axis=1).shape[1] == events.firm.size
