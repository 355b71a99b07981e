"""Scenario discovery: the conditions under which a goal is reached or missed, as boxes of factors.

PRIM: Friedman and Fisher (1999), for policy Bryant and Lempert (2010); peeling judged by the gain of density per mass
given up, as Kwakkel and Jaxa-Rozen (2016) advise for factors without order. CART: Breiman et al. (1984), by
scikit-learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from footloose.errors import FootlooseError
from footloose.experiments.sweep.schema import Sweep

Bools = npt.NDArray[np.bool_]
PEEL = 0.05
SMALLEST_MASS = 0.05
DENSE_ENOUGH = 0.8
SIGNIFICANT = 0.05
MOST_BOXES = 3


@dataclass(frozen=True)
class Interval:
    """Values of a numeric factor from low to high; the ends belong to it."""

    low: float
    high: float

    def holds(self, values: pd.Series[Any]) -> Bools:
        """Return which values lie inside."""
        numbers = values.to_numpy(dtype=np.float64)
        return np.asarray((numbers >= self.low) & (numbers <= self.high))


@dataclass(frozen=True)
class Members:
    """Some of the alternatives of a factor without order."""

    names: frozenset[str]

    def holds(self, values: pd.Series[Any]) -> Bools:
        """Return which values are among them."""
        return np.asarray(values.isin(sorted(self.names)).to_numpy(), dtype=bool)


Limit = Interval | Members


@dataclass(frozen=True)
class Box:
    """Conditions on factors, and how well they tell the cases of interest from the others.

    limits   : by factor; those not named are free
    coverage : share of all cases of interest that lie in the box
    density  : share of the points in the box that are of interest; low, high: its 95 % interval (Wilson 1927)
    mass     : share of all points that lie in the box
    """

    limits: Mapping[str, Limit] = field(default_factory=dict)
    coverage: float = 1.0
    density: float = 0.0
    low: float = 0.0
    high: float = 1.0
    mass: float = 1.0

    def holds(self, table: pd.DataFrame) -> Bools:
        """Return which rows lie inside."""
        inside = np.ones(len(table), dtype=bool)
        for name, limit in self.limits.items():
            inside &= limit.holds(table[name])
        return inside


def prim(table: pd.DataFrame, sweep: Sweep, interesting: Bools, dense: float = DENSE_ENOUGH) -> list[Box]:
    """Return boxes of cases of interest, one after another, each found in what the earlier ones left.

    table : means by point;  interesting: (point,)
    A box is kept when most of it is of interest, and clearly more than of what is left; limits that could be chance
    are dropped from it.
    """
    boxes: list[Box] = []
    left = np.ones(len(table), dtype=bool)
    while len(boxes) < MOST_BOXES and interesting[left].any() and not interesting[left].all():
        trajectory = list(peel(table[left], sweep, interesting[left]))
        chosen = choose(trajectory, table[left], interesting[left], dense)
        limits = significant(chosen, table[left], sweep, interesting[left])
        box = judged(limits, table, interesting, left)
        if not limits or box.density <= 0.5 or box.low <= interesting[left].mean():
            break
        boxes.append(box)
        left &= ~box.holds(table)
    return boxes


def peel(table: pd.DataFrame, sweep: Sweep, interesting: Bools) -> Iterator[dict[str, Limit]]:
    """Yield ever smaller boxes, each by taking off the thin slice whose loss raises density most for its mass.

    Peeling goes on where every slice costs density: the cases may sit in opposite corners.
    """
    limits: dict[str, Limit] = {}
    inside = np.ones(len(table), dtype=bool)
    yield limits
    while inside.sum() > SMALLEST_MASS * len(table):
        density, count = interesting[inside].mean(), inside.sum()
        best: tuple[float, str, Limit, Bools] | None = None
        for name, limit in slices(table[inside], sweep):
            kept = inside & limit.holds(table[name])
            size = int(kept.sum())
            if size in (0, count) or size < SMALLEST_MASS * len(table):
                continue
            gain = float((interesting[kept].mean() - density) * size / (count - size))
            if best is None or gain > best[0] + 1e-12:
                best = (gain, name, limit, kept)
        if best is None or density == 1.0:
            return
        limits, inside = limits | {best[1]: best[2]}, best[3]
        yield limits


def slices(table: pd.DataFrame, sweep: Sweep) -> Iterator[tuple[str, Limit]]:
    """Yield what is left of each factor when its lowest or highest values, or one alternative, are taken off."""
    for name, factor in sweep.factors.items():
        if not factor.is_numeric:
            members = frozenset(table[name].unique())
            yield from ((name, Members(members - {one})) for one in sorted(members) if len(members) > 1)
            continue
        values = np.sort(table[name].to_numpy(dtype=np.float64))
        low, high = values[0], values[-1]
        if low == high:
            continue
        cut = max(1, int(PEEL * values.size))
        above = values[values > values[cut - 1]]
        below = values[values < values[-cut]]
        if above.size:
            yield name, Interval(float(above[0]), float(high))
        if below.size:
            yield name, Interval(float(low), float(below[-1]))


def choose(
    trajectory: list[dict[str, Limit]], table: pd.DataFrame, interesting: Bools, dense: float
) -> dict[str, Limit]:
    """Return the box that covers most among those dense enough; the densest where none is."""
    judged_boxes = [judged(limits, table, interesting) for limits in trajectory]
    good = [box for box in judged_boxes if box.density >= dense]
    best = max(good, key=lambda box: box.coverage) if good else max(judged_boxes, key=lambda box: box.density)
    return dict(best.limits)


def significant(limits: Mapping[str, Limit], table: pd.DataFrame, sweep: Sweep, interesting: Bools) -> dict[str, Limit]:
    """Return the limits without those that could be chance, the weakest first (quasi-p, Bryant and Lempert 2010)."""
    from scipy import stats

    kept = dict(limits)
    while kept:
        inside = judged(kept, table, interesting)
        count = round(inside.mass * len(table))
        hits = round(inside.density * count)
        chances = {}
        for name in kept:
            freed = judged({other: limit for other, limit in kept.items() if other != name}, table, interesting)
            share = min(max(freed.density, 1e-9), 1.0 - 1e-9)
            chances[name] = float(stats.binomtest(hits, count, share, alternative="greater").pvalue)
        weakest = max(chances, key=lambda name: chances[name])
        if chances[weakest] <= SIGNIFICANT:
            break
        del kept[weakest]
    return {name: tidied(limit, table[name]) for name, limit in kept.items()}


def tidied(limit: Limit, values: pd.Series[Any]) -> Limit:
    """Return an interval whose ends stand at infinity where they leave nothing out."""
    if isinstance(limit, Members):
        return limit
    numbers = values.to_numpy(dtype=np.float64)
    low = -np.inf if limit.low <= numbers.min() else limit.low
    return Interval(float(low), float(np.inf if limit.high >= numbers.max() else limit.high))


def judged(limits: Mapping[str, Limit], table: pd.DataFrame, interesting: Bools, among: Bools | None = None) -> Box:
    """Return a box with coverage, density and mass; among: the points not in earlier boxes."""
    inside = Box(limits).holds(table)
    if among is not None:
        inside &= among
    count, hits = int(inside.sum()), int(interesting[inside].sum())
    low, high = wilson(hits, count)
    return Box(
        limits,
        coverage=hits / max(int(interesting.sum()), 1),
        density=hits / max(count, 1),
        low=low,
        high=high,
        mass=count / max(len(table), 1),
    )


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    from scipy import stats

    if count == 0:
        return 0.0, 1.0
    interval = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def cart(table: pd.DataFrame, sweep: Sweep, interesting: Bools, leaves: int = 8) -> list[Box]:
    """Return the leaves of a classification tree in which cases of interest are the majority, densest first.

    raises: FootlooseError without scikit-learn
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError as error:
        raise FootlooseError("CART needs scikit-learn: pip install 'footloose[analysis]'") from error
    if not interesting.any() or interesting.all():
        return []
    columns = encoded(table, sweep)
    smallest = max(2, round(SMALLEST_MASS * len(table)))
    grown = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=smallest, random_state=0)
    grown.fit(columns.to_numpy(dtype=np.float64), interesting)
    found = [judged(limits, table, interesting) for limits in leaves_of(grown.tree_, columns, table, sweep)]
    return sorted([box for box in found if box.density > 0.5], key=lambda box: (-box.density, -box.coverage))


