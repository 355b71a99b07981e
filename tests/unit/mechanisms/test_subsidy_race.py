"""Subsidy race: the reaction function by hand, its budget and its caps, and what it does to a package in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from footloose.mechanisms import subsidy_race
from footloose.mechanisms.subsidy_race import Params
from footloose.scenario import load
from footloose.simulation import base_activity, begin_run, set_up
from footloose.world import World
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
YEAR = 2027
LIMIT = float(norm.ppf(0.99))
"""Standard errors of a difference that chance alone exceeds once in a hundred."""


def package(sites: str = "us_south", **keys: object) -> list[str]:
    """Return 20 % of the capital cost of electronics plants from 2027, as overrides."""
    given = {"kind": "subsidy", "sites": sites, "sectors": "electronics", "capex_share": 20, "from": YEAR} | keys
    return [f"policies.package.{key}={value}" for key, value in given.items()]


def world(
    instrument: Sequence[str] = (),
    year: int = YEAR,
    state: Mapping[str, Floats] | None = None,
    begun: Floats | None = None,
) -> World:
    """Return the world of a year under one instrument alone."""
    setting = set_up(load("literature", overrides=["policy_record.include=none", *(instrument or package())]))
    activity = base_activity(setting)
    if begun is not None:
        activity = dataclasses.replace(activity, begun=begun)
    given = World(setting, year, {}, activity)
    return dataclasses.replace(given, state=state or subsidy_race.initial(Params(), given))


def at(table: Floats, given: World, site: str, sector: str = "electronics") -> float:
    geography = given.setting.geography
    return float(table[geography.sectors.index(sector), geography.site(site)])


def test_a_member_moves_half_way_to_half_of_the_best_rival() -> None:
    """20 % in the South: the others aim at 10 % and get half way in the first year, three quarters in the second."""
    first = world()
    state = subsidy_race.advance(Params(), first)
    offer = state["subsidy_race_offer"]
    for site in ("us_midwest", "us_west", "vietnam", "india", "western_europe", "advanced_asia", "mexico"):
        assert at(offer, first, site) == pytest.approx(5.0), site
    for site in ("us_south", "rest_of_world", "yangtze_delta", "canada"):
        assert at(offer, first, site) == 0.0, site
    assert at(offer, first, "us_midwest", "textiles") == 0.0
    second = subsidy_race.advance(Params(), world(year=YEAR + 1, state=state))["subsidy_race_offer"]
    assert at(second, first, "us_midwest") == pytest.approx(7.5)
    assert at(second, first, "us_south") == 0.0, "its own law is far above the answers"


def test_regions_answer_regions_and_countries_countries() -> None:
    alone = Params(between_countries=subsidy_race.DatedPath.constant(0.0))
    offer = subsidy_race.advance(alone, world())["subsidy_race_offer"]
    given = world()
    assert at(offer, given, "us_midwest") == pytest.approx(5.0)
    assert at(offer, given, "vietnam") == 0.0
    abroad = subsidy_race.advance(Params(), world(package("vietnam")))["subsidy_race_offer"]
    assert at(abroad, given, "india") == pytest.approx(5.0)
    assert at(abroad, given, "us_midwest") == 0.0, "the United States answer no other country unless named"


@pytest.mark.parametrize(
    "lever, value, expected",
    [
        ("between_regions", 100.0, 10.0),
        ("no_poaching_pact", 40.0, 3.0),
        ("no_poaching_pact", 100.0, 0.0),
        ("speed", 1.0, 10.0),
        ("highest_share", 4.0, 2.0),
        ("reference_year", 2027, 0.0),
        ("cap_per_job", 0.0, 0.0),
    ],
)
def test_levers_by_hand(lever: str, value: float, expected: float) -> None:
    """Half way to 100 % of 20; to 0.5 x 0.6 x 20; all the way to 10; half way to a ceiling of 4; and nothing at all."""
    kind = Params.model_fields[lever].annotation
    given = subsidy_race.DatedPath.constant(value) if kind is subsidy_race.DatedPath else value
    params = Params(**{lever: given})
    assert at(subsidy_race.advance(params, world())["subsidy_race_offer"], world(), "us_midwest") == pytest.approx(
        expected
    )


def test_a_cap_per_job_binds_in_percent_of_capital() -> None:
    """USD c a job on j jobs per USD million of output are c j / 1e6 of output, over capital k: 100 c j / (1e6 k) %."""
    given = world()
    electronics, midwest = (
        given.setting.geography.sectors.index("electronics"),
        given.setting.geography.site("us_midwest"),
    )
    jobs = given.setting.base.jobs_per_output[electronics, midwest]
    capital = np.asarray(given.setting.geography.traits["capital_per_output"])[electronics]
    dollars = 2.0 * 1e6 * capital / 100.0 / jobs
    params = Params(cap_per_job=subsidy_race.DatedPath.constant(dollars), speed=1.0)
    assert at(subsidy_race.advance(params, given)["subsidy_race_offer"], given, "us_midwest") == pytest.approx(2.0)


def test_other_forms_are_compared_at_their_present_value() -> None:
    """A credit of 2 % of output for 12 years at 8 % is worth 2 / 0.132695 = 15.07 % of output, over capital."""
    given = world(package(capex_share="null", output_share=2))
    capital = np.asarray(given.setting.geography.traits["capital_per_output"])[
        given.setting.geography.sectors.index("electronics")
    ]
    offers = subsidy_race.law_offers(given)
    assert at(offers, given, "us_south") == pytest.approx(2.0 / 0.132695 / capital, rel=1e-4)


def offered(given: World, share: float, honoured: float = 1.0) -> dict[str, Floats]:
    """Return a state in which every site offers so many percent on every sector."""
    start = subsidy_race.initial(Params(), given)
    return {
        "subsidy_race_offer": np.full_like(start["subsidy_race_offer"], share),
        "subsidy_race_honoured": np.full_like(start["subsidy_race_honoured"], honoured),
        "subsidy_race_paid": start["subsidy_race_paid"],
    }


def test_the_line_is_the_annuity_for_entrants_alone() -> None:
    """10 %, of which the budget honours half, of capital k at an annuity of 0.132695: log(1 - 0.05 k 0.132695)."""
    given = world()
    line = subsidy_race.cost(Params(), dataclasses.replace(given, state=offered(given, 10.0, 0.5)))
    capital = np.asarray(given.setting.geography.traits["capital_per_output"])
    assert line.entry is not None
    assert line.entry[0, :, 0, 3] == pytest.approx(np.log(1.0 - 0.05 * capital * 0.132695), rel=1e-5)
    assert not line.now.any()
    assert not line.expected.any()


def test_the_budget_is_never_exceeded_and_firms_learn_of_it() -> None:
    """Budget 0.3 % of output; plants of a fifth of output at 10 % of capital ask for more than that."""
    given = world()
    output = given.activity.output
    begun = np.zeros((given.setting.shape[2], *output.shape))
    begun[0] = 0.2 * output
    busy = world(begun=begun)
    state = subsidy_race.advance(Params(), dataclasses.replace(busy, state=offered(busy, 10.0)))
    budget = 0.003 * output.sum(axis=0)
    asked = (0.1 * np.asarray(given.setting.geography.traits["capital_per_output"])[:, None] * begun[0]).sum(axis=0)
    assert (asked > budget).all()
    np.testing.assert_allclose(state["subsidy_race_paid"].sum(axis=0), budget)
    np.testing.assert_allclose(state["subsidy_race_honoured"], budget / asked)
    more = Params(yearly_budget={"all": subsidy_race.DatedPath.constant(10.0)})
    rich = subsidy_race.advance(more, dataclasses.replace(busy, state=offered(busy, 10.0)))
    np.testing.assert_allclose(rich["subsidy_race_paid"].sum(axis=0), asked)
    assert (rich["subsidy_race_honoured"] == 1.0).all()


@pytest.mark.parametrize("levers", [{"between_regions": 0, "between_countries": 0}, {"yearly_budget": {"all": 0}}])
def test_a_race_nobody_runs_changes_no_decision(levers: dict[str, Any]) -> None:
    """No reaction, or not a dollar to offer once plants have been announced: the same firms as without it."""
    neutral = "yearly_budget" not in levers
    years = range(2010, 2016) if neutral else range(2010, 2021)
    given = [f"mechanisms.subsidy_race.{key}={str(value).replace(chr(39), '')}" for key, value in levers.items()]
    off, on = (begin_run(load("literature", overrides=more), firms=1_000) for more in ([], given))
    for year in years:
        one, other = live_one_year(off, year), live_one_year(on, year)
        assert all(one[name].tobytes() == other[name].tobytes() for name in one if name != "reasons")


RACE = (
    "mechanisms.subsidy_race.between_regions={2014: 90}",
    "mechanisms.subsidy_race.between_countries={2014: 90}",
    "mechanisms.subsidy_race.yearly_budget.all=10",
    "mechanisms.subsidy_race.highest_share=100",
)
PACT = (*RACE, "mechanisms.subsidy_race.no_poaching_pact=100")


@pytest.fixture(scope="module")
def races(live: Callable[..., Any]) -> dict[str, Any]:
    """No package, a package of the South from 2014, the same answered by all, and answered under a pact."""
    south = package(sectors="all", capex_share=60, **{"from": 2014, "believed": "permanent"})
    questions: dict[str, Sequence[str]] = {"none": [], "alone": south}
    questions |= {"race": [*south, *RACE], "pact": [*south, *PACT]}
    return {
        name: live(
            load("literature", overrides=["policy_record.without=[chips_act, ira]", "years.until=2024", *given]),
            firms=12_000,
        )
        for name, given in questions.items()
    }


def moved(twin: Any, base: Any, places: Sequence[str]) -> tuple[float, float]:
    """Return how much more output stands at some places than in the twin, and the standard error of that."""
    geography = base.run.setting.geography
    sites = sorted({site for place in places for site in geography.sites_in(place)})
    apart = (base.value[:, None] * (twin.places() - base.places()))[:, sites].sum(axis=1)
    return float(apart.sum()), float(np.sqrt((apart**2).sum()))


OTHER_REGIONS = ("us_midwest", "us_west", "us_northeast")


def test_the_race_takes_from_the_one_who_began_it(races: dict[str, Any]) -> None:
    """The package draws plants to the South; answered, the rivals take some of them back."""
    gain, error = moved(races["alone"], races["none"], ["us_south"])
    assert gain > LIMIT * error
    loss, error = moved(races["race"], races["alone"], ["us_south"])
    assert loss < -LIMIT * error
    won, error = moved(races["race"], races["alone"], OTHER_REGIONS)
    assert won > LIMIT * error


def test_a_pact_among_regions_spares_them_the_race(races: dict[str, Any]) -> None:
    less, error = moved(races["pact"], races["race"], OTHER_REGIONS)
    assert less < -LIMIT * error
    paid = {name: races[name].tables["subsidy_race_outlay"].sum() for name in ("race", "pact")}
    assert paid["race"] > paid["pact"] > 0.0


def test_offers_rise_once_there_is_something_to_answer(races: dict[str, Any]) -> None:
    offers = races["race"].tables["subsidy_race_offer"].mean(axis=(1, 2))
    assert not offers[:5].any(), "nothing before the package is there and a year has passed"
    assert 0.0 < offers[5] < offers[8]
