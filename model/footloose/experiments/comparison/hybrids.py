"""Scenarios as data: what two of them differ in, part by part, and the hybrids between them.

A *part* is the smallest thing that can be switched from one scenario to the other as a whole: one instrument, one name
that the policy record leaves out, one mechanism, one section.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from footloose.errors import FootlooseError, UnknownName
from footloose.scenario import Scenario, Years
from footloose.scenario.values import DESCRIPTION, SIZE, scenario_of

Data = dict[str, Any]

NAMED = ("policies", "mechanisms", "shocks")
"""Mappings whose entries are parts of their own."""
RECORD = "policy_record"


@dataclass(frozen=True)
class Part:
    """One thing that two scenarios differ in.

    name : as shown; keys: top-level key and entry (or name in the record), one pair for each thing switched together
    """

    name: str
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Change:
    """One value that differs: dotted key, value in the one and in the other scenario (None: not there)."""

    key: str
    before: Any
    after: Any


def same_size(scenario: Scenario, like: Scenario) -> Scenario:
    """Return the scenario with firms, seed and years of another."""
    return replace(scenario, firms=like.firms, seed=like.seed, years=like.years, replicates=like.replicates)


def sized(
    scenario: Scenario,
    firms: int | None = None,
    seed: int | None = None,
    years: tuple[int, int] | None = None,
) -> Scenario:
    """Return the scenario with other firms, seed or years.

    raises: FootlooseError for years outside the series
    """
    changed = scenario
    if firms is not None:
        changed = replace(changed, firms=firms)
    if seed is not None:
        changed = replace(changed, seed=seed)
    if years is not None:
        try:
            changed = replace(changed, years=Years.model_validate({"from": years[0], "until": years[1]}))
        except ValueError as error:
            raise FootlooseError(
                f"years: {years[0]}:{years[1]} given; every run starts in 2010, ends by 2035"
            ) from error
    return changed


def changes(base: Scenario, other: Scenario) -> list[Change]:
    """Return every value of the model's inputs that differs between two scenarios, by dotted key."""
    one, two = base.as_data(), other.as_data()
    found: list[Change] = []
    for key in [*one, *(key for key in two if key not in one)]:
        if key not in DESCRIPTION + SIZE:
            found += _changes(one.get(key), two.get(key), key)
    return found


def _changes(one: Any, two: Any, key: str) -> list[Change]:
    if isinstance(one, dict) and isinstance(two, dict) and not _dated(one) and not _dated(two):
        found = []
        for name in [*one, *(name for name in two if name not in one)]:
            found += _changes(one.get(name), two.get(name), f"{key}.{name}")
        return found
    return [] if one == two else [Change(key, one, two)]


def _dated(value: dict[str, Any]) -> bool:
    return any(str(key)[:1].isdigit() for key in value)


def parts(base: Scenario, other: Scenario) -> list[Part]:
    """Return the parts in which two scenarios differ, in the order of a scenario file."""
    one, two = base.as_data(), other.as_data()
    found: list[Part] = []
    for key in dict.fromkeys([*one, *two]):
        if key in DESCRIPTION + SIZE or one.get(key) == two.get(key):
            continue
        if key == RECORD:
            found += _record_parts(one[key], two[key])
        elif key in NAMED:
            entries = dict.fromkeys([*(one.get(key) or {}), *(two.get(key) or {})])
            for name in entries:
                if (one.get(key) or {}).get(name) != (two.get(key) or {}).get(name):
                    found.append(Part(f"{key}.{name}", ((key, name),)))
        else:
            found.append(Part(key, ((key, ""),)))
    return found


def _record_parts(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[Part]:
    rest = [{key: value for key, value in data.items() if key != "without"} for data in (one, two)]
    if rest[0] != rest[1]:
        return [Part(RECORD, ((RECORD, ""),))]
    left_out = [tuple(data.get("without", ())) for data in (one, two)]
    apart = [
        name for name in dict.fromkeys([*left_out[0], *left_out[1]]) if (name in left_out[0]) != (name in left_out[1])
    ]
    return [Part(f"{RECORD}.{name}", ((RECORD, name),)) for name in apart]


def group_parts(found: list[Part], groups: Iterable[str]) -> list[Part]:
    """Return the parts with some of them joined: `NAME=PART,PART`, each part by its full name or its last word.

    raises: FootlooseError for a group without parts, UnknownName for a part that does not differ
    """
    rest, joined = list(found), []
    for group in groups:
        name, equals, members = group.partition("=")
        if not equals or not name.strip() or not members.strip():
            raise FootlooseError(f"--group {group}: write NAME=PART,PART, such as trade_war=section_301,section_232")
        keys: tuple[tuple[str, str], ...] = ()
        for member in (text.strip() for text in members.split(",")):
            fitting = [part for part in rest if member in (part.name, part.name.rpartition(".")[2])]
            if not fitting:
                raise UnknownName("part", member, [part.name.rpartition(".")[2] for part in rest])
            keys += fitting[0].keys
            rest.remove(fitting[0])
        joined.append(Part(name.strip(), keys))
    return [*joined, *rest]


def hybrid(base: Scenario, other: Scenario, switched: Iterable[Part]) -> Scenario:
    """Return the base with some parts as in the other scenario. All parts: the other; none: the base."""
    data, target = base.as_data(), other.as_data()
    chosen = [key for part in switched for key in part.keys]
    for key, name in chosen:
        if not name:
            _put(data, key, target.get(key))
        elif key == RECORD:
            _switch_record(data[RECORD], target[RECORD], name)
        else:
            _put(data.setdefault(key, {}), name, (target.get(key) or {}).get(name))
    return scenario_of(data, f"between {base.name} and {other.name}")


def _switch_record(record: dict[str, Any], target: Mapping[str, Any], name: str) -> None:
    left_out = [other for other in record.get("without", ()) if other != name]
    record["without"] = [*left_out, name] if name in target.get("without", ()) else left_out


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        data.pop(key, None)
    else:
        data[key] = value
