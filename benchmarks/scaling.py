"""How a run and its choice grow: with firms, sites, sectors, mechanisms, threads and workers; its phases; its start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

import footloose
from benchmarks.peers import Situation, by_engine
from benchmarks.timing import in_turns
from footloose import simulation, year
from footloose.choice import pack_nearest, pack_ties
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
    "projects": (year.FirmByFirm, ("build",)),
    "orders and trade": (year, ("trade_goods",)),
    "choice": (year.choice, ("review_footprints",)),
    "carrying out, reasons": (year, ("carry_out",)),
    "tables of a review": (year.FirmByFirm, ("review",)),
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
            replaced.append((module, name, vars(module)[name]))
            setattr(module, name, staticmethod(_clocked(getattr(module, name), phase, spent)))
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


def phases(firms: int, rounds: int) -> tuple[float, dict[str, float]]:
    """Return the processor seconds of a run and the share of every phase, each the least of several runs."""
    taken = []
    for _ in range(rounds):
        with timed() as one:
            begun = time.process_time()
            run(firms)
            taken.append({**one, "whole": time.process_time() - begun})
    spent = {phase: min(one[phase] for one in taken) for phase in taken[0]}
    whole = spent.pop("whole")
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
    g["packed"], g["nearest"] = pack_ties(g["tie"]), pack_nearest(g["tie"], g["nest"], g["extra"])
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


def threads(firms: int, runs: int = 4, rounds: int = 3) -> dict[int, float]:
    """Return the least wall seconds of several runs on one thread and on two; only a machine at rest says anything."""

    def lived(workers: int) -> float:
        begun = time.perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, [firms] * runs))
        return time.perf_counter() - begun

    return least_in_turns({workers: lambda workers=workers: lived(workers) for workers in (1, 2)}, rounds)


def workers(firms: int, runs: int = 24, rounds: int = 3) -> tuple[float, dict[str, dict[int, float]]]:
    """Return what the first start of workers takes, and the least wall seconds of so many runs by one and by two.

    The runs are replicates of the baseline, or draws of the shipped ensemble.
    """
    scenario = footloose.load("baseline")

    def lived(count: int, **what: Any) -> float:
        begun = time.perf_counter()
        footloose.simulate(scenario, firms=firms, workers=count, **what)
        return time.perf_counter() - begun

    alone = lived(1, replicates=2)
    start = lived(2, replicates=2) - alone / 2.0
    kinds = {"replicates": {"replicates": runs}, "draws": {"ensemble": "default", "members": runs, "replicates": 1}}
    return start, {
        kind: least_in_turns({count: lambda count=count, what=what: lived(count, **what) for count in (1, 2)}, rounds)
        for kind, what in kinds.items()
    }


def least_in_turns(pieces: Mapping[int, Callable[[], float]], rounds: int) -> dict[int, float]:
    """Return the least seconds each piece says it took, over rounds in which all run."""
    taken = [{name: piece() for name, piece in pieces.items()} for _ in range(rounds)]
    return {name: min(one[name] for one in taken) for name in pieces}


def start(arguments: Sequence[str], rounds: int = 5) -> float:
    """Return the least processor seconds of a command in a process of its own, its modules compiled to bytecode."""
    code = "from footloose.cli import main; main()"
    bytecode = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(rounds + 1):
        begun = os.times()
        subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=True, env=bytecode)
        ended = os.times()
        taken.append(
            ended.children_user + ended.children_system - begun.children_user - begun.children_system
        )  # the first writes the bytecode
    return min(taken[1:])


def peak_memory(firms: int) -> str:
    """Return the largest memory of a fresh process that does one run; where the system does not say, that it does not.

    Not from getrusage: on Linux a process inherits the peak of the one that started it.
    """
    code = f"import footloose; footloose.simulate(footloose.load('baseline'), firms={firms})\n{PEAK}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return f"{int(done.stdout) * 1024 / 1e9:.2f} GB" if done.stdout.strip() else "unknown"
