"""Every word a figure or a document prints, in every language: the CSV files of this folder are one catalogue.

A file has the columns key, en, zh. A key stands once in all files; its texts have the same places, `{name}`, in
every language. Numbers are formatted by who calls. Names of sites, sectors and shores are not here: they have their
labels in the tables of geography.
"""

from __future__ import annotations

import csv
import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from footloose.errors import DataError, UnknownName, nearest

LANGUAGES = ("en", "zh")
"""English, and Chinese in simplified characters."""
COLUMNS = ["key", *LANGUAGES]

Phrases = Mapping[str, Mapping[str, str]]
"""Key -> language -> text."""


def say(key: str, language: str, /, **values: object) -> str:
    """Return the phrase of a key in a language with its places filled.

    raises : UnknownName for a key or a language the catalogue does not have; KeyError for a place left empty
    """
    known = phrases()
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    if key not in known:
        close = nearest(key, known)
        raise UnknownName("phrase", key, [close] if close else sorted(known)[:5])
    return known[key][language].format(**values)


def translated(key: str, text: str, language: str) -> str:
    """Return a source in a language; as the tables have it where the catalogue has no translation of just this text."""
    known = phrases().get(f"source.{key}")
    return known[language] if known is not None and known["en"] == text else text


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """Return the catalogue of the package."""
    return read_catalogue(Path(__file__).parent)


def read_catalogue(folder: Path) -> Phrases:
    """Return all phrases of a folder of CSV files.

    raises : DataError, with file and line, for other columns, an empty text, a key that stands twice, places without
             a name, or places that differ between languages
    """
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, strict=True)
            header = next(rows, [])
            if header != COLUMNS:
                raise DataError(f"{path.name}, line 1: columns {', '.join(header)}; needed: {', '.join(COLUMNS)}")
            for row in rows:
                place = f"{path.name}, line {rows.line_num}"
                key, texts = _entry(place, row)
                if key in found:
                    raise DataError(f"{place}: the key {key!r} stands twice in the catalogue")
                found[key] = texts
    return MappingProxyType(found)


def places(text: str) -> frozenset[str]:
    """Return the names of the places of a phrase; raises ValueError for one that str.format would not take."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _entry(place: str, row: list[str]) -> tuple[str, Mapping[str, str]]:
    if len(row) != len(COLUMNS):
        raise DataError(f"{place}: {len(row)} cells, needed: {', '.join(COLUMNS)}")
    key, *texts = row
    empty = [column for column, text in zip(COLUMNS, row, strict=True) if not text.strip()]
    if empty:
        raise DataError(f"{place}, key {key!r}: empty: {', '.join(empty)}")
    try:
        of = {language: places(text) for language, text in zip(LANGUAGES, texts, strict=True)}
    except ValueError as error:
        raise DataError(f"{place}, key {key!r}: {error}") from None
    if not all(name.isidentifier() for names in of.values() for name in names):
        raise DataError(f"{place}, key {key!r}: a place has a plain name, such as {{count}}")
    if len(set(of.values())) > 1:
        listed = "; ".join(f"{language}: {', '.join(sorted(names)) or 'none'}" for language, names in of.items())
        raise DataError(f"{place}, key {key!r}: the places differ between languages ({listed})")
    return key, MappingProxyType(dict(zip(LANGUAGES, texts, strict=True)))
