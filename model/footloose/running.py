"""A run under way: its rules, what changes from year to year, and how the hooks of mechanisms are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from footloose.anchor import Anchor
from footloose.block import Block
from footloose.firms import Firms
from footloose.ledger import Ledger, Line
from footloose.outlay import Grants
from footloose.registry import Mechanism
from footloose.sections import Decisions, Orders, Projects
from footloose.terrain import Terrain
from footloose.world import Activity, Floats, Ints, Setting, World

Tables = dict[str, Floats]


@dataclass(frozen=True)
class Rules:
    """The parameters of a run: mechanisms switched on, with their blocks, and the sections."""

    mechanisms: Mapping[str, tuple[Mechanism, Block]]
    decisions: Decisions
    orders: Orders
    projects: Projects

    @cached_property
    def in_name_order(self) -> tuple[tuple[str, Mechanism, Block], ...]:
        """Name, mechanism and parameters in the order in which they are asked, so that no other order can matter."""
        return tuple((name, *self.mechanisms[name]) for name in sorted(self.mechanisms))

    @cached_property
    def by_hook(self) -> Mapping[str, list[tuple[Callable[..., Any], Block]]]:
        """What mechanisms say to each hook that any of them has, with their parameters, in name order."""
        found: dict[str, list[tuple[Callable[..., Any], Block]]] = {}
        for _, mechanism, params in self.in_name_order:
            for hook, answer in mechanism.hooks.items():
                found.setdefault(hook, []).append((answer, params))
        return found

    def answers(self, hook: str) -> bool:
        """Say whether any mechanism has this hook."""
        return hook in self.by_hook

    def ask(self, hook: str, world: World) -> list[Any]:
        """Return what every mechanism that has this hook answers, in name order."""
        return [answer(params, world) for answer, params in self.by_hook.get(hook, ())]

    def added(self, hook: str, world: World, shape: tuple[int, ...]) -> Floats:
        """Return the sum of the answers, zero where nobody answers."""
        return sum(self.ask(hook, world), np.zeros(shape))

    def multiplied(self, hook: str, world: World, shape: tuple[int, ...]) -> Floats:
        """Return the product of the answers, one where nobody answers."""
        return np.asarray(prod(self.ask(hook, world), start=np.ones(shape)))


@dataclass
class Run:
    """A run under way: what changes from year to year."""

    setting: Setting
    rules: Rules
    anchor: Anchor
    terrain: Terrain
    reach: Floats
    """Pull of all sites that lie so far apart from each site; (cell, site, tie)."""
    firms: Firms
    seed: int
    replicate: int
    footing: Ints
    """Output by footprint, (cell, main, second), single sites on the diagonal; in the unit of values."""
    building: Ints
    """Twice the output of the plants under construction, (cell, site)."""
    total: int
    base_lines: Mapping[str, Line]
    base_duty: Floats
    """Collected duty rates of the base year; (market, sector, site)."""
    state: Tables
    activity: Activity
    noticed: Floats
    mean_size: float
    demand: Floats
    """Demand this year, base year 1; (market, sector)."""
    demand_before: Floats
    """The same a year ago."""
    standing: tuple[Ints, Ints, bool]
    """What stands after this year's decisions, counted afresh: see `orders.count_output`."""
    spent: dict[str, float] = field(default_factory=dict)
    supported: Tables = field(default_factory=dict)
    grants: dict[str, Grants] = field(default_factory=dict)
    opened_jobs: list[Floats] = field(default_factory=list)
    announced_projects: int = 0
    opened_projects: int = 0
    cancelled_projects: int = 0


def position(ledger: Ledger, name: str) -> int:
    """Return the place of a line in the ledger, -1 where the mechanism is switched off."""
    return ledger.names.index(name) if name in ledger.names else -1


def demand_scale(run: Run) -> Floats:
    """Return the demand of the cell's market and sector, base year 1: what output has grown to; (cell,)."""
    return np.repeat(run.demand.reshape(-1), run.setting.shape[2])


def base_activity(setting: Setting) -> Activity:
    """Return the base year's flows."""
    sales = setting.use_by_owner
    output = sales.sum(axis=(0, 2))
    jobs = output * setting.base.jobs_per_output
    return Activity(sales, output, jobs, jobs.copy(), {})
