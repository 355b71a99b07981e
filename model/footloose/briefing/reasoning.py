"""Figure 4: which line of the ledger decided the moves, year by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.readings import means, pick, replicates
from footloose.briefing.style import HISTORY_ENDS, OTHER, Footer, Page, blank, line_inks, page
from footloose.briefing.tags import Tag, heading, side_tags, width_of_tags
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Span, mark_years

VARIABLE = "Reasons|Share|"
NAMED, SMALLEST = 12, 0.015
"""Lines with a colour of their own: at most so many, each with at least this part of the whole."""


def reason_numbers(table: pd.DataFrame, market: str) -> pd.DataFrame:
    """Return what `reasons` draws: line, year, value [percent of the value moved], drawn_as (or other_lines).

    Mean over replicates. Lines are ordered by their sum, largest first.
    """
    rows = pick(table, VARIABLE, market)
    if rows.empty:
        return pd.DataFrame(columns=["line", "year", "value", "drawn_as"])
    rows = rows.assign(line=rows["variable"].str.removeprefix(VARIABLE))
    numbers = means(rows, ["line", "year"])
    sums = numbers.groupby("line")["value"].sum().sort_values(ascending=False, kind="stable")
    named = [line for line in sums.index[:NAMED] if sums[line] >= SMALLEST * sums.sum()]
    place = numbers["line"].map({line: place for place, line in enumerate(sums.index)})
    drawn_as = numbers["line"].where(numbers["line"].isin(named), OTHER)
    numbers = numbers.assign(drawn_as=drawn_as, place=place).sort_values(["place", "year"])
    return numbers.drop(columns="place").reset_index(drop=True)


def reasons(
    table: pd.DataFrame, market: str, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw, year by year, the share of the value moved that each line of the ledger decided.

    table : long table of one scenario; `Reasons|Share|LINE` [percent of moved value]; none if nothing moved
    """
    words = Words(language, labels)
    numbers = reason_numbers(table, market)
    count = replicates(pick(table, VARIABLE, market))
    subtitle = words.sentences(words.say("reasons.subtitle"), words.say("note.mean", count=count) if count > 1 else "")
    small = numbers[(numbers["drawn_as"] == OTHER) & (numbers["value"] > 0)]
    others = [words.name(f"line:{line}") for line in dict.fromkeys(small["line"])]
    note = words.say("note.other_lines", list=words.say("separator.list").join(others)) if others else ""
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    sheet = page(words, footer, words.say("reasons.title", the_market=words.the(market)), subtitle, source, note)
    if not (numbers["value"] > 0).any():
        return blank(sheet, VARIABLE + "*")
    wide = numbers.pivot_table(index="year", columns="drawn_as", values="value", aggfunc="sum", fill_value=0.0)
    order = [line for line in dict.fromkeys(numbers["drawn_as"]) if line != OTHER and wide[line].sum() > 0]
    _bars(sheet, wide[order + ([OTHER] if others else [])])
    return sheet.figure


def _bars(sheet: Page, wide: pd.DataFrame) -> None:
    """Draw the stacked bars, one per year, and name the layers beside the last bar that has any."""
    words, order = sheet.words, [str(line) for line in wide.columns]
    last = int(wide.index[wide.sum(axis=1) > 0].max())
    names = [words.line(line) for line in order]
    shares = [float(wide[line].loc[last]) for line in order]
    amounts = ["<1" if 0 < share < 0.5 else f"{share:.0f}" for share in shares]
    right = sheet.right - width_of_tags(sheet, names, [*amounts, words.say("mark.only", first=last)])
    span = Span(int(wide.index.min()), int(wide.index.max()), sheet.left + 0.62, right, 0.6)
    bottom, top = sheet.bottom + FOOT, sheet.top - 0.2
    axes = sheet.axes(span.left, bottom, span.right, top)
    colours = line_inks(order)
    years, base, tags = wide.index.to_numpy(dtype=np.float64), np.zeros(len(wide)), []
    for line, name, amount in zip(order, names, amounts, strict=True):
        top_edge = base + wide[line].to_numpy(dtype=np.float64)
        bars(axes, years, base, top_edge, colours[line])
        middle = float((base + top_edge)[years == last][0]) / 2
        tags.append(Tag(name, bottom + (top - bottom) * min(middle / 100, 1.0), colours[line], amount))
        base = top_edge
    axes.set_ylim(0, 100)
    sheet.name_up(axes, words.say("axis.moved"))
    side_tags(sheet, tags, span.right, bottom, top)
    heading(sheet, top + 0.02, words.say("mark.only", first=last))
    mark_years(sheet, [axes], span, bottom)
