"""What a finished run, comparison or sweep left in its folder, read back for a briefing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from footloose.errors import OutputError
from footloose.experiments.comparison.folder import ANSWERS, COMPARISON
from footloose.experiments.sweep.results import RUNS as SWEEP_RUNS
from footloose.output import MANIFEST

if TYPE_CHECKING:
    from footloose.experiments.sweep.analysis.findings import Findings
    from footloose.experiments.sweep.reading import SweepFile

TABLE = "table.parquet"
SUMMED = [("sector", "==", "all"), ("origin", "==", "all")]
"""Rows of the long table that a briefing reads; those of an ensemble are many."""
BY_SECTOR = [("origin", "==", "all"), ("variable", "in", ["Output|Value", "Sales|Value"])]
"""Rows that maps draw by sector besides."""
KINDS = f"run ({MANIFEST}), comparison ({COMPARISON}) or sweep ({SWEEP_RUNS})"


@dataclass(frozen=True)
class RunFolder:
    """A finished run: manifest and long table.

    cost_stack : of a typical firm, for its figure; None where this version cannot make it again
    """

    path: Path
    manifest: dict[str, Any]
    cost_stack: pd.DataFrame | None = None

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario as plain data."""
        return dict(self.manifest["resolved_scenario"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """The long table, sums over sectors and origins: replicate, year, variable, market, site, value; maybe draw."""
        return read_table(self.path / TABLE, SUMMED)

    @cached_property
    def figure_table(self) -> pd.DataFrame:
        """The rows that figures draw: those of `table`, and for maps the first and last year by sector."""
        ends = ("year", "in", [int(year) for year in self.manifest["years"]])
        return read_table(self.path / TABLE, [SUMMED, [*BY_SECTOR, ends]])

    @cached_property
    def draws(self) -> pd.DataFrame | None:
        """The draws of the ensemble: draw and a column for every parameter; None where parameters were not varied."""
        found = read_draws(self.path)
        return shipped_draws(self.manifest.get("ensemble")) if found is None else found


@dataclass(frozen=True)
class ComparisonFolder:
    """A finished comparison: the answer and its tables."""

    path: Path
    answer: dict[str, Any]

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario of the base as plain data."""
        return dict(self.answer["resolved_base"])

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Every row of the long table in both worlds with its paired difference and intervals."""
        return read_table(self.path / "differences.parquet")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The twin ledger summed up."""
        return read_table(self.path / "ledger_summary.csv")

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The twin ledger of every member: draw, replicate, class, value, jobs."""
        return read_table(self.path / "twin_ledger.parquet")

    @cached_property
    def content(self) -> pd.DataFrame:
        """What of China is in what markets buy, in both worlds."""
        return read_table(self.path / "content.parquet")

    @cached_property
    def members(self) -> pd.DataFrame | None:
        """The outcomes by year in every member: scenario, outcome, draw, replicate, year, difference."""
        file = self.path / "members.parquet"
        return read_table(file) if file.is_file() else None

    @cached_property
    def draws(self) -> pd.DataFrame | None:
        """The draws of the ensemble, as for a run."""
        return read_draws(self.path)


@dataclass(frozen=True)
class SweepFolder:
    """A finished sweep: its manifest and its runs, analysed anew so that it can be told in any language."""

    path: Path
    manifest: dict[str, Any]

    @cached_property
    def file(self) -> SweepFile:
        """What was asked, of which scenario."""
        from footloose.experiments.sweep.reopening import reopen_sweep

        return reopen_sweep(self.path)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: levers, uncertainties, outcomes, state."""
        return read_table(self.path / SWEEP_RUNS)

    @cached_property
    def found(self) -> Findings:
        """All that the design allows to be found."""
        from footloose.experiments.sweep.analysis.findings import find_all

        return find_all(self.file, self.runs)


Folder = RunFolder | ComparisonFolder | SweepFolder


def read_folder(path: Path) -> Folder:
    """Return what a folder holds.

    raises: OutputError when it does not exist, holds none of the kinds, or one that is not finished
    """
    if not path.is_dir():
        raise OutputError(f"{path} is no folder; give the folder of a finished {KINDS}, or a scenario")
    if (path / COMPARISON).is_file():
        return ComparisonFolder(path, read_answer(path / COMPARISON, ("resolved_base", "others", "seed", "firms")))
    if (path / MANIFEST).is_file():
        needed = ("resolved_scenario", "seed", "firms", "years", "scenario_digest")
        return RunFolder(path, read_answer(path / MANIFEST, needed))
    if (path / SWEEP_RUNS).is_file():
        return read_sweep(path)
    others = [name for name in ANSWERS if name != COMPARISON and (path / name).is_file()]
    if others:
        raise OutputError(f"{path} holds a {others[0]}; a briefing is made of a {KINDS}")
    inside = ", ".join(sorted(entry.name for entry in path.iterdir())[:5]) or "nothing"
    raise OutputError(
        f"{path} holds no finished {KINDS}, but {inside}; a run writes its {MANIFEST} last, so it may be unfinished"
    )


def read_sweep(path: Path) -> SweepFolder:
    """Return a sweep.

    raises: OutputError when no run of it is finished, or its manifest is missing or damaged
    """
    from footloose.experiments.sweep.results import read_manifest

    folder = SweepFolder(path, dict(read_manifest(path)))
    outcomes = list(folder.file.sweep.outcomes)
    if "state" not in folder.runs or folder.runs.loc[folder.runs["state"] == "done", outcomes].dropna().empty:
        raise OutputError(f"{path} holds a sweep without a finished run; let it finish with footloose sweep FILE")
    return folder


def read_answer(file: Path, needed: tuple[str, ...]) -> dict[str, Any]:
    """Return a JSON file.

    raises: OutputError when it cannot be read, is damaged or lacks a key
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"{file} cannot be read: {error}") from error
    missing = [key for key in needed if not isinstance(found, dict) or key not in found]
    if missing:
        raise OutputError(f"{file}: {', '.join(missing)} missing; it was not written by this version of footloose")
    return dict(found)


def read_table(file: Path, filters: Any = None) -> pd.DataFrame:
    """Return a table, Parquet or CSV.

    filters : of a Parquet file, the rows to read: column, comparison, value; or a list of such lists, either of which
    raises  : OutputError when it is missing or damaged
    """
    try:
        return pd.read_parquet(file, filters=filters) if file.suffix == ".parquet" else pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise OutputError(f"{file} cannot be read: {error}; make it again, or give another folder") from error


def read_draws(path: Path) -> pd.DataFrame | None:
    """Return the draws a folder holds: draw and a column for every parameter."""
    file = path / "draws.csv"
    return read_table(file) if file.is_file() else None


def shipped_draws(ensemble: object) -> pd.DataFrame | None:
    """Return the draws of the shipped ensemble where a manifest names just that table, by its SHA-256."""
    from footloose.ensemble import shipped_ensemble

    shipped = shipped_ensemble()
    if not isinstance(ensemble, dict) or shipped is None:
        return None
    if hashlib.sha256(shipped.read_bytes()).hexdigest() != ensemble.get("sha256"):
        return None
    return read_table(shipped)
