"""Findings in sentences, English and Chinese: boxes, tipping points, what matters, which policy holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from footloose.experiments.sweep.analysis.discovery import Box, Interval, Limit, Members
from footloose.experiments.sweep.schema import Outcome, Sweep
from footloose.variables import VARIABLES

PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "reached": "{outcome} falls to {goal} or below",
        "reached_up": "{outcome} reaches {goal} or more",
        "missed": "{outcome} stays above {goal}",
        "missed_up": "{outcome} stays below {goal}",
        "between": "{factor} is between {low} and {high}",
        "above": "{factor} is at least {low}",
        "below": "{factor} is at most {high}",
        "member": "{factor} is {members}",
        "and": " and ",
        "or": " or ",
        "box": "{what} in {density} of the cases ({low} to {upper}) when {conditions}; "
        "{coverage} of all such cases lie there.",
        "always": "{what} at every point tried.",
        "never": "{what} at no point tried.",
        "no_box": "{what} in {share} of the cases, and no simple condition tells which.",
        "tips": "At {up} = {value}, {outcome} crosses {goal} at {across} = {place}{band}.",
        "band": " ({low} to {high} over {count} replicates)",
        "beyond": "beyond the range",
        "no_tip": "At {up} = {value}, {outcome} does not cross {goal} in the range tried.",
    },
    "zh": {
        "reached": "{outcome}降至{goal}或以下",
        "reached_up": "{outcome}达到{goal}或以上",
        "missed": "{outcome}仍高于{goal}",
        "missed_up": "{outcome}仍低于{goal}",
        "between": "{factor}在{low}与{high}之间",
        "above": "{factor}不低于{low}",
        "below": "{factor}不高于{high}",
        "member": "{factor}为{members}",
        "and": "，且",
        "or": "或",
        "box": "当{conditions}时，{density}的情形（{low}至{upper}）中{what}；此类情形的{coverage}落在其中。",
        "always": "在所有试验点，{what}。",
        "never": "没有一个试验点出现：{what}。",
        "no_box": "{share}的情形中{what}，但没有简单的条件可以区分。",
        "tips": "当{up} = {value}时，{outcome}在{across} = {place}{band}处越过{goal}。",
        "band": "（{count}次重复中为{low}至{high}）",
        "beyond": "超出范围",
        "no_tip": "当{up} = {value}时，{outcome}在试验范围内未越过{goal}。",
    },
}


def say(language: str, phrase: str, **values: str) -> str:
    """Return a phrase with its places filled, its first letter a capital where it begins a sentence."""
    return PHRASES[language][phrase].format(**values)


def number(value: float) -> str:
    """Return a number as a reader wants it: three significant digits."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def unit_of(outcome: Outcome) -> str:
    """Return the unit of an outcome's variable."""
    for variable in VARIABLES:
        if outcome.variable.startswith(variable.name.split("|<")[0]):
            return variable.unit
    return ""


def factor_name(sweep: Sweep, name: str, language: str = "en") -> str:
    """Return the label of a lever or uncertainty, or its name made readable."""
    label = getattr(sweep.factors[name].label, language) or sweep.factors[name].label.en
    return label or name.replace("_", " ")


def outcome_name(sweep: Sweep, name: str, language: str = "en") -> str:
    """Return the label of an outcome, or its name made readable."""
    label = getattr(sweep.outcomes[name].label, language) or sweep.outcomes[name].label.en
    return label or name.replace("_", " ")


def with_unit(value: float, unit: str) -> str:
    """Return a number with its unit; percent as a sign, an index without."""
    short = {"percent": " %", "1": "", "": ""}.get(unit, "" if unit.startswith("index") else f" {unit}")
    return f"{number(value)}{short}"


def goal_in_words(sweep: Sweep, outcome: str, hit: bool, language: str = "en") -> str:
    """Return what it means that a goal is reached, or missed."""
    asked = sweep.outcomes[outcome]
    assert asked.goal is not None
    phrase = ("reached" if hit else "missed") + ("" if asked.goal.at_most is not None else "_up")
    goal = with_unit(asked.goal.threshold, unit_of(asked))
    return say(language, phrase, outcome=outcome_name(sweep, outcome, language), goal=goal)


def condition(sweep: Sweep, name: str, limit: Limit, language: str = "en") -> str:
    """Return one limit of a box in words."""
    factor = factor_name(sweep, name, language)
    if isinstance(limit, Members):
        return say(language, "member", factor=factor, members=say(language, "or").join(sorted(limit.names)))
    unit = sweep.factors[name].unit
    low, high = with_unit(limit.low, unit), with_unit(limit.high, unit)
    if np.isinf(limit.low):
        return say(language, "below", factor=factor, high=high)
    if np.isinf(limit.high):
        return say(language, "above", factor=factor, low=low)
    return say(language, "between", factor=factor, low=low, high=high)


def box_in_words(sweep: Sweep, outcome: str, hit: bool, box: Box, language: str = "en") -> str:
    """Return a box as a sentence: when it happens, how surely, and how much of it the box covers."""
    conditions = [condition(sweep, name, limit, language) for name, limit in box.limits.items()]
    sentence = say(
        language, "box", what=goal_in_words(sweep, outcome, hit, language), density=percent(box.density),
        low=percent(box.low), upper=percent(box.high), conditions=say(language, "and").join(conditions),
        coverage=percent(box.coverage),
    )  # fmt: skip
    return capital(sentence)


def capital(sentence: str) -> str:
    """Return a sentence with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def percent(share: float) -> str:
    """Return a share as a whole percentage."""
    return f"{100.0 * share:.0f} %"


def tipping_in_words(
    sweep: Sweep, outcome: str, across: str, up: str, row: Mapping[str, float], language: str = "en"
) -> str:
    """Return where a goal tips for one value of another factor."""
    asked, factors = sweep.outcomes[outcome], sweep.factors
    assert asked.goal is not None
    common = {
        "up": factor_name(sweep, up, language),
        "value": with_unit(float(row[up]), factors[up].unit),
        "outcome": outcome_name(sweep, outcome, language),
        "goal": with_unit(asked.goal.threshold, unit_of(asked)),
    }
    if np.isnan(row["tips_at"]):
        return capital(say(language, "no_tip", **common))
    band = ""
    if row["of"] > 1:
        low, high = (end_in_words(float(row[end]), language) for end in ("low", "high"))
        band = say(language, "band", low=low, high=high, count=f"{row['of']:.0f}")
    place = with_unit(float(row["tips_at"]), factors[across].unit)
    return capital(say(language, "tips", across=factor_name(sweep, across, language), place=place, band=band, **common))


def end_in_words(value: float, language: str) -> str:
    """Return one end of an interval; infinite ends lie beyond the range tried."""
    return number(value) if np.isfinite(value) else say(language, "beyond")


def limits_as_text(box: Box) -> str:
    """Return the limits of a box for a table: tariff in [45, 100]; structure in {off}."""
    parts = []
    for name, limit in box.limits.items():
        if isinstance(limit, Interval):
            parts.append(f"{name} in [{limit.low:.6g}, {limit.high:.6g}]")
        else:
            parts.append(f"{name} in {{{', '.join(sorted(limit.names))}}}")
    return "; ".join(parts)
