"""Skills: people who can do the work, short where jobs outgrow them; training with a lag; researchers who move.

Pool of a site, persons: ordinary schooling keeps pace with the jobs of unchanged footprints N0 (ageing takes from it,
workers whom robots free stay in it), and beyond it x, who were trained or came:

    P = N0 (1 - a0) / (1 - a) (1 + slack) prod(1 - ageing) + x
    x' = (1 - retiring) x + places(t - lag) + firm-led training(t - lag) + newcomers max(N - P, 0)

with N last year's jobs and a the share of tasks that robots do. Short of people, plants pay more (the slope of a labour
supply curve) and projects take longer:

    line = labour share x (scarcity x max(log(N / P), 0) + cost of firm-led training);  vacancies = max(1 - P / N, 0)

Talent is shared out over the world's laboratories, so that one site's gain is the others' loss (Moretti and Wilson 2017
for how it moves): T_j = e^{u_j} / sum_k w_k e^{u_k}, u following laboratories and talent programmes; laboratories save
a share of log T.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.ledger import Line, Loading
from footloose.levers import by_site as lever_by_site
from footloose.levers import shared_out
from footloose.variables import Reported
from footloose.world import Floats, World, by_site

BASELINE = False
EVIDENCE = "suggestive"
LOADING = Loading.LABOUR_INTENSITY
LABORATORIES = "research"
HOURS = 1_800.0
"""Hours worked in a year, to turn hourly into yearly wages (OECD mean about 1,750; factories more)."""

FARTHEST = 10.0
"""Factor beyond which laboratories that grow or shrink pull no more: a site may have only a few."""

REPORTS = {
    "skills_pool": Reported(
        ("site",), "persons", "People a site has for manufacturing and laboratories.", "Skills|Pool"
    ),
    "skills_vacancies": Reported(
        ("site",), "percent of jobs", "Jobs for which the pool has nobody.", "Skills|Vacancies"
    ),
    "skills_talent": Reported(
        ("site",),
        "index, mean of the world 1",
        "Researchers relative to those of unchanged laboratories.",
        "Skills|Talent",
    ),
    "skills_outlay": Reported(
        ("site",), "USD million", "What governments pay for the training places that begin this year.", "Skills|Outlay"
    ),
}


def lever(low: float, high: float, unit: str, source: str) -> Any:
    """Declare a lever by site or group that nobody pulls in the baseline."""
    extra: JsonDict = {"unit": unit, "range": [low, high], "source": source, "certainty": "C"}
    return Field({}, json_schema_extra=extra)


AGEING: JsonDict = {
    "unit": "percent a year",
    "range": [-5, 5],
    "source": "working-age population; half of 3.8 million US openings to 2033 may stay open (Deloitte 2024); 0-1.5",
    "certainty": "C",
}


class Params(Block):
    """How many people there are, what shortage costs, who trains, and how researchers move."""

    slack: float = parameter(
        0.1,
        unit="share of jobs",
        low=0.0,
        high=0.5,
        source="unemployed of manufacturing after the crisis, about a tenth in the United States; range 0.05-0.15",
        certainty="C",
    )
    """People beyond the jobs of the base year."""

    ageing: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(-5, 5)]], Field(json_schema_extra=AGEING)] = {
        "united_states": DatedPath.constant(0.5),
        "european_union": DatedPath.constant(0.5),
        "advanced_asia": DatedPath.constant(0.5),
        "china": DatedPath.constant(0.3),
    }
    """Yearly fall of the ordinary pool against the jobs of unchanged footprints, since the base year [percent]."""

    scarcity: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=3.0,
        source="inverse elasticity of skilled labour supply to a plant and its place; unverified, range 0.2-1.5",
        certainty="C",
    )
    """Rise of labour cost with the logarithm of jobs over people, once jobs outgrow them."""

    hiring_delay: float = parameter(
        1.0,
        unit="chance per year",
        low=0.0,
        high=3.0,
        source="projects short of one person in ten are late by a tenth of a year per year; unverified, range 0.3-2",
        certainty="C",
    )
    """Rise of the yearly chance that a project is delayed, per unit of vacancies."""

    newcomers: float = parameter(
        0.1,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="skills are learnt on the job and people move to where jobs are; unverified, range 0.05-0.3",
        certainty="C",
    )
    """Part of a year's shortage that learns the work or moves in within the year."""

    retiring: float = parameter(
        0.04, unit="1 per year", low=0.0, high=0.3, source="working lives of 25 years after training", certainty="D"
    )
    """Part of those trained or moved in that leaves in a year."""

    training_places: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 50_000_000)]],
        lever(0, 50_000_000, "persons a year", "none beyond ordinary schooling; scenarios set it"),
    ] = {}
    """Additional public training places a year, shared out over the sites named by their jobs of the base year."""

    firm_training: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 20)]],
        lever(0, 20, "percent of staff a year", "document 003: a lead firm with 300 colleges; no volume given"),
    ] = {}
    """Additional people that lead firms train a year, for themselves and for others."""

    training_years: float = parameter(
        2.0,
        unit="years",
        low=0,
        high=10,
        source="vocational courses and apprenticeships of one to three and a half years",
    )
    """Years from the start of a training to work."""

    training_cost: float = parameter(
        0.5,
        unit="years of wages per person",
        low=0.0,
        high=5.0,
        source="courses and wages during training less what trainees make; unverified, range 0.2-1.5",
        certainty="C",
    )
    """What it costs to train one person; firms pay for their own."""

    talent_saving: float = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=1.0,
        source="fall of a laboratory's cost with researchers around it; document 001; unverified, range 0.05-0.5",
        certainty="C",
    )
    """Fall of the cost of laboratories with the logarithm of talent."""

    talent_pull: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=2.0,
        source="researchers follow laboratories, document 001; unverified, range 0.2-1",
        certainty="C",
    )
    """Long-run elasticity of talent with respect to the laboratories of a site."""

    talent_mobility: float = parameter(
        0.1,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="slow; Moretti and Wilson (2017): grows over time",
        certainty="C",
    )
    """Yearly approach of talent to where it is pulled."""

    talent_elasticity: float = parameter(
        1.8,
        unit="1",
        low=0.0,
        high=5.0,
        source="Moretti and Wilson (AER 2017): long-run elasticity of star scientists' mobility, personal taxes 1.8",
    )
    """Long-run elasticity of talent with respect to researchers' net pay."""

    talent_programme: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(-50, 200)]],
        lever(-50, 200, "percent of net pay", "none in the baseline; negative: what a visa barrier is worth"),
    ] = {}
    """What a site adds to researchers' net pay: grants, tax relief, easy visas; negative for barriers."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return an ordinary pool of 1, nobody beyond it and talent as laboratories; (site,) each."""
    sites = world.setting.shape[3]
    return {"skills_ageing": np.ones(sites), "skills_extra": np.zeros(sites), "skills_talent": np.zeros(sites)}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Train, retire, let people come where they are short, and let researchers move."""
    extra, jobs = world.state["skills_extra"], world.activity.jobs.sum(axis=0)
    short = np.maximum(jobs - pool(params, world), 0.0)
    trained = training_places(params, world, params.training_years) + jobs * firm_training(params, world)
    talent = world.state["skills_talent"]
    fall = lever_by_site(params.ageing, world.setting.geography, world.year + 1) / 100.0
    return {
        "skills_ageing": world.state["skills_ageing"] * (1.0 - fall),
        "skills_extra": (1.0 - params.retiring) * extra + trained + params.newcomers * short,
        "skills_talent": talent + params.talent_mobility * (talent_asked(params, world) - talent),
    }


def cost(params: Params, world: World) -> Line:
    """Return what shortage and firm-led training cost, less what talent saves; log points, (1, sector, 1, site)."""
    training = params.training_cost * at_firms(params, world, 0.0)
    shortage = params.scarcity * np.log1p(excess(params, world)) + training
    labour = world.setting.trait("labour_share") * by_site(shortage)
    saved = params.talent_saving * np.log(talent_index(world))
    return Line.certain(labour - laboratories(world)[None, :, None, None] * by_site(saved))


def delay(params: Params, world: World) -> Floats:
    """Return the additional yearly chance that a project waits for people; (1, 1, 1, site)."""
    return by_site(params.hiring_delay * vacancies(params, world))


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return people, vacancies, talent and what governments pay for training; (site,) each."""
    yearly_wage = world.series("wage") * HOURS / 1e6
    return {
        "skills_pool": pool(params, world),
        "skills_vacancies": 100.0 * vacancies(params, world),
        "skills_talent": talent_index(world),
        "skills_outlay": training_places(params, world, 0.0) * params.training_cost * yearly_wage,
    }


