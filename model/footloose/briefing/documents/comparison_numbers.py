"""The numbers of one other world against the base, in every member where the folder has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from footloose.briefing.documents.folders import ComparisonFolder
from footloose.briefing.documents.members import Sample, sample_of
from footloose.experiments.comparison.outcomes import Outcome
from footloose.long_numbers import AXES

ALL = "all"


def widest(lows: Sequence[float | None], highs: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Return the interval that holds those by chance and over parameters; None for ends that nobody knows."""
    low, high = ([float(end) for end in ends if end is not None and not pd.isna(end)] for ends in (lows, highs))
    return min(low, default=None), max(high, default=None)


@dataclass(frozen=True)
class Levels:
    """A number in both worlds and its paired difference; ends None where there is no interval."""

    base: float
    other: float
    difference: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ComparisonNumbers:
    """One other world of a comparison."""

    folder: ComparisonFolder
    world: dict[str, Any]

    @property
    def label(self) -> str:
        """The short name of the other world."""
        return str(self.world["label"])

    @property
    def years(self) -> list[int]:
        """The years lived."""
        first, last = (int(year) for year in self.folder.answer["years"])
        return list(range(first, last + 1))

    @property
    def since(self) -> int | None:
        """The first year in which any firm does something else."""
        found = self.world.get("first_year_any_firm_differs")
        return None if found is None else int(found)

    @property
    def outcomes(self) -> list[Outcome]:
        """What was asked."""
        return [Outcome.read(str(found["outcome"])) for found in self.world["outcomes"]]

    @property
    def market(self) -> str:
        """The market that is asked about: that of the first outcome with one."""
        return next((outcome.market for outcome in self.outcomes if outcome.market != ALL), "united_states")

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The differences of this world, of all owners."""
        table = self.folder.differences
        return table[(table["scenario"] == self.label) & (table["origin"] == ALL)]

    @cached_property
    def members(self) -> pd.DataFrame | None:
        """The outcomes of this world in every member."""
        table = self.folder.members
        return None if table is None else table[table["scenario"] == self.label]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The ledger of this world, summed up."""
        table = self.folder.summary
        return table[table["scenario"] == self.label] if "scenario" in table else table

    def path(self, outcome: Outcome) -> pd.DataFrame:
        """Return the rows of an outcome: year, base, other, difference, chance and parameter intervals."""
        found = self.rows[self.rows["variable"] == outcome.variable]
        for axis in AXES[:3]:
            found = found[found[axis] == getattr(outcome, axis)]
        return found.sort_values("year")

    def levels(self, outcome: Outcome, year: int) -> Levels | None:
        """Return an outcome in a year; None where the folder has no row of it."""
        found = self.path(outcome)
        found = found[found["year"] == year]
        if found.empty:
            return None
        row = found.iloc[0]
        low, high = widest([row["chance_low"], row["parameter_low"]], [row["chance_high"], row["parameter_high"]])
        return Levels(float(row["base"]), float(row["other"]), float(row["difference"]), low, high)

    def sample(self, outcome: Outcome, year: int) -> Sample | None:
        """Return the difference of an outcome in a year in every member; None where the folder does not say."""
        if self.members is None:
            return None
        rows = self.members[(self.members["outcome"] == str(outcome)) & (self.members["year"] == year)]
        if rows.empty:
            return None
        return sample_of(rows.rename(columns={"difference": "value"}), self.folder.draws)

    def peak(self, outcome: Outcome) -> int | None:
        """Return the year of the largest difference; None where nothing differs."""
        path = self.path(outcome)
        if path.empty or not path["difference"].abs().max() > 0.0:
            return None
        return int(path["year"].iloc[int(np.argmax(path["difference"].abs().to_numpy()))])

    def in_class(self, kinds: tuple[str, ...], measure: str, stage: str) -> Sample:
        """Return the sum of a measure over classes of the twin ledger, in every member."""
        table = self.folder.ledger
        if table.empty:
            return Sample(np.zeros(1))
        table = table[(table["scenario"] == self.label) & (table["stage"] == stage)]
        members = table[["draw", "replicate"]].drop_duplicates()
        chosen = table[table["class"].isin(kinds)]
        sums = chosen.groupby(["draw", "replicate"], as_index=False)[measure].sum()
        whole = members.merge(sums, how="left", on=["draw", "replicate"]).fillna({measure: 0.0})
        return sample_of(whole.rename(columns={measure: "value"}), self.folder.draws)

    @property
    def ensemble(self) -> int:
        """The number of draws of parameters, 0 for none."""
        found = self.folder.answer.get("ensemble")
        return 0 if not found else int(found["draws"])

    @property
    def replicates(self) -> int:
        """Replicates of the scenarios' own parameters."""
        return int(self.folder.answer["replication"]["replicates"])
