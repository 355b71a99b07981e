"""Random numbers by address: the published generator, uniform, unrelated between addresses, even where asked."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose.draws import Purpose, even_shift, evenly, philox_words, uniforms

Floats = npt.NDArray[np.float64]
WORD = 0xFFFFFFFF


def philox4x32(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Philox4x32-10 in whole numbers of any length, after Salmon et al. (2011), section 5.3."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & WORD, (p0 >> 32) ^ c3 ^ k1, p0 & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


def words(slot: int, year: int, purpose: int, seed: int, replicate: int) -> tuple[int, ...]:
    return tuple(int(word) for word in philox_words(slot, year, purpose, seed, replicate))


@pytest.mark.parametrize(
    "counter, key, expected",
    [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((WORD,) * 4, (WORD,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_the_reference_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], expected: str
) -> None:
    """Known answers of the Random123 library."""
    assert " ".join(f"{word:08x}" for word in philox4x32(counter, key)) == expected


def test_known_answer() -> None:
    assert " ".join(f"{word:08x}" for word in words(0, 0, 0, 0, 0)) == "6627e8d5 e169c58d bc57ac4c 9b00dbd8"


@given(
    st.integers(0, WORD),
    st.integers(0, 3000),
    st.sampled_from(list(Purpose)),
    st.integers(0, 2**53),
    st.integers(0, WORD),
)
def test_every_address_is_philox(slot: int, year: int, purpose: Purpose, seed: int, replicate: int) -> None:
    counter, key = (slot, year, int(purpose), seed >> 32), (seed & WORD, replicate)
    assert words(slot, year, int(purpose), seed, replicate) == philox4x32(counter, key)


def test_no_two_parts_of_an_address_are_confused() -> None:
    """Slot, year, purpose, seed and replicate each change all four words; so do large seeds."""
    base = (5, 2015, 3, 1, 0)
    addresses = [base, *(tuple(v + (i == n) for i, v in enumerate(base)) for n in range(5)), (5, 2015, 3, 1 + 2**32, 0)]
    for one, other in itertools.combinations(addresses, 2):
        assert all(a != b for a, b in zip(words(*one), words(*other), strict=True)), (one, other)


COUNT = 100_000
STREAMS = {
    "slots": lambda: uniforms(np.arange(COUNT), 2015, int(Purpose.REVIEW), 1, 0),
    "next year": lambda: uniforms(np.arange(COUNT), 2016, int(Purpose.REVIEW), 1, 0),
    "another purpose": lambda: uniforms(np.arange(COUNT), 2015, int(Purpose.PROJECT), 1, 0),
    "another seed": lambda: uniforms(np.arange(COUNT), 2015, int(Purpose.REVIEW), 2, 0),
    "another replicate": lambda: uniforms(np.arange(COUNT), 2015, int(Purpose.REVIEW), 1, 1),
    "next slots": lambda: uniforms(np.arange(1, COUNT + 1), 2015, int(Purpose.REVIEW), 1, 0),
}


@pytest.mark.parametrize("name", STREAMS)
def test_draws_are_uniform(name: str) -> None:
    """The largest gap to the uniform law stays within the bound of Dvoretzky, Kiefer and Wolfowitz (Massart 1990)."""
    drawn = STREAMS[name]()
    assert drawn.shape == (4, COUNT)
    assert (drawn > 0.0).all()
    assert (drawn < 1.0).all()
    bound = np.sqrt(np.log(2.0 * drawn.shape[0] * len(STREAMS) / 1e-4) / (2.0 * COUNT))
    steps = np.arange(COUNT)
    for lane in np.sort(drawn, axis=1):
        assert max(np.abs(lane - steps / COUNT).max(), np.abs(lane - (steps + 1) / COUNT).max()) <= bound


def test_draws_of_different_addresses_are_unrelated() -> None:
    """Correlations of all lanes of all streams, 276 pairs: each has standard error 1 / sqrt(n)."""
    lanes = np.concatenate([draw() for name, draw in STREAMS.items() if name != "next slots"])
    correlation = np.corrcoef(lanes)[np.triu_indices(len(lanes), 1)]
    bound = np.sqrt(2.0 * np.log(2.0 * correlation.size / 1e-4) / COUNT)
    assert np.abs(correlation).max() <= bound
    first = STREAMS["slots"]()
    beside = STREAMS["next slots"]()
    np.testing.assert_array_equal(first[:, 1:], beside[:, :-1])  # the same addresses, so the same draws
    assert all(abs(np.corrcoef(lane[1:], lane[:-1])[0, 1]) <= bound for lane in first)


def star_discrepancy(points: Floats) -> float:
    """Return the largest gap between the share of points below x and x (Niederreiter 1992, theorem 2.6)."""
    ordered, count = np.sort(points), points.size
    return float(1.0 / (2 * count) + np.abs(ordered - (2 * np.arange(count) + 1) / (2 * count)).max())


@pytest.mark.parametrize("count", [1, 10, 1_000, 20_000, 1_000_000])
@pytest.mark.parametrize("replicate", [0, 3])
def test_the_even_sequence_is_even(count: int, replicate: int) -> None:
    """For the golden ratio n D_n <= 3 + (1 / log phi + 1 / log 2) log n, and a shift at most doubles D.

    Kuipers and Niederreiter (1974), theorem 2.3.4 with partial quotients 1. Random points would have sqrt(n).
    """
    points = evenly(np.arange(count), even_shift(1, replicate))
    golden = (1.0 + np.sqrt(5.0)) / 2.0
    bound = 3.0 + (1.0 / np.log(golden) + 1.0 / np.log(2.0)) * np.log(count)
    assert count * star_discrepancy(points) <= 2.0 * bound
    assert ((points > 0.0) & (points < 1.0)).all()


def test_the_even_sequence_does_not_know_how_long_it_is() -> None:
    whole = evenly(np.arange(5_000), even_shift(7, 2))
    np.testing.assert_array_equal(whole[:1_234], evenly(np.arange(1_234), even_shift(7, 2)))
    np.testing.assert_array_equal(whole[3_000:], evenly(np.arange(3_000, 5_000), even_shift(7, 2)))
    assert whole[0] != evenly(np.arange(1), even_shift(7, 3))[0]
