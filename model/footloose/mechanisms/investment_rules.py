"""Investment rules: who may build where, what it takes a foreign owner to enter, and what a required partner learns.

Three kinds of law, read from the table of rules and replaced by a scenario from a date on:
    outbound    a home bars its owners from a share of new plants of a sector at a target: chance allowed = 1 - share
    screening   a host reviews a share R of the projects of an owner's home: some are held up, some given up, and all
                bear the cost of the review, so that others go elsewhere
    opening     entry restriction E (0 open, 1 closed) and joint-venture requirement V of a host for foreign owners:
                entry line = log(1 + entry cost x E + partner cost x V + review cost x R)
Ten percent less restriction goes with 2.1 percent more foreign investment (Mistura and Roulet 2019). Where partners are
required they learn (Bai, Barwick, Cao and Li 2023): local owners' cost falls by log(1 + gain x T), and what partners
know, T, follows V x share of foreign owners in the sector's output at the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, Origin, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.geography import Geography
from footloose.history.rules import Axes, all_first, broadest_first, in_force, load_rules
from footloose.ledger import Line
from footloose.variables import Reported
from footloose.world import BASE_YEAR, Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

LIMITS = {"outbound_barred": 100.0, "reviewed": 100.0, "entry_restriction": 1.0, "joint_venture": 100.0}
"""The rules of the table and the largest value of each."""

REPORTS = {
    "investment_rules_barred": Reported(
        ("origin", "site"),
        "percent",
        "Share of new plants that the owner's home bars there, sectors weighted with what the owner makes.",
        "Investment|Barred",
    ),
    "investment_rules_reviewed": Reported(
        ("origin", "site"),
        "percent",
        "Share of projects that the host reviews, sectors weighted with what the owner makes.",
        "Investment|Reviewed",
    ),
    "investment_rules_entry": Reported(
        ("sector", "site"),
        "percent of unit cost",
        "What entry costs a foreign owner beyond what it cost in the base year: restrictions and partners.",
        "Investment|Entry Cost",
    ),
    "investment_rules_foreign": Reported(
        ("sector", "site"), "percent", "Share of foreign owners in the output of last year.", "Investment|Foreign Share"
    ),
}


def levers(unit: str, high: float) -> JsonDict:
    """Return what is said of a lever by place: it replaces the table of rules from its first day on."""
    source = "the table of investment rules until a scenario replaces it"
    return {"unit": unit, "range": [0, high], "source": source, "certainty": "C"}


Percent = Annotated[DatedPath, Steps(0, 100)]
BySectorAt = dict[SiteOrGroup, dict[SectorOrAll, Percent]]


class Params(Block):
    """The rules of a scenario, and what rules cost."""

    outbound: Annotated[dict[Origin, BySectorAt], Field(json_schema_extra=levers("percent of new plants", 100))] = {}
    """Plants that an owner's home bars: home, target, sector."""

    screening: Annotated[
        dict[SiteOrGroup, dict[Origin, dict[SectorOrAll, Percent]]],
        Field(json_schema_extra=levers("percent of projects", 100)),
    ] = {}
    """Projects that a host reviews: host, owner's home, sector."""

    restriction: Annotated[
        dict[SiteOrGroup, dict[SectorOrAll, Annotated[DatedPath, Steps(0, 1)]]],
        Field(json_schema_extra=levers("index 0 to 1", 1)),
    ] = {}
    """Entry restriction for foreign owners, 0 = open, 1 = closed: host, sector. A shorter negative list lowers it."""

    joint_venture: Annotated[BySectorAt, Field(json_schema_extra=levers("percent of foreign plants", 100))] = {}
    """Foreign plants that need a local partner: host, sector."""

    entry_cost: float = parameter(
        30.0,
        unit="percent of unit cost",
        low=0.0,
        high=100.0,
        source="elasticity of foreign investment to the index 0.21 (Mistura and Roulet 2019) over an elasticity of "
        "location of 4.5 and an index of 0.1-0.2; range 10-50",
        certainty="D",
    )
    """What entry would cost a foreign owner where the restriction is complete."""

    partner_cost: float = parameter(
        2.0,
        unit="percent of unit cost",
        low=0.0,
        high=20.0,
        source="half of a profit of 4-5 percent of sales goes to the partner; unverified, range 1-4",
        certainty="C",
    )
    """What a required partner costs a foreign owner."""

    review_cost: float = parameter(
        1.0,
        unit="percent of unit cost",
        low=0.0,
        high=20.0,
        source="advice, waiting, conditions, the last on a tenth of reviewed cases in Europe; unverified, range 0.2-3",
        certainty="C",
    )
    """What a review costs the owner who is reviewed."""

    review_delay: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=0.9,
        source="in-depth reviews last months to more than a year; unverified, range 0.1-0.6",
        certainty="C",
    )
    """Chance a year that a reviewed project is held up by a year."""

    review_refusal: float = parameter(
        0.05,
        unit="1",
        low=0.0,
        high=0.9,
        source="European Union 2022-23: about 1 percent of reviewed cases blocked and 4 withdrawn; owners from China "
        "more often; recollection, range 0.02-0.2",
        certainty="C",
    )
    """Chance that a reviewed project is refused or withdrawn."""

    partner_gain: float = parameter(
        8.0,
        unit="percent of unit cost",
        low=0.0,
        high=20.0,
        source="joint ventures raised the quality of partners' own cars by 3.8-12.7 percent 2007-14, Bai et al. (2023)",
    )
    """What local owners gain where every plant is foreign and needs a partner."""

    partner_learning: float = parameter(
        0.15,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="the gains of Bai et al. (2023) took seven years; range 0.1-0.3",
        certainty="C",
    )
    """Yearly approach of what partners know to what they are exposed to."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return what partners know in the base year, as if rules had been there for long; (sector, site)."""
    return {"investment_rules_partners": exposure(params, world)}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Move what partners know towards what they are exposed to."""
    known = world.state["investment_rules_partners"]
    return {"investment_rules_partners": known + params.partner_learning * (exposure(params, world) - known)}


def cost(params: Params, world: World) -> Line:
    """Return what local owners gain from partners, and the entry cost of foreign ones; log points, full tables."""
    foreign = foreign_owner(world)
    gain = np.log1p(params.partner_gain / 100.0 * world.state["investment_rules_partners"])
    paid = -by_sector_site(gain) * (1.0 - foreign)
    return Line(now=paid, expected=paid, entry=entry(params, world))


def entry(params: Params, world: World) -> Floats:
    """Return log(1 + cost of restriction, partner and review) to foreign owners; (1, sector, origin, site)."""
    percent = host_cost(params, world) + params.review_cost * reviewed(params, world)
    return np.log1p(by_sector_origin_site(percent) / 100.0) * foreign_owner(world)


def permission(params: Params, world: World) -> Floats:
    """Return the chance that the owner's home allows a plant, relative to the base year; (1, sector, origin, site)."""
    allowed, before = (1.0 - barred(params, there) for there in (world, base_year(world)))
    return by_sector_origin_site(np.minimum(allowed / np.maximum(before, 1e-9), 1.0))


