"""The shipped sweeps: every one is in order, runs, and says where its numbers come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footloose.briefing.catalogue import phrases
from footloose.briefing.sweep_words import factor_name, range_source, value_name
from footloose.experiments.sweep.planning import idle_factors, write_plan
from footloose.experiments.sweep.points import Recipe
from footloose.experiments.sweep.reading import read_sweep, shipped_sweeps
from footloose.experiments.sweep.running import Cell, attempt, run_batch
from footloose.experiments.sweep.store import Store
from footloose.registry import mechanism_blocks, section_blocks
from footloose.scenario import shipped

NAMES = sorted(shipped_sweeps())
ASKED = {
    "tariff_and_subsidy", "tariff_and_belief", "automation_and_wage", "clusters_and_shock", "baseline_uncertainty",
}  # fmt: skip
LEFT = {
    "mechanisms.unexplained.smallest_share", "mechanisms.productivity.trend",
    "mechanisms.business_cycle.accelerator", "mechanisms.business_cycle.persistence",
    "mechanisms.business_cycle.user_cost", "mechanisms.business_cycle.user_cost_elasticity",
    "mechanisms.disruption.replaced", "mechanisms.disruption.substitution",
    "orders.spare_capacity",
}  # fmt: skip
"""Numbers that the full uncertainty leaves alone, as its head says; all but the first two do nothing without shocks."""


def test_the_sweeps_are_there_and_are_no_scenarios() -> None:
    assert set(NAMES) >= ASKED
    assert not set(NAMES) & set(shipped())


@pytest.mark.parametrize("name", NAMES)
def test_plans_and_runs_its_first_cell(name: str, tmp_path: Path) -> None:
    file = read_sweep(name, firms=200, replicates=1)
    with Store(tmp_path, write=True) as store:
        assert write_plan(file, store)
        assert not write_plan(file, store)
        _, key, point, replicate = next(store.missing([], False))
        values = json.loads(store.one("select factors from point where position = ?", (point,)))
    from footloose.experiments.sweep.planning import selectors_of
    from footloose.experiments.sweep.running import Batch, pack

    batch = Batch(pack(Recipe.of(file), selectors_of(file.sweep)), (Cell(key, values, replicate),))
    (result,) = run_batch(batch).results
    assert result.cause == ""
    assert len(result.series) == 8 * 26 * len(selectors_of(file.sweep))
    assert attempt is not None


@pytest.mark.parametrize("name", NAMES)
def test_opens_with_question_and_assumptions_and_has_two_languages(name: str) -> None:
    opening = shipped_sweeps()[name].read_text(encoding="utf-8").splitlines()
    assert opening[0].startswith("# What is asked:")
    assert any(line.startswith("# What is assumed:") for line in opening)
    sweep = read_sweep(name).sweep
    assert sweep.title.en
    assert sweep.title.zh
    assert sweep.question.zh


@pytest.mark.parametrize("name", NAMES)
def test_every_factor_does_something(name: str) -> None:
    assert idle_factors(read_sweep(name)) == []


def test_the_full_uncertainty_is_full() -> None:
    """Every number of every mechanism and section that is on in the baseline is varied, or left alone by name."""
    sweep = read_sweep("baseline_uncertainty").sweep
    varied = {key for factor in sweep.factors.values() for key in factor.key}
    base = read_sweep("baseline_uncertainty").base
    blocks = {f"mechanisms.{name}": block for name, block in mechanism_blocks().items() if base.mechanisms[name]}
    blocks |= dict(section_blocks())
    known = {
        f"{name}.{field}"
        for name, block in blocks.items()
        for field, part in block.model_fields.items()
        if isinstance(part.json_schema_extra, dict) and "certainty" in part.json_schema_extra
    }
    varied |= {key.rpartition(".")[0] for key in varied - known}  # an entry stands for its mapping
    assert known - varied == LEFT
    assert all(factor.source for factor in sweep.factors.values() if factor.key)


@pytest.mark.parametrize("name", NAMES)
def test_factors_outcomes_choices_and_sources_have_words_in_both_languages(name: str) -> None:
    """From the file's labels, or from the catalogue's names of parameters; what is missing is listed."""
    sweep, missing = read_sweep(name).sweep, []
    for factor, said in sweep.factors.items():
        english, chinese = (factor_name(sweep, factor, language) for language in ("en", "zh"))
        missing += [f"factor {factor}"] if english == chinese else []
        missing += [f"source {said.source}"] if said.source and range_source(said.source, "zh") == said.source else []
        missing += [f"choice {factor}.{each}" for each in said.choices if value_name(sweep, factor, each, "zh") == each]
        missing += [f"unit {said.unit}"] if said.unit and f"sweep.unit.{said.unit}" not in phrases() else []
    missing += [f"outcome {each}" for each, said in sweep.outcomes.items() if not (said.label.en and said.label.zh)]
    assert missing == []
