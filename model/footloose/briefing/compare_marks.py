"""What the figures of comparisons share: colours of classes, lying bars with whiskers, bands, small panels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, MaxNLocator

from footloose.briefing.style import (
    BLUE,
    BODY,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    QUIET,
    SKY,
    SUBTITLE,
    VERMILION,
    Ink,
    Page,
    pitch,
    width_of,
)
from footloose.briefing.tags import rule
from footloose.briefing.text import Words
from footloose.briefing.typeface import FAMILIES

Floats = npt.NDArray[np.float64]

CLASS_INKS: Mapping[str, Ink] = {
    "induced": Ink(BLUE),
    "elsewhere": Ink(SKY, "///", mark="white"),
    "earlier": Ink(GREEN),
    "later": Ink(ORANGE),
    "held": Ink(VERMILION),
    "anyway": Ink(GREY),
}
LARGE: Mapping[str, tuple[tuple[float, str], ...]] = {
    "en": ((1e6, "compare.million"), (1e3, "compare.thousand")),
    "zh": ((1e8, "compare.hundred_million"), (1e4, "compare.ten_thousand")),
}
"""Sizes that large numbers are told in, by language; from 10,000 on."""
FROM = 1e4
MINUS = "\N{MINUS SIGN}"
CHANCE_ENDS, PARAMETER_ENDS = ("low", "high"), ("parameter_low", "parameter_high")
BASE_INK, OTHER_INK, SHAPLEY_INK = Ink(QUIET, dash="--"), Ink(BLUE), Ink(PURPLE)


def whiskers(axes: Axes, at: float, low: float | None, high: float | None, *, lying: bool = False) -> None:
    """Draw an interval as a line with short ends; nothing where there is none."""
    if low is None or high is None or not np.isfinite([low, high]).all() or low == high:
        return
    error = [[0.0], [high - low]]
    style = {"fmt": "none", "ecolor": INK, "elinewidth": 1.1, "capsize": 2.5, "zorder": 5}
    if lying:
        axes.errorbar([low], [at], xerr=error, **style)  # type: ignore[arg-type]
    else:
        axes.errorbar([at], [low], yerr=error, **style)  # type: ignore[arg-type]


def intervals(axes: Axes, at: float, row: Any, *, start: float = 0.0, sign: float = 1.0) -> None:
    """Draw the intervals of a lying bar: by chance with whiskers, over parameter draws dotted below them.

    row   : low, high, and where there is an ensemble parameter_low, parameter_high
    start : where the bar begins; sign: -1 for bars to the other side
    """
    for names, lift in ((PARAMETER_ENDS, 0.19), (CHANCE_ENDS, 0.0)):
        ends = [value_or_none(row, name) for name in names]
        if any(end is None for end in ends):
            continue
        low, high = sorted(start + sign * float(end or 0.0) for end in ends)
        if names == CHANCE_ENDS:
            whiskers(axes, at, low, high, lying=True)
        elif low < high:
            axes.plot([low, high], [at + lift] * 2, color=INK, linewidth=1.5, linestyle=(0, (1, 1)), zorder=5)


def reach_of(rows: pd.DataFrame, *more: float) -> tuple[float, float]:
    """Return the lowest and the highest of values and the ends of their intervals."""
    shown = [name for name in ("value", *CHANCE_ENDS, *PARAMETER_ENDS) if name in rows.columns]
    ends = rows[shown].to_numpy(dtype=np.float64).ravel()
    ends = np.concatenate([ends[np.isfinite(ends)], np.array(more, dtype=np.float64), [0.0]])
    return float(ends.min()), float(ends.max())


def whiskers_note(words: Words, table: pd.DataFrame) -> str:
    """Return what the intervals of bars are: by chance, and dotted over parameter draws where there are any."""
    drawn = [name for name in PARAMETER_ENDS if name in table.columns and table[name].notna().any()]
    return words.say("compare.note.whiskers_both" if drawn else "compare.note.whiskers")


def named_rows(sheet: Page, axes: Axes, names: Sequence[str], *, signless: bool = False) -> None:
    """Set the names of lying bars at the left, the first at the top; light vertical grid; signless: no minus signs."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), labels=list(names))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color="#c8c8c8", linewidth=0.6, alpha=0.7)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=4)
    plain_numbers(sheet, axes, "x", signless=signless)


