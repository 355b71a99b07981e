"""Random numbers by address: the published algorithm, and that nothing but the address matters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose.draws import Purpose, even_shift, evenly, philox_words, uniforms

WORD = st.integers(0, 2**32 - 1)


def by_hand(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, ...]:
    """Philox4x32-10 written out in plain integers, as in Salmon et al. (2011)."""
    (c0, c1, c2, c3), (k0, k1), mask = counter, key, 2**32 - 1
    for _ in range(10):
        first, second = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (second >> 32) ^ c1 ^ k0, second & mask, (first >> 32) ^ c3 ^ k1, first & mask
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


def test_published_known_answers() -> None:
    """Random123, kat_vectors: philox4x32 10 rounds; the fourth counter word is the upper half of the seed."""
    ones = 2**32 - 1
    assert [int(word) for word in philox_words(0, 0, 0, 0, 0)] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert [int(word) for word in philox_words(ones, ones, ones, np.uint64(2**64 - 1), ones)] == [
        0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD,
    ]  # fmt: skip
    seed = np.uint64(0x03707344 << 32 | 0xA4093822)
    assert [int(word) for word in philox_words(0x243F6A88, 0x85A308D3, 0x13198A2E, seed, 0x299F31D0)] == [
        0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1,
    ]  # fmt: skip


@given(slot=WORD, year=st.integers(0, 3000), purpose=st.integers(0, 9), seed=st.integers(0, 2**53), replicate=WORD)
def test_words_are_philox(slot: int, year: int, purpose: int, seed: int, replicate: int) -> None:
    expected = by_hand((slot, year, purpose, seed >> 32), (seed & (2**32 - 1), replicate))
    assert tuple(int(word) for word in philox_words(slot, year, purpose, seed, replicate)) == expected


def test_uniforms_are_the_words_and_open_at_both_ends() -> None:
    drawn = uniforms(np.array([3, 5]), 2019, int(Purpose.REVIEW), 7, 2)
    assert drawn.shape == (4, 2)
    words = [int(word) for word in philox_words(5, 2019, int(Purpose.REVIEW), 7, 2)]
    assert drawn[:, 1].tolist() == [(word + 0.5) / 2**32 for word in words]
    assert 0.0 < 0.5 / 2**32
    assert (2**32 - 0.5) / 2**32 < 1.0


def test_a_draw_depends_on_its_address_alone() -> None:
    slots = np.arange(1000)
    together = uniforms(slots, 2020, 3, 1, 0)
    assert (uniforms(slots[::-1].copy(), 2020, 3, 1, 0)[:, ::-1] == together).all()
    assert (uniforms(slots[400:410].copy(), 2020, 3, 1, 0) == together[:, 400:410]).all()


@pytest.mark.parametrize(
    "other", [(2021, 3, 1, 0), (2020, 4, 1, 0), (2020, 3, 2, 0), (2020, 3, 1, 1), (2020, 3, 1 + 2**32, 0)]
)
def test_every_part_of_the_address_matters(other: tuple[int, int, int, int]) -> None:
    slots = np.arange(100)
    assert not np.isin(uniforms(slots, *other), uniforms(slots, 2020, 3, 1, 0)).any()


def test_uniforms_are_uniform_and_lanes_unrelated() -> None:
    count = 100_000
    drawn = uniforms(np.arange(count), 2015, 3, 11, 0)
    error = 1.0 / np.sqrt(12.0 * count)
    assert (np.abs(drawn.mean(axis=1) - 0.5) < 4.5 * error).all()
    correlation = np.corrcoef(drawn)[np.triu_indices(4, 1)]
    assert (np.abs(correlation) < 4.5 / np.sqrt(count)).all()


def test_even_sequence_does_not_depend_on_its_length() -> None:
    whole = evenly(np.arange(1000), even_shift(4, 1))
    assert (evenly(np.arange(300, 700), even_shift(4, 1)) == whole[300:700]).all()
    assert (evenly(np.arange(1000), even_shift(5, 1)) != whole).all()


def test_even_sequence_is_spread_evenly() -> None:
    """Three-distance theorem: gaps between the first n members take at most three lengths, the sum of two the third."""
    count = 987
    members = np.sort(evenly(np.arange(count), even_shift(1, 0)))
    gaps = np.diff(np.append(members, members[0] + 1.0))
    assert gaps.max() / gaps.min() < 2.7  # golden ratio squared is 2.618
    inside = ((members > 0.2) & (members < 0.5)).sum()
    assert abs(inside - 0.3 * count) < 3
