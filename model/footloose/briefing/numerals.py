"""Numbers as a reader wants them: few digits, thousands apart, a true minus sign."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MINUS = "\N{MINUS SIGN}"


def plain(value: float, sign: bool = False) -> str:
    """Return a number with about three digits: 1,234; 56.7; 0.89; 0.012; with a sign before it if wanted."""
    if not np.isfinite(value):
        return "–"
    size = abs(value)
    digits = 0 if size >= 99.95 or size == 0 else 1 if size >= 9.995 else 2 if size >= 0.0995 else 3
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else "0"


def digits_of(ticks: Sequence[float] | npt.NDArray[np.float64]) -> int:
    """Return the digits behind the point that tell the ticks of an axis apart."""
    steps = np.diff(np.asarray(ticks, dtype=np.float64))
    step = float(steps[steps > 0].min()) if (steps > 0).any() else 1.0
    return next((digits for digits in range(6) if abs(round(step, digits) - step) < 1e-3 * step), 6)


def percent_change(first: float, last: float) -> float:
    """Return by how many percent `last` lies above `first`; not a number where nothing was there."""
    return 100.0 * (last / first - 1.0) if first > 0 else float("nan")
