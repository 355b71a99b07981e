"""YAML text -> plain data that remembers where every key and value stands.

A scenario file uses a small part of YAML: mappings, lists and scalars of the YAML 1.2 core schema, so that
`NO`, `yes` and `on` stay text. Anchors, aliases, tags, merge keys, duplicate keys, tabs and several documents
are mistakes; all mistakes of a file are collected, none is raised. Only this module reads YAML.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import yaml

from footloose.errors import Problem
from footloose.source.nodes import (
    Branch,
    Entry,
    Listing,
    Mark,
    Node,
    Scalar,
    child,
    full_width_hint,
    is_dated,
    is_null,
    kind_of,
    leaves,
    plain,
)

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Branch",
    "Document",
    "Entry",
    "Listing",
    "Mark",
    "Node",
    "Scalar",
    "child",
    "full_width_hint",
    "is_dated",
    "is_null",
    "kind_of",
    "leaves",
    "parse",
    "parse_bytes",
    "plain",
    "scalar",
]

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_VALUES = 200_000

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z", re.ASCII)
_NAMED = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True)
class Document:
    """What one file says: its tree (None when it is unreadable or no mapping) and every spelling mistake."""

    file: str
    root: Branch | None
    problems: tuple[Problem, ...]


def scalar(text: str) -> str | int | float | bool | None:
    """Return the value of unquoted text by the YAML 1.2 core schema; anything doubtful stays text."""
    if text in _NAMED:
        return _NAMED[text]
    if _INTEGER.match(text):
        return int(text)
    if len(text) < 40 and set(text) & set(".eE") and _NUMBER.match(text) and math.isfinite(float(text)):
        return float(text)
    return text


def parse_bytes(content: bytes, file: str) -> Document:
    """Return the document of a file's bytes."""
    if len(content) > MAX_BYTES:
        message = f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are allowed"
        return Document(file, None, (Problem(message, file, 1, 1),))
    try:
        return parse(content.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        line, column = _place(before, len(before))
        message = f"byte 0x{content[error.start]:02x} is not UTF-8 text; save the file as UTF-8"
        return Document(file, None, (Problem(message, file, line, column),))


def parse(text: str, file: str) -> Document:
    """Return the document of a text."""
    builder = _Builder(file, _LINE_BREAK.split(text))
    odd = _NOT_TEXT.search(text)
    if odd:
        line, column = _place(text, odd.start())
        builder.complain(f"character U+{ord(odd.group()):04X} is not allowed", builder.mark(line, column))
        return Document(file, None, tuple(builder.problems))
    if not any(line.split("#")[0].strip() for line in builder.lines):
        builder.complain("the file is empty; a scenario is a mapping (key: value)", builder.mark(1, 1))
        return Document(file, None, tuple(builder.problems))
    tabs = builder.find_tabs()
    try:
        builder.build(text.replace("\t", " "))
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        if not tabs:
            builder.explain(error)
    except yaml.YAMLError as error:
        builder.complain(str(error), builder.mark(1, 1))
    return builder.document()


def _place(text: str, position: int) -> tuple[int, int]:
    lines = _LINE_BREAK.split(text[:position])
    return len(lines), len(lines[-1]) + 1


class _Stop(Exception):
    """Reading cannot go on; the reason is among the problems."""


@dataclass
class _Frame:
    """A mapping or list that is still open."""

    mark: Mark
    flow: bool
    entries: dict[str, Entry] | None
    items: list[Node] = field(default_factory=list)
    key: tuple[str, Mark] | None = None
    skip: bool = False

    def add(self, node: Node) -> None:
        if self.entries is None:
            self.items.append(node)
            return
        assert self.key is not None
        name, place = self.key
        if not self.skip:
            self.entries[name] = Entry(place, node)
        self.key, self.skip = None, False

    def close(self) -> Node:
        if self.entries is None:
            return Listing(tuple(self.items), self.mark)
        branch = Branch(self.entries, self.mark)
        return Branch(self.entries, self.mark, whole=is_dated(branch))


class _Builder:
    """Turns parser events into nodes. An open stack instead of recursion, so that depth cannot hurt."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines = file, lines
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.documents = self.values = 0

    def mark(self, line: int, column: int) -> Mark:
        text = self.lines[line - 1] if 1 <= line <= len(self.lines) else ""
        return Mark(self.file, line, column, text if len(text) <= 200 else "")

    def complain(self, message: str, mark: Mark) -> None:
        self.problems.append(mark.problem(message))

    def find_tabs(self) -> bool:
        found = False
        for number, line in enumerate(self.lines, start=1):
            if "\t" in line.split("#")[0]:
                place = self.mark(number, line.index("\t") + 1)
                self.complain("a tab is not allowed; use spaces", place)
                found = True
        return found

    def build(self, text: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for event in yaml.parse(text, Loader=loader):
            start = event.start_mark
            mark = self.mark(start.line + 1, start.column + 1) if start is not None else self.mark(1, 1)
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self.stop("a scenario file holds one document; remove the second `---`", mark)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self.put(self.stack.pop().close())
            elif isinstance(event, yaml.NodeEvent):
                self.node(event, mark)

    def stop(self, message: str, mark: Mark) -> None:
        self.complain(message, mark)
        raise _Stop

    def node(self, event: yaml.NodeEvent, mark: Mark) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            self.stop(f"more than {MAX_VALUES:,} values", mark)
        if isinstance(event, yaml.AliasEvent):
            self.complain(f"YAML aliases (*{event.anchor}) are not allowed; use `extends:`", mark)
        elif event.anchor is not None:
            self.complain(f"YAML anchors (&{event.anchor}) are not allowed; use `extends:`", mark)
        if getattr(event, "tag", None) is not None:
            self.complain(f"YAML tags ({event.tag}) are not allowed", mark)  # type: ignore[attr-defined]
        top = self.stack[-1] if self.stack else None
        if top is not None and top.entries is not None and top.key is None:
            self.key(top, event, mark)
        elif isinstance(event, yaml.ScalarEvent):
            self.put(self.value(event, mark))
        elif isinstance(event, yaml.AliasEvent):
            self.put(Scalar(None, mark))
        else:
            if len(self.stack) >= MAX_DEPTH:
                self.stop(f"nested deeper than {MAX_DEPTH} levels", mark)
            entries: dict[str, Entry] | None = {} if isinstance(event, yaml.MappingStartEvent) else None
            self.stack.append(_Frame(mark, bool(event.flow_style), entries))  # type: ignore[attr-defined]

    def key(self, top: _Frame, event: yaml.NodeEvent, mark: Mark) -> None:
        assert top.entries is not None
        if not isinstance(event, yaml.ScalarEvent):
            self.stop("a key must be plain text", mark)
            return
        name: str = event.value
        if name == "<<":
            self.complain("merge keys (<<) are not allowed; use `extends:`", mark)
            top.skip = True
        elif name in top.entries:
            first = top.entries[name].key
            self.complain(f"duplicate key {name!r} (first given on line {first.line})", mark)
            top.skip = True
        top.key = (name, mark)

    def value(self, event: yaml.ScalarEvent, mark: Mark) -> Scalar:
        if event.style not in (None, ""):
            return Scalar(event.value, mark, quoted=True)
        if event.value == "":
            top = self.stack[-1] if self.stack else None
            name, place = top.key if top is not None and top.key is not None else ("", mark)
            advice = full_width_hint(name) or "; write a value, or `null` to delete what is inherited"
            self.complain(f"no value given{advice}", place)
        return Scalar(scalar(event.value), mark)

    def put(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].add(node)
        else:
            self.root = node

    def at_end(self, index: int) -> bool:
        return not any(line.strip() for line in self.lines[index:])

    def explain(self, error: yaml.MarkedYAMLError) -> None:
        message = error.problem or str(error)
        place = error.problem_mark or error.context_mark
        if error.context_mark is not None and "could not find expected ':'" in message:
            place, message = (
                error.context_mark,
                "a key without `:`; write `key: value`, with a space after the colon",
            )
        if "unexpected end of stream" in message or (place is not None and self.at_end(place.line)):
            place, message = (
                error.context_mark or place,
                f"{message}; a quote or bracket that begins here never ends",
            )
        line, column = (place.line + 1, place.column + 1) if place is not None else (1, 1)
        mark = self.mark(min(line, len(self.lines)), column)
        if "mapping values are not allowed" in message:
            message = "a second `:` on this line; put text that holds a colon in quotes"
        self.complain(message + full_width_hint(mark.text), mark)

    def document(self) -> Document:
        root = self.root
        if root is not None and not isinstance(root, Branch):
            hint = full_width_hint(str(plain(root))[:1000])
            self.complain(f"a scenario is a mapping (key: value), not {kind_of(plain(root))}{hint}", root.mark)
            root = None
        elif root is None and not self.problems:
            self.complain("the file is empty; a scenario is a mapping (key: value)", self.mark(1, 1))
        return Document(self.file, root, tuple(self.problems))
