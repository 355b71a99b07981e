"""The record: what a run leaves, as labelled arrays with units and a manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from footloose.columns import Columns, frame_from
from footloose.geography import BaseYear, Geography
from footloose.labelled import Labelled, LabelledArrays
from footloose.variables import TABLES, Reported

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = npt.NDArray[np.float64]

AXES = {"site_from": "site", "site_to": "site"}


@dataclass(frozen=True)
class Record:
    """All replicates of one scenario.

    tables   : name -> (replicate, year, ...) as in variables.TABLES
    lines    : names along the axis `line`
    manifest : scenario, seed, versions, data vintages: goes into every output
    reported : tables that mechanisms add
    """

    geography: Geography
    base: BaseYear
    years: tuple[int, ...]
    lines: tuple[str, ...]
    tables: Mapping[str, Floats]
    manifest: Mapping[str, Any]
    gdp: Mapping[str, Floats]
    reported: Mapping[str, Reported] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return int(next(iter(self.tables.values())).shape[0])

    def labels(self, axis: str) -> tuple[str, ...]:
        """Return the members of an axis."""
        geography = self.geography
        members: dict[str, Sequence[Any]] = {
            "market": geography.markets,
            "sector": geography.sectors,
            "origin": geography.origins,
            "site": geography.sites,
            "line": self.lines,
            "year": self.years,
            "replicate": tuple(range(self.replicates)),
        }
        return tuple(members[AXES.get(axis, axis)])

    @property
    def arrays(self) -> LabelledArrays:
        """The tables with their labels and units."""
        return labelled(self, self.tables, "replicate", self.labels("replicate"))

    @cached_property
    def dataset(self) -> xr.Dataset:
        """The labelled arrays with units."""
        return self.arrays.dataset()

    @property
    def attributes(self) -> dict[str, str]:
        """What the dataset says of itself: title, source, evidence, manifest."""
        return {
            "title": str(self.manifest.get("scenario", "")),
            "source": f"footloose {self.manifest.get('version', '')}",
            **self.strength,
            "manifest": json.dumps(dict(self.manifest), sort_keys=True, default=str),
        }

    @cached_property
    def columns(self) -> Columns:
        """The columns of the long table, as they are written."""
        from footloose.long_table import long_table

        return long_table(self)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The long table; columns scenario, replicate, year, variable, market, site, sector, origin, unit, value."""
        return frame_from(self.columns, self.strength)

    @property
    def strength(self) -> dict[str, str]:
        """The weakest evidence word in use, and the word of every mechanism that is not firm, as JSON."""
        return {
            "evidence_word": str(self.manifest.get("evidence_word", "")),
            "evidence": json.dumps(dict(self.manifest.get("evidence", {})), sort_keys=True),
        }


def labelled(record: Record, tables: Mapping[str, Floats], axis: str, members: tuple[Any, ...]) -> LabelledArrays:
    """Return tables of a record with labels and units.

    tables : by name, (member of `axis`, year, ...);  axis: replicate, or what stands in its place
    """
    arrays = {}
    for name, values in tables.items():
        table = TABLES[name] if name in TABLES else record.reported[name]
        arrays[name] = Labelled(values, (axis, "year", *table.axes), table.unit, table.meaning)
    used = sorted({each for array in arrays.values() for each in array.axes})
    labels = {each: members if each == axis else record.labels(each) for each in used}
    return LabelledArrays(arrays, labels, record.attributes)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a finished run."""
    with (folder / "run.json").open(encoding="utf-8") as file:
        return dict(json.load(file))
