"""The law of a scenario as yearly tables."""

from __future__ import annotations

import numpy as np
import pytest

from footloose.law import Law
from footloose.scenario import load
from footloose.simulation import set_up
from footloose.world import Setting

NONE = "policy_record.include=none"


def world(*overrides: str) -> Setting:
    return set_up(load("baseline", overrides=[NONE, *overrides]), (2010, 2030))


def duty(name: str, **keys: object) -> list[str]:
    settings = {
        "kind": "tariff",
        "market": "united_states",
        "sites": "china",
        "rate": 20,
        "believed": "permanent",
        "from": 2020,
    }
    return [f"policies.{name}.{key}={value}" for key, value in (settings | keys).items()]


def now(setting: Setting, year: int, market: str = "united_states", site: str = "guangxi") -> float:
    geography = setting.geography
    return float(setting.law.tariffs.now[year - 2010, geography.market(market), 0, geography.site(site)])


def test_no_law_at_all_broadcasts_as_zero() -> None:
    tables = world().law.tariffs
    assert not tables.now.any()
    assert np.broadcast_to(tables.now[3], (4, 13, 22)).shape == (4, 13, 22)
    assert world().law.subsidies == ()


def test_a_duty_is_one_markets_on_its_sites_alone() -> None:
    setting = world(*duty("own"))
    assert (now(setting, 2019), now(setting, 2020)) == (0.0, 20.0)
    assert now(setting, 2020, market="european_union") == 0.0
    assert now(setting, 2020, site="vietnam") == 0.0


def test_authorities_add_up() -> None:
    setting = world(*duty("one", authority="first"), *duty("two", authority="second", stacking="exclusive", rate=5))
    assert now(setting, 2025) == 25.0


def test_a_later_law_of_one_authority_replaces_the_earlier_from_its_day() -> None:
    setting = world(*duty("old"), *duty("new", rate=60, stacking="exclusive", **{"from": "2025-07-02"}))
    paid = [now(setting, year) for year in (2024, 2025, 2026)]
    assert paid == pytest.approx([20.0, (20.0 * 182 + 60.0 * 183) / 365, 60.0])
    geography, law = setting.geography, setting.law
    place = (geography.market("united_states"), 0, geography.site("guangxi"))
    assert [law.tariffs.expected[(year - 2010, *place)] for year in (2024, 2025)] == pytest.approx([20.0, 60.0])
    assert [law.tariffs.in_force[(year - 2010, *place)] for year in (2024, 2025)] == [20.0, 60.0]


def test_the_larger_of_two_counts_day_by_day() -> None:
    changing = "{2022: 10, 2025-07-02: 50}"
    setting = world(*duty("flat"), *duty("other", rate=changing, stacking="max", **{"from": 2022}))
    assert [now(setting, year) for year in (2023, 2025, 2026)] == pytest.approx(
        [20.0, (20.0 * 182 + 50.0 * 183) / 365, 50.0]
    )


def test_an_ended_exclusive_law_gives_way_again() -> None:
    setting = world(*duty("old"), *duty("new", rate=60, stacking="exclusive", **{"from": 2022, "until": 2024}))
    assert [now(setting, year) for year in (2021, 2023, 2024)] == [20.0, 60.0, 20.0]


def test_a_market_pays_no_duty_on_its_own_goods() -> None:
    setting = world(*duty("everywhere", sites="all"))
    assert now(setting, 2025, site="us_south") == 0.0
    assert now(setting, 2025, site="mexico") == 20.0


def test_a_credit_is_believed_over_the_horizon_a_grant_as_promised() -> None:
    both = {"kind": "subsidy", "sites": "us_south", "from": 2022, "until": 2024, "believed": "permanent"}
    forms = {"grant": {"capex_share": 30}, "credit": {"output_share": 30}}
    setting = world(
        *[f"policies.{name}.{key}={value}" for name, own in forms.items() for key, value in (both | own).items()]
    )
    credit, grant = setting.law.subsidies
    south = setting.geography.site("us_south")
    assert grant.expected[2023 - 2010, 0, south] == 30.0
    assert 0.0 < credit.expected[2023 - 2010, 0, south] < credit.expected[2022 - 2010, 0, south] < 30.0


def test_support_is_kept_instrument_by_instrument() -> None:
    keys = {
        "kind": "subsidy",
        "sites": "us_south",
        "capex_share": 30,
        "from": 2022,
        "until": 2024,
        "believed": "permanent",
    }
    setting = world(*[f"policies.grant.{key}={value}" for key, value in keys.items()])
    (table,) = setting.law.subsidies
    south = setting.geography.site("us_south")
    assert table.now[:, 0, south].tolist() == [30.0 if year in (2022, 2023) else 0.0 for year in range(2010, 2031)]
    promised = [30.0 if year in (2022, 2023) else 0.0 for year in range(2010, 2031)]
    assert table.expected[:, 0, south].tolist() == promised
    assert not np.delete(table.now, south, axis=2).any()


def test_instruments_stand_in_order_of_their_start() -> None:
    law: Law = set_up(load("baseline"), (2010, 2026)).law
    starts = [instrument.row.start for instrument in law.of_kind("tariff")]
    assert starts == sorted(starts)
    assert {instrument.row.kind for instrument in law.of_kind("subsidy")} == {"subsidy"}
