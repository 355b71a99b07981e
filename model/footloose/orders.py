"""Orders: who sells how much this year, footprints given (the fast margin)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.arithmetic import exp
from footloose.compiled import kernel, kernel_part
from footloose.sections import Orders

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def sell(footing: Ints, cost: Floats, elasticity: float, split_elasticity: float) -> tuple[Floats, Floats]:
    """Return sales before the market clears, and what they were had no cost changed, in units of the footing.

    A site sells in proportion to exp(-elasticity x change of its delivered cost); a firm with two sites splits its
    output between them by the difference of their costs (logit), evenly in the base year.

    footing : (cell, main, second) output by footprint, single sites on the diagonal
    cost    : (cell, site) change of delivered log cost since the base year
    returns : (cell, site) twice
    """
    sales, twice = np.zeros(cost.shape), np.zeros(cost.shape, dtype=np.int64)
    response, in_use = np.empty(cost.shape[1]), np.empty(footing[0].size, dtype=np.int64)
    add_up_sales(
        footing,
        footing.reshape(footing.shape[0], -1),
        cost,
        elasticity,
        split_elasticity,
        response,
        in_use,
        sales,
        twice,
    )
    return sales, twice / 2.0


@kernel
def add_up_sales(  # type: ignore[no-untyped-def]
    footing, flat, cost, elasticity, split_elasticity, response, in_use, sales, twice
):
    """Add sales, and twice the output at each site, to tables of (cell, site).

    flat : the footing as (cell, footprint);  response, in_use : (site,) and (site x site,) working space
    """
    cells, sites, _ = footing.shape
    for c in range(cells):
        for i in range(sites):
            response[i] = exp(-elasticity * cost[c, i])
        for n in range(list_in_use(c, flat, in_use)):
            i, k = in_use[n] // sites, in_use[n] % sites
            value = footing[c, i, k]
            twice[c, i] += value
            twice[c, k] += value
            if i == k:
                sales[c, i] += value * response[i]
                continue
            part = 1.0 / (1.0 + exp(split_elasticity * (cost[c, i] - cost[c, k])))
            sales[c, i] += value * part * response[i]
            sales[c, k] += value * (1.0 - part) * response[k]


@kernel_part
def list_in_use(c, output, in_use):  # type: ignore[no-untyped-def]
    """Write the footprints that anyone in a cell has to `in_use`; return how many. Few of a cell's are."""
    count = 0
    for footprint in range(output.shape[1]):
        in_use[np.uint64(count)] = footprint
        count += output[c, footprint] != 0
    return count


def count_output(footing: Ints) -> tuple[Ints, Ints, bool]:
    """Return output by cell, that of programmes with one site, and whether any footprint is negative.

    Both are (cell,), in units of the footing.

    footing : (cell, main, second) output by footprint, single sites on the diagonal
    """
    total, single = np.zeros((2, footing.shape[0]), dtype=np.int64)
    return total, single, bool(add_up_output(footing, footing.reshape(footing.shape[0], -1), total, single) < 0)


@kernel
def add_up_output(footing, flat, total, single):  # type: ignore[no-untyped-def]
    """Add output to `total`, and that of programmes with one site to `single`; negative if any footprint is."""
    cells, sites, _ = footing.shape
    signs = np.int64(0)
    for c in range(cells):
        output = np.int64(0)
        for footprint in range(flat.shape[1]):
            output += flat[c, footprint]
            signs |= flat[c, footprint]  # negative as soon as one of them is
        total[c] = output
        for i in range(sites):
            single[c] += footing[c, i, i]
    return signs


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
