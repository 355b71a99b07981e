"""Figure 10: how the regions of a country change by group of sectors, as tiles that lie as the regions do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from footloose.briefing.numerals import MINUS, percent_change
from footloose.briefing.placing import on_grid
from footloose.briefing.readings import COLUMNS, need
from footloose.briefing.style import (
    BLUE,
    BODY,
    HISTORY_ENDS,
    QUIET,
    VERMILION,
    Footer,
    Ink,
    Page,
    blank,
    page,
    pitch,
)
from footloose.briefing.tags import rule
from footloose.briefing.text import Words

VARIABLE = "Output|Value"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "light": ("textiles", "consumer_goods"),
    "electronics": ("electronics", "semiconductors"),
    "electrical": ("electrical_equipment", "clean_energy"),
    "machinery": ("machinery", "transport_equipment"),
    "materials": ("chemicals", "pharma_medical", "metals_minerals", "plastics_rubber"),
    "research": ("research",),
}
"""Groups of sectors in the order drawn; sectors in none are `other`."""
GAIN, LOSS = Ink(BLUE), Ink("#E8A27C", "////", mark=VERMILION)
PLACES = ("site", "country", "longitude", "latitude")
SPACE = 0.12
"""Between two tiles [inches]."""
CAP = 400.0
"""Shifts beyond this are drawn as this and written out [percent]."""


def region_numbers(table: pd.DataFrame, places: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return what regions_map draws: site, group, first, last [year], base, value [USD million], change, shift, shares.

    change : of output from the first to the last year [percent]
    shift  : by how much output lies above what it would be had the group grown as in the country as a whole
             [percent]; the differential shift of shift-share analysis (Dunn 1960) over the output without it
    share_first, share_last : share of the region in the country's output of the group [percent]
    Medians of the runs; the group `all` is the whole region.
    """
    need(table, COLUMNS, "long table")
    need(places, PLACES, "places")
    sites = list(places.loc[places["country"] == country, "site"])
    rows = table[table["variable"].eq(VARIABLE) & table["site"].isin(sites) & table["origin"].eq("all")]
    rows = rows.dropna(subset=["value"])
    columns = ["site", "group", "first", "last", "base", "value", "change", "shift", "share_first", "share_last"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    of = {sector: group for group, sectors in GROUPS.items() for sector in sectors} | {"all": "all"}
    rows = rows.assign(group=rows["sector"].astype(str).map(of).fillna("other"))
    first, last = int(rows["year"].min()), int(rows["year"].max())
    rows = rows[rows["year"].isin([first, last])]
    runs = [name for name in ("draw", "replicate") if name in rows.columns]
    sums = rows.groupby([*runs, "year", "group", "site"], observed=True)["value"].sum()
    whole = sums.groupby(level=[*runs, "year", "group"]).transform("sum")
    share = (100.0 * sums / whole.where(whole > 0)).groupby(level=["year", "group", "site"]).median()
    value = sums.groupby(level=["year", "group", "site"]).median()
    wide, shares = value.unstack("year").fillna(0.0), share.unstack("year")
    numbers = pd.DataFrame({"base": wide[first], "value": wide[last]}).assign(
        first=first, last=last, share_first=shares[first], share_last=shares[last]
    )
    for name, begin, end in (("change", "base", "value"), ("shift", "share_first", "share_last")):
        numbers[name] = [percent_change(*ends) for ends in zip(numbers[begin], numbers[end], strict=True)]
    return numbers.reset_index()[columns]


def regions_map(
    table: pd.DataFrame,
    places: pd.DataFrame,
    country: str,
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw a tile for each region of a country: how its output by sector group shifted against the country's.

    table  : long table of one scenario; `Output|Value` by site and sector [USD million]
    places : site, country, longitude, latitude [degrees]
    """
    words = Words(language, labels)
    numbers = region_numbers(table, places, country)
    years = {end: int(numbers[end].iloc[0]) if len(numbers) else HISTORY_ENDS for end in ("first", "last")}
    the_country = words.the(country)
    sheet = page(
        words,
        footer,
        words.say("regions.title", the_country=the_country, **years),
        words.say("regions.subtitle", **years),
        words.say("source.run", history_ends=HISTORY_ENDS),
        words.say("regions.note", the_country=the_country, **years),
    )
    if numbers.empty:
        return blank(sheet, VARIABLE)
    here = places[places["site"].isin(list(numbers["site"]))].reset_index(drop=True)
    columns = int(np.ceil(np.sqrt(len(here) + 1)))  # one tile more than regions, for the key
    rows = int(np.ceil((len(here) + 1) / columns))
    column, row = on_grid(here["longitude"].to_numpy(float), here["latitude"].to_numpy(float), columns, rows)
    groups = [group for group in (*GROUPS, "other") if (numbers.loc[numbers["group"] == group, "value"] > 0).any()]
    shifts = numbers.loc[numbers["group"].isin(groups), "shift"].clip(-100.0, CAP)
    grid = _Grid(sheet, columns, rows, groups, float(min(shifts.min(), -1.0)), float(max(shifts.max(), 1.0)))
    for site, x, y in zip(here["site"], column.tolist(), row.tolist(), strict=True):
        grid.tile(str(site), numbers[numbers["site"] == site], x, y)
    taken = set(zip(column.tolist(), row.tolist(), strict=True))
    free = [(x, y) for y in range(rows) for x in range(columns) if (x, y) not in taken]
    grid.key(the_country, *free[0])
    return sheet.figure


@dataclass(frozen=True)
class _Grid:
    """Tiles on the page, and the scale of their bars: shifts from low to high [percent]."""

    sheet: Page
    columns: int
    rows: int
    groups: list[str]
    low: float
    high: float

    def corner(self, column: int, row: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a tile [inches]."""
        sheet = self.sheet
        width = (sheet.right - sheet.left + SPACE) / self.columns
        height = (sheet.top - sheet.bottom + SPACE) / self.rows
        left, top = sheet.left + column * width, sheet.top - row * height
        return left, top - height + SPACE, left + width - SPACE, top

    def tile(self, site: str, numbers: pd.DataFrame, column: int, row: int) -> None:
        """Draw a region: its name, its share of the country, a bar for each group."""
        sheet, (left, bottom, right, top) = self.sheet, self.corner(column, row)
        whole = numbers[numbers["group"] == "all"]
        rises = bool((whole["share_last"] > whole["share_first"]).any())
        self._box(left, bottom, right, top, "#F6F6F6")
        self._box(left, top - 0.24, right, top, "#DCE9F3" if rises else "#FBE6D8")
        text = ""
        if len(whole):
            ends = [f"{float(whole[name].iloc[0]):.1f}" for name in ("share_first", "share_last")]
            text = sheet.words.say("regions.share", first=ends[0], last=ends[1])
        room = right - left - 0.16 - (sheet.width(text) + 0.1 if text else 0.0)
        name = sheet.wrapped(sheet.words.name(site), room, 1, weight="bold")[0]
        sheet.write(left + 0.08, top - 0.165, name, weight="bold", anchor="baseline")
        sheet.write(right - 0.08, top - 0.165, text, align="right", anchor="baseline")
        names = {group: sheet.words.say(f"sectors.{group}") for group in self.groups}
        start = left + 0.08 + min(1.0, max(map(sheet.width, names.values()), default=0.0)) + 0.08
        unit = (right - 0.08 - start - sheet.width("+1,000")) / (self.high - self.low)
        zero = start - self.low * unit
        step = (top - 0.24 - bottom - 0.05) / max(len(self.groups), 1)
        shifts = numbers.set_index("group")["shift"]
        for place, group in enumerate(self.groups):
            middle = top - 0.27 - (place + 0.5) * step
            label = sheet.wrapped(names[group], start - left - 0.12, 1)[0]
            sheet.write(left + 0.08, middle - 0.36 * BODY / 72, label, anchor="baseline")
            self._bar(zero, unit, middle, min(step * 0.6, 0.11), float(shifts.get(group, np.nan)))
        rule(sheet, (zero, zero), (bottom + 0.04, top - 0.27), Ink(QUIET), 0.8)

    def _bar(self, zero: float, unit: float, middle: float, thick: float, shift: float) -> None:
        """Draw the shift of a group and write it behind its bar."""
        sheet = self.sheet
        if not np.isfinite(shift):
            sheet.write(zero + 0.05, middle - 0.36 * BODY / 72, "–", colour=QUIET, anchor="baseline")
            return
        shown = float(np.clip(shift, -100.0, CAP))
        ink = GAIN if shift >= 0 else LOSS
        ends = sorted((zero, zero + shown * unit))
        self._box(ends[0], middle - thick / 2, ends[1], middle + thick / 2, ink.colour, ink)
        text = f"{shift:+,.0f}".replace("-", MINUS) if abs(shift) >= 0.5 else "0"
        sheet.write(max(ends[1], zero) + 0.05, middle - 0.36 * BODY / 72, text, anchor="baseline")

    def key(self, the_country: str, column: int, row: int) -> None:
        """Say what the groups hold and what the head of a tile means."""
        sheet, words, (left, bottom, right, top) = self.sheet, self.sheet.words, self.corner(column, row)
        lines = [words.say(f"sectors.{group}.hold") for group in self.groups if group != "other"]
        y = top - 0.14
        for colour, name in (("#DCE9F3", "gains"), ("#FBE6D8", "loses")):
            sheet.swatch(left, y + 0.03, Ink(colour), 0.14)
            text = words.say(f"regions.{name}", the_country=the_country)
            sheet.write(left + 0.2, y, sheet.wrapped(text, right - left - 0.2, 1)[0], anchor="baseline")
            y -= pitch()
        y -= 0.06
        for line in lines:
            for text in sheet.wrapped(line, right - left, 1):
                if y < bottom:
                    return
                sheet.write(left, y, text, colour=QUIET, anchor="baseline")
                y -= pitch()

    def _box(self, left: float, bottom: float, right: float, top: float, colour: str, ink: Ink | None = None) -> None:
        """Fill a box on the page."""
        box = Rectangle((left, bottom), right - left, top - bottom, facecolor=colour, edgecolor="none", linewidth=0,
                        transform=self.sheet.figure.dpi_scale_trans)  # fmt: skip
        if ink is not None and ink.hatch:
            box.set(hatch=ink.hatch, hatchcolor=ink.mark)
        self.sheet.figure.add_artist(box)
