"""Figure 7: how far a variable may lie from its median, and how much of that is chance and how much parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from footloose.briefing.numerals import MINUS, digits_of, plain
from footloose.briefing.readings import COLUMNS, need
from footloose.briefing.style import BLUE, HISTORY_ENDS, ORANGE, QUIET, Footer, Ink, Page, blank, page
from footloose.briefing.tags import Tag, heading, side_tags, width_of_tags
from footloose.briefing.text import Words
from footloose.briefing.time_axis import FOOT, Policy, Span, draw_flags, mark_years, plan_flags

Floats = npt.NDArray[np.float64]
LEVELS: Mapping[str, float] = {"low_90": 0.05, "low_50": 0.25, "median": 0.5, "high_50": 0.75, "high_90": 0.95}
OUTER, INNER, MIDDLE = Ink("#BBD7EC"), Ink("#7FB3D9"), Ink(BLUE)
SPLIT: Mapping[str, Ink] = {"parameters": Ink(ORANGE), "chance": Ink("#F7E3B5", "///", mark="#C79A3B")}
"""Sources of spread, from the bottom of the lower panel up."""
STRIP, BETWEEN = 0.85, 0.34
"""Height of the lower panel and the gap above it [inches]."""


@dataclass(frozen=True)
class Subject:
    """What a fan is of: a variable of the long table, in one market, at one site (or country, or shore), one sector."""

    variable: str
    market: str = "all"
    site: str = "all"
    sector: str = "all"

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the long table."""
        need(table, COLUMNS, "long table")
        chosen = table["variable"].eq(self.variable) & table["origin"].eq("all")
        for axis in ("market", "site", "sector"):
            chosen &= table[axis].eq(getattr(self, axis))
        return table[chosen].dropna(subset=["value"])

    def named(self, words: Words) -> str:
        """Return the subject in words: `Share in purchases: China, United States`."""
        places = [words.name(self.site, self.market)] if self.site != "all" else []
        places += [words.name(self.sector)] if self.sector != "all" else []
        places += [words.say("fan.market", the_market=words.the(self.market))] if self.market != "all" else []
        where = words.say("separator.clauses").join(places)
        return words.variable(self.variable) + (words.say("mark.of", what=where) if where else "")


