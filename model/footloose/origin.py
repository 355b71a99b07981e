"""Origin: the agreements of a scenario and what they come to between each market and site in a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from footloose.block import ONE_OR_MANY, Block, SectorOrAll, Sites, one_or_many, parameter
from footloose.dated import Date, DatedPath, Steps
from footloose.errors import nearest
from footloose.foresight import value_in
from footloose.history.agreements import Agreements, agreement_names, load_agreements
from footloose.schedule import behind_border
from footloose.world import Floats, Ints, World

Bools = npt.NDArray[np.bool_]
Percent = Annotated[DatedPath, Steps(0, 100)]
Names = Annotated[tuple[str, ...], BeforeValidator(one_or_many), Field(json_schema_extra=ONE_OR_MANY)]

PERCENT: JsonDict = {
    "unit": "percent",
    "range": [0, 100],
    "source": "none in the baseline; scenarios set it",
    "certainty": "C",
}


class Pact(Block):
    """A new agreement of a scenario; between two of its members it takes the place of older ones."""

    members: Sites
    """Sites and groups that belong to it; parts from any of them count."""

    start: Date = Field(alias="from")
    """First day in force."""

    required_content: float = parameter(
        50.0, unit="percent of value", low=0.0, high=100.0, source="usual in agreements, 40-60", certainty="B"
    )
    """Content from members that gives origin."""

    margin: float = parameter(
        100.0, unit="percent of the ordinary rate", low=0.0, high=100.0, source="100: free trade", certainty="B"
    )
    """Share of the ordinary rate that goods with origin do not pay."""


class Treaties(Block):
    """The agreements of a scenario."""

    agreements: Names = agreement_names()
    """Agreements of the table that firms weigh (usmca, rcep, eu_vietnam, eu_canada, eu_mexico)."""

    pacts: dict[str, Pact] = {}
    """New agreements by name."""

    ended: dict[str, Date] = {}
    """Agreements that are ended, with the first day without them: who complied pays the duty."""

    required: Annotated[dict[str, dict[SectorOrAll, Percent]], Field(json_schema_extra=PERCENT)] = {}
    """Required content by agreement and sector in place of the table's, dated [percent of value]."""

    waived: Annotated[dict[str, Percent], Field(json_schema_extra=PERCENT)] = {}
    """Share of the additional duties of the law that goods with origin do not pay, by agreement, dated."""

    deepening: Annotated[dict[str, Percent], Field(json_schema_extra=PERCENT)] = {}
    """Share of the remaining barriers between members that is removed, on goods and on parts, by agreement, dated."""

    @model_validator(mode="after")
    def _known_agreements(self) -> Self:
        """Refuse an agreement that is neither in the table nor among the pacts."""
        allowed = (*agreement_names(), *self.pacts)
        for given in (*self.agreements, *self.ended, *self.required, *self.waived, *self.deepening):
            if given not in allowed:
                details = {"kind": "agreement", "given": given, "allowed": allowed, "nearest": nearest(given, allowed)}
                raise PydanticCustomError("unknown_name", "unknown {kind} {given}", details)
        return self


@dataclass(frozen=True)
class Terms:
    """What holds between each market and site this year.

    agreement : (market, site) which of the agreements, -1 where none does
    open      : (market, 1, site) share of the year in which it does
    members   : (agreement, site)
    required  : (market, sector, site) content, fraction of value
    ordinary  : (market, sector, site) ordinary duty that goods with origin are spared, 0.25 = 25 %
    waived    : (market, 1, site) share of the law's additional duties they are spared
    on_top    : (market, 1, site) duty on goods without origin beyond the record's, 0.25 = 25 %
    used      : (market, 1, site) rise since 2010 of the share with the preference, as the rates of the record have it
    old       : (market, sector, site) ordinary duty these were spared
    """

    agreement: Ints
    open: Floats
    members: Floats
    required: Floats
    ordinary: Floats
    waived: Floats
    on_top: Floats
    used: Floats
    old: Floats


