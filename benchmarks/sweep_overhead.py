"""What the machinery of a sweep costs beside the simulations themselves.

    python benchmarks/sweep_overhead.py                      400 runs of 20,000 programmes x 26 years, two workers
    python benchmarks/sweep_overhead.py --runs 1000          the goal of the issue: under three minutes on two cores

Printed: the overhead in a worker (scenario, key, outcomes beside the simulation), planning a point (validation and
key), processor time of the leading process, wall time against the simulations' own time summed over workers (start of
the workers included), export, and the second call, which finds all done. Ratios, because machines differ; on a machine
that is busy with other things only the first and the third mean something.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from footloose.experiments.sweep.export import export
from footloose.experiments.sweep.planning import selectors_of, write_plan
from footloose.experiments.sweep.points import Recipe
from footloose.experiments.sweep.reading import read_sweep
from footloose.experiments.sweep.running import Batch, Cell, pack, run_batch
from footloose.experiments.sweep.store import Store
from footloose.experiments.sweep.sweeping import run_sweep

SWEEP = """\
scenario: baseline
settings:
  policies:
    duty: {{kind: tariff, market: united_states, sites: china, rate: 10, announced: 2026-11, from: 2027}}
levers:
  tariff: {{key: policies.duty.rate, from: 0, to: 100}}
uncertainties:
  elasticity: {{key: mechanisms.clusters.elasticity, from: 0.04, to: 0.15}}
  sunk_cost: {{key: decisions.sunk_cost, from: 1, to: 3}}
outcomes:
  china_share: {{variable: Imports|Share, market: united_states, site: country:china, year: 2030}}
  home_share: {{variable: Imports|Share, market: united_states, site: shore:home, year: 2030}}
  jobs: {{variable: Jobs|Announced|Reshoring, site: country:united_states, years: [2026, 2035]}}
design: {{kind: latin_hypercube, points: {points}}}
replicates: {replicates}
firms: {firms}
"""


def one_process(path: Path, folder: Path) -> float:
    """Return the overhead of a batch in this process: time beyond the simulations over their own time."""
    file = read_sweep(path)
    with Store(folder, write=True) as store:
        write_plan(file, store)
        rows = list(
            store.rows("select key, factors, replicate from cell join point on point.position = point limit 12")
        )
    import json

    cells = tuple(Cell(key, json.loads(factors), replicate) for key, factors, replicate in rows)
    recipe = pack(Recipe.of(file), selectors_of(file.sweep))
    run_batch(Batch(recipe, cells[:2]))  # compiles the kernels
    work = run_batch(Batch(recipe, cells))
    simulated = sum(result.seconds for result in work.results)
    return work.seconds / simulated - 1.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--replicates", type=int, default=1)
    parser.add_argument("--firms", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path, folder = Path(scratch, "benchmark.yaml"), Path(scratch, "out")
        points = max(given.runs // given.replicates, 1)
        path.write_text(SWEEP.format(points=points, replicates=given.replicates, firms=given.firms), encoding="utf-8")
        print(f"in a worker: overhead {100 * one_process(path, Path(scratch, 'one')):.1f} % of the simulation")
        file = read_sweep(path)
        begun = time.perf_counter()
        with Store(folder, write=True) as store:
            write_plan(file, store)
        print(f"planning: {1e3 * (time.perf_counter() - begun) / points:.2f} ms a point")
        led = time.process_time()
        summary = run_sweep(file, folder, jobs=given.jobs)
        led = 1e3 * (time.process_time() - led) / summary.done_now
        print(f"leading process: {led:.1f} ms of processor time a run (store, progress, sending)")
        whole = summary.seconds * given.jobs / summary.simulated - 1.0
        rate = summary.done_now / summary.seconds
        print(f"{summary.done_now} runs in {summary.seconds:.1f} s: {rate:.1f} a second with {given.jobs} workers")
        print(f"simulations' own time {summary.simulated:.1f} s; wall time x workers is {100 * whole:.1f} % more")
        begun = time.perf_counter()
        with Store(folder, write=False) as store:
            export(file, store, folder)
        print(f"export: {time.perf_counter() - begun:.2f} s")
        begun = time.perf_counter()
        run_sweep(file, folder, jobs=given.jobs)
        print(f"again: {time.perf_counter() - begun:.2f} s")


if __name__ == "__main__":
    main()
