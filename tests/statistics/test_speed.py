"""The engine's choice against a plain compiled loop of the same choice, side by side: a ratio, never seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scalar_choice import NAMES, review_one_by_one

from footloose import choice
from footloose.scenario import load
from footloose.simulation import begin_run
from footloose.year import live_one_year

FIRMS = 100_000
AT_LEAST = 3.0
"""Measured: 5 to 7 with 256-bit vectors; 3 leaves room for machines with 128 bits and for company."""


@pytest.fixture(scope="module")
def arguments() -> dict[str, Any]:
    """What the engine gives to its choice in the second year."""
    seen: dict[str, Any] = {}
    original = choice.review_footprints

    def spy(*given: Any) -> int:
        seen.update((name, np.copy(what) if np.ndim(what) else what) for name, what in zip(NAMES, given, strict=True))
        return int(original(*given))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "review_footprints", spy)
        run = begin_run(load("baseline"), firms=FIRMS)
        for year in (2010, 2011):
            live_one_year(run, year)
    return seen


def decisions(kernel: Callable[..., int], arguments: dict[str, Any]) -> tuple[float, list[Any]]:
    """Return processor seconds and the decisions."""
    written = [np.empty(FIRMS, dtype=np.int64) for _ in range(3)]
    given = [*arguments.values()][:-3]
    begun = time.process_time()
    changes = kernel(*given, *written)
    return time.process_time() - begun, [column[:changes].tolist() for column in written]


def test_the_engine_decides_as_the_plain_loop_and_several_times_as_fast(arguments: dict[str, Any]) -> None:
    kernels = (choice.review_footprints, review_one_by_one)
    expected = decisions(kernels[1], arguments)[1]
    assert decisions(kernels[0], arguments)[1] == expected
    assert len(expected[0]) > FIRMS / 100
    pairs = [[decisions(kernel, arguments)[0] for kernel in kernels] for _ in range(5)]
    ratios = sorted(plain / engine for engine, plain in pairs)
    assert ratios[2] > AT_LEAST, f"ratios over the plain loop: {ratios}"
