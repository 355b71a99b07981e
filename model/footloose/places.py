"""Levers by place: numbers given for sites and groups of sites, as tables over the sites."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from footloose.dated import DatedPath
from footloose.geography import Geography

Floats = npt.NDArray[np.float64]


def at_sites(given: Mapping[str, float], geography: Geography) -> Floats:
    """Return the number of every site, zero where none is given; (site,).

    Where several names reach a site, the one of the fewest sites holds, as in the policy record.
    """
    values = np.zeros(len(geography.sites))
    for name in sorted(given, key=lambda name: (-len(geography.sites_in(name)), name)):
        values[list(geography.sites_in(name))] = given[name]
    return values


def shared_out(given: Mapping[str, float], geography: Geography, weight: Floats) -> Floats:
    """Return amounts given for sites and groups, each shared out among its sites by weight, summed; (site,)."""
    values = np.zeros(len(geography.sites))
    for name, amount in given.items():
        sites = list(geography.sites_in(name))
        values[sites] += amount * weight[sites] / max(float(weight[sites].sum()), 1e-300)
    return values


def in_year(given: Mapping[str, DatedPath], year: int) -> dict[str, float]:
    """Return the mean of every dated path over a year."""
    return {name: path.in_year(year) for name, path in given.items()}
