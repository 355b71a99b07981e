"""The commands of sweeps, thin: sweep, results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

INTERRUPTED = 130
Language = Annotated[Literal["en", "zh"], typer.Option("--lang", help="Language of findings and figures: en or zh.")]


def sweep(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="A sweep file, or the name of a shipped one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; default runs/NAME. Goes on where it was.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="Worker processes; default one a core.")] = None,
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786.")] = None,
    firms: Annotated[int | None, typer.Option(help="Production programmes simulated in every run.")] = None,
    replicates: Annotated[int | None, typer.Option(help="Runs of every point with different random draws.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check all, and say how many runs, how long, how much disk.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Run failed cells again.")] = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
    lang: Language = "en",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Replace one value of the scenario in all runs."),
    ] = None,
) -> None:
    """Run a sweep, or what is missing of it; without FILE, list the shipped ones."""  # fmt: skip
    from footloose.experiments.sweep.reading import read_sweep, shipped_sweeps

    if file is None:
        names = shipped_sweeps()
        width = max(len(name) for name in names)
        for name in names:
            typer.echo(f"{name:<{width}}  {read_sweep(name).sweep.title.en}")
        return
    read = read_sweep(file, firms=firms, replicates=replicates, settings=settings or [])
    folder = out if out is not None else Path("runs") / read.name
    from footloose.sweep_job import carry_out_sweep, cores

    workers = cores() if jobs is None else jobs
    if dry_run:
        from footloose.experiments.sweep.estimate import estimate

        typer.echo(estimate(read, folder, workers).text())
        return
    try:
        text = carry_out_sweep(
            read, folder, jobs=workers, cluster=cluster, retry=retry, figures=figures, say=_say, language=lang
        )
    except KeyboardInterrupt:
        _say("interrupted; what is finished is kept, and the same command goes on with the rest")
        raise typer.Exit(INTERRUPTED) from None
    typer.echo(text)


def _say(text: str) -> None:
    """Write a line to standard error."""
    typer.echo(text, err=True)


def results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a sweep.")],
    sql: Annotated[str | None, typer.Option(help="A question in SQL; tables: runs, series, failures.")] = None,
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="table, csv or json")] = "table",
    lang: Language = "en",
) -> None:
    """Ask the results of a sweep: with --sql through DuckDB, without it what was found."""
    from footloose.sweep_job import answer

    typer.echo(answer(folder, sql, form, lang))
