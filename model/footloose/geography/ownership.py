"""Who owned the plants of 2010: shares of output by the home of the owner."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from footloose.errors import DataError
from footloose.geography.areas import Areas
from footloose.geography.tables import Bools, Floats, Row, fill, index_of, of_variable, position
from footloose.geography.world_map import Geography

LEAST_SHARE = 0.0005
"""No owner is absent: a cell without any start could never be reached by later investment."""


def owners(geography: Geography, areas: Areas, structure: Sequence[Row], use: Floats, home: Floats) -> Floats:
    """Return the share of output by owner, (site, sector, origin); rows sum to 1 and every entry is positive.

    Where foreign shares of exports are given, a site's foreign share is that of its exports and that of its
    home sales (the former times `domestic_foreign_factor`), weighted with what it sells; elsewhere the shares
    are estimates by site, or site and sector.

    use  : (market, sector, site) [USD million]
    home : (market, site) 1 where the market is the site's home
    """
    table = np.full((len(geography.sites), len(geography.sectors), len(geography.origins)), np.nan)
    _put_estimates(geography, areas, structure, table)
    sold = use.sum(axis=0)
    exported = 1.0 - np.einsum("msj,mj->sj", use, home) / np.where(sold > 0, sold, 1.0)
    for name in dict.fromkeys(row.site for row in of_variable(structure, "foreign_share_of_exports")):
        rows = [row for row in structure if row.site == name]
        for site in np.flatnonzero(areas.of_site == areas.names.index(name)):
            table[site] = _by_exports(geography, rows, exported[:, site], geography.home_of[:, site])
    if np.isnan(table).any():
        site, sector, _ = np.argwhere(np.isnan(table))[0]
        raise DataError(f"no owner_share for {geography.sites[site]}, {geography.sectors[sector]}")
    return _above_least(table)


def _put_estimates(geography: Geography, areas: Areas, structure: Sequence[Row], table: Floats) -> None:
    """Fill in the estimates of every area; a row with a sector overrides the one without."""
    rows = sorted(of_variable(structure, "owner_share"), key=lambda row: bool(row.sector))
    sectors, origins = index_of(geography.sectors), index_of(geography.origins)
    places = index_of(areas.names)
    for row in rows:
        sites = areas.of_site == position(row.place, "site", row.site, places)
        which = position(row.place, "sector", row.sector, sectors) if row.sector else slice(None)
        table[sites, which, position(row.place, "origin", row.origin, origins)] = row.value


def _by_exports(geography: Geography, rows: Sequence[Row], exported: Floats, at_home: Bools) -> Floats:
    """Return (sector, origin) for a site of an area with known foreign shares of exports."""
    foreign = fill(rows, "foreign_share_of_exports", {"sector": geography.sectors})
    axes = {"sector": geography.sectors, "origin": geography.origins}
    mix = np.nan_to_num(fill(rows, "foreign_owner_share", axes, complete=False))
    mix /= mix.sum(axis=1, keepdims=True)
    factor = float(fill(rows, "domestic_foreign_factor", {}))
    share = foreign * (exported + (1.0 - exported) * factor)
    local = at_home.astype(np.float64)
    result: Floats = share[:, None] * mix + (1.0 - share)[:, None] * local / local.sum()
    return result


def _above_least(table: Floats) -> Floats:
    """Return rows that sum to 1 with every entry at least LEAST_SHARE; the larger pay for the floor."""
    table = table / table.sum(axis=-1, keepdims=True)
    spare = 1.0 - LEAST_SHARE * table.shape[-1]
    result: Floats = LEAST_SHARE + spare * table
    return result
