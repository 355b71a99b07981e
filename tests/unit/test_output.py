"""The output folder: whole or not at all, and nothing of the user's lost."""

from __future__ import annotations

import errno
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from footloose import output
from footloose.errors import OutputError
from footloose.output import check_folder, clear_leftovers, make_scratch, prepare_folder, write_run
from footloose.record import Record


def files(folder: Path) -> list[str]:
    """Return everything below a folder, hidden or not."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


WHOLE = ["run/record.nc", "run/run.json", "run/table.parquet"]


def test_a_run_is_three_files(small_record: Record, tmp_path: Path) -> None:
    write_run(small_record, tmp_path / "run", overwrite=False)
    assert files(tmp_path) == WHOLE
    assert os.stat(tmp_path / "run").st_mode & 0o777 == 0o755


def test_missing_parents_are_made(small_record: Record, tmp_path: Path) -> None:
    write_run(small_record, tmp_path / "a" / "b" / "run", overwrite=False)
    assert (tmp_path / "a/b/run/run.json").exists()


def test_a_finished_run_is_kept_without_overwrite(small_record: Record, tmp_path: Path) -> None:
    write_run(small_record, tmp_path / "run", overwrite=False)
    before = (tmp_path / "run/run.json").read_bytes()
    with pytest.raises(OutputError, match=r"holds a finished run; .* --overwrite"):
        write_run(small_record, tmp_path / "run", overwrite=False)
    assert (tmp_path / "run/run.json").read_bytes() == before


def test_overwrite_replaces_a_run_and_leaves_nothing_else(small_record: Record, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    for name in ("run.json", "old.txt"):
        (run / name).write_text("earlier")
    write_run(small_record, run, overwrite=True)
    assert files(tmp_path) == WHOLE


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_footloose_has_not_made_is_never_replaced(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputError, match=r"not empty and holds no run\.json"):
        prepare_folder(tmp_path, overwrite)
    assert files(tmp_path) == ["thesis.tex"]


def test_an_empty_folder_will_do(small_record: Record, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write_run(small_record, tmp_path / "run", overwrite=False)
    assert files(tmp_path) == WHOLE


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file is a file; give a folder"):
        prepare_folder(tmp_path / "file", overwrite=True)
    with pytest.raises(OutputError, match=r"file is a file, so .* cannot be made"):
        prepare_folder(tmp_path / "file" / "a" / "run", overwrite=False)


def test_an_unwritable_place_is_found_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(output.tempfile, "mkdtemp", refuse)
    with pytest.raises(OutputError, match=r"cannot be written to: Permission denied; choose another folder"):
        prepare_folder(tmp_path / "run", overwrite=False)


def test_a_name_too_long_is_an_error_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="File name too long"):
        prepare_folder(tmp_path / ("x" * 250), overwrite=False)


def test_preparing_leaves_nothing_behind(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "run", overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_folder_is_followed(small_record: Record, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    write_run(small_record, tmp_path / "link", overwrite=False)
    assert (tmp_path / "disk" / "run.json").exists()
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("failing", ["write_bytes", "write_text"])
def test_a_full_disk_leaves_the_earlier_run(
    small_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    write_run(small_record, tmp_path / "run", overwrite=False)
    before = files(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, failing, full)
    with pytest.raises(OutputError, match="could not be written: No space left on device"):
        write_run(small_record, tmp_path / "run", overwrite=True)
    assert files(tmp_path) == before


def test_an_interrupted_drawing_leaves_nothing(small_record: Record, tmp_path: Path) -> None:
    def draw(_: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_run(small_record, tmp_path / "run", overwrite=False, draw=draw)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_run_comes_back_when_its_successor_cannot_be_put_in_place(
    small_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, rename = tmp_path / "run", os.rename
    run.mkdir()
    (run / "run.json").write_text("earlier")

    def fails_for_the_new_run(source: Path, target: Path) -> None:
        if ".writing-" in str(source):
            raise OSError(errno.EIO, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(output.os, "rename", fails_for_the_new_run)
    with pytest.raises(OutputError, match="Input/output error"):
        write_run(small_record, run, overwrite=True)
    assert files(tmp_path) == ["run/run.json"]
    assert (run / "run.json").read_text() == "earlier"


def test_the_second_of_two_runs_into_one_folder_fails_and_the_first_stays(small_record: Record, tmp_path: Path) -> None:
    """The second finds the folder free, and taken when it is done."""
    both, outcome = threading.Barrier(2), {}

    def run(name: str, draw: Callable[[Path], None]) -> None:
        try:
            write_run(small_record, tmp_path / "run", overwrite=False, draw=draw)
            outcome[name] = "written"
        except OutputError as error:
            outcome[name] = str(error)

    def quick(_: Path) -> None:
        both.wait(10)

    def slow(folder: Path) -> None:
        folder.mkdir()
        (folder / "second.png").write_text("")
        both.wait(10)
        while not (tmp_path / "run").exists():
            time.sleep(0.01)

    _ = small_record.dataset, small_record.table
    threads = [threading.Thread(target=run, args=each) for each in (("first", quick), ("second", slow))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcome["first"] == "written"
    assert "holds a finished run" in outcome["second"]
    assert files(tmp_path) == WHOLE


DEAD = 2**22 + 1
"""Beyond the largest process number of Linux."""


def leftover(folder: Path, purpose: str, process: int, machine: str | None = None) -> Path:
    made = folder.parent / f".{folder.name}.{purpose}-{machine or platform.node()}-{process}-abcd_123"
    made.mkdir(parents=True)
    (made / "record.nc").write_text("half")
    return made


def test_leftovers_of_killed_runs_are_removed_and_those_of_living_ones_kept(tmp_path: Path) -> None:
    run = tmp_path / "run"
    dead, alive = leftover(run, "writing", DEAD), leftover(run, "writing", os.getpid())
    elsewhere, other = leftover(run, "writing", DEAD, machine="elsewhere"), leftover(tmp_path / "run2", "writing", DEAD)
    clear_leftovers(run)
    assert [path.exists() for path in (dead, alive, elsewhere, other)] == [False, True, True, True]


def test_leftovers_of_other_machines_are_removed_after_a_day(tmp_path: Path) -> None:
    old = leftover(tmp_path / "run", "writing", DEAD, machine="elsewhere")
    os.utime(old, (time.time() - 100_000,) * 2)
    clear_leftovers(tmp_path / "run")
    assert not old.exists()


def test_a_run_set_aside_by_a_killed_one_is_put_back(tmp_path: Path) -> None:
    aside = leftover(tmp_path / "run", "replaced", DEAD)
    (aside / "run").mkdir()
    (aside / "run" / "run.json").write_text("earlier")
    with pytest.raises(OutputError, match="holds a finished run"):
        prepare_folder(tmp_path / "run", overwrite=False)
    assert files(tmp_path) == ["run/run.json"]


def test_hidden_folders_say_who_made_them(tmp_path: Path) -> None:
    made = make_scratch(tmp_path / "run", "writing")
    assert not output.is_abandoned(made)
    assert f"-{os.getpid()}-" in made.name


SCRIPT = """
import sys, time
from pathlib import Path
from footloose.output import write_run
from footloose.scenario import load
from footloose.simulation import simulate

def draw(folder):
    folder.mkdir()
    print("writing", flush=True)
    time.sleep(60)

write_run(simulate(load("baseline"), firms=50, years=(2010, 2011)), Path(sys.argv[1]), False, draw)
"""


def test_a_killed_run_leaves_no_half_run_and_the_next_one_tidies_up(small_record: Record, tmp_path: Path) -> None:
    run = tmp_path / "run"
    package = str(Path(output.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(run)], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": package}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.kill()
    assert not run.exists()
    assert [path.name.split("-")[0] for path in tmp_path.iterdir()] == [".run.writing"]
    write_run(small_record, run, overwrite=False)
    assert files(tmp_path) == WHOLE


def test_checking_a_folder_that_is_not_there(tmp_path: Path) -> None:
    check_folder(tmp_path / "run", overwrite=False)
    assert not (tmp_path / "run").exists()
