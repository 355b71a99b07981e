"""What a sweep found, in sentences: ranges of outcomes, what matters, where it tips, which policy holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from footloose.briefing.catalogue import say
from footloose.briefing.compare_marks import short, signed
from footloose.briefing.sweep_words import (
    box_in_words,
    capital,
    factor_name,
    goal_in_words,
    number,
    outcome_name,
    percent,
    policy,
    tipping_in_words,
    with_unit,
)
from footloose.briefing.text import Words
from footloose.experiments.sweep.analysis.findings import Findings, rows_of
from footloose.experiments.sweep.analysis.response import finished, reached
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.schema import Sweep
from footloose.long_table import unit_of
from footloose.scenario import by_word, evidence_in_use

SPOKEN = ("sobol", "morris", "tornado", "tipping", "robustness", "variance")
"""Tables that are said in words, in this order."""
MOST_LEAVES = 2
"""Leaves of a decision tree that are said among the findings; all of them are in its table."""


def header(file: SweepFile, runs: pd.DataFrame, language: str = "en") -> list[str]:
    """Return the first lines of the findings: title, what it rests on, and mean and range of every outcome."""
    lines, done = [title_of(file, language)], finished(runs)
    evidence = evidence_in_words(file, language)
    lines += [say("sweep.finding.rests", language, list=evidence)] if evidence else []
    return lines + [range_of(file.sweep, name, done, language) for name in file.sweep.outcomes]


def range_of(sweep: Sweep, outcome: str, done: pd.DataFrame, language: str) -> str:
    """Return mean and range of an outcome over all finished runs."""
    values, unit = done[outcome].to_numpy(dtype=np.float64), unit_of(sweep.outcomes[outcome].variable)
    low, mean, high = (with_unit(float(v), unit, language) for v in (values.min(), values.mean(), values.max()))
    what = capital(outcome_name(sweep, outcome, language))
    return say("sweep.finding.range", language, outcome=what, low=low, high=high, mean=mean)


def title_of(file: SweepFile, language: str) -> str:
    """Return the title of a sweep in a language, else in English, else its name."""
    return str(getattr(file.sweep.title, language) or file.sweep.title.en or file.name)


def evidence_in_words(file: SweepFile, language: str) -> str:
    """Return what the scenario of a sweep rests on, nothing when all is firm."""
    words = Words(language)
    separator = words.say("separator.list")
    return separator.join(
        words.say(
            "footer.evidence_group",
            word=words.say(f"evidence.{word}"),
            mechanisms=separator.join(words.name(f"line:{name}") for name in names),
        )
        for word, names in by_word(evidence_in_use(file.base)).items()
    )


def sentences(sweep: Sweep, found: Findings, language: str = "en") -> list[str]:
    """Return all that was found, outcome by outcome."""
    return [line for outcome in sweep.outcomes for line in said_of(sweep, outcome, found, language)]


def said_of(sweep: Sweep, outcome: str, found: Findings, language: str = "en") -> list[str]:
    """Return all that was found of one outcome."""
    said: list[str] = []
    for name in SPOKEN:
        table = found.tables.get(f"{name}_{outcome}")
        if table is not None:
            said += speak(sweep, name, outcome, table, found, language)
    said += cases(sweep, outcome, found, language)
    said += [
        say("sweep.finding.left_out", language, outcome=outcome, problem=problem)
        for of, problem in found.problems
        if of == outcome
    ]
    return said


def cases(sweep: Sweep, outcome: str, found: Findings, language: str) -> list[str]:
    """Return under which conditions a goal is reached or missed: boxes, or that there are none."""
    if outcome in found.always:
        what = goal_in_words(sweep, outcome, found.always[outcome], language)
        key, count = ("sweep.always.mean" if sweep.replicates > 1 else "sweep.always"), sweep.replicates
        return [capital(say(key, language, what=what, **({"count": count} if count > 1 else {})))]
    if outcome not in found.boxes:
        return []
    hit, boxes = found.boxes[outcome]
    leaves = [box_in_words(sweep, outcome, hit, leaf, language) for leaf in found.leaves.get(outcome, [])]
    trees = [say("sweep.finding.cart", language, box=leaf) for leaf in leaves[:MOST_LEAVES]]
    if boxes:
        return [box_in_words(sweep, outcome, hit, box, language) for box in boxes] + trees
    goal = sweep.outcomes[outcome].goal
    assert goal is not None
    hits = reached(found.tables["points"][outcome].to_numpy(dtype=np.float64), goal)
    share = percent(float((hits if hit else ~hits).mean()), language)
    what = goal_in_words(sweep, outcome, hit, language)
    return [capital(say("sweep.no_box", language, what=what, share=share)), *trees]


def speak(sweep: Sweep, name: str, outcome: str, table: pd.DataFrame, found: Findings, language: str) -> list[str]:
    """Return what a table says, in sentences."""
    if name == "tipping" and found.axes is not None:
        return [tipping_in_words(sweep, outcome, *found.axes, row, language) for row in rows_of(table)]
    if name == "robustness":
        return best_policy(sweep, outcome, table, language)
    listed: dict[str, Callable[[], list[str]]] = {
        "sobol": lambda: named_indices(sweep, table, language),
        "morris": lambda: named_factors(sweep, table, "effect", short, language),
        "tornado": lambda: named_factors(sweep, table, "swing", signed, language),
        "variance": lambda: [source_in_words(row, language) for row in rows_of(table)],
    }
    parts = say("sweep.list", language).join(listed[name]())
    what, key = capital(outcome_name(sweep, outcome, language)), f"sweep.finding.{name}"
    if name == "variance" and "chance" not in set(table["source"]):
        key = "sweep.finding.variance.one"
    return [say(key, language, outcome=what, list=parts)]


def named_factors(
    sweep: Sweep, table: pd.DataFrame, column: str, form: Callable[[float, Words], str], language: str, most: int = 5
) -> list[str]:
    """Return the factors with the largest values of a column, with these and their intervals where there are any."""
    rows = sorted(rows_of(table), key=lambda row: -abs(row[column]))[:most]
    words, said = Words(language), []
    for row in rows:
        name, value = factor_name(sweep, row["factor"], language), form(float(row[column]), words)
        if np.isnan(float(row.get("low", np.nan))):
            said.append(say("sweep.with_value", language, name=name, value=value))
        else:
            low, high = (form(float(row[end]), words) for end in ("low", "high"))
            said.append(say("sweep.with_interval", language, name=name, value=value, low=low, high=high))
    return said


def named_indices(sweep: Sweep, table: pd.DataFrame, language: str, most: int = 3) -> list[str]:
    """Return the factors with the largest total indices, with their intervals."""
    rows = sorted(rows_of(table), key=lambda row: -float(row["total"]))[:most]
    return [
        say(
            "sweep.with_interval", language, name=factor_name(sweep, row["factor"], language),
            value=f"{row['total']:.2f}", low=f"{row['total_low']:.2f}", high=f"{row['total_high']:.2f}",
        )
        for row in rows
    ]  # fmt: skip


def source_in_words(row: dict[str, Any], language: str) -> str:
    """Return a source of variance with its share and interval."""
    share, low, high = (percent(row[name], language) for name in ("share", "low", "high"))
    name = say(f"sweep.source.{row['source']}", language).lower()
    return say("sweep.with_interval", language, name=name, value=share, low=low, high=high)


def best_policy(sweep: Sweep, outcome: str, table: pd.DataFrame, language: str) -> list[str]:
    """Return which policy regrets least and which reaches the goal in most states."""
    what, said, rows = capital(outcome_name(sweep, outcome, language)), [], rows_of(table)
    if "regret_most" in table:
        row = min(rows, key=lambda row: float(row["regret_most"]))
        least = {"regret": number(float(row["regret_most"]), language), "policy": policy(sweep, row, language)}
        said.append(say("sweep.finding.regret", language, outcome=what, **least))
    if "satisficing" in table:
        row = max(rows, key=lambda row: float(row["satisficing"]))
        best = {
            "share": percent(row["satisficing"], language), "states": f"{row['states']:.0f}",
            "policy": policy(sweep, row, language),
        }  # fmt: skip
        said.append(say("sweep.finding.satisficing", language, outcome=what, **best))
    return said
