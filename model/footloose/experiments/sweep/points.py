"""From a place in the unit cube to the values of factors, and from values to what is laid over the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import Problem, ScenarioError
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.schema import Factor, is_number
from footloose.merging import merge
from footloose.scenario import Scenario
from footloose.source import Branch, Entry, Listing, Mark, Node, Scalar

Floats = npt.NDArray[np.float64]
Point = dict[str, Any]
"""Values by factor: a number or a text; what a choice stands for is in the sweep file."""
DIGITS = 12
"""Significant digits of a drawn number: the same text, and so the same key, whatever the machine's logarithm."""


def quantile(factor: Factor, share: float) -> Any:
    """Return the value below which a share (0 to 1) of the factor's distribution lies."""
    options = alternatives(factor)
    if options:
        return options[min(int(share * len(options)), len(options) - 1)]
    low, high = ends(factor)
    if factor.distribution == "log_uniform":
        value = float(np.exp(np.log(low) + share * (np.log(high) - np.log(low))))
    elif factor.distribution == "triangular":
        value = triangular_quantile(low, high, mode_of(factor), share)
    elif factor.whole:
        value = min(np.floor(low + share * (high - low + 1.0)), high)  # every whole number equally likely
    else:
        value = low + share * (high - low)
    return tidy(factor, min(max(value, low), high))


def triangular_quantile(low: float, high: float, mode: float, share: float) -> float:
    """Return the quantile of the triangular distribution (Kotz and van Dorp 2004, equation 1.7)."""
    left = (mode - low) / (high - low)
    if share <= left:
        return low + float(np.sqrt(share * (high - low) * (mode - low)))
    return high - float(np.sqrt((1.0 - share) * (high - low) * (high - mode)))


def mode_of(factor: Factor) -> float:
    """Return the mode of a triangular distribution: the nominal value, or the middle."""
    low, high = ends(factor)
    return float(factor.nominal) if is_number(factor.nominal) else (low + high) / 2.0  # type: ignore[arg-type]


def tidy(factor: Factor, value: float) -> float | int:
    """Return a number rounded to the digits that are kept; whole where the factor is."""
    return round(value) if factor.whole else float(f"{value:.{DIGITS}g}")


def ends(factor: Factor) -> tuple[float, float]:
    """Return the ends of a range, or the smallest and largest of numbers listed."""
    if factor.low is not None and factor.high is not None:
        return factor.low, factor.high
    numbers = [float(value) for value in factor.values if is_number(value)]  # type: ignore[arg-type]
    return min(numbers), max(numbers)


def alternatives(factor: Factor) -> list[Any]:
    """Return what a factor without a range can be: names of choices, numbers or texts."""
    return list(factor.choices) if factor.choices else [named(value) for value in factor.values]


def extremes(factor: Factor) -> list[Any]:
    """Return both ends of a range, or every alternative."""
    if not factor.is_range:
        return alternatives(factor)
    return [int(end) if factor.whole else end for end in ends(factor)]


def named(value: Any) -> Any:
    """Return a value as it stands in tables: numbers and texts as they are, the rest as text."""
    if is_number(value) or isinstance(value, str):
        return value
    import json

    return json.dumps(value, sort_keys=True)


def steps_of(factor: Factor) -> list[Any]:
    """Return the values of a factor in a grid."""
    options = alternatives(factor)
    if options:
        return options
    low, high = ends(factor)
    spaced = np.geomspace if factor.distribution == "log_uniform" else np.linspace
    return list(dict.fromkeys(tidy(factor, float(value)) for value in spaced(low, high, factor.steps)))


def nominal_point(file: SweepFile) -> Point:
    """Return the value of every factor when it is not varied.

    raises: ScenarioError for a factor without one, in the file or in the scenario
    """
    point: Point = {}
    problems = []
    data = file.base.as_data()
    for name, factor in file.sweep.factors.items():
        value = named(factor.nominal) if factor.nominal is not None else _of_scenario(factor, data)
        if value is None or (factor.choices and value not in factor.choices):
            group = "levers" if name in file.sweep.levers else "uncertainties"
            given = f"nominal {value!r} is none of its choices" if value is not None else "the scenario has none"
            message = f"{group}.{name}: a nominal value is needed, and {given}; add `nominal:`"
            problems.append(file.place(group, name).problem(message, f"{group}.{name}"))
        point[name] = value
    if problems:
        raise ScenarioError(problems)
    return point


def _of_scenario(factor: Factor, data: Mapping[str, Any]) -> Any:
    if factor.multiplies:
        return 1
    if factor.choices:
        return next((name for name, settings in factor.choices.items() if not settings), None)
    value = look_up(data, factor.key[0])
    return value if is_number(value) or isinstance(value, str) else None


