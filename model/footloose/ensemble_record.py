"""The record of an ensemble: what a scenario leaves with many draws of its parameters, chance and parameters apart.

A member is one draw in one replicate. Replicates are numbered through, draw i having i R to i R + R - 1: no two members
share their random numbers, so that the spread of all members is chance and parameters together; and two scenarios with
the same ensemble still pair member by member.

Law of total variance: Var(y) = E[Var(y | draw)] + Var(E[y | draw]), chance and parameters. Estimated as in a one-way
layout with random effects (Searle, Casella and McCulloch 1992, chapter 3): chance = mean square within draws;
parameters = variance of the draws' means less chance / R, and no less than nothing.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from footloose.counting import take_in
from footloose.errors import OutputError
from footloose.geography import Geography
from footloose.labelled import LabelledArrays
from footloose.long_numbers import Block, Numbers, aligned, frame_of, numbers_of
from footloose.long_table import COLUMNS
from footloose.record import Record, labelled

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = npt.NDArray[np.float64]

LEVELS = {"median": 0.5, "low": 0.05, "high": 0.95, "inner_low": 0.25, "inner_high": 0.75}
"""Quantiles over members: the median, the ends of the 90 % band and those of the 50 % band."""
STATISTICS = ("mean", "sd_parameters", "sd_chance")
MEMBER_COLUMNS = (COLUMNS[0], "draw", *COLUMNS[1:])
TEXTS = ("variable", "market", "site", "sector", "origin", "unit")
MAPPED = ("Output|Value", "Sales|Value")
"""Variables that maps draw by sector."""
CHUNK = 4_000_000
"""Numbers looked at together when bands are computed."""


@dataclass(frozen=True)
class Member:
    """One draw in one replicate: name of the draw, number of the replicate in the random numbers."""

    draw: str
    replicate: int


class Shelf:
    """The long table's numbers of every member, on disk in a file without a name that goes with the process."""

    def __init__(self, width: int) -> None:
        self.width, self.count = width, 0
        self.file = tempfile.TemporaryFile(prefix="footloose-")  # noqa: SIM115 - kept as long as the shelf
        weakref.finalize(self, self.file.close)

    def add(self, values: Floats) -> None:
        """Put one more member on the shelf; (row,).

        raises: OutputError when the disk is full
        """
        try:
            self.file.write(np.ascontiguousarray(values, dtype=np.float64).tobytes())
            self.file.flush()
        except OSError as problem:
            place = tempfile.gettempdir()
            raise OutputError(
                f"{place}: the numbers of the members could not be kept there: {problem.strerror or problem}; "
                f"each takes {8 * self.width / 1e6:.1f} MB. Free some, set TMPDIR to another folder, or take fewer"
            ) from problem
        self.count += 1

    @property
    def values(self) -> Floats:
        """The numbers, read from disk when they are looked at; (member, row)."""
        return np.memmap(self.file, dtype=np.float64, mode="r", shape=(self.count, self.width))


