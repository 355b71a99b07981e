"""Policies of a scenario as dated instruments: tariffs, subsidies and export controls in natural units.

Each has an announcement, a first day, possibly an end, and what firms believe of it. All become one numeric
form, `footloose.history.PolicyRow`, that of the policy record: history and scenario are one kind of law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from footloose.block import Block, Market, Sectors, Sites
from footloose.dated import BySector, Date, DatedPath, Rate
from footloose.policies.believed import Believed

if TYPE_CHECKING:
    from footloose.geography import Geography
    from footloose.history import PolicyRow

Floats = npt.NDArray[np.float64]
SLUG = r"^[a-z0-9][a-z0-9_-]*$"


def amount(high: float, unit: str) -> Any:
    """Declare an optional amount of an instrument with its unit and upper end."""
    return Field(None, json_schema_extra={"unit": unit, "range": [0, high]})


class Policy(Block):
    """What every instrument has: a reach, dates, a belief, an authority."""

    sites: Sites
    """Where the goods are made, or the plants stand: sites and groups such as china, asia_hosts; or all."""

    sectors: Sectors = ("all",)
    """The sectors it applies to, or all; left out when the rate is given by sector."""

    announced: Date | None = None
    """Day of announcement; when left out, the first day. Firms react from here on."""

    start: Date = Field(alias="from")
    """First day in force. A year means 1 January."""

    until: Date | None = None
    """First day no longer in force: from 2027 until 2029 is two years. Open end when left out."""

    believed: Believed = Believed()
    """A fixed yearly chance of reversal (0-1), permanent, {lasts: years}, learned, {learned: first chance}."""

    authority: str = Field("scenario", pattern=SLUG)
    """The law it rests on. Instruments of one authority and market stack by their rule; authorities add."""

    stacking: Literal["add", "max", "exclusive"] = "add"
    """Within its authority: add to the others, count only where larger, or replace earlier ones."""

    @field_validator("start")
    @classmethod
    def _announced_first(cls, start: date, info: ValidationInfo) -> date:
        announced = info.data.get("announced")
        if announced is not None and announced > start:
            dates = {"announced": announced.isoformat(), "start": start.isoformat()}
            raise PydanticCustomError("date_order", "from {start} is before announced {announced}", dates)
        return start

    @field_validator("until")
    @classmethod
    def _ends_after_start(cls, until: date | None, info: ValidationInfo) -> date | None:
        return ends_after(until, info.data.get("start"))

    def with_all_sites(self, geography: Geography) -> Self:
        """Return the same instrument on every site."""
        return self.model_copy(update={"sites": geography.sites})

    def _rates(self, rate: BySector, factor: float, geography: Geography) -> tuple[tuple[date, ...], Floats]:
        """Return the days on which a rate changes and the rates (date, sector, site) from each of them on."""
        by_sector = self._by_sector(rate, geography.sectors)
        changes = {day for path in by_sector.values() for day in path.dates}
        inside = {day for day in changes if day > self.start and (self.until is None or day < self.until)}
        dates = (self.start, *sorted(inside))
        sites = sorted({index for name in self.sites for index in geography.sites_in(name)})
        rates = np.zeros((len(dates), len(geography.sectors), len(geography.sites)))
        for sector, path in by_sector.items():
            for position, day in enumerate(dates):
                rates[position, geography.sectors.index(sector), sites] = path.on(day) * factor
        return dates, rates

    def _by_sector(self, rate: BySector, sectors: tuple[str, ...]) -> dict[str, DatedPath]:
        if not isinstance(rate, DatedPath):
            return dict(rate)
        return dict.fromkeys(sectors if "all" in self.sectors else self.sectors, rate)

    def _sector_mistake(self, rate: BySector | None) -> str | None:
        """Return what is wrong between `sectors` and a rate by sector, if anything."""
        if rate is None or isinstance(rate, DatedPath) or "all" in self.sectors:
            return None
        left = sorted(set(rate) ^ set(self.sectors))
        return f"`sectors` and the rates by sector differ in {', '.join(left)}; leave `sectors` out" if left else None


class Tariff(Policy):
    """A duty of one market on goods made elsewhere, on top of what the law already charges."""

    kind: Literal["tariff"]
    """tariff"""

    market: Market
    """The importing market."""

    rate: Annotated[BySector, Rate(high=1000)] = Field(json_schema_extra={"unit": "percent", "range": [0, 1000]})
    """Duty on the value of goods: a number, a dated path {2025: 10, 2027-07-01: 25}, or either by sector."""

    coverage: float = Field(1.0, ge=0, le=1, json_schema_extra={"unit": "share", "range": [0, 1]})
    """Share of the trade of these sectors and sites that pays the duty."""

    @model_validator(mode="after")
    def _consistent(self) -> Tariff:
        _refuse(self._sector_mistake(self.rate))
        return self

    def as_row(self, identifier: str, geography: Geography) -> PolicyRow:
        """Return the numeric form; goods made inside the market's own customs border pay nothing.

        rates are percentage points on all trade of a sector from a site: rate x coverage.
        """
        dates, rates = self._rates(self.rate, self.coverage, geography)
        rates[:, :, list(domestic_sites(self.market, geography))] = 0.0
        return _row(self, identifier, dates, rates, market=self.market)


FORMS = ("capex_share", "usd_per_job", "output_share", "usd_per_unit")


class Subsidy(Policy):
    """Support for making goods at a site, in one of four forms."""

    kind: Literal["subsidy"]
    """subsidy"""

    capex_share: Annotated[BySector, Rate(high=100)] | None = amount(100, "percent of capital cost")
    """Grant or tax credit on investment."""

    usd_per_job: Annotated[BySector, Rate(high=10_000_000)] | None = amount(10_000_000, "USD per job")
    """Grant per job created."""

    output_share: Annotated[BySector, Rate(high=100)] | None = amount(100, "percent of output value")
    """Production credit as a share of the value of output."""

    usd_per_unit: Annotated[BySector, Rate(high=10_000_000)] | None = amount(10_000_000, "USD per unit")
    """Production credit per unit of output, such as USD 35 per kWh of battery; needs unit_price_usd."""

    unit_price_usd: float | None = Field(
        None, gt=0, le=1_000_000_000, json_schema_extra={"unit": "USD per unit", "range": [0, 1_000_000_000]}
    )
    """Price of the unit that usd_per_unit is paid on."""

    budget_usd_billion: float | None = Field(
        None, gt=0, le=100_000, json_schema_extra={"unit": "USD billion", "range": [0, 100_000]}
    )
    """Money there is in all; no limit when left out."""

    new_plants_only: bool = True
    """true: only plants opened under the programme; false: plants that stand already get it too."""

    claw_back: float = Field(0.0, ge=0, le=100, json_schema_extra={"unit": "percent of the grant", "range": [0, 100]})
    """Part of a grant that has to be given back when its project is cancelled or its plant leaves too soon."""

    claw_back_years: float = Field(5.0, ge=0, le=30, json_schema_extra={"unit": "years", "range": [0, 30]})
    """Years after its opening within which a plant that leaves gives the grant back."""

    @model_validator(mode="after")
    def _consistent(self) -> Subsidy:
        for message in subsidy_mistakes(self.model_dump(exclude_none=True)):
            _refuse(message)
        for form in FORMS:
            _refuse(self._sector_mistake(getattr(self, form)))
        return self

    @property
    def form(self) -> str:
        """The one form it is given in."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    def as_row(self, identifier: str, geography: Geography) -> PolicyRow:
        """Return the numeric form; support per unit becomes percent of output value at the unit's price."""
        form, factor = self.form, 1.0
        if form == "usd_per_unit" and self.unit_price_usd is not None:
            factor = 100.0 / self.unit_price_usd
        dates, rates = self._rates(getattr(self, form), factor, geography)
        row = _row(self, identifier, dates, rates, form="output_share" if form == "usd_per_unit" else form)
        return replace(row, claw_back=self.claw_back, claw_back_years=self.claw_back_years)


