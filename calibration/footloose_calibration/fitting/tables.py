"""What a fit leaves in its folder: every intermediate table, and `fit.json` for whatever reads it on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import OutputError
from footloose.experiments.sweep.export import whole_text
from footloose.experiments.sweep.keys import digest_of, engine_digest
from footloose_calibration.fitting.diagnosis import Diagnosis, alike, foremost
from footloose_calibration.fitting.ensemble import FAR, Ensemble, rule, write
from footloose_calibration.fitting.measuring import measures_digest
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.fitting.waves import Fit, Wave

Floats = npt.NDArray[np.float64]
FIT = "fit.json"
Row = Sequence[Any]


def write_tables(
    fit: Fit, ensemble: Ensemble, diagnosis: Diagnosis, folder: Path, runs: int, quick: bool
) -> dict[str, Any]:
    """Write every table, the ensemble and `fit.json`, each whole or not at all; return what is in `fit.json`.

    runs   : real runs the fit rests on
    raises : OutputError
    """
    problem = fit.problem
    names, targets = problem.priors.names, problem.names
    heeded = fit.last.posterior.yardstick.ids
    tables: dict[str, tuple[Row, Iterable[Row]]] = {
        "design.csv": (["wave", "point", *names], design_rows(fit)),
        "measures.csv": (["wave", "point", *targets], measure_rows(fit)),
        "emulators.csv": (EMULATOR_COLUMNS, emulator_rows(fit)),
        "targets.csv": (TARGET_COLUMNS, target_rows(fit, ensemble)),
        "chain.csv": ([*names], values_of(problem, fit.last.chain.sample(problem.sizes.sample))),
        "draws.csv": (["draw", "passed", "share_missed", *names], draw_rows(ensemble)),
        "draw_measures.csv": (["draw", "passed", *targets], draw_measure_rows(ensemble)),
        "parameters.csv": (list(diagnosis.parameters[0]), [list(row.values()) for row in diagnosis.parameters]),
        "correlations.csv": (["parameter", *names], labelled(names, diagnosis.correlations)),
        "information.csv": (["target", *names], labelled(heeded, diagnosis.information)),
        "profiles.csv": (["parameter", "value", "log_posterior"], profile_rows(diagnosis)),
    }
    try:
        for name, (head, rows) in tables.items():
            whole_text(folder / name, as_csv(head, rows))
        write(ensemble, folder, runs, quick)
        said = summary(fit, ensemble, diagnosis, runs, quick)
        whole_text(folder / FIT, json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    except OSError as error:
        raise OutputError(f"{folder} could not be written: {error.strerror or error}") from error
    return said


def summary(fit: Fit, ensemble: Ensemble, diagnosis: Diagnosis, runs: int, quick: bool) -> dict[str, Any]:
    """Return the whole fit as plain data."""
    problem, last = fit.problem, fit.last
    best = problem.priors.points(last.best[None, :])[0]
    return {
        "quick": quick,
        "seed": problem.seed,
        "sizes": asdict(problem.sizes),
        "runs": runs,
        "digests": {
            "targets": problem.targets_digest(),
            "priors": digest_of(problem.priors.as_data()),
            "measures": measures_digest(problem.measure),
            "engine": engine_digest(),
        },
        "rule": rule(ensemble),
        "out_of_reach": ensemble.out_of_reach,
        "tried": len(ensemble.passed),
        "passed": int(ensemble.passed.sum()),
        "best": best,
        "fitted_within": share_within(fit, "fitted"),
        "held_out_within": share_within(fit, "held_out"),
        "not_computed": [problem.targets[k].id for k in np.flatnonzero(~last.emulator.known)],
        "missed_by_most_draws": missed(ensemble),
        "chain": chain_data(last),
        "waves": [wave_data(wave, problem) for wave in fit.waves],
        "parameters": {row["parameter"]: rounded(row) for row in diagnosis.parameters},
        "unpinned": diagnosis.unpinned,
        "tensions": diagnosis.tensions,
        "alike": [[one, other, tidy(value)] for one, other, value in alike(diagnosis, problem.priors.names)],
        "informed_by": foremost(diagnosis, last.posterior.yardstick.ids, problem.priors.names),
        "profiles": {name: [[tidy(a), tidy(b)] for a, b in rows] for name, rows in diagnosis.profiles.items()},
    }


def share_within(fit: Fit, use: str) -> dict[str, Any]:
    """Return how many targets of a use the best point's real runs are within the bands of."""
    rows = [k for k, target in enumerate(fit.problem.targets) if target.use == use]
    mean = fit.best_measures.mean(axis=0)
    inside = [fit.problem.targets[k].holds(float(mean[k])) for k in rows]
    return {"within": sum(inside), "of": len(rows)}


def missed(ensemble: Ensemble) -> list[str]:
    """Return the fitted targets with an implausibility above 3 in more than half of the draws."""
    often = np.flatnonzero((ensemble.implausibility > FAR).mean(axis=0) > 0.5)
    return [ensemble.problem.targets[ensemble.problem.fitted[k]].id for k in often]


