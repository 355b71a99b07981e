"""A mechanism that does nothing is as good as none; the order does not matter; off takes away one line, no more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.history import History
from footloose.registry import find_mechanisms
from footloose.simulation import begin_run, population_of, rules_of, set_up, smallest_share
from footloose.year import live_one_year, look, price

Floats = npt.NDArray[np.float64]
FIRMS = 4_000
UNTIL = "years.until=2024"

NEUTRAL: dict[str, tuple[str, ...]] = {
    "clusters": ("elasticity=0",),
    "congestion": ("wage_elasticity=0",),
    "energy": ("share_scale=0",),
    "freight": ("share_scale=0",),
    "inputs": ("share_scale=0",),
    "lead_time": ("day_cost_scale=0",),
    "productivity": ("learning_elasticity=0",),
    "risk": ("premium_on_china=0", "distance_premium=0"),
    "subsidies": ("effectiveness=0",),
    "taxes": ("capital_income_share=0",),
    "unexplained": (),
}
"""Parameters with which a mechanism does nothing, in a world where everything else happens."""

BY_CONSTANT_INPUTS = ("automation", "energy", "freight", "inputs", "labour", "lead_time", "tariffs", "taxes")
"""Mechanisms that turn a series into a cost: with constant series they do nothing at any parameters."""

OWN_TABLES = {"clusters": {"cluster"}, "automation": {"robot_density"}}
"""Tables in which a mechanism reports what it alone knows."""


def assert_same_but_for(mechanism: str, on: Any, off: Any) -> None:
    """Every byte of every table is the same, but for the mechanism's own tables and its empty column of reasons."""
    lines = [sorted(lived.run.base_lines) for lived in (on, off)]
    assert set(lines[0]) - set(lines[1]) == {mechanism}
    for name in on.tables.keys() - OWN_TABLES.get(mechanism, set()) - {"reasons"}:
        if mechanism == "automation" and name.startswith(("jobs", "reshoring")):
            # Jobs per output c (1 - a) / (1 - a) are c but for three roundings.
            np.testing.assert_allclose(on.tables[name], off.tables[name], rtol=8 * np.finfo(float).eps)
        else:
            assert on.tables[name].tobytes() == off.tables[name].tobytes(), name
    column = lines[0].index(mechanism)
    reasons = on.tables["reasons"]
    if mechanism != "unexplained":
        assert (reasons[..., column] == 0.0).all()
    np.testing.assert_array_equal(np.delete(reasons, column, axis=-1), off.tables["reasons"])


@pytest.mark.parametrize("mechanism", NEUTRAL)
def test_a_neutral_mechanism_is_as_good_as_none(mechanism: str, live: Callable[..., Any]) -> None:
    neutral = [f"mechanisms.{mechanism}.{setting}" for setting in NEUTRAL[mechanism]]
    on, off = (
        live(footloose.load("baseline", overrides=[UNTIL, *settings]), firms=FIRMS)
        for settings in (neutral, [f"mechanisms.{mechanism}=off"])
    )
    assert_same_but_for(mechanism, on, off)


@pytest.mark.parametrize("mechanism", BY_CONSTANT_INPUTS)
def test_with_constant_inputs_a_cost_is_as_good_as_none(
    mechanism: str,
    live: Callable[..., Any],
    constant_world: Callable[..., Any],
    quiet: tuple[str, ...],
    alone: tuple[str, ...],
) -> None:
    lived = []
    for off in (False, True):
        kept = [setting for setting in quiet if not (off and setting.startswith(f"mechanisms.{mechanism}."))]
        settings = [*kept, *alone, *([f"mechanisms.{mechanism}=off"] if off else [])]
        scenario = footloose.load("baseline", overrides=settings)
        setting = constant_world(scenario, until=2016)
        if mechanism == "tariffs":  # the ordinary duties are no change either, but they are collected
            series = {**setting.history.series, "mfn_tariff": np.zeros_like(setting.history.series["mfn_tariff"])}
            history = History(setting.history.years, series, setting.history.provenance)
            setting = dataclasses.replace(setting, history=history)
        lived.append(live(scenario, setting, firms=FIRMS))
    assert_same_but_for(mechanism, *lived)


