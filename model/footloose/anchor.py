"""The anchor: base-year shares turned into the pull of every site, so that the base year is the model's own.

Berry (1994): where choice follows a (nested) logit, the shares observed at base-year costs tell the mean utilities that
produce them. Here they are inverted in closed form, per cell, for the destination of moves and of second sites.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose.world import Setting

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Anchor:
    """What the base year fixes for ever.

    shares : (cell, site) share of the cell's base-year output made at each site
    pull   : (cell, site) chance that a footprint built afresh at base-year costs goes there
    weight : (cell, site) exp(utility / dissimilarity) of the nested logit that yields `pull`
    mass   : (cell,) base-year output [USD million]
    """

    shares: Floats
    pull: Floats
    weight: Floats
    mass: Floats


def anchor_base_year(setting: Setting, smallest_share: float, pairs_per_single: float, dissimilarity: float) -> Anchor:
    """Invert the base year.

    pairs_per_single : programmes with a second site per programme with one, were no site shared
    """
    use = setting.use_by_owner.reshape(setting.cells, -1)
    mass = use.sum(axis=1)
    positive = np.maximum(mass, 1e-300)[:, None]
    shares = np.maximum(use / positive, smallest_share)
    shares /= shares.sum(axis=1, keepdims=True)
    pull = pull_of_shares(shares, pairs_per_single)
    weight = nest_weight(pull, np.asarray(setting.geography.nest_of_site), dissimilarity)
    return Anchor(shares, pull, weight, mass)


def pull_of_shares(shares: Floats, pairs_per_single: float, rounds: int = 200) -> Floats:
    """Return the pull under which footprints of one and two sites together make the given shares of output.

    In the even state pairs {i, k} stand in the ratio rho pi_i pi_k to singles pi_i, so that site i's output is
    proportional to pi_i (1 + rho (1 - pi_i)). Solved by fixed point.

    shares  : (cell, site) rows sum to 1
    returns : (cell, site) rows sum to 1
    """
    pull = shares.copy()
    for _ in range(rounds):
        wanted = shares / (1.0 + pairs_per_single * (1.0 - pull))
        updated = wanted / wanted.sum(axis=1, keepdims=True)
        if np.abs(updated - pull).max() < 1e-15:
            break
        pull = updated
    return pull


def nest_weight(pull: Floats, nest: npt.NDArray[np.int64], dissimilarity: float) -> Floats:
    """Return exp(V / lambda) with V the nested-logit utilities that give `pull`.

    V_j = lambda log(pull_j / pull_nest) + log pull_nest, so exp(V_j / lambda) = pull_j|nest x pull_nest^(1/lambda).

    pull    : (cell, site); nest: (site,)
    returns : (cell, site)
    """
    members = np.equal.outer(np.arange(nest.max() + 1), nest).astype(np.float64)
    total = (pull @ members.T)[:, nest]
    return np.asarray(pull / total * total ** (1.0 / dissimilarity))
