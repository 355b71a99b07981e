"""Blocs: links across the divide cost more, connectors gain, friends are preferred."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.errors import DataError
from footloose.geography.alignment import spread_positions
from footloose.mechanisms import blocs
from footloose.record import Record

View = Callable[..., Any]

NEUTRAL = ["mechanisms.blocs.market_premium=0", "mechanisms.blocs.owner_premium=0"]


def link(world: Any, market: str, sector: str, origin: str, site: str) -> tuple[int, int, int, int]:
    geography = world.setting.geography
    return geography.market(market), geography.sector(sector), geography.origin(origin), geography.site(site)


def test_a_link_costs_by_its_distance(view: View) -> None:
    """2031: goods 3 %, plants 2 %; opposed blocs bear all of it, a country between them a quarter (0.5 squared)."""
    params, world = view("blocs", 2031)
    line = blocs.cost(params, world).now
    assert line[link(world, "united_states", "textiles", "china", "guangxi")] == pytest.approx(np.log(1.03))
    assert line[link(world, "united_states", "textiles", "united_states", "guangxi")] == pytest.approx(np.log(1.05))
    assert line[link(world, "united_states", "textiles", "united_states", "vietnam")] == pytest.approx(np.log(1.0125))
    assert line[link(world, "united_states", "textiles", "united_states", "mexico")] == pytest.approx(np.log(1.003125))
    assert line[link(world, "united_states", "textiles", "europe", "eastern_europe")] == 0.0
    assert line[link(world, "china", "textiles", "china", "guangxi")] == 0.0
    assert line[link(world, "china", "textiles", "japan", "advanced_asia")] == pytest.approx(np.log(1.03))


def test_it_weighs_more_in_strategic_sectors(view: View) -> None:
    """One and a half times in sectors of high technology: log(1 + 1.5 x 0.05)."""
    params, world = view("blocs", 2031)
    line = blocs.cost(params, world).now
    assert line[link(world, "united_states", "semiconductors", "united_states", "guangxi")] == pytest.approx(
        np.log(1.075)
    )


def test_friends_are_cheaper_and_home_is_not(view: View) -> None:
    params, world = view("blocs", 2031, {"preference": 2.0})
    line = blocs.cost(params, world).now
    assert line[link(world, "united_states", "textiles", "europe", "western_europe")] == pytest.approx(np.log(0.98))
    assert line[link(world, "united_states", "textiles", "united_states", "mexico")] == pytest.approx(np.log(0.993125))
    assert line[link(world, "united_states", "textiles", "united_states", "us_south")] == 0.0


def test_a_country_can_change_sides(view: View) -> None:
    """Vietnam with China from July 2028: half of that year counts, then all of it."""
    moved = {"alignment": {"vietnam": {"2028-07-01": -1.0}}}
    for year, position in ((2027, 0.0), (2028, -184 / 366), (2029, -1.0)):
        params, world = view("blocs", year, moved)
        site = world.setting.geography.site("vietnam")
        assert blocs.site_position(params, world)[site] == pytest.approx(position)


def test_a_premium_is_worth_a_second_site(view: View) -> None:
    """The hedge is what the premium has become since the base year, and a preference is none."""
    params, world = view("blocs", 2031, {"preference": 2.0})
    hedge = blocs.hedge(params, world)
    assert hedge[link(world, "united_states", "textiles", "china", "guangxi")] == pytest.approx(np.log(1.03))
    assert hedge[link(world, "united_states", "textiles", "europe", "western_europe")] == 0.0
    constant, _ = view("blocs", 2031, {"market_premium": 3.0, "owner_premium": 2.0})
    assert blocs.hedge(constant, world).max() == 0.0


def test_until_2026_there_is_no_premium_on_top_of_risk(view: View) -> None:
    for year in (2018, 2022, 2026):
        params, world = view("blocs", year)
        assert np.abs(blocs.cost(params, world).now).max() == 0.0


def test_base_year_is_neutral(view: View, neutral_base_year: Callable[..., None]) -> None:
    params, world = view("blocs", 2010)
    neutral_base_year(blocs, params, world)


def test_no_premium_changes_no_byte(same_bytes: Callable[..., None]) -> None:
    same_bytes("blocs", NEUTRAL)


@pytest.mark.parametrize(
    "position, said", [("2", "lies outside -1 to 1"), ("east", "is not a number")], ids=["range", "number"]
)
def test_a_bad_position_is_refused(position: str, said: str) -> None:
    cells = {"country": "china", "position": position, "source": "test", "certainty": "C"}
    with pytest.raises(DataError, match=f"alignment.csv, row 2, column position.*{said}"):
        spread_positions([("alignment.csv, row 2", cells)], ("china",))


def test_a_country_without_position_is_refused() -> None:
    cells = {"country": "china", "position": "-1", "source": "test", "certainty": "C"}
    with pytest.raises(DataError, match="no row for mexico"):
        spread_positions([("alignment.csv, row 2", cells)], ("china", "mexico"))


ON = ["mechanisms.blocs=on", *NEUTRAL]
SPLIT = [f"mechanisms.blocs.{link}_premium={{2010: 0, 2012: 10}}" for link in ("market", "owner")]
WEST = ("united_states", "europe", "japan", "korea", "taiwan")


def test_a_premium_takes_western_owners_out_of_china(twin_move: Callable[..., tuple[float, float]]) -> None:
    change, chance = twin_move(["mechanisms.blocs=on", *SPLIT], ON, "china", origins=WEST)
    assert change < -chance


def test_countries_between_the_blocs_gain(twin_move: Callable[..., tuple[float, float]]) -> None:
    change, chance = twin_move(["mechanisms.blocs=on", *SPLIT], ON, "asia_hosts", origins=WEST)
    assert change > chance


def across(record: Record) -> Any:
    """Return what the United States buys across the divide, in percent, mean of the last two years; (replicate,)."""
    return record.tables["blocs_purchases"][:, -2:, record.geography.market("united_states")].mean(axis=1)


def test_a_premium_takes_trade_out_of_the_other_bloc(twin_gap: Callable[..., tuple[float, float]]) -> None:
    change, chance = twin_gap(["mechanisms.blocs=on", *SPLIT], ON, across)
    assert change < -chance


def test_friends_sell_more_to_friends(twin_move: Callable[..., tuple[float, float]]) -> None:
    """Within the western bloc American owners, who serve their own market most, go abroad more."""
    change, chance = twin_move(
        [*ON, "mechanisms.blocs.preference={2010: 0, 2012: 15}"], ON, "united_states", origins=("united_states",)
    )
    assert change < -chance
