"""Events: who decided what and which plants opened, counted by hand in a world of three sites."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose import choice
from footloose.events import Changes, Motive, Openings
from footloose.firms import Firms, unborn
from footloose.projects import CANCELLED, DELAYED, OPENED
from footloose.world import Setting

JOBS = np.array([[2.0, 3.0, 5.0]])


@pytest.fixture(scope="module")
def setting(small_world: Callable[..., Any]) -> Setting:
    """Sites 0 and 1 lie in the owner's country, site 2 abroad."""
    world: Setting = small_world(sites=3).setting
    geography = dataclasses.replace(
        world.geography,
        countries=("here", "there"),
        country_of_site=np.array([0, 0, 1]),
        home_of=np.array([[True, True, False]]),
    )
    return dataclasses.replace(world, geography=geography)


def people() -> Firms:
    """Return four firms worth USD 1, 2, 3 and 4 million, of sizes 1, 1, 2 and 4."""
    firms = unborn(4)
    firms.value[:], firms.size[:] = [1000, 2000, 3000, 4000], [1.0, 1.0, 2.0, 4.0]
    return firms


def changes(setting: Setting, scale: float = 1.0) -> Changes:
    """Firm 0 moves home from abroad, 1 adds abroad, 2 moves abroad, 3 gives up its second site.

    Half of the first, a quarter of the second and nothing of the third is due to costs; line 2 stands for turnover.
    """
    kind = np.array([choice.MOVE, choice.ADD, choice.MOVE, choice.DROP_SECOND])
    motive = Motive(np.array([2, 0, 1, 1]), np.array([0, 1, 2, 0]), np.array([0.5, 0.25, 0.0, 1.0]), 2)
    return Changes.of(setting, people(), np.array([scale]), (np.arange(4), np.array([0, 2, 2, 0]), kind), motive, 2015)


def lone_move(setting: Setting, left: int, reached: int, reason: int, unexplained: int) -> Changes:
    """Return a move of firm 0, wholly due to costs."""
    motive = Motive(np.array([left]), np.array([reason]), np.ones(1), unexplained)
    decisions = (np.array([0]), np.array([reached]), np.array([choice.MOVE]))
    return Changes.of(setting, people(), np.ones(1), decisions, motive, 2015)


def test_moves_are_whole_and_second_sites_half(setting: Setting) -> None:
    tables = changes(setting).tables(JOBS, 3)
    assert tables["moves_value"][0, 0].tolist() == [[0, 0, 1.0], [2.0, 0, 3.0], [1.0, 0, 0]]
    assert tables["moves_count"][0, 0].tolist() == [[0, 0, 2.0], [1.0, 0, 1.5], [1.0, 0, 0]]


def test_jobs_announced_by_who_and_why(setting: Setting) -> None:
    """1 x 2 jobs come home for a gain, (half of 2) x 5 go abroad for one, 3 x 5 without; half and a quarter are due."""
    tables = changes(setting).tables(JOBS, 3)
    assert tables["jobs_reshoring"].tolist() == [[2.0, 0, 0]]
    assert tables["jobs_foreign"][0].tolist() == [[0, 0, 5.0]]
    assert tables["jobs_turnover"].tolist() == [[0, 0, 15.0]]
    assert tables["jobs_due"].tolist() == [[1.0, 0, 1.25]]
    assert tables["reshoring_from"][2, 0] == 2.0
    assert tables["reshoring_from"].sum() == 2.0
    assert changes(setting).begun().tolist() == [[1.0, 0, 1.0 + 3.0]]


def test_giving_up_a_site_is_no_project(setting: Setting) -> None:
    tables = changes(setting).tables(JOBS, 3)
    assert tables["projects_announced"].tolist() == [1.0, 0, 3.5]
    assert tables["reasons"][0, 0].tolist() == [1.0, 1.0, 3.0]


def test_values_grow_with_demand_and_programmes_do_not(setting: Setting) -> None:
    plain, grown = changes(setting).tables(JOBS, 3), changes(setting, 1.5).tables(JOBS, 3)
    assert (grown["moves_value"] == 1.5 * plain["moves_value"]).all()
    assert (grown["moves_count"] == plain["moves_count"]).all()


def test_a_move_within_a_country_announces_no_jobs(setting: Setting) -> None:
    moved = lone_move(setting, left=0, reached=1, reason=0, unexplained=2).tables(JOBS, 3)
    assert not any(moved[name].any() for name in ("jobs_reshoring", "jobs_foreign", "jobs_turnover"))
    assert moved["projects_announced"].tolist() == [0, 1.0, 0]


def test_entries_are_counted_whatever_their_motive(setting: Setting) -> None:
    """The 2 jobs that come home, the 5 that go abroad for a gain and the 15 that do for none; none within a country."""
    tables = changes(setting).tables(JOBS, 3)
    assert tables["entries_jobs"].sum(axis=0).tolist() == [[2.0, 0, 20.0]]
    assert tables["entries_jobs_from"].sum() == 22.0
    assert tables["entries_jobs_from"].sum(axis=(0, 1)).tolist() == [2.0, 0, 20.0]
    assert tables["entries_projects"].sum() == tables["entries_projects_from"].sum() == 4.5
    within = lone_move(setting, left=0, reached=1, reason=0, unexplained=2).tables(JOBS, 3)
    assert not any(within[name].any() for name in within if name.startswith("entries"))


def test_a_reason_no_line_stands_for_is_counted_nowhere(setting: Setting) -> None:
    moved = lone_move(setting, left=0, reached=2, reason=-1, unexplained=-1).tables(JOBS, 2)
    assert not moved["reasons"].any()


def test_openings_by_hand(setting: Setting) -> None:
    """Firm 0 opens abroad for a gain, firm 1 a second site abroad, firm 2 is delayed, firm 3 gives up."""
    firms = people()
    firms.target[:], firms.adding[:], firms.gaining[:] = [2, 2, 1, 2], [0, 1, 0, 0], [1, 0, 1, 1]
    outcome = np.array([OPENED, OPENED, DELAYED, CANCELLED])
    openings = Openings.of(setting, firms, np.array([2.0]), np.arange(4), outcome)
    assert openings.value_by_sector_site().tolist() == [[0, 0, 2.0 + 0.5 * 2.0 * 2.0]]
    assert openings.jobs_by_site(JOBS).tolist() == [[0, 0, 20.0], [0, 0, 10.0]]
    tables = openings.tables()
    assert tables["cancelled_value"].tolist() == openings.lost.tolist() == [[0, 0, 2.0 * firms.value[3] / 1000.0]]
    assert tables["delayed_value"].tolist() == [[0, 2.0 * firms.value[2] / 1000.0, 0]]
    assert tables["projects_open"].tolist() == [0, 0, 3.0]
    assert tables["projects_cancelled"].tolist() == [0, 0, 1.0]
    assert tables["projects_delayed"].tolist() == [0, 1.5, 0]


def test_no_events_leave_empty_tables(setting: Setting) -> None:
    none = np.empty(0, dtype=np.int64)
    openings = Openings.of(setting, people(), np.ones(1), none, none)
    assert not openings.value_by_sector_site().any()
    empty = Motive(none, none, np.empty(0), 2)
    tables = Changes.of(setting, people(), np.ones(1), (none, none, none), empty, 2015).tables(JOBS, 3)
    assert not any(table.any() for table in tables.values())
    assert tables["moves_value"].shape == (1, 1, 3, 3)
