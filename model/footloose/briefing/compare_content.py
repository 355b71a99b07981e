"""Gross and value-added shares of China side by side, and what each host means: two figures of paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.catalogue import phrases
from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import (
    BASE_INK,
    OTHER_INK,
    key_row,
    name_axis,
    named_rows,
    panel_grid,
    panel_title,
    plain_numbers,
    scaled,
    short,
    signed,
    since_years,
    width_of_names,
    world_keys,
    year_ticks,
)
from footloose.briefing.compare_text import amount, readable, unit_name
from footloose.briefing.style import BLUE, VERMILION, Footer, Ink, Page, page
from footloose.briefing.tags import Tag, side_tags, width_of_tags
from footloose.briefing.text import Words

SHOWN = 9
"""Countries of assembly drawn, those with the largest change."""
BEFORE = 6
"""Years before the first difference that a view shows."""
PARTS = {"direct": Ink(VERMILION), "total": Ink(BLUE)}


def compare_content(
    table: pd.DataFrame, market: str, between: Between, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw China's direct and total share in both worlds, and where its parts are assembled.

    table : year, market, sector, part (direct, inside, total), country, base, other, difference [percent]
    """
    words = Words(language, labels)
    rows = table[(table["market"] == market) & (table["sector"] == "all")]
    last = int(rows["year"].max())
    sums = rows[rows["year"] == last].groupby("part")["difference"].sum()
    note = words.say(
        "compare.content.note",
        year=last,
        **{part: signed(float(sums[part]), words) for part in ("direct", "inside", "total")},
    )
    title = words.say("compare.content.title", the_market=words.the(market), other=between.other, base=between.base)
    subtitle = words.say("compare.content.subtitle")
    sheet = page(words, footer, title, subtitle, words.say("compare.source", vintage=footer.vintage), note)
    sheet = key_row(sheet, world_keys(between.base, between.other))
    middle = sheet.left + 0.6 * (sheet.right - sheet.left)
    _shares(sheet, rows, middle - 0.25, words)
    _assembly(sheet, rows[(rows["part"] == "inside") & (rows["year"] == last)], middle, words, last)
    return sheet.figure


def _shares(sheet: Page, rows: pd.DataFrame, right: float, words: Words) -> None:
    names = {part: words.say(f"compare.content.{part}") for part in PARTS}
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
    name_axis(sheet, axes, words.say("compare.axis.use"), "y")
    plain_numbers(sheet, axes, "y")
    year_ticks(axes, sorted(rows["year"].unique()))
    inner = Page(sheet.figure, sheet.words, sheet.left, sheet.bottom, right, sheet.top)
    tags = [
        Tag(names[part], bottom + (top - bottom) * ends[part] / (1.08 * peak), ink, line=True)
        for part, ink in PARTS.items()
    ]
    side_tags(inner, tags, right - room, bottom, top)


def _assembly(sheet: Page, rows: pd.DataFrame, left: float, words: Words, year: int) -> None:
    order = rows.iloc[np.argsort(-rows["difference"].abs().to_numpy(), kind="stable")][:SHOWN]
    names = [words.name(str(country)) for country in order["country"]]
    y = sheet.top - 0.02
    for line in sheet.wrapped(words.say("compare.content.change", year=year), sheet.right - left, 2, weight="bold"):
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
    plain_numbers(sheet, axes, "x", 4)


def compare_view(
    table: pd.DataFrame, country: str, between: Between, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw every number of a view as a small panel, base and other.

    table : name, unit, year, base, other
    """
    words = Words(language, labels)
    title = words.say("compare.view.title", country=words.the(country), other=between.other, base=between.base)
    source = words.say("compare.source", vintage=footer.vintage)
    sheet = page(words, footer, title, words.say("compare.view.subtitle"), source)
    sheet = key_row(sheet, [(between.other, OTHER_INK, True), (between.base, BASE_INK, True)])
    names = list(dict.fromkeys(table["name"]))
    for box, name in zip(panel_grid(sheet, len(names), 4), names, strict=True):
        rows = since_years(table[table["name"] == name], between.since, BEFORE)
        unit = str(rows["unit"].iloc[0])
        rows = scaled(rows, words.money(1.0) if unit.startswith("USD billion") else 1.0, ("base", "other"))
        axes = sheet.axes(box[0], box[1], box[2], box[3])
        for side, ink in (("base", BASE_INK), ("other", OTHER_INK)):
            axes.plot(rows["year"], rows[side], color=ink.colour, linestyle=ink.dash, linewidth=1.8, zorder=3)
        plain_numbers(sheet, axes, "y", 4)
        year_ticks(axes, [int(year) for year in rows["year"]])
        last = rows.iloc[-1]
        value = amount(words, short(float(last["other"]), words), unit_name(words, unit))
        change = signed(float(last["other"] - last["base"]), words)
        panel_title(sheet, box, view_name(words, str(name)), words.say("compare.view.last", value=value, change=change))
    return sheet.figure


def view_name(words: Words, name: str) -> str:
    """Return the name of a line of a view."""
    market = name.removeprefix("Sold to ")
    if market != name:
        return words.say("compare.view.sold_to", market=words.the(market))
    key = f"compare.view.{name.lower().replace(',', '').replace(' ', '_')}"
    return words.say(key) if key in phrases() else readable(name)
