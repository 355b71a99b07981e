"""Outages: what happens to orders when plants of a site cannot make what is asked of them.

A programme with a plant elsewhere shifts what it lost there first; buyers then turn to other suppliers of the same
market, as far as these have capacity to spare; stocks bridge a part of the rest; what remains is a shortage. Suppliers
are taken up in proportion to what they sell already (proportional rationing, Hallegatte 2008; Inoue and Todo 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footloose.world import Floats, Ints


@dataclass(frozen=True)
class Delivery:
    """What is delivered: sales (market, sector, origin, site) and what is short (market, sector); USD million."""

    sales: Floats
    shortage: Floats


def deliver(sales: Floats, footing: Ints, outage: Floats, spare: float, stock: Floats) -> Delivery:
    """Return what is delivered when plants lose a part of their output.

    sales  : (market, sector, origin, site) asked for, USD million
    footing: (cell, main, second) output by footprint
    outage : (sector, site) share of the year's output lost
    spare  : share of a plant's output it can make on top when asked
    stock  : (market, sector) share of a year's purchases held in stock; it counts as sold by those who lost the output
    """
    kept = sales * (1.0 - outage)[None, :, None, :]
    lost = sales - kept
    room = spare * kept.sum(axis=(0, 2))
    shift = to_partner(footing).reshape(*sales.shape, sales.shape[3])
    asked = np.einsum("msoi,msoik->msok", lost, shift)
    met, room = ration(asked, room)
    served = np.einsum("msok,msoik,msoi->msoi", _share(met, asked), shift, lost)
    left = lost - served
    wanted = left.sum(axis=(2, 3), keepdims=True)
    rest = kept / np.maximum(kept.sum(axis=(2, 3), keepdims=True), 1e-300) * wanted
    more, _ = ration(rest, room)
    open_orders = wanted[:, :, 0, 0] - more.sum(axis=(2, 3))
    bridged = np.minimum(open_orders, stock * sales.sum(axis=(2, 3)))
    from_stock = left * _share(bridged, left.sum(axis=(2, 3)))[:, :, None, None]
    return Delivery(kept + met + more + from_stock, np.maximum(open_orders - bridged, 0.0))


def to_partner(footing: Ints) -> Floats:
    """Return the share of a cell's output at a site that belongs to programmes with a plant at each other site.

    footing : (cell, main, second), single sites on the diagonal
    returns : (cell, site, partner), zero on the diagonal
    """
    both = footing + np.swapaxes(footing, 1, 2)
    pairs = 0.5 * both * (1 - np.eye(footing.shape[1], dtype=np.int64))
    single = np.einsum("cii->ci", footing).astype(np.float64)
    return np.asarray(pairs / np.maximum(single + pairs.sum(axis=2), 1e-300)[:, :, None])


def ration(asked: Floats, room: Floats) -> tuple[Floats, Floats]:
    """Return what of the orders asked of sites fits into their room, all cut alike, and the room that is left.

    asked : (market, sector, origin, site); room: (sector, site) USD million
    """
    total = asked.sum(axis=(0, 2))
    part = np.minimum(_share(room, total), 1.0)
    return asked * part[None, :, None, :], np.maximum(room - total * part, 0.0)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)
