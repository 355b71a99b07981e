"""A small finished run, made once for all tests that only look at one; a mechanism of the tests' own; twins."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from footloose import registry
from footloose.block import Block, parameter
from footloose.record import Record
from footloose.registry import find_mechanisms
from footloose.scenario import load
from footloose.simulation import begin_run, simulate
from footloose.world import World

Floats = npt.NDArray[np.float64]


class BorderTax(Block):
    """A border tax."""

    price: float = parameter(50, unit="USD", low=0, high=1000, source="test", certainty="C")
    """Its price."""
    covered: float = parameter(0.5, unit="1", low=0, high=1, source="test", certainty="C")
    """Its reach."""


@pytest.fixture
def border_tax(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """Add a mechanism `border_tax`, off by default and of suggestive evidence, in a folder of its own."""
    module = ModuleType("footloose.mechanisms.border_tax", "Border tax: what the border takes.\n\nMore.")
    module.Params, module.BASELINE, module.EVIDENCE = BorderTax, False, "suggestive"  # type: ignore[attr-defined]
    (tmp_path / "mechanisms").mkdir()
    (tmp_path / "mechanisms" / "border_tax.py").write_text("", encoding="utf-8")
    paths = [*registry.mechanisms.__path__, str(tmp_path / "mechanisms")]
    monkeypatch.setattr(registry.mechanisms, "__path__", paths)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    find_mechanisms.cache_clear()
    yield module
    find_mechanisms.cache_clear()


@pytest.fixture(scope="session")
def small_record() -> Record:
    """Return the baseline to 2013 with 500 programmes and two replicates."""
    return simulate(load("literature"), firms=500, replicates=2, years=(2010, 2013))


STILL = ("decisions.review_hazard=0", "decisions.attention=0", "decisions.expansion=0")
"""Nobody reviews: plants stay where they are, orders shift; twins then differ by the lever alone, without chance."""


@pytest.fixture(scope="session")
def world_of() -> Callable[..., tuple[Any, World]]:
    """Return a function that gives a mechanism's parameters and the world of a year, with the state of the base year.

    params : the mechanism's own; state: tables that replace others; more: overrides, such as those of a policy
    """

    def seen(
        mechanism: str,
        year: int,
        params: Mapping[str, object] | None = None,
        state: Mapping[str, Floats] | None = None,
        more: Sequence[str] = (),
    ) -> tuple[Any, World]:
        run = begin_run(load("literature", overrides=[f"mechanisms.{mechanism}=on", *more]), firms=200)
        found, default = run.rules.mechanisms[mechanism]
        given = default if params is None else found.params.model_validate(params)
        return given, World(run.setting, year, run.state | dict(state or {}), run.activity)

    return seen


@pytest.fixture(scope="session")
def assert_idle(live: Callable[..., Any]) -> Callable[..., None]:
    """Return a function that asserts that a mechanism, set so that it does nothing, changes no byte of a run."""

    def idle(mechanism: str, *neutral: str, also: Sequence[str] = ()) -> None:
        chosen = ([f"mechanisms.{mechanism}=on", *neutral], [f"mechanisms.{mechanism}=off"])
        every = ["years.until=2016", *also]
        on, off = (live(load("literature", overrides=[*every, *choice]), firms=1_000) for choice in chosen)
        assert mechanism in on.run.base_lines
        assert mechanism not in off.run.base_lines
        own = {name for name in on.tables if name.startswith(mechanism)}
        assert on.tables.keys() - own == off.tables.keys()
        for name in off.tables.keys() - {"reasons"}:
            assert on.tables[name].tobytes() == off.tables[name].tobytes(), name

    return idle


@pytest.fixture(scope="session")
def ordered(live: Callable[..., Any]) -> Callable[..., Callable[[str, str, str], float]]:
    """Return a function that lets a scenario happen with plants held still, and gives what then asks for shares.

    What it gives asks for (market, sector, group): the group's share of what the market buys in the last year, percent.
    """

    def lived_through(*overrides: str, until: int = 2014) -> Callable[[str, str, str], float]:
        lived = live(load("literature", overrides=[f"years.until={until}", *STILL, *overrides]), firms=4_000)
        geography, sales = lived.run.setting.geography, lived.tables["sales"][-1].sum(axis=2)

        def share(market: str, sector: str, group: str) -> float:
            bought = sales[geography.market(market), geography.sector(sector)]
            return float(100.0 * bought[list(geography.sites_in(group))].sum() / bought.sum())

        return share

    return lived_through


@pytest.fixture(scope="session")
def moved(live: Callable[..., Any], sampling: Any, at_once: tuple[str, ...]) -> Callable[..., tuple[float, float]]:
    """Return a function that gives how much more of a market's plants stands in a group than in the twin.

    Every firm chooses afresh every year. The second number is what chance alone may do (see `Sampling.errors`).
    """

    def shift(
        twin: Sequence[str], base: Sequence[str], market: str, group: str, *, until: int = 2013
    ) -> tuple[float, float]:
        one, other = (
            live(load("literature", overrides=[f"years.until={until}", *at_once, *more]), firms=20_000)
            for more in (twin, base)
        )
        geography = other.run.setting.geography
        here = other.market == geography.market(market)
        apart = (one.places() - other.places())[here][:, list(geography.sites_in(group))].sum(axis=1)
        weighed, whole = other.value[here] * apart, other.value[here].sum()
        return float(weighed.sum() / whole), float(sampling.errors(1) * np.sqrt((weighed**2).sum()) / whole)

    return shift
