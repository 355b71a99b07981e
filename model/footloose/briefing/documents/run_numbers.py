"""The numbers of a run in every member, from its long table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.briefing.documents.folders import RunFolder
from footloose.briefing.documents.members import CENTRAL, Sample, sample_of

Floats = npt.NDArray[np.float64]
Places = dict[tuple[str, str], Floats]
ALL = "all"


@dataclass(frozen=True)
class RunNumbers:
    """The long table of a run, asked for one number at a time."""

    folder: RunFolder

    @property
    def years(self) -> list[int]:
        """The years of the run."""
        first, last = (int(year) for year in self.folder.manifest["years"])
        return list(range(first, last + 1))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of the table with the places of their member and year: variable, market, site, value."""
        table = self.folder.table
        draw = table["draw"].astype(str) if "draw" in table.columns else pd.Series(CENTRAL, index=table.index)
        names = draw + "/" + table["replicate"].astype(str)
        known = {f"{row.draw}/{row.replicate}": place for place, row in enumerate(self.members.itertuples())}
        return table[["variable", "market", "site", "value"]].assign(
            member=names.map(known).to_numpy(), when=(table["year"] - self.years[0]).to_numpy()
        )

    @cached_property
    def members(self) -> pd.DataFrame:
        """The members: draw (CENTRAL where parameters were not varied) and replicate."""
        table = self.folder.table
        if "draw" not in table.columns:
            return pd.DataFrame({"draw": CENTRAL, "replicate": np.sort(table["replicate"].unique())})
        pairs = table[["draw", "replicate"]].drop_duplicates().sort_values("replicate")
        return pairs.astype({"draw": str}).reset_index(drop=True)

    @cached_property
    def by_variable(self) -> dict[str, pd.DataFrame]:
        """The rows of every variable."""
        return {str(name): part for name, part in self.rows.groupby("variable", observed=True)}

    @cached_property
    def _known(self) -> dict[str, Places]:
        return {}

    def places(self, variable: str) -> Places:
        """Return the numbers of a variable by market and site; (member, year) each."""
        if variable not in self._known:
            found: Places = {}
            rows = self.by_variable.get(variable)
            for place, part in [] if rows is None else rows.groupby(["market", "site"], observed=True):
                values = np.zeros((len(self.members), len(self.years)))
                values[part["member"].to_numpy(), part["when"].to_numpy()] = part["value"].to_numpy()
                found[(str(place[0]), str(place[1]))] = values
            self._known[variable] = found
        return self._known[variable]

    def has(self, variable: str, market: str = ALL, site: str = ALL) -> bool:
        """Return whether the run has a number."""
        return (market, site) in self.places(variable)

    def values(self, variable: str, market: str = ALL, site: str = ALL) -> Floats:
        """Return a number in every member and year; zero where the run has no row of it; (member, year)."""
        return self.places(variable).get((market, site), np.zeros((len(self.members), len(self.years))))

    def sample(self, values: Floats) -> Sample:
        """Return one number in every member of the ensemble, or in every replicate; values: (member,)."""
        return sample_of(self.members.assign(value=values), self.folder.draws)

    def at(self, variable: str, year: int, market: str = ALL, site: str = ALL) -> Sample:
        """Return a number in a year."""
        return self.sample(self.values(variable, market, site)[:, year - self.years[0]])

    def change(self, variable: str, first: int, last: int, market: str = ALL, site: str = ALL) -> Sample:
        """Return the change of a number from one year to another."""
        values = self.values(variable, market, site)
        return self.sample(values[:, last - self.years[0]] - values[:, first - self.years[0]])

    def over(
        self, variable: str, first: int, last: int, market: str = ALL, site: str = ALL, mean: bool = True
    ) -> Sample:
        """Return the mean of a number over years, or its sum."""
        part = self.values(variable, market, site)[:, first - self.years[0] : last - self.years[0] + 1]
        return self.sample(part.mean(axis=1) if mean else part.sum(axis=1))

    def sites(self, variable: str, market: str = ALL) -> list[str]:
        """Return the sites and groups that a variable has numbers of in a market."""
        return [site for of, site in self.places(variable) if of == market]

    def path(self, variable: str, market: str = ALL, site: str = ALL) -> tuple[float, ...]:
        """Return the mean over the members in every year."""
        return tuple(float(value) for value in self.values(variable, market, site).mean(axis=0))
