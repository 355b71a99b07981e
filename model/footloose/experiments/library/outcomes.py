"""The numbers that are given of every scenario of the library: who sells where, jobs, cost, support."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from footloose.experiments.sweep.selection import Selector
from footloose.geography import load_geography

Floats = npt.NDArray[np.float64]
ALL = "all"


@dataclass(frozen=True)
class Shown:
    """A column of the page: rows of the long table that are summed, and how the sum is written.

    scale  : what the sum is multiplied by
    digits : decimals that are shown at least
    """

    title: str
    unit: str
    selectors: tuple[Selector, ...]
    scale: float = 1.0
    digits: int = 2


def bought(market: str, *sites: str) -> tuple[Selector, ...]:
    """Return the rows of what a market buys from sites, shores or countries, percent of all it buys."""
    return tuple(("Imports|Share", market, site, ALL, ALL) for site in sites)


def at(variable: str, *sites: str) -> tuple[Selector, ...]:
    """Return the rows of a variable by site."""
    return tuple((variable, ALL, site, ALL, ALL) for site in sites)


def shown() -> tuple[Shown, ...]:
    """Return the columns of the page; the last is support."""
    geography = load_geography()
    hosts = tuple(geography.sites[place] for place in geography.sites_in("asia_hosts"))
    us, eu, home = "united_states", "european_union", "country:united_states"
    cost = "Buyer Cost|Index"
    return (
        Shown("US purchases: China", "% of all", bought(us, "country:china")),
        Shown("US purchases: home", "% of all", bought(us, "shore:home")),
        Shown("US purchases: Mexico, Canada", "% of all", bought(us, "country:mexico", "country:canada")),
        Shown("US purchases: five Asian hosts", "% of all", bought(us, *hosts)),
        Shown("EU purchases: China", "% of all", bought(eu, "country:china")),
        Shown("US jobs", "thousand", at("Jobs|Stock", home), 1e-3, 1),
        Shown("US jobs announced, due to costs", "thousand a year", at("Jobs|Announced|Due to Costs", home), 1e-3, 1),
        Shown("US jobs announced, all entries", "thousand a year", at("Jobs|Announced|All Entries", home), 1e-3, 1),
        Shown("China's output", "USD billion of 2010", at("Output|Value", "country:china"), 1e-3, 1),
        Shown("Buyers' cost, US", "2010 = 100", ((cost, us, ALL, ALL, ALL),), 100.0),
        Shown("Buyers' cost, EU", "2010 = 100", ((cost, eu, ALL, ALL, ALL),), 100.0),
        Shown(
            "Support paid, world",
            "USD billion of 2010 a year",
            at("Subsidy|Outlay", *(f"country:{name}" for name in geography.countries)),
            1e-3,
            1,
        ),
    )


def selectors(columns: tuple[Shown, ...]) -> tuple[Selector, ...]:
    """Return the rows that all columns need, one after another."""
    return tuple(chain.from_iterable(column.selectors for column in columns))


def summed(columns: tuple[Shown, ...], series: Floats) -> Floats:
    """Return the columns of rows, summed and scaled; (..., row, year) -> (..., column, year)."""
    ends = np.cumsum([len(column.selectors) for column in columns])
    parts = np.split(series, ends[:-1], axis=-2)
    scaled = [column.scale * part.sum(axis=-2) for column, part in zip(columns, parts, strict=True)]
    return np.stack(scaled, axis=-2)
