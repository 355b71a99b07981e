"""Finds the mechanisms and says what a mechanism may offer.

A mechanism is one module in `footloose/mechanisms`; dropping a file there is the whole change. It must have
    Params    a Block with its parameters
and may have
    BASELINE  False where it is off unless a scenario names it (default: True)
    EVIDENCE  how well its effect is pinned: firm (default), suggestive or story
and, with (params, world) as arguments and arrays that broadcast to (market, sector, origin, site) unless said,
    LOADING   the firm attribute that multiplies its line (default: one)
    cost        -> Line                its line of the ledger
    initial     -> {table: array}      state tables it owns, in the base year
    advance     -> {table: array}      the same tables a year later; it sees the world with the year's activity
    uncertainty -> array               how much of the cost is uncertain policy, log points
    hedge       -> array               what a second site is worth beyond that, log points
    rootedness  -> array               log odds against leaving a site, on top of the sunk cost
    permission  -> array               chance that a plant is allowed, relative to the base year (0 to 1)
    pace        -> array               factor on the chance of a review
    delay, refusal -> array            yearly chance that a project there is delayed, given up, on top
    demand      -> (market, sector)    factor on what markets want to buy
    outage      -> (sector, site)      share of the year's output a site cannot make (0 to 1)
    buffer      -> (market, sector)    share of a year's purchases that buyers hold in stock
    duty        -> (market, sector, site)  duty collected on top of the schedule, 0.25 = 25 %
    REPORTS     {name: Reported}       tables it adds to the record, and
    report      -> {name: array}       what they hold this year
What decides (permission, pace, rootedness, hedge) is neutral in the base year: one, one, zero, zero.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from footloose import mechanisms
from footloose.beliefs import Beliefs
from footloose.block import Block
from footloose.errors import FootlooseError, nearest
from footloose.ledger import Loading
from footloose.sections import Decisions, Orders, Population, Projects
from footloose.variables import Reported

HOOKS = (
    "advance",
    "buffer",
    "cost",
    "delay",
    "demand",
    "duty",
    "hedge",
    "initial",
    "outage",
    "pace",
    "permission",
    "refusal",
    "report",
    "rootedness",
    "uncertainty",
)

EVIDENCE = ("story", "suggestive", "firm")
"""How well the effect of a mechanism is pinned, weakest first: told but not measured; measured once or elsewhere, or
with wide ranges; measured more than once for what the model uses it for."""


@dataclass(frozen=True)
class Mechanism:
    """One mechanism as found: its name, its parameters' block and the hooks it offers.

    baseline : on in every scenario that does not switch it off; otherwise off until a scenario names it
    evidence : one of EVIDENCE
    """

    name: str
    summary: str
    params: type[Block]
    loading: Loading
    hooks: Mapping[str, Callable[..., Any]]
    reports: Mapping[str, Reported]
    baseline: bool = True
    evidence: str = "firm"

    @property
    def cost(self) -> Callable[..., Any] | None:
        """What gives its line of the ledger, None where it has none."""
        return self.hooks.get("cost")


@cache
def find_mechanisms() -> Mapping[str, Mechanism]:
    """Return every mechanism by name, in name order."""
    names = sorted(module.name for module in pkgutil.iter_modules(mechanisms.__path__))
    return {name: _read(name, importlib.import_module(f"{mechanisms.__name__}.{name}")) for name in names}


def mechanism_blocks() -> dict[str, type[Block]]:
    """Return the parameter block of every mechanism by name."""
    return {name: mechanism.params for name, mechanism in find_mechanisms().items()}


def reported_tables(names: Iterable[str]) -> dict[str, Reported]:
    """Return the tables that these mechanisms add to the record, by name."""
    found = find_mechanisms()
    return {table: reported for name in sorted(names) for table, reported in found[name].reports.items()}


def section_blocks() -> dict[str, type[Block]]:
    """Return the parameter blocks of the parts that are not mechanisms: decisions, projects, orders and so on."""
    return {
        "beliefs": Beliefs,
        "decisions": Decisions,
        "orders": Orders,
        "population": Population,
        "projects": Projects,
    }


def _read(name: str, module: ModuleType) -> Mechanism:
    summary = (module.__doc__ or name).strip().splitlines()[0]
    return Mechanism(
        name=name,
        summary=summary,
        params=module.Params,
        loading=getattr(module, "LOADING", Loading.ONE),
        hooks={hook: getattr(module, hook) for hook in HOOKS if hasattr(module, hook)},
        reports=getattr(module, "REPORTS", {}),
        baseline=_baseline(name, module),
        evidence=_evidence(name, module),
    )


def _baseline(name: str, module: ModuleType) -> bool:
    given = getattr(module, "BASELINE", True)
    if not isinstance(given, bool):
        raise FootlooseError(f"mechanisms/{name}.py: BASELINE is {given!r}; allowed: True, False")
    return given


def _evidence(name: str, module: ModuleType) -> str:
    given = getattr(module, "EVIDENCE", "firm")
    if given not in EVIDENCE:
        close = nearest(str(given), EVIDENCE)
        hint = f"; did you mean {close!r}?" if close else ""
        raise FootlooseError(f"mechanisms/{name}.py: EVIDENCE is {given!r}{hint}; allowed: {', '.join(EVIDENCE)}")
    return str(given)
