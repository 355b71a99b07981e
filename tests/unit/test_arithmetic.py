"""Exponential and logarithm against NumPy's."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import pytest

from footloose.arithmetic import LARGEST, SMALLEST, exp, log

Floats = npt.NDArray[np.float64]


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
