"""Progress of a sweep: how many runs, how fast, how long still, how many failed."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footloose.experiments.sweep.running import Work

WINDOW = 50
"""Batches over which the rate is taken."""
SECONDS_A_LINE = 60.0
SECONDS_A_FRAME = 0.2


class Progress:
    """Counts what is done and says so: a bar on a terminal, a line a minute elsewhere.

    say : takes a line of text; without it nothing is shown
    """

    def __init__(self, total: int, finished: int, say: Callable[[str], None] | None = None) -> None:
        self.total, self.finished, self.added, self.failed, self.lost = total, finished, 0, 0, 0
        self.simulated = 0.0
        self._say = say
        self._terminal = say is not None and sys.stderr.isatty()
        self._begun = self._shown = time.monotonic()
        self._recent: deque[tuple[float, int]] = deque([(self._begun, finished)], maxlen=WINDOW)

    def add(self, work: Work) -> None:
        """Count a batch."""
        self.finished += len(work.results)
        self.added += len(work.results)
        self.failed += sum(bool(result.cause) for result in work.results)
        self.simulated += sum(result.seconds for result in work.results)
        self._recent.append((time.monotonic(), self.finished))
        self.show()

    @property
    def rate(self) -> float:
        """Runs a second, lately."""
        (first, before), (last, after) = self._recent[0], self._recent[-1]
        return (after - before) / (last - first) if last > first else 0.0

    def text(self) -> str:
        """Return one line: done, rate, time left, failures."""
        share = 100.0 * self.finished / max(self.total, 1)
        parts = [f"{self.finished:,} of {self.total:,} runs ({share:.0f} %)"]
        if self.rate > 0.0:
            per_minute = 60.0 * self.rate
            left = (self.total - self.finished) / self.rate
            parts += [f"{per_minute:,.0f} a minute", f"{duration(left)} left"]
        parts.append(f"{self.failed:,} failed")
        if self.lost:
            parts.append(f"{self.lost} workers lost")
        return " · ".join(parts)

    def show(self, last: bool = False) -> None:
        """Show the line, if it is time to."""
        now = time.monotonic()
        if not last and now - self._shown < (SECONDS_A_FRAME if self._terminal else SECONDS_A_LINE):
            return
        self._shown = now
        if self._terminal:
            sys.stderr.write(f"\r\x1b[2K{self.text()}" + ("\n" if last else ""))
            sys.stderr.flush()
        elif self._say is not None:
            self._say(self.text())


def duration(seconds: float) -> str:
    """Return a length of time in words: 45 s, 12 min, 3 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours < 48 else f"{hours / 24:.1f} days"


def size(count: float) -> str:
    """Return a number of bytes in words."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
