"""The command: what it refuses, and the shipped tables all the way through."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from footloose.cli import app
from footloose_calibration import calibration_job
from footloose_calibration.fitting.problem import QUICK


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["calibrate", *words])


@pytest.mark.parametrize(
    "words, said",
    [
        (("--misses", "1.5"), "--misses 1.5: a share from 0 to below 1"),
        (("--seed", "-3"), "--seed -3: 0 or more"),
        (("--firms", "0"), "--firms 0: at least 1"),
        (("--workers", "-1"), "--workers -1: 0 computes in this process"),
        (("--set", "decisions.sunk_cost=9"), "the scenario's value 9 lies outside"),
        (("--set", "decisions.sunk_kost=9"), "did you mean"),
    ],
)
def test_refused_with_a_reason(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    result = run("--quick", "--out", str(tmp_path / "fit"), *words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "fit").exists()


def test_strange_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    result = run("--quick", "--out", str(tmp_path), "--workers", "0")
    assert result.exit_code == 2
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_nothing_to_install(tmp_path: Path) -> None:
    result = run("--install", "--out", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "no finished fit" in result.output


def test_extra_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "emcee":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    result = run("--quick", "--out", str(tmp_path / "fit"))
    assert result.exit_code == 2
    assert "footloose[calibrate]" in result.output


@pytest.mark.slow
def test_shipped_tables_all_the_way_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(
        QUICK, design=16, wave=4, echoes=2, draws_of_echoes=2, draws=4, steps=60, burn=20, search=10, grid=2
    )
    monkeypatch.setattr(calibration_job, "QUICK", small)
    folder = tmp_path / "fit"
    result = run("--quick", "--workers", "0", "--out", str(folder), "--misses", "0.9")
    assert result.exit_code == 0, result.output
    said = json.loads((folder / "fit.json").read_text())
    assert said["tried"] == 4
    assert said["fitted_within"]["of"] >= 25
    assert said["held_out_within"]["of"] >= 15
    assert "best point" in result.output
