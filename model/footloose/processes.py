"""Processes of this machine that work for one that leads: fresh, with one thread each, gone when their leader is."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from typing import TypeVar

Answer = TypeVar("Answer")

ONE_THREAD = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Workers compute with one thread each: there is one worker a core."""
SPAWN = multiprocessing.get_context("spawn")
"""Fresh processes: nothing of the threads of this one is inherited."""
READY = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)
"""Processes born of a fresh one that has everything imported: quick to start, the second time at once."""


def each_apart(work: Callable[[int], Answer], count: int, workers: int, room: str) -> Iterator[Answer]:
    """Yield what `work` makes of 0, 1, ..., count - 1, in that order, computed by so many processes.

    work : can be sent to another process, as its answers can;  room: module that has all it needs
    """
    READY.set_forkserver_preload([room])
    leash, held = READY.Pipe(duplex=False)
    pool = ProcessPoolExecutor(min(workers, count), mp_context=READY, initializer=begin_work, initargs=(leash,))
    try:
        with single_threaded():
            answers = pool.map(work, range(count))
            for _ in range(count):
                yield next(answers)
    finally:
        held.close()
        pool.shutdown(wait=True, cancel_futures=True)
        leash.close()


@contextlib.contextmanager
def single_threaded() -> Iterator[None]:
    """Let processes started inside compute with one thread each."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def begin_work(leash: Connection) -> None:
    """Leave Ctrl-C to the leading process, and end when it lets go of the leash, because it says so or is gone.

    A pipe and no event: a process that is killed while it waits for an event leaves it locked for all others.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        with contextlib.suppress(EOFError, OSError):
            leash.recv_bytes()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
