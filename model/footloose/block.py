"""What every YAML block is: frozen, strict, documented; parameters with unit, range, source in one place."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from footloose.errors import nearest

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Value = TypeVar("Value")
Certainty = Literal["A", "B", "C", "D"]


class Block(BaseModel):
    """A section of a scenario file: frozen; unknown keys, wrong types and infinite numbers are errors.

    The docstring under each field is its meaning; schema, manual and error messages are made from it. They are read
    when they are asked for (`documented`), and a block is built when it is first used: commands start at once.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON schema with the meaning of every field."""
        result = handler(schema)
        properties = handler.resolve_ref_schema(result).get("properties", {})
        for name, field in documented(cls).items():
            key = field.alias or name
            if field.description and key in properties:
                properties[key] = dict(sorted({**properties[key], "description": field.description}.items()))
        return result


@cache
def documented(block: type[Block]) -> Mapping[str, FieldInfo]:
    """Return the fields of a block by name, each with its meaning: the docstring under it."""
    for name, meaning in _docstrings(block).items():
        field = block.model_fields.get(name)
        if field is not None and field.description is None:
            field.description = meaning
    return block.model_fields


def _docstrings(block: type[Block]) -> dict[str, str]:
    """Return the docstrings under the fields of a class and of those it inherits from."""
    found: dict[str, str] = {}
    for kind in reversed([kind for kind in block.__mro__ if issubclass(kind, Block)]):
        body = next(
            (
                node.body
                for node in ast.walk(ast.parse(inspect.getsource(inspect.getmodule(kind) or kind)))
                if isinstance(node, ast.ClassDef) and node.name == kind.__name__
            ),
            [],
        )
        for field, after in pairwise(body):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                found[field.target.id] = inspect.cleandoc(str(after.value.value))
    return found


def said_in(block: Block) -> str:
    """Return what a block says; the same text for the same content."""
    return block.model_dump_json()


def one_of_its_content(block: Block) -> Block:
    """Return the first block that was seen to say the same: what was worked out with it holds for all of them."""
    if len(_seen) >= SEEN:
        _seen.clear()
    return _seen.setdefault((type(block), said_in(block)), block)


SEEN = 2_000
_seen: dict[tuple[type[Block], str], Block] = {}
"""Blocks by their content."""


def parameter(default: float, *, unit: str, low: float, high: float, source: str, certainty: Certainty = "B") -> Any:
    """Declare a number of the model in its one home.

    default, low, high : the value and the range outside which it is refused, in `unit`
    unit               : "1" for a pure number, otherwise in words
    source             : where the value and the range come from
    certainty          : A loaded from a data file, B read in a publication, C unverified, D derived
    """
    return Field(
        default,
        ge=low,
        le=high,
        json_schema_extra={"unit": unit, "source": source, "certainty": certainty, "range": [low, high]},
    )


def known(kind: str) -> AfterValidator:
    """Return the check that a text is a name of its kind.

    The names come with the validation context, a mapping from kind to names; without one any text will do.
    """

    def check(value: str, info: ValidationInfo) -> str:
        allowed = (info.context or {}).get(kind)
        if allowed is None or value in allowed:
            return value
        details = {
            "kind": kind,
            "given": value,
            "allowed": tuple(allowed),
            "nearest": nearest(value, allowed),
        }
        raise PydanticCustomError("unknown_name", "unknown {kind} {given}", details)

    return AfterValidator(check)


def one_or_many(value: object) -> object:
    """Return a list, or a single text, as a tuple; anything else as it is."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


ONE_OR_MANY: dict[str, JsonValue] = {"x-one": True}
"""Says in a schema that a single item may stand for a list of one."""

Market = Annotated[str, known("market"), WithJsonSchema({"type": "string", "x-names": "market"})]
Site = Annotated[str, known("site"), WithJsonSchema({"type": "string", "x-names": "site"})]
Sector = Annotated[str, known("sector"), WithJsonSchema({"type": "string", "x-names": "sector"})]
Origin = Annotated[str, known("origin"), WithJsonSchema({"type": "string", "x-names": "origin"})]
SiteOrGroup = Annotated[str, known("site or group"), WithJsonSchema({"type": "string", "x-names": "site or group"})]
SectorOrAll = Annotated[str, known("sector or all"), WithJsonSchema({"type": "string", "x-names": "sector or all"})]

MarketOrAll = Annotated[str, known("market or all"), WithJsonSchema({"type": "string", "x-names": "market or all"})]

Markets = Annotated[
    tuple[MarketOrAll, ...], BeforeValidator(one_or_many), Field(min_length=1, json_schema_extra=ONE_OR_MANY)
]
"""A list of markets, or one name, or `all`."""

Sites = Annotated[
    tuple[SiteOrGroup, ...], BeforeValidator(one_or_many), Field(min_length=1, json_schema_extra=ONE_OR_MANY)
]
"""A list of sites and groups of sites, or one name, or `all`."""

Sectors = Annotated[
    tuple[SectorOrAll, ...], BeforeValidator(one_or_many), Field(min_length=1, json_schema_extra=ONE_OR_MANY)
]
"""A list of sectors, or one name, or `all`."""


class Frozen(Mapping[str, Value]):
    """A mapping that cannot be changed and can be sent to another process."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, Value]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: str) -> Value:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)
