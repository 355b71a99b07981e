"""Evidence travels: the word for how well a mechanism is pinned reaches everything a run leaves."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pandas
import pytest
import xarray
from typer.testing import CliRunner

from footloose.cli import app
from footloose.job import carry_out, summary
from footloose.output import write_run
from footloose.record import Record, read_manifest
from footloose.registry import find_mechanisms
from footloose.scenario import by_word, evidence_in_use, in_words, load, shipped, weakest
from footloose.simulation import simulate

ON = ["mechanisms.border_tax=on"]


def test_words() -> None:
    assert [weakest(words) for words in ([], ["suggestive"], ["firm", "suggestive"], ["suggestive", "story"])] == [
        "firm",
        "suggestive",
        "suggestive",
        "story",
    ]
    evidence = {"blocs": "suggestive", "seeding": "story", "export_controls": "suggestive"}
    assert list(by_word(evidence).items()) == [("story", ("seeding",)), ("suggestive", ("blocs", "export_controls"))]
    assert in_words(evidence) == "story (seeding), suggestive (blocs, export controls)"
    assert in_words({}) == ""


def test_only_what_is_on_and_not_firm_counts(border_tax: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = evidence_in_use(load("baseline"))
    assert "border_tax" not in plain
    assert evidence_in_use(load("baseline", overrides=ON)) == plain | {"border_tax": "suggestive"}
    monkeypatch.setattr(border_tax, "EVIDENCE", "firm")
    find_mechanisms.cache_clear()
    assert evidence_in_use(load("baseline", overrides=ON)) == plain


def test_every_output_carries_it(border_tax: ModuleType, tmp_path: Path) -> None:
    scenario = load("baseline", overrides=ON)
    evidence, word = evidence_in_use(scenario), weakest(evidence_in_use(scenario).values())
    shown = carry_out(scenario, tmp_path / "run", overwrite=False, figures=False, firms=64, years=(2010, 2011))
    assert f"rests on {in_words(evidence)}" in shown.splitlines()
    manifest = read_manifest(tmp_path / "run")
    assert (manifest["evidence"], manifest["evidence_word"]) == (evidence, word)
    table = pandas.read_parquet(tmp_path / "run" / "table.parquet")
    with xarray.open_dataset(tmp_path / "run" / "record.nc") as dataset:
        for attributes in (table.attrs, dataset.attrs):
            assert attributes["evidence_word"] == word
            assert json.loads(str(attributes["evidence"])) == evidence


def test_nothing_is_said_where_all_is_firm(small_record: Record, tmp_path: Path) -> None:
    fields = {name: getattr(small_record, name) for name in Record.__dataclass_fields__}
    firm = Record(**{**fields, "manifest": {**small_record.manifest, "evidence": {}}})
    assert "rests on" not in summary(firm, tmp_path, figures=False, compiling=0.0)


def test_a_record_without_evidence_can_be_written(small_record: Record, tmp_path: Path) -> None:
    """A manifest from elsewhere may lack the words."""
    bare = {key: value for key, value in small_record.manifest.items() if not key.startswith("evidence")}
    fields = {name: getattr(small_record, name) for name in Record.__dataclass_fields__}
    write_run(Record(**{**fields, "manifest": bare}), tmp_path / "run", overwrite=False)
    assert pandas.read_parquet(tmp_path / "run" / "table.parquet").attrs == {"evidence_word": "", "evidence": "{}"}


def test_the_list_of_scenarios_says_it(border_tax: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed() -> list[str]:
        output = CliRunner().invoke(app, ["scenarios"]).output
        return [line.split()[1] for line in output.splitlines()[: len(shipped())]]

    assert listed() == [weakest(evidence_in_use(load(name)).values()) for name in shipped()]
    monkeypatch.setattr(border_tax, "BASELINE", True)
    monkeypatch.setattr(border_tax, "EVIDENCE", "story")
    find_mechanisms.cache_clear()
    assert set(listed()) == {"story"}


def test_a_mechanism_without_effect_of_its_own_changes_no_bit(border_tax: ModuleType) -> None:
    one = simulate(load("baseline"), firms=64, years=(2010, 2012))
    other = simulate(load("baseline", overrides=ON), firms=64, years=(2010, 2012))
    assert all((one.tables[name] == other.tables[name]).all() for name in one.tables)


def test_the_evidence_of_several_worlds_is_that_of_all() -> None:
    baseline, seeded = load("baseline"), load("guangxi_gateway")
    together = evidence_in_use(baseline, seeded)
    assert together == {**evidence_in_use(baseline), **evidence_in_use(seeded)}
    assert together["seeding"] == "story"
    assert "seeding" not in evidence_in_use(baseline)
