"""What the engine costs, as one page of tables.

    python -m benchmarks                    a few minutes; from the root of the repository
    python -m benchmarks --largest 10000000 whole runs up to ten million programmes (64 bytes each and patience)
    python -m benchmarks --only peers limit some tables: peers, limit, phases, scaling, threads, workers, start,
                                            mean_field

Everything is processor time and takes turns with what it is compared with, so that company on the machine weighs on all
alike; ratios mean more than seconds. Peers first show on a small population that they decide the same.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable

from benchmarks import derivatives, limits, scaling
from benchmarks.peers import PEERS, agentpy_installed, by_engine, situation
from benchmarks.timing import figure, in_turns, table

SMALL = 2_000
AGENTS_UP_TO = 100_000
ARRAYS_UP_TO = 200_000
"""Agents and arrays of (reviewer, site) are measured up to here; their time a firm does not fall with the number."""


def check_that_all_decide_the_same(names: list[str]) -> None:
    """Compare the decisions of all peers on a small population.

    raises: AssertionError naming the peer
    """
    small = situation(SMALL, agents=True)
    expected = [column.tolist() for column in by_engine(small)]
    assert len(expected[0]) > SMALL / 100
    for name in names:
        decided = [column.tolist() for column in PEERS[name](small)]
        assert decided == expected, f"{name} does not decide as the engine does"
    print(f"{len(names)} engines make the same {len(expected[0])} decisions of {SMALL:,} programmes.\n")


def peers(largest: int) -> None:
    """Print the time of a year's choice for each firm, peers taking turns."""
    names = [name for name in PEERS if agentpy_installed() or "AgentPy" not in name]
    if not agentpy_installed():
        print("AgentPy is not installed (`pip install agentpy`) and left out.\n")
    check_that_all_decide_the_same(names)
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= largest]
    columns = {size: _peers_at(names, size) for size in sizes}
    rows = []
    for name in names:
        row: list[object] = [name]
        for size in sizes:
            taken, own = columns[size].get(name), columns[size]["footloose"]
            row += ["", ""] if taken is None else [figure(1e9 * taken / size), f"{figure(taken / own)} x"]
        rows.append(row)
    head = ["a year's choice", *(f"{size:,} firms [{what}]" for size in sizes for what in ("ns a firm", "ratio"))]
    print(table(head, rows))


def _peers_at(names: list[str], size: int) -> dict[str, float]:
    given = situation(size, agents=size <= AGENTS_UP_TO)
    chosen = [name for name in names if size <= AGENTS_UP_TO or "agents" not in name]
    chosen = [name for name in chosen if size <= ARRAYS_UP_TO or name != "NumPy"]
    fast = [name for name in chosen if "agents" not in name]
    taken = in_turns({name: lambda name=name: PEERS[name](given) for name in fast}, 7)
    slow = [name for name in chosen if name not in fast]
    return taken | in_turns({name: lambda name=name: PEERS[name](given) for name in slow}, 1)


def limit(largest: int) -> None:
    """Print what the machine can do at most, and the engine's choice against it."""
    given = situation(min(largest, 1_000_000))
    machine, work = limits.measure(), limits.count(given)
    memory, arithmetic = limits.limit(machine, work)
    taken = limits.engine_seconds(given)
    rows = [
        ["memory, read and written", f"{machine.bandwidth / 1e9:.1f} GB/s"],
        ["exponential, single precision, in vectors", f"{1e9 * machine.exponential:.2f} ns"],
        ["logarithm, the same", f"{1e9 * machine.logarithm:.2f} ns"],
        ["draw (Philox, four words)", f"{1e9 * machine.draw:.2f} ns"],
        ["firms that review", f"{100 * work.reviewers:.1f} %"],
        ["of them in need of the odds", f"{100 * work.undecided / work.reviewers:.0f} %"],
        ["exponentials, logarithms a firm", f"{work.exponentials:.2f}, {work.logarithms:.2f}"],
        ["bytes read a firm", f"{work.bytes_read:.0f}"],
        ["least time a firm, by memory", f"{1e9 * memory:.1f} ns"],
        ["least time a firm, by draws and exponentials", f"{1e9 * arithmetic:.1f} ns"],
        ["the engine's choice, a firm", f"{1e9 * taken:.1f} ns"],
        ["**share of the limit reached**", f"**{100 * max(memory, arithmetic) / taken:.0f} %**"],
    ]
    print(table([f"a year's choice, {given.firms:,} firms", ""], rows))


