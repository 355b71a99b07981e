"""What the record keeps of a year; names and axes in variables.py."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from footloose import projects
from footloose.employment import robot_density
from footloose.events import Decided, Opened
from footloose.geography import BaseYear, Geography
from footloose.ledger import Ledger
from footloose.localities import same_country
from footloose.running import Run, Tables, demand_scale
from footloose.trading import Trade
from footloose.world import Floats, World


def keep(
    run: Run,
    world: World,
    ledger: Ledger,
    trade: Trade,
    openings: Opened,
    changes: Decided,
    outlay: Tables,
    under_construction: Floats,
) -> Tables:
    """Return the tables of the year that the record keeps.

    under_construction : capital cost of the plants being built, in equal parts over their building time; (sector, site)
    """
    coefficient = trade.jobs_per_output
    run.opened_jobs.append(openings.jobs_by_site(coefficient))
    entered, gained = projects.jobs_filled(run.opened_jobs, run.rules.projects.hiring_years)
    price_change = np.exp(ledger.mean_now())
    bought = trade.sales.sum(axis=(2, 3))
    tables: Tables = {
        "sales": trade.sales,
        "jobs": trade.jobs,
        "jobs_filled": gained,
        "entries_filled": entered,
        "expansion_jobs": expansion_jobs(run, trade, coefficient),
        "buyer_cost": (trade.sales * price_change).sum(axis=(2, 3)) / np.maximum(bought, 1e-9),
        "second_site_share": second_site_share(run),
        "wage": wage_index(world),
        "cluster": world.state.get("cluster", np.ones_like(trade.output)),
        "robot_density": density(run, world, trade.jobs),
        "collected_rate": trade.collected_rate,
        "construction": under_construction,
        "shortage": trade.shortage,
        **origin_of_parts(world),
        **outlay,
        **openings.tables(),
        **changes.tables(coefficient, len(ledger.names)),
    }
    for reported in run.rules.ask("report", world):
        tables |= reported
    return tables


def expansion_jobs(run: Run, trade: Trade, jobs_per_output: Floats) -> Floats:
    """Return the jobs added where plants stand as their markets grow; (origin, sector, site).

    Sales x growth of the market's demand, where it grew, x persons per USD million.
    """
    growth = np.maximum(1.0 - run.demand_before / run.demand, 0.0)
    return np.ascontiguousarray(np.einsum("msoj,ms,sj->osj", trade.sales, growth, jobs_per_output))


def second_site_share(run: Run) -> Floats:
    """Return the share of output of programmes with two sites; (market, sector)."""
    markets, sectors, origins, _ = run.setting.shape
    by_cell, single_by_cell, _ = run.standing
    total, single = (table.reshape(markets, sectors, origins).sum(axis=2) for table in (by_cell, single_by_cell))
    return np.where(total > 0, 1.0 - single / np.maximum(total, 1), 0.0)


def wage_index(world: World) -> Floats:
    """Return the wage with local pressure, base year 1; (site,)."""
    pressure = world.state.get("wage_pressure", np.zeros(world.setting.shape[3]))
    return np.asarray(world.wage / world.base_series("wage") * np.exp(pressure))


def density(run: Run, world: World, jobs: Floats) -> Floats:
    """Return robots per 10,000 workers; (site,)."""
    if "automation" not in run.rules.mechanisms:
        return world.base_series("robot_density")
    params = run.rules.mechanisms["automation"][1]
    return robot_density(world, jobs, params.tasks_per_robot)  # type: ignore[attr-defined]


def construction(run: Run) -> Floats:
    """Return the capital cost of plants under construction, in equal parts over their building time; (sector, site)."""
    traits = run.setting.geography.traits
    cost = np.asarray(traits["capital_per_output"]) / np.asarray(traits["build_years"])
    return projects.construction(run.building, demand_scale(run), cost, run.setting.shape[:3])


def origin_of_parts(world: World) -> Tables:
    """Return the share of a site's parts from China and from its own country; each (sector, site)."""
    if "input_origin" not in world.state:
        return parts_of_base_year(world.setting.geography, world.setting.base)
    return by_source(world.setting.geography, world.input_origin)


@lru_cache(maxsize=4)
def parts_of_base_year(geography: Geography, base: BaseYear) -> Tables:
    """Return the same where plants buy as they did in the base year."""
    return by_source(geography, base.input_origin)


def by_source(geography: Geography, origin: Floats) -> Tables:
    """Return the shares from China and from the own country; origin: (sector, host site, source site)."""
    china = np.zeros(len(geography.sites))
    if "china" in geography.groups:
        china[list(geography.sites_in("china"))] = 1.0
    at_home = np.einsum("sjk,jk->sj", origin, same_country(geography))
    return {"parts_from_china": origin @ china, "parts_from_home": at_home}


def put_in_place(kept: Tables, place: int, tables: Tables, years: int) -> None:
    """Put a year's tables among those of all years at once: laid down in two places they would take twice as long.

    kept : name -> (year, ...), written; empty before the first year
    """
    for name, table in tables.items():
        if name not in kept:
            kept[name] = np.empty((years, *table.shape), dtype=table.dtype)
        kept[name][place] = table


def in_place(rows: Sequence[Tables]) -> Tables:
    """Return the tables of all years, name -> (year, ...), given year by year."""
    kept: Tables = {}
    for place, tables in enumerate(rows):
        put_in_place(kept, place, tables, len(rows))
    return kept
