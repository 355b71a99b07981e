"""Projects: how long they take, what becomes of them, and what they change in the table of footprints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from footloose.choice import ADD, DROP_MAIN, DROP_SECOND, MOVE
from footloose.firms import Firms, unborn
from footloose.projects import (
    CANCELLED,
    DELAYED,
    OPENED,
    advance_projects,
    begin_projects,
    construction,
    count_footing,
    end_projects,
    jobs_filled,
)


def people(**columns: Any) -> Firms:
    """Return two firms at site 0 of one cell, worth 10 and 20, with what is given."""
    firms = unborn(2)
    firms.value[:] = [10, 20]
    for name, values in columns.items():
        getattr(firms, name)[:] = values
    return firms


def advanced(
    firms: Firms, year: int = 2015, delay: float = 0.0, cancel: float = 0.0, **more: float
) -> dict[int, list[int]]:
    """Let a year pass; return firms by outcome."""
    concerned, outcome = np.empty(firms.count, dtype=np.int64), np.empty(firms.count, dtype=np.int64)
    doubt, *extra = (np.full((1, 3), more.get(name, 0.0)) for name in ("doubt", "more_delay", "more_cancel"))
    events = advance_projects(
        firms.slot, firms.target, firms.years_left, firms.cell, firms.size, delay, cancel, *extra, doubt,
        more.get("size_effect", 0.0), more.get("doubt_effect", 0.0), 1.0, year, 1, 0, concerned, outcome,
    )  # fmt: skip
    return {kind: concerned[:events][outcome[:events] == kind].tolist() for kind in (OPENED, DELAYED, CANCELLED)}


def test_a_project_opens_after_its_building_years() -> None:
    firms = people(target=[1, 2], years_left=[1, 3])
    assert advanced(firms, 2015)[OPENED] == [0]
    ended(firms, [0], [OPENED])
    assert advanced(firms, 2016) == {OPENED: [], DELAYED: [], CANCELLED: []}
    assert advanced(firms, 2017)[OPENED] == [1]


def test_a_firm_without_a_project_has_no_events() -> None:
    assert advanced(people(), cancel=0.9, delay=0.9) == {OPENED: [], DELAYED: [], CANCELLED: []}


def share_of(kind: int, count: int = 40_000, **hazards: float) -> float:
    firms = unborn(count)
    firms.target[:], firms.years_left[:] = 1, 5
    firms.size[:] = hazards.pop("size", 1.0)
    return len(advanced(firms, **hazards)[kind]) / count


def test_hazards_are_the_chances_given() -> None:
    """Four and a half standard errors of 40,000 draws."""
    assert abs(share_of(CANCELLED, cancel=0.2) - 0.2) < 4.5 * np.sqrt(0.2 * 0.8 / 40_000)
    assert abs(share_of(DELAYED, cancel=0.2, delay=0.5) - 0.4) < 4.5 * np.sqrt(0.4 * 0.6 / 40_000)


def test_hazards_rise_with_size_and_doubt_and_never_reach_one() -> None:
    """Twice e times the mean size at an effect of 1, or 0.1 log points of doubt at 10: the hazard doubles."""
    double = 4.5 * np.sqrt(0.2 * 0.8 / 40_000)
    assert abs(share_of(CANCELLED, cancel=0.1, size=float(np.e), size_effect=1.0) - 0.2) < double
    assert abs(share_of(CANCELLED, cancel=0.1, size=0.01, size_effect=1.0) - 0.1) < double
    assert abs(share_of(CANCELLED, cancel=0.1, doubt=0.1, doubt_effect=10.0) - 0.2) < double
    assert abs(share_of(CANCELLED, cancel=1.0) - 0.9) < double


def test_what_mechanisms_add_comes_on_top_and_does_not_rise_with_size() -> None:
    double = 4.5 * np.sqrt(0.2 * 0.8 / 40_000)
    assert abs(share_of(CANCELLED, more_cancel=0.2, size=9.0, size_effect=1.0) - 0.2) < double
    assert abs(share_of(DELAYED, delay=0.1, more_delay=0.1) - 0.2) < double


def test_a_delay_costs_a_year() -> None:
    firms = people(target=[1, -1], years_left=[2, 0])
    for year in range(2015, 2040):
        before = int(firms.years_left[0])
        happened = advanced(firms, year, delay=0.5)
        assert int(firms.years_left[0]) == before - (0 if happened[DELAYED] else 1)
        if happened[OPENED]:
            break
    assert happened[OPENED] == [0]


def ended(firms: Firms, concerned: list[int], outcome: list[int], year: int = 2018) -> tuple[Any, Any]:
    """End projects in a world of one cell and three sites, from no table of buildings; return both tables."""
    footing, building = count_footing(firms, 1, 3), np.zeros((1, 3), dtype=np.int64)
    end_projects(firms, np.array(concerned), np.array(outcome), footing, building, year)
    return footing, building


def begun(firms: Firms, decided: list[int], site: list[int], kind: list[int], due: float = 0.0) -> tuple[Any, Any]:
    """Carry out decisions in the same world, where building takes two years; return both tables."""
    footing, building = count_footing(firms, 1, 3), np.zeros((1, 3), dtype=np.int64)
    decisions = (np.array(decided), np.array(site), np.array(kind))
    begin_projects(firms, decisions, np.full(len(decided), due), np.array([2.0]), footing, building)
    return footing, building


def test_a_move_and_a_second_site_change_the_footing() -> None:
    firms = people(target=[1, 2], adding=[0, 1], gaining=[1, 1], years_left=[0, 0])
    footing, building = ended(firms, [0, 1], [OPENED, OPENED])
    assert firms.main.tolist() == [1, 0]
    assert firms.second.tolist() == [-1, 2]
    assert firms.opened.tolist() == [2018, 2018]
    assert footing[0].tolist() == [[0, 0, 20], [0, 10, 0], [0, 0, 0]]
    assert building.tolist() == [[0, -20, -20]]  # twice ten and, of the second site, twice half of twenty
    assert (firms.target == -1).all()
    assert not firms.adding.any()
    assert not firms.gaining.any()


def test_a_project_that_is_cancelled_is_forgotten_and_one_that_is_delayed_is_not() -> None:
    firms = people(target=[1, 2], adding=[0, 1], gaining=[1, 1], years_left=[2, 2])
    footing, building = ended(firms, [0, 1], [CANCELLED, DELAYED])
    assert firms.target.tolist() == [-1, 2]
    assert firms.years_left.tolist() == [0, 2]
    assert firms.gaining.tolist() == [0, 1]
    assert building.tolist() == [[0, -20, 0]]
    assert (footing == count_footing(people(), 1, 3)).all()


def test_decisions_begin_projects_and_give_up_sites() -> None:
    firms = people()
    footing, building = begun(firms, [0, 1], [2, 1], [MOVE, ADD], due=0.5)
    assert firms.target.tolist() == [2, 1]
    assert firms.adding.tolist() == [0, 1]
    assert firms.gaining.tolist() == [1, 1]
    assert firms.years_left.tolist() == [2, 2]
    assert building.tolist() == [[0, 20, 20]]
    assert (footing == count_footing(people(), 1, 3)).all()
    idle = people()
    begun(idle, [0], [2], [MOVE])
    assert not idle.gaining.any()


def test_giving_up_sites() -> None:
    firms = people(second=[1, 2])
    footing, building = begun(firms, [0, 1], [0, 2], [DROP_SECOND, DROP_MAIN])
    assert firms.main.tolist() == [0, 2]
    assert firms.second.tolist() == [-1, -1]
    assert (firms.target == -1).all()
    assert footing[0].tolist() == [[10, 0, 0], [0, 0, 0], [0, 0, 20]]
    assert not building.any()


def test_tables_counted_afresh_equal_those_kept() -> None:
    rng, kinds = np.random.default_rng(2), (MOVE, ADD)
    firms = unborn(1000)
    firms.cell[:], firms.value[:] = rng.integers(0, 4, 1000), rng.integers(1, 10**12, 1000)
    footing, building = count_footing(firms, 4, 5), np.zeros((4, 5), dtype=np.int64)
    decisions = (np.arange(1000), rng.integers(1, 5, 1000), rng.choice(kinds, 1000))
    begin_projects(firms, decisions, np.ones(1000), np.ones(4), footing, building)
    concerned = np.arange(0, 1000, 3)
    end_projects(firms, concerned, rng.choice([OPENED, DELAYED, CANCELLED], concerned.size), footing, building, 2012)
    assert (footing == count_footing(firms, 4, 5)).all()
    assert int(footing.sum()) == int(firms.value.sum())
    there = firms.target >= 0
    afresh = np.zeros((4, 5), dtype=np.int64)
    weight = np.where(firms.adding == 1, 1, 2) * firms.value
    np.add.at(afresh, (firms.cell[there], firms.target[there]), weight[there])
    assert (building == afresh).all()


def test_capital_under_construction_by_hand() -> None:
    """Two cells of one sector; USD 3 and 5 million being built, demand doubled in the second; a third of output."""
    building = np.array([[6000, 0], [0, 10_000]])
    total = construction(building, np.array([1.0, 2.0]), np.array([1.0 / 3.0]), (1, 1, 2))
    np.testing.assert_allclose(total, [[1.0, 10.0 / 3.0]])


@pytest.mark.parametrize("years, expected", [(0.0, 8.0), (1.0, 8.0), (2.0, 6.0), (3.0, 4.0)])
def test_jobs_are_filled_in_equal_parts(years: float, expected: float) -> None:
    """Plants of 4 jobs last year and 8 this year; the first year had none to show."""
    assert jobs_filled([np.array([0.0]), np.array([4.0]), np.array([8.0])], years) == pytest.approx(expected)
