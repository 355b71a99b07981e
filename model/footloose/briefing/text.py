"""The words of one figure: the catalogue in one language, and the names of sites and sectors that the caller passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from footloose.briefing.catalogue import LANGUAGES, phrases, say
from footloose.errors import UnknownName

BETWEEN_SENTENCES: Mapping[str, str] = {"en": " ", "zh": ""}
MANY: Mapping[str, float] = {"en": 1e3, "zh": 1e4}
SCALES: Mapping[str, Mapping[str, float]] = {
    "persons": MANY,
    "persons per year": MANY,
    "USD million of 2010": {"en": 1e3, "zh": 1e2},
}
"""Units of the long table that have a larger one: how many of them it holds, by language."""
MONEY: Mapping[str, float] = {"en": 1.0, "zh": 10.0}


@dataclass(frozen=True)
class Words:
    """The phrases of one language together with the names of members that the caller passed in."""

    language: str = "en"
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a language without phrases."""
        if self.language not in LANGUAGES:
            raise UnknownName("language", self.language, LANGUAGES)

    def say(self, key: str, **values: object) -> str:
        """Return the phrase of `key` with its places filled."""
        return say(key, self.language, **values)

    def sentences(self, *texts: str) -> str:
        """Return sentences one after another; empty ones are passed over."""
        return BETWEEN_SENTENCES[self.language].join(text for text in texts if text)

    def scaled(self, unit: str, peak: float) -> tuple[str, float]:
        """Return the unit in words in which values up to `peak` have few digits, and what to divide them by."""
        scale = SCALES.get(unit, {}).get(self.language, 1.0)
        if scale == 1.0 or abs(peak) < 10 * scale:
            return self.unit(unit), 1.0
        return self.say(f"unit_of_many.{unit}"), scale

    @property
    def many(self) -> float:
        """How many people an axis counts at once: a thousand, in Chinese ten thousand."""
        return MANY[self.language]

    def money(self, billion: float) -> float:
        """Return USD billion in the unit of the language: USD billion, in Chinese USD 100 million."""
        return billion * MONEY[self.language]

    def name(self, member: str, *within: str) -> str:
        """Return the label of a site, sector, `country:NAME`, `shore:NAME` or `line:NAME`.

        Looked for as `member:within` (a shore of one market, say), as `member`, and, but for shores, without
        its prefix: first among the labels passed in, then in the catalogue. The rest is made readable.
        """
        bare = member.rpartition(":")[2]
        keys = [":".join((member, *within)), member] + ([bare] if not member.startswith("shore:") else [])
        for key in keys:
            if key in self.labels:
                return self.labels[key]
        for key in keys:
            if f"name.{key}" in phrases():
                return self.say(f"name.{key}")
        return bare.replace("_", " ").capitalize() if member.startswith("line:") else bare.replace("_", " ").title()

    def the(self, member: str) -> str:
        """Return the name as it stands inside a sentence: `the United States`."""
        key = f"the.{member}"
        return self.say(key) if key in phrases() else self.name(member)

    def line(self, name: str) -> str:
        """Return the name of a line of the ledger, or of `other_lines`."""
        return self.say("mark.other_lines") if name == "other_lines" else self.name(f"line:{name}")

    def variable(self, name: str) -> str:
        """Return a variable of the long table in words; ends such as a line or two shores are named behind it."""
        parts = name.split("|")
        for length in range(len(parts), 0, -1):
            key = f"variable.{'|'.join(parts[:length])}"
            if key in phrases():
                ends = [
                    self.name(f"line:{part}" if parts[0] == "Reasons" else f"shore:{part}") for part in parts[length:]
                ]
                return self.say(key) + (self.say("mark.of", what=" → ".join(ends)) if ends else "")
        return name.replace("|", ", ")

    def unit(self, unit: str) -> str:
        """Return a unit of the long table in words."""
        key = f"unit.{unit}"
        return self.say(key) if key in phrases() else unit
