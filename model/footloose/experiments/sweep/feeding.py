"""What is left to do, handed out in batches: long enough to be worth sending, short enough to lose little."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator

from footloose.experiments.sweep.running import Batch, Cell, Result, Work
from footloose.experiments.sweep.store import Store

SECONDS_A_BATCH = 1.0
LARGEST_BATCH = 200
LIVES = 3
"""Workers that may be lost over one cell before it counts as failed."""


class Feeder:
    """Hands out the missing cells of a store, and takes back those whose worker was lost.

    Cells are read from the store as they are needed, so what is held does not grow with their number.
    """

    def __init__(self, store: Store, recipe: bytes, serving: list[str], retry: bool) -> None:
        self._store, self._recipe = store, recipe
        self._missing: Iterator[tuple[int, str, int, int]] = store.missing(serving, retry)
        self._again: deque[Cell] = deque()
        self._losses: Counter[str] = Counter()
        self._factors: tuple[int, str] = (-1, "{}")
        self._mean = SECONDS_A_BATCH

    def batch(self) -> Batch | None:
        """Return the next batch, or None when nothing is left for now."""
        if self._again:
            return Batch(self._recipe, (self._again.popleft(),))
        size = max(1, min(LARGEST_BATCH, round(SECONDS_A_BATCH / max(self._mean, 1e-6))))
        cells: list[Cell] = []
        seen: set[str] = set()
        for _ in range(size):
            row = next(self._missing, None)
            if row is None:
                break
            _, key, point, replicate = row
            if key not in seen:  # two points may be the same scenario
                cells.append(Cell(key, json.loads(self._values(point)), replicate))
            seen.add(key)
        return Batch(self._recipe, tuple(cells)) if cells else None

    def learn(self, work: Work) -> None:
        """Heed how long a batch took."""
        if work.results:
            mean = work.seconds / len(work.results)
            self._mean = mean if self._mean == SECONDS_A_BATCH else 0.8 * self._mean + 0.2 * mean

    def lost(self, batch: Batch) -> list[Result]:
        """Take back the cells of a lost worker, each on its own; return those that have cost too many workers."""
        given_up = []
        for cell in batch.cells:
            self._losses[cell.key] += 1
            if self._losses[cell.key] < LIVES:
                self._again.append(cell)
            else:
                cause = f"its worker was lost {LIVES} times (killed, or out of memory)"
                given_up.append(Result(cell.key, b"", 0.0, cause))
        return given_up

    def _values(self, point: int) -> str:
        if self._factors[0] != point:
            text = self._store.one("select factors from point where position = ?", (point,))
            self._factors = (point, str(text))
        return self._factors[1]
