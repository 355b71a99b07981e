"""Processor time of pieces of code that take turns, so that a busy machine is busy for all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def in_turns(pieces: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return the median processor seconds of each piece over rounds in which all run; once before to warm up."""
    for piece in pieces.values():
        piece()
    seconds: dict[str, list[float]] = {name: [] for name in pieces}
    for _ in range(rounds):
        for name, piece in pieces.items():
            begun = time.process_time()
            piece()
            seconds[name].append(time.process_time() - begun)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(entry) for entry in line) + " |" for line in lines) + "\n"


def figure(number: float, digits: int = 2) -> str:
    """Return a number with so many significant digits."""
    text = f"{number:.{digits}g}"
    return f"{float(text):,.0f}" if abs(float(text)) >= 10 ** (digits - 1) else text
