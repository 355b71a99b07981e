"""What a YAML text becomes: plain data in which every key and value knows its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from footloose.errors import Problem

FULL_WIDTH = dict(zip("，。：；！？（）［］｛｝“”‘’　％－＋、", ",.:;!?()[]{}\"\"'' %-+,", strict=True)) | {
    chr(0xFF10 + digit): str(digit) for digit in range(10)
}
"""Characters of Chinese typing that look like YAML and are not, with what to write instead."""

_DATE_KEY = re.compile(r"[0-9]{4}(-|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file. line and column count from 1; line 0 is a place outside files, such as `--set`."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""

    def problem(self, message: str, key: str = "", warning: bool = False) -> Problem:
        """Return a Problem at this place."""
        return Problem(message, self.file, self.line, self.column, key, self.text, warning)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, a text, true, false or null (None: as the value of a key it deletes what is inherited)."""

    value: str | int | float | bool | None
    mark: Mark
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; inherited or overridden as a whole."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its place, and its value."""

    key: Mark
    node: Node


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping. `whole` means that it replaces what it inherits instead of being merged into it."""

    entries: Mapping[str, Entry]
    mark: Mark
    whole: bool = False


Node: TypeAlias = Scalar | Listing | Branch


def plain(node: Node) -> Any:
    """Return the data without places; keys whose value is null are left out, except in a dated path."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    keep = is_dated(node)
    return {key: plain(entry.node) for key, entry in node.entries.items() if keep or not is_null(entry.node)}


def is_null(node: Node) -> bool:
    """Return True for an explicit null."""
    return isinstance(node, Scalar) and node.value is None


def is_dated(node: Node) -> bool:
    """Return True for a mapping whose keys are all dates, such as {2025: 10, 2027-07-01: 25}."""
    return isinstance(node, Branch) and bool(node.entries) and all(map(_DATE_KEY.match, node.entries))


def child(node: Node, step: str | int) -> Entry | None:
    """Return one entry of a mapping or item of a list, or None."""
    if isinstance(node, Branch):
        return node.entries.get(str(step))
    if isinstance(node, Listing) and isinstance(step, int) and 0 <= step < len(node.items):
        return Entry(node.items[step].mark, node.items[step])
    return None


def full_width_hint(text: str) -> str:
    """Return advice when a text holds a full-width character such as `：`, otherwise nothing."""
    for character in text:
        if character in FULL_WIDTH:
            return f" (full-width character {character!r}: write {FULL_WIDTH[character]!r} instead)"
    return ""


def kind_of(value: object) -> str:
    """Return what a value is, in words for a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {json.dumps(value if len(value) <= 60 else value[:57] + '...', ensure_ascii=False)}"
    return "a list" if isinstance(value, list) else "a mapping"


def leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Yield every value that is set, with path and key: scalars, lists and dated paths count as one value."""
    if not isinstance(node, Branch):
        return
    for name, entry in node.entries.items():
        inner = entry.node
        if isinstance(inner, Branch) and inner.entries and not is_dated(inner):
            yield from leaves(inner, (*path, name))
        else:
            yield (*path, name), entry
