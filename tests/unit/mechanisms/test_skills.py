"""Skills: the pool, shortage, training and talent by hand; what they change in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from footloose.dated import DatedPath
from footloose.mechanisms import skills
from footloose.mechanisms.skills import Params
from footloose.scenario import load
from footloose.simulation import base_activity, begin_run, set_up
from footloose.world import World
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
LIMIT = float(norm.ppf(0.99))
"""Standard errors of a difference that chance alone exceeds once in a hundred."""

SETTING = set_up(load("literature"))
SITE = SETTING.geography.site("us_south")
PLAIN = Params(ageing={}, slack=0.0)
"""Nobody to spare and nobody retires from the ordinary pool."""


def world(jobs: float = 1.0, year: int = 2020, **state: Floats) -> World:
    """Return a year in which every site had so many times the jobs of unchanged footprints."""
    activity = base_activity(SETTING)
    activity = dataclasses.replace(activity, jobs=jobs * activity.jobs)
    given = World(SETTING, year, {}, activity)
    return dataclasses.replace(given, state={**skills.initial(PLAIN, given), **state})


def test_the_base_year_is_neutral() -> None:
    given = world(year=2010)
    for params in (Params(), PLAIN):
        assert not skills.cost(params, given).now.any()
        assert not skills.delay(params, given).any()
        assert (skills.talent_index(given) == 1.0).all()


def test_a_fifth_more_jobs_than_people_by_hand() -> None:
    """Jobs 1.2 times people: line = labour share x 0.5 x log 1.2, vacancies 1 - 1 / 1.2 = 1/6 and so much delay."""
    given = world(1.2)
    share = np.asarray(SETTING.geography.traits["labour_share"])
    assert skills.cost(PLAIN, given).now[0, :, 0, SITE] == pytest.approx(share * 0.5 * np.log(1.2))
    assert skills.vacancies(PLAIN, given) == pytest.approx(np.full(SETTING.shape[3], 1.0 / 6.0))
    assert skills.delay(PLAIN, given)[0, 0, 0, SITE] == pytest.approx(1.0 / 6.0)
    assert not skills.vacancies(Params(slack=0.3, ageing={}), given).any(), "with a third to spare nobody is missing"


def test_the_pool_ages_and_robots_refill_it() -> None:
    """Ten years at 1 % leave 0.99^10 of the people; robots that take tasks from 0.1 to 0.19 free 0.9 / 0.81 of them."""
    ageing = Params(slack=0.0, newcomers=0.0, ageing={"united_states": DatedPath.constant(1.0)})
    state = skills.initial(ageing, world())
    for year in range(2010, 2020):
        state = skills.advance(ageing, world(year=year, **state))
    people = base_activity(SETTING).reference_jobs.sum(axis=0)[SITE]
    assert skills.pool(ageing, world(**state))[SITE] == pytest.approx(people * 0.99**10)
    _, sectors, _, sites = SETTING.shape
    robots = {"automation_start": np.full((sectors, sites), 0.1), "automation": np.full((sectors, sites), 0.19)}
    assert skills.pool(PLAIN, world(**robots))[SITE] == pytest.approx(people * 0.9 / 0.81)
    assert skills.vacancies(PLAIN, world(1.2, **robots))[SITE] == pytest.approx(1.0 - 0.9 / 0.81 / 1.2)


def test_training_arrives_after_its_years_and_retires() -> None:
    """1,000 places from 2020 at 2 years: first people in 2022; a year later 1,000 more less 4 %."""
    params = Params(training_places={"us_south": DatedPath.of({dates(2020): 1000.0})}, ageing={})
    extra, arrived = np.zeros(SETTING.shape[3]), []
    for year in (2020, 2021, 2022, 2023):
        extra = skills.advance(params, world(year=year, skills_extra=extra))["skills_extra"]
        arrived.append(float(extra[SITE]))
    assert arrived == pytest.approx([0.0, 0.0, 1000.0, 1960.0])
    assert extra.sum() == pytest.approx(1960.0), "nobody else got any"


def test_places_of_a_country_are_shared_out_and_cost_half_a_year_of_wages() -> None:
    params = Params(training_places={"united_states": DatedPath.constant(100_000.0)})
    given = world()
    places = skills.training_places(params, given, 0.0)
    assert places.sum() == pytest.approx(100_000.0)
    assert np.flatnonzero(places).tolist() == sorted(SETTING.geography.sites_in("united_states"))
    wage = given.series("wage")
    outlay = skills.report(params, given)["skills_outlay"]
    assert outlay[SITE] == pytest.approx(places[SITE] * 0.5 * wage[SITE] * 1800.0 / 1e6)


def test_firms_that_train_pay_for_it_and_all_may_hire() -> None:
    """2 % of staff at half a year's wage: 1 % of the wage bill; the people come two years on."""
    params = Params(firm_training={"us_south": DatedPath.of({dates(2020): 2.0})}, ageing={})
    share = np.asarray(SETTING.geography.traits["labour_share"])
    assert skills.cost(params, world()).now[0, :, 0, SITE] == pytest.approx(share * 0.01)
    jobs = base_activity(SETTING).jobs.sum(axis=0)[SITE]
    assert skills.advance(params, world(year=2022))["skills_extra"][SITE] == pytest.approx(0.02 * jobs)
    assert skills.advance(params, world(year=2021))["skills_extra"][SITE] == 0.0


def test_people_follow_jobs_slowly() -> None:
    """A tenth of the shortage of 0.2 of the pool comes within the year."""
    people = base_activity(SETTING).jobs.sum(axis=0)
    assert skills.advance(PLAIN, world(1.2))["skills_extra"] == pytest.approx(0.1 * 0.2 * people)


