"""What the outcomes do over the points: means over replicates, response surfaces, tornado, tipping points."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.experiments.sweep.points import Point
from footloose.experiments.sweep.schema import Goal, Sweep

Floats = npt.NDArray[np.float64]
BAND = (0.05, 0.95)


def finished(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that have results."""
    return runs[runs["state"] == "done"]


def by_point(runs: pd.DataFrame, sweep: Sweep) -> pd.DataFrame:
    """Return the mean of every outcome over the replicates of a point: point, factors, outcomes, replicates."""
    groups = finished(runs).groupby("point", sort=True)
    first = groups[list(sweep.factors)].first()
    means = groups[list(sweep.outcomes)].mean()
    return pd.concat([first, means, groups.size().rename("replicates")], axis=1).reset_index()


def reached(values: Floats, goal: Goal) -> npt.NDArray[np.bool_]:
    """Return where a goal is reached."""
    if goal.at_most is not None:
        return np.asarray(values <= goal.at_most)
    return np.asarray(values >= goal.threshold)


def surface(runs: pd.DataFrame, across: str, up: str, outcome: str) -> pd.DataFrame:
    """Return the mean of an outcome over all else: rows `up`, columns `across`, both rising."""
    table = finished(runs).pivot_table(index=up, columns=across, values=outcome, aggfunc="mean")
    return table.sort_index().sort_index(axis=1)


def chance_surface(runs: pd.DataFrame, across: str, up: str, outcome: str, goal: Goal) -> pd.DataFrame:
    """Return the share of runs that reach a goal: rows `up`, columns `across`, both rising."""
    here = finished(runs)
    hit = here.assign(hit=reached(here[outcome].to_numpy(dtype=np.float64), goal).astype(np.float64))
    return hit.pivot_table(index=up, columns=across, values="hit", aggfunc="mean").sort_index().sort_index(axis=1)


def crossing(across: Floats, values: Floats, threshold: float) -> float:
    """Return where a curve first crosses a threshold, by linear interpolation; not a number when it does not."""
    above = values > threshold
    places = np.flatnonzero(above[1:] != above[:-1])
    if not places.size:
        return float("nan")
    k = int(places[0])
    share = (threshold - values[k]) / (values[k + 1] - values[k])
    return float(across[k] + share * (across[k + 1] - across[k]))


def tipping(runs: pd.DataFrame, across: str, up: str, outcome: str, goal: Goal) -> pd.DataFrame:
    """Return at which value of `across` the goal tips, for every value of `up`.

    The point is where the mean curve first crosses the goal (not a number: not within the range); low and high are the
    5 and 95 % quantiles of the points of single replicates, so what chance does to it, infinite where so many
    replicates tip beyond the range.
    columns : up, tips_at, low, high, replicates (in how many it tips), of (how many there are), reached (share of
              runs over the whole row that reach the goal)
    """
    rows = []
    for value, part in finished(runs).groupby(up, sort=True):
        mean = part.groupby(across)[outcome].mean().sort_index()
        places, curve = mean.index.to_numpy(dtype=np.float64), mean.to_numpy(dtype=np.float64)
        single = part.pivot_table(index="replicate", columns=across, values=outcome, aggfunc="mean")
        curves = single.dropna().to_numpy(dtype=np.float64)
        each = np.array([beyond(places, one, curve, goal.threshold) for one in curves])
        low, high = np.quantile(each, BAND, method="inverted_cdf") if each.size else (np.nan, np.nan)
        rows.append(
            {
                up: value,
                "tips_at": crossing(places, curve, goal.threshold),
                "low": low,
                "high": high,
                "replicates": int(np.isfinite(each).sum()),
                "of": each.size,
                "reached": float(reached(part[outcome].to_numpy(dtype=np.float64), goal).mean()),
            }
        )
    return pd.DataFrame(rows)


def beyond(across: Floats, values: Floats, mean: Floats, threshold: float) -> float:
    """Return where a curve crosses a threshold; infinite, on the side where it must lie, when not in the range.

    mean : the mean curve; a curve that is throughout where the mean ends tips before the range, else after it
    """
    place = crossing(across, values, threshold)
    if not np.isnan(place):
        return place
    tips = (mean[0] > threshold) != (mean[-1] > threshold)
    return -np.inf if tips and (values[0] > threshold) == (mean[-1] > threshold) else np.inf


def tornado(runs: pd.DataFrame, sweep: Sweep, nominal: Point, outcome: str) -> pd.DataFrame:
    """Return what every factor does alone to an outcome, the largest swing first.

    columns : factor, low_value, high_value (of the factor), at_low, at_high (of the outcome), nominal, swing, error
    error   : standard error of the swing over replicates, which share their random draws; not a number with one
    """
    here = finished(runs)
    at_nominal = here[_matches(here, sweep, nominal, None)]
    rows = []
    for name in sweep.factors:
        alone = here[_matches(here, sweep, nominal, name)]
        wide = alone.pivot_table(index="replicate", columns=name, values=outcome, aggfunc="mean").dropna()
        if wide.shape[1] < 2:
            continue
        ends: list[Any] = list(wide.columns)
        values = wide.to_numpy(dtype=np.float64)
        order = [0, len(ends) - 1] if sweep.factors[name].is_numeric else [*np.argsort(values.mean(axis=0))[[0, -1]]]
        at_low, at_high = values[:, order[0]], values[:, order[1]]
        swing = at_high - at_low
        rows.append(
            {
                "factor": name,
                "low_value": ends[order[0]],
                "high_value": ends[order[1]],
                "at_low": float(at_low.mean()),
                "at_high": float(at_high.mean()),
                "nominal": float(at_nominal[outcome].mean()),
                "swing": float(swing.mean()),
                "error": float(swing.std(ddof=1) / np.sqrt(len(swing))) if len(swing) > 1 else float("nan"),
            }
        )
    table = pd.DataFrame(rows)
    return table.iloc[np.argsort(-table["swing"].abs().to_numpy(), kind="stable")].reset_index(drop=True)


def _matches(table: pd.DataFrame, sweep: Sweep, nominal: Point, apart: str | None) -> npt.NDArray[np.bool_]:
    """Return the rows in which all factors but one have their nominal value."""
    match = np.ones(len(table), dtype=bool)
    for name, factor in sweep.factors.items():
        if name == apart:
            continue
        column = table[name]
        if factor.is_numeric:
            match &= np.isclose(column.to_numpy(dtype=np.float64), float(nominal[name]), rtol=1e-9, atol=0.0)
        else:
            match &= (column == str(nominal[name])).to_numpy()
    return match
