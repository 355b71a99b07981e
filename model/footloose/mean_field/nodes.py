"""Nodes: the representative firms of every cell, which stand for the spread of attributes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from footloose.errors import FootlooseError
from footloose.sections import Population

Floats = npt.NDArray[np.float64]
ATTRIBUTES = 5
MOST = 4096


@dataclass(frozen=True)
class Nodes:
    """The attributes of the representative firms; each node stands for an equal part of its cell's output.

    trait      : (cell, loading, node) labour intensity, risk aversion, time sensitivity; mean 1 over nodes
    sunk_cost  : (cell, node) factor of the sunk cost, mean 1
    larger     : (cell, node) logarithm of size over the mean size, 0 for the smaller ones
    programmes : programmes per USD million of yearly output; size has no part in reviews, so the mean is that of any
    larger_counted : the mean of `larger` over programmes, each counted once
    """

    trait: Floats
    sunk_cost: Floats
    larger: Floats
    programmes: float
    larger_counted: float

    @property
    def count(self) -> int:
        """Nodes of a cell."""
        return int(self.sunk_cost.shape[1])


def spread_nodes(population: Population, cells: int, nodes: int) -> Nodes:
    """Spread the nodes evenly over the five attributes.

    Every cell takes the next block of a Sobol sequence (Sobol 1967; Joe, Kuo 2008), evenly spread by itself, so that
    errors of one cell are made good by the next. Mean and variance over the nodes of a cell are set to those of the law
    (moment matching), so that few nodes do not stand for too little spread.

    raises : FootlooseError where the number of nodes is no power of two
    """
    if nodes < 1 or nodes > MOST or nodes & (nodes - 1):
        raise FootlooseError(f"nodes: {nodes} given; a power of two from 1 to {MOST} is needed, such as 8 or 16")
    power = int(np.ceil(np.log2(cells * nodes)))
    points = qmc.Sobol(ATTRIBUTES, scramble=False).random_base2(power)[: cells * nodes] + 0.5 ** (power + 1)
    normal = standardised(ndtri(points.reshape(cells, nodes, ATTRIBUTES)))
    spreads = (
        population.labour_intensity_spread,
        population.risk_aversion_spread,
        population.time_sensitivity_spread,
        population.sunk_cost_spread,
    )
    labour, risk, time, sunk = (mean_one(spread * normal[:, :, place]) for place, spread in enumerate(spreads))
    size = population.size_spread
    return Nodes(
        trait=np.stack([labour, risk, time], axis=1),
        sunk_cost=sunk,
        larger=np.maximum(size * normal[:, :, 4] - 0.5 * size**2, 0.0),
        programmes=1.0 / population.mean_size_usd_million,
        larger_counted=mean_above(-1.5 * size**2, size),
    )


def mean_above(mean: float, spread: float) -> float:
    """Return the mean of max(x, 0), x normal."""
    if spread == 0.0:
        return max(mean, 0.0)
    score = mean / spread
    density = np.exp(-0.5 * score**2) / np.sqrt(2.0 * np.pi)
    return float(mean * ndtr(score) + spread * density)


def mean_one(logarithm: Floats) -> Floats:
    """Return the exponential, scaled so that its mean over the nodes of each cell is one; (cell, node)."""
    values = np.exp(logarithm)
    return np.asarray(values / values.mean(axis=1, keepdims=True))


def standardised(normal: Floats) -> Floats:
    """Return normal scores with mean 0 and variance 1 over the nodes of each cell; (cell, node, attribute)."""
    centred = normal - normal.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True))
    return np.asarray(centred / np.where(spread > 0.0, spread, 1.0))
