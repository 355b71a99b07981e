"""What was observed, for figures and comparison; never an input of the model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from footloose.history.tables import LONG_COLUMNS, read_table


@dataclass(frozen=True)
class Observation:
    """One observed number; an empty site or sector means the total over that axis.

    variable is `imports` [USD million, current] or `import_share` [percent of all goods imports].
    """

    variable: str
    unit: str
    market: str
    site: str
    sector: str
    year: int
    value: float
    source: str
    certainty: str


@cache
def load_observed() -> tuple[Observation, ...]:
    """Return every observation of the package: US imports by partner 2010-17, by partner and sector 2013-17."""
    return tuple(
        Observation(
            line["variable"],
            line["unit"],
            line["market"],
            line["site"],
            line["sector"],
            line.year(),
            line.number("value"),
            line["source"],
            line["certainty"],
        )
        for line in read_table("observed.csv", LONG_COLUMNS)
    )
