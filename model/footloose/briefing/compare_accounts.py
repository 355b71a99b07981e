"""What support bought and what a tariff did: the accounts of the twin ledger as lying bars."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.bars import bars
from footloose.briefing.compare_ledger import Between
from footloose.briefing.compare_marks import (
    CLASS_INKS,
    intervals,
    name_axis,
    named_rows,
    nothing,
    reach_of,
    scaled,
    short,
    value_or_none,
    whiskers_note,
    width_of_names,
)
from footloose.briefing.style import Footer, page
from footloose.briefing.text import Words

THOUSAND = 1e3
INK_OF = {
    "additional": "induced", "brought_forward": "earlier", "anyway": "anyway", "already_there": "anyway",
    "induced_home": "induced", "induced_elsewhere": "induced", "induced_other": "induced", "diverted": "elsewhere",
    "redirected": "elsewhere", "deterred": "held", "held_other": "held",
}  # fmt: skip


def compare_account(
    table: pd.DataFrame,
    kind: str,
    between: Between,
    labels: Mapping[str, str],
    footer: Footer,
    note: str = "",
    language: str = "en",
) -> Figure:
    """Draw the lines of an account.

    table : line, value, low, high (and parameter_low, parameter_high); thousand jobs for a subsidy, USD billion for a
            tariff
    kind  : subsidy or tariff
    note  : deadweight and cost per job in words
    """
    words = Words(language, labels)
    title = words.say(f"compare.account.{kind}", other=between.other)
    note = words.sentences(note, whiskers_note(words, table))
    source = words.say("compare.source", vintage=footer.vintage)
    sheet = page(words, footer, title, words.say(f"compare.account.{kind}.subtitle"), source, note)
    if table.empty or float(table["value"].abs().max()) == 0.0:
        return nothing(sheet, title)
    table = scaled(table, THOUSAND / words.many if kind == "subsidy" else words.money(1.0))
    names = [words.say(f"compare.account.{line}") for line in table["line"]]
    axes = sheet.axes(
        sheet.left + width_of_names(sheet, names), sheet.bottom + 0.5, sheet.right - 0.75, sheet.top - 0.05
    )
    for row, (_, found) in enumerate(table.iterrows()):
        value = value_or_none(found, "value")
        ink = CLASS_INKS[INK_OF[str(found["line"])]]
        bars(axes, np.array([float(row)]), np.array([0.0]), np.array([value or 0.0]), ink, width=0.62, lying=True)
        intervals(axes, float(row), found)
        y = sheet.top - 0.05 - (row + 0.5) * (sheet.top - sheet.bottom - 0.55) / len(names)
        sheet.write(sheet.right, y, short(value or 0.0, words), align="right", anchor="center")
    named_rows(sheet, axes, names)
    low, high = reach_of(table)
    axes.set_xlim(low * 1.06, high * 1.06)
    name_axis(sheet, axes, words.say("compare.axis.jobs" if kind == "subsidy" else "compare.axis.value"))
    return sheet.figure
