"""What a scenario file says besides policies, mechanisms and sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from footloose.block import ONE_OR_MANY, Block, known, one_or_many
from footloose.dated import Date
from footloose.policies import SLUG

if TYPE_CHECKING:
    from footloose.history import PolicyRow

FIRST_YEAR, LAST_YEAR = 2010, 2035


def _one_language(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


class Wording(Block):
    """A text in English, Chinese or both."""

    en: str = ""
    """English."""
    zh: str = ""
    """Chinese."""


Words = Annotated[
    Wording,
    BeforeValidator(_one_language),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Years(Block):
    """The years simulated."""

    start: int = Field(default=FIRST_YEAR, alias="from", json_schema_extra={"const": FIRST_YEAR, "unit": "year"})
    """First year; always 2010, the base year of the data."""

    until: int = Field(
        default=LAST_YEAR,
        ge=FIRST_YEAR + 1,
        le=LAST_YEAR,
        json_schema_extra={"unit": "year", "range": [FIRST_YEAR + 1, LAST_YEAR]},
    )
    """Last year; the exogenous series end in 2035."""

    @field_validator("start")
    @classmethod
    def _base_year(cls, start: int) -> int:
        if start != FIRST_YEAR:
            reason = f"given the number {start}; every scenario starts in {FIRST_YEAR}, the base year of the data"
            raise PydanticCustomError("inconsistent", "{reason}", {"reason": reason})
        return start


RECORD = "instrument or authority"
RecordName = Annotated[str, known(RECORD), WithJsonSchema({"type": "string", "x-names": RECORD})]


class PolicyRecord(Block):
    """How much of the policy record, history's dated tariffs and subsidies, the scenario keeps."""

    include: Literal["current_law", "none"] = "current_law"
    """current_law: everything enacted, the last law continued; none: no instrument of the record at all."""

    without: Annotated[tuple[RecordName, ...], BeforeValidator(one_or_many), Field(json_schema_extra=ONE_OR_MANY)] = ()
    """Instruments or whole authorities of the record that never happen, such as section_301."""

    until: Date | None = None
    """Instruments announced on this day or later never happen."""

    def keeps(self, row: PolicyRow) -> bool:
        """Return whether an instrument of the record is part of the scenario."""
        if self.include == "none" or row.id in self.without or row.authority in self.without:
            return False
        return self.until is None or row.announced < self.until


class Heading(Block):
    """What a scenario file says besides policies, mechanisms and sections."""

    name: str | None = Field(None, pattern=SLUG)
    """Short name in outputs; the file's own name when left out. Not inherited."""

    title: Words = Wording()
    """Title for figures and reports: a text, or {en: ..., zh: ...}. Not inherited."""

    question: Words = Wording()
    """What is asked. Not inherited."""

    evidence: Annotated[tuple[str, ...], BeforeValidator(one_or_many), Field(json_schema_extra=ONE_OR_MANY)] = ()
    """Where the numbers of this file come from. Not inherited."""

    years: Years = Years()
    """The years simulated: {from: 2010, until: 2035}."""

    firms: int = Field(20_000, ge=1, le=50_000_000, json_schema_extra={"unit": "programmes", "range": [1, 50_000_000]})
    """Size of the population: production programmes simulated."""

    replicates: int = Field(1, ge=1, le=10_000, json_schema_extra={"unit": "runs", "range": [1, 10_000]})
    """Runs with different random draws."""

    seed: int = Field(1, ge=0, le=2**53, json_schema_extra={"unit": "1", "range": [0, 2**53]})
    """Seed of the random numbers."""

    policy_record: PolicyRecord = PolicyRecord()
    """How much of the policy record the scenario keeps."""
