"""Maps of sweeps: an outcome over two factors with the contour of its goal; where the goal tips."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Normalize
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from footloose.briefing.compare_marks import RoundNumbers, nothing, short
from footloose.briefing.style import BODY, INK, QUIET, VERMILION, Footer, Page, pitch
from footloose.briefing.sweep_page import Caption, edges, sweep_page, titled_axes
from footloose.briefing.text import Words
from footloose.briefing.typeface import FAMILIES

BAR = 0.18
"""Width of the colour bar in inches."""
LEVELS = 8
MARGIN = 0.08
"""Contours drawn, and the part of the axes at their edges in which none is named."""
SHARES = np.linspace(0.0, 1.0, 11)


def heat_map(
    surface: pd.DataFrame,
    caption: Caption,
    footer: Footer,
    *,
    across: str,
    up: str,
    outcome: str,
    goal: float | None = None,
    language: str = "en",
) -> Figure:
    """Draw an outcome over two factors: colour, thin contours with their values, the goal as a thick one.

    surface : rows the factor drawn upwards, columns the one drawn across, both numbers and rising
    """
    sheet = sweep_page(caption, footer, language)
    if surface.empty or surface.isna().all(axis=None):
        return nothing(sheet, outcome)
    values = surface.to_numpy(dtype=np.float64)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    norm = Normalize(low, high if high > low else low + 1.0)
    axes, room = _mesh(sheet, surface, norm, "cividis", across, up)
    if low < high and min(values.shape) > 1:
        _contours(axes, surface, goal, sheet.words)
    _bar(sheet, room, norm, outcome, goal if goal is not None and low <= goal <= high else None)
    return sheet.figure


def tipping_map(
    chance: pd.DataFrame,
    tips: pd.DataFrame,
    caption: Caption,
    footer: Footer,
    *,
    across: str,
    up: str,
    meaning: str,
    language: str = "en",
) -> Figure:
    """Draw in which share of the runs a goal is reached, and where it tips with what chance does to it.

    chance : share of runs by the two factors;  tips: columns up (first), tips_at, low, high
    """
    sheet = sweep_page(caption, footer, language)
    if chance.empty:
        return nothing(sheet, meaning)
    norm = BoundaryNorm(SHARES, 256)
    axes, room = _mesh(sheet, chance, norm, "Blues", across, up)
    height = tips.iloc[:, 0].to_numpy(dtype=np.float64)
    at, low, high = (tips[name].to_numpy(dtype=np.float64) for name in ("tips_at", "low", "high"))
    there = ~np.isnan(at)
    left, right = axes.get_xlim()
    said = there | np.isfinite(low) | np.isfinite(high)
    ends = np.clip(low[said], left, right), np.clip(high[said], left, right)
    axes.hlines(height[said], *ends, color=VERMILION, linewidth=1.6, zorder=4, clip_on=False)
    axes.plot(at[there], height[there], "o-", color=VERMILION, markersize=5, linewidth=2.0, zorder=5, clip_on=False)
    _bar(sheet, room, norm, meaning, None)
    return sheet.figure


def _mesh(
    sheet: Page, surface: pd.DataFrame, norm: Normalize, colours: str, across: str, up: str
) -> tuple[Axes, tuple[float, float, float]]:
    """Draw the coloured cells; return the axes and where the colour bar goes: left, bottom, top."""
    left, right = sheet.left + 0.62, sheet.right - 2.1
    axes = titled_axes(sheet, left, sheet.bottom + 0.06, right, sheet.top, across, up)
    x, y = surface.columns.to_numpy(dtype=np.float64), surface.index.to_numpy(dtype=np.float64)
    axes.grid(False)
    axes.pcolormesh(
        edges(x), edges(y), surface.to_numpy(dtype=np.float64), norm=norm, cmap=colours, rasterized=True, zorder=1
    )
    axes.set(xlim=_whole(x), ylim=_whole(y))
    box = axes.get_position()
    height = sheet.figure.get_figheight()
    return axes, (right + 0.3, box.y0 * height, box.y1 * height)


def _whole(places: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of an axis: the first and last place, where there are two."""
    outer = places if places.size > 1 else edges(places)
    return float(outer[0]), float(outer[-1])


