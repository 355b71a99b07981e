"""Figure 6: what one unit costs a typical firm from each site, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.readings import need
from footloose.briefing.style import (
    BODY,
    FAINT,
    HIGHLIGHT,
    HISTORY_ENDS,
    INK,
    OTHER,
    QUIET,
    Footer,
    Ink,
    Page,
    blank,
    line_inks,
    page,
    pitch,
)
from footloose.briefing.tags import SWATCH, Tag, side_tags
from footloose.briefing.text import Words

MOST_SITES = 22
"""Sites that fit a page; of more, the cheapest are drawn, and the chosen one always."""
MOST_LINES = 20
"""Lines of the ledger that have a colour and a place in the key."""
TO_KEY = 0.3
"""Room between the totals and the key [inches]."""


def cost_numbers(stack: pd.DataFrame) -> pd.DataFrame:
    """Return what cost_stack draws, cheapest site first: the columns of the stack and rank (0: the cheapest).

    stack : site, line, value [percent of unit cost, relative to the market's average], total, chosen
    """
    need(stack, ("site", "line", "value", "total", "chosen"), "cost stack")
    numbers = stack.dropna(subset=["value", "total"])
    totals = numbers.groupby("site")["total"].first().sort_values(kind="stable")
    rank = numbers["site"].map({site: place for place, site in enumerate(totals.index)})
    return numbers.assign(rank=rank).sort_values("rank", kind="stable").reset_index(drop=True)


def cost_stack(
    stack: pd.DataFrame, labels: Mapping[str, str], footer: Footer, language: str = "en", subject: str = ""
) -> Figure:
    """Draw the cost lines of a firm by site as bars to both sides of zero, sorted by total.

    stack   : one row per site and line, see cost_numbers; may have sector, market and year, which are then
              named in the subtitle
    subject : whose cost it is; empty: a typical firm
    """
    words = Words(language, labels)
    numbers = cost_numbers(stack)
    held = numbers.loc[numbers["chosen"].astype(bool), "rank"].nunique()
    others = numbers.loc[~numbers["chosen"].astype(bool), "rank"].drop_duplicates().sort_values()
    shown = numbers[numbers["chosen"].astype(bool) | numbers["rank"].isin(list(others[: MOST_SITES - held]))]
    left_out = numbers["site"].nunique() - shown["site"].nunique()
    subtitle = words.say("cost_stack.subtitle", subject=_subject(words, stack, subject))
    subtitle = words.sentences(subtitle, words.say("note.sites_left_out", count=left_out) if left_out else "")
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    sheet = page(words, footer, words.say("cost_stack.title"), subtitle, source)
    if shown.empty:
        return blank(sheet, "cost_stack")
    wide = shown.pivot_table(index="rank", columns="line", values="value", aggfunc="sum", fill_value=0.0)
    sites = shown.groupby("rank")[["site", "total", "chosen"]].first()
    _Rows(sheet, sites, largest_lines(wide)).draw()
    return sheet.figure


def largest_lines(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of a table (site by line) in the order of their weight, those beyond MOST_LINES added up."""
    weight = wide.abs().sum().sort_values(ascending=False, kind="stable")
    named = list(weight.index[weight > 0])
    if len(named) <= MOST_LINES:
        return wide[named]
    return wide[named[: MOST_LINES - 1]].assign(**{OTHER: wide[named[MOST_LINES - 1 :]].sum(axis=1)})


def _subject(words: Words, stack: pd.DataFrame, subject: str) -> str:
    """Return whose cost it is, from the columns sector, market and year where the stack has them."""
    subject = subject or words.say("cost_stack.subject")
    first = stack.iloc[0] if len(stack) else pd.Series(dtype=object)
    if "sector" in first.index:
        subject = words.say("cost_stack.sector", subject=subject, sector=words.name(str(first["sector"])).lower())
    if "market" in first.index:
        subject = words.say("cost_stack.market", subject=subject, the_market=words.the(str(first["market"])))
    return words.say("cost_stack.year", subject=subject, year=int(first["year"])) if "year" in first.index else subject


@dataclass(frozen=True)
class _Rows:
    """The rows of the figure, by rank: sites (site, total, chosen) and their lines (rank by line)."""

    sheet: Page
    sites: pd.DataFrame
    wide: pd.DataFrame

    def draw(self) -> None:
        """Draw bars, totals, names, and the key in the order of the lines' weight."""
        sheet, words = self.sheet, self.sheet.words
        names = [words.name(str(site)) for site in self.sites["site"]]
        key = {str(line): words.line(str(line)) for line in self.wide.columns}
        left = sheet.left + min(2.2, max(sheet.width(name, weight="bold") for name in names) + 0.1)
        totals = sheet.right - min(2.4, max(map(sheet.width, key.values()), default=0.0) + SWATCH + TO_KEY)
        axis = sheet.wrapped(words.say("axis.cost"), totals - left, 2)
        bottom, top = sheet.bottom + 0.22 + (1 + len(axis)) * pitch(), sheet.top - pitch() - 0.04
        right = totals - sheet.width("+100.0", weight="bold") - 0.1
        axes = sheet.axes(left, bottom, right, top)
        colours = line_inks(list(key))
        self._stack(axes, colours)
        for place, line in enumerate(axis):
            foot = bottom - 0.14 - (1 + place) * pitch()
            sheet.write((left + right) / 2, foot, line, align="center", anchor="top")
        sheet.write(totals, top + 0.03, words.say("axis.total"), colour=QUIET, align="right", anchor="bottom")
        for place, name in enumerate(names):
            height = top - (top - bottom) * (place + 0.6) / self._rows - 0.36 * BODY / 72
            self._label(axes, place, name, (left, totals), height)
        step = min(1.15 * pitch(), (top - bottom) / max(1, len(key)))
        heights = [top - (place + 0.5) * step for place in range(len(key))]
        tags = [Tag(key[line], height, colours[line]) for line, height in zip(key, heights, strict=True)]
        side_tags(sheet, tags, totals + TO_KEY, bottom, top, leaders=False)

    @property
    def _rows(self) -> float:
        """Rows the axes are high; a few sites are not drawn as thick bars."""
        return max(len(self.sites), 6) + 0.2

    def _stack(self, axes: Axes, colours: Mapping[str, Ink]) -> None:
        """Draw the bars: what is dearer than average to the right of zero, what is cheaper to the left."""
        y = np.arange(len(self.sites), dtype=np.float64)
        ahead, behind = np.zeros(y.size), np.zeros(y.size)
        for line, ink in colours.items():
            value = self.wide[line].to_numpy(dtype=np.float64)
            start = np.where(value >= 0, ahead, behind)
            bars(axes, y, start, start + value, ink, width=0.74, lying=True)
            ahead, behind = ahead + np.maximum(value, 0), behind + np.minimum(value, 0)
        total = self.sites["total"].to_numpy(dtype=np.float64)
        diamonds = axes.plot(total, y, "D", markersize=5, color=INK, markeredgecolor="white")
        diamonds[0].set_zorder(5)
        low, high = float(min(behind.min(), total.min())), float(max(ahead.max(), total.max()))
        room = 0.04 * max(high - low, 1.0)
        axes.set(xlim=(low - room, high + room), ylim=(self._rows - 0.6, -0.6))
        axes.axvline(0, color=INK, linewidth=0.9, zorder=4)
        axes.grid(False, axis="y")
        axes.grid(axis="x", color=FAINT, linewidth=0.6, alpha=0.7)
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", nbins=7)
        axes.set_yticks([])

    def _label(self, axes: Axes, place: int, name: str, x: tuple[float, float], foot: float) -> None:
        """Write the name of a site and its total, and mark it if it is the chosen one."""
        sheet, chosen = self.sheet, bool(self.sites["chosen"].iloc[place])
        weight = "bold" if chosen else "normal"
        text = sheet.wrapped(name, x[0] - sheet.left - 0.08, 1, weight=weight)[0]
        total = f"{float(self.sites['total'].iloc[place]):+.1f}".replace("-", "\N{MINUS SIGN}")
        sheet.write(x[0] - 0.08, foot, text, weight=weight, align="right", anchor="baseline")
        sheet.write(x[1], foot, total, weight=weight, align="right", anchor="baseline")
        if chosen:
            axes.axhspan(place - 0.5, place + 0.5, facecolor=HIGHLIGHT, linewidth=0, zorder=0)
