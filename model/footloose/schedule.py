"""The schedule: what customs charges on goods by law, as a collected rate, and what a change of it adds to cost."""

from __future__ import annotations

import numpy as np

from footloose.world import Floats, World


def charged(world: World, additional: Floats) -> Floats:
    """Return ordinary and additional duties as collected, 0.25 = 25 %; (market, sector, site).

    additional : duties on top of the ordinary rate, statutory; percentage points, (market, sector, site)
    """
    ordinary = np.swapaxes(world.series("mfn_tariff"), 1, 2)
    collection = world.series("collection_ratio")[:, None, None]
    return np.asarray((ordinary + collection * additional) / 100.0)


def added_to(rate: Floats, extra: Floats) -> Floats:
    """Return what an extra rate adds to log(1 + rate), log points; at most nine tenths are relieved."""
    before = np.maximum(1.0 + rate, 0.1)
    return np.asarray(np.log(np.maximum(before + extra, 0.1) / before))


def behind_border(world: World) -> Floats:
    """Return 1 where a site lies behind the customs border of a market; (market, site)."""
    markets = np.arange(len(world.setting.geography.markets))
    return np.asarray(world.setting.market_of_site[None, :] == markets[:, None], dtype=np.float64)
