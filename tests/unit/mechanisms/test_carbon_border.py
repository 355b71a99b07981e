"""Carbon border: the levy against a sum done by hand; nothing at price zero; clean sites gain."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from footloose.dated import DatedPath
from footloose.history import History
from footloose.mechanisms import carbon_border
from footloose.simulation import base_activity
from footloose.world import World

METALS, UNION = "metals_minerals", "european_union"


@pytest.fixture(scope="module")
def bare(small_world: Callable[..., Any]) -> Callable[[int], World]:
    """Two sites, the first at home: power at 0.10 USD a kWh is a fifth of output, grids emit 300 and 500 g."""

    def made(year: int) -> World:
        setting = small_world(sites=2, traits={"energy_share": 0.2}).setting
        series = dict(setting.history.series)
        years = len(setting.history.years)
        series |= {"electricity": np.full((years, 2), 0.1), "grid_carbon": np.tile([300.0, 500.0], (years, 1))}
        history = History(setting.history.years, series, ())
        setting = dataclasses.replace(setting, history=history)
        return World(setting, year, {}, base_activity(setting))

    return made


def params(**more: Any) -> carbon_border.Params:
    given = {"price": {"market": 100.0}, "phase_in": {date(2027, 1, 1): 40.0}, "covered": {"all": 50.0}}
    return carbon_border.Params.model_validate({**given, "direct": 1.0, "paid_at_site": {"site_1": 25.0}, **more})


def test_levy_and_lost_allowances_by_hand(bare: Callable[[int], World]) -> None:
    """2 kWh per USD: 0.0010 t of power abroad, 2 x 400 g = 0.0008 t direct; half covered, 40 % of 75 and of 100."""
    world = bare(2027)
    np.testing.assert_allclose(carbon_border.levy(params(), world)[0, 0], [0.0, 0.4 * 75 * 0.5 * 0.0018], rtol=1e-12)
    line = carbon_border.cost(params(), world)
    np.testing.assert_allclose(line.now[0, 0, 0], np.log([1.016 * 1.0, 1.027]), rtol=1e-12)
    np.testing.assert_allclose(carbon_border.duty(params(), world)[0, 0], [0.0, 0.027], rtol=1e-12)
    tables = carbon_border.report(params(), world)
    np.testing.assert_allclose(tables["carbon_border_levy"][0, 0], [0.0, 2.7], rtol=1e-12)
    np.testing.assert_allclose(tables["carbon_border_intensity"][0], [1.4, 1.8], rtol=1e-12)


def test_plants_count_on_the_phase_in_from_its_announcement(bare: Callable[[int], World]) -> None:
    """Horizon 12, rate 8 %: of a levy that begins in two years ten of twelve discounted years are left."""
    weights = 1.08 ** -np.arange(12.0)
    later = params(announced=2024, free_allowances_end=0.0)
    line = carbon_border.cost(later, bare(2025))
    assert line.now[0, 0, 0, 1] == 0.0
    assert line.expected[0, 0, 0, 1] == pytest.approx(np.log1p(0.027 * weights[2:].sum() / weights.sum()), rel=1e-12)
    assert carbon_border.cost(later, bare(2023)).expected[0, 0, 0, 1] == 0.0


def test_a_price_abroad_above_the_markets_leaves_nothing(bare: Callable[[int], World]) -> None:
    assert (carbon_border.levy(params(paid_at_site={"site_1": 120.0}), bare(2030)) == 0.0).all()


def test_base_year_and_shapes(world_of: Callable[..., Any]) -> None:
    given, world = world_of("carbon_border", 2010)
    sizes = dict(zip(("market", "sector", "origin", "site"), world.setting.shape, strict=True))
    for name, table in carbon_border.report(given, world).items():
        assert table.shape == tuple(sizes[axis] for axis in carbon_border.REPORTS[name].axes)
    assert (carbon_border.cost(given, world).now == 0.0).all()
    assert (carbon_border.cost(given, world).expected == 0.0).all()


def test_without_a_price_it_is_as_good_as_off(assert_idle: Callable[..., None]) -> None:
    assert_idle("carbon_border", "mechanisms.carbon_border.phase_in=0")


LEVY = ("mechanisms.carbon_border.price.european_union=150", "mechanisms.carbon_border.phase_in={2011: 100}")


def test_the_levy_takes_orders_from_dirty_metal_to_clean_metal(ordered: Callable[..., Any]) -> None:
    """Canada's power is the cleanest abroad, China's metal is made with much carbon. Document 001: clean sites gain."""
    base, taxed = ordered(), ordered(*LEVY)

    def among_imports(world: Any, site: str) -> float:
        return float(world(UNION, METALS, site) / (100.0 - world(UNION, METALS, UNION)))

    assert among_imports(taxed, "china") < among_imports(base, "china")
    assert among_imports(taxed, "canada") > among_imports(base, "canada")
    assert taxed(UNION, METALS, UNION) > base(UNION, METALS, UNION)
    assert taxed("united_states", METALS, UNION) < base("united_states", METALS, UNION)


def test_where_everybody_paid_abroad_home_only_loses_its_allowances(ordered: Callable[..., Any]) -> None:
    """The opposite lever: no levy, yet no free allowances either."""
    base, paid = ordered(), ordered(*LEVY, "mechanisms.carbon_border.paid_at_site.all=500")
    assert paid(UNION, METALS, UNION) < base(UNION, METALS, UNION)


def test_plants_follow(moved: Callable[..., Any]) -> None:
    """On all sectors, at a prohibitive price and with allowances left free, so that a small population shows it."""
    price = "mechanisms.carbon_border.price.european_union=900"
    all_goods = ("mechanisms.carbon_border.covered.all=100", "mechanisms.carbon_border.free_allowances_end=0")
    change, limit = moved((LEVY[1], price, *all_goods), (), UNION, UNION)
    assert change > limit


def test_dated_paths_are_what_a_file_gives() -> None:
    assert params().phase_in == DatedPath.of({date(2027, 1, 1): 40.0})
