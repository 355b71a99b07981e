"""The population: one agent is one production programme of one firm; firms are columns.

Programmes are drawn with chance proportional to a mixture of value, its square root and one, stratum by stratum
(market, sector, site), and carry the value they stand for, so that 20,000 of them cover the rare corners (a Chinese
owner's plant in Mexico) without giving up the totals. Values are then raked so that base-year output is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from footloose.anchor import Anchor
from footloose.counting import add_by_footprint
from footloose.draws import Purpose, draw_log_normal, even_shift, uniforms
from footloose.errors import FootlooseError, TooLarge
from footloose.placing import index_of, place_programmes, stand_by_cell
from footloose.sections import Population
from footloose.world import Setting

Floats = npt.NDArray[np.float64]

VALUE_UNIT = 1e-3
"""Values are whole numbers of USD thousand: sums do not depend on the order of firms."""

BYTES_PER_FIRM = 64
"""Columns 41, places and values before they are put in order 14; 50 to 57 measured at one to ten million firms."""

CHUNK = 65_536
"""Firms born at a time: what their draws need in between does not grow with the population."""

BYTES_PER_REPLICATE = 100_000_000
"""Tables of a replicate 13 million, twice while they are stacked, and its rows of the long table (measured: 80-100)."""

BLOCK, DRAWN = 512, 2048
"""Numbers worked on together, few enough to stay in the nearest cache: of one attribute; draws of firms."""

LARGEST_FACTOR = 1e6
"""Largest factor of the raking; only populations of a few hundred firms ever come near."""

LONG_AGO = -100
NONE = -1


@dataclass
class Firms:
    """The columns; all (firm,), in the order of the cells. `second` is -1 for one site, `target` without a project.

    `slot` is a programme's address in the random numbers: the order in which programmes were drawn. Within a cell they
    stand in the order of their slots.
    """

    slot: npt.NDArray[np.int32]
    cell: npt.NDArray[np.int32]
    main: npt.NDArray[np.int8]
    second: npt.NDArray[np.int8]
    value: npt.NDArray[np.int64]
    size: npt.NDArray[np.float32]
    labour_intensity: npt.NDArray[np.float32]
    risk_aversion: npt.NDArray[np.float32]
    time_sensitivity: npt.NDArray[np.float32]
    sunk_cost: npt.NDArray[np.float32]
    opened: npt.NDArray[np.int16]
    target: npt.NDArray[np.int8]
    adding: npt.NDArray[np.int8]
    gaining: npt.NDArray[np.int8]
    years_left: npt.NDArray[np.int8]

    @property
    def count(self) -> int:
        """Number of programmes."""
        return int(self.cell.size)

    def taken(self, order: npt.NDArray[np.int64]) -> Firms:
        """Return the programmes at these positions, in this order."""
        return Firms(**{column.name: getattr(self, column.name)[order] for column in fields(Firms)})

    def in_order_of_slots(self) -> Firms:
        """Return the programmes in the order in which they were drawn: the same order in every population."""
        return self.taken(np.argsort(self.slot, kind="stable"))


@dataclass(frozen=True)
class Placed:
    """Where programmes stand and for what, in the order of their slots; each (firm,), values in USD million."""

    cell: npt.NDArray[np.int32]
    main: npt.NDArray[np.int8]
    second: npt.NDArray[np.int8]
    value: Floats


def check_memory(count: int, available_bytes: int, replicates: int = 1) -> None:
    """Refuse a population, or a number of replicates, that would not fit, before anything is allocated.

    raises: FootlooseError for less than one firm, TooLarge beyond the memory
    """
    if count < 1:
        raise FootlooseError(f"firms: {count} given; at least 1 is needed")
    if count * BYTES_PER_FIRM > available_bytes:
        fits = int(available_bytes / BYTES_PER_FIRM / 1000) * 1000
        raise TooLarge(
            f"firms: {count:,} programmes need about {count * BYTES_PER_FIRM / 1e9:.1f} GB, "
            f"{available_bytes / 1e9:.1f} GB are free; {fits:,} fit"
        )
    most = max((available_bytes - count * BYTES_PER_FIRM) // BYTES_PER_REPLICATE, 1)
    if replicates > most:
        raise TooLarge(
            f"replicates: {replicates:,} need about {replicates * BYTES_PER_REPLICATE / 1e9:.1f} GB, "
            f"{available_bytes / 1e9:.1f} GB are free; {most:,} fit"
        )


def bear_firms(
    setting: Setting,
    anchor: Anchor,
    population: Population,
    pairs_per_single: float,
    count: int,
    seed: int,
    replicate: int,
) -> Firms:
    """Draw the population of the base year.

    raises: FootlooseError when count < 1
    """
    placed = place(setting, anchor.pull, pairs_per_single, count, seed, replicate)
    firms = in_order_of_cells(placed, raking(setting, placed), setting)
    for chunk in chunks(count):
        draw_traits(firms, population, chunk, firms.slot[chunk].astype(np.int64), seed, replicate)
    return firms


def place(setting: Setting, pull: Floats, pairs_per_single: float, count: int, seed: int, replicate: int) -> Placed:
    """Draw where programmes stand: market, sector and site, the owner's home, a second site; and what they stand for.

    pull : (cell, site), by which second sites are drawn
    """
    _, sectors, origins, _ = setting.shape
    market, sector, site = np.indices(setting.base.use.shape).reshape(3, -1)
    chance, edges = edges_of_strata(setting)
    with np.errstate(invalid="ignore"):
        worth = setting.base.use.ravel() / chance / count
    placed = Placed(
        np.empty(count, np.int32), np.empty(count, np.int8), np.empty(count, np.int8), np.empty(count, np.float64)
    )
    place_programmes(
        np.arange(count, dtype=np.int32), worth, index_of(edges), edges, site, (market * sectors + sector) * origins,
        *owners_of_strata(setting), pull, pairs_per_single, even_shift(seed, replicate), seed, replicate,
        np.empty((3, DRAWN), np.uint32), placed.cell, placed.main, placed.second, placed.value,
    )  # fmt: skip
    return placed


def owners_of_strata(setting: Setting) -> tuple[Floats, Floats, Floats]:
    """Return owners' shares, roots of them, by which owners are drawn, and these cumulated; each (stratum, origin)."""
    control = np.ascontiguousarray(setting.control.swapaxes(1, 2)).reshape(-1, setting.shape[2])
    tempered = np.sqrt(control)
    tempered /= tempered.sum(axis=1, keepdims=True)
    edges = np.cumsum(tempered, axis=1)
    edges[:, -1] = 1.0
    return control, tempered, edges


