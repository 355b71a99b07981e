"""Shares: how the output of every representative firm is spread over footprints, ages and projects under way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose.anchor import Anchor
from footloose.errors import TooLarge
from footloose.firms import raking_factors
from footloose.law import Law
from footloose.sections import Decisions
from footloose.world import BASE_YEAR, Setting

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOOTING_UNIT = 1e-10
"""Footprints are handed to orders in whole parts of a USD million, as those of firms are, but so fine that nothing
shows: the whole is below 10^18 of them and exact in 64 bits."""

OLD = 0
"""The cohort of plants whose age no longer matters; later ones follow each other in a ring."""


@dataclass
class Shares:
    """Output of the base year [USD million] by state, for each representative firm.

    single   : (cell, node, cohort, site) with one site
    pair     : (cell, node, cohort, pair) with two, in the order of `pair_of`
    building : (cell, node, years left - 1, kind, site, target) with a project under way, kind 0 a move, 1 a second site
    gaining  : (cell, node, years left - 1, site, target) output the plants for a gain in cost are to have
    waiting  : (cell, node, years left - 1, cohort, site) those with a project, by age of the plant they still run
    """

    single: Floats
    pair: Floats
    building: Floats
    gaining: Floats
    waiting: Floats

    def tables(self) -> tuple[Floats, ...]:
        """Return all tables in their order."""
        return self.single, self.pair, self.building, self.gaining, self.waiting

    def footprints(self) -> Floats:
        """Return output by footprint, single sites on the diagonal, pairs above it; (cell, main, second)."""
        cells, sites = self.single.shape[0], self.single.shape[3]
        table, every = np.zeros((cells, sites, sites)), np.arange(sites)
        table[:, *np.triu_indices(sites, 1)] = self.pair.sum(axis=(1, 2))
        table[:, every, every] = self.single.sum(axis=(1, 2)) + self.waiting.sum(axis=(1, 2, 3))
        return table

    def total(self) -> float:
        """Return the output of all [USD million]."""
        return float(self.single.sum() + self.pair.sum() + self.waiting.sum())

    def retire(self, cohort: int) -> None:
        """Count a cohort among the old ones, to make its place free."""
        for table in (self.single, self.pair, self.waiting):
            table[..., OLD, :] += table[..., cohort, :]
            table[..., cohort, :] = 0.0


def after_drops(footprints: Floats, dropped: Floats) -> Floats:
    """Return the footprints after those of two sites who keep one; (cell, main, second), pairs above the diagonal.

    dropped : (cell, site left, site kept) output concentrated, half of what the programmes make
    """
    whole = 2.0 * dropped
    every = np.arange(whole.shape[1])
    left = footprints - np.triu(whole + np.swapaxes(whole, 1, 2))
    left[:, every, every] += whole.sum(axis=1)
    return np.asarray(np.maximum(left, 0.0))


def in_whole_parts(footprints: Floats) -> Ints:
    """Return output by footprint as orders take it: in whole numbers of FOOTING_UNIT; (cell, main, second)."""
    return np.rint(footprints / FOOTING_UNIT).astype(np.int64)


def pair_of(sites: int) -> Ints:
    """Return the place of every pair of sites, in whatever order they are named; (site, site), -1 on the diagonal."""
    place = np.full((sites, sites), -1, dtype=np.int64)
    first, second = np.triu_indices(sites, 1)
    place[first, second] = place[second, first] = np.arange(first.size)
    return place


def cohorts_kept(rules: Decisions, law: Law) -> int:
    """Return how many years of openings have to be told apart: until plants are written off and claw-backs over."""
    bound = [i.row.claw_back_years + 1 for i in law.of_kind("subsidy") if i.row.claw_back > 0.0]
    return min(max([int(np.ceil(rules.plant_life)), *(int(np.ceil(years)) for years in bound)]), len(law.years))


def cohorts_used(year: int, cohorts: int) -> int:
    """Return how many places of the ring, OLD among them, any plant has yet taken in a year."""
    return 1 + min(year - BASE_YEAR + 1, cohorts)


def place_of_cohort(year: int, cohorts: int) -> int:
    """Return the place in the ring of plants that open in a year."""
    return 1 + (year - BASE_YEAR) % cohorts


def ages(year: int, cohorts: int) -> Floats:
    """Return the age of every cohort in a year, without end for OLD; (cohort,)."""
    own = (year - BASE_YEAR - np.arange(cohorts)) % cohorts
    return np.concatenate([[np.inf], own]).astype(np.float64)


def first_shares(footprints: Floats, nodes: int, cohorts: int, longest: int, free_bytes: int) -> Shares:
    """Return the shares of the first day: old plants, nobody building, every node alike.

    footprints : (cell, main, second) base-year output, pairs above the diagonal [USD million]
    longest    : years that the slowest sector builds

    raises : TooLarge beyond the memory
    """
    cells, sites, _ = footprints.shape
    first, second = np.triu_indices(sites, 1)
    rows, depth = (cells, nodes), cohorts + 1
    shapes = (
        (*rows, depth, sites), (*rows, depth, first.size), (*rows, longest, 2, sites, sites),
        (*rows, longest, sites, sites), (*rows, longest, depth, sites),
    )  # fmt: skip
    needed = 8 * sum(int(np.prod(shape)) for shape in shapes)
    if needed > free_bytes:
        fits = nodes * free_bytes // needed
        raise TooLarge(f"nodes: {nodes} need {needed / 1e9:.1f} GB, {free_bytes / 1e9:.1f} GB are free; {fits} fit")
    shares = Shares(*(np.zeros(shape) for shape in shapes))
    shares.single[..., OLD, :] = np.einsum("cii->ci", footprints)[:, None] / nodes
    shares.pair[..., OLD, :] = footprints[:, first, second][:, None] / nodes
    return shares


def footprints_of_base_year(setting: Setting, anchor: Anchor, pairs_per_single: float) -> Floats:
    """Return the footprints that programmes have on average when they are born; (cell, main, second) USD million.

    As `bear_firms`: main sites by base-year use and control, a second one with chance rho (1 - pi) to 1, by pull among
    the others; then raked so that every market buys from every site what it did. Pairs stand above the diagonal.
    """
    markets, sectors, origins, sites = setting.shape
    use, pull = setting.use_by_owner.reshape(-1, sites), anchor.pull
    odds = pairs_per_single * (1.0 - pull)
    paired = use * odds / (1.0 + odds)
    others = pull[:, None, :] / np.maximum(1.0 - pull, 1e-300)[:, :, None] * (1.0 - np.eye(sites))
    table = paired[:, :, None] * others
    every = np.arange(sites)
    table[:, every, every] = use - paired
    row = (markets * sectors, origins, sites, sites)
    factor = raking_factors(table.reshape(row).sum(axis=1), setting.base.use.reshape(-1, sites))
    root = np.sqrt(factor)
    raked = (table.reshape(row) * (root[:, :, None] * root[:, None, :])[:, None]).reshape(table.shape)
    return np.asarray(np.triu(raked) + np.swapaxes(np.tril(raked, -1), 1, 2))
