"""What a result rests on: series and parameters with source, vintage and certainty letter, as the package has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from footloose.block import Block
from footloose.briefing.documents.document import Grid, Section
from footloose.briefing.documents.wording import Voice
from footloose.geography import load_geography
from footloose.history import load_history
from footloose.registry import find_mechanisms, section_blocks

LETTERS = "ABCD"
VINTAGE = "2026-08"
"""Of the tables of the package, and of what its makers estimated."""
LONGEST = 300
"""Letters of a source that are shown; the whole is in docs/data.md and docs/parameters.md."""


def assumptions(scenario: Mapping[str, Any], evidence: Mapping[str, str], voice: Voice) -> Section:
    """Return the section on what was assumed: evidence, the scenario's own words, series, parameters."""
    rows = list(parameters_in_use(scenario))
    letters = [number.letter for number in rows]
    counted = [
        voice.say("doc.assumed.letter", letter=letter, count=letters.count(letter))
        for letter in LETTERS
        if letter in letters
    ]
    own = [str(text) for text in scenario.get("evidence", ())]
    off = [voice.line(name) for name, block in scenario["mechanisms"].items() if block == "off"]
    paragraphs = [
        voice.say("doc.assumed.lead"),
        voice.say("doc.assumed.letters", count=len(rows), list=voice.listed(counted)),
        _evidence(evidence, voice),
        *(voice.say("doc.assumed.own", text=text) for text in own),
        *([voice.say("doc.assumed.off", list=voice.listed(off))] if off else []),
    ]
    return Section("assumed", voice.say("doc.assumed"), tuple(paragraphs), grids=(series_grid(voice),))


def appendix(scenario: Mapping[str, Any], voice: Voice) -> Section:
    """Return every parameter in use with its value, range, certainty letter, vintage and source."""
    head = tuple(voice.say(f"head.{name}") for name in ("parameter", "value", "range", "letter", "vintage", "source"))
    rows = tuple(number.row(voice) for number in parameters_in_use(scenario))
    grid = Grid(voice.say("grid.parameters"), head, rows, (1,), voice.say("doc.assumed.vintage"), last=3.0)
    return Section("appendix", voice.say("doc.appendix"), grids=(grid,))


def _evidence(evidence: Mapping[str, str], voice: Voice) -> str:
    if not evidence:
        return voice.say("doc.assumed.firm")
    groups = []
    for word in ("story", "suggestive"):
        names = [voice.line(name) for name in sorted(evidence) if evidence[name] == word]
        if names:
            groups.append(voice.say(f"doc.assumed.evidence.{word}", names=voice.listed(names)))
    return voice.say("doc.assumed.evidence", list=voice.listed(groups))


def series_grid(voice: Voice) -> Grid:
    """Return the exogenous series: name, unit, certainty, last year with data, source."""
    geography = load_geography()
    history = load_history(geography.markets, geography.sites, geography.sectors)
    rows = tuple(
        (
            voice.say(f"set.{each.variable}"),
            voice.measure(each.unit),
            ", ".join(each.certainty),
            str(each.last_year),
            shortened(voice.source(f"series.{each.variable}", whole(each.source))),
        )
        for each in history.provenance
    )
    head = tuple(voice.say(f"head.{name}") for name in ("series", "unit", "letter", "until", "source"))
    return Grid(voice.say("grid.series"), head, rows, (), voice.say("doc.assumed.originals"), last=6.0)


@dataclass(frozen=True)
class Number:
    """A parameter in use: dotted key, value, limits and unit of its field, certainty letter, source."""

    key: str
    value: Any
    limits: tuple[float, ...]
    unit: str
    letter: str
    source: str

    def row(self, voice: Voice) -> tuple[str, ...]:
        """Return it in words: name with key, value, range with unit, letter, vintage, source."""
        between, unit = "–".join(f"{limit:g}" for limit in self.limits), voice.measure(self.unit)
        between = f"{between} [{unit}]" if self.unit not in ("", "1") else between
        source = shortened(voice.source(self.key, self.source))
        return voice.parameter(self.key), written(self.value, voice), between, self.letter, self.vintage, source

    @property
    def vintage(self) -> str:
        """The latest year that the source names; that of the package's tables where it names none."""
        years = [int(year) for year in re.findall(r"(?<![\d.-])(?:19|20)\d\d(?!\d)", self.source)]
        return str(max(years)) if years else VINTAGE


def parameters_in_use(scenario: Mapping[str, Any]) -> Iterator[Number]:
    """Yield every number of the scenario: of mechanisms that are on, and of the sections."""
    for name, mechanism in find_mechanisms().items():
        values = scenario["mechanisms"].get(name, "off")
        if values != "off":
            yield from _block(f"mechanisms.{name}", mechanism.params, values)
    for name, block in section_blocks().items():
        yield from _block(name, block, scenario.get(name, {}))


def _block(key: str, block: type[Block], values: Mapping[str, Any]) -> Iterator[Number]:
    for name, field in block.model_fields.items():
        said = _said(field)
        if "certainty" in said:
            value, limits = values.get(field.alias or name), tuple(said.get("range", ()))
            unit, source = str(said.get("unit", "")), str(said.get("source", ""))
            yield Number(f"{key}.{name}", value, limits, unit, str(said["certainty"]), source)


def _said(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def written(value: Any, voice: Voice) -> str:
    """Return a value: a number, or those of a dated path or of places, each with its year or name."""
    if isinstance(value, Mapping):
        parts = (
            f"{key[:4] if key[:1].isdigit() else voice.name(key)}: {written(inner, voice)}"
            for key, inner in value.items()
        )
        return ", ".join(parts) or "–"
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def whole(text: str) -> str:
    """Return the sources of a series in one line."""
    return text.replace(" | ", "; ")


def shortened(text: str) -> str:
    """Return a source, cut at a word where it is longer than a table can hold."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
