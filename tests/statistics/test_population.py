"""The population: adds up to the base year exactly, and its firms are drawn from the laws the parameters name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import footloose
from footloose.anchor import nest_weight, pull_of_shares
from footloose.choice import nested_logit
from footloose.firms import VALUE_UNIT, log_normal, mean_size, raking_factors
from footloose.sections import Population
from footloose.simulation import begin_run

Floats = npt.NDArray[np.float64]
FIRMS = 100_000


@pytest.fixture(scope="module")
def born() -> Any:
    """A run on the first day of the base year."""
    return begin_run(footloose.load("baseline"), firms=FIRMS)


def test_raking_is_exact(born: Any) -> None:
    """Output by market, sector and site is the base year's, but for the thousand dollars values are rounded to."""
    setting = born.setting
    shape = setting.shape
    table = born.footing.reshape(-1, shape[2], shape[3], shape[3]).sum(axis=1)
    made = 0.5 * (table.sum(axis=1) + table.sum(axis=2)) * VALUE_UNIT
    use = setting.base.use.reshape(-1, shape[3])
    firms = np.zeros_like(use)
    row = born.firms.cell // shape[2]
    for site in (born.firms.main, born.firms.second):
        present = site >= 0
        np.add.at(firms, (row[present], site[present]), 1.0)
    covered = ((firms > 0.0) | (use == 0.0)).all(axis=1)
    assert covered.all()
    assert (np.abs(made - use) <= 1e-9 * use.sum(axis=1, keepdims=True) + 0.5 * VALUE_UNIT * firms).all()


@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.floats(0.0, 1.0))
def test_raking_meets_any_margins_it_can_meet(seed: int, sites: int, paired: float) -> None:
    """Tables with a firm of one site at every site can always be raked: factors have no one to wait for."""
    random = np.random.Generator(np.random.Philox(seed))
    table = random.uniform(0.1, 10.0, (1, sites, sites)) * (random.uniform(size=(1, sites, sites)) < paired)
    table[0, np.arange(sites), np.arange(sites)] = random.uniform(1.0, 10.0, sites)
    target = random.uniform(1.0, 100.0, (1, sites))
    # What pairs bring along must leave room for the singles: margins made from known factors always do.
    root = np.sqrt(random.uniform(0.5, 2.0, sites))
    whole = table[0] * root[:, None] * root[None, :]
    target = (0.5 * (whole.sum(axis=0) + whole.sum(axis=1)))[None, :]
    factor = np.sqrt(raking_factors(table, target)[0])
    raked = table[0] * factor[:, None] * factor[None, :]
    np.testing.assert_allclose(0.5 * (raked.sum(axis=0) + raked.sum(axis=1)), target[0], rtol=1e-9)


def test_a_site_without_firms_leaves_its_output_to_the_others() -> None:
    table = np.zeros((1, 3, 3))
    table[0, 0, 0], table[0, 1, 1] = 2.0, 4.0
    factor = raking_factors(table, np.array([[10.0, 20.0, 30.0]]))
    np.testing.assert_allclose(table[0].diagonal() * factor[0], [20.0, 40.0, 0.0])


