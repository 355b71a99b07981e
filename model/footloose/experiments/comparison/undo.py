"""What it takes to undo what stays of a policy after it has gone: a production credit at the places that lost.

After a tariff these are the sites it taxed, after a subsidy all sites it did not support; the credit starts when the
policy goes, as announced, in the same sectors, and is believed permanent.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError
from footloose.experiments.comparison.inverse import Solution, Target, solve
from footloose.experiments.comparison.levers import instrument_lever
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.removal import never, removed, rows_of
from footloose.experiments.comparison.reversal import Stay
from footloose.experiments.comparison.units import Step, Units
from footloose.geography import load_geography
from footloose.long_numbers import numbers_of
from footloose.policies import Subsidy
from footloose.scenario import Scenario

Floats = npt.NDArray[np.float64]

CAP = 60.0
"""Largest credit tried, percent of output."""
HALF = 0.5
"""In which part of the runs the outcome must be back."""


def undo(
    scenario: Scenario,
    policy: str,
    outcome: Outcome,
    last: Stay,
    within: int,
    units: Units,
    workers: int,
    step: Step | None = None,
) -> Solution:
    """Return the smallest credit that brings the outcome back to where it would be, so many years after the end.

    last   : the longest life of the policy that was looked at
    raises : FootlooseError where the run ends before
    """
    year = last.removed + within
    if within < 1 or year > scenario.years.until:
        raise FootlooseError(f"--undo {within}: {year} is not in the run, which ends in {scenario.years.until}")
    sites, sectors = losers(scenario, policy)
    keys = {
        "sites": sites,
        "sectors": sectors,
        "from": f"{last.removed}-01-01",
        "believed": "permanent",
        "new_plants_only": False,
    }
    asked = replace(outcome, first=year, last=year)
    without = units.measured(
        [never(scenario, policy)], lambda record: asked.value(numbers_of(record), record.years), workers, step
    )[0]
    goals = means_of_draws(without, units)
    lever = instrument_lever("subsidy", keys, "output_share", CAP)
    target = Target(asked, float(goals[0]), chance=HALF)
    return solve(removed(scenario, policy, last.removed), lever, target, units, workers, step, goals)


def means_of_draws(values: Floats, units: Units) -> Floats:
    """Return for every unit the mean over the replicates of its parameters; (unit,)."""
    central, drawn = units.central(values), units.drawn(values)
    means = [np.full(central.size, central.mean())]
    if drawn is not None:
        means.append(np.repeat(drawn.mean(axis=1), drawn.shape[1]))
    return np.concatenate(means)


def losers(scenario: Scenario, policy: str) -> tuple[list[str], list[str]]:
    """Return the sites that a policy drew production away from, and the sectors it was for."""
    geography = load_geography()
    every = list(geography.sites)
    if policy in scenario.policies:
        instrument = scenario.policies[policy]
        named = {geography.sites[site] for name in instrument.sites for site in geography.sites_in(name)}
        sectors = list(instrument.sectors)
        if isinstance(instrument, Subsidy):
            return [site for site in every if site not in named], sectors
        return [site for site in every if site in named], sectors
    rows = rows_of(scenario, policy)
    reached = {every[site] for row in rows for site in np.flatnonzero(row.rates.any(axis=(0, 1)))}
    subsidised = rows[0].kind == "subsidy"
    return [site for site in every if (site in reached) != subsidised], ["all"]