def look_up(data: Mapping[str, Any], key: str) -> Any:
    """Return the value of a dotted key, or None."""
    value: Any = data
    for step in key.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value


@dataclass(frozen=True)
class Recipe:
    """How a point becomes a scenario; small and frozen, so that it can be sent to every worker.

    tree    : the merged tree of the scenario, without places
    factors : levers and uncertainties
    places  : where each factor stands in the sweep file, for the messages
    base    : what the scenario says of keys that a factor multiplies
    names   : names by kind that a scenario may use
    """

    tree: Branch
    factors: Mapping[str, Factor]
    places: Mapping[str, Mark]
    base: Mapping[str, Any]
    names: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, file: SweepFile) -> Recipe:
        """Return the recipe of a sweep."""
        data = file.base.as_data()
        keys = [key for factor in file.sweep.factors.values() if factor.multiplies for key in factor.key]
        places = {
            name: file.place("levers" if name in file.sweep.levers else "uncertainties", name)
            for name in file.sweep.factors
        }
        return cls(file.tree, file.sweep.factors, places, {key: look_up(data, key) for key in keys}, file.names)

    def scenario(self, point: Point) -> Scenario:
        """Return the scenario of a point; raises ScenarioError with every mistake, placed in the sweep file."""
        from footloose.scenario.reading import build

        root = self.laid_over(point)
        scenario, problems = build(root, "sweep", self.names)
        if scenario is None:
            raise ScenarioError(problems)
        return scenario

    def laid_over(self, point: Point) -> Branch:
        """Return the tree of a point.

        What switches a mechanism off comes last, what switches one on comes first: a parameter that is varied
        neither wakes a mechanism that another factor puts to sleep nor is it forgotten when one is woken.
        """
        settings = [setting for name, value in point.items() for setting in self.settings(name, value)]
        merged: Node = self.tree
        for key, value, mark in sorted(settings, key=lambda setting: _turn(setting[1])):
            merged = merge(merged, branch_of(key, value, mark))
        assert isinstance(merged, Branch)
        return merged

    def settings(self, name: str, value: Any) -> list[tuple[str, Any, Mark]]:
        """Return the keys a factor's value sets: (dotted key, value, place of the factor in the sweep file)."""
        factor, mark = self.factors[name], self.places[name]
        if factor.choices:
            return [(key, setting, mark) for key, setting in factor.choices[value].items()]
        if factor.multiplies:
            return [(key, multiplied(self.base[key], float(value), key, mark), mark) for key in factor.key]
        given = next((original for original in factor.values if named(original) == value), value)
        return [(key, given, mark) for key in factor.key]

    def without_places(self) -> Recipe:
        """Return the recipe without the places, which only messages need."""
        from footloose.merging import relocate

        tree = relocate(self.tree, Mark(""))
        assert isinstance(tree, Branch)
        return Recipe(tree, self.factors, dict.fromkeys(self.places, Mark("")), self.base, self.names)


def _turn(value: Any) -> int:
    return 0 if value == "on" else (2 if value == "off" else 1)


def multiplied(value: Any, factor: float, key: str, mark: Mark) -> Any:
    """Return a number, or every number of a mapping such as a dated path, times a factor.

    raises: ScenarioError when the scenario has no number there
    """
    if is_number(value):
        return float(f"{value * factor:.{DIGITS}g}")
    if isinstance(value, Mapping) and value:
        return {name: multiplied(inner, factor, key, mark) for name, inner in value.items()}
    message = f"{key}: the scenario has no number here that could be multiplied; set it in `settings`"
    raise ScenarioError([mark.problem(message, key)])


def branch_of(key: str, value: Any, mark: Mark) -> Branch:
    """Return the tree of one dotted key and its value, all of it at one place."""
    node = node_of(value, mark)
    for step in reversed(key.split(".")):
        node = Branch({step: Entry(mark, node)}, mark)
    assert isinstance(node, Branch)
    return node


def node_of(value: Any, mark: Mark) -> Node:
    """Return plain data as a tree at one place."""
    if isinstance(value, Mapping):
        from footloose.source import is_dated

        branch = Branch({str(key): Entry(mark, node_of(inner, mark)) for key, inner in value.items()}, mark)
        return Branch(branch.entries, mark, whole=is_dated(branch))
    if isinstance(value, list | tuple):
        return Listing(tuple(node_of(item, mark) for item in value), mark)
    return Scalar(value, mark)


def checked(recipe: Recipe, points: Iterable[Point], most: int = 20) -> list[Problem]:
    """Return the mistakes in the scenarios of points, each once, at most so many."""
    problems: dict[Problem, None] = {}
    for point in points:
        try:
            recipe.scenario(point)
        except ScenarioError as error:
            problems.update(dict.fromkeys(error.problems))
        if len(problems) >= most:
            break
    return list(problems)[:most]
