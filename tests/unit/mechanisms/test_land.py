"""Land: rent by hand, what taller factories and shorter leases save, the leg to the coast, and where plants then go."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.errors import DataError
from footloose.geography import land as tables
from footloose.geography.tables import read_long
from footloose.mechanisms import land
from footloose.simulation import begin_run
from footloose.world import World
from footloose.year import look

FIRMS = 20_000
DEAR = ("floor_area_ratio={inland_china: {2012: 0.1}}", "lease_years={inland_china: {2012: 99}}")
CHEAP = (
    "floor_area_ratio={inland_china: {2012: 4}}",
    "lease_years={inland_china: {2012: 10}}",
    "logistics={inland_china: {2012: 100}}",
)


def with_land(*keys: str) -> Any:
    """Return the baseline with land and these parameters."""
    return footloose.load("baseline", overrides=["mechanisms.land=on", *(f"mechanisms.land.{key}" for key in keys)])


def world_in(scenario: Any, year: int) -> World:
    return look(begin_run(scenario, firms=200), year)


def place(world: World, sector: str, site: str) -> tuple[int, int]:
    return world.setting.geography.sector(sector), world.setting.geography.site(site)


def test_rent_by_hand() -> None:
    """Textiles in Chengdu, 2010: 0.6 m2 per USD thousand x USD 65 / 0.7 x 0.108941 a year.

    1.04^-38 = 0.225285, 1.04^-50 = 0.140713: 38 years are worth 0.774715 / 0.859287 = 0.901579 of the usual 50; half of
    it, 12 years on at 8 % (0.397114), is 0.179015. Annuity 0.08 / (1 - 0.397114) = 0.132695; (1 - 0.179015) x 0.132695.
    """
    world = world_in(with_land(), 2010)
    params = land.Params()
    assert land.yearly_cost(50.0, params, world) == pytest.approx(0.108941, rel=1e-5)
    assert land.rent(params, world)[place(world, "textiles", "chengdu_chongqing")] == pytest.approx(0.0060696, rel=1e-4)


def test_terms_by_hand() -> None:
    """Floor-area ratio 0.7 -> 1.4 halves the land of the 70 % that may lie upstairs: 0.3 + 0.35 = 0.65.

    A lease of 20 years costs 0.632633, 8 years left are worth 0.313411 x 0.5 x 0.397114: 0.075690 a year, 0.694780 of
    the usual one. Metals, 5 % upstairs: 0.975.
    """
    scenario = with_land(
        "floor_area_ratio={chengdu_chongqing: {2027: 1.4}}", "lease_years={chengdu_chongqing: {2027: 20}}"
    )
    params = scenario.mechanisms["land"]
    world = world_in(scenario, 2027)
    terms = land.terms_of_new_plants(params, world)
    textiles, metals = (place(world, sector, "chengdu_chongqing") for sector in ("textiles", "metals_minerals"))
    assert terms[textiles] == pytest.approx(0.65 * 0.694780, rel=1e-5)
    assert terms[metals] == pytest.approx(0.975 * 0.694780, rel=1e-5)
    elsewhere = np.delete(terms, textiles[1], axis=1)
    assert (elsewhere == 1.0).all()
    # Standing plants follow by 4 % of the gap a year; until then only an entrant saves.
    np.testing.assert_allclose(
        land.advance(params, world)["land_terms"][textiles], 1.0 - 0.04 * (1.0 - terms[textiles])
    )
    entry = np.broadcast_to(land.cost(params, world).entry, (1, *terms.shape[:1], 1, terms.shape[1]))[0, :, 0]
    rent = land.rent(params, world)[textiles]
    assert entry[textiles] == pytest.approx(np.log((1.0 + rent * terms[textiles]) / (1.0 + rent)), rel=1e-9)
    assert (np.delete(entry, textiles[1], axis=1) == 0.0).all()


def test_the_leg_to_the_coast_by_hand() -> None:
    """Toys (USD 50,000 a container) from Chengdu to the United States: 900 USD of 2010, 760 in 2030 less 30 %."""
    scenario = with_land("logistics={inland_china: {2027: 30}}", "share_scale=1")
    params = scenario.mechanisms["land"]
    for year, dollars in ((2010, 900.0), (2030, 532.0)):
        world = world_in(scenario, year)
        sector, site = place(world, "consumer_goods", "chengdu_chongqing")
        market = world.setting.geography.market("united_states")
        line = land.cost(params, world).now
        rent = np.log1p(land.rent(params, world)[sector, site])
        assert line[market, sector, 0, site] - rent == pytest.approx(np.log1p(dollars / 50_000.0), rel=1e-9)


def test_prices_lie_on_straight_lines_and_stay() -> None:
    world = world_in(with_land(), 2010)
    site = world.setting.geography.site("greater_bay")
    table = land.tables(world)
    prices = [table.price_in(year)[site] for year in (2010, 2013, 2016, 2022, 2035)]
    assert prices == pytest.approx([125.0, 167.5, 210.0, 260.0, 260.0])


def test_without_levers_new_plants_pay_what_the_others_do() -> None:
    world = world_in(with_land(), 2030)
    line = land.cost(land.Params(), world)
    assert line.entry is not None
    assert (line.entry == 0.0).all()
    assert (land.advance(land.Params(), world)["land_terms"] == 1.0).all()


def test_at_scale_zero_as_good_as_none(live: Callable[..., Any]) -> None:
    keys = [f"mechanisms.land.{key}" for key in ("share_scale=0", *CHEAP)]
    off, on = (
        live(footloose.load("baseline", overrides=["years.until=2018", *more]), firms=3_000) for more in ((), keys)
    )
    for name in off.tables.keys() - {"reasons"}:
        assert on.tables[name].tobytes() == off.tables[name].tobytes(), name


@pytest.mark.parametrize(
    "change, message",
    [
        ({"site": "greater_bey"}, "did you mean 'greater_bay'"),
        ({"value": -1.0}, "must be positive"),
        ({"year": "10"}, "is not a year"),
    ],
)
def test_a_broken_row_is_refused(change: dict[str, Any], message: str) -> None:
    geography = world_in(with_land(), 2010).setting.geography
    rows = read_long("land.csv")
    number = next(n for n, row in enumerate(rows) if row.site == "greater_bay")
    rows[number] = rows[number]._replace(**change)
    with pytest.raises(DataError, match=message):
        tables.build_land(rows, geography.markets, geography.sectors, geography.sites)


def test_a_site_without_price_is_refused() -> None:
    geography = world_in(with_land(), 2010).setting.geography
    rows = [row for row in read_long("land.csv") if (row.variable, row.site) != ("land_price", "mexico")]
    with pytest.raises(DataError, match="no value of land_price for mexico"):
        tables.build_land(rows, geography.markets, geography.sectors, geography.sites)


@pytest.fixture(scope="module")
def runs(live: Callable[..., Any]) -> dict[str, Any]:
    """The baseline with land at three times its weight, cheap land inland, dear land inland; to 2024."""
    keys: dict[str, tuple[str, ...]] = {"base": (), "cheap": CHEAP, "dear": DEAR}
    found = {}
    for name, given in keys.items():
        scenario = with_land("share_scale=3", *given)
        years = scenario.years.model_copy(update={"until": 2024})
        found[name] = live(dataclasses.replace(scenario, years=years), firms=FIRMS)
    return found


def moved_to(twin: Any, base: Any, group: str) -> tuple[float, float]:
    """Return how much more output stands at a group's sites than in the twin, share of all and standard error."""
    sites = list(base.run.setting.geography.sites_in(group))
    moved = (base.value[:, None] * (twin.places() - base.places()))[:, sites].sum(axis=1)
    return float(moved.sum() / base.value.sum()), float(np.sqrt((moved**2).sum()) / base.value.sum())


def test_cheap_land_and_a_short_leg_draw_plants_inland(runs: dict[str, Any], sampling: Any) -> None:
    """Document 004: inland takes over; what it gains comes from the coast more than from abroad."""
    gain, error = moved_to(runs["cheap"], runs["base"], "inland_china")
    assert gain > sampling.errors(1) * error
    coast, _ = moved_to(runs["cheap"], runs["base"], "coastal_china")
    assert coast < 0.0


def test_dear_land_keeps_them_away(runs: dict[str, Any], sampling: Any) -> None:
    loss, error = moved_to(runs["dear"], runs["base"], "inland_china")
    assert loss < -sampling.errors(1) * error


def test_in_the_base_year_nothing_has_changed(runs: dict[str, Any]) -> None:
    ledgers = [runs[name].tables["sales"][0] for name in ("base", "cheap", "dear")]
    assert ledgers[0].tobytes() == ledgers[1].tobytes() == ledgers[2].tobytes()
    assert (runs["cheap"].tables["land_terms"][0] == 1.0).all()
