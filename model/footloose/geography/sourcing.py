"""What each market bought from each site in 2010: world table, customs and output made consistent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from footloose.errors import DataError
from footloose.geography.areas import Areas, normalised_within, region_weights
from footloose.geography.customs import Customs, fit_customs
from footloose.geography.margins import Misfit, fit_margins, misfits
from footloose.geography.tables import Floats, Ints, Row, fill, index_of, of_variable, position
from footloose.geography.world_map import Geography

REMAINDER = "rest_of_world"
"""The area of the world table that contains every place without a row of its own."""
MOST_CARVED = 0.9
"""Estimates of unmeasured areas may be rough; they never take more than this part of the remainder."""
LEAST_LEFT = 0.05
"""An area keeps at least this part of its output for other markets, even when customs says it sold more."""


def fit_sourcing(geography: Geography, areas: Areas, flows: Sequence[Row]) -> tuple[Floats, list[Misfit]]:
    """Return use (market, goods, site) [USD million] and the misfit of every margin.

    1 take areas the world table does not know out of its remainder  2 fit direct imports to customs  3 split
    composite classes to sectors  4 fit other flows to output and market size  5 divide areas into regions
    """
    world_use = carved_out(geography, areas, flows)
    customs = fit_customs(geography.markets, areas, flows, world_use)
    home = home_markets(geography)
    start = split_to_sectors(areas, flows, world_use, _home_of_area(areas, home))
    output = output_by_sector(areas, flows)
    flow = fit_flows(start, output, customs)
    found = [*customs.misfit, *_flow_misfits(geography, areas, start, flow, output)]
    use = to_sites(geography, areas, flows, flow, home)
    return use, found + region_misfits(geography, areas, flows, use, home)


def home_markets(geography: Geography) -> Ints:
    """Return the market each site is at home in, (site,): its country's own or the rest of the world."""
    rest = geography.market(REMAINDER)
    own = {int(country): market for market, country in enumerate(geography.country_of_market)}
    return np.array([own.get(int(country), rest) for country in geography.country_of_site], dtype=np.int64)


def composite_output(areas: Areas, flows: Sequence[Row]) -> Floats:
    """Return gross output (area, composite): what areas unknown to the world table make is not in its remainder.

    Raises DataError when they would leave nothing of the remainder.
    """
    output = fill(flows, "gross_output", {"site": areas.names, "sector": areas.composites})
    rest = areas.names.index(REMAINDER)
    output[rest] -= output[_unmeasured(areas)].sum(axis=0)
    if (output[rest] <= 0).any():
        name = areas.composites[int(np.argmin(output[rest]))]
        raise DataError(f"base_year_flows.csv: {name} carved out of {REMAINDER} leaves nothing of it")
    return output


def carved_out(geography: Geography, areas: Areas, flows: Sequence[Row]) -> Floats:
    """Return use (market, composite, area): the world table with unmeasured areas taken out of its remainder.

    An unmeasured area sells its estimated value to the customs market, and what is left of its output to the
    other markets as the remainder does. Together they take at most MOST_CARVED of the remainder in any market;
    customs and output set their size later.
    """
    axes = {"market": geography.markets, "sector": areas.composites}
    table = np.zeros((len(geography.markets), len(areas.composites), len(areas.names)))
    known = [areas.names.index(name) for name in areas.measured]
    table[:, :, known] = fill(flows, "use_by_origin", {**axes, "site": areas.measured})
    rest = areas.names.index(REMAINDER)
    output = composite_output(areas, flows)
    for place in _unmeasured(areas):
        rows = [row for row in of_variable(flows, "estimated_us_use") if row.site == areas.names[place]]
        direct = fill(rows, "estimated_us_use", {"sector": areas.composites})
        market = geography.market(rows[0].market)
        mix = table[:, :, rest].copy()
        mix[market] = 0.0
        table[:, :, place] = mix / mix.sum(axis=0) * np.maximum(output[place] - direct, 0.0)
        table[market, :, place] = direct
    taken = table[:, :, _unmeasured(areas)].sum(axis=2)
    fitting = np.minimum(1.0, MOST_CARVED * table[:, :, rest] / np.maximum(taken, 1e-9))
    table[:, :, _unmeasured(areas)] *= fitting[:, :, None]
    table[:, :, rest] -= taken * fitting
    return table


def _unmeasured(areas: Areas) -> list[int]:
    return [place for place, name in enumerate(areas.names) if name not in areas.measured]


