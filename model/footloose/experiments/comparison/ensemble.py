"""The calibrated ensemble: a table of draws of parameters, as CSV.

One row is one draw; columns are dotted keys of a scenario, such as decisions.sunk_cost, mechanisms.clusters.elasticity
or mechanisms.productivity.trend.china; a column `draw` names the rows. A key that a scenario switches off has no effect
there.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from footloose.errors import FootlooseError, Problem, ScenarioError, nearest
from footloose.experiments.comparison.hybrids import DESCRIPTION, SIZE, is_entry, with_values
from footloose.experiments.sweep.points import look_up
from footloose.scenario import Scenario

NAME = "draw"


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


def read_ensemble(path: Path, scenario: Scenario) -> tuple[Draw, ...]:
    """Return the draws of a file, every one checked against a scenario.

    raises: ScenarioError with every mistake: unknown keys, cells that are no numbers, values outside their range;
            FootlooseError when the file cannot be read
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FootlooseError(f"{path}: the ensemble cannot be read: {error}") from error
    if len(rows) < 2 or not any(rows[0]):
        raise FootlooseError(f"{path}: an ensemble has a line of parameter keys and a line for every draw")
    header = [key.strip() for key in rows[0]]
    problems = _header_mistakes(path, header, scenario)
    if problems:
        raise ScenarioError(problems)
    draws: list[Draw] = []
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            draw = _read_row(path, line, header, row, problems)
            if draw is not None:
                problems += _range_mistakes(path, line, header, draw, scenario)
                draws.append(draw)
    if problems:
        raise ScenarioError(problems)
    return tuple(draws)


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


def is_parameter(scenario: Scenario, key: str) -> bool:
    """Return whether an ensemble may vary a key: a number of the scenario, or an entry of a parameter that has such."""
    if not is_entry(key):
        return key in parameter_keys(scenario)
    parent = look_up(scenario.as_data(), key.rpartition(".")[0])
    return isinstance(parent, dict)


def _header_mistakes(path: Path, header: list[str], scenario: Scenario) -> list[Problem]:
    known = parameter_keys(scenario)
    off = [name for name, block in scenario.mechanisms.items() if block is None]
    problems = []
    for place, key in enumerate(header, 1):
        switched_off = any(key.startswith(f"mechanisms.{name}.") for name in off)
        if header.count(key) > 1 and header.index(key) != place - 1:
            problems.append(Problem(f"column {place}: {key!r} is given twice", str(path), 1, place, key=key))
        elif key != NAME and not switched_off and not is_parameter(scenario, key):
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
