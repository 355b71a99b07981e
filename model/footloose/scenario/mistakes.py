"""Mistakes in words: what the validator found, with place, given, allowed, unit and the nearest name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from footloose.block import Block, documented
from footloose.errors import Problem, nearest
from footloose.source import Entry, Mark, Node, Scalar, child, full_width_hint, kind_of, plain

AnyBlock = TypeVar("AnyBlock", bound=Block)
Names = Mapping[str, Sequence[str]]
Path = tuple[str | int, ...]

WANTED = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "string": "text",
    "tuple": "a list",
    "list": "a list",
    "dict": "a mapping (key: value)",
    "model": "a mapping (key: value)",
    "typed_dict": "a mapping (key: value)",
}
SHOWN = 25
MISSING = "is missing"
"""What every message about something that must be there says."""


def read_block(block: type[AnyBlock], entry: Entry, path: Path, names: Names) -> tuple[AnyBlock | None, list[Problem]]:
    """Return the block a mapping holds, or None and every mistake in it.

    entry : the mapping and its key; what is missing is said to be missing at the key
    path  : dotted place of the mapping in the scenario, for the messages
    names : names by kind (`site`, `sector`, ...) that the block's names are checked against
    """
    try:
        return block.model_validate_json(json.dumps(plain(entry.node)), context=names), []
    except ValidationError as error:
        return None, [_describe(found, block, entry, path) for found in error.errors(include_url=False)]


def unknown_key(name: str, entry_key: Mark, allowed: Iterable[str], path: Path) -> Problem:
    """Return the problem of a key that does not exist here."""
    names = list(allowed)
    message = f"unknown key {name!r}{did_you_mean(name, names)}{full_width_hint(name)}"
    message += f"; {allowed_names(names)}" if names else ""
    return entry_key.problem(message, dotted((*path, name)))


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """Return the question after the nearest valid name, or nothing."""
    close = nearest(name, allowed)
    return f"; did you mean {close!r}?" if close else ""


def allowed_names(names: Sequence[str]) -> str:
    """Return the list of valid names, cut when it is long."""
    shown = ", ".join(str(name) for name in names[:SHOWN])
    return f"allowed: {shown}" + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def dotted(path: Path) -> str:
    """Return a path as written on the command line: policies.x.rate."""
    return ".".join(str(step) for step in path)


def find(node: Node, path: Path) -> Mark | None:
    """Return the place of the value at a path, or None when there is no such value."""
    for step in path:
        entry = child(node, step)
        if entry is None:
            return None
        node = entry.node
    return node.mark


def _describe(found: ErrorDetails, block: type[Block], entry: Entry, path: Path) -> Problem:
    """Return one mistake in words; steps of the location that only the validator knows are left out."""
    loc = found["loc"]
    own = len(loc) - 1 if found["type"] == "extra_forbidden" else len(loc)  # a key of the file may look like a tag
    steps = tuple(step for n, step in enumerate(loc) if n >= own or (not str(step).startswith("<") and step != "[key]"))
    inner, depth = _walk(entry, steps)
    key = dotted((*path, *steps[:depth]))
    if found["type"] == "extra_forbidden":
        parent = _block_at(block, steps[:-1])
        return unknown_key(str(steps[-1]), inner.key, _names(parent) if parent else [], (*path, *steps[:-1]))
    field = _field(block, steps)
    if found["type"] == "missing":
        mark = inner.key if depth < len(steps) else inner.node.mark
        return mark.problem(said_at(key, f"{str(steps[-1])!r} {MISSING}{_meaning(field)}"), dotted((*path, *steps)))
    if found["loc"] and found["loc"][-1] == "[key]":
        inner = Entry(inner.key, Scalar(str(steps[-1]), inner.key))
    mark = inner.node.mark if steps else entry.key
    return mark.problem(said_at(key, _message(found, field, inner.node)), key)


def said_at(key: str, message: str) -> str:
    """Return a message that begins with the key it is about; the file as a whole has none."""
    return f"{key}: {message}" if key else message


def _walk(entry: Entry, steps: Path) -> tuple[Entry, int]:
    """Return the deepest entry on the way and how many steps led there."""
    for depth, step in enumerate(steps):
        inner = child(entry.node, step)
        if inner is None:
            return entry, depth
        entry = inner
    return entry, len(steps)


def _message(found: ErrorDetails, field: FieldInfo | None, node: Node) -> str:
    kind, context = found["type"], found.get("ctx", {})
    given, data = f"given {kind_of(plain(node))}", plain(node)
    if kind == "unknown_name":
        names = list(context["allowed"])
        name = context["given"]
        return (
            f"unknown {context['kind']} {name!r}{did_you_mean(name, names)}{full_width_hint(name)}; "
            f"{allowed_names(names)}"
        )
    if kind in ("date_order", "inconsistent"):
        return found["msg"]
    if kind == "date":
        return f"{given}; {found['msg']}"
    if kind in ("literal_error", "enum"):
        words = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"{given}{did_you_mean(str(data), words)}; {allowed_names(words)}{_hint(node, 'word')}"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return f"{given}; allowed: {_range(field) or found['msg']}"
    if kind == "string_pattern_mismatch":
        rule = "a name takes a-z, 0-9, _ and - only and begins with a letter or digit"
        return f"{given}; {rule}{_hint(node, 'word')}"
    if kind in ("too_long", "too_short"):
        bound, least = ("most", "max_length") if kind == "too_long" else ("least", "min_length")
        return f"{given} of {context['actual_length']}; allowed: at {bound} {context[least]}"
    wanted = kind.rsplit("_", 1)[0] if kind.endswith(("_type", "_parsing")) else ""
    if kind == "int_from_float":
        wanted = "int"
    if wanted in WANTED:
        limits = _range(field) if wanted in ("float", "int") else ""
        return f"{given}; wanted {WANTED[wanted]}{f', {limits}' if limits else ''}{_hint(node, wanted)}"
    return f"{given}; {found['msg'][:1].lower()}{found['msg'][1:]}"


def _hint(node: Node, wanted: str) -> str:
    """Return how to put a value right that is of the wrong type."""
    value = plain(node)
    if value is None:
        return " (delete the line to keep what is inherited)"
    if not isinstance(value, str):
        return ' (put it in quotes: "...")' if wanted == "string" and isinstance(value, int | float) else ""
    if full_width_hint(value):
        return full_width_hint(value)
    bare = value.strip().rstrip("%").strip().replace(",", "").replace("_", "")
    if wanted in ("float", "int") and _is_number(bare):
        if isinstance(node, Scalar) and node.quoted and bare == value:
            return f" (without quotes: {bare})"
        return f" (write {bare})"
    if wanted == "bool" and value.lower() in ("yes", "no", "on", "off", "y", "n"):
        return f" (write {'true' if value.lower() in ('yes', 'on', 'y') else 'false'})"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[-1:].isdigit() or text.endswith(".")


def _range(field: FieldInfo | None) -> str:
    """Return range and unit of a field: 0 to 1,000 [percent]."""
    if field is None:
        return ""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    limits, unit = extra.get("range"), extra.get("unit")
    low = high = None
    if isinstance(limits, list):
        low, high = limits
    for bound in field.metadata:
        low = getattr(bound, "ge", getattr(bound, "gt", low))
        high = getattr(bound, "le", getattr(bound, "lt", high))
    text = ""
    if low is not None and high is not None:
        text = f"{low} to {high}" if unit == "year" else f"{low:,} to {high:,}"
    return text + (f" [{unit}]" if unit and unit != "1" else "")


def _meaning(field: FieldInfo | None) -> str:
    if field is None:
        return ""
    limits, meaning = _range(field), (field.description or "").strip().split("\n")[0]
    return (f": {meaning}" if meaning else "") + (f" ({limits})" if limits else "")


def _names(block: type[Block]) -> list[str]:
    return [field.alias or name for name, field in block.model_fields.items()]


def _field(block: type[Block], steps: Path) -> FieldInfo | None:
    """Return the innermost field on the way to a location."""
    found: FieldInfo | None = None
    current: type[Block] | None = block
    for step in steps:
        if current is None:
            break
        for name, field in documented(current).items():
            if step in (field.alias or name, name):
                found, current = field, _inner(field.annotation)
                break
    return found


def _block_at(block: type[Block], steps: Path) -> type[Block] | None:
    current: type[Block] | None = block
    for step in steps:
        if current is None:
            return None
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        if step in fields:
            current = _inner(fields[str(step)].annotation)
    return current


def _inner(annotation: Any) -> type[Block] | None:
    """Return the first block inside an annotation, such as the Block of `dict[str, Block] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return annotation
    return next((block for block in map(_inner, get_args(annotation)) if block is not None), None)
