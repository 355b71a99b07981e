"""Which factors matter: Sobol indices and Morris' elementary effects with intervals, regional sensitivity.

Sobol (1993), estimated as in Saltelli et al. (2010); Morris (1991) with the mean of absolute effects of Campolongo et
al. (2007); both by SALib. Regional sensitivity: Hornberger and Spear (1981), by scipy.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.errors import FootlooseError
from footloose.experiments.sweep.analysis.response import by_point, reached
from footloose.experiments.sweep.design import Sample, draw_design, unit_problem
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.schema import Goal, Sweep

Floats = npt.NDArray[np.float64]
RESAMPLES = 1000
CONFIDENCE = 0.95
FEWEST_CASES = 8
"""Points that must reach a goal, and miss it, before their distributions are compared."""


def sobol_indices(file: SweepFile, runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return first-order and total Sobol indices with 95 % intervals (bootstrap over base points).

    Groups of a base point in which a run failed are left out.
    columns : factor, first, first_low, first_high, total, total_low, total_high, groups
    raises  : FootlooseError without SALib, or with less than two whole groups
    """
    try:
        from SALib.analyze import sobol
    except ImportError as error:
        raise FootlooseError("Sobol indices need SALib: pip install 'footloose[analysis]'") from error
    names = list(file.sweep.factors)
    values = in_groups(file.sweep, runs, outcome, len(names) + 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an outcome that never changes has no variance to split
        found = sobol.analyze(
            unit_problem(names), values.ravel(), calc_second_order=False, num_resamples=RESAMPLES,
            conf_level=CONFIDENCE, seed=file.sweep.seed,
        )  # fmt: skip
    table = pd.DataFrame({"factor": names})
    for column, short in (("first", "S1"), ("total", "ST")):
        index, half = np.asarray(found[short]), np.asarray(found[f"{short}_conf"])
        table[column], table[f"{column}_low"], table[f"{column}_high"] = index, index - half, index + half
    return table.assign(groups=len(values))


def morris_effects(file: SweepFile, runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return Morris' elementary effects over the whole range of each factor.

    columns : factor, effect (mean of absolute effects), low, high (95 %), sigma (spread: interactions and curvature),
              groups (trajectories)
    raises  : FootlooseError without SALib, or with less than two whole trajectories
    """
    try:
        from SALib.analyze import morris
    except ImportError as error:
        raise FootlooseError("elementary effects need SALib: pip install 'footloose[analysis]'") from error
    names = list(file.sweep.factors)
    values, whole = in_groups(file.sweep, runs, outcome, len(names) + 1), whole_groups(file.sweep, runs, len(names) + 1)
    points = draw_design(file)
    assert isinstance(points, Sample)
    assert points.cube is not None
    cube = points.cube.reshape(-1, len(names) + 1, len(names))[whole].reshape(-1, len(names))
    found = morris.analyze(
        unit_problem(names), cube, values.ravel(), num_resamples=RESAMPLES, conf_level=CONFIDENCE,
        num_levels=file.sweep.design.levels or 4, seed=file.sweep.seed,
    )  # fmt: skip
    effect, half = np.asarray(found["mu_star"], dtype=float), np.asarray(found["mu_star_conf"], dtype=float)
    return pd.DataFrame(
        {
            "factor": names, "effect": effect, "low": effect - half, "high": effect + half,
            "sigma": np.asarray(found["sigma"], dtype=float), "groups": len(values),
        }
    )  # fmt: skip


def whole_groups(sweep: Sweep, runs: pd.DataFrame, length: int) -> npt.NDArray[np.int64]:
    """Return which groups of so many points each have all their points."""
    points = by_point(runs, sweep)["point"].to_numpy(dtype=np.int64)
    groups, counts = np.unique(points // length, return_counts=True)
    return np.asarray(groups[counts == length], dtype=np.int64)


def in_groups(sweep: Sweep, runs: pd.DataFrame, outcome: str, length: int) -> Floats:
    """Return the means over replicates by group; (group, point of the group), whole groups only.

    raises: FootlooseError with less than two
    """
    table = by_point(runs, sweep)
    whole = whole_groups(sweep, runs, length)
    if whole.size < 2:
        raise FootlooseError(f"{whole.size} of the design's groups are whole; at least 2 are needed for indices")
    chosen = table[np.isin(table["point"].to_numpy() // length, whole)].sort_values("point")
    return chosen[outcome].to_numpy(dtype=np.float64).reshape(-1, length)


def regional_sensitivity(table: pd.DataFrame, sweep: Sweep, outcome: str, goal: Goal) -> pd.DataFrame:
    """Return how far apart a factor's values lie where a goal is reached and where it is not.

    Kolmogorov-Smirnov distance between the two samples; for factors without order half the sum of differences. Empty
    where too few points reach the goal, or miss it.
    table   : means by point
    columns : factor, distance (0 to 1), p_value (chance of such a distance if the factor did not matter)
    """
    from scipy import stats

    hit = reached(table[outcome].to_numpy(dtype=np.float64), goal)
    rows = []
    for name, factor in sweep.factors.items():
        if min(hit.sum(), (~hit).sum()) < FEWEST_CASES or table[name].nunique() < 2:
            continue
        inside, outside = table[name][hit], table[name][~hit]
        if factor.is_numeric:
            found = stats.ks_2samp(inside.to_numpy(dtype=np.float64), outside.to_numpy(dtype=np.float64))
            distance, chance = float(found.statistic), float(found.pvalue)
        else:
            counts = pd.crosstab(table[name], hit).to_numpy(dtype=np.float64)
            shares = counts / counts.sum(axis=0)
            distance = float(0.5 * np.abs(shares[:, 0] - shares[:, 1]).sum())
            chance = float(stats.chi2_contingency(counts).pvalue)
        rows.append({"factor": name, "distance": distance, "p_value": chance})
    table = pd.DataFrame(rows, columns=["factor", "distance", "p_value"])
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)
