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


def world(growth: float, capacity: float = 1.0) -> World:
    """Return a year with output of so many times the base year's, and room for so many times."""
    activity = base_activity(SETTING)
    room = capacity * activity.output.sum(axis=0)
    state = {"wage_pressure": np.zeros(room.size), "host_capacity": room}
    return World(SETTING, 2015, state, dataclasses.replace(activity, output=growth * activity.output))


def test_the_strain_is_the_square_of_what_is_beyond() -> None:
    """2 x log(1.2)^2 where the host has room for 1, nothing where it has room for 1.25 or nobody says."""
    line = congestion.cost(Params(absorption={"vietnam": PACE}), world(1.2)).now
    assert line[0, :, 0, VIETNAM] == pytest.approx(np.full(SETTING.shape[1], 2.0 * np.log(1.2) ** 2))
    assert not congestion.cost(Params(absorption={"vietnam": PACE}), world(1.2, 1.25)).now.any()
    assert not congestion.cost(Params(), world(1.2)).now.any()


@pytest.mark.parametrize(
    "growth, capacity, after", [(1.05, 1.0, 1.05), (1.3, 1.0, 1.08), (0.8, 1.0, 1.0), (1.1, 1.2, 1.2)]
)
def test_room_follows_output_at_its_own_pace_and_never_falls(growth: float, capacity: float, after: float) -> None:
    """At 8 % a year: all of 5 %, 8 of 30 %, nothing of a fall."""
    given = world(growth, capacity)
    base = base_activity(SETTING).output.sum(axis=0)[VIETNAM]
    params = Params(absorption={"vietnam": PACE, "asia_hosts": DatedPath.constant(20.0)})
    assert congestion.host_capacity(params, given)[VIETNAM] == pytest.approx(after * base)


def test_before_its_date_a_host_follows_any_growth() -> None:
    later = Params(absorption={"vietnam": DatedPath((date(2016, 1, 1),), (8.0,))})
    base = base_activity(SETTING).output.sum(axis=0)[VIETNAM]
    assert congestion.host_capacity(later, world(1.3))[VIETNAM] == pytest.approx(1.3 * base)


def test_a_host_that_cannot_keep_up_gets_fewer_plants(live: Callable[..., Any]) -> None:
    """Vietnam at any pace, and at 3 % a year (documents 001 and 004: its labour, power and ports are the limit)."""
    free, tight = (
        live(load("baseline", overrides=["years.until=2030", *given]), firms=8_000)
        for given in ([], ["mechanisms.congestion.absorption.vietnam=3"])
    )
    apart = (free.value[:, None] * (tight.places() - free.places()))[:, VIETNAM]
    assert apart.sum() < -LIMIT * np.sqrt((apart**2).sum())
    loose = live(
        load("baseline", overrides=["years.until=2020", "mechanisms.congestion.absorption.vietnam=100"]), firms=2_000
    )
    plain = live(load("baseline", overrides=["years.until=2020"]), firms=2_000)
    for name in plain.tables:
        assert plain.tables[name].tobytes() == loose.tables[name].tobytes(), "a host that keeps up is as if nobody said"
