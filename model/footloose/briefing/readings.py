"""Reading the long table of a run: choose rows, summarise replicates. Tables in, tables out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from footloose.errors import DataError

COLUMNS = ("scenario", "replicate", "year", "variable", "market", "site", "sector", "origin", "unit", "value")

LEVELS = (0.5, 0.05, 0.95)
"""Median and the edges of the band."""


def need(table: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    """Raise DataError when a table lacks columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise DataError(f"{what}: columns missing: {', '.join(missing)}; needed: {', '.join(columns)}")


def pick(
    table: pd.DataFrame, variable: str, market: str | None = None, site: str | None = None
) -> pd.DataFrame:
    """Return the rows of one variable, or of all that begin with it where it ends in `|`, summed over sector and origin.

    table  : the long table of one scenario; sector and origin `all` are taken, values that are not numbers dropped
    market : a market; where the variable has no row for it, the rows of market `all` are taken; None: `all`, if any
    site   : a site, or the beginning of the names, such as `shore:`
    raises : DataError when columns are missing or the rows come from several scenarios
    """
    need(table, COLUMNS, "long table")
    names = table["variable"].astype(str)
    chosen = names.str.startswith(variable) if variable.endswith("|") else names == variable
    rows = table[chosen & (table["sector"] == "all") & (table["origin"] == "all")]
    if site is not None:
        sites = rows["site"].astype(str)
        rows = rows[sites.str.startswith(site) if site.endswith(":") else sites == site]
    wanted = rows[rows["market"] == (market or "all")]
    if wanted.empty:
        wanted = rows[rows["market"] == "all"] if market else rows
    rows = wanted.dropna(subset=["value"])
    scenarios = sorted(rows["scenario"].astype(str).unique())
    if len(scenarios) > 1:
        raise DataError(
            f"a figure shows one scenario; the table has {len(scenarios)}: {', '.join(scenarios)}"
        )
    return rows.astype({"year": "int64", "value": "float64"})


def replicates(rows: pd.DataFrame) -> int:
    """Return the number of replicates in the rows, at least 1."""
    return max(1, int(rows["replicate"].nunique()))


def summary(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return median and 5-95 % band over replicates: columns `by`, year, value, low, high."""
    wide = rows.pivot_table(
        index=[by, "year"], columns="replicate", values="value", aggfunc="sum", observed=True
    )
    levels = np.nanquantile(wide.to_numpy(dtype=np.float64), LEVELS, axis=1)
    return pd.DataFrame(
        dict(zip(("value", "low", "high"), levels, strict=True)), index=wide.index
    ).reset_index()


def boundaries(rows: pd.DataFrame, by: str, order: Sequence[str]) -> pd.DataFrame:
    """Return the boundaries of a stack, from the bottom in `order`, with their spread over replicates.

    The members are added up in each replicate before the median is taken, so the layers add up to the median total
    exactly. Columns: `by`, year, value (median of the member), low, high, top, top_low, top_high (of the boundary
    above it) and bottom; ordered as in `order`, then by year.
    """
    wide = rows.pivot_table(
        index=["year", "replicate"], columns=by, values="value", aggfunc="sum", fill_value=0.0
    )
    wide = wide.reindex(columns=list(order), fill_value=0.0)
    parts, bottom = [], np.zeros(wide.index.get_level_values("year").nunique())
    for member, edge in wide.cumsum(axis=1).items():
        edges, alone = edge.unstack("replicate"), wide[member].unstack("replicate")
        levels = [
            np.nanquantile(frame.to_numpy(dtype=np.float64), LEVELS, axis=1) for frame in (alone, edges)
        ]
        names = ("value", "low", "high", "top", "top_low", "top_high")
        part = pd.DataFrame(dict(zip(names, np.concatenate(levels), strict=True)))
        part.insert(0, "year", edges.index)
        part.insert(0, by, str(member))
        parts.append(part.assign(bottom=bottom))
        bottom = part["top"].to_numpy(dtype=np.float64)
    return pd.concat(parts, ignore_index=True)


def means(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the mean over replicates of the values summed within `by`; a replicate without a row counts as zero.

    Means add up where medians do not; for flows and shares that are stacked. Columns: `by`, value.
    """
    totals = rows.groupby(by, observed=True)["value"].sum() / replicates(rows)
    return totals.reset_index()


def ends(part: pd.DataFrame) -> str:
    """Return the first and the last value of a series in time: `5.6 → 3.4`."""
    values = part.sort_values("year")["value"].to_numpy(dtype=np.float64)
    return f"{values[0]:.1f}" if values.size == 1 else f"{values[0]:.1f} → {values[-1]:.1f}"
