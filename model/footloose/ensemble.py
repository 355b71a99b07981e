"""The calibrated ensemble: a table of draws of parameters, as CSV.

One row is one draw; columns are dotted keys of a scenario, such as decisions.sunk_cost or
mechanisms.clusters.elasticity; a column `draw` names the rows. Rows stand in random order, so that the first of them
are an ensemble, too. A key that a scenario switches off has no effect there. A key that a scenario sets itself, to
another value than the baseline's, is what the scenario asks: it keeps its value in every draw.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from footloose.errors import FootlooseError, Problem, ScenarioError, nearest
from footloose.registry import find_mechanisms
from footloose.scenario import Scenario, load
from footloose.scenario.values import DESCRIPTION, SIZE, with_values

NAME = "draw"
SHIPPED = "default"
NONE = "none"
ROOM = "footloose_calibration"
FILE = "ensemble.csv"

MEMBERS = 60
"""Draws used when nothing is said: the ends of the 5-95 % range are then the third lowest and highest."""
DRAW_REPLICATES = 2
"""Replicates of every draw when nothing is said: the fewest that tell chance from parameters."""


@dataclass(frozen=True)
class Draw:
    """One draw: its name and the values of the parameters by dotted key."""

    name: str
    values: Mapping[str, float]

    def applied(self, scenario: Scenario) -> Scenario:
        """Return the scenario with the parameters of the draw.

        raises: UnknownName, ScenarioError
        """
        return with_values(scenario, self.values, f"draw {self.name}")


@dataclass(frozen=True)
class Ensemble:
    """Draws of parameters as a scenario (or several that are compared) takes them.

    file, digest : name and SHA-256 of the table; version: what the table's sidecar calls itself
    total        : draws in the table; `draws` are the first of them
    kept         : keys that the scenarios set themselves, so that no draw replaces them
    """

    file: str
    digest: str
    version: str
    total: int
    draws: tuple[Draw, ...]
    kept: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the answer should know."""
        return notes_on(self.kept)

    def as_data(self) -> dict[str, Any]:
        """Return what the ensemble is, for manifests."""
        return {
            "file": self.file,
            "sha256": self.digest,
            "version": self.version,
            "draws": len(self.draws),
            "draws_in_file": self.total,
            "kept_by_the_scenario": list(self.kept),
        }


def notes_on(kept: Sequence[str]) -> tuple[str, ...]:
    """Return what is said of keys that no draw replaces."""
    keys = ", ".join(kept)
    return (f"set by the scenario itself, so the same in every draw of the ensemble: {keys}",) if kept else ()


def shipped_ensemble() -> Path | None:
    """Return the table that comes with footloose, None where this version has none."""
    try:
        path = Path(str(resources.files(ROOM) / FILE))
    except ModuleNotFoundError:
        return None
    return path if path.is_file() else None


def find_ensemble(choice: str | Path | None) -> Path | None:
    """Return the table of a choice: `default` is the one shipped, `none` or None is none, else a file.

    raises: FootlooseError when there is no such table
    """
    if choice is None or str(choice) == NONE:
        return None
    if str(choice) == SHIPPED:
        shipped = shipped_ensemble()
        if shipped is None:
            raise FootlooseError(f"--ensemble {SHIPPED}: this version ships no calibrated ensemble; give a CSV file")
        return shipped
    path = Path(choice)
    if not path.is_file():
        close = nearest(str(choice), (SHIPPED, NONE))
        hint = f"; did you mean {close!r}?" if close else f"; give a CSV file, {SHIPPED} or {NONE}"
        raise FootlooseError(f"--ensemble {choice}: no such file{hint}")
    return path


def open_ensemble(
    choice: str | Path | None, scenarios: Sequence[Scenario], members: int | None = None
) -> Ensemble | None:
    """Return the ensemble of a choice for scenarios that share it, None where none is chosen.

    scenarios : the first one decides which keys there are; a key in which one differs from the baseline, or from the
                others, keeps its value
    members   : how many draws, from the first; MEMBERS (or all, if there are fewer) when left out
    raises    : FootlooseError, ScenarioError as find_ensemble and read_ensemble do
    """
    path = find_ensemble(choice)
    if path is None:
        return None
    ensemble = read_ensemble(path, scenarios[0], MEMBERS if members is None else members)
    if members is not None and members > ensemble.total:
        raise FootlooseError(f"--members {members}: {path} has {ensemble.total} draws")
    keys = dict.fromkeys(key for draw in ensemble.draws for key in draw.values)
    kept = tuple(key for key in keys if is_kept(key, scenarios))
    draws = tuple(
        replace(draw, values={key: value for key, value in draw.values.items() if key not in kept})
        for draw in ensemble.draws
    )
    if draws and not draws[0].values:
        raise FootlooseError(f"{path}: the scenario sets every parameter of the ensemble itself: {', '.join(kept)}")
    return replace(ensemble, draws=draws, kept=kept)


def is_kept(key: str, scenarios: Sequence[Scenario]) -> bool:
    """Return whether a key is part of the question: set to another value than the baseline's, or to several."""
    reference = _value(_reference(), key)
    found = [value for scenario in scenarios if (value := _value(scenario.as_data(), key)) is not None]
    return any(value != (found[0] if reference is None else reference) for value in found)


