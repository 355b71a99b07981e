"""A Dask cluster of real processes: a scheduler, workers, one of them killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from footloose.errors import FootlooseError
from footloose.experiments.sweep.export import FILES, export
from footloose.experiments.sweep.reading import read_sweep
from footloose.experiments.sweep.store import STORE, Store
from footloose.experiments.sweep.sweeping import run_sweep

pytest.importorskip("distributed")
Write = Callable[..., Path]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a program of Dask as a process of its own; all end with the test."""
    running: list[subprocess.Popen[str]] = []

    def program(module: str, *words: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NUMBA_NUM_THREADS": "1"}
        environment["DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING"] = "True"
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{module}", *words], env=environment, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        running.append(process)
        return process

    program.processes = running  # type: ignore[attr-defined]
    yield program
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def cluster(start: Start, workers: int, folder: Path) -> tuple[str, list[subprocess.Popen[str]]]:
    """Start a scheduler on a free port and workers without nannies; return the address and the workers."""
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert scheduler.stderr is not None
    address = ""
    for line in scheduler.stderr:
        if found := re.search(r"tcp://127\.0\.0\.1:\d+", line):
            address = found.group()
            break
    assert address
    threading.Thread(target=scheduler.stderr.read, daemon=True).start()
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
    started = [start("dask_worker", address, *options) for _ in range(workers)]
    for worker in started:
        assert worker.stderr is not None
        threading.Thread(target=worker.stderr.read, daemon=True).start()
    return address, started


def tables(path: Path, folder: Path) -> bytes:
    with Store(folder, write=False) as store:
        export(read_sweep(path), store, folder)
    return b"".join((folder / name).read_bytes() for name in FILES)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_nothing(small: Write, tmp_path: Path, start: Start) -> None:
    path = small(("to: 60, steps: 3", "to: 60, steps: 16"))
    address, workers = cluster(start, 2, tmp_path / "space")
    folder = tmp_path / "cluster"
    killed = []

    def kill_in_the_middle() -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and finished(folder) < 5:
            time.sleep(0.02)
        os.killpg(workers[0].pid, signal.SIGKILL)
        killed.append(True)

    threading.Thread(target=kill_in_the_middle, daemon=True).start()
    summary = run_sweep(read_sweep(path), folder, cluster=address)
    assert killed
    assert (summary.runs, summary.failed, summary.missing) == (64, 0, 0)
    run_sweep(read_sweep(path), tmp_path / "here", jobs=0)
    assert tables(path, folder) == tables(path, tmp_path / "here")


@pytest.mark.slow
def test_a_cluster_without_workers_is_said(
    small: Write, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from footloose.experiments.sweep import workers

    monkeypatch.setattr(workers, "PATIENCE", 3.0)
    address, _ = cluster(start, 0, tmp_path / "space")
    with pytest.raises(FootlooseError, match="has no worker"):
        run_sweep(read_sweep(small()), tmp_path / "out", cluster=address)


@pytest.mark.slow
def test_a_cluster_that_goes_away_keeps_what_is_finished(small: Write, tmp_path: Path, start: Start) -> None:
    """The scheduler is killed in the middle; what came back is in the store, and this machine does the rest."""
    path, folder = small(("to: 60, steps: 3", "to: 60, steps: 40")), tmp_path / "out"
    address, workers = cluster(start, 1, tmp_path / "space")

    def kill_all() -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and finished(folder) < 4:
            time.sleep(0.02)
        for process in (start.processes[0], workers[0]):  # type: ignore[attr-defined]
            os.killpg(process.pid, signal.SIGKILL)

    threading.Thread(target=kill_all, daemon=True).start()
    with pytest.raises(FootlooseError, match="what is finished is kept"):
        run_sweep(read_sweep(path), folder, cluster=address)
    before = finished(folder)
    assert 0 < before < 160
    summary = run_sweep(read_sweep(path), folder, jobs=0)
    assert (summary.missing, summary.done_now) == (0, 160 - before)


def finished(folder: Path) -> int:
    """Return how many runs a folder's store holds."""
    try:
        with Store(folder, write=False) as store:
            return int(store.one("select count(*) from run"))
    except FootlooseError:
        return 0


def test_no_scheduler_is_said(small: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from footloose.experiments.sweep import workers

    monkeypatch.setattr(workers, "PATIENCE", 1.0)
    with pytest.raises(FootlooseError, match="no scheduler answers there"):
        run_sweep(read_sweep(small()), tmp_path / "out", cluster="tcp://127.0.0.1:1")
    assert not (tmp_path / "out" / STORE).exists()
