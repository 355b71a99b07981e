"""What a result rests on: series and parameters with source, vintage and certainty letter, as the package has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from footloose.block import Block
from footloose.briefing.documents.document import Grid, Section
from footloose.briefing.documents.wording import Voice
from footloose.geography import load_geography
from footloose.history import load_history
from footloose.registry import find_mechanisms, section_blocks

LETTERS = "ABCD"
LONGEST = 300
"""Letters of a source that are shown; the whole is in docs/data.md and docs/parameters.md."""


def assumptions(scenario: Mapping[str, Any], evidence: Mapping[str, str], voice: Voice) -> Section:
    """Return the section on what was assumed: evidence, the scenario's own words, series, parameters."""
    rows = list(parameters_in_use(scenario))
    letters = [row[3] for row in rows]
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
    """Return every parameter in use with its value, range, certainty letter and source."""
    head = tuple(voice.say(f"head.{name}") for name in ("parameter", "value", "range", "letter", "source"))
    rows = tuple(parameters_in_use(scenario))
    grid = Grid(voice.say("grid.parameters"), head, rows, (1,), voice.say("doc.assumed.originals"), last=3.0)
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
    """Return the exogenous series: name, unit, certainty, last year with data, rule afterwards, source."""
    geography = load_geography()
    history = load_history(geography.markets, geography.sites, geography.sectors)
    rows = tuple(
        (
            voice.say(f"set.{each.variable}"),
            each.unit,
            ", ".join(each.certainty),
            str(each.last_year),
            shortened(each.source),
        )
        for each in history.provenance
    )
    head = tuple(voice.say(f"head.{name}") for name in ("series", "unit", "letter", "until", "source"))
    return Grid(voice.say("grid.series"), head, rows, (), voice.say("doc.assumed.originals"), last=6.0)


def parameters_in_use(scenario: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield every number of the scenario: dotted key, value, range with unit, certainty letter, source."""
    for name, mechanism in find_mechanisms().items():
        values = scenario["mechanisms"].get(name, "off")
        if values != "off":
            yield from _block(f"mechanisms.{name}", mechanism.params, values)
    for name, block in section_blocks().items():
        yield from _block(name, block, scenario.get(name, {}))


def _block(key: str, block: type[Block], values: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    for name, field in block.model_fields.items():
        said = _said(field)
        if "certainty" not in said:
            continue
        value = values.get(field.alias or name)
        limits = "–".join(f"{limit:g}" for limit in said.get("range", ()))
        unit = str(said.get("unit", ""))
        between = f"{limits} [{unit}]" if unit not in ("", "1") else limits
        yield f"{key}.{name}", _number(value), between, str(said["certainty"]), shortened(str(said.get("source", "")))


def _said(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def _number(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            ", ".join(f"{key[:4] if key[:1].isdigit() else key}: {_number(inner)}" for key, inner in value.items())
            or "–"
        )
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def shortened(text: str) -> str:
    """Return a source, cut at a word where it is longer than a table can hold."""
    text = text.replace(" | ", "; ")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
