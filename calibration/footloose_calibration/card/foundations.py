"""What a report card rests on, as hashes; and what of it has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from footloose.experiments.sweep.keys import engine_digest
from footloose.version import data_digest, versions
from footloose_calibration.fitting import elasticity
from footloose_calibration.fitting.measuring import measures_digest
from footloose_calibration.fitting.problem import MEASURE

TABLES = {
    "targets": "targets.csv",
    "figures": "figures.csv",
    "official": "official.csv",
    "inconsistencies": "inconsistencies.csv",
    "priors": "priors.csv",
    "ensemble": "ensemble.csv",
}
CONFORMANCE = "footloose_calibration.conformance:EXPERIMENTS"
BINDING = ("targets", "priors", "ensemble", "measures", "elasticity")
"""What makes a card stale when it changes; code of the engine may change without changing a number, so a test makes a
member again."""


def sha256(name: str) -> str:
    """Return the hash of a table of the package; empty where it is not there."""
    return digest_of_file(Path(str(files("footloose_calibration"))) / name)


def digest_of_file(path: Path | None) -> str:
    """Return the hash of a file; empty where it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32] if path is not None and path.is_file() else ""


def foundations() -> dict[str, str]:
    """Return the hash of everything a card rests on, as it is today."""
    return {
        **{what: sha256(name) for what, name in TABLES.items()},
        "measures": measures_digest(MEASURE),
        "elasticity": measures_digest(f"{elasticity.__name__}:"),
        "conformance": measures_digest(CONFORMANCE),
        "engine": engine_digest(),
        "data": data_digest(),
    }


def engine_version() -> dict[str, str]:
    """Return the versions that decide a number."""
    return {name: value for name, value in versions().items() if name != "python"}


def changed(said: Mapping[str, Any], which: tuple[str, ...] = BINDING) -> list[str]:
    """Return which of the things a card rests on are not what they were when it was made."""
    then, now = said.get("foundations", {}), foundations()
    return [name for name in which if then.get(name) != now[name]]
