"""The decision: nested logit by hand, and the kernel against a slow version written from the equations."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt
import pytest

from footloose.anchor import nest_weight, pull_of_shares
from footloose.choice import (
    ADD,
    DROP_MAIN,
    DROP_SECOND,
    MOVE,
    NEAR,
    destination_weights,
    nested_logit,
    pack_nearest,
    pack_ties,
    reach_by_tie,
    review_footprints,
    review_hazard,
)
from footloose.draws import Purpose, philox_words
from footloose.line_sums import lay_out
from footloose.reasons import decisive_lines

Floats = npt.NDArray[np.float64]
SITES, NESTS, CELLS = 5, 2, 3
NEST = np.array([0, 0, 1, 1, 1])
MARKET = np.array([0, 1, 0])
EXTRA = np.array([0.0, 0.7, 1.5])
DISSIMILARITY, EASE, DROP = 0.5, 0.2, 1.6


def test_plain_logit() -> None:
    chance = nested_logit(np.log([[1.0, 2.0, 5.0]]), np.array([0, 0, 1]), 1.0)
    assert chance == pytest.approx(np.array([[0.125, 0.25, 0.625]]))


def test_nested_logit_by_hand() -> None:
    """Nests of (4 + 4) and 4 at dissimilarity one half: their weights are the roots of 16 + 16 and of 16."""
    chance = nested_logit(np.log([[4.0, 4.0, 4.0]]), np.array([0, 0, 1]), 0.5)[0]
    nests = np.sqrt(32.0) + 4.0
    assert chance == pytest.approx(np.array([np.sqrt(8.0), np.sqrt(8.0), 4.0]) / nests)


def test_sites_of_one_nest_are_the_closer_substitutes() -> None:
    even = nested_logit(np.zeros((1, 4)), np.array([0, 0, 1, 1]), 0.4)[0]
    worse = nested_logit(np.array([[-0.1, 0.0, 0.0, 0.0]]), np.array([0, 0, 1, 1]), 0.4)[0]
    gain = worse - even
    assert gain[0] < 0.0
    assert gain[1] > gain[2] == pytest.approx(gain[3])
    assert gain[2] > 0.0


def weights(value: Floats, entry: Floats, weight: Floats) -> tuple[Floats, float]:
    """Return the weight of every site and their sum for one firm of cell 0 with theta 5."""
    share, total = np.empty(SITES), np.empty(NESTS)
    inclusive = numba.njit(error_model="numpy")(destination_weights)(
        0, value, 5.0, entry, weight, NEST, DISSIMILARITY, share, total
    )
    return share, float(inclusive)


def test_weights_give_back_the_pull_they_are_made_of() -> None:
    pull, nothing = np.array([[0.5, 0.1, 0.2, 0.15, 0.05]]), np.zeros((1, SITES))
    weight = nest_weight(pull, NEST, DISSIMILARITY)
    share, inclusive = weights(np.zeros(SITES), nothing, weight)
    assert inclusive == pytest.approx(1.0)
    assert share == pytest.approx(pull[0])
    changed = np.array([0.3, -0.2, 0.0, 0.1, 0.0])
    share, inclusive = weights(changed, nothing, weight)
    utility = DISSIMILARITY * np.log(weight) + changed
    assert share / inclusive == pytest.approx(nested_logit(utility, NEST, DISSIMILARITY)[0])


def test_a_nest_where_nothing_may_be_built_weighs_nothing() -> None:
    pull = np.array([[0.5, 0.1, 0.2, 0.15, 0.05]])
    weight = nest_weight(pull, NEST, DISSIMILARITY) * (NEST == 0)
    share, inclusive = weights(np.zeros(SITES), np.zeros((1, SITES)), weight)
    assert (share[NEST == 1] == 0.0).all()
    assert inclusive == pytest.approx(0.6)


def test_support_for_entrants_counts_as_lower_cost() -> None:
    pull, entry = np.full((1, SITES), 0.2), np.array([[0.0, 0.0, -0.1, 0.0, 0.0]])
    weight = nest_weight(pull, NEST, DISSIMILARITY)
    with_entry, _ = weights(np.zeros(SITES), entry, weight)
    with_value, _ = weights(-5.0 * entry[0], 0.0 * entry, weight)
    assert with_entry == pytest.approx(with_value)


def test_pull_of_two_equal_sites_stays_equal_and_pairs_make_up_the_rest() -> None:
    pull = pull_of_shares(np.array([[0.5, 0.5], [0.8, 0.2]]), 0.5)
    output = pull * (1.0 + 0.5 * (1.0 - pull))
    assert output / output.sum(axis=1, keepdims=True) == pytest.approx(np.array([[0.5, 0.5], [0.8, 0.2]]))


def test_review_hazard() -> None:
    assert review_hazard(0.2, np.array([0.0, 0.5])) == pytest.approx(np.array([0.2, 1.0 - 0.8 * np.exp(-0.5)]))


@dataclass
class Case:
    """Random firms in a random world."""

    firms: dict[str, npt.NDArray[np.generic]]
    world: dict[str, Floats]
    tie: npt.NDArray[np.int64]

    @classmethod
    def of(cls, count: int) -> Case:
        rng = np.random.default_rng(5)
        second = np.where(rng.random(count) < 0.3, rng.integers(0, SITES, count), -1).astype(np.int8)
        main = rng.integers(0, SITES, count).astype(np.int8)
        second[second == main] = -1
        firms = {
            "slot": rng.permutation(count).astype(np.int32),
            "cell": np.sort(rng.integers(0, CELLS, count)).astype(np.int32),
            "main": main,
            "second": second,
            "target": np.where(rng.random(count) < 0.1, 1, -1).astype(np.int8),
            "opened": rng.choice([-100, 2015, 2020], count).astype(np.int16),
            **{name: np.exp(0.4 * rng.normal(size=count)).astype(np.float32) for name in ("labour", "risk", "time")},
            "sunk_cost": np.exp(0.4 * rng.normal(size=count)).astype(np.float32),
        }
        pull = rng.dirichlet(np.ones(SITES), CELLS)
        tie = rng.integers(0, 3, (2, SITES, SITES))
        tie = np.maximum(tie, np.swapaxes(tie, 1, 2))
        tie[:, range(SITES), range(SITES)] = NEAR
        world = {
            "expected": 0.2 * rng.normal(size=(CELLS, SITES, 4)),
            "entry": -0.1 * rng.random((CELLS, SITES)),
            "weight": nest_weight(pull, NEST, DISSIMILARITY),
            "pull": pull,
            "hazard": 0.2 + 0.6 * rng.random((CELLS, SITES)),
            "uncertain": 0.2 * rng.random((CELLS, SITES)),
            "hedge": 0.3 * rng.random((CELLS, SITES)),
            "rooted": 0.4 * rng.normal(size=(CELLS, SITES)),
            "theta": 2.0 + 4.0 * rng.random(CELLS),
            "sunk": 0.3 + rng.random(CELLS),
        }
        return cls(firms, world, tie)

    def kernel(self) -> list[tuple[int, int, int]]:
        firms, w, count = self.firms, self.world, self.firms["cell"].size
        decided, site, kind = (np.empty(count, dtype=np.int64) for _ in range(3))
        changes = review_footprints(
            *firms.values(), np.ascontiguousarray(np.moveaxis(w["expected"], 2, 1)), w["entry"], w["weight"],
            reach_by_tie(w["pull"], self.tie, MARKET, EXTRA.size), self.tie, pack_ties(self.tie),
            pack_nearest(self.tie, NEST, EXTRA), MARKET, w["hazard"],
            w["uncertain"], w["hedge"], w["rooted"], w["theta"], w["sunk"], EXTRA, NEST, NESTS, DISSIMILARITY, 1.5,
            10.0, 2.0, EASE, DROP, LARGEST, 2021, 3, 1, decided, site, kind,
        )  # fmt: skip
        return list(zip(decided[:changes].tolist(), site[:changes].tolist(), kind[:changes].tolist(), strict=True))


LARGEST = min(1.0 / (1.0 + EASE), 1.0 / DROP)


def by_hand(case: Case) -> list[tuple[int, int, int]]:
    """The equations of the module's docstring, one firm at a time, as a list of odds."""
    decisions = []
    for firm in range(case.firms["cell"].size):
        one = {name: column[firm].item() for name, column in case.firms.items()}
        c, i, k = one["cell"], one["main"], one["second"]
        w = {name: table[c] for name, table in case.world.items()}
        words = philox_words(one["slot"], 2021, int(Purpose.REVIEW), 3, 1)
        draws = [(int(word) + 0.5) / 2**32 for word in words]
        here = [i] if k < 0 else [i, k]
        if one["target"] >= 0 or draws[0] >= max(w["hazard"][j] for j in here):
            continue
        v = -w["theta"] * (w["expected"] @ np.array([1.0, one["labour"], one["risk"], one["time"]]))
        doubt = one["sunk_cost"] * (1.0 + 2.0 * np.mean([w["uncertain"][j] for j in here]))
        log_k = doubt * w["sunk"] + 1.5 * (1.0 - min((2021 - one["opened"]) / 10.0, 1.0))
        log_k += np.mean([w["rooted"][j] for j in here])
        apart = EXTRA[case.tie[MARKET[c], i]]
        tie = np.minimum(np.exp(-log_k - doubt * apart), LARGEST)
        if k >= 0:
            hedging = one["risk"] * np.mean([w["hedge"][j] for j in here])
            odds = [((1.0 - DROP * tie[k]) * np.exp((v[i] + v[k]) / 2 + hedging), None)]
            odds += [(0.5 * DROP * tie[k] * np.exp(v[i]), (i, DROP_SECOND))]
            odds += [(0.5 * DROP * tie[k] * np.exp(v[k]), (k, DROP_MAIN))]
            outcome = pick(odds, draws[1])
            if outcome is not None:
                decisions.append((firm, *outcome))
            continue
        utility = DISSIMILARITY * np.log(w["weight"]) + v - w["theta"] * w["entry"]
        chance = nested_logit(utility[None], NEST, DISSIMILARITY)[0]
        inclusive = sum(np.exp(utility[g == NEST] / DISSIMILARITY).sum() ** DISSIMILARITY for g in range(NESTS))
        base = nested_logit(DISSIMILARITY * np.log(w["weight"])[None], NEST, DISSIMILARITY)[0]
        ties, now = float(np.dot(tie, base)), float(np.dot(tie, chance))
        odds = [(max(1.0 - (1.0 + EASE) * ties, 0.0) * np.exp(v[i]), None), (now * inclusive, MOVE)]
        odds += [(EASE * now * np.sqrt(inclusive) * np.exp(0.5 * v[i] + one["risk"] * w["hedge"][i]), ADD)]
        kind = pick(odds, draws[1])
        if kind is not None:
            reached = pick([(tie[j] * chance[j], j) for j in range(SITES)], draws[2])
            if reached != i:
                decisions.append((firm, reached, kind))
    return decisions


