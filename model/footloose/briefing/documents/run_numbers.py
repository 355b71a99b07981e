"""The numbers of a run in every member, from its long table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from footloose.briefing.documents.folders import RunFolder
from footloose.briefing.documents.members import CENTRAL, Sample, sample_of

ALL = "all"


@dataclass(frozen=True)
class RunNumbers:
    """The long table of a run, asked for one number at a time."""

    folder: RunFolder

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of all owners, with a column `draw`."""
        table = self.folder.table
        whole = table[table["origin"] == ALL]
        return whole if "draw" in whole.columns else whole.assign(draw=CENTRAL)

    @cached_property
    def by_variable(self) -> dict[str, pd.DataFrame]:
        """The rows of every variable."""
        return {str(name): part for name, part in self.rows.groupby("variable", observed=True)}

    @property
    def years(self) -> list[int]:
        """The years of the run."""
        first, last = (int(year) for year in self.folder.manifest["years"])
        return list(range(first, last + 1))

    def has(self, variable: str) -> bool:
        """Return whether the run has rows of a variable."""
        return variable in self.by_variable

    def part(self, variable: str, market: str = ALL, site: str = ALL, sector: str = ALL) -> pd.DataFrame:
        """Return the rows of one number: draw, replicate, year, value; sums where an axis is not reported as a sum."""
        found = self.by_variable.get(variable)
        if found is None:
            return pd.DataFrame({"draw": [], "replicate": [], "year": [], "value": []})
        for axis, name in (("market", market), ("site", site), ("sector", sector)):
            found = found[found[axis] == name]
        return found[["draw", "replicate", "year", "value"]]

    def at(self, variable: str, year: int, market: str = ALL, site: str = ALL) -> Sample:
        """Return a number in a year."""
        rows = self.part(variable, market, site)
        return sample_of(rows[rows["year"] == year], self.folder.draws)

    def change(self, variable: str, first: int, last: int, market: str = ALL, site: str = ALL) -> Sample:
        """Return the change of a number from one year to another."""
        one, two = self.at(variable, first, market, site), self.at(variable, last, market, site)
        return Sample(two.values - one.values, one.ensemble, one.parameters)

    def over(self, variable: str, first: int, last: int, market: str = ALL, site: str = ALL, mean: bool = True) -> Sample:
        """Return the mean of a number over years, or its sum."""
        rows = self.part(variable, market, site)
        rows = rows[rows["year"].between(first, last)]
        grouped = rows.groupby(["draw", "replicate"], as_index=False, observed=True)["value"]
        return sample_of(grouped.mean() if mean else grouped.sum(), self.folder.draws)

    def members_of(self, variable: str, axis: str) -> list[str]:
        """Return the names on an axis of a variable."""
        found = self.by_variable.get(variable)
        return [] if found is None else [str(name) for name in dict.fromkeys(found[axis])]

    def path(self, variable: str, market: str = ALL, site: str = ALL) -> tuple[float, ...]:
        """Return the mean over the members in every year."""
        rows = self.part(variable, market, site)
        means = rows.groupby("year")["value"].mean()
        return tuple(float(means.get(year, np.nan)) for year in self.years)
