"""Dates and dated paths: a number that holds for ever, or one that changes on given days.

A year means 1 January, a month its first day. A dated path such as {2025: 10, 2027-07-01: 25} holds each
value from its day until the next.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from footloose.block import Sector

DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


def parse_date(value: object) -> date:
    """Return the day meant by 2027, `2027-07` or `2027-07-01`; raises ValueError otherwise."""
    if isinstance(value, date):
        return value
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    match = _DATE.match(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part or 1) for part in match.groups())
    return date(year, month, day)


def _read_date(value: object) -> date:
    try:
        return parse_date(value)
    except ValueError as error:
        reason = str(error)
        raise PydanticCustomError("date", "{reason}", {"reason": reason}) from None


Date = Annotated[
    date,
    BeforeValidator(_read_date),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1000, "maximum": 9999},
                {"type": "string", "pattern": DATE_PATTERN},
            ],
            "description": "YYYY, YYYY-MM or YYYY-MM-DD; a year means 1 January",
        }
    ),
]
"""A day; a year means 1 January, a month its first day."""


@dataclass(frozen=True)
class DatedPath:
    """A number over time: values[i] holds from dates[i] until the next date.

    dates and values are of equal length, at least 1; dates rise. A number without dates starts at `date.min`.
    """

    dates: tuple[date, ...]
    values: tuple[float, ...]

    @classmethod
    def constant(cls, value: float) -> DatedPath:
        """Return the path that never changes."""
        return cls((date.min,), (float(value),))

    @classmethod
    def of(cls, given: float | Mapping[date, float]) -> DatedPath:
        """Return the path of a number or of a mapping from days to numbers, in any order."""
        if not isinstance(given, Mapping):
            return cls.constant(given)
        days = sorted(given)
        return cls(tuple(days), tuple(float(given[day]) for day in days))

    def on(self, day: date, before: float = 0.0) -> float:
        """Return the value in force on a day, or `before` when the path has not begun."""
        position = bisect.bisect_right(self.dates, day) - 1
        return self.values[position] if position >= 0 else before

    def in_year(self, year: int, before: float = 0.0) -> float:
        """Return the day-weighted mean over a year."""
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        cuts = [first, *(day for day in self.dates if first < day < after), after]
        pairs = pairwise(cuts)
        return sum((end - start) / timedelta(1) * self.on(start, before) for start, end in pairs) / (after - first).days

    def as_data(self) -> float | dict[str, float]:
        """Return the number, or the mapping from ISO dates to numbers."""
        if self.dates == (date.min,):
            return self.values[0]
        return {day.isoformat(): value for day, value in zip(self.dates, self.values, strict=True)}


def looks_dated(value: object) -> bool:
    """Return True for a mapping meant as a dated path: a key begins with a digit, or there is no key."""
    return isinstance(value, Mapping) and (not value or any(str(key)[:1].isdigit() for key in value))


def _shape(value: object) -> str:
    return "<dated>" if isinstance(value, Mapping) else "<number>"


@dataclass(frozen=True)
class Steps:
    """Annotation of a DatedPath field: the range of its numbers."""

    low: float
    high: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.float_schema(strict=True, ge=self.low, le=self.high, allow_inf_nan=False)
        day = core_schema.no_info_plain_validator_function(_read_date)
        dated = core_schema.dict_schema(day, number, min_length=1)
        either = core_schema.tagged_union_schema({"<number>": number, "<dated>": dated}, discriminator=_shape)
        path = core_schema.no_info_after_validator_function(DatedPath.of, either)
        return core_schema.json_or_python_schema(
            json_schema=path,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(DatedPath), path], mode="left_to_right"
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(DatedPath.as_data),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON schema: a number, or a mapping from dates to numbers."""
        number = {"type": "number", "minimum": self.low, "maximum": self.high}
        dated = {"type": "object", "patternProperties": {DATE_PATTERN: number}, "additionalProperties": False}
        return {"anyOf": [number, dated | {"minProperties": 1}]}


BySector: TypeAlias = DatedPath | dict[str, DatedPath]


@dataclass(frozen=True)
class Rate:
    """Annotation of an amount: a number, a dated path, or a mapping from sectors to either."""

    high: float
    low: float = 0.0

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        path = handler.generate_schema(Annotated[DatedPath, Steps(self.low, self.high)])
        sectors = core_schema.dict_schema(handler.generate_schema(Sector), path, min_length=1)
        return core_schema.tagged_union_schema({"<path>": path, "<sectors>": sectors}, discriminator=_rate_shape)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        path = Steps(self.low, self.high).json_schema()
        return {"anyOf": [*path["anyOf"], {"type": "object", "x-keys": "sector", "additionalProperties": path}]}


def _rate_shape(value: object) -> str:
    if isinstance(value, Mapping) and not looks_dated(value):
        return "<sectors>"
    return "<path>"


def path(steps: Mapping[int, float], *, unit: str, low: float, high: float, source: str, certainty: str) -> Any:
    """Declare a parameter that changes over time; each value holds from 1 January of its year."""
    default = DatedPath.of({date(year, 1, 1): value for year, value in steps.items()})
    return Field(
        default,
        json_schema_extra={"unit": unit, "source": source, "certainty": certainty, "range": [low, high]},
    )
