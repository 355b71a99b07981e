"""No file tells where it was written: no paths of a machine, no hosts of package registries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BINARY = {".png", ".otf", ".parquet", ".nc", ".npz", ".npy", ".pdf", ".gz", ".whl"}

# Written in pieces, so that this file is not its own first finding.
HOME = "|".join(
    (
        "ro" + "ot",
        "ho" + "me",
        "Us" + "ers",
        "wo" + "rk",
        "fa" + "rm",
        "mn" + "t",
        "op" + "t",
        "sr" + "v",
        "tm" + "p",
    )
)
PATH = re.compile(rf"(?<![\w.~/:$}})*-])/(?:{HOME})/[\w.]|[A-Z]:\\\\?Us" + r"ers\\", re.ASCII)
REGISTRY = re.compile(
    "|".join(
        (
            r"py" + r"pi\.(?:org|python)",
            r"python" + r"hosted\.org",
            r"[\w-]*(?:arti" + r"factory|ne" + r"xus|dev" + r"pi)[\w-]*[.:/][\w-]",
            r"--(?:extra-)?index" + r"-url\s*[=\s]\s*\S",
            r"PIP_(?:EXTRA_)?INDEX" + r"_URL\s*=",
            r"--trusted" + r"-host\b",
            r"conda\.ana" + r"conda\.org",
        )
    ),
    re.IGNORECASE,
)


def findings(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """Return line number and line of every match."""
    return [(number, line.strip()[:120]) for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


@pytest.mark.parametrize("pattern", [pytest.param(PATH, id="machine paths"), pytest.param(REGISTRY, id="registries")])
def test_no_traces(pattern: re.Pattern[str], files: tuple[Path, ...], checkout: Path) -> None:
    assert files
    found = {
        str(path.relative_to(checkout)): hits
        for path in files
        if path.suffix not in BINARY and (hits := findings(pattern, path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_constraints_are_plain_pins(checkout: Path) -> None:
    lines = (checkout / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    assert pins
    plain = re.compile(r'[a-z0-9-]+==[0-9][\w.]*(?:; python_version (?:<|>=|==) "3\.\d+")?')
    assert [pin for pin in pins if not plain.fullmatch(pin)] == []


@pytest.mark.parametrize(
    "text, found",
    [
        ("read " + "/ro" + "ot/data.csv", True),
        ("'" + "/ho" + "me/ann/x'", True),
        ("https://example.org/wo" + "rk/data.csv", False),
        ("model/wo" + "rk/file", False),
        ("#!/usr/bin/env bash", False),
    ],
)
def test_paths_are_told_from_addresses(text: str, found: bool) -> None:
    assert bool(PATH.search(text)) is found
