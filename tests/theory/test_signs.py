"""What raises what: duties, support, robots, freight. Twins share their draws, so that only the cause differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.history import History
from footloose.simulation import begin, population_of, rules_of
from footloose.world import BASE_YEAR, Setting
from footloose.year import live_one_year, look, price

Floats = npt.NDArray[np.float64]
FIRMS = 30_000
AFTER = 2025


def bought(lived: Any, year: int) -> Floats:
    """Return the share of each site in all a market buys; (market, site)."""
    sales = lived.tables["sales"][year - BASE_YEAR].sum(axis=(1, 2))
    return np.asarray(sales / sales.sum(axis=1, keepdims=True))


def moved_to(twin: Any, base: Any, sites: Iterable[int], here: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return how much more of some firms' output stands at some sites than in the twin, share and standard error."""
    chosen = list(sites)
    moved = (base.value[:, None] * (twin.places() - base.places()))[here][:, chosen].sum(axis=1)
    whole = base.value[here].sum()
    return float(moved.sum() / whole), float(np.sqrt((moved**2).sum()) / whole)


@pytest.fixture(scope="module")
def duty(policy: Callable[..., tuple[str, ...]]) -> tuple[str, ...]:
    """A duty of 30 % on all goods from China in the United States from 2013, believed to stay."""
    return policy("duty", kind="tariff", market="united_states", sites="china", rate=30, start=2013, believed=0.0)


@pytest.fixture(scope="module")
def duty_twins(live: Callable[..., Any], duty: tuple[str, ...]) -> tuple[Any, Any]:
    """A world without trade war, and the same with the duty."""
    until = f"years.until={AFTER}"
    scenarios = [footloose.load("no_trade_war", overrides=[until, *more]) for more in ((), duty)]
    return tuple(live(scenario, firms=100_000) for scenario in scenarios)


def test_a_duty_on_china_lowers_chinas_share(duty_twins: tuple[Any, Any], sampling: Any) -> None:
    """In the year it comes, as orders shift, and more when plants have moved, beyond what chance can do."""
    base, duty = duty_twins
    geography = base.run.setting.geography
    market, china = geography.market("united_states"), list(geography.sites_in("china"))
    falls = [bought(base, year)[market, china].sum() - bought(duty, year)[market, china].sum() for year in (2013, 2025)]
    assert falls[1] > falls[0] > 0.0
    change, error = moved_to(duty, base, china, base.market == market)
    assert change < -sampling.errors(1) * error


def test_third_countries_gain_more_than_home(duty_twins: tuple[Any, Any], sampling: Any) -> None:
    """In relation to what they had; home is the weaker substitute (CEPR DP17409: 43 % lower)."""
    base, duty = duty_twins
    geography = base.run.setting.geography
    market = geography.market("united_states")
    china, home = geography.sites_in("china"), geography.sites_in("united_states")
    third = sorted(set(range(len(geography.sites))) - set(china) - set(home))
    here = base.market == market
    gains, errors, shares = [], [], []
    for sites in (third, list(home)):
        change, error = moved_to(duty, base, sites, here)
        shares.append(bought(base, AFTER)[market, list(sites)].sum())
        gains.append(change / shares[-1])
        errors.append(error / shares[-1])
    assert gains[0] > sampling.errors(1) * errors[0]
    assert gains[0] - gains[1] > sampling.errors(1) * np.hypot(*errors)
    now = [
        bought(duty, AFTER)[market, list(sites)].sum() / share
        for sites, share in zip((third, home), shares, strict=True)
    ]
    assert now[0] > now[1] > 1.0


def test_what_is_not_believed_to_last_moves_fewer_plants(
    live: Callable[..., Any], policy: Callable[..., tuple[str, ...]], sampling: Any
) -> None:
    """The same duty collected in the same years; one is believed to stay, one to be gone after the first year."""
    keys = {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 30, "start": 2013}
    base, lasting, passing = (
        live(footloose.load("no_trade_war", overrides=["years.until=2020", *more]), firms=FIRMS)
        for more in ((), *(policy("duty", believed=belief, **keys) for belief in ("permanent", "{lasts: 1}")))
    )
    geography = base.run.setting.geography
    market, china = geography.market("united_states"), geography.sites_in("china")
    np.testing.assert_array_equal(lasting.tables["collected_rate"], passing.tables["collected_rate"])
    here = base.market == market
    (stays, error), (goes, other_error) = (moved_to(lived, base, china, here) for lived in (lasting, passing))
    assert stays < -sampling.errors(2) * error
    assert stays - goes < -sampling.errors(2) * np.hypot(error, other_error)


