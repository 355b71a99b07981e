"""What the twin ledger says of a subsidy and of a tariff.

Both read the instruments that only the other world has, or has more of, straight from its law: which sectors and sites
                                                                                                are supported, which
                                                                                                market's purchases from
                                                                                                where are taxed, and
                                                                                                when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.experiments.comparison.histories import Events, place_of
from footloose.experiments.comparison.intervals import Estimate, Ratio, estimate, on_the_whole, ratio, ratio_over_draws
from footloose.experiments.comparison.pairs import Lived, Pair
from footloose.experiments.comparison.twin_ledger import CLASSES, classify, first_moves, main_before
from footloose.firms import VALUE_UNIT
from footloose.law import Law
from footloose.world import Setting

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SUPPORTED = ("additional", "brought_forward", "anyway", "already_there")
"""What a supported project would have been without the support.

additional      : the twin never begins a plant in the supported area by the horizon
brought_forward : the twin begins one there too, but in a later year
anyway          : the twin begins one there in the same year or before
already_there   : the firm stood in the supported area when it decided; the project moves it within the area
"""
TAXED = ("induced_home", "induced_elsewhere", "induced_other", "diverted", "redirected", "deterred", "held_other")
"""What a tariff did to firms that sell taxed goods.

induced_home, induced_elsewhere : leaves a taxed site, for the market's home or for an untaxed site abroad
induced_other : moves because of the policy from a site that is not taxed, or to another taxed one
diverted      : would have moved to a taxed site and moves to an untaxed one
redirected    : moves to another place than it would have, in any other way
deterred      : would have moved to a taxed site and stays
held_other    : stays, though it would have moved to a place that is not taxed
"""


@dataclass(frozen=True)
class Account:
    """Numbers of an account with their intervals, and ratios of them."""

    numbers: dict[str, Estimate]
    ratios: dict[str, Ratio]
    notes: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "numbers": {name: number.as_data() for name, number in self.numbers.items()},
            "ratios": {name: number.as_data() for name, number in self.ratios.items()},
            "notes": list(self.notes),
        }


def more_support(base: Law, other: Law) -> tuple[Bools, tuple[str, ...]]:
    """Return where and when the other law supports more than the base's; (year, sector, site) and the instruments."""
    plain = {table.instrument.row.id: table for table in base.subsidies}
    more: Bools | None = None
    names = []
    for table in other.subsidies:
        twin = plain.get(table.instrument.row.id)
        gain = np.maximum(table.now, table.expected)
        if twin is not None:
            gain = gain - np.maximum(twin.now, twin.expected)
        if (gain > 1e-12).any():
            names.append(table.instrument.row.id)
            more = gain > 1e-12 if more is None else more | (gain > 1e-12)
    if more is None:
        return np.zeros((1, 1, 1), dtype=np.bool_), ()
    return more, tuple(names)


def more_duty(base: Law, other: Law) -> Bools:
    """Return whose goods the other law taxes more in some year, in force or announced; (market, sector, site)."""
    paid = other.tariffs.now - base.tariffs.now
    believed = other.tariffs.expected - base.tariffs.expected
    return np.asarray((np.maximum(paid, believed) > 1e-9).any(axis=0))


def subsidy_account(lived: Lived, other: int, laws: tuple[Law, Law]) -> Account | None:
    """Return deadweight, additional jobs and their cost; None where the other law supports nothing more.

    Projects are announcements of plants at a place and time with more support than in the base, counted from the first
    difference. Cost: what the governments of the supported countries pay more, over the whole run, at prices of the
    day.
    """
    mask, names = more_support(*laws)
    since = lived.first(other)
    if not names or since is None:
        return None
    one = [supported_numbers(pair, mask, since, lived.years) for pair in lived.central(other)]
    all_draws = [[supported_numbers(pair, mask, since, lived.years) for pair in draw] for draw in lived.drawn(other)]
    numbers = _estimates(one, all_draws)

    paid = "outlay_usd_million"
    ratios = {
        "deadweight_share_of_jobs": _ratio(one, all_draws, "jobs_without_effect", "jobs_supported"),
        "deadweight_share_of_value": _ratio(one, all_draws, "value_without_effect", "value_supported"),
        "usd_per_additional_job_announced": _ratio(one, all_draws, paid, "jobs_announced_net", 1e6),
        "usd_per_additional_job_in_last_year": _ratio(one, all_draws, paid, "jobs_stock_last_year", 1e6),
        "usd_per_additional_job_year": _ratio(one, all_draws, paid, "job_years", 1e6),
    }
    return Account(numbers, ratios, (f"instruments: {', '.join(names)}",))


