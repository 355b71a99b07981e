"""The research sector in 2010: laboratories and headquarters, sized by the R&D of the plants nearby."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from footloose.geography.areas import Areas
from footloose.geography.sourcing import home_markets
from footloose.geography.tables import Floats, Row, fill
from footloose.geography.world_map import Geography


def research_use(geography: Geography, areas: Areas, structure: Sequence[Row], use: Floats) -> Floats:
    """Return what each market buys of each site's research, (market, site) [USD million].

    A site's research is its goods output times value-added share times R&D intensity times its research
    effort relative to the OECD. Most of it serves the home market, the rest the other markets in proportion
    to their own research.

    use : (market, goods, site) [USD million]
    """
    value_added = fill(structure, "value_added_share", {"sector": geography.sectors})[areas.goods_at]
    intensity = geography.traits["rd_intensity"][areas.goods_at]
    effort = fill(structure, "research_effort", {"site": geography.sites})
    at_home = float(fill(structure, "research_home_share", {}))
    size = effort * ((value_added * intensity)[:, None] * use.sum(axis=0)).sum(axis=0)
    home = home_markets(geography)
    markets = np.arange(len(geography.markets))
    demand = np.bincount(home, weights=size, minlength=len(markets))
    abroad = np.where(markets[:, None] == home[None, :], 0.0, demand[:, None])
    abroad /= abroad.sum(axis=0)
    share = np.where(markets[:, None] == home[None, :], at_home, (1.0 - at_home) * abroad)
    result: Floats = share * size
    return result
