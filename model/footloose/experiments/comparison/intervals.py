"""Intervals: chance over replicates, parameters over an ensemble, ratios, quantiles; each kept apart."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from footloose.errors import FootlooseError

Floats = npt.NDArray[np.float64]

LEVEL = 0.9
"""Coverage of every interval: 5 to 95 percent, as in the figures of a run."""


@dataclass(frozen=True)
class Estimate:
    """A mean with its two intervals; None where there is nothing to compute one from.

    low, high                     : of the mean, by chance alone: Student's t over replicates
    standard_error                : of the mean, by chance alone
    parameter_low, parameter_high : where the mean lies over the ensemble of parameters, with chance taken out
    """

    mean: float
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    parameter_low: float | None = None
    parameter_high: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data; numbers that are not finite become None."""
        return {key: value if value is None or math.isfinite(value) else None for key, value in asdict(self).items()}


def t_quantile(count: int, level: float = LEVEL) -> float:
    """Return the two-sided quantile of Student's t for a mean of `count` values."""
    return float(stdtrit(count - 1, 0.5 + level / 2))


def standard_error(values: Floats) -> Floats:
    """Return the standard error of the mean over the first axis; (replicate, ...) -> (...)."""
    return np.asarray(values.std(axis=0, ddof=1) / math.sqrt(values.shape[0]))


def half_width(values: Floats, level: float = LEVEL) -> float:
    """Return half the width of the interval of a mean; infinite for fewer than two values. values: (replicate,)"""
    if values.size < 2:
        return math.inf
    return t_quantile(values.size, level) * float(standard_error(values))


def estimate(values: Floats, draws: Floats | None = None) -> Estimate:
    """Return mean and intervals of a number.

    values : (replicate,) of the central scenario
    draws  : (draw, replicate) of the ensemble, or None
    """
    low, high = parameter_interval(on_the_whole(draws, values)) if draws is not None else (None, None)
    mean = float(values.mean())
    if values.size < 2:
        return Estimate(mean, parameter_low=low, parameter_high=high)
    error, half = float(standard_error(values)), half_width(values)
    return Estimate(mean, error, mean - half, mean + half, low, high)


def on_the_whole(draws: Floats, central: Floats) -> Floats:
    """Return what draws give, moved by what their few replicates have more or less than all the central ones.

    The draws are run in the first of the central replicates. What these have in common with them is known better from
    all central replicates: control variate with the coefficient 1 (Lavenberg and Welch 1981), whose mean is 0.

    draws   : (draw, replicate, ...); central: (central replicate, ...)
    """
    repeats = draws.shape[1]
    if central.shape[0] < repeats:
        return draws
    return np.asarray(draws + (central.mean(axis=0) - central[:repeats].mean(axis=0)))


