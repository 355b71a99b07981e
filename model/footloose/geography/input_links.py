"""What sectors buy from one another: parts of each sector in a dollar of output, by site."""

from __future__ import annotations

import functools

import numpy as np

from footloose.geography.areas import read_areas
from footloose.geography.sourcing import REMAINDER
from footloose.geography.tables import Floats, fill, frozen, read_long
from footloose.geography.world_map import load_geography


@functools.cache
def load_input_links() -> Floats:
    """Return parts bought of a sector per USD of output, all origins; (site, supplying sector, buying sector).

    The world table of 2011 knows classes of sectors: a supplying class is divided into its sectors as the area's own
    output is. Areas it does not know buy as its remainder does. Sectors that make no goods neither supply nor buy.

    raises : DataError when input_links.csv does not fit the axes
    """
    geography = load_geography()
    areas = read_areas(geography, read_long("base_year_flows.csv"))
    axes = {"site": areas.measured, "partner": areas.composites, "sector": areas.composites}
    table = fill(read_long("input_links.csv"), "input_coefficient", axes)
    row = {name: place for place, name in enumerate(areas.measured)}
    goods = areas.goods_at
    links = np.zeros((len(geography.sites), len(geography.sectors), len(geography.sectors)))
    for site, area in enumerate(areas.of_site):
        classes = table[row.get(areas.names[area], row[REMAINDER])]
        by_class = classes[:, areas.composite_of]
        split = areas.split[area][areas.composite_of, np.arange(goods.size)]
        links[site][np.ix_(goods, goods)] = split[:, None] * by_class[areas.composite_of]
    frozen(links)
    return links
