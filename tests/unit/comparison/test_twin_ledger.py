"""The twin ledger on hand-made moves: one firm of every class, and every firm in exactly one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose.errors import FootlooseError, UnknownName
from footloose.experiments.comparison.histories import Birth, Events
from footloose.experiments.comparison.twin_ledger import (
    CLASSES,
    Traces,
    check_partition,
    classify,
    first_moves,
    further_moves,
    ledger_rows,
)
from footloose.world import Setting

Move = tuple[int, int, int, int]
"""Firm, year, site left, site reached."""

MOVES: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {
    "induced": ([], [(2015, 1)]),
    "anyway": ([(2015, 1)], [(2015, 1)]),
    "elsewhere": ([(2015, 1)], [(2015, 2)]),
    "earlier": ([(2017, 1)], [(2015, 1)]),
    "later": ([(2015, 1)], [(2016, 1)]),
    "held": ([(2015, 2)], []),
    "stayed": ([], []),
}
"""By class: year and site of the moves in the base and in the other world; every firm starts at site 0."""


def events(moves: list[Move]) -> Events:
    ordered = sorted(moves, key=lambda move: (move[1], move[0]))
    firm, year, left, reached = (
        (np.array(column) for column in zip(*ordered, strict=True)) if ordered else (np.zeros(0),) * 4
    )
    return Events(
        year.astype(np.int16), firm.astype(np.int32), left.astype(np.int8), reached.astype(np.int8),
        np.ones(len(ordered), dtype=np.float32), np.full(len(ordered), 10.0, dtype=np.float32),
    )  # fmt: skip


def birth(count: int) -> Birth:
    """Firm n makes (n + 1) million dollars' worth a year and stands for (n + 1) programmes."""
    value = 1000 * np.arange(1, count + 1, dtype=np.int64)
    return Birth(np.zeros(count, dtype=np.int32), value, np.ones(count, dtype=np.float32))


def pair(setting: Setting, count: int, base: list[Move], other: list[Move]) -> Traces:
    main = np.zeros((len(setting.law.years), count), dtype=np.int8)
    stages = [{stage: events(moves) for stage in ("announced", "opened")} for moves in (base, other)]
    return Traces(setting, birth(count), stages[0], stages[1], main, 2014)


@pytest.fixture
def setting(small_world: Callable[..., Any]) -> Setting:
    made: Setting = small_world(sites=3, years=10).setting
    return made


@pytest.fixture
def every_class(setting: Setting) -> Traces:
    base, other = (
        [(n, year, 0, site) for n, moves in enumerate(MOVES.values()) for year, site in moves[side]] for side in (0, 1)
    )
    return pair(setting, len(MOVES), base, other)


def test_a_firm_of_every_class(every_class: Traces, setting: Setting) -> None:
    sides = [
        first_moves(setting, every_class.birth, side["announced"], "country", 2014)
        for side in (every_class.base, every_class.other)
    ]
    assert [CLASSES[place] for place in classify(*sides)] == list(MOVES)


def test_the_ledger_says_how_much_from_where_to_where(every_class: Traces) -> None:
    rows = ledger_rows(every_class, "announced", "country", 2014).set_index("class")
    check_partition(rows, len(MOVES))
    assert list(rows["firms"]) == [1.0] * len(MOVES)
    assert rows["programmes"].sum() == pytest.approx(1 + 2 + 3 + 4 + 5 + 6 + 7)
    moved = rows.loc["elsewhere"]
    assert (moved["left"], moved["reached_base"], moved["reached_other"]) == ("site_0", "site_1", "site_2")
    assert (moved["left_shore"], moved["shore_other"]) == ("home", "other")
    held = rows.loc["held"]
    assert (held["value_base"], held["value_other"], held["reached_other"]) == (6.0, 0.0, "")
    assert (held["jobs_base"], held["jobs_other"]) == (10.0, 0.0)


def test_totals_of_a_world_are_its_first_moves(every_class: Traces) -> None:
    rows = ledger_rows(every_class, "opened", "site", 2014)
    assert rows["value_base"].sum() == pytest.approx(2 + 3 + 4 + 5 + 6)
    assert rows["value_other"].sum() == pytest.approx(1 + 2 + 3 + 4 + 5)


def test_moves_before_the_worlds_part_do_not_count(setting: Setting) -> None:
    """It moved in 2012 in both worlds; that it moves again in 2016 is the policy's doing."""
    early = (0, 2012, 0, 1)
    traces = pair(setting, 1, [early], [early, (0, 2016, 1, 2)])
    assert list(ledger_rows(traces, "announced", "country", 2014)["class"]) == ["induced"]


def test_only_the_first_move_has_a_class(setting: Setting) -> None:
    traces = pair(setting, 1, [(0, 2015, 0, 1)], [(0, 2015, 0, 1), (0, 2018, 1, 2)])
    rows = ledger_rows(traces, "announced", "country", 2014)
    assert list(rows["class"]) == ["anyway"]
    assert further_moves(traces, "announced", "country", 2014) == {"base": 0.0, "other": 1.0}


def test_a_shore_is_a_wider_border_than_a_site(setting: Setting) -> None:
    """Sites 1 and 2 lie on the same shore: between them is a move by site, none by shore."""
    traces = pair(setting, 1, [], [(0, 2015, 1, 2)])
    assert list(ledger_rows(traces, "announced", "site", 2014)["class"]) == ["induced"]
    assert list(ledger_rows(traces, "announced", "shore", 2014)["class"]) == ["stayed"]


def test_names_that_do_not_exist(every_class: Traces) -> None:
    with pytest.raises(UnknownName, match="border 'county'; did you mean 'country'"):
        ledger_rows(every_class, "announced", "county", 2014)
    with pytest.raises(UnknownName, match="stage"):
        ledger_rows(every_class, "built", "country", 2014)


def test_a_ledger_that_lost_a_firm_is_refused(every_class: Traces) -> None:
    rows = ledger_rows(every_class, "announced", "country", 2014)
    with pytest.raises(FootlooseError, match="holds 6 firms of 7"):
        check_partition(rows[rows["class"] != "held"], len(MOVES))


move = st.tuples(st.integers(0, 19), st.integers(2010, 2019), st.integers(0, 2), st.integers(0, 2))


@given(base=st.lists(move, max_size=40), other=st.lists(move, max_size=40))
def test_the_classes_partition_the_firms(small_world: Callable[..., Any], base: list[Move], other: list[Move]) -> None:
    """Whatever firms do, each is in one class, and no value is lost or counted twice."""
    setting = small_world(sites=3, years=10).setting
    once = [list({(m[0], m[1]): m for m in moves}.values()) for moves in (base, other)]
    traces = pair(setting, 20, *once)
    for border in ("site", "country", "shore"):
        rows = ledger_rows(traces, "announced", border, 2014)
        check_partition(rows, 20)
        assert rows["programmes"].sum() == pytest.approx(traces.birth.programmes.sum())
        for side, events_of in (("base", traces.base), ("other", traces.other)):
            first = first_moves(setting, traces.birth, events_of["announced"], border, 2014)
            assert rows[f"value_{side}"].sum() == pytest.approx(first.value.sum())
