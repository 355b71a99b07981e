"""What a place and a sector bring to a cluster: founders, skills, research, tiers, parts that are hard to replace."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from footloose.errors import DataError
from footloose.geography.tables import (
    CERTAINTY,
    Floats,
    Ints,
    fill,
    frozen,
    index_of,
    number,
    position,
    read_long,
    read_rows,
)
from footloose.geography.world_map import load_geography

TIERS = ("core", "specialised", "overseas")
NONE = "none"


@dataclass(frozen=True, eq=False)
class ClusterTraits:
    """Traits of places and sectors that only the mechanisms of clusters read.

    entrepreneurial_base : (site,)    readiness to start specialised firms, China = 1
    skills, research     : (site,)    adults with tertiary education, research effort; ratios to the OECD
    hard_to_replace      : (sector,)  fraction of inputs made to order or with very few makers
    tier                 : (site,)    index into TIERS, -1 for a place outside the system
    tier_spillover       : (tier, tier) strength of what the first gives the second, largest 1
    """

    entrepreneurial_base: Floats
    skills: Floats
    research: Floats
    hard_to_replace: Floats
    tier: Ints
    tier_spillover: Floats


@functools.cache
def load_cluster_traits() -> ClusterTraits:
    """Return the traits in the order of the axes; raises DataError when a table does not fit them."""
    geography = load_geography()
    rows, structure = read_long("cluster_traits.csv"), read_long("base_year_structure.csv")
    by_site = {"site": geography.sites}
    traits = ClusterTraits(
        entrepreneurial_base=fill(rows, "entrepreneurial_base", by_site),
        skills=fill(rows, "skills", by_site),
        research=fill(structure, "research_effort", by_site),
        hard_to_replace=fill(rows, "hard_to_replace", {"sector": geography.sectors}),
        tier=read_tiers(geography.sites),
        tier_spillover=read_tier_spillovers(),
    )
    for name in ("entrepreneurial_base", "skills", "research", "hard_to_replace", "tier", "tier_spillover"):
        frozen(getattr(traits, name))
    return traits


def read_tiers(sites: tuple[str, ...]) -> Ints:
    """Return the tier of every site, -1 for none; (site,). Raises DataError for a site or tier that is not known."""
    tier = np.full(len(sites), -2, dtype=np.int64)
    known = index_of((*TIERS, NONE))
    for place, cells in read_rows("cluster_tiers.csv", ("site", "tier", "source", "certainty")):
        _check_source(place, cells)
        found = position(place, "tier", cells["tier"], known)
        tier[position(place, "site", cells["site"], index_of(sites))] = found if cells["tier"] != NONE else -1
    if (tier == -2).any():
        raise DataError(f"cluster_tiers.csv: no row for site {sites[int(np.argmin(tier))]}")
    return tier


def read_tier_spillovers() -> Floats:
    """Return what each tier gives each other; (giving tier, receiving tier). Raises DataError for a gap."""
    table = np.full((len(TIERS), len(TIERS)), np.nan)
    known = index_of(TIERS)
    for place, cells in read_rows(
        "tier_spillovers.csv", ("giving", "receiving", "unit", "value", "source", "certainty")
    ):
        _check_source(place, cells)
        cell = tuple(position(place, column, cells[column], known) for column in ("giving", "receiving"))
        table[cell] = number(place, "value", cells["value"])
    if np.isnan(table).any():
        giving, receiving = np.argwhere(np.isnan(table))[0]
        raise DataError(f"tier_spillovers.csv: no row from {TIERS[giving]} to {TIERS[receiving]}")
    return table


def _check_source(place: str, cells: dict[str, str]) -> None:
    if not cells["source"]:
        raise DataError(f"{place}, column source: empty")
    if cells["certainty"] not in CERTAINTY:
        raise DataError(f"{place}, column certainty: {cells['certainty']!r}, allowed: {', '.join(CERTAINTY)}")
