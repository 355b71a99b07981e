"""The law of a scenario: every dated instrument, history's and the scenario's own, turned into yearly tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from footloose.beliefs import Beliefs, Instrument, expected_rates, stack, year_end_rates, yearly_averages

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TariffTables:
    """Duties on top of the most-favoured-nation rate, in percentage points; each (year, market, sector, site)."""

    now: Floats
    expected: Floats
    in_force: Floats


@dataclass(frozen=True)
class SubsidyTable:
    """One support instrument; rates in the unit of its form; each (year, sector, site)."""

    instrument: Instrument
    now: Floats
    expected: Floats


@dataclass(frozen=True)
class Law:
    """All instruments in force or announced, with what firms believe of them."""

    instruments: tuple[Instrument, ...]
    beliefs: Beliefs
    markets: tuple[str, ...]
    years: tuple[int, ...]

    def of_kind(self, kind: str) -> tuple[Instrument, ...]:
        """Return the instruments of one kind in order of their start."""
        chosen = [instrument for instrument in self.instruments if instrument.row.kind == kind]
        return tuple(sorted(chosen, key=lambda instrument: (instrument.row.start, instrument.row.id)))

    @cached_property
    def tariffs(self) -> TariffTables:
        """Duties by year, importing market, sector and site, stacked within their authority and added across them."""
        tables: list[list[Floats | None]] = [[], [], []]
        for market in self.markets:
            groups: dict[str, list[Instrument]] = {}
            for instrument in self.of_kind("tariff"):
                if instrument.row.market == market:
                    groups.setdefault(instrument.row.authority, []).append(instrument)
            for table, rates_of in zip(tables, (self._now, self._expected, self._in_force), strict=True):
                table.append(self._total(list(groups.values()), rates_of))
        now, expected, in_force = (self._stacked(table) for table in tables)
        return TariffTables(now, expected, in_force)

    @cached_property
    def subsidies(self) -> tuple[SubsidyTable, ...]:
        """Support by instrument."""
        return tuple(
            SubsidyTable(instrument, self._now(instrument), self._expected(instrument))
            for instrument in self.of_kind("subsidy")
        )

    def _now(self, instrument: Instrument) -> Floats:
        return yearly_averages(instrument.row, self.years)

    def _expected(self, instrument: Instrument) -> Floats:
        return expected_rates(instrument, self.years, self.beliefs)

    def _in_force(self, instrument: Instrument) -> Floats:
        return year_end_rates(instrument.row, self.years)

    def _total(self, groups: list[list[Instrument]], rates_of: object) -> Floats | None:
        total: Floats | None = None
        for group in groups:
            rates = [rates_of(instrument) for instrument in group]  # type: ignore[operator]
            combined = stack(rates, [instrument.row.stacking for instrument in group])
            total = combined if total is None else total + combined
        return total

    def _stacked(self, table: list[Floats | None]) -> Floats:
        shapes = [entry.shape for entry in table if entry is not None]
        shape = shapes[0] if shapes else (len(self.years), 1, 1)
        filled = [np.zeros(shape) if entry is None else entry for entry in table]
        return np.stack(filled, axis=1)
