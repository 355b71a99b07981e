"""Pairs of worlds lived side by side: the same replicate, the same draw of parameters, one with and one without.

Everything that is compared firm by firm or row by row comes from here; the runs themselves are forgotten at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from footloose.errors import TooLarge
from footloose.experiments.comparison.content import Content, content_of
from footloose.experiments.comparison.histories import History, check_twins, first_difference, live
from footloose.experiments.comparison.twin_ledger import Traces, traces
from footloose.experiments.comparison.units import Unit
from footloose.experiments.comparison.worlds import Twins, reproduces
from footloose.firms import check_memory
from footloose.long_numbers import Block, Numbers, less, numbers_of
from footloose.memory import free_memory
from footloose.processes import each_apart
from footloose.simulation import READY, set_up

Progress = Callable[[int], None]

BYTES_PER_PAIR = 8 * 230_000 * 3
"""Rows of the long table that a pair leaves: base, other and difference."""

BYTES_PER_FIRM_AND_PAIR = 80
"""Main site by year 26, what it is born with 16, its projects about 35."""


@dataclass(frozen=True)
class Pair:
    """What is kept of one other world and the base, in one replicate of one draw.

    draw        : number of the draw of the ensemble, None for the scenarios' own parameters
    base, other : every variable of the two worlds; empty for draws of the ensemble
    difference  : other less base
    spent       : what each subsidy paid in each world [USD million]
    """

    draw: int | None
    replicate: int
    base: Numbers
    other: Numbers
    difference: Numbers
    traces: Traces
    content: tuple[Content, Content]
    spent: tuple[dict[str, float], dict[str, float]]


@dataclass
class Lived:
    """The pairs of every other world, by its place in Twins.others, and what was noticed on the way."""

    years: tuple[int, ...]
    pairs: list[list[Pair]]
    notes: list[str] = field(default_factory=list)

    def central(self, other: int) -> list[Pair]:
        """Return the pairs with the scenarios' own parameters, by replicate."""
        return sorted((pair for pair in self.pairs[other] if pair.draw is None), key=lambda pair: pair.replicate)

    def drawn(self, other: int) -> list[list[Pair]]:
        """Return the pairs of the ensemble: one list of replicates for every draw."""
        numbers = sorted({pair.draw for pair in self.pairs[other] if pair.draw is not None})
        return [
            sorted((pair for pair in self.pairs[other] if pair.draw == draw), key=lambda pair: pair.replicate)
            for draw in numbers
        ]

    def first(self, other: int) -> int | None:
        """Return the first year in which any firm differs in any pair; None if none ever does."""
        years = [pair.traces.first for pair in self.pairs[other] if pair.traces.first is not None]
        return min(years) if years else None

    def blocks(self, other: int) -> list[Block]:
        """Return the blocks of rows that any pair has."""
        found: dict[Block, None] = {}
        for pair in self.pairs[other]:
            found.update(dict.fromkeys(pair.difference))
        return list(found)


def live_pairs(twins: Twins, units: Sequence[Unit], workers: int, progress: Progress | None = None) -> Lived:
    """Live all worlds through in every unit and keep what is compared, in the order of the units.

    workers : processes; the results do not depend on it
    raises  : FootlooseError when the firms of two worlds are not born the same, TooLarge beyond the memory
    """
    scenario = twins.base.scenario
    free = free_memory()
    check_memory(2 * scenario.firms * workers * (1 + len(twins.others)), free)  # columns and footprints by year
    check_room(len(units) * len(twins.others), scenario.firms, free)
    years = tuple(range(scenario.years.start, scenario.years.until + 1))
    lived, setting = Lived(years, [[] for _ in twins.others]), set_up(scenario)
    for pairs, notes in each_apart(partial(live_unit, twins), units, workers, READY):
        for place, pair in enumerate(pairs):
            lived.pairs[place].append(replace(pair, traces=replace(pair.traces, setting=setting)))
        lived.notes += [note for note in notes if note not in lived.notes]
        if progress is not None:
            progress(1)
    return lived


def check_room(pairs: int, firms: int, free: int) -> None:
    """Refuse more pairs than the memory holds, before anything is computed.

    raises: TooLarge
    """
    each = BYTES_PER_PAIR + BYTES_PER_FIRM_AND_PAIR * firms
    if pairs * each > free:
        raise TooLarge(
            f"{pairs:,} pairs of runs of {firms:,} firms need about {pairs * each / 1e9:.1f} GB, "
            f"{free / 1e9:.1f} GB are free; {max(free // each, 1):,} fit: fewer firms, replicates or draws"
        )


def live_unit(twins: Twins, unit: Unit) -> tuple[list[Pair], list[str]]:
    """Live all worlds through in one unit; return a pair for every other world, and notes."""
    scenarios = [unit.applied(scenario) for scenario in twins.scenarios]
    base = live(scenarios[0], unit.replicate)
    notes = [] if unit.values is not None else [reproduces(twins.base, base.record, unit.replicate)]
    base_numbers, pairs = numbers_of(base.record), []
    for world, scenario in zip(twins.others, scenarios[1:], strict=True):
        other = live(scenario, unit.replicate)
        check_twins(base, other)
        if unit.values is None:
            notes.append(reproduces(world, other.record, unit.replicate))
        pairs.append(_pair(unit, base, other, base_numbers))
    return pairs, [note for note in notes if note]


def _pair(unit: Unit, base: History, other: History, base_numbers: Numbers) -> Pair:
    other_numbers, central = numbers_of(other.record), unit.draw is None
    return Pair(
        unit.draw,
        unit.replicate,
        base_numbers if central else {},
        other_numbers if central else {},
        less(other_numbers, base_numbers),
        traces(base, other, first_difference(base, other)),
        (content_of(base.record), content_of(other.record)),
        (dict(base.spent), dict(other.spent)),
    )
