"""Reading the long table of a run: choose rows, summarise replicates. Tables in, tables out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.errors import DataError

COLUMNS = ("scenario", "replicate", "year", "variable", "market", "site", "sector", "origin", "unit", "value")

Floats = npt.NDArray[np.float64]
LEVELS = (0.5, 0.05, 0.95)
"""Median and the edges of the band."""


def need(table: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    """Raise DataError when a table lacks columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise DataError(f"{what}: columns missing: {', '.join(missing)}; needed: {', '.join(columns)}")


def pick(
    table: pd.DataFrame, variables: str | Sequence[str], market: str | None = None, site: str | None = None
) -> pd.DataFrame:
    """Return the rows of a variable (or of several), summed over sector and origin.

    table     : the long table of one scenario; rows of sector and origin `all` are taken, no empty values; where it
                has the column draw, of an ensemble, every pair of draw and replicate counts as a replicate
    variables : names in full, or one that ends in `|`: all that begin with it
    market    : a market or `all`; None: `all` if there are such rows, else every market
    site      : a site, or the beginning of the names of sites, such as `shore:`
    raises    : DataError when columns are missing or the rows come from several scenarios
    """
    need(table, COLUMNS, "long table")
    if isinstance(variables, str) and variables.endswith("|"):
        rows = table[table["variable"].str.startswith(variables)]
    else:
        rows = table[table["variable"].isin([variables] if isinstance(variables, str) else list(variables))]
    rows = rows[(rows["sector"] == "all") & (rows["origin"] == "all")]
    if site is not None:
        rows = rows[rows["site"].str.startswith(site) if site.endswith(":") else rows["site"] == site]
    if market is not None or (rows["market"] == "all").any():
        rows = rows[rows["market"] == (market or "all")]
    rows = rows.dropna(subset=["value"])
    scenarios = sorted(str(name) for name in rows["scenario"].unique())
    if len(scenarios) > 1:
        listed = ", ".join(scenarios)
        raise DataError(f"a figure shows one scenario; the table has {len(scenarios)}: {listed}")
    if "draw" in rows.columns:
        rows = rows.assign(replicate=rows.groupby(["draw", "replicate"], sort=True).ngroup())
    names = dict.fromkeys(("variable", "site", "unit"), "str")
    return rows.astype({**names, "year": "int64", "value": "float64"})


def replicates(rows: pd.DataFrame) -> int:
    """Return the number of replicates in the rows, at least 1."""
    return max(1, int(rows["replicate"].nunique()))


def _levels(wide: pd.DataFrame) -> Floats:
    """Return the LEVELS of each row over its columns, those missing passed over: (level, row)."""
    values = wide.to_numpy(dtype=np.float64)
    if values.shape[1] == 1:
        return np.repeat(values.T, len(LEVELS), axis=0)
    quantile = np.nanquantile if np.isnan(values).any() else np.quantile
    return np.asarray(quantile(values, LEVELS, axis=1), dtype=np.float64)


def summary(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return median and 5-95 % band over replicates: columns `by`, year, value, low, high."""
    wide = rows.pivot_table(index=[by, "year"], columns="replicate", values="value", aggfunc="sum", observed=True)
    levels = _levels(wide)
    return pd.DataFrame(dict(zip(("value", "low", "high"), levels, strict=True)), index=wide.index).reset_index()


def boundaries(rows: pd.DataFrame, by: str, order: Sequence[str]) -> pd.DataFrame:
    """Return the boundaries of a stack, from the bottom in `order`, with their spread over replicates.

    The members are added up in each replicate before the median is taken, so the layers add up to the median
    total. Columns: `by`, year, value (median of the member), low, high, top, top_low, top_high (of the
    boundary above it) and bottom; ordered as in `order`, then by year.
    """
    wide = rows.pivot_table(index=["year", "replicate"], columns=by, values="value", aggfunc="sum", fill_value=0.0)
    wide = wide.reindex(columns=list(order), fill_value=0.0)
    parts, bottom = [], np.zeros(wide.index.get_level_values("year").nunique())
    for member, edge in wide.cumsum(axis=1).items():
        edges, alone = edge.unstack("replicate"), wide[member].unstack("replicate")
        levels = [_levels(frame) for frame in (alone, edges)]
        names = ("value", "low", "high", "top", "top_low", "top_high")
        part = pd.DataFrame(dict(zip(names, np.concatenate(levels), strict=True)))
        part.insert(0, "year", edges.index)
        part.insert(0, by, str(member))
        parts.append(part.assign(bottom=bottom))
        bottom = part["top"].to_numpy(dtype=np.float64)
    return pd.concat(parts, ignore_index=True)


def means(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the mean over replicates of the values summed within `by`; a missing row counts as zero.

    Means add up where medians do not; for flows and shares that are stacked. Columns: `by`, value.
    """
    totals = rows.groupby(by, observed=True)["value"].sum() / replicates(rows)
    return totals.reset_index()


def ends(part: pd.DataFrame) -> str:
    """Return the first and the last value of a series in time: `5.6 → 3.4`."""
    values = part.sort_values("year")["value"].to_numpy(dtype=np.float64)
    return f"{values[0]:.1f}" if values.size == 1 else f"{values[0]:.1f} → {values[-1]:.1f}"
