"""Results as files others read: Parquet tables, an IAMC-style table for pyam, a manifest; the same bytes every time.

Nothing in them depends on when, where or by how many workers the runs were done. Rows are written as they are read,
so that memory does not grow with their number.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from footloose.errors import OutputError
from footloose.experiments.sweep.keys import engine_digest
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.results import (
    IAMC,
    MANIFEST,
    RUNS,
    SERIES,
    Done,
    file_digest,
    read_manifest,
    row_of,
    runs_of,
)
from footloose.experiments.sweep.schema import Sweep
from footloose.experiments.sweep.store import Store
from footloose.scenario import evidence_in_use
from footloose.scenario.heading import FIRST_YEAR
from footloose.version import versions

ROWS = 5_000
"""Runs held at a time."""
META = "iamc_meta.csv"
FILES = (RUNS, SERIES, IAMC, META)


def export(file: SweepFile, store: Store, folder: Path, say: Callable[[str], None] | None = None) -> list[str]:
    """Write the tables of a sweep unless they are there and whole; return the names of those written.

    say : takes a line of text about tables that were damaged

    raises: OutputError when the disk is full or the folder cannot be written to
    """
    state = store.state()
    stale = stale_files(file, folder, state)
    if not stale:
        return []
    if say is not None and set(stale) < set(FILES):
        say(f"{folder}: missing or damaged, written again: {', '.join(stale)}")
    writers: Mapping[str, Callable[[Path], None]] = {
        RUNS: lambda path: write_runs(file.sweep, store, path),
        SERIES: lambda path: write_series(file.sweep, store, path),
        IAMC: lambda path: write_iamc(file, store, path),
        META: lambda path: write_meta(file, store, path),
    }
    try:
        for name in stale:
            whole(folder / name, writers[name])
        manifest = manifest_of(file, state, {name: file_digest(folder / name) for name in FILES})
        text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        whole_text(folder / MANIFEST, text)
    except OSError as error:
        raise OutputError(f"{folder} could not be written: {error.strerror or error}; the runs are kept") from error
    return stale


def stale_files(file: SweepFile, folder: Path, state: str) -> list[str]:
    """Return which tables are missing, damaged or older than the store."""
    manifest = read_manifest(folder)
    told = file.sweep.model_dump(mode="json", by_alias=True)
    if manifest.get("state") != state or manifest.get("sweep") != told:
        return list(FILES)
    digests = manifest.get("files", {})
    return [name for name in FILES if digests.get(name) != file_digest(folder / name)]


def manifest_of(file: SweepFile, state: str, files: Mapping[str, str]) -> dict[str, Any]:
    """Return what made the results: the sweep, its scenario, versions, and a digest of every table."""
    return {
        "name": file.name,
        "state": state,
        "sweep": file.sweep.model_dump(mode="json", by_alias=True),
        "scenario": file.base.as_data(),
        "evidence": evidence_in_use(file.base),
        "engine": engine_digest(),
        "files": dict(files),
        **versions(),
    }


def whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write under a temporary name, put it on the disk and then in its place; leave nothing behind on failure."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def findings_file(language: str) -> str:
    """Return the name of the file of findings in a language."""
    return "findings.txt" if language == "en" else f"findings_{language}.txt"


def whole_text(path: Path, text: str) -> None:
    """Write a text whole or not at all."""

    def write(draft: Path) -> None:
        draft.write_text(text, encoding="utf-8")

    whole(path, write)


def pages(sweep: Sweep, store: Store) -> Iterator[list[Done]]:
    """Yield the runs of the plan, so many at a time."""
    page: list[Done] = []
    for done in runs_of(sweep, store):
        page.append(done)
        if len(page) == ROWS:
            yield page
            page = []
    if page:
        yield page


def write_runs(sweep: Sweep, store: Store, path: Path) -> None:
    """Write the table of runs: run, point, replicate, state, levers, uncertainties, outcomes, cause."""
    import pyarrow
    from pyarrow import parquet

    number, text = pyarrow.float64(), pyarrow.string()
    fields = [("run", pyarrow.int64()), ("point", pyarrow.int64()), ("replicate", pyarrow.int32()), ("state", text)]
    fields += [(name, number if factor.is_numeric else text) for name, factor in sweep.factors.items()]
    fields += [(name, number) for name in sweep.outcomes] + [("cause", text)]
    schema = pyarrow.schema(fields)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for page in pages(sweep, store):
            rows = [row_of(sweep, done) for done in page]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


def write_series(sweep: Sweep, store: Store, path: Path) -> None:
    """Write every outcome by year: run, point, replicate, outcome, year, value."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema(
        [
            ("run", pyarrow.int64()),
            ("point", pyarrow.int64()),
            ("replicate", pyarrow.int32()),
            ("outcome", pyarrow.dictionary(pyarrow.int32(), pyarrow.string())),
            ("year", pyarrow.int32()),
            ("value", pyarrow.float64()),
        ]
    )
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for page in pages(sweep, store):
            writer.write_table(pyarrow.table(series_columns(sweep, page, pyarrow), schema=schema))