def test_firms_are_spread_over_strata_evenly(born: Any) -> None:
    """Every market, sector and site has its share of firms up to a few: an even sequence, not a lottery."""
    setting, firms = born.setting, born.firms
    use = setting.base.use.ravel()
    root, present = np.sqrt(use), use > 0.0
    chance = 0.3 * use / use.sum() + 0.5 * root / root.sum() + 0.2 * present / present.sum()
    sites = setting.shape[3]
    seen = np.bincount(firms.cell // setting.shape[2] * sites + firms.main, minlength=use.size)
    golden = (1.0 + np.sqrt(5.0)) / 2.0
    few = 2.0 * (3.0 + (1.0 / np.log(golden) + 1.0 / np.log(2.0)) * np.log(FIRMS))
    assert (np.abs(seen - FIRMS * chance) <= few).all()
    assert (seen[present] > 0).all()


def test_owners_are_drawn_by_who_decides(born: Any, sampling: Any) -> None:
    """Value by home of the owner in each market is that of the data; error = sqrt(sum of weight^2 p (1 - p))."""
    setting, firms = born.setting, born.firms
    markets, sectors, origins, _ = setting.shape
    owner, market = firms.cell % origins, firms.cell // (sectors * origins)
    value = firms.value * VALUE_UNIT
    true = setting.use_by_owner.sum(axis=(1, 3))
    control = setting.control[market, firms.main, firms.cell // origins % sectors]
    for number in range(markets):
        here = market == number
        drawn = np.bincount(owner[here], weights=value[here], minlength=origins)
        # A drawn owner's weight stands for value x share / chance, and its chance is proportional to the root of it.
        spread = np.sqrt(control[here]).sum(axis=1)
        cell_value = value[here] / (np.sqrt(control[here, owner[here]]) * spread)
        variance = (cell_value[:, None] ** 2 * (np.sqrt(control[here]) ** 3 * spread[:, None])).sum(axis=0)
        heaviest = value[here].max()
        allowed = sampling.bound(variance, heaviest, markets * origins)
        assert (np.abs(drawn - true[number]) <= allowed).all(), setting.geography.markets[number]
        assert np.median(allowed / true[number]) < 0.5


TRAITS = {
    "labour_intensity": "labour_intensity_spread",
    "risk_aversion": "risk_aversion_spread",
    "time_sensitivity": "time_sensitivity_spread",
    "sunk_cost": "sunk_cost_spread",
}


@pytest.mark.parametrize("trait", TRAITS)
def test_attributes_have_mean_one_and_the_spread_of_their_parameter(born: Any, trait: str, sampling: Any) -> None:
    """Log-normal: variance exp(s^2) - 1, and the log has mean -s^2 / 2 and standard deviation s."""
    values = getattr(born.firms, trait).astype(np.float64)
    spread = getattr(Population(), TRAITS[trait])
    limit = sampling.errors(3 * len(TRAITS))
    assert abs(values.mean() - 1.0) <= limit * np.sqrt(np.expm1(spread**2) / FIRMS)
    logs = np.log(values)
    assert abs(logs.mean() + 0.5 * spread**2) <= limit * spread / np.sqrt(FIRMS)
    assert abs(logs.std() - spread) <= limit * spread / np.sqrt(2.0 * FIRMS)


def test_attributes_are_unrelated(born: Any, sampling: Any) -> None:
    logs = np.log([getattr(born.firms, trait) for trait in (*TRAITS, "size")])
    correlation = np.corrcoef(logs)[np.triu_indices(len(logs), 1)]
    assert np.abs(correlation).max() <= sampling.errors(correlation.size) / np.sqrt(FIRMS)


def test_sizes_follow_the_size_biased_law(born: Any, sampling: Any) -> None:
    """Programmes are drawn in proportion to value: the log has mean log m + s^2 / 2, and 1 / size averages 1 / m."""
    population = Population()
    sizes, spread = born.firms.size.astype(np.float64), population.size_spread
    limit = sampling.errors(3)
    expected = np.log(population.mean_size_usd_million) + 0.5 * spread**2
    assert abs(np.log(sizes).mean() - expected) <= limit * spread / np.sqrt(FIRMS)
    inverse = population.mean_size_usd_million / sizes
    assert abs(inverse.mean() - 1.0) <= limit * np.sqrt(np.expm1(spread**2) / FIRMS)
    allowed = limit * np.sqrt(np.expm1(spread**2) / FIRMS) * mean_size(population)
    assert abs(sizes.mean() - mean_size(population)) <= allowed


def test_the_share_of_pairs_is_that_of_the_parameter(born: Any, sampling: Any) -> None:
    """A programme at site i has a second site with odds rho (1 - pull_i)."""
    firms = born.firms
    pull = born.anchor.pull[firms.cell, firms.main]
    odds = footloose.load("baseline").sections["decisions"].second_site_share * (1.0 - pull)
    chance = odds / (1.0 + odds)
    allowed = sampling.errors(1) * np.sqrt((chance * (1.0 - chance)).sum())
    assert abs((firms.second >= 0).sum() - chance.sum()) <= allowed


@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.floats(0.0, 1.0), st.floats(0.1, 1.0))
def test_the_anchor_inverts_the_base_year(seed: int, sites: int, rho: float, dissimilarity: float) -> None:
    """Singles in the ratio pi_i and pairs rho pi_i pi_k give back the shares; the nested logit gives back the pull."""
    random = np.random.Generator(np.random.Philox(seed))
    shares = random.dirichlet(np.ones(sites), size=3)
    shares = np.maximum(shares, 1e-5)
    shares /= shares.sum(axis=1, keepdims=True)
    pull = pull_of_shares(shares, rho)
    made = pull * (1.0 + rho * (1.0 - pull))
    np.testing.assert_allclose(made / made.sum(axis=1, keepdims=True), shares, rtol=1e-9)
    nest = random.integers(0, 3, sites)
    weight = nest_weight(pull, nest, dissimilarity)
    np.testing.assert_allclose(nested_logit(dissimilarity * np.log(weight), nest, dissimilarity), pull, rtol=1e-9)


def test_log_normal_is_the_inverse_distribution_function() -> None:
    assert log_normal(np.array([0.5]), 0.0)[0] == 1.0
    assert log_normal(np.array([0.5]), 2.0)[0] == pytest.approx(np.exp(-2.0))
    assert log_normal(np.array([0.5]), 2.0, shift=4.0)[0] == pytest.approx(np.exp(2.0))


def test_errors_are_errors(live: Callable[..., Any], sampling: Any) -> None:
    """Over replicates, a market's share at a site varies as much as the weights of the firms that moved say.

    Mean square of the standardised change of shares over replicates, markets and large sites: 1, with standard error
    sqrt(2 / independent numbers), of which there are at least as many as markets times replicates.
    """
    settings = ("policy_record.include=none", "decisions.young_plant=0", "years.until=2016")
    frozen = ("mechanisms.risk=off", "mechanisms.labour=off", "mechanisms.automation=off", "mechanisms.energy=off")
    more = ("mechanisms.freight=off", "mechanisms.inputs=off", "mechanisms.tariffs=off", "mechanisms.taxes=off")
    rest = ("mechanisms.lead_time=off", "mechanisms.clusters=off", "mechanisms.productivity=off")
    scenario = footloose.load("baseline", overrides=[*settings, *frozen, *more, *rest, "mechanisms.congestion=off"])
    squares = []
    for replicate in range(8):
        lived = live(scenario, firms=20_000, replicate=replicate)
        start = lived.places(lived.born)
        for market in range(4):
            change, error = lived.change(start, market)
            large = np.argsort(error)[-5:]
            squares.append(np.mean((change[large] / error[large]) ** 2))
    assert abs(np.mean(squares) - 1.0) <= sampling.errors(1) * np.sqrt(2.0 / len(squares))
