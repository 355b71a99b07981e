"""A tariff that comes and goes leaves no trace without sunk cost, and leaves one with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose

FIRMS = 40_000
FIRST, LAST = 2012, 2017


@pytest.fixture
def trace(
    live: Callable[..., Any],
    constant_world: Callable[..., Any],
    policy: Callable[..., tuple[str, ...]],
    quiet: tuple[str, ...],
    alone: tuple[str, ...],
) -> Callable[[tuple[str, ...]], tuple[float, float, float]]:
    """Return what five years of a 40 % duty leave of China's share in 2035, its error, and what they did in 2016."""
    duty = policy(
        "pulse", kind="tariff", market="united_states", sites="china", rate=40, start=FIRST, until=LAST, believed=0.0
    )

    def measured(overrides: tuple[str, ...]) -> tuple[float, float, float]:
        twins = []
        for more in ((), duty):
            scenario = footloose.load("literature", overrides=[*quiet, *alone, *overrides, *more])
            twins.append(live(scenario, constant_world(scenario), firms=FIRMS))
        without, pulse = twins
        geography = without.run.setting.geography
        market, china = geography.market("united_states"), list(geography.sites_in("china"))
        here = without.market == market
        moved = without.value * (pulse.places() - without.places())[:, china].sum(axis=1)
        whole = without.value[here].sum()
        sold = [twin.tables["sales"][LAST - 1 - 2010, market].sum(axis=(0, 1)) for twin in twins]
        during = sold[1][china].sum() / sold[1].sum() - sold[0][china].sum() / sold[0].sum()
        return float(moved[here].sum() / whole), float(np.sqrt((moved[here] ** 2).sum()) / whole), float(during)

    return measured


def test_without_sunk_cost_a_pulse_leaves_no_trace(
    trace: Callable[..., tuple[float, float, float]], at_once: tuple[str, ...], sampling: Any
) -> None:
    left, error, during = trace(at_once)
    assert during < -0.02
    assert abs(left) <= sampling.errors(1) * error
    assert sampling.errors(1) * error < 0.1 * abs(during)


def test_with_sunk_cost_a_pulse_leaves_a_trace(trace: Callable[..., tuple[float, float, float]], sampling: Any) -> None:
    """Eighteen years after the duty has gone, China's share is still below the twin's, beyond what chance can do."""
    left, error, during = trace(())
    assert during < 0.0
    assert left < -sampling.errors(1) * error
    assert left < 0.1 * during


def test_in_a_small_world_the_trace_is_zero_to_the_last_firm(small_world: Callable[..., Any]) -> None:
    """Plants are built in a year and draws have addresses: when the duty has gone every firm stands where it would."""
    twins = [
        small_world(sites=3, years=12, duties={"rates": [0.0, rate, 0.0], "start": FIRST, "until": LAST}).live(5_000)
        for rate in (0.0, 40.0)
    ]
    np.testing.assert_array_equal(twins[0].run.firms.main, twins[1].run.firms.main)
    during = [twin.tables["sales"][LAST - 2010, 0, 0, 0, 1] for twin in twins]
    assert during[1] < 0.5 * during[0]


def test_in_a_small_world_sunk_cost_keeps_the_trace(small_world: Callable[..., Any], sampling: Any) -> None:
    duties = [{"rates": [0.0, rate, 0.0], "start": FIRST, "until": LAST} for rate in (0.0, 40.0)]
    shares = []
    for duty in duties:
        lived = small_world(sites=3, years=20, duties=duty, decisions={"sunk_cost": 3.0}).live(5_000)
        shares.append((lived.value * lived.places()[:, 1]).sum() / lived.value.sum())
    error = np.sqrt(2.0 / 9.0 / sampling.effective(lived.value))
    assert shares[1] < shares[0] - 2.0 * sampling.errors(1) * error
