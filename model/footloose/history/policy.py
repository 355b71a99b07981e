"""One dated instrument of trade or industrial policy, and its rate on a day, over a year, at the end of a year."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from footloose.history.tables import Floats


@dataclass(frozen=True, eq=False)
class PolicyRow:
    """One dated instrument.

    kind        : tariff, subsidy or export_control
    authority   : the law it rests on; instruments of one authority stack by `stacking` (add, max or exclusive)
    market      : importing market of a tariff, taxing authority's market of an export control, else empty
    announced   : day it became known; start: first day in force; until: last day in force, None while it stands
    dates       : days on which the rates change, in order, the first being `start`
    rates       : (date, sector, site); each holds from its date to the next. Tariffs: percentage points on all trade of
                  that sector from that site (statutory rate x share of the sector's trade covered). Subsidies: percent
                  of capital cost (capex_share), USD per job (usd_per_job), percent of output value (output_share).
                  Export controls: percent of the sector's parts affected.
    budget_usd_billion : total that may be paid, None without a ceiling
    claw_back   : percent of a grant that returns when its project is cancelled, or its plant given up within
                  claw_back_years of its opening
    reversal    : chance a year, as believed at announcement, that the instrument is taken back
    """

    id: str
    kind: str
    authority: str
    market: str
    announced: date
    start: date
    until: date | None
    stacking: str
    dates: tuple[date, ...]
    rates: Floats
    form: str
    budget_usd_billion: float | None
    new_plants_only: bool
    reversal: float
    reversal_source: str
    title: str
    source: str
    certainty: str
    claw_back: float = 0.0
    claw_back_years: float = 0.0


def rate_on(row: PolicyRow, day: date) -> Floats:
    """Return the rate in force on a day, zero before the start and after the end; (sector, site)."""
    if day < row.dates[0] or (row.until is not None and day > row.until):
        return np.zeros(row.rates.shape[1:])
    return np.array(row.rates[bisect_right(row.dates, day) - 1])


def average_rate(row: PolicyRow, year: int) -> Floats:
    """Return the day-weighted mean rate over a calendar year; (sector, site)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    changes = {first, *(day for day in row.dates if first < day <= last)}
    if row.until is not None and first <= row.until < last:
        changes.add(row.until + timedelta(days=1))
    starts = sorted(changes)
    ends = [*starts[1:], date(year + 1, 1, 1)]
    total = np.zeros(row.rates.shape[1:])
    for start, end in zip(starts, ends, strict=True):
        total += (end - start).days * rate_on(row, start)
    return np.asarray(total / (date(year + 1, 1, 1) - first).days)


def year_end_rate(row: PolicyRow, year: int) -> Floats:
    """Return the rate in force on 31 December; (sector, site)."""
    return rate_on(row, date(year, 12, 31))
