"""Exponential and logarithm that a compiler can write into a loop over many firms at once.

The usual ones are calls, one number at a time; these are a few multiplications each, exact to the last two or three
bits, and the same bits on every machine (no fused operations). exp: 2^k times a Taylor polynomial of the rest, at most
ln 2 / 2. log: exponent times ln 2 plus the series of the area tangent of (m - 1) / (m + 1), m the mantissa around 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from footloose.compiled import inlined

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
"""ln 2 to 33 bits, so that a whole number times it is exact."""
LN2_LOW = 1.90821492927058770002e-10
"""What it leaves out."""
LN2 = 0.6931471805599453
SMALLEST, LARGEST = -708.0, 709.0
"""Beyond these the result would not be a normal number; the argument is cut."""

SHIFT = 2.0**52 + 2.0**51
"""A float near zero plus this holds its whole part in its last bits: whole numbers pass from floats to bits and back
without an instruction that only the newest machines have for vectors."""
SHIFT_BITS = 0x4338000000000000
"""Its bits."""
ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
"""Bits of the square root of one half."""


@intrinsic
def float_of_bits(typing: Any, bits: Any) -> Any:
    """Read 64 bits as a floating-point number."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), code


@intrinsic
def bits_of_float(typing: Any, number: Any) -> Any:
    """Read a floating-point number as 64 bits."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), code


@inlined
def exp(x):  # type: ignore[no-untyped-def]
    """Return e^x; relative error below 2e-15."""
    x = min(max(x, SMALLEST), LARGEST)
    k = np.floor(x * LOG2_E + 0.5)
    rest = (x - k * LN2_HIGH) - k * LN2_LOW
    square = rest * rest
    low = 1.0 + rest
    middle = square * ((0.5 + rest * (1.0 / 6.0)) + square * (1.0 / 24.0 + rest * (1.0 / 120.0)))
    high = (1.0 / 720.0 + rest * (1.0 / 5040.0)) + square * (1.0 / 40320.0 + rest * (1.0 / 362880.0))
    top = (1.0 / 3628800.0 + rest * (1.0 / 39916800.0)) + square * (1.0 / 479001600.0)
    fourth = square * square
    polynomial = low + (middle + fourth * square * (high + fourth * top))
    return polynomial * float_of_bits((bits_of_float(k + SHIFT) + 1023) << 52)


@inlined
def exp_roughly(x):  # type: ignore[no-untyped-def]
    """Return e^x to one part in ten thousand, for bounds: 2^k times the cubic with the least relative error."""
    y = min(max(x, SMALLEST), LARGEST) * LOG2_E
    k = np.floor(y + 0.5)
    r = y - k
    cubic = (0.99992805 + 0.69326109 * r) + (r * r) * (0.24261133 + 0.05517132 * r)
    return cubic * float_of_bits((bits_of_float(k + SHIFT) + 1023) << 52)


@inlined
def log(x):  # type: ignore[no-untyped-def]
    """Return the natural logarithm of a positive normal number; absolute error below 1e-15 around 1."""
    bits = bits_of_float(x)
    k = (bits - ROOT_HALF_BITS) >> 52
    mantissa = float_of_bits(bits - (k << 52))
    s = (mantissa - 1.0) / (mantissa + 1.0)
    q = s * s
    fourth = q * q
    low = 1.0 / 3.0 + q * (1.0 / 5.0) + fourth * (1.0 / 7.0 + q * (1.0 / 9.0))
    high = 1.0 / 11.0 + q * (1.0 / 13.0) + fourth * (1.0 / 15.0 + q * (1.0 / 17.0))
    return (float_of_bits(k + SHIFT_BITS) - SHIFT) * LN2 + (2.0 * s + 2.0 * s * q * (low + fourth * fourth * high))