def pool(params: Params, world: World) -> Floats:
    """Return the people a site has for the sectors modelled; (site,) persons."""
    ordinary = (world.activity.reference_jobs * freed(world)).sum(axis=0)
    return np.asarray(ordinary * (1.0 + params.slack) * world.state["skills_ageing"] + world.state["skills_extra"])


def freed(world: World) -> Floats:
    """Return people at work without the robots added since the base year, over those at work; (sector, site)."""
    share = world.state.get("automation")
    if share is None:
        return np.ones(world.activity.jobs.shape)
    return np.asarray((1.0 - world.state["automation_start"]) / (1.0 - share))


def excess(params: Params, world: World) -> Floats:
    """Return jobs beyond the people there are, over the people; (site,), zero where there are enough."""
    people = np.maximum(pool(params, world), 1.0)
    return np.asarray(np.maximum(world.activity.jobs.sum(axis=0) / people - 1.0, 0.0))


def vacancies(params: Params, world: World) -> Floats:
    """Return the share of jobs for which there is nobody; (site,)."""
    over = excess(params, world)
    return np.asarray(over / (1.0 + over))


def training_places(params: Params, world: World, lag: float) -> Floats:
    """Return the public training places of so many years ago; (site,) persons."""
    base = world.setting.base
    jobs = (base.use.sum(axis=0) * base.jobs_per_output).sum(axis=0)
    return shared_out(params.training_places, world.setting.geography, world.year - round(lag), jobs)


