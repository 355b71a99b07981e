"""The policy record: replayed, it is the law of each day; its totals meet the files it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from footloose.errors import DataError
from footloose.history import PolicyRow, average_rate, load_observed, load_policy_record, rate_on, year_end_rate
from footloose.history.policy_record import RATE_COLUMNS, rate_table
from footloose.history.tables import Floats, parse_table

from .test_history import CHINA, REST, SECTORS, SITES, US

GROUPS: Mapping[str, tuple[str, ...]] = {
    "china": CHINA,
    "united_states": US,
    "european_union": ("western_europe", "eastern_europe"),
    **{site: (site,) for site in REST},
}
OF_2025 = ("ieepa_fentanyl", "ieepa_reciprocal", "section_232_2025", "section_122", "section_122_successor")
DATES = ("2025-04-09", "2025-08-07", "2025-12-04", "2026-02-20", "2026-02-24", "2026-07-24", "2026-08-19")
ADDED = {
    "greater_bay": (112.19, 31.06, 18.90, 4.78, 10.77, 11.94, 11.94),
    "mexico": (8.20, 8.53, 8.30, 6.14, 6.14, 7.66, 7.66),
    "canada": (9.80, 10.75, 10.08, 3.15, 3.15, 5.82, 7.66),
    "vietnam": (10.73, 14.74, 14.51, 2.71, 8.60, 10.26, 10.26),
    "india": (10.96, 43.03, 32.99, 2.57, 8.71, 9.65, 9.65),
    "indonesia": (10.86, 18.81, 17.50, 2.11, 10.29, 10.50, 10.50),
    "malaysia": (10.91, 12.05, 11.56, 2.16, 6.95, 6.61, 6.61),
    "thailand": (11.85, 15.17, 14.65, 4.29, 9.80, 11.54, 11.54),
    "western_europe": (12.10, 15.20, 11.12, 3.03, 8.39, 9.07, 9.07),
    "eastern_europe": (12.10, 15.20, 11.12, 3.03, 8.39, 9.07, 9.07),
}
"""Added over the rate of 2024, percentage points: tradewartracker country-by-time.csv (certainty A)."""


@pytest.fixture(scope="module")
def record() -> tuple[PolicyRow, ...]:
    return load_policy_record(SITES, SECTORS, GROUPS)


@pytest.fixture(scope="module")
def weights() -> Floats:
    """US imports of 2017 by (sector, site); every region of a nation gets the nation's."""
    table = np.zeros((len(SECTORS), len(SITES)))
    for entry in load_observed():
        if entry.variable == "import_weight":
            for site in GROUPS[entry.site]:
                table[SECTORS.index(entry.sector), SITES.index(site)] = entry.value
    return table


def by_id(record: tuple[PolicyRow, ...], name: str) -> PolicyRow:
    return next(row for row in record if row.id == name)


def cell(table: Floats, sector: str, site: str) -> float:
    return float(table[SECTORS.index(sector), SITES.index(site)])


def added(record: tuple[PolicyRow, ...], weights: Floats, day: date, site: str, authorities: tuple[str, ...]) -> float:
    """Import-weighted sum of US duties of some authorities on a day."""
    rows = [row for row in record if row.market == "united_states" and row.kind == "tariff"]
    total = sum((rate_on(row, day) for row in rows if row.authority in authorities), np.zeros(weights.shape))
    own = weights[:, SITES.index(site)]
    return float((total[:, SITES.index(site)] * own).sum() / own.sum())


def test_rows_are_whole(record: tuple[PolicyRow, ...]) -> None:
    assert len({row.id for row in record}) == len(record) >= 30
    assert [row.start for row in record] == sorted(row.start for row in record)
    for row in record:
        assert row.rates.shape == (len(row.dates), len(SECTORS), len(SITES)), row.id
        assert row.announced <= row.start == row.dates[0]
        assert list(row.dates) == sorted(set(row.dates))
        assert np.isfinite(row.rates).all(), row.id
        assert (row.rates >= 0).all(), row.id
        assert row.rates[0].any(), row.id
        assert 0 < row.reversal < 1
        assert row.source
        assert row.certainty in "ABCD"
        assert row.reversal_source
        assert (row.form != "") == (row.kind == "subsidy")
        assert (row.market == "") == (row.kind == "subsidy")
        if row.kind == "tariff":
            assert (row.rates[:, SECTORS.index("research")] == 0).all(), row.id


@pytest.mark.parametrize("site", ADDED)
@pytest.mark.parametrize("position", range(len(DATES)))
def test_replayed_record_is_the_law_of_2025_26(
    record: tuple[PolicyRow, ...], weights: Floats, site: str, position: int
) -> None:
    day = date.fromisoformat(DATES[position])
    assert added(record, weights, day, site, OF_2025) == pytest.approx(ADDED[site][position], abs=0.5)


