"""Kernels: compiled when they are first called and kept on disk; the first time, by two processes.

The kernel of the choice takes as long to compile as all others together. As soon as its compilation begins, which
says that it is not on the disk, another process compiles the others.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numba.core import event

from footloose import choice
from footloose.processes import cores
from footloose.scenario import Scenario, load
from footloose.simulation import simulate
from footloose.world import BASE_YEAR

FEW = 64
"""Firms enough to call every kernel."""


def prepare_kernels(scenario: Scenario) -> None:
    """Compile the kernels, or read them from the disk, before a run of the scenario needs them."""
    others = Others()
    try:
        with event.install_listener("numba:compile", others):
            let_nobody_choose()
    finally:
        others.wait()
    live_shortly(scenario)


class Others(event.Listener):  # type: ignore[misc]
    """A process that compiles all kernels but that of the choice, begun when a compilation does, on a second core.

    The compiler makes so many objects that looking for garbage among them takes a tenth of its time.
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def on_start(self, event: Any) -> None:
        """Begin it, once."""
        gc.disable()
        if self.process is None and cores() > 1:
            self.process = begin_others()

    def on_end(self, event: Any) -> None:
        """Nothing: others may still be at work."""

    def wait(self) -> None:
        """Wait until all are compiled, if any are."""
        gc.enable()
        if self.process is not None:
            self.process.wait()


def live_shortly(scenario: Scenario) -> None:
    """Call every kernel once: the base year and the next, with a handful of firms."""
    simulate(scenario, firms=FEW, replicates=1, years=(BASE_YEAR, BASE_YEAR + 1))


def begin_others() -> subprocess.Popen[bytes]:
    """Start a process that compiles all kernels but that of the choice."""
    root = str(Path(__file__).parents[1])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    code = "from footloose.kernels import compile_others; compile_others()"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def compile_others() -> None:
    """Call every kernel but that of the choice: nobody decides anything."""
    gc.disable()
    choice.review_footprints = lambda *given: 0
    live_shortly(load("baseline"))


def let_nobody_choose() -> int:
    """Call the kernel of the choice with no firms, in a world of one cell and one site; return the changes, none."""
    firms = [np.empty(0, dtype) for dtype in (np.int32, np.int32, np.int8, np.int8, np.int8, np.int16)]
    traits = [np.empty(0, np.float32) for _ in range(4)]
    one, tie = np.ones((1, 1)), np.zeros((1, 1, 1), dtype=np.int64)
    index, extra = np.zeros(1, dtype=np.int64), np.zeros(3)
    written = [np.empty(0, np.int64) for _ in range(3)]
    changes = choice.review_footprints(  # type: ignore[no-untyped-call, call-arg]
        *firms, *traits, np.zeros((1, 4, 1)), one, one, np.ones((1, 1, 3)), tie, choice.pack_ties(tie),
        choice.pack_nearest(tie, index, extra), index, one, one, one, one, np.ones(1), np.ones(1), extra, index, 1,
        0.5, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, BASE_YEAR, 0, 0, *written,
    )  # fmt: skip
    return int(changes)