def test_an_announced_duty_moves_plants_before_it_is_paid(
    live: Callable[..., Any], policy: Callable[..., tuple[str, ...]], sampling: Any
) -> None:
    """Announced in 2012, in force from 2018: by the end of 2017 plants have left, and nobody has paid anything."""
    duty = policy(
        "duty", kind="tariff", market="united_states", sites="china", rate=60, announced=2012, start=2018, believed=0.0
    )
    base, announced = (
        live(footloose.load("no_trade_war", overrides=["years.until=2017", *more]), firms=FIRMS) for more in ((), duty)
    )
    geography = base.run.setting.geography
    here = base.market == geography.market("united_states")
    change, error = moved_to(announced, base, geography.sites_in("china"), here)
    assert change < -sampling.errors(1) * error
    np.testing.assert_array_equal(base.tables["collected_rate"], announced.tables["collected_rate"])


def test_other_markets_hardly_notice(duty_twins: tuple[Any, Any]) -> None:
    """Clusters, learning, wages and dearer parts are all that reaches them: less than a tenth of the shift of the
    market that levies the duty, and less than half a percentage point of what they buy."""
    base, duty = duty_twins
    market = base.run.setting.geography.market("united_states")
    shift = 0.5 * np.abs(bought(duty, AFTER) - bought(base, AFTER)).sum(axis=1)
    others = np.delete(shift, market)
    assert (others < 0.1 * shift[market]).all()
    assert (others < 0.005).all()


def test_where_no_firm_matters_to_another_other_markets_notice_nothing(
    live: Callable[..., Any], duty: tuple[str, ...], alone: tuple[str, ...]
) -> None:
    settings = ("years.until=2020", "mechanisms.inputs=off", "mechanisms.subsidies=off", *alone)
    base, taxed = (
        live(footloose.load("no_trade_war", overrides=[*settings, *more]), firms=5_000) for more in ((), duty)
    )
    market = base.run.setting.geography.market("united_states")
    others = base.market != market
    np.testing.assert_array_equal(base.run.firms.main[others], taxed.run.firms.main[others])
    sales = [np.delete(lived.tables["sales"], market, axis=1) for lived in (base, taxed)]
    np.testing.assert_array_equal(*sales)
    assert (base.run.firms.main[~others] != taxed.run.firms.main[~others]).any()


@pytest.mark.parametrize(
    "form",
    [
        {"output_share": 8, "new_plants_only": "false"},
        {"output_share": 8},
        {"capex_share": 60, "new_plants_only": "false"},
        {"capex_share": 60},
        {"usd_per_job": 150_000},
    ],
    ids=["output of all plants", "output of new plants", "capital", "capital of new plants", "jobs of new plants"],
)
def test_support_raises_the_supported_site(
    form: dict[str, object], live: Callable[..., Any], policy: Callable[..., tuple[str, ...]], sampling: Any
) -> None:
    written = policy("support", kind="subsidy", sites="us_south", start=2012, believed="permanent", **form)
    base, supported = (
        live(footloose.load("no_trade_war", overrides=["years.until=2024", *more]), firms=FIRMS)
        for more in ((), written)
    )
    site = base.run.setting.geography.site("us_south")
    change, error = moved_to(supported, base, [site], np.ones(FIRMS, dtype=bool))
    assert change > sampling.errors(1) * error
    output = [lived.tables["sales"][-1].sum(axis=(0, 1, 2)) for lived in (base, supported)]
    assert output[1][site] > output[0][site]
    outlay = [lived.tables["subsidy_outlay"].sum(axis=(0, 1))[site] for lived in (base, supported)]
    assert outlay[1] > outlay[0]


def test_cheaper_robots_help_high_wage_sites_and_save_jobs(live: Callable[..., Any], sampling: Any) -> None:
    base, robots = (
        live(footloose.load("literature", overrides=[f"mechanisms.automation.robot_cost_scale={scale}"]), firms=FIRMS)
        for scale in (1.0, 0.3)
    )
    wage = base.run.setting.history.series["wage"][0]
    change, error = moved_to(robots, base, np.flatnonzero(wage > wage.mean()), np.ones(FIRMS, dtype=bool))
    assert change > sampling.errors(1) * error
    jobs = [
        lived.tables["jobs"].sum(axis=(1, 2)) / lived.tables["sales"].sum(axis=(1, 2, 3, 4)) for lived in (base, robots)
    ]
    assert (jobs[1][1:] < jobs[0][1:]).all()
    assert (robots.tables["robot_density"][-1] > base.tables["robot_density"][-1]).all()


