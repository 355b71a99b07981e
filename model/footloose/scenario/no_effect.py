"""The guard against questions that ask nothing: keys of a scenario file that change no input of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from footloose.errors import Problem
from footloose.geography import load_geography
from footloose.merging import Layer
from footloose.policies import Event, Instrument
from footloose.scenario.mistakes import dotted
from footloose.scenario.names import policy_record
from footloose.scenario.resolved import Scenario
from footloose.source import Branch, Entry, Mark, child, is_null, leaves

DESCRIPTION = ("name", "title", "question", "evidence")
DATED = ("policies", "shocks")
CONTROLS = "export_controls"
"""The mechanism that reads export controls."""
READERS = {
    "disruption": ("backup", "disruption"),
    "blockade": ("backup", "disruption"),
    "freight": ("freight",),
    "demand": ("business_cycle",),
    "interest": ("business_cycle",),
}
"""The mechanisms that read each kind of shock; shocks to wages and exchange rates move the series themselves."""


def no_effect(scenario: Scenario, base: Scenario | None, layers: Sequence[Layer] = ()) -> list[Problem]:
    """Return a warning for everything the scenario says that changes no input of the model.

    base   : the scenario without its own file; None leaves out the comparison with inherited values
    layers : the scenario's own file and what lies over it, lowest first
    """
    found = [*_same_as_inherited(scenario, base), *_on_anyway(scenario, base)] if base is not None else []
    found += _parameters_of_what_is_off(scenario, layers)
    found += _record_without_effect(scenario)
    last = scenario.years.until
    idle = [(("policies", name), _idle(name, policy, last)) for name, policy in scenario.policies.items()]
    idle += [(("shocks", name), _idle_shock(name, event, last)) for name, event in scenario.shocks.items()]
    for path, messages in idle:
        entry = _entry(scenario.tree, path)
        if entry is not None:
            found += [_warning(entry.key, dotted(path), message) for message in messages]
    found += _controls_without_mechanism(scenario)
    found += _shocks_without_mechanism(scenario)
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.column))


def _same_as_inherited(scenario: Scenario, base: Scenario) -> Iterator[Problem]:
    """Yield every key of the scenario's own layers whose value is the inherited or default one anyway."""
    inherited = {entry.key for _, entry in leaves(base.tree)}
    data, before = scenario.as_data(), base.as_data()
    for path, entry in leaves(scenario.tree):
        if entry.key in inherited or path[0] in DESCRIPTION or _is_switch(path, entry):
            continue
        key = dotted(path)
        if is_null(entry.node):
            if _entry(base.tree, path) is None and not (path[0] in DATED and len(path) > 2):
                yield _warning(entry.key, key, "null deletes nothing: no such key is inherited")
            continue
        old, new = _value(before, path), _value(data, path)
        if path[0] in DATED and (len(path) < 2 or path[1] not in before[path[0]]):
            continue
        if new == old:
            yield _warning(entry.key, key, f"changes nothing: {_short(new)} is the value without it")


def _is_switch(path: tuple[str, ...], entry: Entry) -> bool:
    """Return True for a mechanism given as `on`, or as a mapping that sets nothing."""
    return path[0] == "mechanisms" and len(path) == 2 and isinstance(entry.node, Branch)


def _on_anyway(scenario: Scenario, base: Scenario) -> Iterator[Problem]:
    """Yield every `on` of the scenario's own layers for a mechanism that is on without it."""
    for name, block in scenario.mechanisms.items():
        path = ("mechanisms", name)
        entry, below = _entry(scenario.tree, path), _entry(base.tree, path)
        if entry is None or not isinstance(entry.node, Branch) or (below is not None and below.key == entry.key):
            continue
        old = below.node.entries if below is not None and isinstance(below.node, Branch) else {}
        adds = any(name not in old or old[name].key != inner.key for name, inner in entry.node.entries.items())
        if not adds and block is not None and block == base.mechanisms[name]:
            yield _warning(entry.key, dotted(path), "changes nothing: it is on without it")


def _parameters_of_what_is_off(scenario: Scenario, layers: Sequence[Layer]) -> Iterator[Problem]:
    """Yield every parameter of a mechanism that a higher layer switches off."""
    for name in (name for name, block in scenario.mechanisms.items() if block is None):
        path = ("mechanisms", name)
        switch = _entry(scenario.tree, path)
        for entry in (_entry(layer.root, path) for layer in layers):
            if entry is None or switch is None or not isinstance(entry.node, Branch):
                continue
            place = switch.key
            where = f"{place.file}:{place.line}" if place.line else place.file
            for inner, leaf in leaves(entry.node, path):
                yield _warning(leaf.key, dotted(inner), f"changes nothing: {where} switches {name} off")