def encoded(table: pd.DataFrame, sweep: Sweep) -> pd.DataFrame:
    """Return numeric factors as they are and one column of 0 and 1 for every alternative of the others."""
    columns = {}
    for name, factor in sweep.factors.items():
        if factor.is_numeric:
            columns[name] = table[name].to_numpy(dtype=np.float64)
        else:
            for member in sorted(table[name].unique()):
                columns[f"{name}={member}"] = (table[name] == member).to_numpy(dtype=np.float64)
    return pd.DataFrame(columns, index=table.index)


def leaves_of(tree: Any, columns: pd.DataFrame, table: pd.DataFrame, sweep: Sweep) -> Iterator[dict[str, Limit]]:
    """Yield the limits of every leaf of a tree."""
    stack: list[tuple[int, dict[str, Limit]]] = [(0, {})]
    while stack:
        node, limits = stack.pop()
        if tree.children_left[node] < 0:
            yield limits
            continue
        column, cut = str(columns.columns[tree.feature[node]]), float(tree.threshold[node])
        for child, left in ((int(tree.children_left[node]), True), (int(tree.children_right[node]), False)):
            stack.append((child, limits | narrowed(limits, column, cut, left, table, sweep)))


def narrowed(
    limits: Mapping[str, Limit], column: str, cut: float, left: bool, table: pd.DataFrame, sweep: Sweep
) -> dict[str, Limit]:
    """Return the limit of one more split: at most the cut on the left, above it on the right."""
    name, _, member = column.partition("=")
    if sweep.factors[name].is_numeric:
        old = limits.get(name, Interval(-np.inf, np.inf))
        assert isinstance(old, Interval)
        return {name: Interval(old.low, min(old.high, cut)) if left else Interval(max(old.low, cut), old.high)}
    now = limits.get(name, Members(frozenset(table[name].unique())))
    assert isinstance(now, Members)
    return {name: Members(now.names - {member} if left else now.names & {member})}


def limits_as_text(box: Box) -> str:
    """Return the limits of a box for a table: tariff in [45, 100]; structure in {off}."""
    parts = []
    for name, limit in box.limits.items():
        if isinstance(limit, Interval):
            parts.append(f"{name} in [{limit.low:.6g}, {limit.high:.6g}]")
        else:
            parts.append(f"{name} in {{{', '.join(sorted(limit.names))}}}")
    return "; ".join(parts)
