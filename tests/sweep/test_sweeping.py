"""Whole sweeps: resumed after every accident, the same bytes for any number of workers."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from footloose.errors import FootlooseError, OutputError
from footloose.experiments.sweep import workers
from footloose.experiments.sweep.export import FILES, export
from footloose.experiments.sweep.feeding import Feeder
from footloose.experiments.sweep.reading import SweepFile, read_sweep
from footloose.experiments.sweep.results import MANIFEST, read_runs
from footloose.experiments.sweep.running import Batch, Work, run_batch
from footloose.experiments.sweep.store import STORE, Store
from footloose.experiments.sweep.sweeping import Summary, run_sweep
from footloose.scenario import load
from footloose.simulation import simulate

Write = Callable[..., Path]


def exported(file: SweepFile, folder: Path) -> str:
    """Export the results; return one hash of all the files."""
    with Store(folder, write=False) as store:
        export(file, store, folder)
    content = b"".join((folder / name).read_bytes() for name in (*FILES, MANIFEST))
    return hashlib.sha256(content).hexdigest()


def swept(path: Path, folder: Path, jobs: int = 0, **more: object) -> tuple[Summary, str]:
    file = read_sweep(path)
    return run_sweep(file, folder, jobs=jobs, **more), exported(file, folder)  # type: ignore[arg-type]


def command(*words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(  # a shell lets what it runs in the background ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        args=[sys.executable, "-m", "footloose.cli", "sweep", *words], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def kept(folder: Path) -> int:
    """Return how many runs a store holds, seen from outside."""
    if not (folder / STORE).exists():
        return 0
    try:
        with (
            closing(sqlite3.connect(f"{(folder / STORE).as_uri()}?mode=ro", uri=True, timeout=5)) as connection,
            connection,
        ):
            return int(connection.execute("select count(*) from run").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait_for(count: int, folder: Path, process: subprocess.Popen[str], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while kept(folder) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)


def test_a_sweep_holds_what_single_runs_say(small: Write, tmp_path: Path) -> None:
    summary, _ = swept(small(), tmp_path / "out")
    assert (summary.runs, summary.done_now, summary.failed, summary.missing) == (12, 12, 0, 0)
    table = read_runs(tmp_path / "out")
    duty = {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 60, "from": 2011}
    overrides = [f"policies.duty.{key}={value}" for key, value in duty.items()]
    overrides += ["mechanisms.clusters.elasticity=0.1", "years.until=2012"]
    long = simulate(load("baseline", overrides=overrides), firms=100, replicates=2, seed=1).table
    for replicate in (0, 1):
        here = long[long["replicate"] == replicate]
        jobs = here[(here["variable"] == "Jobs|Stock") & (here["site"] == "country:united_states")]
        wanted = jobs[(jobs["sector"] == "all") & (jobs["year"] > 2010)]["value"].mean()
        row = table[(table["tariff"] == 60) & (table["elasticity"] == 0.1) & (table["replicate"] == replicate)]
        assert float(row["jobs"].iloc[0]) == pytest.approx(wanted, rel=1e-14)


@pytest.mark.slow
def test_any_number_of_workers_the_same_bytes(small: Write, tmp_path: Path) -> None:
    found = {jobs: swept(small(), tmp_path / str(jobs), jobs)[1] for jobs in (0, 1, 3)}
    assert len(set(found.values())) == 1


def test_a_finished_sweep_does_nothing_again(small: Write, tmp_path: Path) -> None:
    first, before = swept(small(), tmp_path / "out")
    second, after = swept(small(), tmp_path / "out")
    assert (first.done_now, second.done_now) == (12, 0)
    assert before == after


def test_more_points_run_only_what_is_new(small: Write, tmp_path: Path) -> None:
    swept(small(), tmp_path / "out")
    summary, _ = swept(small(("to: 60, steps: 3", "to: 60, steps: 5")), tmp_path / "out")
    assert (summary.runs, summary.done_now) == (20, 8)
    summary, _ = swept(small(("replicates: 2", "replicates: 3")), tmp_path / "out")
    assert (summary.runs, summary.done_now) == (18, 6)


def test_other_years_goals_and_words_need_no_run(small: Write, tmp_path: Path) -> None:
    _, before = swept(small(), tmp_path / "out")
    changed = small(("at_most: 8", "at_most: 9"), ("years: [2011, 2012]", "year: 2011, label: {en: people}"))
    summary, after = swept(changed, tmp_path / "out")
    assert summary.done_now == 0
    assert before != after


def test_an_outcome_more_runs_again_an_outcome_less_does_not(small: Write, tmp_path: Path) -> None:
    more = small(("design:", "  wage: {variable: Wage|Index, site: mexico}\ndesign:"), name="more")
    assert swept(small(), tmp_path / "out")[0].done_now == 12
    assert swept(more, tmp_path / "out")[0].done_now == 12
    assert swept(small(), tmp_path / "out")[0].done_now == 0


def test_a_failed_cell_keeps_its_cause_and_the_rest_goes_on(
    small: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine with 1 GB left, 50 million programmes are refused; the cells with 50 programmes are not."""
    from footloose.experiments.sweep import running

    monkeypatch.setattr(running, "free_memory", lambda: 10**9)
    path = small(("mechanisms.clusters.elasticity, values: [0.04, 0.1]", "firms, values: [50, 50000000]"))
    said: list[str] = []
    summary, _ = swept(path, tmp_path / "out", say=said.append)
    assert (summary.runs, summary.failed, summary.done_now) == (12, 6, 12)
    assert "6 failed" in said[-1]
    table = read_runs(tmp_path / "out")
    failed = table[table["state"] == "failed"]
    assert (failed["elasticity"] == 50_000_000).all()
    assert failed["cause"].str.startswith("TooLarge: firms: 50,000,000").all()
    assert failed["jobs"].isna().all()
    assert table[table["state"] == "done"]["jobs"].notna().all()
    assert swept(path, tmp_path / "out")[0].done_now == 0
    assert swept(path, tmp_path / "out", retry=True)[0].done_now == 6


