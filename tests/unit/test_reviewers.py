"""Bounds: who is left out of the choice would have stayed, whatever the world looks like."""

from __future__ import annotations

import numpy as np
import pytest
from scalar_choice import review_one_by_one

from footloose.anchor import nest_weight
from footloose.choice import NEAR, pack_nearest, pack_ties, reach_by_tie, review_footprints
from footloose.reviewers import BLOCK, fill_lanes

SITES, NESTS, CELLS = 70, 3, 4
EXTRA = np.array([0.0, 0.7, 1.5])
DISSIMILARITY, EASE, DROP = 0.5, 0.2, 1.6


def a_world(
    seed: int, count: int, spread: float, shut: float, dissimilarity: float = DISSIMILARITY, dear: float = 1.0
) -> list[object]:
    """Random firms in a random world: cost changes of so many log points, so many sites where nothing may be built.

    dear : what sunk costs, and what hedging is worth, are multiplied by
    """
    rng = np.random.Generator(np.random.Philox(seed))
    main, second = (rng.integers(0, SITES, count).astype(np.int8) for _ in range(2))
    second[(rng.random(count) < 0.7) | (second == main)] = -1
    target = np.where(rng.random(count) < 0.1, 1, -1).astype(np.int8)
    loadings = [np.exp(0.4 * rng.normal(size=count)).astype(np.float32) for _ in range(4)]
    nest, market = rng.integers(0, NESTS, SITES), np.array([0, 1, 0, 1])
    pull = rng.dirichlet(np.ones(SITES), CELLS)
    tie = np.maximum(tie := rng.integers(0, 3, (2, SITES, SITES)), np.swapaxes(tie, 1, 2))
    tie[:, range(SITES), range(SITES)] = NEAR
    weight = nest_weight(pull, nest, dissimilarity) * (rng.random((CELLS, SITES)) >= shut)
    cell = np.sort(rng.integers(0, CELLS, count)).astype(np.int32)
    opened = rng.choice([-100, 2015, 2020], count).astype(np.int16)
    table = rng.random((5, CELLS, SITES))
    return [
        rng.permutation(count).astype(np.int32), cell, main, second, target, opened, *loadings,
        spread * rng.normal(size=(CELLS, 4, SITES)), -0.1 * table[0], weight, reach_by_tie(pull, tie, market, 3), tie,
        pack_ties(tie), pack_nearest(tie, nest, EXTRA), market, 0.3 + 0.7 * table[1],
        0.2 * table[2], 0.3 * dear * table[3], 0.4 * table[4] - 0.2,
        2.0 + 4.0 * rng.random(CELLS), dear * (0.3 + rng.random(CELLS)), EXTRA, nest, NESTS, dissimilarity,
        1.5, 10.0, 2.0, EASE, DROP, min(1.0 / (1.0 + EASE), 1.0 / DROP), 2021, 3, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("spread, shut", [(0.0, 0.0), (0.05, 0.3), (0.3, 0.0), (3.0, 0.5), (0.2, 1.0)])
def test_the_bounds_leave_out_nobody_who_would_change(spread: float, shut: float) -> None:
    """70 sites, so that ties take more than one word; more reviewers in a cell than are worked on together."""
    count = 12 * BLOCK + 3
    decided = []
    for kernel in (review_footprints, review_one_by_one):
        given, written = a_world(7, count, spread, shut), [np.empty(count, dtype=np.int64) for _ in range(3)]
        changes = kernel(*given, *written)
        decided.append([column[:changes].tolist() for column in written])
    assert decided[0] == decided[1]
    assert len(decided[0][0]) > 20


@pytest.mark.parametrize("dissimilarity", [0.1, 0.25, 1.0])
@pytest.mark.parametrize("spread, dear", [(0.02, 0.02), (0.5, 1.0), (0.3, 30.0)])
def test_what_single_precision_cannot_tell_is_decided_exactly(dissimilarity: float, spread: float, dear: float) -> None:
    """Odds from e^-100 to e^30; near 0.1 hardly anything fits, and all but a few decide by the equations."""
    count = 4000
    decided = []
    for kernel in (review_footprints, review_one_by_one):
        given = a_world(11, count, spread, 0.1, dissimilarity, dear)
        written = [np.empty(count, dtype=np.int64) for _ in range(3)]
        changes = kernel(*given, *written)
        decided.append([column[:changes].tolist() for column in written])
    assert decided[0] == decided[1]
    assert len(decided[0][0]) > 5


def test_lanes_are_filled_with_the_last_one() -> None:
    who = np.array([3, 5, 8, 0, 0, 0, 0, 0])
    assert fill_lanes(3, who) == 8
    assert who.tolist() == [3, 5, 8, 8, 8, 8, 8, 8]
    assert fill_lanes(8, who) == 8