class ExportControl(Policy):
    """A market forbids sending parts and tools to sites elsewhere."""

    kind: Literal["export_control"]
    """export_control"""

    market: Market
    """The market whose law it is."""

    parts_affected: Annotated[BySector, Rate(high=100)] = Field(
        json_schema_extra={"unit": "percent of the sector's parts", "range": [0, 100]}
    )
    """Parts of these sectors that plants there no longer get: a number, a dated path, or either by sector."""

    @model_validator(mode="after")
    def _consistent(self) -> ExportControl:
        _refuse(self._sector_mistake(self.parts_affected))
        return self

    def as_row(self, identifier: str, geography: Geography) -> PolicyRow:
        """Return the numeric form in percent of the sector's parts; sites inside the market's border get them all."""
        dates, rates = self._rates(self.parts_affected, 1.0, geography)
        rates[:, :, list(domestic_sites(self.market, geography))] = 0.0
        return _row(self, identifier, dates, rates, market=self.market)


Instrument: TypeAlias = Tariff | Subsidy | ExportControl
INSTRUMENTS: dict[str, type[Tariff] | type[Subsidy] | type[ExportControl]] = {
    "tariff": Tariff,
    "subsidy": Subsidy,
    "export_control": ExportControl,
}


def ends_after(until: date | None, start: date | None) -> date | None:
    """Return `until`; refused where it is not after the first day."""
    if until is not None and start is not None and until <= start:
        dates = {"until": until.isoformat(), "start": start.isoformat()}
        raise PydanticCustomError("date_order", "until {until} is not after from {start}", dates)
    return until