def in_order_of_cells(placed: Placed, factor: Floats, setting: Setting) -> Firms:
    """Return programmes, not yet told apart, cell by cell: the engine works on a cell's together.

    factor : (row, site) what the output of a site has to be scaled by; a row is a (market, sector)
    """
    firms = unborn(placed.cell.size)
    stand_by_cell(
        placed.cell, placed.main, placed.second, placed.value, factor, np.int32(setting.shape[2]), VALUE_UNIT,
        np.zeros(setting.cells + 1, dtype=np.int64), firms.slot, firms.cell, firms.main, firms.second, firms.value,
    )  # fmt: skip
    return firms


def unborn(count: int) -> Firms:
    """Return the columns of a population without cells, values and attributes; nobody has a project."""
    return Firms(
        slot=np.arange(count, dtype=np.int32),
        cell=np.zeros(count, dtype=np.int32),
        main=np.zeros(count, dtype=np.int8),
        second=np.full(count, NONE, dtype=np.int8),
        value=np.zeros(count, dtype=np.int64),
        size=np.ones(count, dtype=np.float32),
        labour_intensity=np.ones(count, dtype=np.float32),
        risk_aversion=np.ones(count, dtype=np.float32),
        time_sensitivity=np.ones(count, dtype=np.float32),
        sunk_cost=np.ones(count, dtype=np.float32),
        opened=np.full(count, LONG_AGO, dtype=np.int16),
        target=np.full(count, NONE, dtype=np.int8),
        adding=np.zeros(count, dtype=np.int8),
        gaining=np.zeros(count, dtype=np.int8),
        years_left=np.zeros(count, dtype=np.int8),
    )


def chunks(count: int) -> Iterator[slice]:
    """Yield the places of the firms, a chunk at a time."""
    for start in range(0, count, CHUNK):
        yield slice(start, min(start + CHUNK, count))