def test_february_2025_follows_the_law_not_the_file(record: tuple[PolicyRow, ...], weights: Floats) -> None:
    """The file has 20 from 2025-02-04; the second ten points came on 2025-03-04."""
    for day, rate in ((3, 0.0), (4, 10.0), (28, 10.0)):
        assert added(record, weights, date(2025, 2, day), "guangxi", OF_2025) == pytest.approx(rate)
    assert added(record, weights, date(2025, 3, 4), "guangxi", OF_2025) == pytest.approx(20.0)


@pytest.mark.parametrize(
    "day, bown",
    [("2018-07-06", 6.7), ("2018-09-25", 12.0), ("2019-06-15", 17.6), ("2019-09-01", 21.0), ("2020-02-14", 19.3)],
)
def test_chinese_average_agrees_with_bown(
    record: tuple[PolicyRow, ...], weights: Floats, day: str, bown: float
) -> None:
    authorities = tuple({row.authority for row in record if row.kind == "tariff"})
    before = 3.1 - added(record, weights, date(2018, 1, 1), "greater_bay", authorities)
    total = before + added(record, weights, date.fromisoformat(day), "greater_bay", authorities)
    assert total == pytest.approx(bown, abs=2.5)


@pytest.mark.parametrize(
    "instrument, statutory, covered",
    [
        ("section_301_list_1", 25, 33_510),
        ("section_301_list_2", 25, 14_101),
        ("section_301_list_3", 10, 188_260),
        ("section_301_list_4a", 15, 109_000),
    ],
)
def test_lists_cover_their_value(
    record: tuple[PolicyRow, ...], weights: Floats, instrument: str, statutory: float, covered: float
) -> None:
    china = SITES.index("guangxi")
    value = (by_id(record, instrument).rates[0][:, china] * weights[:, china]).sum() / statutory
    assert value == pytest.approx(covered, rel=0.005)


def test_no_sector_is_covered_twice(record: tuple[PolicyRow, ...]) -> None:
    lists = {"section_301_list_1": 25, "section_301_list_2": 25, "section_301_list_3": 10, "section_301_list_4a": 15}
    china = SITES.index("guangxi")
    share = sum((by_id(record, name).rates[0][:, china] / full for name, full in lists.items()), np.zeros(len(SECTORS)))
    assert share.max() <= 1.001
    assert share[SECTORS.index("electronics")] < 0.6 < share[SECTORS.index("machinery")]


def test_steel_duties_cover_their_value_and_spare_neighbours(record: tuple[PolicyRow, ...], weights: Floats) -> None:
    row = by_id(record, "section_232_metals")
    full = rate_on(row, date(2018, 7, 1))
    assert cell(rate_on(row, date(2018, 5, 31)), "metals_minerals", "canada") == 0
    assert cell(full, "metals_minerals", "canada") > cell(full, "metals_minerals", "greater_bay") > 0
    assert cell(rate_on(row, date(2019, 5, 19)), "metals_minerals", "mexico") > 0
    assert cell(rate_on(row, date(2019, 5, 20)), "metals_minerals", "mexico") == 0
    metals = SECTORS.index("metals_minerals")
    once = [SITES.index(site) for site in ("greater_bay", "western_europe", *REST) if site != "eastern_europe"]
    duty = (full[metals, once] * weights[metals, once]).sum() / 100
    assert 0.75 < duty / (0.25 * 30_523 + 0.10 * 17_685) < 1.0


def test_home_goods_pay_no_duty(record: tuple[PolicyRow, ...]) -> None:
    homes = {"united_states": US, "china": CHINA, "european_union": ("western_europe", "eastern_europe")}
    for row in record:
        if row.kind == "tariff":
            assert not row.rates[:, :, [SITES.index(site) for site in homes[row.market]]].any(), row.id


def test_phones_and_chips_leave_the_reciprocal_duty(record: tuple[PolicyRow, ...]) -> None:
    row = by_id(record, "ieepa_reciprocal")
    before, after = rate_on(row, date(2025, 4, 10)), rate_on(row, date(2025, 4, 11))
    assert cell(after, "electronics", "vietnam") < 0.4 * cell(before, "electronics", "vietnam")
    assert cell(after, "semiconductors", "vietnam") < 1.5
    assert cell(after, "textiles", "vietnam") == pytest.approx(10, abs=1.5)


def test_emergency_duties_end_and_section_122_lasts_150_days(record: tuple[PolicyRow, ...]) -> None:
    for name in ("ieepa_fentanyl", "ieepa_reciprocal"):
        assert rate_on(by_id(record, name), date(2026, 2, 19)).any()
        assert not rate_on(by_id(record, name), date(2026, 2, 20)).any()
        assert not year_end_rate(by_id(record, name), 2026).any()
    surcharge = by_id(record, "section_122")
    assert surcharge.until is not None
    assert (surcharge.until - surcharge.start).days + 1 == 150
    assert cell(rate_on(surcharge, surcharge.start), "textiles", "greater_bay") == pytest.approx(10, abs=0.5)


