"""Threads: how many there may be, and work done by several of them in its order, a few pieces ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from footloose.errors import FootlooseError

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_WORKERS = 8
AHEAD = 2
"""Pieces of work under way or done and not yet fetched, for each thread: what bounds the memory."""


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def threads(workers: int | None = None) -> int:
    """Return the threads to use: those asked for, else one for each processor, up to MOST_WORKERS.

    raises: FootlooseError for less than one
    """
    if workers is None:
        return max(1, min(MOST_WORKERS, cores()))
    if workers < 1:
        raise FootlooseError(f"--workers {workers}: at least 1 is needed")
    return workers


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Iterator[Result]:
    """Yield the results of the work in the order of the tasks, at most AHEAD x workers of them ahead."""
    if workers <= 1:
        yield from map(work, tasks)
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(work, task))
                if len(waiting) >= AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
