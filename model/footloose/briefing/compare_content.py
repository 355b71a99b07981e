"""Gross and value-added shares of China side by side, and what each host means: two figures of paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import (
    BASE_INK,
    OTHER_INK,
    named_rows,
    panel_grid,
    panel_title,
    plain_numbers,
    short,
    signed,
    width_of_names,
    year_ticks,
)
from footloose.briefing.compare_text import ComparisonWords
from footloose.briefing.style import BLUE, BODY, INK, VERMILION, Footer, Ink, Page, page
from footloose.briefing.tags import Tag, side_tags, width_of_tags

SHOWN = 9
"""Countries of assembly drawn, those with the largest change."""
UNITS = {
    "USD billion of 2010": "USD bn",
    "percent of output": "%",
    "index 2010 = 1": "(2010 = 1)",
    "1, 1 = one sector": "",
}
"""Units as written over small panels."""
PARTS = {"direct": Ink(VERMILION), "total": Ink(BLUE)}


def compare_content(
    table: pd.DataFrame, market: str, between: Between, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw China's direct and total share in both worlds, and where its parts are assembled.

    table : year, market, sector, part (direct, inside, total), country, base, other, difference [percent]
    """
    words = ComparisonWords(language, labels)
    rows = table[(table["market"] == market) & (table["sector"] == "all")]
    last = int(rows["year"].max())
    sums = rows[rows["year"] == last].groupby("part")["difference"].sum()
    note = words.say(
        "content.note", year=last, **{part: signed(float(sums[part])) for part in ("direct", "inside", "total")}
    )
    title = words.say("content.title", the_market=words.the(market), other=between.other, base=between.base)
    subtitle = words.say("content.subtitle", other=between.other, base=between.base)
    sheet = page(words, footer, title, subtitle, words.say("source", vintage=footer.vintage), note)
    middle = sheet.left + 0.6 * (sheet.right - sheet.left)
    _shares(sheet, rows, middle - 0.25, words)
    _assembly(sheet, rows[(rows["part"] == "inside") & (rows["year"] == last)], middle, words, last)
    return sheet.figure


def _shares(sheet: Page, rows: pd.DataFrame, right: float, words: ComparisonWords) -> None:
    names = {part: words.say(f"content.{part}") for part in PARTS}
    room = width_of_tags(sheet, list(names.values()), most=1.9)
    bottom, top = sheet.bottom + 0.3, sheet.top - 0.08
    axes = sheet.axes(sheet.left + 0.45, bottom, right - room, top)
    peak = 0.0
    ends = {}
    for part, ink in PARTS.items():
        paths = rows[rows["part"] == part].sort_values("year")
        for side, style in (("base", BASE_INK), ("other", OTHER_INK)):
            axes.plot(paths["year"], paths[side], color=ink.colour, linestyle=style.dash, linewidth=2.0, zorder=3)
            peak = max(peak, float(paths[side].max()))
        ends[part] = float(paths["other"].iloc[-1])
    axes.set_ylim(0, 1.08 * peak)
    axes.set_ylabel(words.say("axis.use"), fontsize=BODY, color=INK)
    plain_numbers(axes, "y")
    year_ticks(axes, sorted(rows["year"].unique()))
    inner = Page(sheet.figure, sheet.words, sheet.left, sheet.bottom, right, sheet.top)
    tags = [
        Tag(names[part], bottom + (top - bottom) * ends[part] / (1.08 * peak), ink, line=True)
        for part, ink in PARTS.items()
    ]
    side_tags(inner, tags, right - room, bottom, top)


def _assembly(sheet: Page, rows: pd.DataFrame, left: float, words: ComparisonWords, year: int) -> None:
    order = rows.iloc[np.argsort(-rows["difference"].abs().to_numpy(), kind="stable")][:SHOWN]
    names = [words.name(str(country)) for country in order["country"]]
    y = sheet.top - 0.02
    for line in sheet.wrapped(words.say("content.change", year=year), sheet.right - left, 2, weight="bold"):
        sheet.write(left, y, line, weight="bold", anchor="top")
        y -= 0.17
    axes = sheet.axes(left + width_of_names(sheet, names, 1.8), sheet.bottom + 0.3, sheet.right - 0.05, y - 0.1)
    values = order["difference"].to_numpy(dtype=np.float64)
    at = np.arange(len(values), dtype=np.float64)
    for chosen, ink in ((values >= 0, Ink(BLUE)), (values < 0, Ink(VERMILION))):
        bars(
            axes,
            at[chosen],
            np.minimum(values, 0.0)[chosen],
            np.maximum(values, 0.0)[chosen],
            ink,
            width=0.62,
            lying=True,
        )
    named_rows(sheet, axes, names)
    reach = 1.1 * max(float(np.abs(values).max()), 1e-12)
    axes.set_xlim(-reach if (values < 0).any() else 0.0, reach)
    plain_numbers(axes, "x", 4)


def compare_view(
    table: pd.DataFrame, country: str, between: Between, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw every number of a view as a small panel, base and other.

    table : name, unit, year, base, other
    """
    words = ComparisonWords(language, labels)
    title = words.say("view.title", country=words.the(country), other=between.other, base=between.base)
    subtitle = words.say("view.subtitle", other=between.other, base=between.base)
    sheet = page(words, footer, title, subtitle, words.say("source", vintage=footer.vintage))
    names = list(dict.fromkeys(table["name"]))
    for box, name in zip(panel_grid(sheet, len(names), 4), names, strict=True):
        rows = table[table["name"] == name]
        axes = sheet.axes(box[0], box[1], box[2], box[3])
        for side, ink in (("base", BASE_INK), ("other", OTHER_INK)):
            axes.plot(rows["year"], rows[side], color=ink.colour, linestyle=ink.dash, linewidth=1.8, zorder=3)
        plain_numbers(axes, "y", 4)
        year_ticks(axes, [int(year) for year in rows["year"]])
        last = rows.iloc[-1]
        change = signed(float(last["other"] - last["base"]))
        sold = str(name).removeprefix("Sold to ")
        text = f"Sold to {words.the(sold)}" if sold != name else str(name)
        panel_title(
            sheet, box, text, f"{short(float(last['other']))}, {change} {UNITS.get(str(last['unit']), last['unit'])}"
        )
    return sheet.figure
