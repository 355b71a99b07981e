"""A small finished run, made once for all tests that only look at one."""

from __future__ import annotations

import pytest

from footloose.record import Record
from footloose.scenario import load
from footloose.simulation import simulate


@pytest.fixture(scope="session")
def small_record() -> Record:
    """Return the baseline to 2013 with 500 programmes and two replicates."""
    return simulate(load("baseline"), firms=500, replicates=2, years=(2010, 2013))
