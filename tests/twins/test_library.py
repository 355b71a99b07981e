"""Every shipped scenario asks something: it changes at least one input and one output against what it extends."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from footloose.record import Record
from footloose.scenario import Scenario, load, shipped
from footloose.simulation import simulate

WORDS = ("name", "title", "question", "evidence")


@cache
def lived(name: str) -> Record:
    return simulate(load(name), firms=2_000, replicates=1)


def inputs(scenario: Scenario) -> dict[str, object]:
    return {key: value for key, value in scenario.as_data().items() if key not in WORDS}


def base_of(name: str, checkout: Path) -> str:
    text = (checkout / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    found = re.search(r"^extends: \[?(\w+)", text, re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", [name for name in shipped() if name != "literature"])
def test_a_shipped_scenario_changes_something(name: str, checkout: Path) -> None:
    base = base_of(name, checkout)
    assert inputs(load(name)) != inputs(load(base))
    one, other = lived(name), lived(base)
    changed = [
        table
        for table, values in other.tables.items()
        if table in one.tables and values.shape == one.tables[table].shape and (values != one.tables[table]).any()
    ]
    assert "sales" in changed


def test_nothing_else_is_called_a_scenario(checkout: Path) -> None:
    assert {path.stem for path in (checkout / "scenarios").glob("*.yaml")} == set(shipped())
