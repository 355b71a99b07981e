"""The ledger: delivered unit cost as a sum of named lines in log points (0.01 = 1 %).

    log C_f(site) = sum over lines  loading_line(f) * value_line[market, sector, origin, site]

A line holds what is paid `now` (orders, prices, revenue), what a firm deciding a plant believes it will pay on average
(`expected`, footprints), and, where support is for new plants alone, what only an entrant pays (`entry`).
Everything that decides is a *change since the base year*: levels of the base year are matched by `unexplained`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Loading(IntEnum):
    """The attribute of a firm that multiplies a line."""

    ONE = 0
    LABOUR_INTENSITY = 1
    RISK_AVERSION = 2
    TIME_SENSITIVITY = 3


@dataclass(frozen=True)
class Line:
    """One named cost in log points; each table broadcasts to (market, sector, origin, site)."""

    now: Floats
    expected: Floats
    entry: Floats | None = None

    @classmethod
    def certain(cls, value: Floats) -> Line:
        """Return a line that is believed to stay as it is."""
        return cls(now=value, expected=value)


@dataclass(frozen=True)
class Ledger:
    """All lines of a year as changes since the base year, in name order.

    names    : lines; loadings: one per line
    now      : (line, market, sector, origin, site)
    expected : (line, market, sector, origin, site)
    entry    : (line, market, sector, origin, site) additional cost of an entrant (negative: support for new plants)
    levels   : the lines themselves, not their changes, by name
    """

    names: tuple[str, ...]
    loadings: tuple[Loading, ...]
    now: Floats
    expected: Floats
    entry: Floats
    levels: Mapping[str, Line]

    def mean_now(self) -> Floats:
        """Return the change of delivered cost of a firm with average attributes; (market, sector, origin, site)."""
        return np.asarray(self.now.sum(axis=0))

    def mean_expected(self) -> Floats:
        """Return the expected change of delivered cost of a firm with average attributes."""
        return np.asarray(self.expected.sum(axis=0))

    def total_entry(self) -> Floats:
        """Return the additional cost of an entrant over all lines; (market, sector, origin, site)."""
        return np.asarray(self.entry.sum(axis=0))

    def expected_by_loading(self) -> Floats:
        """Return expected changes summed over the lines of a loading; (loading, market, sector, origin, site)."""
        result = np.zeros((len(Loading), *self.expected.shape[1:]))
        for line, loading in enumerate(self.loadings):
            result[loading] += self.expected[line]
        return result


def write_ledger(
    lines: Mapping[str, Line],
    base_lines: Mapping[str, Line],
    loadings: Mapping[str, Loading],
    shape: tuple[int, int, int, int],
) -> Ledger:
    """Sum up the year: every line less its base-year value, in name order so that no other order can matter.

    shape : lengths of (market, sector, origin, site)
    """
    names = tuple(sorted(lines))
    now = np.empty((len(names), *shape))
    expected = np.empty((len(names), *shape))
    entry = np.zeros((len(names), *shape))
    for position, name in enumerate(names):
        now[position] = lines[name].now - base_lines[name].now
        expected[position] = lines[name].expected - base_lines[name].expected
        entry[position] = additional(lines[name]) - additional(base_lines[name])
    return Ledger(names, tuple(loadings[name] for name in names), now, expected, entry, dict(lines))


def additional(line: Line) -> Floats:
    """Return what only an entrant pays on a line; zero where nothing is meant for entrants alone."""
    return np.zeros((1, 1, 1, 1)) if line.entry is None else line.entry
