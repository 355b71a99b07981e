"""The waterfall of an attribution: from the base to the other world, instrument by instrument."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import SHAPLEY_INK, plain_numbers, signed, value_or_none, whiskers, width_of_names
from footloose.briefing.compare_text import ComparisonWords
from footloose.briefing.style import BLUE, INK, QUIET, VERMILION, Footer, Ink, page

UP, DOWN, TOGETHER = Ink(BLUE), Ink(VERMILION), Ink("#F7F7F7", "////", mark="#8C8C8C")


def waterfall_numbers(table: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the steps drawn: name, kind, start, end, value, low, high, shapley.

    table : kind (base, part, interaction, other), name, alone or value `mean`, low, high, shapley; small interactions
            are summed into one step, so that the steps add up
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
    outcome: tuple[str, str],
    between: Between,
    labels: Mapping[str, str],
    footer: Footer,
    *,
    exact: bool = True,
    language: str = "en",
) -> Figure:
    """Draw the steps from base to other as lying bars, Shapley values as diamonds.

    table   : as for waterfall_numbers; outcome: name and unit
    """
    words = ComparisonWords(language, labels)
    steps = waterfall_numbers(table)
    key = "waterfall.subtitle" if exact else "waterfall.sampled"
    sheet = page(
        words, footer, words.say("waterfall.title", other=between.other, base=between.base),
        words.say(key, outcome=outcome[0], unit=outcome[1]), words.say("source", vintage=footer.vintage),
        words.say("note.whiskers"),
    )  # fmt: skip
    fixed = {"base": between.base, "other": between.other, "rest": words.say("waterfall.rest")}
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
    plain_numbers(axes, "x", 6)
    edges = steps.loc[~steps["kind"].isin(["base", "other"]), ["start", "end"]].to_numpy().ravel()
    ends = np.concatenate([edges, steps.loc[steps["kind"].isin(["base", "other"]), "end"].to_numpy()])
    span = max(float(ends.max() - ends.min()), 1e-9 * max(abs(float(ends.max())), 1e-9))
    low, high = float(ends.min()) - 0.35 * span, float(ends.max()) + 0.35 * span
    axes.set_xlim(low, high)
    height = (sheet.top - 0.05 - sheet.bottom - 0.34) / len(steps)
    for place, (kind, value) in enumerate(zip(steps["kind"], steps["value"], strict=True)):
        text = f"{value:.4g}" if kind in ("base", "other") else signed(float(value))
        sheet.write(sheet.right, sheet.top - 0.05 - (place + 0.5) * height, text, align="right")
    return sheet.figure


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
            low, high = value_or_none(step, "low"), value_or_none(step, "high")
            if low is not None and high is not None:
                whiskers(axes, float(place), start + low, start + high, lying=True)
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
    return found | {name: value_or_none(row, name) for name in ("low", "high", "shapley")}
