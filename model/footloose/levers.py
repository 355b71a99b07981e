"""Levers: dated paths that a ministry sets by site, group of sites or sector, as arrays of a year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from footloose.dated import DatedPath
from footloose.geography import Geography

Floats = npt.NDArray[np.float64]


@cache
def in_year(lever: DatedPath, year: int, otherwise: float = 0.0) -> float:
    """Return the day-weighted mean of a lever over a year, `otherwise` before it begins."""
    return lever.in_year(year, otherwise)


@cache
def grown(lever: DatedPath, since: int, until: int) -> float:
    """Return what growth in percent a year has made of 1 from the end of `since` to the end of `until`."""
    index = 1.0
    for year in range(since + 1, until + 1):
        index *= 1.0 + in_year(lever, year) / 100.0
    return index


def by_site(
    levers: Mapping[str, DatedPath], geography: Geography, year: int, otherwise: float | Floats = 0.0
) -> Floats:
    """Return the mean of a year at every site; (site,) in the levers' unit.

    levers    : by site or group; where two name a site, the smaller group wins, of equal ones the later
    otherwise : where no lever is set, or before it begins; one number or (site,)
    """
    values = np.array(np.broadcast_to(np.asarray(otherwise, dtype=np.float64), (len(geography.sites),)))
    without = values.copy()
    reach = {name: geography.sites_in(name) for name in levers}
    for name in sorted(levers, key=lambda name: -len(reach[name])):
        for site in reach[name]:
            values[site] = in_year(levers[name], year, float(without[site]))
    return values


def shared_out(levers: Mapping[str, DatedPath], geography: Geography, year: int, weight: Floats) -> Floats:
    """Return amounts of a year, each shared out by weight among the sites it names, summed; (site,) in their unit.

    weight : (site,)
    """
    values = np.zeros(len(geography.sites))
    for name, lever in levers.items():
        sites = list(geography.sites_in(name))
        values[sites] += in_year(lever, year) * weight[sites] / max(float(weight[sites].sum()), 1e-300)
    return values


def by_sector(levers: Mapping[str, DatedPath], geography: Geography, year: int, otherwise: float = 0.0) -> Floats:
    """Return the mean of a year in every sector; (sector,) in the levers' unit; `all` is for those not named."""
    return _sectors({name: in_year(lever, year, otherwise) for name, lever in levers.items()}, geography, otherwise)


def growth_by_sector(levers: Mapping[str, DatedPath], geography: Geography, since: int, until: int) -> Floats:
    """Return what yearly growth in percent has made of 1 since a year; (sector,), 1 where no lever is set."""
    return _sectors({name: grown(lever, since, until) for name, lever in levers.items()}, geography, 1.0)


def _sectors(given: Mapping[str, float], geography: Geography, otherwise: float) -> Floats:
    values = np.full(len(geography.sectors), given.get("all", otherwise))
    for name, value in given.items():
        if name != "all":
            values[geography.sector(name)] = value
    return values
