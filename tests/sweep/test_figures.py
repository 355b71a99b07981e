"""Figures of sweeps: what is drawn is what the tables say, nothing leaves the page, ugly input is taken."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.text import Text

from footloose.briefing.saving import save
from footloose.briefing.style import Footer
from footloose.briefing.sweep_boxes import discovery, places
from footloose.briefing.sweep_dots import MOST_ROWS, dot_rows
from footloose.briefing.sweep_maps import heat_map, tipping_map
from footloose.briefing.sweep_page import Caption, edges, short
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
        happens="China's share falls to 4 % or below",
    )  # fmt: skip


FIGURES: dict[str, Callable[[], Figure]] = {
    "map": maps,
    "map_one_row": lambda: maps(table=surface(1, 4)),
    "map_flat": lambda: maps(table=surface() * 0 + 3),
    "map_holes": lambda: maps(table=surface().mask(surface() > 6)),
    "map_long": lambda: maps(across=LONG, up=LONG, outcome=LONG),
    "map_empty": lambda: maps(table=surface().iloc[:0]),
    "tipping": tips,
    "tipping_one": lambda: tips(table=(surface(1, 3) < 5).astype(float)),
    "dots": dots,
    "dots_one": lambda: dots(1),
    "dots_many": lambda: dots(40),
    "tornado": storm,
    "tornado_long": lambda: storm(names={"factor_0": LONG}),
    "tornado_one": lambda: storm(table=tornado_table(2).iloc[:1]),
    "boxes": boxes,
    "boxes_long": lambda: boxes(sentences=[LONG * 6]),
}


def undrawn(figure: Figure) -> set[int]:
    """Return the labels of ticks beyond the ends of their axis, which matplotlib makes and does not draw."""
    found = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            found |= {
                id(label) for tick in ticks if not low <= tick.get_loc() <= high for label in (tick.label1, tick.label2)
            }
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_leaves_the_page(name: str) -> None:
    figure = FIGURES[name]()
    figure.canvas.draw()
    page, hidden = figure.bbox, undrawn(figure)
    for text in figure.findobj(Text):
        if text.get_visible() and id(text) not in hidden and text.get_text().strip():
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1, text.get_text()
            assert box.x1 <= page.x1 + 1, text.get_text()
            assert box.y0 >= page.y0 - 1, text.get_text()
            assert box.y1 <= page.y1 + 1, text.get_text()
    if os.environ.get("FOOTLOOSE_SHOW"):  # to look at them
        save(figure, pd.DataFrame(), Path(os.environ["FOOTLOOSE_SHOW"]), name)


def test_the_map_shows_the_table_and_the_contour_of_the_goal() -> None:
    table = surface()
    figure = maps()
    (mesh,) = [item for item in figure.axes[0].collections if isinstance(item, QuadMesh)]
    assert np.asarray(mesh.get_array()).ravel() == pytest.approx(table.to_numpy().ravel())
    assert "goal 4" in {text.get_text() for text in figure.findobj(Text)}
    thick = [item for item in figure.axes[0].collections if np.max(item.get_linewidth()) == 2.5]
    (line,) = [path for path in thick[0].get_paths() if len(path.vertices)]
    x, y = np.asarray(line.vertices).T
    assert 8 - x / 18 - 12 * (y - 0.04) == pytest.approx(np.full(x.size, 4.0), abs=1e-9)


def test_a_goal_outside_the_table_has_no_contour() -> None:
    figure = heat_map(surface(), caption(), FOOTER, across="x", up="y", outcome="z", goal=40.0)
    assert not any(text.get_text().startswith("goal") for text in figure.findobj(Text))


def test_rows_left_out_are_counted() -> None:
    texts = {text.get_text() for text in dots(40).findobj(Text)}
    assert f"{40 - MOST_ROWS} more" in texts


def test_names_without_order_stand_side_by_side() -> None:
    at, labels = places(pd.Series(["b", "a", "b"]))
    assert labels == ["a", "b"]
    assert list(np.round(at)) == [1, 0, 1]
    numbers, none = places(pd.Series([3.0, 1.0]))
    assert (list(numbers), none) == ([3.0, 1.0], [])


def test_edges_lie_half_way() -> None:
    assert list(edges(np.array([0.0, 2.0, 6.0]))) == [-1.0, 1.0, 4.0, 8.0]
    assert list(edges(np.array([3.0]))) == [2.5, 3.5]
    assert [short(value) for value in (1234.5, -0.5, 0.12345)] == ["1,234", "\N{MINUS SIGN}0.5", "0.123"]
