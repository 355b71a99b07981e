"""Explain: a firm's costs add up to the model's own shares, and what it did is told in order."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from footloose.errors import FootlooseError, UnknownName
from footloose.explain import (
    Question,
    Watch,
    cost_stack,
    distance_from_mean,
    explain_firm,
    explain_parameter,
    main_import_site,
    stack_of_typical_firm,
    typical_firm,
)
from footloose.ledger import Ledger, Loading
from footloose.running import Run, position
from footloose.scenario import load
from footloose.simulation import begin_run
from footloose.year import look, price

BASELINE = load("baseline")


@pytest.fixture(scope="module")
def run() -> Run:
    return begin_run(BASELINE, firms=2000)


@pytest.fixture(scope="module")
def ledger(run: Run) -> Ledger:
    return price(run, look(run, 2010))


def test_base_year_costs_are_what_the_base_year_shares_say(run: Run, ledger: Ledger) -> None:
    """Berry: total = -V / theta but for a constant, V the nested-logit utility behind the pull."""
    cell = int(run.firms.cell[0])
    stack = cost_stack(run, ledger, cell, np.ones(len(Loading)))
    utility = run.rules.decisions.nest_dissimilarity * np.log(run.anchor.weight[cell])
    wanted = -100.0 * utility / run.terrain.elasticity[cell]
    total = stack.sum(axis=1)
    assert total - total[0] == pytest.approx(wanted - wanted[0])
    assert run.anchor.shares[cell] @ stack == pytest.approx(np.zeros(stack.shape[1]), abs=1e-9)


def test_a_firms_attribute_multiplies_its_line(run: Run, ledger: Ledger) -> None:
    cell, labour = int(run.firms.cell[0]), ledger.names.index("labour")
    once, twice = (cost_stack(run, ledger, cell, np.array([1.0, factor, 1.0, 1.0])) for factor in (1.0, 2.0))
    assert twice[:, labour] == pytest.approx(2.0 * once[:, labour])
    assert twice.sum(axis=1) == pytest.approx(once.sum(axis=1))  # what is unexplained gives way


def test_the_typical_firm_is_the_closest_to_the_mean(run: Run) -> None:
    geography = run.setting.geography
    market, sector = geography.market("united_states"), geography.sector("electronics")
    site = main_import_site(run, market, sector)
    assert geography.sites[site] not in ("us_south", "us_midwest", "us_west", "us_northeast")
    firm = typical_firm(run, (market, sector, None), site)
    assert run.firms.main[firm] == site
    assert run.firms.second[firm] == -1
    origins = run.setting.shape[2]
    same = (
        (run.firms.cell // origins == run.firms.cell[firm] // origins)
        & (run.firms.main == site)
        & (run.firms.second < 0)
    )
    distance = distance_from_mean(run.firms, np.flatnonzero(same))
    assert distance_from_mean(run.firms, np.array([firm]))[0] == distance.min()


def test_no_firm_fits() -> None:
    small = begin_run(BASELINE, firms=3)
    with pytest.raises(FootlooseError, match="try more --firms"):
        typical_firm(small, (0, 0, 3), 5)


def test_the_figures_firm_needs_no_population(ledger: Ledger) -> None:
    small = begin_run(BASELINE, firms=3)
    stack, site = stack_of_typical_firm(small, price(small, look(small, 2010)), 0, 2)
    assert stack.shape == (len(small.setting.geography.sites), len(ledger.names))
    assert site == main_import_site(small, 0, 2)


def told(run: Run, ledger: Ledger, *footprints: tuple[int, int, int]) -> list[str]:
    """Return what is told of a firm whose main site, second site and project are so in the years from 2011."""
    firms = dataclasses.replace(
        run.firms, **{name: getattr(run.firms, name).copy() for name in ("main", "second", "target", "adding")}
    )
    other = dataclasses.replace(run, firms=firms)
    firms.main[0], firms.second[0], firms.target[0] = 0, -1, -1
    watch = Watch(other, 0)
    for year, (main, second, target) in enumerate(footprints, 2011):
        firms.main[0], firms.second[0], firms.target[0] = main, second, target
        watch.note(year, ledger)
    return [f"{step.year} {step.text.split(';')[0]}" for step in watch.steps]


def test_a_move_is_told(run: Run, ledger: Ledger) -> None:
    names = run.setting.geography.sites
    assert told(run, ledger, (0, -1, 3), (0, -1, 3), (3, -1, -1)) == [
        f"2011 announced a move from {names[0]} to {names[3]}",
        f"2013 opened its plant in {names[3]}",
    ]


def test_a_project_given_up_and_a_site_dropped_are_told(run: Run, ledger: Ledger) -> None:
    names = run.setting.geography.sites
    assert told(run, ledger, (0, -1, 3), (0, -1, -1), (0, 5, -1), (5, -1, -1))[1:] == [
        f"2012 gave up its project in {names[3]}",
        f"2013 concentrated on {names[0]}",
        f"2014 concentrated on {names[5]}",
    ]


def test_opening_and_announcing_in_one_year_are_both_told(run: Run, ledger: Ledger) -> None:
    names = run.setting.geography.sites
    assert told(run, ledger, (0, -1, 3), (3, -1, 7)) == [
        f"2011 announced a move from {names[0]} to {names[3]}",
        f"2012 opened its plant in {names[3]}",
        f"2012 announced a move from {names[3]} to {names[7]}",
    ]


def test_support_for_new_plants_is_a_reason(run: Run, ledger: Ledger) -> None:
    line = position(ledger, "subsidies")
    assert line >= 0
    entry = np.zeros((1, 1, 1, ledger.shape[3]))
    entry[..., 4] = -0.3
    changes = list(ledger.changes)
    changes[line] = dataclasses.replace(changes[line], entry=entry)
    supported = dataclasses.replace(ledger, changes=tuple(changes))
    watch = Watch(run, 0)
    assert "subsidies" in watch._reason(supported, 0, 4)
    assert "no line" in watch._reason(ledger, 0, 4)


def test_a_parameter_in_words() -> None:
    text = explain_parameter("clusters.elasticity")
    assert "0.0 to 0.3" in text
    assert "Combes and Gobillon" in text


@pytest.mark.parametrize("name", ["clusterz.elasticity", "clusters.elastcity", "clusters", ""])
def test_an_unknown_parameter_names_the_nearest(name: str) -> None:
    with pytest.raises(UnknownName):
        explain_parameter(name)


def test_a_question_about_another_time_or_place_is_refused() -> None:
    with pytest.raises(FootlooseError, match="from 2010 to 2035"):
        explain_firm(BASELINE, Question("united_states", "electronics", 2036))
    with pytest.raises(UnknownName, match="did you mean 'electronics'"):
        explain_firm(BASELINE, Question("united_states", "electronic", 2012))


def test_explanation_of_a_year() -> None:
    told = explain_firm(BASELINE, Question("united_states", "electronics", 2011), firms=2000)
    assert told.stack.shape == (len(told.sites), len(told.lines))
    assert told.total == pytest.approx(told.stack.sum(axis=1))
    assert told.main in told.sites
    assert "electronics for united_states" in told.firm
