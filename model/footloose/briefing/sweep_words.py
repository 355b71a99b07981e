"""Findings of sweeps in sentences of the catalogue: boxes, tipping points, what matters, which policy holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from footloose.briefing.catalogue import phrases, say
from footloose.briefing.compare_marks import short
from footloose.briefing.compare_text import unit_name
from footloose.briefing.text import Words
from footloose.experiments.sweep.analysis.discovery import Box, Limit, Members
from footloose.experiments.sweep.schema import Sweep
from footloose.long_table import unit_of


def number(value: float, language: str = "en") -> str:
    """Return a number as a reader wants it: three significant digits, large ones whole, in Chinese in 万 and 亿."""
    if abs(value) >= 1000:
        return f"{value:,.0f}" if language == "en" else short(value, Words(language), 4)
    return f"{value:.3g}"


def factor_name(sweep: Sweep, name: str, language: str = "en") -> str:
    """Return the label of a lever or uncertainty; without one the catalogue's name of the parameter it sets."""
    factor = sweep.factors[name]
    own = getattr(factor.label, language)
    if own:
        return str(own)
    key = f"parameter.{factor.key[0]}" if len(factor.key) == 1 else ""
    return say(key, language) if key in phrases() else factor.label.en or name.replace("_", " ")


def value_name(sweep: Sweep, name: str, value: str, language: str = "en") -> str:
    """Return the name of a choice, or of a value that is a word."""
    known = sweep.factors[name].names.get(value)
    return str((known and (getattr(known, language) or known.en)) or value)


def range_source(text: str, language: str = "en") -> str:
    """Return where a range comes from; as the file has it where the catalogue has no words for it."""
    key = f"range_source.{text}"
    return say(key, language) if key in phrases() else text


def outcome_name(sweep: Sweep, name: str, language: str = "en") -> str:
    """Return the label of an outcome, or its name made readable."""
    label = getattr(sweep.outcomes[name].label, language) or sweep.outcomes[name].label.en
    return label or name.replace("_", " ")


def with_unit(value: float, unit: str, language: str = "en") -> str:
    """Return a number with its unit; an index without."""
    unit = "" if unit.startswith("index") else unit_in_words(unit, language)
    return say("sweep.number", language, value=number(value, language), unit=unit) if unit else number(value, language)


def unit_in_words(unit: str, language: str = "en") -> str:
    """Return a unit as it is written behind a number or an axis; nothing for a plain number."""
    key = f"sweep.unit.{unit}"
    return say(key, language) if key in phrases() else unit_name(Words(language), unit)


def goal_in_words(sweep: Sweep, outcome: str, hit: bool, language: str = "en") -> str:
    """Return what it means that a goal is reached, or missed."""
    asked = sweep.outcomes[outcome]
    assert asked.goal is not None
    name = outcome_name(sweep, outcome, language)
    goal = with_unit(asked.goal.threshold, unit_of(asked.variable), language)
    if asked.goal.at_most is not None:
        return say("sweep.reached" if hit else "sweep.missed", language, outcome=name, goal=goal)
    return say("sweep.reached_up" if hit else "sweep.missed_up", language, outcome=name, goal=goal)


def condition(sweep: Sweep, name: str, limit: Limit, language: str = "en") -> str:
    """Return one limit of a box in words."""
    factor = factor_name(sweep, name, language)
    if isinstance(limit, Members):
        listed = [value_name(sweep, name, member, language) for member in sorted(limit.names)]
        return say("sweep.member", language, factor=factor, members=say("sweep.or", language).join(listed))
    unit = sweep.factors[name].unit
    low, high = with_unit(limit.low, unit, language), with_unit(limit.high, unit, language)
    if np.isinf(limit.low):
        return say("sweep.below", language, factor=factor, high=high)
    if np.isinf(limit.high):
        return say("sweep.above", language, factor=factor, low=low)
    return say("sweep.between", language, factor=factor, low=low, high=high)


def box_in_words(sweep: Sweep, outcome: str, hit: bool, box: Box, language: str = "en") -> str:
    """Return a box as a sentence: when it happens, how surely, and how much of it the box covers."""
    conditions = [condition(sweep, name, limit, language) for name, limit in box.limits.items()]
    low, upper, density, coverage = (
        percent(share, language) for share in (box.low, box.high, box.density, box.coverage)
    )
    sentence = say(
        "sweep.box", language, what=goal_in_words(sweep, outcome, hit, language), density=density, low=low, upper=upper,
        conditions=say("sweep.and", language).join(conditions), coverage=coverage,
    )  # fmt: skip
    return capital(sentence)


def capital(sentence: str) -> str:
    """Return a sentence with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def percent(share: float, language: str = "en") -> str:
    """Return a share as a whole percentage; what is neither nothing nor all is not said to be."""
    value = f"{100.0 * share:.0f}"
    if value == "0" and share > 1e-9:
        value = "<1"
    if value == "100" and share < 1.0 - 1e-9:
        value = ">99"
    return say("compare.percent", language, value=value)


def tipping_in_words(
    sweep: Sweep, outcome: str, across: str, up: str, row: Mapping[str, float], language: str = "en"
) -> str:
    """Return where a goal tips for one value of another factor."""
    asked, factors = sweep.outcomes[outcome], sweep.factors
    assert asked.goal is not None
    common = {
        "up": factor_name(sweep, up, language),
        "value": with_unit(float(row[up]), factors[up].unit, language),
        "outcome": outcome_name(sweep, outcome, language),
        "goal": with_unit(asked.goal.threshold, unit_of(asked.variable), language),
    }
    if np.isnan(row["tips_at"]):
        return capital(say("sweep.no_tip", language, **common))
    band = ""
    if row["of"] > 1:
        low, high = (end_in_words(float(row[end]), language) for end in ("low", "high"))
        band = say("sweep.band", language, low=low, high=high, count=f"{row['of']:.0f}")
    place = with_unit(float(row["tips_at"]), factors[across].unit, language)
    return capital(
        say("sweep.tips", language, across=factor_name(sweep, across, language), place=place, band=band, **common)
    )


def end_in_words(value: float, language: str) -> str:
    """Return one end of an interval; infinite ends lie beyond the range tried."""
    return number(value, language) if np.isfinite(value) else say("sweep.beyond", language)


def policy(sweep: Sweep, row: Mapping[str, Any], language: str = "en") -> str:
    """Return the levers of a policy in words."""
    parts = []
    for name, factor in sweep.levers.items():
        if factor.is_numeric:
            value = with_unit(float(row[name]), factor.unit, language)
        else:
            value = value_name(sweep, name, str(row[name]), language)
        parts.append(say("sweep.with_value", language, name=factor_name(sweep, name, language), value=value))
    return say("sweep.list", language).join(parts)
