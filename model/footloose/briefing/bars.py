"""Bars of one layer as one artist: quick to draw, hatched like its tag."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from footloose.briefing.style import Ink

Floats = npt.NDArray[np.float64]


def bars(
    axes: Axes, at: Floats, low: Floats, high: Floats, ink: Ink, *, width: float = 0.82, lying: bool = False
) -> None:
    """Draw a bar from low to high at each place; those without length are left out.

    at, low, high : (bar,) in the units of the axes
    lying         : bars run along x, `at` is on y
    """
    there = np.abs(high - low) > 0
    left, right, foot, head = at[there] - width / 2, at[there] + width / 2, low[there], high[there]
    corners = np.array([[left, foot], [left, head], [right, head], [right, foot]]).transpose(2, 0, 1)
    boxes = corners[..., ::-1] if lying else corners
    layer = PolyCollection(list(boxes), facecolor=ink.colour, edgecolor="white", linewidth=0.5, zorder=1.5)
    layer.set_hatch(ink.hatch)
    layer.set_hatchcolor(ink.mark)
    axes.add_collection(layer, autolim=False)
