"""How a run and its choice grow: with firms, sites, sectors, mechanisms and threads; and the phases of a run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

import footloose
from benchmarks.peers import Situation, by_engine
from benchmarks.timing import in_turns
from footloose import simulation, year
from footloose.registry import find_mechanisms

YEARS = 26
PEAK = """
from pathlib import Path
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
print(*[line.split()[1] for line in lines if line.startswith("VmHWM")])
"""
PHASES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "birth of the firms": (simulation, ("bear_firms", "count_footing", "anchor_base_year")),
    "costs (mechanisms)": (year, ("grow_demand", "price", "weigh_uncertainty")),
    "projects": (year, ("build",)),
    "orders and trade": (year, ("trade_goods",)),
    "choice": (year.choice, ("review_footprints",)),
    "carrying out, reasons": (year, ("carry_out",)),
    "tables of a review": (year, ("review",)),
    "support": (year, ("pay_support",)),
    "what the record keeps": (year, ("keep",)),
    "books": (year, ("close_books",)),
    "state of mechanisms": (year, ("advance",)),
    "stacking the record": (simulation, ("put_in_place", "to_record")),
}
"""Phases by the functions they consist of; `review` contains the choice and the carrying out."""


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Measure the processor time of every phase while inside."""
    spent: dict[str, float] = defaultdict(float)
    replaced = []
    for phase, (module, names) in PHASES.items():
        for name in names:
            original = getattr(module, name)
            replaced.append((module, name, original))
            setattr(module, name, _clocked(original, phase, spent))
    try:
        yield spent
    finally:
        for module, name, original in replaced:
            setattr(module, name, original)


def _clocked(function: Callable[..., Any], phase: str, spent: dict[str, float]) -> Callable[..., Any]:
    def clocked(*given: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return function(*given, **named)
        finally:
            spent[phase] += time.process_time() - begun

    return clocked


def run(firms: int, overrides: tuple[str, ...] = ()) -> Any:
    return footloose.simulate(footloose.load("baseline", overrides=list(overrides)), firms=firms)


def phases(firms: int) -> tuple[float, dict[str, float]]:
    """Return the processor seconds of a run and the share of every phase."""
    with timed() as spent:
        begun = time.process_time()
        run(firms)
        whole = time.process_time() - begun
    spent["tables of a review"] -= spent["choice"] + spent["carrying out, reasons"]
    spent["the rest"] = whole - sum(spent.values())
    return whole, {phase: seconds / whole for phase, seconds in spent.items()}


def with_more_sites(given: Situation, times: int) -> Situation:
    """Return the same choice with every site there so many times, each as attractive as its part of the old one."""
    g = dict(given.given)
    for name in ("expected", "entry", "hazard", "uncertain", "hedge", "rooted", "reach", "nest"):
        axis = 1 if name == "reach" else -1
        g[name] = np.concatenate([g[name]] * times, axis=axis)
    g["weight"] = np.concatenate([g["weight"] / times] * times, axis=1)
    g["tie"] = np.tile(g["tie"], (1, times, times))
    return Situation(g, given.run, None)


def with_more_cells(given: Situation, times: int) -> Situation:
    """Return the same choice with every cell, such as a sector, split into so many equal ones."""
    g = dict(given.given)
    for name in ("expected", "entry", "weight", "reach", "market", "hazard", "uncertain", "hedge", "rooted", "theta"):
        g[name] = np.repeat(g[name], times, axis=0)
    g["sunk"] = np.repeat(g["sunk"], times)
    cell = g["cell"].astype(np.int64)
    first = np.searchsorted(cell, cell)
    rank, size = np.arange(cell.size) - first, np.bincount(cell)[cell]
    g["cell"] = (cell * times + rank * times // size).astype(np.int32)
    return Situation(g, given.run, None)


def choice_seconds(situations: dict[str, Situation], rounds: int = 7) -> dict[str, float]:
    """Return the processor seconds of the choice for each firm, the situations taking turns."""
    taken = in_turns({name: lambda one=one: by_engine(one) for name, one in situations.items()}, rounds)
    return {name: seconds / situations[name].firms for name, seconds in taken.items()}


def mechanisms(firms: int, rounds: int = 3) -> dict[str, float]:
    """Return the processor seconds of a run without mechanisms but tariffs, with the baseline's and with all."""
    found = find_mechanisms()
    few = tuple(f"mechanisms.{name}=off" for name, one in found.items() if one.baseline and name != "tariffs")
    every = tuple(f"mechanisms.{name}=on" for name, one in found.items() if not one.baseline)
    some = sum(one.baseline for one in found.values())
    return in_turns(
        {
            "tariffs alone": lambda: run(firms, few),
            f"the baseline's {some}": lambda: run(firms),
            f"all {len(found)}": lambda: run(firms, every),
        },
        rounds,
    )


def threads(firms: int, runs: int = 4) -> dict[int, float]:
    """Return the wall seconds of several runs on one thread and on two; only a machine at rest says anything."""
    taken = {}
    for workers in (1, 2):
        begun = time.perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, [firms] * runs))
        taken[workers] = time.perf_counter() - begun
    return taken


def peak_memory(firms: int) -> str:
    """Return the largest memory of a fresh process that does one run; where the system does not say, that it does not.

    Not from getrusage: on Linux a process inherits the peak of the one that started it.
    """
    code = f"import footloose; footloose.simulate(footloose.load('baseline'), firms={firms})\n{PEAK}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return f"{int(done.stdout) * 1024 / 1e9:.2f} GB" if done.stdout.strip() else "unknown"