def test_every_mechanism_with_a_line_is_tested_for_neutrality() -> None:
    lines = {name for name, mechanism in find_mechanisms().items() if mechanism.cost is not None}
    assert lines == NEUTRAL.keys() | set(BY_CONSTANT_INPUTS)


@pytest.mark.parametrize(
    "keys",
    [
        {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 0},
        {"kind": "tariff", "market": "european_union", "sites": "all", "rate": 30, "coverage": 0},
        {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 0, "stacking": "exclusive"},
        {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 0, "stacking": "max"},
        {"kind": "subsidy", "sites": "us_south", "capex_share": 0},
        {"kind": "subsidy", "sites": "vietnam", "output_share": 0, "new_plants_only": "false", "budget_usd_billion": 1},
        {"kind": "subsidy", "sites": "mexico", "usd_per_job": 0},
    ],
    ids=lambda keys: " ".join(str(value) for value in keys.values()),
)
def test_a_policy_of_nothing_is_as_good_as_none(
    keys: Mapping[str, object], live: Callable[..., Any], policy: Callable[..., tuple[str, ...]]
) -> None:
    """A rate of zero, under an authority of history too, changes no byte."""
    authority = "section_301" if keys["kind"] == "tariff" else "chips_act"
    written = policy("nothing", announced=2013, start=2014, authority=authority, **keys)
    base, nothing = (live(footloose.load("baseline", overrides=[UNTIL, *more]), firms=FIRMS) for more in ((), written))
    assert len(nothing.run.setting.law.instruments) == len(base.run.setting.law.instruments) + 1
    for name, table in base.tables.items():
        assert table.tobytes() == nothing.tables[name].tobytes(), name


def shuffles(names: Sequence[str]) -> list[list[str]]:
    """Return the names backwards and in two orders with no system in them."""
    order = np.argsort([(7 * position + 3) % (len(names) + 4) for position in range(len(names))], kind="stable")
    return [list(names)[::-1], [names[i] for i in order], [names[i] for i in order[::-1]]]


def test_the_order_of_mechanisms_changes_no_byte() -> None:
    scenario = footloose.load("baseline", overrides=[UNTIL])
    setting, rules = set_up(scenario), rules_of(scenario)
    left = []
    for names in (list(rules.mechanisms), *shuffles(list(rules.mechanisms))):
        shuffled = dataclasses.replace(rules, mechanisms={name: rules.mechanisms[name] for name in names})
        assert list(shuffled.mechanisms) == names
        run = footloose.simulation.begin(
            setting, shuffled, population_of(scenario), FIRMS, 1, 0, smallest_share(scenario)
        )
        rows = [live_one_year(run, year) for year in setting.law.years]
        left.append({name: np.stack([row[name] for row in rows]).tobytes() for name in rows[0]})
    assert all(tables == left[0] for tables in left[1:])


@pytest.mark.parametrize("mechanism", sorted(find_mechanisms()))
def test_off_takes_away_exactly_one_line(mechanism: str) -> None:
    """Seen from the same state of the world, in a year with everything going on."""
    run = begin_run(footloose.load("baseline", overrides=["years.until=2023"]), firms=1_000)
    for year in range(2010, 2022):
        live_one_year(run, year)
    whole = price(run, look(run, 2022))
    fewer = {name: held for name, held in run.rules.mechanisms.items() if name != mechanism}
    run.rules = dataclasses.replace(run.rules, mechanisms=fewer)
    rest = price(run, look(run, 2022))
    assert rest.names == tuple(name for name in whole.names if name != mechanism)
    assert rest.loadings == tuple(run.rules.mechanisms[name][0].loading for name in rest.names)
    gone = whole.names.index(mechanism)
    assert rest.now.tobytes() == np.delete(whole.now, gone, axis=0).tobytes()
    assert rest.expected.tobytes() == np.delete(whole.expected, gone, axis=0).tobytes()
    assert rest.entry.tobytes() == np.delete(whole.entry, gone, axis=0).tobytes()
    assert (whole.entry[whole.names.index("subsidies")] < 0.0).any()
    by_loading = whole.expected_by_loading()
    np.testing.assert_allclose(by_loading.sum(axis=0), whole.mean_expected(), atol=1e-12)
