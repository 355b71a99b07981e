"""Tariffs and subsidies of a scenario, and their numeric form."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from footloose.dated import DatedPath, Steps, parse_date
from footloose.geography import load_geography
from footloose.history import average_rate, rate_on
from footloose.policies import FIRST_BELIEF, Believed, ExportControl, Subsidy, Tariff, domestic_sites

TARIFF = {"kind": "tariff", "market": "united_states", "sites": "china", "rate": 60, "from": 2027}
SUBSIDY = {"kind": "subsidy", "sites": ["us_south"], "capex_share": 25, "from": "2027-07"}
GEOGRAPHY = load_geography()


def tariff(**changes: Any) -> Tariff:
    return Tariff.model_validate_json(json.dumps(TARIFF | changes))


def subsidy(**changes: Any) -> Subsidy:
    data = {key: value for key, value in (SUBSIDY | changes).items() if value is not None}
    return Subsidy.model_validate_json(json.dumps(data))


def test_dates() -> None:
    assert parse_date(2027) == parse_date("2027") == parse_date("2027-01") == date(2027, 1, 1)
    assert parse_date("2027-07-15") == date(2027, 7, 15)
    for wrong in ("2027-13", "2027-02-30", "27", "2027-7", "soon", 27, 2027.5, True, None, "２０２７"):
        with pytest.raises(ValueError, match=r"date|month|day"):
            parse_date(wrong)


def test_dated_path() -> None:
    path = DatedPath.of({date(2027, 7, 1): 25.0, date(2025, 1, 1): 10.0})
    assert [path.on(date(2024, 12, 31)), path.on(date(2027, 6, 30)), path.on(date(2027, 7, 1))] == [0.0, 10.0, 25.0]
    assert path.in_year(2027) == pytest.approx((181 * 10 + 184 * 25) / 365)
    assert path.as_data() == {"2025-01-01": 10.0, "2027-07-01": 25.0}
    assert DatedPath.constant(3).as_data() == 3.0


def test_steps_schema_allows_a_number_or_dates() -> None:
    number, dated = Steps(0, 5).json_schema()["anyOf"]
    assert number == {"type": "number", "minimum": 0, "maximum": 5}
    assert dated["minProperties"] == 1


def test_tariff_row() -> None:
    row = tariff(coverage=0.5, sectors=["textiles", "electronics"], announced="2026-11", until=2029).as_row(
        "t", GEOGRAPHY
    )
    assert (row.id, row.kind, row.authority, row.market) == ("t", "tariff", "scenario", "united_states")
    assert (row.announced, row.start) == (date(2026, 11, 1), date(2027, 1, 1))
    assert row.until == date(2028, 12, 31), "the last day in force"
    assert row.dates == (row.start,)
    reached = np.zeros((len(GEOGRAPHY.sectors), len(GEOGRAPHY.sites)))
    sectors = [GEOGRAPHY.sector("textiles"), GEOGRAPHY.sector("electronics")]
    reached[np.ix_(sectors, GEOGRAPHY.sites_in("china"))] = 30.0
    np.testing.assert_array_equal(row.rates[0], reached)


def test_row_changes_on_the_days_of_the_path() -> None:
    row = tariff(rate={"2025": 10, "2027-07-01": 25, "2035": 40}, until="2030").as_row("t", GEOGRAPHY)
    assert row.dates == (date(2027, 1, 1), date(2027, 7, 1))
    site = GEOGRAPHY.site("guangxi")
    by_day = {
        day: rate_on(row, day)[0, site] for day in (date(2026, 12, 31), row.start, date(2027, 7, 1), date(2030, 1, 1))
    }
    assert list(by_day.values()) == [0.0, 10.0, 25.0, 0.0]
    assert average_rate(row, 2027)[0, site] == pytest.approx(
        DatedPath.of({row.start: 10, row.dates[1]: 25}).in_year(2027)
    )


def test_path_that_starts_later_is_zero_before() -> None:
    row = tariff(rate={"2028": 10}).as_row("t", GEOGRAPHY)
    assert row.dates == (date(2027, 1, 1), date(2028, 1, 1))
    assert not row.rates[0].any()


def test_rate_by_sector() -> None:
    row = tariff(rate={"textiles": 5, "electronics": {"2027": 10, "2028": 20}}).as_row("t", GEOGRAPHY)
    site = GEOGRAPHY.sites_in("china")[0]
    assert row.rates[:, GEOGRAPHY.sector("textiles"), site].tolist() == [5, 5]
    assert row.rates[:, GEOGRAPHY.sector("electronics"), site].tolist() == [10, 20]
    assert not row.rates[:, GEOGRAPHY.sector("chemicals")].any()


def test_export_control_row() -> None:
    data = {"kind": "export_control", "market": "united_states", "sites": ["asia", "us_south"], "from": "2027"}
    data |= {"sectors": "semiconductors", "parts_affected": {"2027": 20, "2029-07": 30}, "believed": 0.05}
    row = ExportControl.model_validate_json(json.dumps(data)).as_row("c", GEOGRAPHY)
    assert (row.kind, row.market, row.form, row.reversal) == ("export_control", "united_states", "", 0.05)
    assert row.dates == (date(2027, 1, 1), date(2029, 7, 1))
    reached = np.zeros((len(GEOGRAPHY.sectors), len(GEOGRAPHY.sites)))
    reached[GEOGRAPHY.sector("semiconductors"), list(GEOGRAPHY.sites_in("asia"))] = 1.0
    np.testing.assert_array_equal(row.rates, np.stack([20 * reached, 30 * reached]))
    with pytest.raises(ValidationError, match="differ in chemicals, semiconductors"):
        ExportControl.model_validate_json(json.dumps(data | {"parts_affected": {"chemicals": 3}}))


@pytest.mark.parametrize("market", GEOGRAPHY.markets)
def test_no_duty_inside_the_border(market: str) -> None:
    row = tariff(market=market, sites="all").as_row("t", GEOGRAPHY)
    inside = list(domestic_sites(market, GEOGRAPHY))
    assert inside
    assert not row.rates[:, :, inside].any()
    assert (np.delete(row.rates, inside, axis=2) == 60).all()


def test_european_border() -> None:
    names = {GEOGRAPHY.sites[site] for site in domestic_sites("european_union", GEOGRAPHY)}
    assert names == {"western_europe", "eastern_europe"}


@pytest.mark.parametrize(
    "changes,form,rate",
    [
        ({}, "capex_share", 25),
        ({"capex_share": None, "usd_per_job": 9000}, "usd_per_job", 9000),
        ({"capex_share": None, "output_share": 10}, "output_share", 10),
        ({"capex_share": None, "usd_per_unit": 35, "unit_price_usd": 140}, "output_share", 25),
    ],
)
def test_subsidy_row(changes: dict[str, Any], form: str, rate: float) -> None:
    row = subsidy(**changes, budget_usd_billion=39).as_row("s", GEOGRAPHY)
    assert (row.form, row.market, row.budget_usd_billion, row.new_plants_only) == (form, "", 39, True)
    assert row.rates[0, :, GEOGRAPHY.site("us_south")] == pytest.approx(rate)
    assert np.count_nonzero(row.rates) == len(GEOGRAPHY.sectors)


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"capex_share": None}, "exactly one of"),
        ({"usd_per_job": 3}, "exactly one of"),
        ({"unit_price_usd": 3}, "go together"),
        ({"capex_share": None, "usd_per_unit": 3}, "go together"),
        ({"sectors": ["textiles"], "capex_share": {"chemicals": 3}}, "differ in chemicals, textiles"),
        ({"sites": []}, "at least 1 item"),
        ({"until": "2027-07"}, "is not after from"),
        ({"announced": 2028}, "is before announced"),
        ({"capex_share": 101}, "less than or equal to 100"),
    ],
)
def test_inconsistent(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        subsidy(**changes)


@pytest.mark.parametrize(
    "written,believed",
    [
        (0.25, Believed(0.25, learning=False)),
        (0, Believed(0.0, learning=False)),
        ("permanent", Believed(0.0, learning=False)),
        ("learned", Believed(FIRST_BELIEF)),
        ({"learned": 0.4}, Believed(0.4)),
        ({"lasts": 2}, Believed(0.5, learning=False, lasts=2.0)),
    ],
)
def test_beliefs(written: Any, believed: Believed) -> None:
    policy = tariff(believed=written)
    assert policy.believed == believed
    assert policy.as_row("t", GEOGRAPHY).reversal == believed.reversal
    again = json.loads(policy.model_dump_json(by_alias=True, exclude_none=True))
    assert Tariff.model_validate_json(json.dumps(again)) == policy


@pytest.mark.parametrize("written", [1.5, -0.1, "forever", {"lasts": 0}, {"lasts": 2, "learned": 0.1}, {}, [], True])
def test_bad_beliefs(written: Any) -> None:
    with pytest.raises(ValidationError):
        tariff(believed=written)


def test_policies_are_frozen() -> None:
    policy = tariff()
    with pytest.raises(ValidationError):
        policy.coverage = 0.5
    assert not policy.as_row("t", GEOGRAPHY).rates.flags.writeable


def test_one_day_shorter_is_one_day_less() -> None:
    """from ... until is half open: the duty of the last day before `until` is the last one paid."""
    row = tariff(until="2027-03-01").as_row("t", GEOGRAPHY)
    assert row.until is not None
    site = GEOGRAPHY.sites_in("china")[0]
    assert rate_on(row, row.until)[0, site] == 60
    assert rate_on(row, row.until + timedelta(days=1))[0, site] == 0
    assert average_rate(row, 2027)[0, site] == pytest.approx(60 * 59 / 365)
