"""Measures: the number in a run's record that stands beside a target's figure. One file a group of targets.

A quantity is the name of a function and its arguments, apart by spaces: `import_share china 2017`. Every function takes
a `Reading` of the record first; what a record has not got (a table, a year, a division by nothing) is NaN.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import cache

from footloose.errors import DataError, nearest
from footloose.record import Record
from footloose_calibration.measures import (
    automation,
    china,
    clusters,
    imports,
    nearshore,
    origins,
    pipeline,
    sectors,
)
from footloose_calibration.measures.reading import Absent, Reading
from footloose_calibration.targets import end_year, load_targets

__all__ = ["END_YEAR", "MEASURES", "measure", "measure_quantity", "understood"]

Measure = Callable[..., float]

MEASURES: dict[str, Measure] = {
    function.__name__: function
    for room in (pipeline, origins, sectors, imports, nearshore, china, clusters, automation)
    for function in room.MEASURES
}
"""Every measuring function by name."""

END_YEAR = end_year()
"""Last year that a fitted or held-out target needs: a fit can stop there."""


def measure(run: Record) -> dict[str, float]:
    """Return the model's number for every target that has one, by identifier; NaN where it could not be computed.

    run : a `footloose.record.Record`: what `simulate` returns, or what a worker of a sweep makes of one replicate with
          `footloose.experiments.sweep.selection.record_of(setting, rules, rows)`, whose tables are stacked only as far
          as they are read. Several replicates are averaged table by table first, so that a ratio is one of sums.
    """
    reading = Reading(run)
    values: dict[str, float] = {}
    known: dict[str, float] = {}
    for target in load_targets():
        if target.quantity:
            if target.quantity not in known:
                known[target.quantity] = measure_quantity(reading, target.quantity)
            values[target.id] = known[target.quantity]
    return values


def measure_quantity(reading: Reading, quantity: str) -> float:
    """Return one quantity; NaN where the record has not got it.

    raises: DataError for a quantity that does not exist
    """
    function, arguments = understood(quantity)
    try:
        value = float(function(reading, *arguments))
    except Absent:
        return math.nan
    return value if math.isfinite(value) else math.nan


@cache
def understood(quantity: str) -> tuple[Measure, tuple[str | int, ...]]:
    """Return the function that a quantity names and its arguments.

    raises: DataError for an unknown name, or arguments that do not fit
    """
    name, *words = quantity.split()
    if name not in MEASURES:
        raise DataError(
            f"quantity {quantity!r}: no measure {name!r}; nearest: {nearest(name, MEASURES)!r}. "
            f"Allowed: {', '.join(sorted(MEASURES))}"
        )
    arguments = tuple(int(word) if word.isdecimal() else word for word in words)
    function = MEASURES[name]
    try:
        inspect.signature(function).bind(None, *arguments)
    except TypeError as error:
        raise DataError(f"quantity {quantity!r}: {error}; {name}{inspect.signature(function)}") from error
    return function, arguments
