"""From values of factors to scenarios."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from footloose.errors import ScenarioError
from footloose.experiments.sweep.keys import content_digest, engine_digest, run_key
from footloose.experiments.sweep.points import Recipe
from footloose.experiments.sweep.reading import read_sweep
from footloose.scenario import load

Write = Callable[..., Path]
ELASTICITY = "elasticity: {key: mechanisms.clusters.elasticity, values: [0.04, 0.1]}"


def test_a_point_is_the_scenario_with_these_overrides(small: Write) -> None:
    """The quick way and the way of the command line lead to the same content."""
    file = read_sweep(small())
    found = Recipe.of(file).scenario({"tariff": 45.0, "elasticity": 0.1})
    duty = {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 45, "from": 2011}
    overrides = [f"policies.duty.{key}={value}" for key, value in duty.items()]
    overrides += ["mechanisms.clusters.elasticity=0.1", "years.until=2012"]
    assert content_digest(found) == content_digest(load("baseline", overrides=overrides))
    assert (found.firms, found.seed) == (100, 1)


def test_off_wins_over_a_parameter_of_the_same_mechanism(small: Write) -> None:
    structure = f"{ELASTICITY}\n  structure: {{choices: {{with: {{}}, without: {{mechanisms.clusters: off}}}}}}"
    recipe = Recipe.of(read_sweep(small((ELASTICITY, structure))))
    point = {"tariff": 0, "elasticity": 0.1}
    assert recipe.scenario(point | {"structure": "without"}).mechanisms["clusters"] is None
    kept = recipe.scenario(point | {"structure": "with"}).mechanisms["clusters"]
    assert kept is not None
    assert kept.elasticity == 0.1  # type: ignore[attr-defined]


def test_one_factor_may_set_several_keys(small: Write) -> None:
    both = "elasticity: {key: [mechanisms.clusters.growth, mechanisms.clusters.fading], values: [0.04, 0.1]}"
    data = Recipe.of(read_sweep(small((ELASTICITY, both)))).scenario({"tariff": 0, "elasticity": 0.04}).as_data()
    assert data["mechanisms"]["clusters"]["growth"] == data["mechanisms"]["clusters"]["fading"] == 0.04


def test_a_multiplier_scales_every_number_of_a_dated_path(small: Write) -> None:
    scaled = "elasticity: {key: mechanisms.risk.premium_on_china, from: 0, to: 2, multiplies: true}"
    recipe = Recipe.of(read_sweep(small((ELASTICITY, scaled))))
    before = load("baseline").as_data()["mechanisms"]["risk"]["premium_on_china"]
    after = recipe.scenario({"tariff": 0, "elasticity": 1.5}).as_data()["mechanisms"]["risk"]["premium_on_china"]
    assert after == {day: pytest.approx(1.5 * value) for day, value in before.items()}


def test_a_multiplier_of_nothing_is_refused(small: Write) -> None:
    scaled = "elasticity: {key: mechanisms.productivity.trend, from: 0, to: 2, multiplies: true}"
    recipe = Recipe.of(read_sweep(small((ELASTICITY, scaled), ("scenario: baseline", "scenario: literature"))))
    with pytest.raises(ScenarioError, match="no number here"):
        recipe.scenario({"tariff": 0, "elasticity": 1.5})


def test_any_key_may_be_varied(small: Write) -> None:
    """Population, seed and policy record are keys like any other; lists and words are values like any other."""
    for text, value in (("firms, values: [50, 80]", 80), ("seed, values: [4, 5]", 5)):
        found = Recipe.of(read_sweep(small(("mechanisms.clusters.elasticity, values: [0.04, 0.1]", text))))
        assert value in (found.scenario({"tariff": 0, "elasticity": value}).firms, 5)
    listed = "policy_record.without, values: [[section_301], [section_301, ira]]"
    recipe = Recipe.of(read_sweep(small(("mechanisms.clusters.elasticity, values: [0.04, 0.1]", listed))))
    point = {"tariff": 0, "elasticity": '["section_301", "ira"]'}
    assert recipe.scenario(point).policy_record.without == ("section_301", "ira")


def test_the_key_holds_what_decides_a_run_and_nothing_else(small: Write) -> None:
    point = {"tariff": 30.0, "elasticity": 0.1}

    def key(*replaced: tuple[str, str], replicate: int = 0) -> str:
        scenario = Recipe.of(read_sweep(small(*replaced))).scenario(point)
        return run_key(content_digest(scenario), scenario.firms, scenario.seed, replicate, engine_digest())

    same = key()
    assert same == key(("scenario: baseline", "title: Words\nquestion: More words\nscenario: baseline"))
    assert same == key(("replicates: 2", "replicates: 9"))
    others = [
        key(("firms: 100", "firms: 101")),
        key(("firms: 100", "firms: 100\nseed: 2")),
        key(("until: 2012", "until: 2013")),
        key(("sites: china", "sites: vietnam")),
        key(replicate=1),
    ]
    assert len({same, *others}) == 6
    assert run_key("content", 1, 1, 0, "this code") != run_key("content", 1, 1, 0, "other code")


def test_the_recipe_is_small_enough_to_send_with_every_batch(small: Write) -> None:
    import pickle

    assert len(pickle.dumps(Recipe.of(read_sweep("baseline_uncertainty")).without_places())) < 60_000
