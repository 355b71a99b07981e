"""Inputs: what parts cost at a site, given where they come from and what customs adds.

Line = input share x mean over sources of (production cost at the source + duty the host levies on parts from it),
weights = where the site's parts came from in the base year (`sourcing` lets them move). So Vietnam's electronics
feels China's wages, and a United States plant that buys Chinese parts pays the United States' tariff on them (Flaaen
and Pierce 2019). Suppliers' wages are those of the year; shocks that come as a surprise are paid and not believed.
"""

from __future__ import annotations

import numpy as np

from footloose.block import parameter
from footloose.ledger import Line
from footloose.parts_cost import Suppliers, duty_on_parts, source_cost
from footloose.world import Floats, World, by_sector_site


class Params(Suppliers):
    """How far parts costs reach a site."""

    share_scale: float = parameter(
        1.0, unit="1", low=0.0, high=2.0, source="manufactured inputs per output, WIOD 2011", certainty="B"
    )
    """Scales the share of parts in unit cost."""

    duty_relief: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="exclusions, drawback and foreign-trade zones; range 0.1-0.5",
        certainty="C",
    )
    """Share of the duty on parts that is relieved or avoided by switching suppliers."""


def cost(params: Params, world: World) -> Line:
    """Return input share x log price of parts, log points, (1, sector, 1, site)."""
    tariffs = world.setting.law.tariffs
    lasting = world.series("wage") * world.foreseen_wage_shock
    return Line(
        now=_line(params, world, tariffs.now, world.wage),
        expected=_line(params, world, tariffs.expected, lasting),
    )


def _line(params: Params, world: World, additional: Floats, wage: Floats) -> Floats:
    """Return the line at some wages, (site,), and duties, (year, market, sector, site) in percentage points."""
    base = world.setting.base.input_origin
    made = source_cost(world, wage, params.substitution, params.technology)
    duty = duty_on_parts(world, additional[world.index])
    paid = 1.0 - params.duty_relief
    price = np.einsum("sjk,sk->sj", base, made) + paid * np.einsum("sjk,sjk->sj", base, duty)
    if "input_origin" in world.state:
        price = price + switching(params, world, made, duty - duty_on_parts(world.in_base_year(), additional[0]))
    return params.share_scale * world.setting.trait("input_share") * by_sector_site(price)


def switching(params: Params, world: World, made: Floats, dearer: Floats) -> Floats:
    """Return what the price of parts changes because plants buy elsewhere than in the base year; (sector, site).

    Half the change of shares times the change of prices: with the base-year shares it makes the Tornqvist index
    sum_k (s_k(2010) + s_k)/2 x change of log p_k, exact for any translog cost (Diewert 1976). What differed in 2010
    is quality, not price, and earns nobody anything.

    made : (sector, source) log cost now; dearer: (sector, host, source) change of the log duty
    """
    then = source_cost(world.in_base_year(), world.base_series("wage"), params.substitution, params.technology)
    change = (made - then)[:, None, :] + (1.0 - params.duty_relief) * dearer
    moved = world.input_origin - world.setting.base.input_origin
    return np.asarray(0.5 * np.einsum("sjk,sjk->sj", moved, change))
