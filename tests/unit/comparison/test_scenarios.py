"""Scenarios as data: parts, hybrids, ensembles, finished runs, and differences in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footloose.ensemble import read_ensemble
from footloose.errors import FootlooseError, ScenarioError, UnknownName
from footloose.experiments.comparison.hybrids import changes, group_parts, hybrid, parts
from footloose.experiments.comparison.wording import effects, in_words
from footloose.experiments.comparison.worlds import World, finished_run, read_world, twins
from footloose.output import write_run
from footloose.scenario import Scenario, load
from footloose.scenario.values import scenario_of, with_value
from footloose.simulation import simulate

SMALL = ("firms=60", "years.until=2013")


def other(*settings: str) -> Scenario:
    return load("baseline", overrides=[*SMALL, *settings])


DIFFERENT = other(
    "policy_record.without=[chips_act, ira]",
    "mechanisms.clusters=off",
    "decisions.sunk_cost=3",
    "policies.duty.kind=tariff",
    "policies.duty.market=united_states",
    "policies.duty.sites=china",
    "policies.duty.rate={2011: 10, 2012: 25}",
    "policies.duty.from=2011",
)


def test_data_and_back() -> None:
    assert scenario_of(DIFFERENT.as_data(), "data") == DIFFERENT


def test_parts_are_what_differs() -> None:
    names = [part.name for part in parts(other(), DIFFERENT)]
    assert names == [
        "policy_record.chips_act",
        "policy_record.ira",
        "policies.duty",
        "mechanisms.clusters",
        "decisions",
    ]
    assert parts(DIFFERENT, DIFFERENT) == []


def test_hybrids_lead_from_one_scenario_to_the_other() -> None:
    base = other()
    found = parts(base, DIFFERENT)
    assert hybrid(base, DIFFERENT, []).as_data() == base.as_data()
    assert hybrid(base, DIFFERENT, found).as_data() | {"name": ""} == DIFFERENT.as_data() | {"name": ""}
    back = hybrid(DIFFERENT, base, parts(DIFFERENT, base))
    assert changes(back, base) == []
    only = hybrid(base, DIFFERENT, [found[2]])
    assert [change.key for change in changes(base, only)] == ["policies.duty"]


def test_grouped_parts_switch_together() -> None:
    found = group_parts(parts(other(), DIFFERENT), ["laws=chips_act,policy_record.ira"])
    assert [part.name for part in found] == ["laws", "policies.duty", "mechanisms.clusters", "decisions"]
    assert len(found[0].keys) == 2
    with pytest.raises(UnknownName, match="part 'chip_act'"):
        group_parts(parts(other(), DIFFERENT), ["laws=chip_act"])
    with pytest.raises(FootlooseError, match="write NAME=PART"):
        group_parts([], ["laws"])


def test_a_value_by_its_key() -> None:
    assert with_value(other(), "decisions.sunk_cost", 3).sections == DIFFERENT.sections
    with pytest.raises(UnknownName):
        with_value(other(), "decisions.sunk_costs", 3)
    with pytest.raises(ScenarioError, match="sunk_cost"):
        with_value(other(), "decisions.sunk_cost", 300)
    # What is switched off has no parameters to change.
    assert with_value(DIFFERENT, "mechanisms.clusters.elasticity", 0.1).mechanisms["clusters"] is None


def test_differences_in_words() -> None:
    texts = [sentence.text for sentence in in_words(other(), DIFFERENT)]
    assert texts[0].startswith("chips_act never happens: 2 instruments (subsidy), first announced 2022-08-09")
    assert (
        "new tariff duty: 10 since 2011, 25 since 2012 % on goods from china in united_states, all sectors" in texts[2]
    )
    assert texts[3] == "mechanisms.clusters: switched off"
    assert texts[4] == "decisions.sunk_cost: 1.6 becomes 3, from the first year on"
    back = [sentence.text for sentence in in_words(DIFFERENT, other())]
    assert back[0].startswith("chips_act happens as on record")
    assert back[2].startswith("gone: tariff duty")
    assert in_words(DIFFERENT, DIFFERENT) == []


def test_a_change_of_an_instrument_says_from_what_to_what_since_when() -> None:
    more = scenario_of(
        DIFFERENT.as_data() | {"policies": {"duty": DIFFERENT.as_data()["policies"]["duty"] | {"rate": 30}}}, "x"
    )
    assert [sentence.text for sentence in in_words(DIFFERENT, more)] == [
        "duty: rate 10 since 2011, 25 since 2012 becomes 30, in force from 2011"
    ]


def test_parts_without_effect_are_named() -> None:
    """A duty that begins after the last year changes nothing, nor a law announced after it; the other duty does."""
    late = (
        "policies.late.kind=tariff", "policies.late.market=united_states", "policies.late.sites=china",
        "policies.late.rate=50", "policies.late.from=2030",
    )  # fmt: skip
    duty = tuple(text.replace("late", "duty").replace("2030", "2011") for text in late)
    paired = twins(World("a", other()), [World("b", other(*late, *duty, "policy_record.without=ira"))])
    found = effects(paired, 0)
    assert found.first == 2011
    assert set(found.idle) == {"policies.late", "policy_record.ira"}
    nothing = effects(twins(World("a", other()), [World("b", other(*late))]), 0)
    assert nothing.first is None
    assert nothing.idle == ("policies.late",)


def test_twins_share_firms_seed_and_years() -> None:
    base, changed = World("a", other()), World("a", load("baseline", overrides=["seed=7"]))
    paired = twins(base, [changed], seed=3)
    assert [scenario.seed for scenario in paired.scenarios] == [3, 3]
    assert [scenario.firms for scenario in paired.scenarios] == [60, 60]
    assert [world.label for world in (paired.base, *paired.others)] == ["a", "a_2"]
    assert "twins share what the base has" in paired.others[0].notes[0]
    with pytest.raises(FootlooseError, match=r"population\.size_spread"):
        twins(base, [World("b", other("population.size_spread=1"))])
    with pytest.raises(FootlooseError, match="at least one"):
        twins(base, [])


def test_an_ensemble_is_read_and_applied(ensemble_file: Path) -> None:
    draws = read_ensemble(ensemble_file, other()).draws
    assert [draw.name for draw in draws] == ["low", "middle", "high"]
    applied = draws[0].applied(other())
    assert [change.key for change in changes(other(), applied)] == [
        "mechanisms.clusters.elasticity",
        "decisions.sunk_cost",
    ]


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "draw,decisions.sunk_costs\n1,2\n",
            "unknown parameter 'decisions.sunk_costs'; did you mean 'decisions.sunk_cost'?",
        ),
        ("decisions.sunk_cost\n1\n99\n", "draws.csv:3:1: decisions.sunk_cost: given the number 99"),
        ("decisions.sunk_cost\nmany\n", "decisions.sunk_cost: 'many' given; wanted a number"),
        ("decisions.sunk_cost\n1,2\n", "2 cells given; the first line has 1 columns"),
        ("decisions.sunk_cost,decisions.sunk_cost\n1,2\n", "is given twice"),
        ("decisions.sunk_cost\n", "a line for every draw"),
    ],
)
def test_mistakes_of_an_ensemble_say_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "draws.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FootlooseError) as caught:
        read_ensemble(path, other())
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_finished_run_is_lived_again_as_it_was(tmp_path: Path) -> None:
    record = simulate(DIFFERENT, firms=80, seed=5, years=(2010, 2012))
    write_run(record, tmp_path / "run", False)
    world = finished_run(tmp_path / "run")
    assert (world.scenario.firms, world.scenario.seed, world.scenario.years.until) == (80, 5, 2012)
    assert changes(world.scenario, DIFFERENT) == []
    assert world.notes == ()
    assert read_world(str(tmp_path / "run" / "run.json")).scenario == world.scenario
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    (tmp_path / "run" / "run.json").write_text(json.dumps(manifest | {"version": "0.0.9", "numpy": "1.0"}))
    note = finished_run(tmp_path / "run").notes[0]
    assert "version 0.0.9 then" in note
    assert "numpy 1.0 then" in note
    with pytest.raises(FootlooseError, match="--set does not apply"):
        read_world(str(tmp_path / "run"), ["firms=3"])
    with pytest.raises(FootlooseError, match="no finished run"):
        read_world(str(tmp_path))
