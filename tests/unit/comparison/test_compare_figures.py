"""Figures of comparisons from hand-made tables: every word on the page and on no other, whatever the numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Text

from footloose.briefing import Footer
from footloose.briefing.catalogue import phrases
from footloose.briefing.compare_accounts import compare_account
from footloose.briefing.compare_content import compare_content, compare_view
from footloose.briefing.compare_differences import compare_differences
from footloose.briefing.compare_ledger import Between, compare_ledger, compare_members
from footloose.briefing.compare_levers import compare_credibility, compare_solve
from footloose.briefing.compare_reversal import compare_reversal
from footloose.briefing.compare_text import COMPARE_TEXT
from footloose.briefing.compare_waterfall import compare_waterfall, waterfall_numbers
from footloose.experiments.comparison.accounts import SUPPORTED, TAXED
from footloose.experiments.comparison.twin_ledger import CLASSES
from footloose.geography import load_geography

FOOTER = Footer("60 % on goods from China / History and current law", 1, 20_000, "0.1.0", "August 2026")
BETWEEN = Between("no_trade_war", "tariff_60_on_china_with_a_long_name", "country", 2018)
LABELS = dict(load_geography().labels["en"])
YEARS = list(range(2010, 2036))
OUTCOME = "Imports|Share, united_states, country:china, 2030"
SHORES = ("china", "friend", "near", "other", "home")


def summary(scale: float) -> pd.DataFrame:
    geography = load_geography()
    members = {"all": ("all",), "shore": SHORES, "sector": geography.sectors, "origin": geography.origins}
    rows = []
    for by, names in members.items():
        for n, member in enumerate(names):
            for k, kind in enumerate(CLASSES):
                mean = scale * (1 + (3 * n + 5 * k) % 7) * (len(SHORES) if by == "all" else 1)
                for measure in ("value_base", "value_other"):
                    labels = {"stage": "announced", "by": by, "member": member, "class": kind, "measure": measure}
                    rows.append(labels | {"mean": mean, "low": 0.4 * mean, "high": 1.6 * mean})
    return pd.DataFrame(rows)


def account(lines: tuple[str, ...], scale: float) -> pd.DataFrame:
    value = scale * np.arange(1.0, len(lines) + 1)
    return pd.DataFrame({"line": lines, "value": value, "low": -value, "high": 3 * value})


def differences(scale: float) -> Figure:
    path = scale * np.maximum(np.array(YEARS) - 2017.0, 0.0)
    columns = {"difference": path, "chance_low": 0.8 * path, "chance_high": 1.2 * path}
    fan = pd.DataFrame({"year": YEARS, **columns, "parameter_low": 0.5 * path, "parameter_high": 2 * path})
    fans = [
        (OUTCOME, "percent", fan),
        ("Jobs|Stock, country:united_states", "persons", -fan.assign(year=-fan["year"])),
    ] * 4
    return compare_differences(fans, BETWEEN, (20, 30), LABELS, FOOTER)


def steps(scale: float) -> pd.DataFrame:
    names = ("policy_record.section_301", "emergency", "a_policy_with_a_very_long_name")
    rows: list[dict[str, object]] = [{"kind": "base", "name": "base", "mean": 7 * scale}]
    rows += [
        {"kind": "part", "name": name, "mean": gain * scale, "low": (gain - 0.4) * scale, "high": (gain + 0.4) * scale,
         "shapley": 1.1 * gain * scale}
        for name, gain in zip(names, (-1.0, -0.3, 0.2), strict=True)
    ]  # fmt: skip
    rows += [
        {"kind": "interaction", "name": f"section_301 × emergency × number {n}", "mean": 0.01 * (n + 1) * scale}
        for n in range(4)
    ]
    rows.append({"kind": "other", "name": "other", "mean": (7 - 1.1 + 0.1) * scale})
    return pd.DataFrame(rows, columns=["kind", "name", "mean", "low", "high", "shapley"])


def reversal(scale: float) -> Figure:
    years = list(range(2014, 2036))
    worlds = {"kept": -1.0, **{f"removed {year}": -0.1 * n for n, year in enumerate((2016, 2017, 2019, 2023), 1)}}
    paths = pd.DataFrame(
        [{"year": y, "world": w, "effect": scale * e * (y > 2014)} for w, e in worlds.items() for y in years]
    )
    shares = {"share": [0.2, 0.3, 0.5, np.nan], "low": [0.1, np.nan, 0.2, np.nan], "high": [0.3, np.nan, 0.9, np.nan]}
    ratchet = pd.DataFrame({"years": [1, 2, 4, 8], **shares})
    loop = pd.DataFrame({"factor": [0.5, 1.0, 0.5, 0.0], "effect": [-0.4 * scale, -scale, -0.8 * scale, -0.5 * scale]})
    loop.attrs["area"] = 0.35
    return compare_reversal(paths, ratchet, loop, ("tariff_60_on_china", OUTCOME, "percent"), LABELS, FOOTER)


def content(scale: float) -> Figure:
    rows = []
    for n, country in enumerate(load_geography().countries):
        for year in YEARS:
            part = "direct" if country == "china" else "inside"
            base = scale * (5.0 if part == "direct" else 0.1 * n)
            rows.append(
                {"year": year, "part": part, "country": country, "base": base, "other": base * (1.1 - 0.02 * n)}
            )
    totals = pd.DataFrame(rows).groupby("year")[["base", "other"]].sum().reset_index()
    table = pd.concat([pd.DataFrame(rows), totals.assign(part="total", country="all")])
    table = table.assign(market="united_states", sector="all", difference=table["other"] - table["base"])
    return compare_content(table, "united_states", BETWEEN, LABELS, FOOTER)


def view(scale: float) -> Figure:
    names = (
        "People employed", "Jobs announced since 2010", "Jobs filled since 2010", "Output", "Plants from abroad, sum",
        "Plants gone abroad, sum", "Wage in USD", "Sold to united_states", "For owners from abroad",
        "Sector concentration",
    )  # fmt: skip
    units = ("persons", "USD billion of 2010", "index 2010 = 1", "percent of output", "1, 1 = one sector")
    rows = [
        {
            "name": name,
            "unit": units[n % 5],
            "year": year,
            "base": scale * (n + year - 2000),
            "other": scale * (n + 1.1 * (year - 2000)),
        }
        for n, name in enumerate(names)
        for year in YEARS
    ]
    return compare_view(pd.DataFrame(rows), "mexico", BETWEEN, LABELS, FOOTER)


def solution(scale: float, level: float | None = 38.0) -> Figure:
    levels = np.array([0.0, 25.0, 50.0, 100.0, 200.0])
    outcomes = scale * np.outer(6 - levels / 50, np.linspace(0.8, 1.2, 5))
    answer = {"wanted": 4.0 * scale, "level": level, "low": 30.0, "high": float("inf"), "chance": 0.8, "cap": 200.0}
    return compare_solve(
        levels, outcomes, answer, ("tariff on goods from china from 2027", OUTCOME, "percent"), LABELS, FOOTER
    )


def belief(scale: float) -> Figure:
    curve = pd.DataFrame({"rate": [0.0, 30.0, 60.0], "effect": [0.0, -scale, -2 * scale]})
    table = pd.DataFrame(
        {
            "lasts": [1.0, 2.0, 30.0],
            "rate": [20.0, 22.0, np.nan],
            "low": [10.0, 12.0, np.nan],
            "high": [30.0, 32.0, np.nan],
            "effect": [-0.7 * scale, -0.73 * scale, -2.4 * scale],
        }
    )
    return compare_credibility(curve, table, ("tariff_60_on_china", OUTCOME, "percent", 60.0), LABELS, FOOTER)


FIGURES: dict[str, Callable[[float], Figure]] = {
    "ledger": lambda scale: compare_ledger(summary(1e3 * scale), "announced", BETWEEN, LABELS, FOOTER),
    "members": lambda scale: compare_members(summary(1e3 * scale), "announced", BETWEEN, LABELS, FOOTER),
    "subsidy": lambda scale: compare_account(
        account(SUPPORTED, scale), "subsidy", BETWEEN, LABELS, FOOTER, "Deadweight: 94 % [79 to 101] of jobs."
    ),
    "tariff": lambda scale: compare_account(account(TAXED, scale), "tariff", BETWEEN, LABELS, FOOTER),
    "differences": differences,
    "waterfall": lambda scale: compare_waterfall(steps(scale), (OUTCOME, "percent"), BETWEEN, LABELS, FOOTER),
    "reversal": reversal,
    "content": content,
    "view": view,
    "solve": solution,
    "unreachable": lambda scale: solution(scale, None),
    "credibility": belief,
}  # fmt: skip


def texts_drawn(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """Draw the figure and return the texts that were really drawn."""
    drawn: dict[int, Text] = {}
    original = Text.draw

    def record(self: Text, renderer: RendererBase) -> None:
        if self.get_visible() and self.get_text().strip():
            drawn[id(self)] = self
        original(self, renderer)

    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", record)
        figure.canvas.draw()
    return list(drawn.values())


@pytest.mark.parametrize("scale", [1e-4, 1.0, 123_456.0])
@pytest.mark.parametrize("name", FIGURES)
def test_texts_keep_apart(name: str, scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text is on the page, none covers another by more than a dot, none is smaller than 9 points."""
    figure = FIGURES[name](scale)
    texts = texts_drawn(figure, monkeypatch)
    assert len(texts) > 8
    width, height = figure.canvas.get_width_height()
    boxes = np.array([text.get_window_extent().extents for text in texts])
    for text, (left, bottom, right, top) in zip(texts, boxes, strict=True):
        assert float(text.get_fontsize()) >= 9, text
        assert min(left, bottom, width - right, height - top) >= 0, f"outside: {text}"
    for place, first in enumerate(texts):
        for other in range(place + 1, len(texts)):
            a, b = boxes[place], boxes[other]
            across, along = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert across <= 1 or along <= 1, f"{first.get_text()!r} covers {texts[other].get_text()!r}"


@pytest.mark.parametrize("name", ["ledger", "members", "subsidy"])
def test_nothing_to_draw_is_said(name: str) -> None:
    assert FIGURES[name](0.0) is not None


def test_steps_of_the_waterfall_add_up() -> None:
    """Interactions that are not drawn one by one are drawn together; each step begins where the last one ended."""
    drawn = waterfall_numbers(steps(1.0))
    inner = drawn[~drawn["kind"].isin(["base", "other"])]
    assert list(inner["kind"]) == ["part"] * 3 + ["interaction"] * 3 + ["rest"]
    np.testing.assert_allclose(inner["start"].to_numpy()[1:], inner["end"].to_numpy()[:-1])
    assert inner["end"].iloc[-1] == pytest.approx(drawn["end"].iloc[-1])


def test_phrases_of_comparisons_hide_none_of_a_run() -> None:
    for known in COMPARE_TEXT.values():
        assert set(known) & set(phrases()) <= {"mark.nothing"}
