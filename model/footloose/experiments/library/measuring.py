"""The runs of the library and the intervals of their differences.

A scenario and its twin share seed, replicate and so every random draw (common random numbers, Conway 1963; draws by
address), and are subtracted replicate by replicate. Each world is lived once a replicate, however many are held
against it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.comparison.hybrids import sized
from footloose.experiments.comparison.intervals import half_width
from footloose.experiments.library.asked import Asked, World, content
from footloose.experiments.library.outcomes import Shown, selectors, shown, summed
from footloose.experiments.sweep.running import Runner
from footloose.experiments.sweep.selection import Selection
from footloose.processes import each_apart
from footloose.scenario.heading import LAST_YEAR
from footloose.simulation import READY
from footloose.world import BASE_YEAR

Floats = npt.NDArray[np.float64]
Say = Callable[[int, int], None]

BASELINE = "baseline"
LEVEL = 0.95
"""Coverage of every interval."""
SPAN = 5
"""Years of the mean at the end of the run."""
PIECE = 5
"""Replicates that a worker lives of a world at a time."""


@dataclass(frozen=True)
class Size:
    """How large the measurement is."""

    firms: int = 20_000
    replicates: int = 20
    until: int = 2035
    workers: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be measured, before anything is computed."""
        for name, least, reason in (
            ("firms", 1, ""),
            ("replicates", 2, " for an interval"),
            ("workers", 1, ""),
            ("until", BASE_YEAR + SPAN + 1, f" for a year and a mean of {SPAN} years after it"),
        ):
            if getattr(self, name) < least:
                raise FootlooseError(f"--{name} {getattr(self, name)}: at least {least} is needed{reason}")
        if self.until > LAST_YEAR:
            raise FootlooseError(f"--until {self.until}: the series end in {LAST_YEAR}")

    @property
    def span(self) -> tuple[int, int]:
        """First and last year of the mean."""
        return self.until - SPAN + 1, self.until

    def stated(self, asked: Asked) -> int:
        """Return the single year shown: the question's, if it comes before the years of the mean."""
        return min(asked.year, self.until - SPAN)


@dataclass(frozen=True)
class Number:
    """A mean over replicates and half its interval by chance."""

    mean: float
    half: float

    @property
    def beyond_chance(self) -> bool:
        """Whether it can be told from zero."""
        return abs(self.mean) > self.half


@dataclass(frozen=True)
class Row:
    """The numbers of a scenario, less those of its twin where it has one; a number a column.

    label : the year, or the years that are averaged; paid: support in all years together
    """

    asked: Asked
    label: str
    numbers: tuple[Number, ...]
    paid: Number


@dataclass(frozen=True)
class Measured:
    """What came out.

    levels : of worlds as they are, by name; rows: of scenarios against their twins
    """

    size: Size
    columns: tuple[Shown, ...]
    levels: tuple[Row, ...]
    rows: tuple[Row, ...]
    runs: int
    seconds: float


def measure(asked: Sequence[Asked], size: Size, say: Say | None = None) -> Measured:
    """Live all worlds that are asked about and return what each does against its twin.

    say    : called with (runs done, runs in all)
    raises : FootlooseError for a horizon beyond the series, TooLarge beyond the memory
    """
    begun, columns = time.monotonic(), shown()
    worlds = distinct([world for one in asked for world in (one.world, one.twin) if world is not None])
    lived = live_all(list(worlds.values()), size, columns, say)
    by_content = dict(zip(worlds, lived, strict=True))
    levels = [
        row
        for one in asked
        if one.twin is None or one.name == BASELINE
        for row in rows_of(one, by_content[content(one.world)], size)
    ]
    rows = [
        row
        for one in asked
        if one.twin is not None
        for row in rows_of(one, by_content[content(one.world)] - by_content[content(one.twin)], size)
    ]
    runs = len(worlds) * size.replicates
    return Measured(size, columns, tuple(levels), tuple(rows), runs, time.monotonic() - begun)


def distinct(worlds: Sequence[World]) -> Mapping[str, World]:
    """Return worlds by their content: those that differ in words alone are one."""
    found: dict[str, World] = {}
    for world in worlds:
        found.setdefault(content(world), world)
    return found


def live_all(worlds: Sequence[World], size: Size, columns: tuple[Shown, ...], say: Say | None) -> list[Floats]:
    """Return what every world's replicates leave; for each world (replicate, column, year)."""
    starts = range(0, size.replicates, PIECE)
    pieces = [(world, tuple(range(start, min(start + PIECE, size.replicates)))) for world in worlds for start in starts]
    live = partial(live_piece, tuple(pieces), size.firms, size.until)
    kept: list[Floats] = []
    for series in each_apart(live, range(len(pieces)), size.workers, READY):
        kept.append(summed(columns, series))
        if say is not None:
            say(sum(map(len, kept)), len(worlds) * size.replicates)
    return [np.concatenate(kept[place : place + len(starts)]) for place in range(0, len(kept), len(starts))]


def live_piece(pieces: tuple[tuple[World, tuple[int, ...]], ...], firms: int, until: int, place: int) -> Floats:
    """Return the rows of some replicates of a world; it can be lived in any process; (replicate, row, year)."""
    world, replicates = pieces[place]
    runner = Runner(sized(world.scenario(), firms, years=(BASE_YEAR, until)), selection())
    return np.stack([runner.live(replicate)[0] for replicate in replicates])


@cache
def selection() -> Selection:
    """Return what finds the rows in a record; it learns where they are from the first."""
    return Selection(selectors(shown()))


def rows_of(asked: Asked, series: Floats, size: Size) -> tuple[Row, Row]:
    """Return a scenario's numbers in its year and as the mean of the last years; (replicate, column, year)."""
    first, last = size.span
    year = size.stated(asked)
    paid = number(series[:, -1].sum(axis=1))
    single = series[:, :, year - BASE_YEAR]
    mean = series[:, :, first - BASE_YEAR : last + 1 - BASE_YEAR].mean(axis=2)
    return (
        Row(asked, str(year), tuple(map(number, single.T)), paid),
        Row(asked, f"{first}-{last % 100}", tuple(map(number, mean.T)), paid),
    )


def number(values: Floats) -> Number:
    """Return mean and half-width by Student's t; (replicate,)."""
    return Number(float(values.mean()), half_width(values, LEVEL))
