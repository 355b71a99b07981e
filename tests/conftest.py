"""What every test has: no display, reproducible property tests, the root of the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# Compiled kernels make the first example slow, so no deadline. In CI the examples are the same in every run.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout under test."""
    return Path(__file__).resolve().parent.parent
