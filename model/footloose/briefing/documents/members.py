"""How sure a finding is: whether its sign holds in nine of ten members, and if not, on what it depends.

Members are the draws of the calibrated ensemble where there is one (the mean over the replicates of a draw), else the
replicates; then only chance is in them, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.experiments.comparison.intervals import t_quantile

Floats = npt.NDArray[np.float64]

NEEDED = 0.9
"""Part of the members in which the sign must hold for a finding to be called robust."""
FEWEST = 5
"""Members below which nothing is said about a sign."""
LEVEL = 0.9
WEAK = 0.2
"""Rank correlation below which no parameter is named."""
CENTRAL = "-1"
"""Name of the draw that is none: the scenarios' own parameters."""


@dataclass(frozen=True)
class Sample:
    """One number in every member.

    values     : (member,)
    ensemble   : whether members are draws of parameters; else they are replicates
    parameters : by dotted key, the value in every member; (member,)
    """

    values: Floats
    ensemble: bool = False
    parameters: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """The mean over the members."""
        return float(self.values.mean())

    def interval(self) -> tuple[float | None, float | None]:
        """Return the 90 % interval: quantiles of an ensemble, Student's t of the mean over replicates."""
        count = self.values.size
        if count < 2:
            return None, None
        if self.ensemble:
            low, high = np.quantile(self.values, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
            return float(low), float(high)
        error = float(self.values.std(ddof=1)) / count**0.5
        half = t_quantile(count, LEVEL) * error
        return self.mean - half, self.mean + half

    def holding(self) -> int:
        """Return in how many members the number has the sign of the mean."""
        sign = np.sign(self.mean)
        return int((np.sign(self.values) == sign).sum()) if sign != 0.0 else 0

    @property
    def robust(self) -> bool:
        """Whether the sign holds in nine of ten members, of which there are enough to say so."""
        return self.values.size >= FEWEST and self.holding() >= NEEDED * self.values.size

    def deciding(self) -> tuple[str, float] | None:
        """Return the parameter that the number follows most, and Spearman's rank correlation with it."""
        from scipy import stats

        found = [
            (key, float(stats.spearmanr(values, self.values).statistic))
            for key, values in self.parameters.items()
            if np.ptp(values) > 0.0 and np.ptp(self.values) > 0.0
        ]
        found = [(key, strength) for key, strength in found if abs(strength) >= WEAK]
        return max(found, key=lambda item: abs(item[1])) if found else None


def sample_of(rows: pd.DataFrame, draws: pd.DataFrame | None) -> Sample:
    """Return the members of one number.

    rows  : draw, replicate, value; draw CENTRAL for the scenarios' own parameters
    draws : draw and a column for every parameter, or None
    """
    named = rows["draw"].astype(str)
    central, drawn = rows[named == CENTRAL], rows[named != CENTRAL].assign(draw=named[named != CENTRAL])
    if drawn["draw"].nunique() < FEWEST:
        central = rows if central.empty else central
        return Sample(central.sort_values("replicate")["value"].to_numpy(dtype=np.float64))
    means = drawn.groupby("draw", sort=True)["value"].mean() + known_better(central, drawn)
    parameters: dict[str, Floats] = {}
    if draws is not None:
        known = draws.assign(draw=draws["draw"].astype(str)).set_index("draw").reindex(means.index)
        columns = [name for name in known.columns if name != "name" and known[name].notna().all()]
        parameters = {str(name): known[name].to_numpy(dtype=np.float64) for name in columns}
    return Sample(means.to_numpy(dtype=np.float64), True, parameters)


def known_better(central: pd.DataFrame, drawn: pd.DataFrame) -> float:
    """Return by how much all central replicates differ from those that the draws were run in, as intervals have it.

    Draws of a comparison share the first of the central replicates; see intervals.on_the_whole. 0 in a run, whose draws
    have replicates of their own.
    """
    shared = central[central["replicate"].isin(drawn["replicate"].unique())]
    return float(central["value"].mean() - shared["value"].mean()) if len(shared) else 0.0
