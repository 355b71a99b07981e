"""The shape of the code: where it lies, how long it is, what it is called, who may import whom."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

LONGEST = 400
LONG = 300
SHARE_OF_LONG = 0.1
VAGUE = {"utils", "util", "utilities", "helpers", "helper", "core", "base", "manager", "common", "misc"}


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_source_roots_are_no_packages(source_roots: tuple[Path, ...]) -> None:
    assert all(root.is_dir() for root in source_roots)
    assert [str(root) for root in source_roots if (root / "__init__.py").exists()] == []


def test_every_package_is_typed(source_roots: tuple[Path, ...]) -> None:
    packages = [init.parent for root in source_roots for init in root.glob("*/__init__.py")]
    assert sorted(package.name for package in packages) == ["footloose", "footloose_calibration"]
    assert [package.name for package in packages if not (package / "py.typed").exists()] == []


def test_no_file_is_too_long(modules: tuple[Path, ...]) -> None:
    too_long = {str(path): length for path in modules if (length := lines_of(path)) > LONGEST}
    assert too_long == {}


def test_few_files_are_long(modules: tuple[Path, ...]) -> None:
    long = {str(path): length for path in modules if (length := lines_of(path)) > LONG}
    assert len(long) <= SHARE_OF_LONG * len(modules), long


def test_no_vague_names(modules: tuple[Path, ...]) -> None:
    """The last word of a name says what it is: `base_year` does, `base` and `world_manager` do not."""
    last_words = {path: {path.stem.split("_")[-1], path.parent.name.split("_")[-1]} for path in modules}
    assert [str(path) for path, words in last_words.items() if words & VAGUE] == []


def test_every_room_stands_in_the_import_rules(checkout: Path) -> None:
    rules = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in rules["contracts"] if contract["id"] == "layers")
    placed = {name for layer in layers for name in re.findall(r"footloose\.(\w+)", layer)}
    package = checkout / "model" / "footloose"
    rooms = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    assert rooms - {"__init__", "__main__"} <= placed
