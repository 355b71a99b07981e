"""Figure 3: production moved from shore to shore, era by era."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from footloose.briefing.readings import means, pick, replicates
from footloose.briefing.style import (
    HISTORY_ENDS,
    QUIET,
    SHORES,
    SUBTITLE,
    Align,
    Footer,
    Ink,
    Page,
    blank,
    inks,
    page,
    pitch,
)
from footloose.briefing.tags import rule, spread
from footloose.briefing.text import Words

VARIABLE = "Moves|Value|"
ERAS: tuple[tuple[int, int], ...] = ((2010, 2016), (2017, 2020), (2021, 2025), (2026, 2035))
"""First and last year of each era: market, tariffs, subsidies, scenario."""
GAP, BAR, OFFSET = 0.1, 0.11, 0.14
"""Room between two bars, width of a bar, and distance of its name [inches]."""


def moves_numbers(table: pd.DataFrame, market: str, eras: Sequence[tuple[int, int]] = ERAS) -> pd.DataFrame:
    """Return what moves_flow draws: era, first, last, from, to, value [USD billion of output per year].

    Mean over the years of the era that the run has and over replicates; `first` and `last` are these years.
    Moves within a shore are in the table, not in the figure.
    """
    rows = pick(table, VARIABLE, market)
    ends = rows["variable"].str.split("|", expand=True).reindex(columns=range(4))
    rows = rows.assign(**{"from": ends[2], "to": ends[3]})
    parts = []
    for place, (low, high) in enumerate(eras):
        part = rows[rows["year"].between(low, high)]
        if part.empty:
            continue
        first, last = int(part["year"].min()), int(part["year"].max())
        flows = means(part, ["from", "to"])
        flows["value"] /= 1000 * (last - first + 1)
        flows.insert(0, "last", last)
        flows.insert(0, "first", first)
        flows.insert(0, "era", place)
        parts.append(flows)
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["era", "first", "last", "from", "to", "value"])
    )


def moves_flow(
    table: pd.DataFrame,
    market: str,
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
    eras: Sequence[tuple[int, int]] = ERAS,
) -> Figure:
    """Draw the moves of production from shore to shore, one panel per era, all widths to one scale.

    table : long table of one scenario; `Moves|Value|FROM|TO` [USD million of output decided to move]
    """
    words = Words(language, labels)
    numbers = moves_numbers(table, market, eras)
    flows = numbers[(numbers["from"] != numbers["to"]) & (numbers["value"] > 0)]
    subtitle = words.say("moves.subtitle")
    count = replicates(pick(table, VARIABLE, market))
    subtitle = words.sentences(subtitle, words.say("note.mean", count=count) if count > 1 else "")
    source = words.say("source.run", history_ends=HISTORY_ENDS)
    sheet = page(words, footer, words.say("moves.title", the_market=words.the(market)), subtitle, source)
    if flows.empty:
        return blank(sheet, VARIABLE + "*")
    low, high = sheet.bottom + 0.1, sheet.top - 2.6 * pitch(SUBTITLE)
    heaviest = max(float(part["value"].sum()) for _, part in flows.groupby("era"))
    shores = _order(flows)
    scale = (high - low - GAP * (len(shores) - 1)) / heaviest
    eras_run = numbers.groupby("era", sort=True)[["first", "last"]].first()
    width = (sheet.right - sheet.left + 0.15) / len(eras_run)
    for place, (era, years) in enumerate(eras_run.iterrows()):
        left = sheet.left + place * width
        panel = _Panel(sheet, market, left, left + width - 0.15, low, high, scale)
        panel.head(int(years["first"]), int(years["last"]), flows.loc[flows["era"] == era, "value"].sum())
        panel.draw(flows[flows["era"] == era], shores)
    return sheet.figure


def amount(value: float) -> str:
    """Return an amount with as many digits as it bears: 132, 13, 1.3, 0.13, <0.01."""
    if 0 < value < 0.005:
        return "<0.01"
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.95 else f"{value:.2f}" if value else "0"


def _order(flows: pd.DataFrame) -> list[str]:
    """Return the shores that send or receive, from the top down."""
    present = list(dict.fromkeys([*flows["from"], *flows["to"]]))
    return [shore for shore in SHORES if shore in present] + sorted(set(present) - set(SHORES))


@dataclass(frozen=True)
class _Panel:
    """One era: bars of the sending shores at the left, of the receiving ones at the right [inches]."""

    sheet: Page
    market: str
    left: float
    right: float
    low: float
    high: float
    scale: float

    def head(self, first: int, last: int, total: float) -> None:
        """Write the years of the era and its total [USD billion per year]."""
        words, middle, top = self.sheet.words, (self.left + self.right) / 2, self.sheet.top
        key = "mark.era_scenario" if first > HISTORY_ENDS else "mark.era"
        text = words.say(key, first=first, last=last) if last > first else str(first)
        self.sheet.write(middle, top, text, size=SUBTITLE, weight="bold", align="center", anchor="top")
        text = words.say("mark.era_total", total=amount(words.money(float(total))))
        self.sheet.write(middle, top - pitch(SUBTITLE), text, size=SUBTITLE, colour=QUIET, align="center", anchor="top")

    def draw(self, flows: pd.DataFrame, shores: Sequence[str]) -> None:
        """Draw bars, names and flows."""
        words, colours = self.sheet.words, inks(list(shores), SHORES)
        words_in = [word for shore in shores for word in words.name(f"shore:{shore}", self.market).split()]
        room = max(self.sheet.width(word, weight="bold") for word in [*words_in, "<0.01"]) + OFFSET
        room = min(room, 0.34 * (self.right - self.left))
        axes = self.sheet.axes(self.left, self.low, self.right, self.high)
        axes.set_axis_off()
        axes.set(xlim=(self.left, self.right), ylim=(self.low, self.high))
        x = self.left + room, self.right - room
        tops = []
        for side, edge, facing in (("from", x[0], -1), ("to", x[1], 1)):
            sizes = flows.groupby(side)["value"].sum()
            sums = {shore: float(sizes[shore]) for shore in shores if shore in sizes.index}
            tops.append(self._bars(axes, sums, colours, edge, facing))
            self._names(sums, tops[-1], edge, facing, room - OFFSET)
        starts, ends = tops
        values = flows.groupby(["from", "to"])["value"].sum()
        for origin in shores:
            for target in shores:
                value = float(values.get((origin, target), 0.0)) * self.scale
                if value > 0:
                    inner = x[0] + BAR, x[1] - BAR
                    axes.add_patch(_ribbon(inner, starts[origin], ends[target], value, colours[origin]))
                    starts[origin], ends[target] = starts[origin] - value, ends[target] - value

    def _bars(
        self, axes: Axes, sums: Mapping[str, float], colours: Mapping[str, Ink], edge: float, facing: int
    ) -> dict[str, float]:
        """Draw the bars of one side, centred in the height; return their tops."""
        y = (self.low + self.high + sum(sums.values()) * self.scale + GAP * (len(sums) - 1)) / 2
        tops = {}
        for shore, value in sums.items():
            box = Rectangle((edge, y), -facing * BAR, -value * self.scale, facecolor=colours[shore].colour)
            axes.add_patch(box).set_linewidth(0)
            tops[shore] = y
            y -= value * self.scale + GAP
        return tops

    def _names(
        self, sums: Mapping[str, float], tops: Mapping[str, float], edge: float, facing: int, room: float
    ) -> None:
        """Write each shore and its amount beside its bar, moved apart where bars are thin."""
        words = self.sheet.words
        align: Align = "right" if facing < 0 else "left"
        names = {shore: words.name(f"shore:{shore}", self.market) for shore in sums}
        for most in (3, 2, 1):
            lines = {shore: self.sheet.wrapped(names[shore], room, most, weight="bold") for shore in sums}
            sizes = [pitch() * (len(lines[shore]) + 1.25) for shore in sums]
            if sum(sizes) <= self.high - self.low:
                break
        wanted = [tops[shore] - value * self.scale / 2 for shore, value in sums.items()]
        for shore, bar, height in zip(sums, wanted, spread(wanted, sizes, self.low, self.high).tolist(), strict=True):
            if abs(height - bar) > 0.04:
                rule(self.sheet, (edge + facing * 0.02, edge + facing * (OFFSET - 0.03)), (bar, height))
            y = height + pitch() * (len(lines[shore]) + 1) / 2
            for text, weight in [
                *((line, "bold") for line in lines[shore]),
                (amount(words.money(sums[shore])), "normal"),
            ]:
                self.sheet.write(edge + facing * OFFSET, y - 0.02, text, weight=weight, align=align, anchor="top")
                y -= pitch()


def _ribbon(x: tuple[float, float], start: float, end: float, value: float, ink: Ink) -> PathPatch:
    """Return a flow of a width, from the top `start` at the left to the top `end` at the right."""
    left, right = x
    middle = (left + right) / 2
    points = [
        (left, start),
        (middle, start),
        (middle, end),
        (right, end),
        (right, end - value),
        (middle, end - value),
        (middle, start - value),
        (left, start - value),
        (left, start),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=ink.colour, alpha=0.6, edgecolor="white", linewidth=0.4)
