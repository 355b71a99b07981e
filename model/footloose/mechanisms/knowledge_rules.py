"""Knowledge rules: what it costs a foreign owner to place knowledge where it leaks, or data where they may not leave.

Line of owners who are not at home, with P the protection of intellectual property at the site, D how far rules restrict
data, and the sector's intensities of research r and of data d:
    ip cost x r x (1 - P) + data cost x d x D - talent elasticity x r x log(1 + M) / theta
so that research (r = 1) stays away where assembly (r = 0.02-0.3) goes. Stronger rights raise research and royalties of
US affiliates by more than 20-30 percent (Branstetter, Fisman and Foley 2006). The last term turns a rise M of the
talent there into research at an elasticity (theta: the sector's elasticity of location). All owners at a site that
leads n international standards more sell more by `standard_premium` each: line = -n log(1 + premium) / theta.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.geography import Geography
from footloose.history.rules import Axes, all_first, broadest_first, in_force, load_rules
from footloose.ledger import Line
from footloose.variables import Reported
from footloose.world import BASE_YEAR, Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

LIMITS = {"intellectual_property": 100.0, "data_restriction": 1.0}
"""The rules of the table and the largest value of each."""

REPORTS = {
    "knowledge_rules_burden": Reported(
        ("sector", "site"),
        "percent of unit cost",
        "What rules on knowledge and data cost a foreign owner.",
        "Knowledge|Burden",
    ),
    "knowledge_rules_research": Reported(
        ("origin", "site"),
        "percent",
        "Share of laboratories and headquarters in what owners make at a site, last year: research against assembly.",
        "Knowledge|Research Share",
    ),
    "knowledge_rules_abroad": Reported(
        ("origin", "site"),
        "percent",
        "Where owners have their laboratories and headquarters: share of a site in all of theirs, last year.",
        "Knowledge|Laboratories",
    ),
}


def lever(unit: str, low: float, high: float, source: str) -> JsonDict:
    """Return what is said of a lever by place."""
    return {"unit": unit, "range": [low, high], "source": source, "certainty": "C"}


TABLE = "the table of knowledge rules until a scenario replaces it"
NONE = "none; scenarios set it"


class Params(Block):
    """The rules of a scenario, and what rules cost."""

    protection: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=lever("percent", 0, 100, TABLE))
    ] = {}
    """Protection of intellectual property by host, 100 = complete."""

    data_rules: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 1)]],
        Field(json_schema_extra=lever("index 0 to 1", 0, 1, TABLE)),
    ] = {}
    """How far rules restrict data by host: 0 = data flow freely, 1 = none may leave."""

    talent: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(-50, 200)]],
        Field(json_schema_extra=lever("percent", -50, 200, NONE)),
    ] = {}
    """Rise of the maturity of the talent there over the base year."""

    standards: Annotated[
        dict[SiteOrGroup, dict[SectorOrAll, Annotated[DatedPath, Steps(0, 100)]]],
        Field(json_schema_extra=lever("standards", 0, 100, NONE)),
    ] = {}
    """International standards a place leads in a sector, beyond those of the base year."""

    ip_cost: float = parameter(
        35.0,
        unit="percent of unit cost",
        low=0.0,
        high=150.0,
        source="25 percent more research for a reform of 20 points (Branstetter et al. 2006, step of the index "
        "unverified) at an elasticity of location of 3; range 15-80",
        certainty="D",
    )
    """What pure research would cost more where nothing is protected."""

    data_cost: float = parameter(
        5.0,
        unit="percent of unit cost",
        low=0.0,
        high=30.0,
        source="a cloud firm 20 percent below its plan in China (document 001) would be 8; unverified, range 1-8",
        certainty="C",
    )
    """What a fully data-intensive activity would cost more where no data may leave."""

    talent_elasticity: float = parameter(
        0.0,
        unit="1",
        low=0.0,
        high=1.5,
        source="15 percent more foreign research for 10 percent more mature talent is a claim of document 001 whose "
        "source cannot be found: a ceiling for scenarios, not a default",
        certainty="C",
    )
    """Elasticity of foreign owners' research with respect to the maturity of talent."""

    standard_premium: float = parameter(
        0.0,
        unit="percent of sales per standard",
        low=0.0,
        high=15.0,
        source="12-15 percent per standard is a claim of document 001 whose source cannot be found: a ceiling for "
        "scenarios, not a default",
        certainty="C",
    )
    """What leading one international standard adds to the sales of a sector."""


