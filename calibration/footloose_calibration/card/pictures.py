"""The figure of the report card, in English and Chinese: every fitted and held-out target in one row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footloose_calibration.card.labels import LANGUAGES, label
from footloose_calibration.card.tables import Card, CardRow
from footloose_calibration.card.verdicts import GOALS
from footloose_calibration.targets import Target

if TYPE_CHECKING:
    import pandas as pd

NAME = "report_card"
RESOLUTION = 120


def figure_rows(card: Card, targets: Sequence[Target], language: str) -> pd.DataFrame:
    """Return the rows that the figure draws: fitted and held-out targets that could be computed."""
    import pandas

    known = {row.id: row for row in card.rows if row.use in GOALS and row.verdict != "unknown"}
    rows = [figure_row(target, known[target.id], language) for target in targets if target.id in known]
    return pandas.DataFrame(rows)


def figure_row(target: Target, row: CardRow, language: str) -> dict[str, Any]:
    """Return one row of the figure. The open side of a bound reaches as far as the model, and as far as the other."""
    from footloose.briefing.report_card import short_unit

    low, high = target.low, target.high
    if math.isinf(high):
        high = max(2.0 * target.central - low, row.q95, row.median)
    if math.isinf(low):
        low = min(2.0 * target.central - high, row.q05, row.median)
    return {
        "id": target.id, "label_en": label(target.id, "en"), "label_zh": label(target.id, "zh"),
        "group": label(target.group, language), "unit": short_unit(target.unit), "value": target.central, "low": low,
        "high": high, "model": row.median, "model_low": row.q05, "model_high": row.q95, "verdict": row.verdict,
        "use": row.use,
    }  # fmt: skip


def draw(card: Card, targets: Sequence[Target], folder: Path) -> list[str]:
    """Write the figure in both languages into a folder; return the names of the PNG files.

    raises: OutputError when the folder cannot be written to
    """
    from footloose.briefing.report_card import report_card
    from footloose.briefing.saving import save
    from footloose.briefing.style import Footer

    said, names = card.said, []
    vintage = said["versions"]["data_vintage"]
    footer = Footer(said["scenario"], said["seed"], said["firms"], said["version"], vintage)
    for language in LANGUAGES:
        table = figure_rows(card, targets, language)
        for number, figure in enumerate(report_card(table, footer, language), start=1):
            name = f"{NAME}_{language}_{number}"
            save(figure, table, folder, name, RESOLUTION)
            names.append(f"{name}.png")
    return names
