"""Inputs: what parts cost at a site, given where they come from and what customs adds.

Line = input share x mean over sources of (production cost at the source + duty the host levies on parts from it),
weights = where the site's parts came from in the base year. So Vietnam's electronics feels China's wages, and a United
States plant that buys Chinese parts pays the United States' tariff on them (Flaaen and Pierce 2019).
"""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.labour_cost import bridged_productivity, reference_labour_cost, relative_labour_cost
from footloose.ledger import Line
from footloose.world import Floats, World, by_sector_site


class Params(Block):
    """How far parts costs reach a site."""

    share_scale: float = parameter(
        1.0, unit="1", low=0.0, high=2.0, source="manufactured inputs per output, WIOD 2011", certainty="B"
    )
    """Scales the share of parts in unit cost."""

    substitution: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=0.99,
        source="capital-labour substitution 0.4-0.7, as for the plants themselves",
        certainty="B",
    )
    """Elasticity of substitution between labour and the other inputs of suppliers."""

    technology: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="suppliers of exporters are nearer to the frontier than the average workshop; range 0.3-0.8",
        certainty="C",
    )
    """Share of the log productivity gap to the frontier that the suppliers of footloose plants have bridged."""

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
    return Line(
        now=_line(params, world, tariffs.now[world.index]),
        expected=_line(params, world, tariffs.expected[world.index]),
    )


def source_cost(params: Params, world: World) -> Floats:
    """Return the log cost of parts where they are made, as labour and energy there have it; (sector, site)."""
    traits = world.setting.geography.traits
    measured = np.log(world.base_series("productivity"))
    base = np.log(world.base_series("wage")) - bridged_productivity(measured, params.technology)
    growth = np.log(world.series("productivity") / world.base_series("productivity"))
    now = base + np.log(world.series("wage") / world.base_series("wage")) - growth
    people = relative_labour_cost(now, reference_labour_cost(world.setting.geography, base), params.substitution)
    power = np.log(world.series("electricity"))
    labour = np.asarray(traits["labour_share"])[:, None] * people[None, :]
    return np.asarray(labour + np.asarray(traits["energy_share"])[:, None] * power[None, :])


def duty_on_parts(world: World, additional: Floats) -> Floats:
    """Return the log duty the host's customs levies on parts; (sector, host site, source site).

    additional : (market, sector, site) percentage points on top of the ordinary rates
    """
    market = world.setting.market_of_site
    collected = world.series("collection_ratio")[:, None, None] * additional
    duty = np.log1p(collected / 100.0)[np.maximum(market, 0)]
    duty = np.where((market >= 0)[:, None, None], duty, 0.0)
    return np.asarray(np.swapaxes(duty, 0, 1))


def _line(params: Params, world: World, additional: Floats) -> Floats:
    origin = world.input_origin
    made = np.einsum("sjk,sk->sj", origin, source_cost(params, world))
    levied = np.einsum("sjk,sjk->sj", origin, duty_on_parts(world, additional))
    price = made + (1.0 - params.duty_relief) * levied
    return params.share_scale * world.setting.trait("input_share") * by_sector_site(price)