def plain_numbers(sheet: Page, axes: Axes, axis: str, bins: int = 5, *, signless: bool = False) -> None:
    """Set round ticks with thousands apart and no more digits than the step needs."""
    which = axes.xaxis if axis == "x" else axes.yaxis
    which.set_major_locator(MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]))
    which.set_major_formatter(RoundNumbers(sheet.words, signless))


class RoundNumbers(Formatter):
    """Numbers of one axis: all in the same size (thousands, say), with the decimals that tell them apart."""

    def __init__(self, words: Words, signless: bool = False) -> None:
        self.words, self.signless, self.marks = words, signless, np.zeros(0)

    def set_locs(self, locs: Any) -> None:
        """Take the places of all ticks, as matplotlib tells them before it asks for texts."""
        self.marks = np.unique(np.asarray(locs, dtype=np.float64))

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Return the text of a tick."""
        marks = self.marks if self.marks.size else np.array([value])
        step = float(np.diff(marks).min()) if marks.size > 1 else abs(value)
        largest = float(np.abs(marks).max())
        if abs(value) < 1e-9 * max(largest, step):
            return "0"
        least, key = next(
            ((size, key) for size, key in LARGE[self.words.language] if largest >= max(size, FROM)), (1.0, "")
        )
        text = f"{abs(value) / least:,.{decimals(step / least)}f}"
        sign = "" if self.signless or value > 0 else MINUS
        return sign + (self.words.say(key, value=text) if key else text)


def decimals(step: float) -> int:
    """Return how many decimals a step needs to be written: none for 5, one for 2.5, two for 0.05."""
    if step <= 0.0:
        return 0
    first = max(0, -math.floor(math.log10(step) + 1e-9))
    return next((count for count in (first, first + 1) if abs(step - round(step, count)) < 1e-6 * step), first + 1)


def name_axis(sheet: Page, axes: Axes, text: str, axis: str = "x") -> None:
    """Write the name of an axis in the page's type."""
    style: dict[str, Any] = {
        "fontsize": BODY, "color": INK, "fontfamily": list(FAMILIES), "parse_math": False,
    }  # fmt: skip
    if axis == "x":
        axes.set_xlabel(text, labelpad=2, **style)
    else:
        axes.set_ylabel(text, **style)


def short(value: float, words: Words, digits: int = 3) -> str:
    """Return a number for a tag: 1,200, 12, 1.2, 0.12; large ones in thousands or millions, or 万 and 亿."""
    if abs(value) < 1e-12:
        return "0"
    sign, size = MINUS if value < 0 else "", abs(value)
    for least, key in LARGE[words.language]:
        if size >= max(least, FROM):
            return sign + words.say(key, value=_plain(size / least, digits))
    return sign + _plain(size, digits)


def _plain(size: float, digits: int) -> str:
    return f"{size:,.0f}" if size >= 1000 else f"{size:.{digits}g}"


def signed(value: float, words: Words) -> str:
    """Return a difference with its sign."""
    text = short(value, words)
    return f"+{text}" if value > 0 and text != "0" else text


def nothing(sheet: Page, what: str) -> Figure:
    """Say in the middle of the page that there is nothing to draw."""
    lines = sheet.wrapped(sheet.words.say("compare.nothing", what=what), 7.0, 3, SUBTITLE)
    for place, line in enumerate(lines):
        middle = (sheet.top + sheet.bottom) / 2 - place * pitch(SUBTITLE)
        sheet.write((sheet.left + sheet.right) / 2, middle, line, size=SUBTITLE, colour=QUIET, align="center")
    return sheet.figure


