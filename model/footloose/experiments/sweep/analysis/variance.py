"""Variance split between chance, parameters and structure: a nested random-effects analysis of variance.

Replicates within points are chance, points within structures are parameters, structures are choices of mechanisms
(Searle, Casella and McCulloch 1992, chapter 3: expected mean squares of the nested design, here with unequal groups).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.experiments.sweep.analysis.response import finished
from footloose.experiments.sweep.schema import Sweep

Floats = npt.NDArray[np.float64]
RESAMPLES = 500
SOURCES = ("chance", "parameters", "structure")


def variance_split(runs: pd.DataFrame, sweep: Sweep, outcome: str) -> pd.DataFrame:
    """Return the share of an outcome's variance from each source, with 95 % intervals (bootstrap over points).

    Chance needs replicates, structure a factor with choices; what there is not has no row.
    columns : source, variance, share, low, high
    """
    here = finished(runs)
    structures = [name for name, factor in sweep.factors.items() if factor.choices]
    label = here[structures].astype(str).agg("|".join, axis=1) if structures else pd.Series("", index=here.index)
    points = here.assign(structure=label).groupby("point", sort=True)
    counts: Floats = np.asarray(points.size(), dtype=np.float64)
    means: Floats = np.asarray(points[outcome].mean(), dtype=np.float64)
    within = np.asarray(points[outcome].var(ddof=0), dtype=np.float64) * counts
    _, structure = np.unique(points["structure"].first().to_numpy(dtype=str), return_inverse=True)
    whole = components(means, within, counts, structure)
    generator = np.random.default_rng(sweep.seed)
    samples = []
    for _ in range(RESAMPLES):
        drawn = resampled(structure, generator)
        samples.append(shares(components(means[drawn], within[drawn], counts[drawn], structure[drawn])))
    low, high = np.nanquantile(np.array(samples), (0.025, 0.975), axis=0)
    table = pd.DataFrame({"source": SOURCES, "variance": whole, "share": shares(whole), "low": low, "high": high})
    possible = {"chance": counts.max() > 1, "parameters": means.size > 1, "structure": structure.max() > 0}
    return table[[possible[source] for source in SOURCES]].reset_index(drop=True)


def components(means: Floats, within: Floats, counts: Floats, structure: npt.NDArray[np.int64]) -> Floats:
    """Return the variance components chance, parameters, structure; none is below 0.

    means, within, counts : (point,) mean, sum of squares and number of replicates
    structure             : (point,) which structure a point has
    The structures are all there are, not a sample: their component is the variance of their means, less what the
    sampling of points and chance puts into it.
    """
    free = (counts - 1.0).sum()
    chance = within.sum() / free if free > 0 else 0.0
    groups = [means[structure == number] for number in np.unique(structure)]
    error = chance * (1.0 / counts).mean() if free > 0 else 0.0
    degrees = sum(group.size - 1 for group in groups)
    between = sum(((group - group.mean()) ** 2).sum() for group in groups) / degrees if degrees else 0.0
    parameters = max(between - error, 0.0)
    centres = np.array([group.mean() for group in groups])
    sampling = float(np.mean([between / group.size for group in groups]))
    spread = centres.var() - sampling * (1.0 - 1.0 / len(groups)) if len(groups) > 1 else 0.0
    return np.array([chance, parameters, max(float(spread), 0.0)])


def shares(parts: Floats) -> Floats:
    """Return components as shares of their sum."""
    total = parts.sum()
    return parts / total if total > 0.0 else np.full(parts.size, np.nan)


def resampled(structure: npt.NDArray[np.int64], generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return points drawn with replacement within each structure."""
    drawn = [
        generator.choice(np.flatnonzero(structure == number), size=int((structure == number).sum()))
        for number in np.unique(structure)
    ]
    return np.concatenate(drawn)
