"""What a finished sweep is reported by: tables as CSV, figures, and findings in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from footloose.briefing.catalogue import LANGUAGES
from footloose.briefing.saving import save
from footloose.briefing.sweep_findings import header, sentences
from footloose.briefing.sweep_gallery import sweep_figures
from footloose.briefing.sweep_words import box_in_words
from footloose.errors import OutputError
from footloose.experiments.sweep.analysis.findings import Findings, find_all
from footloose.experiments.sweep.export import findings_file, whole_text
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.results import read_runs

ANALYSIS, FIGURES = "analysis", "figures"


def write_report(file: SweepFile, folder: Path, figures: bool, language: str = "en") -> Findings:
    """Analyse the results in a folder; write tables, findings in every language, and figures in one.

    raises: OutputError when they cannot be written
    """
    runs = read_runs(folder)
    found = find_all(file, runs)
    try:
        (folder / ANALYSIS).mkdir(exist_ok=True)
        for old in (folder / ANALYSIS).glob("*.csv"):
            old.unlink()
        for name, table in found.tables.items():
            text = with_words(file, found, name, table).to_csv(index=False, float_format="%.9g", lineterminator="\n")
            whole_text(folder / ANALYSIS / f"{name}.csv", text)
        for each in LANGUAGES:
            lines = [*header(file, runs, each), *sentences(file.sweep, found, each)]
            whole_text(folder / findings_file(each), "\n".join(lines) + "\n")
    except OSError as error:
        raise OutputError(f"{folder} could not be written: {error.strerror or error}; the runs are kept") from error
    for ending in ("png", "svg", "csv"):  # those of other results, even where no new ones are drawn
        for old in (folder / FIGURES).glob(f"*.{ending}"):
            old.unlink()
    if figures:
        for name, figure, data in sweep_figures(file, runs, found, language):
            save(figure, data, folder / FIGURES, name)
    return found


def files_of(folder: Path) -> list[Path]:
    """Return all files of a report in a folder, in order."""
    parts = [path for part in (ANALYSIS, FIGURES) for path in (folder / part).glob("*.*")]
    return sorted([*parts, *(folder / findings_file(language) for language in LANGUAGES)])


def with_words(file: SweepFile, found: Findings, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as it is written: those of PRIM's and CART's boxes with what each says in every language."""
    method, _, outcome = name.partition("_")
    if method not in ("prim", "cart") or outcome not in found.boxes:
        return table
    hit, boxes = found.boxes[outcome]
    if method == "cart":
        boxes = found.leaves[outcome]
    columns = {"words" if language == "en" else f"words_{language}": language for language in LANGUAGES}
    words = {
        column: [box_in_words(file.sweep, outcome, hit, box, language) for box in boxes]
        for column, language in columns.items()
    }
    return table.assign(**words)