def _record_without_effect(scenario: Scenario) -> Iterator[Problem]:
    """Yield what `policy_record` says without leaving out any instrument."""
    if _entry(scenario.tree, ("policy_record",)) is None:
        return  # and the record, which takes long, is not read
    rows = policy_record()
    record = scenario.policy_record
    entry = _entry(scenario.tree, ("policy_record", "without"))
    if entry is not None and not is_null(entry.node):
        if record.include == "none":
            yield _warning(entry.key, "policy_record.without", "changes nothing: include is none")
        elif not record.without:
            yield _warning(entry.key, "policy_record.without", "names nothing")
        for position, name in enumerate(record.without):
            item = child(entry.node, position) or entry
            others = record.model_copy(update={"without": tuple(set(record.without) - {name})})
            if record.include != "none" and not any(
                others.keeps(row) and name in (row.id, row.authority) for row in rows
            ):
                message = f"{name} changes nothing: it is left out already"
                yield _warning(item.key, f"policy_record.without.{position}", message)
            elif scenario.mechanisms.get(CONTROLS) is None and {
                row.kind for row in rows if name in (row.id, row.authority)
            } == {"export_control"}:
                message = f"{name} changes nothing: export controls act only where the mechanism {CONTROLS} is on"
                yield _warning(item.key, f"policy_record.without.{position}", message)
    entry = _entry(scenario.tree, ("policy_record", "until"))
    if entry is not None and record.until is not None and all(row.announced < record.until for row in rows):
        yield _warning(entry.key, "policy_record.until", "changes nothing: no instrument was announced later")


def _controls_without_mechanism(scenario: Scenario) -> Iterator[Problem]:
    """Yield the scenario's own export controls where no mechanism reads them."""
    if scenario.mechanisms.get(CONTROLS) is not None:
        return
    for name, policy in scenario.policies.items():
        entry = _entry(scenario.tree, ("policies", name))
        if entry is not None and policy.kind == "export_control":
            message = f"changes nothing: export controls act only where the mechanism {CONTROLS} is on"
            yield _warning(entry.key, f"policies.{name}", message)


def _shocks_without_mechanism(scenario: Scenario) -> Iterator[Problem]:
    """Yield the scenario's shocks where every mechanism that reads them is off."""
    for name, event in scenario.shocks.items():
        readers = READERS.get(event.kind, ())
        entry = _entry(scenario.tree, ("shocks", name))
        if entry is None or not readers or any(scenario.mechanisms.get(reader) is not None for reader in readers):
            continue
        needed = f"{'one of the mechanisms' if len(readers) > 1 else 'the mechanism'} {', '.join(readers)}"
        message = f"changes nothing: a shock of kind {event.kind} acts only where {needed} is on"
        yield _warning(entry.key, f"shocks.{name}", message)


def _idle_shock(name: str, event: Event, last_year: int) -> Iterator[str]:
    """Yield why an event changes nothing."""
    if event.start > date(last_year, 12, 31):
        yield f"begins {event.start.isoformat()}, after the last year {last_year}: it changes nothing"
    if event.until is not None and event.until <= date(2010, 1, 1):
        yield f"ends {event.until.isoformat()}, before the first year 2010"
    shock = event.as_shock(name, load_geography())
    if not shock.strikes:
        yield "its size is 0 on every day: it changes nothing"
    if not shock.reach.any():
        yield "it strikes nothing: a site always gets its own parts"


def _idle(name: str, policy: Instrument, last_year: int) -> Iterator[str]:
    """Yield why an instrument changes nothing."""
    geography = load_geography()
    announced = policy.announced or policy.start
    if announced > date(last_year, 12, 31):
        yield f"announced {announced.isoformat()}, after the last year {last_year}: never seen"
    elif policy.start > date(last_year, 12, 31):
        when = policy.start.isoformat()
        yield f"in force from {when}, after the last year {last_year}: only its announcement counts"
    if policy.until is not None and policy.until <= date(2010, 1, 1):
        yield f"ends {policy.until.isoformat()}, before the first year 2010"
    row = policy.as_row(name, geography)
    if row.rates.any():
        return
    if policy.with_all_sites(geography).as_row(name, geography).rates.any():
        goods = "to" if policy.kind == "export_control" else "from"
        yield f"no goods {goods} these sites cross the border of {row.market}: the sites lie inside it"
    else:
        yield "its rate is 0 on every day, sector and site: it changes nothing"


def _entry(tree: Branch, path: tuple[str, ...]) -> Entry | None:
    entry: Entry | None = Entry(tree.mark, tree)
    for step in path:
        entry = child(entry.node, step) if entry is not None else None
    return entry


def _value(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if not isinstance(data, dict) or step not in data:
            return None
        data = data[step]
    return data


def _warning(place: Mark, key: str, message: str) -> Problem:
    return place.problem(f"{key}: {message}", key, warning=True)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
