"""What the targets pin, and what not: contraction, correlations, information, profiles, edges of the literature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize
from threadpoolctl import threadpool_limits

from footloose_calibration.fitting.discrepancy import DISCREPANCY
from footloose_calibration.fitting.posterior import Posterior
from footloose_calibration.fitting.waves import Fit

Floats = npt.NDArray[np.float64]
UNPINNED = 0.1
"""Contraction below which the targets do not pin a parameter."""
EDGE = 0.05
"""Outer part of a range on either side that counts as its edge."""
CROWDED, TIMES = 0.2, 3.0
"""Tension: a fifth of the posterior at an edge, and three times what the prior has there."""
ALIKE = 0.5
"""Correlation above which two parameters are said to be told apart badly."""
STEP = 0.02
"""Half-width of the differences from which slopes are taken."""
PROFILED = 2
"""How many parameters have a profile: the weakest."""


@dataclass(frozen=True)
class Diagnosis:
    """What is known of the parameters after the fit.

    parameters   : a row a parameter, as the table shows it
    correlations : of the posterior; (parameter, parameter)
    information  : variance of the prior x mean squared slope / variance of the target; (fitted target, parameter):
                   1 means that the target alone would make the parameter as well known as the prior does
    profiles     : highest log posterior by value of the weakest parameters; parameter -> rows (value, log posterior)
    """

    parameters: tuple[dict[str, Any], ...]
    correlations: Floats
    information: Floats
    profiles: dict[str, list[tuple[float, float]]]

    @property
    def unpinned(self) -> list[str]:
        """Parameters that the targets do not pin."""
        return [row["parameter"] for row in self.parameters if row["contraction"] < UNPINNED]

    @property
    def tensions(self) -> list[str]:
        """Parameters that the targets push to an edge of the literature's range, in words."""
        return [f"{row['parameter']} is pushed to its {row['edge']} end" for row in self.parameters if row["edge"]]


def diagnose(fit: Fit) -> Diagnosis:
    """Return what the last posterior says about the parameters."""
    with threadpool_limits(1):
        last, priors = fit.last, fit.problem.priors
        draws = last.chain.positions
        rows = tuple(_parameter(fit, draws, k) for k in range(len(priors)))
        deviations = np.maximum(draws.std(axis=0), 1e-12)
        centred = (draws - draws.mean(axis=0)) / deviations
        correlations = centred.T @ centred / len(draws)
        weakest = sorted(range(len(priors)), key=lambda k: (rows[k]["contraction"], k))[:PROFILED]
        profiles = {priors.names[k]: profile(fit, k) for k in sorted(weakest)}
        return Diagnosis(rows, correlations, information(last.posterior, last.chain.sample(200)), profiles)


def _parameter(fit: Fit, draws: Floats, k: int) -> dict[str, Any]:
    prior = fit.problem.priors.rows[k]
    places = draws[:, k]
    share = np.linspace(0.0005, 0.9995, 1000)
    believed = prior.quantile(share)
    quantiles = prior.value(np.quantile(places, (0.05, 0.5, 0.95))).tolist()
    ends = {
        "lower": (float((places < EDGE).mean()), float((believed < EDGE).mean())),
        "upper": (float((places > 1.0 - EDGE).mean()), float((believed > 1.0 - EDGE).mean())),
    }
    crowded = [name for name, (now, before) in ends.items() if now >= CROWDED and now >= TIMES * before]
    return {
        "parameter": prior.parameter,
        "low": prior.low,
        "high": prior.high,
        "centre": prior.centre,
        "best": float(prior.value(fit.last.best[k])),
        "mean": float(prior.value(places).mean()),
        "q05": quantiles[0],
        "median": quantiles[1],
        "q95": quantiles[2],
        "contraction": float(1.0 - places.std() / prior.standard_deviation),
        "at_lower_edge": ends["lower"][0],
        "at_upper_edge": ends["upper"][0],
        "edge": crowded[0] if crowded else "",
        "certainty": prior.certainty,
        "meaning": prior.meaning,
    }


