"""What a run leaves on disk: record.nc, table.parquet, run.json, figures; written whole or not at all.

A run of an ensemble leaves bands.parquet and draws.csv besides; docs/ensemble.md says what is in its files.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from footloose.columns import write_parquet
from footloose.errors import OutputError
from footloose.record import Record

if TYPE_CHECKING:
    import pandas as pd

    from footloose.ensemble_record import EnsembleRecord

Check = Callable[[Path, bool], None]

MANIFEST = "run.json"
DAY = 86_400.0


def prepare_folder(folder: Path, overwrite: bool, check: Check | None = None) -> None:
    """Tidy up after killed runs, then refuse a folder that cannot be used, before anything is computed.

    check  : refuses a folder with something in it that is not to be replaced; check_folder when left out
    raises : OutputError as the check does, and when nothing can be written there
    """
    try:
        folder = folder.resolve()
        parent = _nearest_existing(folder.parent)
        if not parent.is_dir():
            raise OutputError(f"{parent} is a file, so {folder} cannot be made; give another folder with --out")
        clear_leftovers(folder)
        (check or check_folder)(folder, overwrite)
        os.rmdir(make_scratch(parent / folder.name, "trying"))
    except OSError as problem:
        raise OutputError(
            f"{folder} cannot be written to: {problem.strerror or problem}; choose another folder with --out"
        ) from problem


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder with something in it that is not to be replaced.

    raises: OutputError when it holds a run (without overwrite), half a run or something else
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder with --out")
    entries = [entry.name for entry in folder.iterdir()]
    if MANIFEST in entries and not overwrite:
        raise OutputError(f"{folder} holds a finished run; choose another folder or add --overwrite")
    if entries and MANIFEST not in entries:
        raise OutputError(
            f"{folder} is not empty and holds no {MANIFEST}: it is half a run or something else. "
            "footloose does not delete what it has not made; remove it or choose another folder"
        )


def write_run(
    record: Record | EnsembleRecord, folder: Path, overwrite: bool, draw: Callable[[Path], None] | None = None
) -> None:
    """Write a run next to its place, then put it there in one step.

    draw   : writes figures into the folder it is given
    raises : OutputError when the disk is full or the folder has been taken in the meantime
    """
    with whole_folder(folder, overwrite) as scratch:
        write_files(record, scratch)
        if draw is not None:
            draw(scratch / "figures")


@contextmanager
def whole_folder(folder: Path, overwrite: bool, check: Check | None = None) -> Iterator[Path]:
    """Give a hidden folder to write into; put it in its place in one step when all has been written, else remove it.

    check  : as in prepare_folder
    raises : OutputError when the disk is full or the folder has been taken in the meantime
    """
    folder = folder.resolve()
    prepare_folder(folder, overwrite, check)
    scratch: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = make_scratch(folder, "writing")
        yield scratch
        put_in_place(scratch, folder, overwrite, check or check_folder)
    except OSError as problem:
        raise OutputError(f"{folder} could not be written: {problem.strerror or problem}") from problem
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def write_files(record: Record | EnsembleRecord, folder: Path) -> None:
    """Write the record, the long table and the manifest; of an ensemble its bands, too."""
    (folder / "record.nc").write_bytes(record.arrays.netcdf())
    if isinstance(record, Record):
        write_parquet(record.columns, record.strength, folder / "table.parquet")
    else:
        write_one_by_one(record.tables(), folder / "table.parquet", record.mean.strength)
        record.bands.to_parquet(folder / "bands.parquet", index=False)
        record.draw_table.to_csv(folder / "draws.csv", index=False, lineterminator="\n")
    text = json.dumps(dict(record.manifest), indent=2, sort_keys=True, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_one_by_one(tables: Iterable[pd.DataFrame], path: Path, attributes: dict[str, str]) -> None:
    """Write tables of the same columns into one Parquet file, a row group each, so that one is in memory at a time."""
    import pyarrow
    from pyarrow import parquet

    writer = None
    try:
        for table in tables:
            group = pyarrow.Table.from_pandas(table, preserve_index=False)
            if writer is None:
                said = {**(group.schema.metadata or {}), b"PANDAS_ATTRS": json.dumps(attributes).encode()}
                schema = group.schema.with_metadata(said)
                writer = parquet.ParquetWriter(path, schema)
            writer.write_table(group.cast(schema))
    finally:
        if writer is not None:
            writer.close()


def put_in_place(scratch: Path, folder: Path, overwrite: bool, check: Check = check_folder) -> None:
    """Rename the finished folder to its name; an earlier one is set aside first and removed last.

    check : refuses a folder with something in it that is not to be replaced
    """
    scratch.chmod(0o755)
    if not folder.exists():
        os.rename(scratch, folder)
        return
    check(folder, overwrite)
    aside = make_scratch(folder, "replaced")
    os.rename(folder, aside / "run")
    try:
        os.rename(scratch, folder)
    except BaseException:
        put_back(aside, folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def make_scratch(folder: Path, purpose: str) -> Path:
    """Return a new hidden folder beside `folder`; its name says which process of which machine made it."""
    prefix = f".{folder.name}.{purpose}-{platform.node()}-{os.getpid()}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))


def clear_leftovers(folder: Path) -> None:
    """Remove what killed runs into this folder left beside it; put back a run that one of them had set aside."""
    if not folder.parent.is_dir():
        return
    for entry in sorted(folder.parent.iterdir()):
        if entry.name.startswith(f".{folder.name}.replaced-") and is_abandoned(entry):
            put_back(entry, folder)
        elif entry.name.startswith(f".{folder.name}.writing-") and is_abandoned(entry):
            shutil.rmtree(entry, ignore_errors=True)


def put_back(aside: Path, folder: Path) -> None:
    """Return a run set aside to its place, unless there is another one by now; remove what it was kept in."""
    if not folder.exists() and (aside / "run").is_dir():
        os.rename(aside / "run", folder)
    shutil.rmtree(aside, ignore_errors=True)


def is_abandoned(scratch: Path) -> bool:
    """Return whether the process that made a hidden folder is gone; on another machine, whether it is a day old."""
    try:
        if time.time() - scratch.stat().st_mtime > DAY:
            return True
        maker, _, _ = scratch.name.rpartition("-")
        machine, _, process = maker.rpartition("-")
        if not machine.endswith(f"-{platform.node()}") or not process.isdecimal():
            return False
        os.kill(int(process), 0)
    except (ProcessLookupError, FileNotFoundError):
        return True
    except PermissionError:
        return False
    return False


def _nearest_existing(folder: Path) -> Path:
    resolved = folder.resolve()
    while not resolved.exists():
        resolved = resolved.parent
    return resolved
