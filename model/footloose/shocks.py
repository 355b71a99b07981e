"""Shocks of a scenario: dated events outside the law, turned into yearly tables.

A plant or a port is lost for a while, parts stay away, freight or wages jump, a market slumps. Every table is the mean
over the days of a year of what the events of one kind do together on each day; events are taken in name order, so that
their order in a file changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from footloose.dated import DatedPath

Floats = npt.NDArray[np.float64]
Together = Callable[[Floats, Floats], Floats]

AXES: dict[str, tuple[str, ...]] = {
    "disruption": ("sector", "site"),
    "blockade": ("sector", "site", "source"),
    "freight": ("market", "site"),
    "demand": ("market", "sector"),
    "interest": ("site",),
    "wage": ("site",),
    "exchange_rate": ("site",),
}
"""Kinds of shock, and the axes of what each of them touches."""


@dataclass(frozen=True, eq=False)
class Shock:
    """One dated event.

    kind     : one of AXES
    start    : first day; until: first day no longer in force, None where it stays
    foreseen : whether firms expect it to last while it is there
    size     : percent (interest: percentage points) on each day
    reach    : axes of its kind; 1 where it strikes, otherwise 0
    """

    id: str
    kind: str
    start: date
    until: date | None
    foreseen: bool
    size: DatedPath
    reach: Floats

    def on(self, day: date) -> float:
        """Return the size on a day, 0 before the start and from `until` on."""
        if day < self.start or (self.until is not None and day >= self.until):
            return 0.0
        return self.size.on(day)

    @property
    def changes(self) -> set[date]:
        """Days on which the size may change."""
        return {self.start, *self.size.dates} | ({self.until} if self.until is not None else set())

    @property
    def strikes(self) -> bool:
        """Whether it has a size on any day."""
        return any(self.on(day) != 0.0 for day in self.changes)


@dataclass(frozen=True)
class Shocks:
    """All events of a scenario. Without any of a kind, its tables are neutral and of length 1 on every axis.

    Every table takes the year, and `foreseen=True` to count only events that firms expect to last while they are there.
    """

    events: tuple[Shock, ...] = ()

    def disruption(self, year: int, foreseen: bool = False) -> Floats:
        """Return the share of what plants can make that is lost, 1 - prod(1 - x); (sector, site) [0 to 1]."""
        return self._mean("disruption", year, foreseen, 0.0, lost_together)

    def blockade(self, year: int, foreseen: bool = False) -> Floats:
        """Return the share of parts that do not arrive, 1 - prod(1 - x); (sector, host site, source site) [0 to 1]."""
        return self._mean("blockade", year, foreseen, 0.0, lost_together)

    def freight(self, year: int, foreseen: bool = False) -> Floats:
        """Return what multiplies freight rates; (market, site) [1]."""
        return self._mean("freight", year, foreseen, 1.0, grown_together)

    def demand(self, year: int, foreseen: bool = False) -> Floats:
        """Return what multiplies demand; (market, sector) [1]."""
        return self._mean("demand", year, foreseen, 1.0, grown_together)

    def interest(self, year: int, foreseen: bool = False) -> Floats:
        """Return what is added to the yearly rate of interest; (site,) [percentage points]."""
        return self._mean("interest", year, foreseen, 0.0, np.add)

    def wage(self, year: int, foreseen: bool = False) -> Floats:
        """Return what multiplies the wage in dollars; (site,) [1]."""
        return self._mean("wage", year, foreseen, 1.0, grown_together)

    def exchange_rate(self, year: int, foreseen: bool = False) -> Floats:
        """Return what multiplies the dollar value of the site's currency; (site,) [1]."""
        return self._mean("exchange_rate", year, foreseen, 1.0, grown_together)

    def of_kind(self, kind: str, foreseen: bool = False) -> tuple[Shock, ...]:
        """Return the events of one kind in name order, all or only those foreseen to last."""
        chosen = (event for event in self.events if event.kind == kind and (event.foreseen or not foreseen))
        return tuple(sorted(chosen, key=lambda event: event.id))

    def _mean(self, kind: str, year: int, foreseen: bool, neutral: float, together: Together) -> Floats:
        """Return the mean over the days of a year of the events' joint effect, stacked day by day."""
        events = self.of_kind(kind, foreseen)
        if not events:
            return np.full((1,) * len(AXES[kind]), neutral)
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        days = {day for event in events for day in event.changes if first < day < after}
        total = np.zeros(events[0].reach.shape)
        for start, end in pairwise([first, *sorted(days), after]):
            effect = np.full(total.shape, neutral)
            for event in events:
                effect = together(effect, event.on(start) * event.reach)
            total += (end - start).days * effect
        return np.asarray(total / (after - first).days)


NO_SHOCKS = Shocks()


def lost_together(lost: Floats, percent: Floats) -> Floats:
    """Return the share lost when a further cause takes a percentage of what others have left: 1-(1-a)(1-b)."""
    share = percent / 100.0
    return np.asarray(lost + share - lost * share)


def grown_together(factor: Floats, percent: Floats) -> Floats:
    """Return the factor after a further growth in percent."""
    return np.asarray(factor * (1.0 + percent / 100.0))
