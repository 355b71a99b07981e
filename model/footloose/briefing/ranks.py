"""Figure 8: the order of the countries that supply a market, year by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.readings import pick, replicates
from footloose.briefing.style import BODY, COUNTRIES, HISTORY_ENDS, INK, Footer, Ink, Page, blank, inks, page
from footloose.briefing.tags import rule
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Span, mark_years

VARIABLE = "Imports|Import Share"
RESIDUAL = ("rest_of_world",)
"""Members that are no country and have no rank."""
MOST = 10
"""Ranks drawn; who is among them in the first or in the last year is drawn."""


def rank_numbers(table: pd.DataFrame, market: str) -> pd.DataFrame:
    """Return what country_ranks draws: country, year, share [percent of imports], rank, rank_low, rank_high, drawn.

    The rank is that of the median share of the runs; rank_low and rank_high hold the ranks of 90 % of the runs.
    Ties share the better rank's place in the order of the table.
    """
    rows = pick(table, VARIABLE, market, "country:")
    rows = rows.assign(country=rows["site"].str.removeprefix("country:"))
    rows = rows[~rows["country"].isin(RESIDUAL)]
    columns = ["country", "year", "share", "rank", "rank_low", "rank_high", "drawn"]
    if rows.empty or not (rows["value"] > 0).any():
        return pd.DataFrame(columns=columns)
    runs = [name for name in ("draw", "replicate") if name in rows.columns]
    wide = rows.pivot_table(index=["country", "year"], columns=runs, values="value", aggfunc="sum", observed=True)
    supplying = wide.groupby(level="country").transform("max").max(axis=1) > 0
    wide = wide[supplying.to_numpy()]
    ranks = wide.groupby(level="year").rank(ascending=False, method="first")
    numbers = pd.DataFrame({"share": wide.median(axis=1)})
    numbers["rank"] = numbers.groupby(level="year")["share"].rank(ascending=False, method="first").astype("int64")
    numbers["rank_low"] = ranks.quantile(0.05, axis=1, interpolation="higher").astype("int64")
    numbers["rank_high"] = ranks.quantile(0.95, axis=1, interpolation="lower").astype("int64")
    numbers = numbers.reset_index()
    ends = numbers[numbers["year"].isin([numbers["year"].min(), numbers["year"].max()])]
    drawn = set(ends.loc[ends["rank"] <= MOST, "country"])
    numbers = numbers.assign(drawn=numbers["country"].isin(list(drawn)))
    return numbers.sort_values(["year", "rank"]).reset_index(drop=True)[columns]


def country_ranks(
    table: pd.DataFrame, market: str, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw the rank of each country among the suppliers of a market over time.

    table : long table of one scenario; `Imports|Import Share` by `country:NAME` [percent of imports]
    """
    words = Words(language, labels)
    numbers = rank_numbers(table, market)
    count = replicates(pick(table, VARIABLE, market, "country:"))
    last = int(numbers["year"].max()) if len(numbers) else HISTORY_ENDS
    residual = words.say("separator.list").join(words.the(name) for name in RESIDUAL)
    subtitle = words.sentences(
        words.say("ranks.subtitle", last=last),
        words.say("ranks.range") if count > 1 else "",
        words.say("ranks.left_out", list=residual),
    )
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    title = words.say("ranks.title", the_market=words.the(market))
    sheet = page(words, footer, title, subtitle, source)
    drawn = numbers[numbers["drawn"].astype(bool)]
    if drawn.empty:
        return blank(sheet, VARIABLE)
    _Ranks(sheet, drawn).draw(count > 1)
    return sheet.figure