def draw_traits(
    firms: Firms, population: Population, chunk: slice, slots: npt.NDArray[np.int64], seed: int, replicate: int
) -> None:
    """Draw size and attributes of a chunk of firms."""
    traits = uniforms(slots, 0, int(Purpose.TRAITS), seed, replicate)
    sizes = uniforms(slots, 0, int(Purpose.SIZE), seed, replicate)[0]
    firms.size[chunk] = log_normal(sizes, population.size_spread, shift=population.size_spread**2) * np.float32(
        population.mean_size_usd_million
    )
    firms.labour_intensity[chunk] = log_normal(traits[0], population.labour_intensity_spread)
    firms.risk_aversion[chunk] = log_normal(traits[1], population.risk_aversion_spread)
    firms.time_sensitivity[chunk] = log_normal(traits[2], population.time_sensitivity_spread)
    firms.sunk_cost[chunk] = log_normal(traits[3], population.sunk_cost_spread)


def edges_of_strata(setting: Setting) -> tuple[Floats, Floats]:
    """Return the chance of every stratum and the cumulated chances; each (market x sector x site,)."""
    mass = setting.base.use.ravel()
    present = mass > 0.0
    chance = 0.3 * mass / mass.sum() + 0.5 * np.sqrt(mass) / np.sqrt(mass).sum() + 0.2 * present / present.sum()
    edges = np.cumsum(chance)
    return chance, edges / edges[-1]


def raking(setting: Setting, placed: Placed) -> Floats:
    """Return what to scale values by so that every market buys from every site exactly what it did; (row, site).

    Deming and Stephan (1940): one factor a (market, sector, site); a firm with two sites carries the root of the
    product of both. Sites that no firm stands for are left out and their output goes to the others of the market.
    """
    markets, sectors, origins, sites = setting.shape
    table = np.zeros((markets * sectors, sites, sites))
    add_by_footprint(placed.cell // np.int32(origins), placed.main, placed.second, placed.value, table)
    return raking_factors(table, setting.base.use.reshape(markets * sectors, sites))


def raking_factors(table: Floats, target: Floats) -> Floats:
    """Return the factors that make the output of every site that of the base year.

    table   : (row, main, second) value by footprint, single sites on the diagonal; a row is a (market, sector)
    target  : (row, site) base-year use
    returns : (row, site)
    """
    covered = np.einsum("rij->ri", table) + np.einsum("rij->rj", table) > 0.0
    kept = np.where(covered, target, 0.0)
    wanted = (
        kept * np.where(kept.sum(axis=1) > 0.0, target.sum(axis=1) / np.maximum(kept.sum(axis=1), 1e-300), 0.0)[:, None]
    )
    factor = np.ones_like(wanted)
    for _ in range(400):
        root = np.sqrt(factor)
        made = 0.5 * root * (np.einsum("rij,rj->ri", table, root) + np.einsum("rji,rj->ri", table, root))
        gap = np.abs(made - wanted).max(axis=1) / np.maximum(wanted.sum(axis=1), 1e-300)
        step = np.where(made > 0.0, wanted / np.where(made > 0.0, made, 1.0), 0.0)
        factor = np.clip(factor * step, 0.0, LARGEST_FACTOR)
        if gap.max() < 1e-12:
            break
    return factor


def mean_size(population: Population) -> float:
    """Return the mean size of the programmes drawn [USD million]: the law's, so that one firm more does not change it.

    Programmes are drawn in proportion to their value; the size-biased mean of a log-normal law is mean x exp(spread^2).
    """
    return float(population.mean_size_usd_million * np.exp(population.size_spread**2))


def log_normal(uniform: Floats, spread: float, shift: float = 0.0) -> npt.NDArray[np.float32]:
    """Return log-normal draws with mean 1 (inverse distribution function); `shift` moves the mean of the logarithm.

    A shift of spread squared is the size-biased law: programmes are drawn in proportion to their value.
    """
    drawn = np.empty(uniform.size, dtype=np.float32)
    listed, (outer, normal) = np.empty(BLOCK, dtype=np.int32), np.empty((2, BLOCK))
    draw_log_normal(uniform, float(spread), float(shift), listed, outer, normal, drawn)
    return drawn
