"""What every YAML block is: frozen, strict, documented; parameters with unit, range, source in one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

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
from pydantic_core import PydanticCustomError

from footloose.errors import nearest

Value = TypeVar("Value")
Certainty = Literal["A", "B", "C", "D"]


class Block(BaseModel):
    """A section of a scenario file: frozen; unknown keys, wrong types and infinite numbers are errors.

    The docstring under each field is its meaning; schema, manual and error messages are made from it.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


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
