"""Where the manufactured inputs of each site and sector came from in 2010."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from footloose.geography.areas import Areas, normalised_within, sum_by_area
from footloose.geography.sourcing import REMAINDER
from footloose.geography.tables import Floats, Row, fill, of_variable, position
from footloose.geography.world_map import Geography


def fit_input_origin(geography: Geography, areas: Areas, structure: Sequence[Row], output: Floats) -> Floats:
    """Return the share of manufactured inputs by source, (sector, site, source site); rows sum to 1.

    1 world table by area  2 unmeasured sources taken out of its remainder by output  3 estimates: for a
    measured buyer the mean of table and estimate, for another the estimate  4 areas divided into regions, the
    own region preferred. Sectors that make no goods have the mean of the others.

    output : (goods, site) [USD million]
    """
    by_area = _with_estimates(areas, structure, _with_unmeasured(geography, areas, structure, output))
    shares = by_area[:, areas.of_site][:, :, areas.of_site] * _regions(areas, structure, output)
    table = np.broadcast_to(
        shares.mean(axis=0), (len(geography.sectors), len(geography.sites), len(geography.sites))
    ).copy()
    table[areas.goods_at] = shares
    table /= table.sum(axis=2, keepdims=True)
    return table


def _with_unmeasured(geography: Geography, areas: Areas, structure: Sequence[Row], output: Floats) -> Floats:
    """Return (goods, buyer area, source area): the remainder divided by output, Asian buyers lean to Asian sources."""
    axes = {"sector": areas.composites, "site": areas.measured, "partner": areas.measured}
    world = fill(structure, "input_origin_share", axes)[areas.composite_of]
    known = np.array([areas.names.index(name) for name in areas.measured])
    rest = areas.names.index(REMAINDER)
    table = np.zeros((len(areas.goods), len(areas.names), len(areas.names)))
    table[:, known[:, None], known[None, :]] = world
    unmeasured = [index for index in range(len(areas.names)) if index not in known]
    table[:, unmeasured] = table[:, [rest]]
    asian = np.zeros(len(areas.names), dtype=np.bool_)
    asian[areas.of_site[list(geography.sites_in("asia"))]] = True
    lean = float(fill(structure, "asian_supplier_preference", {}))
    within = [rest, *unmeasured]
    made = sum_by_area(output, areas.of_site)[:, within]
    near = asian[:, None] & asian[None, within]
    weight = made[:, None, :] * np.where(near, lean, 1.0)[None]
    weight /= weight.sum(axis=2, keepdims=True)
    table[:, :, within] = table[:, :, [rest]] * weight
    return table


def _with_estimates(areas: Areas, structure: Sequence[Row], table: Floats) -> Floats:
    """Return the table with estimated shares put in and the other sources of the row scaled to the rest."""
    estimate = np.full_like(table, np.nan)
    goods = {name: i for i, name in enumerate(areas.goods)}
    places = {name: i for i, name in enumerate(areas.names)}
    for row in of_variable(structure, "estimated_input_share"):
        which = position(row.place, "sector", row.sector, goods) if row.sector else slice(None)
        buyer, source = (position(row.place, "site", name, places) for name in (row.site, row.partner))
        measured = row.site in areas.measured
        estimate[which, buyer, source] = (row.value + table[which, buyer, source]) / 2 if measured else row.value
    given = ~np.isnan(estimate)
    fixed = np.where(given, estimate, 0.0)
    other = np.where(given, 0.0, table)
    left = np.maximum(1.0 - fixed.sum(axis=2, keepdims=True), 0.0)
    result: Floats = fixed + other * left / np.maximum(other.sum(axis=2, keepdims=True), 1e-12)
    result /= result.sum(axis=2, keepdims=True)
    return result


def _regions(areas: Areas, structure: Sequence[Row], output: Floats) -> Floats:
    """Return (goods, buyer site, source site): part of an area's supply from each site; sums to 1 by area.

    Suppliers are half in the own sector, half spread as all goods; the own region has extra weight.
    """
    total = np.broadcast_to(output.sum(axis=0), output.shape)
    supply = (normalised_within(output, areas.of_site) + normalised_within(total, areas.of_site)) / 2
    preference = float(fill(structure, "own_region_preference", {}))
    sites = output.shape[1]
    weight = supply[:, None, :] * np.where(np.eye(sites, dtype=np.bool_), preference, 1.0)[None]
    return normalised_within(weight, areas.of_site)
