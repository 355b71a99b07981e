"""In a symmetric world the even state is stable where theta x eta < 1 and breaks where it is more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from footloose.running import Run

Floats = npt.NDArray[np.float64]
THETA = 5.0
SPEED = 0.5
FIRMS = 5_000


def stocks(
    small_world: Callable[..., Any],
    eta: float,
    *,
    sites: int = 2,
    tilt: float = 0.0,
    years: int = 60,
    firms: int = FIRMS,
) -> Any:
    """Live in a world of equal sites with clusters alone; `tilt` raises the first site's stock on the first day."""
    clusters = {"elasticity": eta, "growth": SPEED, "fading": SPEED, "related_weight": 0.0, "linked_weight": 0.0}
    world = small_world(sites=sites, years=years, traits={"trade_elasticity": THETA}, mechanisms={"clusters": clusters})

    def disturb(run: Run) -> None:
        stock = np.ones((1, sites))
        stock[0, 0] += tilt
        stock[0, 1] -= tilt
        run.state["cluster"] = stock

    return world.live(firms, prepare=disturb)


def shares(lived: Any) -> Floats:
    sales = lived.tables["sales"].sum(axis=(1, 2, 3))
    return np.asarray(sales / sales.sum(axis=1, keepdims=True))


def even_state_error(lived: Any, strength: float, sampling: Any) -> float:
    """Return the standard error of a site's share in the even state of n sites; strength = theta x eta.

    A plant decided on in one year sells in the next. So near the even state the log stock k of a site and its share s
    obey s' = 1 / n + strength k / n + e and k' = (1 - g) k + g (n s - 1), e the sampling error of a year, variance
    v = (1 / n) (1 - 1 / n) / effective firms. k is a second-order autoregression with coefficients a = 1 - g and
    b = g strength, stable for strength < 1; var k = (1 - b) / (1 + b) / ((1 - b)^2 - a^2) x (n g)^2 v.
    """
    sites = lived.run.setting.shape[3]
    yearly = (1.0 / sites) * (1.0 - 1.0 / sites) / sampling.effective(lived.value)
    a, b = 1.0 - SPEED, SPEED * strength
    stock = (1.0 - b) / (1.0 + b) / ((1.0 - b) ** 2 - a**2) * (sites * SPEED) ** 2 * yearly
    return float(np.sqrt((strength / sites) ** 2 * stock + yearly))


@pytest.mark.parametrize("eta", [0.0, 0.05, 0.1, 0.16])
def test_even_state_is_stable_below_the_threshold(eta: float, small_world: Callable[..., Any], sampling: Any) -> None:
    """Even after a site was given three times the suppliers of the other, shares come back to one half."""
    assert THETA * eta < 1.0
    lived = stocks(small_world, eta, tilt=0.5, years=80)
    path = shares(lived)
    if eta > 0.0:
        assert path[2, 0] > 0.5 + sampling.errors(1) * even_state_error(lived, 0.0, sampling)
    late = path[-20:, 0]
    assert (np.abs(late - 0.5) <= sampling.errors(20) * even_state_error(lived, THETA * eta, sampling)).all()


@pytest.mark.parametrize("eta, sites", [(0.25, 2), (0.3, 2), (0.3, 4)])
def test_symmetry_breaks_above_the_threshold(eta: float, sites: int, small_world: Callable[..., Any]) -> None:
    """From exactly even, sampling error alone tips the world: log odds grow by theta eta until one has all."""
    assert THETA * eta > 1.0
    path = shares(stocks(small_world, eta, sites=sites, years=200))
    assert np.abs(path[0] - 1.0 / sites).max() < 1e-6
    assert path[-1].max() > 0.99


@pytest.mark.parametrize("eta", [0.1, 0.3])
def test_a_tilt_grows_or_fades_as_in_the_linear_theory(
    eta: float, small_world: Callable[..., Any], sampling: Any
) -> None:
    """The log stock gap x of two sites follows x'' = (1 - g) x' + g theta eta x while it is small."""
    lived = stocks(small_world, eta, tilt=0.05, years=6, firms=100_000)
    stock = np.log(lived.tables["cluster"][:, 0])
    gap = stock[:, 0] - stock[:, 1]
    foretold = (1.0 - SPEED) * gap[1:-1] + SPEED * THETA * eta * gap[:-2]
    # A year's sampling error of the share enters the gap four times g; what the linear theory leaves out is cubic.
    shock = 4.0 * SPEED * np.sqrt(0.25 / sampling.effective(lived.value))
    allowed = sampling.errors(gap.size - 2) * shock + np.abs(gap).max() ** 3
    assert (np.abs(gap[2:] - foretold) <= allowed).all()
    wrong = (1.0 - SPEED) * gap[1:-1] + SPEED * (0.4 - eta) * THETA * gap[:-2]
    assert (np.abs(gap[2:] - wrong) > allowed).any()


def test_the_even_state_of_four_sites_is_stable(small_world: Callable[..., Any], sampling: Any) -> None:
    lived = stocks(small_world, 0.1, sites=4, tilt=0.5, years=60)
    error = even_state_error(lived, THETA * 0.1, sampling)
    assert (np.abs(shares(lived)[-1] - 0.25) <= sampling.errors(4) * error).all()