def pick(odds: list[tuple[float, object]], draw: float) -> object:
    """Return the outcome a draw between 0 and 1 falls on."""
    edges = np.cumsum([weight for weight, _ in odds])
    return odds[int(np.searchsorted(edges, draw * edges[-1], side="right"))][1]


def test_the_kernel_decides_as_the_equations_say() -> None:
    case = Case.of(3000)
    expected = by_hand(case)
    assert {kind for _, _, kind in expected} == {MOVE, ADD, DROP_SECOND, DROP_MAIN}
    assert case.kernel() == expected


def test_a_firm_with_a_project_decides_nothing() -> None:
    case = Case.of(500)
    case.firms["target"] = np.ones(500, dtype=np.int8)
    assert case.kernel() == []


def test_nobody_moves_where_sunk_costs_are_beyond_reach() -> None:
    case = Case.of(2000)
    case.firms["second"] = np.full(2000, -1, dtype=np.int8)
    case.world["sunk"] = np.full(CELLS, 60.0)
    assert case.kernel() == []


def test_decisive_lines_by_hand() -> None:
    """Labour saves 2 % x intensity 3, tariffs 5 %, support 1 % and 4.5 % for entrants; below 1 % nobody says why.

    The part due to costs is 1 - exp(-theta x all savings), nothing where nobody says why.
    """
    lines = np.zeros((4, 1, 1, 1, 2))
    lines[0, 0, 0, 0], lines[1, 0, 0, 0], lines[2, 0, 0, 0] = [0.02, 0.0], [0.05, 0.0], [0.01, 0.0]
    entry = np.zeros((4, 1, 1, 1, 2))
    entry[2, ..., 1] = -0.045
    place = (np.zeros(1, dtype=np.int64),) * 3
    names = ["labour", "tariffs", "subsidies", "unexplained"]

    def reason(intensity: float, entrants: Floats, noticeable: float = 0.01, back: bool = False) -> tuple[str, float]:
        sites = (np.array([1]), np.array([0])) if back else (np.array([0]), np.array([1]))
        attributes = (np.array([intensity], dtype=np.float32), np.ones(1, np.float32), np.ones(1, np.float32))
        line, due = decisive_lines(
            np.array([0]), *sites, place, np.array([0], dtype=np.int32), attributes,
            lay_out(list(lines), (1, 1, 1, 2)), lay_out(list(entrants), (1, 1, 1, 2)),
            np.array([1, 0, 0, 0]), np.array([4.0]), 3, noticeable,
        )  # fmt: skip
        return names[int(line[0])], float(due[0])

    assert reason(3.0, 0.0 * entry) == ("labour", pytest.approx(1.0 - np.exp(-4.0 * 0.12)))
    assert reason(1.0, 0.0 * entry) == ("tariffs", pytest.approx(1.0 - np.exp(-4.0 * 0.08)))
    assert reason(1.0, entry) == ("subsidies", pytest.approx(1.0 - np.exp(-4.0 * 0.125)))
    assert reason(1.0, 0.0 * entry, noticeable=0.06) == ("unexplained", 0.0)
    assert reason(1.0, entry, back=True) == ("unexplained", 0.0)