def chain_data(wave: Wave) -> dict[str, Any]:
    """Return how well the chain has mixed."""
    chain = wave.chain
    return {
        "draws": len(chain.positions),
        "acceptance": tidy(chain.acceptance),
        "autocorrelation_steps": tidy(chain.correlation),
        "effective_draws": tidy(chain.effective),
    }


def wave_data(wave: Wave, problem: Problem) -> dict[str, Any]:
    """Return how good a wave's emulator was; surprise: rms error of the emulator before it over its stated error."""
    fitted = list(problem.fitted)
    kinds = [wave.emulator.kinds[k] for k in fitted]
    surprise = None if wave.surprise is None else wave.surprise.ratio[fitted]
    return {
        "name": wave.name,
        "points": len(wave.positions),
        "emulators": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "median_error_over_spread": tidy(float(np.nanmedian(wave.emulator.error / wave.emulator.scale))),
        "median_surprise": None if surprise is None else tidy(float(np.nanmedian(surprise))),
    }


def design_rows(fit: Fit) -> Iterable[Row]:
    """Yield every point run."""
    for wave in fit.waves:
        for number, row in enumerate(fit.problem.priors.values(wave.positions)):
            yield [wave.name, number, *row]


def measure_rows(fit: Fit) -> Iterable[Row]:
    """Yield what every point came out at."""
    for wave in fit.waves:
        for number, row in enumerate(wave.measures):
            yield [wave.name, number, *row]


EMULATOR_COLUMNS = (
    "wave", "target", "use", "emulator", "held_out_error", "chance", "chance_left", "spread_of_runs", "tolerance",
    "surprise",
)  # fmt: skip


def emulator_rows(fit: Fit) -> Iterable[Row]:
    """Yield every target's emulator in every wave: its error, and what stands beside it."""
    tolerance = dict(zip(fit.problem.yardstick.ids, fit.problem.yardstick.tolerance, strict=True))
    for wave in fit.waves:
        emulator = wave.emulator
        for k, target in enumerate(fit.problem.targets):
            surprise = np.nan if wave.surprise is None else wave.surprise.ratio[k]
            kind = emulator.kinds[k] if emulator.known[k] else "none: it could not be computed"
            spread = emulator.scale[k] if emulator.known[k] else np.nan
            chance = (emulator.chance.single[k], emulator.chance.left[k])
            numbers = (emulator.error[k], *chance, spread, tolerance.get(target.id, np.nan), surprise)
            yield [wave.name, target.id, target.use, kind, *numbers]


TARGET_COLUMNS = ("target", "group", "use", "central", "low", "high", "best", "q05", "median", "q95", "best_within")


def target_rows(fit: Fit, ensemble: Ensemble) -> Iterable[Row]:
    """Yield every target beside the best point and the ensemble, both from real runs; all draws where none passed."""
    kept = ensemble.measures[ensemble.passed] if ensemble.passed.any() else ensemble.measures
    best = fit.best_measures.mean(axis=0)
    for k, target in enumerate(fit.problem.targets):
        known = kept[:, k][np.isfinite(kept[:, k])]
        quantiles = np.quantile(known, (0.05, 0.5, 0.95)) if known.size else np.full(3, np.nan)
        inside = target.holds(float(best[k])) if np.isfinite(best[k]) else ""
        central = (target.central, target.low, target.high)
        yield [target.id, target.group, target.use, *central, best[k], *quantiles, inside]


def draw_rows(ensemble: Ensemble) -> Iterable[Row]:
    """Yield every draw tried: whether it passed, and its values."""
    values = ensemble.problem.priors.values(ensemble.positions)
    for number, row in enumerate(values):
        yield [number + 1, int(ensemble.passed[number]), ensemble.missed[number], *row]


def draw_measure_rows(ensemble: Ensemble) -> Iterable[Row]:
    """Yield what every draw tried came out at, in the mean of its replicates."""
    for number, row in enumerate(ensemble.measures):
        yield [number + 1, int(ensemble.passed[number]), *row]


def values_of(problem: Problem, positions: Floats) -> Iterable[Row]:
    """Yield the values of positions."""
    yield from problem.priors.values(positions).tolist()


def profile_rows(diagnosis: Diagnosis) -> Iterable[Row]:
    """Yield the profiles."""
    for name, rows in diagnosis.profiles.items():
        for value, height in rows:
            yield [name, value, height]


def labelled(names: Sequence[str], matrix: Floats) -> Iterable[Row]:
    """Yield the rows of a matrix, each with its name first."""
    for name, row in zip(names, matrix, strict=True):
        yield [name, *row]


def as_csv(head: Row, rows: Iterable[Row]) -> str:
    """Return a table as text; numbers with six digits, what is missing empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def cell(value: Any) -> str:
    """Return a value as a table shows it."""
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.6g}"
    return str(value)


def tidy(value: float) -> float | None:
    """Return a number with the digits that are kept; None where there is none."""
    return float(f"{value:.6g}") if np.isfinite(value) else None


def rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the digits that are kept."""
    return {key: tidy(value) if isinstance(value, float) else value for key, value in row.items()}
