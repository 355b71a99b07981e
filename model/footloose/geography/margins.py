"""Iterative proportional fitting, and the record of how far each margin stayed from its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footloose.geography.tables import Floats


@dataclass(frozen=True)
class Misfit:
    """One margin of the base year: what the source says, what came out, and fitted / target - 1."""

    marginal: str
    member: str
    target: float
    fitted: float
    relative: float


def misfits(marginal: str, members: Sequence[str], target: Floats, fitted: Floats) -> list[Misfit]:
    """Return one Misfit per member; relative is 0 where both are 0, infinite where only the target is.

    target, fitted : (member,) [USD million]
    """
    found = []
    for name, wanted, got in zip(members, target.ravel().tolist(), fitted.ravel().tolist(), strict=True):
        relative = got / wanted - 1.0 if wanted else (0.0 if got == 0.0 else float("inf"))
        found.append(Misfit(marginal, name, wanted, got, relative))
    return found


def fit_margins(start: Floats, rows: Floats, columns: Floats, rounds: int = 400, tolerance: float = 1e-10) -> Floats:
    """Return `start` scaled until its row and column sums are the targets (Deming and Stephan 1940).

    Rows are scaled last, so they hold exactly where a row has any start; zeros of `start` stay zero. Columns
    are first scaled to the total of the rows, table by table.

    start   : (..., row, column)  not negative
    rows    : (..., row)          targets with priority
    columns : (..., column)       targets
    """
    table = np.array(start, dtype=np.float64)
    wanted = columns * _ratio(rows.sum(-1), columns.sum(-1))[..., None]
    for _ in range(rounds):
        table *= _ratio(wanted, table.sum(-2))[..., None, :]
        sums = table.sum(-1)
        table *= _ratio(rows, sums)[..., None]
        if np.abs(sums - rows).max() <= tolerance * max(float(rows.max()), 1.0):
            break
    return table


def _ratio(target: Floats, actual: Floats) -> Floats:
    result: Floats = np.divide(target, actual, out=np.zeros_like(actual, dtype=np.float64), where=actual > 0)
    return result