def information(posterior: Posterior, draws: Floats) -> Floats:
    """Return how much each target says about each parameter; (target, parameter).

    Weight x prior variance x mean over the posterior of (slope / standard deviation of the target)^2: Fisher's
    information of one target about one parameter, the others known.
    """
    yardstick, emulator = posterior.yardstick, posterior.emulator
    spread = np.sqrt((1.0 + DISCREPANCY**2) * yardstick.tolerance**2 + emulator.variance[list(posterior.fitted)])
    found = np.zeros((len(yardstick), len(posterior.priors)))
    for k, prior in enumerate(posterior.priors.rows):
        above, below = draws.copy(), draws.copy()
        above[:, k], below[:, k] = np.minimum(draws[:, k] + STEP, 1.0), np.maximum(draws[:, k] - STEP, 0.0)
        rise = emulator.predict(above, posterior.fitted) - emulator.predict(below, posterior.fitted)
        slope = rise / (above[:, k] - below[:, k])[:, None]
        found[:, k] = yardstick.weight * prior.standard_deviation**2 * ((slope / spread) ** 2).mean(axis=0)
    return found


def profile(fit: Fit, k: int) -> list[tuple[float, float]]:
    """Return the highest log posterior over the other parameters, by value of one; the highest of all is 0."""
    posterior, chain, prior = fit.last.posterior, fit.last.chain, fit.problem.priors.rows[k]
    heights: list[float] = []
    grid = np.linspace(0.0, 1.0, fit.problem.sizes.grid)
    for place in grid:
        near = np.argsort(np.abs(chain.positions[:, k] - place), kind="stable")[
            : max(50, len(chain.positions) // len(grid))
        ]
        starts = [fit.last.best, chain.positions[near[np.argmax(chain.log_density[near])]]]
        heights.append(max(_climb(posterior, start, k, float(place)) for start in starts))
    top = max(heights)
    return [(float(prior.value(place)), height - top) for place, height in zip(grid, heights, strict=True)]


def _climb(posterior: Posterior, start: Floats, k: int, place: float) -> float:
    """Return the highest log posterior near a start, one parameter held in its place."""
    others = [j for j in range(len(start)) if j != k]

    def filled(rows: Floats) -> Floats:
        whole = np.empty((len(rows), len(start)))
        whole[:, others], whole[:, k] = rows, place
        return whole

    def cost(free: Floats) -> tuple[float, Floats]:
        step = 1e-4
        signs = np.where(free + step <= 1.0, step, -step)
        rows = np.vstack([free, free + np.diag(signs)])
        values = -posterior.log_density(filled(np.clip(rows, 0.0, 1.0)))
        return float(values[0]), np.asarray((values[1:] - values[0]) / signs)

    free = np.clip(start[others], 0.0, 1.0)
    if not others:
        return float(posterior.log_density(filled(free[None, :]))[0])
    bounds = [(0.0, 1.0)] * len(others)
    found = optimize.minimize(cost, free, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 60})
    return float(-found.fun)


def foremost(diagnosis: Diagnosis, targets: Sequence[str], names: Sequence[str], most: int = 3) -> dict[str, list[str]]:
    """Return the targets that say most about each parameter, those with an information above 0.1 only."""
    found: dict[str, list[str]] = {}
    for k, name in enumerate(names):
        column = diagnosis.information[:, k]
        order = np.argsort(-column, kind="stable")[:most]
        found[name] = [f"{targets[i]} ({column[i]:.2g})" for i in order if column[i] > 0.1]
    return found


def alike(diagnosis: Diagnosis, names: Sequence[str]) -> list[tuple[str, str, float]]:
    """Return pairs of parameters that the targets tell apart badly, the worst first."""
    pairs = [
        (names[i], names[j], float(diagnosis.correlations[i, j]))
        for i in range(len(names))
        for j in range(i)
        if abs(diagnosis.correlations[i, j]) > ALIKE
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))
