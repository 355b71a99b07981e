"""Numbers as a reader of a ministry wants them: few digits, a unit, in Chinese with 万 and 亿.

What is shown is rounded to two digits of the half-width of its interval, and to three digits where there is none, so
that no digit is shown that chance has made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 2
LARGE = 10.0
"""Percent from which on one decimal is enough."""

SCALES: dict[tuple[str, str], tuple[tuple[float, str, str], ...]] = {
    ("usd", "en"): (
        (1e12, "USD ", " trillion"),
        (1e9, "USD ", " billion"),
        (1e6, "USD ", " million"),
        (1.0, "USD ", ""),
    ),
    ("usd", "zh"): ((1e12, "", "万亿美元"), (1e8, "", "亿美元"), (1e4, "", "万美元"), (1.0, "", "美元")),
    ("jobs", "en"): ((1e6, "", " million jobs"), (1.0, "", " jobs")),
    ("jobs", "zh"): ((1e8, "", "亿个岗位"), (1e4, "", "万个岗位"), (1.0, "", "个岗位")),
    ("projects", "en"): ((1.0, "", " projects"),),
    ("projects", "zh"): ((1e4, "", "万个项目"), (1.0, "", "个项目")),
    ("percent", "en"): ((1.0, "", "%"),),
    ("percent", "zh"): ((1.0, "", "%"),),
    ("bare", "en"): ((1.0, "", ""),),
    ("bare", "zh"): ((1.0, "", ""),),
    ("points", "en"): ((1.0, "", " percentage points"),),
    ("points", "zh"): ((1.0, "", "个百分点"),),
}
"""Of a kind of number in a language: from which size on, what stands before it and after it."""


@dataclass(frozen=True)
class Style:
    """How the numbers of one sentence are written: one scale and one number of decimals for all of them."""

    factor: float
    before: str
    after: str
    decimals: int

    def bare(self, value: float, signed: bool = False) -> str:
        """Return a number without its unit; a true minus sign, and a plus sign where signed."""
        rounded = round(value / self.factor, self.decimals) + 0.0
        text = f"{abs(rounded):,.{max(self.decimals, 0)}f}"
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        return sign + text

    def full(self, value: float, signed: bool = False) -> str:
        """Return a number with its unit."""
        return self.before + self.bare(value, signed) + self.after


def style_of(kind: str, language: str, values: Iterable[float], half: float | None = None) -> Style:
    """Return how the numbers of one sentence are written.

    kind   : usd [USD], jobs, projects, percent, points, bare (points in a column that says so)
    values : all numbers that share the style
    half   : half-width of the interval of the one that matters, None where there is none
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    scales = SCALES[(kind, language)]
    factor, before, after = next((scale for scale in scales if largest >= scale[0]), scales[-1])
    if half is not None and half > 0.0 and math.isfinite(half):
        decimals = 1 - math.floor(math.log10(half / factor))
    elif largest > 0.0:
        decimals = 2 - math.floor(math.log10(largest / factor))
    else:
        decimals = 0
    if kind in ("percent", "points", "bare"):
        decimals = 1 if kind == "percent" and (half is None or largest >= LARGE) else max(decimals, 1)
    return Style(factor, before, after, min(decimals, MOST_DECIMALS if factor > 1.0 or kind != "jobs" else 0))


def amount(kind: str, value: float, language: str, signed: bool = False) -> str:
    """Return one number with its unit, to three digits."""
    return style_of(kind, language, [value]).full(value, signed)


def span(kind: str, value: float, low: float | None, high: float | None, language: str) -> str:
    """Return a signed number with its unit and interval: `−0.63 percentage points (−0.66 to −0.60)`."""
    if low is None or high is None or not math.isfinite(low) or not math.isfinite(high):
        return style_of(kind, language, [value]).full(value, signed=True)
    style = style_of(kind, language, [value, low, high], (high - low) / 2)
    ends = [style.bare(end, signed=True) for end in (low, high)]
    return (
        f"{style.full(value, signed=True)} ({ends[0]} to {ends[1]})"
        if language == "en"
        else (f"{style.full(value, signed=True)}（{ends[0]}至{ends[1]}）")
    )


def unsigned_span(kind: str, value: float, low: float | None, high: float | None, language: str) -> str:
    """Return a number that cannot be negative with its unit and interval, cut at zero."""
    if low is None or high is None or not math.isfinite(low) or not math.isfinite(high):
        return style_of(kind, language, [value]).full(value)
    style = style_of(kind, language, [value, low, high], (high - low) / 2)
    ends = [style.bare(end) if end > 0.0 else "0" for end in (low, high)]
    if ends[0] == ends[1]:
        return style.full(value)
    return (
        f"{style.full(value)} ({ends[0]} to {ends[1]})"
        if language == "en"
        else (f"{style.full(value)}（{ends[0]}至{ends[1]}）")
    )
