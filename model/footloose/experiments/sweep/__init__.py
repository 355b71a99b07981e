"""Sweeps: many points of levers and uncertainties, run once each, kept through the night, analysed in the morning.

file = read_sweep("tariff_and_subsidy")
run_sweep(file, Path("runs/tariff_and_subsidy"), jobs=2)
"""

from footloose.experiments.sweep.export import export
from footloose.experiments.sweep.reading import SweepFile, read_sweep, shipped_sweeps
from footloose.experiments.sweep.results import query, read_runs
from footloose.experiments.sweep.store import Store
from footloose.experiments.sweep.sweeping import Summary, run_sweep

__all__ = [
    "Store",
    "Summary",
    "SweepFile",
    "export",
    "query",
    "read_runs",
    "read_sweep",
    "run_sweep",
    "shipped_sweeps",
]
