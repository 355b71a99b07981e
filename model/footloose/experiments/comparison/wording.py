"""What one scenario changes against another, in words: from what to what, since when, and what of it has no effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from footloose.experiments.comparison.hybrids import RECORD, Change, Part, changes, hybrid, parts, sized
from footloose.experiments.comparison.worlds import Twins, shown
from footloose.history import PolicyRow
from footloose.scenario import Scenario
from footloose.scenario.names import policy_record
from footloose.scenario.values import SIZE
from footloose.simulation import begin_run
from footloose.year import live_one_year, look, price, weigh_uncertainty

FEW_FIRMS = 1_000
"""Enough to see whether an input has any effect at all: costs are the same for one firm and for a million."""
SHORT = 70


@dataclass(frozen=True)
class Sentence:
    """One thing that differs, and the part of the scenario it belongs to."""

    part: str
    text: str


def in_words(base: Scenario, other: Scenario) -> list[Sentence]:
    """Return a sentence for everything in which the other scenario differs from the base."""
    found = []
    values = changes(base, other)
    for part in parts(base, other):
        for key, name in part.keys:
            if key == RECORD and name:
                found.append(Sentence(part.name, record_sentence(name, other)))
            elif key == RECORD:
                found += [Sentence(part.name, text) for text in record_sentences(base, other)]
            elif key == "policies":
                found += [Sentence(part.name, text) for text in policy_sentences(name, base, other)]
            else:
                start = f"{key}.{name}" if name else key
                mine = [change for change in values if change.key == start or change.key.startswith(f"{start}.")]
                found += [Sentence(part.name, value_sentence(change)) for change in mine]
    return found


def value_sentence(change: Change) -> str:
    """Return one changed value in words; dated paths say since when."""
    if isinstance(change.after, dict) and isinstance(change.before, dict | int | float):
        return f"{change.key}: {path_in_words(change.before)} becomes {path_in_words(change.after)}"
    if change.before is None:
        return f"{change.key}: set to {_short(change.after)}"
    if change.after is None:
        return f"{change.key}: {_short(change.before)} is no longer set"
    if change.after == "off" or change.before == "off":
        return f"{change.key}: switched {'off' if change.after == 'off' else 'on'}"
    return f"{change.key}: {_short(change.before)} becomes {_short(change.after)}, from the first year on"


def path_in_words(path: Any) -> str:
    """Return a number or dated path: `25 since 2027, 60 since 2029`."""
    if not isinstance(path, dict):
        return _short(path)
    return ", ".join(f"{_short(value)} since {_day(str(day))}" for day, value in path.items())


def record_sentence(name: str, other: Scenario) -> str:
    """Return what it means that one scenario leaves out a law or instrument of the record and the other does not."""
    rows = [row for row in policy_record() if name in (row.id, row.authority)]
    first = min(row.announced for row in rows)
    verb = "never happens" if name in other.policy_record.without else "happens as on record"
    what = f"{len(rows)} instruments" if len(rows) > 1 else f"“{rows[0].title}”"
    kinds = ", ".join(sorted({row.kind.replace("_", " ") for row in rows}))
    return f"{name} {verb}: {what} ({kinds}{_peak(rows)}), first announced {first.isoformat()}"


def _peak(rows: list[PolicyRow]) -> str:
    duties = [float(row.rates.max()) for row in rows if row.kind == "tariff"]
    return f" of up to {max(duties):g} points of a sector's trade" if duties else ""


def record_sentences(base: Scenario, other: Scenario) -> Iterator[str]:
    """Yield what a change of the whole record means."""
    kept = [{row.id for row in policy_record() if scenario.policy_record.keeps(row)} for scenario in (base, other)]
    rows = {row.id: row for row in policy_record()}
    for names, verb in ((kept[0] - kept[1], "no longer part of it"), (kept[1] - kept[0], "part of it now")):
        if names:
            first = min(rows[name].announced for name in names)
            yield f"policy record: {len(names)} instruments are {verb}, the first announced {first.isoformat()}"


def policy_sentences(name: str, base: Scenario, other: Scenario) -> Iterator[str]:
    """Yield how an instrument of a scenario differs: new, gone, or changed key by key."""
    one, two = (scenario.as_data()["policies"].get(name) for scenario in (base, other))
    if one is None and two is not None:
        yield f"new {instrument_in_words(name, two)}"
    elif two is None and one is not None:
        yield f"gone: {instrument_in_words(name, one)}"
    elif one is not None and two is not None:
        for key in dict.fromkeys([*one, *two]):
            if one.get(key) != two.get(key):
                since = f", in force from {_day(str(two['from']))}" if key != "from" else ""
                yield f"{name}: {key} {path_in_words(one.get(key))} becomes {path_in_words(two.get(key))}{since}"


def instrument_in_words(name: str, data: dict[str, Any]) -> str:
    """Return an instrument: kind, rate, where, since when, until when, and what firms believe."""
    form = next(key for key in ("rate", "capex_share", "usd_per_job", "output_share", "usd_per_unit") if key in data)
    unit = {"usd_per_job": "USD a job", "usd_per_unit": "USD a unit"}.get(form, "%")
    what = {"rate": "on goods from", "capex_share": "of capital cost at", "output_share": "of output at"}.get(
        form, "at"
    )
    if isinstance(data[form], dict) and not all(str(key)[:1].isdigit() for key in data[form]):
        rate = "; ".join(f"{sector} {path_in_words(path)}" for sector, path in data[form].items())
    else:
        rate = path_in_words(data[form])
    places = ", ".join(data["sites"])
    market = f" in {data['market']}" if "market" in data else ""
    sectors = "all sectors" if "all" in data["sectors"] else ", ".join(data["sectors"])
    when = f"announced {_day(str(data.get('announced', data['from'])))}, in force from {_day(str(data['from']))}"
    until = f" until {_day(str(data['until']))}" if data.get("until") else ""
    return f"{data['kind']} {name}: {rate} {unit} {what} {places}{market}, {sectors}; {when}{until}; {_belief(data)}"


def _belief(data: dict[str, Any]) -> str:
    belief = data.get("believed", "permanent")
    if isinstance(belief, dict) and "lasts" in belief:
        return f"believed to last {belief['lasts']:g} years"
    if isinstance(belief, dict):
        return f"believed chance of reversal {belief['learned']:g} a year at first, learned"
    return "believed permanent" if belief == "permanent" else f"believed chance of reversal {belief} a year"


@dataclass(frozen=True)
class Effects:
    """What of a scenario's differences matters at all.

    first : first year in which any cost, or anything the record keeps, differs; None if nothing does
    idle  : parts without any effect: neither added to the base nor taken from the other do they change a byte
    """

    first: int | None
    idle: tuple[str, ...]


def effects(twins: Twins, other: int) -> Effects:
    """Run small worlds that differ in one part at a time and look which parts change no cost and no table.

    A part that seems to change nothing is looked at again with all firms.
    """
    worlds = (twins.base.scenario, twins.others[other].scenario)
    few = min(worlds[0].firms, FEW_FIRMS)
    small = (sized(worlds[0], few), sized(worlds[1], few))
    found, ends = parts(*small), [traces_left(scenario) for scenario in small]
    idle = [part for part in found if len(found) > 1 and _idle(part, found, small, ends)]
    if idle and few < worlds[0].firms:
        ends = [traces_left(scenario) for scenario in worlds]
        idle = [part for part in idle if _idle(part, found, worlds, ends)]
    first = first_apart(traces_left(small[0]), traces_left(small[1]), worlds[0].years.start)
    names = found if first is None else idle
    return Effects(first, tuple(part.name for part in names))


def _idle(part: Part, found: list[Part], worlds: tuple[Scenario, Scenario], ends: list[list[str]]) -> bool:
    if traces_left(hybrid(*worlds, [part])) != ends[0]:
        return False
    return traces_left(hybrid(*worlds, [other for other in found if other is not part])) == ends[1]


def traces_left(scenario: Scenario) -> list[str]:
    """Return a hash of each year's costs, uncertainty and tables, of one replicate; without the reasons by line.

    The reasons have a column for every mechanism, whether it does anything or not.
    """
    run = begin_run(scenario)
    left = []
    for year in run.setting.law.years:
        world = look(run, year)
        ledger, digest = price(run, world), sha256()
        shape = run.setting.shape
        for cost in (ledger.mean_now(), ledger.expected_by_loading(), ledger.entry, weigh_uncertainty(run, world)):
            whole = cost if cost.ndim < len(shape) else np.broadcast_to(cost, (*cost.shape[: -len(shape)], *shape))
            digest.update(np.ascontiguousarray(whole + 0.0).tobytes())
        tables = live_one_year(run, year)
        for name in sorted(tables):
            if name != "reasons":
                digest.update(np.ascontiguousarray(tables[name]).tobytes())
        left.append(digest.hexdigest())
    return left


def first_apart(one: list[str], other: list[str], start: int) -> int | None:
    """Return the first year in which two runs left something else; None if never."""
    return next((start + place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]), None)


def sizes_in_words(base: Scenario, other: Scenario) -> Iterator[str]:
    """Yield differences that twins do not have, since they share them: firms, seed, years."""
    for key in SIZE:
        if getattr(base, key) != getattr(other, key):
            yield f"{key}: {shown(getattr(other, key))} in its file; twins share {shown(getattr(base, key))}"


def _day(day: str) -> str:
    return day.removesuffix("-01").removesuffix("-01") if day.endswith("-01-01") else day.removesuffix("-01")


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