def phases(largest: int) -> None:
    """Print the share of a run in each phase."""
    scaling.run(500)
    sizes = [size for size in (20_000, 1_000_000) if size <= largest]
    columns = {size: scaling.phases(size, 9 if size <= 100_000 else 3) for size in sizes}
    names = sorted(columns[sizes[-1]][1], key=lambda phase: -columns[sizes[-1]][1][phase])
    rows = [[name, *(f"{100 * columns[size][1][name]:.1f} %" for size in sizes)] for name in names]
    rows.append(["**processor time**", *(f"**{columns[size][0]:.2f} s**" for size in sizes)])
    print(table(["phase of a run of 26 years", *(f"{size:,} firms" for size in sizes)], rows))


def growth(largest: int) -> None:
    """Print how a run grows with firms and mechanisms, and the choice with sites and sectors."""
    scaling.run(500)
    rows = []
    for size in (10_000, 100_000, 1_000_000, 10_000_000):
        if size <= largest:
            seconds = in_turns({"run": lambda size=size: scaling.run(size)}, 3 if size <= 100_000 else 1)["run"]
            each = 1e9 * seconds / size / scaling.YEARS
            rows.append([f"{size:,}", f"{seconds:.2f} s", figure(each), scaling.peak_memory(size)])
    print(table(["firms", "run of 26 years", "ns a firm and year", "peak memory"], rows))
    given = situation(min(largest, 100_000))
    sites, cells = given.given["weight"].shape[1], given.given["weight"].shape[0]
    more = {f"{times * sites} sites": scaling.with_more_sites(given, times) for times in (1, 2, 4)}
    more |= {f"{times * cells} cells": scaling.with_more_cells(given, times) for times in (2, 4)}
    taken = scaling.choice_seconds(more)
    first = taken[f"{sites} sites"]
    rows = [[name, figure(1e9 * each), f"{each / first:.2f} x"] for name, each in taken.items()]
    print(table([f"a year's choice, {given.firms:,} firms", "ns a firm", "ratio"], rows))
    runs = scaling.mechanisms(10_000)
    base = runs[next(name for name in runs if name.startswith("the baseline"))]
    rows = [[name, f"{seconds:.2f} s", f"{seconds / base:.2f} x"] for name, seconds in runs.items()]
    print(table(["mechanisms, 10,000 firms x 26 years", "processor time", "ratio"], rows))


def threads(largest: int) -> None:
    """Print what a second thread gains."""
    seconds = scaling.threads(min(largest, 100_000))
    rows = [[count, f"{taken:.2f} s", f"{seconds[1] / taken:.2f} x"] for count, taken in seconds.items()]
    print(table(["threads, four runs of 100,000 firms", "wall time", "gain"], rows))
    print("Wall time: means something only on a machine at rest.\n")


def mean_field(largest: int) -> None:
    """Print what one derivative costs by mean field and by agents."""
    rows = derivatives.rows(firms=tuple(count for count in (20_000, 200_000) if count <= largest))
    head = ["d China's share of US imports 2030 / d duty", "points a point", "error", "time", "the same precision"]
    print(table(head, rows))


def workers(largest: int) -> None:
    """Print what a second process gains, and what its start costs once."""
    firms = min(largest, 20_000)
    begun, kinds = scaling.workers(firms)
    rows = [
        [f"{count}, 24 {kind}", f"{taken:.2f} s", f"{seconds[1] / taken:.2f} x"]
        for kind, seconds in kinds.items()
        for count, taken in seconds.items()
    ]
    print(table([f"processes, runs of {firms:,} firms", "wall time", "gain"], rows))
    print(f"The first start of workers: {begun:.1f} s. Wall time: means something only on a machine at rest.\n")


def start(largest: int) -> None:
    """Print what a command takes before it does anything."""
    commands = (["--help"], ["check", "baseline"], ["check", "no_trade_war"])
    print(table(["command", "processor time"], [[" ".join(one), f"{scaling.start(one):.2f} s"] for one in commands]))


TABLES: dict[str, Callable[[int], None]] = {
    "peers": peers,
    "limit": limit,
    "phases": phases,
    "scaling": growth,
    "threads": threads,
    "mean_field": mean_field,
    "workers": workers,
    "start": start,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000_000, help="largest number of programmes")
    parser.add_argument("--only", nargs="+", choices=TABLES, default=list(TABLES), help="which tables")
    given = parser.parse_args()
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; load at the start {load}\n"
    )
    for name in given.only:
        TABLES[name](given.largest)


if __name__ == "__main__":
    main()
