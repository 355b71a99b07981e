"""What stays of a policy: effect by year, the ratchet, and the loop of a ramp."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_marks import name_axis, plain_numbers, value_or_none, whiskers, year_ticks
from footloose.briefing.style import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Footer,
    Ink,
    Page,
    page,
)
from footloose.briefing.tags import Tag, side_tags, width_of_tags
from footloose.briefing.text import Words

LINES = (
    Ink(VERMILION),
    Ink(ORANGE, dash="--"),
    Ink(GREEN, dash="-."),
    Ink(PURPLE, dash=":"),
    Ink(SKY),
    Ink("#8A5A00", dash="--"),
)


def compare_reversal(
    paths: pd.DataFrame,
    ratchet: pd.DataFrame,
    loop: pd.DataFrame | None,
    names: tuple[str, str],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the effect with the policy kept and taken away, and what stays by how long it was there.

    paths   : year, world (`kept`, `removed YEAR`), effect; from the year before the first effect on
    ratchet : years, share, low, high [1]; NaN where an interval has no end
    loop    : factor, effect in the order of the ramp, with area in `attrs`; or None
    names   : policy, outcome with its unit, in words
    """
    words = Words(language, labels)
    policy, outcome = names
    sheet = page(
        words, footer, words.say("compare.reversal.title", policy=policy),
        words.say("compare.reversal.subtitle", outcome=outcome), words.say("compare.source", vintage=footer.vintage),
        words.say("compare.note.whiskers"),
    )  # fmt: skip
    column = sheet.right - 2.75
    _paths(sheet, paths, column - 0.75, words)
    half = (sheet.top + sheet.bottom) / 2
    low = half if loop is not None else sheet.bottom
    _ratchet(sheet, ratchet, (column, low + 0.5, sheet.right - 0.05, sheet.top - 0.3), words)
    if loop is not None:
        _loop(sheet, loop, (column, sheet.bottom + 0.46, sheet.right - 0.05, half - 0.12), words)
    return sheet.figure


def _paths(sheet: Page, paths: pd.DataFrame, right: float, words: Words) -> None:
    worlds = list(dict.fromkeys(paths["world"]))
    texts = {world: _name(str(world), words) for world in worlds}
    room = width_of_tags(sheet, list(texts.values()), most=1.5)
    axes = sheet.axes(sheet.left + 0.5, sheet.bottom + 0.3, right - room, sheet.top - 0.08)
    removed = [world for world in worlds if world != "kept"]
    inks = {"kept": Ink(BLACK)} | {world: LINES[place % len(LINES)] for place, world in enumerate(removed)}
    ends = {}
    for world in worlds:
        rows = paths[paths["world"] == world]
        axes.plot(
            rows["year"], rows["effect"], color=inks[world].colour, linestyle=inks[world].dash, linewidth=2.0, zorder=3
        )
        ends[world] = float(rows["effect"].iloc[-1])
    axes.axhline(0.0, color=INK, linewidth=0.8)
    plain_numbers(sheet, axes, "y")
    year_ticks(axes, sorted(paths["year"].unique()))
    bottom, top = sheet.bottom + 0.3, sheet.top - 0.08
    limits = axes.get_ylim()
    tags = [
        Tag(texts[world], bottom + (top - bottom) * (end - limits[0]) / (limits[1] - limits[0]), inks[world], line=True)
        for world, end in ends.items()
    ]
    inner = Page(sheet.figure, sheet.words, sheet.left, sheet.bottom, right, sheet.top)
    side_tags(inner, tags, right - room, bottom, top)


def _ratchet(sheet: Page, table: pd.DataFrame, box: tuple[float, float, float, float], words: Words) -> None:
    sheet.write(box[0] - 0.45, box[3] + 0.1, words.say("compare.reversal.ratchet"), weight="bold", anchor="baseline")
    axes = sheet.axes(*box)
    shares = 100 * table["share"].to_numpy(dtype=np.float64)
    axes.plot(table["years"], shares, "o-", color=BLUE, linewidth=1.8, markersize=5, zorder=4)
    ends: list[float] = [0.0, *shares[np.isfinite(shares)]]
    for _, row in table.iterrows():
        low, high = value_or_none(row, "low"), value_or_none(row, "high")
        if low is not None and high is not None:
            whiskers(axes, float(row["years"]), 100 * low, 100 * high)
            ends += [100 * low, 100 * high]
    axes.set_ylim(max(min(ends), -60) - 5, min(max(ends), 160) + 5)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_xticks(list(table["years"]))
    axes.set_xlim(0, float(table["years"].max()) + 0.5)
    name_axis(sheet, axes, words.say("compare.reversal.years"))
    plain_numbers(sheet, axes, "y", 4)


def _loop(sheet: Page, table: pd.DataFrame, box: tuple[float, float, float, float], words: Words) -> None:
    title = words.say("compare.reversal.loop", area=f"{float(table.attrs['area']):.2f}")
    sheet.write(box[0] - 0.45, box[3] + 0.1, title, weight="bold", anchor="baseline")
    axes = sheet.axes(*box)
    factor = np.concatenate([[0.0], table["factor"].to_numpy(dtype=np.float64)])
    effect = np.concatenate([[0.0], table["effect"].to_numpy(dtype=np.float64)])
    peak = int(np.argmax(factor))
    for part, ink in ((slice(0, peak + 1), Ink(BLUE)), (slice(peak, None), Ink(VERMILION, dash="--"))):
        axes.plot(
            factor[part], effect[part], marker="o", markersize=3.5, color=ink.colour, linestyle=ink.dash, linewidth=1.8
        )
    for place in (max(peak // 2, 1), peak + max((len(factor) - peak) // 2, 1)):
        axes.annotate(
            "", xy=(factor[place], effect[place]), xytext=(factor[place - 1], effect[place - 1]),
            arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 1.2},
        )  # fmt: skip
    axes.axhline(0.0, color=INK, linewidth=0.8)
    name_axis(sheet, axes, words.say("compare.reversal.rate"))
    plain_numbers(sheet, axes, "y", 4)


def _name(world: str, words: Words) -> str:
    if world == "kept":
        return words.say("compare.reversal.kept")
    return words.say("compare.reversal.removed", year=world.rpartition(" ")[2])


def shown_paths(paths: pd.DataFrame, first: int) -> pd.DataFrame:
    """Return the paths from a year on; two years at least."""
    return paths[paths["year"] >= min(first, int(paths["year"].max()) - 1)]
