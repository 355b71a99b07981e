"""Circumvention: goods of third countries that are Chinese in all but name, and parcels too small to pay duty.

Anti-circumvention: China content of a good = input share x share of its parts from Chinese sites, first round. Firms
scatter around the mean of sector and site (logistic, `spread`), so a threshold hits a share of the goods,
1 / (1 + exp(-(content - threshold) / spread)), and customs finds `detection` of it: duty = rate x share x detection
(Freund et al. 2023; Iyoha et al. 2024: a sixth of Vietnam's sales to the United States by product, 2 % by firm).
Parcels: the share of a sector's goods from China that comes in parcels below the threshold pays no duty while the
exemption stands; the average duty on the sector falls by as much (Fajgelbaum and Khandelwal 2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Market, SectorOrAll, Sectors, Sites, parameter
from footloose.dated import Date, DatedPath, Steps
from footloose.foresight import expected_value, value_in
from footloose.ledger import Line
from footloose.schedule import added_to, behind_border, charged
from footloose.variables import Reported
from footloose.world import Floats, World, by_market_sector_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "circumvention_content": Reported(
        ("sector", "site"),
        "percent",
        "Chinese parts in the value of goods, first round.",
        "Circumvention|China Content",
    ),
    "circumvention_rate": Reported(
        ("market", "sector", "site"), "percent", "Mean anti-circumvention duty.", "Circumvention|Rate"
    ),
    "circumvention_parcels": Reported(
        ("sector",), "percent", "Share of goods from China exempt as parcels.", "Circumvention|Exempt Parcels"
    ),
}

RATE: JsonDict = {
    "unit": "percent",
    "range": [0, 1000],
    "source": "executive order of 2025-07-31: 40 percent on transshipped goods",
    "certainty": "B",
}
PARCELS: JsonDict = {
    "unit": "percent of trade",
    "range": [0, 100],
    "source": "65 USD billion in all sectors and from all countries in 2024, two thirds from China; split C, factor 2",
    "certainty": "C",
}
Percent = Annotated[DatedPath, Steps(0, 100)]


class Params(Block):
    """What is charged on circumvention, and what slips through as parcels."""

    rate: Annotated[dict[Market, Annotated[DatedPath, Steps(0, 1000)]], Field(json_schema_extra=RATE)] = {
        "united_states": DatedPath.of({date(2025, 8, 7): 40.0})
    }
    """Anti-circumvention duty by market, dated."""

    threshold: float = parameter(
        30.0,
        unit="percent of value",
        low=0.0,
        high=100.0,
        source="no threshold is published; 25-40 percent appear in talks with hosts",
        certainty="C",
    )
    """China content above which goods count as Chinese."""

    spread: float = parameter(
        8.0,
        unit="percentage points",
        low=0.1,
        high=50.0,
        source="4-10: makes 2-16 percent of Vietnam's electronics Chinese, as Iyoha et al. (2024) by firm, by product",
        certainty="D",
    )
    """Scale of the logistic scatter of firms' China content."""

    detection: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="origin is hard to prove; unverified, range 0.1-0.8",
        certainty="C",
    )
    """Share of the goods above the threshold that customs finds."""

    sites: Sites = ("asia_hosts", "nearshore_hosts")
    """Sites whose goods are examined."""

    sectors: Sectors = ("all",)
    """Sectors that are examined."""

    parcels: Annotated[dict[SectorOrAll, Percent], Field(json_schema_extra=PARCELS)] = {}
    """Share of a sector's goods from China in small parcels, dated; left out, none."""

    parcel_market: Market = "united_states"
    """Market that exempts parcels."""

    exempt_until: Date = date(2025, 5, 2)
    """First day on which parcels from China pay like all else; the law changes as a surprise."""


def cost(params: Params, world: World) -> Line:
    """Return what the duty adds and parcels save, log points, (market, sector, 1, site)."""
    law, goods = world.setting.law.tariffs, goods_found(params, world)
    now, believed = charged(world, law.now[world.index]), charged(world, law.expected[world.index])
    paid = rates(params, world) * goods - saved(params, world, now, exempt(params, world))
    lasting = expected_rates(params, world) * goods - saved(params, world, believed, exempt_at_the_end(params, world))
    return Line(by_market_sector_site(added_to(now, paid)), by_market_sector_site(added_to(believed, lasting)))


