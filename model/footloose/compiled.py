"""How loops are compiled (numba): kernels, which Python calls, and their parts.

A kernel is kept on disk. A part is compiled for the kernels that call it, without the code that takes arrays from
Python, which would be as much again; a test compiles it for itself. What is inlined is put in its place before loops
are turned into vectors. None of them makes arrays: what they write is given to them, so that nobody need count
who holds which array (`_nrt`), which costs more than the work where firms are few. No array that is written shares its
memory with another that is given (`noalias`), so that loops need not find out. Dividing by zero is infinite or no
number, as in NumPy. See docs/decisions/0022-kernels-own-nothing.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numba
from numba.core.cpu import CPUTargetOptions
from numba.core.options import TargetOptions
from numba.extending import register_jitable

Function = Callable[..., Any]
CPUTargetOptions.noalias = TargetOptions.Mapping("noalias")  # numba's compiler knows it, its decorators do not
LOOPS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "noalias": True}
OWNS_NOTHING = LOOPS | {"_nrt": False}
WITHIN = OWNS_NOTHING | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

FILES_OF_PARTS: set[str] = set()
"""Files whose functions are compiled into kernels of other files."""


def _part(function: Function, **options: Any) -> Any:
    FILES_OF_PARTS.add(function.__code__.co_filename)
    return register_jitable(**WITHIN, **options)(function)


def _kernel(function: Function, **options: Any) -> Any:
    compiled = numba.njit(cache=True, no_cfunc_wrapper=True, **options)(function)
    kept = Path(compiled.stats.cache_path)
    forget_older(kept.glob(f"{Path(function.__code__.co_filename).stem}.{function.__qualname__}-*.nbi"))
    return compiled


def forget_older(kept: Iterable[Path]) -> None:
    """Remove what is kept of a kernel where a file of parts is younger: numba looks at the kernel's own file only."""
    youngest = max((Path(file).stat().st_mtime for file in FILES_OF_PARTS), default=0.0)
    for index in kept:
        with suppress(OSError):  # another process was first, or the folder is not ours
            if index.stat().st_mtime < youngest:
                index.unlink()


kernel: Any = partial(_kernel, **OWNS_NOTHING)
kernel_with_arrays: Any = partial(_kernel, **LOOPS)
"""A kernel that makes arrays of its own."""
kernel_part: Any = _part
inlined: Any = partial(_part, forceinline=True)