def test_talent_gained_is_talent_lost_elsewhere() -> None:
    """A programme of 10 % of pay pulls 1.8 log 1.1; a tenth of that in the first year. The world's mean stays 1."""
    params = Params(talent_programme={"china": DatedPath.constant(10.0)}, ageing={})
    talent = skills.advance(params, world())["skills_talent"]
    china = list(SETTING.geography.sites_in("china"))
    assert talent[china] == pytest.approx(np.full(len(china), 0.1 * 1.8 * np.log(1.1)))
    given = world(skills_talent=talent)
    index = skills.talent_index(given)
    laboratories = given.activity.reference_jobs[SETTING.geography.sectors.index("research")]
    assert laboratories @ index == pytest.approx(laboratories.sum())
    assert (index[china] > 1.0).all()
    assert (np.delete(index, china) < 1.0).all()
    line = skills.cost(params, given).now[0, :, 0, :]
    research = SETTING.geography.sectors.index("research")
    assert line[research] == pytest.approx(-0.2 * np.log(index))
    assert not np.delete(line, research, axis=0).any()


def test_researchers_follow_laboratories() -> None:
    activity = base_activity(SETTING)
    research = SETTING.geography.sectors.index("research")
    jobs = activity.jobs.copy()
    jobs[research, SITE] *= 2.0
    given = dataclasses.replace(world(), activity=dataclasses.replace(activity, jobs=jobs))
    asked = skills.talent_asked(Params(), given)
    assert asked[SITE] == pytest.approx(0.5 * np.log(2.0))
    assert not np.delete(asked, SITE).any()


def dates(year: int) -> Any:
    return DatedPath.constant(0.0).dates[0].replace(year=year)


OFF = ("scarcity=0", "hiring_delay=0", "talent_saving=0")


def test_without_effects_the_same_firms_decide_the_same() -> None:
    plain = begin_run(load("literature"), firms=1_000)
    without = begin_run(load("literature", overrides=[f"mechanisms.skills.{key}" for key in OFF]), firms=1_000)
    for year in range(2010, 2020):
        one, other = live_one_year(plain, year), live_one_year(without, year)
        assert all(one[name].tobytes() == other[name].tobytes() for name in one if name != "reasons")


def moved(twin: Any, base: Any, place: str, sector: str | None = None) -> tuple[float, float]:
    """Return how much more output stands at a place than in the twin, and the standard error of that."""
    _, sectors, origins, _ = SETTING.shape
    apart = base.value[:, None] * (twin.places() - base.places())
    if sector is not None:
        apart = apart[base.run.firms.cell // origins % sectors == SETTING.geography.sectors.index(sector)]
    chosen = apart[:, list(SETTING.geography.sites_in(place))].sum(axis=1)
    return float(chosen.sum()), float(np.sqrt((chosen**2).sum()))


@pytest.fixture(scope="module")
def twins(live: Callable[..., Any]) -> dict[str, Any]:
    """A boom of the American South: with people enough, short of them, short of them but trained."""
    boom = [
        "years.until=2026",
        "policy_record.without=[chips_act, ira]",
        "policies.boom.kind=subsidy",
        "policies.boom.sites=us_south",
        "policies.boom.from=2012",
    ]
    boom += ["policies.boom.output_share=12", "policies.boom.believed=permanent"]
    levers = ("slack=0", "scarcity=1.5", "ageing.united_states=1.5", "training_places.us_south=400000")
    short = [*boom, *(f"mechanisms.skills.{lever}" for lever in levers[:3])]
    trained = [*boom, *(f"mechanisms.skills.{lever}" for lever in levers)]
    questions: dict[str, Sequence[str]] = {"enough": boom, "short": short, "trained": trained}
    return {name: live(load("literature", overrides=given), firms=8_000) for name, given in questions.items()}


def test_shortage_drives_plants_away_and_training_brings_some_back(twins: dict[str, Any]) -> None:
    """Documents 003 and 004: vacancies at home hold reshoring up, training relieves them."""
    vacant = {name: float(twins[name].tables["skills_vacancies"][-1, SITE]) for name in ("short", "trained")}
    assert vacant["short"] > vacant["trained"]
    lost, error = moved(twins["short"], twins["enough"], "us_south")
    assert lost < -LIMIT * error
    back, error = moved(twins["trained"], twins["short"], "us_south")
    assert back > LIMIT * error


def test_robots_relieve_the_shortage(live: Callable[..., Any]) -> None:
    """Cheaper robots leave fewer jobs open where people are short (document 004)."""
    short = ["years.until=2026", "mechanisms.skills.slack=0", "mechanisms.skills.ageing.united_states=2"]
    dear, cheap = (
        live(load("literature", overrides=[*short, f"mechanisms.automation.robot_cost_scale={scale}"]), firms=3_000)
        for scale in (3.0, 0.3)
    )
    home = list(SETTING.geography.sites_in("united_states"))
    vacancies = [lived.tables["skills_vacancies"][-1, home].mean() for lived in (dear, cheap)]
    assert vacancies[1] < vacancies[0]


def test_a_talent_programme_draws_laboratories(live: Callable[..., Any]) -> None:
    """Talent goes where it is paid for, laboratories go where talent is (documents 001 and 002)."""
    strong = ["mechanisms.skills.talent_saving=0.5", "mechanisms.skills.talent_mobility=0.3"]
    base, drawn, driven = (
        live(load("literature", overrides=[*strong, *given]), firms=8_000)
        for given in ([], *([f"mechanisms.skills.talent_programme.china={{2012: {paid}}}"] for paid in (100, -40)))
    )
    more, error = moved(drawn, base, "china", "research")
    assert more > LIMIT * error
    less, error = moved(driven, base, "china", "research")
    assert less < -LIMIT * error
