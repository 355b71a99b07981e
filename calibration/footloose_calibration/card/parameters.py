"""The parameters: what was believed, what the ensemble says, and what moves with what the targets do not pin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from footloose_calibration.fitting.diagnosis import ALIKE, CROWDED, EDGE, TIMES, UNPINNED
from footloose_calibration.priors import Prior, Priors

Floats = npt.NDArray[np.float64]
MOVES = 0.3
"""Share of the variance of ranks above which a target is said to move with a parameter."""
SHOWN = 3
FEWEST = 20
"""Draws without which nothing is said about parameters."""


def parameter_rows(priors: Priors, draws: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
    """Return prior and ensemble side by side, a row a parameter; nothing from too few draws.

    contraction : 1 - standard deviation of the ensemble over that of the prior, both on positions in the range
    edge        : `lower` or `upper` where the draws crowd at an end of the literature's range: a tension
    pinned      : contraction of a tenth and more
    """
    if len(draws) < FEWEST:
        return []
    positions = np.array([priors.positions(draw) for draw in draws])
    return [_row(prior, positions[:, k]) for k, prior in enumerate(priors.rows)]


def _row(prior: Prior, places: Floats) -> dict[str, Any]:
    low, median, high = (tidy(float(value)) for value in prior.value(np.quantile(places, (0.05, 0.5, 0.95))))
    contraction = tidy(float(1.0 - places.std() / prior.standard_deviation))
    return {
        "parameter": prior.parameter,
        "meaning": prior.meaning,
        "source": prior.source,
        "certainty": prior.certainty,
        "low": prior.low,
        "high": prior.high,
        "centre": prior.centre,
        "q05": low,
        "median": median,
        "q95": high,
        "contraction": contraction,
        "edge": edge_of(prior, places),
        "pinned": contraction >= UNPINNED,
    }


def edge_of(prior: Prior, places: Floats) -> str:
    """Return the end of its range at which a parameter's draws crowd, as the fit has it; empty for neither."""
    believed = prior.quantile(np.linspace(0.0005, 0.9995, 1000))
    for name, now, before in (
        ("lower", (places < EDGE).mean(), (believed < EDGE).mean()),
        ("upper", (places > 1.0 - EDGE).mean(), (believed > 1.0 - EDGE).mean()),
    ):
        if now >= CROWDED and now >= TIMES * before:
            return name
    return ""


def moves_with(
    names: Sequence[str], draws: Sequence[Mapping[str, float]], ids: Sequence[str], values: Floats
) -> dict[str, list[list[Any]]]:
    """Return by parameter the targets that move with it in the ensemble: [target, rank correlation], strongest first.

    values : what the members came out at; (member, target)
    """
    if len(draws) < FEWEST:
        return {}
    known = [k for k in range(len(ids)) if np.isfinite(values[:, k]).all() and np.ptp(values[:, k]) > 0.0]
    targets = stats.rankdata(values[:, known], axis=0)
    found: dict[str, list[list[Any]]] = {}
    for name in names:
        column = np.array([draw[name] for draw in draws])
        if np.ptp(column) == 0.0:
            continue
        shares = correlation(stats.rankdata(column), targets)
        order = np.argsort(-np.abs(shares), kind="stable")[:SHOWN]
        found[name] = [[ids[known[k]], tidy(float(shares[k]), 3)] for k in order if shares[k] ** 2 >= MOVES]
    return found


def correlation(one: Floats, many: Floats) -> Floats:
    """Return the correlation of a column with each of several; (column,)."""
    a, b = one - one.mean(), many - many.mean(axis=0)
    return np.asarray(a @ b / np.sqrt((a @ a) * (b * b).sum(axis=0)))


def told_apart_badly(priors: Priors, draws: Sequence[Mapping[str, float]]) -> list[list[Any]]:
    """Return pairs of parameters whose draws are correlated by more than a half: [one, other, correlation]."""
    if len(draws) < FEWEST:
        return []
    positions = np.array([priors.positions(draw) for draw in draws])
    found = []
    for k, name in enumerate(priors.names):
        if np.ptp(positions[:, k]) == 0.0:
            continue
        for other in range(k + 1, len(priors)):
            if np.ptp(positions[:, other]) == 0.0:
                continue
            share = float(np.corrcoef(positions[:, k], positions[:, other])[0, 1])
            if abs(share) > ALIKE:
                found.append([name, priors.names[other], tidy(share, 3)])
    return found


def tidy(value: float, digits: int = 5) -> float:
    """Return a number with the digits that are kept."""
    return float(f"{value:.{digits}g}")
