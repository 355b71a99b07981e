"""From files, overlays and `--set` to a scenario, or to every mistake in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from footloose.errors import Problem, ScenarioError
from footloose.merging import Stack
from footloose.scenario.library import find_scenario, overlays, shipped
from footloose.scenario.mistakes import MISSING, Names
from footloose.scenario.names import names
from footloose.scenario.no_effect import no_effect
from footloose.scenario.reading import build
from footloose.scenario.resolved import Scenario
from footloose.scenario.schema import scenario_schema
from footloose.source import Branch

MAX_PROBLEMS = 100


def load(path_or_name: str | Path, *, overrides: Sequence[str] = (), overlays: Sequence[str | Path] = ()) -> Scenario:
    """Return the scenario of a file or of a shipped name; raises ScenarioError with every mistake.

    overrides : `key=value` with dotted keys and YAML values, as in `--set`
    overlays  : files laid over the scenario
    """
    scenario, problems = _read(_collect(path_or_name, overrides, overlays))
    if scenario is None or problems:
        raise ScenarioError(problems)
    return scenario


def check(
    path_or_name: str | Path, *, overrides: Sequence[str] = (), overlays: Sequence[str | Path] = ()
) -> list[Problem]:
    """Return every mistake of a scenario, or, where there is none, warnings about what has no effect."""
    try:
        stack = _collect(path_or_name, overrides, overlays)
    except ScenarioError as error:
        return list(error.problems)
    scenario, problems = _read(stack)
    if scenario is None or problems:
        return problems
    beneath = stack.combined(without_own=True)
    below, _ = build(beneath, scenario.name, _known_names(beneath))
    return no_effect(scenario, below, stack.own_layers())


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of scenario files, for editors."""
    return scenario_schema(names())


def _collect(path_or_name: str | Path, overrides: Sequence[str], over: Sequence[str | Path]) -> Stack:
    stack = Stack(library=shipped() | overlays())
    stack.add_file(find_scenario(path_or_name), described=True)
    below = frozenset(layer.name for layer in stack.layers.values())
    for overlay in over:
        stack.add_file(find_scenario(overlay), described=False, over=below)
    for pair in overrides:
        stack.add_setting(pair)
    return stack


def _read(stack: Stack) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of the layers, or None and every mistake in the order of the files."""
    spelling = stack.problems
    if stack.own is None or stack.own not in stack.layers:
        return None, _sorted(spelling, stack)
    files = tuple(layer.name for layer in stack.all_layers())
    tree = stack.combined()
    scenario, problems = build(tree, stack.own.stem, _known_names(tree), files)
    known_places = {(problem.file, problem.line, problem.column) for problem in spelling if problem.line}
    fresh = [
        problem
        for problem in problems
        if (problem.file, problem.line, problem.column) not in known_places
        and not (stack.incomplete and MISSING in problem.message)
    ]
    return scenario, _sorted([*spelling, *stack.clashes(), *fresh], stack)


def _known_names(tree: Branch) -> Names:
    """Return the names a tree may use; the policy record, which takes long to read, only where it is spoken of."""
    return names(with_record="policy_record" in tree.entries)


def _sorted(problems: Sequence[Problem], stack: Stack) -> list[Problem]:
    """Return the problems once each, the scenario's own file first, by line; cut after MAX_PROBLEMS."""
    order = [layer.name for layer in reversed(list(stack.layers.values()))]
    place = {name: position for position, name in enumerate(order)}
    unique = sorted(
        dict.fromkeys(problems),
        key=lambda found: (place.get(found.file, len(order)), found.line, found.column),
    )
    if len(unique) <= MAX_PROBLEMS:
        return unique
    rest = Problem(f"and {len(unique) - MAX_PROBLEMS} more mistakes", file=unique[0].file)
    return [*unique[:MAX_PROBLEMS], rest]
