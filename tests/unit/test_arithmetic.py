"""Exponential and logarithm against NumPy's."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import ndtri

from footloose.arithmetic import (
    CENTRAL,
    LARGEST,
    SMALLEST,
    central_normal,
    exp,
    exp_single,
    log,
    log_single,
    outer_normal,
)

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]


@numba.njit
def many(kind: int, numbers: Floats, result: Floats) -> None:
    for n in range(numbers.size):
        result[n] = exp(numbers[n]) if kind == 0 else log(numbers[n])


def compiled(kind: int, numbers: Floats) -> Floats:
    result = np.empty_like(numbers)
    many(kind, numbers, result)
    return result


def test_exponential_to_the_last_bits() -> None:
    numbers = np.concatenate([np.linspace(-700.0, 700.0, 200_001), np.linspace(-1.0, 1.0, 100_001)])
    assert np.abs(compiled(0, numbers) / np.exp(numbers) - 1.0).max() < 2e-15
    assert compiled(0, np.array([0.0, -0.0])).tolist() == [1.0, 1.0]


def test_exponential_beyond_its_range_is_cut_and_never_infinite() -> None:
    held = compiled(0, np.array([-np.inf, -1e9, SMALLEST, LARGEST, 1e9, np.inf]))
    assert np.isfinite(held).all()
    assert held[0] == held[1] == held[2] < 1e-300
    assert held[3] == held[4] == held[5] > 1e300


def test_logarithm_to_the_last_bits() -> None:
    numbers = np.exp(np.linspace(-690.0, 700.0, 200_001))
    assert np.abs(compiled(1, numbers) / np.log(numbers) - 1.0)[np.abs(np.log(numbers)) > 0.1].max() < 2e-15
    near_one = np.linspace(0.5, 2.0, 100_001)
    assert np.abs(compiled(1, near_one) - np.log(near_one)).max() < 1e-15
    assert compiled(1, np.array([1.0])) == pytest.approx(0.0, abs=0.0)


@numba.njit(error_model="numpy")
def many_normal(chances: Floats, result: Floats) -> None:
    for n in range(chances.size):
        near = abs(chances[n] - 0.5) <= CENTRAL
        result[n] = central_normal(chances[n]) if near else outer_normal(chances[n])


@numba.njit(error_model="numpy")
def many_single(kind: int, numbers: Singles, result: Singles) -> None:
    for n in range(numbers.size):
        result[n] = exp_single(numbers[n]) if kind == 0 else log_single(numbers[n])


def test_inverse_normal_to_the_last_bits_of_scipys() -> None:
    """Over all chances a draw can have, the least and the largest among them."""
    chances = np.concatenate([(np.arange(4000) + 0.5) * 2.0**-32, np.linspace(1e-6, 1.0 - 1e-6, 200_001)])
    chances = np.concatenate([chances, 1.0 - chances[:4000]])
    result = np.empty_like(chances)
    many_normal(chances, result)
    np.testing.assert_allclose(result, ndtri(chances), rtol=5e-14, atol=1e-15)


def test_single_precision_is_as_good_as_odds_count_on() -> None:
    """The choice allows 1e-4 for some ten of them; beyond 87 the exponential is cut, and never infinite."""
    numbers = np.linspace(-86.0, 86.0, 400_001, dtype=np.float32)
    result = np.empty_like(numbers)
    many_single(0, numbers, result)
    error = np.abs(result.astype(np.float64) / np.exp(numbers.astype(np.float64)) - 1.0)
    assert (error < 1e-6 + 1.5e-7 * np.abs(numbers)).all()
    many_single(1, np.exp(numbers), result)
    assert (np.abs(result - numbers) < 1e-6 + 2e-7 * np.abs(numbers)).all()
    far = np.array([-np.inf, -1e9, 1e9, np.inf], dtype=np.float32)
    held = np.empty_like(far)
    many_single(0, far, held)
    assert np.isfinite(held).all()
    assert held[0] == held[1] < 1e-37 < 1e37 < held[2] == held[3]
