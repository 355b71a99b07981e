"""Sweep files: every mistake before the first run, with its place and the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from footloose.errors import ScenarioError
from footloose.experiments.sweep.planning import write_plan
from footloose.experiments.sweep.reading import read_sweep, shipped_sweeps
from footloose.experiments.sweep.store import Store
from footloose.experiments.sweep.sweeping import run_sweep

Write = Callable[..., Path]


def mistakes(path: Path, folder: Path) -> str:
    """Read and plan a sweep that is wrong; return what is said. No folder may be left behind."""
    with pytest.raises(ScenarioError) as caught:
        run_sweep(read_sweep(path), folder, jobs=0)
    assert not folder.exists()
    return str(caught.value)


@pytest.mark.parametrize(
    "old, new, line, said",
    [
        ("levers:", "leevers:", 6, "did you mean 'levers'?"),
        ("steps: 3}", "step: 3}", 7, "did you mean 'steps'?"),
        ("rate, from", "rat, from", 7, "unknown key 'rat'; did you mean 'rate'?"),
        ("clusters.elasticity", "cluster.elasticity", 9, "did you mean 'clusters'?"),
        ("to: 60", "to: 6000", 7, "allowed: 0 to 1,000 [percent]"),
        ("from: 0, to: 60", "from: 70, to: 60", 7, "from 70 is not below to 60"),
        ("values: [0.04, 0.1]", "values: [0.04, much]", 9, "wanted a number"),
        ("Imports|Share", "Imports|Shar", 11, "unknown variable 'Imports|Shar'; did you mean 'Imports|Share'?"),
        ("site: country:china", "site: country:chian", 11, "did you mean 'country:china'?"),
        ("years: [2011, 2012]", "years: [2011, 2020]", 12, "the runs end in 2012"),
        ("goal: {at_most: 8}", "goal: {at_most: 8, at_least: 3}", 11, "exactly one of at_most and at_least"),
        ("kind: grid", "kind: gird", 13, "did you mean 'grid'?"),
        ("{kind: grid}", "{kind: latin_hypercube}", 13, "needs `points`"),
        ("{kind: grid}", "{kind: grid, points: 4}", 13, "takes no `points`"),
        ("{kind: grid}", "{kind: sobol, points: 100}", 13, "powers of 2"),
        ("{kind: grid}", "{kind: list, runs: [{tarif: 3}]}", 13, "did you mean 'tariff'?"),
        ("{kind: grid}", "{kind: list, runs: []}", 13, "at least 1"),
        ("{kind: grid}", "{kind: list, runs: [{tariff: 300}]}", 13, "given the number 300; wanted a number, 0 to 60"),
        ("{kind: grid}", "{kind: list, runs: [{elasticity: 0.05}]}", 13, "allowed: 0.04, 0.1"),
        ("{kind: grid}", "{kind: crossed, levers: {kind: grid}}", 13, "needs `uncertainties`"),
        ("mechanisms.clusters.elasticity", "policies.duty.rate", 9, "which levers.tariff sets too"),
        ("values: [0.04, 0.1]", "values: [0.1, 0.1]", 9, "0.1 is given twice"),
        ("values: [0.04, 0.1]", "values: [0.04, null]", 9, "null is no value"),
        ("to: 60, steps: 3", "to: 60.5, whole: true", 7, "no whole numbers"),
        ("from: 0, to", "from：0, to", 7, "write ':' instead"),
        ("years: [2011, 2012]", "years: [2011, 2012, 2013]", 12, "given a list of 3; allowed: at most 2"),
        ("years: [2011, 2012]", "year: 2090", 12, "allowed: 2010 to 2035 [year]"),
        ("replicates: 2", "replicates: 0", 14, "replicates"),
        ("scenario: baseline", "scenario: baselin", 1, "did you mean 'baseline'?"),
        ("until: 2012", "until: 2050", 3, "2035"),
    ],
)
def test_mistakes_are_placed_in_the_sweep_file(
    small: Write, tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    text = mistakes(small((old, new)), tmp_path / "out")
    assert said in text
    assert f"small.yaml:{line}:" in text


def test_one_label_or_key_for_two_factors_is_refused(small: Write, tmp_path: Path) -> None:
    same = small(("steps: 3}", "steps: 3, label: Same}"), ("0.1]}", "0.1], label: Same}"))
    assert "uncertainties.elasticity: its label 'Same' is that of levers.tariff" in mistakes(same, tmp_path / "out")
    chosen = "choices: {low: {policies.duty: {rate: 5}}, off: {mechanisms.clusters: off}}"
    inside = small(("key: mechanisms.clusters.elasticity, values: [0.04, 0.1]", chosen))
    assert "uncertainties.elasticity: sets policies.duty.rate" in mistakes(inside, tmp_path / "out")


def test_a_mistake_of_the_whole_file_is_said_without_a_key(small: Write, tmp_path: Path) -> None:
    text = mistakes(small(("design: {kind: grid}\n", "")), tmp_path / "out")
    assert "small.yaml:1:1: 'design' is missing" in text


def test_several_mistakes_are_said_at_once(small: Write, tmp_path: Path) -> None:
    path = small(("policies.duty.rate", "policies.duty.rat"), ("clusters.elasticity", "clusters.elastic"))
    text = mistakes(path, tmp_path / "out")
    assert "'rat'" in text
    assert "'elastic'" in text


def test_a_mistake_at_one_point_only_is_found_before_the_first_run(small: Write, tmp_path: Path) -> None:
    """Two factors that are each in order alone and clash together: the tariff ends before it begins."""
    path = small(
        ("values: [0.04, 0.1]", "from: 2015, to: 2017, steps: 3, whole: true"),
        ("mechanisms.clusters.elasticity", "policies.duty.until"),
        ("policies.duty.rate, from: 0, to: 60, steps: 3", "policies.duty.from, values: [2012, 2016]"),
    )
    assert "is not after" in mistakes(path, tmp_path / "out")


def test_a_plan_that_fails_leaves_the_old_one(small: Write, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run_sweep(read_sweep(small()), folder, jobs=0)
    with pytest.raises(ScenarioError):
        run_sweep(read_sweep(small(("to: 60", "to: 6000"))), folder, jobs=0)
    with Store(folder, write=False) as store:
        assert store.one("select count(*) from cell") == 12
        assert store.one("select count(*) from run where state = 'done'") == 12


def test_names_may_not_be_used_twice_or_be_columns(small: Write, tmp_path: Path) -> None:
    assert "used twice" in mistakes(small(("  jobs:", "  tariff:")), tmp_path / "out")
    assert "column of the results" in mistakes(small(("  tariff: {", "  point: {")), tmp_path / "out")


def test_options_replace_the_files_own(small: Write) -> None:
    file = read_sweep(small(), firms=77, replicates=5, settings=["decisions.sunk_cost=1"])
    assert (file.base.firms, file.sweep.replicates) == (77, 5)
    assert file.base.as_data()["decisions"]["sunk_cost"] == 1
    with pytest.raises(ScenarioError, match="firms: 0 given"):
        read_sweep(small(), firms=0)


def test_the_scenario_may_lie_beside_the_sweep(small: Write, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("extends: baseline\nseed: 9\ndecisions: {sunk_cost: 1}\n", encoding="utf-8")
    file = read_sweep(small(("scenario: baseline", "scenario: mine")))
    assert file.base.name == "mine"
    assert file.base.as_data()["decisions"]["sunk_cost"] == 1


def test_an_unknown_sweep_says_which_are_shipped() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'tariff_and_subsidy'"):
        read_sweep("tariff_and_subsidi")
    assert read_sweep("tariff_and_subsidy").name == "tariff_and_subsidy"
    assert {"tariff_and_subsidy", "baseline_uncertainty"} <= set(shipped_sweeps())


def test_a_thousand_cells_are_validated_in_seconds(small: Write, tmp_path: Path) -> None:
    """Generous: measured 1.5 s on one busy core; the bound guards against reading files for every cell."""
    import time

    file = read_sweep(small(("to: 60, steps: 3", "to: 60, steps: 500")))
    with Store(tmp_path / "out", write=True) as store:
        begun = time.process_time()
        write_plan(file, store)
        seconds = time.process_time() - begun
        assert store.one("select count(*) from point") == 1000
    assert seconds < 20
