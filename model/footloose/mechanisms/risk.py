"""Risk: the premium for disruption and geopolitics between a market and a site, as firms of each owner see it."""

from __future__ import annotations

import numpy as np

from footloose.block import Block, parameter
from footloose.ledger import Line, Loading
from footloose.world import Floats, World

LOADING = Loading.RISK_AVERSION


class Params(Block):
    """How large the premium is and since when."""

    premium_on_china: dict[int, float] = {2018: 0.5, 2020: 1.5, 2022: 2.5}
    """Premium on Chinese sites serving Western markets, by first year [percent of unit cost]; C, range 0-5, surveys of
    the American Chamber of Commerce and document 004 (supply risk among the reasons since the pandemic)."""

    distance_premium: dict[int, float] = {2020: 0.5, 2023: 0.3}
    """Premium on every site outside the market's own region, by first year [percent of unit cost]; C, range 0-2."""

    domestic_owner: float = parameter(
        0.5, unit="1", low=0.0, high=1.0, source="owners judge their home as less risky; unverified, range 0-1", certainty="C"
    )
    """Share of the premium that an owner feels at a site of its own home."""


def cost(params: Params, world: World) -> Line:
    """Return the premium, log points, (market, 1, origin, site)."""
    return Line.certain(premium(params, world))


def premium(params: Params, world: World) -> Floats:
    """Return the premium by market, owner and site; (market, 1, origin, site)."""
    geography = world.setting.geography
    shore = np.asarray(geography.shore_of)
    nest = np.asarray(geography.nest_of_site)
    china = np.zeros(shore.shape[1], dtype=bool)
    china[list(geography.sites_in("china"))] = True
    value = np.zeros(shore.shape)
    for market, name in enumerate(geography.markets):
        home_nests = nest[shore[market] == geography.shores.index("home")]
        value[market] = step(params.distance_premium, world.year) * ~np.isin(nest, home_nests)
        if name in ("united_states", "european_union"):
            value[market] += step(params.premium_on_china, world.year) * china
    felt = np.where(np.asarray(geography.home_of), params.domestic_owner, 1.0)
    return np.asarray(np.log1p(value[:, None, None, :] / 100.0) * felt[None, None, :, :])


def step(path: dict[int, float], year: int) -> float:
    """Return the value of the last entry at or before the year, 0 before the first."""
    reached = [first for first in path if first <= year]
    return path[max(reached)] if reached else 0.0
