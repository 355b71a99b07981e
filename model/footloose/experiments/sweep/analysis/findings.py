"""All that a sweep's design allows to be found: tables by name, and boxes. Words for them are in the briefing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.errors import FootlooseError
from footloose.experiments.sweep.analysis import discovery, indices, response
from footloose.experiments.sweep.analysis.robustness import robustness
from footloose.experiments.sweep.analysis.variance import variance_split
from footloose.experiments.sweep.points import nominal_point
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.schema import Sweep

FEWEST_POINTS = 30
SPREAD = ("latin_hypercube", "sobol_sequence", "crossed", "list", "grid")
"""Designs whose points fill the space, so that boxes and distances mean something."""


@dataclass
class Findings:
    """What was found: tables by name (written as CSV), and boxes by outcome.

    boxes    : whether reaching the goal is the rarer case, and what PRIM found of the rarer one
    leaves   : what CART found of the same case, densest first
    always   : whether a goal is reached, or missed, at all points
    problems : what could not be made, by outcome, in the order it was tried
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    boxes: dict[str, tuple[bool, list[discovery.Box]]] = field(default_factory=dict)
    leaves: dict[str, list[discovery.Box]] = field(default_factory=dict)
    always: dict[str, bool] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    axes: tuple[str, str] | None = None


def find_all(file: SweepFile, runs: pd.DataFrame) -> Findings:
    """Return all that the design of a sweep and its results allow to be found.

    runs : the table of runs; what needs a library that is not there is said and left out
    """
    findings = Findings(axes=map_axes(file.sweep, runs))
    means = response.by_point(runs, file.sweep)
    findings.tables["points"] = means
    for outcome in file.sweep.outcomes:
        for name, make in analyses(file, runs, means, outcome, findings.axes):
            try:
                table = make()
            except FootlooseError as error:
                findings.problems.append((outcome, str(error)))
                continue
            if not table.empty:
                findings.tables[f"{name}_{outcome}"] = table
        if wants_boxes(file.sweep, means, outcome):
            find_boxes(file.sweep, means, outcome, findings)
    return findings


def analyses(
    file: SweepFile, runs: pd.DataFrame, means: pd.DataFrame, outcome: str, axes: tuple[str, str] | None
) -> Iterator[tuple[str, Callable[[], pd.DataFrame]]]:
    """Yield what can be made of one outcome: the name of the table and how it is made."""
    sweep, kind = file.sweep, file.sweep.design.kind
    goal = sweep.outcomes[outcome].goal
    if kind == "sobol":
        yield "sobol", lambda: indices.sobol_indices(file, runs, outcome)
    if kind == "morris":
        yield "morris", lambda: indices.morris_effects(file, runs, outcome)
    if kind == "one_at_a_time":
        yield "tornado", lambda: response.tornado(runs, sweep, nominal_point(file), outcome)
    if axes is not None:
        across, up = axes
        yield "surface", lambda: response.surface(runs, across, up, outcome).reset_index()
        if goal is not None:
            yield "tipping", lambda: response.tipping(runs, across, up, outcome, goal)
    if goal is not None and kind in SPREAD and len(means) >= FEWEST_POINTS:
        yield "regional", lambda: indices.regional_sensitivity(means, sweep, outcome, goal)
    if kind == "crossed":
        yield "robustness", lambda: robustness(runs, sweep, outcome)
    if kind in ("latin_hypercube", "sobol_sequence") and len(means) >= FEWEST_POINTS:
        yield "variance", lambda: variance_split(runs, sweep, outcome)


def map_axes(sweep: Sweep, runs: pd.DataFrame) -> tuple[str, str] | None:
    """Return the two factors of a map: the first two numeric ones that a grid varies."""
    design, factors = sweep.design, dict(sweep.factors)
    if design.kind == "crossed":
        assert design.levers is not None
        design, factors = design.levers, dict(sweep.levers)
    if design.kind != "grid":
        return None
    numeric = [name for name, factor in factors.items() if factor.is_numeric and runs[name].nunique() > 1]
    return (numeric[0], numeric[1]) if len(numeric) > 1 else None


def wants_boxes(sweep: Sweep, means: pd.DataFrame, outcome: str) -> bool:
    """Return whether scenario discovery has something to work on."""
    return sweep.outcomes[outcome].goal is not None and sweep.design.kind in SPREAD and len(means) >= FEWEST_POINTS


def find_boxes(sweep: Sweep, means: pd.DataFrame, outcome: str, findings: Findings) -> None:
    """Find the conditions of the rarer case, goal reached or missed, and add them."""
    goal = sweep.outcomes[outcome].goal
    assert goal is not None
    hits = response.reached(means[outcome].to_numpy(dtype=np.float64), goal)
    hit = bool(hits.mean() <= 0.5)
    interesting: npt.NDArray[np.bool_] = hits if hit else ~hits
    if not interesting.any():
        findings.always[outcome] = not hit
        return
    found = {"prim": discovery.prim(means, sweep, interesting)}
    try:
        found["cart"] = discovery.cart(means, sweep, interesting)
    except FootlooseError as error:
        findings.problems.append((outcome, str(error)))
    for method, boxes in found.items():
        rows = [
            {
                "case": "reached" if hit else "missed", "box": number + 1, "limits": discovery.limits_as_text(box),
                "coverage": box.coverage, "density": box.density, "density_low": box.low,
                "density_high": box.high, "mass": box.mass,
            }
            for number, box in enumerate(boxes)
        ]  # fmt: skip
        if rows:
            findings.tables[f"{method}_{outcome}"] = pd.DataFrame(rows)
    findings.boxes[outcome] = (hit, found["prim"])
    findings.leaves[outcome] = found.get("cart", [])


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as rows."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
