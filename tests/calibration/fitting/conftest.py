"""A fit small enough for tests: four parameters, four years, a few hundred programmes, measures of `small_measures`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from footloose.scenario import load
from footloose_calibration.fitting.problem import Problem, Sizes, problem_of
from footloose_calibration.priors import load_priors
from footloose_calibration.targets import Target

PRIORS = """\
parameter,low,high,centre,distribution,meaning,source,certainty
projects.delay_hazard,0.02,0.4,0.12,uniform,chance of a delay,test,C
projects.cancel_hazard,0.01,0.2,0.03,log_uniform,chance of an end,test,C
decisions.review_hazard,0.05,0.4,0.15,normal,chance of a review,test,C
orders.elasticity,0.2,3,0.76,uniform,response of orders,test,B
"""
BANDS = {
    "delays": (0.06, 0.18),
    "cancellations": (0.01, 0.05),
    "projects": (70.0, 90.0),
    "china_change": (-1.2, -0.8),
    "second_sites": (0.0, 100.0),
}
UNTIL = 2013


def a_target(name: str, low: float, high: float, use: str = "fitted", **more: Any) -> Target:
    """Return a target with a band around its middle; `more` replaces any field."""
    plain: dict[str, Any] = {
        **dict.fromkeys((field.name for field in fields(Target)), "test"),
        **{"id": name, "use": use, "central": (low + high) / 2.0, "low": low, "high": high, "quantity": name},
        **{"figures": (), "family": name, "last": UNTIL, "neutral": 0.0},
    }
    return Target(**(plain | more))


@pytest.fixture(scope="session")
def target() -> Callable[..., Target]:
    """Return the function that makes a target: name, low, high, use, and any field by its name."""
    return a_target


@pytest.fixture(scope="session")
def priors_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table of four priors."""
    path = tmp_path_factory.mktemp("priors") / "priors.csv"
    path.write_text(PRIORS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_problem(priors_file: Path) -> Callable[..., Problem]:
    """Return a function that makes the small fit; `sizes` replaces how much is computed."""

    def made(sizes: Sizes, **more: Any) -> Problem:
        scenario = load("baseline")
        uses = {"second_sites": "held_out"}
        targets = [a_target(name, *band, uses.get(name, "fitted")) for name, band in BANDS.items()]
        priors = load_priors(scenario, priors_file)
        return problem_of(scenario, priors, targets, sizes, 5, until=UNTIL, measure="small_measures:measure", **more)

    return made
