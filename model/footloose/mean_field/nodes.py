"""Nodes: the representative firms of every cell, which stand for the spread of attributes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
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
    programmes : (cell, node) programmes per USD million of yearly output
    """

    trait: Floats
    sunk_cost: Floats
    larger: Floats
    programmes: Floats

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
    size = population.size_spread * normal[:, :, 4]
    return Nodes(
        trait=np.stack([labour, risk, time], axis=1),
        sunk_cost=sunk,
        larger=np.maximum(size - 0.5 * population.size_spread**2, 0.0),
        programmes=mean_one(-size) / population.mean_size_usd_million,
    )


def mean_one(logarithm: Floats) -> Floats:
    """Return the exponential, scaled so that its mean over the nodes of each cell is one; (cell, node)."""
    values = np.exp(logarithm)
    return np.asarray(values / values.mean(axis=1, keepdims=True))


def standardised(normal: Floats) -> Floats:
    """Return normal scores shifted and scaled to mean 0 and variance 1 over the nodes of each cell; (cell, node, ...)."""
    centred = normal - normal.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True))
    return np.asarray(centred / np.where(spread > 0.0, spread, 1.0))
