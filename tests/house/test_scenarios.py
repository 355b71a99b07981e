"""Every scenario shipped loads and runs two years."""

from __future__ import annotations

from pathlib import Path

import pytest

import footloose

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
# Overlays and sweeps are parts of a scenario, not scenarios.
PARTS = {"overlays", "sweeps"}
SCENARIOS = sorted(
    path.relative_to(FOLDER).as_posix()
    for path in FOLDER.rglob("*.yaml")
    if not PARTS & set(path.relative_to(FOLDER).parts)
)
AT_LEAST = {"baseline.yaml", "no_trade_war.yaml", "tariff_60_on_china.yaml", "chips_and_ira.yaml"}
PARAMETERS = {"baseline.yaml", "literature.yaml"}
WIDTH = 120
FEW_FIRMS = 500


def test_the_library_is_there() -> None:
    assert set(SCENARIOS) >= AT_LEAST


def test_scenarios_are_yaml_only() -> None:
    others = [path.name for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in {".yaml", ".md"}]
    assert others == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_says_what_it_asks(name: str) -> None:
    """A scenario opens with a comment: the question, and where its numbers come from."""
    opening = (FOLDER / name).read_text(encoding="utf-8").lstrip().splitlines()[:2]
    assert all(line.startswith("#") for line in opening)


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - PARAMETERS))
def test_says_where_its_numbers_are(name: str) -> None:
    """What came out is said at the parameters it was measured at; the page has it at those of the baseline."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("# What came out"))
    block = [line for line in lines[start : lines.index("", start)] if line.startswith("#")]
    assert all(len(line) <= WIDTH for line in block)
    assert "at the baseline's values: docs/library.md" in " ".join(line.lstrip("# ") for line in block)


@pytest.mark.parametrize("name", SCENARIOS)
def test_loads_and_runs_two_years(name: str) -> None:
    scenario = footloose.load(str(FOLDER / name))
    record = footloose.simulate(scenario, firms=FEW_FIRMS, years=(2010, 2011))
    assert record is not None


@pytest.mark.parametrize("name", SCENARIOS)
def test_loads_by_name(name: str) -> None:
    assert footloose.load(Path(name).with_suffix("").as_posix()) == footloose.load(str(FOLDER / name))
