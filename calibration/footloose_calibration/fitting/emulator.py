"""What replaces the model between the runs: for every target a smooth function of the parameters, and its error.

Three kinds compete for each target, on held-out runs: polynomials with a ridge penalty (degrees 1 to 3; Hoerl and
Kennard 1970) and, for fitted targets that no polynomial predicts well enough, a Gaussian process with a length scale
for every parameter (Rasmussen and Williams 2006). The error is that of predicting a run from all others, exact for
both (Allen 1974; Dubrule 1983), over the points that matter: those of the last wave, which lie where the posterior
does.

All points are run with the same random draws. So the emulator is one of the model with these draws; what others would
make of it is measured by replicates at some points: the mean difference is added, the rest counts as an error.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import PolynomialFeatures

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PENALTIES = np.geomspace(1e-3, 1e3, 13)
DEGREES = (1, 2, 3)
TERMS_PER_RUN = 1.0
"""Polynomials with more terms than this times the runs are not tried."""
TUNED_ON = 200
"""Points on which a Gaussian process finds its length scales; it is conditioned on more."""
CONDITIONED_ON = 800
GOOD_ENOUGH = 0.1
"""A polynomial whose error adds less than this to the variance of a target needs no rival."""
FEWEST = 8
"""Runs without which nothing can be emulated."""


class Predictor(Protocol):
    """One kind of emulator of several targets, fitted."""

    kind: str
    errors: Floats
    """Error at every run, predicted from all others; (run, target), in units of the target's spread."""

    def predict(self, positions: Floats, targets: Sequence[int]) -> Floats:
        """Return predictions of some of the targets; (point, target)."""
        ...


class Polynomial:
    """Polynomials of one degree, all targets at once, each with its own penalty."""

    def __init__(self, degree: int, positions: Floats, values: Floats) -> None:
        self.kind = f"polynomial {degree}"
        self._terms = PolynomialFeatures(degree, include_bias=False)
        features = self._terms.fit_transform(centred(positions))
        ridge = RidgeCV(PENALTIES, alpha_per_target=True, store_cv_results=True).fit(features, values)
        chosen = np.searchsorted(PENALTIES, np.atleast_1d(ridge.alpha_))
        squares = np.asarray(ridge.cv_results_)
        self.errors: Floats = np.sqrt(np.stack([squares[:, k, place] for k, place in enumerate(chosen)], axis=1))
        self._slopes = np.asarray(ridge.coef_).reshape(values.shape[1], -1)
        self._level = np.asarray(ridge.intercept_).reshape(-1)

    def predict(self, positions: Floats, targets: Sequence[int]) -> Floats:
        """Return predictions of some of the targets; (point, target)."""
        chosen = list(targets)
        features = self._terms.transform(centred(positions))
        return np.asarray(features @ self._slopes[chosen].T + self._level[chosen])


@dataclass(frozen=True)
class Process:
    """A conditioned Gaussian process, reduced to what predicts its mean.

    scales : length scales by parameter;  places: conditioned on, over the scales; (run, parameter)
    weight : (run,), signal variance included
    """

    scales: Floats
    places: Floats
    weight: Floats

    def predict(self, points: Floats) -> Floats:
        """Return the mean at points, which far from all runs goes to 0, their mean; (point,)."""
        here = points / self.scales
        squares = (here**2).sum(axis=1)[:, None] + (self.places**2).sum(axis=1)[None, :] - 2.0 * here @ self.places.T
        return np.asarray(np.exp(-0.5 * np.maximum(squares, 0.0)) @ self.weight)


