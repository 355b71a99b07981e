"""Sums over the lines of a ledger: loops over cells, lines and sites, compiled.

A line varies over few of its axes. Its tables are laid end to end as they are, and read with steps of 0 along the axes
on which they do not vary; nothing is spread over (line, market, sector, origin, site).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from footloose.compiled import inlined, kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NONE: Floats = np.empty(0)

Laid = tuple[Floats, Ints, Ints]
"""Tables end to end, where each begins, (line,), and how far apart neighbours on its axes are, (line, axis)."""


def lay_out(tables: Sequence[Floats], shape: tuple[int, int, int, int]) -> Laid:
    """Return tables laid end to end.

    tables : each broadcasts to `shape`, the lengths of (market, sector, origin, site)
    raises : ValueError for one that does not
    """
    start, step = _places(tuple(table.shape for table in tables), shape)
    return np.concatenate([NONE, *(table.ravel() for table in tables)]), start, step


@lru_cache(maxsize=64)
def _places(shapes: tuple[tuple[int, ...], ...], shape: tuple[int, int, int, int]) -> tuple[Ints, Ints]:
    """Return where tables of these shapes begin, and their steps; the same year after year."""
    sizes, steps = [], []
    for own in shapes:
        if np.broadcast_shapes(own, shape) != shape:
            raise ValueError(f"a table of a line has shape {own}, which does not broadcast to {shape}")
        lengths = np.array([1] * (len(shape) - len(own)) + list(own), dtype=np.int64)
        inner = np.append(np.cumprod(lengths[:0:-1])[::-1], 1)
        sizes.append(int(lengths.prod()))
        steps.append(np.where(lengths == 1, 0, inner))
    start = np.cumsum([0, *sizes], dtype=np.int64)[:-1]
    return start, np.array(steps, dtype=np.int64).reshape(-1, len(shape))


@kernel
def add_lines(values, start, step, group, total, flat):  # type: ignore[no-untyped-def]
    """Write the sum over the lines of each group, in their order, to `total`; (market, sector, origin, group, site).

    What lines add before the first that varies over origins is the same for all of them and added once.

    values, start, step : of lay_out;  group: (line,) which sum a line belongs to;  flat: `total` end to end
    """
    markets, sectors, origins, groups, sites = total.shape
    size, shared = groups * sites, 0
    while shared < start.size and step[shared, 2] == 0:
        shared += 1
    for m in range(markets):
        for s in range(sectors):
            first = (m * sectors + s) * origins * size
            flat[first : first + size] = 0.0
            for line in range(shared):
                at = place_of(start, step, line, m, s, 0)
                add_row(values, at, step[line, 3], flat, first + group[line] * sites, sites)
            for n in range(size, origins * size):
                flat[np.uint64(first + n)] = flat[np.uint64(first + n - size)]
            for o in range(origins):
                here = first + o * size
                for line in range(shared, start.size):
                    at = place_of(start, step, line, m, s, o)
                    add_row(values, at, step[line, 3], flat, here + group[line] * sites, sites)


@inlined
def add_row(values, at, step, total, here, sites):  # type: ignore[no-untyped-def]
    """Add what a line says of all sites, from `at` on, to the sums from `here` on.

    Places are unsigned: where one might count from the end, a compiler makes no vectors.
    """
    if step == 0:
        for j in range(sites):
            total[np.uint64(here + j)] += values[at]
    else:
        for j in range(sites):
            total[np.uint64(here + j)] += values[at + np.uint64(j)]


@inlined
def place_of(start, step, line, m, s, o):  # type: ignore[no-untyped-def]
    """Return where the values of a line for a market, sector and origin begin; unsigned (add_row)."""
    return np.uint64(start[line] + m * step[line, 0] + s * step[line, 1] + o * step[line, 2])
