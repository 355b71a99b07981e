"""What firms believe of a policy: how long it will last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

FIRST_BELIEF = 0.1
"""Yearly chance of reversal a learned belief starts from, when the file gives none: about 10 % for tariffs in
the early 1990s, Alessandria et al. (JIE 2025); certainty B for the United States and tariffs, C elsewhere."""


@dataclass(frozen=True)
class Believed:
    """What firms believe of an instrument.

    reversal : yearly chance that it is reversed, 0 to 1; where `lasts` is given, not used
    learning : True when the chance falls with every year the instrument survives
    lasts    : believed length in years, or None
    """

    reversal: float = FIRST_BELIEF
    learning: bool = True
    lasts: float | None = None

    @classmethod
    def of(cls, given: object) -> Believed:
        """Return the belief written as a number, `permanent`, `learned`, {learned: 0.2} or {lasts: 2}."""
        if isinstance(given, Believed):
            return given
        if isinstance(given, str):
            return cls() if given == "learned" else cls(0.0, learning=False)
        if isinstance(given, Mapping):
            if "lasts" in given:
                return cls(1.0 / max(1.0, given["lasts"]), learning=False, lasts=float(given["lasts"]))
            return cls(float(given["learned"]))
        assert isinstance(given, int | float)
        return cls(float(given), learning=False)

    def as_data(self) -> float | str | dict[str, float]:
        """Return the belief as it is written in a file."""
        if self.lasts is not None:
            return {"lasts": self.lasts}
        if self.learning:
            return {"learned": self.reversal}
        return self.reversal if self.reversal else "permanent"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        chance = core_schema.float_schema(strict=True, ge=0.0, le=1.0, allow_inf_nan=False)
        length = core_schema.float_schema(strict=True, gt=0.0, le=100.0, allow_inf_nan=False)
        fields = {"<lasts>": {"lasts": length}, "<learned>": {"learned": chance}}
        choices: dict[str, CoreSchema] = {
            "<number>": chance,
            "<word>": core_schema.literal_schema(["learned", "permanent"]),
        }
        for tag, names in fields.items():
            parts = {name: core_schema.typed_dict_field(schema) for name, schema in names.items()}
            choices[tag] = core_schema.typed_dict_schema(parts, extra_behavior="forbid")
        either = core_schema.tagged_union_schema(choices, discriminator=_belief_shape)
        belief = core_schema.no_info_after_validator_function(cls.of, either)
        return core_schema.json_or_python_schema(
            json_schema=belief,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), belief], mode="left_to_right"),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.as_data),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        chance = {"type": "number", "minimum": 0, "maximum": 1}
        length = {"type": "number", "exclusiveMinimum": 0, "maximum": 100}
        pairs = [
            {"type": "object", "properties": {name: inner}, "required": [name], "additionalProperties": False}
            for name, inner in (("lasts", length), ("learned", chance))
        ]
        return {"anyOf": [chance, {"enum": ["learned", "permanent"]}, *pairs]}


def _belief_shape(value: object) -> str:
    if isinstance(value, Mapping):
        return "<learned>" if "learned" in value else "<lasts>"
    return "<word>" if isinstance(value, str) else "<number>"
