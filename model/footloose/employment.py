"""Employment: how many people it takes to make a million dollars' worth."""

from __future__ import annotations

import numpy as np

from footloose.world import Floats, Given, World, exogenous

WORKERS = 10_000.0


def jobs_per_output(world: World) -> Floats:
    """Return persons per USD million of output (prices of 2010); (sector, site).

    Base-year coefficient / growth of real output per worker, x what the model's robots do beyond those already in the
    measured productivity series: (1 - a) / (1 - a of the observed robot density). Output per worker is value added per
    worker x output per value added.
    """
    coefficient = without_robots(world)
    share = world.state.get("automation")
    if share is None:
        return np.asarray(coefficient)
    start = world.state["automation_start"]
    density = world.series("robot_density") / np.maximum(world.base_series("robot_density"), 1e-9)
    observed = np.minimum(start * density[None, :], 0.6)
    return np.asarray(coefficient * (1.0 - share) / (1.0 - observed))


@exogenous
def without_robots(given: Given) -> Floats:
    """Return base-year persons per USD million of output less the growth of output per worker; (sector, site)."""
    growth = given.series("productivity") / given.base_series("productivity") * given.series("output_per_value_added")
    return np.asarray(given.setting.base.jobs_per_output / growth[None, :])


def robot_density(world: World, jobs: Floats, tasks_per_robot: float) -> Floats:
    """Return robots per 10,000 workers by site, jobs-weighted over sectors; (site,)."""
    share = world.state["automation"]
    feasibility = np.asarray(world.setting.geography.traits["robot_feasibility"])
    scale = (feasibility / feasibility.mean())[:, None]
    weight = jobs / np.maximum(jobs.sum(axis=0, keepdims=True), 1e-9)
    mean_scale = (scale * weight).sum(axis=0)
    return np.asarray((share * weight).sum(axis=0) / np.maximum(mean_scale, 1e-9) * WORKERS / tasks_per_robot)
