"""What emerges from the model against published numbers that nothing in it was set to: one file an experiment.

Every experiment is a pair of worlds that share their random draws and differ in one thing. It answers with rows of
numbers, one a replicate; `findings` holds them against the publication by a written rule. `EXPERIMENTS` lists them in
the order of the page.
"""

from __future__ import annotations

from footloose_calibration.conformance import (
    hysteresis,
    large_plant,
    robots,
    signs,
    subsidy_tipping,
    tax_cut,
    trade_elasticity,
)
from footloose_calibration.conformance.findings import Experiment

__all__ = ["EXPERIMENTS", "Experiment"]

EXPERIMENTS: tuple[Experiment, ...] = (
    trade_elasticity.EXPERIMENT,
    tax_cut.EXPERIMENT,
    subsidy_tipping.EXPERIMENT,
    large_plant.EXPERIMENT,
    robots.EXPERIMENT,
    signs.EXPERIMENT,
    hysteresis.EXPERIMENT,
)
