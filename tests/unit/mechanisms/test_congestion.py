"""What hosts can absorb: power, ports and land by hand; with the lever growth costs more, without it nothing does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from footloose.dated import DatedPath
from footloose.mechanisms import congestion
from footloose.mechanisms.congestion import Params
from footloose.scenario import load
from footloose.simulation import base_activity, set_up
from footloose.world import World

LIMIT = float(norm.ppf(0.99))
"""Standard errors of a difference that chance alone exceeds once in a hundred."""

PACE = DatedPath.constant(8.0)
SETTING = set_up(load("baseline"))
VIETNAM = SETTING.geography.site("vietnam")


def world(growth: float, capacity: float = 1.0, begun: float = 0.0, queue: float = 1.0) -> World:
    """Return a year with output of so many times the base year's, and room for so many times.

    begun : output of plants announced, over output; queue: chance of a plant
    """
    activity = base_activity(SETTING)
    state = congestion.initial(Params(), World(SETTING, 2010, {}, activity))
    state["host_capacity"] = capacity * state["host_capacity"]
    state["host_queue"] = np.full(state["host_queue"].size, queue)
    came = dataclasses.replace(activity, output=growth * activity.output, begun=begun * activity.output[None])
    return World(SETTING, 2015, state, came)


def test_without_a_limit_nobody_queues() -> None:
    after = congestion.advance(Params(), world(1.5, begun=0.5))
    assert (after["host_queue"] == 1.0).all()
    assert (congestion.permission(Params(), world(1.5)) == 1.0).all()


def test_the_chance_is_the_room_over_those_who_come() -> None:
    """Made 1.1 of the base year, a tenth more being built, room for 1.08: 1.08^2 less 1.2, nothing closed, so no room.

    With room for 1.2: 1.08 x 1.2 - 1.2 = 0.096 of the 0.1 that came, and the mean with a year before without a queue.
    """
    params = Params(absorption={"vietnam": PACE})
    none, some = (congestion.advance(params, world(1.1, room, begun=0.1)) for room in (1.0, 1.2))
    assert none["host_queue"][VIETNAM] == pytest.approx(np.sqrt(congestion.LEAST))
    assert some["host_queue"][VIETNAM] == pytest.approx(np.sqrt(0.096 / 0.1))
    assert some["host_queue"][VIETNAM - 1] == 1.0, "a limit holds where it is given"


def test_what_closes_makes_room_and_what_was_refused_wants_to_come() -> None:
    """Made 0.9 after 1, a tenth announced: 0.2 closed. With a chance of a half before, 0.2 wanted to come."""
    params = Params(absorption={"vietnam": DatedPath.constant(0.0)})
    after = congestion.advance(params, world(1.0 - 0.1, 1.0, begun=0.1, queue=0.5))
    room = 1.0 - 1.0 + 0.1
    assert after["host_queue"][VIETNAM] == pytest.approx(np.sqrt(0.5 * room / 0.2))


def test_plants_are_being_built_for_their_years() -> None:
    """In steps of one part in the years of building: what takes a year is there at once."""
    given = world(1.0, begun=0.1)
    years = np.asarray(SETTING.geography.traits["build_years"])
    once = congestion.host_building(given)
    again = congestion.host_building(dataclasses.replace(given, state={**given.state, "host_building": once}))
    assert again / np.maximum(once, 1e-12) == pytest.approx(np.where(once > 0.0, (2.0 - 1.0 / years)[:, None], 0.0))


@pytest.mark.parametrize(
    "committed, capacity, after", [(1.05, 1.0, 1.05), (1.3, 1.0, 1.08), (0.8, 1.0, 1.0), (1.1, 1.2, 1.2)]
)
def test_room_follows_at_its_own_pace_and_never_falls(committed: float, capacity: float, after: float) -> None:
    """At 8 % a year: all of 5 %, 8 of 30 %, nothing of a fall."""
    base = base_activity(SETTING).output.sum(axis=0)
    params = Params(absorption={"vietnam": PACE, "asia_hosts": DatedPath.constant(20.0)})
    room = congestion.host_capacity(params, world(1.0, capacity), committed * base)
    assert room[VIETNAM] == pytest.approx(after * base[VIETNAM])


def test_before_its_date_a_host_follows_any_growth() -> None:
    later = Params(absorption={"vietnam": DatedPath((date(2016, 1, 1),), (8.0,))})
    base = base_activity(SETTING).output.sum(axis=0)
    assert congestion.host_capacity(later, world(1.0), 1.3 * base)[VIETNAM] == pytest.approx(1.3 * base[VIETNAM])


def test_a_host_that_cannot_keep_up_gets_fewer_plants(live: Callable[..., Any]) -> None:
    """Vietnam at any pace, and at 3 % a year (documents 001 and 004: its labour, power and ports are the limit)."""
    free, tight = (
        live(load("literature", overrides=["years.until=2030", *given]), firms=8_000)
        for given in ([], ["mechanisms.congestion.absorption.vietnam=3"])
    )
    apart = (free.value[:, None] * (tight.places() - free.places()))[:, VIETNAM]
    assert apart.sum() < -LIMIT * np.sqrt((apart**2).sum())
    loose = live(
        load("literature", overrides=["years.until=2020", "mechanisms.congestion.absorption.vietnam=100"]), firms=2_000
    )
    plain = live(load("literature", overrides=["years.until=2020"]), firms=2_000)
    for name in plain.tables:
        assert plain.tables[name].tobytes() == loose.tables[name].tobytes(), "a host that keeps up is as if nobody said"
