"""What a mechanism may see: the world at the start of a year, and the dimensions every table shares.

Tables of costs have four axes in this order: (market, sector, origin, site). A table may have length 1 on any axis on
which it does not vary; NumPy broadcasting does the rest. A *cell* is one (market, sector, origin).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from footloose import levers
from footloose.dated import DatedPath
from footloose.geography import BaseYear, Geography
from footloose.history import History
from footloose.law import Law
from footloose.shocks import NO_SHOCKS, Shocks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

BASE_YEAR = 2010

REMEMBERED = 2_000
"""Answers of exogenous equations that a setting remembers: a dozen equations over a horizon are 300, of 1 to 60 kB."""

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Setting:
    """What never changes during a run: axes, base year, exogenous series, law and shocks of the scenario."""

    geography: Geography
    base: BaseYear
    history: History
    law: Law
    buyer_control: float = 0.0
    shocks: Shocks = NO_SHOCKS
    remembered: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What exogenous equations answered, with their parameters: see `exogenous`."""

    @cached_property
    def shape(self) -> tuple[int, int, int, int]:
        """Lengths of (market, sector, origin, site)."""
        geography = self.geography
        return (
            len(geography.markets),
            len(geography.sectors),
            len(geography.origins),
            len(geography.sites),
        )

    @property
    def cells(self) -> int:
        """Number of (market, sector, origin) cells."""
        markets, sectors, origins, _ = self.shape
        return markets * sectors * origins

    @cached_property
    def place_of_cell(self) -> tuple[Ints, Ints, Ints]:
        """Market, sector and origin of every cell; each (cell,)."""
        markets, sectors, origins, _ = self.shape
        market, sector, origin = np.indices((markets, sectors, origins), dtype=np.int64).reshape(3, -1)
        return market, sector, origin

    @cached_property
    def at_home(self) -> npt.NDArray[np.bool_]:
        """True where a site lies at the home of a market; (market, site)."""
        shores = np.asarray(self.geography.shore_of)
        return np.asarray(shores == self.geography.shores.index("home"), dtype=np.bool_)

    @cached_property
    def control(self) -> Floats:
        """Whose decision a programme is: home of the brand or owner; (market, site, sector, origin), sums to 1.

        Ownership of plants, but for the part of local owners' output at sites that pay less than a third of the
        market's wage which brands and retailers of the market decide about (buyer-driven chains, Gereffi 1994).
        """
        geography, ownership = self.geography, self.base.ownership
        control = np.repeat(ownership[None], len(geography.markets), axis=0)
        wage = self.history.series["wage"][0]
        home = self.at_home
        owner_at_home = np.asarray(geography.home_of, dtype=np.float64)
        for market in range(len(geography.markets)):
            brand = owner_at_home[:, home[market]].sum(axis=1)
            cheap = wage < wage[home[market]].mean() / 3.0
            if brand.sum() == 0.0 or not cheap.any():
                continue
            local = ownership * np.maximum(owner_at_home.T, self._other_owner())[:, None, :] * cheap[:, None, None]
            taken = self.buyer_control * local
            control[market] += taken.sum(axis=2)[:, :, None] * brand / brand.sum() - taken
        return control

    def _other_owner(self) -> Floats:
        return np.array([1.0 if origin == "other" else 0.0 for origin in self.geography.origins])[None, :]

    @cached_property
    def use_by_owner(self) -> Floats:
        """What each market bought in 2010, by sector, owner and site; (market, sector, origin, site) [USD million]."""
        return np.asarray(np.einsum("msj,mjso->msoj", self.base.use, self.control), dtype=np.float64)

    @cached_property
    def market_of_site(self) -> Ints:
        """The market whose customs border a site lies behind; (site,) index, -1 where it is none of the markets."""
        geography = self.geography
        countries = np.asarray(geography.country_of_site)
        result = np.full(countries.size, -1, dtype=np.int64)
        for market, country in enumerate(geography.country_of_market):
            result[countries == country] = market
        return result

    def trait(self, name: str) -> Floats:
        """Return a sector trait shaped to broadcast over cost tables; (1, sector, 1, 1)."""
        return np.asarray(self.geography.traits[name], dtype=np.float64)[None, :, None, None]


@dataclass(frozen=True)
class Activity:
    """Who made and sold what last year, and what that leaves for this year; flows in USD million of 2010."""

    sales: Floats
    """(market, sector, origin, site)"""
    output: Floats
    """(sector, site)"""
    jobs: Floats
    """(sector, site) persons"""
    reference_jobs: Floats
    """(sector, site) persons there would be had every footprint stayed as in the base year"""
    spent: Mapping[str, float]
    """Support paid so far by instrument [USD million]."""
    drawn: Floats | None = None
    """(market, sector) taken from the stocks of buyers; None before the first year."""
    begun: Floats = field(default_factory=lambda: np.zeros((1, 1, 1)))
    """Yearly output of the plants announced; (origin, sector, site), zero in the base year."""


