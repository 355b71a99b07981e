"""Schematic maps: places keep their directions and make room for what is written beside them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ROUNDS = 4000


def even_out(position: Floats, evenness: float) -> Floats:
    """Return coordinates scaled to 0..1 and moved towards their ranks, so that crowded places stand farther apart.

    position : (place,) [degrees]
    evenness : 0 keeps distances in proportion, 1 spaces the places evenly
    returns  : (place,) in the order of `position`
    """
    if position.size < 2 or np.ptp(position) == 0:
        return np.full(position.size, 0.5)
    proportion = (position - position.min()) / np.ptp(position)
    known, rank = np.unique(position, return_inverse=True)
    return np.asarray((1 - evenness) * proportion + evenness * rank / (known.size - 1), dtype=np.float64)


def make_room(middles: Floats, sizes: Floats, width: float, height: float) -> Floats:
    """Return the middles of boxes moved until none overlaps another and all lie on the page.

    Pairs that overlap part along the axis on which they overlap least, half each, over and over (the step of a
    rectangular cartogram; Dorling 1996 for circles). Deterministic; where there is no room for all, what is left
    of the overlaps is spread evenly.

    middles, sizes : (box, 2) [inches]
    width, height  : room for the boxes, from 0 [inches]
    """
    at = middles.copy()
    ends = np.array([width, height])
    for turn in range(ROUNDS):
        at = np.clip(at, np.minimum(sizes / 2, ends / 2), np.maximum(ends - sizes / 2, ends / 2))
        apart = at[:, None, :] - at[None, :, :]
        overlap = (sizes[:, None, :] + sizes[None, :, :]) / 2 - np.abs(apart)
        meets = (overlap > 1e-4).all(axis=2) & ~np.eye(len(at), dtype=bool)
        if not meets.any():
            break
        sideways = overlap[..., 0] <= overlap[..., 1]
        facing = np.where(
            apart == 0, np.sign(np.arange(len(at))[:, None] - np.arange(len(at)))[..., None], np.sign(apart)
        )
        step = 0.5 * overlap * facing * meets[..., None]
        along = np.stack([sideways, ~sideways], axis=2)
        if turn % 7 == 6:  # now and then the other way, lest two boxes push a third to and fro
            along = ~along
        at = at + 0.5 * (step * along).sum(axis=1)
    return at


def on_grid(longitude: Floats, latitude: Floats, columns: int, rows: int) -> tuple[Ints, Ints]:
    """Return column and row (0: the top) of each place on a grid, the places moved as little as possible in all.

    Solved as an assignment of places to cells by squared distance, after both axes are evened out by half.
    """
    from scipy.optimize import linear_sum_assignment  # here, because loading it takes longer than a map

    x = even_out(longitude, 0.5) * (columns - 1)
    y = (1 - even_out(latitude, 0.5)) * (rows - 1)
    column, row = (grid.ravel() for grid in np.meshgrid(np.arange(columns), np.arange(rows)))
    cost = (x[:, None] - column) ** 2 + (y[:, None] - row) ** 2
    place, cell = linear_sum_assignment(cost)
    order = np.argsort(place)
    return column[cell[order]].astype(np.int64), row[cell[order]].astype(np.int64)
