"""What one derivative costs: mean field against replicates of agents that give it as precisely.

The derivative of China's share of US imports in 2030 with respect to a duty from 2027 on, per point, literature values.
Agents are twins with the same draws, so that only what the duty changes differs. The mean field errs by its nodes
alone: its error is its distance from what four times as many nodes give. Processor time; kernels are compiled before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

import footloose
from benchmarks.timing import figure
from footloose.record import Record

YEARS = (2010, 2030)
RATE, STEP = 20.0, 5.0
REPLICATES = 12


@dataclass(frozen=True)
class Derivative:
    """Its estimate, its standard error or its distance from the reference [points per point], and processor seconds."""

    value: float
    error: float
    seconds: float


def worlds() -> list[footloose.Scenario]:
    """Return the two worlds around the duty."""
    duty = (
        "policies.duty.kind=tariff policies.duty.market=united_states policies.duty.sites=china policies.duty.from=2027"
    )
    return [
        footloose.load("literature", overrides=[*duty.split(), f"policies.duty.rate={rate}"])
        for rate in (RATE - STEP / 2, RATE + STEP / 2)
    ]


def share(record: Record) -> np.ndarray:
    """Return China's share of US imports in the last year; (replicate,) percent."""
    geography = record.geography
    market, china = geography.market("united_states"), list(geography.sites_in("china"))
    bought = record.tables["sales"][:, -1, market].sum(axis=(1, 2))
    abroad = np.asarray(geography.shore_of)[market] != geography.shores.index("home")
    return 100.0 * bought[:, china].sum(axis=1) / bought[:, abroad].sum(axis=1)


def exact(nodes: int) -> Derivative:
    """Return the derivative by mean field; its error is left for `against`."""
    begun = time.process_time()
    low, high = (share(footloose.solve_mean_field(world, nodes=nodes, years=YEARS))[0] for world in worlds())
    return Derivative((high - low) / STEP, np.nan, time.process_time() - begun)


def drawn(firms: int, replicates: int = REPLICATES) -> Derivative:
    """Return the derivative by twins of agents: mean, standard deviation and seconds of one replicate."""
    begun = time.process_time()
    low, high = (share(footloose.simulate(w, firms=firms, replicates=replicates, years=YEARS)) for w in worlds())
    slopes = (high - low) / STEP
    return Derivative(float(slopes.mean()), float(slopes.std(ddof=1)), (time.process_time() - begun) / replicates)


def rows(nodes: tuple[int, ...] = (2, 4, 8), firms: tuple[int, ...] = (20_000, 200_000)) -> list[list[str]]:
    """Return a row for every number of nodes: what it costs, how precise it is, and what agents would cost."""
    footloose.solve_mean_field(worlds()[0], nodes=1, years=(2010, 2011))
    footloose.simulate(worlds()[0], firms=500, replicates=1, years=(2010, 2011))
    reference, agents = exact(4 * max(nodes)), {count: drawn(count) for count in firms}
    table = [
        [f"{count:,} firms, one twin", f"{found.value:.4f}", f"{found.error:.4f}", f"{found.seconds:.2f} s", ""]
        for count, found in agents.items()
    ]
    for count in nodes:
        found = exact(count)
        error = abs(found.value - reference.value)
        needed = {size: (twin.error / max(error, 1e-12)) ** 2 for size, twin in agents.items()}
        cost = min(needed[size] * agents[size].seconds for size in firms)
        twins = " or ".join(f"{figure(needed[size])} twins of {size:,}" for size in firms)
        said = f"{twins}; {figure(cost / found.seconds)} x the time"
        table.append(
            [f"mean field, {count} nodes a cell", f"{found.value:.4f}", f"{error:.5f}", f"{found.seconds:.1f} s", said]
        )
    table.append(
        [f"mean field, {4 * max(nodes)} nodes a cell", f"{reference.value:.4f}", "0", f"{reference.seconds:.1f} s", ""]
    )
    return table
