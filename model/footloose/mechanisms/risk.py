"""Risk: the premium for disruption and geopolitics between a market and a site, as firms of each owner see it."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from footloose.block import Block, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.ledger import Line, Loading
from footloose.world import Floats, Given, exogenous

LOADING = Loading.RISK_AVERSION
EVIDENCE = "suggestive"


class Params(Block):
    """How large the premium is and since when."""

    premium_on_china: Annotated[DatedPath, Steps(0, 50)] = path(
        {2010: 0.0, 2018: 1.0, 2020: 2.5, 2022: 4.0},
        unit="percent of unit cost",
        low=0,
        high=50,
        source="range 0-5; firms' surveys and document 004: supply risk among the reasons since the pandemic",
        certainty="C",
    )
    """Premium on Chinese sites that serve the United States or the European Union."""

    distance_premium: Annotated[DatedPath, Steps(0, 50)] = path(
        {2010: 0.0, 2020: 1.5, 2021: 4.0, 2023: 1.5},
        unit="percent of unit cost",
        low=0,
        high=50,
        source="range 0-6; 30-60 extra days at sea in 2021-22 x 0.6-2.1 % a day (Hummels, Schaur), a tenth lasting",
        certainty="C",
    )
    """Premium on every site outside the market's own supply region."""

    domestic_owner: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="owners judge their home as less risky; unverified, range 0-1",
        certainty="C",
    )
    """Share of the premium that an owner feels at a site of its own home."""


@exogenous
def cost(params: Params, given: Given) -> Line:
    """Return the premium, log points, (market, 1, origin, site)."""
    return Line.certain(premium(params, given))


def premium(params: Params, given: Given) -> Floats:
    """Return the premium by market, owner and site; (market, 1, origin, site)."""
    geography = given.setting.geography
    shore = np.asarray(geography.shore_of)
    nest = np.asarray(geography.nest_of_site)
    china = np.zeros(shore.shape[1], dtype=bool)
    china[list(geography.sites_in("china"))] = True
    value = np.zeros(shore.shape)
    for market, name in enumerate(geography.markets):
        home_nests = nest[shore[market] == geography.shores.index("home")]
        value[market] = params.distance_premium.in_year(given.year) * ~np.equal.outer(nest, home_nests).any(axis=1)
        if name in ("united_states", "european_union"):
            value[market] += params.premium_on_china.in_year(given.year) * china
    felt = np.where(np.asarray(geography.home_of), params.domestic_owner, 1.0)
    return np.asarray(np.log1p(value[:, None, None, :] / 100.0) * felt[None, None, :, :])
