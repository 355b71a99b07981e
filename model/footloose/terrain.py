"""The terrain of decisions: how far apart sites are, how firms respond and what a move costs; no year changes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose import choice
from footloose.sections import Decisions
from footloose.world import Floats, Ints, Setting


@dataclass(frozen=True)
class Terrain:
    """What decisions rest on and no year changes.

    nest : (site,); market: (cell,); tie: (market, site, site) choice.NEAR, ACROSS or ROOTED
    packed, nearest : ties in words, of sites and of nests (choice.pack_ties, choice.pack_nearest)
    extra : (tie,) log odds on top of the sunk cost; elasticity, sunk_cost : (cell,) theta; log odds
    """

    nest: Ints
    market: Ints
    tie: Ints
    packed: npt.NDArray[np.int32]
    nearest: npt.NDArray[np.int32]
    extra: Floats
    elasticity: Floats
    sunk_cost: Floats

    @classmethod
    def of(cls, setting: Setting, rules: Decisions) -> Terrain:
        """Work it out once a run."""
        markets, sectors, origins, _ = setting.shape
        border = rules.region_border
        nest, extra = (
            np.array(setting.geography.nest_of_site, dtype=np.int64),
            np.array([0.0, border, border + rules.rooted]),
        )
        tie = ties(setting)
        return cls(
            nest=nest,
            market=np.repeat(np.arange(markets), sectors * origins),
            tie=tie,
            packed=choice.pack_ties(tie),
            nearest=choice.pack_nearest(tie, nest, extra),
            extra=extra,
            elasticity=elasticity(setting, rules),
            sunk_cost=sunk_cost(setting, rules),
        )


def ties(setting: Setting) -> Ints:
    """Return how far apart two sites are for firms of a market; (market, site, site), symmetric in the sites.

    A supply region is a nest of sites, with the market's home apart. A site is rich where it pays at least half of the
    highest wage of the base year: its goods are differentiated, and plants rarely move between two such sites.
    """
    geography = setting.geography
    nest, wage = np.asarray(geography.nest_of_site), setting.history.series["wage"][0]
    at_home = setting.at_home
    apart = (nest[:, None] != nest[None, :])[None] | (at_home[:, :, None] != at_home[:, None, :])
    rich = wage >= 0.5 * wage.max()
    country = np.asarray(geography.country_of_site)
    both = rich[:, None] & rich[None, :] & (country[:, None] != country[None, :])
    return np.where(both[None], choice.ROOTED, np.where(apart, choice.ACROSS, choice.NEAR)).astype(np.int64)


def elasticity(setting: Setting, rules: Decisions) -> Floats:
    """Return theta, the response of plant location to expected log cost; (cell,)."""
    return per_cell(setting, rules.elasticity_scale * np.asarray(setting.geography.traits["trade_elasticity"]))


def sunk_cost(setting: Setting, rules: Decisions) -> Floats:
    """Return the sunk cost of a move in log odds, by the sector's capital intensity; (cell,)."""
    capital = np.asarray(setting.geography.traits["capital_per_output"], dtype=np.float64)
    return per_cell(setting, rules.sunk_cost * (capital / capital.mean()) ** rules.sunk_cost_capital)


def per_cell(setting: Setting, by_sector: Floats) -> Floats:
    """Spread (sector,) over cells; (cell,)."""
    markets, sectors, origins, _ = setting.shape
    return np.broadcast_to(by_sector[None, :, None], (markets, sectors, origins)).reshape(-1).astype(np.float64)
