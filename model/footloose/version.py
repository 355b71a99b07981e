"""The version of the model and of what it rests on: goes into every output."""

from __future__ import annotations

from functools import cache

__version__ = "0.1.0"


@cache
def data_digest() -> str:
    """Return a hash of every data table of the package: its vintage."""
    import hashlib
    from importlib import resources

    digest = hashlib.sha256()
    for room in ("geography", "history"):
        for entry in sorted(resources.files("footloose").joinpath(room).iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".csv"):
                digest.update(entry.name.encode())
                digest.update(entry.read_bytes())
    return digest.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Return the versions that decide a result."""
    import platform

    return {
        "version": __version__,
        "data_digest": data_digest(),
        "data_vintage": "evidence tables to August 2026; last measured year by series in docs/data.md",
        "python": platform.python_version(),
        "numpy": installed("numpy"),
        "numba": installed("numba"),
    }


@cache
def installed(library: str) -> str:
    """Return the version of an installed library."""
    from importlib.metadata import version

    return version(library)
