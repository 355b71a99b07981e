"""The command of the report card, thin: card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from footloose.errors import FootlooseError

if TYPE_CHECKING:
    from footloose_calibration.fitting.problem import Problem

INTERRUPTED = 130


def card(
    members: Annotated[int, typer.Option(help="Members of the ensemble that are run, evenly over it.")] = 100,
    replicates: Annotated[
        int | None, typer.Option(help="Runs of every member; default as the fit, whose runs are then found.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; default one a core.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of runs and tables; default runs/calibration, where the fit's own runs are found."),
    ] = None,
    ensemble: Annotated[Path | None, typer.Option(help="Table of draws; default the shipped one.")] = None,
    firms: Annotated[int | None, typer.Option(help="Production programmes of every run; default as the fit.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the runs, as of the fit.")] = 1,
    experiments: Annotated[int, typer.Option(help="Production programmes of the conformance experiments.")] = 50_000,
    repeats: Annotated[int, typer.Option(help="Replicates of the conformance experiments.")] = 3,
    tested: Annotated[int, typer.Option(help="Members at which the experiments are made, too.")] = 4,
    install: Annotated[
        bool, typer.Option("--install", help="Copy the tables into the package and write calibration/README.md.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Only write calibration/README.md again from the shipped tables.")
    ] = False,
) -> None:
    """Hold the model against every target and published number, and write the report card."""
    from footloose.processes import cores

    job, shipped_problem, shipped_ensemble = _job()
    if page:
        typer.echo(job.redraw())
        return
    folder = out if out is not None else Path("runs") / "calibration"
    count = cores() if workers is None else workers
    if count < 0:
        raise FootlooseError(f"--workers {count}: 0 computes in this process, 1 and more in processes of their own")
    problem = shipped_problem(quick=False, seed=seed, misses=0.1, firms=firms)
    repeated = problem.sizes.replicates if replicates is None else replicates
    table = ensemble if ensemble is not None else shipped_ensemble()
    order = job.Order(problem, table, members, repeated, experiments, repeats, tested)
    try:
        text = job.make_card(order, folder, workers=count, say=_say)
    except KeyboardInterrupt:
        _say("interrupted; what is finished is kept, and the same command goes on with the rest")
        raise typer.Exit(INTERRUPTED) from None
    typer.echo(text)
    if install:
        typer.echo(job.install_card(folder))


def _job() -> tuple[ModuleType, Callable[..., Problem], Callable[[], Path | None]]:
    """Return what makes a card; raises FootlooseError without the libraries of the extra."""
    from footloose.ensemble import shipped_ensemble

    try:
        from footloose_calibration import card_job
        from footloose_calibration.calibration_job import shipped_problem
    except ImportError as error:
        raise FootlooseError("card needs scikit-learn: pip install 'footloose[calibrate]'") from error
    return card_job, shipped_problem, shipped_ensemble


def _say(text: str) -> None:
    """Write a line to standard error."""
    typer.echo(text, err=True)
