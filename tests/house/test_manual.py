"""The generated pages of the manual say what the code and the tables say now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from footloose.manual import PAGES, parameters_page, variables_page, write_pages
from footloose.registry import mechanism_blocks, section_blocks
from footloose.variables import TABLES, VARIABLES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_up_to_date(name: str, checkout: Path) -> None:
    path = checkout / "docs" / name
    assert path.exists(), f"docs/{name} is missing: call footloose.manual.write_pages"
    assert path.read_text(encoding="utf-8") == PAGES[name](), f"docs/{name} is stale: call footloose.manual.write_pages"


def test_every_parameter_has_a_row() -> None:
    page = parameters_page()
    blocks = mechanism_blocks() | section_blocks()
    sections = page.split("\n### ")[1:]
    assert [section.split("\n", 1)[0] for section in sections] == list(blocks)
    for section, block in zip(sections, blocks.values(), strict=True):
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [name for name in (row.split("`")[1] for row in rows) if ".NAME." not in name] == list(
            block.model_fields
        )


def test_every_variable_has_a_row() -> None:
    page = variables_page().replace("\\|", "|")
    names = (*TABLES, *(variable.name for variable in VARIABLES))
    assert [name for name in names if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_rows_fit_their_table(name: str) -> None:
    """Every row of a table has as many cells as its title."""
    titles = 0
    for line in PAGES[name]().splitlines():
        cells = line.replace("\\|", "").count("|")
        if not line.startswith("|"):
            titles = 0
            continue
        titles = titles or cells
        assert cells == titles, line


def test_writes_every_page(tmp_path: Path) -> None:
    written = write_pages(tmp_path / "docs")
    assert [path.name for path in written] == list(PAGES)
    assert all(path.read_text(encoding="utf-8").endswith("\n") for path in written)


def test_manual_is_light(checkout: Path) -> None:
    """Making the manual needs neither compiled kernels nor tables nor figures."""
    heavy = ("numba", "pandas", "xarray", "matplotlib", "mesa")
    program = f"import sys, footloose.manual; print([n for n in {heavy!r} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout / "model", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