def duty(params: Params, world: World) -> Floats:
    """Return what is collected on top of the schedule, less what parcels do not pay; (market, sector, site)."""
    now = charged(world, world.setting.law.tariffs.now[world.index])
    relief = saved(params, world, now, exempt(params, world))
    return np.asarray(rates(params, world) * goods_found(params, world) - relief)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return China content, mean duty and exempt parcels, percent."""
    return {
        "circumvention_content": 100.0 * china_content(world),
        "circumvention_rate": 100.0 * rates(params, world) * goods_found(params, world),
        "circumvention_parcels": 100.0 * exempt(params, world),
    }


def rates(params: Params, world: World) -> Floats:
    """Return the anti-circumvention duty of each market this year, 0.4 = 40 %; (market, 1, 1)."""
    return _by_market({name: value_in(path, world.year) for name, path in params.rate.items()}, world)


def expected_rates(params: Params, world: World) -> Floats:
    """Return the duty a plant decided this year counts on; (market, 1, 1)."""
    beliefs = world.setting.law.beliefs
    return _by_market({name: expected_value(path, world.year, beliefs) for name, path in params.rate.items()}, world)


def goods_found(params: Params, world: World) -> Floats:
    """Return the share of goods that pay: examined, above the threshold, and found; (market, sector, site)."""
    geography = world.setting.geography
    columns = sorted({index for name in params.sites for index in geography.sites_in(name)})
    rows = [s for s, name in enumerate(geography.sectors) if "all" in params.sectors or name in params.sectors]
    examined = np.zeros((len(geography.sectors), len(geography.sites)))
    examined[np.ix_(rows, columns)] = params.detection
    found = examined * share_above(china_content(world), params.threshold, params.spread)
    return np.asarray(found[None] * (1.0 - behind_border(world))[:, None, :])


def china_content(world: World) -> Floats:
    """Return Chinese parts over the value of goods, first round, own Chinese value left out; (sector, site)."""
    china = list(world.setting.geography.sites_in("china"))
    inputs = np.asarray(world.setting.geography.traits["input_share"])
    content = inputs[:, None] * world.input_origin[:, :, china].sum(axis=2)
    content[:, china] = 0.0
    return np.asarray(content)


def share_above(content: Floats, threshold: float, spread: float) -> Floats:
    """Return the share of goods whose content is above the threshold; content a fraction, the others in percent."""
    return np.asarray(1.0 / (1.0 + np.exp((threshold - 100.0 * content) / spread)))


def exempt(params: Params, world: World) -> Floats:
    """Return the share of goods from China that paid nothing, average over the year; (sector,)."""
    first = date(world.year, 1, 1)
    days = (date(world.year + 1, 1, 1) - first) / timedelta(1)
    open_days = np.clip((params.exempt_until - first) / timedelta(1), 0.0, days)
    return np.asarray(open_days / days * parcel_shares(params, world))


def exempt_at_the_end(params: Params, world: World) -> Floats:
    """Return the share of goods from China that is exempt by the law of 31 December; (sector,)."""
    return parcel_shares(params, world) * float(date(world.year, 12, 31) < params.exempt_until)


def parcel_shares(params: Params, world: World) -> Floats:
    """Return the share of goods from China that comes in parcels; (sector,)."""
    path = DatedPath.constant(0.0)
    every = params.parcels.get("all", path)
    names = world.setting.geography.sectors
    return np.array([value_in(params.parcels.get(name, every), world.year) for name in names]) / 100.0


def saved(params: Params, world: World, schedule: Floats, share: Floats) -> Floats:
    """Return the duty that parcels from China save on average; (market, sector, site).

    schedule : (market, sector, site) what the law charges; share: (sector,) exempt
    """
    table = np.zeros_like(schedule)
    market, china = (
        world.setting.geography.market(params.parcel_market),
        list(world.setting.geography.sites_in("china")),
    )
    table[market][:, china] = share[:, None] * np.maximum(schedule[market][:, china], 0.0)
    return table


def _by_market(percent: Mapping[str, float], world: World) -> Floats:
    row = [percent.get(name, 0.0) / 100.0 for name in world.setting.geography.markets]
    return np.array(row)[:, None, None]
