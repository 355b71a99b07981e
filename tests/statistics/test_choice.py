"""What firms decide at a review has the chances the docstring of the kernel promises, written out here firm by firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footloose import choice
from footloose.choice import nested_logit, review_hazard
from footloose.running import Run
from footloose.sections import Population
from footloose.simulation import begin
from footloose.trading import trade_goods
from footloose.year import build, live_one_year, look, price, review, weigh_uncertainty

Floats = npt.NDArray[np.float64]
FIRMS = 150_000
THETA, DISSIMILARITY, HAZARD = 5.0, 0.5, 0.8
SUNK, BORDER, ROOTED, YOUNG, LIFE = 0.9, 0.7, 0.4, 0.5, 10.0
EASE, PAIRS = 0.3, 0.25
NEST = np.array([0, 0, 1, 1])
WAGES = (1.0, 0.9, 0.1, 0.1)  # the first two sites are rich, and every site is a country of its own
EXTRA = np.array(  # between rich sites border and rooted, between nests the border, else nothing
    [
        [0.0, BORDER + ROOTED, BORDER, BORDER],
        [BORDER + ROOTED, 0.0, BORDER, BORDER],
        [BORDER, BORDER, 0.0, 0.0],
        [BORDER, BORDER, 0.0, 0.0],
    ]
)
RATES = (0.0, 25.0, 0.0, 5.0)
YEAR = 2012


@pytest.fixture(scope="module")
def reviewed(small_world: Callable[..., Any]) -> tuple[Any, Any, Run]:
    """The columns before and after the review of a year with a new duty, and the run."""
    world = small_world(
        sites=4,
        nests=list(NEST),
        years=4,
        wages=WAGES,
        traits={"trade_elasticity": THETA},
        decisions={
            "nest_dissimilarity": DISSIMILARITY,
            "review_hazard": HAZARD,
            "sunk_cost": SUNK,
            "region_border": BORDER,
            "rooted": ROOTED,
            "young_plant": YOUNG,
            "plant_life": LIFE,
            "second_site_ease": EASE,
            "second_site_share": PAIRS,
        },
        duties={"rates": RATES, "start": YEAR},
    )
    run = begin(world.setting, world.rules, Population(), FIRMS, 1, 0, 1e-5)
    for year in (2010, 2011):
        live_one_year(run, year)
    view = look(run, YEAR)
    ledger, doubt = price(run, view), weigh_uncertainty(run, view)
    build(run, view, doubt)
    trade_goods(run, view, ledger)
    names = ("main", "second", "opened", "sunk_cost")
    before = {name: getattr(run.firms, name).copy() for name in names}
    assert (run.firms.target < 0).all()
    review(run, view, ledger, doubt)
    after = {name: getattr(run.firms, name).copy() for name in ("main", "second", "target", "adding")}
    return before, after, run


def chances(before: Any, run: Run) -> dict[str, Floats]:
    """Return the chance of every decision of every firm, from the formulas alone; by kind, (firm, site) or (firm,)."""
    every = np.arange(FIRMS)
    value = -THETA * np.log1p(np.array(RATES) / 100.0)
    drop = EASE / PAIRS
    pull = np.full(4, 0.25)
    inside = np.array([pull[nest == NEST].sum() for nest in NEST])
    utility = DISSIMILARITY * np.log(pull / inside) + np.log(inside)
    logit = nested_logit((utility + value)[None], NEST, DISSIMILARITY)[0]
    sums = [np.exp((utility + value)[nest == NEST] / DISSIMILARITY).sum() ** DISSIMILARITY for nest in (0, 1)]
    inclusive = sum(sums)

    main, second = before["main"].astype(int), before["second"].astype(int)
    age = np.minimum((YEAR - before["opened"].astype(float)) / LIFE, 1.0)
    barrier = before["sunk_cost"].astype(float) * SUNK + YOUNG * (1.0 - age)
    most = min(1.0 / (1.0 + EASE), 1.0 / drop)
    reach = np.minimum(np.exp(-barrier[:, None] - before["sunk_cost"].astype(float)[:, None] * EXTRA[main]), most)
    stay = np.maximum(1.0 - (1.0 + EASE) * (reach * pull).sum(axis=1), 0.0) * np.exp(value[main])
    move = reach * logit * inclusive
    add = EASE * reach * logit * np.sqrt(inclusive) * np.exp(0.5 * value[main])[:, None]
    whole = stay + move.sum(axis=1) + add.sum(axis=1)
    single = second < 0
    for table in (move, add):
        table *= HAZARD * single[:, None] / whole[:, None]
        table[every, main] = 0.0  # to choose one's own site is to stay
    partner = np.where(single, main, second)
    k_pair = drop * reach[every, partner]
    keep_both = (1.0 - k_pair) * np.exp(0.5 * (value[main] + value[partner]))
    keep_main, keep_second = 0.5 * k_pair * np.exp(value[main]), 0.5 * k_pair * np.exp(value[partner])
    total = keep_both + keep_main + keep_second
    odds = {"keep main": keep_main, "keep second": keep_second}
    dropped = {name: HAZARD * ~single * chance / total for name, chance in odds.items()}
    return {"move": move, "add": add, **dropped}


def test_decisions_have_the_chances_promised(reviewed: tuple[Any, Any, Run], sampling: Any) -> None:
    """Counts of every decision, by site left and site reached, against the sum of the chances; error sum p (1 - p)."""
    before, after, run = reviewed
    expected = chances(before, run)
    target, adding = after["target"].astype(int), after["adding"] == 1
    had_two, main = before["second"] >= 0, before["main"].astype(int)
    comparisons = 2 * 16 + 4
    for kind, chosen in (("move", ~adding), ("add", adding)):
        chance = expected[kind].sum(axis=1)
        allowed = sampling.bound((chance * (1.0 - chance)).sum(), 1.0, comparisons)
        assert abs(((target >= 0) & chosen).sum() - chance.sum()) <= allowed, kind
        assert allowed < 0.07 * chance.sum()
        for left in range(4):
            here = main == left
            for reached in range(4):
                chance = expected[kind][here, reached]
                seen = int(((target == reached) & chosen)[here].sum())
                allowed = sampling.bound((chance * (1.0 - chance)).sum(), 1.0, comparisons)
                assert abs(seen - chance.sum()) <= allowed, (kind, left, reached, seen, chance.sum())
                assert left == reached or chance.sum() > allowed or kind == "add"
    gave_up = had_two & (after["second"] < 0)
    kept_main = gave_up & (after["main"] == before["main"])
    for name, seen in (("keep main", kept_main.sum()), ("keep second", (gave_up & ~kept_main).sum())):
        chance = expected[name]
        assert abs(seen - chance.sum()) <= sampling.bound((chance * (1.0 - chance)).sum(), 1.0, comparisons), name
        assert chance.sum() > 500


def test_who_gives_up_the_main_site_keeps_the_second(reviewed: tuple[Any, Any, Run]) -> None:
    before, after, _ = reviewed
    gave_up = (before["second"] >= 0) & (after["second"] < 0)
    other = gave_up & (after["main"] != before["main"])
    assert other.any()
    np.testing.assert_array_equal(after["main"][other], before["second"][other])
    assert (after["target"][gave_up] == -1).all()


def test_attention_raises_the_hazard_and_never_beyond_one() -> None:
    urge = np.array([[0.0, 0.1, 1.0, 50.0]])
    hazard = review_hazard(0.17, urge)
    assert hazard[0, 0] == pytest.approx(0.17)
    assert (np.diff(hazard) > 0.0).all()
    assert hazard.max() <= 1.0
    assert (review_hazard(1.0, urge) == 1.0).all()
    assert (review_hazard(0.0, np.zeros((1, 1))) == 0.0).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.floats(0.1, 1.0), st.floats(0.0, 8.0))
def test_nested_logit_is_a_logit_within_and_over_nests(
    seed: int, sites: int, dissimilarity: float, size: float
) -> None:
    """Sums to one; log odds within a nest are utility differences over the dissimilarity; 1 is the plain logit."""
    random = np.random.Generator(np.random.Philox(seed))
    utility = size * random.standard_normal((4, sites))
    nest = random.integers(0, 3, sites)
    chance = nested_logit(utility, nest, dissimilarity)
    np.testing.assert_allclose(chance.sum(axis=1), 1.0, rtol=1e-12)
    for one, other in zip(*np.nonzero(np.equal.outer(nest, nest)), strict=True):
        gap = (utility[:, one] - utility[:, other]) / dissimilarity
        np.testing.assert_allclose(chance[:, one], chance[:, other] * np.exp(gap), rtol=1e-6, atol=1e-300)
    plain = np.exp(utility - utility.max(axis=1, keepdims=True))
    np.testing.assert_allclose(nested_logit(utility, nest, 1.0), plain / plain.sum(axis=1, keepdims=True), rtol=1e-9)
    # The kernel's weights are the same chances.
    share, total = np.empty(sites), np.empty(3)
    nests, nothing = nest.astype(np.int64), np.zeros(sites)
    pull = chance[:1]
    members = np.equal.outer(np.arange(3), nest) @ pull[0]
    weight = (pull[0] / members[nest] * members[nest] ** (1.0 / dissimilarity))[None]
    inclusive = numba.njit(error_model="numpy")(choice.destination_weights)(
        0, nothing, 1.0, np.zeros((1, sites)), weight, nests, dissimilarity, share, total
    )
    np.testing.assert_allclose(share / inclusive, pull[0], rtol=1e-9)
    assert inclusive == pytest.approx(1.0)
