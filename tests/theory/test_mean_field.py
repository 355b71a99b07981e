"""Mean field: what is known in closed form comes out to rounding; agents scatter around it; derivatives are smooth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.choice import nested_logit
from footloose.errors import BooksError, FootlooseError, TooLarge
from footloose.mean_field import live_in_shares, solver
from footloose.record import Record
from footloose.registry import find_mechanisms
from footloose.sections import Population
from footloose.simulation import population_of, rules_of

Floats = npt.NDArray[np.float64]

LAST = 2014
REPLICATES = 8
BIAS = 0.01
"""What 4 nodes and 40,000 programmes may be off besides chance, relative; docs/mean_field.md has what was measured."""


@pytest.fixture(scope="module")
def duty(policy: Callable[..., tuple[str, ...]]) -> Callable[[float], footloose.Scenario]:
    """Return the literature's world with a duty on China from 2011 on."""

    def at(rate: float) -> footloose.Scenario:
        chosen = {"market": "united_states", "sites": "china", "start": 2011}
        return footloose.load("literature", overrides=policy("duty", kind="tariff", rate=rate, **chosen))

    return at


def bought(tables: Any) -> Floats:
    """Return the shares of sites in what markets buy; (..., year, market, site)."""
    flow = tables["sales"].sum(axis=(-3, -2))
    return np.asarray(flow / flow.sum(axis=-1, keepdims=True))


def test_choice_afresh_is_the_nested_logit(small_world: Callable[..., Any]) -> None:
    """No sunk cost, full attention: two years after a duty shares are those of the closed form, to rounding."""
    nest, rates, theta, dissimilarity = [0, 0, 1], [0.0, 20.0, 5.0], 4.0, 0.5
    world = small_world(
        3, nest, years=6, traits={"trade_elasticity": theta}, decisions={"nest_dissimilarity": dissimilarity},
        duties={"rates": rates, "start": 2012},
    )  # fmt: skip
    rows = live_in_shares(world.setting, world.rules, Population(), 2, 1e-5)
    utility = dissimilarity * np.log(1.0 / np.array([2, 2, 1])) + np.log(np.array([2, 2, 1]) / 3.0)
    expected = nested_logit((utility - theta * np.log1p(np.array(rates) / 100.0))[None], np.array(nest), dissimilarity)
    for row, wanted in ((rows[1], np.full(3, 1 / 3)), (rows[4], expected[0])):
        np.testing.assert_allclose(bought(row)[0], wanted, rtol=1e-9)


def test_every_flow_is_met_by_an_equal_flow_back(
    constant_world: Callable[..., Any], quiet: tuple[str, ...], alone: tuple[str, ...]
) -> None:
    """Detailed balance of the base year (decision 2), sunk cost, pairs and all: exact where agents have it on average.

    Later on shares drift a little, because who is building does not review: at most two thousandths in five years.
    """
    scenario = footloose.load("literature", overrides=[*quiet, *alone, "decisions.young_plant=0"])
    setting = constant_world(scenario, until=2015)
    rows = live_in_shares(setting, rules_of(scenario), population_of(scenario), 1, floor=1e-12)
    moved = rows[0]["moves_value"]
    assert moved.sum() > 1e-3 * rows[0]["sales"].sum()
    assert np.abs(moved - np.swapaxes(moved, 2, 3)).max() < 1e-12 * moved.max()
    shares = np.stack([bought(row) for row in rows])
    held = setting.base.use.sum(axis=1) / setting.base.use.sum(axis=(1, 2))[:, None]
    np.testing.assert_allclose(shares[0], held, rtol=1e-9)
    np.testing.assert_allclose(shares[-1], held, rtol=2e-3)


@pytest.fixture(scope="module")
def both(duty: Callable[[float], footloose.Scenario]) -> tuple[Record, Record]:
    """Return mean field and agents under a duty of 30 %."""
    agents = footloose.simulate(duty(30.0), firms=40_000, replicates=REPLICATES, years=(2010, LAST))
    return footloose.solve_mean_field(duty(30.0), nodes=4, years=(2010, LAST)), agents


def off(exact: Floats, agents: Floats) -> Floats:
    """Return how far the mean of the agents lies off, beyond the bias allowed, in standard errors; (replicate, ...)."""
    error = agents.std(axis=0, ddof=1) / np.sqrt(len(agents))
    gap = np.maximum(np.abs(agents.mean(axis=0) - exact) - BIAS * exact, 0.0)
    return np.asarray(gap / np.maximum(error, 1e-300))


