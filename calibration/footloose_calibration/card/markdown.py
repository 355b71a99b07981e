"""Small pieces of Markdown: tables, numbers, cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Return the lines of a table.

    right : columns whose cells stand at the right
    """
    rule = ["---:" if place in right else "---" for place in range(len(head))]
    return [line(head), line(rule), *(line([escaped(cell) for cell in row]) for row in rows)]


def line(cells: Sequence[str]) -> str:
    """Return one row."""
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """Return a text that does not break its row."""
    return " ".join(text.split()).replace("|", r"\|")


def number(value: float) -> str:
    """Return a number as a reader wants it: three digits, thousands apart, nothing for none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "any" if value > 0 else "−any"
    if value == 0.0:
        return "0"
    digits = max(2 - math.floor(math.log10(abs(value))), 0)
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "−")


def span(low: float, high: float) -> str:
    """Return a range in words."""
    if math.isnan(low) or math.isnan(high):
        return "–"
    if math.isinf(low) and math.isinf(high):
        return "any"
    if math.isinf(low):
        return f"at most {number(high)}"
    if math.isinf(high):
        return f"at least {number(low)}"
    return f"{number(low)} to {number(high)}"


def percent(value: float) -> str:
    """Return a share in percent."""
    return "–" if math.isnan(value) else f"{round(100.0 * value):d} %".replace("-", "−")
