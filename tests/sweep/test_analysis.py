"""Analysis against what is known: analytic indices, boxes put in by hand, variances by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from footloose.errors import FootlooseError
from footloose.experiments.sweep.analysis import discovery, indices, response, robustness, variance
from footloose.experiments.sweep.design import Sample, draw_design
from footloose.experiments.sweep.reading import SweepFile, read_sweep
from footloose.experiments.sweep.schema import Goal, Sweep

Write = Callable[..., Path]
Floats = npt.NDArray[np.float64]


def sweep_of(factors: Mapping[str, Any], design: Mapping[str, Any], levers: int = 0, **outcome: Any) -> Sweep:
    """Return a sweep of one outcome `y`; the first so many factors are levers."""
    items = list(factors.items())
    return Sweep.model_validate(
        {
            "levers": dict(items[:levers]), "uncertainties": dict(items[levers:]),
            "outcomes": {"y": {"variable": "Jobs|Stock", **outcome}}, "design": design,
        }
    )  # fmt: skip


def unit(name: str) -> dict[str, Any]:
    return {"key": (name,), "from": 0.0, "to": 1.0}


def table_of(values: Mapping[str, Any], replicates: int = 1) -> pd.DataFrame:
    """Return a table of runs: columns by name, y by replicate (point, replicate) or (point,)."""
    y = np.asarray(values["y"], dtype=np.float64).reshape(-1, replicates)
    points = len(y)
    table = pd.DataFrame({name: np.repeat(column, replicates) for name, column in values.items() if name != "y"})
    table.insert(0, "replicate", np.tile(np.arange(replicates), points))
    table.insert(0, "point", np.repeat(np.arange(points), replicates))
    return table.assign(y=y.ravel(), state="done")


def file_of(small: Write, design: str) -> SweepFile:
    """Return the small sweep with three factors on the unit interval and one outcome y."""
    elasticity = "elasticity: {key: mechanisms.clusters.elasticity, values: [0.04, 0.1]}"
    others = "b: {key: orders.elasticity, from: 0, to: 1}\n  c: {key: decisions.rooted, from: 0, to: 1}"
    path = small(
        ("tariff: {key: policies.duty.rate, from: 0, to: 60, steps: 3}", "a: {key: decisions.hedging, from: 0, to: 1}"),
        (elasticity, others),
        ("{kind: grid}", design),
        ("  jobs: {", "  y: {"),
    )
    return read_sweep(path)


def runs_on(file: SweepFile, function: Callable[[Floats], Floats]) -> pd.DataFrame:
    points = draw_design(file)
    assert isinstance(points, Sample)
    assert points.cube is not None
    cube = points.cube
    table = table_of({"a": cube[:, 0], "b": cube[:, 1], "c": cube[:, 2], "y": function(cube)})
    return table.assign(china_share=0.0)


def ishigami(cube: Floats) -> Floats:
    x = np.pi * (2.0 * cube - 1.0)
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_sobol_indices_of_ishigami(small: Write) -> None:
    """Ishigami and Homma (1990): first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437."""
    file = file_of(small, "{kind: sobol, points: 1024}")
    found = indices.sobol_indices(file, runs_on(file, ishigami), "y").set_index("factor")
    for column, wanted in (("first", (0.3139, 0.4424, 0.0)), ("total", (0.5576, 0.4424, 0.2437))):
        for name, value in zip("abc", wanted, strict=True):
            row = found.loc[name]
            slack = 0.5 * (row[f"{column}_high"] - row[f"{column}_low"])  # twice the 95 % interval's half width
            assert row[f"{column}_low"] - slack <= value <= row[f"{column}_high"] + slack
            assert row[column] == pytest.approx(value, abs=0.05)


def test_sobol_groups_with_a_failed_run_are_left_out(small: Write) -> None:
    file = file_of(small, "{kind: sobol, points: 64}")
    runs = runs_on(file, ishigami)
    runs.loc[[7, 8, 33], "state"] = "failed"
    found = indices.sobol_indices(file, runs, "y")
    assert (found["groups"] == 62).all()
    with pytest.raises(FootlooseError, match="at least 2 are needed"):
        indices.sobol_indices(file, runs.assign(state="failed"), "y")


def test_morris_finds_slopes_and_interactions(small: Write) -> None:
    file = file_of(small, "{kind: morris, trajectories: 20, levels: 4}")
    runs = runs_on(file, lambda cube: 3.0 * cube[:, 0] - 5.0 * cube[:, 1] * cube[:, 0])
    found = indices.morris_effects(file, runs, "y").set_index("factor")
    assert found.loc["c", "effect"] == 0.0
    assert found.loc["b", "sigma"] > 0.5
    linear = runs_on(file, lambda cube: 3.0 * cube[:, 0] - 5.0 * cube[:, 1])
    exact = indices.morris_effects(file, linear, "y").set_index("factor")
    assert exact["effect"].to_dict() == pytest.approx({"a": 3.0, "b": 5.0, "c": 0.0})
    assert exact["sigma"].to_numpy() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_regional_sensitivity_tells_what_matters_from_what_does_not() -> None:
    cube = np.random.default_rng(1).random((500, 2))
    sweep = sweep_of({"a": unit("a"), "b": unit("b"), "s": {"choices": {"p": {}, "q": {"x": 1}}}}, {"kind": "grid"})
    kind = np.where(cube[:, 1] > 0.5, "p", "q")
    table = table_of({"a": cube[:, 0], "b": cube[:, 1], "s": kind, "y": cube[:, 0]})
    found = indices.regional_sensitivity(table, sweep, "y", Goal(at_most=0.4)).set_index("factor")
    assert found.loc["a", "distance"] == 1.0
    assert found.loc["b", "p_value"] > 0.01
    assert found.loc["s", "distance"] < 0.15


@pytest.fixture(scope="module")
def boxed() -> tuple[Sweep, pd.DataFrame, npt.NDArray[np.bool_]]:
    """A box put in by hand: a above 0.6, c below 0.5, structure u; one factor does not matter."""
    generator = np.random.default_rng(3)
    cube, kind = generator.random((800, 3)), generator.choice(["u", "v"], 800)
    sweep = sweep_of(
        {"a": unit("a"), "b": unit("b"), "c": unit("c"), "s": {"choices": {"u": {}, "v": {"x": 1}}}}, {"kind": "grid"}
    )
    table = pd.DataFrame({"a": cube[:, 0], "b": cube[:, 1], "c": cube[:, 2], "s": kind})
    inside = (table["a"] > 0.6) & (table["c"] < 0.5) & (table["s"] == "u")
    return sweep, table, inside.to_numpy()


def test_prim_finds_the_box(boxed: tuple[Sweep, pd.DataFrame, npt.NDArray[np.bool_]]) -> None:
    sweep, table, inside = boxed
    box = discovery.prim(table, sweep, inside)[0]
    assert set(box.limits) == {"a", "c", "s"}
    first, third, kind = (box.limits[name] for name in "acs")
    assert isinstance(first, discovery.Interval)
    assert isinstance(third, discovery.Interval)
    assert isinstance(kind, discovery.Members)
    assert (first.low, first.high) == (pytest.approx(0.6, abs=0.06), np.inf)
    assert (third.low, third.high) == (-np.inf, pytest.approx(0.5, abs=0.06))
    assert kind.names == {"u"}
    assert box.density > 0.8
    assert box.coverage > 0.9
    held = box.holds(table)
    assert box.density == pytest.approx(inside[held].mean())
    assert box.coverage == pytest.approx(inside[held].sum() / inside.sum())
    assert box.low < box.density <= box.high


def test_prim_finds_nothing_in_noise(boxed: tuple[Sweep, pd.DataFrame, npt.NDArray[np.bool_]]) -> None:
    """Some noise passes a level of 5 % for each limit; boxes that cover much of it do not."""
    sweep, table, _ = boxed
    generator = np.random.default_rng(5)
    for _ in range(5):
        for box in discovery.prim(table, sweep, generator.random(len(table)) < 0.3):
            assert box.coverage < 0.35


def test_prim_finds_a_second_box() -> None:
    cube = np.random.default_rng(4).random((600, 2))
    sweep = sweep_of({"a": unit("a"), "b": unit("b")}, {"kind": "grid"})
    table = pd.DataFrame({"a": cube[:, 0], "b": cube[:, 1]})
    inside = ((cube > 0.75).all(axis=1)) | ((cube < 0.25).all(axis=1))
    boxes = discovery.prim(table, sweep, inside)
    assert len(boxes) == 2
    assert sum(box.coverage for box in boxes) > 0.9


def test_cart_finds_the_same_box(boxed: tuple[Sweep, pd.DataFrame, npt.NDArray[np.bool_]]) -> None:
    sweep, table, inside = boxed
    best = discovery.cart(table, sweep, inside)[0]
    assert best.density > 0.95
    assert best.coverage > 0.9
    kind = best.limits["s"]
    assert isinstance(kind, discovery.Members)
    assert kind.names == {"u"}


def test_nothing_to_discover_where_all_or_none_reach(boxed: tuple[Sweep, pd.DataFrame, npt.NDArray[np.bool_]]) -> None:
    sweep, table, inside = boxed
    for case in (np.ones_like(inside), np.zeros_like(inside)):
        assert discovery.prim(table, sweep, case) == []
        assert discovery.cart(table, sweep, case) == []


def test_robustness_by_hand() -> None:
    """Two policies in three states: 1, 5, 3 against 2, 2, 2; higher is better; goal at least 2."""
    sweep = sweep_of(
        {"p": unit("p"), "u": unit("u")},
        {"kind": "crossed", "levers": {"kind": "grid"}, "uncertainties": {"kind": "grid"}},
        levers=1, goal={"at_least": 2},
    )  # fmt: skip
    table = table_of({"p": np.repeat([0.0, 1.0], 3), "u": np.tile([0.0, 0.5, 1.0], 2), "y": [1, 5, 3, 2, 2, 2]})
    found = robustness.robustness(table, sweep, "y")
    assert list(found["mean"]) == [3.0, 2.0]
    assert list(found["regret_most"]) == [1.0, 3.0]
    assert list(found["regret_mean"]) == pytest.approx([1 / 3, 4 / 3])
    assert list(found["satisficing"]) == pytest.approx([2 / 3, 1.0])
    assert (found["satisficing_low"] < found["satisficing"]).all()
    table.loc[1, "state"] = "failed"
    assert list(robustness.robustness(table, sweep, "y")["states"]) == [2, 2]


def test_variance_is_split_as_it_was_put_together() -> None:
    """Standard deviations 1 (chance), 2 (parameters), structures 0, 3, 6 with variance 6."""
    generator, points = np.random.default_rng(2), 900
    structure = np.tile(["p", "q", "r"], points // 3)
    centre = np.tile([0.0, 3.0, 6.0], points // 3)
    y = (centre + 2.0 * generator.standard_normal(points))[:, None] + generator.standard_normal((points, 3))
    sweep = sweep_of(
        {"a": unit("a"), "s": {"choices": {"p": {}, "q": {"x": 1}, "r": {"x": 2}}}},
        {"kind": "latin_hypercube", "points": points},
    )  # fmt: skip
    found = variance.variance_split(table_of({"a": y[:, 0], "s": structure, "y": y}, 3), sweep, "y").set_index("source")
    for source, wanted in (("chance", 1 / 11), ("parameters", 4 / 11), ("structure", 6 / 11)):
        row = found.loc[source]
        slack = 0.5 * (row["high"] - row["low"])
        assert row["low"] - slack <= wanted <= row["high"] + slack
        assert row["share"] == pytest.approx(wanted, abs=0.05)
    assert found["share"].sum() == pytest.approx(1.0)


def test_variance_of_one_source_only() -> None:
    sweep = sweep_of({"a": unit("a")}, {"kind": "latin_hypercube", "points": 40})
    values = np.linspace(0, 1, 40)
    alone = variance.variance_split(table_of({"a": values, "y": values}), sweep, "y")
    assert list(alone["source"]) == ["parameters"]
    same = variance.variance_split(table_of({"a": values, "y": np.stack([values] * 2, axis=1)}, 2), sweep, "y")
    assert dict(zip(same["source"], same["share"], strict=True)) == {"chance": 0.0, "parameters": 1.0}


def test_tipping_points_of_straight_lines() -> None:
    """y = 10 - x / 10 + shift: crosses 5 at x = 50 + 10 shift; replicates are shifted by -1, 0 and 1."""
    across = np.linspace(0, 100, 11)
    y = np.stack([10 - across / 10 + shift for shift in (-1.0, 0.0, 1.0)], axis=1)
    runs = table_of({"x": across, "up": np.ones(11), "y": y}, 3)
    found = response.tipping(runs, "x", "up", "y", Goal(at_most=5)).iloc[0]
    assert (found["tips_at"], found["low"], found["high"]) == pytest.approx((50, 40, 60))
    assert (found["replicates"], found["of"]) == (3, 3)
    late = response.tipping(runs, "x", "up", "y", Goal(at_most=0.5)).iloc[0]
    assert late["tips_at"] == pytest.approx(95)
    assert late["high"] == np.inf
    early = response.tipping(runs, "x", "up", "y", Goal(at_most=9.5)).iloc[0]
    assert (early["tips_at"], early["low"]) == (pytest.approx(5), -np.inf)
    never = response.tipping(runs, "x", "up", "y", Goal(at_most=-5)).iloc[0]
    assert np.isnan(never["tips_at"])


def test_surfaces_are_ordered_means() -> None:
    runs = table_of({"x": [2.0, 1.0, 2.0, 1.0], "u": [5.0, 5.0, 4.0, 4.0], "y": [[1, 3], [5, 7], [9, 9], [0, 2]]}, 2)
    found = response.surface(runs, "x", "u", "y")
    assert (list(found.index), list(found.columns)) == ([4.0, 5.0], [1.0, 2.0])
    assert found.to_numpy().tolist() == [[1.0, 9.0], [6.0, 2.0]]
    share = response.chance_surface(runs, "x", "u", "y", Goal(at_least=3))
    assert share.to_numpy().tolist() == [[0.0, 1.0], [1.0, 0.5]]


def test_tornado_orders_by_swing_and_pairs_replicates() -> None:
    sweep = sweep_of({"a": unit("a"), "s": {"choices": {"p": {}, "q": {"x": 1}}}}, {"kind": "one_at_a_time"})
    noise = np.array([0.0, 10.0])
    y = np.array([[1.0], [0.5], [2.0], [9.0]]) + noise
    runs = table_of({"a": [0.3, 0.0, 1.0, 0.3], "s": ["p", "p", "p", "q"], "y": y}, 2)
    found = response.tornado(runs, sweep, {"a": 0.3, "s": "p"}, "y")
    assert list(found["factor"]) == ["s", "a"]
    assert list(found["swing"]) == pytest.approx([8.0, 1.5])
    assert list(found["error"]) == pytest.approx([0.0, 0.0])  # the replicates share their draws
    assert found.loc[0, "low_value"] == "p"
    assert found.loc[0, "nominal"] == pytest.approx(6.0)
