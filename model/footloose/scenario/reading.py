"""A merged tree of a scenario file -> a Scenario, or every mistake in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic

from footloose.block import Block, Frozen
from footloose.errors import Problem
from footloose.policies import EVENTS, INSTRUMENTS, SLUG, Event, Instrument, subsidy_mistakes
from footloose.registry import find_mechanisms, section_blocks
from footloose.scenario.heading import Heading
from footloose.scenario.mistakes import (
    MISSING,
    AnyBlock,
    Names,
    allowed_names,
    did_you_mean,
    dotted,
    read_block,
    unknown_key,
)
from footloose.scenario.resolved import Scenario
from footloose.source import Branch, Entry, Scalar, is_null, kind_of, plain


@dataclass(frozen=True)
class Dated(Generic[AnyBlock]):
    """A section of named blocks of several kinds: its key, the kinds, what one is called, and an example of a name."""

    section: str
    kinds: Mapping[str, type[AnyBlock]]
    noun: str
    example: str


POLICIES: Dated[Instrument] = Dated("policies", INSTRUMENTS, "policy", "tariff_on_steel")
SHOCKS: Dated[Event] = Dated("shocks", EVENTS, "shock", "earthquake_2031")


def build(
    root: Branch, stem: str, known_names: Names, files: tuple[str, ...] = ()
) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of a merged tree, or None and its mistakes."""
    heading_keys = [part.alias or name for name, part in Heading.model_fields.items()]
    allowed = [*heading_keys, POLICIES.section, SHOCKS.section, "mechanisms", *section_blocks()]
    problems = [unknown_key(key, entry.key, allowed, ()) for key, entry in root.entries.items() if key not in allowed]
    own = replace(root, entries={key: entry for key, entry in root.entries.items() if key in heading_keys})
    heading, found = read_block(Heading, Entry(root.mark, own), (), known_names)
    problems += found
    policies = _read_dated(root, POLICIES, known_names, problems)
    shocks = _read_dated(root, SHOCKS, known_names, problems)
    mechanisms = _read_mechanisms(root, known_names, problems)
    parts = _read_sections(root, known_names, problems)
    name = heading.name if heading is not None and heading.name is not None else stem
    if heading is not None and not re.fullmatch(SLUG, name):
        message = f"the file's name {name!r} is no scenario name (a-z, 0-9, _ and -); add `name:`"
        problems.append(root.mark.problem(message, "name"))
    if problems or heading is None:
        return None, problems
    given = {key: getattr(heading, key) for key in Heading.model_fields if key != "name"}
    scenario = Scenario(
        name=name,
        policies=policies,
        shocks=shocks,
        mechanisms=mechanisms,
        sections=parts,
        files=files,
        tree=root,
        **given,
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


def _read_dated(root: Branch, what: Dated[AnyBlock], known_names: Names, problems: list[Problem]) -> Frozen[AnyBlock]:
    """Return the named blocks of a section, each of one of several kinds."""
    blocks: dict[str, AnyBlock] = {}
    given = _mapping(root.entries.get(what.section), what.section, problems)
    for name, entry in given.items():
        path = (what.section, name)
        if not re.fullmatch(SLUG, name):
            message = f"{what.noun} name {name!r}: use a-z, 0-9, _ and -, such as {what.example}"
            problems.append(entry.key.problem(message, dotted(path)))
        if not isinstance(entry.node, Branch):
            wanted = f"a mapping (kind: {next(iter(what.kinds))}, ...)"
            message = f"{dotted(path)}: given {kind_of(plain(entry.node))}; wanted {wanted}"
            problems.append(entry.node.mark.problem(message, dotted(path)))
            continue
        kind = entry.node.entries.get("kind")
        word = plain(kind.node) if kind is not None else None
        if not isinstance(word, str) or word not in what.kinds:
            problems.append(_no_kind(kind, entry, path, [other for other in given if other != name], what.kinds))
            continue
        block, found = read_block(what.kinds[word], entry, path, known_names)
        problems += found
        if found and word == "subsidy":
            messages = [f"{dotted(path)}: {message}" for message in subsidy_mistakes(plain(entry.node))]
            said = {problem.message for problem in found}
            problems += [entry.key.problem(text, dotted(path)) for text in messages if text not in said]
        if block is not None:
            blocks[name] = block
    return Frozen(blocks)


def _no_kind(
    kind: Entry | None, entry: Entry, path: tuple[str, str], others: list[str], kinds: Iterable[str]
) -> Problem:
    """Return the problem of a block without a valid kind; perhaps its own name is the mistake."""
    key, allowed = dotted((*path, "kind")), list(kinds)
    if kind is None or is_null(kind.node):
        hint = did_you_mean(path[1], others)
        return entry.key.problem(f"{dotted(path)}: 'kind' {MISSING}{hint}; {allowed_names(allowed)}", key)
    word = plain(kind.node)
    hint = did_you_mean(str(word), allowed)
    return kind.node.mark.problem(f"{key}: given {kind_of(word)}{hint}; {allowed_names(allowed)}", key)


def _read_mechanisms(root: Branch, known_names: Names, problems: list[Problem]) -> Frozen[Block | None]:
    known = find_mechanisms()
    given = _mapping(root.entries.get("mechanisms"), "mechanisms", problems)
    problems += [
        unknown_key(name, entry.key, known, ("mechanisms",)) for name, entry in given.items() if name not in known
    ]
    mechanisms: dict[str, Block | None] = {}
    for name, mechanism in known.items():
        entry = given.get(name)
        off = isinstance(entry.node, Scalar) and entry.node.value == "off" if entry else not mechanism.baseline
        path, wanted = ("mechanisms", name), f"a mapping, on or off{_switch(entry)}"
        mechanisms[name] = None if off else _read_part(mechanism.params, entry, path, wanted, known_names, problems)
    return Frozen(mechanisms)


def _switch(entry: Entry | None) -> str:
    """Return what to write for another spelling of on or off."""
    value = plain(entry.node) if entry is not None else None
    word = str(value).strip().lower() if isinstance(value, str | bool) else ""
    spellings = {"on": ("true", "yes", "on"), "off": ("false", "no", "none", "off")}
    return next((f" (write {switch})" for switch, words in spellings.items() if word in words), "")


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
    part, found = read_block(block, entry, path, known_names)
    problems += found
    return part