class GaussianProcesses:
    """A Gaussian process for each of some targets, with a squared exponential covariance."""

    kind = "Gaussian process"

    def __init__(self, positions: Floats, values: Floats, focus: Flags, wanted: Sequence[int]) -> None:
        self.errors: Floats = np.full(values.shape, np.inf)
        self.kernels: dict[int, Any] = {}
        self._processes: dict[int, Process] = {}
        points = centred(positions)
        tuned, kept = chosen_runs(focus, TUNED_ON), chosen_runs(focus, CONDITIONED_ON)
        for target in wanted:
            kernel = tuned_kernel(points[tuned], values[tuned, target])
            self._condition(target, points, values[:, target], kept, kernel)

    def _condition(self, target: int, points: Floats, values: Floats, kept: npt.NDArray[np.int64], kernel: Any) -> None:
        """Condition on runs, and take the error at each from all others."""
        self.kernels[target] = kernel
        fixed = GaussianProcessRegressor(kernel, alpha=1e-8, optimizer=None).fit(points[kept], values[kept])
        scales = np.asarray(kernel.k1.k2.length_scale) * np.ones(points.shape[1])
        weight = kernel.k1.k1.constant_value * np.ravel(fixed.alpha_)
        process = Process(scales, points[kept] / scales, weight)
        inverse = cho_solve((fixed.L_, True), np.eye(len(kept)))
        self.errors[:, target] = np.abs(values - process.predict(points))
        self.errors[kept, target] = np.abs(np.ravel(fixed.alpha_) / np.diag(inverse))
        self._processes[target] = process

    def predict(self, positions: Floats, targets: Sequence[int]) -> Floats:
        """Return predictions of some of the targets; (point, target)."""
        points = centred(positions)
        return np.column_stack([self._processes[target].predict(points) for target in targets])


