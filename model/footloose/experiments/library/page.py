"""The page docs/library.md: made from a measurement; and whether it still speaks of the scenarios there are."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from footloose.experiments.comparison.hybrids import changes
from footloose.experiments.library.asked import Asked, World, content, extends
from footloose.experiments.library.measuring import BASELINE, LEVEL, Measured, Number, Row
from footloose.experiments.library.outcomes import Shown
from footloose.experiments.sweep.keys import engine_digest
from footloose.experiments.sweep.progress import duration
from footloose.scenario import evidence_in_use, in_words, weakest
from footloose.version import versions

TITLE = "# What the shipped scenarios do"
MADE_BY = "*Made by `footloose scenarios --measure`; edits here are lost.*"
FINER = 2
"""Decimals that may be added where an interval is narrow."""

READING = """
Every scenario is held against a twin: the scenario it extends, or a world that has the same mechanisms on and lacks
what is asked about. The two share seed and replicate and so every random draw, and are subtracted replicate by
replicate. A number is the mean difference, scenario less twin, ± half its {level:.0f} % interval **by chance alone**
(Student's t over replicates), **bold** where it is beyond chance; of so many numbers one in twenty would be by
chance. Neither the uncertainty of the parameters nor that of the model is in these intervals. The first lines of
every scenario file say what is asked and assumed, and what came out in more detail at the literature's values of the
parameters.

Shares are of all a market buys, its own production included. *Due to costs*: jobs of projects announced across a
border that would not be there at base-year costs; *all entries*: of all projects announced across a border, whatever
their motive. Buyers' cost is an index with 2010 = 100. Support is what the instruments of the law pay; money of
clusters (`seeding`, venture pools), what rivals answer in a subsidy race and the cost of training are apart from it.
*Evidence* is how well the effects are pinned of the mechanisms that are on beyond the baseline; where there is none,
the weakest word of the baseline's own.
""".strip()


def page(measured: Measured, asked: Sequence[Asked], calibration: Sequence[str]) -> str:
    """Return the page.

    calibration : sentences on the ensemble of fitted parameters
    """
    families = dict.fromkeys(row.asked.family for row in measured.rows)
    lines = [TITLE, "", MADE_BY, "", *READING.format(level=100 * LEVEL).splitlines(), ""]
    lines += ["## How it was measured", "", *_table(("what", "value"), _state(measured, calibration)), ""]
    lines += ["Where the baseline differs from the literature's values of the parameters:", "", *_parameters(), ""]
    lines += ["## Levels", "", "What the differences below start from.", "", *_numbers(measured, measured.levels), ""]
    for family in families:
        rows = [row for row in measured.rows if row.asked.family == family]
        lines += [f"## {family}", "", *_questions(rows), "", *_numbers(measured, rows, differences=True), ""]
    lines += [
        "## What was measured",
        "",
        "Hashes of every value that decides a world's numbers; a test compares them.",
        "",
    ]
    heads = ("scenario", "against", "hash", "hash of the twin")
    lines += _table(heads, ([f"`{name}`", *rest] for name, *rest in records(asked)))
    return "\n".join(lines) + "\n"


def records(asked: Sequence[Asked]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the last table says of every question: scenario, twin in words, hash of each."""
    for one in asked:
        twin = "" if one.twin is None else content(one.twin)
        yield one.name, one.twin_in_words, content(one.world), twin


def stale(text: str, asked: Sequence[Asked]) -> list[str]:
    """Return why a page no longer speaks of this version; nothing when it does."""
    now = versions()
    complaints = [
        f"{name}: the page does not say {now[name]}"
        for name in ("version", "data_digest")
        if f"| {now[name]} |" not in text
    ]
    there = {tuple(cell.strip(" `") for cell in line.split("|")[1:-1]) for line in _last_table(text)}
    wanted = set(records(asked))
    changed = sorted({row[0] for row in wanted - there})
    gone = sorted({row[0] for row in there - wanted} - set(changed))
    complaints += [f"{name}: new, or its values or those of its twin have changed" for name in changed]
    return complaints + [f"{name}: on the page and no longer asked" for name in gone]


def _last_table(text: str) -> list[str]:
    """Return the rows of the last table of a page."""
    _, _, end = text.rpartition("\n## What was measured\n")
    return [line for line in end.splitlines() if line.startswith("| `")]


def _state(measured: Measured, calibration: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what the numbers rest on, and what they took."""
    now, size = versions(), measured.size
    yield "version", now["version"]
    yield "data tables, hash", now["data_digest"]
    yield "data vintage", now["data_vintage"]
    yield "code, hash", engine_digest()[:12]
    yield (
        "parameters",
        "those of each scenario file; `baseline` has the medians of the ensemble and some set by hand, and what "
        "extends it inherits them",
    )
    yield "ensemble", " ".join(calibration)
    yield "size", f"{size.firms:,} programmes, {size.replicates} replicates, 2010-{size.until}"
    worlds = measured.runs // size.replicates
    took = f"{duration(measured.seconds)} with {size.workers} worker{'s' * (size.workers > 1)}"
    yield "runs", f"{measured.runs:,} of {worlds} worlds, {took}"


def _parameters() -> list[str]:
    """Return the table of the parameters that the baseline does not take from the literature."""
    below = extends(BASELINE)
    if below is None:
        return ["None."]
    found = changes(World(below).scenario(), World(BASELINE).scenario())
    rows = [(f"`{change.key}`", _value(change.before), _value(change.after)) for change in found]
    return _table(("parameter", below, BASELINE), rows) if rows else ["None."]


def _value(value: Any) -> str:
    return "not set" if value is None else f"{value:g}" if isinstance(value, float) else json.dumps(value)


def _questions(rows: Sequence[Row]) -> list[str]:
    """Return a table of scenarios, twins, evidence and questions of a family, and what support they pay."""
    cells = []
    for one, paid in {(row.asked): row.paid for row in rows}.items():
        scenario = one.world.scenario()
        support = _cell(paid, 1, signed=True) if paid.mean or paid.half else ""
        cells.append((_link(one.name), _against(one), _evidence(one), scenario.question.en, support))
    return _table(("scenario", "against", "evidence", "question", "support in all years, USD billion"), cells)


def _evidence(asked: Asked) -> str:
    """Return the weakest word of evidence, and what is on beyond the baseline."""
    mine = evidence_in_use(asked.world.scenario())
    usual = evidence_in_use(World(BASELINE).scenario())
    return in_words({name: word for name, word in mine.items() if name not in usual}) or weakest(mine.values())


def _against(asked: Asked) -> str:
    return f"`{asked.twin_in_words}`" if asked.twin == World(asked.twin_in_words) else asked.twin_in_words


def _link(name: str) -> str:
    return f"[{name}](../scenarios/{name}.yaml)"


def _numbers(measured: Measured, rows: Sequence[Row], differences: bool = False) -> list[str]:
    """Return a table of numbers: a row for each scenario and span, a column for each outcome."""
    paid = any(row.paid.mean or row.paid.half for row in rows)
    columns = measured.columns if paid else measured.columns[:-1]
    heads = ["scenario", "years", *(f"{column.title} [{_unit(column, differences)}]" for column in columns)]
    several = [row.asked.name for row in rows if row.label.isdecimal()]
    cells = []
    for row in rows:
        name = f"`{row.asked.name}`"
        if differences and several.count(row.asked.name) > 1:
            name += f" against {row.asked.twin_in_words}"
        values = [
            _cell(number, column.digits, signed=differences)
            for number, column in zip(row.numbers, columns, strict=False)
        ]
        cells.append((name, row.label, *values))
    return _table(heads, cells)


def _unit(column: Shown, difference: bool) -> str:
    return "points" if difference and column.unit.startswith("%") else column.unit


def _cell(number: Number, digits: int, *, signed: bool) -> str:
    """Return a number ± half its interval, with as many decimals as the interval needs; bold beyond chance."""
    if number.mean == number.half == 0.0:
        return "0"
    finer = math.ceil(-math.log10(number.half)) if number.half > 0.0 else digits
    places = max(digits, min(digits + FINER, finer))
    text = f"{number.mean:{'+' * signed},.{places}f}".replace("-", "−") + f" ± {number.half:,.{places}f}"
    return f"**{text}**" if signed and number.beyond_chance else text


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in row) + " |" for row in lines]
