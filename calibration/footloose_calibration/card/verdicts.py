"""The rule of the report card, written before there was a fit.

pass    : the model's median lies within the document's band
tension : the median does not, but the 90 % band of the ensemble reaches into it
fail    : neither
unknown : the run could not measure it

The 90 % band is that of the parameters: a member is the mean of replicates that share their random draws with those of
all other members, so that chance hardly widens it, and no target passes by being noisy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from footloose_calibration.targets import Target

VERDICTS = ("pass", "tension", "fail", "unknown")
GOALS = {"fitted": 0.80, "held_out": 0.65}
"""Share of the targets of a use whose median should lie within the band."""


def verdict(target: Target, median: float, low: float, high: float) -> str:
    """Return the verdict on a target, given the model's median and the ends of its 90 % band."""
    if not math.isfinite(median):
        return "unknown"
    if target.holds(median):
        return "pass"
    return "tension" if low <= target.high and high >= target.low else "fail"


def distance(target: Target, value: float) -> float:
    """Return how far a value lies from the central one in tolerances: 1 at the end of the band on its side.

    0 on the open side of a bound; NaN for NaN.
    """
    away = value - target.central
    width = target.high - target.central if away >= 0.0 else target.central - target.low
    if width <= 0.0:
        return math.inf if away else 0.0
    return abs(away) / width


@dataclass(frozen=True)
class Tally:
    """How many of some targets got which verdict.

    wrong : targets whose median goes the other way than the document's whole band
    """

    count: int
    passed: int
    tension: int
    failed: int
    unknown: int
    wrong: int

    @property
    def share(self) -> float:
        """Share within the band, of all; NaN of none."""
        return self.passed / self.count if self.count else math.nan


def tally(verdicts: Sequence[str], wrong: Iterable[bool]) -> Tally:
    """Return the counts of verdicts."""
    passed, tension, failed, unknown = (verdicts.count(name) for name in VERDICTS)
    return Tally(len(verdicts), passed, tension, failed, unknown, sum(wrong))


@dataclass(frozen=True)
class Duel:
    """The model against a rival, on the targets that the rival speaks about.

    model, rival : how many each has within the band
    nearer       : how often the model is nearer to the central value
    apart        : median distances in tolerances, the model's and the rival's
    """

    count: int
    model: int
    rival: int
    nearer: int
    apart: tuple[float, float]


def duel(targets: Sequence[Target], model: Mapping[str, float], rival: Mapping[str, float]) -> Duel:
    """Return how the model does against a rival."""
    known = [
        one
        for one in targets
        if math.isfinite(model.get(one.id, math.nan)) and math.isfinite(rival.get(one.id, math.nan))
    ]
    mine = [distance(one, model[one.id]) for one in known]
    other = [distance(one, rival[one.id]) for one in known]
    return Duel(
        len(known),
        sum(one.holds(model[one.id]) for one in known),
        sum(one.holds(rival[one.id]) for one in known),
        sum(a < b for a, b in zip(mine, other, strict=True)),
        (middle(mine), middle(other)),
    )


def middle(values: Sequence[float]) -> float:
    """Return the median; NaN of nothing."""
    ordered = sorted(values)
    half = len(ordered) // 2
    if not ordered:
        return math.nan
    return ordered[half] if len(ordered) % 2 else 0.5 * (ordered[half - 1] + ordered[half])
