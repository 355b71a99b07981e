"""Outcomes straight from the arrays equal the long table to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from footloose.errors import UnknownName
from footloose.experiments.sweep.running import Runner
from footloose.experiments.sweep.selection import LazyTables, Selection, Selector, record_of
from footloose.long_table import pieces
from footloose.record import Record
from footloose.scenario import Scenario, load
from footloose.simulation import begin_run, simulate
from footloose.year import live_one_year


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baseline", overrides=["years.until=2014", "firms=400"])


@pytest.fixture(scope="module")
def record(scenario: Scenario) -> Record:
    return simulate(scenario, replicates=2)


def every_selector(record: Record, each: int) -> list[Selector]:
    """Return some members of every piece of the long table: its first, its last, and some in between."""
    found = []
    for piece in pieces(record):
        axes = [getattr(piece, axis) for axis in ("market", "site", "sector", "origin")]
        for k in range(each):
            members = [labels[(k * (len(labels) - 1)) // max(each - 1, 1)] for labels in axes]
            found.append((piece.variable, *members))
    return list(dict.fromkeys(found))


def test_every_variable_equals_the_long_table_exactly(scenario: Scenario, record: Record) -> None:
    selectors = every_selector(record, 3)
    assert len(selectors) > 300
    table = record.table.set_index(["variable", "market", "site", "sector", "origin"]).sort_index()
    for replicate in (0, 1):
        series, _ = Runner(scenario, Selection(selectors)).live(replicate)
        for selector, values in zip(selectors, series, strict=True):
            rows = table.loc[selector]
            wanted = rows[rows["replicate"] == replicate].sort_values("year")["value"].to_numpy()
            assert np.array_equal(values, wanted), selector


def test_only_the_arrays_that_are_read_are_stacked(scenario: Scenario) -> None:
    run = begin_run(scenario)
    rows = [live_one_year(run, year) for year in run.setting.law.years]
    selection = Selection([("Projects|Open", "all", "mexico", "all", "all")])
    selection.series(record_of(run.setting, run.rules, rows))  # learns from all
    again = record_of(run.setting, run.rules, rows)
    selection.series(again)
    assert isinstance(again.tables, LazyTables)
    assert set(again.tables._stacked) == {"projects_announced", "projects_open"}
    assert len(again.tables) == len(rows[0])


def test_moves_that_did_not_happen_are_zero(scenario: Scenario) -> None:
    """The long table has no rows of moves by sector where nothing moved all the time."""
    quiet = load("baseline", overrides=["years.until=2011", "firms=20", "decisions.sunk_cost=10"])
    series, _ = Runner(quiet, Selection([("Moves|Value|near|friend", "china", "all", "textiles", "all")])).live(0)
    assert not series.any()


@pytest.mark.parametrize(
    "selector, said",
    [
        (("Import|Share", "all", "all", "all", "all"), "Imports|Share"),
        (("Imports|Share", "united_state", "country:china", "all", "all"), "united_states"),
        (("Imports|Share", "all", "country:china", "all", "all"), "market of Imports"),
        (("Jobs|Stock", "all", "country:china", "electronic", "all"), "electronics"),
        (("Jobs|Stock", "all", "mexico", "electronics", "all"), "combination"),
        (("Moves|Value|china|home", "china", "all", "textile", "all"), "textiles"),
    ],
)
def test_what_no_record_has_is_refused_with_the_nearest_name(record: Record, selector: Selector, said: str) -> None:
    with pytest.raises(UnknownName, match=said.replace("|", r"\|")):
        Selection([selector]).series(record)
