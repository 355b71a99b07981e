"""What an experiment leaves on disk: a folder with answer, tables and figures; written whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footloose.errors import OutputError
from footloose.output import prepare_folder, whole_folder

if TYPE_CHECKING:
    import pandas as pd

COMPARISON = "comparison.json"
ANSWERS = (COMPARISON, "solve.json", "reverse.json", "credibility.json")
"""Names of the file that says a folder is finished, by experiment."""


def prepare(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that cannot be used, before anything is computed; tidy up after killed commands.

    raises: OutputError when it holds a finished experiment (without overwrite) or something else, or cannot be written
    """
    prepare_folder(folder, overwrite, check)


def check(folder: Path, overwrite: bool) -> None:
    """Refuse a folder with something in it that is not to be replaced.

    raises: OutputError
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder with --out")
    entries = {entry.name for entry in folder.iterdir()}
    finished = entries & set(ANSWERS)
    if finished and not overwrite:
        raise OutputError(f"{folder} holds a finished {finished.pop()}; choose another folder or add --overwrite")
    if entries and not finished:
        raise OutputError(
            f"{folder} is not empty and holds none of {', '.join(ANSWERS)}: it is something else. "
            "footloose does not delete what it has not made; remove it or choose another folder"
        )


def write(
    folder: Path,
    overwrite: bool,
    name: str,
    answer: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    text: str,
    draw: Callable[[Path], None] | None = None,
) -> None:
    """Write an experiment next to its place, then put it there in one step.

    name   : of the JSON file that says it is finished, one of ANSWERS
    tables : by file name; .parquet or .csv
    text   : the summary shown on screen
    draw   : writes figures into the folder it is given
    raises : OutputError when the disk is full or the folder has been taken in the meantime
    """
    with whole_folder(folder, overwrite, check) as scratch:
        for file, table in tables.items():
            if file.endswith(".parquet"):
                table.to_parquet(scratch / file, index=False)
            else:
                table.to_csv(scratch / file, index=False, float_format="%.6g", lineterminator="\n")
        (scratch / "summary.txt").write_text(text + "\n", encoding="utf-8")
        written = json.dumps(finite(dict(answer)), indent=2, ensure_ascii=False, allow_nan=False, default=str)
        (scratch / name).write_text(written + "\n", encoding="utf-8")
        if draw is not None:
            draw(scratch / "figures")


def finite(value: Any) -> Any:
    """Return plain data for JSON: numbers of numpy as numbers, what is not finite as null."""
    if isinstance(value, Mapping):
        return {str(key): finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
