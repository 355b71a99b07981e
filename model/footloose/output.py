"""What a run leaves on disk: record.nc, table.parquet, run.json, figures; written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from footloose.errors import OutputError
from footloose.record import Record

MANIFEST = "run.json"


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that cannot be used, before anything is computed.

    raises: OutputError when it holds a run (without overwrite), half a run, something else, or cannot be written
    """
    if folder.exists():
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
    parent = _nearest_existing(folder.parent)
    if not os.access(parent, os.W_OK):
        raise OutputError(f"{parent} cannot be written to; choose another folder with --out")


def write_run(record: Record, folder: Path, overwrite: bool, draw: Callable[[Path], None] | None = None) -> None:
    """Write a run next to its place, then put it there in one step.

    draw   : writes figures into the folder it is given
    raises : OutputError when the disk is full or the folder has been taken in the meantime
    """
    check_folder(folder, overwrite)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.writing-", dir=folder.parent))
    try:
        write_files(record, scratch)
        if draw is not None:
            draw(scratch / "figures")
        put_in_place(scratch, folder, overwrite)
    except OSError as problem:
        raise OutputError(f"{folder} could not be written: {problem.strerror or problem}") from problem
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_files(record: Record, folder: Path) -> None:
    """Write the record, the long table and the manifest."""
    encoding = {str(name): {"zlib": True, "complevel": 4} for name in record.dataset.data_vars}
    record.dataset.to_netcdf(folder / "record.nc", engine="h5netcdf", encoding=encoding)
    record.table.to_parquet(folder / "table.parquet", index=False)
    text = json.dumps(dict(record.manifest), indent=2, sort_keys=True, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def put_in_place(scratch: Path, folder: Path, overwrite: bool) -> None:
    """Rename the finished folder to its name; an earlier run is set aside first and removed last."""
    scratch.chmod(0o755)
    aside: Path | None = None
    if folder.exists():
        check_folder(folder, overwrite)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.replaced-", dir=folder.parent))
        os.rename(folder, aside / "run")
    os.rename(scratch, folder)
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)


def _nearest_existing(folder: Path) -> Path:
    resolved = folder.resolve()
    while not resolved.exists():
        resolved = resolved.parent
    return resolved
