"""Figure 1: where a market buys its manufactures, stacked by shore over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.readings import boundaries, ends, pick, replicates
from footloose.briefing.style import HISTORY_ENDS, INK, SHORES, Footer, Ink, Page, blank, inks, page
from footloose.briefing.tags import Tag, heading, side_tags, width_of_tags
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Policy, Span, draw_flags, mark_years, plan_flags

VARIABLE = "Imports|Share"
HOME_PANEL, BETWEEN = 0.8, 0.3
"""Height of the upper panel, drawn where home holds more than half, and the gap below it [inches]."""


def sourcing_numbers(table: pd.DataFrame, market: str) -> pd.DataFrame:
    """Return what sourcing_map draws: shore, year, value, low, high [percent of use] and edges of the stack.

    Home is the last in the stack. value, low, high: median and 5-95 % band over replicates of the shore;
    top, top_low, top_high: the same of its upper edge; bottom: median lower edge.
    """
    rows = pick(table, VARIABLE, market, "shore:")
    rows = rows.assign(shore=rows["site"].str.removeprefix("shore:"))
    if rows.empty:
        names = ("shore", "year", "value", "low", "high", "top", "top_low", "top_high", "bottom")
        return pd.DataFrame(columns=list(names))
    selling = rows[rows["value"] > 0.0]["shore"]  # a market need not have every shore: China has no shore "china"
    present = list(dict.fromkeys(selling if not selling.empty else rows["shore"]))
    rows = rows[rows["shore"].isin(present)]
    order = [shore for shore in SHORES if shore in present and shore != "home"]
    order += [shore for shore in present if shore not in SHORES] + (["home"] if "home" in present else [])
    return boundaries(rows, "shore", order)


def sourcing_map(
    table: pd.DataFrame,
    market: str,
    policies: Sequence[Policy],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the shares of a market's use by shore, with the base year and the dates of policies marked.

    table    : long table of one scenario; `Imports|Share` by `shore:NAME`, home included [percent of use]
    policies : dates as years with fractions, and short labels; those outside the years are not drawn
    labels   : names of members; `shore:near:united_states` names a shore as seen from one market
    Where home holds more than half of the market, it has a panel of its own and the rest is enlarged.
    """
    words = Words(language, labels)
    numbers = sourcing_numbers(table, market)
    count = replicates(pick(table, VARIABLE, market, "shore:"))
    subtitle = words.sentences(words.say("sourcing.subtitle"), words.say("note.band", count=count) if count > 1 else "")
    title = words.say("sourcing.title", the_market=words.the(market))
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    sheet = page(words, footer, title, subtitle, source)
    if numbers.empty:
        return blank(sheet, VARIABLE)
    parts = {str(shore): part for shore, part in numbers.groupby("shore", sort=False)}
    names = {shore: words.name(f"shore:{shore}", market) for shore in parts}
    column = [*names.values(), words.say("mark.abroad_panel")]
    width = width_of_tags(sheet, column, [ends(part) for part in parts.values()])
    first, last = int(numbers["year"].min()), int(numbers["year"].max())
    span = Span(first, last, sheet.left + 0.62, sheet.right - width)
    flags = plan_flags(sheet, span, policies)
    if flags.key:
        sheet = page(words, footer, title, subtitle, source, flags.key)
    _Map(sheet.without_top(max(flags.height, 0.2)), span, names).draw(parts)
    bottom, top = sheet.bottom + FOOT, sheet.top - max(flags.height, 0.2)
    right = sheet.right - sheet.width(_years(words, span)) - 0.1
    draw_flags(sheet, span, flags, bottom, top, right)
    return sheet.figure


@dataclass(frozen=True)
class _Map:
    """The room for the stack: one panel, or home above and the rest enlarged below."""

    sheet: Page
    span: Span
    names: Mapping[str, str]

    def draw(self, parts: Mapping[str, pd.DataFrame]) -> None:
        """Draw the panels and the years under them."""
        sheet, words, span = self.sheet, self.sheet.words, self.span
        bottom, top = sheet.bottom + FOOT, sheet.top
        heading(sheet, top + 0.02, _years(words, span))
        home = parts.get("home")
        if home is None or len(parts) == 1 or float(home["value"].median()) <= 50:
            panels = [self._panel(parts, 100.0, bottom, top)]
        else:
            alone = home.assign(bottom=0.0, top=home["value"], top_low=home["low"], top_high=home["high"])
            abroad = {shore: part for shore, part in parts.items() if shore != "home"}
            peak = max(1.0, 1.06 * max(float(part["top_high"].max()) for part in abroad.values()))
            upper = self._panel({"home": alone}, 100.0, top - HOME_PANEL, top)
            upper.set_yticks([0, 50, 100])
            lower_top = top - HOME_PANEL - BETWEEN
            panels = [upper, self._panel(abroad, peak, bottom, lower_top)]
            heading(sheet, lower_top + 0.02, words.say("mark.abroad_panel"), span.right)
        sheet.name_up(panels[-1], words.say("axis.use"))
        mark_years(sheet, panels, span, bottom, cover=True, base=True)

    def _panel(self, parts: Mapping[str, pd.DataFrame], peak: float, low: float, high: float) -> Axes:
        """Fill one layer per shore between its edges and tag the layers at the right."""
        axes = self.sheet.axes(self.span.left, low, self.span.right, high)
        colours = inks(list(parts), SHORES)
        tags = []
        for shore, part in parts.items():
            middle = self._layer(axes, part.sort_values("year"), colours[shore])
            height = low + (high - low) * min(max(middle / peak, 0.0), 1.0)
            tags.append(Tag(self.names[shore], height, colours[shore], ends(part)))
        axes.set_ylim(0, peak)
        side_tags(self.sheet, tags, self.span.right, low, high)
        return axes

    def _layer(self, axes: Axes, part: pd.DataFrame, ink: Ink) -> float:
        """Fill a layer, with the band of its upper edge; return its middle in the last year."""
        years = part["year"].to_numpy(dtype=np.float64)
        edges = [part[name].to_numpy(dtype=np.float64) for name in ("bottom", "top", "top_low", "top_high")]
        if years.size == 1:
            years, edges = np.array(self.span.limits), [np.repeat(edge, 2) for edge in edges]
        low, top, band_low, band_high = edges
        fill = axes.fill_between(years, low, top, facecolor=ink.colour, edgecolor="white", linewidth=0.9)
        fill.set_hatch(ink.hatch)
        fill.set_hatchcolor(ink.mark)
        if np.max(band_high - band_low) > 1e-9:
            axes.fill_between(years, band_low, band_high, facecolor=INK, alpha=0.28, linewidth=0, zorder=2)
        return float(low[-1] + top[-1]) / 2


def _years(words: Words, span: Span) -> str:
    """Return the heading of the amounts: the years they are of."""
    key = "mark.only" if span.first == span.last else "mark.change"
    return words.say(key, first=span.first, last=span.last)
