"""The outcomes of a comparison in every member: each replicate of the scenarios' own parameters and of every draw.

From these a reader can see in how many members a difference has its sign, and which parameter it follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footloose.ensemble import Draw
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.summaries import CENTRAL

if TYPE_CHECKING:
    import pandas as pd


def draw_table(draws: Sequence[Draw]) -> pd.DataFrame:
    """Return the parameters of every draw: draw (its number in the other tables), name, a column for every key."""
    import pandas

    rows = [{"draw": place, "name": draw.name, **draw.values} for place, draw in enumerate(draws)]
    return pandas.DataFrame(rows)


def member_table(lived: Lived, other: int, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the paired difference of every outcome, year by year.

    columns: outcome, draw (CENTRAL for none), replicate, year, difference
    """
    import pandas

    parts = [
        pandas.DataFrame(
            {
                "outcome": str(outcome),
                "draw": CENTRAL if pair.draw is None else pair.draw,
                "replicate": pair.replicate,
                "year": list(lived.years),
                "difference": outcome.path(pair.difference),
            }
        )
        for outcome in outcomes
        for pair in lived.pairs[other]
    ]
    return pandas.concat(parts, ignore_index=True)