def subsidy_mistakes(data: Mapping[str, object]) -> list[str]:
    """Return what is wrong with the form of a subsidy: one of four, and a price where it is per unit."""
    given = [form for form in FORMS if form in data]
    messages = []
    if len(given) != 1:
        said = f"; given: {', '.join(given)}" if given else "; it is missing"
        messages.append(f"a subsidy takes exactly one of {', '.join(FORMS)}{said}")
    if ("usd_per_unit" in data) != ("unit_price_usd" in data):
        messages.append("usd_per_unit and unit_price_usd go together; one of them is missing")
    if data.get("claw_back") and not {"capex_share", "usd_per_job"} & set(given):
        messages.append("claw_back goes with a grant, capex_share or usd_per_job; a credit on output ends by itself")
    return messages


def domestic_sites(market: str, geography: Geography) -> tuple[int, ...]:
    """Return the sites inside a market's own customs border: of its country, or on its home shore."""
    inside = set(geography.sites_in(market)) if market in geography.groups else set()
    shore = geography.shore_of[geography.markets.index(market)] == geography.shores.index("home")
    return tuple(sorted(inside | {int(site) for site in np.flatnonzero(shore)}))


def _refuse(message: str | None) -> None:
    if message:
        raise PydanticCustomError("inconsistent", "{message}", {"message": message})


def _row(
    policy: Instrument,
    identifier: str,
    dates: tuple[date, ...],
    rates: Floats,
    market: str = "",
    form: str = "",
) -> PolicyRow:
    from footloose.history import PolicyRow

    rates.setflags(write=False)
    return PolicyRow(
        id=identifier,
        kind=policy.kind,
        authority=policy.authority,
        market=market,
        announced=policy.announced or policy.start,
        start=policy.start,
        until=None if policy.until is None else policy.until - timedelta(days=1),
        stacking=policy.stacking,
        dates=dates,
        rates=rates,
        form=form,
        budget_usd_billion=policy.budget_usd_billion if isinstance(policy, Subsidy) else None,
        new_plants_only=isinstance(policy, Subsidy) and policy.new_plants_only,
        reversal=policy.believed.reversal,
        reversal_source="scenario file",
        title=identifier.replace("_", " ").replace("-", " "),
        source="scenario file",
        certainty="C",
    )