class _Ranks:
    """The room of the figure and what is in it: names at both ends, a line a country between."""

    def __init__(self, sheet: Page, drawn: pd.DataFrame) -> None:
        words = sheet.words
        self.sheet, self.drawn = sheet, drawn
        self.parts = {str(country): part.sort_values("year") for country, part in drawn.groupby("country", sort=False)}
        self.names = {country: words.name(f"country:{country}") for country in self.parts}
        self.colours = inks(list(self.parts), COUNTRIES)
        widest = min(1.9, max(sheet.width(name, weight="bold") for name in self.names.values()))
        self.room = widest
        self.depth = int(drawn[drawn["year"].isin([drawn["year"].min(), drawn["year"].max()])]["rank"].max())
        first, last = int(drawn["year"].min()), int(drawn["year"].max())
        left, right = sheet.left + widest + 0.34, sheet.right - widest - 1.02
        self.span = Span(first, last, left, right, 0.6)
        self.bottom, self.top = sheet.bottom + FOOT, sheet.top - 0.06

    def height(self, rank: float) -> float:
        """Return the height of a rank on the page [inches]."""
        return self.top - (self.top - self.bottom) * (rank - 0.4) / (self.depth + 0.2)

    def draw(self, spread: bool) -> None:
        """Draw lines and names."""
        axes = self.sheet.axes(self.span.left, self.bottom, self.span.right, self.top)
        axes.set_ylim(self.depth + 0.6, 0.4)
        axes.set_yticks(range(1, self.depth + 1), labels=[])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        for country, part in self.parts.items():
            self._line(axes, part, self.colours[country])
            self._name(country, part, spread)
        mark_years(self.sheet, [axes], self.span, self.bottom)

    def _line(self, axes: Axes, part: pd.DataFrame, ink: Ink) -> None:
        """Draw one country: a dot each year it has a rank on the page, a line between."""
        years = part["year"].to_numpy(dtype=np.float64)
        rank = part["rank"].to_numpy(dtype=np.float64)
        rank = np.where(rank <= self.depth, rank, np.nan)
        smooth = years if years.size < 2 else np.linspace(years[0], years[-1], 12 * (years.size - 1) + 1)
        position = np.clip(np.searchsorted(years, smooth, side="right") - 1, 0, max(years.size - 2, 0))
        if years.size > 1:
            part_of_year = smooth - years[position]
            ease = part_of_year**2 * (3 - 2 * part_of_year)  # flat at both ends: a rank holds, then changes
            curve = rank[position] + (rank[position + 1] - rank[position]) * np.clip(ease, 0, 1)
            axes.plot(smooth, curve, color="white", linewidth=5.0, zorder=2, solid_capstyle="butt")
            axes.plot(smooth, curve, color=ink.colour, linestyle=ink.dash, linewidth=2.6, zorder=2.1)
        axes.plot(years, rank, "o", color=ink.colour, markersize=4.6, markeredgecolor="white", zorder=3, clip_on=False)

    def _name(self, country: str, part: pd.DataFrame, spread: bool) -> None:
        """Write name and rank at both ends, the last share, and the bar of the ranks at the right."""
        sheet, ink, lift = self.sheet, self.colours[country], 0.36 * BODY / 72
        first, last = part.iloc[0], part.iloc[-1]
        name = sheet.wrapped(self.names[country], self.room, 1)[0]
        if first["rank"] <= self.depth and int(first["year"]) == self.span.first:
            y = self.height(float(first["rank"])) - lift
            sheet.write(self.span.left - 0.34, y, name, align="right", anchor="baseline")
            sheet.write(self.span.left - 0.1, y, str(int(first["rank"])), align="right", anchor="baseline")
        if last["rank"] <= self.depth:
            middle = self.height(float(last["rank"]))
            x = self.span.right + 0.1
            if spread:
                ends = [self.height(min(float(last[end]), self.depth)) for end in ("rank_low", "rank_high")]
                rule(sheet, (x, x), (ends[0] + 0.05, ends[1] - 0.05), Ink(ink.colour), 3.0)
            x += 0.12
            sheet.write(x + 0.16, middle - lift, str(int(last["rank"])), align="right", anchor="baseline")
            sheet.write(x + 0.26, middle - lift, name, anchor="baseline", colour=INK)
            sheet.write(sheet.right, middle - lift, f"{float(last['share']):.1f}", align="right", anchor="baseline")
