"""Recovery: the same procedure on data that the model itself made, whose parameters are known.

A truth is drawn from the priors and run with random draws of its own; its measures, moved by an error as large as
tolerance and discrepancy say, take the place of the figures, with the widths of the real targets and what the truth's
own draws add to them (they are run several times; the first is the data). Then everything is done as in a fit: the
design is the same, the later waves are the truth's own. If the stated uncertainty is right, nine of ten 90 %
intervals hold the true value (simulation-based calibration: Talts et al. 2018).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

from footloose.experiments.sweep.export import whole_text
from footloose_calibration.fitting.discrepancy import DISCREPANCY, Yardstick
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.fitting.runs import Bench
from footloose_calibration.fitting.waves import Fit, fit

Floats = npt.NDArray[np.float64]
RECOVERY = {"full": 6, "quick": 2}
"""Truths tried."""
OWN_DRAWS = 1000
"""First replicate of the truths: random draws that no run of a fit uses."""
INTERVAL = (0.05, 0.95)
PINNED = 0.2
"""Contraction from which on a parameter counts as recovered, not just covered."""


@dataclass(frozen=True)
class Recovered:
    """One truth and what the fit made of it.

    truth, low, high, median : (parameter,) values;  contraction: (parameter,)
    best                     : values of the best point
    """

    truth: Floats
    low: Floats
    high: Floats
    median: Floats
    best: Floats
    contraction: Floats

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Whether the interval holds the truth; (parameter,)."""
        return np.asarray((self.low <= self.truth) & (self.truth <= self.high))


@dataclass(frozen=True)
class Recovery:
    """All truths."""

    names: tuple[str, ...]
    rows: tuple[Recovered, ...]

    @property
    def coverage(self) -> float:
        """Share of intervals that hold the truth."""
        return float(np.mean([row.covered for row in self.rows]))

    @property
    def pinned_coverage(self) -> float:
        """The same, of the intervals that the data narrowed by a fifth or more; not a number where none was."""
        held = [row.covered[row.contraction >= PINNED] for row in self.rows]
        found = np.concatenate(held)
        return float(found.mean()) if found.size else float("nan")

    def correlation(self) -> Floats:
        """Return the correlation of medians with truths by parameter, over the truths; (parameter,)."""
        truth, median = (np.array([getattr(row, name) for row in self.rows]) for name in ("truth", "median"))
        spread = truth.std(axis=0) * median.std(axis=0)
        product = ((truth - truth.mean(axis=0)) * (median - median.mean(axis=0))).mean(axis=0)
        return np.asarray(np.where(spread > 0.0, product / np.where(spread > 0.0, spread, 1.0), np.nan))

    def text(self) -> str:
        """Return what came out in words."""
        trials = len(self.rows) * len(self.names)
        hits = round(self.coverage * trials)
        low, high = stats.binomtest(hits, trials).proportion_ci(0.9)
        lines = [
            f"{len(self.rows)} truths of {len(self.names)} parameters: the 90 % intervals hold {hits} of {trials} true "
            f"values ({self.coverage:.0%}; 90 % interval of that share {low:.0%} to {high:.0%})",
        ]
        if np.isfinite(self.pinned_coverage):
            lines.append(f"of those narrowed by a fifth or more: {self.pinned_coverage:.0%}")
        width = max(len(name) for name in self.names)
        contraction = np.mean([row.contraction for row in self.rows], axis=0)
        together = self.correlation()
        lines.append(f"{'':{width}}  held  contraction  correlation")
        for k, name in enumerate(self.names):
            held = sum(bool(row.covered[k]) for row in self.rows)
            lines.append(f"{name:{width}}  {held}/{len(self.rows)}   {contraction[k]:8.2f}     {together[k]:8.2f}")
        return "\n".join(lines)


def recover(bench: Bench, truths: int) -> Recovery:
    """Return what the procedure makes of truths drawn from the priors."""
    problem = bench.problem
    generator = np.random.default_rng(problem.seed + 77)
    places = problem.priors.draw(generator.uniform(size=(truths, len(problem.priors))))
    rows = []
    for number, place in enumerate(places):
        yardstick, heeded = pretended(bench, number, place, generator)
        found = fit(bench, yardstick, heeded, f"truth {number + 1} of {truths}: ")
        rows.append(recovered(problem, place, found))
    return Recovery(problem.priors.names, tuple(rows))


def pretended(
    bench: Bench, number: int, place: Floats, generator: np.random.Generator
) -> tuple[Yardstick, tuple[int, ...]]:
    """Return the targets that a truth takes the place of: its measures, moved by an error, with the widths of the real.

    returns : the yardstick, and which measures it is of; targets without a measure are left out
    """
    problem = bench.problem
    points = problem.priors.points(place[None, :])
    draws = problem.sizes.draws_of_echoes
    runs = bench.measure(f"truth {number + 1}", points, draws, problem.first + OWN_DRAWS + draws * number)[0]
    centre = runs[0, list(problem.fitted)]
    known = np.isfinite(runs[:, list(problem.fitted)]).all(axis=0)
    yardstick = problem.yardstick.only(known)
    error = generator.standard_normal(len(known))[known]
    spread = np.sqrt(1.0 + DISCREPANCY**2) * yardstick.tolerance
    heeded = tuple(target for target, here in zip(problem.fitted, known, strict=True) if here)
    own = runs[:, list(heeded)].var(axis=0, ddof=1)
    return yardstick.moved_to(centre[known] + error * spread, own), heeded


def recovered(problem: Problem, place: Floats, found: Fit) -> Recovered:
    """Return the intervals of a fit beside the truth."""
    draws, priors = found.last.chain.positions, problem.priors
    deviations = np.array([row.standard_deviation for row in priors.rows])
    quantiles = np.quantile(draws, (*INTERVAL, 0.5), axis=0)
    low, high, median = priors.values(quantiles)
    return Recovered(
        truth=priors.values(place[None, :])[0],
        low=low,
        high=high,
        median=median,
        best=priors.values(found.last.best[None, :])[0],
        contraction=1.0 - draws.std(axis=0) / deviations,
    )


def write_recovery(found: Recovery, folder: Path) -> None:
    """Write what came out: a table of all truths, and the shares."""
    rows = ["truth,parameter,true,low,median,high,best,contraction,held"]
    for number, row in enumerate(found.rows, 1):
        numbers: Sequence[Floats] = (row.truth, row.low, row.median, row.high, row.best, row.contraction)
        for k, name in enumerate(found.names):
            cells = [f"{column[k]:.6g}" for column in numbers]
            rows.append(",".join([str(number), name, *cells, str(int(row.covered[k]))]))
    whole_text(folder / "recovery.csv", "\n".join(rows) + "\n")
    shares = {
        "truths": len(found.rows),
        "interval": 0.9,
        "coverage": round(found.coverage, 4),
        "pinned_coverage": round(found.pinned_coverage, 4) if np.isfinite(found.pinned_coverage) else None,
    }
    whole_text(folder / "recovery.json", json.dumps(shares, indent=2) + "\n")
