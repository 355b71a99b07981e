"""Priors: which parameters the fit may move, within which range of the literature, and what is believed beforehand.

The list is data, `priors.csv`. The fit works on *positions*: 0 at the lower end of the range, 1 at the upper, in
proportion to the value (to its logarithm where the prior is log-uniform). No parameter leaves its range.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from footloose.block import Block
from footloose.errors import DataError, FootlooseError, Problem, ScenarioError, nearest
from footloose.experiments.comparison.ensemble import is_parameter, parameter_keys
from footloose.experiments.comparison.hybrids import NAMED, is_entry, with_values
from footloose.experiments.sweep.points import look_up
from footloose.registry import mechanism_blocks, section_blocks
from footloose.scenario import Scenario

Floats = npt.NDArray[np.float64]
TABLE = "priors.csv"
DISTRIBUTIONS = ("uniform", "normal", "log_uniform")
CERTAINTIES = ("A", "B", "C", "D")
WITHIN = 2.0
"""A normal prior is truncated at its range, which is taken for the centre plus and minus two standard deviations."""
DIGITS = 8
"""Significant digits of a value: what a table says is what was run."""


@dataclass(frozen=True)
class Prior:
    """What is believed of one parameter.

    parameter    : dotted key of a scenario, or of an entry: mechanisms.productivity.trend.china
    low, high    : the literature's range, never left
    centre       : the likeliest value
    distribution : uniform; normal, truncated at the range; log_uniform
    meaning, source, certainty : in words; A loaded, B published, C unverified, D derived
    """

    parameter: str
    low: float
    high: float
    centre: float
    distribution: str
    meaning: str
    source: str
    certainty: str

    def value(self, position: Floats) -> Floats:
        """Return the values at positions in 0 to 1."""
        if self.distribution == "log_uniform":
            return np.asarray(self.low * (self.high / self.low) ** position)
        return np.asarray(self.low + (self.high - self.low) * position)

    def position(self, value: float) -> float:
        """Return the position of a value."""
        if self.distribution == "log_uniform":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def log_density(self, position: Floats) -> Floats:
        """Return the logarithm of the prior's density on positions, but for a constant."""
        if self.distribution != "normal":
            return np.zeros_like(position)
        return np.asarray(-0.5 * ((position - self.position(self.centre)) / self._spread) ** 2)

    def quantile(self, share: Floats) -> Floats:
        """Return the positions below which shares of the prior lie."""
        if self.distribution != "normal":
            return share
        return np.asarray(self._normal.ppf(share))

    @cached_property
    def standard_deviation(self) -> float:
        """Standard deviation of the prior on positions."""
        return float(self._normal.std()) if self.distribution == "normal" else 1.0 / math.sqrt(12.0)

    @property
    def _spread(self) -> float:
        return 0.5 / WITHIN

    @property
    def _normal(self) -> Any:
        centre = self.position(self.centre)
        return stats.truncnorm(-centre / self._spread, (1.0 - centre) / self._spread, centre, self._spread)