def supported_numbers(pair: Pair, mask: Bools, since: int, years: Sequence[int]) -> dict[str, float]:
    """Return the numbers of the subsidy account of one pair; mask: (year, sector, site) more support."""
    setting = pair.traces.setting
    area: Bools = np.asarray(mask.any(axis=0), dtype=np.bool_)
    result: dict[str, float] = {}
    kinds = twin_of_supported(pair, mask, since, years)
    events, kind = kinds
    value = pair.traces.birth.value[events.firm] * VALUE_UNIT * events.part
    for place, name in enumerate(SUPPORTED):
        chosen = kind == place
        result[f"projects_{name}"] = float(pair.traces.birth.programmes[events.firm[chosen]].sum())
        result[f"value_{name}"] = float(value[chosen].sum())
        result[f"jobs_{name}"] = float(events.jobs[chosen].sum())
    for what in ("projects", "value", "jobs"):
        result[f"{what}_supported"] = sum(result[f"{what}_{name}"] for name in SUPPORTED)
        result[f"{what}_without_effect"] = result[f"{what}_supported"] - result[f"{what}_additional"]
    jobs = [jobs_announced(setting, pair, side, area, since) for side in ("base", "other")]
    result["jobs_announced_net"] = jobs[1] - jobs[0]
    countries = np.unique(np.asarray(setting.geography.country_of_site)[area.any(axis=0)])
    names = [f"country:{setting.geography.countries[c]}" for c in countries]
    result["outlay_usd_million"] = float(sum(_path(pair, "Subsidy|Outlay", name).sum() for name in names))
    stock = np.sum([_path(pair, "Jobs|Stock", name) for name in names], axis=0)
    result["jobs_stock_last_year"], result["job_years"] = float(stock[-1]), float(stock.sum())
    return result


def twin_of_supported(
    pair: Pair, mask: Bools, since: int, years: Sequence[int]
) -> tuple[Events, npt.NDArray[np.int64]]:
    """Return each firm's first supported project and what its twin did, as a place in SUPPORTED; (event,)."""
    trace = pair.traces
    setting = trace.setting
    area: Bools = np.asarray(mask.any(axis=0), dtype=np.bool_)
    mine = _first_of_firm(_in_area(setting, pair, "other", area, since), trace, mask, years)
    reached = _in_area(setting, pair, "base", area, since)
    twin_year = np.full(trace.birth.cell.size, np.iinfo(np.int64).max)
    np.minimum.at(twin_year, reached.firm, reached.year.astype(np.int64))
    _, sector = place_of(setting, trace.birth.cell[mine.firm])
    there = area[sector, mine.left]
    when = twin_year[mine.firm]
    kind = np.full(mine.firm.size, SUPPORTED.index("additional"), dtype=np.int64)
    kind[when < np.iinfo(np.int64).max] = SUPPORTED.index("brought_forward")
    kind[when <= mine.year] = SUPPORTED.index("anyway")
    kind[there] = SUPPORTED.index("already_there")
    return mine, kind


def jobs_announced(setting: Setting, pair: Pair, side: str, area: Bools, since: int) -> float:
    """Return the jobs of all plants announced in the supported area by firms from outside it."""
    events = _in_area(setting, pair, side, area, since)
    _, sector = place_of(setting, pair.traces.birth.cell[events.firm])
    return float(events.jobs[~area[sector, events.left]].sum())


def _in_area(setting: Setting, pair: Pair, side: str, area: Bools, since: int) -> Events:
    events: Events = getattr(pair.traces, side)["announced"]
    _, sector = place_of(setting, pair.traces.birth.cell[events.firm])
    return events.chosen(area[sector, events.reached] & (events.year >= since))


def _first_of_firm(events: Events, trace: Any, mask: Bools, years: Sequence[int]) -> Events:
    _, sector = place_of(trace.setting, trace.birth.cell[events.firm])
    paid = events.chosen(mask[events.year - years[0], sector, events.reached])
    _, first = np.unique(paid.firm, return_index=True)
    return paid.chosen(np.isin(np.arange(paid.firm.size), first))


