"""Figure 5: jobs announced and filled in one country, and the projects that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from footloose.briefing.bars import bars
from footloose.briefing.readings import boundaries, pick, replicates, summary
from footloose.briefing.style import (
    BLACK,
    BLUE,
    GREEN,
    HISTORY_ENDS,
    INK,
    ORANGE,
    SKY,
    VERMILION,
    Footer,
    Ink,
    Page,
    blank,
    page,
)
from footloose.briefing.tags import Tag, side_tags, width_of_tags
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Span, mark_years

ANNOUNCED: Mapping[str, Ink] = {"reshoring": Ink(BLUE), "fdi": Ink(SKY, "///", mark="white")}
PROJECTS: Mapping[str, Ink] = {
    "announced": Ink(BLUE),
    "open": Ink(GREEN, dash="--"),
    "delayed": Ink(ORANGE, dash="-."),
    "cancelled": Ink(VERMILION, dash=":"),
}
FILLED = Ink(BLACK)
VARIABLES: Mapping[str, str] = {
    "Jobs|Announced|Reshoring": "reshoring",
    "Jobs|Announced|FDI": "fdi",
    "Jobs|Filled": "filled",
    "Projects|Announced": "announced",
    "Projects|Open": "open",
    "Projects|Delayed": "delayed",
    "Projects|Cancelled": "cancelled",
}


def job_numbers(table: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return what jobs_pipeline draws: variable, unit, year, value, low, high (median and 5-95 % band)."""
    rows = pick(table, list(VARIABLES), site=f"country:{country}")
    columns = ["variable", "unit", "year", "value", "low", "high"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    numbers = summary(rows, "variable")
    units = rows.groupby("variable")["unit"].first()
    place = {variable: place for place, variable in enumerate(VARIABLES)}
    numbers = numbers.assign(unit=numbers["variable"].map(units), place=numbers["variable"].map(place))
    return numbers.sort_values(["place", "year"])[columns].reset_index(drop=True)


def jobs_pipeline(
    table: pd.DataFrame, country: str, labels: Mapping[str, str], footer: Footer, language: str = "en"
) -> Figure:
    """Draw the jobs announced (reshoring and FDI, stacked) and filled a year, below them the projects by state.

    table : long table of one scenario; `Jobs|...` [persons], `Projects|...` [count] at site `country:NAME`
    """
    words = Words(language, labels)
    rows = pick(table, list(VARIABLES), site=f"country:{country}")
    rows = rows.assign(part=rows["variable"].map(VARIABLES))
    count = replicates(rows)
    subtitle = words.sentences(words.say("jobs.subtitle"), words.say("note.band", count=count) if count > 1 else "")
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    sheet = page(words, footer, words.say("jobs.title", the_country=words.the(country)), subtitle, source)
    if rows.empty:
        return blank(sheet, "Jobs|*")
    names = {part: words.say(f"mark.{part}") for part in (*ANNOUNCED, "filled")}
    names |= {part: words.say(f"mark.projects_{part}") for part in PROJECTS}
    first, last = int(rows["year"].min()), int(rows["year"].max())
    width = width_of_tags(sheet, list(names.values()))
    span = Span(first, last, sheet.left + 0.72, sheet.right - width, 0.6)
    bottom, top = sheet.bottom + FOOT, sheet.top - 0.08
    middle = bottom + 0.4 * (top - bottom)
    upper = _Panel(sheet, span, names, middle + 0.1, top)
    lower = _Panel(sheet, span, names, bottom, middle - 0.1)
    drawn = [
        upper.jobs(rows[rows["part"].isin([*ANNOUNCED, "filled"])]),
        lower.projects(rows[rows["part"].isin(list(PROJECTS))]),
    ]
    mark_years(sheet, drawn, span, bottom)
    return sheet.figure


@dataclass(frozen=True)
class _Panel:
    """The room of one of the two panels [inches], and the names of what is drawn."""

    sheet: Page
    span: Span
    names: Mapping[str, str]
    low: float
    high: float

    def jobs(self, rows: pd.DataFrame) -> Axes:
        """Draw the stack of announced jobs and the line of filled ones, in thousands where they are many."""
        stacks = boundaries(rows[rows["part"] != "filled"], "part", list(ANNOUNCED))
        filled = summary(rows[rows["part"] == "filled"], "part")
        peak = max(1.0, 1.06 * max(stacks["top_high"].max(), filled["high"].max() if len(filled) else 0.0))
        many = self.sheet.words.many
        unit, tags = (many, []) if peak >= 2 * many else (1.0, [])
        axes = self._axes("axis.jobs_many" if unit > 1 else "axis.jobs", peak / unit)
        for part, ink in ANNOUNCED.items():
            layer = stacks[stacks["part"] == part]
            names = ("year", "bottom", "top")
            years, low, top = (layer[name].to_numpy(dtype=np.float64) for name in names)
            bars(axes, years, low / unit, top / unit, ink)
            tags += [self._tag(part, float(low[-1] + top[-1]) / 2 / peak, ink)] if years.size else []
        whole = stacks[stacks["part"] == list(ANNOUNCED)[-1]]
        if (whole["top_high"] - whole["top_low"] > 1e-9).any():
            axes.vlines(whole["year"], whole["top_low"] / unit, whole["top_high"] / unit, color=INK, zorder=3)
        tags += [self._curve(axes, filled, "filled", FILLED, peak, unit)] if len(filled) else []
        side_tags(self.sheet, tags, self.span.right, self.low, self.high)
        return axes

    def projects(self, rows: pd.DataFrame) -> Axes:
        """Draw one line per state of the projects."""
        numbers = summary(rows, "part")
        peak = max(1.0, 1.06 * float(numbers["high"].max())) if len(numbers) else 1.0
        axes = self._axes("axis.projects", peak)
        tags = []
        for part, ink in PROJECTS.items():
            series = numbers[numbers["part"] == part]
            tags += [self._curve(axes, series, part, ink, peak, 1.0)] if len(series) else []
        side_tags(self.sheet, tags, self.span.right, self.low, self.high)
        return axes

    def _axes(self, label: str, peak: float) -> Axes:
        """Add the axes of the panel, from 0 to the peak."""
        axes = self.sheet.axes(self.span.left, self.low, self.span.right, self.high)
        axes.set_ylim(0, peak)
        axes.locator_params(axis="y", nbins=5)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}" if peak >= 4 else "{x:,.1f}"))
        self.sheet.name_up(axes, self.sheet.words.say(label), max(0.56, self.sheet.width(f"{peak:,.0f}") + 0.2))
        return axes

    def _curve(self, axes: Axes, part: pd.DataFrame, name: str, ink: Ink, peak: float, unit: float) -> Tag:
        """Draw a line with dots and its band; return its tag, at the height of its last value."""
        names = ("year", "value", "low", "high")
        years, value, low, high = (part[name].to_numpy(dtype=np.float64) for name in names)
        line = axes.plot(years, value / unit, color=ink.colour, linestyle=ink.dash, linewidth=1.8, zorder=4)
        line[0].set(marker="o", markersize=3.4 if years.size > 1 else 7, markeredgecolor="white", markeredgewidth=0.5)
        if np.max(high - low) > 1e-9:
            axes.fill_between(years, low / unit, high / unit, facecolor=ink.colour, alpha=0.2, linewidth=0, zorder=2)
        return self._tag(name, float(value[-1]) / peak, ink, line=True)

    def _tag(self, name: str, part: float, ink: Ink, *, line: bool = False) -> Tag:
        """Return a tag at a part of the height of the panel."""
        return Tag(self.names[name], self.low + (self.high - self.low) * min(max(part, 0.0), 1.0), ink, line=line)
