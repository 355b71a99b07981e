"""Where countries stand between the blocs: 1 with the United States, -1 with China, 0 with neither."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from footloose.errors import DataError
from footloose.geography.tables import CERTAINTY, Floats, frozen, index_of, number, position, read_rows

ALIGNMENT_COLUMNS = ("country", "position", "source", "certainty")


@cache
def load_alignment(countries: tuple[str, ...]) -> Floats:
    """Return the position of every country between the blocs, -1 to 1; (country,).

    raises: DataError for an unknown or missing country, a position out of range, a row without source
    """
    return spread_positions(read_rows("alignment.csv", ALIGNMENT_COLUMNS), countries)


def spread_positions(lines: Sequence[tuple[str, dict[str, str]]], countries: tuple[str, ...]) -> Floats:
    """Return the lines of the table in the order of the countries; see `load_alignment`."""
    table = np.full(len(countries), np.nan)
    for place, cells in lines:
        value = number(place, "position", cells["position"])
        if not -1.0 <= value <= 1.0:
            raise DataError(f"{place}, column position: {value:g} lies outside -1 to 1")
        if not cells["source"] or cells["certainty"] not in CERTAINTY:
            raise DataError(f"{place}: a position needs a source and a certainty letter")
        table[position(place, "country", cells["country"], index_of(countries))] = value
    missing = [country for country, value in zip(countries, table, strict=True) if np.isnan(value)]
    if missing:
        raise DataError(f"alignment.csv: no row for {', '.join(missing)}")
    frozen(table)
    return table
