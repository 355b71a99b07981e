"""A scenario: one frozen question to the model, read from YAML, or every mistake in it at once.

    scenario = load("baseline")                       a shipped scenario
    scenario = load("mine.yaml", overrides=["firms=5000"])
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from footloose.block import Block, Frozen, known, one_or_many
from footloose.dated import Date
from footloose.errors import Problem, ScenarioError, UnknownName
from footloose.library import find_scenario, overlays, shipped
from footloose.merging import Stack
from footloose.mistakes import Names, allowed_names, did_you_mean, dotted, find, read_block, unknown_key
from footloose.policies import INSTRUMENTS, SLUG, Instrument, subsidy_mistakes
from footloose.registry import mechanism_blocks, section_blocks
from footloose.source import Branch, Entry, Mark, Scalar, is_null, kind_of, plain

if TYPE_CHECKING:
    from footloose.history import PolicyRow

__all__ = ["PolicyRecord", "Scenario", "Wording", "Years", "check", "load", "overlays", "schema", "shipped"]

FIRST_YEAR, LAST_YEAR = 2010, 2035
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
    from footloose.no_effect import no_effect

    try:
        stack = _collect(path_or_name, overrides, overlays)
    except ScenarioError as error:
        return list(error.problems)
    scenario, problems = _read(stack)
    if scenario is None or problems:
        return problems
    below, _ = _build(stack.combined(without_own=True), scenario.name, ())
    return no_effect(scenario, below)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of scenario files, for editors."""
    from footloose.schema import scenario_schema

    return scenario_schema(Heading, names())


def names() -> Names:
    """Return the names that scenarios may use, by kind."""
    from footloose.geography import load_geography

    geography = load_geography()
    return {
        "market": geography.markets,
        "site": geography.sites,
        "sector": geography.sectors,
        "origin": geography.origins,
        "site or group": tuple(geography.groups),
        "sector or all": (*geography.sectors, "all"),
        "instrument or authority": _record_names(),
    }


def _record_names() -> tuple[str, ...]:
    from footloose.geography import load_geography
    from footloose.history import load_policy_record

    geography = load_geography()
    rows = load_policy_record(geography.sites, geography.sectors, geography.groups)
    return (*sorted({row.authority for row in rows}), *(row.id for row in rows))


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
    scenario, problems = _build(stack.combined(), stack.own.stem, files)
    known_places = {(problem.file, problem.line, problem.column) for problem in spelling if problem.line}
    fresh = [problem for problem in problems if (problem.file, problem.line, problem.column) not in known_places]
    return scenario, _sorted([*spelling, *stack.clashes(), *fresh], stack)


def _sorted(problems: Sequence[Problem], stack: Stack) -> list[Problem]:
    """Return the problems once each, the scenario's own file first, by line; cut after MAX_PROBLEMS."""
    order = [layer.name for layer in reversed(list(stack.layers.values()))]
    place = {name: position for position, name in enumerate(order)}
    unique = sorted(
        dict.fromkeys(problems), key=lambda found: (place.get(found.file, len(order)), found.line, found.column)
    )
    if len(unique) <= MAX_PROBLEMS:
        return unique
    rest = Problem(f"and {len(unique) - MAX_PROBLEMS} more mistakes", file=unique[0].file)
    return [*unique[:MAX_PROBLEMS], rest]


