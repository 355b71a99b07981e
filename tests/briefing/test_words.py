"""Numbers as a ministry writes them, and how sure a finding is: the rule, not the impression."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from footloose.briefing.documents.amounts import amount, span, unsigned_span
from footloose.briefing.documents.members import Sample, sample_of
from footloose.briefing.documents.wording import Voice


@pytest.mark.parametrize(
    "kind, value, english, chinese",
    [
        ("usd", 5.82e9, "USD 5.82 billion", "58.2亿美元"),
        ("usd", 2.64e12, "USD 2.64 trillion", "2.64万亿美元"),
        ("usd", 90e6, "USD 90.0 million", "9,000万美元"),
        ("jobs", 17_532, "17,500 jobs", "1.75万个岗位"),
        ("jobs", 14_263_843, "14.3 million jobs", "1,430万个岗位"),
        ("jobs", 340, "340 jobs", "340个岗位"),
        ("percent", 5.4388, "5.4%", "5.4%"),
        ("points", -0.63, "−0.63 percentage points", "−0.63个百分点"),
        ("jobs", 0.0, "0 jobs", "0个岗位"),
    ],
)
def test_amounts(kind: str, value: float, english: str, chinese: str) -> None:
    assert amount(kind, value, "en") == english
    assert amount(kind, value, "zh") == chinese


def test_no_digit_that_chance_has_made() -> None:
    assert span("jobs", 17_532, -15_965, 51_030, "en") == "+18,000 jobs (−16,000 to +51,000)"
    assert span("jobs", 17_532, -15_965, 51_030, "zh") == "+1.8万个岗位（−1.6至+5.1）"
    assert span("points", -0.6312, -0.6891, -0.5733, "en") == "−0.63 percentage points (−0.69 to −0.57)"
    assert span("points", -0.004, -0.09, 0.08, "en") == "0.00 percentage points (−0.09 to +0.08)"
    assert unsigned_span("usd", 2.2e9, -0.7e9, 5.1e9, "en") == "USD 2.2 billion (0 to 5.1)"
    assert span("points", 0.5, None, None, "en") == "+0.50 percentage points"


def test_robust_only_where_nine_of_ten_members_agree() -> None:
    rng = np.random.default_rng(1)
    cost = rng.uniform(1.0, 4.0, 20)
    voice = Voice("en")
    agreeing = Sample(np.where(np.arange(20) < 18, 1.0, -1.0), True, {"decisions.sunk_cost": cost})
    assert agreeing.robust
    assert voice.confidence(agreeing) == "Robust: the sign holds in 18 of 20 members of the ensemble."
    depends = Sample(2.2 - cost, True, {"decisions.sunk_cost": cost, "decisions.attention": np.ones(20)})
    assert not depends.robust
    assert depends.deciding() == ("decisions.sunk_cost", -1.0)
    told = voice.confidence(depends)
    assert told.startswith("Not robust: the sign holds in ")
    assert "the sunk cost of moving (decisions.sunk_cost)" in told
    assert "falls with it" in told
    assert "迁移的沉没成本（decisions.sunk_cost）" in Voice("zh").confidence(depends)


def test_replicates_are_never_called_robust() -> None:
    voice = Voice("en")
    assert "chance only" in voice.confidence(Sample(np.ones(6)))
    assert voice.confidence(Sample(np.array([1.0, -1.0, 1.0, -1.0, 1.0, 1.0]))).startswith("Within chance")
    assert "too few" in voice.confidence(Sample(np.ones(3)))
    assert voice.confidence(Sample(np.ones(1))).startswith("One run only")
    assert voice.confidence(Sample(np.zeros(6))).startswith("No difference")


def test_members_are_means_over_the_replicates_of_a_draw() -> None:
    rows = pd.DataFrame(
        [{"draw": draw, "replicate": r, "value": draw + 0.5 * r} for draw in range(-1, 6) for r in range(2)]
    )
    draws = pd.DataFrame({"draw": range(6), "name": list("abcdef"), "x": np.arange(6.0)})
    sample = sample_of(rows, draws)
    assert sample.ensemble
    assert sorted(sample.values) == [0.25, 1.25, 2.25, 3.25, 4.25, 5.25]
    assert list(sample.parameters) == ["x"]
    assert sample.deciding() == ("x", 1.0)
    alone = sample_of(rows[rows["draw"] < 1], draws)
    assert not alone.ensemble
    assert list(alone.values) == [-1.0, -0.5]
