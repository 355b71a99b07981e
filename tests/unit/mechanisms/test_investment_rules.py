"""Investment rules: what homes bar, what hosts review, what entry costs, what partners learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.errors import DataError
from footloose.history.rules import Axes, rules_of_text
from footloose.history.tables import LONG_COLUMNS
from footloose.mechanisms import investment_rules as rules
from footloose.record import Record

View = Callable[..., Any]
Move = Callable[..., tuple[float, float]]

OPEN = [
    f"mechanisms.investment_rules.{lever}"
    for lever in (
        "outbound.united_states.all.all=0",
        "screening.all.china.all=0",
        "restriction.all.all=0",
        "joint_venture.all.all=0",
    )
]
"""No rule at all, in the base year neither."""

ON = ["mechanisms.investment_rules=on", *OPEN]


def at(world: Any, sector: str, origin: str, site: str) -> tuple[int, int, int, int]:
    geography = world.setting.geography
    return 0, geography.sector(sector), geography.origin(origin), geography.site(site)


def test_the_record_bars_american_chip_plants_in_china_from_2025(view: View) -> None:
    for year, allowed in ((2024, 1.0), (2025, 0.7)):
        params, world = view("investment_rules", year)
        permission = rules.permission(params, world)
        assert permission[at(world, "semiconductors", "united_states", "yangtze_delta")] == pytest.approx(allowed)
        assert permission[at(world, "semiconductors", "korea", "yangtze_delta")] == 1.0
        assert permission[at(world, "semiconductors", "united_states", "vietnam")] == 1.0
        assert permission[at(world, "textiles", "united_states", "yangtze_delta")] == 1.0


def test_a_scenario_replaces_the_record_from_its_first_day(view: View) -> None:
    """60 % barred from July 2027: half of 2027 has the record's 30, so 1 - (181 x 30 + 184 x 60) / 36500."""
    barred = {"outbound": {"united_states": {"china": {"semiconductors": {"2027-07-01": 60.0}}}}}
    for year, allowed in ((2026, 0.7), (2027, 1 - (181 * 30 + 184 * 60) / 36500), (2028, 0.4)):
        params, world = view("investment_rules", year, barred)
        cell = at(world, "semiconductors", "united_states", "guangxi")
        assert rules.permission(params, world)[cell] == pytest.approx(allowed)


def test_entry_costs_restriction_partner_and_review(view: View) -> None:
    """Cars in China, 2010: 30 % x 0.36 + 2 % x 0.9 = 12.6 %; Chinese cars in Europe, 2023: 1 % x 0.45."""
    params, world = view("investment_rules", 2010)
    entry = rules.cost(params, world).entry
    assert entry is not None
    assert entry[at(world, "transport_equipment", "korea", "greater_bay")] == pytest.approx(np.log(1.126))
    assert entry[at(world, "transport_equipment", "china", "greater_bay")] == 0.0
    params, world = view("investment_rules", 2023)
    entry = rules.cost(params, world).entry
    assert entry is not None
    assert entry[at(world, "transport_equipment", "china", "eastern_europe")] == pytest.approx(np.log(1.0045))
    assert entry[at(world, "transport_equipment", "europe", "eastern_europe")] == 0.0


def test_reviews_hold_up_and_refuse_more_than_in_the_base_year(view: View) -> None:
    """European cars, 45 % after 2 %: a delay of 0.3 x 0.43 a year, a refusal of 0.05 x 0.43 over two years."""
    params, world = view("investment_rules", 2023)
    cell = at(world, "transport_equipment", "china", "western_europe")
    assert rules.delay(params, world)[cell] == pytest.approx(0.129)
    assert rules.refusal(params, world)[cell] == pytest.approx(0.01075)
    assert rules.delay(params, world)[at(world, "textiles", "korea", "western_europe")] == 0.0


def test_partners_gain_what_they_are_exposed_to(view: View) -> None:
    """Local owners: -log(1 + 0.08 x T); T moves by 15 % of the gap to V x foreign share."""
    known = np.full((13, 22), 0.5)
    params, world = view("investment_rules", 2022, state={"investment_rules_partners": known})
    paid = rules.cost(params, world).now
    assert paid[at(world, "transport_equipment", "china", "greater_bay")] == pytest.approx(-np.log(1.04))
    assert paid[at(world, "transport_equipment", "korea", "greater_bay")] == 0.0
    geography = world.setting.geography
    cars, site = geography.sector("transport_equipment"), geography.site("greater_bay")
    foreign = rules.foreign_share(world)[cars, site]
    assert 0.0 < foreign < 1.0
    after = rules.advance(params, world)["investment_rules_partners"][cars, site]
    assert after == pytest.approx(0.5 + 0.15 * (0.02 * foreign - 0.5))


