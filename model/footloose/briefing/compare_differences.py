"""Paired differences by year: one small panel an outcome, chance as a band, parameters as dotted lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import OTHER_INK, panel_grid, panel_title, plain_numbers, signed, year_ticks
from footloose.briefing.compare_text import ComparisonWords
from footloose.briefing.style import INK, VERMILION, Footer, blank, page

MOST = 8


def compare_differences(
    fans: Sequence[tuple[str, str, pd.DataFrame]],
    between: Between,
    counts: tuple[int, int],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the difference of every outcome from year to year.

    fans   : name, unit and table (year, difference, chance_low, chance_high, parameter_low, parameter_high) of outcomes
    counts : replicates and draws of the ensemble
    """
    words = ComparisonWords(language, labels)
    replicates, draws = counts
    key = "note.bands" if draws else "note.chance_band" if replicates > 1 else "note.single"
    title = words.say("fan.title", other=between.other, base=between.base)
    note, source = words.say(key, count=replicates, draws=draws), words.say("source", vintage=footer.vintage)
    sheet = page(words, footer, title, words.say("fan.subtitle"), source, note)
    if not fans:
        return blank(sheet, title)
    shown = list(fans)[:MOST]
    columns = min(4, max(2, -(-len(shown) // 2)))
    for box, (name, unit, table) in zip(panel_grid(sheet, len(shown), columns, 3), shown, strict=True):
        axes = sheet.axes(box[0], box[1], box[2], box[3])
        years = table["year"].to_numpy()
        low, high = (table[edge].to_numpy(dtype=np.float64) for edge in ("chance_low", "chance_high"))
        if np.isfinite(low).all():
            axes.fill_between(years, low, high, facecolor=OTHER_INK.colour, alpha=0.25, linewidth=0, zorder=2)
        for edge in ("parameter_low", "parameter_high"):
            if np.isfinite(table[edge].to_numpy(dtype=np.float64)).all():
                axes.plot(years, table[edge], color=VERMILION, linewidth=1.1, linestyle=":", zorder=3)
        path = table["difference"].to_numpy(dtype=np.float64)
        axes.plot(years, path, color=OTHER_INK.colour, linewidth=1.8, zorder=3)
        axes.axhline(0.0, color=INK, linewidth=0.8, zorder=2.5)
        plain_numbers(axes, "y", 4)
        year_ticks(axes, [int(year) for year in years])
        variable, _, where = name.partition(", ")
        place = ", ".join(words.name(part) for part in where.split(", ")) if where else ""
        panel_title(sheet, box, variable.replace("|", " | "), place, f"{signed(float(path[-1]))} {unit}")
    return sheet.figure
