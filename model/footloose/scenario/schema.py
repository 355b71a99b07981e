"""The JSON Schema of scenario files, made from the blocks: what editors complete and underline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footloose.block import Block
from footloose.policies import EVENTS, INSTRUMENTS, SLUG
from footloose.registry import Mechanism, find_mechanisms, section_blocks
from footloose.scenario.heading import Heading
from footloose.scenario.mistakes import Names

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema(names: Names) -> dict[str, Any]:
    """Return the schema of a scenario file; a key that is not required here may still be inherited.

    names : valid names by kind (`site`, `sector`, ...), written into the schema as enumerations
    """
    heading = _block(Heading, names)
    mechanisms = {name: _switched(each, _block(each.params, names)) for name, each in find_mechanisms().items()}
    properties = heading["properties"] | {
        "$schema": {"type": "string", "description": "Address of this schema, for editors."},
        "extends": {
            "description": "A file, or a list of files, to build on: next to this file, or shipped.",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "policies": {
            "type": "object",
            "description": "The scenario's own dated instruments by name; null deletes an inherited one.",
            "propertyNames": {"pattern": SLUG},
            "additionalProperties": _by_kind(INSTRUMENTS, names),
        },
        "shocks": {
            "type": "object",
            "description": "Dated events outside the law by name; null deletes an inherited one.",
            "propertyNames": {"pattern": SLUG},
            "additionalProperties": _by_kind(EVENTS, names),
        },
        "mechanisms": {
            "type": "object",
            "description": "Parameters of the mechanisms, which switch one on; or on, or off.",
            "properties": mechanisms,
            "additionalProperties": False,
        },
    }
    properties |= {name: _block(block, names) for name, block in section_blocks().items()}
    return {
        "$schema": DRAFT,
        "title": "footloose scenario",
        "type": "object",
        "properties": {name: _or_null(part) for name, part in properties.items()},
        "additionalProperties": False,
    }


def _by_kind(kinds: Mapping[str, type[Block]], names: Names) -> dict[str, Any]:
    """Return the schema of one instrument or event: by `kind`, or, without `kind`, changes to an inherited one."""
    blocks = {kind: _block(block, names) for kind, block in kinds.items()}
    conditions = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {name: part for name, part in block.items() if name not in ("required", "title")},
        }
        for kind, block in blocks.items()
    ]
    words = {"properties": {"kind": {"enum": [*blocks, None], "description": "The kind."}}}
    return {"type": ["object", "null"], **words, "allOf": conditions}


def _block(block: type[Block], names: Names) -> dict[str, Any]:
    """Return the schema of a block, definitions and names filled in; nothing required: it may be inherited."""
    schema = block.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs", {})
    filled: dict[str, Any] = _fill(schema, definitions, names)
    filled.pop("required", None)
    for name, part in filled.get("properties", {}).items():
        filled["properties"][name] = _or_null(_described(part))
    return filled


def _fill(part: Any, definitions: dict[str, Any], names: Names) -> Any:
    """Return a part of a schema with references and lists of names written out."""
    if isinstance(part, list):
        return [_fill(item, definitions, names) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target = definitions[part["$ref"].removeprefix("#/$defs/")]
        part = {key: value for key, value in target.items() if key != "title"} | {
            key: value for key, value in part.items() if key != "$ref"
        }
    result = {key: _fill(value, definitions, names) for key, value in part.items()}
    kind = result.pop("x-names", None)
    if kind in names:
        result = {**result, "enum": list(names[kind])}
    keys = result.pop("x-keys", None)
    if keys in names:
        result = {**result, "propertyNames": {"enum": list(names[keys])}}
    if result.pop("x-one", False):
        words = {key: result.pop(key) for key in ("description", "default", "title") if key in result}
        result = words | {"anyOf": [result, result["items"]]}
    return result


def _described(part: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema with unit, range and source in its description, where editors show them."""
    unit, limits, source = part.get("unit"), part.get("range"), part.get("source")
    text = part.get("description", "")
    if unit is not None and unit != "1":
        text += f" [{unit}]"
    if limits:
        text += f" Range {limits[0]} to {limits[1]}."
    if source:
        text += f" Source: {source}."
    return part | ({"description": text} if text else {})


def _switched(mechanism: Mechanism, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a mechanism: its parameters, on or off; the description says what it is by default."""
    default = "on" if mechanism.baseline else "off"
    text = f"{mechanism.summary} By default {default}; evidence: {mechanism.evidence}."
    return {"description": text, "anyOf": [schema, {"enum": ["on", "off"]}]}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that also takes null, which deletes what is inherited."""
    words = {key: schema[key] for key in ("description", "default") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in words}
    return words | {"anyOf": [rest, {"type": "null"}]}
