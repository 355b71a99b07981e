"""Numbers as text: with intervals, as shares, as money; and the tables and the console they are set with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table

from footloose.experiments.comparison.intervals import Estimate, Ratio

WIDTH = 118


def number(value: float | None) -> str:
    """Return a number with four digits, thousands apart."""
    if value is None or not math.isfinite(value):
        return "none"
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def interval(value: Estimate, scale: float = 1.0) -> str:
    """Return a mean with its intervals: by chance in brackets, by parameters in braces."""

    def short(part: float) -> str:
        return f"{part / scale:,.0f}" if abs(part / scale) >= 1000 else f"{part / scale:.3g}"

    text = short(value.mean)
    if value.low is not None and value.high is not None and value.standard_error:
        text += f" [{short(value.low)} to {short(value.high)}]"
    if value.parameter_low is not None and value.parameter_high is not None:
        text += f" {{{short(value.parameter_low)} to {short(value.parameter_high)}}}"
    return text


def share(value: Ratio) -> str:
    """Return a share with its interval, in percent."""
    if value.value is None:
        return "nothing supported, so none"
    between = (
        ""
        if not value.bounded or value.low is None or value.high is None
        else f" [{100 * value.low:.0f} to {100 * value.high:.0f}]"
    )
    return f"{100 * value.value:.0f} %{between}{braces(value.parameter_low, value.parameter_high, 100.0)}"


def braces(low: float | None, high: float | None, scale: float = 1.0) -> str:
    """Return an interval by parameters in braces, empty without one."""
    if low is None or high is None:
        return ""
    return f" {{{ending(scale * low)} to {ending(scale * high)}}}"


def money(value: Ratio) -> str:
    """Return a cost per job with its interval; says so where the jobs cannot be told from none."""
    if value.value is None or value.value <= 0.0:
        return "none to be had (the mean number of additional jobs is not above 0)"
    if not value.bounded or value.low is None or value.high is None:
        return f"{value.value:,.0f} (not bounded: the jobs cannot be told from none)"
    text = f"{value.value:,.0f} [{value.low:,.0f} to {value.high:,.0f}]"
    ends = [value.parameter_low, value.parameter_high]
    known = [f"{end:,.0f}" for end in ends if end is not None and math.isfinite(end)]
    return f"{text} {{{known[0]} to {known[1]}}}" if len(known) == len(ends) else text


def ending(value: float | None) -> str:
    """Return an end of an interval."""
    return "not bounded" if value is None or not math.isfinite(value) else f"{value:.3g}"


def table_of(title: str, columns: Sequence[str], wide: int) -> Table:
    """Return an empty table; the first column and column `wide` are flush left."""
    table = Table(title=title or None, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place in (0, wide) else "right", overflow="fold")
    return table


def new_console() -> Console:
    """Return a console that remembers what is printed on it, without emoji and markup."""
    return Console(width=WIDTH, record=True, file=StringIO(), markup=False, emoji=False)
