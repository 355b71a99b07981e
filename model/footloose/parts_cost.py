"""What parts cost where they are made and what customs adds: for `inputs` (the price) and `sourcing` (the choice)."""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.labour_cost import bridged_productivity, reference_labour_cost, relative_labour_cost
from footloose.world import Floats, Given


class Suppliers(Block):
    """How the suppliers of parts turn wages and productivity into cost."""

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


def source_cost(given: Given, wage: Floats, substitution: float, technology: float) -> Floats:
    """Return the log cost of parts where they are made, as labour and energy there have it; (sector, site).

    wage : (site,) USD per hour
    """
    traits = given.setting.geography.traits
    measured = np.log(given.base_series("productivity"))
    base = np.log(given.base_series("wage")) - bridged_productivity(measured, technology)
    growth = np.log(given.series("productivity") / given.base_series("productivity"))
    now = base + np.log(wage / given.base_series("wage")) - growth
    people = relative_labour_cost(now, reference_labour_cost(given.setting.geography, base), substitution)
    power = np.log(given.series("electricity"))
    labour = np.asarray(traits["labour_share"])[:, None] * people[None, :]
    return np.asarray(labour + np.asarray(traits["energy_share"])[:, None] * power[None, :])


def duty_on_parts(given: Given, additional: Floats) -> Floats:
    """Return the log duty the host's customs levies on parts; (sector, host site, source site).

    additional : (market, sector, site) percentage points on top of the ordinary rates
    """
    market = given.setting.market_of_site
    collected = given.series("collection_ratio")[:, None, None] * additional
    duty = np.log1p(collected / 100.0)[np.maximum(market, 0)]
    duty = np.where((market >= 0)[:, None, None], duty, 0.0)
    return np.asarray(np.swapaxes(duty, 0, 1))
