"""Automation: robots take over tasks where people cost more than robots do.

Task model of Acemoglu and Restrepo (2018): unit cost of labour tasks = (1 - a) w/p + a r, a = share of tasks done by
robots. `a` diffuses logistically towards a ceiling that rises with the wage relative to the robot's cost. The line is
the saving against a plant without robots.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.ledger import Line, Loading
from footloose.world import Floats, Given, World, by_sector_site, exogenous

LOADING = Loading.LABOUR_INTENSITY
WORKERS = 10_000.0
EVIDENCE = "suggestive"

PROMOTION: JsonDict = {
    "unit": "1",
    "range": [0.1, 20],
    "source": "ITIF (2023): Chinese plants use 12 times the robots that their wages explain; Cheng et al. (2019): "
    "subsidies of provinces and of Made in China 2025; unverified, range 1-12",
    "certainty": "C",
}


class Params(Block):
    """How far and how fast robots spread."""

    tasks_per_robot: float = parameter(
        6.0,
        unit="workers' tasks per robot",
        low=0.5,
        high=20.0,
        source="Acemoglu and Restrepo (2020): 3.3-6 workers per robot",
        certainty="B",
    )
    """Tasks of how many workers one robot does."""

    diffusion: float = parameter(
        0.16, unit="1 per year", low=0.0, high=1.0, source="robot density per IFR 2010-2023", certainty="C"
    )
    """Speed of the logistic diffusion."""

    ceiling: Annotated[DatedPath, Steps(0, 1)] = path(
        {2010: 0.5},
        unit="1",
        low=0.0,
        high=1.0,
        source="automatable share of hours 0.64, McKinsey Global Institute",
        certainty="B",
    )
    """Largest share of tasks robots can do in the sector best suited to them; before the first date given, 0.5."""

    wage_response: float = parameter(
        0.6,
        unit="1",
        low=0.0,
        high=3.0,
        source="Acemoglu and Restrepo (2020): adoption follows wages",
        certainty="C",
    )
    """Elasticity of the adoption target with respect to the wage over the robot's cost."""

    paying_share: float = parameter(
        0.35,
        unit="1",
        low=0.05,
        high=1.0,
        source="part of the tasks robots can do that they do at long last; unverified, range 0.25-0.7",
        certainty="C",
    )
    """Share of the feasible tasks that it pays to automate at the wage of the United States in the base year."""

    promotion: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0.1, 20)]], Field(json_schema_extra=PROMOTION)
    ] = {}
    """Times the robots that wages alone would make pay, where governments promote them; 1 where none is given."""

    robot_cost_scale: Annotated[DatedPath, Steps(0.01, 10)] = path(
        {2010: 1.0},
        unit="1",
        low=0.01,
        high=10.0,
        source="1 = robot price series as given; 0.3 = humanoid ceiling",
        certainty="C",
    )
    """Scales the price of robots; before the first date given, 1."""

    relative_robot_cost: float = parameter(
        0.5,
        unit="1",
        low=0.05,
        high=2.0,
        source="tasks automated in high-wage sites cost about half",
        certainty="C",
    )
    """Cost of a task done by a robot relative to one done by people in the United States in the base year."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the share of tasks done by robots in the base year from observed robot density; (sector, site)."""
    density = world.base_series("robot_density")
    feasibility = np.asarray(world.setting.geography.traits["robot_feasibility"])
    share = params.tasks_per_robot * density[None, :] / WORKERS * (feasibility / feasibility.mean())[:, None]
    start = np.clip(share, 1e-4, 0.9 * ceiling(params, world))
    return {"automation": start, "automation_start": start.copy()}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let robots diffuse: logistic growth towards the target (Griliches 1957)."""
    share = world.state["automation"]
    room = np.maximum(1.0 - share / target(params, world), -1.0)
    return {"automation": share + params.diffusion * share * room}


def cost(params: Params, world: World) -> Line:
    """Return labour share x log cost of tasks against all done by people; log points, (1, sector, 1, site)."""
    share = world.state["automation"]
    people = people_cost(world)[None, :]
    robot = robot_cost(params, world)
    relative = np.minimum((1.0 - share) + share * robot / people, 1.0)
    return Line.certain(world.setting.trait("labour_share") * by_sector_site(np.log(relative)))


@exogenous
def target(params: Params, given: Given) -> Floats:
    """Return the share of tasks it pays to automate in the long run; (sector, site)."""
    feasibility = np.asarray(given.setting.geography.traits["robot_feasibility"])[:, None]
    advantage = (given.series("wage") / reference_wage(given) / relative_price(params, given)) ** params.wage_response
    paying = params.paying_share * advantage * promotion(params, given)
    return np.maximum(np.minimum(paying[None, :], 1.0) * ceiling(params, given) * feasibility, 1e-3)


def promotion(params: Params, given: Given) -> Floats:
    """Return what governments multiply the tasks by that it pays to automate; (site,)."""
    times = np.ones(len(given.setting.geography.sites))
    for name, times_more in params.promotion.items():
        times[list(given.setting.geography.sites_in(name))] *= times_more.in_year(given.year, before=1.0)
    return times


def ceiling(params: Params, given: Given) -> float:
    """Return the largest share of tasks robots can do this year in the sector best suited to them."""
    return params.ceiling.in_year(given.year, before=0.5)


@exogenous
def people_cost(given: Given) -> Floats:
    """Return the unit labour cost relative to the United States in the base year; (site,)."""
    us = list(given.setting.geography.sites_in("united_states"))
    base = given.base_series("wage")[us].mean() / given.base_series("productivity")[us].mean()
    return np.asarray(given.series("wage") / given.series("productivity") / base)


@exogenous
def robot_cost(params: Params, given: Given) -> float:
    """Return the cost of a task done by a robot, same unit as people_cost."""
    return float(params.relative_robot_cost * relative_price(params, given))


def relative_price(params: Params, given: Given) -> float:
    """Return the robot price relative to the base year."""
    scale = params.robot_cost_scale.in_year(given.year, before=1.0)
    return float(scale * given.series("robot_price") / given.base_series("robot_price"))


def reference_wage(given: Given) -> float:
    """Return the wage of the United States in the base year [USD per hour]."""
    us = list(given.setting.geography.sites_in("united_states"))
    return float(given.base_series("wage")[us].mean())
