"""The ledger: delivered unit cost as a sum of named lines in log points (0.01 = 1 %).

    log C_f(site) = sum over lines  loading_line(f) * value_line[market, sector, origin, site]

A line holds what is paid `now` (orders, prices, revenue), what a firm deciding a plant believes it will pay on average
(`expected`, footprints), and, where support is for new plants alone, what only an entrant pays (`entry`).
Everything that decides is a *change since the base year*: levels of the base year are matched by `unexplained`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from footloose.line_sums import Laid

Floats = npt.NDArray[np.float64]

NOTHING: Floats = np.zeros((1, 1, 1, 1))
"""A line of nothing; broadcasts to (market, sector, origin, site)."""


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

    def since(self, base: Line) -> Line:
        """Return the line as a change against that of the base year."""
        now = self.now - base.now
        expected = now if self.expected is self.now and base.expected is base.now else self.expected - base.expected
        if self.entry is None and base.entry is None:
            return Line(now, expected)
        return Line(now, expected, additional(self) - additional(base))


def additional(line: Line) -> Floats:
    """Return what only an entrant pays on a line; zero where nothing is meant for entrants alone."""
    return NOTHING if line.entry is None else line.entry


@dataclass(frozen=True)
class Ledger:
    """All lines of a year as changes since the base year, in name order.

    names    : lines; loadings: one per line
    changes  : the lines less their base-year values; each table has length 1 on the axes on which it does not vary
    levels   : the lines themselves, not their changes, by name
    shape    : lengths of (market, sector, origin, site)
    """

    names: tuple[str, ...]
    loadings: tuple[Loading, ...]
    changes: tuple[Line, ...]
    levels: Mapping[str, Line]
    shape: tuple[int, int, int, int]

    @cached_property
    def _mean_now(self) -> Floats:
        return self._sums(self._laid([change.now for change in self.changes]), [0] * len(self.names), 1)[:, :, :, 0]

    @cached_property
    def expected_laid(self) -> Laid:
        """What a firm deciding a plant believes it will pay, as compiled loops read it (line_sums)."""
        return self._laid([change.expected for change in self.changes])

    @cached_property
    def entry_laid(self) -> Laid:
        """Additional cost of an entrant, as compiled loops read it (line_sums)."""
        return self._laid([additional(change) for change in self.changes])

    def _laid(self, tables: list[Floats]) -> Laid:
        from footloose.line_sums import lay_out

        return lay_out(tables, self.shape)

    @cached_property
    def now(self) -> Floats:
        """What is paid; (line, market, sector, origin, site)."""
        return self._spread([change.now for change in self.changes])

    @cached_property
    def expected(self) -> Floats:
        """What a firm deciding a plant believes it will pay; (line, market, sector, origin, site)."""
        return self._spread([change.expected for change in self.changes])

    @cached_property
    def entry(self) -> Floats:
        """Additional cost of an entrant (negative: support for new plants); (line, market, sector, origin, site)."""
        return self._spread([change.entry for change in self.changes])

    def mean_now(self) -> Floats:
        """Return the change of delivered cost of a firm with average attributes; (market, sector, origin, site)."""
        return self._mean_now

    def mean_expected(self) -> Floats:
        """Return the expected change of delivered cost of a firm with average attributes."""
        return self._sums(self.expected_laid, [0] * len(self.names), 1)[:, :, :, 0]

    def total_entry(self) -> Floats:
        """Return the additional cost of an entrant over all lines; (market, sector, origin, site)."""
        told = [change.entry for change in self.changes if change.entry is not None]
        return self._sums(self._laid(told), [0] * len(told), 1)[:, :, :, 0]

    def expected_by_loading(self) -> Floats:
        """Return expected changes summed over the lines of a loading; (loading, market, sector, origin, site).

        In memory a cell's loadings and sites lie side by side.
        """
        return np.moveaxis(self._sums(self.expected_laid, self.loadings, len(Loading)), 3, 0)

    def _sums(self, laid: Laid, group: Sequence[int], groups: int) -> Floats:
        """Return the sums over the lines of each group in their order; (market, sector, origin, group, site)."""
        from footloose.line_sums import add_lines

        total = np.empty((*self.shape[:3], groups, self.shape[3]))
        add_lines(*laid, np.array(group, dtype=np.int64), total, total.reshape(-1))
        return total

    def _spread(self, tables: Sequence[Floats | None]) -> Floats:
        """Return the tables one by one over all axes, zero where there is none."""
        result = np.empty((len(tables), *self.shape))
        for line, table in enumerate(tables):
            result[line] = 0.0 if table is None else table
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
    changes = tuple(lines[name].since(base_lines[name]) for name in names)
    return Ledger(names, tuple(loadings[name] for name in names), changes, dict(lines), shape)
