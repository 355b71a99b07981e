"""Every error footloose raises on purpose, on one page.

FootlooseError                    something the user can put right; the command line ends with exit code 2
├── UnknownName                   a site, sector, market, origin, group, mechanism or parameter that does not exist
├── ScenarioError                 a scenario file with one or more mistakes; carries every Problem found
├── DataError                     a data table of the package (or of the user) that does not fit the axes
├── OutputError                   the output folder exists, is half written, full or not writable
├── TooLarge                      the run asked for does not fit the memory; says the number that fits
└── BooksError                    an accounting identity failed: a defect of footloose, never of the user
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class FootlooseError(Exception):
    """Root of the tree."""


class UnknownName(FootlooseError):
    """A name that is not in its list; says which names are allowed and which is nearest."""

    def __init__(self, kind: str, name: str, allowed: Iterable[str]) -> None:
        self.kind, self.name, self.allowed = kind, name, tuple(allowed)
        self.nearest = nearest(name, self.allowed)
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else "."
        super().__init__(f"unknown {kind} {name!r}{hint} Allowed: {', '.join(self.allowed)}")


@dataclass(frozen=True)
class Problem:
    """One mistake in a scenario: where it is and how to put it right.

    line and column count from 1; 0 means that the place is not in a file (a command-line option, say).
    """

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    key: str = ""
    source_line: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else (f"{self.file}: " if self.file else "")
        text = f"{place}{'warning: ' if self.warning else ''}{self.message}"
        if self.source_line:
            text += f"\n  {self.line:>4} | {self.source_line}\n       | {' ' * max(0, self.column - 1)}^"
        return text


class ScenarioError(FootlooseError):
    """All the mistakes of a scenario together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DataError(FootlooseError):
    """A table does not fit the axes; the message names file, row and column."""


class OutputError(FootlooseError):
    """The output folder cannot be used as it is."""


class TooLarge(FootlooseError):
    """The population asked for does not fit the memory."""


class BooksError(FootlooseError):
    """An accounting identity does not hold at the end of a year."""


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to `name`, or None when nothing is close."""
    close = difflib.get_close_matches(str(name), [str(item) for item in allowed], n=1, cutoff=0.6)
    return close[0] if close else None
