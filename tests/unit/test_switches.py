"""Mechanisms that are on, off or named: what `on`, `off`, a mapping and null do, layer over layer."""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

import pytest

from footloose.errors import FootlooseError, ScenarioError
from footloose.manual import parameters_page
from footloose.merging import merge, switched_on
from footloose.registry import find_mechanisms
from footloose.scenario import check, load, schema
from footloose.source import Branch, parse, plain

pytestmark = pytest.mark.usefixtures("border_tax")


def written(folder: Path, text: str, name: str = "x") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def layered(folder: Path, *values: str) -> Path:
    """Write a chain of files, each of which extends the one before and says one thing of the mechanism."""
    for place, value in enumerate(values):
        above = f"extends: layer_{place - 1}\n" if place else ""
        said = f"mechanisms: {{border_tax: {value}}}\n" if value else f"seed: {place + 2}\n"
        written(folder, above + said, f"layer_{place}")
    return folder / f"layer_{len(values) - 1}.yaml"


@pytest.mark.parametrize(
    "values,price",
    [
        ([""], None),
        (["on"], 50),
        (['"on"'], 50),
        (["{price: 80}"], 80),
        (["{}"], 50),
        (["off"], None),
        (["{price: 80}", "on"], 80),
        (["{price: 80}", "off"], None),
        (["{price: 80}", "off", "on"], 50),
        (["{price: 80}", "off", "{covered: 0.1}"], 50),
        (["on", "{price: 80}"], 80),
        (["off", "on"], 50),
        (["off", "{price: 80}"], 80),
        (["off", "null"], None),
        (["on", "null"], None),
        (["{price: 80}", "null", "on"], 50),
        (["on", "off"], None),
        (["{price: 80}", "{price: null}"], 50),
        (["{price: null}"], 50),
    ],
)
def test_layers(tmp_path: Path, values: list[str], price: float | None) -> None:
    block = load(layered(tmp_path, *values)).mechanisms["border_tax"]
    assert getattr(block, "price", block) == price


@pytest.mark.parametrize(
    "setting,price",
    [("border_tax=on", 50), ("border_tax=off", None), ("border_tax={price: 7}", 7), ("border_tax.price=7", 7)],
)
def test_settings(setting: str, price: float | None) -> None:
    block = load("baseline", overrides=[f"mechanisms.{setting}"]).mechanisms["border_tax"]
    assert getattr(block, "price", block) == price


def test_on_keeps_the_parameters_of_a_file_below(tmp_path: Path) -> None:
    path = layered(tmp_path, "{price: 80}")
    assert load(path, overrides=["mechanisms.border_tax=on"]).as_data()["mechanisms"]["border_tax"]["price"] == 80
    overlay = written(tmp_path, "mechanisms: {border_tax: on}", "over")
    assert load(path, overlays=[overlay]).provenance("mechanisms.border_tax.price") == (str(path), 1)


def test_a_mechanism_of_the_baseline_may_be_on_too(tmp_path: Path) -> None:
    assert load("baseline", overrides=["mechanisms.clusters=on"]) == load("baseline")
    overlay = written(tmp_path, "mechanisms: {clusters: off}", "over")
    path = written(tmp_path, "extends: over\nmechanisms: {clusters: on}\n")
    assert load(path).mechanisms == load("literature").mechanisms
    assert load("baseline", overlays=[overlay]).mechanisms["clusters"] is None


@pytest.mark.parametrize("value", ["on", "off", "{price: 80, covered: 1}", ""])
def test_resolved_data_loads_as_the_same_scenario(tmp_path: Path, value: str) -> None:
    scenario = load(layered(tmp_path, value))
    again = load(written(tmp_path, json.dumps(scenario.as_data()), "again"))
    assert again == scenario
    assert again.digest() == scenario.digest()
    assert (scenario.as_data()["mechanisms"]["border_tax"] == "off") == (value in ("off", ""))


def test_provenance(tmp_path: Path) -> None:
    path = written(tmp_path, "seed: 1\nmechanisms:\n  border_tax: on\n")
    assert load(path).provenance("mechanisms.border_tax") == (str(path), 3)
    assert load(path).provenance("mechanisms.border_tax.price") == ("default", 0)
    assert load("baseline").provenance("mechanisms.border_tax") == ("default", 0)


