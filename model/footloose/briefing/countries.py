"""Figure 2: shares of a market's imports by country, with observed points where there are any."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from footloose.briefing.readings import ends, need, pick, replicates, summary
from footloose.briefing.style import COUNTRIES, HISTORY_ENDS, Footer, Ink, blank, inks, page
from footloose.briefing.tags import Tag, heading, side_tags, width_of_tags
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Span, mark_years

VARIABLE = "Imports|Import Share"
MOST = 12
"""Countries drawn at most; the ones with the largest peak are."""


def country_numbers(table: pd.DataFrame, market: str, observed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what country_shares draws, in percent of imports.

    Columns: country, year, value, low, high (median and 5-95 % band over replicates), observed, source, and
    drawn: whether the country is among the MOST with the largest peaks.
    """
    rows = pick(table, VARIABLE, market, "country:")
    rows = rows.assign(country=rows["site"].str.removeprefix("country:"))
    if rows.empty:
        return pd.DataFrame(columns=["country", "year", "value", "low", "high", "observed", "source", "drawn"])
    numbers = summary(rows, "country")
    supplying = numbers.groupby("country")["value"].transform("max") > 0.0
    if supplying.any():
        numbers = numbers[supplying]
    largest = numbers.groupby("country")["value"].max().sort_values(ascending=False, kind="stable").index[:MOST]
    seen = _observed(observed, market)
    numbers = numbers.merge(seen, on=["country", "year"], how="left")
    return numbers.assign(drawn=numbers["country"].isin(list(largest)))


def country_shares(
    table: pd.DataFrame,
    market: str,
    observed: pd.DataFrame | None,
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the share of each country in a market's imports over time.

    table    : long table of one scenario; `Imports|Import Share` by `country:NAME` [percent of imports]
    observed : country, year, value [percent of imports], source (and market, if several); None: no points
    """
    words = Words(language, labels)
    numbers = country_numbers(table, market, observed)
    count = replicates(pick(table, VARIABLE, market, "country:"))
    title = words.say("countries.title", the_market=words.the(market))
    sheet = page(words, footer, title, *_small_print(words, numbers, footer, count))
    drawn = numbers[numbers["drawn"].astype(bool)]
    if drawn.empty:
        return blank(sheet, VARIABLE)
    parts = {str(country): part.sort_values("year") for country, part in drawn.groupby("country")}
    names = [words.name(f"country:{country}") for country in parts]
    amounts = [ends(part) for part in parts.values()]
    first, last = int(drawn["year"].min()), int(drawn["year"].max())
    span = Span(first, last, sheet.left + 0.62, sheet.right - width_of_tags(sheet, names, amounts))
    bottom, top = sheet.bottom + FOOT, sheet.top - 0.2
    axes = sheet.axes(span.left, bottom, span.right, top)
    peak = max(1.0, float(np.nanmax(drawn[["high", "observed"]].to_numpy(dtype=np.float64))) * 1.05)
    colours, tags = inks(list(parts), COUNTRIES), []
    for (country, part), name, amount in zip(parts.items(), names, amounts, strict=True):
        height = bottom + (top - bottom) * _line(axes, part, colours[country], span) / peak
        tags.append(Tag(name, height, colours[country], amount, line=True))
    axes.set_ylim(0, peak)
    sheet.name_up(axes, words.say("axis.imports"))
    side_tags(sheet, tags, span.right, bottom, top)
    heading(sheet, top + 0.02, words.say("mark.only" if first == last else "mark.change", first=first, last=last))
    mark_years(sheet, [axes], span, bottom)
    return sheet.figure


def _line(axes: Axes, part: pd.DataFrame, ink: Ink, span: Span) -> float:
    """Draw one country: median, band and observed points; return its last value."""
    names = ("year", "value", "low", "high", "observed")
    years, value, low, high, seen = (part[name].to_numpy(dtype=np.float64) for name in names)
    points = axes.plot(years, seen, "o", markersize=4.5, color=ink.colour, markerfacecolor="white", clip_on=False)
    points[0].set(markeredgewidth=1.2, zorder=4)
    last, spread = float(value[-1]), float(np.max(high - low))
    if years.size == 1:
        years, value, low, high = np.array(span.limits), value.repeat(2), low.repeat(2), high.repeat(2)
    axes.plot(years, value, color=ink.colour, linestyle=ink.dash, linewidth=2.0, zorder=3)
    if spread > 1e-9:
        axes.fill_between(years, low, high, facecolor=ink.colour, alpha=0.18, linewidth=0)
    return last


def _observed(observed: pd.DataFrame | None, market: str) -> pd.DataFrame:
    """Return the observed points of a market: country, year, observed, source; one per country and year."""
    if observed is None or observed.empty:
        kinds = {"country": "str", "year": "int64", "observed": "float64", "source": "str"}
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    need(observed, ("country", "year", "value", "source"), "observed shares")
    rows = observed[observed["market"] == market] if "market" in observed.columns else observed
    rows = rows[["country", "year", "value", "source"]].rename(columns={"value": "observed"})
    return rows.drop_duplicates(["country", "year"], keep="last")


def _small_print(words: Words, numbers: pd.DataFrame, footer: Footer, count: int) -> tuple[str, str]:
    """Return subtitle and source line: what line, band and circle are, what is left out, who observed."""
    drawn = numbers[numbers["drawn"].astype(bool)]
    sources = list(dict.fromkeys(drawn["source"].dropna().astype(str)))
    left_out = numbers["country"].nunique() - drawn["country"].nunique()
    subtitle = words.sentences(
        words.say("countries.subtitle_observed" if sources else "countries.subtitle"),
        words.say("note.band", count=count) if count > 1 else "",
        words.say("note.left_out", count=left_out) if left_out else "",
    )
    observed = words.say("source.observed", list=words.say("separator.sources").join(sources)) if sources else ""
    return subtitle, words.sentences(words.say("source.run", history_ends=HISTORY_ENDS), observed)
