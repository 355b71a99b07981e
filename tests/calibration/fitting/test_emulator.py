"""Emulators: what they are trained on they predict, and the error they state is the error they make."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.linear_model import RidgeCV

from footloose_calibration.fitting.emulator import (
    PENALTIES,
    Chance,
    GaussianProcesses,
    Polynomial,
    centred,
    chance_of,
    chosen_runs,
    train,
)

Floats = npt.NDArray[np.float64]
POINTS, NOISE = 120, 0.05
NO_CHANCE = Chance(np.zeros(3), np.zeros(3), np.zeros(3))


@pytest.fixture(scope="module")
def runs() -> tuple[Floats, Floats]:
    """Return positions and measures: a line, a parabola, and a bump no polynomial of degree three follows."""
    generator = np.random.default_rng(3)
    places = generator.uniform(size=(POINTS, 2))
    line = 40.0 + 3.0 * places[:, 0]
    parabola = (places[:, 0] - 0.4) ** 2 + places[:, 0] * places[:, 1]
    bump = np.exp(-60.0 * ((places - 0.5) ** 2).sum(axis=1))
    return places, np.column_stack([line, parabola, bump]) + NOISE * generator.standard_normal((POINTS, 3)) * [1, 0, 0]


def everywhere() -> npt.NDArray[np.bool_]:
    return np.ones(POINTS, dtype=bool)


def test_each_target_gets_what_foretells_it_best(runs: tuple[Floats, Floats]) -> None:
    places, measures = runs
    emulator = train(places, measures, everywhere(), NO_CHANCE, {0: 1.0, 1: 0.1, 2: 0.01})
    assert emulator.kinds[2] == "Gaussian process"
    assert emulator.kinds[0].startswith("polynomial")
    fresh = np.random.default_rng(4).uniform(size=(400, 2))
    found = emulator.predict(fresh, [2, 1])
    bump = np.exp(-60.0 * ((fresh - 0.5) ** 2).sum(axis=1))
    parabola = (fresh[:, 0] - 0.4) ** 2 + fresh[:, 0] * fresh[:, 1]
    assert np.sqrt(((found[:, 1] - parabola) ** 2).mean()) < 0.01
    assert np.sqrt(((found[:, 0] - bump) ** 2).mean()) < 3.0 * emulator.error[2]


def test_no_process_where_a_polynomial_will_do(runs: tuple[Floats, Floats]) -> None:
    places, measures = runs
    emulator = train(places, measures, everywhere(), NO_CHANCE, {0: 1.0, 2: 10.0})
    assert all(kind.startswith("polynomial") for kind in emulator.kinds)


def test_stated_error_is_the_noise(runs: tuple[Floats, Floats]) -> None:
    """The line can be known up to the noise of its runs: rms of 120 errors within 4 standard errors, 4/sqrt(240)."""
    places, measures = runs
    emulator = train(places, measures, everywhere(), NO_CHANCE, {})
    assert emulator.error[0] == pytest.approx(NOISE, rel=4.0 / np.sqrt(2.0 * POINTS))


def test_error_of_a_polynomial_is_that_of_leaving_out(runs: tuple[Floats, Floats]) -> None:
    places, measures = runs
    values = (measures - measures.mean(axis=0)) / measures.std(axis=0)
    polynomial = Polynomial(1, places, values)
    whole = RidgeCV(PENALTIES).fit(centred(places), values[:, 0])
    others = np.arange(POINTS) != 17
    again = RidgeCV([whole.alpha_]).fit(centred(places)[others], values[others, 0])
    left_out = abs(values[17, 0] - again.predict(centred(places)[17:18])[0])
    assert polynomial.errors[17, 0] == pytest.approx(left_out, rel=1e-6)


def test_error_of_a_process_is_that_of_leaving_out(
    runs: tuple[Floats, Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    places, measures = runs
    values = (measures - measures.mean(axis=0)) / measures.std(axis=0)
    whole = GaussianProcesses(places, values, everywhere(), [2])
    kernel = whole.kernels[2]
    monkeypatch.setattr("footloose_calibration.fitting.emulator.tuned_kernel", lambda points, values: kernel)
    others = np.arange(POINTS) != 17
    again = GaussianProcesses(places[others], values[others], everywhere()[others], [2])
    left_out = abs(values[17, 2] - again.predict(places[17:18], [2])[0, 0])
    assert whole.errors[17, 2] == pytest.approx(left_out, rel=1e-5)


def test_errors_are_taken_where_it_matters(runs: tuple[Floats, Floats]) -> None:
    places, measures = runs
    flat = np.abs(places - 0.5).max(axis=1) > 0.35
    there = train(places, measures, flat, NO_CHANCE, {})
    here = train(places, measures, ~flat, NO_CHANCE, {})
    assert there.error[2] != here.error[2]


def test_a_target_no_run_computes_is_not_emulated(runs: tuple[Floats, Floats]) -> None:
    places, measures = runs
    holes = measures.copy()
    holes[:, 1] = np.nan
    holes[3, 0] = np.nan
    emulator = train(places, holes, everywhere(), NO_CHANCE, {0: 1.0, 1: 1.0})
    assert emulator.known.tolist() == [True, False, True]
    assert np.isnan(emulator.error[1])
    assert np.isfinite(emulator.predict(places, [0, 2])).all()


@pytest.mark.parametrize("count, matter, most", [(300, 100, 80), (300, 10, 80), (50, 10, 80), (300, 300, 80)])
def test_runs_that_matter_come_first(count: int, matter: int, most: int) -> None:
    focus = np.arange(count) >= count - matter
    chosen = chosen_runs(focus, most)
    assert len(set(chosen.tolist())) == len(chosen) == min(count, most)
    assert focus[chosen].sum() >= min(matter, most // 2)


def test_chance_is_told_apart_from_the_points() -> None:
    """Points x draws: draws shift all points alike by sd 2, and each by sd 0.5 more; the points lie far apart."""
    generator = np.random.default_rng(5)
    points, draws = 400, 60
    shift = generator.normal(scale=2.0, size=draws)
    table = 10.0 * np.arange(points)[:, None] + shift + generator.normal(scale=0.5, size=(points, draws))
    found = chance_of(np.stack([table, np.zeros_like(table)], axis=2))
    assert found.shift[0] == pytest.approx(shift.mean() - shift[0], abs=4.0 * 0.5 / np.sqrt(points))
    assert found.single[0] == pytest.approx(np.hypot(2.0, 0.5), rel=4.0 / np.sqrt(2.0 * draws))
    assert found.left[0] == pytest.approx(np.hypot(2.0 / np.sqrt(draws), 0.5), rel=0.1)
    assert (found.shift[1], found.left[1], found.single[1]) == (0.0, 0.0, 0.0)


def test_prediction_is_of_the_mean_over_draws(runs: tuple[Floats, Floats]) -> None:
    places, measures = runs
    shifted = Chance(np.array([5.0, 0.0, 0.0]), np.ones(3), np.ones(3))
    emulator = train(places, measures, everywhere(), shifted, {})
    gap = emulator.predict(places, [0, 1]) - emulator.predict_run(places, [0, 1])
    assert gap[:, 0] == pytest.approx(5.0)
    assert gap[:, 1] == pytest.approx(0.0)
    assert emulator.variance == pytest.approx(emulator.error**2 + 1.0)
