"""Why a target is not reached below the cap: wrong way, no effect, too late, too little to move, or worn out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from footloose.experiments.comparison.histories import live_tables
from footloose.geography import load_geography
from footloose.long_numbers import numbers_of
from footloose.long_table import unit_of

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
    reasons = [
        f"{start}; {shortfall}",
        *too_little(search, target, rising, gap),
        *too_late(search, target, central, goal),
    ]
    if len(levels) >= 5:
        first, last = gains[1], gains[-1] - gains[-2]
        if first > 0.0 and last < SATURATED * first:
            reasons.append(
                f"it wears out: the first quarter of the lever brings {first:.3g}, the last {max(last, 0.0):.3g}; "
                "what could still move is held by sunk cost and by cost gaps larger than the lever"
            )
    return "; ".join(reasons)


def too_little(search: _Search, target: Target, rising: bool, gap: float) -> list[str]:
    """Return, for a tariff that is to raise another place's share of a market, whether it taxes less than is wanted."""
    reach, outcome = search.lever.reach, target.outcome
    asked = reach.get("kind") == "tariff" and outcome.variable == "Imports|Share" and outcome.market == reach["market"]
    if not asked or not rising:
        return []
    geography = load_geography()
    record = live_tables(search.scenario, 0)
    numbers = numbers_of(record)
    sites = {site for name in reach["sites"] for site in geography.sites_in(name)}
    shares = [replace(outcome, site=geography.sites[site]).value(numbers, record.years) for site in sites]
    if gap <= sum(shares):
        return []
    return [
        f"the sites it taxes make {sum(shares):.3g} percent of what the market buys, and {gap:.3g} points are wanted"
    ]


def too_late(search: _Search, target: Target, central: npt.NDArray[np.bool_], goal: Floats) -> list[str]:
    """Return whether the target is reached at the cap in a later year, or the lever begins after the year asked for."""
    sign = 1.0 if float((goal - search.tried[search.lever.low])[central].mean()) >= 0.0 else -1.0
    when = later_year(search, target, central, goal, sign)
    if when is not None:
        return [f"time is too short: at the cap it is reached in {when}; reviews, building and hiring take years"]
    asked = year_of(search, target)
    if search.lever.starts >= asked:
        return [f"it is too late: the lever begins in {search.lever.starts}, the target is for {asked}"]
    return []


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
