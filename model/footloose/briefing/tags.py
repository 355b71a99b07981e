"""Direct labels: a column of names beside the axes, moved apart until none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.lines import Line2D

from footloose.briefing.style import BODY, QUIET, Ink, Page, pitch

Floats = npt.NDArray[np.float64]
LEAD = Ink("#9A9A9A")
SWATCH, LEADER, SPACE = 0.18, 0.26, 0.14
"""Room for a swatch, for the line that leads to it, and between name and amount [inches]."""


@dataclass(frozen=True)
class Tag:
    """A name, the height on the page of what it names [inches], ink (`line`: as a line) and amount."""

    text: str
    height: float
    ink: Ink
    amount: str = ""
    line: bool = False


def spread(targets: Sequence[float], sizes: Sequence[float], low: float, high: float) -> Floats:
    """Return the middles nearest to the targets (least squares) at which labels do not overlap.

    Pool-adjacent-violators on the targets less their place in the queue; Barlow et al. (1972). Labels keep
    their order, and are moved closer together where low..high has no room for them.

    targets : (label,) wanted middles, any order [inches]
    sizes   : (label,) heights of the labels [inches]
    returns : (label,) middles, each label within low..high [inches]
    """
    wanted, size = np.asarray(targets, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    if not wanted.size:
        return wanted
    size = size * min(1.0, (high - low) / float(size.sum()))
    order = np.argsort(wanted, kind="stable")
    queue = np.cumsum(size[order]) - size[order] / 2
    pools: list[tuple[float, int]] = []
    for value in wanted[order] - queue:
        pools.append((float(value), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, count), (second, more) = pools[-2:]
            pools[-2:] = [((first * count + second * more) / (count + more), count + more)]
    flat = np.concatenate([np.full(count, value) for value, count in pools])
    middles = np.empty_like(wanted)
    middles[order] = np.clip(flat, low, high - float(size.sum())) + queue
    return middles


def width_of_tags(page: Page, names: Sequence[str], amounts: Sequence[str] = (), most: float = 2.9) -> float:
    """Return the room [inches] a column of tags needs, leader and swatch included, at most `most`."""
    widest = [max((page.width(text) for text in texts), default=0.0) for texts in (names, amounts)]
    return min(most, LEADER + SWATCH + sum(widest) + (SPACE if amounts else 0.0))


def side_tags(page: Page, tags: Sequence[Tag], x: float, low: float, high: float, leaders: bool = True) -> None:
    """Write tags in a column from x to the right edge, between low and high, with leaders [inches]."""
    start = x + (LEADER if leaders else 0.0)
    amounts = max((page.width(tag.amount) + SPACE for tag in tags if tag.amount), default=0.0)
    room = page.right - start - SWATCH - amounts
    heights = spread([tag.height for tag in tags], [pitch()] * len(tags), low, high)
    for tag, height in zip(tags, heights.tolist(), strict=True):
        if leaders:
            rule(page, (x + 0.03, start - 0.05), (tag.height, height))
        if tag.line:
            rule(page, (start - 0.03, start + 0.13), (height, height), tag.ink, 2.0)
        else:
            page.swatch(start, height, tag.ink)
        foot = height - 0.36 * BODY / 72
        page.write(start + SWATCH, foot, page.wrapped(tag.text, room, 1)[0], anchor="baseline")
        if tag.amount:
            page.write(page.right, foot, tag.amount, align="right", anchor="baseline")


def heading(page: Page, y: float, text: str, x: float | None = None) -> None:
    """Write the heading of a column, its foot at y [inches]: from x on, or flush with the right edge."""
    if x is None:
        page.write(page.right, y, text, colour=QUIET, align="right", anchor="bottom")
    else:
        page.write(x + LEADER, y, page.wrapped(text, page.right - x - LEADER, 1)[0], colour=QUIET, anchor="bottom")


def rule(page: Page, x: tuple[float, float], y: tuple[float, float], ink: Ink = LEAD, width: float = 0.6) -> None:
    """Draw a straight line on the page, in inches."""
    place = page.figure.dpi_scale_trans
    line = Line2D(x, y, color=ink.colour, linewidth=width, linestyle=ink.dash, transform=place)
    page.figure.add_artist(line)
