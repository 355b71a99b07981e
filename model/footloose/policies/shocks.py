"""Shocks in a scenario file: dated events outside the law, in natural units.

Each becomes one numeric form, `footloose.shocks.Shock`: when, how much, and a table of what it strikes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from footloose.block import Block, Markets, Sectors, Sites
from footloose.dated import Date, DatedPath, Steps
from footloose.policies.instruments import ends_after
from footloose.shocks import Floats, Shock, Shocks

if TYPE_CHECKING:
    from footloose.geography import Geography

ALL = ("all",)


def size(low: float, high: float, unit: str) -> Any:
    """Declare how large an event is, with its unit and range."""
    return Field(json_schema_extra={"unit": unit, "range": [low, high]})


class Event(Block):
    """What every shock has: a first day, perhaps an end, and whether firms expect it to last."""

    kind: str
    """The kind of event."""

    start: Date = Field(alias="from")
    """First day. A year means 1 January."""

    until: Date | None = None
    """First day no longer in force; it stays when left out."""

    foreseen: bool = False
    """true: firms expect it to last while it is there; false: a surprise, taken for transitory."""

    @field_validator("until")
    @classmethod
    def _ends_after_start(cls, until: date | None, info: ValidationInfo) -> date | None:
        return ends_after(until, info.data.get("start"))

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form."""
        raise NotImplementedError

    def _shock(self, identifier: str, amount: DatedPath, reach: Floats) -> Shock:
        reach.setflags(write=False)
        return Shock(identifier, self.kind, self.start, self.until, self.foreseen, amount, reach)


class Disruption(Event):
    """Plants lose part of what they can make: an earthquake, a lockdown, a shortage of power."""

    kind: Literal["disruption"]
    """disruption"""

    sites: Sites
    """Where the plants stand: sites and groups, or all."""

    sectors: Sectors = ALL
    """The sectors struck, or all."""

    until: Date
    """First day no longer in force."""

    output_lost: Annotated[DatedPath, Steps(0, 100)] = size(0, 100, "percent of output")
    """Part of what plants there can make that is lost: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (sector, site)."""
        reach = np.multiply.outer(_sectors(self.sectors, geography), _sites(self.sites, geography))
        return self._shock(identifier, self.output_lost, reach)


class Blockade(Event):
    """Parts from some sites do not arrive at others: a closed strait, an embargo."""

    kind: Literal["blockade"]
    """blockade"""

    source: Sites
    """Where the parts are made: sites and groups."""

    at: Sites = ALL
    """Where they do not arrive; all: everywhere outside the source. A site always gets its own parts."""

    sectors: Sectors = ALL
    """The sectors whose parts stay away, or all: parts that plants of these sectors buy."""

    until: Date
    """First day no longer in force."""

    parts_lost: Annotated[DatedPath, Steps(0, 100)] = size(0, 100, "percent of parts")
    """Part of these parts that does not arrive: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (sector, host site, source site)."""
        source, host = _sites(self.source, geography), _sites(self.at, geography)
        if "all" in self.at:
            host = host * (1.0 - source)
        routes = np.multiply.outer(host, source) * (1.0 - np.eye(source.size))
        return self._shock(identifier, self.parts_lost, np.multiply.outer(_sectors(self.sectors, geography), routes))


class FreightSpike(Event):
    """Freight from sites to markets costs more, or less, than the series say."""

    kind: Literal["freight"]
    """freight"""

    markets: Markets = ALL
    """Where the goods go: markets, or all."""

    sites: Sites
    """Where the goods come from: sites and groups, or all."""

    until: Date
    """First day no longer in force."""

    rise: Annotated[DatedPath, Steps(-90, 2000)] = size(-90, 2000, "percent of the freight rate")
    """Rise of the freight rate, negative for a fall: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (market, site)."""
        reach = np.multiply.outer(_members(self.markets, geography.markets), _sites(self.sites, geography))
        return self._shock(identifier, self.rise, reach)


class DemandShock(Event):
    """A market buys more or less than the series say."""

    kind: Literal["demand"]
    """demand"""

    markets: Markets = ALL
    """The markets, or all."""

    sectors: Sectors = ALL
    """The sectors, or all."""

    change: Annotated[DatedPath, Steps(-95, 300)] = size(-95, 300, "percent of demand")
    """Change of what the market buys, negative for a slump: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (market, sector)."""
        reach = np.multiply.outer(_members(self.markets, geography.markets), _sectors(self.sectors, geography))
        return self._shock(identifier, self.change, reach)


class InterestShock(Event):
    """Money becomes dearer or cheaper."""

    kind: Literal["interest"]
    """interest"""

    at: Sites = ALL
    """Where the plants stand: sites and groups, or all."""

    change: Annotated[DatedPath, Steps(-20, 50)] = size(-20, 50, "percentage points")
    """Change of the yearly rate of interest: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (site,)."""
        return self._shock(identifier, self.change, _sites(self.at, geography))


class WageShock(Event):
    """Wages at sites jump away from the series."""

    kind: Literal["wage"]
    """wage"""

    sites: Sites
    """Where: sites and groups, or all."""

    change: Annotated[DatedPath, Steps(-90, 400)] = size(-90, 400, "percent of the wage in USD")
    """Change of the wage in dollars: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (site,)."""
        return self._shock(identifier, self.change, _sites(self.sites, geography))


class ExchangeRateShock(Event):
    """Currencies of sites gain or lose against the dollar."""

    kind: Literal["exchange_rate"]
    """exchange_rate"""

    sites: Sites
    """Where: sites and groups, or all."""

    change: Annotated[DatedPath, Steps(-95, 400)] = size(-95, 400, "percent of the currency's value in USD")
    """Change of the value of the site's currency, negative for a devaluation: a number, or a dated path."""

    def as_shock(self, identifier: str, geography: Geography) -> Shock:
        """Return the numeric form; strikes (site,)."""
        return self._shock(identifier, self.change, _sites(self.sites, geography))


EVENTS: dict[str, type[Event]] = {
    "disruption": Disruption,
    "blockade": Blockade,
    "freight": FreightSpike,
    "demand": DemandShock,
    "interest": InterestShock,
    "wage": WageShock,
    "exchange_rate": ExchangeRateShock,
}


def as_shocks(events: Mapping[str, Event], geography: Geography) -> Shocks:
    """Return the numeric form of a scenario's shocks."""
    return Shocks(tuple(event.as_shock(name, geography) for name, event in events.items()))


def _sites(names: Sequence[str], geography: Geography) -> Floats:
    """Return 1 for the sites that are meant; (site,)."""
    meant = {index for name in names for index in geography.sites_in(name)}
    return np.array([float(site in meant) for site in range(len(geography.sites))])


def _sectors(names: Sequence[str], geography: Geography) -> Floats:
    """Return 1 for the sectors that are meant; (sector,)."""
    return _members(names, geography.sectors)


def _members(names: Sequence[str], members: Sequence[str]) -> Floats:
    return np.array([float("all" in names or member in names) for member in members])
