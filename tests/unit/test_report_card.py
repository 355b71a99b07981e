"""The report card: every target on a page, in its place between its tolerances, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_texts

from footloose.briefing import Footer
from footloose.briefing.report_card import COLUMNS, MOST_LINES, REACH, normalised, pages, report_card
from footloose.errors import DataError, UnknownName

FOOTER = Footer("History and current law", 1, 100_000, "0.1.0", "August 2026")
GROUPS = ("Shares of imports", "Jobs", "Elasticities", "Clusters", "Prices")
UNITS = ("percent", "persons", "1", "USD million of 2010", "index 2010 = 1")


def card(count: int) -> pd.DataFrame:
    """A table of targets: some met, some in tension, some failed, one of them far off."""
    generator = np.random.default_rng(3)
    rows = []
    for n in range(count):
        value = float(10 ** generator.uniform(-2, 5))
        width = value * generator.uniform(0.05, 0.5)
        away = float(generator.normal(0, 1.2)) if n else 40.0
        band = float(generator.uniform(0.1, 0.9))
        verdict = "pass" if abs(away) <= 1 else "tension" if abs(away) - band <= 1 else "fail"
        model = value + away * width
        labels = f"Share of imports from country {n} in what the United States buys", f"美国采购中第{n}国进口份额"
        group, use = GROUPS[n * len(GROUPS) // count], "held_out" if n % 3 == 2 else "fitted"
        numbers = value, value - width, value + width, model, model - band * width, model + band * width
        rows.append((f"target_{n}", *labels, group, UNITS[n % len(UNITS)], *numbers, verdict, use))
    return pd.DataFrame(rows, columns=list(COLUMNS))


@pytest.mark.parametrize("language,count", [("en", 1), ("en", 30), ("zh", 60)])
def test_every_target_is_on_a_page(language: str, count: int) -> None:
    table, said = card(count), []
    figures = report_card(table, FOOTER, language)
    for figure in figures:
        said += check_texts(figure)
    assert len(figures) == {1: 1, 30: 2, 60: 2}[count]
    label = "Share of imports from country" if language == "en" else "国进口份额"
    assert sum(label in text for text in said) == count
    met = int((table["verdict"] == "pass").sum())
    assert any(f"{met} of {count}" in text or f"{count}项目标中{met}项" in text for text in said)


def test_pages_are_about_equally_full_and_begin_with_headings() -> None:
    for count in (1, 20, 34, 35, 70, 140):
        parts = pages(card(count))
        assert sum(line.row is not None for part in parts for line in part) == count
        assert max(map(len, parts)) <= MOST_LINES
        assert all([line.kind for line in part[:3]] == ["use", "group", "target"] for part in parts)
        uses = [line.row["use"] for part in parts for line in part if line.row is not None]
        assert uses == sorted(uses), "fitted before held out"
    two = [sum(line.row is not None for line in part) for part in pages(card(60))]
    assert max(two) - min(two) <= 1


def test_the_tolerance_is_the_unit() -> None:
    row = {"value": 10.0, "low": 6.0, "high": 12.0, "below": 8.0, "above": 13.0, "same": 10.0}
    assert [normalised(row, name) for name in ("low", "high", "below", "above", "same")] == [-1.0, 1.0, -0.5, 1.5, 0.0]
    narrow = {"value": 10.0, "low": 10.0, "high": 10.0, "off": 9.0}
    assert normalised(narrow, "off") == -np.inf


def test_marks_stand_where_the_model_is() -> None:
    table = card(3).assign(verdict=["fail", "pass", "tension"], use="fitted", group="Jobs")
    table["model"] = table["value"] + [40.0, 0.5, -2.0] * (table["high"] - table["value"])
    (figure,) = report_card(table, FOOTER)
    marks = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "D", "X", "<", ">")]
    at = [float(np.asarray(line.get_xdata())[0]) for line in marks]
    rows = table.to_dict("records")
    wanted = [np.clip(normalised({str(k): v for k, v in row.items()}, "model"), -REACH, REACH) for row in rows]
    assert at == pytest.approx(wanted)
    assert [line.get_marker() for line in marks] == [">", "o", "D"], "shape as well as colour; an arrow at the edge"


def test_a_faulty_table_is_refused() -> None:
    good = card(4)
    with pytest.raises(DataError, match="verdict"):
        report_card(good.drop(columns="verdict"), FOOTER)
    with pytest.raises(UnknownName, match="passed"):
        report_card(good.assign(verdict="passed"), FOOTER)
    with pytest.raises(DataError, match="target_0: model is no number"):
        report_card(good.assign(model=np.nan), FOOTER)
    with pytest.raises(DataError, match="target_0: the value is not between"):
        report_card(good.assign(low=good["high"]), FOOTER)
    assert len(report_card(good.iloc[:0], FOOTER)) == 1
