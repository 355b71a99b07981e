"""Workers: processes of this machine, or of a Dask cluster; any number of them, the same numbers.

Workers compute and send bytes back; only the process that leads the sweep writes to the store.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any, Protocol

from footloose.errors import FootlooseError
from footloose.experiments.sweep.feeding import Feeder
from footloose.experiments.sweep.running import Batch, Work, run_batch
from footloose.processes import SPAWN, begin_work, single_threaded

AHEAD = 2
"""Batches a worker has at a time: one at work, one waiting, so that it is never idle."""
ADDRESS = re.compile(r"(\w+://)?[^\s/:]+:\d+|(\w+://)?\[[0-9a-fA-F:.]+\]:\d+|inproc://\S+")
"""What a scheduler's address looks like: tcp://host:8786, host:8786, tcp://[::1]:8786."""
PATIENCE = 30.0
"""Seconds to wait for a cluster, or for its first worker."""

Outcome = tuple[Batch, Work | None]
"""A batch and its results; None when its worker was lost."""


class Workers(Protocol):
    """What carries out batches."""

    def work_through(self, feeder: Feeder) -> Iterator[Outcome]:
        """Yield every batch the feeder hands out, as it is finished or lost."""
        ...


class ThisProcess:
    """No other process at all; for tests, and where none can be started."""

    def work_through(self, feeder: Feeder) -> Iterator[Outcome]:
        """Yield batch by batch."""
        while (batch := feeder.batch()) is not None:
            yield batch, run_batch(batch)


class LocalProcesses:
    """Processes of this machine, each an executor of its own: when one is lost, it is known over which batch.

    stay : keep the processes for the next work, until `close`; otherwise they end with what they were started for
    """

    def __init__(self, jobs: int, *, stay: bool = False) -> None:
        if jobs < 1:
            raise FootlooseError(f"--jobs {jobs}: at least 1 is needed")
        self.jobs, self.stay = jobs, stay
        self._pools: list[ProcessPoolExecutor] = []
        self._ends: tuple[Connection, Connection] | None = None

    def close(self) -> None:
        """End the processes; whatever they are at is not waited for."""
        if self._ends is None:
            return
        (leash, held), self._ends = self._ends, None
        held.close()
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)
        self._pools.clear()
        leash.close()

    def work_through(self, feeder: Feeder) -> Iterator[Outcome]:
        """Yield batches in the order they are finished; a lost process is replaced."""
        if self._ends is None:
            self._ends = SPAWN.Pipe(duplex=False)
            self._pools = [start_process(self._ends[0]) for _ in range(self.jobs)]
        leash, pools = self._ends[0], self._pools
        queues: list[deque[tuple[Future[Work], Batch]]] = [deque() for _ in pools]
        through = False
        try:
            while True:
                for pool, queue in zip(pools, queues, strict=True):
                    fill(pool, queue, feeder)
                waiting = {future for queue in queues for future, _ in queue}
                if not waiting:
                    through = True
                    return
                wait(waiting, return_when=FIRST_COMPLETED)
                for number, queue in enumerate(queues):
                    while queue and queue[0][0].done():
                        future, batch = queue.popleft()
                        try:
                            yield batch, future.result()
                        except BrokenProcessPool:
                            yield batch, None
                            innocent = [waiting_batch for _, waiting_batch in queue]
                            queue.clear()
                            pools[number].shutdown(wait=False)
                            pools[number] = start_process(leash)
                            submit_all(pools[number], queue, innocent)
        finally:
            if not (through and self.stay):
                self.close()


def fill(pool: ProcessPoolExecutor, queue: deque[tuple[Future[Work], Batch]], feeder: Feeder) -> None:
    """Give a process as many batches as it may have."""
    while len(queue) < AHEAD:
        batch = feeder.batch()
        if batch is None:
            return
        submit_all(pool, queue, [batch])


def submit_all(pool: ProcessPoolExecutor, queue: deque[tuple[Future[Work], Batch]], batches: list[Batch]) -> None:
    """Submit batches to a process; one that is dead already says so through the future."""
    for batch in batches:
        try:
            queue.append((pool.submit(run_batch, batch), batch))
        except BrokenProcessPool as error:
            broken: Future[Work] = Future()
            broken.set_exception(error)
            queue.append((broken, batch))


def start_process(leash: Connection) -> ProcessPoolExecutor:
    """Return an executor of one fresh process, which ends at once when the other end of the leash is closed."""
    pool = ProcessPoolExecutor(1, mp_context=SPAWN, initializer=begin_work, initargs=(leash,))
    with single_threaded():
        pool.submit(os.getpid)  # starts the process
    return pool


class Cluster:
    """The workers of a Dask scheduler, which gives a lost worker's batch to another one by itself."""

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError as error:
            raise FootlooseError("--cluster needs Dask: pip install 'footloose[cluster]'") from error
        if not ADDRESS.fullmatch(address):
            raise FootlooseError(f"--cluster {address}: wanted the address of a scheduler, such as tcp://host:8786")
        self.address = address
        self._distributed: Any = distributed

    def work_through(self, feeder: Feeder) -> Iterator[Outcome]:
        """Yield batches in the order they are finished.

        raises: FootlooseError when the cluster cannot be reached, has no worker or goes away
        """
        client = self._connect()
        try:
            yield from self._work(client, feeder)
        except (OSError, self._distributed.client.FutureCancelledError, self._distributed.CancelledError) as error:
            raise FootlooseError(
                f"the cluster at {self.address} went away: {error}; what is finished is kept"
            ) from error
        finally:
            client.close()

    def _connect(self) -> Any:
        try:
            client = self._distributed.Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise FootlooseError(f"--cluster {self.address}: no scheduler answers there ({error})") from error
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            client.close()
            raise FootlooseError(f"the cluster at {self.address} has no worker") from error
        return client

    def _work(self, client: Any, feeder: Feeder) -> Iterator[Outcome]:
        held: dict[Any, Batch] = {}
        finished = self._distributed.as_completed([], loop=client.loop)
        while True:
            room = AHEAD * max(sum(client.nthreads().values()), 1)
            while len(held) < room and (batch := feeder.batch()) is not None:
                future = client.submit(run_batch, batch, pure=False)
                held[future] = batch
                finished.add(future)
            if not held:
                return
            future = next(finished)
            batch = held.pop(future)
            try:
                work = future.result()
            except self._distributed.KilledWorker:
                yield batch, None
                continue
            yield batch, work