def cost(params: Params, world: World) -> Line:
    """Return the cost of rules to foreign owners less what standards bring, log points, (1, sector, origin, site)."""
    foreign = 1.0 - np.asarray(world.setting.geography.home_of, dtype=np.float64)[None, None, :, :]
    rules = np.log1p(by_sector_site(burden(params, world)) / 100.0) - by_sector_site(talent_gain(params, world))
    return Line.certain(rules * foreign - by_sector_site(standards_gain(params, world)))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return the burden of rules, and where owners do research rather than assembly."""
    research = world.setting.geography.sector("research")
    made = world.activity.sales.sum(axis=0)
    laboratories, whole = made[research], made.sum(axis=0)
    return {
        "knowledge_rules_burden": burden(params, world),
        "knowledge_rules_research": 100.0 * laboratories / np.maximum(whole, 1e-9),
        "knowledge_rules_abroad": 100.0 * laboratories / np.maximum(laboratories.sum(axis=1, keepdims=True), 1e-9),
    }


def burden(params: Params, world: World) -> Floats:
    """Return ip cost x r x (1 - P) + data cost x d x D [percent]; (sector, site)."""
    traits = world.setting.geography.traits
    exposed = 1.0 - in_place(world, "intellectual_property", params.protection) / 100.0
    restricted = in_place(world, "data_restriction", params.data_rules)
    knowledge = params.ip_cost * np.asarray(traits["rd_intensity"])[:, None] * exposed
    data = params.data_cost * np.asarray(traits["data_intensity"])[:, None] * restricted
    return np.asarray(knowledge + data)


def talent_gain(params: Params, world: World) -> Floats:
    """Return talent elasticity x r x log(1 + M) / theta, log points, (sector, site)."""
    traits = world.setting.geography.traits
    rise = np.zeros(len(world.setting.geography.sites))
    for place in broadest_first(params.talent, world.setting.geography.groups):
        rise[list(world.setting.geography.sites_in(place))] = params.talent[place].in_year(world.year) / 100.0
    pull = params.talent_elasticity * np.asarray(traits["rd_intensity"]) / np.asarray(traits["trade_elasticity"])
    return np.multiply.outer(pull, np.log1p(rise))


def standards_gain(params: Params, world: World) -> Floats:
    """Return n log(1 + premium) / theta, log points, (sector, site)."""
    geography = world.setting.geography
    led = np.zeros((len(geography.sectors), len(geography.sites)))
    for place in broadest_first(params.standards, geography.groups):
        by_sector = params.standards[place]
        for sector in all_first(by_sector):
            sectors = range(len(geography.sectors)) if sector == "all" else (geography.sector(sector),)
            led[np.ix_(sectors, geography.sites_in(place))] = by_sector[sector].in_year(world.year)
    theta = np.asarray(geography.traits["trade_elasticity"])[:, None]
    return np.asarray(led * np.log1p(params.standard_premium / 100.0) / theta)


def in_place(world: World, rule: str, levers: Mapping[str, DatedPath]) -> Floats:
    """Return a rule of the table, replaced by a scenario's from its first day on; (site,)."""
    geography = world.setting.geography
    values = np.array(table(geography)[rule][world.index])
    for place in broadest_first(levers, geography.groups):
        sites = list(geography.sites_in(place))
        values[sites] = in_force(values[sites], levers[place], world.year)
    return values


@lru_cache(maxsize=8)
def table(geography: Geography) -> Mapping[str, Floats]:
    """Return the table of rules from the base year on; each (year, site)."""
    axes = Axes(geography.origins, geography.sectors, geography.sites, geography.groups)
    rules = load_rules("knowledge_rules.csv", LIMITS, range(BASE_YEAR, BASE_YEAR + 60), axes)
    return {rule: values[:, 0, 0, :] for rule, values in rules.items()}
