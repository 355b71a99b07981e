"""Official numbers that targets come from and naive rivals know: customs, employment, accounts, robots.

`official.csv`; places are named as in the model, industries are its sectors joined by `+` (`goods` is all industries of
the model, `all` everything). Letters: A loaded from an official file, B read in a publication, D derived from A.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files

from footloose.errors import DataError

COLUMNS = ("variable", "place", "industry", "year", "value", "unit", "source", "certainty")
LETTERS = ("A", "B", "D")
Key = tuple[str, str, str, int]


@cache
def load_official() -> dict[Key, float]:
    """Return the numbers by (variable, place, industry, year).

    raises: DataError naming file, row and column
    """
    text = (files("footloose_calibration") / "official.csv").read_text(encoding="utf-8")
    return parse_official(text)


def parse_official(text: str) -> dict[Key, float]:
    """Return the numbers of a table given as text; see `load_official`."""
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DataError(f"official.csv, row 1: columns are {reader.fieldnames}, expected {list(COLUMNS)}")
    found: dict[Key, float] = {}
    for number, row in enumerate(reader, start=2):
        place = f"official.csv, row {number}"
        if not row["source"] or not row["unit"]:
            raise DataError(f"{place}: a number has a unit and a source")
        if row["certainty"] not in LETTERS:
            raise DataError(f"{place}, column certainty: {row['certainty']!r} given, allowed: {', '.join(LETTERS)}")
        try:
            key, value = (row["variable"], row["place"], row["industry"], int(row["year"])), float(row["value"])
        except ValueError as error:
            raise DataError(f"{place}: {error}") from error
        if key in found or not math.isfinite(value):
            raise DataError(f"{place}: {key} is there twice or is not finite")
        found[key] = value
    return found


def official_share(place: str, industry: str, year: int) -> float:
    """Return the share of a partner in United States imports of an industry, percent.

    raises: KeyError for what the table has not got
    """
    table = load_official()
    return 100.0 * table["imports", place, industry, year] / table["imports", "world", industry, year]


def official_basket_share(place: str, year: int, basket: tuple[str, ...]) -> float:
    """Return the share of a partner in United States imports from a basket of partners, percent.

    raises: KeyError for what the table has not got
    """
    table = load_official()
    return 100.0 * table["imports", place, "all", year] / sum(table["imports", name, "all", year] for name in basket)
