"""The commands, thin: check, run, scenarios, explain, schema; sweep and results."""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from footloose import brief_command, comparison_commands, library_commands, sweep_commands
from footloose.errors import FootlooseError, OutputError
from footloose.memory import collect_seldom
from footloose_calibration import calibration_commands, card_commands

MISTAKE = 2
INTERRUPTED = 130


class Commands(typer.core.TyperGroup):
    """The commands as one group: mistakes of the user and Ctrl-C end without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; exit code 2 for a mistake, 130 for Ctrl-C."""
        try:
            return super().invoke(ctx)
        except FootlooseError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(MISTAKE) from None
        except MemoryError:
            typer.echo("the memory is full; try fewer --firms or --replicates", err=True)
            raise typer.Exit(MISTAKE) from None
        except KeyboardInterrupt:
            typer.echo("interrupted; nothing was written", err=True)
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    name="footloose",
    cls=Commands,
    help="Scenarios of industrial relocation: which firms move production, where to, when and why.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help and messages: frames around them take as long to load as all the rest
    pretty_exceptions_show_locals=False,
    add_completion=False,
    context_settings={"max_content_width": 120},
)

File = Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped scenario.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Replace one value, e.g. firms=5000.")
]
Overlays = Annotated[
    list[Path] | None,
    typer.Option("--overlay", metavar="FILE", help="Lay a file over the scenario; repeatable."),
]


@app.command()
def check(file: File, settings: Settings = None, overlay: Overlays = None) -> None:
    """Check a scenario: every mistake at once, and warnings about what has no effect."""
    from footloose.scenario import check as find_problems

    problems = find_problems(file, overrides=settings or [], overlays=overlay or [])
    for problem in problems:
        typer.echo(str(problem), err=True)
    mistakes = [problem for problem in problems if not problem.warning]
    if mistakes:
        typer.echo(f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''} in {file}", err=True)
        raise typer.Exit(MISTAKE)
    typer.echo(f"{file}: in order" + (f", {len(problems)} warnings" if problems else ""))


@app.command()
def run(
    file: File,
    firms: Annotated[int | None, typer.Option(help="Production programmes simulated.")] = None,
    replicates: Annotated[
        int | None, typer.Option(help="Runs with different random draws; with --ensemble of every draw, 2.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers.")] = None,
    years: Annotated[str | None, typer.Option(metavar="A:B", help="Years simulated, e.g. 2010:2030.")] = None,
    workers: comparison_commands.Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; default runs/NAME.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a finished run in that folder.")] = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
    ensemble: comparison_commands.Ensemble = "none",
    members: comparison_commands.Members = None,
    settings: Settings = None,
    overlay: Overlays = None,
) -> None:
    """Run a scenario and leave record, table, manifest and figures in a folder."""
    from footloose.output import prepare_folder
    from footloose.scenario import load

    scenario = load(file, overrides=settings or [], overlays=overlay or [])
    folder = out if out is not None else Path("runs") / scenario.name
    span = _span(years)
    prepare_folder(folder, overwrite)
    from footloose.ensemble_job import carry_out_ensemble
    from footloose.job import carry_out

    if comparison_commands.wants_ensemble(ensemble, members):
        summary = carry_out_ensemble(
            scenario, folder, ensemble, overwrite=overwrite, figures=figures, members=members, workers=workers,
            firms=firms, replicates=replicates, seed=seed, years=span,
        )  # fmt: skip
    else:
        summary = carry_out(
            scenario, folder, overwrite=overwrite, figures=figures, firms=firms, replicates=replicates, seed=seed,
            years=span, workers=workers,
        )  # fmt: skip
    typer.echo(summary)


app.command()(library_commands.scenarios)


@app.command()
def explain(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A scenario file or name.")] = None,
    parameter: Annotated[str | None, typer.Option(help="A parameter, e.g. clusters.elasticity.")] = None,
    firm: Annotated[str, typer.Option(help="Which firm; `typical` is the one closest to the mean.")] = "typical",
    sector: Annotated[str, typer.Option(help="Its sector.")] = "electronics",
    market: Annotated[str, typer.Option(help="The market it makes for.")] = "united_states",
    year: Annotated[int, typer.Option(help="The year of the cost stack.")] = 2019,
    origin: Annotated[str | None, typer.Option(help="Home of its owner.")] = None,
    site: Annotated[str | None, typer.Option(help="Where it stood in the base year.")] = None,
    firms: Annotated[int | None, typer.Option(help="Production programmes simulated.")] = None,
    settings: Settings = None,
    overlay: Overlays = None,
) -> None:
    """Explain one firm's costs, site by site and line by line, or a parameter."""
    from footloose.explain import Question, explain_firm, explain_parameter

    if parameter is not None:
        typer.echo(explain_parameter(parameter))
        return
    if file is None:
        raise FootlooseError("give a scenario to explain a firm of, or --parameter NAME")
    if firm != "typical":
        raise FootlooseError(f"--firm {firm}: `typical` is known; narrow it with --origin and --site")
    from footloose.job import explanation_text
    from footloose.scenario import load

    scenario = load(file, overrides=settings or [], overlays=overlay or [])
    question = Question(market, sector, year, origin, site)
    typer.echo(explanation_text(explain_firm(scenario, question, firms)))


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
) -> None:
    """Print the JSON Schema of scenario files, for completion in editors."""
    from footloose.scenario import schema as make_schema

    text = json.dumps(make_schema(), indent=2, ensure_ascii=False)
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        raise OutputError(f"{out} could not be written: {problem.strerror or problem}") from problem
    typer.echo(f"wrote {out}")


comparison_commands.register(app)
app.command()(sweep_commands.sweep)
app.command()(sweep_commands.results)
app.command()(calibration_commands.calibrate)
app.command()(brief_command.brief)
app.command()(card_commands.card)


def _span(years: str | None) -> tuple[int, int] | None:
    """Return the years of `--years A:B`.

    raises: FootlooseError when it is not two years
    """
    if years is None:
        return None
    first, colon, last = years.partition(":")
    if not colon or not first.isdecimal() or not last.isdecimal():
        raise FootlooseError(f"--years {years}: write two years with a colon between them, e.g. 2010:2030")
    return int(first), int(last)


def keep_named(commands: typer.Typer, words: list[str]) -> None:
    """Leave out all commands but the one named: the types of all are read before one is run, a tenth of a check.

    Where none is named, as in a request for help or a slip, all are kept; and one more in any case, as Typer makes an
    only command the whole program.
    """
    known = commands.registered_commands
    named = [n for n, each in enumerate(known) if [each.name or getattr(each.callback, "__name__", "")] == words]
    if named:
        commands.registered_commands = [known[named[0]], known[named[0] - 1]]


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else every package installed is asked for some
    keep_named(app, sys.argv[1:2])
    collect_seldom()
    atexit.register(gc.freeze)  # else all that was loaded is looked through once more on the way out, for half a second
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
