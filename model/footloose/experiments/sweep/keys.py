"""Keys: what decides a run's numbers, hashed. Same key, same numbers; so a run is never done twice."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import Any

from footloose.scenario import Scenario
from footloose.version import __version__, data_digest

APART = (
    "briefing",
    "cli.py",
    "columns.py",
    "comparison_job.py",
    "ensemble.py",
    "ensemble_job.py",
    "ensemble_record.py",
    "experiments",
    "explain.py",
    "job.py",
    "kernels.py",
    "labelled.py",
    "long_numbers.py",
    "manual.py",
    "mean_field",
    "memory.py",
    "mesa_model",
    "mesa_model.py",
    "output.py",
    "processes.py",
    "ready.py",
    "record.py",
    "stacking.py",
    "sweep_job.py",
    "sweep_report.py",
)
"""Parts of the package that no number of a run rests on; modules of commands besides."""
WORDS = ("name", "title", "question", "evidence", "firms", "replicates", "seed")
"""What of a scenario is no part of its content: words, and numbers that the key has apart."""
LENGTH = 32


@cache
def engine_digest() -> str:
    """Return a hash of the code a run's numbers rest on, and of the versions of what compiles and computes it."""
    digest = hashlib.sha256()
    for name, content in sorted(_sources()):
        digest.update(name.encode() + b"\0" + content)
    for library in ("numpy", "numba"):
        digest.update(f"{library} {version(library)}".encode())
    digest.update(f"{__version__} {data_digest()}".encode())
    return digest.hexdigest()[:LENGTH]


def _sources() -> list[tuple[str, bytes]]:
    root, found = resources.files("footloose"), []
    folders = [("", root)]
    while folders:
        above, folder = folders.pop()
        for entry in folder.iterdir():
            name = f"{above}{entry.name}"
            if name in APART or name.endswith("_commands.py") or name.startswith("_") or entry.name == "__pycache__":
                continue
            if entry.is_dir():
                folders.append((f"{name}/", entry))
            elif name.endswith(".py"):
                found.append((name, entry.read_bytes()))
    return found


def content_digest(scenario: Scenario) -> str:
    """Return a hash of what a scenario says, without its words."""
    data = {key: value for key, value in scenario.as_data().items() if key not in WORDS}
    return digest_of(data)


def run_key(content: str, firms: int, seed: int, replicate: int, engine: str) -> str:
    """Return the key of one run.

    content : digest of the scenario's content; engine: digest of code, data and versions
    """
    return digest_of([content, firms, seed, replicate, engine])


def digest_of(data: Any) -> str:
    """Return a hash of plain data, the same however it was put together."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
