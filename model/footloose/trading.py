"""Trade of a year: orders filled with the footprints there are (the fast margin), and what could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footloose import orders
from footloose.employment import jobs_per_output
from footloose.ledger import Ledger
from footloose.mechanisms import tariffs
from footloose.outages import Delivery, deliver_year, struck_part
from footloose.running import Rules, Run
from footloose.world import Floats, World

SHOCKS = "disruption"
"""The mechanism whose outages last as long as the scenario's shocks do; those of others last all year."""


@dataclass(frozen=True)
class Trade:
    """A year's flows in USD million of 2010.

    sales: (market, sector, origin, site); wanted, what markets buy, shortage, drawn from stock: (market, sector);
    output, jobs, reference_jobs, jobs_per_output: (sector, site); collected_rate of duty: (market, sector, site)
    """

    sales: Floats
    wanted: Floats
    shortage: Floats
    drawn: Floats
    output: Floats
    jobs: Floats
    reference_jobs: Floats
    jobs_per_output: Floats
    collected_rate: Floats


def trade_goods(run: Run, world: World, ledger: Ledger) -> Trade:
    """Fill orders with the footprints there are."""
    rules, setting = run.rules.orders, run.setting
    cost = ledger.mean_now().reshape(setting.cells, -1)
    sold = orders.sell(run.footing, cost, rules.elasticity, rules.split_elasticity)
    offered, unmoved = (sales.reshape(setting.shape) for sales in sold)
    exponent = rules.home_elasticity / rules.elasticity if rules.elasticity > 1e-3 else 1.0
    offered = orders.weigh_home(offered, unmoved, setting.at_home.astype(np.float64), exponent)
    rate = collected_rate(run.rules, world)
    wanted = orders.purchases(rules, setting.base.use, run.demand, rate - run.base_duty)
    wanted = np.where(offered.sum(axis=(2, 3)) > 0.0, wanted, 0.0)  # a handful of firms leaves markets unserved
    delivery = within_capacity(run, world, orders.clear_markets(offered, wanted))
    bought = wanted - delivery.shortage
    coefficient = jobs_per_output(world)
    output = delivery.sales.sum(axis=(0, 2))
    base_total = np.maximum(setting.base.use.sum(axis=2), 1e-300)
    reference = np.einsum("msj,ms->sj", setting.base.use, wanted / base_total)
    return Trade(
        delivery.sales, bought, delivery.shortage, delivery.drawn,
        output, output * coefficient, reference * coefficient, coefficient, rate,
    )  # fmt: skip


def within_capacity(run: Run, world: World, sales: Floats) -> Delivery:
    """Return what plants can deliver of the sales asked of them; sales: (market, sector, origin, site)."""
    lasting, passing = (lost_capacity(run, world, sales.shape[1::2], shocks) for shocks in (False, True))
    if not lasting.any() and not passing.any():
        return Delivery(sales, np.zeros(sales.shape[:2]), np.zeros(sales.shape[:2]))
    stock = np.minimum(run.rules.added("buffer", world, sales.shape[:2]), 1.0)
    part = struck_part(world.setting.shocks, world.year) if passing.any() else 1.0
    return deliver_year(sales, run.footing, (lasting, passing), part, run.rules.orders.spare_capacity, stock)


def lost_capacity(run: Run, world: World, shape: tuple[int, ...], shocks: bool) -> Floats:
    """Return the share of a year's output lost to the scenario's shocks, or to all other mechanisms; (sector, site)."""
    outage = np.zeros(shape)
    for name in sorted(run.rules.mechanisms):
        mechanism, params = run.rules.mechanisms[name]
        if "outage" in mechanism.hooks and (name == SHOCKS) == shocks:
            outage = 1.0 - (1.0 - outage) * (1.0 - mechanism.hooks["outage"](params, world))
    return outage


def collected_rate(rules: Rules, world: World) -> Floats:
    """Return the collected duty rate: the schedule's and what other mechanisms collect; (market, sector, site)."""
    schedule = np.zeros(world.setting.base.use.shape)
    if "tariffs" in rules.mechanisms:
        params = rules.mechanisms["tariffs"][1]
        assert isinstance(params, tariffs.Params)
        schedule = tariffs.rates(params, world)
    return schedule + rules.added("duty", world, (1, 1, 1))
