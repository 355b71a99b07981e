"""Levers: dated paths that a ministry sets by site, group of sites or sector, as arrays of a year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from footloose.dated import DatedPath
from footloose.geography import Geography

Floats = npt.NDArray[np.float64]


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
            values[site] = levers[name].in_year(year, float(without[site]))
    return values


def by_sector(levers: Mapping[str, DatedPath], geography: Geography, year: int, otherwise: float = 0.0) -> Floats:
    """Return the mean of a year in every sector; (sector,) in the levers' unit; `all` is for those not named."""
    values = np.full(len(geography.sectors), otherwise)
    if "all" in levers:
        values[:] = levers["all"].in_year(year, otherwise)
    for name, lever in levers.items():
        if name != "all":
            values[geography.sector(name)] = lever.in_year(year, otherwise)
    return values
