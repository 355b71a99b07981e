"""Regionalisation: what makes distance dear keeps purchases inside the market's own region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("market, region", [("united_states", "north_america"), ("european_union", "europe")])
def test_dearer_distance_keeps_purchases_in_the_region(ordered: Callable[..., Any], market: str, region: str) -> None:
    """Document 001: companies source inside regions to save transport and risk; less of a premium, less of it."""
    shares = [
        ordered(f"mechanisms.risk.distance_premium={{2010: 5, 2011: {percent}}}")(market, "textiles", region)
        for percent in (0, 5, 10)
    ]
    assert shares[0] < shares[1] < shares[2]
