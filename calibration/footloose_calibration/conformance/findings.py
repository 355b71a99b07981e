"""A published number, the model's answer, and the rule that compares them.

pass    : the model's mean lies within the published range
tension : it lies within the wide range, or two standard errors reach into the published one
fail    : neither; a sign that is wrong is always a failure

A number published without a range gets the targets' rule: 25 % of it either way, 50 % for the wide range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footloose_calibration.conformance.worlds import Frame

REACH = 2.0
"""Standard errors on either side that count as sampling error."""
NARROW, WIDE = 0.25, 0.50


@dataclass(frozen=True)
class Published:
    """A number of the literature and how it is held against the model.

    key       : name of the number in the answers of the experiment
    low, high : the published range; infinite where only a sign or a bound is known
    widest    : what other estimates or its own standard error leave open
    expected  : sign that the number must have, +1 or -1; 0 where either is right
    status    : V seen in the source or its abstract, M from memory
    wide      : why the wide range is as wide as it is
    note      : what has to be known to compare
    """

    key: str
    title: str
    unit: str
    printed: str
    low: float
    high: float
    widest: tuple[float, float]
    expected: int
    source: str
    status: str
    wide: str
    note: str


@dataclass(frozen=True)
class Experiment:
    """One file: what is done, the numbers it answers, and the publications they are held against."""

    name: str
    done: str
    run: Callable[[Frame, int], Mapping[str, float]]
    published: tuple[Published, ...]


@dataclass(frozen=True)
class Finding:
    """A published number beside the model: mean and standard error over replicates, and the verdict."""

    experiment: str
    key: str
    model: float
    error: float
    verdict: str
    wrong_sign: bool


def about(value: float) -> tuple[float, float, tuple[float, float]]:
    """Return range and wide range of a number that is published without one."""
    near, far = abs(value) * NARROW, abs(value) * WIDE
    return value - near, value + near, (value - far, value + far)


def finding(experiment: Experiment, one: Published, answers: Sequence[Mapping[str, float]]) -> Finding:
    """Return how the model's answers, one a replicate, compare with a published number."""
    values = np.array([answer[one.key] for answer in answers], dtype=np.float64)
    mean = float(values.mean())
    error = float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan
    verdict, wrong = judge(one, mean, error)
    return Finding(experiment.name, one.key, mean, error, verdict, wrong)


def judge(one: Published, mean: float, error: float) -> tuple[str, bool]:
    """Return the verdict, and whether the sign is wrong."""
    if not math.isfinite(mean):
        return "unknown", False
    if one.expected * mean < 0.0:
        return "fail", True
    if one.low <= mean <= one.high:
        return "pass", False
    reach = REACH * error if math.isfinite(error) else 0.0
    near = one.widest[0] <= mean <= one.widest[1] or (mean - reach <= one.high and mean + reach >= one.low)
    return ("tension" if near else "fail"), False
