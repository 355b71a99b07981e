"""Books: the identities that hold at the end of every year; a difference is a defect, and stops the run."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.errors import BooksError
from footloose.firms import Firms

Floats = npt.NDArray[np.float64]


def check_programmes(
    firms: Firms, standing: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], bool], total: int, year: int
) -> None:
    """Every programme stands in one cell with one footprint, and together they are still the whole.

    standing : output by footprint as `orders.count_output` counts it
    raises   : BooksError
    """
    by_cell, _, negative = standing
    if int(by_cell.sum()) != total:
        raise BooksError(f"{year}: footprints add up to {int(by_cell.sum())}, not {total} USD thousand")
    if negative:
        raise BooksError(f"{year}: a footprint holds less than nothing")
    if (firms.main == firms.second).any():
        raise BooksError(f"{year}: a firm has the same site twice")


def check_trade(sales: Floats, wanted: Floats, year: int) -> None:
    """What is sold is what markets want.

    raises: BooksError
    """
    gap = np.abs(sales.sum(axis=(2, 3)) - wanted)
    if not (gap <= 1e-6 + 1e-9 * np.abs(wanted)).all():
        raise BooksError(f"{year}: sales and purchases differ by {gap.max():.6g} USD million")


def check_projects(announced: int, building: int, opened: int, cancelled: int, year: int) -> None:
    """Announced = building + opened + cancelled, since the beginning.

    raises: BooksError
    """
    if announced != building + opened + cancelled:
        raise BooksError(
            f"{year}: {announced} projects announced, but {building} building + {opened} opened + {cancelled} cancelled"
        )


def check_budgets(spent: dict[str, float], budgets: dict[str, float | None], year: int) -> None:
    """No instrument pays more than its budget.

    raises: BooksError
    """
    for name, paid in spent.items():
        budget = budgets[name]
        if budget is not None and paid > budget * 1000.0 * (1.0 + 1e-9):
            raise BooksError(f"{year}: {name} paid {paid:.3f} of {budget * 1000.0:.3f} USD million")