def delay(params: Params, world: World) -> Floats:
    """Return the yearly chance that a review holds a project up; (1, sector, origin, site)."""
    return by_sector_origin_site(params.review_delay * more_reviewed(params, world))


def refusal(params: Params, world: World) -> Floats:
    """Return the yearly chance that a review ends a project, its chance spread over the years of building."""
    years = np.asarray(world.setting.geography.traits["build_years"])[None, :, None]
    return by_sector_origin_site(params.review_refusal * more_reviewed(params, world) / years)


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the rules as they bear on owners, and how much foreign owners make."""
    more = host_cost(params, world) - host_cost(params, base_year(world))
    made = world.activity.sales.sum(axis=(0, 3))
    weight = (made / np.maximum(made.sum(axis=0), 1e-9)).T
    return {
        "investment_rules_barred": 100.0 * np.einsum("os,osj->oj", weight, barred(params, world)),
        "investment_rules_reviewed": 100.0 * np.einsum("os,osj->oj", weight, reviewed(params, world)),
        "investment_rules_entry": more[0],
        "investment_rules_foreign": 100.0 * foreign_share(world),
    }


def barred(params: Params, world: World) -> Floats:
    """Return the share of new plants an owner's home bars; (origin, sector, site)."""
    share = record(world, "outbound_barred")
    for home, targets in params.outbound.items():
        replace(share[world.setting.geography.origin(home)], targets, world)
    return share / 100.0