def dear_freight(setting: Setting, years: Iterable[int], factor: float = 3.0) -> Setting:
    """Return the same world with dearer freight in some years."""
    series = dict(setting.history.series)
    freight = series["freight"].copy()
    freight[[year - BASE_YEAR for year in years]] *= factor
    history = History(setting.history.years, {**series, "freight": freight}, setting.history.provenance)
    return dataclasses.replace(setting, history=history)


def test_a_freight_spike_moves_almost_no_plants(
    live: Callable[..., Any],
    constant_world: Callable[..., Any],
    quiet: tuple[str, ...],
    alone: tuple[str, ...],
    sampling: Any,
) -> None:
    """Plants follow what is believed to last. A year's spike adds p (1 - p)^k of itself to belief k years on, a lasting
    rise 1 - (1 - p)^(k + 1); what moves is proportional to the sum over the years, at most twice so for curvature.
    Orders follow the spike at once: buyers pay it."""
    scenario = footloose.load("literature", overrides=[*quiet, *alone])
    world, first, last = constant_world(scenario), 2015, 2035
    calm = live(scenario, world, firms=FIRMS)
    spike = live(scenario, dear_freight(world, [first]), firms=FIRMS)
    lasting = live(scenario, dear_freight(world, range(first, last + 1)), firms=FIRMS)

    def moved(lived: Any) -> tuple[float, float]:
        apart = calm.value * 0.5 * np.abs(lived.places() - calm.places()).sum(axis=1)
        return float(apart.sum() / calm.value.sum()), float(np.sqrt((apart**2).sum()) / calm.value.sum())

    persistence = scenario.mechanisms["freight"].persistence
    years = np.arange(last - first)
    believed = [(persistence * (1 - persistence) ** years).sum(), (1 - (1 - persistence) ** (years + 1)).sum()]
    (short, short_error), (long, long_error) = moved(spike), moved(lasting)
    limit = sampling.errors(2)
    share = 2.0 * believed[0] / believed[1]
    assert share < 0.2
    assert short <= share * long + limit * np.hypot(short_error, share * long_error)
    assert short < 0.005 < long - limit * long_error

    # The year of the spike: dearer goods, other orders, no plant opened for it yet.
    year = first - BASE_YEAR
    assert (spike.tables["buyer_cost"][year] > calm.tables["buyer_cost"][year]).any()
    np.testing.assert_array_equal(spike.tables["projects_open"][year], calm.tables["projects_open"][year])
    # Once it is over, buyers pay what they did but for where those few plants stand.
    np.testing.assert_allclose(spike.tables["buyer_cost"][-1], calm.tables["buyer_cost"][-1], rtol=1e-2)


def test_belief_in_freight_follows_what_is_paid_slowly(
    constant_world: Callable[..., Any], quiet: tuple[str, ...]
) -> None:
    """Line of the year of a spike and of the two after it: log(1 + freight / value), now at what is paid, expected at
    the belief b' = b + p (paid - b)."""
    scenario = footloose.load("literature", overrides=quiet)
    setting = dear_freight(constant_world(scenario), [2012])
    persistence = scenario.mechanisms["freight"].persistence
    run = begin(setting, rules_of(scenario), population_of(scenario), 500, 1, 0, 1e-5)
    value = np.asarray(setting.geography.traits["value_per_container"])[None, :, None] * 1000.0
    calm = setting.history.series["freight"][0]
    believed = calm.copy()
    for year in range(BASE_YEAR, 2015):
        paid = setting.history.series["freight"][year - BASE_YEAR]
        believed = believed + persistence * (paid - believed)
        ledger = price(run, look(run, year))
        line = ledger.names.index("freight")
        for seen, dollars in ((ledger.now, paid), (ledger.expected, believed)):
            change = np.log1p(dollars[:, None, :] / value) - np.log1p(calm[:, None, :] / value)
            np.testing.assert_allclose(seen[line, :, :, 0], change, atol=1e-12)
        live_one_year(run, year)
