"""Figure 10: China in what a market buys, gross and with the value of Chinese parts in goods assembled elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.readings import draws, ends, pick, replicates, summary
from footloose.briefing.style import BLUE, HISTORY_ENDS, VERMILION, Footer, Ink, blank, page
from footloose.briefing.tags import Tag, heading, side_tags, width_of_tags
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Span, mark_years

PARTS: Mapping[str, Ink] = {"China Content|Total": Ink(BLUE), "China Content|Direct": Ink(VERMILION, dash="--")}
"""With Chinese parts inside goods assembled elsewhere; gross, made in China."""


def content_numbers(table: pd.DataFrame, market: str) -> pd.DataFrame:
    """Return what china_content draws: variable, year, value, low, high (median and 5-95 % band) [percent]."""
    rows = pick(table, list(PARTS), market, "all")
    if rows.empty:
        return pd.DataFrame(columns=["variable", "year", "value", "low", "high"])
    return summary(rows, "variable")[["variable", "year", "value", "low", "high"]]


def china_content(
    table: pd.DataFrame, market: str, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw China's share in what a market buys, gross and with Chinese parts inside others' goods.

    table : long table of one scenario; `China Content|Direct` and `|Total` by market [percent of purchases]
    """
    words = Words(language, labels)
    numbers, rows = content_numbers(table, market), pick(table, list(PARTS), market, "all")
    subtitle = words.sentences(words.say("content.subtitle"), words.band(replicates(rows), draws(rows)))
    source, note = words.say("source.run", history_ends=HISTORY_ENDS), words.say("content.note")
    sheet = page(words, footer, words.say("content.title", the_market=words.the(market)), subtitle, source, note)
    if numbers.empty:
        return blank(sheet, "China Content|*")
    parts = {name: numbers[numbers["variable"] == name].sort_values("year") for name in PARTS}
    parts = {name: part for name, part in parts.items() if len(part)}
    names = [words.say(f"content.{name.rpartition('|')[2].lower()}") for name in parts]
    amounts = [ends(part) for part in parts.values()]
    first, last = int(numbers["year"].min()), int(numbers["year"].max())
    span = Span(first, last, sheet.left + 0.62, sheet.right - width_of_tags(sheet, names, amounts))
    bottom, top = sheet.bottom + FOOT, sheet.top - 0.2
    axes = sheet.axes(span.left, bottom, span.right, top)
    peak = max(1.0, 1.06 * float(numbers["high"].max()))
    tags = []
    for (name, part), text, amount in zip(parts.items(), names, amounts, strict=True):
        height = bottom + (top - bottom) * _line(axes, part, PARTS[name], span) / peak
        tags.append(Tag(text, height, PARTS[name], amount, line=True))
    axes.set_ylim(0, peak)
    sheet.name_up(axes, words.say("content.axis"))
    side_tags(sheet, tags, span.right, bottom, top)
    heading(sheet, top + 0.02, words.say("mark.only" if first == last else "mark.change", first=first, last=last))
    mark_years(sheet, [axes], span, bottom)
    return sheet.figure


def _line(axes: Axes, part: pd.DataFrame, ink: Ink, span: Span) -> float:
    """Draw one share: median and band; return its last value."""
    years, value, low, high = (part[name].to_numpy(dtype=np.float64) for name in ("year", "value", "low", "high"))
    last, spread = float(value[-1]), float(np.max(high - low))
    if years.size == 1:
        years, value, low, high = np.array(span.limits), value.repeat(2), low.repeat(2), high.repeat(2)
    axes.plot(years, value, color=ink.colour, linestyle=ink.dash, linewidth=2.2, zorder=3)
    if spread > 1e-9:
        axes.fill_between(years, low, high, facecolor=ink.colour, alpha=0.2, linewidth=0)
    return last
