"""The same choice by five engines: who decides what in a year, given the same tables, firms and draws.

Mesa and AgentPy run the plain agents of tests/reference, one object a programme; NumPy works on all reviewers at once;
the plain loop is tests/reference/scalar_choice.py; the engine is footloose.choice. Every peer must decide the same.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from plain_model import DROP_SECOND as DROPS_SECOND
from plain_model import MOVE as MOVES
from plain_model import STAY as STAYS
from plain_model import PlainModel, Programme
from scalar_choice import NAMES, review_one_by_one

from footloose import choice
from footloose.draws import Purpose, uniforms
from footloose.running import Run
from footloose.scenario import load
from footloose.simulation import begin_run
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Decisions = tuple[Ints, Ints, Ints]
"""Who changes, to which site, how (choice.MOVE and so on); each (change,)."""
KIND = {MOVES: choice.MOVE, "add": choice.ADD, DROPS_SECOND: choice.DROP_SECOND, "drop main": choice.DROP_MAIN}


class Undecided(PlainModel):
    """Plain agents who can go back to the moment before they decided."""

    def trade(self, world: Any) -> None:
        super().trade(world)
        self.before = [dict(vars(agent)) for agent in self.agents]

    def forget_decisions(self) -> None:
        for agent, before in zip(self.agents, self.before, strict=True):
            vars(agent).update(before)


@dataclass
class Situation:
    """A year's choice: the arguments of the kernel by name, the run they come from and its twin of plain agents."""

    given: dict[str, Any]
    run: Run
    plain: Undecided | None

    @property
    def firms(self) -> int:
        return int(self.given["cell"].size)

    def written(self) -> list[npt.NDArray[np.int64]]:
        return [np.empty(self.firms, dtype=np.int64) for _ in range(3)]

    def arguments(self) -> list[Any]:
        return [*self.given.values()][:-3]


def situation(firms: int, years: int = 3, agents: bool = False, overrides: tuple[str, ...] = ()) -> Situation:
    """Live through some years, with plain agents beside the engine on request; return the last year's choice."""
    scenario, seen = load("baseline", overrides=list(overrides)), {}
    original = choice.review_footprints

    def spy(*given: Any) -> int:
        seen.update((name, np.copy(what) if np.ndim(what) else what) for name, what in zip(NAMES, given, strict=True))
        return int(original(*given))

    run = begin_run(scenario, firms=firms)
    plain = Undecided(begin_run(scenario, firms=firms)) if agents else None
    choice.review_footprints = spy
    try:
        for year in range(2010, 2010 + years):
            live_one_year(run, year)
            if plain is not None:
                plain.step()
    finally:
        choice.review_footprints = original
    if plain is not None:
        plain.forget_decisions()
    return Situation(seen, run, plain)


def by_engine(given: Situation) -> Decisions:
    return _compiled(choice.review_footprints, given)


def by_plain_loop(given: Situation) -> Decisions:
    return _compiled(review_one_by_one, given)


def _compiled(kernel: Callable[..., int], given: Situation) -> Decisions:
    decided, site, kind = given.written()
    changes = kernel(*given.arguments(), decided, site, kind)
    return decided[:changes], site[:changes], kind[:changes]


def by_mesa(given: Situation) -> Decisions:
    assert given.plain is not None
    return _listed([agent.decide() for agent in given.plain.agents])


def by_agentpy(given: Situation) -> Decisions:
    assert given.plain is not None
    agents = getattr(given.plain, "agentpy_agents", None)
    if agents is None:
        agents = given.plain.agentpy_agents = _agentpy_agents(given.plain)
    return _listed(list(agents.decide()))


def agentpy_installed() -> bool:
    return importlib.util.find_spec("agentpy") is not None


def _agentpy_agents(plain: PlainModel) -> Any:
    """The same programmes as objects of AgentPy, with the same methods."""
    import agentpy

    methods = {name: part for name, part in vars(Programme).items() if not name.startswith("__")}
    kind = type("AgentPyProgramme", (agentpy.Agent,), methods)
    model = agentpy.Model()
    own = ("run", "year", "sites", "expected", "entry", "tables", "place", "largest_ease")
    for name in (*own, "ease_of_adding", "ease_of_dropping"):
        setattr(model, name, getattr(plain, name))
    agents = agentpy.AgentList(model, len(plain.agents), kind)
    for mine, theirs in zip(agents, plain.agents, strict=True):
        for name, value in vars(theirs).items():
            if name not in ("model", "unique_id", "pos"):
                setattr(mine, name, value)
    return agents


def _listed(decisions: list[tuple[str, int]]) -> Decisions:
    changed = [firm for firm, (what, _) in enumerate(decisions) if what != STAYS]
    site, kind = [decisions[firm][1] for firm in changed], [KIND[decisions[firm][0]] for firm in changed]
    return np.array(changed), np.array(site), np.array(kind)


