"""What tests of single mechanisms share: a world on the first day of a year, and the difference between twins."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.record import Record
from footloose.simulation import begin_run, simulate
from footloose.world import World

Floats = npt.NDArray[np.float64]
Measure = Callable[[Record], Floats]


@pytest.fixture(scope="session")
def view() -> Callable[..., tuple[Any, World]]:
    """Return a function that gives a mechanism's parameters and the world of a year, states as in the base year.

    mechanism, year : which and when; state replaces tables; more: overrides such as policies.x.from=2027
    """

    def seen(
        mechanism: str,
        year: int,
        params: Mapping[str, object] | None = None,
        state: Mapping[str, Floats] | None = None,
        more: Sequence[str] = (),
    ) -> tuple[Any, World]:
        run = begin_run(footloose.load("literature", overrides=[f"mechanisms.{mechanism}=on", *more]), firms=200)
        found, default = run.rules.mechanisms[mechanism]
        given = default if params is None else found.params.model_validate(params)
        world = World(run.setting, year, run.state | dict(state or {}), run.activity)
        return given, world

    return seen


@pytest.fixture(scope="session")
def twin_gap(sampling: Any) -> Callable[..., tuple[float, float]]:
    """Return a function that gives the mean difference of a measure between twins, and what chance alone may do."""

    def gap(
        twin: Sequence[str], base: Sequence[str], measure: Measure, *, until: int = 2018, firms: int = 2_000
    ) -> tuple[float, float]:
        records = [
            simulate(
                footloose.load("literature", overrides=list(overrides)), firms=firms, replicates=6, years=(2010, until)
            )
            for overrides in (twin, base)
        ]
        difference = measure(records[0]) - measure(records[1])
        error = difference.std(ddof=1) / np.sqrt(difference.size)
        return float(difference.mean()), float(sampling.errors(1) * error)

    return gap


@pytest.fixture(scope="session")
def twin_move(live: Callable[..., Any], sampling: Any, at_once: tuple[str, ...]) -> Callable[..., tuple[float, float]]:
    """Return a function that gives how much more of some owners' output stands in a group of sites than in the twin.

    Every firm chooses afresh every year, so that a lever shows within a few years. The second number is what chance
    alone may do: a programme that differs carries its whole weight along.
    """

    def move(
        twin: Sequence[str],
        base: Sequence[str],
        group: str,
        *,
        origins: Sequence[str] | None = None,
        sectors: Sequence[str] | None = None,
        until: int = 2014,
        firms: int = 30_000,
    ) -> tuple[float, float]:
        every = [f"years.until={until}", *at_once]
        one, other = (
            live(footloose.load("literature", overrides=[*every, *more]), firms=firms) for more in (twin, base)
        )
        geography = other.run.setting.geography
        cell, owners = other.run.firms.cell, len(geography.origins)
        here = np.ones(other.value.size, dtype=bool)
        if origins is not None:
            here &= np.isin(cell % owners, [geography.origin(name) for name in origins])
        if sectors is not None:
            sector = cell // owners % len(geography.sectors)
            here &= np.isin(sector, [geography.sector(name) for name in sectors])
        shift = (one.places() - other.places())[here][:, list(geography.sites_in(group))].sum(axis=1)
        moved, whole = other.value[here] * shift, other.value[here].sum()
        return float(moved.sum() / whole), float(sampling.errors(1) * np.sqrt((moved**2).sum()) / whole)

    return move


@pytest.fixture(scope="session")
def same_bytes(live: Callable[..., Any]) -> Callable[..., None]:
    """Return a function that asserts that a mechanism, set so that it does nothing, changes no byte of a run."""

    def assert_same(mechanism: str, neutral: Sequence[str], more: Sequence[str] = ()) -> None:
        until = ["years.until=2016", *more]
        on, off = (
            live(footloose.load("literature", overrides=[*until, *chosen]), firms=1_000)
            for chosen in ([f"mechanisms.{mechanism}=on", *neutral], [f"mechanisms.{mechanism}=off"])
        )
        assert mechanism in on.run.rules.mechanisms
        assert mechanism not in off.run.rules.mechanisms
        own = {name for name in on.tables if name.startswith(mechanism)}
        assert on.tables.keys() - own == off.tables.keys()
        for name in off.tables.keys() - {"reasons"}:
            assert on.tables[name].tobytes() == off.tables[name].tobytes(), name

    return assert_same


@pytest.fixture(scope="session")
def neutral_base_year() -> Callable[..., None]:
    """Return a function that asserts that every hook that decides is neutral in the base year, and of full shape."""

    def assert_neutral(module: Any, params: Any, world: World) -> None:
        assert world.year == 2010
        expected = {"permission": 1.0, "pace": 1.0, "hedge": 0.0, "delay": 0.0, "refusal": 0.0, "outage": 0.0}
        checked = [hook for hook in expected if hasattr(module, hook)]
        for hook in checked:
            answer = np.asarray(getattr(module, hook)(params, world))
            shape = world.setting.shape if hook != "outage" else (world.setting.shape[1], world.setting.shape[3])
            np.broadcast_to(answer, shape)
            assert (answer == expected[hook]).all(), hook
        line = module.cost(params, world)
        for table in dataclasses.astuple(line):
            if table is not None:
                np.broadcast_to(table, world.setting.shape)
                assert np.isfinite(table).all()
        sizes = dict(zip(("market", "sector", "origin", "site"), world.setting.shape, strict=True))
        reported = module.report(params, world)
        assert reported.keys() == module.REPORTS.keys()
        for name, table in reported.items():
            assert table.shape == tuple(sizes[axis] for axis in module.REPORTS[name].axes), name
            assert np.isfinite(table).all(), name

    return assert_neutral
