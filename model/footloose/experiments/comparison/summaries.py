"""The twin ledger summed up: by class, and by class within sectors, origins and shores, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from footloose.experiments.comparison.histories import STAGES
from footloose.experiments.comparison.intervals import Estimate, estimate
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.twin_ledger import CLASSES, MEASURES, check_partition, ledger_rows

if TYPE_CHECKING:
    import pandas as pd

BY = ("all", "sector", "origin", "shore", "market")
"""What the ledger is summed up by; `shore` is that of the firm's market which it moves to, would have, or stays on."""
CENTRAL = -1
"""Number of the draw that is none: the scenarios' own parameters."""


def ledger_table(lived: Lived, other: int, border: str) -> pd.DataFrame:
    """Return the ledger of every pair: stage, draw, replicate, twin_ledger.AXES and MEASURES; draw CENTRAL for none.

    Empty when no firm differs in any pair.
    """
    import pandas

    since = lived.first(other)
    if since is None:
        return pandas.DataFrame()
    parts = []
    for pair in lived.pairs[other]:
        for stage in STAGES:
            rows = ledger_rows(pair.traces, stage, border, since)
            check_partition(rows, pair.traces.birth.cell.size)
            labels: dict[str, Any] = {
                "stage": stage,
                "draw": CENTRAL if pair.draw is None else pair.draw,
                "replicate": pair.replicate,
            }
            parts.append(rows.assign(**labels))
    table = pandas.concat(parts, ignore_index=True)
    names = [name for name in table.columns if name not in MEASURES]
    return table[[*sorted(names, key=lambda name: name not in ("stage", "draw", "replicate")), *MEASURES]]


def with_shore(table: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with a column `shore`: reached, or else reached by the twin, or else where the firm is."""
    reached = table["shore_other"].where(table["shore_other"] != "", table["shore_base"])
    return table.assign(shore=reached.where(reached != "", table["left_shore"]), all="all")


def ledger_summary(table: pd.DataFrame, lived: Lived, other: int) -> pd.DataFrame:
    """Return means and intervals: stage, by, member, class, measure, mean ... parameter_high.

    Classes that no firm is in count as zero.
    """
    import pandas

    if table.empty:
        return pandas.DataFrame()
    rows, whole = [], with_shore(table)
    central = [(CENTRAL, pair.replicate) for pair in lived.central(other)]
    drawn = [[(int(pair.draw or 0), pair.replicate) for pair in draw] for draw in lived.drawn(other)]
    for by in BY:
        sums = whole.groupby(["stage", by, "class", "draw", "replicate"], observed=True)[list(MEASURES)].sum()
        wide = sums.unstack(["draw", "replicate"], fill_value=0.0)
        for index, row in wide.iterrows():
            stage, member, kind = cast("tuple[str, str, str]", index)
            for measure in MEASURES:
                values = row[measure]
                draws = np.array([[values.get(key, 0.0) for key in draw] for draw in drawn]) if drawn else None
                found = estimate(np.array([values.get(key, 0.0) for key in central]), draws)
                labels: dict[str, Any] = {"stage": stage, "by": by, "member": member, "class": kind, "measure": measure}
                rows.append(labels | found.as_data())
    return pandas.DataFrame(rows)


def classes(
    summary: pd.DataFrame, stage: str, measure: str, by: str = "all", member: str = "all"
) -> dict[str, Estimate]:
    """Return the estimates of every class, zero where no firm is in it."""
    chosen = summary[
        (summary["stage"] == stage)
        & (summary["measure"] == measure)
        & (summary["by"] == by)
        & (summary["member"] == member)
    ]
    fields = list(Estimate(0.0).as_data())
    found: dict[str, Estimate] = {}
    for _, row in chosen.iterrows():
        values: dict[str, Any] = {name: None if row[name] != row[name] else row[name] for name in fields}
        found[str(row["class"])] = Estimate(**values)
    return {name: found.get(name, Estimate(0.0)) for name in CLASSES}