def by_numpy(given: Situation) -> Decisions:
    """All reviewers at once, one array operation after the other."""
    g = given.given
    draws = uniforms(g["slot"].astype(np.int64), g["year"], int(Purpose.REVIEW), g["seed"], g["replicate"])
    cell, here = g["cell"].astype(np.int64), g["main"].astype(np.int64)
    partner = np.where(g["second"] < 0, here, g["second"]).astype(np.int64)
    chance = np.maximum(g["hazard"][cell, here], g["hazard"][cell, partner])
    who = np.flatnonzero((draws[0] < chance) & (g["target"] < 0))
    cell, here, partner = cell[who], here[who], partner[who]
    value, k, barrier_at = _values_and_ease(g, who, cell, here, partner)
    hedging = g["risk_aversion"][who] * 0.5 * (g["hedge"][cell, here] + g["hedge"][cell, partner])
    share, inclusive = _nested_weights(g, cell, value)
    within = share * np.take_along_axis(k, barrier_at, axis=1)
    now, then = within.sum(axis=1), (k * g["reach"][cell, here]).sum(axis=1)
    row = np.arange(who.size)
    first, other = value[row, here], value[row, partner]
    paired, ease = here != partner, g["ease"]
    leave = g["drop"] * k[row, g["tie"][g["market"][cell], here, partner]]
    both = np.exp(np.where(paired, 0.5 * (first + other), 0.5 * first) + hedging)
    stay = np.where(paired, (1.0 - leave) * both, np.maximum(1.0 - (1.0 + ease) * then, 0.0) * np.exp(first))
    one = np.where(paired, 0.5 * leave * np.exp(first), now)
    add = ease * now / np.sqrt(np.maximum(inclusive, 1e-300)) * both
    more = np.where(paired, 0.5 * leave * np.exp(other), add)
    draw = draws[1, who] * (stay + one + more)
    edges = np.cumsum(within, axis=1)
    reached = np.minimum((draws[2, who, None] * now[:, None] >= edges).sum(axis=1), edges.shape[1] - 1)
    is_one = draw < stay + one
    kind = np.where(paired, np.where(is_one, choice.DROP_SECOND, choice.DROP_MAIN), ~is_one)
    site = np.where(paired, np.where(is_one, here, partner), reached)
    changes = np.flatnonzero((draw >= stay) & (paired | (reached != here)))
    return who[changes], site[changes], kind[changes]


def _values_and_ease(g: dict[str, Any], who: Any, cell: Any, here: Any, partner: Any) -> tuple[Floats, Floats, Any]:
    """Return v (reviewer, site), k (reviewer, tie) and how far each site is (reviewer, site)."""
    loading = np.stack([np.ones(who.size), *(g[name][who] for name in NAMES[6:9])], axis=1)
    value = -g["theta"][cell, None] * np.einsum("nl,nlj->nj", loading, g["expected"][cell])
    apart = 0.5 * (g["uncertain"][cell, here] + g["uncertain"][cell, partner])
    roots = 0.5 * (g["rooted"][cell, here] + g["rooted"][cell, partner])
    doubt = g["sunk_cost"][who] * (1.0 + g["uncertainty_effect"] * apart)
    age = np.minimum((g["year"] - g["opened"][who]) / g["plant_life"], 1.0)
    barrier = doubt * g["sunk"][cell] + g["young_plant"] * (1.0 - age) + roots
    k = np.minimum(np.exp(-barrier[:, None] - doubt[:, None] * g["extra"]), g["largest"])
    return value, k, g["tie"][g["market"][cell], here]


def _nested_weights(g: dict[str, Any], cell: Any, value: Floats) -> tuple[Floats, Floats]:
    """Return the weight of building afresh at each site and their sum; (reviewer, site), (reviewer,)."""
    inverse = 1.0 / g["dissimilarity"]
    share = g["weight"][cell] * np.exp((value - g["theta"][cell, None] * g["entry"][cell]) * inverse)
    members = np.equal.outer(g["nest"], np.arange(g["nests"])).astype(np.float64)
    held = share @ members
    power = np.where(held > 0.0, held, 1.0) ** g["dissimilarity"] * (held > 0.0)
    return share * (power / np.where(held > 0.0, held, 1.0))[:, g["nest"]], power.sum(axis=1)


PEERS: dict[str, Callable[[Situation], Decisions]] = {
    "Mesa agents": by_mesa,
    "AgentPy agents": by_agentpy,
    "NumPy": by_numpy,
    "plain compiled loop": by_plain_loop,
    "footloose": by_engine,
}
