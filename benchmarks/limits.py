"""What the machine can do at most for a year's choice: its memory, its exponentials and its draws, measured.

The work is counted, not guessed: how many firms review, how many of them need the odds themselves, and so how many
exponentials and logarithms a year's choice takes; and how many bytes of columns it reads. The limit is the larger of
the time the bytes take at the measured bandwidth and the time the operations take at their measured pace, as if
nothing else had to be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from benchmarks.peers import Situation, by_engine
from benchmarks.timing import in_turns
from footloose import reviewers
from footloose.arithmetic import exp_single, log_single
from footloose.compiled import LOOPS
from footloose.draws import Purpose, draw_words

REVIEW = int(Purpose.REVIEW)

LINE = 64
"""Bytes the memory hands over at a time."""

SCANNED = ("slot", "main", "second", "target")
"""Columns read for every firm."""

REVIEWED = ("cell", "opened", "labour_intensity", "risk_aversion", "time_sensitivity", "sunk_cost")
"""Columns read for those who review."""


STEPS = (
    draw_words, reviewers.find_reviewers, reviewers.best_of_nests, reviewers.nest_weights, reviewers.look_up,
    reviewers.bound_change, reviewers.draws_of, reviewers.leave_out_who_stays,
)  # fmt: skip
(
    draw_all, find_reviewers, best_of_nests, nest_weights, look_up, bound_change, draws_of, leave_out
) = (numba.njit(step, **LOOPS) for step in STEPS)  # fmt: skip
"""The engine's own steps, which are compiled for its kernel only, to be called from here."""


@numba.njit(**LOOPS)
def add_up(first, second, result):  # type: ignore[no-untyped-def]
    """Read two columns, write one."""
    for n in range(first.size):
        result[n] = first[n] + 0.5 * second[n]


@numba.njit(**LOOPS)
def exponentials(numbers, result, times):  # type: ignore[no-untyped-def]
    for _ in range(times):
        for n in range(numbers.size):
            result[n] = exp_single(numbers[n])


@numba.njit(**LOOPS)
def logarithms(numbers, result, times):  # type: ignore[no-untyped-def]
    for _ in range(times):
        for n in range(numbers.size):
            result[n] = log_single(numbers[n])


@numba.njit(**LOOPS)
def draws(slot, word, times):  # type: ignore[no-untyped-def]
    for time in range(times):
        draw_words(slot, 0, slot.size, time, REVIEW, 1, 0, word)


@dataclass(frozen=True)
class Machine:
    """Measured: bytes a second; seconds of an exponential and a logarithm in single precision, of a call of Philox."""

    bandwidth: float
    exponential: float
    logarithm: float
    draw: float


@dataclass(frozen=True)
class Work:
    """Counted, for each firm and year: who reviews, who needs the odds; operations; bytes."""

    reviewers: float
    undecided: float
    exponentials: float
    logarithms: float
    bytes_read: float


def measure(rounds: int = 9) -> Machine:
    """Measure the machine; memory on columns far larger than its caches."""
    near = np.linspace(0.5, 2.0, 1024, dtype=np.float32)
    result, times = np.empty_like(near), 2000
    slot, word = np.arange(2048, dtype=np.int32), np.empty((3, 2048), dtype=np.uint32)
    far = [np.ones(24_000_000) for _ in range(3)]
    taken = in_turns(
        {
            "memory": lambda: add_up(*far),
            "exp": lambda: exponentials(near, result, times),
            "log": lambda: logarithms(near, result, times),
            "draws": lambda: draws(slot, word, 500),
        },
        rounds,
    )
    each = near.size * times
    return Machine(
        sum(column.nbytes for column in far) / taken["memory"],
        taken["exp"] / each,
        taken["log"] / each,
        taken["draws"] / (500 * slot.size),
    )


def count(given: Situation) -> Work:
    """Count the work of a year's choice with the engine's own steps."""
    g, firms = given.given, given.firms
    found, open_ones = np.empty(firms, dtype=np.int64), 0
    word = np.empty((3, firms), dtype=np.uint32)
    draw_all(g["slot"], 0, firms, g["year"], int(Purpose.REVIEW), g["seed"], g["replicate"], word)
    columns = [g[name] for name in ("cell", "main", "second", "target", "hazard")]
    reviewing = find_reviewers(0, firms, *columns, g["hazard"].max(), word, found)
    who = found[:reviewing].copy()
    cells, loadings, sites = g["expected"].shape
    best, nest_weight = np.full((cells, loadings, g["nests"]), -np.inf), np.zeros((cells, g["nests"]))
    best_of_nests(g["expected"], g["entry"], g["theta"], g["nest"], best)
    nest_weights(g["weight"], g["nest"], g["dissimilarity"], nest_weight)
    for c in np.unique(g["cell"][who]):
        open_ones += undecided_of(g, int(c), who[g["cell"][who] == c], word, (best, nest_weight))
    nests, ties = g["nests"], g["extra"].size
    taken = (sites + nests + ties + 3) * open_ones + (nests + ties + 3) * reviewing
    read = sum(g[name].itemsize for name in SCANNED)
    read += sum(touched(reviewing / firms, g[name].itemsize) for name in REVIEWED)
    return Work(
        reviewing / firms, open_ones / firms, taken / firms, nests * open_ones / firms, float(read)
    )  # fmt: skip


def touched(share: float, size: int) -> float:
    """Return the bytes of a column read for each firm when so many firms at random places are looked at."""
    return size * (1.0 - (1.0 - share) ** (LINE / size))


def undecided_of(g: dict[str, Any], c: int, who: Any, word: Any, nests: tuple[Any, Any]) -> int:
    """Return how many reviewers of a cell the bounds leave open; nests: what reviewers knows of them."""
    size, m, single = who.size, g["market"][c], np.float32
    here, there, near, left = np.empty((4, size), dtype=np.int32)
    doubt, barrier, at_main, at_second, mixed, draw, nothing = np.zeros((7, size), dtype=single)
    trait, odds, ease_of = (np.empty((3, size), dtype=single) for _ in range(3))
    names = ("main", "second", "opened", "labour_intensity", "risk_aversion", "time_sensitivity", "sunk_cost")
    tables = tuple(g[name] for name in ("expected", "uncertain", "hedge", "rooted"))
    rules = (g["young_plant"], g["plant_life"], g["uncertainty_effect"], g["year"])
    own = (here, there, trait, doubt, barrier, at_main, at_second, mixed)
    columns = tuple(g[name] for name in names)
    look_up(c, size, who, columns, tables, g["theta"][c], g["sunk"][c], rules, own)
    bound_change(
        c, size, own, *nests, g["tie"][m], g["nearest"][m], g["reach"], g["extra"].astype(single), single(g["largest"]),
        (single(g["ease"]), single(g["drop"]), single(0.0)), near, ease_of, odds,
    )  # fmt: skip
    draws_of(size, who, 0, word, draw)
    return int(leave_out(size, draw, odds[0], odds[1], nothing, left))


def limit(machine: Machine, work: Work) -> tuple[float, float]:
    """Return the least seconds a firm and year could take, by memory and by arithmetic."""
    arithmetic = work.exponentials * machine.exponential + work.logarithms * machine.logarithm
    return work.bytes_read / machine.bandwidth, machine.draw + arithmetic


def engine_seconds(given: Situation, rounds: int = 9) -> float:
    """Return the processor seconds the engine's choice takes for each firm."""
    return in_turns({"engine": lambda: by_engine(given)}, rounds)["engine"] / given.firms