@cache
def _reference() -> dict[str, Any]:
    """Return the baseline as data; mechanisms that it leaves off with their defaults."""
    data = load("baseline").as_data()
    for name, mechanism in find_mechanisms().items():
        if data["mechanisms"][name] == "off":
            data["mechanisms"][name] = mechanism.params().model_dump(mode="json", by_alias=True)
    return data


def _value(data: Any, key: str) -> Any:
    """Return the value of a dotted key; None where there is none, or its mechanism is off."""
    for step in key.split("."):
        if not isinstance(data, dict) or step not in data:
            return None
        data = data[step]
    return data


def read_ensemble(path: Path, scenario: Scenario, members: int | None = None) -> Ensemble:
    """Return the draws of a file, those used checked against a scenario.

    members : how many draws are used, from the first; all when left out
    raises  : ScenarioError with every mistake: unknown keys, cells that are no numbers, values outside their range;
              FootlooseError when the file cannot be read
    """
    if members is not None and members < 1:
        raise FootlooseError(f"--members {members}: at least 1 is needed")
    try:
        content = path.read_bytes()
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FootlooseError(f"{path}: the ensemble cannot be read: {error}") from error
    if len(rows) < 2 or not any(rows[0]):
        raise FootlooseError(f"{path}: an ensemble has a line of parameter keys and a line for every draw")
    header = [key.strip() for key in rows[0]]
    problems = _header_mistakes(path, header, scenario)
    if problems:
        raise ScenarioError(problems)
    filled = [(line, row) for line, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    draws: list[Draw] = []
    for line, row in filled[:members]:
        draw = _read_row(path, line, header, row, problems)
        if draw is not None:
            problems += _range_mistakes(path, line, header, draw, scenario)
            if any(draw.name == other.name for other in draws):
                problems.append(Problem(f"{NAME}: {draw.name!r} names two rows", str(path), line, 1, key=NAME))
            draws.append(draw)
    if problems:
        raise ScenarioError(problems)
    digest = hashlib.sha256(content).hexdigest()
    return Ensemble(path.name, digest, _version(path, digest), len(filled), tuple(draws))


def _version(path: Path, digest: str) -> str:
    """Return what the sidecar (the same name, .json) calls the table; empty without one.

    raises: FootlooseError when it is the sidecar of another table
    """
    sidecar = path.with_suffix(".json")
    if not sidecar.is_file():
        return ""
    try:
        said = json.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FootlooseError(f"{sidecar}: what the ensemble is cannot be read: {error}") from error
    if not isinstance(said, dict):
        return ""
    if said.get("sha256") not in (None, digest):
        raise FootlooseError(f"{path}: not the table that {sidecar.name} describes: its SHA-256 is {digest}")
    return str(said.get("version", ""))


def parameter_keys(scenario: Scenario) -> list[str]:
    """Return the dotted key of every number of a scenario that an ensemble may vary."""
    found: list[str] = []

    def collect(value: object, key: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                collect(inner, f"{key}.{name}" if key else name)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append(key)

    collect({key: value for key, value in scenario.as_data().items() if key not in DESCRIPTION + SIZE}, "")
    return found


def _header_mistakes(path: Path, header: list[str], scenario: Scenario) -> list[Problem]:
    known = parameter_keys(scenario)
    off = [name for name, block in scenario.mechanisms.items() if block is None]
    problems = []
    for place, key in enumerate(header, 1):
        switched_off = any(key.startswith(f"mechanisms.{name}.") for name in off)
        if header.count(key) > 1 and header.index(key) != place - 1:
            problems.append(Problem(f"column {place}: {key!r} is given twice", str(path), 1, place, key=key))
        elif key != NAME and key not in known and not switched_off:
            close = nearest(key, known)
            hint = (
                f"; did you mean {close!r}?" if close else "; allowed: dotted keys of numbers, as in docs/parameters.md"
            )
            problems.append(Problem(f"column {place}: unknown parameter {key!r}{hint}", str(path), 1, place, key=key))
    return problems


def _read_row(path: Path, line: int, header: list[str], row: list[str], problems: list[Problem]) -> Draw | None:
    if len(row) != len(header):
        problems.append(
            Problem(f"{len(row)} cells given; the first line has {len(header)} columns", str(path), line, 1)
        )
        return None
    name, values = str(line - 1), dict[str, float]()
    for place, (key, cell) in enumerate(zip(header, row, strict=True), 1):
        if key == NAME:
            name = cell.strip() or name
            continue
        try:
            number = float(cell)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            problems.append(Problem(f"{key}: {cell.strip()!r} given; wanted a number", str(path), line, place, key=key))
            return None
        values[key] = int(number) if number.is_integer() else number
    return Draw(name, values)


def _range_mistakes(path: Path, line: int, header: list[str], draw: Draw, scenario: Scenario) -> list[Problem]:
    try:
        draw.applied(scenario)
    except ScenarioError as error:
        columns = {key: place for place, key in enumerate(header, 1)}
        return [
            Problem(problem.message, str(path), line, columns.get(problem.key, 1), key=problem.key)
            for problem in error.problems
        ]
    return []
