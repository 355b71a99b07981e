"""Why a target is not reached below the cap: wrong way, no effect, too late, too little to move, or worn out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from footloose.experiments.comparison.outcomes import unit_of
from footloose.geography import load_geography

if TYPE_CHECKING:
    from footloose.experiments.comparison.inverse import Target, _Search

Floats = npt.NDArray[np.float64]

SATURATED = 0.25
"""The last quarter of the lever brings less than this part of what the first quarter brought."""


def why_not(
    search: _Search, target: Target, wanted: float, rising: bool, central: npt.NDArray[np.bool_], goal: Floats
) -> str:
    """Return why the stated part of the runs does not reach the target below the cap, with the numbers that show it."""
    lever, outcome = search.lever, target.outcome
    levels = search.levels()
    means = np.array([search.tried[level][central].mean() for level in levels])
    sign = 1.0 if rising else -1.0
    gains, gap = sign * (means - means[0]), abs(wanted - means[0])
    unit = unit_of(outcome.variable)
    start = f"without the lever the outcome is {means[0]:.4g} {unit}, {wanted:.4g} is wanted"
    exposure = exposed(search, target, central)
    if not np.any(search.tried[levels[-1]] != search.tried[levels[0]]):
        return f"the lever changes nothing: {lever.name} has no effect on {outcome}; {start}"
    if gains[-1] <= 0.0:
        return f"the lever works the other way: at the cap of {lever.cap:g} the outcome is {means[-1]:.4g}; {start}"
    shortfall = (
        f"at the cap of {lever.cap:g} {lever.unit} it is {means[-1]:.4g}, {100 * gains[-1] / gap:.0f} % of the way"
    )
    part = float((sign * (search.tried[levels[-1]] - goal) >= 0.0)[central].mean())
    if gains[-1] >= gap:
        return (
            f"the mean gets there, but only {100 * part:.0f} % of the runs do, "
            f"{100 * target.chance:.0f} % are asked; {start}"
        )
    reasons = [f"{start}; {shortfall}"]
    if exposure is not None and not rising and gap > exposure:
        reasons.append(
            f"the goods it reaches are {exposure:.4g} percent of what the market buys, less than is to be moved"
        )
    when = later_year(search, target, central, goal, sign)
    if when is not None:
        reasons.append(
            f"time is too short: at the cap the target is reached in {when}; reviews, building and hiring take years"
        )
    elif lever.starts >= year_of(search, target):
        reasons.append(
            f"it is too late: the lever begins in {lever.starts}, the target is for {year_of(search, target)}"
        )
    if len(levels) >= 5:
        first, last = gains[1], gains[-1] - gains[-2]
        if first > 0.0 and last < SATURATED * first:
            reasons.append(
                f"it wears out: the first quarter of the lever brings {first:.3g}, the last {max(last, 0.0):.3g}; "
                "whoever can move for a gain in cost has moved, sunk cost and the rest of the cost gap hold the others"
            )
    return "; ".join(reasons)


def exposed(search: _Search, target: Target, central: npt.NDArray[np.bool_]) -> float | None:
    """Return what the lever's sites sell to the market without it, percent of its purchases; None if it is not that."""
    reach, outcome = search.lever.reach, target.outcome
    if reach.get("kind") != "tariff" or outcome.variable != "Imports|Share" or outcome.market != reach.get("market"):
        return None
    geography = load_geography()
    sites = {site for name in reach["sites"] for site in geography.sites_in(name)}
    named = outcome.site.partition(":")[2] or outcome.site
    theirs = set(geography.sites_in(named)) if named in geography.groups else set()
    return float(search.tried[search.lever.low][central].mean()) if theirs and theirs <= sites else None


def later_year(
    search: _Search, target: Target, central: npt.NDArray[np.bool_], goal: Floats, sign: float
) -> int | None:
    """Return the first later year in which enough runs meet the target at the cap; None if none does."""
    years = range(search.scenario.years.start, search.scenario.years.until + 1)
    asked = year_of(search, target)
    paths = search.paths[search.levels()[-1]][central]
    wanted = goal[central][:, None]
    if target.relative:
        wanted = search.paths[search.lever.low][central] + target.value
    there = (sign * (paths - wanted) >= 0.0).mean(axis=0) >= target.chance
    return next((year for year, met in zip(years, there, strict=True) if met and year > asked), None)


def year_of(search: _Search, target: Target) -> int:
    """Return the year the target is for."""
    return search.scenario.years.until if target.outcome.last is None else target.outcome.last
