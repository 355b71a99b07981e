"""Every mechanism of the documents has a row, and everything a row names exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from footloose.registry import find_mechanisms, reported_tables, section_blocks
from footloose.scenario import shipped
from footloose.variables import VARIABLES
from footloose_calibration.documented import Documented, load_documented, load_figures, mechanisms_page, split

ROWS = load_documented()
MANY = 70
"""How many of the eighty the project wants represented, wholly or partly."""


def test_every_number_once() -> None:
    assert [row.id for row in ROWS] == [f"M{number:02d}" for number in range(1, 81)]


def test_enough_is_represented() -> None:
    assert sum(row.represented in ("yes", "partly") for row in ROWS) >= MANY
    assert {row.represented for row in ROWS} <= {"yes", "partly", "no"}
    assert {row.evidence for row in ROWS if row.represented != "no"} <= {"firm", "suggestive", "story"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_a_row_names_exists(row: Documented, checkout: Path) -> None:
    mechanisms, variables = find_mechanisms(), {variable.name for variable in VARIABLES}
    variables |= {table.variable for table in reported_tables(mechanisms).values()}
    blocks = {name: mechanism.params for name, mechanism in mechanisms.items()} | section_blocks()
    for kind, name in row.references():
        if kind == "mechanism":
            assert name in mechanisms, name
        elif kind == "parameter":
            section, _, key = name.partition(".")
            assert key in blocks[section].model_fields, name
        elif kind == "variable":
            assert any(known.split("|<")[0] == name for known in variables), name
        else:
            assert kind == "file", f"{kind}:{name}"
            assert (checkout / name).exists(), name
    assert set(split(row.scenario)) <= set(shipped())
    assert set(row.figures.split()) <= set(load_figures())
    for test in split(row.test):
        assert exists(checkout, test), test


@pytest.mark.parametrize("row", [row for row in ROWS if row.represented != "no"], ids=lambda row: row.id)
def test_what_is_represented_is_somewhere_and_proved(row: Documented) -> None:
    assert row.where
    assert row.test, "no test proves its direction"
    assert row.scenario, "no scenario shows it"
    assert row.figures or row.note, "neither figures nor a reason why there are none"


@pytest.mark.parametrize("row", [row for row in ROWS if row.represented == "no"], ids=lambda row: row.id)
def test_what_is_left_out_says_why(row: Documented) -> None:
    assert "because" in row.note


def exists(checkout: Path, test: str) -> bool:
    """Return whether a pytest name such as tests/unit/test_x.py::test_y is a function of that file."""
    file, _, name = test.partition("::")
    path = checkout / file
    if not path.exists():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return name.split("[")[0] in functions


def test_page_is_up_to_date(checkout: Path) -> None:
    page = (checkout / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    assert page == mechanisms_page(), "docs/mechanisms.md is stale: call footloose_calibration.documented.write_page"
