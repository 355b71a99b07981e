"""Cluster networks against hand calculations, and what links do in a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import footloose
from footloose.geography.cluster_traits import TIERS, ClusterTraits, load_cluster_traits
from footloose.localities import distance
from footloose.mechanisms import cluster_networks
from footloose.simulation import base_activity, set_up
from footloose.world import Floats, World

UNTIL = "years.until=2025"
PAIR = {"northeast_china": {"capital_region": 20.0}}


@pytest.fixture(scope="module")
def base() -> World:
    """The base year with the mechanism's tables as they start."""
    setting = set_up(footloose.load("literature", overrides=["years.until=2012"]))
    empty = World(setting, 2010, {}, base_activity(setting))
    return dataclasses.replace(empty, state=cluster_networks.initial(cluster_networks.Params(), empty))


def params(**keys: object) -> cluster_networks.Params:
    return cluster_networks.Params.model_validate(keys)


def test_without_links_innovation_stays(base: World) -> None:
    after = cluster_networks.advance(params(), base)
    assert (after["cluster_networks_innovation"] == 1.0).all()
    assert (cluster_networks.cost(params(), base).now == 0.0).all()


def test_distances_on_the_globe(base: World) -> None:
    """A degree of latitude is 111.19 km; Shanghai to Beijing-Tianjin is about a thousand."""
    geography = base.setting.geography
    table = distance(geography)
    np.testing.assert_allclose(table, table.T)
    assert (np.diagonal(table) == 0.0).all()
    assert 950.0 < table[geography.site("yangtze_delta"), geography.site("capital_region")] < 1050.0