def firm_training(params: Params, world: World) -> Floats:
    """Return the share of staff whose firm-led training ends this year; (site,)."""
    return at_firms(params, world, params.training_years)


def at_firms(params: Params, world: World, lag: float) -> Floats:
    """Return the share of staff that began a firm-led training so many years ago; (site,)."""
    return lever_by_site(params.firm_training, world.setting.geography, world.year - round(lag)) / 100.0


def laboratories(world: World) -> Floats:
    """Return 1 for the sector of laboratories; (sector,)."""
    return np.array([float(sector == LABORATORIES) for sector in world.setting.geography.sectors])


def talent_asked(params: Params, world: World) -> Floats:
    """Return where talent is pulled to: by laboratories and by talent programmes; (site,) log points."""
    chosen = laboratories(world)
    jobs, reference = (chosen @ table for table in (world.activity.jobs, world.activity.reference_jobs))
    activity = np.where(reference > 0.0, jobs / np.maximum(reference, 1e-9), 1.0)
    activity = np.clip(activity, 1.0 / FARTHEST, FARTHEST)
    paid = lever_by_site(params.talent_programme, world.setting.geography, world.year)
    return np.asarray(params.talent_pull * np.log(activity) + params.talent_elasticity * np.log1p(paid / 100.0))


def talent_index(world: World) -> Floats:
    """Return talent relative to unchanged laboratories; (site,), its mean over the world's laboratories is 1."""
    weight = laboratories(world) @ world.activity.reference_jobs
    if weight.sum() == 0.0:
        return np.ones(weight.shape)
    pull = np.exp(world.state["skills_talent"])
    return np.asarray(pull / (weight @ pull / weight.sum()))