def key_row(sheet: Page, entries: Sequence[tuple[str, Ink, bool]]) -> Page:
    """Write a legend in lines at the top of the page; return the page below it.

    entries : name, ink, and whether it is drawn as a line (else as a patch)
    """
    x, y = sheet.left, sheet.top - 0.5 * pitch()
    for text, ink, line in entries:
        room = sheet.right - sheet.left - 0.5
        text = sheet.wrapped(text, room, 1)[0]
        wide = (0.42 if line else 0.2) + width_of(text, sheet.words.language)
        if x > sheet.left and x + wide > sheet.right:
            x, y = sheet.left, y - 1.1 * pitch()
        if line:
            rule(sheet, (x, x + 0.34), (y, y), ink, 2.0)
        else:
            sheet.swatch(x, y, ink)
        sheet.write(x + (0.42 if line else 0.2), y - 0.36 * BODY / 72, text, anchor="baseline")
        x += wide + 0.3
    return sheet.without_top(sheet.top - y + 0.5 * pitch() + 0.06)


def world_keys(base: str, other: str) -> list[tuple[str, Ink, bool]]:
    """Return the legend of two worlds drawn in the same colours: the other solid, the base dashed."""
    return [(other, Ink(INK), True), (base, Ink(INK, dash="--"), True)]


def width_of_names(page: Page, names: Sequence[str], most: float = 2.9) -> float:
    """Return the room [inches] that names at the left of lying bars need."""
    return min(most, max((page.width(name) for name in names), default=0.0) + 0.14)


def panel_grid(page: Page, count: int, columns: int, lines: int = 2) -> list[tuple[float, float, float, float]]:
    """Return left, bottom, right, top of small panels in rows of `columns` [inches].

    lines : of text over each panel; room for them, for names of ticks and years is kept
    """
    rows = -(-count // columns)
    width, height = (page.right - page.left) / columns, (page.top - page.bottom) / rows
    boxes = []
    for place in range(count):
        row, column = divmod(place, columns)
        left, top = page.left + column * width, page.top - row * height
        boxes.append((left + 0.56, top - height + 0.34, left + width - 0.16, top - 0.1 - pitch() * lines))
    return boxes


def panel_title(page: Page, box: tuple[float, float, float, float], *texts: str) -> None:
    """Write lines over a small panel, the first one heavy, each cut to the room."""
    left, _, right, top = box
    room = right - left + 0.58
    for place, text in enumerate(texts):
        y = top + 0.08 + (len(texts) - 1 - place) * pitch()
        weight, colour = ("bold", INK) if place == 0 else ("normal", QUIET)
        line = page.wrapped(text, room, 1, weight=weight)
        page.write(left - 0.5, y, line[0] if line else "", weight=weight, colour=colour, anchor="baseline")


def scaled(
    table: pd.DataFrame, factor: float, columns: Sequence[str] = ("value", *CHANCE_ENDS, *PARAMETER_ENDS)
) -> pd.DataFrame:
    """Return a table with those of some columns that it has multiplied: numbers in the unit of the language."""
    known = [name for name in columns if name in table.columns]
    return table.assign(**{name: table[name].astype("float64") * factor for name in known})


def since_years(table: pd.DataFrame, since: int | None, before: int) -> pd.DataFrame:
    """Return the rows of a table from some years before a year on; all rows where that leaves fewer than two years."""
    shown = table if since is None else table[table["year"] >= since - before]
    return shown if shown["year"].nunique() > 1 else table


def year_ticks(axes: Axes, years: Sequence[int]) -> None:
    """Name the first, the last and a middle year."""
    first, last = int(years[0]), int(years[-1])
    middle = [year for year in range(first + 1, last) if year % 10 == 0 and year - first > 6 and last - year > 6]
    axes.set_xticks([first, *middle, last])
    axes.set_xlim(first, last)
    axes.tick_params(axis="x", labelsize=BODY)


def value_or_none(row: Any, name: str) -> float | None:
    """Return a number of a row of a table, None where it is missing."""
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)