@dataclass(frozen=True)
class EnsembleRecord:
    """All members of one scenario.

    mean       : tables are means over members, with one place on the axis replicate
    spreads    : name of a table -> standard deviations by parameters and by chance; (statistic, year, ...)
    members    : draw by draw; the same number of replicates for each
    blocks     : of the long table, all that any member has
    parameters : name of a draw -> dotted key -> value
    """

    mean: Record
    spreads: Mapping[str, Floats]
    members: tuple[Member, ...]
    blocks: tuple[Block, ...]
    shelf: Shelf
    manifest: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, float]]

    @property
    def geography(self) -> Geography:
        """Axes and labels."""
        return self.mean.geography

    @property
    def years(self) -> tuple[int, ...]:
        """The years lived."""
        return self.mean.years

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len({member.draw for member in self.members})

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What the numbers on the shelf are: year, variable, market, site, sector, origin, unit."""
        return frame_of(self.blocks, self.years, {})

    @cached_property
    def happened(self) -> npt.NDArray[np.bool_]:
        """Which rows belong to a block that is not zero in every member; (row,)."""
        sizes = [len(self.years) * int(np.prod([len(axis) for axis in block.labels])) for block in self.blocks]
        edges, values = np.cumsum([0, *sizes]), self.shelf.values
        found = [
            not block.variable.startswith("Moves|") or bool(values[:, first:last].any())
            for block, first, last in zip(self.blocks, edges[:-1], edges[1:], strict=True)
        ]
        return np.repeat(found, sizes)

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Every row of the long table over all members.

        columns: scenario, year, variable, market, site, sector, origin, unit, mean, median, low, high (5, 95 %),
                 inner_low, inner_high (25, 75 %), sd_parameters, sd_chance; NaN where a split needs more draws, or two
                 replicates of each
        """
        chosen = np.flatnonzero(self.happened)
        step = max(CHUNK // len(self.members), 1)
        parts = [self._band(chosen[first : first + step]) for first in range(0, chosen.size, step)]
        columns: dict[str, Any] = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        frame = self.rows.iloc[chosen].reset_index(drop=True).assign(**columns)
        frame.insert(0, "scenario", self.mean.manifest["scenario"])
        frame["scenario"] = frame["scenario"].astype("category")
        frame.attrs = dict(self.mean.strength.items())
        return frame

    def _band(self, rows: npt.NDArray[np.intp]) -> dict[str, Floats]:
        values = np.asarray(self.shelf.values[:, rows])
        levels = np.quantile(values, list(LEVELS.values()), axis=0)
        parameters, chance = split(values.reshape(self.draws, -1, rows.size))
        return {
            "mean": values.mean(axis=0),
            **dict(zip(LEVELS, levels, strict=True)),
            "sd_parameters": np.sqrt(parameters),
            "sd_chance": np.sqrt(chance),
        }

    @cached_property
    def table(self) -> pd.DataFrame:
        """The long table of every member, rows summed over sector and origin; a column `draw` beside `replicate`.

        The others are in `bands`, and by member in the file table.parquet of a run.
        """
        summed = ((self.rows["sector"] == "all") & (self.rows["origin"] == "all")).to_numpy() & self.happened
        frame = self._frame(0, len(self.members), summed)
        frame.attrs = dict(self.mean.strength.items())
        return frame

    @property
    def figure_table(self) -> pd.DataFrame:
        """What figures draw: the rows of `table`; for maps output and sales by sector in the first and last year."""
        rows = self.rows
        ends = rows["variable"].isin(MAPPED) & rows["year"].isin((self.years[0], self.years[-1]))
        chosen = (rows["origin"] == "all") & ((rows["sector"] == "all") | ends)
        return self._frame(0, len(self.members), chosen.to_numpy() & self.happened)

    @property
    def draw_table(self) -> pd.DataFrame:
        """The parameters of every draw: draw (its name) and a column for every dotted key."""
        import pandas

        return pandas.DataFrame([{"draw": name, **values} for name, values in self.parameters.items()])

    def tables(self) -> Iterator[pd.DataFrame]:
        """Yield the whole long table, one member after another."""
        for place in range(len(self.members)):
            yield self._frame(place, place + 1, self.happened)

    def _frame(self, first: int, last: int, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """Return some rows of some members; texts as categories, the same in every frame."""
        import pandas

        rows, members = self.rows[chosen], self.members[first:last]
        names = {name: place for place, name in enumerate(dict.fromkeys(each.draw for each in self.members))}
        words = {column: (rows[column].cat.codes, list(rows[column].cat.categories)) for column in TEXTS}
        columns: dict[str, Any] = {
            column: texts(np.tile(codes, len(members)), labels) for column, (codes, labels) in words.items()
        }
        drawn = np.repeat([names[member.draw] for member in members], len(rows))
        columns["draw"] = texts(drawn, list(names))
        columns["scenario"] = texts(np.zeros(drawn.size), [str(self.mean.manifest["scenario"])])
        columns["replicate"] = np.repeat([member.replicate for member in members], len(rows))
        columns["year"] = np.tile(rows["year"].to_numpy(), len(members))
        columns["value"] = np.asarray(self.shelf.values[first:last][:, chosen]).ravel()
        return pandas.DataFrame({column: columns[column] for column in MEMBER_COLUMNS})

    @property
    def arrays(self) -> LabelledArrays:
        """The tables with their labels and units: mean over members, standard deviation by parameters and by chance."""
        tables = {name: np.concatenate([values, self.spreads[name]]) for name, values in self.mean.tables.items()}
        return labelled(self.mean, tables, "statistic", STATISTICS)

    @cached_property
    def dataset(self) -> xr.Dataset:
        """The labelled arrays with units."""
        return self.arrays.dataset()


def texts(codes: npt.ArrayLike, words: list[str]) -> pd.Categorical[str]:
    """Return a column of words by their place in a list."""
    import pandas

    return pandas.Categorical.from_codes(np.asarray(codes, dtype=np.int32), categories=pandas.Index(words))


def split(values: Floats) -> tuple[Floats, Floats]:
    """Return the variance by parameters and the variance by chance.

    values  : (draw, replicate, ...), replicates of their own for every draw
    returns : (...), (...); NaN where there is one replicate or one draw
    """
    draws, replicates = values.shape[:2]
    if draws < 2 or replicates < 2:
        nothing = np.full(values.shape[2:], np.nan)
        return nothing, nothing.copy()
    chance = np.asarray(values.var(axis=1, ddof=1).mean(axis=0))
    return without_chance(values.mean(axis=1).var(axis=0, ddof=1), chance, replicates), chance


def without_chance(spread: Floats, chance: Floats, replicates: int) -> Floats:
    """Return the variance of draws' means less what chance adds to it, and no less than nothing."""
    return np.asarray(np.maximum(spread - chance / replicates, 0.0))


class Gathering:
    """Takes in one member after another, draw by draw, and keeps what an EnsembleRecord needs of it.

    Means and sums of squares are carried on member by member (Welford 1962), so that one member's tables are in memory
    at a time.
    """

    def __init__(self, replicates: int) -> None:
        self.replicates = replicates
        self.first: Record | None = None
        self.members: list[Member] = []
        self.own: dict[str, _Moments] = {}
        self.between: dict[str, _Moments] = {}
        self.within: dict[str, Floats] = {}

    def add(self, draw: str, replicate: int, record: Record, numbers: Numbers) -> None:
        """Take in the record of one member and its numbers (`numbers_of`); its replicates follow one another."""
        if self.first is None:
            self.first = record
            complete = replace(record, tables={name: np.ones_like(table) for name, table in record.tables.items()})
            self.blocks = tuple(numbers_of(complete))
            self.shelf = Shelf(aligned({}, self.blocks, len(record.years)).size)
        self.shelf.add(aligned(numbers, self.blocks, len(record.years)))
        self.members.append(Member(draw, replicate))
        for name, table in record.tables.items():
            self.own.setdefault(name, _Moments()).add(table)
        if len(self.members) % self.replicates == 0:
            self._close_draw()

    def _close_draw(self) -> None:
        for name, moments in self.own.items():
            self.between.setdefault(name, _Moments()).add(moments.mean)
            if name in self.within:
                self.within[name] += moments.squares
            else:
                self.within[name] = moments.squares  # nobody else's from here on: `own` begins afresh
        self.own = {}

    def record(self, manifest: Mapping[str, Any], parameters: Mapping[str, Mapping[str, float]]) -> EnsembleRecord:
        """Return the record of all members taken in; parameters: of every draw, by its name and dotted key."""
        assert self.first is not None
        assert not self.own
        means = {name: np.asarray(moments.mean) for name, moments in self.between.items()}
        mean = replace(self.first, tables=means, manifest=manifest)
        spreads = {name: self._spread(name) for name in means}
        return EnsembleRecord(mean, spreads, tuple(self.members), self.blocks, self.shelf, manifest, parameters)

    def _spread(self, name: str) -> Floats:
        between, draws = self.between[name], len(self.members) // self.replicates
        if draws < 2 or self.replicates < 2:
            return np.full((2, *between.mean.shape[1:]), np.nan)
        chance = self.within[name] / (draws * (self.replicates - 1))
        parameters = without_chance(between.squares / (draws - 1), chance, self.replicates)
        return np.asarray(np.sqrt(np.concatenate([parameters, chance])))


class _Moments:
    """Mean, and sum of squares about it, of arrays that come one after another (Welford 1962)."""

    def __init__(self) -> None:
        self.count = 0
        self.mean: Floats = np.zeros(1)
        self.squares: Floats = np.zeros(1)

    def add(self, values: Floats) -> None:
        """Take in one more array; its own tables are written to in place."""
        self.count += 1
        if self.count == 1:
            self.mean, self.squares = values + 0.0, np.zeros(values.shape)
            return
        take_in(np.ascontiguousarray(values).ravel(), self.count, self.mean.reshape(-1), self.squares.reshape(-1))
