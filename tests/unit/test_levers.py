"""Levers: who is reached when groups overlap, what holds before a lever begins, growth by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from footloose.dated import DatedPath
from footloose.errors import UnknownName
from footloose.geography import load_geography
from footloose.levers import by_sector, by_site, growth_by_sector, shared_out


def steps(*pairs: tuple[int, float]) -> DatedPath:
    return DatedPath.of({date(year, 1, 1): value for year, value in pairs})


def test_the_smaller_group_wins_in_whatever_order() -> None:
    geography = load_geography()
    levers = {"guangxi": steps((2010, 3)), "china": steps((2010, 1)), "inland_china": steps((2010, 2))}
    for given in (levers, dict(reversed(levers.items()))):
        values = by_site(given, geography, 2020)
        found = [values[geography.site(name)] for name in ("guangxi", "central_china", "greater_bay", "mexico")]
        assert found == [3.0, 2.0, 1.0, 0.0]


def test_before_it_begins_the_usual_holds() -> None:
    """A lever from 1 July 2020 holds 184 of 366 days; each site has its own usual value."""
    geography = load_geography()
    lever = DatedPath.of({date(2020, 7, 1): 10.0})
    usual = np.arange(len(geography.sites), dtype=np.float64)
    site = geography.site("guangxi")
    found = [by_site({"guangxi": lever}, geography, year, usual)[site] for year in (2019, 2020, 2021)]
    assert found == pytest.approx([usual[site], (182 * usual[site] + 184 * 10.0) / 366, 10.0])


def test_all_is_for_sectors_not_named() -> None:
    geography = load_geography()
    values = by_sector({"electronics": steps((2010, 5)), "all": steps((2010, 1))}, geography, 2015)
    assert values[geography.sector("electronics")] == 5.0
    assert (np.delete(values, geography.sector("electronics")) == 1.0).all()


def test_growth_by_hand() -> None:
    """10 % in 2012 and 2013, -20 % in 2014: 1.21 x 0.8 = 0.968; the base year itself does not grow."""
    geography = load_geography()
    levers = {"electronics": steps((2010, 10), (2011, 0), (2012, 10), (2014, -20), (2015, 0))}
    sector = geography.sector("electronics")
    found = [growth_by_sector(levers, geography, 2010, year)[sector] for year in (2010, 2011, 2013, 2014, 2030)]
    assert found == pytest.approx([1.0, 1.0, 1.21, 0.968, 0.968])
    assert (np.delete(growth_by_sector(levers, geography, 2010, 2030), sector) == 1.0).all()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownName, match="inland_chnia"):
        by_site({"inland_chnia": steps((2010, 1))}, load_geography(), 2015)


def test_amounts_are_shared_out_by_weight_and_summed() -> None:
    geography = load_geography()
    weight = np.arange(1.0, 1.0 + len(geography.sites))
    levers = {"united_states": steps((2020, 100)), "us_south": steps((2020, 5))}
    values = shared_out(levers, geography, 2020, weight)
    home = list(geography.sites_in("united_states"))
    share = weight[home] / weight[home].sum()
    assert values[home] == pytest.approx(100.0 * share + 5.0 * (np.asarray(home) == geography.site("us_south")))
    assert values.sum() == pytest.approx(105.0)
    assert not shared_out(levers, geography, 2019, weight).any()
