"""The twin ledger as figures: by class and shore; by sector and home of the owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.compare_marks import (
    CHANCE_ENDS,
    CLASS_INKS,
    PARAMETER_ENDS,
    intervals,
    key_row,
    name_axis,
    named_rows,
    nothing,
    reach_of,
    scaled,
    short,
    whiskers_note,
    width_of_names,
)
from footloose.briefing.style import QUIET, SHORES, Footer, Page, inks, page, pitch
from footloose.briefing.tags import Tag
from footloose.briefing.text import Words

DRAWN = ("induced", "elsewhere", "earlier", "later", "held")
"""Classes that the policy made; the others are in the table."""
BILLION = 1e3
LEAST = 1e-9


@dataclass(frozen=True)
class Between:
    """Names of the two worlds, the border of a move and the year counted from, for titles."""

    base: str
    other: str
    border: str = "country"
    since: int | None = None


def ledger_numbers(summary: pd.DataFrame, stage: str, by: str) -> pd.DataFrame:
    """Return what the figures of the ledger draw: member, class, value and ends of intervals [USD billion of 2010].

    summary : stage, by, member, class, measure, mean, low, high, parameter_low, parameter_high [USD million]; value in
              the other world, or, of those that stay, in the base
    """
    rows = summary[(summary["stage"] == stage) & (summary["by"] == by)]
    held = rows["class"] == "held"
    rows = rows[((rows["measure"] == "value_other") & ~held) | ((rows["measure"] == "value_base") & held)]
    columns = ["member", "class", "mean", *CHANCE_ENDS, *PARAMETER_ENDS]
    numbers = rows.reindex(columns=columns).rename(columns={"mean": "value"})
    return scaled(numbers, 1.0 / BILLION).reset_index(drop=True)


def compare_ledger(
    summary: pd.DataFrame, stage: str, between: Between, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw the value of firms in each class that the policy made, stacked by the shore moved to.

    summary : stage, by, member, class, measure, mean, low, high, as in ledger_summary.csv of one world
    """
    words = Words(language, labels)
    border, when = words.say(f"compare.ledger.border.{between.border}"), words.say(f"compare.ledger.stage.{stage}")
    subtitle = words.say("compare.ledger.subtitle", border=border, since=between.since, base=between.base, stage=when)
    whole, parts = (
        scaled(ledger_numbers(summary, stage, by), words.money(1.0)).set_index(["class", "member"])
        for by in ("all", "shore")
    )
    anyway = float(whole["value"].get(("anyway", "all"), 0.0))
    note = words.say("compare.ledger.anyway", value=short(anyway, words))
    note = words.sentences(note, whiskers_note(words, whole))
    title = words.say("compare.ledger.title", other=between.other)
    sheet = page(words, footer, title, subtitle, words.say("compare.source", vintage=footer.vintage), note)
    totals = [float(whole["value"].get((kind, "all"), 0.0)) for kind in DRAWN]
    if max(totals) < LEAST:
        return nothing(sheet, title)
    names = [words.say(f"compare.class.{kind}") for kind in DRAWN]
    left, legend = sheet.left + width_of_names(sheet, names), 2.1
    axes = sheet.axes(left, sheet.bottom + 0.5, sheet.right - legend, sheet.top - 0.05)
    shores = [shore for shore in SHORES if any((kind, shore) in parts.index for kind in DRAWN)]
    colours = inks(shores, SHORES)
    _stacks(axes, whole, parts, shores)
    named_rows(sheet, axes, names)
    low, high = reach_of(whole[whole.index.get_level_values("class").isin(DRAWN)], *totals)
    axes.set_xlim(low * 1.05, high * 1.06)
    name_axis(sheet, axes, words.say("compare.axis.value"))
    tags = [Tag(words.name(f"shore:{shore}"), 0.0, colours[shore]) for shore in shores]
    legend_column(sheet, tags, words.say("compare.ledger.place"), sheet.right - legend + 0.2, sheet.top - 0.1)
    return sheet.figure


def _stacks(axes: Axes, whole: pd.DataFrame, parts: pd.DataFrame, shores: list[str]) -> None:
    """Draw a lying bar for every class, stacked by shore, with the interval of the whole."""
    colours = inks(shores, SHORES)
    for row, kind in enumerate(DRAWN):
        at, edge = np.array([float(row)]), 0.0
        for shore in shores:
            value = float(parts["value"].get((kind, shore), 0.0))
            bars(axes, at, np.array([edge]), np.array([edge + value]), colours[shore], width=0.62, lying=True)
            edge += value
        if (kind, "all") in whole.index:
            intervals(axes, float(row), whole.loc[(kind, "all")])


