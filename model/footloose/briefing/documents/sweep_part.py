"""What a sweep says: its own findings in words, and the smaller tables of its analysis."""

from __future__ import annotations

import pandas as pd

from footloose.briefing.documents.document import Finding, Grid, Part, Picture
from footloose.briefing.documents.folders import SweepFolder
from footloose.briefing.documents.wording import Voice

MOST_ROWS, MOST_COLUMNS, MOST_TABLES = 12, 7, 4


def sweep_part(folder: SweepFolder, voice: Voice) -> Part:
    """Return what a sweep says; its figures are those its folder holds."""
    name = str(folder.manifest.get("name", folder.path.name))
    lead = () if voice.language == "en" else (voice.say("doc.sweep.original"),)
    findings = tuple(
        Finding(f"sweep_{place}", voice.say("doc.sweep.finding", number=place), (*lead, text))
        for place, text in enumerate(folder.findings, 1)
    )
    pictures = tuple(
        Picture(
            file.stem, voice.say("caption.found", name=file.stem.replace("_", " ")),
            voice.say("alt.found", name=file.stem.replace("_", " "), text=""), file, file.with_suffix(".svg"),
        )
        for file in sorted((folder.path / "figures").glob("*.png"))
        if file.with_suffix(".svg").is_file()
    )  # fmt: skip
    grids = tuple(
        _grid(name, table, voice) for name, table in list(folder.tables.items())[:MOST_TABLES] if not table.empty
    )
    question = str(dict(folder.manifest.get("sweep") or {}).get("question", "") or "")
    return Part(voice.say("doc.sweep", name=name), question, "", (), findings, grids, pictures)


def _grid(name: str, table: pd.DataFrame, voice: Voice) -> Grid:
    shown = table.iloc[:MOST_ROWS, :MOST_COLUMNS]
    numeric = tuple(place for place, kind in enumerate(shown.dtypes) if kind.kind in "if")
    rows = tuple(
        tuple(f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row)
        for row in shown.itertuples(index=False)
    )
    caption = voice.say("grid.sweep", name=name.replace("_", " "))
    return Grid(caption, tuple(str(column) for column in shown.columns), rows, numeric)
