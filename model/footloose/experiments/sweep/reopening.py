"""A finished sweep read back from its folder: what was asked, of which scenario, without the file it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from footloose.errors import OutputError
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.results import MANIFEST, RUNS, read_manifest
from footloose.experiments.sweep.schema import Sweep
from footloose.scenario.names import names
from footloose.scenario.values import scenario_of
from footloose.source import Branch, Mark


def reopen_sweep(folder: Path) -> SweepFile:
    """Return the sweep of a folder as it was asked, without places in files; good for analysis, not for more runs.

    raises: OutputError when the manifest is missing, damaged or of another version; ScenarioError for its scenario
    """
    manifest, file = read_manifest(folder), folder / MANIFEST
    missing = [key for key in ("name", "sweep", "scenario") if key not in manifest]
    if missing:
        raise OutputError(f"{file}: {', '.join(missing)} missing; let the sweep finish with footloose sweep FILE")
    try:
        sweep = Sweep.model_validate_json(json.dumps(manifest["sweep"]))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise OutputError(f"{file}: sweep.{place}: {first['msg']}; it was not written by this version") from error
    base, empty = scenario_of(manifest["scenario"], str(file)), Branch({}, Mark(str(file)))
    sweep = in_order(sweep, columns_of(folder))
    return SweepFile(sweep, str(manifest["name"]), str(file), empty, empty, base, names())


def columns_of(folder: Path) -> list[str]:
    """Return the columns of the table of runs; raises OutputError when it cannot be read."""
    from pyarrow import ArrowException, parquet

    try:
        return [str(name) for name in parquet.read_schema(folder / RUNS).names]
    except (OSError, ArrowException) as error:
        raise OutputError(f"{folder / RUNS} cannot be read: {error}") from error


def in_order(sweep: Sweep, columns: list[str]) -> Sweep:
    """Return the sweep with levers, uncertainties and outcomes in the order of the file, which the table of runs has.

    The manifest is sorted by name; a map has the first factor across.
    """
    parts: dict[str, dict[str, Any]] = {
        name: dict(sorted(getattr(sweep, name).items(), key=lambda item: columns.index(item[0])))
        for name in ("levers", "uncertainties", "outcomes")
        if set(getattr(sweep, name)) <= set(columns)
    }
    return sweep.model_copy(update=parts)
