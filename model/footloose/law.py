"""The law of a scenario: every dated instrument, history's and the scenario's own, turned into yearly tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from footloose.beliefs import (
    Beliefs,
    Instrument,
    average_together,
    expected_rates,
    expected_together,
    parts,
    promised_rates,
    stack,
    year_end_rates,
    yearly_averages,
)

Floats = npt.NDArray[np.float64]

GRANTS = ("capex_share", "usd_per_job")
"""Forms of support that are paid once, when a plant is begun."""


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

    @cached_property
    def pays(self) -> tuple[bool, ...]:
        """Whether there is anything to be had anywhere; (year,)."""
        return tuple(bool(rates.any()) for rates in self.now)


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
        """Duties by year, importing market, sector and site, stacked within their authority and added across them.

        Authorities are added in name order and duties of nothing left out, so that neither changes a bit.
        """
        tables: list[list[Floats | None]] = [[], [], []]
        for market in self.markets:
            groups: dict[str, list[Instrument]] = {}
            for instrument in self.of_kind("tariff"):
                if instrument.row.market == market and instrument.row.rates.any():
                    groups.setdefault(instrument.row.authority, []).append(instrument)
            for table, rates_of in zip(tables, (self._paid, self._believed, self._in_force), strict=True):
                table.append(_sum([rates_of(groups[name]) for name in sorted(groups)]))
        now, expected, in_force = (self._stacked(table) for table in tables)
        return TariffTables(now, expected, in_force)

    @cached_property
    def subsidies(self) -> tuple[SubsidyTable, ...]:
        """Support by instrument, what each adds to the earlier ones of its authority and form by its stacking rule."""
        chosen = self.of_kind("subsidy")
        now = [self._paid([instrument]) for instrument in chosen]
        expected = [self._counted_on(instrument) for instrument in chosen]
        families: dict[tuple[str, str], list[int]] = {}
        for position, instrument in enumerate(chosen):
            families.setdefault((instrument.row.authority, instrument.row.form), []).append(position)
        for family in families.values():
            rules = [chosen[position].row.stacking for position in family]
            for tables in (now, expected):
                for position, part in zip(family, parts([tables[n] for n in family], rules), strict=True):
                    tables[position] = part
        return tuple(SubsidyTable(*table) for table in zip(chosen, now, expected, strict=True))

    def _counted_on(self, instrument: Instrument) -> Floats:
        """Return the support that decides a plant: a grant as promised, a credit as believed over the horizon."""
        if instrument.row.form in GRANTS:
            return promised_rates(instrument, self.years, self.beliefs)
        return self._believed([instrument])

    def _paid(self, group: list[Instrument]) -> Floats:
        """Return the rates of one authority, stacked day by day, averaged over each year; (year, sector, site)."""
        if all(instrument.row.stacking == "add" for instrument in group):
            return _stack(group, [yearly_averages(instrument.row, self.years) for instrument in group])
        return np.stack([average_together(group, year) for year in self.years])

    def _believed(self, group: list[Instrument]) -> Floats:
        """Return the rates of one authority believed over a plant's horizon; (year, sector, site)."""
        if all(instrument.row.stacking == "add" for instrument in group):
            return _stack(group, [expected_rates(instrument, self.years, self.beliefs) for instrument in group])
        return np.stack([expected_together(group, year, self.beliefs) for year in self.years])

    def _in_force(self, group: list[Instrument]) -> Floats:
        """Return the rates of one authority on 31 December of each year; (year, sector, site)."""
        return _stack(group, [year_end_rates(instrument.row, self.years) for instrument in group])

    def _stacked(self, table: list[Floats | None]) -> Floats:
        shapes = [entry.shape for entry in table if entry is not None]
        shape = shapes[0] if shapes else (len(self.years), 1, 1)
        filled = [np.zeros(shape) if entry is None else entry for entry in table]
        return np.stack(filled, axis=1)


def _stack(group: list[Instrument], rates: list[Floats]) -> Floats:
    return stack(rates, [instrument.row.stacking for instrument in group])


def _sum(tables: list[Floats]) -> Floats | None:
    total: Floats | None = None
    for table in tables:
        total = table if total is None else total + table
    return total
