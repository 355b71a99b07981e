"""A small comparison with an ensemble, lived once: a duty of 80 % on China from 2016 against none, to 2020."""

from __future__ import annotations

from pathlib import Path

import pytest

from footloose.comparison_job import Runs, Wish, carry_out
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.report import Comparison
from footloose.experiments.comparison.worlds import World
from footloose.scenario import load

SIZE = ("firms=800", "years.until=2020")
DUTY = (
    "policies.duty.kind=tariff",
    "policies.duty.market=united_states",
    "policies.duty.sites=china",
    "policies.duty.rate=80",
    "policies.duty.announced=2014-06",
    "policies.duty.from=2016",
)
DRAWS = "draw,decisions.sunk_cost,mechanisms.clusters.elasticity\nlow,0.5,0.02\nmiddle,2.0,0.05\nhigh,6.0,0.1\n"


@pytest.fixture(scope="session")
def ensemble_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ensemble") / "draws.csv"
    path.write_text(DRAWS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_comparison(ensemble_file: Path) -> tuple[Comparison, Lived]:
    base, other = (
        World(name, load("baseline", overrides=[*SIZE, *more])) for name, more in (("none", ()), ("duty", DUTY))
    )
    wish = Wish(attribution=True, views=("mexico",))
    return carry_out(base, [other], wish, Runs(replicates=3, workers=1, ensemble=ensemble_file))
