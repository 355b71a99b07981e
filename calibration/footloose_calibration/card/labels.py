"""Short names of targets and groups in English and Chinese, for tables and figures."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from footloose.errors import DataError

LANGUAGES = ("en", "zh")


@cache
def load_labels() -> dict[str, dict[str, str]]:
    """Return the names by identifier and language.

    raises: DataError for a name that is missing or given twice
    """
    text = (files(__package__) / "labels.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for row, cells in enumerate(csv.DictReader(text.splitlines(), strict=True), start=2):
        if cells["id"] in found or not all(cells[language] for language in LANGUAGES):
            raise DataError(f"labels.csv, row {row}: {cells['id']!r} is there twice or has no name in a language")
        found[cells["id"]] = {language: cells[language] for language in LANGUAGES}
    return found


def label(name: str, language: str = "en") -> str:
    """Return the short name of a target or a group.

    raises: DataError for one without a name
    """
    names = load_labels().get(name)
    if names is None:
        raise DataError(f"labels.csv: no row for {name!r}; every target and group has a name there")
    return names[language]