@dataclass(frozen=True)
class Priors:
    """The priors of a fit, in the order of their table."""

    rows: tuple[Prior, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Dotted keys in order."""
        return tuple(row.parameter for row in self.rows)

    def values(self, positions: Floats) -> Floats:
        """Return values, rounded to what tables show; (point, parameter) as the positions."""
        columns = [row.value(positions[:, k]) for k, row in enumerate(self.rows)]
        return np.array([[tidy(value) for value in column] for column in columns], dtype=np.float64).T

    def points(self, positions: Floats) -> list[dict[str, float]]:
        """Return the values of every point by dotted key."""
        return [dict(zip(self.names, map(float, row), strict=True)) for row in self.values(positions)]

    def positions(self, values: Mapping[str, float]) -> Floats:
        """Return the position of one point; (parameter,)."""
        return np.array([row.position(values[row.parameter]) for row in self.rows])

    def log_density(self, positions: Floats) -> Floats:
        """Return the log density but for a constant, minus infinity outside the range; (point,)."""
        inside = ((positions >= 0.0) & (positions <= 1.0)).all(axis=1)
        total = sum((row.log_density(positions[:, k]) for k, row in enumerate(self.rows)), np.zeros(len(positions)))
        return np.where(inside, total, -np.inf)

    def draw(self, shares: Floats) -> Floats:
        """Return positions drawn from the priors, given uniform numbers of the same shape."""
        return np.column_stack([row.quantile(shares[:, k]) for k, row in enumerate(self.rows)])

    def as_data(self) -> list[dict[str, Any]]:
        """Return what of the table decides a fit, for hashing."""
        kept = ("parameter", "low", "high", "centre", "distribution")
        return [{name: getattr(row, name) for name in kept} for row in self.rows]


def tidy(value: float) -> float:
    """Return a number with the digits that are kept."""
    return float(f"{value:.{DIGITS}g}")


def load_priors(scenario: Scenario, path: Path | None = None) -> Priors:
    """Return the priors of a table, checked against a scenario.

    path   : None for the table that is shipped
    raises : DataError with every mistake: file, line, key, what was given, what is allowed, the nearest name
    """
    place = str(path) if path is not None else TABLE
    try:
        source = path if path is not None else files("footloose_calibration").joinpath(TABLE)
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{place}: the priors cannot be read: {error}") from error
    names = [field.name for field in fields(Prior)]
    reader = csv.DictReader(lines)
    if list(reader.fieldnames or ()) != names:
        given = ", ".join(reader.fieldnames or ()) or "nothing"
        raise DataError(f"{place}:1: columns {given} given; wanted {', '.join(names)}")
    problems: list[Problem] = []
    rows: list[Prior] = []
    for cells in reader:
        row = _read(cells, place, reader.line_num, problems)
        if row is not None:
            problems += [
                Problem(f"{row.parameter}: {text}", place, reader.line_num, 1, row.parameter)
                for text in mistakes(row, scenario, [other.parameter for other in rows])
            ]
            rows.append(row)
    if not rows and not problems:
        problems.append(Problem("no parameter given; a fit needs at least one", place, 2, 1))
    if problems:
        raise DataError("\n".join(str(problem) for problem in problems))
    return Priors(tuple(rows))


def _read(cells: Mapping[str, str | None], place: str, line: int, problems: list[Problem]) -> Prior | None:
    """Return a row; None, with the problem noted, when a cell is missing or no number."""
    texts = {name: (cells.get(name) or "").strip() for name in (field.name for field in fields(Prior))}
    missing = [name for name, text in texts.items() if not text]
    if missing or None in cells:
        wrong = f"nothing given for {', '.join(missing)}" if missing else "more cells than columns"
        problems.append(Problem(wrong, place, line, 1, texts["parameter"]))
        return None
    numbers: dict[str, float] = {}
    for name in ("low", "high", "centre"):
        try:
            numbers[name] = float(texts[name])
        except ValueError:
            numbers[name] = math.nan
        if not math.isfinite(numbers[name]):
            message = f"{texts['parameter']}: {name} {texts[name]!r} given; wanted a number"
            problems.append(Problem(message, place, line, 1, texts["parameter"]))
            return None
    words = {name: text for name, text in texts.items() if name not in numbers}
    return Prior(**words, **numbers)  # type: ignore[arg-type]


def mistakes(row: Prior, scenario: Scenario, above: Sequence[str]) -> list[str]:
    """Return what is wrong with a row: its key, its range, where its centre and the scenario's value lie."""
    if row.parameter in above:
        return ["given twice"]
    found = []
    if row.distribution not in DISTRIBUTIONS:
        found.append(f"distribution {row.distribution!r} given; allowed: {', '.join(DISTRIBUTIONS)}")
    if row.certainty not in CERTAINTIES:
        found.append(f"certainty {row.certainty!r} given; allowed: {', '.join(CERTAINTIES)}")
    if not row.low < row.high:
        return [*found, f"range {row.low:g} to {row.high:g} given; low has to be below high"]
    if not row.low <= row.centre <= row.high:
        found.append(f"centre {row.centre:g} given; the range is {row.low:g} to {row.high:g}")
    if row.distribution == "log_uniform" and row.low <= 0.0:
        found.append(f"low {row.low:g} given; log_uniform needs a range above 0")
    try:
        allowed = declared_range(row.parameter, scenario)
    except FootlooseError as error:
        return [*found, str(error)]
    if allowed is not None and not (allowed[0] <= row.low and row.high <= allowed[1]):
        given = f"range {row.low:g} to {row.high:g} given"
        found.append(f"{given}; the parameter is declared with {allowed[0]:g} to {allowed[1]:g}")
    value = current_value(row.parameter, scenario)
    if not row.low <= value <= row.high:
        found.append(f"range {row.low:g} to {row.high:g} given; the scenario's value {value:g} lies outside")
    return found


def current_value(key: str, scenario: Scenario) -> float:
    """Return the scenario's value of a parameter; an entry that a mapping does not have counts as 0."""
    value = look_up(scenario.as_data(), key)
    return float(value) if isinstance(value, int | float) else 0.0


def declared_range(key: str, scenario: Scenario) -> tuple[float, float] | None:
    """Return the range a parameter is declared with; None where it has none.

    raises: FootlooseError for a key that is no number of the scenario, or of a mechanism that is off
    """
    if not is_parameter(scenario, key):
        close = nearest(key, parameter_keys(scenario))
        hint = f"did you mean {close!r}?" if close else "allowed: dotted keys of numbers, as in docs/parameters.md"
        raise FootlooseError(f"unknown parameter; {hint}")
    section, *rest = key.split(".")
    name, *inner = rest if section in NAMED else [section, *rest]
    block: type[Block] | None = (mechanism_blocks() | section_blocks()).get(name)
    if block is None or inner[0] not in block.model_fields:
        return None
    field = block.model_fields[inner[0]]
    if is_entry(key):
        _check_entry(key, scenario)
    extra = field.json_schema_extra
    span = extra.get("range") if isinstance(extra, dict) else None
    return (float(span[0]), float(span[1])) if isinstance(span, list | tuple) else None  # type: ignore[arg-type]


def _check_entry(key: str, scenario: Scenario) -> None:
    """Refuse an entry that the parameter cannot have; raises FootlooseError."""
    if look_up(scenario.as_data(), key) is not None:
        return
    try:
        with_values(scenario, {key: 0.0}, key)
    except ScenarioError as error:
        raise FootlooseError(error.problems[0].message) from error
