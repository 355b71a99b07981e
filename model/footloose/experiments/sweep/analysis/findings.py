"""All that a sweep's design allows to be found: tables by name, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.errors import FootlooseError
from footloose.experiments.sweep.analysis import discovery, indices, response, words
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
    """What was found: tables by name (written as CSV), sentences, and boxes for the figures."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    boxes: dict[str, tuple[bool, list[discovery.Box]]] = field(default_factory=dict)
    axes: tuple[str, str] | None = None


def find_all(file: SweepFile, runs: pd.DataFrame, language: str = "en") -> Findings:
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
                findings.sentences.append(f"{outcome}: {error}")
                continue
            if not table.empty:
                findings.tables[f"{name}_{outcome}"] = table
                findings.sentences += speak(file.sweep, name, outcome, table, language, findings.axes)
        if wants_boxes(file.sweep, means, outcome):
            find_boxes(file.sweep, means, outcome, findings, language)
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


def find_boxes(sweep: Sweep, means: pd.DataFrame, outcome: str, findings: Findings, language: str) -> None:
    """Find the conditions of the rarer case, goal reached or missed, and add them in tables and words."""
    goal = sweep.outcomes[outcome].goal
    assert goal is not None
    hits = response.reached(means[outcome].to_numpy(dtype=np.float64), goal)
    hit = bool(hits.mean() <= 0.5)
    interesting: npt.NDArray[np.bool_] = hits if hit else ~hits
    if not interesting.any():
        what = words.goal_in_words(sweep, outcome, not hit, language)
        findings.sentences.append(words.capital(words.say(language, "always", what=what)))
        return
    found = {"prim": discovery.prim(means, sweep, interesting)}
    try:
        found["cart"] = discovery.cart(means, sweep, interesting)
    except FootlooseError as error:
        findings.sentences.append(f"{outcome}: {error}")
    for method, boxes in found.items():
        rows = [
            {
                "case": "reached" if hit else "missed", "box": number + 1, "limits": words.limits_as_text(box),
                "coverage": box.coverage, "density": box.density, "density_low": box.low,
                "density_high": box.high, "mass": box.mass,
                "words": words.box_in_words(sweep, outcome, hit, box, language),
            }
            for number, box in enumerate(boxes)
        ]  # fmt: skip
        if rows:
            findings.tables[f"{method}_{outcome}"] = pd.DataFrame(rows)
    findings.boxes[outcome] = (hit, found["prim"])
    findings.sentences += [words.box_in_words(sweep, outcome, hit, box, language) for box in found["prim"]]
    if not found["prim"]:
        what, share = words.goal_in_words(sweep, outcome, hit, language), words.percent(float(interesting.mean()))
        findings.sentences.append(words.capital(words.say(language, "no_box", what=what, share=share)))


def speak(
    sweep: Sweep, name: str, outcome: str, table: pd.DataFrame, language: str, axes: tuple[str, str] | None
) -> list[str]:
    """Return what a table says, in sentences (English, where there is no Chinese for it yet)."""
    what = words.outcome_name(sweep, outcome)
    if name == "tipping" and axes is not None:
        return [words.tipping_in_words(sweep, outcome, *axes, row, language) for row in rows_of(table)]
    if name == "robustness":
        return best_policy(sweep, outcome, table)
    listed: dict[str, Callable[[], tuple[str, list[str]]]] = {
        "sobol": lambda: ("largest total Sobol indices", named_indices(sweep, table)),
        "morris": lambda: ("largest effects over the range", named_factors(sweep, table, "effect", "{:.3g}")),
        "tornado": lambda: ("largest swings from low to high", named_factors(sweep, table, "swing", "{:+.3g}")),
        "variance": lambda: ("variance from", [source_in_words(row) for row in rows_of(table)]),
    }
    if name not in listed:
        return []
    phrase, parts = listed[name]()
    return [words.capital(f"{what}: {phrase}: {', '.join(parts)}.")]


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as rows."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def named_factors(sweep: Sweep, table: pd.DataFrame, column: str, form: str, most: int = 5) -> list[str]:
    """Return the factors with the largest values of a column, with these."""
    rows = sorted(rows_of(table), key=lambda row: -abs(row[column]))[:most]
    return [f"{words.factor_name(sweep, row['factor'])} {form.format(row[column])}" for row in rows]


def named_indices(sweep: Sweep, table: pd.DataFrame, most: int = 3) -> list[str]:
    """Return the factors with the largest total indices, with their intervals."""
    rows = sorted(rows_of(table), key=lambda row: -float(row["total"]))[:most]
    return [
        f"{words.factor_name(sweep, row['factor'])} {row['total']:.2f} "
        f"({row['total_low']:.2f} to {row['total_high']:.2f})"
        for row in rows
    ]


def source_in_words(row: dict[str, Any]) -> str:
    """Return a source of variance with its share and interval."""
    low, high = words.percent(row["low"]), words.percent(row["high"])
    return f"{row['source']} {words.percent(row['share'])} ({low} to {high})"


def best_policy(sweep: Sweep, outcome: str, table: pd.DataFrame) -> list[str]:
    """Return which policy regrets least and which reaches the goal in most states."""
    what, sentences, rows = words.capital(words.outcome_name(sweep, outcome)), [], rows_of(table)
    if "regret_most" in table:
        row = min(rows, key=lambda row: float(row["regret_most"]))
        sentences.append(f"{what}: least largest regret ({row['regret_most']:.3g}) with {policy(sweep, row)}.")
    if "satisficing" in table:
        row = max(rows, key=lambda row: float(row["satisficing"]))
        share = f"{words.percent(row['satisficing'])} of {row['states']:.0f} states"
        sentences.append(f"{what}: the goal is reached most often ({share}) with {policy(sweep, row)}.")
    return sentences


def policy(sweep: Sweep, row: dict[str, Any]) -> str:
    """Return the levers of a policy in words."""
    parts = []
    for name, factor in sweep.levers.items():
        text = words.with_unit(float(row[name]), factor.unit) if factor.is_numeric else str(row[name])
        parts.append(f"{words.factor_name(sweep, name)} {text}")
    return ", ".join(parts)
