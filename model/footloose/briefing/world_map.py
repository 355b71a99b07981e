"""Figure 9: where a market buys, as a schematic map: discs for sites, lines for imports, no borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from footloose.briefing.numerals import plain
from footloose.briefing.placing import even_out, make_room
from footloose.briefing.readings import COLUMNS, need
from footloose.briefing.style import BLUE, BODY, HISTORY_ENDS, INK, VERMILION, Footer, Ink, Page, blank, page, pitch
from footloose.briefing.text import Words

Floats = npt.NDArray[np.float64]
VARIABLE = "Sales|Value"
PLACES = ("site", "country", "longitude", "latitude", "home_of")
LARGEST, SMALLEST = 0.34, 0.035
"""Radius of the largest disc and of the smallest that can be seen [inches]."""
WIDEST = 9.0
"""Width of the widest line [points]."""
STEADY = 0.1
"""Imports that change by less than this part are drawn as steady."""
FLOWS: Mapping[str, Ink] = {"gain": Ink(BLUE), "loss": Ink(VERMILION, dash="--"), "steady": Ink("#A8A8A8")}
HOME, CHINA, ABROAD = Ink("#4D4D4D"), Ink("#E39A6E"), Ink("#9CC3E0")
"""Discs of the market's own sites, of those in China, and of all others."""


