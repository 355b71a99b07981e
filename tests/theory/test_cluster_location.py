"""Clusters and where plants go: by sector inside China, gathering with agglomeration, spreading with congestion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

import footloose
from footloose.simulation import set_up

Floats = npt.NDArray[np.float64]
FIRMS = 12_000


def placed(lived: Any) -> Floats:
    """Return output by sector and site where every programme now stands; (sector, site)."""
    _, sectors, origins, sites = lived.run.setting.shape
    sector = lived.run.firms.cell // origins % sectors
    table = np.zeros((sectors, sites))
    np.add.at(table, sector, lived.value[:, None] * lived.places())
    return table


def test_foreign_plants_go_where_the_cluster_of_their_sector_is(live: Callable[..., Any], sampling: Any) -> None:
    """A stronger cluster of one sector in inland China draws foreign owners' plants of that sector and of no other."""
    geography = footloose.geography.load_geography()
    site, sector = geography.site("central_china"), geography.sector("transport_equipment")

    def strengthen(run: Any) -> None:
        stock = run.state["cluster"].copy()
        stock[sector, site] = 20.0
        run.state = {**run.state, "cluster": stock}

    keys = ["years.until=2020", "mechanisms.clusters.elasticity=0.15", "mechanisms.clusters.growth=0"]
    scenario = footloose.load("baseline", overrides=[*keys, "mechanisms.clusters.fading=0"])
    plain, strong = live(scenario, firms=FIRMS), live(scenario, firms=FIRMS, prepare=strengthen)
    _, sectors, origins, _ = plain.run.setting.shape
    own = plain.run.firms.cell // origins % sectors == sector
    foreign = plain.run.firms.cell % origins != geography.origin("china")
    moved = (plain.value[:, None] * (strong.places() - plain.places()))[:, site]
    chosen = moved[own & foreign]
    assert chosen.sum() > sampling.errors(1) * np.sqrt((chosen**2).sum())
    rest = moved[~own]
    assert abs(rest.sum()) <= sampling.errors(1) * np.sqrt((rest**2).sum())


def concentration(lived: Any) -> float:
    """Return the mean over sectors of how much the shares of sites differ from 2010, sum of squares."""
    then = set_up(footloose.load("baseline")).base.use.sum(axis=0)
    now = placed(lived)
    change = now / now.sum(axis=1, keepdims=True) - then / then.sum(axis=1, keepdims=True)
    return float((change**2).sum(axis=1).mean())


def test_agglomeration_makes_places_diverge_and_congestion_keeps_them_together(live: Callable[..., Any]) -> None:
    """Shares move further from 2010 the larger the gain of a cluster, and less far where wages answer."""

    def lived(*settings: str) -> Any:
        return live(
            footloose.load("baseline", overrides=[f"mechanisms.{setting}" for setting in settings]), firms=FIRMS
        )

    weak, usual, strong = (concentration(lived(f"clusters.elasticity={value}")) for value in (0.0, 0.05, 0.15))
    assert weak < usual < strong
    assert concentration(lived("clusters.elasticity=0.15", "congestion.wage_elasticity=0")) > strong
