"""The report card: every target of the calibration in one row, the model against what was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.catalogue import phrases
from footloose.briefing.compare_marks import nothing, short
from footloose.briefing.compare_text import amount, unit_name
from footloose.briefing.readings import need
from footloose.briefing.style import BLUE, FAINT, HEIGHT, INK, ORANGE, QUIET, VERMILION, Footer, Page, page, pitch
from footloose.briefing.text import Words
from footloose.errors import DataError, UnknownName

COLUMNS = (
    "id", "label_en", "label_zh", "group", "unit", "value", "low", "high", "model", "model_low", "model_high",
    "verdict", "use",
)  # fmt: skip
USES = ("fitted", "held_out")
MOST_LINES = 40
"""Lines a page holds: targets and headings."""
REACH = 3.0
"""How far the axis goes, in tolerances; what lies beyond is marked at its edge."""
ROW = 0.168
"""Height of a line [inches]."""
LABELS, NUMBERS = 3.8, 2.2
"""Room for the names of targets and for the numbers [inches]."""
TOLERANCE = "#D9D9D9"
UNITS = (
    ("% per year", "percent"),
    ("%", "percent"),
    ("points", "points"),
    ("percentage points", "points"),
    ("jobs", "persons"),
    ("firms", "firms"),
)
"""How the units of targets begin, and their short word; all others go without one, their names say it."""


@dataclass(frozen=True)
class Mark:
    """How a verdict is drawn: shape, colour, the shape as a character, and the colour of text, which needs contrast."""

    shape: str
    colour: str
    sign: str
    text: str


MARKS: Mapping[str, Mark] = {
    "pass": Mark("o", BLUE, "\N{BLACK CIRCLE}", BLUE),
    "tension": Mark("D", ORANGE, "\N{BLACK DIAMOND}", "#8A5A00"),
    "fail": Mark("X", VERMILION, "\N{MULTIPLICATION SIGN}", "#B34700"),
}


@dataclass(frozen=True)
class Line:
    """One line of a page: a heading of a use or of a group, or a target."""

    kind: str
    text: str = ""
    row: Mapping[str, Any] | None = None


def report_card(table: pd.DataFrame, footer: Footer, language: str = "en") -> list[Figure]:
    """Draw one row a target, fitted and held out apart, by group; as many pages as it takes.

    table  : id, label_en, label_zh, group, unit, value, low, high (tolerance around the observed value), model,
             model_low, model_high (median and 90 % band), verdict (pass, tension, fail), use (fitted, held_out)
    raises : DataError when columns are missing or a number is; UnknownName for a verdict or a use
    """
    words = Words(language)
    check(table)
    if table.empty:
        return [nothing(_sheet(table, footer, words, (1, 1), HEIGHT), words.say("report_card.empty"))]
    parts = pages(table, language)
    return [_page(lines, table, footer, words, (place, len(parts))) for place, lines in enumerate(parts, start=1)]


def check(table: pd.DataFrame) -> None:
    """Refuse a table that cannot be drawn: columns, verdicts, uses, numbers.

    raises : DataError, UnknownName
    """
    need(table, COLUMNS, "report card")
    for column, allowed in (("verdict", tuple(MARKS)), ("use", USES)):
        for given in table[column].unique():
            if given not in allowed:
                raise UnknownName(f"{column} of the report card", str(given), allowed)
    for column in ("value", "low", "high", "model"):
        missing = table.loc[~np.isfinite(table[column].astype("float64")), "id"]
        if len(missing):
            raise DataError(f"report card, target {missing.iloc[0]}: {column} is no number")
    wrong = table.loc[~((table["low"] <= table["value"]) & (table["value"] <= table["high"])), "id"]
    if len(wrong):
        raise DataError(f"report card, target {wrong.iloc[0]}: the value is not between low and high")


def pages(table: pd.DataFrame, language: str = "en") -> list[list[Line]]:
    """Return the lines of every page: fitted first, by group; about equally full, headings repeated on a new page."""
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    rows.sort(key=lambda row: (USES.index(row["use"]), groups.index(row["group"])))
    count = -(-len(lines_of(rows, language)) // MOST_LINES)
    while True:
        cuts = np.linspace(0, len(rows), count + 1).round().astype(int).tolist()
        parts = [lines_of(rows[start:end], language) for start, end in pairwise(cuts)]
        if max(map(len, parts)) <= MOST_LINES:
            return parts
        count += 1


def lines_of(rows: list[dict[str, Any]], language: str) -> list[Line]:
    """Return targets as lines, with a heading where use or group begins."""
    words, lines, use, group = Words(language), list[Line](), "", ""
    for row in rows:
        if row["use"] != use:
            use, group = str(row["use"]), ""
            lines.append(Line("use", words.say(f"report_card.{use}")))
        if row["group"] != group:
            group = str(row["group"])
            lines.append(Line("group", group_name(words, group)))
        lines.append(Line("target", str(row[f"label_{language}"] or row["label_en"]), row))
    return lines


def short_unit(unit: str) -> str:
    """Return the short word for a target's unit; 1, which is not written, where there is none."""
    return next((word for start, word in UNITS if unit.startswith(start)), "1")


def group_name(words: Words, group: str) -> str:
    """Return the name of a group of targets: the catalogue's, else its own made readable."""
    key = f"report_card.group.{group}"
    return words.say(key) if key in phrases() else group.replace("_", " ")


def normalised(row: Mapping[str, Any], name: str) -> float:
    """Return a number of the model as its distance from the observed value in tolerances: low at -1, high at 1.

    The tolerance need not be as wide below as above.
    """
    away = float(row[name]) - float(row["value"])
    width = float(row["high"]) - float(row["value"]) if away >= 0 else float(row["value"]) - float(row["low"])
    return away / width if width > 0.0 else float(np.sign(away)) * np.inf if away else 0.0