def reviewed(params: Params, world: World) -> Floats:
    """Return the share of projects the host reviews; (origin, sector, site)."""
    share = record(world, "reviewed")
    geography = world.setting.geography
    for host in broadest_first(params.screening, geography.groups):
        for home, by_sector in params.screening[host].items():
            replace(share[geography.origin(home)], {host: by_sector}, world)
    return np.asarray(share * np.swapaxes(foreign_owner(world)[0], 0, 1) / 100.0)


def more_reviewed(params: Params, world: World) -> Floats:
    """Return the share reviewed beyond that of the base year; (origin, sector, site)."""
    return np.maximum(reviewed(params, world) - reviewed(params, base_year(world)), 0.0)


def host_cost(params: Params, world: World) -> Floats:
    """Return what restriction and required partners cost a foreign owner [percent]; (1, sector, site)."""
    closed = record(world, "entry_restriction")[:1]
    replace(closed[0], params.restriction, world)
    return np.asarray(params.entry_cost * closed + params.partner_cost * partnered(params, world))


def partnered(params: Params, world: World) -> Floats:
    """Return the share of foreign plants that need a partner; (1, sector, site)."""
    share = record(world, "joint_venture")[:1]
    replace(share[0], params.joint_venture, world)
    return share / 100.0


def exposure(params: Params, world: World) -> Floats:
    """Return required partnership x foreign owners' share of output; (sector, site)."""
    return np.asarray(partnered(params, world)[0] * foreign_share(world))


def foreign_share(world: World) -> Floats:
    """Return foreign owners' share of the output of a sector at a site; (sector, site)."""
    made = world.activity.sales.sum(axis=0)
    whole = made.sum(axis=1)
    abroad = (made * foreign_owner(world)[0]).sum(axis=1)
    return np.where(whole > 0.0, abroad / np.maximum(whole, 1e-9), 0.0)


def foreign_owner(world: World) -> Floats:
    """Return 1 where an owner is not at home, 0 where one is; (1, 1, origin, site)."""
    return 1.0 - np.asarray(world.setting.geography.home_of, dtype=np.float64)[None, None, :, :]


def base_year(world: World) -> World:
    """Return the view of the base year: the rules that held then."""
    return World(world.setting, BASE_YEAR, world.state, world.activity)


def record(world: World, rule: str) -> Floats:
    """Return a copy of what the table of rules says this year; (origin, sector, site)."""
    return np.array(table(world.setting.geography)[rule][world.index])


@lru_cache(maxsize=8)
def table(geography: Geography) -> Mapping[str, Floats]:
    """Return the table of rules from the base year on; each (year, origin, sector, site)."""
    axes = Axes(geography.origins, geography.sectors, geography.sites, geography.groups)
    return load_rules("investment_rules.csv", LIMITS, range(BASE_YEAR, BASE_YEAR + 60), axes)


def replace(share: Floats, by_place: Mapping[str, Mapping[str, DatedPath]], world: World) -> None:
    """Put a scenario's rules in the place of the record's from their first day on; share: (sector, site), changed."""
    geography = world.setting.geography
    for place in broadest_first(by_place, geography.groups):
        for sector in all_first(by_place[place]):
            sectors = range(len(geography.sectors)) if sector == "all" else (geography.sector(sector),)
            cells = np.ix_(sectors, geography.sites_in(place))
            share[cells] = in_force(share[cells], by_place[place][sector], world.year)


def by_sector_origin_site(values: Floats) -> Floats:
    """Shape (origin, sector, site) to broadcast over cost tables."""
    return np.swapaxes(values, 0, 1)[None]