def test_base_year_is_neutral(view: View, neutral_base_year: Callable[..., None]) -> None:
    params, world = view("investment_rules", 2010)
    neutral_base_year(rules, params, world)


def test_no_rules_change_no_byte(same_bytes: Callable[..., None]) -> None:
    same_bytes("investment_rules", OPEN)


AXES = Axes(("united_states",), ("textiles",), ("guangxi", "vietnam"), {"china": ("guangxi",), "vietnam": ("vietnam",)})


@pytest.mark.parametrize(
    "cells, said",
    [
        ("reviewed,percent,,chin,,,,2010,5,test,C", "row 2, column site: 'chin' is not known; did you mean 'china'"),
        ("reviewed,percent,,china,textile,,,2010,5,test,C", "row 2, column sector: 'textile' is not known"),
        ("reviewed,percent,,china,,,,2010,500,test,C", "row 2, column value: 500; reviewed lies between 0 and 100"),
        ("review,percent,,china,,,,2010,5,test,C", "row 2, column variable: 'review' is not known"),
        ("reviewed,percent,,china,,,,2010,5,,C", "row 2, column source: empty"),
    ],
    ids=["site", "sector", "value", "variable", "source"],
)
def test_a_bad_row_is_refused(cells: str, said: str) -> None:
    text = "\n".join((",".join(LONG_COLUMNS), cells))
    with pytest.raises(DataError, match=said):
        rules_of_text("table.csv", text, {"reviewed": 100.0}, range(2010, 2012), AXES)


def test_a_later_row_replaces_an_earlier_one() -> None:
    rows = ("reviewed,percent,,china,,,,2012,9,test,C", "reviewed,percent,,,,,,2011,5,test,C")
    text = "\n".join((",".join(LONG_COLUMNS), *rows))
    table = rules_of_text("table.csv", text, {"reviewed": 100.0}, range(2010, 2014), AXES)["reviewed"]
    assert table[:, 0, 0, :].tolist() == [[0, 0], [5, 5], [9, 5], [9, 5]]
    with pytest.raises(DataError, match="no row of barred"):
        rules_of_text("table.csv", text, {"reviewed": 100.0, "barred": 100.0}, range(2010, 2014), AXES)


def lever(text: str) -> str:
    """Return an override of this mechanism."""
    return f"mechanisms.investment_rules.{text}"


WEST = ("united_states", "europe", "japan", "korea", "taiwan")


def test_outbound_limits_keep_owners_out_of_the_target(twin_move: Move) -> None:
    limit = lever("outbound.united_states={china: {all: {2012: 100}}}")
    change, chance = twin_move([*ON[:1], limit, *OPEN[1:]], ON, "china", origins=("united_states",))
    assert change < -chance


def test_screening_diverts_chinese_plants_elsewhere(twin_move: Move) -> None:
    """All projects of Chinese owners reviewed everywhere but at home, at a high cost: more of them stay at home."""
    strict = [lever("review_refusal=0.9"), lever("review_cost=20")]
    review = lever("screening={all: {china: {all: {2010: 0, 2012: 100}}}}")
    twin = [*ON[:1], *OPEN[:1], *OPEN[2:], *strict, review]
    change, chance = twin_move(twin, [*ON, *strict], "china", origins=("china",))
    assert change > chance


@pytest.mark.parametrize("closing", [False, True], ids=["opening", "closing"])
def test_opening_brings_foreign_plants_and_closing_keeps_them_out(closing: bool, twin_move: Move) -> None:
    """From an index of 0.8 to 0, or the other way, in 2012."""
    before, after = (0.0, 0.8) if closing else (0.8, 0.0)
    rest = [*ON[:1], *OPEN[:2], *OPEN[3:]]
    moved, constant = (
        [*rest, lever(f"restriction={{china: {{all: {path}}}}}")]
        for path in (f"{{2010: {before}, 2012: {after}}}", f"{{2010: {before}}}")
    )
    change, chance = twin_move(moved, constant, "china", origins=WEST)
    assert change < -chance if closing else change > chance


def local_share(record: Record) -> Any:
    """Return Chinese owners' share of what is made in China, last two years; (replicate,)."""
    geography = record.geography
    made = record.tables["sales"][:, -2:].sum(axis=(1, 2, 3))[..., list(geography.sites_in("china"))].sum(axis=2)
    return made[:, geography.origin("china")] / made.sum(axis=1)


def test_required_partners_make_local_owners_better(twin_gap: Callable[..., tuple[float, float]]) -> None:
    """Technology for market: all foreign plants with partners, against none, for a gain of 20 %."""
    gain = [lever("partner_gain=20"), lever("partner_cost=0"), lever("partner_learning=1")]
    required = lever("joint_venture={china: {all: {2010: 0, 2012: 100}}}")
    change, chance = twin_gap([*ON[:4], *gain, required], [*ON, *gain], local_share)
    assert change > chance
