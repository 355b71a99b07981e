"""Random numbers by address: (seed, replicate, purpose, year, firm slot) -> four uniforms. Holds a seed and no state.

Philox4x32-10, Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
The address never contains the scenario, a thread or the size of the population, so two scenarios differ only where a
policy makes them differ, and one firm more changes nobody else's draws.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from footloose.arithmetic import CENTRAL, central_normal, exp, outer_normal
from footloose.compiled import inlined, kernel, kernel_part

Floats = npt.NDArray[np.float64]

MASK = np.uint64(0xFFFFFFFF)
ELEVEN, THIRTY_TWO = np.uint64(11), np.uint64(32)
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
GOLDEN_STEP = np.uint64(0x9E3779B97F4A7C15)
UNIT = 2.0**-32


class Purpose(IntEnum):
    """What a draw is for; part of its address."""

    STRATUM = 0
    BIRTH = 1
    TRAITS = 2
    REVIEW = 3
    PROJECT = 4
    SIZE = 5


@inlined
def philox_words(slot, year, purpose, seed, replicate):  # type: ignore[no-untyped-def]
    """Return four 32-bit words (as uint64) for one address; ten rounds of Philox4x32.

    A seed beyond 32 bits fills the counter's fourth word, so no two seeds are the same.
    """
    c0, c1, c2 = np.uint64(slot) & MASK, np.uint64(year) & MASK, np.uint64(purpose) & MASK
    c3 = np.uint64(seed) >> THIRTY_TWO
    k0, k1 = np.uint64(seed) & MASK, np.uint64(replicate) & MASK
    for _ in range(10):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> THIRTY_TWO) ^ c1 ^ k0,
            product_1 & MASK,
            (product_0 >> THIRTY_TWO) ^ c3 ^ k1,
            product_0 & MASK,
        )
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@inlined
def uniform_of(word):  # type: ignore[no-untyped-def]
    """Return a word as a number in (0, 1)."""
    return (np.float64(word) + 0.5) * UNIT


@kernel_part
def draw_words(slot, first, count, year, purpose, seed, replicate, word):  # type: ignore[no-untyped-def]
    """Write the first words of `count` firms from `first` on.

    slot : (firm,) addresses;  word: (word, firm) at most four, written
    """
    for n in range(count):
        words = philox_words(slot[first + n], year, purpose, seed, replicate)
        word[0, n], word[1, n], word[2, n] = words[0], words[1], words[2]


def uniforms(slots: npt.NDArray[np.int64], year: int, purpose: int, seed: int, replicate: int) -> Floats:
    """Return four uniforms in (0, 1) for every slot.

    slots   : (firm,) integer addresses
    returns : (4, firm)
    """
    drawn = np.empty((4, slots.size))
    draw_uniforms(slots, year, purpose, seed, replicate, drawn)
    return drawn


@kernel
def draw_uniforms(slots, year, purpose, seed, replicate, drawn):  # type: ignore[no-untyped-def]
    """Write four uniforms for every slot to `drawn`, (4, firm)."""
    for index in range(slots.size):
        words = philox_words(slots[index], year, purpose, seed, replicate)
        for lane in range(4):
            drawn[lane, index] = uniform_of(words[lane])


@kernel
def draw_log_normal(uniform, spread, shift, listed, outer, normal, drawn):  # type: ignore[no-untyped-def]
    """Write log-normal draws to `drawn`; see firms.log_normal. All (firm,).

    listed, outer, normal : (block,) working space: those far from the middle, which need more arithmetic, and all
    """
    middle, block = shift - 0.5 * spread * spread, normal.size
    for begin in range(0, uniform.size, block):
        chance, there, far = uniform[begin : begin + block], drawn[begin : begin + block], 0
        for n in range(chance.size):
            normal[n] = central_normal(chance[n])
        for n in range(chance.size):
            listed[far] = n
            far += abs(chance[n] - 0.5) > CENTRAL
        for n in range(far):
            outer[n] = chance[listed[n]]
        for n in range(far):
            outer[n] = outer_normal(outer[n])
        for n in range(far):
            normal[listed[n]] = outer[n]
        for n in range(chance.size):
            there[n] = exp(spread * normal[n] + middle)


def even_shift(seed: int, replicate: int) -> np.uint64:
    """Return where an evenly spread sequence begins, by its address."""
    words = philox_words(0, 0, int(Purpose.STRATUM), seed, replicate)
    return np.uint64((np.uint64(words[0]) << THIRTY_TWO) | np.uint64(words[1]))


@inlined
def evenly(slot, shift):  # type: ignore[no-untyped-def]
    """Return a member of an evenly spread sequence in (0, 1): golden-ratio Kronecker with an addressed shift.

    Its n-th member never depends on how many members there are, and any interval of length p holds p * n of the first
    n members up to a few, so the population is stratified without being counted.

    slot : which member, counted from 0;  shift: of even_shift
    """
    step = np.uint64(slot) * GOLDEN_STEP + shift
    return (np.float64(step >> ELEVEN) + 0.5) * 2.0**-53
