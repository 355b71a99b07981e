"""Levers: how much it takes to reach a target, and which permanent rate a belief is worth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_marks import name_axis, plain_numbers, short
from footloose.briefing.style import BLUE, GREY, INK, ORANGE, QUIET, VERMILION, Footer, page
from footloose.briefing.tags import spread
from footloose.briefing.text import Words

Floats = npt.NDArray[np.float64]


def compare_solve(
    levels: Floats,
    outcomes: Floats,
    answer: Mapping[str, float | None],
    names: tuple[str, str, str],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the outcome of every run at every level tried, the target and the answer.

    levels, outcomes : (level,) and (level, run)
    answer           : wanted, level (None: not reachable), low, high, chance, cap
    names            : lever, outcome with its unit, unit of the lever, in words
    """
    words = Words(language, labels)
    lever, outcome, unit = names
    sheet = page(
        words, footer, words.say("compare.solve.title", lever=lever),
        words.say("compare.solve.subtitle", outcome=outcome), words.say("compare.source", vintage=footer.vintage),
        words.say("compare.note.shaded"),
    )  # fmt: skip
    axes = sheet.axes(sheet.left + 0.7, sheet.bottom + 0.5, sheet.right - 0.15, sheet.top - 0.3)
    axes.plot(levels, outcomes, color=GREY, linewidth=0.8, alpha=0.8, zorder=2)
    axes.plot(levels, outcomes.mean(axis=1), "o-", color=BLUE, linewidth=2.2, markersize=4, zorder=4)
    wanted, level = float(answer["wanted"] or 0.0), answer["level"]
    axes.axhline(wanted, color=VERMILION, linewidth=1.6, linestyle="--", zorder=3)
    pad = 0.06 * max(float(np.ptp(np.append(outcomes.ravel(), wanted))), 1e-9)
    span = np.append(outcomes.ravel(), wanted)
    axes.set_ylim(float(span.min()) - pad, float(span.max()) + pad)
    axes.set_xlim(float(levels.min()), float(levels.max()))
    if level is None:
        text = words.say("compare.solve.none", cap=short(float(answer["cap"] or 0.0), words))
    else:
        text = words.say(
            "compare.solve.answer", level=short(level, words), chance=short(100 * float(answer["chance"] or 0.0), words)
        )
        axes.axvline(level, color=INK, linewidth=1.4, zorder=3)
        ends = [answer.get("low"), answer.get("high")]
        low, high = (
            edge if edge is not None and np.isfinite(edge) else limit
            for edge, limit in zip(ends, axes.get_xlim(), strict=True)
        )
        axes.axvspan(low, high, facecolor=ORANGE, alpha=0.18, linewidth=0, zorder=1)
    target = words.say("compare.solve.target", value=short(wanted, words))
    line = words.say("compare.solve.join").join((text, target))
    sheet.write(sheet.left + 0.7, sheet.top - 0.2, line, weight="bold", anchor="baseline")
    level_name = words.say("compare.solve.level")
    name_axis(sheet, axes, words.say("compare.with_unit", text=level_name, unit=unit) if unit else level_name)
    plain_numbers(sheet, axes, "y", 6)
    plain_numbers(sheet, axes, "x", 8)
    return sheet.figure


def compare_credibility(
    curve: pd.DataFrame,
    equivalents: pd.DataFrame,
    names: tuple[str, str, float],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the effect of rates believed permanent, and where beliefs of some years lie on it.

    curve       : rate, effect; equivalents: lasts, rate, low, high, effect (rate NaN: above the largest)
    names       : policy, outcome with its unit, in words, and its rate
    """
    words = Words(language, labels)
    policy, outcome, rate = names
    subtitle = words.say("compare.credibility.subtitle", outcome=outcome, rate=short(rate, words))
    title, source = (
        words.say("compare.credibility.title", policy=policy),
        words.say("compare.source", vintage=footer.vintage),
    )
    sheet = page(words, footer, title, subtitle, source, words.say("compare.note.whiskers"))
    box = (sheet.left + 0.7, sheet.bottom + 0.5, sheet.right - 1.2, sheet.top - 0.3)
    axes = sheet.axes(*box)
    axes.plot(curve["rate"], curve["effect"], "-", color=BLUE, linewidth=2.2, zorder=3)
    for _, row in equivalents.iterrows():
        if pd.isna(row["rate"]):
            axes.axhline(float(row["effect"]), color=VERMILION, linewidth=1.0, linestyle=":", zorder=2)
            continue
        low, high = float(row["low"]), float(row["high"])
        if np.isfinite([low, high]).all():
            axes.plot([max(low, 0.0), high], [row["effect"]] * 2, color=INK, linewidth=1.1, zorder=4)
        axes.plot(row["rate"], row["effect"], "o", color=VERMILION, markersize=8, markeredgecolor="white", zorder=5)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_xlim(0.0, float(curve["rate"].max()) * 1.03)
    limits = axes.get_ylim()
    heights = [
        box[1] + (box[3] - box[1]) * (float(y) - limits[0]) / (limits[1] - limits[0]) for y in equivalents["effect"]
    ]
    for height, (_, row) in zip(
        spread(heights, [0.17] * len(heights), box[1], box[3]), equivalents.iterrows(), strict=True
    ):
        text = years_believed(words, float(row["lasts"]), beyond=pd.isna(row["rate"]))
        sheet.write(box[2] + 0.15, float(height), text, colour=QUIET, anchor="center")
    head = words.say("compare.credibility.believed")
    sheet.write(box[2] + 0.15, box[3] + 0.12, head, colour=QUIET, anchor="baseline")
    name_axis(sheet, axes, words.say("compare.credibility.rate"))
    plain_numbers(sheet, axes, "y", 6)
    return sheet.figure


def years_believed(words: Words, years: float, *, beyond: bool) -> str:
    """Return how long a policy is believed to last; beyond: no rate tried does as much."""
    if beyond:
        return words.say("compare.credibility.beyond", years=short(years, words))
    key = "compare.credibility.year" if years == 1.0 else "compare.credibility.years"
    return words.say(key, years=short(years, words))
