"""All that a sweep's design allows to be found: tables by name, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

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
        records = table.to_dict("records")
        return [
            words.tipping_in_words(sweep, outcome, *axes, {str(key): value for key, value in row.items()}, language)
            for row in records
        ]
    if name == "sobol":
        order = table.sort_values("total", ascending=False, kind="stable").head(3)
        parts = [
            f"{words.factor_name(sweep, row.factor)} {row.total:.2f} ({row.total_low:.2f} to {row.total_high:.2f})"
            for row in order.itertuples(index=False)
        ]
        return [f"{what}: largest total Sobol indices: {', '.join(parts)}."]
    if name == "morris":
        order = table.sort_values("effect", ascending=False, kind="stable").head(5)
        parts = [f"{words.factor_name(sweep, row.factor)} {row.effect:.3g}" for row in order.itertuples(index=False)]
        return [f"{what}: largest effects over the range: {', '.join(parts)}."]
    if name == "tornado":
        parts = [f"{words.factor_name(sweep, row.factor)} {row.swing:+.3g}" for row in table.head(5).itertuples(index=False)]
        return [f"{what}: largest swings from low to high: {', '.join(parts)}."]
    if name == "variance":
        parts = [
            f"{row.source} {words.percent(row.share)} ({words.percent(row.low)} to {words.percent(row.high)})"
            for row in table.itertuples(index=False)
        ]
        return [f"{what}: variance from {', '.join(parts)}."]
    return best_policy(sweep, outcome, table) if name == "robustness" else []


def best_policy(sweep: Sweep, outcome: str, table: pd.DataFrame) -> list[str]:
    """Return which policy regrets least and which reaches the goal in most states."""
    what, sentences = words.outcome_name(sweep, outcome), []

    def named(row: pd.Series) -> str:  # type: ignore[type-arg]
        parts = []
        for lever in sweep.levers:
            value = row[lever]
            text = words.with_unit(float(value), sweep.levers[lever].unit) if sweep.levers[lever].is_numeric else value
            parts.append(f"{words.factor_name(sweep, lever)} {text}")
        return ", ".join(parts)

    if "regret_most" in table:
        row = table.loc[table["regret_most"].idxmin()]
        sentences.append(f"{what}: least largest regret ({row['regret_most']:.3g}) with {named(row)}.")
    if "satisficing" in table:
        row = table.loc[table["satisficing"].idxmax()]
        share = f"{words.percent(row['satisficing'])} of {row['states']:.0f} states"
        sentences.append(f"{what}: the goal is reached most often ({share}) with {named(row)}.")
    return sentences
