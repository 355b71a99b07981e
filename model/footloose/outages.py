"""Outages: what happens to orders when plants of a site cannot make what is asked of them.

A programme with a plant elsewhere shifts what it lost there first; buyers then turn to other suppliers of the same
market, as far as these have capacity to spare; stocks bridge a part of the rest; what remains is a shortage. Suppliers
are taken up in proportion to what they sell already (proportional rationing, Hallegatte 2008; Inoue and Todo 2019);
in the course of the year buyers whom a full supplier turned away ask the next one.

An outage takes a share of capacity. What is left of a plant may still work overtime, so a site makes good a part of a
short outage by itself: its capacity is (1 + spare) (1 - outage) x what it was asked for.

Nobody can make in January what will be missing in June, and who went without does not buy twice in July: an outage of
part of the year is served by what others can spare in that part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from footloose.shocks import Shocks
from footloose.world import Floats, Ints

EXHAUSTED = 1e-12
"""Open orders below this share of what was asked for are rounding."""


@dataclass(frozen=True)
class Delivery:
    """What is delivered: sales (market, sector, origin, site); shortage, drawn: (market, sector); USD million.

    drawn is what stocks gave, part of the sales of those who lost the output.
    """

    sales: Floats
    shortage: Floats
    drawn: Floats


def deliver_year(
    sales: Floats, footing: Ints, outage: tuple[Floats, Floats], part: float, spare: float, stock: Floats
) -> Delivery:
    """Return what is delivered over a year, of which a part is struck by shocks.

    outage : share of the year's output lost by causes that last all year, and by shocks; each (sector, site)
    part   : part of the year in which the shocks hold, above 0 to 1;  the rest as for `deliver`
    """
    lasting, passing = outage
    struck = 1.0 - (1.0 - lasting) * (1.0 - np.minimum(passing / part, 1.0))
    there = deliver(part * sales, footing, struck, spare, np.minimum(stock / part, 1.0))
    if part == 1.0:
        return there
    left = np.maximum(stock * sales.sum(axis=(2, 3)) - there.drawn, 0.0)
    then = deliver((1.0 - part) * sales, footing, lasting, spare, _share(left, (1.0 - part) * sales.sum(axis=(2, 3))))
    return Delivery(there.sales + then.sales, there.shortage + then.shortage, there.drawn + then.drawn)


def struck_part(shocks: Shocks, year: int) -> float:
    """Return the part of the days of a year in which plants stand still or parts stay away; 1 where none do."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    events = (*shocks.of_kind("disruption"), *shocks.of_kind("blockade"))
    days = {day for event in events for day in event.changes if first < day < after}
    spells = pairwise([first, *sorted(days), after])
    struck = sum((end - start).days for start, end in spells if any(event.on(start) > 0.0 for event in events))
    return struck / (after - first).days if struck else 1.0


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
    more = ask_round(wanted[:, :, 0, 0], kept, room)
    open_orders = np.maximum(wanted[:, :, 0, 0] - more.sum(axis=(2, 3)), 0.0)
    bridged = np.minimum(open_orders, stock * sales.sum(axis=(2, 3)))
    from_stock = left * _share(bridged, left.sum(axis=(2, 3)))[:, :, None, None]
    return Delivery(kept + met + more + from_stock, open_orders - bridged, bridged)


def to_partner(footing: Ints) -> Floats:
    """Return the share of a cell's output at a site that belongs to programmes with a plant at each other site.

    footing : (cell, main, second), single sites on the diagonal
    returns : (cell, site, partner), zero on the diagonal
    """
    both = footing + np.swapaxes(footing, 1, 2)
    pairs = 0.5 * both * (1 - np.eye(footing.shape[1], dtype=np.int64))
    single = np.einsum("cii->ci", footing).astype(np.float64)
    return np.asarray(pairs / np.maximum(single + pairs.sum(axis=2), 1e-300)[:, :, None])


def ask_round(wanted: Floats, suppliers: Floats, room: Floats) -> Floats:
    """Return what other suppliers of a market deliver of open orders; (market, sector, origin, site) USD million.

    Buyers ask all suppliers that have room left in proportion to what these sell already; whom full suppliers turn away
    asks the others. Every round fills the orders or at least one site, so there are no more rounds than sites.

    wanted : (market, sector); suppliers: (market, sector, origin, site) sales; room: (sector, site); all USD million
    """
    total = np.zeros_like(suppliers)
    left = wanted
    for _ in range(room.shape[1]):
        free = suppliers * (room > 0.0)[None, :, None, :]
        asked = _share(free, free.sum(axis=(2, 3), keepdims=True)) * left[:, :, None, None]
        more, room = ration(asked, room)
        total += more
        left = np.maximum(left - more.sum(axis=(2, 3)), 0.0)
        if (left <= EXHAUSTED * wanted).all():
            break
    return total


def ration(asked: Floats, room: Floats) -> tuple[Floats, Floats]:
    """Return what of the orders asked of sites fits into their room, all cut alike, and the room that is left.

    asked : (market, sector, origin, site); room: (sector, site) USD million
    """
    total = asked.sum(axis=(0, 2))
    full = total > room
    part = np.where(full, room / np.where(full, total, 1.0), 1.0)
    return asked * part[None, :, None, :], np.where(full, 0.0, room - total)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)
