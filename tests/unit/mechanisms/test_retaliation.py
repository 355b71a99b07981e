"""Retaliation: answers against sums done by hand; nobody answering is no mechanism; exports of the first mover fall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.mechanisms import retaliation

CHINA_POLICY = (
    "policies.blow.kind=tariff",
    "policies.blow.market=united_states",
    "policies.blow.sites=china",
    "policies.blow.rate=40",
    "policies.blow.from=2027",
    "policies.blow.believed=permanent",
    "policy_record.include=none",
)
"""40 points on everything from China from 2027 on, believed to stay, in a world without other instruments."""


def rates(answers: np.ndarray[Any, np.dtype[np.float64]], world: Any, market: str, site: str) -> Any:
    geography = world.setting.geography
    return answers[geography.market(market), :, geography.sites_in(site)[0]]


def test_china_answers_forty_points_with_thirty_six(world_of: Callable[..., Any]) -> None:
    """90 % of 40, with a lag of a quarter of a year: three quarters of 36 in 2027, all of it in 2028."""
    for year, expected in ((2026, 0.0), (2027, 27.0), (2028, 36.0)):
        given, world = world_of("retaliation", year, more=CHINA_POLICY)
        answers = retaliation.answered(given, world)
        np.testing.assert_allclose(rates(answers, world, "china", "us_south"), expected, atol=1e-12)
        for market, site in (("european_union", "us_south"), ("china", "mexico"), ("united_states", "yangtze_delta")):
            assert (rates(answers, world, market, site) == 0.0).all()


def test_what_is_paid_and_what_is_believed_by_hand(world_of: Callable[..., Any]) -> None:
    """Electronics: 36 points, of which the collection ratio is collected, on top of the ordinary rate; believed too."""
    given, world = world_of("retaliation", 2028, more=CHINA_POLICY)
    geography = world.setting.geography
    market, sector, site = geography.market("china"), geography.sector("electronics"), geography.site("us_south")
    ratio = float(world.series("collection_ratio")[market])
    ordinary = float(world.series("mfn_tariff")[market, site, sector]) / 100.0
    line = retaliation.cost(given, world)
    paid = np.log((1.0 + ordinary + 0.36 * ratio) / (1.0 + ordinary))
    assert line.now[market, sector, 0, site] == pytest.approx(paid, rel=1e-12)
    assert line.expected[market, sector, 0, site] == pytest.approx(paid, rel=1e-12)
    assert retaliation.duty(given, world)[market, sector, site] == pytest.approx(0.36 * ratio, rel=1e-12)
    assert retaliation.uncertainty(given, world).max() == pytest.approx(0.0, abs=1e-15)
    np.testing.assert_array_equal(
        retaliation.report(given, world)["retaliation_rate"], retaliation.answered(given, world)
    )


@pytest.mark.parametrize(
    "params, expected",
    [
        ({"cap": 10.0}, 10.0),
        ({"share": {"china": 50.0}}, 20.0),
        ({"share": {}}, 0.0),
        ({"share": {"european_union": 90.0}}, 0.0),  # its goods are not hit
        ({"start": 2029}, 0.0),  # what stood before is not answered
        ({"lag": 2.0}, 0.0),
        ({"sectors": ["machinery"]}, 0.0),  # not on electronics
    ],
)
def test_levers(world_of: Callable[..., Any], params: dict[str, Any], expected: float) -> None:
    given, world = world_of("retaliation", 2028, params=params, more=CHINA_POLICY)
    answers = rates(retaliation.answered(given, world), world, "china", "us_south")
    assert answers[world.setting.geography.sector("electronics")] == pytest.approx(expected, abs=1e-12)


def test_what_the_law_answers_is_not_answered_again(world_of: Callable[..., Any]) -> None:
    """China's own 20 points leave 16 to the rule; 50 leave nothing."""
    own = tuple(
        f"policies.answer.{key}"
        for key in ("kind=tariff", "market=china", "sites=united_states", "from=2027", "believed=permanent")
    )
    for rate, expected in ((20, 16.0), (50, 0.0)):
        given, world = world_of("retaliation", 2028, more=(*CHINA_POLICY, *own, f"policies.answer.rate={rate}"))
        answers = rates(retaliation.answered(given, world), world, "china", "us_south")
        np.testing.assert_allclose(answers, expected, atol=1e-12)


def test_the_record_is_not_answered_twice(world_of: Callable[..., Any]) -> None:
    """From 2017 on by rule: the record's own answers are topped up to nine tenths of the rise, sector by sector."""
    given, world = world_of("retaliation", 2020, params={"start": 2018, "lag": 0.0})
    law, geography = world.setting.law.tariffs.now, world.setting.geography
    china, site = geography.market("china"), geography.site("us_south")
    bought = world.setting.base.use[geography.market("united_states")]
    sites = list(geography.sites_in("china"))
    rise = (law[10, 0] - law[7, 0])[:, sites]
    wanted = 0.9 * (rise * bought[:, sites]).sum() / bought[:, sites].sum()
    itself = law[10, china, :, site] - law[7, china, :, site]
    answers = retaliation.answered(given, world)[china, :, site]
    np.testing.assert_allclose(answers, np.maximum(wanted - itself, 0.0), atol=1e-12)
    assert (itself > 0.0).any()


def test_base_year_and_shapes(world_of: Callable[..., Any]) -> None:
    given, world = world_of("retaliation", 2010)
    assert (retaliation.cost(given, world).now == 0.0).all()
    assert (retaliation.uncertainty(given, world) == 0.0).all()
    assert retaliation.report(given, world)["retaliation_rate"].shape == world.setting.base.use.shape


def test_if_nobody_answers_it_is_as_good_as_off(assert_idle: Callable[..., None]) -> None:
    assert_idle(
        "retaliation",
        "mechanisms.retaliation.share.china=0",
        "mechanisms.retaliation.start=2012",
        also=[text.replace("2027", "2013") for text in CHINA_POLICY],
    )


EARLY = tuple(text.replace("2027", "2011") for text in CHINA_POLICY)
ANSWER = ("mechanisms.retaliation=on", "mechanisms.retaliation.start=2011")


def test_an_answer_costs_the_first_mover_its_sales_and_more_answer_costs_more(ordered: Callable[..., Any]) -> None:
    """Document 004: a duty on China, and China's answer; Flaaen and Pierce (2019)."""
    place = ("china", "machinery", "united_states")
    sold = [
        ordered(*EARLY, *more)(*place)
        for more in (
            (),
            (*ANSWER, "mechanisms.retaliation.share.china=50"),
            (*ANSWER, "mechanisms.retaliation.share.china=150"),
        )
    ]
    assert sold[0] > sold[1] > sold[2] > 0.0


def test_any_two_markets_can_quarrel(ordered: Callable[..., Any]) -> None:
    duty = tuple(
        text.replace("united_states", "european_union").replace("sites=china", "sites=united_states") for text in EARLY
    )
    place = ("united_states", "machinery", "european_union")
    alone, answered = (
        ordered(*duty)(*place),
        ordered(*duty, *ANSWER, "mechanisms.retaliation.share.united_states=90")(*place),
    )
    assert answered < alone


def test_plants_follow(moved: Callable[..., Any]) -> None:
    strong = (*EARLY, *ANSWER, "mechanisms.retaliation.share.china=200")
    change, limit = moved(strong, EARLY, "china", "united_states")
    assert change < -limit
