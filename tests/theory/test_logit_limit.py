"""Without sunk cost and with full attention, shares are those of the closed nested logit, and follow the elasticity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import footloose
from footloose.choice import nested_logit
from footloose.terrain import elasticity

Floats = npt.NDArray[np.float64]
FIRMS = 200_000
THETA = 5.0
RATES = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)


@pytest.mark.parametrize("dissimilarity, rate", [(0.4, 20.0), (1.0, 20.0), (0.7, 60.0)])
def test_long_run_shares_are_the_closed_form(
    dissimilarity: float,
    rate: float,
    live: Callable[..., Any],
    constant_world: Callable[..., Any],
    policy: Callable[..., tuple[str, ...]],
    quiet: tuple[str, ...],
    alone: tuple[str, ...],
    at_once: tuple[str, ...],
    sampling: Any,
) -> None:
    """Share of a market at a site = sum over its firms of weight x chance; each firm errs by weight^2 p (1 - p)."""
    duty = policy(
        "duty", kind="tariff", market="united_states", sites="china", rate=rate, start=2012, believed="permanent"
    )
    settings = (*quiet, *alone, *at_once, *duty, "mechanisms.inputs=off")
    scenario = footloose.load("baseline", overrides=[*settings, f"decisions.nest_dissimilarity={dissimilarity}"])
    setting = constant_world(scenario, until=2015, build_years=1)
    lived = live(scenario, setting, firms=FIRMS)
    geography, firms = setting.geography, lived.run.firms

    ordinary = np.swapaxes(setting.history.series["mfn_tariff"][0], 1, 2) / 100.0
    added = np.zeros_like(ordinary)
    market = geography.market("united_states")
    collected = setting.history.series["collection_ratio"][0, market]
    added[market][:, list(geography.sites_in("china"))] = collected * rate / 100.0
    change = np.log1p(ordinary + added) - np.log1p(ordinary)
    change = np.broadcast_to(change[:, :, None, :], setting.shape).reshape(setting.cells, -1)
    base_utility = dissimilarity * np.log(lived.run.anchor.weight)
    theta = elasticity(setting, lived.run.rules.decisions)[:, None]
    chance = nested_logit(base_utility - theta * change, np.asarray(geography.nest_of_site), dissimilarity)

    # Every site, and every country and supply region: coarse sums err less, fine ones show where.
    nests = np.equal.outer(np.arange(len(geography.nests)), geography.nest_of_site)
    countries = np.equal.outer(np.arange(len(geography.countries)), geography.country_of_site)
    places = np.vstack([np.eye(len(geography.sites)), nests, countries]).T
    markets = len(geography.markets)
    for number in range(markets):
        here = lived.market == number
        weight, odds = lived.value[here, None], chance[firms.cell[here]] @ places
        expected = (weight * odds).sum(axis=0)
        seen = (weight * lived.places()[here] @ places).sum(axis=0)
        variance = (weight**2 * odds * (1.0 - odds)).sum(axis=0)
        allowed = sampling.bound(variance, weight.max(), markets * places.shape[1])
        assert (np.abs(seen - expected) <= allowed).all(), geography.markets[number]
        if number == market:  # and the bound is narrow enough to tell the new shares from those before the duty
            before = (weight * lived.places(lived.born)[here] @ places).sum(axis=0)
            assert (np.abs(before - expected) > 3.0 * allowed).any()


def log_odds(lived: Any, sites: list[int], others: list[int], sampling: Any) -> tuple[float, float]:
    """Return the log odds of some sites against others and their variance, (1 / p + 1 / q) / effective firms."""
    shares = (lived.value[:, None] * lived.places()).sum(axis=0) / lived.value.sum()
    p, q = shares[sites].sum(), shares[others].sum()
    return float(np.log(p / q)), (1.0 / p + 1.0 / q) / sampling.effective(lived.value)


@pytest.mark.parametrize(
    "name, taxed, others, slope",
    [
        ("between supply regions", [0, 1], [2, 3], THETA),
        ("within a supply region", [0], [1], THETA / 0.5),
    ],
)
def test_shares_follow_the_elasticity(
    name: str,
    taxed: list[int],
    others: list[int],
    slope: float,
    small_world: Callable[..., Any],
    sampling: Any,
) -> None:
    """Log odds fall by theta x log(1 + rate) between nests, by theta / dissimilarity within one."""
    steps, odds, variance = [], [], []
    for rate in RATES:
        rates = [rate if site in taxed else 0.0 for site in range(4)]
        world = small_world(
            sites=4,
            nests=[0, 0, 1, 1],
            years=5,
            traits={"trade_elasticity": THETA},
            decisions={"nest_dissimilarity": 0.5},
            duties={"rates": rates, "start": 2011},
        )
        lived = world.live(firms=20_000, replicate=int(rate))
        value, error = log_odds(lived, taxed, others, sampling)
        steps.append(np.log1p(rate / 100.0))
        odds.append(value)
        variance.append(error)
    x, y, weight = np.array(steps), np.array(odds), 1.0 / np.array(variance)
    limit = sampling.errors(len(RATES) + 1)
    assert (np.abs(y + slope * x) <= limit * np.sqrt(variance)).all(), name
    fitted = -(weight * x * y).sum() / (weight * x**2).sum()
    assert abs(fitted - slope) <= limit / np.sqrt((weight * x**2).sum()), name


def test_equal_sites_get_equal_shares(small_world: Callable[..., Any], sampling: Any) -> None:
    lived = small_world(sites=4, years=4).live(firms=20_000)
    shares = (lived.value[:, None] * lived.places()).sum(axis=0) / lived.value.sum()
    error = np.sqrt(0.25 * 0.75 / sampling.effective(lived.value))
    assert (np.abs(shares - 0.25) <= sampling.errors(4) * error).all()
