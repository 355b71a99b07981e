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
from footloose.running import Run
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
    "business_cycle": (),  # nothing without shocks
}
"""Parameters with which a mechanism does nothing, in a world where everything else happens."""

EVERYTHING = tuple(f"mechanisms.{name}=on" for name, found in find_mechanisms().items() if not found.baseline)
"""Switches every mechanism on that the baseline leaves off."""

BY_CONSTANT_INPUTS = ("automation", "energy", "freight", "inputs", "labour", "lead_time", "tariffs", "taxes")
"""Mechanisms that turn a series into a cost: with constant series they do nothing at any parameters."""


def own_tables(mechanism: str) -> set[str]:
    """Return the tables in which a mechanism reports what it alone knows."""
    own = {"clusters": {"cluster"}, "automation": {"robot_density"}}
    return own.get(mechanism, set()) | set(find_mechanisms()[mechanism].reports)


def assert_same_but_for(mechanism: str, on: Any, off: Any) -> None:
    """Every byte of every table is the same, but for the mechanism's own tables and its empty column of reasons."""
    lines = [sorted(lived.run.base_lines) for lived in (on, off)]
    assert set(lines[0]) - set(lines[1]) == {mechanism}
    for name in on.tables.keys() - own_tables(mechanism) - {"reasons"}:
        if mechanism == "automation" and name.startswith(("jobs", "reshoring", "entries", "expansion")):
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
        live(footloose.load("literature", overrides=[UNTIL, *settings]), firms=FIRMS)
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
        scenario = footloose.load("literature", overrides=settings)
        setting = constant_world(scenario, until=2016)
        if mechanism == "tariffs":  # the ordinary duties are no change either, but they are collected
            series = {**setting.history.series, "mfn_tariff": np.zeros_like(setting.history.series["mfn_tariff"])}
            history = History(setting.history.years, series, setting.history.provenance)
            setting = dataclasses.replace(setting, history=history)
        lived.append(live(scenario, setting, firms=FIRMS))
    assert_same_but_for(mechanism, *lived)


def test_every_mechanism_with_a_line_is_tested_for_neutrality() -> None:
    """Those that are off in the baseline are tested one by one in tests/unit/mechanisms."""
    found = find_mechanisms().items()
    lines = {name for name, mechanism in found if mechanism.cost is not None and mechanism.baseline}
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
    base, nothing = (
        live(footloose.load("literature", overrides=[UNTIL, *more]), firms=FIRMS) for more in ((), written)
    )
    assert len(nothing.run.setting.law.instruments) == len(base.run.setting.law.instruments) + 1
    for name, table in base.tables.items():
        assert table.tobytes() == nothing.tables[name].tobytes(), name


def shuffles(names: Sequence[str]) -> list[list[str]]:
    """Return the names backwards and in two orders with no system in them."""
    order = np.argsort([(7 * position + 3) % (len(names) + 4) for position in range(len(names))], kind="stable")
    return [list(names)[::-1], [names[i] for i in order], [names[i] for i in order[::-1]]]


def test_the_order_of_mechanisms_changes_no_byte() -> None:
    """With every mechanism there is."""
    scenario = footloose.load("literature", overrides=["years.until=2018", *EVERYTHING])
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


@pytest.fixture(scope="module")
def everything_on() -> Run:
    """A run with every mechanism on, lived to 2021."""
    run = begin_run(footloose.load("literature", overrides=["years.until=2023", *EVERYTHING]), firms=1_000)
    for year in range(2010, 2022):
        live_one_year(run, year)
    return run


@pytest.mark.parametrize("mechanism", sorted(find_mechanisms()))
def test_off_takes_away_exactly_one_line(mechanism: str, everything_on: Run) -> None:
    """Seen from the same state of the world, in a year with everything going on."""
    run = dataclasses.replace(everything_on)
    whole = price(run, look(run, 2022))
    fewer = {name: held for name, held in run.rules.mechanisms.items() if name != mechanism}
    run.rules = dataclasses.replace(run.rules, mechanisms=fewer)
    rest = price(run, look(run, 2022))
    assert rest.names == tuple(name for name in whole.names if name != mechanism)
    assert rest.loadings == tuple(run.rules.mechanisms[name][0].loading for name in rest.names)
    gone = [whole.names.index(mechanism)] if mechanism in whole.names else []  # some have hooks alone
    assert rest.now.tobytes() == np.delete(whole.now, gone, axis=0).tobytes()
    assert rest.expected.tobytes() == np.delete(whole.expected, gone, axis=0).tobytes()
    assert rest.entry.tobytes() == np.delete(whole.entry, gone, axis=0).tobytes()
    assert (whole.entry[whole.names.index("subsidies")] < 0.0).any()
    by_loading = whole.expected_by_loading()
    np.testing.assert_allclose(by_loading.sum(axis=0), whole.mean_expected(), atol=1e-12)


ANSWERS = {
    "permission": 1.0, "pace": 1.0, "rootedness": 0.0, "hedge": 0.0, "delay": 0.0, "refusal": 0.0, "demand": 1.0,
    "outage": 0.0,
}  # fmt: skip
"""What hooks answer in the base year: what decides is neutral there."""


def test_all_that_decides_is_neutral_in_the_base_year() -> None:
    run = begin_run(footloose.load("literature", overrides=EVERYTHING), firms=100)
    world = look(run, 2010)
    for name, (mechanism, params) in run.rules.mechanisms.items():
        for hook, neutral in ANSWERS.items():
            if hook in mechanism.hooks:
                answer = np.asarray(mechanism.hooks[hook](params, world))
                np.testing.assert_allclose(answer, neutral, rtol=0.0, atol=1e-12, err_msg=f"{name}.{hook}")
    assert not price(run, world).mean_expected().any()
    assert not price(run, world).total_entry().any()


def test_with_every_mechanism_on_the_books_hold_to_the_end() -> None:
    run = begin_run(footloose.load("literature", overrides=EVERYTHING), firms=1_500)
    for year in range(2010, 2036):
        kept = live_one_year(run, year)
    assert all(np.isfinite(values).all() for values in kept.values())
    assert len(run.base_lines) > 30
