"""Paired differences by year: one small panel an outcome, chance as a band, parameters as dotted lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import (
    OTHER_INK,
    nothing,
    panel_grid,
    panel_title,
    plain_numbers,
    signed,
    since_years,
    year_ticks,
)
from footloose.briefing.compare_text import amount, outcome_parts, unit_name
from footloose.briefing.style import INK, VERMILION, Footer, page
from footloose.briefing.text import Words
from footloose.experiments.comparison.outcomes import Outcome

MOST = 8
BEFORE = 3
"""Outcomes drawn, and years before the first difference."""


def compare_differences(
    fans: Sequence[tuple[Outcome, str, pd.DataFrame]],
    between: Between,
    counts: tuple[int, int],
    labels: Mapping[str, str],
    footer: Footer,
    language: str = "en",
) -> Figure:
    """Draw the difference of every outcome from year to year.

    fans   : outcome, unit and table: year, difference, chance_low, chance_high, parameter_low, parameter_high
    counts : replicates and draws of the ensemble
    """
    words = Words(language, labels)
    replicates, draws = counts
    key = "compare.note.bands" if draws else "compare.note.chance_band" if replicates > 1 else "compare.note.single"
    title = words.say("compare.fan.title", other=between.other, base=between.base)
    note, source = words.say(key, count=replicates, draws=draws), words.say("compare.source", vintage=footer.vintage)
    sheet = page(words, footer, title, words.say("compare.fan.subtitle"), source, note)
    if not fans:
        return nothing(sheet, title)
    shown = list(fans)[:MOST]
    columns = min(4, max(2, -(-len(shown) // 2)))
    for box, (outcome, unit, table) in zip(panel_grid(sheet, len(shown), columns, 3), shown, strict=True):
        axes = sheet.axes(box[0], box[1], box[2], box[3])
        table = since_years(table, between.since, BEFORE)
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
        plain_numbers(sheet, axes, "y", 4)
        year_ticks(axes, [int(year) for year in years])
        variable, place = outcome_parts(words, outcome)
        change = amount(words, signed(float(path[-1]), words), unit_name(words, unit, difference=True))
        panel_title(sheet, box, variable, place, change)
    return sheet.figure
