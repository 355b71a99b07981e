"""What two factors or outcomes of a sweep cannot share: a key of the scenario, or a name in figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from footloose.errors import Problem
from footloose.experiments.sweep.schema import Factor, Outcome, Sweep
from footloose.source import Mark

SWITCHES = ("on", "off")
"""Several factors may switch one mechanism: off wins."""
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def clashes(sweep: Sweep, place: Callable[..., Mark]) -> list[Problem]:
    """Return factors that set the same key, so that one would be lost, and labels that are given twice.

    place : where a key of the sweep file stands, as of SweepFile
    """
    groups = {"levers": sweep.levers, "uncertainties": sweep.uncertainties}
    factors = {(group, name): factor for group, members in groups.items() for name, factor in members.items()}
    outcomes = {("outcomes", name): outcome for name, outcome in sweep.outcomes.items()}
    problems: list[Problem] = []

    def once(here: tuple[str, str], what: str, names: Iterable[str], taken: dict[str, tuple[str, str]]) -> None:
        for name in names:
            first = taken.setdefault(name, here)
            if first != here:
                message = f"{'.'.join(here)}: {what.format(name=name, first='.'.join(first))}"
                problems.append(place(*here).problem(message, ".".join(here)))

    keys: dict[str, tuple[str, str]] = {}
    for here, factor in factors.items():
        once(here, "sets {name}, which {first} sets too; one of the two would be lost", keys_of(factor), keys)
    for group in (factors, outcomes):
        for language in ("en", "zh"):
            labels: dict[str, tuple[str, str]] = {}
            for here, named in group.items():
                once(here, "its label {name!r} is that of {first} already", label_of(named, language), labels)
    return problems


def label_of(named: Factor | Outcome, language: str) -> list[str]:
    """Return the label of a factor or an outcome in a language, if it has one."""
    label = getattr(named.label, language)
    return [str(label)] if label else []


def keys_of(factor: Factor) -> list[str]:
    """Return every key of the scenario that a factor sets, each once; what it switches on or off is none."""
    if not factor.choices:
        return list(dict.fromkeys(factor.key))
    found = (
        leaf for settings in factor.choices.values() for key, value in settings.items() for leaf in leaves(key, value)
    )
    return list(dict.fromkeys(found))


def leaves(key: str, value: Any) -> Iterator[str]:
    """Yield the dotted keys at which the values below a key stand; a dated path is one value."""
    if isinstance(value, Mapping) and not all(DATE.fullmatch(str(name)) for name in value):
        for name, inner in value.items():
            yield from leaves(f"{key}.{name}", inner)
    elif value not in SWITCHES:
        yield key
