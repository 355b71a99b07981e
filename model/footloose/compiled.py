"""How loops are compiled (numba): kernels, which Python calls, and their parts.

A kernel is kept on disk. A part is compiled for the kernels that call it, without the code that takes arrays from
Python, which would be as much again; called from Python it runs as Python. What is inlined is put in its place
before the compiler looks. Dividing by zero is infinite or no number, as in NumPy.
"""

from __future__ import annotations

from functools import partial

import numba
from numba.extending import register_jitable

kernel = partial(numba.njit, cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)
kernel_part = register_jitable(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
inlined = register_jitable(
    nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True
)
