"""Scenarios as plain data: built from it, and with single values replaced by dotted key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from footloose.errors import ScenarioError, UnknownName
from footloose.scenario.names import names
from footloose.scenario.reading import build
from footloose.scenario.resolved import Scenario
from footloose.source import parse

DESCRIPTION = ("name", "title", "question", "evidence")
"""Keys that describe a scenario and change no run."""
SIZE = ("years", "firms", "replicates", "seed")
"""Keys that say how much is simulated; twins share them."""


def scenario_of(data: Mapping[str, Any], place: str) -> Scenario:
    """Return the scenario of plain data, such as Scenario.as_data gives.

    place  : named in messages as the file
    raises : ScenarioError with every mistake
    """
    document = parse(json.dumps(dict(data), ensure_ascii=False, default=str), place)
    if document.root is None or document.problems:
        raise ScenarioError(document.problems)
    scenario, problems = build(document.root, str(data.get("name") or "scenario"), names(), (place,))
    if scenario is None:
        raise ScenarioError([replace(problem, line=0, column=0, source_line="") for problem in problems])
    return scenario


def with_value(scenario: Scenario, key: str, value: Any) -> Scenario:
    """Return the scenario with one value replaced, by dotted key.

    raises: UnknownName for a key that does not exist, ScenarioError for a value that does not fit
    """
    return with_values(scenario, {key: value}, f"{key}={value}")


def with_values(scenario: Scenario, values: Mapping[str, Any], place: str) -> Scenario:
    """Return the scenario with several values replaced, by dotted key; keys of what is switched off are passed over.

    raises: UnknownName for a key that does not exist, ScenarioError for values that do not fit
    """
    data = scenario.as_data()
    for key, value in values.items():
        inner: Any = data
        *path, last = key.split(".")
        for step in path:
            inner = _step(inner, step, key)
        if inner == "off":
            continue
        _step(inner, last, key)
        inner[last] = value
    return scenario_of(data, place)


def _step(data: Any, step: str, key: str) -> Any:
    if data == "off":
        return data
    if not isinstance(data, dict) or step not in data:
        raise UnknownName(f"step {step!r} of the key", key, list(data) if isinstance(data, dict) else [])
    return data[step]
