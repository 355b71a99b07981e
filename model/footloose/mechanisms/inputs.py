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
from footloose.world import BASE_YEAR, Floats, Given, World, by_sector_site, exogenous


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
    now, expected = prices(params, world)
    if "input_origin" in world.state:
        moved = world.input_origin - world.setting.base.input_origin
        now, expected = (
            price + switching(moved, dearer)
            for price, dearer in zip((now, expected), price_changes(params, world), strict=True)
        )
    share = params.share_scale * world.setting.trait("input_share")
    return Line(now=share * by_sector_site(now), expected=share * by_sector_site(expected))


def switching(moved: Floats, dearer: Floats) -> Floats:
    """Return what the price of parts changes because plants buy elsewhere than in the base year; (sector, site).

    Half the change of shares times the change of prices: with the base-year shares it makes the Tornqvist index
    sum_k (s_k(2010) + s_k)/2 x change of log p_k, exact for any translog cost (Diewert 1976). What differed in 2010
    is quality, not price, and earns nobody anything.

    moved : (sector, host, source) change of the shares; dearer: (sector, host, source) change of the log price
    """
    return np.asarray(0.5 * np.einsum("sjk,sjk->sj", moved, dearer))


@exogenous
def prices(params: Params, given: Given) -> tuple[Floats, Floats]:
    """Return the log price of parts from where they came in the base year, paid and expected; (sector, site) each."""
    base, relieved = given.setting.base.input_origin, 1.0 - params.duty_relief
    (made, duty), (made_later, duty_later) = parts(params, given)
    return (
        np.einsum("sjk,sk->sj", base, made) + relieved * np.einsum("sjk,sjk->sj", base, duty),
        np.einsum("sjk,sk->sj", base, made_later) + relieved * np.einsum("sjk,sjk->sj", base, duty_later),
    )


@exogenous
def price_changes(params: Params, given: Given) -> tuple[Floats, ...]:
    """Return how the log price of parts has changed, paid and expected; (sector, host site, source site) each."""
    then, tariffs = Given(given.setting, BASE_YEAR), given.setting.law.tariffs
    made_then = source_cost(then, given.base_series("wage"), params.substitution, params.technology)
    duties_then = (duty_on_parts(then, additional[0]) for additional in (tariffs.now, tariffs.expected))
    return tuple(
        (made - made_then)[:, None, :] + (1.0 - params.duty_relief) * (duty - duty_then)
        for (made, duty), duty_then in zip(parts(params, given), duties_then, strict=True)
    )


def parts(params: Params, given: Given) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return what parts cost and their duty, paid and expected: log cost, (sector, source site), and log duty."""
    tariffs = given.setting.law.tariffs
    lasting = given.series("wage") * given.foreseen_wage_shock
    return (
        (
            source_cost(given, given.wage, params.substitution, params.technology),
            duty_on_parts(given, tariffs.now[given.index]),
        ),
        (
            source_cost(given, lasting, params.substitution, params.technology),
            duty_on_parts(given, tariffs.expected[given.index]),
        ),
    )