@pytest.mark.parametrize("year", [2012, 2013, LAST])
def test_agents_scatter_around_it(both: tuple[Record, Record], year: int) -> None:
    """Squared gaps average (R - 1) / (R - 3) where the mean is right; none is as far off as chance forbids."""
    exact, agents = (bought(record.tables)[:, year - 2010] for record in both)
    gaps = off(exact[0], agents)
    assert np.mean(gaps**2) < 1.5 * (REPLICATES - 1) / (REPLICATES - 3)
    assert gaps.max() < 9.0
    error = agents.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
    assert np.median(error / exact[0]) < 0.02, "the agents are too few for the test to say anything"


@pytest.mark.parametrize(
    "table", ["announced_value", "moves_value", "entries_jobs", "jobs_turnover", "delayed_value", "construction"]
)
def test_so_do_projects_and_jobs(both: tuple[Record, Record], table: str) -> None:
    exact, agents = (np.asarray(record.tables[table]) for record in both)
    gaps = off(exact[0].sum(), agents.reshape(REPLICATES, -1).sum(axis=1))
    assert gaps < 6.0, table


def test_one_node_a_cell_is_not_enough(
    both: tuple[Record, Record], duty: Callable[[float], footloose.Scenario]
) -> None:
    """The comparison sees a wrong answer: without unlike firms too few move."""
    alike = footloose.solve_mean_field(duty(30.0), nodes=1, years=(2010, LAST))
    agents = both[1].tables["announced_value"].reshape(REPLICATES, -1).sum(axis=1)
    assert off(alike.tables["announced_value"].sum(), agents) > 10.0


def test_the_record_is_that_of_a_run(both: tuple[Record, Record]) -> None:
    exact, agents = both
    assert {name: table.shape[1:] for name, table in exact.tables.items()} == {
        name: table.shape[1:] for name, table in agents.tables.items()
    }
    assert exact.replicates == 1
    assert exact.manifest["solver"] == "mean field"


def test_a_small_change_has_a_small_effect_of_the_same_slope(duty: Callable[[float], footloose.Scenario]) -> None:
    """d China's share / d duty: two steps agree; of a small one agents see what nobody's decision hangs on."""

    def china(record: Record) -> Floats:
        """Return China's share of what the United States buy in the last year; (replicate,)."""
        geography = record.geography
        sites = list(geography.sites_in("china"))
        return np.asarray(bought(record.tables)[:, -1, geography.market("united_states"), sites].sum(axis=1))

    worlds, years = {rate: duty(rate) for rate in (30.0, 30.01, 31.0)}, (2010, 2013)
    exact = {rate: china(footloose.solve_mean_field(worlds[rate], nodes=1, years=years))[0] for rate in worlds}
    small, large = ((exact[rate] - exact[30.0]) / (rate - 30.0) for rate in (30.01, 31.0))
    assert large < 0.0
    assert small == pytest.approx(large, rel=0.02)
    drawn = [china(footloose.simulate(worlds[rate], firms=2_000, replicates=2, years=years)) for rate in (30.0, 30.01)]
    slopes = (drawn[1] - drawn[0]) / 0.01
    assert np.abs(slopes / small - 1.0).min() > 0.2


def test_every_mechanism_can_be_solved() -> None:
    on = [f"mechanisms.{name}=on" for name, found in find_mechanisms().items() if not found.baseline]
    record = footloose.solve_mean_field(footloose.load("literature", overrides=on), nodes=1, years=(2010, 2011))
    assert all(np.isfinite(table).all() for table in record.tables.values())


def test_what_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = footloose.load("literature")
    with pytest.raises(FootlooseError, match="nodes: 12 given; a power of two from 1 to 4096 is needed"):
        footloose.solve_mean_field(scenario, nodes=12)
    with pytest.raises(FootlooseError, match="years: 2010:2050 given"):
        footloose.solve_mean_field(scenario, years=(2010, 2050))
    monkeypatch.setattr(solver, "free_memory", lambda: 10_000_000)
    with pytest.raises(TooLarge, match=r"nodes: 8 need 0\.\d GB, 0\.0 GB are free"):
        footloose.solve_mean_field(scenario)


def test_books_see_what_is_lost(small_world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    world, leave = small_world(3, years=3), solver.leave_single

    def lose(nodes: int, single: Floats, *more: Any) -> None:
        leave(nodes, single, *more)
        single *= 1.0 - 1e-6

    monkeypatch.setattr(solver, "leave_single", lose)
    with pytest.raises(BooksError, match="2011: footprints differ from the base-year total"):
        live_in_shares(world.setting, world.rules, Population(), 1, 1e-5)
