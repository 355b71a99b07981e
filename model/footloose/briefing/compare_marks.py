"""What the figures of comparisons share: colours of classes, lying bars with whiskers, bands, small panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

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
    VERMILION,
    Ink,
    Page,
    pitch,
)

Floats = npt.NDArray[np.float64]

CLASS_INKS: Mapping[str, Ink] = {
    "induced": Ink(BLUE),
    "elsewhere": Ink(SKY, "///", mark="white"),
    "earlier": Ink(GREEN),
    "later": Ink(ORANGE),
    "held": Ink(VERMILION),
    "anyway": Ink(GREY),
}
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


def named_rows(page: Page, axes: Axes, names: Sequence[str]) -> None:
    """Set the names of lying bars at the left, the first at the top; light vertical grid."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), labels=list(names))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color="#c8c8c8", linewidth=0.6, alpha=0.7)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=4)
    plain_numbers(axes, "x")


def plain_numbers(axes: Axes, axis: str, bins: int = 5) -> None:
    """Set round ticks with thousands apart and no more digits than the step needs."""
    which = axes.xaxis if axis == "x" else axes.yaxis
    which.set_major_locator(MaxNLocator(nbins=bins))
    which.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def short(value: float) -> str:
    """Return a number for a tick or a tag: 1,200, 12, 1.2, 0.12; thousands and millions of large ones."""
    if value == 0.0 or abs(value) < 1e-12:
        return "0"
    for size, unit in ((1e6, " m"), (1e4, " k")):
        if abs(value) >= size:
            return f"{value / (1e3 if unit == ' k' else size):,.4g}{unit}".replace("e+", "e")
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def signed(value: float) -> str:
    """Return a difference with its sign; a true minus."""
    text = short(value)
    return text.replace("-", "−") if value < 0 else text if text == "0" else f"+{text}"


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
