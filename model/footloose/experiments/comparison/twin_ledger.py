"""The twin ledger: every firm in one class, by what it did and what its twin did without the policy.

Counted from the first year in which any firm differs to the horizon. The move of a firm is its first project in that
time that crosses the border asked for (of a site, a country or a shore); later ones follow from another past and have
no twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from footloose.errors import FootlooseError, UnknownName
from footloose.experiments.comparison.histories import STAGES, Birth, Events, Trail, owner_of, place_of
from footloose.firms import VALUE_UNIT
from footloose.geography import Geography
from footloose.world import Setting

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLASSES = ("induced", "anyway", "elsewhere", "earlier", "later", "held", "stayed")
"""What the policy did to a firm; every firm is in exactly one.

induced   : it moves, and without the policy it would not have
anyway    : it moves to the same place in the same year as it would have
elsewhere : it moves, and would have moved, but to another place
earlier   : it moves to the same place, sooner than it would have
later     : it moves to the same place, later than it would have
held      : it stays, and without the policy it would have moved (by the horizon)
stayed    : it stays, as it would have
"""
BORDERS = ("site", "country", "shore")
NONE = -1
MEASURES = ("firms", "programmes", "value_base", "value_other", "jobs_base", "jobs_other")
AXES = (
    "class",
    "market",
    "sector",
    "origin",
    "left",
    "left_shore",
    "reached_base",
    "shore_base",
    "reached_other",
    "shore_other",
)


@dataclass(frozen=True)
class FirstMoves:
    """The first move of every firm in one world; each (firm,), NONE or 0 where it does not move.

    place : what it reached, at the border asked for; value: USD million of 2010; jobs: as announced or opened
    """

    year: Ints
    left: Ints
    reached: Ints
    place: Ints
    value: Floats
    jobs: Floats


@dataclass(frozen=True)
class Traces:
    """What the ledger needs of a pair of histories: events of both worlds and where the firms were.

    main  : (year, firm) main site in the base; before the first difference it is the other's too
    first : first year in which any firm differs, None if never
    """

    setting: Setting
    birth: Birth
    base: dict[str, Events]
    other: dict[str, Events]
    main: npt.NDArray[np.int8]
    first: int | None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the setting behind on the way to another process; who takes the traces there has it."""
        return {name: value for name, value in vars(self).items() if name != "setting"}


def places(geography: Geography, border: str) -> Ints:
    """Return the number of the place that each site is part of, seen from each market; (market, site).

    raises: UnknownName for a border that is none of BORDERS
    """
    markets, sites = len(geography.markets), len(geography.sites)
    if border == "site":
        return np.broadcast_to(np.arange(sites), (markets, sites))
    if border == "country":
        return np.broadcast_to(np.asarray(geography.country_of_site, dtype=np.int64), (markets, sites))
    if border == "shore":
        return np.asarray(geography.shore_of, dtype=np.int64)
    raise UnknownName("border", border, BORDERS)


def first_moves(setting: Setting, birth: Birth, events: Events, border: str, since: int) -> FirstMoves:
    """Return the first project of every firm, from a year on, that crosses the border."""
    where = places(setting.geography, border)
    market, _ = place_of(setting, birth.cell[events.firm])
    crossing = (where[market, events.left] != where[market, events.reached]) & (events.year >= since)
    kept = events.chosen(crossing)
    _, first = np.unique(kept.firm, return_index=True)  # events are in order of year
    kept = kept.chosen(np.isin(np.arange(kept.firm.size), first))
    count = birth.cell.size
    year, left, reached, place = (np.full(count, NONE, dtype=np.int64) for _ in range(4))
    value, jobs = np.zeros(count), np.zeros(count)
    firm = kept.firm
    year[firm], left[firm], reached[firm] = kept.year, kept.left, kept.reached
    place[firm] = where[place_of(setting, birth.cell[firm])[0], kept.reached]
    value[firm] = birth.value[firm] * VALUE_UNIT * kept.part
    jobs[firm] = kept.jobs
    return FirstMoves(year, left, reached, place, value, jobs)


def classify(base: FirstMoves, other: FirstMoves) -> Ints:
    """Return the class of every firm as its place in CLASSES; (firm,)."""
    in_base, in_other = base.year >= 0, other.year >= 0
    both, same = in_base & in_other, base.place == other.place
    index = {name: place for place, name in enumerate(CLASSES)}
    result = np.full(base.year.size, index["stayed"], dtype=np.int64)
    result[in_other & ~in_base] = index["induced"]
    result[in_base & ~in_other] = index["held"]
    result[both & ~same] = index["elsewhere"]
    result[both & same & (other.year == base.year)] = index["anyway"]
    result[both & same & (other.year < base.year)] = index["earlier"]
    result[both & same & (other.year > base.year)] = index["later"]
    return result


