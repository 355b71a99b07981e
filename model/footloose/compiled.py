"""How loops are compiled (numba): kernels, which Python calls, and their parts.

A kernel is kept on disk. A part is compiled for the kernels that call it, without the code that takes arrays from
Python, which would be as much again; a test compiles it for itself. What is inlined is put in its place before loops
are turned into vectors. None of them makes arrays: what they write is given to them, so that nobody need count
who holds which array (`_nrt`), which costs more than the work where firms are few. Dividing by zero is infinite or no
number, as in NumPy. See docs/decisions/0022-kernels-own-nothing.md.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numba
from numba.extending import register_jitable

LOOPS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
OWNS_NOTHING = LOOPS | {"_nrt": False}
WITHIN = OWNS_NOTHING | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

kernel = partial(numba.njit, cache=True, no_cfunc_wrapper=True, **OWNS_NOTHING)
kernel_part = register_jitable(**WITHIN)
inlined = register_jitable(forceinline=True, **WITHIN)
kernel_with_arrays = partial(numba.njit, cache=True, no_cfunc_wrapper=True, **LOOPS)
"""One that makes arrays of its own."""