def test_average_is_the_mean_over_days(record: tuple[PolicyRow, ...]) -> None:
    for row in record:
        for year in {row.start.year, row.dates[-1].year, 2026, 2009}:
            days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
            days = [day for day in days if day.year == year]
            if len(row.dates) > 12 and year != row.start.year:
                continue
            brute = sum((rate_on(row, day) for day in days), np.zeros(row.rates.shape[1:])) / len(days)
            np.testing.assert_allclose(average_rate(row, year), brute, atol=1e-9, err_msg=f"{row.id} {year}")


def test_average_of_list_three_in_2019_by_hand(record: tuple[PolicyRow, ...]) -> None:
    row = by_id(record, "section_301_list_3")
    early, late = row.rates
    np.testing.assert_allclose(average_rate(row, 2019), (165 * early + 200 * late) / 365)
    np.testing.assert_allclose(year_end_rate(row, 2019), late)
    np.testing.assert_allclose(late, 2.5 * early, atol=0.01)


def test_rates_handed_out_are_copies(record: tuple[PolicyRow, ...]) -> None:
    row = by_id(record, "section_301_list_1")
    rate_on(row, date(2020, 1, 1))[:] = 0
    assert rate_on(row, date(2020, 1, 1)).any()


def test_support_for_chips_and_clean_energy(record: tuple[PolicyRow, ...]) -> None:
    credit, grants, battery = (by_id(record, name) for name in ("chips_investment_credit", "chips_grants", "ira_45x"))
    assert cell(rate_on(credit, date(2024, 1, 1)), "semiconductors", "us_west") == 25
    assert not rate_on(credit, date(2022, 12, 31)).any()
    assert grants.budget_usd_billion == 39
    assert grants.new_plants_only
    assert grants.form == "capex_share"
    assert 20 <= cell(rate_on(battery, date(2025, 1, 1)), "clean_energy", "us_south") <= 37
    assert not rate_on(battery, date(2033, 1, 1)).any()
    states = by_id(record, "state_packages")
    assert states.form == "usd_per_job"
    early, late = rate_on(states, date(2015, 1, 1)), rate_on(states, date(2023, 1, 1))
    assert cell(early, "textiles", "us_south") > cell(early, "textiles", "us_west")
    assert cell(late, "clean_energy", "us_south") > 4 * cell(early, "clean_energy", "us_south")
    assert cell(late, "textiles", "us_south") == cell(early, "textiles", "us_south")


def test_surprises_were_believed_to_pass_sooner_than_laws(record: tuple[PolicyRow, ...]) -> None:
    believed = {row.id: row.reversal for row in record}
    assert believed["ieepa_reciprocal"] > believed["section_301_list_1"] > believed["chips_grants"]


def table_of(*lines: str) -> Floats:
    text = ",".join(RATE_COLUMNS) + "\n" + "\n".join(f"x,{line},somebody,C" for line in lines)
    rows = parse_table("r.csv", text, RATE_COLUMNS)
    dates = tuple(sorted({date.fromisoformat(row["date"]) for row in rows}))
    reach = {"all": ("p", "q"), "both": ("p", "q"), "p": ("p",), "q": ("q",)}
    return rate_table(rows, dates, ("p", "q"), ("s", "t"), reach)


def test_narrow_lines_overwrite_wide_ones_and_rates_hold() -> None:
    table = table_of("2020-01-01,p,s,5", "2020-01-01,all,all,1", "2021-01-01,q,t,3")
    np.testing.assert_array_equal(table[0], [[5, 1], [1, 1]])
    np.testing.assert_array_equal(table[1], [[5, 1], [1, 3]])


def test_bad_rate_lines_are_refused() -> None:
    with pytest.raises(DataError, match="given twice"):
        table_of("2020-01-01,p,s,5", "2020-01-01,p,s,6")
    with pytest.raises(DataError, match="'r' is no site or group"):
        table_of("2020-01-01,r,s,5")
    with pytest.raises(DataError, match="'u' is not known"):
        table_of("2020-01-01,p,u,5")


def test_a_new_site_meets_only_what_names_it() -> None:
    record = load_policy_record((*SITES, "turkey"), SECTORS, {**GROUPS, "turkey": ("turkey",)})
    washers = by_id(record, "safeguard_201_washers").rates[0]
    assert washers[SECTORS.index("electrical_equipment"), -1] > 0
    assert not by_id(record, "section_301_list_1").rates[:, :, -1].any()
