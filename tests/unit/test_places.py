"""Levers by place: the narrower name holds, amounts are shared out."""

from __future__ import annotations

import numpy as np
import pytest

from footloose.dated import DatedPath
from footloose.geography import load_geography
from footloose.places import at_sites, in_year, shared_out

GEOGRAPHY = load_geography()


def test_the_narrower_name_holds() -> None:
    values = at_sites({"us_south": 3.0, "all": 1.0, "united_states": 2.0}, GEOGRAPHY)
    assert values[GEOGRAPHY.site("us_south")] == 3.0
    assert values[GEOGRAPHY.site("us_west")] == 2.0
    assert values[GEOGRAPHY.site("mexico")] == 1.0
    assert not at_sites({}, GEOGRAPHY).any()


def test_amounts_are_shared_out_by_weight_and_summed() -> None:
    weight = np.arange(1.0, 1.0 + len(GEOGRAPHY.sites))
    values = shared_out({"united_states": 100.0, "us_south": 5.0}, GEOGRAPHY, weight)
    home = list(GEOGRAPHY.sites_in("united_states"))
    assert values.sum() == pytest.approx(105.0)
    share = weight[home] / weight[home].sum()
    assert values[home] == pytest.approx(100.0 * share + 5.0 * (np.asarray(home) == GEOGRAPHY.site("us_south")))
    assert values[GEOGRAPHY.site("mexico")] == 0.0


def test_paths_of_a_year() -> None:
    steps = DatedPath.of({DatedPath.constant(0).dates[0].replace(year=2027): 4.0})
    assert in_year({"mexico": steps, "india": DatedPath.constant(1.0)}, 2026) == {"mexico": 0.0, "india": 1.0}
    assert in_year({"mexico": steps}, 2027) == {"mexico": 4.0}
