"""Overseas parks: discount, capacity and occupancy by hand; who comes in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from footloose.dated import DatedPath
from footloose.mechanisms import parks
from footloose.mechanisms.parks import Params
from footloose.scenario import load
from footloose.simulation import base_activity, begin_run, set_up
from footloose.world import World
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
LIMIT = float(norm.ppf(0.99))
"""Standard errors of a difference that chance alone exceeds once in a hundred."""

SETTING = set_up(load("baseline"))
VIETNAM, CHINA = SETTING.geography.site("vietnam"), SETTING.geography.origins.index("china")
TEXTILES = SETTING.geography.sectors.index("textiles")
PARK = Params(capacity={"vietnam": parks.opening(2015, 1.0)})
"""Space for a billion dollars of output in Vietnam from 2015."""


def world(occupied: float = 0.0, year: int = 2016, coming: float = 0.0, origin: int = CHINA) -> World:
    """Return a year with so much in the park and so much of it announced [USD million], clothes of one home."""
    _, sectors, origins, sites = SETTING.shape
    begun = np.zeros((origins, sectors, sites))
    begun[origin, TEXTILES, VIETNAM] = coming
    state = np.zeros(sites)
    state[VIETNAM] = occupied
    return World(SETTING, year, {"parks_occupied": state}, dataclasses.replace(base_activity(SETTING), begun=begun))


def entry(params: Params, given: World) -> Floats:
    line = parks.cost(params, given)
    assert not line.now.any()
    assert not line.expected.any()
    assert line.entry is not None
    return line.entry[0]


def test_the_discount_is_for_newcomers_of_the_home_alone() -> None:
    """15 % of capital k a year of output at an annuity of 0.132695: log(1 - 0.15 k 0.132695)."""
    line = entry(PARK, world())
    capital = np.asarray(SETTING.geography.traits["capital_per_output"])
    assert line[:, CHINA, VIETNAM] == pytest.approx(np.log(1.0 - 0.15 * capital * 0.132695), rel=1e-5)
    assert not np.delete(line, CHINA, axis=1).any()
    assert not np.delete(line, VIETNAM, axis=2).any()
    assert not entry(PARK, world(year=2014)).any(), "not before it opens"
    assert not entry(with_levers(PARK, discount=0.0), world()).any()


def with_levers(params: Params, **changes: Any) -> Params:
    return params.model_copy(update=changes)


@pytest.mark.parametrize("occupied, room", [(0.0, 1.0), (900.0, 1.0), (950.0, 0.5), (1000.0, 0.0)])
def test_the_last_tenth_fills_and_nothing_is_left(occupied: float, room: float) -> None:
    given = world(occupied)
    assert parks.room(PARK, given)[VIETNAM] == pytest.approx(room)
    full = np.asarray(SETTING.geography.traits["capital_per_output"])[TEXTILES] * 0.15 * 0.132695
    assert entry(PARK, given)[TEXTILES, CHINA, VIETNAM] == pytest.approx(np.log(1.0 - room * full), rel=1e-5)


@pytest.mark.parametrize("occupied, coming, after", [(0.0, 300.0, 300.0), (500.0, 0.0, 475.0), (800.0, 900.0, 1000.0)])
def test_newcomers_fill_it_up_to_its_capacity(occupied: float, coming: float, after: float) -> None:
    """0.95 of the tenants stay; beyond a thousand nobody gets in."""
    assert parks.advance(PARK, world(occupied, coming=coming))["parks_occupied"][VIETNAM] == pytest.approx(after)


def test_others_and_other_sectors_build_elsewhere() -> None:
    japan = SETTING.geography.origins.index("japan")
    assert not parks.advance(PARK, world(coming=300.0, origin=japan))["parks_occupied"].any()
    chips = with_levers(PARK, sectors=("semiconductors",))
    assert not parks.advance(chips, world(coming=300.0))["parks_occupied"].any()
    assert not entry(chips, world())[TEXTILES].any()


def test_a_group_shares_its_space_out_by_output() -> None:
    given = world()
    hosts = Params(capacity={"asia_hosts": DatedPath.constant(2.0)})
    space = parks.capacity(hosts, given)
    assert space.sum() == pytest.approx(2000.0)
    output = SETTING.base.use.sum(axis=(0, 1))[list(SETTING.geography.sites_in("asia_hosts"))]
    assert space[list(SETTING.geography.sites_in("asia_hosts"))] == pytest.approx(2000.0 * output / output.sum())


@pytest.mark.parametrize("lever", ["discount=0", "capacity={}"])
def test_parks_without_discount_or_space_change_no_decision(lever: str) -> None:
    key, value = lever.split("=")
    given = [f"mechanisms.parks.{key}={value}"] if value != "{}" else [
        f"mechanisms.parks.capacity.{host}=0" for host in ("rest_of_world", "thailand", "vietnam", "mexico")
    ]  # fmt: skip
    plain, other = (begin_run(load("baseline", overrides=more), firms=1_000) for more in ([], given))
    for year in range(2010, 2020):
        one, two = live_one_year(plain, year), live_one_year(other, year)
        assert all(one[name].tobytes() == two[name].tobytes() for name in one if name != "reasons")


def test_more_newcomers_come_while_there_is_room(live: Callable[..., Any]) -> None:
    """Generous parks abroad draw the operator's firms; small ones fill and draw fewer (document 001: Suez).

    The operator is American here, because American firms abroad are many enough for a small population to show it.
    """
    hosts = ("rest_of_world", "asia_hosts", "mexico")
    sizes = {"none": 0, "small": 5, "large": 10_000}
    operator, lived = ["mechanisms.parks.discount=80", "mechanisms.parks.operator=united_states"], {}
    for name, size in sizes.items():
        space = [f"mechanisms.parks.capacity.{host}={{2012: {size}}}" for host in hosts]
        question = load("baseline", overrides=["years.until=2026", *operator, *space])
        lived[name] = live(question, firms=8_000)
    sites = sorted({site for host in hosts for site in SETTING.geography.sites_in(host)})

    def came(twin: str, base: str) -> tuple[float, float]:
        home = lived[base].run.firms.cell % SETTING.shape[2] == SETTING.geography.origins.index("united_states")
        apart = lived[base].value[:, None] * (lived[twin].places() - lived[base].places())
        chosen = apart[home][:, sites].sum(axis=1)
        return float(chosen.sum()), float(np.sqrt((chosen**2).sum()))

    gain, error = came("large", "none")
    assert gain > LIMIT * error
    less, error = came("small", "large")
    assert less < -LIMIT * error
    tables = lived["small"].tables
    assert (tables["parks_occupied"] <= tables["parks_capacity"] + 1e-9).all()
    assert tables["parks_occupied"][-1].sum() > 0.0
    assert (tables["parks_room"][-1, sites] < 1.0).any(), "one of them is full"
