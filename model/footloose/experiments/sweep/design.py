"""Designs: which points of the space of levers and uncertainties are run.

Low-discrepancy and stratified samples come from scipy.stats.qmc; the schemes of Saltelli et al. (2010) for Sobol
indices and of Morris (1991) for elementary effects from SALib (Herman and Usher 2017).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError, ScenarioError, nearest
from footloose.experiments.sweep.points import (
    Point,
    alternatives,
    ends,
    extremes,
    named,
    nominal_point,
    quantile,
    steps_of,
)
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.schema import Design, Factor, is_number
from footloose.source import kind_of

Floats = npt.NDArray[np.float64]
MOST_POINTS = 10_000_000
UNCERTAIN_SEED = 7919
"""Added to the seed of the sample of uncertainties in a crossed design, so that both samples are not one."""


@dataclass(frozen=True)
class Sample:
    """The points of a design; a point is made when it is asked for.

    cube   : places in the unit cube (point, factor), or None
    listed : the points themselves where there is no cube
    """

    factors: Mapping[str, Factor]
    cube: Floats | None
    listed: Sequence[Point] | None

    def __len__(self) -> int:
        return len(self.cube) if self.cube is not None else len(self.listed or ())

    def __getitem__(self, position: int) -> Point:
        if self.cube is None:
            assert self.listed is not None
            return dict(self.listed[position])
        row = self.cube[position]
        return {name: quantile(factor, float(row[k])) for k, (name, factor) in enumerate(self.factors.items())}


@dataclass(frozen=True)
class Grid:
    """The full grid of values by factor; a point is made when it is asked for."""

    values: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return math.prod(len(values) for values in self.values.values())

    def __getitem__(self, position: int) -> Point:
        point: Point = {}
        for name in reversed(list(self.values)):
            position, step = divmod(position, len(self.values[name]))
            point[name] = self.values[name][step]
        return {name: point[name] for name in self.values}


@dataclass(frozen=True)
class Crossed:
    """Every point of the levers in every state of the uncertainties."""

    levers: Sample | Grid
    uncertainties: Sample | Grid

    def __len__(self) -> int:
        return len(self.levers) * len(self.uncertainties)

    def __getitem__(self, position: int) -> Point:
        lever, state = divmod(position, len(self.uncertainties))
        return self.levers[lever] | self.uncertainties[state]


Points = Sample | Grid | Crossed


def draw_design(file: SweepFile) -> Points:
    """Return the points of a sweep.

    raises: ScenarioError for a list that names what there is not, FootlooseError for a design beyond all bounds
    """
    sweep = file.sweep
    if sweep.design.kind == "crossed":
        assert sweep.design.levers is not None
        assert sweep.design.uncertainties is not None
        points: Points = Crossed(
            _draw(sweep.design.levers, sweep.levers, sweep.seed, file),
            _draw(sweep.design.uncertainties, sweep.uncertainties, sweep.seed + UNCERTAIN_SEED, file),
        )
    else:
        points = _draw(sweep.design, sweep.factors, sweep.seed, file)
    if len(points) > MOST_POINTS:
        raise FootlooseError(f"{file.file}: the design has {len(points):,} points; at most {MOST_POINTS:,} are allowed")
    return points


def _draw(design: Design, factors: Mapping[str, Factor], seed: int, file: SweepFile) -> Sample | Grid:
    if design.kind == "grid":
        return Grid({name: steps_of(factor) for name, factor in factors.items()})
    if design.kind == "one_at_a_time":
        return Sample(factors, None, one_at_a_time(factors, nominal_point(file)))
    if design.kind == "list":
        return Sample(factors, None, listed(design, factors, file))
    if design.kind == "crossed":
        raise ScenarioError([file.place("design").problem("design: a crossed design cannot hold another one")])
    return Sample(factors, unit_sample(design, len(factors), seed), None)


def unit_sample(design: Design, dimensions: int, seed: int) -> Floats:
    """Return the places of a sample in the unit cube, (point, factor), each in [0, 1]."""
    if design.kind in ("sobol", "morris"):
        return salib_sample(design, dimensions, seed)
    from scipy.stats import qmc

    generator = np.random.default_rng(seed)
    assert design.points is not None
    if design.kind == "latin_hypercube":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=generator).random(design.points), dtype=np.float64)
    return np.asarray(qmc.Sobol(dimensions, rng=generator).random(design.points), dtype=np.float64)


def salib_sample(design: Design, dimensions: int, seed: int) -> Floats:
    """Return SALib's sample for Sobol indices or elementary effects, in the unit cube.

    raises: FootlooseError when SALib is not installed
    """
    problem = unit_problem([str(number) for number in range(dimensions)])
    try:
        from SALib.sample import morris, sobol
    except ImportError as error:
        raise FootlooseError(f"a {design.kind} design needs SALib: pip install 'footloose[analysis]'") from error
    if design.kind == "sobol":
        sample = sobol.sample(problem, design.points, calc_second_order=False, seed=seed)
    else:
        sample = morris.sample(problem, design.trajectories, num_levels=design.levels or 4, seed=seed)
    return np.asarray(sample, dtype=np.float64)


def unit_problem(names: Sequence[str]) -> dict[str, Any]:
    """Return SALib's description of factors that are uniform on the unit interval."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def one_at_a_time(factors: Mapping[str, Factor], nominal: Point) -> list[Point]:
    """Return the nominal point, and every factor alone at its two ends or at each of its alternatives."""
    points = [dict(nominal)]
    for name, factor in factors.items():
        points += [nominal | {name: value} for value in extremes(factor) if value != nominal[name]]
    return points


def listed(design: Design, factors: Mapping[str, Factor], file: SweepFile) -> list[Point]:
    """Return the points of a list; what a point does not name keeps its nominal value.

    raises: ScenarioError for a name that is no factor, or an alternative that is none
    """
    needed = any(set(run) != set(factors) for run in design.runs or ())
    nominal = nominal_point(file) if needed else {}
    points, problems = [], []
    for number, run in enumerate(design.runs or ()):
        for name, value in run.items():
            place = f"design.runs.{number}.{name}"
            message = ""
            if name not in factors:
                close = nearest(name, factors)
                message = f"unknown factor {name!r}" + (f"; did you mean {close!r}?" if close else "")
                message += f"; allowed: {', '.join(factors)}"
            else:
                message = stranger(factors[name], value)
            if message:
                problems.append(file.place("design", "runs", number, name).problem(f"{place}: {message}", place))
        points.append(nominal | {name: named(value) for name, value in run.items()})
    if problems:
        raise ScenarioError(problems)
    return [{name: point[name] for name in factors} for point in points]


def stranger(factor: Factor, value: Any) -> str:
    """Return why a value is none of a factor's, or nothing."""
    if not factor.is_range:
        options = alternatives(factor)
        return "" if named(value) in options else f"given {kind_of(value)}; allowed: {', '.join(map(str, options))}"
    low, high = ends(factor)
    wanted = f"a whole number, {low:g} to {high:g}" if factor.whole else f"a number, {low:g} to {high:g}"
    fits = is_number(value) and low <= value <= high and not (factor.whole and value % 1)
    return "" if fits else f"given {kind_of(value)}; wanted {wanted}"