def _build(root: Branch, stem: str, files: tuple[str, ...]) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of a merged tree, or None and its mistakes."""
    known_names = names()
    heading_keys = [part.alias or name for name, part in Heading.model_fields.items()]
    allowed = [*heading_keys, "policies", "mechanisms", *section_blocks()]
    problems = [
        unknown_key(key, entry.key, allowed, ()) for key, entry in root.entries.items() if key not in allowed
    ]
    own = replace(root, entries={key: entry for key, entry in root.entries.items() if key in heading_keys})
    heading, found = read_block(Heading, own, (), known_names)
    problems += found
    policies = _read_policies(root, known_names, problems)
    mechanisms = _read_mechanisms(root, known_names, problems)
    parts = _read_sections(root, known_names, problems)
    name = heading.name if heading is not None and heading.name is not None else stem
    if heading is not None and not re.match(SLUG, name):
        message = f"the file's name {name!r} is no scenario name (a-z, 0-9, _ and -); add `name:`"
        problems.append(root.mark.problem(message, "name"))
    if problems or heading is None:
        return None, problems
    given = {key: getattr(heading, key) for key in Heading.model_fields if key != "name"}
    scenario = Scenario(
        name=name, policies=policies, mechanisms=mechanisms, sections=parts, files=files, tree=root, **given
    )
    return scenario, []


def _mapping(entry: Entry | None, key: str, problems: list[Problem]) -> Mapping[str, Entry]:
    """Return the entries of a mapping, without those that null deletes."""
    if entry is None or is_null(entry.node):
        return {}
    if isinstance(entry.node, Branch):
        return {name: inner for name, inner in entry.node.entries.items() if not is_null(inner.node)}
    message = f"{key}: given {kind_of(plain(entry.node))}; wanted a mapping (name: ...)"
    problems.append(entry.node.mark.problem(message, key))
    return {}


def _read_policies(root: Branch, known_names: Names, problems: list[Problem]) -> Frozen[Instrument]:
    policies: dict[str, Instrument] = {}
    for name, entry in _mapping(root.entries.get("policies"), "policies", problems).items():
        path = ("policies", name)
        if not re.match(SLUG, name):
            message = f"policy name {name!r}: use a-z, 0-9, _ and -, such as tariff_on_steel"
            problems.append(entry.key.problem(message, dotted(path)))
        if not isinstance(entry.node, Branch):
            message = f"{dotted(path)}: given {kind_of(plain(entry.node))}; wanted a mapping (kind: tariff, ...)"
            problems.append(entry.node.mark.problem(message, dotted(path)))
            continue
        kind = entry.node.entries.get("kind")
        word = plain(kind.node) if kind is not None else None
        if not isinstance(word, str) or word not in INSTRUMENTS:
            problems.append(_no_kind(kind, word, entry, path))
            continue
        policy, found = read_block(INSTRUMENTS[word], entry.node, path, known_names)
        problems += found
        if found and word == "subsidy":
            messages = [f"{dotted(path)}: {message}" for message in subsidy_mistakes(plain(entry.node))]
            said = {problem.message for problem in found}
            problems += [entry.key.problem(text, dotted(path)) for text in messages if text not in said]
        if policy is not None:
            policies[name] = policy
    return Frozen(policies)


def _no_kind(kind: Entry | None, word: object, entry: Entry, path: tuple[str, ...]) -> Problem:
    allowed = list(INSTRUMENTS)
    if kind is None or is_null(kind.node):
        message = f"{dotted(path)}: 'kind' is missing; {allowed_names(allowed)}"
        return entry.key.problem(message, dotted((*path, "kind")))
    hint = did_you_mean(str(word), allowed)
    message = f"{dotted(path)}.kind: given {kind_of(word)}{hint}; {allowed_names(allowed)}"
    return kind.node.mark.problem(message, dotted((*path, "kind")))


def _read_mechanisms(root: Branch, known_names: Names, problems: list[Problem]) -> Frozen[Block | None]:
    blocks = mechanism_blocks()
    given = _mapping(root.entries.get("mechanisms"), "mechanisms", problems)
    problems += [
        unknown_key(name, entry.key, blocks, ("mechanisms",)) for name, entry in given.items() if name not in blocks
    ]
    mechanisms: dict[str, Block | None] = {}
    for name, block in blocks.items():
        entry = given.get(name)
        if entry is not None and isinstance(entry.node, Scalar) and entry.node.value == "off":
            mechanisms[name] = None
        else:
            mechanisms[name] = _read_part(block, entry, ("mechanisms", name), "a mapping, or off", known_names, problems)
    return Frozen(mechanisms)


def _read_sections(root: Branch, known_names: Names, problems: list[Problem]) -> Frozen[Block]:
    sections: dict[str, Block] = {}
    for name, block in section_blocks().items():
        part = _read_part(block, root.entries.get(name), (name,), "a mapping (key: value)", known_names, problems)
        if part is not None:
            sections[name] = part
    return Frozen(sections)


def _read_part(
    block: type[Block],
    entry: Entry | None,
    path: tuple[str, ...],
    wanted: str,
    known_names: Names,
    problems: list[Problem],
) -> Block | None:
    """Return a block with its defaults; None, and a problem, when what is given does not fit."""
    if entry is None or is_null(entry.node):
        return block()
    if not isinstance(entry.node, Branch):
        message = f"{dotted(path)}: given {kind_of(plain(entry.node))}; wanted {wanted}"
        problems.append(entry.node.mark.problem(message, dotted(path)))
        return None
    part, found = read_block(block, entry.node, path, known_names)
    problems += found
    return part


