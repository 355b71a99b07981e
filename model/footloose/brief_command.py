"""The command of briefings, thin."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from footloose import comparison_commands
from footloose.errors import FootlooseError

DEFAULTS = {"--format": "html", "--lang": "en", "--ensemble": "default"}


def brief(
    targets: Annotated[
        list[str],
        typer.Argument(metavar="WHAT...", help="Folders of finished runs, comparisons or sweeps, or scenarios to run."),
    ],
    against: Annotated[
        str | None,
        typer.Option(metavar="BASE", help="Compare the scenarios with this one: the world without the policy."),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="A,B", help="Of html, docx, pdf and pptx, with commas.")
    ] = "html",
    lang: Annotated[str, typer.Option("--lang", metavar="A,B", help="Of en and zh, with commas.")] = "en",
    out: Annotated[Path | None, typer.Option(help="Folder for the documents; default briefing.")] = None,
    ensemble: comparison_commands.Ensemble = "default",
    members: Annotated[
        int | None, typer.Option(metavar="N", help="How many draws of the ensemble, from the first; 20 of the shipped.")
    ] = None,
    firms: Annotated[int | None, typer.Option(help="Production programmes simulated, where it runs.")] = None,
    replicates: Annotated[int | None, typer.Option(help="Runs with different random draws, where it runs.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers, where it runs.")] = None,
    years: Annotated[str | None, typer.Option(metavar="A:B", help="Years simulated, e.g. 2010:2030.")] = None,
    workers: Annotated[int | None, typer.Option(help="Threads; results do not depend on it.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a finished briefing in that folder.")] = False,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Replace one value in every scenario file.")
    ] = None,
) -> None:
    """Write findings in words with figures and tables: HTML, Word, PDF, PowerPoint, in English and Chinese."""
    from footloose.brief_job import Request
    from footloose.brief_job import brief as carry_out
    from footloose.comparison_commands import Common
    from footloose.ensemble import SHIPPED

    if ensemble == SHIPPED and members is not None and members < 1:
        raise FootlooseError(f"--members {members}: at least 1 is needed")
    runs = Common(
        ensemble=ensemble, members=members, firms=firms, replicates=replicates, seed=seed, years=years, workers=workers,
        settings=settings,
    ).runs  # fmt: skip
    asked: dict[str, object] = {
        "--against": against, "--format": formats, "--lang": lang, "--ensemble": ensemble, "--members": members,
        "--firms": firms, "--replicates": replicates, "--seed": seed, "--years": years,
    }  # fmt: skip
    request = Request(tuple(targets), against, _words(formats), _words(lang), runs, _command(targets, asked, settings))
    typer.echo(carry_out(request, out or Path("briefing"), overwrite))


def _command(targets: list[str], asked: dict[str, object], settings: list[str] | None) -> str:
    """Return what to type for the same documents, without what is left at its default and where they go."""
    given = {name: str(value) for name, value in asked.items() if value is not None and DEFAULTS.get(name) != value}
    options = [part for pair in given.items() for part in pair]
    return shlex.join(
        ["footloose", "brief", *targets, *options, *(part for each in settings or () for part in ("--set", each))]
    )


def _words(text: str) -> tuple[str, ...]:
    """Return the words of an option with commas, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
