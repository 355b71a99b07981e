"""The members of the shipped ensemble, each run and measured; the baseline's own parameters beside them.

Runs go through the store of the fit: what it has made in a folder, the card finds there and does not make again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from footloose.ensemble import read_ensemble
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.fitting.runs import bench

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Member:
    """A draw of the ensemble: its name and the values of the parameters."""

    name: str
    values: dict[str, float]


@dataclass(frozen=True)
class Measured:
    """What the members came out at.

    values   : means over replicates, where there is no ensemble the replicates themselves; (member, target)
    chance   : standard deviation of one of them by the draws of a run; (target,)
    baseline : the baseline's own parameters, mean over replicates; (target,)
    first    : the first replicate of the first member: what a test can make again; (target,)
    """

    members: tuple[Member, ...]
    values: Floats
    chance: Floats
    baseline: Floats
    first: Floats


def members_of(problem: Problem, path: Path | None, wanted: int) -> tuple[Member, ...]:
    """Return so many members of an ensemble, evenly over its table; without one, one with the baseline's own values.

    raises: FootlooseError, ScenarioError for a table that cannot be read
    """
    if path is None:
        return (Member("baseline", {}),)
    draws = read_ensemble(path, problem.scenario).draws
    places = np.unique(np.linspace(0, len(draws) - 1, min(wanted, len(draws))).round().astype(int))
    return tuple(Member(draws[k].name, {key: float(value) for key, value in draws[k].values.items()}) for k in places)


def run_members(
    problem: Problem, members: Sequence[Member], replicates: int, folder: Path, workers: int, say: Say
) -> Measured:
    """Run members and the baseline, or find them in the store of a folder, and measure them.

    raises: FootlooseError when too many runs fail, OutputError when the folder cannot be used
    """
    points = [{}, *(member.values for member in members if member.values)]
    with bench(problem, folder, workers, say) as place:
        found = place.measure("report card", points, replicates, problem.first)
    by_chance = found.std(axis=1, ddof=1).mean(axis=0) if replicates > 1 else np.full(found.shape[2], np.nan)
    baseline = found[0].mean(axis=0)
    if not members[0].values:
        names = tuple(Member(f"replicate {number}", {}) for number in range(1, replicates + 1))
        return Measured(names, found[0], by_chance, baseline, found[0, 0])
    return Measured(tuple(members), found[1:].mean(axis=1), by_chance / np.sqrt(replicates), baseline, found[1, 0])
