"""What firms believe about policy: how long an instrument lasts, and what it is therefore worth over a plant's life.

Handley and Limao (2017) for the value of certainty; Alessandria et al. (2025) for tariffs as a Markov process whose
believed reversal falls as they survive. The chance of reversal is learned: Beta(alpha, beta), one trial a year.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from footloose.block import Block, parameter
from footloose.history import PolicyRow, average_rate, rate_on

Floats = npt.NDArray[np.float64]

PROMISE = 2
"""Years within which the building of a plant decided today begins."""


class Beliefs(Block):
    """How firms that decide a plant weigh a policy that may not last."""

    horizon_years: float = parameter(
        12,
        unit="years",
        low=1,
        high=40,
        source="life of equipment in investment appraisal, BEA depreciation rates",
    )
    """Years over which a plant decision counts costs."""

    discount_rate: float = parameter(
        0.08, unit="1", low=0.0, high=0.5, source="usual hurdle rates 7-12 %, e.g. Poterba and Summers (1995)"
    )
    """Yearly discount rate of plant decisions."""

    prior_years: float = parameter(
        4,
        unit="years",
        low=0.1,
        high=100,
        source="Alessandria et al. JIE 2025: belief shifted over about 2-4 years",
    )
    """Weight of the first belief, in years of experience (alpha + beta of the Beta distribution)."""


@dataclass(frozen=True)
class Instrument:
    """One policy instrument with what is believed of it.

    path_known : True when its whole dated path is known from the day it is announced (a scenario's own instrument);
                 False when every change came as a surprise (history).
    reversal   : believed yearly chance of reversal at the start
    learning   : True when that chance falls with every year the instrument survives
    lasts      : believed length in years, instead of a chance; None when a chance is believed
    """

    row: PolicyRow
    path_known: bool
    reversal: float
    learning: bool
    lasts: float | None = None

    def reversal_in(self, year: int, prior_years: float) -> float:
        """Return the believed yearly chance of reversal after the years the instrument has survived by `year`."""
        if not self.learning:
            return self.reversal
        survived = max(0, year - self.row.start.year)
        return self.reversal * prior_years / (prior_years + survived)


def year_end(year: int) -> date:
    """Return 31 December, the day whose law a plant decision of that year starts from."""
    return date(year, 12, 31)


def expected_rates(instrument: Instrument, years: tuple[int, ...], beliefs: Beliefs) -> Floats:
    """Return the rate that firms deciding in each year believe they will meet on average over their horizon.

    Mean over the horizon of rate x survival, discounted: sum_h ((1-q)/(1+r))^h rate_h / sum_h (1+r)^-h, where rate_h
    is the law known at the time for h years ahead.

    returns : (year, sector, site) in the unit of the instrument's rates
    """
    horizon = round(beliefs.horizon_years)
    row = instrument.row
    ahead = year_end_rates(row, tuple(range(years[0], years[-1] + horizon)))
    discount = (1.0 + beliefs.discount_rate) ** -np.arange(horizon)
    result = np.zeros((len(years), *ahead.shape[1:]))
    for position, year in enumerate(years):
        if row.announced > year_end(year):
            continue
        survival = chance_of_survival(instrument, year, horizon, beliefs.prior_years)
        known = (
            ahead[position : position + horizon]
            if instrument.path_known
            else foreseen(row, ahead, position, horizon, year)
        )
        weights = discount * survival / discount.sum()
        result[position] = np.tensordot(weights, known, axes=1)
    return result


def expected_together(group: Sequence[Instrument], year: int, beliefs: Beliefs) -> Floats:
    """Return what firms deciding in a year expect of the instruments of one authority; (sector, site).

    Stacked year by year of the horizon, and only then averaged: what a later instrument is to replace holds until then.
    """
    horizon = round(beliefs.horizon_years)
    discount = (1.0 + beliefs.discount_rate) ** -np.arange(horizon)
    paths = [believed_path(instrument, year, horizon, beliefs.prior_years) for instrument in group]
    combined = stack(paths, [instrument.row.stacking for instrument in group])
    return np.asarray(np.tensordot(discount / discount.sum(), combined, axes=1))


def promised_rates(instrument: Instrument, years: tuple[int, ...], beliefs: Beliefs) -> Floats:
    """Return the rate of a grant that firms deciding in each year count on; (year, sector, site).

    A grant is paid once, on a plant whose building begins: what counts is the best rate believed to be there within the
    PROMISE years in which building can begin, not an average over the plant's life.
    """
    paths = [believed_path(instrument, year, PROMISE, beliefs.prior_years) for year in years]
    return np.stack([path.max(axis=0) for path in paths])


def believed_path(instrument: Instrument, year: int, horizon: int, prior_years: float) -> Floats:
    """Return the rate h years after `year` times the believed chance that it holds; (horizon, sector, site)."""
    row = instrument.row
    ahead = year_end_rates(row, tuple(range(year, year + horizon)))
    if row.announced > year_end(year):
        return np.zeros_like(ahead)
    known = ahead if instrument.path_known else foreseen(row, ahead, 0, horizon, year)
    return np.asarray(chance_of_survival(instrument, year, horizon, prior_years)[:, None, None] * known)


def chance_of_survival(instrument: Instrument, year: int, horizon: int, prior_years: float) -> Floats:
    """Return the believed chance that the instrument is still there h years after `year`; (horizon,)."""
    steps = np.arange(horizon, dtype=np.float64)
    if instrument.lasts is not None:
        end = instrument.row.start.year + instrument.lasts
        return (year + steps < end).astype(np.float64)
    chance = instrument.reversal_in(year, prior_years)
    return np.asarray((1.0 - chance) ** steps)


def foreseen(row: PolicyRow, ahead: Floats, position: int, horizon: int, year: int) -> Floats:
    """Return what a surprise path looks like beforehand: the last known law for ever, or the first rate announced."""
    known = ahead[position : position + horizon].copy()
    last = 0
    if row.start > year_end(year):
        last = min(row.start.year - year, horizon - 1)
    known[last:] = known[last]
    if row.kind == "subsidy" and row.until is not None:
        expired = np.arange(year, year + horizon) > row.until.year
        known[expired] = 0.0
    return known


@lru_cache(maxsize=256)
def yearly_averages(row: PolicyRow, years: tuple[int, ...]) -> Floats:
    """Return the day-weighted mean rate of every year; (year, sector, site)."""
    averages = np.stack([average_rate(row, year) for year in years])
    averages.setflags(write=False)
    return averages


def average_together(group: Sequence[Instrument], year: int) -> Floats:
    """Return the day-weighted mean over a year of instruments stacked day by day; (sector, site)."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = {day for instrument in group for day in instrument.row.dates}
    days |= {i.row.until + timedelta(days=1) for i in group if i.row.until is not None}
    cuts = [first, *sorted(day for day in days if first < day < after), after]
    rules = [instrument.row.stacking for instrument in group]
    total = np.zeros(group[0].row.rates.shape[1:])
    for start, end in pairwise(cuts):
        total += (end - start).days * stack([rate_on(instrument.row, start) for instrument in group], rules)
    return np.asarray(total / (after - first).days)


def year_end_rates(row: PolicyRow, years: tuple[int, ...]) -> Floats:
    """Return the rate in force on 31 December of every year; (year, sector, site)."""
    days = [year_end(year) for year in years]
    latest = np.array([bisect_right(row.dates, day) - 1 for day in days])
    over = np.array([row.until is not None and day > row.until for day in days])
    return np.where(((latest < 0) | over)[:, None, None], 0.0, row.rates[latest])


Stacking = Literal["add", "max", "exclusive"]


def stack(rates: list[Floats], rules: list[str]) -> Floats:
    """Combine the instruments of one authority: those that add are summed, then compared with those that do not.

    `max` keeps the larger of the sum and the instrument; `exclusive` lets a later instrument replace the earlier ones
    wherever it sets a rate.

    rates   : list of (..., sector, site) in order of their start
    returns : (..., sector, site)
    """
    total = np.zeros_like(rates[0])
    for rate, rule in zip(rates, rules, strict=True):
        if rule == "add":
            total = total + rate
        elif rule == "max":
            total = np.maximum(total, rate)
        else:
            total = np.where(rate != 0.0, rate, total)
    return total


def parts(rates: list[Floats], rules: list[str]) -> list[Floats]:
    """Return what each instrument adds to the stack, so that the parts sum to `stack`; the rates themselves for `add`.

    rates : list of (..., sector, site) in order of their start
    """
    result: list[Floats] = []
    for rate, rule in zip(rates, rules, strict=True):
        if rule == "max":
            result.append(np.maximum(rate - sum(result, np.zeros_like(rate)), 0.0))
            continue
        if rule == "exclusive":
            result = [np.where(rate != 0.0, 0.0, earlier) for earlier in result]
        result.append(rate)
    return result
