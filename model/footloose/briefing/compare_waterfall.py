"""The waterfall of an attribution: from the base to the other world, instrument by instrument."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import (
    CHANCE_ENDS,
    PARAMETER_ENDS,
    SHAPLEY_INK,
    intervals,
    plain_numbers,
    short,
    signed,
    value_or_none,
    whiskers_note,
    width_of_names,
)
from footloose.briefing.style import BLUE, INK, QUIET, VERMILION, Footer, Ink, page
from footloose.briefing.text import Words

UP, DOWN, TOGETHER = Ink(BLUE), Ink(VERMILION), Ink("#F7F7F7", "////", mark="#8C8C8C")


def waterfall_numbers(table: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the steps drawn: name, kind, start, end, value, low, high, shapley.

    table : kind (base, part, interaction, other), name, alone or value `mean`, ends of its intervals, shapley; small
            interactions are summed into one step, so that the steps add up
    """
    base, other = (float(table.loc[table["kind"] == kind, "mean"].iloc[0]) for kind in ("base", "other"))
    parts, joint = table[table["kind"] == "part"], table[table["kind"] == "interaction"]
    joint = joint.iloc[np.argsort(-joint["mean"].abs().to_numpy(), kind="stable")]
    rows = [{"name": row["name"], "kind": "part", **_numbers(row)} for _, row in parts.iterrows()]
    rows += [{"name": row["name"], "kind": "interaction", **_numbers(row)} for _, row in joint.iloc[:most].iterrows()]
    if len(joint) > most:
        rows.append({"name": "", "kind": "rest", "value": float(joint["mean"].iloc[most:].sum())})
    level, steps = base, [{"name": "base", "kind": "base", "start": 0.0, "end": base, "value": base}]
    for row in rows:
        value = float(row["value"])
        steps.append(row | {"start": level, "end": level + value})
        level += value
    steps.append({"name": "other", "kind": "other", "start": 0.0, "end": other, "value": other})
    return pd.DataFrame(steps)


def compare_waterfall(
    table: pd.DataFrame,
    outcome: str,
    between: Between,
    labels: Mapping[str, str],
    footer: Footer,
    *,
    exact: bool = True,
    language: str = "en",
) -> Figure:
    """Draw the steps from base to other as lying bars, Shapley values as diamonds.

    table   : as for waterfall_numbers; outcome: with its unit, in words
    """
    words = Words(language, labels)
    steps = waterfall_numbers(table)
    key = "compare.waterfall.subtitle" if exact else "compare.waterfall.sampled"
    sheet = page(
        words, footer, words.say("compare.waterfall.title", other=between.other, base=between.base),
        words.say(key, outcome=outcome), words.say("compare.source", vintage=footer.vintage),
        whiskers_note(words, steps),
    )  # fmt: skip
    fixed = {"base": between.base, "other": between.other, "rest": words.say("compare.waterfall.rest")}
    names = [fixed.get(str(kind), str(name)) for kind, name in zip(steps["kind"], steps["name"], strict=True)]
    room = width_of_names(sheet, names, 3.4)
    names = [sheet.wrapped(name, room - 0.1, 1)[0] for name in names]
    axes = sheet.axes(sheet.left + room, sheet.bottom + 0.34, sheet.right - 0.75, sheet.top - 0.05)
    _steps(axes, steps)
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.set_yticks(range(len(steps)), labels=names)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color="#c8c8c8", linewidth=0.6, alpha=0.7)
    plain_numbers(sheet, axes, "x", 6)
    low, high = reach(steps)
    axes.set_xlim(low, high)
    height = (sheet.top - 0.05 - sheet.bottom - 0.34) / len(steps)
    digits = max(0, 3 - math.floor(math.log10(high - low)))
    for place, (kind, value) in enumerate(zip(steps["kind"], steps["value"], strict=True)):
        rounded = round(float(value), digits)
        text = short(rounded, words, 4) if kind in ("base", "other") else signed(rounded, words)
        sheet.write(sheet.right, sheet.top - 0.05 - (place + 0.5) * height, text, align="right")
    return sheet.figure


def reach(steps: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis: all steps, and intervals as far as they do not dwarf the steps."""
    ends = steps["end"].to_numpy(dtype=np.float64)
    low, high = float(ends.min()), float(ends.max())
    span = max(high - low, 1e-9 * max(abs(high), 1e-9))
    both = [name for name in ("low", "high", *PARAMETER_ENDS) if name in steps.columns]
    whiskers_at = steps[both].to_numpy(dtype=np.float64) + steps[["start"]].to_numpy(dtype=np.float64)
    whiskers_low, whiskers_high = (
        (found(whiskers_at[np.isfinite(whiskers_at)]) if np.isfinite(whiskers_at).any() else np.nan)
        for found in (np.min, np.max)
    )
    low_end, high_end = np.fmin(low - 0.1 * span, whiskers_low), np.fmax(high + 0.1 * span, whiskers_high)
    return float(max(low_end, low - 2 * span)) - 0.05 * span, float(min(high_end, high + 2 * span)) + 0.05 * span


def _steps(axes: Axes, steps: pd.DataFrame) -> None:
    for place, (_, step) in enumerate(steps.iterrows()):
        start, end, kind = float(step["start"]), float(step["end"]), str(step["kind"])
        if kind in ("base", "other"):
            axes.plot(end, place, "o", color=QUIET, markersize=9, zorder=6)
        else:
            ink = TOGETHER if kind != "part" else UP if end >= start else DOWN
            low_end, high_end = np.array([min(start, end)]), np.array([max(start, end)])
            bars(axes, np.array([float(place)]), low_end, high_end, ink, width=0.6, lying=True)
        if place + 1 < len(steps):
            axes.plot([end, end], [place - 0.3, place + 1.3], color=QUIET, linewidth=0.7, zorder=2)
        if kind not in ("base", "other"):
            intervals(axes, float(place), step, start=start)
            shapley = value_or_none(step, "shapley")
            if shapley is not None:
                axes.plot(
                    start + shapley,
                    place,
                    "D",
                    color=SHAPLEY_INK.colour,
                    markersize=5.5,
                    markeredgecolor="white",
                    zorder=6,
                )
    axes.axvline(float(steps["end"].iloc[0]), color=INK, linewidth=0.6, linestyle=(0, (2, 3)), zorder=1)


def _numbers(row: pd.Series[float]) -> dict[str, float | None]:
    found = {"value": value_or_none(row, "mean")}
    return found | {name: value_or_none(row, name) for name in (*CHANCE_ENDS, *PARAMETER_ENDS, "shapley")}
