"""From the store to tables: one row a run with levers, uncertainties and outcomes; every outcome by year."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from footloose.errors import OutputError
from footloose.experiments.sweep.schema import Outcome, Sweep
from footloose.experiments.sweep.store import DONE, FAILED, Store
from footloose.scenario.heading import FIRST_YEAR

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
AGAIN = "; the same `footloose sweep` command writes it again"
RUNS, SERIES, IAMC, MANIFEST = "runs.parquet", "series.parquet", "iamc.csv", "sweep.json"


@dataclass(frozen=True)
class Done:
    """One run of the plan. series: by outcome, (year,); None where the run failed or has not been done."""

    run: int
    point: int
    replicate: int
    factors: Mapping[str, Any]
    state: str
    cause: str
    series: Mapping[str, Floats] | None


def runs_of(sweep: Sweep, store: Store) -> Iterator[Done]:
    """Yield every run of the plan in order, one at a time."""
    held = store.selections()
    query = (
        "select cell.position, cell.point, cell.replicate, point.factors, run.state, run.selection, run.series, "
        "run.cause from cell join point on point.position = cell.point left join run on run.key = cell.key "
        "order by cell.position"
    )
    for number, point, replicate, factors, state, selection, series, cause in store.rows(query):
        found = None
        if state == DONE:
            found = by_outcome(sweep.outcomes, held[selection], series)
            state = state if found is not None else None
        yield Done(number, point, replicate, json.loads(factors), state or "missing", cause or "", found)


def by_outcome(
    outcomes: Mapping[str, Outcome], held: Sequence[tuple[str, ...]], series: bytes
) -> dict[str, Floats] | None:
    """Return the years of every outcome; None when the run was done for other outcomes."""
    places = {selector: number for number, selector in enumerate(held)}
    if any(outcome.selector not in places for outcome in outcomes.values()):
        return None
    values = np.frombuffer(series, dtype="<f8").reshape(len(held), -1)
    return {name: values[places[outcome.selector]] for name, outcome in outcomes.items()}


def value_of(outcome: Outcome, series: Floats) -> float:
    """Return the number a run is judged by; not a number where its horizon ends earlier.

    series : (year,) from the base year on
    """
    if outcome.years is not None:
        first, last = (year - FIRST_YEAR for year in outcome.years)
        if last >= series.size:
            return float("nan")
        if outcome.over == "change":
            return float(series[last] - series[first])
        part = series[first : last + 1]
        return float(part.sum() if outcome.over == "sum" else part.mean())
    place = series.size - 1 if outcome.year is None else outcome.year - FIRST_YEAR
    return float(series[place]) if place < series.size else float("nan")


def row_of(sweep: Sweep, done: Done) -> dict[str, Any]:
    """Return a run as a row of the table of runs."""
    values: dict[str, float | None] = dict.fromkeys(sweep.outcomes)
    if done.series is not None:
        values = {name: value_of(outcome, done.series[name]) for name, outcome in sweep.outcomes.items()}
    head = {"run": done.run, "point": done.point, "replicate": done.replicate, "state": done.state}
    factors = {name: as_column(sweep, name, value) for name, value in done.factors.items()}
    return {**head, **factors, **values, "cause": done.cause}


def as_column(sweep: Sweep, name: str, value: Any) -> Any:
    """Return a factor's value as its column has it: a number, or text where not all it takes are numbers."""
    return float(value) if sweep.factors[name].is_numeric else str(value)


def table_of(sweep: Sweep, store: Store) -> pd.DataFrame:
    """Return the table of runs; it is as long as the sweep has runs."""
    import pandas

    columns = ["run", "point", "replicate", "state", *sweep.factors, *sweep.outcomes, "cause"]
    return pandas.DataFrame([row_of(sweep, done) for done in runs_of(sweep, store)], columns=columns)


def read_runs(folder: Path) -> pd.DataFrame:
    """Return the exported table of runs of a folder; raises OutputError when there is none, or it is damaged."""
    import pandas

    need_results(folder)
    try:
        return pandas.read_parquet(folder / RUNS)
    except (OSError, ValueError) as error:  # what pyarrow raises is one of the two
        raise OutputError(f"{folder / RUNS} cannot be read: {error}{AGAIN}") from error


def query(folder: Path, sql: str) -> pd.DataFrame:
    """Return the answer to a question in SQL; the tables are `runs`, `series` and `failures`.

    raises: OutputError without DuckDB, without results, or for SQL that DuckDB does not take
    """
    try:
        import duckdb
    except ImportError as error:
        raise OutputError("--sql needs DuckDB: pip install 'footloose[analysis]'") from error
    need_results(folder)
    connection = duckdb.connect(":memory:")
    try:
        for name, file in (("runs", RUNS), ("series", SERIES)):
            path = str(folder / file).replace("'", "''")
            connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        connection.execute(f"create view failures as select * from runs where state = '{FAILED}'")
        answer = connection.execute(sql)
        if answer is None:  # an empty text, or a remark
            raise OutputError("--sql: no question given; such as: select * from runs limit 5")
        return answer.df()
    except duckdb.Error as error:
        raise OutputError(f"--sql: {error}") from error
    finally:
        connection.close()


def need_results(folder: Path) -> None:
    """Refuse a folder without exported results, or with other tables than its manifest says; raises OutputError."""
    digests = read_manifest(folder).get("files", {})
    for file in (RUNS, SERIES):
        if not (folder / file).is_file():
            raise OutputError(f"{folder} holds no results ({file} is missing); run `footloose sweep` first")
        if file in digests and digests[file] != file_digest(folder / file):
            raise OutputError(f"{folder / file} is damaged: it is not what {MANIFEST} says{AGAIN}")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, or nothing where there is none that can be read."""
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, or nothing when it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
