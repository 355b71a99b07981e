"""Findings in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from footloose.briefing.sweep_findings import sentences
from footloose.briefing.sweep_words import box_in_words, tipping_in_words, with_unit
from footloose.experiments.sweep.analysis.discovery import Box, Interval, Members, limits_as_text
from footloose.experiments.sweep.analysis.findings import Findings
from footloose.experiments.sweep.schema import Sweep

SWEEP = Sweep.model_validate(
    {
        "levers": {
            "tariff": {"key": ("x",), "from": 0, "to": 100, "unit": "%", "label": {"en": "the tariff", "zh": "关税"}}
        },
        "uncertainties": {
            "wage": {"key": ("y",), "from": 0, "to": 1},
            "structure": {"choices": {"with": {}, "without": {"z": 1}}},
        },
        "outcomes": {
            "share": {
                "variable": "Imports|Share", "goal": {"at_most": 10},
                "label": {"en": "China's share", "zh": "中国份额"},
            },
            "home": {"variable": "Imports|Share", "goal": {"at_least": 60}},
        },
        "design": {"kind": "grid"},
    }
)  # fmt: skip
BOX = Box(
    {
        "tariff": Interval(45.0, np.inf), "wage": Interval(0.25, 0.5),
        "structure": Members(frozenset({"with"})),
    },
    coverage=0.61, density=0.874, low=0.78, high=0.93, mass=0.2,
)  # fmt: skip


def test_a_box_is_said_in_english() -> None:
    assert box_in_words(SWEEP, "share", True, BOX) == (
        "China's share falls to 10 % or below in 87 % of the cases (78 % to 93 %) when the tariff is at least 45 % and "
        "wage is between 0.25 and 0.5 and structure is with; 61 % of all such cases lie there."
    )


def test_a_box_is_said_in_chinese() -> None:
    text = box_in_words(SWEEP, "share", True, BOX, "zh")
    assert text == (
        "当关税不低于45%，且wage在0.25与0.5之间，且structure为with时，中国份额降至10%或以下，"
        "占该条件下情形的87%（78%至93%）；全部此类情形的61%符合该条件。"
    )


@pytest.mark.parametrize(
    "outcome, hit, said",
    [
        ("share", False, "China's share stays above 10 %"),
        ("home", True, "Home reaches 60 % or more"),
        ("home", False, "Home stays below 60 %"),
    ],
)
def test_goals_go_both_ways(outcome: str, hit: bool, said: str) -> None:
    box = Box({"wage": Interval(-np.inf, 0.5)})
    text = box_in_words(SWEEP, outcome, hit, box)
    assert text.startswith(said)
    assert "wage is at most 0.5" in text


def test_tipping_points_say_how_sure_they_are() -> None:
    row = {"wage": 0.5, "tips_at": 43.21, "low": 40.0, "high": np.inf, "replicates": 3, "of": 4}
    text = tipping_in_words(SWEEP, "share", "tariff", "wage", row)
    assert text == (
        "At wage = 0.5, China's share crosses 10 % at the tariff = 43.2 % (40 to beyond the range over 4 replicates)."
    )
    nowhere = tipping_in_words(SWEEP, "share", "tariff", "wage", row | {"tips_at": np.nan})
    assert "does not cross 10 %" in nowhere
    assert "over" not in tipping_in_words(SWEEP, "share", "tariff", "wage", row | {"of": 1})


def test_findings_are_said_in_both_languages() -> None:
    """Every kind of table, boxes, and what could not be made; numbers in the way of the language."""
    rows = {"factor": ["wage", "tariff"], "swing": [-33_100.0, 0.5], "effect": [2.0, 1.0]}
    tables = {
        "sobol_share": pd.DataFrame({"factor": ["tariff"], "total": [0.5], "total_low": [0.4], "total_high": [0.6]}),
        "morris_share": pd.DataFrame(rows),
        "tornado_share": pd.DataFrame(rows),
        "variance_home": pd.DataFrame({"source": ["structure"], "share": [0.001], "low": [0.0], "high": [0.999]}),
        "variance_share": pd.DataFrame({"source": ["chance"], "share": [0.9], "low": [0.7], "high": [1.0]}),
        "robustness_share": pd.DataFrame(
            {"tariff": [0.0, 60.0], "regret_most": [60_500.0, 9e6], "satisficing": [0.1, 1.0], "states": [10, 10]}
        ),
        "points": pd.DataFrame({"share": [5.0, 20.0, 20.0], "home": [70.0, 10.0, 10.0]}),
    }
    found = Findings(
        tables, boxes={"share": (True, [BOX]), "home": (True, [])}, always={}, problems=[("home", "no library")]
    )
    said = sentences(SWEEP, found)
    assert said[:6] == [
        "China's share: largest total Sobol indices: the tariff 0.50 (0.40 to 0.60).",
        "China's share: largest effects over the range: wage 2, the tariff 1.",
        "China's share: largest swings from low to high: wage −33.1 k, the tariff +0.5.",
        "China's share: least largest regret (60,500) with the tariff 0 %.",
        "China's share: the goal is reached most often (100 % of 10 states) with the tariff 60 %.",
        "China's share: variance from: chance 90 % (70 % to 100 %).",
    ]
    assert said[-3:] == [
        "Home: variance from: structure <1 % (0 % to >99 %); with one replicate, chance is in these.",
        "Home reaches 60 % or more in 33 % of the cases, and no simple condition tells which.", "home: no library"
    ]  # fmt: skip
    chinese = sentences(SWEEP, found, "zh")
    assert len(chinese) == len(said)
    assert chinese[2] == "中国份额：由低端到高端变动最大的因素：wage −3.31万，关税 +0.5。"
    assert chinese[3] == "中国份额：最大遗憾值最小（6.05万）的政策组合：关税 0%。"
    treed = Findings({}, boxes={"share": (True, [BOX])}, leaves={"share": [BOX]})
    assert sentences(SWEEP, treed)[-1].startswith("Decision tree: China's share falls to 10 % or below in ")
    assert sentences(SWEEP, treed, "zh")[-1].startswith("决策树：")
    always = Findings({}, always={"share": False})
    assert sentences(SWEEP, always) == ["China's share stays above 10 % at every point tried."]


def test_limits_and_units_for_tables() -> None:
    assert limits_as_text(BOX) == "tariff in [45, inf]; wage in [0.25, 0.5]; structure in {with}"
    assert with_unit(1234567.0, "persons") == "1,234,567 persons"
    assert with_unit(1.25, "index 2010 = 1") == "1.25"
    assert with_unit(1234567.0, "persons", "zh") == "123.5万人"
    assert with_unit(3.0, "% a year", "zh") == "3%/年"