def tuned_kernel(points: Floats, values: Floats) -> Any:
    """Return the covariance with the highest marginal likelihood on some of the runs."""
    scales = np.full(points.shape[1], 3.0)
    kernel = ConstantKernel(1.0, (1e-2, 1e3)) * RBF(scales, (0.3, 50.0)) + WhiteKernel(0.05, (1e-6, 2.0))
    process = GaussianProcessRegressor(kernel, alpha=1e-8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a scale at its bound: a parameter without effect
        return process.fit(points, values).kernel_


@dataclass(frozen=True)
class Emulator:
    """The best kind for every target.

    predictors : the kinds tried
    chosen     : which of them each target has; (target,)
    mean, scale: of the targets over the runs, by which they were standardised
    error      : root mean square of held-out errors where it matters, in units of the target; (target,)
    chance     : what random draws do
    known      : targets that could be emulated; (target,)
    """

    predictors: tuple[Predictor, ...]
    chosen: npt.NDArray[np.int64]
    mean: Floats
    scale: Floats
    error: Floats
    chance: Chance
    known: Flags

    @cached_property
    def variance(self) -> Floats:
        """Variance of what the emulator says; (target,)."""
        return np.asarray(self.error**2 + self.chance.left**2)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name of the kind each target has."""
        return tuple(self.predictors[number].kind for number in self.chosen)

    def predict(self, positions: Floats, targets: Sequence[int]) -> Floats:
        """Return the measures of targets at positions, in the mean over draws; (point, target)."""
        return np.asarray(self.predict_run(positions, targets) + self.chance.shift[list(targets)])

    def predict_run(self, positions: Floats, targets: Sequence[int]) -> Floats:
        """Return the measures of targets in runs with the common draws; (point, target)."""
        wanted = np.asarray(targets)
        found = np.empty((len(positions), len(wanted)))
        for number, predictor in enumerate(self.predictors):
            mine = np.flatnonzero(self.chosen[wanted] == number)
            if mine.size:
                found[:, mine] = predictor.predict(positions, wanted[mine].tolist())
        return np.asarray(found * self.scale[wanted] + self.mean[wanted])


def train(positions: Floats, measures: Floats, focus: Flags, chance: Chance, wanted: Mapping[int, float]) -> Emulator:
    """Return the emulator of runs.

    positions : (run, parameter);  measures: (run, target), missing ones NaN
    focus     : runs over which errors are taken;  chance: what random draws do
    wanted    : fitted targets and the standard deviation each is known with apart from the emulator
    """
    holes = np.isnan(measures)
    known = (~holes).sum(axis=0) >= max(FEWEST, 0.9 * len(measures))
    seen = np.where(known, measures, 0.0)
    mean, spread = np.nanmean(seen, axis=0), np.nanstd(seen, axis=0)
    scale = np.where(spread > 1e-12 * np.abs(mean), spread, 1.0)
    values = np.where(holes, 0.0, (measures - mean) / scale)  # a few holes are filled with the mean, and not counted
    counted = known & ~holes & focus[:, None]
    predictors: list[Predictor] = [
        Polynomial(degree, positions, values) for degree in DEGREES if terms(positions.shape[1], degree) <= len(values)
    ]
    errors = [root_mean_square(kind.errors, counted) for kind in predictors]
    simple = np.min(errors, axis=0) * scale if errors else np.full(len(scale), np.inf)
    hard = [k for k, spread in wanted.items() if known[k] and simple[k] ** 2 > GOOD_ENOUGH * spread**2]
    if hard or not predictors:
        predictors.append(GaussianProcesses(positions, values, focus, hard if predictors else range(len(scale))))
        errors.append(root_mean_square(predictors[-1].errors, counted))
    together = np.stack(errors)
    chosen = np.argmin(together, axis=0)
    error = together[chosen, np.arange(len(chosen))] * scale
    return Emulator(tuple(predictors), chosen, mean, scale, np.where(known, error, np.nan), chance, known)


def root_mean_square(errors: Floats, counted: Flags) -> Floats:
    """Return the root mean square of the errors that count; (target,), 0 where none does."""
    squares = np.where(counted, errors, 0.0) ** 2
    return np.asarray(np.sqrt(squares.sum(axis=0) / np.maximum(counted.sum(axis=0), 1)))


@dataclass(frozen=True)
class Chance:
    """What random draws do to a measure: measure = mean over draws + effect of the draws + what both do together.

    shift  : what has to be added to runs with the common draws to come to the mean over draws; (target,)
    left   : standard deviation of what is still unknown then; (target,)
    single : standard deviation of a run with draws of its own; (target,)
    """

    shift: Floats
    left: Floats
    single: Floats


def chance_of(echoes: Floats) -> Chance:
    """Return what draws do, from points run with several: a two-way analysis of variance (Fisher 1925).

    echoes : (point, replicate, target), the common draws first; points with a missing replicate do not count
    """
    points, replicates, targets = echoes.shape
    nothing = np.zeros(targets)
    if replicates < 2 or points < 2:
        return Chance(nothing, nothing, nothing)
    shift, left, single = (nothing.copy() for _ in range(3))
    for target in range(targets):
        table = echoes[np.isfinite(echoes[:, :, target]).all(axis=1), :, target]
        if len(table) < 2:
            continue
        draws = table.mean(axis=0) - table.mean()
        both = table - table.mean(axis=1, keepdims=True) - draws
        interaction = (both**2).sum() / ((len(table) - 1) * (replicates - 1))
        common = max((draws**2).sum() / (replicates - 1) - interaction / len(table), 0.0)
        shift[target] = -draws[0]
        left[target] = np.sqrt(common / replicates + interaction)
        single[target] = np.sqrt(common + interaction)
    return Chance(shift, left, single)


def terms(parameters: int, degree: int) -> int:
    """Return how many terms a polynomial has, over the runs that each should have."""
    from math import comb

    return round(comb(parameters + degree, degree) / TERMS_PER_RUN)


def chosen_runs(focus: Flags, most: int) -> npt.NDArray[np.int64]:
    """Return at most so many runs: of those that matter as many as fill half, of the others the rest, evenly spread."""
    here, there = np.flatnonzero(focus), np.flatnonzero(~focus)
    first = here[spread_over(len(here), max(most // 2, most - len(there)))]
    return np.sort(np.concatenate([first, there[spread_over(len(there), most - len(first))]]))


def spread_over(count: int, most: int) -> npt.NDArray[np.int64]:
    """Return at most so many places spread evenly over a list, the last one among them."""
    if count <= most:
        return np.arange(count)
    if most <= 0:
        return np.arange(0)
    return np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))


def centred(positions: Floats) -> Floats:
    """Return positions from -1 to 1, where the terms of a polynomial are less alike."""
    return np.asarray(2.0 * positions - 1.0)
