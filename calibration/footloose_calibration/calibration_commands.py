"""The command of the fit, thin: calibrate."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from footloose.errors import FootlooseError

INTERRUPTED = 130


def calibrate(
    quick: Annotated[bool, typer.Option("--quick", help="A small fit that shows that every stage works.")] = False,
    recover: Annotated[
        bool, typer.Option("--recover", help="Fit data that the model itself made, and say how often it is right.")
    ] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Copy the ensemble of a finished fit into the package.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; default runs/calibration. Goes on where it was.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; default one a core.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of runs, design, search and chain.")] = 1,
    firms: Annotated[int | None, typer.Option(help="Production programmes of every run.")] = None,
    misses: Annotated[
        float, typer.Option(help="Share of the fitted targets that a draw of the ensemble may miss by three sd.")
    ] = 0.1,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Replace one value of the baseline.")
    ] = None,
) -> None:
    """Fit the model to the documents' figures, and leave an ensemble of draws that pass."""
    from footloose.sweep_job import cores

    job = _job()
    folder = out if out is not None else Path("runs") / ("calibration-quick" if quick else "calibration")
    problem = job.shipped_problem(quick=quick, seed=seed, misses=misses, firms=firms, settings=settings or [])
    if install:
        typer.echo(job.install_ensemble(problem, folder))
        return
    count = cores() if workers is None else workers
    if count < 0:
        raise FootlooseError(f"--workers {count}: 0 computes in this process, 1 and more in processes of their own")
    carry_out = job.calibrate_recovery if recover else job.calibrate
    try:
        text = carry_out(problem, folder, workers=count, quick=quick, say=_say)
    except KeyboardInterrupt:
        _say("interrupted; what is finished is kept, and the same command goes on with the rest")
        raise typer.Exit(INTERRUPTED) from None
    typer.echo(text)


def _job() -> ModuleType:
    """Return what carries out a fit; raises FootlooseError without the libraries of the extra."""
    try:
        import emcee  # noqa: F401

        from footloose_calibration import calibration_job
    except ImportError as error:
        raise FootlooseError("calibrate needs emcee and scikit-learn: pip install 'footloose[calibrate]'") from error
    return calibration_job


def _say(text: str) -> None:
    """Write a line to standard error."""
    typer.echo(text, err=True)
