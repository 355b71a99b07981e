"""Tornado: what every factor does alone between the ends of its range."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.compare_marks import nothing, short, signed
from footloose.briefing.style import BLUE, BODY, FAINT, INK, ORANGE, QUIET, Footer, Ink, Page, pitch
from footloose.briefing.sweep_page import Caption, sweep_page, titled_axes
from footloose.briefing.text import Words
from footloose.briefing.typeface import FAMILIES

MOST_ROWS = 16
LOW, HIGH = Ink(ORANGE), Ink(BLUE)


def tornado(
    table: pd.DataFrame,
    names: Mapping[str, str],
    caption: Caption,
    footer: Footer,
    *,
    axis: str,
    language: str = "en",
) -> Figure:
    """Draw a bar a factor from the outcome at its low end to that at its high end, the widest on top.

    table : factor, low_value, high_value, at_low, at_high, nominal, error (standard error of the swing, or none)
    names : names of factors
    """
    sheet = sweep_page(caption, footer, language)
    if table.empty:
        return nothing(sheet, axis)
    shown = table.head(MOST_ROWS)
    texts = [names.get(str(factor), str(factor)) for factor in shown["factor"]]
    left = sheet.left + min(3.2, max(map(sheet.width, texts)) + 0.15)
    top = sheet.top - pitch() - 0.08
    right = sheet.right - 0.9
    axes = titled_axes(sheet, left, sheet.bottom + 0.06, right, top, axis, "")
    x = left
    say = sheet.words.say
    for name, ink in ((say("sweep.tornado.low"), LOW), (say("sweep.tornado.high"), HIGH)):
        sheet.swatch(x, sheet.top - 0.08, ink)
        sheet.write(x + 0.16, sheet.top, name, anchor="top")
        x += 0.16 + sheet.width(name) + 0.3
    sheet.write(sheet.right, sheet.top, say("sweep.tornado.swing"), colour=QUIET, align="right", anchor="top")
    _bars(axes, shown, sheet.words)
    _names(sheet, axes, shown, texts, left)
    return sheet.figure


def _bars(axes: Axes, shown: pd.DataFrame, words: Words) -> None:
    y = np.arange(len(shown), dtype=np.float64)
    nominal = float(shown["nominal"].iloc[0])
    at_low, at_high = (shown[name].to_numpy(dtype=np.float64) for name in ("at_low", "at_high"))
    base = np.full(y.size, nominal)
    bars(axes, y, base, at_low, LOW, width=0.7, lying=True)
    bars(axes, y, base, at_high, HIGH, width=0.7, lying=True)
    ends = np.concatenate([at_low, at_high, [nominal]])
    room = 0.16 * max(float(np.ptp(ends)), 1e-9)
    axes.set(xlim=(ends.min() - room, ends.max() + room), ylim=(max(len(shown), 5) - 0.4, -0.6))
    axes.axvline(nominal, color=INK, linewidth=0.9, zorder=4)
    axes.grid(False, axis="y")
    axes.grid(axis="x", color=FAINT, linewidth=0.6, alpha=0.7)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    for place, row in enumerate(shown.to_dict("records")):
        for end, other_end in (("low", "high"), ("high", "low")):
            value, reached, other = row[f"{end}_value"], float(row[f"at_{end}"]), float(row[f"at_{other_end}"])
            rightward = reached > other or (reached == other and reached >= nominal)
            text = short(float(value), words) if isinstance(value, (int, float, np.number)) else str(value)
            beyond = max(reached, nominal) if rightward else min(reached, nominal)
            axes.annotate(
                text, (beyond, place), xytext=(4 if rightward else -4, 0), textcoords="offset points",
                ha="left" if rightward else "right", va="center", fontsize=BODY, color=QUIET, parse_math=False,
                fontfamily=list(FAMILIES),
            )  # fmt: skip


def _names(sheet: Page, axes: Axes, shown: pd.DataFrame, texts: list[str], left: float) -> None:
    box, height = axes.get_position(), sheet.figure.get_figheight()
    bottom, top = box.y0 * height, box.y1 * height
    span = max(len(shown), 5) + 0.2
    for place, (text, swing, error) in enumerate(zip(texts, shown["swing"], shown["error"], strict=True)):
        y = top - (top - bottom) * (place + 0.6) / span
        sheet.write(left - 0.08, y, sheet.wrapped(text, left - sheet.left - 0.08, 1)[0], align="right", anchor="center")
        amount = signed(float(swing), sheet.words) + (
            "" if np.isnan(error) else f" ± {short(float(error), sheet.words)}"
        )
        sheet.write(sheet.right, y, amount, align="right", anchor="center", weight="bold")