def test_corrupt_runs_are_named_and_done_again(small: Write, tmp_path: Path) -> None:
    _, before = swept(small(), tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / STORE)) as connection, connection:
        (key,) = connection.execute("select key from run where number = 4").fetchone()
        connection.execute("update run set series = zeroblob(length(series)) where number = 4")
    said: list[str] = []
    summary, after = swept(small(), tmp_path / "out", say=said.append)
    assert summary.done_now == 1
    assert key in said[0]
    assert "1 corrupt run (" in said[0]
    assert before == after


def test_points_that_are_the_same_scenario_are_run_once_and_counted(small: Write, tmp_path: Path) -> None:
    heard: list[str] = []
    summary, _ = swept(
        small(("{kind: grid}", "{kind: list, runs: [{tariff: 30}, {tariff: 30, elasticity: 0.1}, {tariff: 30}]}")),
        tmp_path / "out", say=heard.append,
    )  # fmt: skip
    assert (summary.runs, summary.done_now, summary.missing) == (6, 6, 0)
    assert "6 of 6 runs (100 %)" in heard[-1]


def test_a_damaged_store_is_mended_from_what_can_be_read(small: Write, tmp_path: Path) -> None:
    _, before = swept(small(), tmp_path / "out")
    path = tmp_path / "out" / STORE
    content = bytearray(path.read_bytes())
    (rows,) = [n for n in range(0, len(content), 4096) if content[n] == 13 and content[n:].startswith(b"\x0d")][-1:]
    content[rows : rows + 4096] = bytes(4096)
    path.write_bytes(content)
    said: list[str] = []
    summary, after = swept(small(), tmp_path / "out", say=said.append)
    assert summary.missing == 0
    assert before == after
    assert said


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_damaged_export_is_written_again(small: Write, tmp_path: Path, name: str) -> None:
    _, before = swept(small(), tmp_path / "out")
    (tmp_path / "out" / name).write_bytes(b"damage")
    file = read_sweep(small())
    with Store(tmp_path / "out", write=False) as store:
        assert export(file, store, tmp_path / "out") == ([name] if name != MANIFEST else list(FILES))
        assert export(file, store, tmp_path / "out") == []
    assert exported(file, tmp_path / "out") == before


