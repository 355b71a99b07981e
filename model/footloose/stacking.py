"""Tables of many replicates: sent from process to process without their zeros, each put in its place as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Tables = dict[str, Floats]
Task = TypeVar("Task")

WORTH_THINNING = 0.25
"""Share of a table's numbers that are not zero up to which it is sent as places and numbers."""


@dataclass(frozen=True)
class Thin:
    """A table of which most is zero: its shape, and the places, counted through, of its numbers; both (number,)."""

    shape: tuple[int, ...]
    places: npt.NDArray[np.int32]
    numbers: Floats

    def write(self, table: Floats) -> None:
        """Put the numbers in their places in a table of this shape that is all zero."""
        table.reshape(-1)[self.places] = self.numbers


Sent = Mapping[str, Floats | Thin]
"""Tables as they are sent."""


def thinned(tables: Mapping[str, Floats]) -> Sent:
    """Return tables as they are sent; bit by bit what they were, so a zero with a sign is a number."""
    return {name: _thin(table) for name, table in tables.items()}


def thinned_work(work: Callable[[Task], Mapping[str, Floats]], task: Task) -> Sent:
    """Return the tables that a task leaves as they are sent."""
    return thinned(work(task))


def _thin(table: Floats) -> Floats | Thin:
    if table.dtype != np.float64 or table.size >= 2**31 or not table.flags.c_contiguous:
        return table
    flat = table.reshape(-1)
    places = np.flatnonzero(flat.view(np.int64))
    if places.size > WORTH_THINNING * flat.size:
        return table
    return Thin(table.shape, places.astype(np.int32), flat[places])


def filled(tables: Sent) -> Tables:
    """Return tables that were sent as they were before."""
    return {name: _fill(table) for name, table in tables.items()}


def _fill(table: Floats | Thin) -> Floats:
    if not isinstance(table, Thin):
        return table
    whole = np.zeros(table.shape)
    table.write(whole)
    return whole


class Stack:
    """Tables of replicates, name -> (replicate, ...), filled replicate by replicate; all have the same tables."""

    def __init__(self, replicates: int) -> None:
        self.replicates = replicates
        self.tables: Tables = {}

    def add(self, replicate: int, tables: Sent) -> None:
        """Put the tables of a replicate in their places; where it is the only one, they are not copied."""
        for name, table in tables.items():
            if self.replicates == 1:
                self.tables[name] = _fill(table)[None]
                continue
            if name not in self.tables:
                kind = np.float64 if isinstance(table, Thin) else table.dtype
                self.tables[name] = np.zeros((self.replicates, *table.shape), dtype=kind)
            if isinstance(table, Thin):
                table.write(self.tables[name][replicate])
            else:
                self.tables[name][replicate] = table


def alone(tables: Tables) -> Tables:
    """Return the tables of the only replicate, name -> (1, ...)."""
    return {name: table[None] for name, table in tables.items()}
