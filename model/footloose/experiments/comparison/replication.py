"""As many runs as the question needs: replicates are added until the interval is narrow enough.

Sequential fixed-width intervals (Chow and Robbins 1965): their coverage tends to the nominal one as the width shrinks;
a first round of LEAST replicates keeps the early, lucky stop rare.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from footloose.errors import FootlooseError
from footloose.experiments.comparison.intervals import half_width
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.pairs import Lived, Progress, live_pairs
from footloose.experiments.comparison.units import Unit, Units
from footloose.experiments.comparison.worlds import Twins

LEAST = 6
"""Replicates of the first round of adaptive replication."""


@dataclass(frozen=True)
class Precision:
    """What is asked for: the half-width of an outcome's paired difference, in its unit, and the most replicates."""

    outcome: Outcome
    half_width: float
    most: int

    def __post_init__(self) -> None:
        """Refuse what no number of runs can reach."""
        if not self.half_width > 0.0 or not math.isfinite(self.half_width):
            raise FootlooseError(
                f"--half-width {self.half_width:g}: a number above 0 is needed, in the unit of the outcome"
            )
        if self.most < 2:
            raise FootlooseError(f"--max-replicates {self.most}: at least 2 are needed for an interval")


@dataclass(frozen=True)
class Replication:
    """What it took.

    half_width : reached, widest over the worlds; reached: whether it is within what was asked for
    """

    replicates: int
    runs: int
    half_width: float | None
    asked: float | None
    reached: bool

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        width = self.half_width if self.half_width is not None and math.isfinite(self.half_width) else None
        return {
            "replicates": self.replicates,
            "runs": self.runs,
            "half_width": width,
            "half_width_asked": self.asked,
            "reached": self.reached,
        }


def live_enough(
    twins: Twins,
    units: Units,
    precision: Precision | None,
    workers: int,
    progress: Progress | None = None,
) -> tuple[Lived, Replication]:
    """Live replicates until the outcome's half-width is reached, then the ensemble; return pairs and what it took.

    units  : how many replicates without a precision; with one, how many in the first round (at least LEAST)
    raises : FootlooseError for numbers that make no sense, and what live_pairs raises
    """
    first = units.replicates if precision is None else min(max(units.replicates, LEAST), precision.most)
    lived = live_pairs(twins, [Unit(number) for number in range(first)], workers, progress)
    width = None
    while precision is not None:
        done = len(lived.central(0))
        width = widest(lived, precision.outcome)
        if width <= precision.half_width or done >= precision.most:
            break
        more = min(next_count(done, width, precision.half_width), precision.most)
        add(lived, live_pairs(twins, [Unit(number) for number in range(done, more)], workers, progress))
    done = len(lived.central(0))
    drawn = units.drawn_units
    if drawn:
        add(lived, live_pairs(twins, drawn, workers, progress))
    asked = None if precision is None else precision.half_width
    runs = (done + len(drawn)) * (1 + len(twins.others))
    return lived, Replication(done, runs, width, asked, asked is None or (width is not None and width <= asked))


def widest(lived: Lived, outcome: Outcome) -> float:
    """Return the largest half-width of the outcome's paired difference over the worlds."""
    return max(
        half_width(np.array([outcome.value(pair.difference, lived.years) for pair in lived.central(place)]))
        for place in range(len(lived.pairs))
    )


def next_count(done: int, width: float, asked: float) -> int:
    """Return how many replicates to have next: what the width promises, at most twice as many, at least one more."""
    promised = math.ceil(done * (width / asked) ** 2) if math.isfinite(width) else 2 * done
    return max(done + 1, min(promised, 2 * done))


def add(lived: Lived, more: Lived) -> None:
    """Add pairs to others of the same worlds."""
    for pairs, further in zip(lived.pairs, more.pairs, strict=True):
        pairs.extend(further)
    lived.notes += [note for note in more.notes if note not in lived.notes]