def terms_of(treaties: Treaties, world: World) -> Terms:
    """Return what holds this year; of two agreements between a market and a site the later in the list counts."""
    table, year = table_of(world), world.index
    rows = [table.names.index(name) for name in treaties.agreements if name in table.names]
    names, border = names_of(treaties), behind_border(world)
    members, margin = table.member[year, rows], table.margin[year, rows]
    required = required_by(treaties, world, table.required[year, rows])
    for pact in treaties.pacts.values():
        belongs = members_of(pact, world)
        members, margin = np.vstack([members, belongs]), np.vstack([margin, belongs * pact.margin / 100.0])
    meet = ((members @ border.T > 0.0)[:, :, None] & (members > 0.0)[:, None, :]) & (border == 0.0)
    latest, older = last_of(meet), last_of(meet[: len(rows)])
    in_force = np.array([1.0 - ended_share(treaties, name, world.year) for name in names])
    waived = np.array(
        [value_in(treaties.waived[name], world.year) / 100.0 if name in treaties.waived else 0.0 for name in names]
    )
    applied = table.applied[year][:, :, None]
    return Terms(
        agreement=latest,
        open=pick(in_force[:, None] * np.minimum(members, 1.0), latest),
        members=members,
        required=np.swapaxes(required[np.maximum(latest, 0)], 1, 2) if names else np.zeros(applied.shape),
        ordinary=pick(margin, latest) * applied,
        waived=pick(np.repeat(waived[:, None], members.shape[1], axis=1), latest),
        on_top=pick(table.without[year, rows], older),
        used=pick(table.used[year, rows] - table.used[0, rows], older),
        old=pick(table.margin[year, rows], older) * applied,
    )


def pick(values: Floats, agreement: Ints) -> Floats:
    """Return by market and site the value of the agreement that holds, zero where none does; (market, 1, site).

    values : (agreement, site); agreement: (market, site)
    """
    if not len(values):
        return np.zeros((agreement.shape[0], 1, agreement.shape[1]))
    chosen = values[np.maximum(agreement, 0), np.arange(values.shape[1])]
    return np.where(agreement >= 0, chosen, 0.0)[:, None, :]


def last_of(meet: Bools) -> Ints:
    """Return the last agreement that holds between a market and a site, -1 where none does; (market, site)."""
    if not len(meet):
        return np.full(meet.shape[1:], -1)
    return np.where(meet.any(axis=0), len(meet) - 1 - np.argmax(meet[::-1], axis=0), -1)


def required_by(treaties: Treaties, world: World, table: Floats) -> Floats:
    """Return the required content of agreements and pacts, as the scenario has it; (agreement, sector)."""
    pacts = [np.full(table.shape[1], pact.required_content / 100.0) for pact in treaties.pacts.values()]
    required, names = np.vstack([table, *pacts]), names_of(treaties)
    for name, sectors in treaties.required.items():
        for sector in sorted(sectors, key=lambda sector: sector != "all"):
            place = slice(None) if sector == "all" else world.setting.geography.sector(sector)
            steps = sectors[sector]
            if name in names and world.year >= steps.dates[0].year:
                required[names.index(name), place] = value_in(steps, world.year) / 100.0
    return required


def members_of(pact: Pact, world: World) -> Floats:
    """Return the share of the year in which a pact holds, for its members; (site,)."""
    belongs = np.zeros(world.setting.shape[3])
    for group in pact.members:
        belongs[list(world.setting.geography.sites_in(group))] = value_in(DatedPath((pact.start,), (1.0,)), world.year)
    return belongs


def ended_share(treaties: Treaties, name: str, year: int) -> float:
    """Return the share of a year in which an agreement has been ended."""
    return value_in(DatedPath((treaties.ended[name],), (1.0,)), year) if name in treaties.ended else 0.0


def names_of(treaties: Treaties) -> tuple[str, ...]:
    """Return the agreements weighed and the pacts, in this order."""
    return (*(name for name in treaties.agreements if name in agreement_names()), *treaties.pacts)


def table_of(world: World) -> Agreements:
    """Return the agreements of the package on the axes of this world."""
    geography = world.setting.geography
    return load_agreements(world.setting.history.years, geography.markets, geography.sites, geography.sectors)