def fan_numbers(table: pd.DataFrame, subject: Subject) -> pd.DataFrame:
    """Return what fan_chart draws: year, the levels, and the variance of the runs with its parts.

    Columns: year, low_90, low_50, median, high_50, high_90, variance, chance, parameters. The parts follow the law
    of total variance: chance is the mean over draws of the variance over replicates (n - 1), parameters the variance
    over draws of their means less chance / replicates, at least 0. They are empty where a table has no two draws or
    no two replicates of a draw, for then there is no telling.

    table : long table; columns replicate and, from an ensemble, draw
    """
    rows = subject.rows(table)
    draw = rows["draw"] if "draw" in rows.columns else pd.Series(0, index=rows.index)
    rows = rows.assign(draw=draw)
    columns = ["year", *LEVELS, "variance", "chance", "parameters"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    wide = rows.pivot_table(index="year", columns=["draw", "replicate"], values="value", aggfunc="sum")
    levels = wide.quantile(list(LEVELS.values()), axis=1).T.set_axis(list(LEVELS), axis=1)
    parts = _parts(wide)
    return levels.join(parts).reset_index()[columns]


def _parts(wide: pd.DataFrame) -> pd.DataFrame:
    """Return variance, chance and parameters by year of a table (year; draw, replicate)."""
    by_draw = wide.T.groupby(level="draw")
    counts, means = by_draw.count().T, by_draw.mean().T
    within = by_draw.var(ddof=1).T
    chance = within.mean(axis=1)
    known = (counts.shape[1] > 1) & bool((counts > 1).to_numpy().all())
    between = means.var(axis=1, ddof=1) - (within / counts).mean(axis=1)
    parameters = between.clip(lower=0.0) if known else pd.Series(np.nan, index=wide.index)
    return pd.DataFrame(
        {
            "variance": wide.var(axis=1, ddof=1) if wide.shape[1] > 1 else 0.0,
            "chance": chance if known else np.nan,
            "parameters": parameters,
        }
    )


def fan_chart(
    table: pd.DataFrame,
    subject: Subject,
    policies: Sequence[Policy],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the median and the middle 50 and 90 % of the runs, and below it what their spread comes from.

    table    : long table of one scenario, see fan_numbers
    policies : dates as years with fractions, and short labels
    """
    words = Words(language, labels)
    rows, numbers = subject.rows(table), fan_numbers(table, subject)
    unit, scale = words.scaled(str(rows["unit"].iloc[0]), float(numbers["high_90"].max())) if len(rows) else ("", 1.0)
    numbers = numbers.assign(**{level: numbers[level] / scale for level in LEVELS})
    split = bool(numbers["parameters"].notna().any()) and bool((numbers["variance"] > 0).any())
    subtitle = _small_print(words, rows, numbers, unit)
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    note = words.say("fan.split_note") if split else words.say("fan.chance_only") if len(rows) else ""
    title = subject.named(words)
    sheet = page(words, footer, title, subtitle, source, note)
    if numbers.empty:
        return blank(sheet, subject.variable)
    tags = _tags(words, numbers)
    names = [tag.text for tag in tags] + [words.say(f"fan.{name}") for name in SPLIT if split]
    width = width_of_tags(sheet, names, [tag.amount for tag in tags])
    span = Span(int(numbers["year"].min()), int(numbers["year"].max()), sheet.left + 0.72, sheet.right - width)
    flags = plan_flags(sheet, span, policies)
    if flags.key:
        sheet = page(words, footer, title, subtitle, source, words.sentences(note, flags.key))
    bottom, top = sheet.bottom + FOOT, sheet.top - max(flags.height, 0.2)
    low = bottom + STRIP + BETWEEN if split else bottom
    panels = [_fan(sheet, span, numbers, tags, (low, top))]
    panels += [_strip(sheet, span, numbers, bottom)] if split else []
    mark_years(sheet, panels, span, bottom)
    heading(sheet, top + 0.02, str(span.last))
    draw_flags(sheet, span, flags, bottom, top, sheet.right - sheet.width(str(span.last)) - 0.1)
    return sheet.figure


def _small_print(words: Words, rows: pd.DataFrame, numbers: pd.DataFrame, unit: str) -> str:
    """Return unit, meaning of the bands, how many runs they are of, and whether the axis leaves 0 out."""
    draws = rows["draw"].nunique() if "draw" in rows.columns else 1
    runs = rows[[name for name in ("draw", "replicate") if name in rows.columns]].drop_duplicates().shape[0]
    key = "fan.runs" if draws > 1 else "fan.replicates"
    low, high = limits(float(numbers["low_90"].min()), float(numbers["high_90"].max())) if len(numbers) else (0.0, 1.0)
    return words.sentences(
        words.say("fan.subtitle", unit=unit[:1].upper() + unit[1:]),
        words.say(key, draws=draws, runs=max(runs, 1)),
        words.say("fan.cut_axis") if low > 0 or high < 0 else "",
    )


def _tags(words: Words, numbers: pd.DataFrame) -> list[Tag]:
    """Return the tags of line and bands with their last values; heights are those values, not yet on the page."""
    last = numbers.iloc[-1]
    inner, outer = (
        words.say("fan.range", low=plain(float(last[f"low_{part}"])), high=plain(float(last[f"high_{part}"])))
        for part in (50, 90)
    )
    return [
        Tag(words.say("fan.outer"), float(last["high_90"]), OUTER, outer),
        Tag(words.say("fan.inner"), float(last["high_50"]), INNER, inner),
        Tag(words.say("fan.median"), float(last["median"]), MIDDLE, plain(float(last["median"])), line=True),
    ]


def _fan(sheet: Page, span: Span, numbers: pd.DataFrame, tags: Sequence[Tag], room: tuple[float, float]) -> Axes:
    """Draw bands and median between heights on the page [inches]; the axis begins at 0 unless that hides the fan."""
    axes = sheet.axes(span.left, room[0], span.right, room[1])
    years, column = numbers["year"].to_numpy(dtype=np.float64), {name: numbers[name].to_numpy() for name in LEVELS}
    if years.size == 1:
        years, column = np.array(span.limits), {name: values.repeat(2) for name, values in column.items()}
    for part, ink in (("90", OUTER), ("50", INNER)):
        axes.fill_between(
            years, column[f"low_{part}"], column[f"high_{part}"], color=ink.colour, linewidth=0, zorder=1.5
        )
    axes.plot(years, column["median"], color=MIDDLE.colour, linewidth=2.2, zorder=3)
    low, high = limits(float(numbers["low_90"].min()), float(numbers["high_90"].max()))
    axes.set_ylim(low, high)
    axes.locator_params(axis="y", nbins=6)
    digits = digits_of(axes.get_yticks())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.{digits}f}".replace("-", MINUS)))
    at = [room[0] + (room[1] - room[0]) * (tag.height - low) / (high - low) for tag in tags]
    placed = [replace(tag, height=height) for tag, height in zip(tags, at, strict=True)]
    side_tags(sheet, placed, span.right, *room)
    return axes


def limits(low: float, high: float) -> tuple[float, float]:
    """Return the ends of an axis: from 0 where values lie on one side and reach down to less than half of the top."""
    if low >= 0 and low < 0.5 * high:
        return 0.0, 1.06 * high
    room = 0.08 * (high - low) or max(abs(high), 1.0) * 0.08
    return low - room, high + room


def _strip(sheet: Page, span: Span, numbers: pd.DataFrame, bottom: float) -> Axes:
    """Draw the shares of the sources in the variance [percent]."""
    top = bottom + STRIP
    axes = sheet.axes(span.left, bottom, span.right, top)
    years = numbers["year"].to_numpy(dtype=np.float64)
    parts = numbers[list(SPLIT)].to_numpy(dtype=np.float64)
    whole = parts.sum(axis=1, keepdims=True)
    shares = 100.0 * np.divide(parts, whole, out=np.full_like(parts, np.nan), where=whole > 0)
    base, tags = np.zeros(years.size), []
    for (name, ink), share in zip(SPLIT.items(), shares.T, strict=True):
        layer = axes.fill_between(years, base, base + share, facecolor=ink.colour, edgecolor="white", linewidth=0.5)
        layer.set_hatch(ink.hatch)
        layer.set_hatchcolor(ink.mark)
        last = float(share[-1]) if np.isfinite(share[-1]) else 0.0
        middle = float(np.nan_to_num(base[-1])) + last / 2
        tags.append(Tag(sheet.words.say(f"fan.{name}"), bottom + STRIP * middle / 100, ink, f"{last:.0f} %"))
        base = base + share
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    side_tags(sheet, tags, span.right, bottom, top)
    caption = sheet.write(span.left, top + 0.06, sheet.words.say("fan.split"), colour=QUIET, anchor="bottom")
    caption.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # poles of policies pass behind it
    return axes