def legend_column(sheet: Page, tags: list[Tag], title: str, x: float, y: float) -> None:
    """Write a legend in a column from a place down, its title wrapped to the room at the right [inches]."""
    for line in sheet.wrapped(title, sheet.right - x, 4):
        sheet.write(x, y, line, colour=QUIET, anchor="top")
        y -= pitch()
    y -= 0.1
    for tag in tags:
        sheet.swatch(x, y, tag.ink)
        sheet.write(x + 0.2, y, sheet.wrapped(tag.text, sheet.right - x - 0.2, 1)[0], anchor="center")
        y -= 1.25 * pitch()


def compare_members(
    summary: pd.DataFrame, stage: str, between: Between, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw by sector and by home of the owner what moves because of the policy, elsewhere, and stays because of it."""
    words = Words(language, labels)
    title = words.say("compare.members.title", other=between.other)
    subtitle = words.say("compare.members.subtitle", stage=words.say(f"compare.ledger.stage.{stage}"))
    tables = {by: scaled(ledger_numbers(summary, stage, by), words.money(1.0)) for by in ("sector", "origin")}
    note = whiskers_note(words, tables["sector"])
    sheet = page(words, footer, title, subtitle, words.say("compare.source", vintage=footer.vintage), note)
    drawn = pd.concat([table[table["class"].isin(["induced", "elsewhere", "held"])] for table in tables.values()])
    if drawn.empty or drawn["value"].abs().max() < LEAST:
        return nothing(sheet, title)
    sheet = key_row(
        sheet,
        [(words.say(f"compare.class.{kind}"), CLASS_INKS[kind], False) for kind in ("held", "induced", "elsewhere")],
    )
    middle, left = (sheet.left + sheet.right) / 2, sheet.left
    for by, table in tables.items():
        members = order_by_size(table)
        names = [words.name(member) for member in members]
        room = width_of_names(sheet, names, 2.4)
        names, start = [sheet.wrapped(name, room - 0.1, 1)[0] for name in names], left + room
        sheet.write(left, sheet.top - 0.02, words.say(f"compare.members.{by}"), weight="bold", anchor="top")
        axes = sheet.axes(start, sheet.bottom + 0.5, left + (sheet.right - sheet.left) / 2 - 0.2, sheet.top - 0.26)
        _diverging(axes, table, members)
        named_rows(sheet, axes, names, signless=True)
        name_axis(sheet, axes, words.say("compare.axis.value"))
        left = middle + 0.1
    return sheet.figure


def order_by_size(table: pd.DataFrame, most: int = 13) -> list[str]:
    """Return the members with anything to draw, the largest first."""
    rows = table[table["class"].isin(["induced", "elsewhere", "held"])]
    sums = rows.groupby("member")["value"].sum().sort_values(ascending=False, kind="stable")
    return [str(name) for name in sums.index[:most] if sums[name] > LEAST]


def _diverging(axes: Axes, table: pd.DataFrame, members: list[str]) -> None:
    found = table.set_index(["class", "member"])
    for row, member in enumerate(members):
        at, edge = np.array([float(row)]), 0.0
        for kind in ("induced", "elsewhere"):
            value = float(found["value"].get((kind, member), 0.0))
            bars(axes, at, np.array([edge]), np.array([edge + value]), CLASS_INKS[kind], width=0.66, lying=True)
            edge += value
        held = float(found["value"].get(("held", member), 0.0))
        bars(axes, at, np.array([-held]), np.array([0.0]), CLASS_INKS["held"], width=0.66, lying=True)
        if ("induced", member) in found.index:
            intervals(axes, float(row) - 0.12, found.loc[("induced", member)])
        if ("held", member) in found.index:
            intervals(axes, float(row) - 0.12, found.loc[("held", member)], sign=-1.0)
    sums = [
        sum(float(found["value"].get((kind, member), 0.0)) for kind in kinds)
        for member in members
        for kinds in (("induced", "elsewhere"), ("held",))
    ]
    shown = table[table["class"].isin(["induced", "held"]) & table["member"].isin(members)]
    reach = 1.06 * max(reach_of(shown, *sums)[1], LEAST)
    axes.set_xlim(-reach, reach)