@pytest.mark.slow
def test_killed_again_and_again_it_ends_the_same(small: Write, tmp_path: Path) -> None:
    """SIGKILL to the leading process twice; the workers end with it, and only missing cells are run."""
    path = small(("to: 60, steps: 3", "to: 60, steps: 6"))
    folder, counts = tmp_path / "killed", []
    for target in (1, 8):
        process = command(str(path), "--out", str(folder), "--jobs", "2", "--no-figures")
        wait_for(target, folder, process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        counts.append(kept(folder))
    assert 0 < counts[0] < 24
    assert counts[0] <= counts[1] <= 24
    summary, after = swept(path, folder)
    assert summary.done_now == 24 - counts[1]
    _, undisturbed = swept(path, tmp_path / "undisturbed")
    assert after == undisturbed


@pytest.mark.slow
def test_workers_end_with_the_process_that_leads_them(small: Write, tmp_path: Path) -> None:
    path = small(("to: 60, steps: 3", "to: 60, steps: 200"))
    process = command(str(path), "--out", str(tmp_path / "out"), "--jobs", "2", "--no-figures")
    wait_for(1, tmp_path / "out", process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list children")
    numbers = [int(number) for number in children.read_text().split()]
    assert len(numbers) >= 2
    process.send_signal(signal.SIGKILL)
    process.communicate()
    until = time.monotonic() + 30
    while any(Path(f"/proc/{number}").exists() for number in numbers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{number}").exists() for number in numbers)


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished(small: Write, tmp_path: Path) -> None:
    path = small(("to: 60, steps: 3", "to: 60, steps: 200"))
    process = command(str(path), "--out", str(tmp_path / "out"), "--jobs", "1", "--no-figures")
    wait_for(3, tmp_path / "out", process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; what is finished is kept" in errors
    assert "Traceback" not in errors
    assert 0 < kept(tmp_path / "out") < 800
    table = read_runs(tmp_path / "out")  # what is finished can be looked at
    assert (table["state"] == "done").sum() == kept(tmp_path / "out")
    assert len(table) == 800


class Suicidal(workers.LocalProcesses):
    """Local processes one of which is killed in the middle of its work, so many times."""

    def __init__(self, jobs: int, times: int) -> None:
        super().__init__(jobs)
        self.times = times

    def work_through(self, feeder: Feeder) -> Iterator[workers.Outcome]:
        import multiprocessing

        for outcome in super().work_through(feeder):
            yield outcome
            for victim in multiprocessing.active_children()[:1] if self.times else ():
                assert victim.pid is not None
                with suppress(ProcessLookupError):  # it has just ended with the pool of the victim before
                    os.kill(victim.pid, signal.SIGKILL)
                    self.times -= 1


@pytest.mark.slow
def test_a_lost_worker_is_replaced_and_its_cells_run_again(
    small: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small(("to: 60, steps: 3", "to: 60, steps: 6"))
    _, undisturbed = swept(path, tmp_path / "undisturbed")
    monkeypatch.setattr(workers, "LocalProcesses", lambda jobs: Suicidal(jobs, 2))
    said: list[str] = []
    summary, after = swept(path, tmp_path / "out", 2, say=said.append)
    assert (summary.runs, summary.failed, summary.missing) == (24, 0, 0)
    assert "workers lost" in said[-1]
    assert after == undisturbed


def test_a_cell_that_costs_three_workers_has_failed(small: Write, tmp_path: Path) -> None:
    """The cell of the highest tariff kills whoever runs it; all others are done."""
    file = read_sweep(small())

    class Deadly:
        def work_through(self, feeder: Feeder) -> Iterator[workers.Outcome]:
            while (batch := feeder.batch()) is not None:
                deadly = any(cell.point == {"tariff": 60.0, "elasticity": 0.1} for cell in batch.cells)
                yield batch, None if deadly else run_batch(batch)

    from footloose.experiments.sweep.planning import selectors_of, write_plan
    from footloose.experiments.sweep.progress import Progress
    from footloose.experiments.sweep.sweeping import carry_out

    with Store(tmp_path / "out", write=True) as store:
        write_plan(file, store)
        selection = store.know(selectors_of(file.sweep))
        progress = Progress(12, 0)
        carry_out(file, store, selection, [selection], Deadly(), False, progress)
        assert store.count([selection]) == (12, 0, 2)
        causes = {row[0] for row in store.rows("select cause from run where state = 'failed'")}
    assert causes == {"its worker was lost 3 times (killed, or out of memory)"}


def test_a_strange_worker_stops_the_sweep(small: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from footloose.experiments.sweep import running

    file = read_sweep(small())
    run_sweep(file, tmp_path / "out", jobs=0)
    monkeypatch.setattr(running, "engine_digest", lambda: "other code")
    path = small(("to: 60, steps: 3", "to: 60, steps: 4"))
    with pytest.raises(FootlooseError, match="other code, data tables or library versions"):
        run_sweep(read_sweep(path), tmp_path / "out", jobs=0)
    with Store(tmp_path / "out", write=False) as store:
        assert store.one("select count(*) from run") == 12


def test_a_folder_with_something_else_is_left_alone(small: Write, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="holds no sweep"):
        run_sweep(read_sweep(small()), folder, jobs=0)
    with pytest.raises(OutputError, match="is a file"):
        run_sweep(read_sweep(small()), folder / "thesis.txt", jobs=0)
    assert [entry.name for entry in folder.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_runs(small: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the runs, with the engine left out; what is held at most grows by a fraction of the series."""
    import tracemalloc

    from footloose.experiments.sweep import running

    def quick(cell: object, runner: running.Runner) -> running.Result:
        rng = np.full((2, 3), 1.0)
        return running.Result(cell.key, rng.astype("<f8").tobytes() * 100, 0.001)  # type: ignore[attr-defined]

    monkeypatch.setattr(running, "attempt", quick)
    peaks = {}
    for steps in (25, 100):
        file = read_sweep(small(("to: 60, steps: 3", f"to: 60, steps: {steps}"), ("replicates: 2", "replicates: 4")))
        run_sweep(read_sweep(small()), tmp_path / "warm", jobs=0)
        tracemalloc.start()
        summary = run_sweep(file, tmp_path / str(steps), jobs=0)
        peaks[steps] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert summary.done_now == 8 * steps
    stored = 8 * 100 * 2 * 3 * 8 * 100
    assert peaks[100] - peaks[25] < stored / 10


def test_batches_grow_with_quick_runs_and_hold_no_key_twice(small: Write, tmp_path: Path) -> None:
    from footloose.experiments.sweep.planning import selectors_of, write_plan

    path = small(
        ("values: [0.04, 0.1]", "choices: {a: {}, b: {firms: 100}}"), ("key: mechanisms.clusters.elasticity, ", "")
    )
    file = read_sweep(path)
    with Store(tmp_path / "out", write=True) as store:
        write_plan(file, store)
        feeder = Feeder(store, b"", [], False)
        first = feeder.batch()
        assert first is not None
        assert len(first.cells) == 1
        feeder.learn(Work((running_result(first),), 0.01))
        second = feeder.batch()
        assert second is not None
        keys = [cell.key for cell in second.cells]
        assert len(keys) == len(set(keys))
        assert len(keys) > 1
        assert selectors_of(file.sweep)


def running_result(batch: Batch) -> object:
    from footloose.experiments.sweep.running import Result

    return Result(batch.cells[0].key, b"", 0.01)


def test_the_manifest_says_what_made_the_results(small: Write, tmp_path: Path) -> None:
    swept(small(), tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    assert {"name", "state", "sweep", "scenario", "engine", "files", "version", "data_digest"} <= set(manifest)
    assert manifest["sweep"]["levers"]["tariff"]["to"] == 60
