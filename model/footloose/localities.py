"""Places as mechanisms of clusters see them: how active they are against 2010, how far apart, and levers by place."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from footloose.dated import DatedPath
from footloose.geography import BaseYear, Geography
from footloose.world import Floats, Setting, World

EARTH_RADIUS = 6371.0
LEAST = 1e-9


def relative_activity(world: World) -> Floats:
    """Return last year's jobs over those there would be had every footprint stayed as in 2010; (sector, site)."""
    return ratio(world.activity.jobs, world.activity.reference_jobs)


def ratio(value: Floats, reference: Floats) -> Floats:
    """Return value over reference, 1 where there is no reference."""
    return np.where(reference > 0.0, np.maximum(value, LEAST) / np.maximum(reference, LEAST), 1.0)


def base_output(setting: Setting) -> Floats:
    """Return output of the base year; (sector, site) USD million."""
    return _output(setting.base)


@functools.lru_cache(maxsize=4)
def _output(base: BaseYear) -> Floats:
    return _read_only(np.asarray(base.use.sum(axis=0), dtype=np.float64))


def _read_only(table: Floats) -> Floats:
    table.flags.writeable = False
    return table


def budgets(levers: Mapping[str, DatedPath], geography: Geography, year: int) -> Floats:
    """Return the money of each site; the money of a group goes to its sites in equal parts; (site,)."""
    values = np.zeros(len(geography.sites))
    for group, path in levers.items():
        sites = list(geography.sites_in(group))
        values[sites] += path.in_year(year) / len(sites)
    return values


def sector_shares(weights: Mapping[str, float], geography: Geography) -> Floats:
    """Return the part of a budget each sector gets, sums to 1; (sector,). `all`: every sector; none: equal."""
    share = np.zeros(len(geography.sectors))
    for name, weight in weights.items():
        if name == "all":
            share += weight
        else:
            share[geography.sector(name)] += weight
    if share.sum() <= 0.0:
        share[:] = 1.0
    return np.asarray(share / share.sum(), dtype=np.float64)


@functools.lru_cache(maxsize=4)
def regions_of_countries(geography: Geography) -> tuple[list[int], ...]:
    """Return the sites of every country that has more than one, in axis order."""
    country = np.asarray(geography.country_of_site)
    members = (np.flatnonzero(country == number).tolist() for number in np.unique(country))
    return tuple(sites for sites in members if len(sites) > 1)


@functools.lru_cache(maxsize=4)
def same_country(geography: Geography) -> Floats:
    """Return 1 where two sites lie in one country; (site, site)."""
    country = np.asarray(geography.country_of_site)
    return _read_only(np.equal.outer(country, country).astype(np.float64))


@functools.lru_cache(maxsize=4)
def distance(geography: Geography) -> Floats:
    """Return great-circle distances; (site, site) km."""
    longitude, latitude = np.radians(geography.coordinates).T
    across = np.sin((longitude[:, None] - longitude[None, :]) / 2.0) ** 2
    along = np.sin((latitude[:, None] - latitude[None, :]) / 2.0) ** 2
    chord = along + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * across
    return _read_only(2.0 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))
