"""Subsidy race: regions and countries answer a rival's support with support of their own for new plants.

Reaction function of policy competition (Devereux, Lockwood and Redoano 2008, there for taxes): a member moves its
offer, in percent of a plant's capital cost, towards a share of the best rise among its rivals,

    b' = b + speed x (clip(max_g rho_g max_k (o_k - o_k of the reference year) - own rise, 0, ceiling) - b)

with o what the law and the race offer at k, g the two leagues: regions of one country (M09), countries (M37).
New plants count on the part of b that the yearly budget paid last year. Line, for entrants alone, sector and site:

    log(1 - b x honoured part x capital per output x annuity)
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, Sites, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.ledger import Line
from footloose.levers import by_site
from footloose.support import annuity, budget_left, per_job, percent_of_capital
from footloose.variables import USD, Reported
from footloose.world import BASE_YEAR, Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

REPORTS = {
    "subsidy_race_offer": Reported(
        ("sector", "site"),
        "percent of capital cost",
        "Support for new plants offered in answer to rivals, as far as the budget honours it.",
        "Subsidy Race|Offer",
    ),
    "subsidy_race_outlay": Reported(
        ("sector", "site"),
        USD,
        "Paid this year on such offers, for the plants announced last year.",
        "Subsidy Race|Outlay",
    ),
}

BUDGET: JsonDict = {
    "unit": "percent of manufacturing output a year",
    "range": [0, 10],
    "source": "document 004: USD 100 billion a year of US support are 1.5-2 % of its output; part unverified, 0.1-2",
    "certainty": "C",
}

NAMES: JsonDict = {"unit": "names", "source": "documents 001 and 004: who is said to answer", "certainty": "D"}


class Params(Block):
    """Who answers whom, how strongly, and with how much money."""

    between_regions: Annotated[DatedPath, Steps(0, 100)] = path(
        {2010: 0, 2021: 50},
        unit="percent",
        low=0,
        high=100,
        source="document 004: states outbid one another, the largest wave since 1980; strength unverified, range 20-90",
        certainty="C",
    )
    """Part of the best rise among the other regions of the country that a region answers."""

    between_countries: Annotated[DatedPath, Steps(0, 100)] = path(
        {2010: 0, 2023: 50},
        unit="percent",
        low=0,
        high=100,
        source="EU framework for matching aid and Korean tax credits, both of 2023; strength unverified, range 20-90",
        certainty="C",
    )
    """Part of the best rise among other countries that a country answers."""

    regions: Sites = Field(("united_states",), json_schema_extra=NAMES)
    """Countries, or some of their regions, whose regions outbid one another."""

    countries: Sites = Field(("european_union", "advanced_asia", "india", "vietnam", "mexico"), json_schema_extra=NAMES)
    """Countries that answer other countries."""

    reference_year: float = parameter(
        2010, unit="year", low=2010, high=2035, source="what was usual before the laws of 2022", certainty="D"
    )
    """Year whose offers are no provocation; only what rose since is answered."""

    speed: float = parameter(
        0.5,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="answers to the US laws of August 2022 came into force in 2023-24; range 0.3-1",
        certainty="C",
    )
    """Yearly approach of an offer to what is aimed at."""

    yearly_budget: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 10)]], Field(json_schema_extra=BUDGET)] = {
        "all": DatedPath.constant(0.3)
    }
    """What each site may pay in a year [percent of its manufacturing output]; the narrower name holds."""

    highest_share: float = parameter(
        40.0,
        unit="percent of capital cost",
        low=0.0,
        high=100.0,
        source="chip plants: 40 % in Kumamoto, half in Dresden (press reports); other sectors less",
        certainty="B",
    )
    """Ceiling of all offers at a site together; the race never adds beyond it."""

    cap_per_job: Annotated[DatedPath, Steps(0, 10_000_000)] = path(
        {2010: 10_000_000},
        unit="USD per job",
        low=0,
        high=10_000_000,
        source="none agreed so far; document 004: 5,000 usual, 30,000 for electric cars, single packages 200,000",
        certainty="D",
    )
    """Cap agreed among all members on what is offered per job."""

    no_poaching_pact: Annotated[DatedPath, Steps(0, 100)] = path(
        {2010: 0}, unit="percent", low=0, high=100, source="none in force between the regions named", certainty="D"
    )
    """Part of the answers between regions of one country that a pact rules out."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return no offers, all honoured, nothing paid."""
    _, sectors, _, sites = world.setting.shape
    nothing = np.zeros((sectors, sites))
    return {
        "subsidy_race_offer": nothing,
        "subsidy_race_paid": nothing.copy(),
        "subsidy_race_honoured": np.ones(sites),
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Pay for the plants announced, within the budget; move offers towards what is aimed at."""
    offer, honoured = world.state["subsidy_race_offer"], world.state["subsidy_race_honoured"]
    percent = by_site(params.yearly_budget, world.setting.geography, world.year)
    budget = percent / 100.0 * world.activity.output.sum(axis=0)
    in_full = offer / 100.0 * capital(world) * world.activity.begun.sum(axis=0)
    promised = in_full * honoured
    return {
        "subsidy_race_offer": offer + params.speed * (aimed_at(params, world) - offer),
        "subsidy_race_paid": promised * covered(budget, promised.sum(axis=0)),
        "subsidy_race_honoured": covered(budget, in_full.sum(axis=0)),
    }


def cost(params: Params, world: World) -> Line:
    """Return the support of the race, what only an entrant gets; log points, (1, sector, 1, site)."""
    nothing = np.zeros((1, 1, 1, 1))
    fraction = in_force(world) / 100.0 * capital(world) * spread(world)
    return Line(now=nothing, expected=nothing, entry=by_sector_site(np.log1p(-np.minimum(fraction, 0.9))))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return offers in force and what was paid on last year's; (sector, site) each."""
    return {"subsidy_race_offer": in_force(world), "subsidy_race_outlay": world.state["subsidy_race_paid"]}


def in_force(world: World) -> Floats:
    """Return the offers as far as firms count on them; (sector, site) percent of capital cost."""
    return np.asarray(world.state["subsidy_race_offer"] * world.state["subsidy_race_honoured"])


def aimed_at(params: Params, world: World) -> Floats:
    """Return the offer each member aims at, zero for those outside; (sector, site) percent of capital cost."""
    geography = world.setting.geography
    own, before = law_offers(world), law_offers(world, round(params.reference_year))
    rise = own + in_force(world) - before
    country = np.asarray(geography.country_of_site)
    same = country[:, None] == country[None, :]
    among_regions = params.between_regions.in_year(world.year) * (
        1.0 - params.no_poaching_pact.in_year(world.year) / 100.0
    )
    answer = np.maximum(
        among_regions * members(params.regions, world) * best(rise, same & ~np.eye(country.size, dtype=bool)),
        params.between_countries.in_year(world.year) * members(params.countries, world) * best(rise, ~same),
    )
    ceiling = np.minimum(params.highest_share, per_job(params.cap_per_job.in_year(world.year), world))
    return np.clip(answer / 100.0 - np.maximum(own - before, 0.0), 0.0, np.maximum(ceiling - own, 0.0))


def law_offers(world: World, year: int | None = None) -> Floats:
    """Return what the instruments of the law offer a new plant; (sector, site) percent of capital cost.

    year : the year whose rates to take, as they stood then; without, this year's, as far as there is money
    """
    _, sectors, _, sites = world.setting.shape
    total, life = np.zeros((sectors, sites)), spread(world)
    for table in world.setting.law.subsidies:
        index = world.index if year is None else min(year - BASE_YEAR, world.index)
        rate = table.now[index] * (budget_left(table, world) if year is None else 1.0)
        total += percent_of_capital(table, world, rate, life)
    return total


def best(rise: Floats, rivals: Floats) -> Floats:
    """Return the largest rise among the rivals of each site, none below zero; (sector, site).

    rivals : (site, site) true where the second is a rival of the first
    """
    return np.asarray(np.max(np.where(rivals[None], np.maximum(rise, 0.0)[:, None, :], 0.0), axis=2))


def members(names: tuple[str, ...], world: World) -> Floats:
    """Return 1 for the sites named; (site,)."""
    geography, chosen = world.setting.geography, np.zeros(world.setting.shape[3])
    for name in names:
        chosen[list(geography.sites_in(name))] = 1.0
    return chosen


def covered(budget: Floats, wanted: Floats) -> Floats:
    """Return the part of what is wanted that the budget covers; (site,)."""
    return np.where(wanted > budget, budget / np.maximum(wanted, 1e-300), 1.0)


def capital(world: World) -> Floats:
    """Return capital per yearly output; (sector, 1)."""
    return np.asarray(world.setting.geography.traits["capital_per_output"])[:, None]


def spread(world: World) -> float:
    """Return the annuity of a plant over the horizon of plant decisions."""
    beliefs = world.setting.law.beliefs
    return annuity(beliefs.horizon_years, beliefs.discount_rate)
