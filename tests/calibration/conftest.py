"""Records made by hand: zero everywhere but where a test says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from footloose.geography import load_base_year, load_geography
from footloose.record import Record

Cells = Mapping[str, Mapping[tuple[int | str, ...], float]]
MadeUp = Callable[[Cells], Record]

AXES = {
    "sales": ("market", "sector", "origin", "site"),
    "jobs": ("sector", "site"),
    "entries_jobs": ("origin", "sector", "site"),
    "entries_projects": ("origin", "sector", "site"),
    "expansion_jobs": ("origin", "sector", "site"),
    "entries_jobs_from": ("origin", "site_from", "site_to"),
    "entries_projects_from": ("origin", "site_from", "site_to"),
    "entries_filled": ("site",),
    "delayed_value": ("sector", "site"),
    "cancelled_value": ("sector", "site"),
    "construction": ("sector", "site"),
    "parts_from_china": ("sector", "site"),
    "parts_from_home": ("sector", "site"),
    "robot_density": ("site",),
}
"""Tables that measures read, with their axes after (replicate, year)."""


def make_up(cells: Cells, years: range = range(2010, 2025), replicates: int = 1) -> Record:
    """Return a record whose tables are zero but for these cells, each by year and labels."""
    geography = load_geography()
    gdp = {name: np.full(len(years), 1000.0) for name in ("china", "united_states")}
    empty = Record(geography, load_base_year(), tuple(years), (), {"none": np.zeros((1, 1))}, {}, gdp)
    tables = {}
    for name, axes in AXES.items():
        values = np.zeros((replicates, len(years), *(len(empty.labels(axis)) for axis in axes)))
        for (year, *labels), value in cells.get(name, {}).items():
            place = [empty.labels(axis).index(label) for axis, label in zip(axes, labels, strict=True)]
            values[(slice(None), years.index(int(year)), *place)] = value
        tables[name] = values
    return Record(geography, empty.base, tuple(years), (), tables, {}, gdp)


@pytest.fixture(scope="session")
def made_up() -> MadeUp:
    """Return the maker of such records."""
    return make_up
