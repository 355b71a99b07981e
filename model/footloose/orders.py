"""Orders: who sells how much this year, footprints given (the fast margin)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.compiled import kernel, kernel_part
from footloose.sections import Orders

Floats = npt.NDArray[np.float64]


@kernel
def sell(footing, cost, elasticity, split_elasticity):  # type: ignore[no-untyped-def]
    """Return sales before the market clears, and what they were had no cost changed, in units of the footing.

    A site sells in proportion to exp(-elasticity x change of its delivered cost); a firm with two sites splits its
    output between them by the difference of their costs (logit), evenly in the base year.

    footing : (cell, main, second) output by footprint, single sites on the diagonal
    cost    : (cell, site) change of delivered log cost since the base year
    returns : (cell, site) twice
    """
    cells, sites, _ = footing.shape
    sales, response = np.zeros((cells, sites)), np.empty(sites)
    twice, in_use = np.zeros((cells, sites), dtype=np.int64), np.empty(sites * sites, dtype=np.int64)
    for c in range(cells):
        for i in range(sites):
            response[i] = np.exp(-elasticity * cost[c, i])
        for n in range(list_in_use(footing[c].reshape(-1), in_use)):
            i, k = in_use[n] // sites, in_use[n] % sites
            value = footing[c, i, k]
            twice[c, i] += value
            twice[c, k] += value
            if i == k:
                sales[c, i] += value * response[i]
                continue
            part = 1.0 / (1.0 + np.exp(split_elasticity * (cost[c, i] - cost[c, k])))
            sales[c, i] += value * part * response[i]
            sales[c, k] += value * (1.0 - part) * response[k]
    return sales, twice / 2.0


@kernel_part
def list_in_use(output, in_use):  # type: ignore[no-untyped-def]
    """Write the places of the footprints that anyone has to `in_use`; return how many. Few of a cell's are."""
    count = 0
    for footprint in range(output.size):
        in_use[np.uint64(count)] = footprint
        count += output[footprint] != 0
    return count


@kernel
def count_output(footing):  # type: ignore[no-untyped-def]
    """Return output by cell, that of programmes with one site, and whether any footprint is negative.

    Both are (cell,), in units of the footing.

    footing : (cell, main, second) output by footprint, single sites on the diagonal
    """
    cells, sites, _ = footing.shape
    total, single, signs = np.zeros(cells, dtype=np.int64), np.zeros(cells, dtype=np.int64), np.int64(0)
    flat = footing.reshape(cells, sites * sites)
    for c in range(cells):
        output = np.int64(0)
        for footprint in range(sites * sites):
            output += flat[c, footprint]
            signs |= flat[c, footprint]  # negative as soon as one of them is
        total[c] = output
        for i in range(sites):
            single[c] += footing[c, i, i]
    return total, single, signs < 0


def weigh_home(offered: Floats, unmoved: Floats, at_home: Floats, exponent: float) -> Floats:
    """Dampen the response between home and imports: home is a weaker substitute than another supplier abroad.

    Two tiers (Armington 1969): within home and within imports suppliers compete with the full elasticity; home and
    imports as a whole with a fraction of it, so each tier's total is taken to the power of that fraction.

    offered  : (market, sector, origin, site) sales at this year's costs; unmoved: the same had no cost changed
    at_home  : (market, site) 1 where the site lies at the market's home
    exponent : elasticity between the tiers over that within them
    returns  : (market, sector, origin, site)
    """
    unmoved_of_all, factor = unmoved.sum(axis=2), []
    for tier in (at_home, 1.0 - at_home):
        before = (unmoved_of_all * tier[:, None, :]).sum(axis=2)
        now = (offered * tier[:, None, None, :]).sum(axis=(2, 3))
        present = (before > 0.0) & (now > 0.0)
        response = np.where(present, now / np.where(before > 0.0, before, 1.0), 1.0)
        factor.append(response ** (exponent - 1.0))
    at_site = np.where(at_home[:, None, :] > 0.0, factor[0][:, :, None], factor[1][:, :, None])
    return np.asarray(offered * at_site[:, :, None, :])


def clear_markets(sales: Floats, wanted: Floats) -> Floats:
    """Scale sales so that every market buys what it wants of every sector.

    sales   : (market, sector, origin, site); wanted: (market, sector) USD million
    returns : (market, sector, origin, site) USD million
    """
    offered = sales.sum(axis=(2, 3))
    scale = np.where(offered > 0.0, wanted / np.where(offered > 0.0, offered, 1.0), 0.0)
    return np.asarray(sales * scale[:, :, None, None])


def purchases(params: Orders, base_use: Floats, demand: Floats, duty_change: Floats) -> Floats:
    """Return what markets want to buy: base-year use x demand, less what the duties on it choke off.

    base_use    : (market, sector, site) USD million of 2010; demand: (market, sector) index
    duty_change : (market, sector, site) change of the collected rate since the base year, 0.25 = 25 %
    returns     : (market, sector)
    """
    total = base_use.sum(axis=2)
    share = base_use / np.where(total > 0.0, total, 1.0)[:, :, None]
    wedge = np.maximum(1.0 + (share * duty_change).sum(axis=2), 0.1)
    return np.asarray(total * demand * wedge**-params.total_elasticity)
