"""Search and chain against a posterior that can be integrated by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from footloose_calibration.fitting.discrepancy import Yardstick
from footloose_calibration.fitting.emulator import Chance, Emulator, train
from footloose_calibration.fitting.posterior import Chain, Posterior, draw_chain, search
from footloose_calibration.fitting.problem import QUICK, Sizes
from footloose_calibration.priors import Prior, Priors
from footloose_calibration.targets import Target

Floats = npt.NDArray[np.float64]
SIZES: Sizes = replace(QUICK, walkers=32, steps=1200, burn=300, search=80)


@pytest.fixture(scope="module")
def posterior(target: Callable[..., Target]) -> Posterior:
    """Return the posterior of two parameters: their sum is measured, the first has a normal prior."""
    generator = np.random.default_rng(1)
    places = generator.uniform(size=(60, 2))
    no_chance = Chance(np.zeros(1), np.zeros(1), np.zeros(1))
    emulator: Emulator = train(places, places.sum(axis=1)[:, None], np.ones(60, dtype=bool), no_chance, {})
    rows = [
        Prior("a", 0.0, 1.0, 0.4, "normal", "m", "s", "C"),
        Prior("b", 0.0, 1.0, 0.5, "uniform", "m", "s", "C"),
    ]
    return Posterior(Priors(tuple(rows)), Yardstick.of([target("sum", 1.0, 1.4)]), emulator, (0,))


@pytest.fixture(scope="module")
def chain(posterior: Posterior) -> Chain:
    return draw_chain(posterior, SIZES, 3, search(posterior, SIZES, 2))


def grid(posterior: Posterior) -> tuple[Floats, Floats]:
    """Return places on a fine grid and their share of the posterior."""
    axis = (np.arange(300) + 0.5) / 300
    places = np.column_stack([part.ravel() for part in np.meshgrid(axis, axis, indexing="ij")])
    weight = np.exp(posterior.log_density(places))
    return places, weight / weight.sum()


def test_search_finds_the_top(posterior: Posterior) -> None:
    places, weight = grid(posterior)
    best = search(posterior, SIZES, 2)
    assert (
        posterior.log_density(best[None, :])[0]
        >= np.log(weight.max()) - np.log(weight[0]) + (posterior.log_density(places[:1])[0])
    )


def test_chain_is_the_posterior(posterior: Posterior, chain: Chain) -> None:
    """Means within four standard errors, of as many draws as the chain is worth; spreads within a tenth."""
    places, weight = grid(posterior)
    mean = weight @ places
    spread = np.sqrt(weight @ (places - mean) ** 2)
    assert chain.effective > 200
    error = 4.0 * spread / np.sqrt(chain.effective)
    assert np.abs(chain.positions.mean(axis=0) - mean).max() < error.max()
    assert chain.positions.std(axis=0) == pytest.approx(spread, rel=4.0 / np.sqrt(2.0 * chain.effective))
    together = np.corrcoef(chain.positions.T)[0, 1]
    gap = places - mean
    assert together == pytest.approx((weight @ (gap[:, 0] * gap[:, 1])) / spread.prod(), abs=0.1)


def test_nothing_leaves_the_literature(chain: Chain) -> None:
    assert chain.positions.min() >= 0.0
    assert chain.positions.max() <= 1.0


def test_same_seed_same_chain(posterior: Posterior) -> None:
    short = replace(SIZES, steps=30, burn=10)
    chains = [draw_chain(posterior, short, seed, np.array([0.6, 0.6])) for seed in (3, 3, 4)]
    assert np.array_equal(chains[0].positions, chains[1].positions)
    assert not np.array_equal(chains[0].positions, chains[2].positions)


def test_sample_is_spread_over_the_chain(chain: Chain) -> None:
    sample = chain.sample(50)
    assert sample.shape == (50, 2)
    assert np.array_equal(sample[-1], chain.positions[-1])
