"""Exogenous series: complete, sourced, sane in level and direction, and carried on by the stated rules."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest

from footloose.errors import DataError
from footloose.history import History, load_history, load_observed
from footloose.history.continuation import Rule, carry, read_rules
from footloose.history.duties import held
from footloose.history.regions import Factors
from footloose.history.series import DIMENSIONS
from footloose.history.tables import LONG_COLUMNS, names_of, parse_table

MARKETS = ("united_states", "european_union", "china", "rest_of_world")
CHINA = (
    "yangtze_delta",
    "greater_bay",
    "capital_region",
    "chengdu_chongqing",
    "central_china",
    "northeast_china",
    "guangxi",
)
US = ("us_south", "us_midwest", "us_west", "us_northeast")
REST = (
    "mexico",
    "canada",
    "western_europe",
    "eastern_europe",
    "vietnam",
    "india",
    "indonesia",
    "malaysia",
    "thailand",
    "advanced_asia",
    "rest_of_world",
)
SITES = CHINA + US + REST
SECTORS = (
    "textiles",
    "consumer_goods",
    "electronics",
    "semiconductors",
    "electrical_equipment",
    "clean_energy",
    "transport_equipment",
    "machinery",
    "chemicals",
    "pharma_medical",
    "metals_minerals",
    "plastics_rubber",
    "research",
)
LENGTHS = {"market": len(MARKETS), "site": len(SITES), "sector": len(SECTORS)}


@pytest.fixture(scope="module")
def history() -> History:
    return load_history(MARKETS, SITES, SECTORS)


def at(history: History, variable: str, year: int, site: str) -> float:
    return float(history.series[variable][year - 2010, SITES.index(site)])


def duty(history: History, year: int, market: str, site: str, sector: str) -> float:
    table = history.series["mfn_tariff"]
    return float(table[year - 2010, MARKETS.index(market), SITES.index(site), SECTORS.index(sector)])


def test_every_series_covers_its_axes(history: History) -> None:
    assert history.years == tuple(range(2010, 2036))
    assert set(history.series) == {*DIMENSIONS, "mfn_tariff"}
    for variable, dimensions in DIMENSIONS.items():
        table = history.series[variable]
        assert table.shape == (26, *(LENGTHS[dimension] for dimension in dimensions)), variable
        assert np.isfinite(table).all(), variable
        assert (table > 0).all(), variable
    assert history.series["mfn_tariff"].shape == (26, 4, 22, 13)


def test_tables_cannot_be_changed(history: History) -> None:
    for table in history.series.values():
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 0.0


def test_axes_are_data_and_their_order_is_the_callers(history: History) -> None:
    few = load_history(("china", "united_states"), ("vietnam", "us_south"), ("machinery",))
    assert few.series["mfn_tariff"].shape == (26, 2, 2, 1)
    assert few.series["wage"][14, 1] == at(history, "wage", 2024, "us_south")
    united_states = history.series["freight"][:, 0, SITES.index("vietnam")]
    np.testing.assert_array_equal(few.series["freight"][:, 1, 0], united_states)


def test_unknown_site_is_refused_by_name() -> None:
    with pytest.raises(DataError, match="no wage for turkey"):
        load_history(MARKETS, (*SITES, "turkey"), SECTORS)


def test_a_region_of_a_known_nation_needs_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footloose.history.tables.read_nations", lambda: {"yunnan": "china"})
    assert names_of("yunnan") == ("yunnan", "china")
    assert names_of("mexico") == ("mexico",)
    added = load_history(("united_states",), ("yunnan",), ("machinery",)).series
    assert added["wage"][0, 0] == pytest.approx(2.32991)
    assert added["mfn_tariff"][7, 0, 0, 0] == pytest.approx(0.80, abs=0.01)


def test_provenance_names_sources_for_every_series(history: History) -> None:
    told = {entry.variable: entry for entry in history.provenance}
    assert set(told) == set(history.series)
    for entry in told.values():
        assert entry.unit
        assert entry.source
        assert set(entry.certainty) <= set("ABCD")
        assert entry.certainty
        assert 2010 == entry.first_year <= entry.last_year
    assert "A" in told["corporate_tax"].certainty
    assert told["wage"].last_year == 2024
    assert "china from 2025: 5 % a year" in told["wage"].growth_rule


def test_measured_levels(history: History) -> None:
    """Numbers of the evidence files, by hand."""
    south, mean = 55500.0, (66000 * 1.93 + 57500 * 3.72 + 55500 * 3.95 + 66500 * 2.33) / 11.93
    assert at(history, "wage", 2010, "us_south") == pytest.approx(34.74 * south / mean, rel=1e-4)
    assert at(history, "wage", 2010, "yangtze_delta") == pytest.approx(2.32991 * 1.12, rel=1e-4)
    assert at(history, "wage", 2024, "guangxi") == pytest.approx(7.696 * (1 - 0.19 * 0.92), rel=1e-3)
    assert at(history, "corporate_tax", 2017, "us_south") == pytest.approx(38.91, abs=0.01)
    assert at(history, "corporate_tax", 2018, "us_south") == pytest.approx(25.84, abs=0.01)
    assert at(history, "grid_carbon", 2021, "mexico") == pytest.approx(391.582, abs=0.01)
    assert at(history, "robot_density", 2022, "yangtze_delta") == 392.0
    assert history.series["robot_price"][8] == pytest.approx(39100)
    assert at(history, "exchange_rate", 2015, "mexico") == pytest.approx(15.85 / 12.64, rel=1e-3)


def test_spike_of_malaysian_productivity_is_taken_out(history: History) -> None:
    path = history.series["productivity"][:15, SITES.index("malaysia")]
    assert np.abs(np.diff(np.log(path))).max() < 0.06


def test_regions_average_to_their_nation(history: History) -> None:
    """Employment of 2012 in million persons weighs the US regions; the Chinese factors are ratios to the mean."""
    employment = {"us_northeast": 1.93, "us_midwest": 3.72, "us_south": 3.95, "us_west": 2.33}
    pay = sum(at(history, "wage", 2012, site) * weight for site, weight in employment.items()) / 11.93
    assert pay == pytest.approx(36.17, abs=0.01)
    china = np.mean([at(history, "wage", 2012, site) for site in CHINA])
    assert china == pytest.approx(3.368, rel=0.06)
    for site in (*CHINA, *US):
        others = [at(history, "productivity", 2012, other) for other in (CHINA if site in CHINA else US)]
        assert at(history, "productivity", 2012, site) / np.mean(others) == pytest.approx(1, abs=0.15)


def test_regional_factors_are_straight_lines_and_flat_outside() -> None:
    factors = Factors({("x", "", "here"): ((2012, 2.0, 0.0), (2014, 4.0, 10.0))})
    factor, addend = factors.along("x", "", "here", range(2010, 2017))
    np.testing.assert_allclose(factor, [2, 2, 2, 3, 4, 4, 4])
    np.testing.assert_allclose(addend, [0, 0, 0, 5, 10, 10, 10])
    factor, addend = factors.along("x", "", "there", range(2010, 2012))
    assert factor.tolist() == [1, 1]
    assert addend.tolist() == [0, 0]


def test_wages_rise_and_their_gaps_narrow(history: History) -> None:
    wage = history.series["wage"]
    assert (np.diff(wage[15:], axis=0) > 0).all()
    for site in (*CHINA, "vietnam", "india", "mexico", "eastern_europe"):
        gap_2025 = at(history, "wage", 2025, "us_south") / at(history, "wage", 2025, site)
        gap_2035 = at(history, "wage", 2035, "us_south") / at(history, "wage", 2035, site)
        assert 1.0 < gap_2035 < gap_2025
    growth = wage[15:] / wage[14:-1] - 1
    assert growth.max() < 0.065


def test_chinese_wages_overtake_mexican(history: History) -> None:
    assert at(history, "wage", 2010, "greater_bay") < at(history, "wage", 2010, "mexico")
    assert at(history, "wage", 2024, "greater_bay") > at(history, "wage", 2024, "mexico")


def test_freight_spikes_and_returns_to_its_mean(history: History) -> None:
    path = history.series["freight"][:, 0, SITES.index("greater_bay")]
    mean = path[:10].mean()
    assert path[11] > 2.5 * mean
    assert path[15] == pytest.approx(5000 + 0.7 * (mean - 5000))
    assert path[25] == pytest.approx(mean, rel=0.01)
    home = history.series["freight"][:, 0, SITES.index("us_south")]
    assert (home < path).all()


def test_own_market_is_the_nearest(history: History) -> None:
    days = history.series["transit_days"][0]
    freight = history.series["freight"]
    for market, homes in ((0, US), (1, ("western_europe", "eastern_europe")), (2, CHINA), (3, ("rest_of_world",))):
        home = [SITES.index(site) for site in homes]
        away = [j for j in range(len(SITES)) if j not in home]
        assert days[market, home].max() <= days[market, away].min()
        assert (freight[:, market, home].min(axis=1) < freight[:, market, away].min(axis=1)).all()


def test_demand_starts_at_one_and_shows_the_goods_boom(history: History) -> None:
    demand = history.series["demand"]
    np.testing.assert_allclose(demand[0], 1.0)
    goods = [s for s, name in enumerate(SECTORS) if name not in ("clean_energy", "research")]
    united_states = demand[:, 0, goods].mean(axis=1)
    assert united_states[10] < 0.97 * united_states[9]
    assert united_states[12] > 1.10 * united_states[10]
    assert 1.7 < demand[8, 2, goods].mean() < 2.3
    carried = demand[16:, 0, SECTORS.index("machinery")] / demand[15:-1, 0, SECTORS.index("machinery")]
    np.testing.assert_allclose(carried, 1.015)


def test_chinese_demand_slows(history: History) -> None:
    path = history.series["demand"][:, 2, SECTORS.index("machinery")]
    growth = path[1:] / path[:-1] - 1
    assert growth[16] == pytest.approx(0.04)
    assert growth[-1] == pytest.approx(0.03)


def test_home_goods_pay_nothing(history: History) -> None:
    table = history.series["mfn_tariff"]
    assert (table >= 0).all()
    assert (table[..., SECTORS.index("research")] == 0).all()
    for market, homes in ((0, US), (1, ("western_europe", "eastern_europe")), (2, CHINA), (3, ("rest_of_world",))):
        home = [SITES.index(site) for site in homes]
        away = [j for j in range(len(SITES)) if j not in home]
        assert (table[:, market, home] == 0).all()
        assert (table[:, market, away, 0] > 0).all()


COLLECTED_2017 = {
    "greater_bay": (2.729, 493_925),
    "mexico": (0.1188, 277_973),
    "canada": (0.06875, 207_596),
    "vietnam": (7.771, 42_718),
    "india": (2.557, 44_501),
    "indonesia": (7.451, 16_385),
    "malaysia": (0.5428, 36_266),
    "thailand": (1.513, 29_212),
    "western_europe": (1.407, 347_214),
}
"""Collected on all manufactures (NAICS 31-33) in 2017 [percent], and those imports [USD million]; Census (A)."""


@pytest.mark.parametrize("site, collected, imports", [(site, *pair) for site, pair in COLLECTED_2017.items()])
def test_us_duties_average_to_what_was_collected(history: History, site: str, collected: float, imports: float) -> None:
    """Food, wood, paper and fuel lie outside the sectors: they carry some imports and at most their share of duty."""
    name = {"greater_bay": "china", "western_europe": "european_union"}.get(site, site)
    weights = {o.sector: o.value for o in load_observed() if o.variable == "import_weight" and o.site == name}
    assert len(weights) == 12
    inside = sum(weights.values())
    paid = sum(value * duty(history, 2017, "united_states", site, sector) for sector, value in weights.items()) / inside
    assert 0.88 * collected < paid < 1.02 * collected * imports / inside


def test_trade_agreements_lower_duties_when_they_start(history: History) -> None:
    canada = [duty(history, year, "european_union", "canada", "machinery") for year in (2017, 2018)]
    vietnam = [duty(history, year, "european_union", "vietnam", "textiles") for year in (2020, 2021, 2027)]
    asia = [duty(history, year, "china", "advanced_asia", "machinery") for year in (2021, 2022, 2032)]
    assert canada[1] < 0.5 * canada[0]
    assert vietnam[0] > vietnam[1] > vietnam[2]
    assert asia[0] > asia[1] > asia[2]
    assert duty(history, 2016, "united_states", "mexico", "textiles") < 1


def test_continuation_rules_name_a_source_and_the_narrower_wins() -> None:
    rules = (
        Rule("x", "", "", "", 2012, "growth", 10.0, "s"),
        Rule("x", "", "here", "", 2012, "growth", 0.0, "s"),
        Rule("x", "", "here", "", 2014, "growth", 100.0, "s"),
    )
    years = range(2010, 2016)
    given = {2010: 1.0, 2011: 2.0}
    np.testing.assert_allclose(carry("x", "", "there", "", given, rules, years)[-1], 2 * 1.1**4)
    np.testing.assert_allclose(carry("x", "", "here", "", given, rules, years), [1, 2, 2, 2, 4, 8])
    with pytest.raises(DataError, match="no rule carries y"):
        carry("y", "", "", "", given, rules, years)
    with pytest.raises(DataError, match="no value for 2010"):
        carry("x", "", "", "", {2011: 1.0}, rules, years)
    assert all(rule.source for rule in read_rules())


def test_broken_lines_are_refused_with_their_place() -> None:
    header = ",".join(LONG_COLUMNS)
    good = "wage,USD,,mexico,,,,2010,4.0,somebody,A"
    (line,) = parse_table("t.csv", f"{header}\n{good}\n", LONG_COLUMNS)
    assert line.number("value") == 4.0
    assert line.year() == 2010
    for broken, message in (
        (good.replace("somebody", ""), "row 2, column source: empty"),
        (good.replace(",A", ",E"), "column certainty: 'E'"),
        (good + ",more", "12 cells, expected 11"),
    ):
        with pytest.raises(DataError, match=message):
            parse_table("t.csv", f"{header}\n{broken}\n", LONG_COLUMNS)
    with pytest.raises(DataError, match="row 1: columns"):
        parse_table("t.csv", f"a,b\n{good}\n", LONG_COLUMNS)
    for value in ("nan", "inf", "x"):
        (line,) = parse_table("t.csv", f"{header}\n{good.replace('4.0', value)}\n", LONG_COLUMNS)
        with pytest.raises(DataError, match="column value"):
            line.number("value")


def test_steps_hold_until_the_next() -> None:
    assert [held({2012: 1.0, 2015: 2.0}, year) for year in (2010, 2014, 2015, 2030)] == [1, 1, 2, 2]


def test_observed_import_shares() -> None:
    shares = {(o.site, o.year): o.value for o in load_observed() if o.variable == "import_share"}
    assert shares["china", 2017] == pytest.approx(21.6, abs=0.1)
    assert shares["mexico", 2010] == pytest.approx(12.0, abs=0.1)
    for year in range(2010, 2018):
        assert sum(value for (_, when), value in shares.items() if when == year) == pytest.approx(100, abs=1e-3)
    official = {"imports", "import_share"}
    assert {o.certainty for o in load_observed() if o.site == "china" and o.variable in official and not o.sector} == {
        "A"
    }
    goods = {(o.site, o.year): o.value for o in load_observed() if o.variable == "goods_import_share"}
    assert goods["china", 2017] == pytest.approx(26.1, abs=0.1)
    assert goods["vietnam", 2017] > goods["vietnam", 2013]


def test_package_data_stays_small() -> None:
    files = [f for f in resources.files("footloose.history").iterdir() if f.name.endswith(".csv")]
    assert sum(len(f.read_bytes()) for f in files) < 1_000_000
