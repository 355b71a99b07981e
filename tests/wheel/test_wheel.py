"""The wheel works without the checkout: it carries its tables and scenarios, and runs the baseline.

The environment of the test is fresh but borrows the libraries of the one that runs the tests, so that nothing
is downloaded; the checkout itself is not on its path.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TIME_LIMIT = 300


def run(arguments: list[str], folder: Path) -> str:
    """Run a program outside the checkout and return what it prints; fail with all it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        arguments,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built without network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(checkout)],
        folder,
    )
    (built,) = folder.glob("footloose-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of a fresh environment with the wheel and the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], folder)
    python = folder / "venv" / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    run([sys.executable, "-m", "pip", "--python", str(python), *install], folder)
    packages = run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    # A folder named in a .pth file joins the path; .pth files inside it (the editable install) are not read.
    borrowed = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    (Path(packages) / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return python


def test_carries_what_it_needs(wheel: Path, checkout: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    expected = {"footloose/py.typed", "footloose_calibration/__init__.py"}
    for package in ("geography", "history"):
        expected |= {
            f"footloose/{package}/{path.name}" for path in (checkout / "model/footloose" / package).glob("*.csv")
        }
    scenarios = checkout / "scenarios"
    expected |= {f"footloose/_scenarios/{path.relative_to(scenarios).as_posix()}" for path in scenarios.rglob("*.yaml")}
    assert expected <= held
    assert {name.split("/")[0].split("-")[0] for name in held} == {"footloose", "footloose_calibration"}


def test_is_the_installed_one(python: Path, checkout: Path, tmp_path: Path) -> None:
    place = "import footloose, footloose_calibration as c; print(footloose.__file__, c.__file__, sep='\\n')"
    for line in run([str(python), "-c", place], tmp_path).splitlines():
        assert not Path(line).is_relative_to(checkout)
        assert Path(line).is_relative_to(python.parents[1])


def test_lists_its_scenarios(python: Path, tmp_path: Path) -> None:
    assert "baseline" in run([str(python), "-m", "footloose.cli", "scenarios"], tmp_path)


def test_runs_the_baseline(python: Path, tmp_path: Path) -> None:
    out = tmp_path / "out put"
    options = ["--firms", "500", "--years", "2010:2012", "--out", str(out)]
    run([str(python), "-m", "footloose.cli", "run", "baseline", *options], tmp_path)
    for name in ("record.nc", "table.parquet", "run.json"):
        assert (out / name).stat().st_size > 0
    assert isinstance(json.loads((out / "run.json").read_text(encoding="utf-8")), dict)
    figures = out / "figures"
    assert {path.suffix for path in figures.iterdir()} >= {".png", ".svg", ".csv"}


def test_command_is_installed(python: Path, tmp_path: Path) -> None:
    assert "run" in run([str(python.parent / "footloose"), "--help"], tmp_path)
