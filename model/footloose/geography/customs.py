"""Direct imports of the market with customs statistics: by partner, scaled to 2010, on the sectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footloose.errors import DataError
from footloose.geography.areas import Areas
from footloose.geography.margins import Misfit, fit_margins, misfits
from footloose.geography.tables import Floats, Row, fill, of_variable, position


@dataclass(frozen=True, eq=False)
class Customs:
    """Fitted direct imports of one market.

    market  : index of the market        partners : indices of the areas it imports from
    imports : (partner, goods) [USD million, 2010]; sums by partner and by sector hold exactly
    """

    market: int
    partners: tuple[int, ...]
    imports: Floats
    misfit: tuple[Misfit, ...]


def fit_customs(markets: Sequence[str], areas: Areas, flows: Sequence[Row], world_use: Floats) -> Customs:
    """Return imports by partner and sector that meet customs totals of 2010 by partner and a sector mix.

    Partner totals: all goods 2010 times the part of our sectors in all goods 2013, partner by partner. Sector
    mix: the geometric mean of the world table's (right year, coarse classes) and of the 2013 customs table
    carried to 2010 (right classes, after the recovery of car sales). Start: the 2013 table carried to 2010.

    world_use : (market, composite, area) [USD million] world table with the carved-out areas
    """
    market, names = _market_and_partners(markets, flows)
    carried = _carried_to_2010(areas, flows, names)
    by_partner = carried.sum(axis=1)
    partners = tuple(areas.names.index(name) for name in names)
    by_composite = world_use[market][:, list(partners)].sum(axis=1)
    customs_mix = carried.sum(axis=0) / carried.sum()
    world_mix = _world_mix(areas, by_composite, customs_mix)
    mix = np.sqrt(world_mix * customs_mix)
    by_sector = by_partner.sum() * mix / mix.sum()
    imports = fit_margins(carried, by_partner, by_sector)
    label, fitted = f"direct imports of {markets[market]}", imports.sum(axis=0)
    total = float(by_partner.sum())
    found = misfits(f"{label} by partner", names, by_partner, imports.sum(axis=1))
    found += misfits(f"{label} by sector", areas.goods, by_sector, fitted)
    found += misfits(f"{label} by sector, world table mix", areas.goods, total * world_mix, imports.sum(axis=0))
    found += misfits(f"{label} by sector, customs mix", areas.goods, total * customs_mix, fitted)
    return Customs(market, partners, imports, tuple(found))


def _market_and_partners(markets: Sequence[str], flows: Sequence[Row]) -> tuple[int, tuple[str, ...]]:
    rows = list(of_variable(flows, "us_imports_all_goods_2010"))
    if len({row.market for row in rows}) != 1:
        raise DataError("base_year_flows.csv: us_imports_all_goods_2010 must be of one market")
    market = position(rows[0].place, "market", rows[0].market, {name: i for i, name in enumerate(markets)})
    return market, tuple(row.site for row in rows)


def _carried_to_2010(areas: Areas, flows: Sequence[Row], names: Sequence[str]) -> Floats:
    """Return (partner, goods): imports of 2013 on the sectors times the growth of all goods 2013 to 2010."""
    classes = tuple(dict.fromkeys(row.sector for row in of_variable(flows, "us_imports_by_class")))
    by_class = fill(flows, "us_imports_by_class", {"site": names, "sector": classes})
    share = _class_shares(flows, names, classes, areas.goods)
    now = fill(flows, "us_imports_all_goods_2010", {"site": names})
    then = fill(flows, "us_imports_all_goods_2013", {"site": names})
    table: Floats = np.einsum("pc,pcs->ps", by_class, share) * (now / then)[:, None]
    return table


def _class_shares(flows: Sequence[Row], names: Sequence[str], classes: Sequence[str], goods: Sequence[str]) -> Floats:
    """Return (partner, class, goods) shares that sum to 1; a row without a site holds for every partner."""
    share = np.zeros((len(names), len(classes), len(goods)))
    places = {"site": {n: i for i, n in enumerate(names)}, "class": {n: i for i, n in enumerate(classes)}}
    sectors = {name: i for i, name in enumerate(goods)}
    for row in of_variable(flows, "class_share"):
        who = position(row.place, "site", row.site, places["site"]) if row.site else slice(None)
        column = position(row.place, "sector", row.sector, sectors)
        share[who, position(row.place, "partner", row.partner, places["class"]), column] = row.value
    if not np.allclose(share.sum(axis=2), 1.0, atol=1e-9):
        partner, which = np.argwhere(~np.isclose(share.sum(axis=2), 1.0, atol=1e-9))[0]
        raise DataError(f"class_share of {names[partner]}, {classes[which]} does not sum to 1")
    return share


def _world_mix(areas: Areas, by_composite: Floats, customs_mix: Floats) -> Floats:
    """Return the sector mix of the world table; within a composite the customs mix decides."""
    within = np.bincount(areas.composite_of, weights=customs_mix, minlength=len(areas.composites))
    mix: Floats = by_composite[areas.composite_of] * customs_mix / within[areas.composite_of]
    mix /= mix.sum()
    return mix
