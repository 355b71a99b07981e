"""People per unit of output, by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.employment import jobs_per_output, robot_density
from footloose.history import History
from footloose.mechanisms.automation import Params, initial
from footloose.world import Activity, World

JOBS = np.array([[90.0, 10.0]])


@pytest.fixture
def world(small_world: Callable[..., Any]) -> Callable[..., World]:
    """Return a function that makes 2011 with given growth of productivity and robots since 2010."""
    plain = small_world(sites=2, mechanisms={"automation": {}}).setting

    def made(
        state: dict[str, np.ndarray],
        productivity: float = 1.0,
        density: float = 1.0,
        start: float = 1.0,
        output: float = 1.0,
    ) -> World:
        series = {name: values.copy() for name, values in plain.history.series.items()}
        series["productivity"][1:] *= productivity
        series["output_per_value_added"][1:] *= output
        series["robot_density"] *= start
        series["robot_density"][1:] *= density
        setting = dataclasses.replace(plain, history=History(plain.history.years, series, ()))
        activity = Activity(np.zeros(setting.shape), JOBS, JOBS, JOBS, {})
        return World(setting, 2011, state, activity)

    return made


def test_without_robots_only_productivity_counts(world: Callable[..., World]) -> None:
    assert jobs_per_output(world({}, productivity=1.5)).tolist() == [[2.0, 2.0]]


def test_output_may_grow_faster_than_value_added(world: Callable[..., World]) -> None:
    assert jobs_per_output(world({}, productivity=1.5, output=1.2)) == pytest.approx(np.array([[3.0 / 1.8] * 2]))


def test_the_base_year_is_its_own(world: Callable[..., World]) -> None:
    state = {"automation": np.array([[0.1, 0.3]]), "automation_start": np.array([[0.1, 0.3]])}
    assert jobs_per_output(world(state)) == pytest.approx(np.array([[3.0, 3.0]]))


def test_robots_beyond_the_observed_ones_replace_people(world: Callable[..., World]) -> None:
    """Observed robots doubled the share to 0.2; the model's 0.4 leave 0.6 of the tasks where 0.8 were measured."""
    state = {"automation": np.array([[0.4, 0.2]]), "automation_start": np.array([[0.1, 0.1]])}
    assert jobs_per_output(world(state, density=2.0)) == pytest.approx(np.array([[3.0 * 0.6 / 0.8, 3.0]]))


def test_observed_robots_never_do_more_than_sixty_percent(world: Callable[..., World]) -> None:
    state = {"automation": np.array([[0.4, 0.4]]), "automation_start": np.array([[0.4, 0.1]])}
    assert jobs_per_output(world(state, density=10.0)) == pytest.approx(np.array([[3.0 * 0.6 / 0.4] * 2]))


def test_robot_density_gives_back_the_density_automation_starts_from(world: Callable[..., World]) -> None:
    given = world({}, start=150.0)
    params = Params()
    there = dataclasses.replace(given, state=initial(params, given))
    assert robot_density(there, JOBS, params.tasks_per_robot) == pytest.approx(np.array([150.0, 150.0]))


def test_twice_the_tasks_are_twice_the_robots(world: Callable[..., World]) -> None:
    one = robot_density(world({"automation": np.array([[0.1, 0.2]])}), JOBS, 5.0)
    assert one == pytest.approx(np.array([200.0, 400.0]))