def split_to_sectors(areas: Areas, flows: Sequence[Row], world_use: Floats, home: Ints) -> Floats:
    """Return use (market, goods, area): composites split as output, exports as exports where known.

    home : (area,) market the area is at home in
    """
    table: Floats = np.einsum("mca,acs->msa", world_use, areas.split)
    rows = list(of_variable(flows, "export_split_weight"))
    for name in dict.fromkeys(row.site for row in rows):
        area = areas.names.index(name)
        weights = areas.split[area].copy()
        for row in (row for row in rows if row.site == name):
            column = position(row.place, "sector", row.sector, index_of(areas.goods))
            weights[areas.composite_of[column], column] = row.value
        away = np.arange(len(table)) != home[area]
        table[away, :, area] = world_use[away, :, area] @ weights
    return table


def output_by_sector(areas: Areas, flows: Sequence[Row]) -> Floats:
    """Return gross output (goods, area): composites split, replaced where the sector itself is measured."""
    output = np.einsum("ac,acs->sa", composite_output(areas, flows), areas.split)
    measured = fill(flows, "gross_output_by_sector", {"sector": areas.goods, "site": areas.names}, complete=False)
    result: Floats = np.where(np.isnan(measured), output, measured)
    return result


def fit_flows(start: Floats, output: Floats, customs: Customs) -> Floats:
    """Return use (market, goods, area): customs imports kept, all else fitted to output and market size.

    Output has priority. The size of a market is what the start says once every area is scaled to its output;
    it is met up to a common factor by sector.
    """
    partners = list(customs.partners)
    sold = start.sum(axis=0)
    start = start * np.divide(output, sold, out=np.ones_like(output), where=sold > 0)
    fixed = np.zeros_like(start)
    fixed[customs.market][:, partners] = customs.imports.T
    free = start.copy()
    free[customs.market][:, partners] = 0.0
    left = np.maximum(output - fixed.sum(axis=0), LEAST_LEFT * output)
    size = free.sum(axis=2)
    fitted = fit_margins(np.moveaxis(free, 0, 2), left, size.T)
    flow: Floats = fixed + np.moveaxis(fitted, 2, 0)
    return flow


def to_sites(geography: Geography, areas: Areas, flows: Sequence[Row], flow: Floats, home: Ints) -> Floats:
    """Return use (market, goods, site): areas divided so that region output and market totals both hold.

    Start of the fit: a region's weight in output, for exports times its export share over its output share;
    without export shares the output weights hold for every market.
    """
    weight = region_weights(geography, areas, flows)
    use: Floats = flow[:, :, areas.of_site].copy()
    made = weight * use.sum(axis=0)
    overall = normalised_within(made.sum(axis=0), areas.of_site)
    exports = fill(flows, "region_export_share", {"site": geography.sites}, complete=False)
    lean = np.where(np.isnan(exports), 1.0, np.nan_to_num(exports) / overall)
    for area in range(len(areas.names)):
        sites = np.flatnonzero(areas.of_site == area)
        if len(sites) > 1:
            at_home = np.arange(len(flow)) == home[sites[0]]
            start = weight[:, sites, None] * np.where(at_home, 1.0, lean[sites, None])
            fitted = fit_margins(start, made[:, sites], flow[:, :, area].T)
            use[:, :, sites] = np.moveaxis(fitted, 2, 0)
    return use


def region_misfits(geography: Geography, areas: Areas, flows: Sequence[Row], use: Floats, home: Ints) -> list[Misfit]:
    """Return how far each region's exports are from its export share, use (market, goods, site)."""
    exports = fill(flows, "region_export_share", {"site": geography.sites}, complete=False)
    given = np.flatnonzero(~np.isnan(exports))
    away = home[None, :] != np.arange(len(use))[:, None]
    sold = (use.sum(axis=1) * away).sum(axis=0)
    total = np.bincount(areas.of_site, weights=sold)[areas.of_site]
    names = [geography.sites[site] for site in given]
    return misfits("exports by region", names, (exports * total)[given], sold[given])


def _home_of_area(areas: Areas, home: Ints) -> Ints:
    return np.array([home[areas.of_site == area][0] for area in range(len(areas.names))])


def _flow_misfits(geography: Geography, areas: Areas, start: Floats, flow: Floats, output: Floats) -> list[Misfit]:
    found = misfits(
        "gross output by area and sector",
        [f"{area} {good}" for good in areas.goods for area in areas.names],
        output,
        flow.sum(axis=0),
    )
    found += misfits(
        "use by market and sector, world table",
        [f"{market} {good}" for market in geography.markets for good in areas.goods],
        start.sum(axis=2),
        flow.sum(axis=2),
    )
    found += misfits(
        "use by market and area, world table",
        [f"{market} {area}" for market in geography.markets for area in areas.names],
        start.sum(axis=1),
        flow.sum(axis=1),
    )
    return found
