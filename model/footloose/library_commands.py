"""The command of the library, thin: scenarios, which lists the shipped ones or measures them."""

from __future__ import annotations

import json
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from footloose.errors import FootlooseError, OutputError

PAGE = Path("docs/library.md")
ENSEMBLE = "ensemble.json"
"""What the fit says of its ensemble, in the package of the calibration."""
SECONDS_A_LINE = 20.0


def scenarios(
    measure: Annotated[
        bool, typer.Option("--measure", help="Run every scenario and its twin, and write the page of what each does.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page that --measure writes.")] = PAGE,
    replicates: Annotated[int, typer.Option(help="Runs of every world with different random draws.")] = 20,
    firms: Annotated[int, typer.Option(help="Production programmes of every run.")] = 20_000,
    until: Annotated[int, typer.Option(metavar="YEAR", help="Last year of every run.")] = 2035,
    workers: Annotated[int | None, typer.Option(help="Processes that share the runs; default one a core.")] = None,
) -> None:
    """List the shipped scenarios with the weakest evidence each rests on, and the overlays; or measure them."""
    if measure:
        measure_library(out, replicates, firms, until, workers)
        return
    from footloose.scenario import evidence_in_use, load, overlays, shipped, weakest

    names = shipped()
    width = max(len(name) for name in names)
    for name in names:
        scenario = load(name)
        word = weakest(evidence_in_use(scenario).values())
        typer.echo(f"{name:<{width}}  {word:<10}  {scenario.title.en}")
    if overlays():
        typer.echo("\noverlays (footloose run SCENARIO --overlay NAME):")
        for name in overlays():
            typer.echo(f"  {name}")


def measure_library(out: Path, replicates: int, firms: int, until: int, workers: int | None) -> None:
    """Measure every shipped scenario and write the page, whole or not at all.

    raises: FootlooseError for a size that cannot be, OutputError before the runs where the page cannot be written
    """
    from footloose.experiments.library.asked import read_asked
    from footloose.experiments.library.measuring import Size, measure
    from footloose.experiments.library.page import page
    from footloose.experiments.sweep.export import whole_text
    from footloose.processes import cores

    size = Size(firms, replicates, until, cores() if workers is None else workers)
    asked, calibration = read_asked(), calibration_in_words()
    prepare_page(out)
    text = page(measure(asked, size, Progress()), asked, calibration)
    try:
        whole_text(out, text)
    except OSError as problem:
        raise OutputError(f"{out} could not be written: {problem.strerror or problem}") from problem
    typer.echo(f"wrote {out}")


def prepare_page(out: Path) -> None:
    """Make the folder of the page, and refuse to replace a file that is no such page.

    raises: OutputError
    """
    from footloose.experiments.library.page import TITLE

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        old = out.read_text(encoding="utf-8") if out.exists() else TITLE
    except (OSError, UnicodeDecodeError) as problem:
        raise OutputError(f"--out {out} cannot be used: {problem}") from problem
    if not old.startswith(TITLE):
        raise OutputError(f"--out {out} is there and is no page of the library; give another file")


def calibration_in_words() -> tuple[str, ...]:
    """Return what the package says of the ensemble of fitted parameters; sentences."""
    try:
        said = json.loads((files("footloose_calibration") / ENSEMBLE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ("No ensemble of fitted draws is installed.",)
    except ValueError as problem:
        raise FootlooseError(f"{ENSEMBLE} of the calibration is damaged: {problem}; install the fit again") from problem
    return (
        f"{said['draws']} draws of {said['date']} are installed (hash {said['sha256'][:12]}).",
        f"Rule: {said['rule']}.",
        "The page is measured at the baseline's own parameters, not over the draws.",
    )


class Progress:
    """Says every so often how many runs are done, and how long the rest may take."""

    def __init__(self) -> None:
        self._begun = self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say so, if it is time to."""
        from footloose.experiments.sweep.progress import duration

        now = time.monotonic()
        if now - self._said < SECONDS_A_LINE and done < total:
            return
        self._said = now
        left = (now - self._begun) / done * (total - done)
        print(f"{done:,} of {total:,} runs · {duration(left)} left", file=sys.stderr, flush=True)
