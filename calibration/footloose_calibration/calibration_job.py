"""One fit as the command line does it: runs, posterior, ensemble, tables, and what came out in words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from footloose.errors import FootlooseError
from footloose.experiments.sweep.export import whole_text
from footloose.experiments.sweep.sweeping import refuse_strangers
from footloose.scenario import load
from footloose_calibration.fitting import elasticity
from footloose_calibration.fitting.diagnosis import diagnose
from footloose_calibration.fitting.ensemble import confirm, install
from footloose_calibration.fitting.problem import FULL, QUICK, Problem, Sizes, problem_of
from footloose_calibration.fitting.recovery import RECOVERY, Recovery, recover, write_recovery
from footloose_calibration.fitting.runs import bench
from footloose_calibration.fitting.tables import write_tables
from footloose_calibration.fitting.waves import fit
from footloose_calibration.measures import END_YEAR
from footloose_calibration.priors import load_priors
from footloose_calibration.targets import load_targets

Say = Callable[[str], None]
TIMING = "timing.json"
"""How long it took: apart, because it is never twice the same."""


def shipped_problem(
    *, quick: bool, seed: int, misses: float, firms: int | None = None, settings: Sequence[str] = ()
) -> Problem:
    """Return the fit of the baseline to the shipped targets with the shipped priors.

    raises: DataError for mistakes in the tables, FootlooseError for a number that cannot be
    """
    if not 0.0 <= misses < 1.0:
        raise FootlooseError(f"--misses {misses:g}: a share from 0 to below 1 is wanted")
    if seed < 0:
        raise FootlooseError(f"--seed {seed}: 0 or more is wanted")
    if firms is not None and firms < 1:
        raise FootlooseError(f"--firms {firms}: at least 1 is needed")
    sizes: Sizes = QUICK if quick else FULL
    if firms is not None:
        sizes = replace(sizes, firms=firms)
    scenario = load("baseline", overrides=list(settings))
    priors = load_priors(scenario)
    targets = (*load_targets(), *elasticity.TARGETS)
    found = problem_of(scenario, priors, targets, sizes, seed, until=END_YEAR, misses=misses)
    return replace(found, twins=elasticity.twins(found.scenario))


def calibrate(problem: Problem, folder: Path, *, workers: int, quick: bool, say: Say) -> str:
    """Make a fit, or go on with it; return what to print.

    raises: FootlooseError for anything the user can put right
    """
    refuse_strangers(folder)
    begun = time.monotonic()
    say(
        f"{problem.sizes.runs():,} runs of {problem.sizes.firms:,} programmes at most; {len(problem.priors)} parameters"
    )
    with bench(problem, folder, workers, say) as place:
        found = fit(place, problem.yardstick, problem.fitted)
        ensemble = confirm(place, found)
        said = write_tables(found, ensemble, diagnose(found), folder, place.asked, quick)
        write_timing(folder, "fit", time.monotonic() - begun, place.made)
    return in_words(said, folder)


def calibrate_recovery(problem: Problem, folder: Path, *, workers: int, quick: bool, say: Say) -> str:
    """Make the recovery of known parameters; return what to print.

    raises: FootlooseError for anything the user can put right
    """
    refuse_strangers(folder)
    begun = time.monotonic()
    with bench(problem, folder, workers, say) as place:
        found: Recovery = recover(place, truths=RECOVERY["quick" if quick else "full"])
        write_recovery(found, folder)
        write_timing(folder, "recovery", time.monotonic() - begun, place.made)
    return found.text()


def install_ensemble(problem: Problem, folder: Path) -> str:
    """Copy the ensemble of a folder into the package; return what to print."""
    home = Path(str(files("footloose_calibration")))
    count = install(folder, problem, home)
    return f"installed {count} draws in {home}"


def write_timing(folder: Path, what: str, seconds: float, made: int) -> None:
    """Keep how long this call took, and how many runs it made."""
    path = folder / TIMING
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known.setdefault(what, []).append({"seconds": round(seconds, 1), "runs": made})
    whole_text(path, json.dumps(known, indent=2) + "\n")


def in_words(said: dict[str, Any], folder: Path) -> str:
    """Return what a fit came to."""
    fitted, held = said["fitted_within"], said["held_out_within"]
    lines = [
        f"{said['runs']:,} runs; the table of the ensemble: {said['passed']} of {said['tried']} draws pass",
        f"rule       {said['rule']}",
        f"best point {fitted['within']} of {fitted['of']} fitted targets within their bands, "
        f"{held['within']} of {held['of']} held out",
    ]
    if said["not_computed"]:
        lines.append(f"not computed by these runs: {', '.join(said['not_computed'])}")
    if said["missed_by_most_draws"]:
        lines.append(f"missed by most draws: {', '.join(said['missed_by_most_draws'])}")
    if said["unpinned"]:
        lines.append(f"the targets do not pin {', '.join(said['unpinned'])}")
    lines += [f"tension: {text}, where the literature's range ends" for text in said["tensions"]]
    lines.append(f"tables     {folder}")
    return "\n".join(lines)
