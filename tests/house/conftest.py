"""The files a house test looks at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SOURCE_ROOTS = ("model", "calibration")
NOT_OURS = {".git", ".venv", "runs", "build", "dist", "__pycache__", ".hypothesis", "node_modules"}


@pytest.fixture(scope="session")
def source_roots(checkout: Path) -> tuple[Path, ...]:
    """Return the folders that hold packages and are none."""
    return tuple(checkout / name for name in SOURCE_ROOTS)


@pytest.fixture(scope="session")
def modules(source_roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return every Python file of the packages."""
    return tuple(sorted(path for root in source_roots for path in root.rglob("*.py")))


@pytest.fixture(scope="session")
def files(checkout: Path) -> tuple[Path, ...]:
    """Return every file that is or would be committed; without git, every file that is not a product."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        found = [checkout / name for name in listed.stdout.split("\0") if name]
    else:
        found = [
            path
            for path in checkout.rglob("*")
            if not any(part in NOT_OURS or part.endswith("_cache") for part in path.relative_to(checkout).parts)
        ]
    return tuple(sorted(path for path in found if path.is_file()))
