"""Every variable of a world against its twin: the paired difference, with chance and parameters apart.

Chance: Student's t interval of the mean over replicates of the scenarios' own parameters. Parameters: quantiles of the
mean difference over the draws of the ensemble, chance taken out (intervals.parameter_band).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from footloose.experiments.comparison.intervals import (
    Estimate,
    estimate,
    on_the_whole,
    parameter_band,
    standard_error,
    t_quantile,
)
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.pairs import Lived, Pair
from footloose.long_numbers import aligned, frame_of
from footloose.long_table import unit_of

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


def difference_table(lived: Lived, other: int) -> pd.DataFrame:
    """Return every row of the long table of a world against the base.

    columns: year, variable, market, site, sector, origin, unit, base, other, difference, standard_error, chance_low,
             chance_high, parameter_low, parameter_high; NaN where there are too few runs for an interval
    """
    blocks, years = lived.blocks(other), lived.years
    central, drawn = lived.central(other), lived.drawn(other)
    paired = np.stack([aligned(pair.difference, blocks, len(years)) for pair in central])
    mean = paired.mean(axis=0)
    nothing = np.full(mean.size, np.nan)
    columns = {
        "base": np.mean([aligned(pair.base, blocks, len(years)) for pair in central], axis=0),
        "other": np.mean([aligned(pair.other, blocks, len(years)) for pair in central], axis=0),
        "difference": mean,
        **dict.fromkeys(("standard_error", "chance_low", "chance_high", "parameter_low", "parameter_high"), nothing),
    }
    if len(central) > 1:
        error = standard_error(paired)
        half = t_quantile(len(central)) * error
        columns |= {"standard_error": error, "chance_low": mean - half, "chance_high": mean + half}
    if drawn:
        runs = np.stack([[aligned(pair.difference, blocks, len(years)) for pair in draw] for draw in drawn])
        values = on_the_whole(runs, paired)
        columns |= dict(zip(("parameter_low", "parameter_high"), parameter_band(values), strict=True))
    return frame_of(blocks, years, columns)


@dataclass(frozen=True)
class OutcomeDifference:
    """One outcome in both worlds.

    saved : how many times as many runs would be needed with independent draws: variance of unpaired over that of paired
            differences; None for one replicate, infinite where the paired differences do not vary
    """

    outcome: Outcome
    unit: str
    base: Estimate
    other: Estimate
    difference: Estimate
    saved: float | None
    path: tuple[Floats, Floats]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "outcome": str(self.outcome),
            "unit": self.unit,
            "base": self.base.as_data(),
            "other": self.other.as_data(),
            "difference": self.difference.as_data(),
            "runs_saved_by_pairing": None if self.saved is None or not np.isfinite(self.saved) else self.saved,
        }


def values_of(outcome: Outcome, pairs: list[Pair], years: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return an outcome in base and other; (replicate,) each."""
    base, other = ([outcome.value(getattr(pair, side), years) for pair in pairs] for side in ("base", "other"))
    return np.array(base), np.array(other)


def outcome_difference(lived: Lived, other: int, outcome: Outcome) -> OutcomeDifference:
    """Return one outcome in both worlds, with its intervals.

    raises: UnknownName, FootlooseError for an outcome that the runs do not have
    """
    central, drawn = lived.central(other), lived.drawn(other)
    base, changed = values_of(outcome, central, lived.years)
    apart = changed - base
    draws = None
    if drawn:
        draws = np.array([[outcome.value(pair.difference, lived.years) for pair in draw] for draw in drawn])
    saved = None
    if apart.size > 1:
        paired, unpaired = apart.var(ddof=1), base.var(ddof=1) + changed.var(ddof=1)
        saved = float(unpaired / paired) if paired > 0.0 else np.inf
    paths = [np.mean([outcome.path(getattr(pair, side)) for pair in central], axis=0) for side in ("base", "other")]
    return OutcomeDifference(
        outcome, unit_of(outcome.variable), estimate(base), estimate(changed), estimate(apart, draws), saved,
        (paths[0], paths[1]),
    )  # fmt: skip


def fan(lived: Lived, other: int, outcome: Outcome) -> pd.DataFrame:
    """Return the difference of an outcome year by year: year, difference, chance_low ... parameter_high."""
    import pandas

    paths = np.array([outcome.path(pair.difference) for pair in lived.central(other)])
    mean = paths.mean(axis=0)
    table: dict[str, Any] = {"year": list(lived.years), "difference": mean}
    half = t_quantile(len(paths)) * standard_error(paths) if len(paths) > 1 else np.full(mean.size, np.nan)
    table |= {"chance_low": mean - half, "chance_high": mean + half}
    low = high = np.full(mean.size, np.nan)
    drawn = lived.drawn(other)
    if drawn:
        runs = np.array([[outcome.path(pair.difference) for pair in draw] for draw in drawn])
        low, high = parameter_band(on_the_whole(runs, paths))
    return pandas.DataFrame(table | {"parameter_low": low, "parameter_high": high})