def traces(base: Trail, other: Trail, first: int | None) -> Traces:
    """Return what the ledger needs of a pair of histories; the footprints themselves can be forgotten."""
    return Traces(base.setting, base.birth, dict(base.events), dict(other.events), base.main, first)


def ledger_rows(pair: Traces, stage: str, border: str, since: int) -> pd.DataFrame:
    """Return the ledger of one pair of worlds: a row for every class, market, sector, origin and route.

    stage   : `announced` or `opened`; since: first year counted
    returns : columns AXES, MEASURES. left: country the firm leaves, or is in; reached_base, reached_other: country it
              moves to in each world, empty for none; shores are those of the firm's market
    raises  : UnknownName for a stage or border that does not exist
    """
    import pandas

    if stage not in STAGES:
        raise UnknownName("stage", stage, STAGES)
    setting, birth = pair.setting, pair.birth
    base = first_moves(setting, birth, pair.base[stage], border, since)
    other = first_moves(setting, birth, pair.other[stage], border, since)
    market, sector = place_of(setting, birth.cell)
    left = np.where(other.left >= 0, other.left, np.where(base.left >= 0, base.left, main_before(pair, since)))
    columns = (classify(base, other), market, sector, owner_of(setting, birth.cell), left, base.reached, other.reached)
    sums = {
        "firms": np.ones(birth.cell.size),
        "programmes": birth.programmes,
        "value_base": base.value,
        "value_other": other.value,
        "jobs_base": base.jobs,
        "jobs_other": other.jobs,
    }
    sites = len(setting.geography.sites)
    widths = (len(CLASSES), *setting.shape[:3], sites, sites + 1, sites + 1)
    code = np.ravel_multi_index(tuple(column + (place > 4) for place, column in enumerate(columns)), widths)
    found, where = np.unique(code, return_inverse=True)
    table = {name: np.bincount(where, weights=values, minlength=found.size) for name, values in sums.items()}
    axes = np.unravel_index(found, widths)
    frame = pandas.DataFrame(_names(setting.geography, axes) | table)
    return frame.groupby(list(AXES), as_index=False, sort=False, observed=True)[list(MEASURES)].sum()


def main_before(pair: Traces, since: int) -> Ints:
    """Return the main site of every firm on the eve of a year; (firm,)."""
    years = pair.setting.law.years
    place = max(years.index(since) - 1, 0) if since in years else len(years) - 1
    return np.asarray(pair.main[place], dtype=np.int64)


def _names(geography: Geography, axes: Sequence[npt.NDArray[np.intp]]) -> dict[str, npt.NDArray[np.object_]]:
    kind, market, sector, origin, left, to_base, to_other = axes
    countries = np.array([geography.countries[c] for c in geography.country_of_site] + [""], dtype=object)
    shores = np.array([*geography.shores, ""], dtype=object)
    shore_of = np.concatenate(
        [np.asarray(geography.shore_of), np.full((len(geography.markets), 1), len(geography.shores))], axis=1
    )
    return {
        "class": np.array(CLASSES, dtype=object)[kind],
        "market": np.array(geography.markets, dtype=object)[market],
        "sector": np.array(geography.sectors, dtype=object)[sector],
        "origin": np.array(geography.origins, dtype=object)[origin],
        "left": countries[left],
        "left_shore": shores[shore_of[market, left]],
        "reached_base": countries[to_base - 1],
        "shore_base": shores[shore_of[market, to_base - 1]],
        "reached_other": countries[to_other - 1],
        "shore_other": shores[shore_of[market, to_other - 1]],
    }


def further_moves(pair: Traces, stage: str, border: str, since: int) -> dict[str, float]:
    """Return the value of moves after a firm's first, in each world [USD million of 2010]: outside the classes."""
    where = places(pair.setting.geography, border)
    result = {}
    for world, events in (("base", pair.base[stage]), ("other", pair.other[stage])):
        market, _ = place_of(pair.setting, pair.birth.cell[events.firm])
        kept = events.chosen((where[market, events.left] != where[market, events.reached]) & (events.year >= since))
        _, first = np.unique(kept.firm, return_index=True)
        again = ~np.isin(np.arange(kept.firm.size), first)
        result[world] = float((pair.birth.value[kept.firm] * VALUE_UNIT * kept.part)[again].sum())
    return result


def check_partition(rows: pd.DataFrame, count: int) -> None:
    """Refuse a ledger that does not hold every firm exactly once.

    raises: FootlooseError, which would be a defect of footloose
    """
    held = round(float(rows["firms"].sum()))
    if held != count:
        raise FootlooseError(f"the twin ledger holds {held:,} firms of {count:,}; this is a defect of footloose")
