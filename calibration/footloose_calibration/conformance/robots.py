"""One robot more per thousand workers in the United States: what comes home, and what Mexico sells."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from footloose.running import Run
from footloose.world import BASE_YEAR
from footloose_calibration.conformance.findings import Experiment, Published, about
from footloose_calibration.conformance.worlds import EachYear, Frame, Lived, until

FIRST, LAST, ROBOTS = 2013, 2022, 5.0
HOME = "united_states"
PER_THOUSAND = 0.1
"""Robots per 1,000 workers of one per 10,000."""

Floats = npt.NDArray[np.float64]


def remember(paths: dict[int, Floats]) -> EachYear:
    """Return what keeps the share of tasks done by robots, year by year."""

    def before(run: Run, year: int) -> None:
        paths[year] = run.state["automation"].copy()

    return before


def add_robots(paths: Mapping[int, Floats], robots: float) -> EachYear:
    """Return what holds the United States so many robots per thousand workers above the twin, and nobody else.

    The share of tasks of a sector rises with its density: tasks a robot does x robots x feasibility.
    """

    def before(run: Run, year: int) -> None:
        if year < FIRST:
            return
        geography, params = run.setting.geography, run.rules.mechanisms["automation"][1]
        feasibility = np.asarray(geography.traits["robot_feasibility"])
        more = params.tasks_per_robot * robots / 1000.0 * feasibility / feasibility.mean()  # type: ignore[attr-defined]
        table, sites = paths[year].copy(), list(geography.sites_in(HOME))
        table[:, sites] = np.minimum(table[:, sites] + more[:, None], 0.99)
        run.state = run.state | {"automation": table}

    return before


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return percent per robot more per thousand workers: jobs come home, Mexico's sales, jobs per output."""
    scenario = frame.scenario("baseline", until(LAST))
    paths: dict[int, Floats] = {}
    base = frame.lived(scenario, replicate, before=remember(paths))
    more = frame.lived(scenario, replicate, before=add_robots(paths, ROBOTS))
    sites = base.sites(HOME)

    def density(lived: Lived) -> float:
        rows = lived.tables["robot_density"][FIRST - BASE_YEAR :, sites]
        people = lived.tables["jobs"][FIRST - BASE_YEAR :].sum(axis=1)[:, sites]
        return float((rows * people).sum() / people.sum()) * PER_THOUSAND

    dose = density(more) - density(base)

    def change(one: float, other: float) -> float:
        return 100.0 * float(np.log(other / one)) / dose

    owner = [base.run.setting.geography.origin(HOME)]
    years = range(FIRST, LAST + 1)
    back = [lived.entries(owner, HOME, years, "entries_projects") for lived in (base, more)]
    sold = [lived.bought(HOME, LAST)[lived.sites("mexico")].sum() for lived in (base, more)]
    intensity = [
        lived.tables["jobs"][-1][:, sites].sum() / lived.tables["sales"][-1][..., sites].sum() for lived in (base, more)
    ]
    return {"reshoring": change(*back), "mexico": change(*sold), "jobs": change(*intensity)}


EXPERIMENT = Experiment(
    "robots",
    f"The United States has {ROBOTS:g} robots more per 1,000 workers than in the twin, every year from {FIRST} on, and "
    f"nobody else has; percent for each of them by {LAST}.",
    run,
    (
        Published(
            "reshoring", "Robots and reshoring", "% per robot", "3.5", *about(3.5), 1,
            "Krenz, Prettner and Strulik (2021)", "V", "half the number either way",
            "Programmes of owners from the United States that come home in ten years; the study has a measure of "
            "domestic against foreign inputs, across countries and industries. A robot does six people's tasks here at "
            "half their cost, so one more in a thousand workers saves 0.3 % of labour cost and a tenth of that of unit "
            "cost: too little to move plants.",
        ),
        Published(
            "mexico", "Robots of the United States and exports of Mexico to it", "% per robot", "-6.7",
            *about(-6.7), -1, "Artuc, Christiaensen and Winkler", "V", "half the number either way",
            "Sales of Mexican plants in the United States; the study has growth of exports per worker by local labour "
            "market, which counts what regions lose to one another too.",
        ),
        Published(
            "jobs", "Jobs per output at home", "% per robot", "below 0", -np.inf, 0.0, (-np.inf, 0.0), -1,
            "Acemoglu and Restrepo (2020)", "V", "sign only",
            "One robot does the tasks of several workers; employment of a region falls by 0.2 points in the study.",
        ),
    ),
)  # fmt: skip
