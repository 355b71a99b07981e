"""The ensemble: draws of the posterior confirmed by real runs, as the table that runs and comparisons read.

The rule: a draw passes when at most so many of the fitted targets within reach (a tenth, unless said otherwise) have an
implausibility above 3 in real runs. A target is out of reach when fewer than one in a hundred of all the runs of a fit,
anywhere within the priors, come that near: no choice of parameters can help there, which is what the report card shows,
and it can tell no draw from another. Pukelsheim (1994): less than 5 % of any unimodal distribution lies beyond three
standard deviations; Vernon et al. (2010) pass over the worst outputs in the same way. It is never loosened by itself:
when too few draws pass, that is what is reported.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.ensemble import NAME, read_ensemble
from footloose.errors import FootlooseError, OutputError
from footloose.experiments.sweep.export import whole_text
from footloose.experiments.sweep.keys import digest_of, engine_digest
from footloose.version import versions
from footloose_calibration.fitting.discrepancy import DISCREPANCY, FREEDOM
from footloose_calibration.fitting.measuring import measures_digest
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.fitting.runs import Bench
from footloose_calibration.fitting.waves import Fit

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
TABLE, SIDECAR = "ensemble.csv", "ensemble.json"
FAR = 3.0
"""Implausibility above which a target counts as missed."""
REACHED = 0.01
"""Share of all runs that have to come near a target for it to be within reach."""
ENOUGH = 100
"""Draws without which an ensemble is not installed."""


@dataclass(frozen=True)
class Ensemble:
    """Draws of the posterior and what real runs made of them.

    positions      : (draw, parameter)
    measures       : means over replicates; (draw, target)
    implausibility : (draw, fitted target)
    within_reach   : (fitted target,)
    passed         : (draw,)
    """

    problem: Problem
    positions: Floats
    measures: Floats
    implausibility: Floats
    within_reach: Flags
    passed: Flags

    @property
    def missed(self) -> Floats:
        """Share of the fitted targets within reach that a draw misses; (draw,)."""
        return np.asarray((self.implausibility[:, self.within_reach] > FAR).mean(axis=1))

    @property
    def out_of_reach(self) -> list[str]:
        """The fitted targets that no parameters within the priors reach."""
        fitted = [self.problem.targets[k].id for k in self.problem.fitted]
        return [name for name, near in zip(fitted, self.within_reach, strict=True) if not near]

    @property
    def kept(self) -> list[dict[str, float]]:
        """The draws that passed, by dotted key."""
        return self.problem.priors.points(self.positions[self.passed])


def confirm(bench: Bench, fit: Fit) -> Ensemble:
    """Return the ensemble: draws of the last chain, each run with several replicates."""
    problem, sizes = bench.problem, bench.problem.sizes
    yardstick = problem.yardstick
    basis = digest_of([problem.digest(), "ensemble, shuffled", yardstick.digest()])
    positions = bench.remembered("ensemble", basis, lambda: shuffled(fit.last.chain.sample(sizes.draws), problem.seed))
    points = problem.priors.points(positions)
    measures = bench.measure("ensemble", points, sizes.replicates, problem.first).mean(axis=1)
    fitted = list(problem.fitted)
    chance = fit.last.emulator.chance.single[fitted] ** 2 / sizes.replicates
    implausibility = yardstick.implausibility(measures[:, fitted], chance)
    anywhere = yardstick.implausibility(fit.measures[:, fitted], fit.last.emulator.chance.single[fitted] ** 2)
    within_reach = (anywhere <= FAR).mean(axis=0) >= REACHED
    passed = (implausibility[:, within_reach] > FAR).mean(axis=1) <= problem.misses
    return Ensemble(problem, positions, measures, implausibility, within_reach, passed)


def shuffled(draws: Floats, seed: int) -> Floats:
    """Return draws in random order, so that the first of a table are as good as any; (draw, parameter)."""
    return np.asarray(np.random.default_rng(seed).permutation(draws))


def rule(ensemble: Ensemble) -> str:
    """Return the rule in words."""
    problem, near = ensemble.problem, int(ensemble.within_reach.sum())
    return (
        f"a draw passes when at most {int(problem.misses * near)} of {near} fitted targets within reach "
        f"({100.0 * problem.misses:g}%) have an implausibility above {FAR:g} in the mean of {problem.sizes.replicates} "
        f"real runs; {len(ensemble.out_of_reach)} of {len(problem.fitted)} are out of reach of all but one in a "
        "hundred runs"
    )


def table_text(ensemble: Ensemble) -> str:
    """Return the table: a column `draw`, a column for every parameter."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ensemble.problem.priors.names
    writer.writerow([NAME, *names])
    for number, draw in enumerate(ensemble.kept, 1):
        writer.writerow([number, *(f"{draw[name]:.8g}" for name in names)])
    return out.getvalue()


