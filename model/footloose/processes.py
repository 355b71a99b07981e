"""Processes of this machine that work for one that leads: fresh, with one thread each, gone when their leader is."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import TypeVar

from footloose.errors import FootlooseError
from footloose.memory import collect_seldom

Task = TypeVar("Task")
Answer = TypeVar("Answer")

MOST_WORKERS = 8
"""Processes that share runs when nothing is said."""
MOST_ARTISTS = 4
"""Processes that share the drawing of figures when nothing is said: there are few figures."""
WORTH_A_WORKER = 50_000
"""Firms to live through that make up for starting a process."""
AHEAD = 2
"""Tasks under way, or done and not yet taken, for each process: what bounds the memory."""
ONE_THREAD = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Workers compute with one thread each: there is one worker a core."""
SPAWN = multiprocessing.get_context("spawn")
"""Fresh processes: nothing of the threads of this one is inherited."""
READY = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)
"""Processes born of a fresh one that has everything imported: quick to start, the second time at once."""


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def workers_for(asked: int | None, firms: int) -> int:
    """Return how many processes share some runs: those asked for, else one a processor as far as it pays to start them.

    firms  : lived through in all runs together
    raises : FootlooseError for less than one
    """
    if asked is None:
        return max(1, min(MOST_WORKERS, cores(), firms // WORTH_A_WORKER))
    if asked < 1:
        raise FootlooseError(f"workers: {asked} given; at least 1 is needed")
    return asked


def workers_for_figures(asked: int | None) -> int:
    """Return how many processes share the drawing of figures: those asked for, else one a processor, and not many.

    raises : FootlooseError for less than one
    """
    return workers_for(asked, 0) if asked is not None else min(MOST_ARTISTS, cores())


def each_apart(work: Callable[[Task], Answer], tasks: Sequence[Task], workers: int, room: str) -> Iterator[Answer]:
    """Yield what `work` makes of every task, in their order, computed by so many processes; one: by this process.

    At most AHEAD answers a process wait to be taken, so that the memory is bounded.

    work   : can be sent to another process, as tasks and answers can;  room: module that has all it needs
    raises : FootlooseError when a process was ended from outside
    """
    workers = min(workers, len(tasks))
    if workers <= 1:
        yield from map(work, tasks)
        return
    get_ready(room)
    leash, held = READY.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=READY, initializer=begin_work, initargs=(leash,))
    waiting: deque[Future[Answer]] = deque()
    try:
        for task in tasks:
            with single_threaded():
                waiting.append(pool.submit(work, task))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as problem:
        raise FootlooseError(
            f"one of {workers} processes that shared the runs was ended, perhaps for want of memory; "
            "try fewer --workers"
        ) from problem
    except (KeyboardInterrupt, GeneratorExit):
        stop_server()
        raise
    finally:
        held.close()
        pool.shutdown(wait=True, cancel_futures=True)
        leash.close()


def get_ready(room: str) -> None:
    """Start the process that workers are born of, where there is one: it loads a room while this one goes on.

    One that has been started stays as it is, whatever room it has loaded.
    """
    READY.set_forkserver_preload([room])
    if READY.get_start_method() == "forkserver":
        with single_threaded(), deaf_to_control_c():
            forkserver.ensure_running()


def stop_server() -> None:
    """Kill the process that workers are born of, so that none is born to a leader that has gone meanwhile."""
    server = getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None)
    if server is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)


@contextlib.contextmanager
def deaf_to_control_c() -> Iterator[None]:
    """Let a process started inside take no notice of Ctrl-C, even while it imports: its leader ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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
    collect_seldom()

    def follow() -> None:
        with contextlib.suppress(EOFError, OSError):
            leash.recv_bytes()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
