"""Designs: the properties their theory rests on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from footloose.errors import ScenarioError
from footloose.experiments.sweep.design import Crossed, Grid, Sample, draw_design
from footloose.experiments.sweep.points import quantile, triangular_quantile
from footloose.experiments.sweep.reading import read_sweep
from footloose.experiments.sweep.schema import Design, Factor

Write = Callable[..., Path]


def factor(**given: object) -> Factor:
    return Factor.model_validate({"key": ("a.b",), **given})


def cube_of(small: Write, design: str) -> np.ndarray:
    points = draw_design(read_sweep(small(("{kind: grid}", design))))
    assert isinstance(points, Sample)
    assert points.cube is not None
    return points.cube


def test_grid_is_the_product_in_order(small: Write) -> None:
    points = draw_design(read_sweep(small()))
    assert isinstance(points, Grid)
    found = [tuple(points[n].values()) for n in range(len(points))]
    assert found == [(t, e) for t in (0.0, 30.0, 60.0) for e in (0.04, 0.1)]


def test_latin_hypercube_has_one_point_in_every_slice(small: Write) -> None:
    cube = cube_of(small, "{kind: latin_hypercube, points: 50}")
    for column in cube.T:
        assert sorted(np.floor(column * 50).astype(int)) == list(range(50))


def test_sobol_sequence_is_balanced(small: Write) -> None:
    cube = cube_of(small, "{kind: sobol_sequence, points: 64}")
    cells = np.unique(np.floor(cube * 8).astype(int), axis=0, return_counts=True)[1]
    assert list(cells) == [1] * 64


def test_sobol_groups_change_one_factor_at_a_time(small: Write) -> None:
    """Saltelli's scheme: A, then A with one column of B each, then B."""
    groups = cube_of(small, "{kind: sobol, points: 16}").reshape(16, 4, 2)
    first, last = groups[:, 0], groups[:, 3]
    for k in range(2):
        assert np.array_equal(groups[:, k + 1, k], last[:, k])
        assert np.array_equal(groups[:, k + 1, 1 - k], first[:, 1 - k])


def test_morris_steps_change_one_factor(small: Write) -> None:
    steps = np.diff(cube_of(small, "{kind: morris, trajectories: 5, levels: 4}").reshape(5, 3, 2), axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert np.allclose(np.abs(steps[steps != 0]), 2 / 3)


def test_same_seed_same_points_other_seed_others(small: Write) -> None:
    design = "{kind: latin_hypercube, points: 9}"
    one, again = cube_of(small, design), cube_of(small, design)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, cube_of(small, design + "\nseed: 2"))


NOMINAL = 0.0618
"""The baseline's elasticity of clusters."""


def test_one_at_a_time_takes_the_nominal_values_from_the_scenario(small: Write) -> None:
    points = draw_design(read_sweep(small(("{kind: grid}", "{kind: one_at_a_time}"))))
    found = [tuple(points[n].values()) for n in range(len(points))]
    assert found == [(10, NOMINAL), (0.0, NOMINAL), (60.0, NOMINAL), (10, 0.04), (10, 0.1)]


def test_a_list_fills_in_nominal_values(small: Write) -> None:
    points = draw_design(read_sweep(small(("{kind: grid}", "{kind: list, runs: [{tariff: 5}, {elasticity: 0.1}]}"))))
    assert [points[n] for n in range(2)] == [{"tariff": 5, "elasticity": NOMINAL}, {"tariff": 10, "elasticity": 0.1}]


def test_crossed_runs_every_policy_in_the_same_states(small: Write) -> None:
    design = "{kind: crossed, levers: {kind: grid}, uncertainties: {kind: latin_hypercube, points: 7}}"
    points = draw_design(read_sweep(small(("{kind: grid}", design), ("values: [0.04, 0.1]", "from: 0.04, to: 0.1"))))
    assert isinstance(points, Crossed)
    assert len(points) == 21
    states = [[points[7 * policy + state]["elasticity"] for state in range(7)] for policy in range(3)]
    assert states[0] == states[1] == states[2]
    assert len(set(states[0])) == 7


def test_a_factor_without_nominal_value_is_refused(small: Write) -> None:
    path = small(
        ("{kind: grid}", "{kind: one_at_a_time}"), ("mechanisms.clusters.elasticity", "policies.duty.authority"),
        ("values: [0.04, 0.1]", "choices: {a: {seed: 1}, b: {seed: 2}}"), ("key: policies.duty.authority, ", ""),
    )  # fmt: skip
    with pytest.raises(ScenarioError, match="add `nominal:`"):
        draw_design(read_sweep(path))


@given(st.floats(0, 1), st.floats(0.05, 0.95))
def test_triangular_equals_scipy(share: float, mode: float) -> None:
    found = triangular_quantile(2.0, 6.0, 2.0 + 4.0 * mode, share)
    assert found == pytest.approx(stats.triang.ppf(share, mode, loc=2.0, scale=4.0), abs=1e-9)


@given(st.floats(0, 1))
def test_quantiles_stay_inside_and_rise(share: float) -> None:
    for kind in ("uniform", "log_uniform", "triangular"):
        one = factor(**{"from": 0.5, "to": 8.0, "distribution": kind})
        assert 0.5 <= quantile(one, share) <= 8.0
        assert quantile(one, share) <= quantile(one, min(share + 0.1, 1.0))
    assert quantile(factor(**{"from": 0.5, "to": 8.0, "distribution": "log_uniform"}), 0.5) == pytest.approx(2.0)


def test_whole_numbers_and_alternatives_are_equally_likely() -> None:
    shares = (np.arange(1000) + 0.5) / 1000
    whole = factor(**{"from": 1, "to": 4, "whole": True})
    assert [int((np.array([quantile(whole, s) for s in shares]) == n).sum()) for n in (1, 2, 3, 4)] == [250] * 4
    listed = factor(values=("a", "b"))
    assert [quantile(listed, s) for s in (0.0, 0.49, 0.51, 1.0)] == ["a", "a", "b", "b"]


def test_levels_of_morris_must_be_even() -> None:
    with pytest.raises(ValueError, match="even"):
        Design(kind="morris", trajectories=4, levels=5)
