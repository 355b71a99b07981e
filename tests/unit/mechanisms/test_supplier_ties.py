"""Supplier ties against hand calculations, and what follows a lead firm or holds a plant in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.geography.input_links import load_input_links
from footloose.mechanisms import supplier_ties
from footloose.simulation import base_activity, set_up
from footloose.world import World

ON = "mechanisms.supplier_ties=on"


@pytest.fixture(scope="module")
def base() -> World:
    """The base year with the mechanism's tables as they start."""
    setting = set_up(footloose.load("baseline", overrides=["years.until=2012"]))
    empty = World(setting, 2010, {}, base_activity(setting))
    return dataclasses.replace(empty, state=supplier_ties.initial(supplier_ties.Params(), empty))


@pytest.fixture
def simple(base: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The base year where electronics buys 0.1 of chemicals and 0.3 of itself, and nobody else buys anything."""
    sectors, sites = base.setting.shape[1::2]
    links = np.zeros((sites, sectors, sectors))
    electronics, chemicals = (base.setting.geography.sector(name) for name in ("electronics", "chemicals"))
    links[:, chemicals, electronics], links[:, electronics, electronics] = 0.1, 0.3
    monkeypatch.setattr(supplier_ties, "load_input_links", lambda: links)
    supplier_ties.base_dependence.cache_clear()
    yield base
    supplier_ties.base_dependence.cache_clear()


def params(**keys: object) -> supplier_ties.Params:
    return supplier_ties.Params.model_validate(keys)


def at(world: World, sector: str, site: str) -> tuple[int, int]:
    return world.setting.geography.sector(sector), world.setting.geography.site(site)


def active(world: World, sector: str, site: str, value: float) -> World:
    """Return a world in which one sector at one site makes a multiple of its reference."""
    jobs = world.activity.reference_jobs.copy()
    jobs[at(world, sector, site)] *= value
    return dataclasses.replace(world, activity=dataclasses.replace(world.activity, jobs=jobs))


def with_customers(world: World, sector: str, site: str, value: float) -> World:
    customers = np.ones(world.setting.shape[1::2])
    customers[at(world, sector, site)] = value
    return dataclasses.replace(world, state={**world.state, "supplier_ties_customers": customers})


def test_the_base_year_is_neutral(base: World) -> None:
    line = supplier_ties.cost(supplier_ties.Params(), base)
    assert (line.now == 0.0).all()
    np.testing.assert_allclose(supplier_ties.rootedness(supplier_ties.Params(), base), 0.0, atol=1e-15)
    for name, table in supplier_ties.advance(supplier_ties.Params(), base).items():
        np.testing.assert_allclose(table, 1.0, rtol=1e-12, err_msg=name)


def test_suppliers_notice_customers_with_a_lag(simple: World) -> None:
    """Electronics doubles in Vietnam: customers of chemicals double, a third of it noticed after a year."""
    world = active(simple, "electronics", "vietnam", 2.0)
    after = supplier_ties.advance(params(), world)["supplier_ties_customers"]
    assert after[at(world, "chemicals", "vietnam")] == pytest.approx(4.0 / 3.0)
    assert np.count_nonzero(after != 1.0) == 1


def test_the_pull_by_hand(simple: World) -> None:
    """Twice the customers: 0.1 x dependence x log 2; dependence: 0.1 x electronics over chemicals."""
    place, buyer = at(simple, "chemicals", "vietnam"), at(simple, "electronics", "vietnam")
    use = simple.setting.base.use.sum(axis=0)
    dependence = 0.1 * use[buyer] / use[place]
    assert 0.0 < dependence < 1.0
    line = supplier_ties.cost(params(), with_customers(simple, "chemicals", "vietnam", 2.0))
    assert line.now[0, place[0], 0, place[1]] == pytest.approx(-0.0693147 * dependence, rel=1e-6)
    assert np.count_nonzero(line.now) == 1


def test_an_anchor_incentive_is_paid_on_what_customers_added(simple: World) -> None:
    """20 % on half of the sales to local customers; half of it believed where it ends soon; nothing where none came."""
    place = at(simple, "chemicals", "vietnam")
    dependence = supplier_ties.dependence(simple)[place]
    lever = params(follow=0.0, anchor_incentive={"vietnam": {"2010-01-01": 20.0, "2011-01-01": 0.0}})
    world = with_customers(simple, "chemicals", "vietnam", 2.0)
    line = supplier_ties.cost(lever, world)
    assert line.now[0, place[0], 0, place[1]] == pytest.approx(np.log1p(-0.1 * dependence))
    # One year of twelve at 8 %: 1 / 8.13896.
    assert line.expected[0, place[0], 0, place[1]] == pytest.approx(np.log1p(-0.1 * dependence / 8.138964), rel=1e-6)
    paid = supplier_ties.report(lever, world)["supplier_ties_outlay"]
    assert paid[place[1]] == pytest.approx(0.1 * dependence * simple.activity.output[place])
    assert paid.sum() == paid[place[1]]
    assert (supplier_ties.cost(lever, simple).now == 0.0).all()


def test_local_links_and_young_relations_by_hand(simple: World) -> None:
    """Electronics in Vietnam halves: of its suppliers 0.1 x 1 + 0.3 x 0.5 of 0.4 are left, so 0.625 of local parts."""
    place = at(simple, "electronics", "vietnam")
    before = simple.setting.base.input_origin[place[0], place[1], place[1]]
    only = params(niche_hold=0.0)
    world = active(simple, "electronics", "vietnam", 0.5)
    assert supplier_ties.local_share(world)[place] == pytest.approx(0.625 * before)
    assert supplier_ties.hold(only, world)[place] == pytest.approx(-2.0 * 0.375 * before)
    # Twice as large from one day to the next: 1.75 of the parts, half of the relations old.
    grown = active(simple, "electronics", "vietnam", 2.0)
    assert supplier_ties.hold(only, grown)[place] == pytest.approx(2.0 * before * (1.75 * 0.5 - 1.0))
    # Once they are old, the place holds its plants more than in 2010.
    mature = np.full(simple.setting.shape[1::2], 2.0)
    grown = dataclasses.replace(grown, state={**grown.state, "supplier_ties_mature": mature})
    assert supplier_ties.hold(only, grown)[place] == pytest.approx(2.0 * before * 0.75)


def test_niche_suppliers_by_hand(base: World) -> None:
    """Machinery: 0.35 hard to replace; half as many niche suppliers again: 3 x 0.35 x 0.5 x parts from home."""
    sector, site = at(base, "machinery", "greater_bay")
    china = list(base.setting.geography.sites_in("china"))
    home = base.setting.base.input_origin[sector, site, china].sum()
    expected = 3.0 * 0.35 * 0.5 * home
    stock = np.ones(base.setting.shape[1::2])
    stock[:, china] = 1.5
    only = params(rootedness=0.0)
    for name in ("cluster", "spin_offs_suppliers"):
        world = dataclasses.replace(base, state={**base.state, name: stock})
        assert supplier_ties.hold(only, world)[sector, site] == pytest.approx(expected)
    supported = params(rootedness=0.0, niche_support={"china": 50.0})
    assert supplier_ties.hold(supported, base)[sector, site] == pytest.approx(expected)
    assert supplier_ties.rootedness(supported, base).shape == (1, base.setting.shape[1], 1, base.setting.shape[3])


def test_the_links_are_those_of_the_world_table() -> None:
    """Cars take metals; clothing takes cloth; nobody takes laboratories; what is bought is less than what is made."""
    geography, links = footloose.geography.load_geography(), load_input_links()
    textiles, cars, metals = (geography.sector(name) for name in ("textiles", "transport_equipment", "metals_minerals"))
    assert (links[:, metals, cars] > links[:, textiles, cars]).all()
    assert (links[:, textiles, textiles] > links[:, metals, textiles]).all()
    assert (links[:, geography.sector("research")] == 0.0).all()
    assert (links.sum(axis=1) < 1.0).all()


def run(live: Callable[..., Any], *overrides: str, firms: int = 5_000, until: int = 2025) -> Any:
    return live(footloose.load("baseline", overrides=[f"years.until={until}", *overrides]), firms=firms)


def test_neutral_is_as_good_as_off(live: Callable[..., Any]) -> None:
    neutral = [f"mechanisms.supplier_ties.{key}=0" for key in ("follow", "rootedness", "niche_hold")]
    off, idle = run(live, firms=2_000), run(live, *neutral, firms=2_000)
    for name in off.tables.keys() - {"reasons"}:
        assert off.tables[name].tobytes() == idle.tables[name].tobytes(), name


def gained(lived: Any, base: Any, place: str, sectors: Sequence[int] = range(13)) -> tuple[float, float]:
    """Return how much more of these sectors' output stands in a place than in another run, and its standard error."""
    _, count, origins, _ = lived.run.setting.shape
    chosen = np.isin(lived.run.firms.cell // origins % count, sectors)
    sites = list(lived.run.setting.geography.sites_in(place))
    moved = (lived.value[:, None] * (lived.places() - base.places()))[chosen][:, sites].sum(axis=1)
    return float(moved.sum()), float(np.sqrt((moved**2).sum()))


def test_niche_suppliers_keep_plants_in_china(live: Callable[..., Any], sampling: Any) -> None:
    """Support of niche suppliers in China: fewer plants leave; without it a weaker home base lets more go."""
    supported = "mechanisms.supplier_ties.niche_support={china: {2011: 200}}"
    plain, held = run(live, ON, firms=10_000), run(live, ON, supported, firms=10_000)
    more, error = gained(held, plain, "china")
    assert more > sampling.errors(1) * error
    hold = [lived.tables["supplier_ties_rootedness"][-1] for lived in (plain, held)]
    china = list(plain.run.setting.geography.sites_in("china"))
    assert hold[1][:, china].mean() > hold[0][:, china].mean()


def test_suppliers_follow_a_lead_industry(
    live: Callable[..., Any], policy: Callable[..., tuple[str, ...]], at_once: tuple[str, ...], sampling: Any
) -> None:
    """Support draws makers of electronics to Asian hosts; where suppliers follow, theirs gain too, more with a premium.

    Without sunk costs; with them, a handful of programmes in ten thousand follows within a decade.
    """
    pull = policy(
        "pull", kind="subsidy", sites="asia_hosts", sectors="electronics", output_share=30, start=2012, believed=0.0,
        new_plants_only="false",
    )  # fmt: skip
    ties = [f"mechanisms.supplier_ties.{key}" for key in ("rootedness=0", "niche_hold=0")]
    common = (*at_once, "mechanisms.congestion=off", *pull, *ties)
    follow = "mechanisms.supplier_ties.follow=0.3"
    premium = "mechanisms.supplier_ties.anchor_incentive={asia_hosts: {2012: 90}}"
    alone, followed, paid = (
        run(live, *common, *more, firms=20_000, until=2018)
        for more in (["mechanisms.supplier_ties.follow=0"], [follow], [follow, premium])
    )
    geography = alone.run.setting.geography
    hosts = list(geography.sites_in("asia_hosts"))
    suppliers = [geography.sector(name) for name in ("metals_minerals", "plastics_rubber", "chemicals", "machinery")]
    assert followed.tables["supplier_ties_customers"][-1][suppliers][:, hosts].mean() > 1.0
    for lived, other in ((followed, alone), (paid, followed)):
        more, error = gained(lived, other, "asia_hosts", suppliers)
        assert more > sampling.errors(2) * error
    assert paid.tables["supplier_ties_outlay"][-1, hosts].sum() > 0.0


def test_plants_stay_where_links_are_dense_and_leave_where_they_have_thinned(
    live: Callable[..., Any], sampling: Any
) -> None:
    """All parts of Chinese plants local, half of them, or none, and nothing else different: more, or fewer, stay."""
    keys = ("follow=0", "niche_hold=0", "rootedness=4")
    settings = ["mechanisms.inputs=off", *(f"mechanisms.supplier_ties.{key}" for key in keys)]

    def lived(local: float | None) -> Any:
        def rewire(run: Any) -> None:
            origin = run.setting.base.input_origin.copy()
            china = list(run.setting.geography.sites_in("china"))
            if local is not None:
                origin[:, china] = 0.0
                origin[:, china, run.setting.geography.site("mexico")] = 1.0 - local
                origin[:, china, china] = local
            run.state = {**run.state, "input_origin": origin}

        scenario = footloose.load("baseline", overrides=["years.until=2020", *settings])
        return live(scenario, firms=10_000, prepare=rewire)

    dense, plain, thin = lived(1.0), lived(None), lived(0.0)
    for more, less in ((dense, plain), (plain, thin)):
        stayed, error = gained(more, less, "china")
        assert stayed > sampling.errors(2) * error