def test_merging_is_associative_with_switches() -> None:
    nodes = []
    for value in ("on", "off", "null", "{price: 1}", "{covered: 1}", "{}"):
        root = parse(f"mechanisms: {{border_tax: {value}}}", "x.yaml").root
        assert root is not None
        nodes.append(switched_on(root))
    for one, two, three in product(nodes, repeat=3):
        assert plain(merge(merge(one, two), three)) == plain(merge(one, merge(two, three)))


def test_files_that_do_not_build_on_one_another(tmp_path: Path) -> None:
    for name, value in (("one", "{price: 80}"), ("two", "on"), ("three", "off")):
        written(tmp_path, f"mechanisms: {{border_tax: {value}}}", name)
    block = load(written(tmp_path, "extends: [one, two]\n")).mechanisms["border_tax"]
    assert getattr(block, "price", None) == 80
    with pytest.raises(ScenarioError, match=r"mechanisms\.border_tax is set differently"):
        load(written(tmp_path, "extends: [two, three]\n"))


@pytest.mark.parametrize(
    "text,options,words",
    [
        ("mechanisms: {clusters: on}", {}, "mechanisms.clusters: changes nothing: it is on without it"),
        ("mechanisms: {clusters: {}}", {}, "changes nothing: it is on without it"),
        ("mechanisms: {border_tax: off}", {}, "changes nothing: off is the value without it"),
        ("mechanisms: {border_tax: null}", {}, "null deletes nothing"),
        (
            "mechanisms: {border_tax: {price: 80}}",
            {"overrides": ["mechanisms.border_tax=off"]},
            "mechanisms.border_tax.price: changes nothing: --set mechanisms.border_tax=off switches border_tax off",
        ),
    ],
)
def test_what_has_no_effect(tmp_path: Path, text: str, options: dict[str, list[str]], words: str) -> None:
    found = check(written(tmp_path, text), **options)
    assert all(problem.warning for problem in found)
    assert any(words in problem.message for problem in found), found


def test_on_over_inherited_parameters_changes_nothing(tmp_path: Path) -> None:
    (found,) = check(layered(tmp_path, "{price: 80}", "on"))
    assert (found.line, found.warning) == (2, True)
    assert "it is on without it" in found.message


@pytest.mark.parametrize("values", [["on"], ["{price: 80}"], ["off", "on"], ["{price: 80}", "off"], ["on", "null"]])
def test_what_has_an_effect(tmp_path: Path, values: list[str]) -> None:
    assert check(layered(tmp_path, *values)) == []


def test_schema_allows_a_mapping_on_and_off() -> None:
    entry = schema()["properties"]["mechanisms"]["anyOf"][0]["properties"]["border_tax"]
    block, words = entry["anyOf"]
    assert set(block["properties"]) == {"price", "covered"}
    assert words == {"enum": ["on", "off"]}
    assert entry["description"].endswith("By default off; evidence: suggestive.")


def test_manual_says_that_it_is_off() -> None:
    page = parameters_page()
    assert "Off unless a scenario names it (`border_tax: on`). Evidence: suggestive." in page
    assert "clusters: on`)" not in page


@pytest.mark.parametrize(
    "attribute,value,words",
    [
        ("EVIDENCE", "storry", "EVIDENCE is 'storry'; did you mean 'story'?; allowed: story, suggestive, firm"),
        ("EVIDENCE", None, "EVIDENCE is None; allowed"),
        ("BASELINE", "no", "BASELINE is 'no'; allowed: True, False"),
    ],
)
def test_other_words_are_refused(monkeypatch: pytest.MonkeyPatch, attribute: str, value: object, words: str) -> None:
    monkeypatch.setattr(sys.modules["footloose.mechanisms.border_tax"], attribute, value)
    find_mechanisms.cache_clear()
    with pytest.raises(FootlooseError) as caught:
        find_mechanisms()
    assert words in str(caught.value)


def test_tree_without_mechanisms_is_left_alone() -> None:
    for text in ("seed: 1", "mechanisms: on", "mechanisms: null"):
        root = parse(text, "x.yaml").root
        assert isinstance(root, Branch)
        assert switched_on(root) is root