def tariff_account(lived: Lived, other: int, laws: tuple[Law, Law], stage: str, border: str) -> Account | None:
    """Return induced, diverted and deterred moves; None where the other law taxes nothing more."""
    mask = more_duty(*laws)
    since = lived.first(other)
    if not mask.any() or since is None:
        return None
    one = [taxed_numbers(pair, mask, stage, border, since) for pair in lived.central(other)]
    draws = [[taxed_numbers(pair, mask, stage, border, since) for pair in draw] for draw in lived.drawn(other)]
    return Account(_estimates(one, draws), {})


def taxed_numbers(pair: Pair, mask: Bools, stage: str, border: str, since: int) -> dict[str, float]:
    """Return value and jobs by kind of response; mask: (market, sector, site) where duties are higher.

    bystanders_value: value of the first moves that the policy changed among firms whose goods it does not tax
    """
    trace = pair.traces
    setting, birth = trace.setting, trace.birth
    base, other = (first_moves(setting, birth, side[stage], border, since) for side in (trace.base, trace.other))
    kind = np.array(CLASSES, dtype=object)[classify(base, other)]
    market, sector = place_of(setting, birth.cell)
    left = np.where(other.left >= 0, other.left, np.where(base.left >= 0, base.left, main_before(trace, since)))
    taxed_cell = np.asarray(mask.any(axis=2), dtype=np.bool_)[market, sector]

    def taxed(site: npt.NDArray[np.int64]) -> Bools:
        return np.asarray(mask[market, sector, np.maximum(site, 0)] & (site >= 0))

    home = setting.at_home[market, np.maximum(other.reached, 0)]
    leaves = (kind == "induced") & taxed(left) & ~taxed(other.reached)
    groups = {
        "induced_home": leaves & home,
        "induced_elsewhere": leaves & ~home,
        "induced_other": (kind == "induced") & ~leaves,
        "diverted": (kind == "elsewhere") & taxed(base.reached) & ~taxed(other.reached),
        "redirected": (kind == "elsewhere") & ~(taxed(base.reached) & ~taxed(other.reached)),
        "deterred": (kind == "held") & taxed(base.reached),
        "held_other": (kind == "held") & ~taxed(base.reached),
    }
    result: dict[str, float] = {}
    for name in TAXED:
        chosen = groups[name] & taxed_cell
        world = base if name in ("deterred", "held_other") else other
        result[f"value_{name}"] = float(world.value[chosen].sum())
        result[f"jobs_{name}"] = float(world.jobs[chosen].sum())
        result[f"programmes_{name}"] = float(birth.programmes[chosen].sum())
    touched = np.isin(kind, ("induced", "held", "elsewhere", "earlier", "later")) & ~taxed_cell
    result["value_bystanders"] = float(np.maximum(base.value, other.value)[touched].sum())
    return result


def _estimates(rows: list[dict[str, float]], draws: list[list[dict[str, float]]]) -> dict[str, Estimate]:
    return {
        name: estimate(
            np.array([row[name] for row in rows]),
            np.array([[row[name] for row in draw] for draw in draws]) if draws else None,
        )
        for name in rows[0]
    }


def _ratio(
    rows: list[dict[str, float]], draws: list[list[dict[str, float]]], above: str, below: str, scale: float = 1.0
) -> Ratio:
    """Return the ratio of two numbers with its intervals by chance and by parameters."""
    top, base = (np.array([row[name] for row in rows]) for name in (above, below))
    found = ratio(scale * top, base)
    if not draws:
        return found
    tops, bases = (
        on_the_whole(np.array([[row[name] for row in draw] for draw in draws]), central)
        for name, central in ((above, top), (below, base))
    )
    low, high = ratio_over_draws(scale * tops, bases)
    return replace(found, parameter_low=low, parameter_high=high)


def _path(pair: Pair, variable: str, site: str) -> Floats:
    for block, values in pair.difference.items():
        if block.variable == variable and site in block.labels[1] and block.labels[2] == ("all",):
            return np.asarray(values[:, 0, block.labels[1].index(site), 0, 0])
    return np.zeros(1)
