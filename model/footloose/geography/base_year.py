"""The base year 2010, derived at load from the package's tables in readable steps."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footloose.geography.areas import read_areas
from footloose.geography.input_origin import fit_input_origin
from footloose.geography.jobs import jobs_per_output
from footloose.geography.margins import Misfit
from footloose.geography.ownership import owners
from footloose.geography.research import research_use
from footloose.geography.sourcing import fit_sourcing, home_markets
from footloose.geography.tables import Floats, Row, fill, frozen, read_long
from footloose.geography.world_map import Geography, load_geography


@dataclass(frozen=True, eq=False)
class BaseYear:
    """The world of 2010, USD million at prices of 2010.

    use               : (market, sector, site)        bought from each site, the own sites included
    ownership         : (site, sector, origin)        share of output by home of the owner, > 0, sums to 1
    input_origin      : (sector, site, source site)   share of manufactured inputs, sums to 1
    jobs_per_output   : (sector, site)                persons per USD million of output
    value_added_share : (sector,)                     fraction of output
    gdp               : (country,)                    USD million
    misfit            : how far every margin came out from its target
    """

    use: Floats
    ownership: Floats
    input_origin: Floats
    jobs_per_output: Floats
    value_added_share: Floats
    gdp: Floats
    misfit: tuple[Misfit, ...]


@functools.cache
def load_base_year() -> BaseYear:
    """Return the base year; raises DataError when a table does not fit the axes or the derivation.

    Sources: WIOD 2010, US Census imports, BEA, NBS, NBER-CES and stated estimates; see the source column of
    base_year_flows.csv and base_year_structure.csv.
    """
    return build_base_year(load_geography(), read_long("base_year_flows.csv"), read_long("base_year_structure.csv"))


def build_base_year(geography: Geography, flows: Sequence[Row], structure: Sequence[Row]) -> BaseYear:
    """Return the base year of a geography.

    flows     : trade, output and regions, as in base_year_flows.csv
    structure : inputs, owners, jobs and research, as in base_year_structure.csv
    """
    areas = read_areas(geography, flows)
    goods_use, misfit = fit_sourcing(geography, areas, flows)
    use = np.zeros((len(geography.markets), len(geography.sectors), len(geography.sites)))
    use[:, areas.goods_at] = goods_use
    use[:, geography.sector("research")] = research_use(geography, areas, structure, goods_use)
    home = (home_markets(geography)[None, :] == np.arange(len(geography.markets))[:, None]).astype(np.float64)
    base = BaseYear(
        use=use,
        ownership=owners(geography, areas, structure, use, home),
        input_origin=fit_input_origin(geography, areas, structure, goods_use.sum(axis=0)),
        jobs_per_output=jobs_per_output(geography, areas, structure, use),
        value_added_share=fill(structure, "value_added_share", {"sector": geography.sectors}),
        gdp=fill(structure, "gdp", {"site": geography.countries}),
        misfit=tuple(misfit),
    )
    for name in ("use", "ownership", "input_origin", "jobs_per_output", "value_added_share", "gdp"):
        frozen(getattr(base, name))
    return base