def series_columns(sweep: Sweep, page: list[Done], pyarrow: Any) -> dict[str, Any]:
    """Return the columns of a page of series."""
    finished = [done for done in page if done.series is not None]
    names = list(sweep.outcomes)
    blocks = [done.series[name] for done in finished if done.series is not None for name in names]
    lengths = np.array([block.size for block in blocks], dtype=np.int64)
    outcome = np.tile(np.arange(len(names), dtype=np.int32), len(finished))
    whose = {
        part: np.repeat([getattr(done, part) for done in finished], len(names)).astype(np.int64)
        for part in ("run", "point", "replicate")
    }
    years = [np.arange(FIRST_YEAR, FIRST_YEAR + length, dtype=np.int32) for length in lengths]
    empty = np.zeros(0)
    return {
        "run": np.repeat(whose["run"], lengths),
        "point": np.repeat(whose["point"], lengths),
        "replicate": np.repeat(whose["replicate"], lengths).astype(np.int32),
        "outcome": pyarrow.DictionaryArray.from_arrays(
            pyarrow.array(np.repeat(outcome, lengths), type=pyarrow.int32()), pyarrow.array(names)
        ),
        "year": np.concatenate(years) if years else empty.astype(np.int32),
        "value": np.concatenate(blocks) if blocks else empty,
    }


def model_name() -> str:
    """Return what the column `model` of the IAMC table says."""
    return f"footloose {versions()['version']}"


def scenario_name(file: SweepFile, done: Done) -> str:
    """Return what the column `scenario` of the IAMC table says: sweep, point, replicate."""
    return f"{file.name}|{done.point}|{done.replicate}"


def iamc_names(file: SweepFile) -> dict[str, tuple[str, str, str]]:
    """Return region, variable and unit of every outcome in the IAMC table.

    The region is the market where there is one, else the site; the other members become levels of the variable.
    """
    from footloose.geography import load_geography
    from footloose.variables import VARIABLES

    labels = load_geography().labels["en"]
    units = {variable.name.split("|<")[0]: variable.unit for variable in VARIABLES}
    found = {}
    for name, outcome in file.sweep.outcomes.items():
        members = [outcome.market, outcome.site, outcome.sector, outcome.origin]
        spoken = [labels.get(member.split(":")[-1], member.split(":")[-1]) for member in members if member != "all"]
        region, levels = (spoken[0], spoken[1:]) if spoken else ("World", [])
        unit = next((unit for start, unit in units.items() if outcome.variable.startswith(start)), "")
        found[name] = (region, "|".join([outcome.variable, *levels]), unit)
    return found


def write_iamc(file: SweepFile, store: Store, path: Path) -> None:
    """Write the outcomes as pyam reads them: model, scenario, region, variable, unit, one column a year."""
    names = iamc_names(file)
    years = range(FIRST_YEAR, file.base.years.until + 1)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["Model", "Scenario", "Region", "Variable", "Unit", *years])
        for done in runs_of(file.sweep, store):
            if done.series is None:
                continue
            written = set()
            for name, outcome in file.sweep.outcomes.items():
                if outcome.selector in written:
                    continue
                written.add(outcome.selector)
                values = [repr(float(value)) for value in done.series[name][: len(years)]]
                values += [""] * (len(years) - len(values))
                writer.writerow([model_name(), scenario_name(file, done), *names[name], *values])


def write_meta(file: SweepFile, store: Store, path: Path) -> None:
    """Write the indicators pyam keeps of a scenario: the levers and uncertainties of every run."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["model", "scenario", *file.sweep.factors])
        for done in runs_of(file.sweep, store):
            if done.series is not None:
                writer.writerow([model_name(), scenario_name(file, done), *done.factors.values()])
