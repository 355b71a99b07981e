"""Every number of a run by name, and the one number that a question is about.

An outcome is written as on a line of the long table: `Imports|Share,market=united_states,site=country:china,year=2030`;
what is left out is `all`, and the year the last one. `year=2026:2030` is the mean of these years.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError, UnknownName
from footloose.long_numbers import AXES, Block, Numbers

Floats = npt.NDArray[np.float64]

ALL = "all"


@dataclass(frozen=True)
class Outcome:
    """One number of a run: a variable, where, and the mean over years `first` to `last` (None: the last year)."""

    variable: str
    market: str = ALL
    site: str = ALL
    sector: str = ALL
    origin: str = ALL
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        named = [f"{axis}={getattr(self, axis)}" for axis in AXES if getattr(self, axis) != ALL]
        when = (
            [] if self.first is None else [f"year={self.first}" + (f":{self.last}" if self.last != self.first else "")]
        )
        return ",".join([self.variable, *named, *when])

    @property
    def label(self) -> str:
        """The outcome for tables and figures: variable, names, years."""
        named = [getattr(self, axis) for axis in AXES if getattr(self, axis) != ALL]
        span = "" if self.first is None else str(self.first) if self.last == self.first else f"{self.first}-{self.last}"
        return ", ".join([self.variable, *named, *([span] if span else [])])

    @classmethod
    def read(cls, text: str) -> Outcome:
        """Return the outcome of a text.

        raises: FootlooseError when it is not written as `VARIABLE,axis=name,year=A:B`
        """
        variable, *pairs = (part.strip() for part in text.split(","))
        given: dict[str, str] = {}
        for pair in pairs:
            axis, equals, name = pair.partition("=")
            if not equals or not name:
                raise FootlooseError(f"outcome {text!r}: {pair!r} given; write axis=name, such as site=country:china")
            if axis not in (*AXES, "year"):
                raise UnknownName("axis of an outcome", axis, (*AXES, "year"))
            given[axis] = name
        first, colon, last = given.pop("year", "").partition(":")
        if first and not (first.isdecimal() and (last.isdecimal() or not colon)):
            raise FootlooseError(f"outcome {text!r}: year={first}{colon}{last} given; write a year, or A:B for a mean")
        ends = (int(first), int(last or first)) if first else (None, None)
        return cls(variable, first=ends[0], last=ends[1], **given)

    def found(self, numbers: Numbers) -> tuple[Block, tuple[int, int, int, int]]:
        """Return the block that holds the outcome and its place in it.

        raises: UnknownName for a variable or a name that the run has no row of
        """
        blocks = [block for block in numbers if block.variable == self.variable]
        if not blocks:
            raise UnknownName("variable", self.variable, sorted({block.variable for block in numbers}))
        wanted = [getattr(self, axis) for axis in AXES]
        for block in blocks:
            if all(name in axis for name, axis in zip(wanted, block.labels, strict=True)):
                market, site, sector, origin = (axis.index(n) for n, axis in zip(wanted, block.labels, strict=True))
                return block, (market, site, sector, origin)
        raise self._mistake(blocks)

    def path(self, numbers: Numbers) -> Floats:
        """Return the outcome in every year; (year,)."""
        block, place = self.found(numbers)
        return np.asarray(numbers[block][:, place[0], place[1], place[2], place[3]])

    def value(self, numbers: Numbers, years: Sequence[int]) -> float:
        """Return the outcome as one number.

        raises: FootlooseError for years outside the run
        """
        first, last = (years[-1], years[-1]) if self.first is None else (self.first, self.last or self.first)
        if first not in years or last not in years or last < first:
            raise FootlooseError(f"outcome {self}: the run has the years {years[0]} to {years[-1]}")
        return float(self.path(numbers)[years.index(first) : years.index(last) + 1].mean())

    def _mistake(self, blocks: Iterable[Block]) -> UnknownName:
        """Return what is wrong: the first axis whose name no block of the variable has, else the combination."""
        every = list(blocks)
        for place, axis in enumerate(AXES):
            allowed = list(dict.fromkeys(name for block in every for name in block.labels[place]))
            if getattr(self, axis) not in allowed:
                return UnknownName(f"{axis} of {self.variable}", getattr(self, axis), allowed)
        sets = [
            " ".join(
                f"{axis}={'all' if labels == (ALL,) else '*'}" for axis, labels in zip(AXES, block.labels, strict=True)
            )
            for block in every
        ]
        return UnknownName(f"combination of axes of {self.variable}", str(self), sets)


def default_outcomes(market: str = "united_states") -> tuple[Outcome, ...]:
    """Return what a comparison shows when nothing is asked for: who supplies the market, and jobs at home."""
    shares = [
        Outcome("Imports|Share", market, f"{kind}:{name}")
        for kind, name in (("country", "china"), ("shore", "home"), ("shore", "near"), ("shore", "friend"))
    ]
    return (
        *shares,
        Outcome("China Content|Total", market),
        Outcome("Jobs|Stock", site=f"country:{market}"),
        Outcome("Buyer Cost|Index", market),
    )
