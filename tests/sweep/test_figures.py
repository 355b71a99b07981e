"""Figures of sweeps: what is drawn is what the tables say, nothing leaves the page, ugly input is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_texts, words_of
from figure_list import SWEEP, keys_of
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from footloose.briefing.style import Footer
from footloose.briefing.sweep_boxes import discovery, places, stretches
from footloose.briefing.sweep_dots import MOST_ROWS, dot_rows
from footloose.briefing.sweep_maps import heat_map, tipping_map
from footloose.briefing.sweep_page import Caption, edges
from footloose.briefing.sweep_tornado import tornado

FOOTER = Footer("Tariff and clusters (baseline)", 1, 20_000, "0.1.0", "August 2026")
LONG = "a name as long as nobody should give to anything but as somebody certainly will one day, and then some"


def caption(title: str = "China's share over tariff and clusters") -> Caption:
    return Caption(title, "Share of US purchases, 2030 [percent]. 4 replicates.")


def surface(rows: int = 5, columns: int = 6) -> pd.DataFrame:
    x, y = np.linspace(0, 100, columns), np.linspace(0.04, 0.15, rows)
    values = 8 - x[None, :] / 18 - 12 * (y[:, None] - 0.04)
    return pd.DataFrame(values, index=pd.Index(y, name="elasticity"), columns=x)


def maps(**more: Any) -> Figure:
    names = {"across": "Tariff [%]", "up": "Cluster elasticity", "outcome": "China's share, 2030 [percent]"}
    return heat_map(more.pop("table", surface()), caption(), FOOTER, goal=4.0, **(names | more))


def tips(**more: Any) -> Figure:
    chance = more.pop("table", (surface() < 4.5).astype(float))
    table = pd.DataFrame(
        {"elasticity": chance.index, "tips_at": np.linspace(80, 40, len(chance)), "low": -np.inf, "high": 90.0}
    )
    table.loc[table.index[:1], ["tips_at", "high"]] = [np.nan, np.inf]
    names = {"across": "Tariff [%]", "up": "Cluster elasticity", "meaning": "Share of runs"}
    return tipping_map(chance, table, caption("Where it tips"), FOOTER, **(names | more))


def dots(count: int = 8, **more: Any) -> Figure:
    value = np.linspace(0.7, 0.0, count)
    parts = [
        pd.DataFrame({"row": [f"Factor {n}" for n in range(count)], "series": name, "value": value * scale,
                      "low": value * scale - 0.05, "high": value * scale + 0.05})
        for name, scale in (("total", 1.0), ("first", 0.7))
    ]  # fmt: skip
    table = pd.concat(more.pop("parts", parts), ignore_index=True)
    return dot_rows(
        table, caption("What decides it"), FOOTER, axis="Share of variance", series=("total", "first"), **more
    )


def tornado_table(count: int = 7) -> pd.DataFrame:
    swing = np.linspace(4, 0.2, count) * np.where(np.arange(count) % 2, -1, 1)
    return pd.DataFrame(
        {
            "factor": [f"factor_{n}" for n in range(count)], "low_value": [0.04] * (count - 1) + ["off"],
            "high_value": [0.15] * (count - 1) + ["on"], "at_low": 5 - swing / 2, "at_high": 5 + swing / 3,
            "nominal": 5.0, "swing": swing, "error": [np.nan] + [0.12] * (count - 1),
        }
    )  # fmt: skip


def storm(**more: Any) -> Figure:
    table = more.pop("table", tornado_table())
    return tornado(
        table, more.pop("names", {}), caption("What each factor does alone"), FOOTER, axis="China's share", **more
    )


def boxes(**more: Any) -> Figure:
    generator = np.random.default_rng(2)
    points = pd.DataFrame(
        {"tariff": 100 * generator.random(200), "structure": generator.choice(["with", "without"], 200)}
    )
    case = ((points["tariff"] > 60) & (points["structure"] == "with")).to_numpy()
    limits: list[Mapping[str, Any]] = [{"tariff": (60.0, np.inf), "structure": frozenset({"with"})}]
    sentence = (
        "China's share falls to 4 % or below in 97 % of the cases (89 % to 99 %) when the tariff is at least 60 %."
    )
    return discovery(
        more.pop("points", points), more.pop("case", case), limits, more.pop("sentences", [sentence]),
        ("tariff", "structure"), {"tariff": "Tariff [%]"}, caption("When it falls"), FOOTER,
        happens="China's share falls to 4 % or below", **more,
    )  # fmt: skip


FIGURES: dict[str, Callable[..., Figure]] = {
    "map": maps,
    "map_one_row": lambda **more: maps(table=surface(1, 4), **more),
    "map_flat": lambda **more: maps(table=surface() * 0 + 3, **more),
    "map_holes": lambda **more: maps(table=surface().mask(surface() > 6), **more),
    "map_long": lambda **more: maps(across=LONG, up=LONG, outcome=LONG, **more),
    "map_empty": lambda **more: maps(table=surface().iloc[:0], **more),
    "tipping": tips,
    "tipping_one": lambda **more: tips(table=(surface(1, 3) < 5).astype(float), **more),
    "dots": dots,
    "dots_one": lambda **more: dots(1, **more),
    "dots_many": lambda **more: dots(40, **more),
    "tornado": storm,
    "tornado_long": lambda **more: storm(names={"factor_0": LONG}, **more),
    "tornado_one": lambda **more: storm(table=tornado_table(2).iloc[:1], **more),
    "boxes": boxes,
    "boxes_long": lambda **more: boxes(sentences=[LONG * 6], **more),
}


CHINESE = ("map", "tipping", "dots_many", "tornado", "boxes", "map_empty")


@pytest.mark.parametrize("name,language", [*((name, "en") for name in FIGURES), *((name, "zh") for name in CHINESE)])
def test_texts_keep_apart(name: str, language: str) -> None:
    check_texts(FIGURES[name](language=language))


def test_every_figure_promised_of_a_sweep_is_among_them() -> None:
    assert keys_of(SWEEP).keys() <= FIGURES.keys()
    assert keys_of(SWEEP).keys() <= set(CHINESE), "all are drawn in English, these in Chinese too"


def test_the_map_shows_the_table_and_the_contour_of_the_goal() -> None:
    table = surface()
    figure = maps()
    (mesh,) = [item for item in figure.axes[0].collections if isinstance(item, QuadMesh)]
    assert np.asarray(mesh.get_array()).ravel() == pytest.approx(table.to_numpy().ravel())
    assert "goal 4" in words_of(figure)
    thick = [item for item in figure.axes[0].collections if np.max(item.get_linewidth()) == 2.5]
    (line,) = [path for path in thick[0].get_paths() if len(path.vertices)]
    x, y = np.asarray(line.vertices).T
    assert 8 - x / 18 - 12 * (y - 0.04) == pytest.approx(np.full(x.size, 4.0), abs=1e-9)


def test_a_goal_outside_the_table_has_no_contour() -> None:
    figure = heat_map(surface(), caption(), FOOTER, across="x", up="y", outcome="z", goal=40.0)
    assert not any(text.startswith("goal") for text in words_of(figure))


def test_rows_left_out_are_counted() -> None:
    assert f"{40 - MOST_ROWS} more" in words_of(dots(40))


def test_names_without_order_stand_side_by_side() -> None:
    at, labels = places(pd.Series(["b", "a", "b"]))
    assert labels == ["a", "b"]
    assert list(np.round(at)) == [1, 0, 1]
    numbers, none = places(pd.Series([3.0, 1.0]))
    assert (list(numbers), none) == ([3.0, 1.0], [])


def test_edges_lie_half_way() -> None:
    assert list(edges(np.array([0.0, 2.0, 6.0]))) == [-1.0, 1.0, 4.0, 8.0]
    assert list(edges(np.array([3.0]))) == [2.5, 3.5]


def test_the_map_names_its_contours_inside_the_axes() -> None:
    """Large numbers in the way of the language, and none that stands for two contours."""
    table = surface() * 1e6
    figure = heat_map(table, caption(), FOOTER, across="x", up="y", outcome="z", language="zh")
    named = [text for text in words_of(figure) if text.endswith("万")]
    assert "300万" in named
    check_texts(figure)


def test_alternatives_that_stand_apart_are_boxed_apart() -> None:
    """What stands between two alternatives of a box is not in it."""
    labels, whole = ["a", "b", "c", "d"], (-0.5, 3.5)
    assert stretches(frozenset({"a", "c", "d"}), whole, labels) == [(-0.45, 0.45), (1.55, 3.45)]
    assert stretches(frozenset({"a", "b"}), whole, labels) == [(-0.45, 1.45)]
    assert stretches((-np.inf, 2.0), whole, []) == [(-0.5, 2.0)]