def map_numbers(table: pd.DataFrame, places: pd.DataFrame, market: str) -> pd.DataFrame:
    """Return what world_map draws: site, country, home, place, first and last year, base and value [USD billion].

    Purchases of the market from each site in the first and the last year, median of the runs; home: whether the site
    is the market's own, whose goods are no imports.
    """
    need(table, COLUMNS, "long table")
    need(places, PLACES, "places")
    rows = table[table["variable"].eq(VARIABLE) & table["market"].eq(market) & table["origin"].eq("all")]
    rows = rows[rows["site"].isin(list(places["site"]))].dropna(subset=["value"])
    columns = ["site", "country", "home", "longitude", "latitude", "first", "last", "base", "value"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    if (rows["sector"] == "all").any():
        rows = rows[rows["sector"] == "all"]
    first, last = int(rows["year"].min()), int(rows["year"].max())
    rows = rows[rows["year"].isin([first, last])]
    runs = [name for name in ("draw", "replicate") if name in rows.columns]
    sums = rows.groupby([*runs, "year", "site"], observed=True)["value"].sum() / 1000.0
    wide = sums.groupby(level=["year", "site"]).median().unstack("year").fillna(0.0)
    known = places.assign(home=places["home_of"].eq(market))[["site", "country", "home", "longitude", "latitude"]]
    values = pd.DataFrame({"base": wide[first], "value": wide[last]}).reset_index()
    return known.merge(values, on="site", how="inner").assign(first=first, last=last)[columns]


def world_map(
    table: pd.DataFrame,
    places: pd.DataFrame,
    market: str,
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw where a market buys in the first and in the last year, and how imports changed between.

    table  : long table of one scenario; `Sales|Value` by market and site [USD million]
    places : site, country, longitude, latitude [degrees], home_of (a market, or nothing)
    """
    words = Words(language, labels)
    numbers = map_numbers(table, places, market)
    years = {end: int(numbers[end].iloc[0]) if len(numbers) else HISTORY_ENDS for end in ("first", "last")}
    sheet = page(
        words,
        footer,
        words.say("map.title", the_market=words.the(market), **years),
        words.say("map.subtitle", **years),
        words.say("source.run", history_ends=HISTORY_ENDS),
        words.say("map.note"),
    )
    if numbers.empty or not (numbers[["base", "value"]] > 0).to_numpy().any():
        return blank(sheet, VARIABLE)
    _Map(sheet, numbers).draw()
    return sheet.figure


@dataclass(frozen=True)
class _Map:
    """The map on the page: the box of a site holds its disc and, below it, name and amounts."""

    sheet: Page
    numbers: pd.DataFrame

    def draw(self) -> None:
        """Place the boxes, then draw lines, discs and names."""
        sheet, numbers = self.sheet, self.numbers
        radii = self._radii()
        outer = radii.max(axis=1)
        names = [sheet.wrapped(sheet.words.name(str(site)), 1.25, 2, weight="bold") for site in numbers["site"]]
        ends = numbers[["base", "value"]].to_numpy(dtype=np.float64)
        amounts = [self._amounts(base, value) for base, value in ends.tolist()]
        width = [
            max(2 * radius, *(sheet.width(line, weight="bold") for line in lines), sheet.width(amount)) + 0.08
            for radius, lines, amount in zip(outer, names, amounts, strict=True)
        ]
        height = [2 * radius + pitch() * (len(lines) + 1) + 0.08 for radius, lines in zip(outer, names, strict=True)]
        sizes = np.column_stack([width, height])
        room = np.array([sheet.right - sheet.left, sheet.top - sheet.bottom - self._key_height()])
        x = even_out(numbers["longitude"].to_numpy(dtype=np.float64), 0.6) * room[0]
        y = even_out(numbers["latitude"].to_numpy(dtype=np.float64), 0.35) * room[1]
        corner = np.array([sheet.left, sheet.bottom + self._key_height()])
        boxes = make_room(np.column_stack([x, y]), sizes, float(room[0]), float(room[1])) + corner
        centres = np.column_stack([boxes[:, 0], boxes[:, 1] + sizes[:, 1] / 2 - outer - 0.02])
        self._flows(centres)
        for place, (lines, amount) in enumerate(zip(names, amounts, strict=True)):
            self._site(place, centres[place], radii[place], lines, amount)
        self._key()

    def _radii(self) -> Floats:
        """Return the radii of ring and disc, areas in proportion to what is bought; (site, 2) [inches]."""
        value = self.numbers[["base", "value"]].to_numpy(dtype=np.float64)
        radii = LARGEST * np.sqrt(np.maximum(value, 0.0) / value.max())
        return np.asarray(np.maximum(radii, SMALLEST), dtype=np.float64)

    def _amounts(self, base: float, value: float) -> str:
        words = self.sheet.words
        return words.say("map.amounts", first=plain(words.money(base)), last=plain(words.money(value)))

    def _flows(self, centres: Floats) -> None:
        """Draw a curve from each foreign site to the middle of the market's own, as wide as its imports."""
        numbers, home = self.numbers, self.numbers["home"].to_numpy(dtype=bool)
        if not home.any():
            return
        weight = numbers.loc[home, "value"].to_numpy(dtype=np.float64)
        hub = np.average(centres[home], axis=0, weights=weight if weight.sum() > 0 else None)
        widest = float(numbers.loc[~home, "value"].max()) if (~home).any() else 0.0
        for place in np.flatnonzero(~home):
            base, value = (float(numbers[name].iloc[place]) for name in ("base", "value"))
            if widest > 0 and value > 0.002 * widest:
                ink = FLOWS[flow_kind(base, value)]
                start, middle = centres[place], (centres[place] + hub) / 2
                bend = middle + np.array([0.0, 0.14 * abs(start[0] - hub[0])])
                path = Path([start, bend, hub], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
                line = PathPatch(path, facecolor="none", edgecolor=ink.colour, alpha=0.55,
                                 linewidth=max(0.6, WIDEST * value / widest), linestyle=ink.dash,
                                 transform=self.sheet.figure.dpi_scale_trans, zorder=1)  # fmt: skip
                self.sheet.figure.add_artist(line)

    def _site(self, place: int, centre: Floats, radii: Floats, lines: list[str], amount: str) -> None:
        """Draw the disc of the last year, the ring of the first, name and amounts."""
        sheet, row = self.sheet, self.numbers.iloc[place]
        self._disc(centre, float(radii[1]), HOME if row["home"] else CHINA if row["country"] == "china" else ABROAD)
        self._ring(centre, float(radii[0]))
        y = float(centre[1]) - float(radii.max()) - 0.04
        for text, weight in [*((line, "bold") for line in lines), (amount, "normal")]:
            label = sheet.write(float(centre[0]), y, text, weight=weight, align="center", anchor="top")
            label.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.4})
            y -= pitch()

    def _disc(self, centre: Floats | tuple[float, float], radius: float, ink: Ink) -> None:
        place = self.sheet.figure.dpi_scale_trans
        disc = Circle((float(centre[0]), float(centre[1])), radius, facecolor=ink.colour, edgecolor="white",
                      linewidth=0.6, transform=place, zorder=2)  # fmt: skip
        self.sheet.figure.add_artist(disc)

    def _ring(self, centre: Floats | tuple[float, float], radius: float) -> None:
        place = self.sheet.figure.dpi_scale_trans
        ring = Circle((float(centre[0]), float(centre[1])), radius, facecolor="none", edgecolor=INK, linewidth=1.0,
                      transform=place, zorder=2.1)  # fmt: skip
        self.sheet.figure.add_artist(ring)

    def _key_height(self) -> float:
        return pitch() + 0.08

    def _key(self) -> None:
        """Say what colours mean, in one line below the map."""
        sheet, words = self.sheet, self.sheet.words
        x, y = sheet.left, sheet.bottom + 0.08
        chinese = bool((self.numbers["country"].eq("china") & ~self.numbers["home"]).any())
        discs = ((HOME, "map.home"), *([(CHINA, "map.china")] if chinese else []), (ABROAD, "map.abroad"))
        for ink, key in discs:
            self._disc((x + 0.07, y), 0.07, ink)
            x = self._word(x + 0.2, y, words.say(key))
        for name, ink in FLOWS.items():
            path = Path([(x, y), (x + 0.36, y)])
            line = PathPatch(path, edgecolor=ink.colour, linewidth=2.5, alpha=0.55, linestyle=ink.dash,
                             transform=sheet.figure.dpi_scale_trans)  # fmt: skip
            sheet.figure.add_artist(line)
            x = self._word(x + 0.44, y, words.say(f"map.{name}"))

    def _word(self, x: float, y: float, text: str) -> float:
        self.sheet.write(x, y - 0.36 * BODY / 72, text, anchor="baseline")
        return x + self.sheet.width(text) + 0.22


def flow_kind(base: float, value: float) -> str:
    """Return gain, loss or steady: whether imports rose, fell or changed by less than STEADY."""
    if value > (1 + STEADY) * base:
        return "gain"
    return "loss" if value < (1 - STEADY) * base else "steady"
