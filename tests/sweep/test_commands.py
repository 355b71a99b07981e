"""The commands: what is printed, exit codes, speed of what should be quick."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footloose.cli import app

Write = Callable[..., Path]
HEAVY = (
    "numba",
    "pandas",
    "xarray",
    "matplotlib",
    "mesa",
    "scipy",
    "pyarrow",
    "SALib",
    "sklearn",
    "distributed",
    "numpy",
)


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_without_a_file_the_shipped_sweeps_are_listed() -> None:
    result = call("sweep")
    assert result.exit_code == 0
    assert "tariff_and_subsidy" in result.output
    assert "Tariff and subsidy" in result.output


def test_a_dry_run_writes_nothing(small: Write, tmp_path: Path) -> None:
    result = call("sweep", str(small()), "--dry-run", "--jobs", "2", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert "12 (6 points x 2 replicates); 12 to do" in result.output
    assert "disk" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words, said",
    [
        (["sweep", "nothing_such"], "no such file or shipped sweep"),
        (["sweep", "FILE", "--firms", "0"], "firms: 0 given"),
        (["sweep", "FILE", "--set", "decisions.sunk_kost=1"], "did you mean 'sunk_cost'"),
        (["sweep", "FILE", "--jobs", "-1"], "--jobs -1"),
        (["results", "OUT"], "holds no results"),
    ],
)
def test_mistakes_end_with_2_and_leave_nothing(small: Write, tmp_path: Path, words: list[str], said: str) -> None:
    here = {"FILE": str(small()), "OUT": str(tmp_path / "out")}
    options = ["--out", str(tmp_path / "out")] if words[0] == "sweep" else []
    result = call(*[here.get(word, word) for word in words], *options)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_from_file_to_answer_and_again_in_a_moment(small: Write, tmp_path: Path) -> None:
    """Two processes do it; the second call finds all done. Its time is counted in processor seconds: under two."""
    folder = str(tmp_path / "out")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-m", "footloose.cli", "sweep", str(small()), "--out", folder, "--jobs", "2"]
    first = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    assert "12 runs, 12 of them now" in first.stdout
    before = os.times()
    begun = time.perf_counter()
    second = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    elapsed, after = time.perf_counter() - begun, os.times()
    assert "12 runs, 0 of them now" in second.stdout
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    assert busy < 2.0
    assert elapsed < 60
    answer = call("results", folder)
    assert "12 runs: 12 done" in answer.output


def test_help_and_a_finished_sweep_import_nothing_heavy(checkout: Path) -> None:
    program = f"import sys, footloose.cli; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout / "model", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    light = tuple(name for name in HEAVY if name != "numpy")
    program = (
        "import sys, footloose.sweep_job, footloose.experiments.sweep; "
        f"print([n for n in {light!r} if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout / "model", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
