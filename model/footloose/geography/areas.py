"""Areas: the places national statistics know; a site is an area of its own or a region of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from footloose.errors import DataError
from footloose.geography.tables import Floats, Ints, Row, fill, index_of, of_variable
from footloose.geography.world_map import Geography


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas in order of first mention, the sectors that make goods, the classes of the world table.

    names       : areas                       measured : those of them with a row in the world table
    goods       : sectors that make goods     goods_at : (goods,) their places on the sector axis
    composites  : classes of the world table
    of_site     : (site,) index into names
    split       : (area, composite, goods) part of an area's composite that is each sector, sums to 1
    composite_of: (goods,) index into composites
    """

    names: tuple[str, ...]
    measured: tuple[str, ...]
    goods: tuple[str, ...]
    goods_at: Ints
    composites: tuple[str, ...]
    of_site: Ints
    split: Floats
    composite_of: Ints


def read_areas(geography: Geography, flows: Sequence[Row]) -> Areas:
    """Return the areas of the gross output table; raises DataError for a site that belongs to none."""
    names = _unique(row.site for row in of_variable(flows, "gross_output"))
    measured = _unique(row.site for row in of_variable(flows, "use_by_origin"))
    composites = _unique(row.sector for row in of_variable(flows, "use_by_origin"))
    weights = list(of_variable(flows, "output_split_weight"))
    divided = {row.sector: row.partner for row in weights}
    goods = tuple(name for name in geography.sectors if name in composites or name in divided)
    composite_of = np.array([composites.index(divided.get(name, name)) for name in goods], dtype=np.int64)
    split = np.zeros((len(names), len(composites), len(goods)))
    for column, name in enumerate(goods):
        if name not in divided:
            split[:, composite_of[column], column] = 1.0
    table = fill(weights, "output_split_weight", {"site": names, "sector": _unique(divided)})
    for place, name in enumerate(_unique(divided)):
        column = goods.index(name)
        split[:, composite_of[column], column] = table[:, place]
    split /= split.sum(axis=2, keepdims=True)
    return Areas(
        names=names,
        measured=measured,
        goods=goods,
        goods_at=np.array([geography.sector(name) for name in goods], dtype=np.int64),
        composites=composites,
        of_site=_areas_of_sites(geography, names),
        split=split,
        composite_of=composite_of,
    )


def region_weights(geography: Geography, areas: Areas, flows: Sequence[Row]) -> Floats:
    """Return the part of its area's output made at each site, (goods, site); sums to 1 by area.

    Sites that are an area of their own have 1; regions have their `region_output_share`.
    """
    weight = fill(flows, "region_output_share", {"sector": areas.goods, "site": geography.sites}, complete=False)
    alone = np.bincount(areas.of_site, minlength=len(areas.names))[areas.of_site] == 1
    weight[:, alone] = 1.0
    if np.isnan(weight).any():
        good, site = np.argwhere(np.isnan(weight))[0]
        raise DataError(f"no region_output_share for {geography.sites[site]}, {areas.goods[good]}")
    return normalised_within(weight, areas.of_site)


def sum_by_area(values: Floats, of_site: Ints) -> Floats:
    """Return (..., area): the sums of (..., site) over the sites of each area."""
    result: Floats = values @ _membership(of_site)
    return result


def normalised_within(weight: Floats, of_site: Ints) -> Floats:
    """Return weights (..., site) that sum to 1 over the sites of each area."""
    result: Floats = weight / sum_by_area(weight, of_site)[..., of_site]
    return result


def _membership(of_site: Ints) -> Floats:
    result: Floats = (of_site[:, None] == np.arange(int(of_site.max()) + 1)).astype(np.float64)
    return result


def _areas_of_sites(geography: Geography, names: Sequence[str]) -> Ints:
    places = index_of(names)
    of_site = []
    for site, country in zip(geography.sites, geography.country_of_site, strict=True):
        area = site if site in places else geography.countries[country]
        if area not in places:
            raise DataError(f"base_year_flows.csv: no gross_output for {site} nor for its country {area}")
        of_site.append(places[area])
    return np.array(of_site, dtype=np.int64)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
