"""The scenario as the model gets it: frozen, every default filled in, every value with its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from footloose.block import Block
from footloose.errors import UnknownName
from footloose.policies import Event, Instrument
from footloose.scenario.heading import PolicyRecord, Wording, Years
from footloose.scenario.mistakes import dotted, find
from footloose.source import Branch, Mark


@dataclass(frozen=True)
class Scenario:
    """A scenario with every default filled in; nothing in it can be changed.

    mechanisms : every mechanism by name; None where it is off
    policies   : the scenario's own instruments by id, on top of the policy record
    shocks     : dated events outside the law by id
    sections   : decisions, projects, orders and so on by name
    files      : every file and `--set` it was read from, lowest first
    """

    name: str
    title: Wording
    question: Wording
    evidence: tuple[str, ...]
    years: Years
    firms: int
    replicates: int
    seed: int
    policy_record: PolicyRecord
    policies: Mapping[str, Instrument]
    shocks: Mapping[str, Event]
    mechanisms: Mapping[str, Block | None]
    sections: Mapping[str, Block]
    files: tuple[str, ...] = field(default=(), compare=False)
    tree: Branch = field(default=Branch({}, Mark("")), repr=False, compare=False)

    def as_data(self) -> dict[str, Any]:
        """Return the resolved scenario as plain data; as YAML or JSON it loads as the same scenario."""
        data: dict[str, Any] = {
            "name": self.name,
            "title": {key: text for key, text in self.title.model_dump().items() if text},
            "question": {key: text for key, text in self.question.model_dump().items() if text},
            "evidence": list(self.evidence),
            "years": _dump(self.years),
            "firms": self.firms,
            "replicates": self.replicates,
            "seed": self.seed,
            "policy_record": _dump(self.policy_record),
            "policies": {name: _dump(policy) for name, policy in self.policies.items()},
            "shocks": {name: _dump(event) for name, event in self.shocks.items()},
            "mechanisms": {name: "off" if block is None else _dump(block) for name, block in self.mechanisms.items()},
        }
        return data | {name: _dump(block) for name, block in self.sections.items()}

    def digest(self) -> str:
        """Return the SHA-256 of the resolved scenario, the same however the content was written."""
        text = json.dumps(self.as_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def provenance(self, key: str) -> tuple[str, int]:
        """Return file and line of a dotted key's value; ("default", 0) where no file sets it.

        Raises UnknownName when there is no such key.
        """
        steps = tuple(key.split("."))
        mark = find(self.tree, steps)
        if mark is not None:
            return mark.file, mark.line
        data: Any = self.as_data()
        for position, step in enumerate(steps):
            if not isinstance(data, dict) or step not in data:
                here = data if isinstance(data, dict) else {}
                raise UnknownName("key", key, [dotted((*steps[:position], name)) for name in here])
            data = data[step]
        return "default", 0


def _dump(block: Block) -> Any:
    return _tidy(block.model_dump(mode="json", by_alias=True, exclude_none=True))


def _tidy(value: Any) -> Any:
    """Return plain data with whole numbers as integers, so that 12 and 12.0 are one value."""
    if isinstance(value, dict):
        return {key: _tidy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
