"""One run as the fit sees it: the values of the parameters in, the measures of all targets out."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from footloose.experiments.comparison.hybrids import with_values
from footloose.experiments.sweep.keys import digest_of
from footloose.experiments.sweep.points import Point
from footloose.experiments.sweep.running import Runner
from footloose.experiments.sweep.selection import Selection
from footloose.record import Record
from footloose.scenario import Scenario
from footloose_calibration.fitting import elasticity

Floats = npt.NDArray[np.float64]
HOME = "footloose_calibration"


@dataclass(frozen=True)
class MeasureTask:
    """What workers do for a fit: run a point and measure it.

    scenario : with years, firms and seed of every run
    measure  : module:function, which returns numbers by name from a record
    wanted   : (name, quantity) of those that are kept, in this order
    twins    : the world without and with a duty, from which the trade elasticity is measured; empty: not measured
    """

    scenario: Scenario
    measure: str
    wanted: tuple[tuple[str, str], ...]
    twins: tuple[Scenario, ...] = ()

    def runner(self, point: Point) -> MeasureRunner:
        """Return what runs the replicates of a point."""
        twins = [Runner(with_values(world, point, "a point of the fit"), Selection([])) for world in self.twins]
        return MeasureRunner(with_values(self.scenario, point, "a point of the fit"), self, twins)


class MeasureRunner(Runner):
    """Runs the replicates of one point and measures them."""

    gaps = True

    def __init__(self, scenario: Scenario, task: MeasureTask, twins: Sequence[Runner] = ()) -> None:
        super().__init__(scenario, Selection([]))
        self.task, self.twins = task, twins

    def key(self, replicate: int) -> str:
        """Return the key of a replicate: what decides the run, and what measures it."""
        code = [measures_digest(name) for name in (self.task.measure, f"{elasticity.__name__}:")]
        twins = [twin.key(replicate) for twin in self.twins]
        return digest_of([super().key(replicate), code, self.task.wanted, twins])

    def live(self, replicate: int) -> tuple[Floats, float]:
        """Return the measures of one replicate, (target,), and the seconds its simulation took."""
        record, seconds = self.record(replicate)
        found = dict(function_of(self.task.measure)(record))
        if self.twins:
            lived = [twin.record(replicate) for twin in self.twins]
            found |= elasticity.trade_elasticity(*(twin for twin, _ in lived))
            seconds += sum(spent for _, spent in lived)
        return np.array([float(found[name]) for name, _ in self.task.wanted]), seconds


@cache
def function_of(measure: str) -> Callable[[Record], Mapping[str, float]]:
    """Return the function that `module:function` names."""
    module, _, name = measure.partition(":")
    found: Callable[[Record], Mapping[str, float]] = getattr(import_module(module), name)
    return found


@cache
def measures_digest(measure: str) -> str:
    """Return a hash of the code of a measuring function: its module and what that imports of this package."""
    digest = hashlib.sha256()
    for path in sorted(sources_of(measure.partition(":")[0])):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def sources_of(module: str, known: frozenset[Path] = frozenset()) -> set[Path]:
    """Return the files of a module and of the modules of this package that it imports, by and by."""
    spec = find_spec(module)
    if spec is None or spec.origin is None or Path(spec.origin) in known:
        return set()
    path = Path(spec.origin)
    found = {path}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.split(".")[0] == HOME and is_module(name):
                found |= sources_of(name, known | found)
    return found


def is_module(name: str) -> bool:
    """Return whether a dotted name is a module, not something in one."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
