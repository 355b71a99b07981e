"""Findings in sentences."""

from __future__ import annotations

import string

import numpy as np
import pytest
from footloose.experiments.sweep.analysis.words import (
    PHRASES,
    box_in_words,
    limits_as_text,
    tipping_in_words,
    with_unit,
)

from footloose.experiments.sweep.analysis.discovery import Box, Interval, Members
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
    assert text.startswith("当关税不低于45 %")
    assert "中国份额降至10 %或以下" in text


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


def test_every_language_has_every_phrase_with_the_same_places() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert set(PHRASES["en"]) == set(PHRASES["zh"])
    for key, text in PHRASES["en"].items():
        assert places(text) == places(PHRASES["zh"][key]), key


def test_limits_and_units_for_tables() -> None:
    assert limits_as_text(BOX) == "tariff in [45, inf]; wage in [0.25, 0.5]; structure in {with}"
    assert with_unit(1234567.0, "persons") == "1,234,567 persons"
    assert with_unit(1.25, "index 2010 = 1") == "1.25"