def sidecar(ensemble: Ensemble, runs: int, quick: bool) -> dict[str, Any]:
    """Return what an ensemble rests on.

    runs : real runs of the whole fit
    """
    problem = ensemble.problem
    text = table_text(ensemble)
    return {
        "made_by": "footloose calibrate --quick" if quick else "footloose calibrate",
        "date": today(),
        "quick": quick,
        "seed": problem.seed,
        "runs": runs,
        "draws": len(ensemble.kept),
        "tried": len(ensemble.passed),
        "rule": rule(ensemble),
        "out_of_reach": ensemble.out_of_reach,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "targets_digest": problem.targets_digest(),
        "priors_digest": digest_of(problem.priors.as_data()),
        "measures_digest": measures_digest(problem.measure),
        "engine_digest": engine_digest(),
        "fitted": [problem.targets[k].id for k in problem.fitted],
        "weights": "every family of targets counts once, its members in equal parts",
        "likelihood": f"Student's t, {FREEDOM:g} degrees of freedom; discrepancy {DISCREPANCY:g} of the tolerance",
        "scenario": problem.scenario.name,
        "years": [problem.scenario.years.start, problem.scenario.years.until],
        "sizes": asdict(problem.sizes),
        **{name: value for name, value in versions().items() if name != "python"},
    }


def today() -> str:
    """Return the date, or that of SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(given) if given.isdecimal() else None))


def write(ensemble: Ensemble, folder: Path, runs: int, quick: bool) -> None:
    """Write table and sidecar; with no draw that passed, the table has its first line only."""
    whole_text(folder / TABLE, table_text(ensemble))
    whole_text(folder / SIDECAR, json.dumps(sidecar(ensemble, runs, quick), indent=2, ensure_ascii=False) + "\n")


def install(folder: Path, problem: Problem, home: Path) -> int:
    """Copy the ensemble of a folder into the package; return how many draws it has.

    home   : folder of the package
    raises : FootlooseError for a quick fit, too few draws, or files that do not belong together; OutputError
    """
    try:
        text = (folder / TABLE).read_text(encoding="utf-8")
        said: Mapping[str, Any] = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"{folder} holds no finished fit: {error}") from error
    if said.get("sha256") != hashlib.sha256(text.encode()).hexdigest():
        raise FootlooseError(f"{folder / TABLE} is not the table that {SIDECAR} describes; calibrate again")
    if said.get("quick"):
        raise FootlooseError(f"{folder} is a quick fit, which shows that the stages work; it is not installed")
    if said["draws"] < ENOUGH:
        raise FootlooseError(
            f"{said['draws']} of {said['tried']} draws pass; an ensemble needs {ENOUGH}. The rule: {said['rule']}. "
            "Nothing was installed: look at fit.json, or say another rule with --misses"
        )
    read_ensemble(folder / TABLE, problem.scenario)
    try:
        whole_text(home / TABLE, text)
        whole_text(home / SIDECAR, (folder / SIDECAR).read_text(encoding="utf-8"))
    except OSError as error:
        raise OutputError(f"{home} cannot be written to: {error.strerror or error}") from error
    return int(said["draws"])
