"""Jobs per output in 2010: from employment where measured, else from productivity; research from wages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from footloose.geography.areas import Areas, sum_by_area
from footloose.geography.tables import Floats, Row, fill
from footloose.geography.world_map import Geography

HOURS_PER_YEAR = 2000.0
MOST_JOBS = 100.0
"""Persons per USD million; above it the rough productivity series of the poorest hosts would decide."""


def jobs_per_output(geography: Geography, areas: Areas, structure: Sequence[Row], use: Floats) -> Floats:
    """Return persons per USD million of output, (sector, site).

    Measured employment over fitted output; otherwise the area's value-added share over its value added per
    worker, with the sector pattern of the areas with employment. Research: labour share over the yearly cost
    of a skilled worker. Regions differ inversely to their wage. Capped at MOST_JOBS.

    use : (market, sector, site) [USD million]
    """
    output = use.sum(axis=0)[areas.goods_at]
    made = sum_by_area(output, areas.of_site)
    people = fill(structure, "employment", {"sector": areas.goods, "site": areas.names}, complete=False)
    measured = people / made
    pattern = _sector_pattern(measured, made)
    estimated = _from_productivity(areas, structure) * pattern[:, None]
    by_area = np.where(np.isnan(measured), estimated, measured)
    relative = fill(structure, "relative_wage", {"site": geography.sites}, complete=False)
    lean = np.where(np.isnan(relative), 1.0, 1.0 / relative)
    weighted = sum_by_area(output * lean, areas.of_site)
    factor = lean * (made / weighted)[:, areas.of_site]
    table = np.tile(_research_jobs(geography, areas, structure), (len(geography.sectors), 1))
    table[areas.goods_at] = by_area[:, areas.of_site] * factor
    result: Floats = np.minimum(table, MOST_JOBS)
    return result


def _sector_pattern(measured: Floats, made: Floats) -> Floats:
    """Return jobs per output by sector over the mean of all, geometric mean of areas with employment."""
    known = ~np.isnan(measured).any(axis=0)
    people = (measured[:, known] * made[:, known]).sum(axis=0)
    ratio = measured[:, known] / (people / made[:, known].sum(axis=0))
    result: Floats = np.exp(np.log(ratio).mean(axis=1))
    return result


def _from_productivity(areas: Areas, structure: Sequence[Row]) -> Floats:
    """Return mean jobs per output, (area,): value added per output over value added per worker."""
    axes = {"site": areas.names, "sector": areas.composites}
    share = fill(structure, "value_added_share_of_site", axes, complete=False)
    mean = np.nanmean(share, axis=0)
    overall = np.where(np.isnan(share), mean, share).mean(axis=1)
    per_worker = fill(structure, "value_added_per_worker", {"site": areas.names})
    result: Floats = 1e6 * overall / per_worker
    return result


def _research_jobs(geography: Geography, areas: Areas, structure: Sequence[Row]) -> Floats:
    """Return persons per USD million of research, (site,), regions at their relative wage."""
    wage = fill(structure, "labour_cost", {"site": areas.names})[areas.of_site]
    relative = fill(structure, "relative_wage", {"site": geography.sites}, complete=False)
    local = wage * np.where(np.isnan(relative), 1.0, relative)
    premium = fill(structure, "skill_premium", {"site": areas.names})[areas.of_site]
    labour = geography.traits["labour_share"][geography.sector("research")]
    result: Floats = labour * 1e6 / (local * premium * HOURS_PER_YEAR)
    return result
