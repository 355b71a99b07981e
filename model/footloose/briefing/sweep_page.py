"""What the figures of sweeps have in common: captions, axes with their names, numbers as a reader wants them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from footloose.briefing.compare_marks import RoundNumbers
from footloose.briefing.style import BODY, HISTORY_ENDS, INK, Footer, Page, page, pitch
from footloose.briefing.text import Words


@dataclass(frozen=True)
class Caption:
    """What a figure says above and below itself."""

    title: str
    subtitle: str
    note: str = ""


def sweep_page(caption: Caption, footer: Footer, language: str = "en") -> Page:
    """Start a figure of a sweep."""
    words = Words(language)
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    return page(words, footer, caption.title, caption.subtitle, source, caption.note)


def titled_axes(sheet: Page, left: float, bottom: float, right: float, top: float, across: str, up: str) -> Axes:
    """Add axes with their names: the one across under it, the one up in a line above its left end [inches]."""
    head = pitch() if up else 0.0
    foot = 0.24 + (pitch() if across else 0.0)
    axes = sheet.axes(left, bottom + foot, right, top - head - 0.04)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(RoundNumbers(sheet.words))
    if across:
        for line in sheet.wrapped(across, right - left, 1):
            sheet.write((left + right) / 2, bottom, line, size=BODY, colour=INK, align="center", anchor="bottom")
    if up:
        for line in sheet.wrapped(up, right - left, 1):
            sheet.write(left, top, line, size=BODY, colour=INK, anchor="top")
    return axes


def edges(places: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the edges between places on an axis: half way, and as far out as in; (place + 1,)."""
    if places.size == 1:
        return np.array([places[0] - 0.5, places[0] + 0.5])
    middle = (places[1:] + places[:-1]) / 2.0
    return np.concatenate([[2 * places[0] - middle[0]], middle, [2 * places[-1] - middle[-1]]])
