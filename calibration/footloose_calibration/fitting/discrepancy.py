"""How far a measure may lie from its target, and what it costs.

A target's band [low, high] is read as the central 90 % of what it may be, so its standard deviation on either side is
the distance from the central value divided by 1.645. To its variance are added, independent of it,

    V = tolerance^2 + discrepancy^2 + emulator^2 + chance^2

discrepancy : the model is a simplification; half of the tolerance (Kennedy and O'Hagan 2001; Vernon et al. 2010)
emulator    : root mean square of held-out errors of the emulator; 0 for real runs
chance      : what is unknown of the mean over random draws

Implausibility I = |measure - central| / sqrt(V) (Craig et al. 1997). The likelihood of a target is Student's t of I
with four degrees of freedom: one the model cannot reach does not drag all parameters after it. Targets of one family
say nearly the same; each counts for one part of the family. Beyond the bound of a one-sided target counts as it does
for the others; on its right side nothing does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from footloose.experiments.sweep.keys import digest_of
from footloose_calibration.targets import Target

Floats = npt.NDArray[np.float64]
NINETY_PERCENT = float(stats.norm.ppf(0.95))
"""Standard deviations from the centre of a normal distribution to the end of its central 90 %: 1.645."""
DISCREPANCY = 0.5
"""Standard deviation of the model's own discrepancy over that of the tolerance."""
FREEDOM = 4.0
"""Degrees of freedom of the likelihood."""
ONE_SIDED = 0.1
"""Width of a one-sided band whose central value is its bound, over the bound: there is nothing else to go by."""
SHORTEST = 0.01
"""Least part of a band on either side of its central value."""


@dataclass(frozen=True)
class Yardstick:
    """The targets of a fit as arrays, each (target,).

    ids            : identifiers
    central        : what the measure should be; the bound of a one-sided target
    below, above   : standard deviation of the tolerance on either side; infinite where nothing is wrong there
    low, high      : the band
    weight         : part of its family that the target is
    """

    ids: tuple[str, ...]
    central: Floats
    below: Floats
    above: Floats
    low: Floats
    high: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Yardstick:
        """Return the yardstick of targets."""
        sides = [_sides(target) for target in targets]
        family = Counter((target.group, target.family) for target in targets)
        return cls(
            ids=tuple(target.id for target in targets),
            central=np.array([side[0] for side in sides]),
            below=np.array([side[1] for side in sides]),
            above=np.array([side[2] for side in sides]),
            low=np.array([target.low for target in targets]),
            high=np.array([target.high for target in targets]),
            weight=np.array([1.0 / family[target.group, target.family] for target in targets]),
        )

    def only(self, kept: npt.NDArray[np.bool_]) -> Yardstick:
        """Return the yardstick of some of the targets; kept: (target,)."""
        names = tuple(name for name, here in zip(self.ids, kept, strict=True) if here)
        arrays = (self.central, self.below, self.above, self.low, self.high, self.weight)
        return Yardstick(names, *(array[kept] for array in arrays))

    def moved_to(self, centre: Floats, variance: Floats) -> Yardstick:
        """Return the same widths around other central values, with a variance added; every band gets two sides."""
        sides = (np.where(np.isfinite(side), side, self.tolerance) for side in (self.below, self.above))
        below, above = (np.sqrt(side**2 + variance / (1.0 + DISCREPANCY**2)) for side in sides)
        low, high = centre - NINETY_PERCENT * below, centre + NINETY_PERCENT * above
        return Yardstick(self.ids, centre, below, above, low, high, self.weight)

    def digest(self) -> str:
        """Return a hash of the yardstick."""
        arrays = (self.central, self.below, self.above, self.low, self.high, self.weight)
        return digest_of([list(self.ids), *([repr(number) for number in array.tolist()] for array in arrays)])

    @property
    def tolerance(self) -> Floats:
        """Standard deviation of the tolerance, the smaller of the two sides."""
        return np.minimum(self.below, self.above)

    def implausibility(self, measures: Floats, variance: Floats) -> Floats:
        """Return I of measures; (point, target). A measure that is missing is infinitely implausible.

        variance : of emulator and chance, (target,) or (point, target)
        """
        gap = measures - self.central
        side = np.where(gap < 0.0, self.below, self.above)
        spread = np.sqrt((1.0 + DISCREPANCY**2) * side**2 + variance)
        found = np.abs(gap) / spread
        return np.where(np.isnan(measures), np.inf, found)

    def log_likelihood(self, measures: Floats, variance: Floats) -> Floats:
        """Return the log likelihood of points but for a constant; (point,).

        The width counts, too: a place where the emulator is unsure is not likely for that alone.
        """
        implausibility = self.implausibility(measures, variance)
        gap = measures - self.central
        side = np.where(gap < 0.0, self.below, self.above)
        finite = np.where(np.isfinite(side), side, self.tolerance)
        spread = np.sqrt((1.0 + DISCREPANCY**2) * finite**2 + variance)
        each = -0.5 * (FREEDOM + 1.0) * np.log1p(implausibility**2 / FREEDOM) - np.log(spread / finite)
        return np.asarray((self.weight * each).sum(axis=1))

    def within(self, measures: Floats) -> npt.NDArray[np.bool_]:
        """Return whether measures lie within the bands; (point, target)."""
        return np.asarray((measures >= self.low) & (measures <= self.high))


def _sides(target: Target) -> tuple[float, float, float]:
    """Return centre and standard deviations below and above; the bound and one side for a one-sided target."""
    if math.isinf(target.low) or math.isinf(target.high):
        bound = target.high if math.isinf(target.low) else target.low
        width = abs(bound - target.central) or ONE_SIDED * abs(bound) or ONE_SIDED
        spread = width / NINETY_PERCENT
        return (bound, math.inf, spread) if math.isinf(target.low) else (bound, spread, math.inf)
    below, above = target.central - target.low, target.high - target.central
    least = SHORTEST * (below + above)
    return target.central, max(below, least) / NINETY_PERCENT, max(above, least) / NINETY_PERCENT
