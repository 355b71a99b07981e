"""Upgrading: how a dear region stays viable by smart factories, by brand and technology, and by services.

Smart factories spread logistically (Griliches 1957) towards the share of plants a programme aims at,
    d' = d + b d (1 - d / D);
a smart plant is cheaper by `digital_gain` and delivers sooner. Effort for brand and own technology is a cost when it is
made and matures after `gestation` years (document 003: seven, one display maker, 2007-2014), if it is not given up:
    P(t+1) = (1 - decay) P(t) + e(t - 7) x (1 - failure - impatience x (1 - patient finance))^7;
the price premium, written as a lower cost per unit of value, is return x P x upgraded segment (Griliches 1979; Hall,
Mairesse and Mohnen 2010). Services tie customers in (Crozet and Milet 2017). Without a lever nothing happens: what was
done until today is in measured productivity.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line
from footloose.levers import by_site, growth_by_sector
from footloose.variables import Reported
from footloose.world import BASE_YEAR, Floats, World, by_sector_site
from footloose.world import by_site as across

BASELINE = False
EVIDENCE = "story"

REPORTS = {
    "upgrading_premium": Reported(
        ("sector", "site"), "percent", "Price premium of brand and own technology.", "Upgrading|Premium"
    ),
    "upgrading_digital": Reported(
        ("site",), "percent", "Share of plants that are smart factories.", "Upgrading|Digital"
    ),
    "upgrading_service": Reported(("site",), "percent", "Share of plants tied in by services.", "Upgrading|Services"),
    "upgrading_pipeline": Reported(
        ("site",), "percent of a year's output", "Effort for brand and technology not yet mature.", "Upgrading|Pipeline"
    ),
    "upgrading_segment": Reported(
        ("sector",), "percent", "Share of the upgraded segment in what markets want.", "Upgrading|Segment"
    ),
}


def shares(what: str, high: float, source: str, unit: str = "percent of plants") -> JsonDict:
    """Return what is said about a lever: unit, range, source."""
    return {"unit": unit, "range": [0, high], "source": f"none: {what}; {source}", "certainty": "C"}


Percent = Annotated[DatedPath, Steps(0, 100)]
Effort = Annotated[DatedPath, Steps(0, 20)]
Growth = Annotated[DatedPath, Steps(-30, 50)]
SMART = shares(
    "the aim of a programme", 100, "document 003: the industrial internet reaches 85 % of industrial branches"
)
SERVICE = shares("the aim of a programme", 100, "document 004: service links as one of three ways")
PATIENT = shares(
    "projects with patient money", 100, "document 003: seven years without a product", "percent of projects"
)
SPENDING = shares("effort a year", 20, "R&D of manufacturers 1-10 % of output", "percent of output")
SEGMENT: JsonDict = {
    "unit": "percent per year",
    "range": [-30, 50],
    "source": "none: growth of the upgraded segment beyond the rest; document 003: smart homes double in 3-5 years",
    "certainty": "C",
}


class Params(Block):
    """What programmes aim at, how long it takes and what it brings."""

    smart_factories: Annotated[dict[SiteOrGroup, Percent], Field(json_schema_extra=SMART)] = {}
    """Share of plants a programme for smart factories and the industrial internet aims at, dated, by site or group."""

    effort: Annotated[dict[SiteOrGroup, Effort], Field(json_schema_extra=SPENDING)] = {}
    """Yearly effort for brand and own technology of a goods sector of mean R&D intensity, dated, by site or group."""

    patient_finance: Annotated[dict[SiteOrGroup, Percent], Field(json_schema_extra=PATIENT)] = {}
    """Share of these projects whose finance can wait, dated, by site or group."""

    services: Annotated[dict[SiteOrGroup, Percent], Field(json_schema_extra=SERVICE)] = {}
    """Share of plants that a programme wants tied to customers by services, dated, by site or group."""

    segment_growth: Annotated[dict[SectorOrAll, Growth], Field(json_schema_extra=SEGMENT)] = {}
    """Growth of demand for upgraded goods beyond that of their sector, dated, by sector."""

    pioneers: float = parameter(
        0.03, unit="1", low=0.001, high=0.5, source="share of first adopters; unverified, range 0.01-0.1", certainty="C"
    )
    """Share of plants that are smart when a programme begins."""

    diffusion: float = parameter(
        0.35,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="logistic spread of computer-controlled tools 0.2-0.5 a year; unverified, range 0.2-0.5",
        certainty="C",
    )
    """Speed of the logistic spread of smart factories."""

    digital_gain: float = parameter(
        0.05,
        unit="1",
        low=0.0,
        high=0.25,
        source="productivity of Chinese firms after smart manufacturing, a few percent; unverified, range 0.02-0.1",
        certainty="C",
    )
    """Fall of unit cost of a smart factory, log points."""

    days_saved: float = parameter(
        2.0,
        unit="days",
        low=0.0,
        high=30.0,
        source="flexible production cuts order time, document 003; days unverified, range 0-5",
        certainty="C",
    )
    """Days by which a smart factory delivers sooner."""

    gestation: int = parameter(
        7, unit="years", low=1, high=15, source="document 003: one display maker 2007-2014", certainty="B"
    )
    """Years from effort to the first product."""

    failure: float = parameter(
        0.05,
        unit="1 per year",
        low=0.0,
        high=0.5,
        source="yearly technical failure; unverified, range 0.02-0.1",
        certainty="C",
    )
    """Yearly chance that a project fails for technical reasons."""

    impatience: float = parameter(
        0.1,
        unit="1 per year",
        low=0.0,
        high=0.5,
        source="exits for want of finance (Hall and Lerner 2010 on the funding gap); unverified, range 0.03-0.2",
        certainty="C",
    )
    """Further yearly chance that a project is given up where its finance cannot wait."""

    rate_of_return: float = parameter(
        0.5,
        unit="1 per year",
        low=0.0,
        high=2.0,
        source="return to all R&D 0.2-0.3 (Hall, Mairesse, Mohnen 2010, from memory), half matures; range 0.2-0.8",
        certainty="C",
    )
    """Price premium per unit of mature effort, both as shares of output."""

    decay: float = parameter(
        0.15, unit="1 per year", low=0.0, high=1.0, source="usual depreciation of R&D; range 0.1-0.3", certainty="C"
    )
    """Yearly loss of the worth of mature effort."""

    own_share: float = parameter(
        0.7,
        unit="1",
        low=0.0,
        high=1.0,
        source="firms pay what support does not; unverified, range 0.5-1",
        certainty="C",
    )
    """Share of the effort that plants bear as a cost."""

    service_gain: float = parameter(
        0.04,
        unit="1",
        low=0.0,
        high=0.2,
        source="profitability with services +4-5 %, Crozet and Milet (2017), from memory; range 0-0.06",
        certainty="C",
    )
    """Gain in value of a plant tied in by services, log points."""

    service_tie: float = parameter(
        0.5,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="customers near the plant; unverified, range 0-1.5",
        certainty="C",
    )
    """Log odds against leaving of a plant tied in by services."""

    service_speed: float = parameter(
        0.2, unit="1 per year", low=0.0, high=1.0, source="contracts of about five years; range 0.1-0.4", certainty="C"
    )
    """Yearly approach of services to the aim."""

    segment_share: float = parameter(
        0.2,
        unit="1",
        low=0.01,
        high=0.9,
        source="share of upgraded goods in 2010; unverified, range 0.1-0.4",
        certainty="C",
    )
    """Share of the upgraded segment in demand in the base year."""

    additional: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="most upgraded goods replace plain ones; unverified, range 0-0.5",
        certainty="C",
    )
    """Share of the segment's growth that adds to demand; the rest replaces plain goods."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return nothing done in the base year; pipeline by age from 1 (gestation - 1, site), the others (site,)."""
    sites = world.setting.shape[3]
    return {
        "upgrading_pipeline": np.zeros((params.gestation - 1, sites)),
        "upgrading_mature": np.zeros(sites),
        "upgrading_digital": np.zeros(sites),
        "upgrading_service": np.zeros(sites),
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let projects age, fail and mature, smart factories spread, services be agreed."""
    state, geography = world.state, world.setting.geography
    begun = by_site(params.effort, geography, world.year) / 100.0
    alive = np.vstack([begun[None, :], state["upgrading_pipeline"]]) * survival(params, world)[None, :]
    service = state["upgrading_service"]
    aim = by_site(params.services, geography, world.year) / 100.0
    return {
        "upgrading_pipeline": alive[:-1],
        "upgrading_mature": (1.0 - params.decay) * state["upgrading_mature"] + alive[-1],
        "upgrading_digital": spread(
            state["upgrading_digital"], by_site(params.smart_factories, geography, world.year) / 100.0, params
        ),
        "upgrading_service": service + params.service_speed * (aim - service),
    }


def survival(params: Params, world: World) -> Floats:
    """Return the yearly chance that a project goes on; (site,)."""
    waiting = by_site(params.patient_finance, world.setting.geography, world.year) / 100.0
    return np.asarray(np.maximum(1.0 - params.failure - params.impatience * (1.0 - waiting), 0.0))


def spread(level: Floats, aim: Floats, params: Params) -> Floats:
    """Return the share of smart factories a year on: logistic towards the aim, never back; all (site,)."""
    start = np.where(aim > 0.0, np.maximum(level, np.minimum(params.pioneers, aim)), level)
    room = np.maximum(1.0 - start / np.where(aim > 0.0, aim, 1.0), 0.0)
    return np.where(aim > 0.0, start + params.diffusion * start * room, level)


def cost(params: Params, world: World) -> Line:
    """Return effort borne less premium, smart factories and services, log points, (1, sector, 1, site)."""
    state = world.state
    effort = by_site(params.effort, world.setting.geography, world.year) / 100.0
    borne = params.own_share * technology(world)[:, None] * effort[None, :]
    day = world.setting.trait("time_cost_per_day")
    smart = across(state["upgrading_digital"]) * (params.digital_gain + params.days_saved * day)
    tied = across(params.service_gain * state["upgrading_service"])
    return Line.certain(by_sector_site(np.log1p(borne) - np.log1p(premium(params, world))) - smart - tied)


def premium(params: Params, world: World) -> Floats:
    """Return the price premium as a fraction of value; (sector, site)."""
    worth = params.rate_of_return * segment(params, world) / params.segment_share
    return np.asarray((technology(world) * worth)[:, None] * world.state["upgrading_mature"][None, :])


def technology(world: World) -> Floats:
    """Return the room for own technology: R&D intensity over its mean among goods, at most 3; (sector,)."""
    intensity = np.asarray(world.setting.geography.traits["rd_intensity"], dtype=np.float64)
    goods = np.asarray([name != "research" for name in world.setting.geography.sectors])
    return np.asarray(np.minimum(intensity / intensity[goods].mean(), 3.0) * goods)


def segment(params: Params, world: World) -> Floats:
    """Return the share of the upgraded segment in demand, at most 0.9; (sector,)."""
    return np.minimum(params.segment_share * growth_since_base(params, world), 0.9)


def growth_since_base(params: Params, world: World) -> Floats:
    """Return demand for upgraded goods over what it would be without the lever; (sector,)."""
    return growth_by_sector(params.segment_growth, world.setting.geography, BASE_YEAR, world.year)


def demand(params: Params, world: World) -> Floats:
    """Return the factor on what markets want; (1, sector)."""
    grown = segment(params, world) / params.segment_share
    return np.asarray(1.0 + params.additional * params.segment_share * (grown - 1.0))[None, :]


def rootedness(params: Params, world: World) -> Floats:
    """Return what services add to the log odds against leaving, (1, 1, 1, site)."""
    return across(params.service_tie * world.state["upgrading_service"])


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return premium, smart factories, services, pipeline and segment in percent."""
    state = world.state
    return {
        "upgrading_premium": 100.0 * premium(params, world),
        "upgrading_digital": 100.0 * state["upgrading_digital"],
        "upgrading_service": 100.0 * state["upgrading_service"],
        "upgrading_pipeline": 100.0 * state["upgrading_pipeline"].sum(axis=0),
        "upgrading_segment": 100.0 * segment(params, world),
    }