def parameter_interval(draws: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the quantiles over draws of the mean outcome, chance taken out; draws: (draw, replicate)."""
    low, high = parameter_band(draws[:, :, None], level)
    return float(low[0]), float(high[0])


def parameter_band(draws: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return quantiles over draws of the mean outcome of each draw, the part of its spread that is chance taken out.

    Replicates are the same in every draw (crossed design), so what they share drops out of the spread of the draws'
    means; what is left of chance is the interaction, whose variance is the residual of a two-way layout (Scheffe 1959,
    4.1): variance of means = parameters + residual / replicates. Means are drawn together by the root of the part due
    to parameters. With one replicate nothing can be taken out.

    draws   : (draw, replicate, ...)
    returns : (...), (...)
    """
    edges = np.quantile(means_by_parameters(draws), [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return edges[0], edges[1]


def means_by_parameters(draws: Floats) -> Floats:
    """Return the mean of every draw, drawn together as in parameter_band; (draw, replicate, ...) -> (draw, ...)."""
    count, repeats = draws.shape[:2]
    means = draws.mean(axis=1)
    centre = means.mean(axis=0)
    shrink = np.ones_like(centre)
    if repeats > 1 and count > 1:
        residual = draws - means[:, None] - draws.mean(axis=0)[None] + centre
        chance = (residual**2).sum(axis=(0, 1)) / ((count - 1) * (repeats - 1)) / repeats
        spread = means.var(axis=0, ddof=1)
        share = np.divide(np.maximum(spread - chance, 0.0), spread, out=np.zeros_like(spread), where=spread > 0.0)
        shrink = np.sqrt(share)
    return np.asarray(centre + shrink * (means - centre))


def parameter_reach(values: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the quantiles over draws of values that may be infinite, chance left in them; (draw,)."""
    low, high = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2], method="inverted_cdf")
    return float(low), float(high)


@dataclass(frozen=True)
class Ratio:
    """A ratio of two means with the interval of Fieller (1954); an end that is not bounded is None.

    bounded : False where the denominator cannot be told from zero, so that the interval says nothing
    parameter_low, parameter_high : where it lies over the ensemble of parameters, with chance taken out
    """

    value: float | None
    low: float | None
    high: float | None
    bounded: bool
    parameter_low: float | None = None
    parameter_high: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def ratio_over_draws(above: Floats, below: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval by parameters of the ratio of two means, chance taken out; (draw, replicate) each.

    Chance enters by the ratio's linear part: r + (above - r below) / mean(below), whose mean over a draw's replicates
    is the ratio r of that draw's means.
    """
    top, base = above.mean(axis=1, keepdims=True), below.mean(axis=1, keepdims=True)
    known = base[:, 0] != 0.0
    if not known.all():
        return -math.inf, math.inf
    found = top / base
    return parameter_interval(found + (above - found * below) / base, level)


def ratio(above: Floats, below: Floats, level: float = LEVEL) -> Ratio:
    """Return the ratio of the means of paired values; (replicate,) each.

    Fieller (1954): the ratios r for which mean(above - r below) cannot be told from zero.
    """
    top, base = float(above.mean()), float(below.mean())
    value = top / base if base != 0.0 else None
    if above.size < 2 or value is None:
        return Ratio(value, None, None, False)
    covariance = np.cov(above, below) / above.size
    square = t_quantile(above.size, level) ** 2
    quadratic = base**2 - square * covariance[1, 1]
    linear = top * base - square * covariance[0, 1]
    constant = top**2 - square * covariance[0, 0]
    if quadratic <= 0.0:
        return Ratio(value, None, None, False)
    root = math.sqrt(max(linear**2 - quadratic * constant, 0.0))
    return Ratio(value, (linear - root) / quadratic, (linear + root) / quadratic, True)


def quantile_interval(
    values: Floats, chance: float, level: float = LEVEL, together: int = 1
) -> tuple[float, float, float]:
    """Return the quantile of a sample and its distribution-free interval from order statistics (binomial).

    values   : (run,), infinite where a run never gets there
    chance   : which quantile; the smallest value that at least this part of the runs do not exceed
    together : runs that share a draw, so that they count as one (the interval is then on the safe side)
    returns : quantile, low, high; -inf or inf where the sample is too small to bound it
    """
    from scipy import stats  # here, because loading it takes as long as ten runs of a small population

    if not 0.0 < chance <= 1.0:
        raise FootlooseError(f"chance: {chance:g} given; more than 0 and at most 1 is allowed")
    ordered = np.sort(values)
    count = ordered.size // together
    place = max(math.ceil(chance * ordered.size - 1e-9), 1) - 1
    tail = (1.0 - level) / 2.0
    below = int(stats.binom.ppf(tail, count, chance)) - 1
    above = int(stats.binom.ppf(1.0 - tail, count, chance))
    low = float(ordered[below * together]) if below >= 0 else -math.inf
    high = float(ordered[above * together + together - 1]) if above < count else math.inf
    return float(ordered[place]), low, high


def jackknife(values: Floats, whole: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a statistic from its values with one replicate left out (Miller 1974); (replicate,)."""
    count = values.size
    if count < 2 or not np.isfinite(values).all() or not math.isfinite(whole):
        return -math.inf, math.inf
    error = math.sqrt((count - 1) / count * float(((values - values.mean()) ** 2).sum()))
    return whole - t_quantile(count, level) * error, whole + t_quantile(count, level) * error
