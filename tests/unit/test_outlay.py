"""What governments pay, by hand in a world of two sites."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from footloose import choice
from footloose.beliefs import Instrument
from footloose.errors import ScenarioError
from footloose.events import Changes, Motive, Openings
from footloose.firms import LONG_AGO, unborn
from footloose.history import PolicyRow
from footloose.law import Law
from footloose.mechanisms.subsidies import Params, cost, support, uncertainty
from footloose.outlay import pay_support
from footloose.projects import CANCELLED, OPENED
from footloose.scenario import load
from footloose.simulation import begin_run
from footloose.support import annuity
from footloose.world import Activity, Setting, World
from footloose.year import live_one_year

OUTPUT = np.array([[1000.0, 500.0]])


def instrument(form: str, rate: float, until: date | None = None, **changes: Any) -> Instrument:
    """Return support for site 1 from 2012."""
    row = PolicyRow(
        id="support", kind="subsidy", authority="test", market="", announced=date(2012, 1, 1), start=date(2012, 1, 1),
        until=until, stacking="add", dates=(date(2012, 1, 1),), rates=np.array([[[0.0, rate]]]), form=form,
        budget_usd_billion=None, new_plants_only=True, reversal=0.0, reversal_source="", title="", source="",
        certainty="C",
    )  # fmt: skip
    return Instrument(dataclasses.replace(row, **changes), path_known=True, reversal=0.2, learning=False)


@pytest.fixture
def world(small_world: Callable[..., Any]) -> Callable[..., World]:
    """Return a function that makes the world of a year under one instrument."""
    plain = small_world(sites=2, traits={"capital_per_output": 0.5}).setting

    def made(given: Instrument, year: int = 2013, spent: float = 0.0) -> World:
        law = Law((given,), plain.law.beliefs, plain.law.markets, plain.law.years)
        setting = dataclasses.replace(plain, law=law)
        activity = Activity(np.zeros(setting.shape), OUTPUT, OUTPUT, OUTPUT, {"support": spent})
        return World(setting, year, {}, activity)

    return made


def openings(setting: Setting, value: float = 100.0) -> Openings:
    """Return one plant of so many USD million of yearly output that opens at site 1."""
    firms = unborn(1)
    firms.value[:], firms.target[:] = round(value * 1000), 1
    return Openings.of(setting, firms, np.ones(1), np.array([0]), np.array([OPENED]))


def changes(setting: Setting, value: float = 0.0, kind: int = choice.MOVE, opened: int = LONG_AGO) -> Changes:
    """Return one plant that leaves site 0 for site 1, or gives up site 1 where `kind` says so."""
    firms = unborn(1)
    firms.value[:], firms.opened[:], firms.second[:] = round(value * 1000), opened, 1
    dropping = kind == choice.DROP_SECOND
    left, reached = np.array([int(dropping)]), np.array([int(not dropping)])
    motive = Motive(left, np.array([0]), np.zeros(1), -1)
    return Changes.of(setting, firms, np.ones(1), (np.array([0]), reached, np.array([kind])), motive, 2013)


def paid(world: World, value: float = 100.0, **given: Any) -> float:
    plants, decided = openings(world.setting, value), changes(world.setting, value)
    table = pay_support(world, plants, decided, OUTPUT, given.get("spent", {}), given.get("supported", {}), {})[
        "subsidy_outlay"
    ]
    assert table[0, 0] == 0.0
    return float(table[0, 1])


def test_a_capital_grant_is_paid_on_what_plants_cost(world: Callable[..., World]) -> None:
    """20 % of a capital of 0.5 per unit of output."""
    assert paid(world(instrument("capex_share", 20.0))) == pytest.approx(100.0 * 0.5 * 0.2)


def test_a_grant_per_job(world: Callable[..., World]) -> None:
    """3 jobs per USD million: 300 jobs at USD 50,000 are USD 15 million."""
    assert paid(world(instrument("usd_per_job", 50_000.0))) == pytest.approx(15.0)


def test_a_credit_for_everybody_is_paid_on_all_output(world: Callable[..., World]) -> None:
    assert paid(world(instrument("output_share", 10.0, new_plants_only=False))) == pytest.approx(50.0)


def test_a_credit_for_new_plants_is_paid_every_year_on_all_that_opened(world: Callable[..., World]) -> None:
    given, supported = instrument("output_share", 10.0), {}
    years = [
        paid(world(given, year), value, supported=supported)
        for year, value in ((2012, 100.0), (2013, 40.0), (2014, 0.0))
    ]
    assert years == pytest.approx([10.0, 14.0, 14.0])


def test_a_credit_ends_with_its_law_and_never_exceeds_output(world: Callable[..., World]) -> None:
    given, supported = instrument("output_share", 10.0, until=date(2013, 12, 31)), {}
    assert paid(world(given, 2013), 900.0, supported=supported) == pytest.approx(50.0)
    assert paid(world(given, 2014), 0.0, supported=supported) == 0.0


def test_plants_opened_before_the_law_earn_nothing(world: Callable[..., World]) -> None:
    given, supported = instrument("output_share", 10.0), {}
    assert paid(world(given, 2011), 100.0, supported=supported) == 0.0
    assert paid(world(given, 2012), 0.0, supported=supported) == 0.0


def test_the_budget_is_never_exceeded(world: Callable[..., World]) -> None:
    given, spent = instrument("capex_share", 20.0, budget_usd_billion=0.025), {}
    years = [paid(world(given), 100.0, spent=spent) for _ in range(4)]
    assert years == pytest.approx([10.0, 10.0, 5.0, 0.0])
    assert spent["support"] == pytest.approx(25.0)


def test_support_in_the_ledger_is_the_annuity_of_the_grant(world: Callable[..., World]) -> None:
    """What an entrant counts on: 20 % x 0.5 x the annuity of 12 years at 8 %."""
    given = world(dataclasses.replace(instrument("capex_share", 20.0), reversal=0.0))
    yearly = 0.2 * 0.5 * 0.08 / (1.0 - 1.08**-12)
    line = cost(Params(), given)
    assert line.entry is not None
    assert line.entry[0, 0, 0] == pytest.approx(np.array([0.0, np.log(1.0 - yearly)]))
    assert not line.now.any()
    assert not line.expected.any()
    assert support(Params(effectiveness=0.5), given, given.setting.law.subsidies[0], np.array([[0.0, 20.0]]))[
        0, 1
    ] == pytest.approx(yearly / 2.0)
    assert annuity(10.0, 0.0) == 0.1


def test_credits_for_everybody_lower_the_cost_of_incumbents(world: Callable[..., World]) -> None:
    line = cost(Params(), world(instrument("output_share", 10.0, new_plants_only=False)))
    assert line.now[0, 0, 0, 1] == pytest.approx(np.log(0.9))
    assert line.now[0, 0, 0, 1] < line.expected[0, 0, 0, 1] < 0.0
    assert line.entry is not None
    assert not line.entry.any()


@pytest.mark.parametrize("spent, share", [(0.0, 1.0), (900.0, 1.0), (950.0, 0.5), (1000.0, 0.0)])
def test_support_runs_out_with_the_last_tenth_of_the_budget(
    world: Callable[..., World], spent: float, share: float
) -> None:
    given = instrument("output_share", 10.0, new_plants_only=False, budget_usd_billion=1.0)
    rich, poor = world(given), world(given, spent=spent)
    assert cost(Params(), poor).now[0, 0, 0, 1] == pytest.approx(np.log(1.0 - 0.1 * share))
    assert uncertainty(Params(), poor)[0, 0, 0, 1] == pytest.approx(share * uncertainty(Params(), rich)[0, 0, 0, 1])


def grant(**given: Any) -> Instrument:
    return instrument("capex_share", 20.0, **{"claw_back": 50.0, "claw_back_years": 3.0} | given)


def nothing(setting: Setting) -> Openings:
    firms, none = unborn(1), np.empty(0, dtype=np.int64)
    return Openings.of(setting, firms, np.ones(1), none, none)


def lost(setting: Setting, value: float) -> Openings:
    """Return one cancelled project at site 1."""
    firms = unborn(1)
    firms.value[:], firms.target[:] = round(value * 1000), 1
    return Openings.of(setting, firms, np.ones(1), np.array([0]), np.array([CANCELLED]))


def test_half_of_a_cancelled_grant_comes_back(world: Callable[..., World]) -> None:
    """20 % of 0.5 years of output of 100: 10 promised; a quarter of it is cancelled, half of 2.5 comes back."""
    first, spent, grants = world(grant()), {}, {}
    setting = first.setting
    pay_support(first, nothing(setting), changes(setting, 100.0), OUTPUT, spent, {}, grants)
    assert spent["support"] == pytest.approx(10.0)

    def back(year: int, value: float) -> Any:
        ended = lost(setting, value)
        given = world(grant(), year)
        return pay_support(given, ended, changes(setting), OUTPUT, spent, {}, grants)["subsidy_outlay"]

    assert back(2014, 25.0) == pytest.approx(np.array([[0.0, -1.25]]))
    assert spent["support"] == pytest.approx(8.75)
    assert back(2015, 500.0)[0, 1] == pytest.approx(-3.75), "no more than half of the 7.5 still bound"
    assert not back(2016, 500.0).any(), "nothing comes back twice"
    assert spent["support"] == pytest.approx(5.0)


@pytest.mark.parametrize("opened, back", [(2009, 0.0), (2010, -5.0), (2013, -5.0)])
def test_a_plant_that_leaves_within_the_years_gives_back(world: Callable[..., World], opened: int, back: float) -> None:
    """Three years bind; the plant of 100 is given up in 2013, and half of its 10 comes back."""
    given, spent, grants = world(grant()), {}, {}
    setting = given.setting
    pay_support(given, nothing(setting), changes(setting, 100.0), OUTPUT, spent, {}, grants)
    dropped = changes(setting, 200.0, choice.DROP_SECOND, opened)
    table = pay_support(given, nothing(setting), dropped, OUTPUT, spent, {}, grants)["subsidy_outlay"]
    assert table[0, 1] == pytest.approx(back)


def test_what_comes_back_is_paid_out_again_within_the_budget(world: Callable[..., World]) -> None:
    """A budget of 10 is spent on one plant; 5 come back and are all that the next one gets."""
    given, spent, grants = world(grant(budget_usd_billion=0.01)), {}, {}
    setting = given.setting
    pay_support(given, nothing(setting), changes(setting, 100.0), OUTPUT, spent, {}, grants)
    table = pay_support(given, lost(setting, 100.0), changes(setting, 100.0), OUTPUT, spent, {}, grants)
    assert table["subsidy_outlay"][0, 1] == pytest.approx(-5.0 + 5.0)
    assert spent["support"] == pytest.approx(10.0)


def test_promises_out_of_date_are_forgotten(world: Callable[..., World]) -> None:
    """Three years after opening and five of building later, nothing comes back any more."""
    first, spent, grants = world(grant(), year=2013), {}, {}
    setting = first.setting
    pay_support(first, nothing(setting), changes(setting, 100.0), OUTPUT, spent, {}, grants)
    for year, kept in ((2021, 1), (2022, 0)):
        late = world(dataclasses.replace(grant(), row=dataclasses.replace(grant().row, until=date(2020, 1, 1))), year)
        pay_support(late, nothing(setting), changes(setting), OUTPUT, spent, {}, grants)
        assert sum(float(promise.sum()) > 0.0 for promise in grants["support"].promised.values()) == kept


def test_without_claw_back_nothing_is_remembered(world: Callable[..., World]) -> None:
    given, grants = world(grant(claw_back=0.0)), {}
    pay_support(given, nothing(given.setting), changes(given.setting, 100.0), OUTPUT, {}, {}, grants)
    assert not grants


def test_a_claw_back_in_a_run_returns_money_and_closes_the_books() -> None:
    """The same package with and without, first without a ceiling: firms decide alike, and some money comes back. With
    a ceiling it is paid out again, so that more plants get it. What was paid, net, is what has been spent."""
    outlay = {}
    for budget in ("null", 40):
        for claw_back in (0, 100):
            package = {"kind": "subsidy", "sites": "united_states", "capex_share": 30, "from": 2012}
            package |= {"claw_back": claw_back, "budget_usd_billion": budget}
            given = [f"policies.package.{key}={value}" for key, value in package.items()]
            run = begin_run(load("no_trade_war", overrides=["policy_record.include=none", *given]), firms=2_000)
            net = [live_one_year(run, year)["subsidy_outlay"].sum() for year in range(2010, 2020)]
            assert sum(net) == pytest.approx(run.spent["package"])
            outlay[budget, claw_back] = sum(net)
    assert 0.0 < outlay["null", 100] < outlay["null", 0]
    assert outlay[40, 100] <= 40_000.0 * (1.0 + 1e-9)
    assert outlay[40, 0] == pytest.approx(40_000.0)


def test_a_claw_back_of_a_credit_is_refused() -> None:
    with pytest.raises(ScenarioError, match="claw_back goes with a grant"):
        load(
            "baseline",
            overrides=[
                f"policies.credit.{key}={value}"
                for key, value in {
                    "kind": "subsidy", "sites": "mexico", "output_share": 5, "from": 2027, "claw_back": 50
                }.items()
            ],
        )  # fmt: skip