def exogenous(equation: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Work an equation out once for the same parameters, setting and year: it rests on nothing that a run changes.

    equation : its last argument is a Given: without state and activity, so that it cannot rest on them; the others are
               blocks of parameters. Its tables cannot be written to.
    """

    @wraps(equation)
    def remembering(*asked: Asked.args, **none: Asked.kwargs) -> Answer:
        params, given = asked[:-1], asked[-1]
        assert isinstance(given, Given)
        remembered, key = given.setting.remembered, (equation, given.year, *map(id, params))
        known = remembered.get(key)
        if known is None:
            if len(remembered) >= REMEMBERED:
                remembered.clear()
            answered = equation(*params, Given(given.setting, given.year))  # type: ignore[call-arg, arg-type]
            known = params, unchanging(answered)
            remembered[key] = known  # with the parameters, so that nobody else gets their address
        answer: Answer = known[1]
        return answer

    return remembering


def unchanging(answer: Any) -> Any:
    """Return tables that can no longer be written to: an array, a line, or several of them."""
    if isinstance(answer, np.ndarray):
        answer.setflags(write=False)
    elif isinstance(answer, tuple):
        for part in answer:
            unchanging(part)
    elif hasattr(answer, "__dict__"):
        for part in vars(answer).values():
            if isinstance(part, np.ndarray):
                part.setflags(write=False)
    return answer


@dataclass(frozen=True)
class Given:
    """What is given from outside in a year: series, law and shocks; no firm and no mechanism changes it."""

    setting: Setting
    year: int

    @property
    def index(self) -> int:
        """Position of the year in the series."""
        return self.year - BASE_YEAR

    @property
    @exogenous
    def wage(self) -> Floats:
        """Return the wage that is paid: its series and what shocks make of it in dollars; (site,) [USD per hour]."""
        shocks = self.setting.shocks
        return np.asarray(self.series("wage") * (shocks.wage(self.year) * shocks.exchange_rate(self.year)))

    @property
    @exogenous
    def foreseen_wage_shock(self) -> Floats:
        """Return what multiplies wages in dollars by events that firms expect to last; (site,) or (1,)."""
        shocks = self.setting.shocks
        return shocks.wage(self.year, foreseen=True) * shocks.exchange_rate(self.year, foreseen=True)

    def series(self, name: str) -> Floats:
        """Return this year's values of an exogenous series."""
        return np.asarray(self.setting.history.series[name][self.index])

    def base_series(self, name: str) -> Floats:
        """Return the base year's values of an exogenous series."""
        return np.asarray(self.setting.history.series[name][0])


@dataclass(frozen=True)
class World(Given):
    """The start-of-year view every mechanism gets; nothing in it can be changed."""

    state: Mapping[str, Floats]
    activity: Activity

    @property
    def input_origin(self) -> Floats:
        """Where the parts of a site come from, rows sum to 1; (sector, site, source site)."""
        return self.state.get("input_origin", self.setting.base.input_origin)

    def in_base_year(self) -> World:
        """Return the same world as the series and the law of the base year have it."""
        return World(self.setting, BASE_YEAR, self.state, self.activity)


def lever_by_site(paths: Mapping[str, DatedPath], geography: Geography, year: int) -> Floats:
    """Return a lever given by sites and groups of sites, as it has changed since the base year; (site,)."""
    return levers.by_site(paths, geography, year) - levers.by_site(paths, geography, BASE_YEAR)


def since_base_year(path: DatedPath, year: int) -> float:
    """Return by how much a dated lever differs from its value in the base year, when everything is neutral."""
    return levers.in_year(path, year) - levers.in_year(path, BASE_YEAR)


def by_site(values: Floats) -> Floats:
    """Shape (site,) to broadcast over cost tables."""
    return values[None, None, None, :]


def by_sector_site(values: Floats) -> Floats:
    """Shape (sector, site) to broadcast over cost tables."""
    return values[None, :, None, :]


def by_market_site(values: Floats) -> Floats:
    """Shape (market, site) to broadcast over cost tables."""
    return values[:, None, None, :]


def by_market_sector_site(values: Floats) -> Floats:
    """Shape (market, sector, site) to broadcast over cost tables."""
    return values[:, :, None, :]