def _sheet(table: pd.DataFrame, footer: Footer, words: Words, place: tuple[int, int], height: float) -> Page:
    """Start a page; its title says how many targets are met, of all."""
    met = {"good": int((table["verdict"] == "pass").sum()), "count": len(table)}
    title = words.say("report_card.title", **met)
    if place[1] > 1:
        title = words.say("report_card.title.page", page=place[0], pages=place[1], **met)
    source = words.say("report_card.source", vintage=footer.vintage)
    return page(
        words, footer, title, words.say("report_card.subtitle"), source, words.say("report_card.note"), height=height
    )


def _page(lines: list[Line], table: pd.DataFrame, footer: Footer, words: Words, place: tuple[int, int]) -> Figure:
    sheet = _sheet(table, footer, words, place, max(HEIGHT, 2.1 + len(lines) * ROW))
    top = sheet.top - 1.5 * pitch()
    foot = sheet.bottom + 0.2 + 1.1 * pitch()
    left, right = sheet.left + LABELS, sheet.right - NUMBERS
    axes = sheet.axes(left, foot, right, top)
    step = (top - foot) / len(lines)
    _frame(sheet, axes, len(lines), (left + right) / 2)
    _key(sheet, table, left)
    for number, line in enumerate(lines):
        y = top - (number + 0.5) * step
        if line.row is None:
            weight = "bold" if line.kind == "use" else "normal"
            room = sheet.right - sheet.left if line.kind == "use" else LABELS - 0.2
            text = sheet.wrapped(line.text, room, 1, weight=weight)[0]
            axes.axhspan(number - 0.5, number + 0.5, facecolor="white", linewidth=0, zorder=6)
            sheet.write(sheet.left, y, text, weight=weight, colour=INK if line.kind == "use" else QUIET)
            continue
        _target(axes, number, line.row)
        _texts(sheet, line, y, left)
    return sheet.figure


def _frame(sheet: Page, axes: Axes, count: int, middle: float) -> None:
    """Set the axis: tolerances from the observed value, the same for all targets."""
    axes.set(xlim=(-REACH - 0.15, REACH + 0.15), ylim=(count - 0.5, -0.5))
    axes.set_yticks([])
    axes.set_xticks([-3, -2, -1, 0, 1, 2, 3], labels=["−3", "−2", "−1", "0", "1", "2", "3"])
    axes.grid(False, axis="y")
    axes.grid(axis="x", color=FAINT, linewidth=0.6, alpha=0.7)
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=QUIET, linewidth=0.9, zorder=2)
    name = sheet.words.say("report_card.axis")
    sheet.write(middle, sheet.bottom + 0.02, name, align="center", anchor="bottom")


def _key(sheet: Page, table: pd.DataFrame, left: float) -> None:
    """Name the verdicts in their shapes and colours with their counts, and the columns of numbers."""
    y, x, words = sheet.top - 0.2 * pitch(), sheet.left, sheet.words
    for verdict, mark in MARKS.items():
        name = words.say(f"report_card.{verdict}")
        text = words.say(
            "report_card.count", verdict=f"{mark.sign} {name}", count=int((table["verdict"] == verdict).sum())
        )
        sheet.write(x, y, text, colour=mark.text, weight="bold", anchor="top")
        x += sheet.width(text, weight="bold") + 0.3
    sheet.write(sheet.right, y, words.say("report_card.model"), colour=QUIET, align="right", anchor="top")
    sheet.write(sheet.right - 1.1, y, words.say("report_card.observed"), colour=QUIET, align="right", anchor="top")


def _target(axes: Axes, at: int, row: Mapping[str, Any]) -> None:
    """Draw the tolerance as a bar, the model's band as a line and its median in the shape of the verdict."""
    mark = MARKS[str(row["verdict"])]
    axes.barh(at, 2.0, left=-1.0, height=0.66, color=TOLERANCE, linewidth=0, zorder=1)
    median = normalised(row, "model")
    ends = [normalised(row, name) for name in ("model_low", "model_high")]
    if np.isfinite([float(row["model_low"]), float(row["model_high"])]).all():
        low, high = np.clip(ends, -REACH, REACH)
        axes.plot([low, high], [at, at], color=mark.colour, linewidth=2.0, solid_capstyle="butt", zorder=3)
    beyond = abs(median) > REACH
    shape = (">" if median > 0 else "<") if beyond else mark.shape
    axes.plot(
        float(np.clip(median, -REACH, REACH)), at, shape, color=mark.colour, markersize=6.5, markeredgecolor="white",
        markeredgewidth=0.6, zorder=5, clip_on=False,
    )  # fmt: skip


def _texts(sheet: Page, line: Line, y: float, left: float) -> None:
    """Write the name of a target at the left; at the right what was observed and what the model says, with the unit."""
    assert line.row is not None
    row, words = line.row, sheet.words
    mark = MARKS[str(row["verdict"])]
    name = sheet.wrapped(line.text, left - sheet.left - 0.3, 1)[0]
    sheet.write(sheet.left + 0.12, y, name)
    unit = unit_name(words, str(row["unit"]))
    observed = amount(words, short(float(row["value"]), words), unit)
    sheet.write(sheet.right - 1.1, y, sheet.wrapped(observed, NUMBERS - 1.2, 1)[0], colour=QUIET, align="right")
    text = f"{short(float(row['model']), words)} {mark.sign}"
    sheet.write(sheet.right, y, text, colour=mark.text, weight="bold", align="right")