def _contours(axes: Axes, surface: pd.DataFrame, goal: float | None, words: Words) -> None:
    """Draw contours in white with their values, and that of the goal in orange red."""
    x, y = surface.columns.to_numpy(dtype=np.float64), surface.index.to_numpy(dtype=np.float64)
    values = np.ma.masked_invalid(surface.to_numpy(dtype=np.float64))
    steps = MaxNLocator(LEVELS).tick_values(float(values.min()), float(values.max()))
    apart = [step for step in steps if goal is None or abs(step - goal) > 0.25 * (steps[1] - steps[0])]
    thin = axes.contour(x, y, values, levels=apart, colors="white", linewidths=0.8, alpha=0.8, zorder=2)
    _name_contours(axes, thin, words)
    if goal is not None and values.min() < goal < values.max():
        axes.contour(x, y, values, levels=[goal], colors="white", linewidths=4.5, zorder=3)
        axes.contour(x, y, values, levels=[goal], colors=VERMILION, linewidths=2.5, zorder=4)


def _name_contours(axes: Axes, lines: ContourSet, words: Words) -> None:
    """Write the value on each contour, dark on a light edge; none so near the frame that it would leave the axes."""
    # placed with plain numbers, since clabel measures in a typeface that has no Chinese; then written anew
    for label in list(axes.clabel(lines, fmt="%.6g", fontsize=BODY, inline=False)):
        if not all(MARGIN < part < 1 - MARGIN for part in _part_of_axes(axes, label)):
            label.remove()
            continue
        label.set(text=short(float(label.get_text()), words, 4), fontfamily=list(FAMILIES), color=INK)
        label.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _part_of_axes(axes: Axes, label: Text) -> tuple[float, float]:
    """Return where a text stands, as parts of the axes from the left and from below."""
    (x, y), (left, right), (bottom, top) = label.get_position(), axes.get_xlim(), axes.get_ylim()
    return (x - left) / (right - left), (y - bottom) / (top - bottom)


def _bar(sheet: Page, room: tuple[float, float, float], norm: Normalize, name: str, goal: float | None) -> None:
    """Draw the colour bar with its name above it and a mark at the goal."""
    left, bottom, top = room
    lines = sheet.wrapped(name, sheet.right - left, 4)
    head = top - len(lines) * pitch() - 0.06
    for place, line in enumerate(lines):
        sheet.write(left, top - place * pitch(), line, size=BODY, colour=INK, anchor="top")
    axes = sheet.axes(left, bottom, left + BAR, head)
    axes.grid(False)
    colours = "cividis" if not isinstance(norm, BoundaryNorm) else "Blues"
    bar = sheet.figure.colorbar(ScalarMappable(norm, mpl.colormaps[colours]), cax=axes)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_formatter(RoundNumbers(sheet.words))
    axes.tick_params(labelsize=BODY, colors=QUIET, labelcolor=INK, length=3)
    if isinstance(norm, BoundaryNorm):
        bar.set_ticks([0.0, 0.5, 1.0], labels=[sheet.words.say("compare.percent", value=part) for part in (0, 50, 100)])
    if goal is not None:
        axes.axhline(goal, color="white", linewidth=4.5)
        axes.axhline(goal, color=VERMILION, linewidth=2.5)
        share = (goal - float(norm.vmin or 0.0)) / (float(norm.vmax or 1.0) - float(norm.vmin or 0.0))
        sheet.write(
            left + BAR + 0.5,
            bottom + share * (head - bottom),
            sheet.words.say("sweep.goal", value=short(goal, sheet.words)),
            weight="bold",
            colour=VERMILION,
        )
