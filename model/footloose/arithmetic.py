"""Exponential and logarithm that a compiler can write into a loop over many firms at once.

The usual ones are calls, one number at a time; these are a few multiplications each, exact to the last two or three
bits, and the same bits on every machine (no fused operations). exp: 2^k times a Taylor polynomial of the rest, at most
ln 2 / 2. log: exponent times ln 2 plus the series of the area tangent of (m - 1) / (m + 1), m the mantissa around 1.
In single precision, of which a vector holds twice as many, they are good to 2e-6.
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

SINGLE_SHIFT = 2.0**23 + 2.0**22
"""SHIFT in single precision; the last nine of its bits are zeros."""
ROOT_HALF_SINGLE = 0x3F3504F3
"""Bits of the square root of one half in single precision."""
ROUNDING = np.float32(SINGLE_SHIFT)
"""Added and taken away again, it rounds to the nearest whole number."""
ONE, TWO, HALF = np.float32(1.0), np.float32(2.0), np.float32(0.5)
LOG2_E_SINGLE, LN2_SINGLE = np.float32(LOG2_E), np.float32(LN2)
SMALLEST_SINGLE, LARGEST_SINGLE = np.float32(-87.0), np.float32(87.0)
POWERS = tuple(
    np.float32(c) for c in (1.00000012, 0.693146944, 0.240221202, 0.0555071309, 0.00967554096, 0.00132764713)
)
"""Coefficients of the polynomial of degree 5 with the least relative error for 2^r, r between -1/2 and 1/2."""
C0, C1, C2, C3, C4, C5 = POWERS
A0, A1, A2, A3 = 3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4
A4, A5, A6, A7 = 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3
B1, B2, B3, B4 = 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4
B5, B6, B7 = 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3
C_0, C_1, C_2, C_3 = 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504
C_4, C_5, C_6, C_7 = (
    1.27045825245236838258,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
)
D1, D2, D3, D4 = 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1
D5, D6, D7 = 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9
"""Coefficients of AS 241: the middle (A, B) and the ends (C_, D)."""
THIRD, FIFTH, SEVENTH = np.float32(1.0 / 3.0), np.float32(0.2), np.float32(1.0 / 7.0)


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


@intrinsic
def single_power_of_two(typing: Any, k: Any) -> Any:
    """Return 2^k in single precision; k a whole number between -126 and 127."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word, number = ir.IntType(32), ir.FloatType()
        bits = builder.bitcast(builder.fadd(arguments[0], ir.Constant(number, SINGLE_SHIFT)), word)
        return builder.bitcast(builder.shl(builder.add(bits, word(127)), word(23)), number)

    return types.float32(types.float32), code


@intrinsic
def single_exponent(typing: Any, x: Any) -> Any:
    """Return the whole number k for which x / 2^k is around 1, between the roots of one half and of two."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(32)
        bits = builder.bitcast(arguments[0], word)
        return builder.sitofp(builder.ashr(builder.sub(bits, word(ROOT_HALF_SINGLE)), word(23)), ir.FloatType())

    return types.float32(types.float32), code


@inlined
def exp_single(x):  # type: ignore[no-untyped-def]
    """Return e^x in single precision; relative error below 1e-5 (of x itself at its ends), cut at e^-87 and e^87."""
    y = min(max(x, SMALLEST_SINGLE), LARGEST_SINGLE) * LOG2_E_SINGLE
    k = (y + ROUNDING) - ROUNDING
    r = y - k
    square = r * r
    return ((C0 + C1 * r) + square * ((C2 + C3 * r) + square * (C4 + C5 * r))) * single_power_of_two(k)


@inlined
def log_single(x):  # type: ignore[no-untyped-def]
    """Return the natural logarithm of a positive normal number in single precision; error below 1e-6 and 1e-6 of it."""
    k = single_exponent(x)
    mantissa = x * single_power_of_two(-k)
    s = (mantissa - ONE) / (mantissa + ONE)
    q = s * s
    return k * LN2_SINGLE + TWO * s * (ONE + q * (THIRD + q * (FIFTH + q * SEVENTH)))


@intrinsic
def of_three(typing: Any, word: Any, place: Any, first: Any, second: Any, third: Any) -> Any:
    """Return the first number where the two bits of a word from `place` on are 0, the second where 1, else the third.

    In 32 bits throughout, so that as many fit into a vector as numbers in single precision.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, at, one, two, three = arguments
        kind = ir.IntType(32)
        which = builder.and_(builder.lshr(bits, builder.trunc(at, kind)), kind(3))
        or_third = builder.select(builder.icmp_unsigned("==", which, kind(1)), two, three)
        return builder.select(builder.icmp_unsigned("==", which, kind(0)), one, or_third)

    single = types.float32
    return single(types.int32, types.int64, single, single, single), code


CENTRAL = 0.425
"""How far from one half a chance may be for `central_normal`."""


@inlined
def central_normal(u):  # type: ignore[no-untyped-def]
    """Return the number a standard normal one is below with chance u, for u near one half; relative error below 2e-15.

    Wichura (1988), algorithm AS 241, PPND16: the first of its three pieces.
    """
    q = u - 0.5
    r = 0.180625 - q * q
    over = (((((((A7 * r + A6) * r + A5) * r + A4) * r + A3) * r + A2) * r + A1) * r) + A0
    under = (((((((B7 * r + B6) * r + B5) * r + B4) * r + B3) * r + B2) * r + B1) * r) + 1.0
    return q * over / under


@inlined
def outer_normal(u):  # type: ignore[no-untyped-def]
    """Return the same further from one half: the second piece. The last begins at chances of 1e-11, below any draw.

    u : between 2^-36 and 1 - 2^-36
    """
    t = np.sqrt(-log(min(u, 1.0 - u))) - 1.6
    over = (((((((C_7 * t + C_6) * t + C_5) * t + C_4) * t + C_3) * t + C_2) * t + C_1) * t) + C_0
    under = (((((((D7 * t + D6) * t + D5) * t + D4) * t + D3) * t + D2) * t + D1) * t) + 1.0
    end = over / under
    return -end if u < 0.5 else end
