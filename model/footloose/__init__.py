"""footloose: scenarios of industrial relocation. Which firms move production, where to, when, why and at whose cost.

import footloose
scenario = footloose.load("baseline")
record = footloose.simulate(scenario, firms=5000)
record.table        # every variable as a tidy frame
record.dataset      # the labelled arrays
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footloose.version import __version__

if TYPE_CHECKING:
    from footloose.ensemble_record import EnsembleRecord
    from footloose.mean_field import solve_mean_field
    from footloose.record import Record
    from footloose.scenario import Scenario, check, load
    from footloose.simulation import simulate

__all__ = ["EnsembleRecord", "Record", "Scenario", "__version__", "check", "load", "simulate", "solve_mean_field"]

_HOMES = {
    "EnsembleRecord": "footloose.ensemble_record",
    "Record": "footloose.record",
    "Scenario": "footloose.scenario",
    "check": "footloose.scenario",
    "load": "footloose.scenario",
    "simulate": "footloose.simulation",
    "solve_mean_field": "footloose.mean_field",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `footloose --help` is quick."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'footloose' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
