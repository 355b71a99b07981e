"""Rows of dots with intervals: sensitivity indices, regret and satisficing of policies, the split of variance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.compare_marks import nothing, short
from footloose.briefing.style import BLUE, FAINT, GREEN, INK, QUIET, VERMILION, Footer, Page, pitch
from footloose.briefing.sweep_page import Caption, sweep_page, titled_axes

MOST_ROWS = 20
INKS = (BLUE, VERMILION, GREEN)
MARKS = ("o", "s", "D")
SIGNS = ("\N{BLACK CIRCLE}", "\N{BLACK SQUARE}", "\N{BLACK DIAMOND}")
"""Marks of the series, and the same as characters."""
COLUMNS = ("row", "series", "value", "low", "high")


def dot_rows(
    table: pd.DataFrame,
    caption: Caption,
    footer: Footer,
    *,
    axis: str,
    series: Sequence[str],
    zero: bool = True,
    language: str = "en",
) -> Figure:
    """Draw one row a member, in it a dot for each series with its interval as a line.

    table  : row, series, value, low, high; low and high may be missing (not a number). Rows in their order
    series : the series in their order, at most three; their names stand above the rows
    zero   : the axis begins at zero, or reaches to it
    """
    sheet = sweep_page(caption, footer, language)
    rows = list(dict.fromkeys(table["row"]))
    if not rows:
        return nothing(sheet, axis)
    left_out = len(rows) - MOST_ROWS
    rows = rows[:MOST_ROWS]
    names = max(sheet.width(row) for row in rows)
    left = sheet.left + min(3.6, names + 0.15)
    top = sheet.top - (pitch() + 0.08 if len(series) > 1 else 0.0)
    axes = titled_axes(sheet, left, sheet.bottom + 0.06, sheet.right - 0.75, top, axis, "")
    _key(sheet, left, series)
    _draw(axes, table, rows, series, zero)
    _name_rows(sheet, axes, rows, left, table, series)
    if left_out > 0:
        sheet.write(
            sheet.right,
            sheet.bottom + 0.06,
            sheet.words.say("sweep.more", count=left_out),
            colour=QUIET,
            align="right",
            anchor="bottom",
        )
    return sheet.figure


def _key(sheet: Page, left: float, series: Sequence[str]) -> None:
    """Name the series in their colours, side by side above the rows."""
    if len(series) < 2:
        return
    x = left
    for name, colour, sign in zip(series, INKS, SIGNS, strict=False):
        sheet.write(x, sheet.top, f"{sign} {name}", colour=colour, weight="bold", anchor="top")
        x += sheet.width(f"{sign} {name}", weight="bold") + 0.25


def _draw(axes: Axes, table: pd.DataFrame, rows: Sequence[str], series: Sequence[str], zero: bool) -> None:
    """Draw dots and intervals; row 0 at the top."""
    step = 0.22 if len(series) > 1 else 0.0
    ends = [0.0] if zero else []
    for number, name in enumerate(series):
        part = table[(table["series"] == name) & table["row"].isin(rows)]
        y = np.array([rows.index(row) for row in part["row"]]) + step * (number - (len(series) - 1) / 2)
        value, low, high = (part[column].to_numpy(dtype=np.float64) for column in ("value", "low", "high"))
        known = ~(np.isnan(low) | np.isnan(high))
        axes.hlines(y[known], low[known], high[known], color=INKS[number], linewidth=2.0, alpha=0.55, zorder=3)
        axes.plot(value, y, MARKS[number], color=INKS[number], markersize=6, markeredgecolor="white", zorder=4)
        ends += [*value[~np.isnan(value)], *low[known], *high[known]]
    room = 0.04 * max(max(ends) - min(ends), 1e-9)
    axes.set(xlim=(min(ends) - room, max(ends) + room), ylim=(max(len(rows), 4) - 0.4, -0.6))
    axes.grid(False, axis="y")
    axes.grid(axis="x", color=FAINT, linewidth=0.6, alpha=0.7)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.axvline(0.0, color=INK, linewidth=0.9, zorder=2)


def _name_rows(
    sheet: Page, axes: Axes, rows: Sequence[str], left: float, table: pd.DataFrame, series: Sequence[str]
) -> None:
    """Write the name of each row at its left, and the value of its first series, in its colour, at its right."""
    box, height = axes.get_position(), sheet.figure.get_figheight()
    bottom, top = box.y0 * height, box.y1 * height
    span = max(len(rows), 4) + 0.2
    first = table[table["series"] == series[0]].set_index("row")["value"]
    for number, row in enumerate(rows):
        y = top - (top - bottom) * (number + 0.6) / span
        name = sheet.wrapped(row, left - sheet.left - 0.08, 1)[0]
        sheet.write(left - 0.08, y, name, align="right", anchor="center")
        if row in first.index and not np.isnan(first[row]):
            text, colour = short(float(first[row]), sheet.words), INKS[0] if len(series) > 1 else INK
            sheet.write(sheet.right, y, text, align="right", anchor="center", weight="bold", colour=colour)