def test_a_consortium_by_hand(base: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Money of 1 % of the research reaches half; 1,200 km halve; complements of 0.8: 10 % x 0.5 x 0.5 x 0.8 = 2 %."""
    geography = base.setting.geography
    sector, one, other = (
        geography.sector("machinery"),
        geography.site("northeast_china"),
        geography.site("capital_region"),
    )
    sites = base.setting.shape[3]
    research = np.full(base.setting.shape[1::2], 1000.0)
    monkeypatch.setattr(cluster_networks, "research_money", lambda _: research)
    monkeypatch.setattr(cluster_networks, "distance", lambda _: np.full((sites, sites), 1200.0))
    monkeypatch.setattr(
        cluster_networks, "base_complements", lambda _: np.full((sites, sites, base.setting.shape[1]), 0.8)
    )
    gain = cluster_networks.consortia(params(matchmaking=PAIR, sectors={"machinery": 1.0}), base)
    assert gain[sector, [one, other]] == pytest.approx(0.02)
    assert gain.sum() == pytest.approx(0.04)


def test_complements_by_hand(base: World) -> None:
    """Who buys of one sector alone gets Q / (1 + Q) of the partner in it; nobody who buys nothing gets anything."""
    output = np.ones(base.setting.shape[1::2])
    steel, cars, partner, other = 10, 6, 3, 5
    output[steel, partner] = 5.0
    bought = np.zeros((base.setting.shape[3], base.setting.shape[1], base.setting.shape[1]))
    bought[0, steel, cars], bought[0, 0, 1] = 0.3, 0.2
    got = cluster_networks.complements(output, bought)
    # 13 sectors, 22 sites, one place with 5 of one sector: 290 in all, 26 of it steel, 22 of any other sector.
    steel_here, cloth_here, cloth_there = (5 / 17) / (26 / 290), (1 / 17) / (22 / 290), (1 / 13) / (22 / 290)
    assert got[0, partner, cars] == pytest.approx(steel_here / (1.0 + steel_here))
    assert got[0, partner, 1] == pytest.approx(cloth_here / (1.0 + cloth_here))
    assert got[0, other, 1] == pytest.approx(cloth_there / (1.0 + cloth_there))
    assert np.count_nonzero(got[0, partner]) == 2
    assert (got[1:] == 0.0).all()


def test_tiers_by_hand(base: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One core and one specialised place 1,200 km apart: half of strengths 0.4 and 1 is left; the largest sum is 1."""
    sites = base.setting.shape[3]
    tier = np.full(sites, -1)
    tier[0], tier[1] = 0, 1
    given = np.zeros((3, 3))
    given[0, 1], given[1, 0] = 1.0, 0.4
    traits = dataclasses.replace(load_cluster_traits(), tier=tier, tier_spillover=given)
    assert isinstance(traits, ClusterTraits)
    monkeypatch.setattr(cluster_networks, "distance", lambda _: np.full((sites, sites), 1200.0))
    gain = cluster_networks.tier_gain(params(), base.setting, traits)
    assert gain[:2] == pytest.approx([0.2, 0.5])
    assert (gain[2:] == 0.0).all()


def test_platform_money_and_the_ceiling(base: World) -> None:
    """The first billion reaches half; nobody gains more than the bonus; 60 % is refused as soon as it is exceeded."""
    site = base.setting.geography.site("chengdu_chongqing")
    half = cluster_networks.tiers(params(platform_budget=1.0), base)
    nearly_all = cluster_networks.tiers(params(platform_budget=99.0), base)
    assert nearly_all[site] / half[site] == pytest.approx(0.99 / 0.5)
    assert 0.0 < nearly_all.max() < 0.1
    with pytest.raises(ValueError, match="60"):
        params(linkage_bonus=61.0)
    assert cluster_networks.Params().linkage_bonus < 60.0


def test_specialised_centres_gain_most_and_outsiders_nothing(base: World) -> None:
    gain = cluster_networks.tier_gain(params(), base.setting, load_cluster_traits())
    tier = load_cluster_traits().tier
    assert (gain[tier < 0] == 0.0).all()
    assert gain[tier == TIERS.index("specialised")].min() > gain[tier == TIERS.index("core")].max()
    assert gain[tier == TIERS.index("core")].mean() > gain[tier == TIERS.index("overseas")].mean() > 0.0


def test_the_line_by_hand(base: World) -> None:
    """0.1 x log 1.1 x research intensity over its mean; innovation moves by a fifth of the way a year."""
    innovation = np.full(base.setting.shape[1::2], 1.1)
    world = dataclasses.replace(base, state={"cluster_networks_innovation": innovation})
    line = cluster_networks.cost(params(), world)
    intensity = base.setting.geography.traits["rd_intensity"]
    assert line.now[0, :, 0, 0] == pytest.approx(-0.00953102 * intensity / intensity.mean(), rel=1e-6)
    fading = cluster_networks.advance(params(), world)["cluster_networks_innovation"]
    assert fading == pytest.approx(1.08)


def test_outlay_is_reported(base: World) -> None:
    outlay = cluster_networks.report(params(matchmaking=PAIR, platform_budget=1.1), base)["cluster_networks_outlay"]
    geography = base.setting.geography
    assert outlay[geography.site("northeast_china")] == 10.0
    assert outlay.sum() == pytest.approx(1120.0)


def test_groups_are_all_their_pairs(base: World) -> None:
    pairs = list(cluster_networks.pairs(params(matchmaking={"coastal_china": {"china": 36.0}}), base))
    assert len(pairs) == 3 * 7 - 3
    assert all(one != other and money == pytest.approx(2.0) for one, other, money in pairs)


def run(live: Callable[..., Any], *overrides: str, firms: int = 5_000) -> Any:
    return live(footloose.load("literature", overrides=[UNTIL, *overrides]), firms=firms)


@pytest.mark.parametrize("neutral", ["cluster_networks=on", "cluster_networks.innovation_elasticity=0"])
def test_neutral_is_as_good_as_off(neutral: str, live: Callable[..., Any]) -> None:
    money = () if neutral.endswith("on") else ("mechanisms.cluster_networks.platform_budget=5",)
    off, idle = run(live, firms=2_000), run(live, f"mechanisms.{neutral}", *money, firms=2_000)
    for name in off.tables.keys() - {"reasons"}:
        assert off.tables[name].tobytes() == idle.tables[name].tobytes(), name


def share_of(lived: Any, sites: Any, before: Any) -> tuple[float, float]:
    """Return how much more of all programmes' output stands at some sites, and its standard error."""
    moved = (lived.value[:, None] * (lived.places() - before.places()))[:, list(sites)].sum(axis=1)
    return float(moved.sum()), float(np.sqrt((moved**2).sum()))


def test_linked_tiers_draw_plants_to_china_and_more_the_larger_the_bonus(
    live: Callable[..., Any], sampling: Any
) -> None:
    """The innovation of linked places rises, that of others does not; at the unsourced ceiling they gain plants."""
    money = (
        "mechanisms.cluster_networks.platform_budget={2011: 20}",
        "mechanisms.cluster_networks.innovation_elasticity=0.3",
    )
    plain = run(live, firms=10_000)
    linked = {
        bonus: run(live, *money, f"mechanisms.cluster_networks.linkage_bonus={bonus}", firms=10_000)
        for bonus in (10, 60)
    }
    geography, tier = plain.run.setting.geography, load_cluster_traits().tier
    china = geography.sites_in("china")
    (small, _), (large, error) = (share_of(linked[bonus], china, plain) for bonus in (10, 60))
    assert large > sampling.errors(1) * error
    assert large > small
    index: Floats = linked[60].tables["cluster_networks_innovation"][-1]
    assert (index[:, tier >= 0] > 1.0).all()
    assert (index[:, tier < 0] == 1.0).all()
    assert index.max() < 1.6


def test_a_consortium_raises_innovation_of_members_alone(live: Callable[..., Any]) -> None:
    """Members gain without being neighbours; with the same money the nearer and more complementary pair gains more."""
    money = "mechanisms.cluster_networks.matchmaking={{northeast_china: {{{partner}: {{2012: 200}}}}}}"
    index = {
        partner: run(live, money.format(partner=partner), firms=1_000).tables["cluster_networks_innovation"][-1]
        for partner in ("capital_region", "western_europe")
    }
    geography = footloose.geography.load_geography()
    north, capital = geography.site("northeast_china"), geography.site("capital_region")
    near, far = index["capital_region"], index["western_europe"]
    assert (near[:-1, north] > 1.0).all()
    assert (near[:-1, capital] > 1.0).all()
    outside = [site for site in range(len(geography.sites)) if site not in (north, capital)]
    assert (near[:, outside] == 1.0).all()
    assert (near[:-1, north] > far[:-1, north]).all()
