"""Scenario discovery: the points where a case happens and where not, and the boxes that tell them apart."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from footloose.briefing.compare_marks import nothing
from footloose.briefing.style import BLUE, INK, QUIET, VERMILION, Footer, Page, pitch
from footloose.briefing.sweep_page import Caption, sweep_page, titled_axes
from footloose.briefing.typeface import FAMILIES

SIDE = 3.1
"""Room for the sentences at the right [inches]."""
Span = tuple[float, float] | frozenset[str]
"""Limits of a factor: low and high end, or the alternatives it may take."""


def discovery(
    points: pd.DataFrame,
    case: npt.NDArray[np.bool_],
    boxes: Sequence[Mapping[str, Span]],
    sentences: Sequence[str],
    axes_of: tuple[str, str],
    names: Mapping[str, str],
    caption: Caption,
    footer: Footer,
    *,
    happens: str,
    language: str = "en",
) -> Figure:
    """Draw points over two factors, filled where the case happens, with the boxes found and what they say.

    points    : one row a point, a column a factor;  case: (point,)
    boxes     : limits by factor;  sentences: one a box
    axes_of   : the factors drawn across and upwards;  happens: what a filled point means
    """
    sheet = sweep_page(caption, footer, language)
    if points.empty:
        return nothing(sheet, happens)
    right = sheet.right - SIDE - 0.2
    top = sheet.top - pitch() - 0.06
    across, up = axes_of
    axes = titled_axes(
        sheet, sheet.left + 0.62, sheet.bottom + 0.06, right, top, names.get(across, across), names.get(up, up)
    )
    sheet.write(sheet.left, sheet.top, "\N{BLACK CIRCLE} " + happens, colour=VERMILION, weight="bold", anchor="top")
    x, x_names = places(points[across])
    y, y_names = places(points[up])
    axes.plot(x[~case], y[~case], "o", color=QUIET, markersize=3.5, fillstyle="none", alpha=0.7, zorder=3)
    axes.plot(x[case], y[case], "o", color=VERMILION, markersize=5, alpha=0.75, markeredgewidth=0, zorder=2)
    for labels, place in ((x_names, axes.xaxis), (y_names, axes.yaxis)):
        if labels:
            place.set_ticks(range(len(labels)), labels=labels)
    _rectangles(axes, boxes, axes_of, (x_names, y_names))
    _sentences(sheet, sentences, sheet.right - SIDE, top)
    return sheet.figure


def places(values: pd.Series[Any]) -> tuple[npt.NDArray[np.float64], list[str]]:
    """Return where values stand on an axis; names without order stand side by side, spread a little."""
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=np.float64), []
    labels = sorted(str(value) for value in values.unique())
    spread = 0.3 * (2.0 * ((np.arange(len(values)) * 0.6180339887) % 1.0) - 1.0)  # golden ratio: even, not random
    return np.array([labels.index(str(value)) for value in values]) + spread, labels


def _rectangles(
    axes: Axes, boxes: Sequence[Mapping[str, Span]], axes_of: tuple[str, str], names: tuple[list[str], list[str]]
) -> None:
    """Draw each box as far as it limits the two factors drawn."""
    limits = (axes.get_xlim(), axes.get_ylim())
    for number, box in enumerate(boxes):
        across, upwards = (
            stretches(box.get(factor, whole), whole, labels)
            for factor, whole, labels in zip(axes_of, limits, names, strict=True)
        )
        for (left, right), (bottom, top) in itertools.product(across, upwards):
            place, width, height = (left, bottom), right - left, top - bottom
            axes.add_patch(Rectangle(place, width, height, facecolor=BLUE, alpha=0.1, edgecolor="none", zorder=1))
            axes.add_patch(Rectangle(place, width, height, fill=False, edgecolor=BLUE, linewidth=2.0, zorder=4))
            axes.annotate(
                str(number + 1), (left, top), xytext=(3, -3), textcoords="offset points", ha="left", va="top",
                fontsize=11, fontweight="bold", color=BLUE, fontfamily=list(FAMILIES),
            )  # fmt: skip
    axes.set(xlim=limits[0], ylim=limits[1])


def stretches(span: Span, whole: tuple[float, float], labels: Sequence[str]) -> list[tuple[float, float]]:
    """Return where a limit lies on an axis: from low to high, or one stretch for every alternative with a neighbour.

    Alternatives that do not stand side by side are drawn apart: what stands between them is not in the box.
    """
    if not isinstance(span, frozenset):
        return [(max(span[0], whole[0]), min(span[1], whole[1]))]
    found: list[tuple[float, float]] = []
    for place in sorted(labels.index(member) for member in span):
        if found and place - found[-1][1] < 1.0:
            found[-1] = (found[-1][0], place + 0.45)
        else:
            found.append((place - 0.45, place + 0.45))
    return found


def _sentences(sheet: Page, sentences: Sequence[str], left: float, top: float) -> None:
    """Write what the boxes say, each under its number."""
    y = top
    for number, sentence in enumerate(sentences):
        sheet.write(left, y, str(number + 1), colour=BLUE, weight="bold", anchor="top")
        for line in sheet.wrapped(sentence, SIDE - 0.2, 12):
            if y - pitch() < sheet.bottom:
                return
            sheet.write(left + 0.2, y, line, colour=INK, anchor="top")
            y -= pitch()
        y -= 0.6 * pitch()
