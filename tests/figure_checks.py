"""What every figure is held to: each word on the page, on no other word, and no smaller than 9 points.

A glyph that the typeface lacks is a warning of matplotlib, and so an error of the test that draws it.
"""

from __future__ import annotations

from unittest import mock

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST = 9.0
"""Type, in points."""


def texts_drawn(figure: Figure) -> list[Text]:
    """Draw the figure and return the texts that were really drawn, ticks beyond the axes left out."""
    drawn: dict[int, Text] = {}
    original = Text.draw

    def record(self: Text, renderer: RendererBase) -> None:
        if self.get_visible() and self.get_text().strip():
            drawn[id(self)] = self
        original(self, renderer)

    with mock.patch.object(Text, "draw", record):
        figure.canvas.draw()
    return list(drawn.values())


def words_of(figure: Figure) -> list[str]:
    """Return what the figure says, text by text."""
    return [text.get_text() for text in texts_drawn(figure)]


def check_texts(figure: Figure) -> list[str]:
    """Every text is on the page, none covers another (by more than a dot), none is smaller than 9 points.

    returns : what the figure says, text by text
    """
    texts = texts_drawn(figure)
    width, height = figure.canvas.get_width_height()
    boxes = np.array([text.get_window_extent().extents for text in texts])
    for text, (left, bottom, right, top) in zip(texts, boxes, strict=True):
        assert float(text.get_fontsize()) >= SMALLEST, text
        assert min(left, bottom, width - right, height - top) >= 0, f"outside: {text}"
    for place, first in enumerate(texts):
        for other in range(place + 1, len(texts)):
            a, b = boxes[place], boxes[other]
            across = min(a[2], b[2]) - max(a[0], b[0])
            along = min(a[3], b[3]) - max(a[1], b[1])
            assert across <= 1 or along <= 1, f"{first.get_text()!r} covers {texts[other].get_text()!r}"
    return [text.get_text() for text in texts]
