"""The commands of comparisons, thin: compare, solve, reverse, credibility.

What all of them are asked, how much to run and where to put the answer, is declared once, in Common.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from footloose.errors import FootlooseError

if TYPE_CHECKING:
    from footloose.comparison_job import Place, Runs

Language = Annotated[Literal["en", "zh"], typer.Option("--lang", help="Language of the figures: en or zh.")]
Ensemble = Annotated[
    str,
    typer.Option(
        metavar="default|none|FILE",
        help="Draws of parameters: the calibrated ensemble, none, or a CSV file; a row a draw, columns dotted keys.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(help="Processes that share the runs; results do not depend on it. As many as pay when left out."),
]
Members = Annotated[
    int | None, typer.Option(metavar="N", help="How many draws of the ensemble, from the first; 60 or all.")
]
OUTCOME = "VARIABLE,axis=name,year=A:B, e.g. Imports|Share,market=united_states,site=country:china,year=2030."
CHINA_SHARE = "Imports|Share,market=united_states,site=country:china"


@dataclass(frozen=True)
class Common:
    """The options that every command of comparisons has."""

    ensemble: Ensemble = "none"
    members: Members = None
    draw_replicates: Annotated[int, typer.Option(help="Replicates of every draw of the ensemble.")] = 2
    firms: Annotated[int | None, typer.Option(help="Production programmes simulated; twins share them.")] = None
    replicates: Annotated[int | None, typer.Option(help="Runs of every world with different random draws.")] = None
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers.")] = None
    years: Annotated[str | None, typer.Option(metavar="A:B", help="Years simulated, e.g. 2010:2030.")] = None
    workers: Workers = None
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a finished answer in that folder.")] = False
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True
    lang: Language = "en"
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Replace one value in every scenario file.")
    ] = None

    @property
    def runs(self) -> Runs:
        """How much is run.

        raises: FootlooseError for numbers that make no sense
        """
        from footloose.comparison_job import Runs

        if self.replicates is not None and self.replicates < 1:
            raise FootlooseError(f"replicates: {self.replicates} given; at least 1 is needed")
        span = None
        if self.years is not None:
            first, colon, last = self.years.partition(":")
            if not colon or not first.isdecimal() or not last.isdecimal():
                raise FootlooseError(f"--years {self.years}: write two years with a colon between, e.g. 2010:2030")
            span = int(first), int(last)
        ensemble = self.ensemble if wants_ensemble(self.ensemble, self.members) else None
        return Runs(
            self.firms, self.replicates, self.seed, span, self.workers, ensemble, self.members, self.draw_replicates,
            tuple(self.settings or ()),
        )  # fmt: skip

    def place(self, folder: Path) -> Place:
        """Return where the answer goes."""
        from footloose.comparison_job import Place

        return Place(folder, self.overwrite, self.figures, self.lang)


def wants_ensemble(ensemble: str, members: int | None) -> bool:
    """Return whether an ensemble is asked for.

    raises: FootlooseError for members of none
    """
    from footloose.ensemble import NONE

    if ensemble == NONE and members is not None:
        raise FootlooseError(f"--members {members}: of which ensemble? Add --ensemble default or a CSV file")
    return ensemble != NONE


def with_common(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose last parameter, `common`, is spread out into the options of Common."""
    said = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=said[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "common"
    ]
    hints = get_type_hints(Common, include_extras=True)
    shared = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(Common)
    ]

    def spread(**given: Any) -> None:
        common = Common(**{field.name: given.pop(field.name) for field in fields(Common)})
        command(**given, common=common)

    spread.__name__, spread.__doc__ = command.__name__, command.__doc__
    spread.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    spread.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *shared]}
    return spread


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="Scenario or finished run without the policy.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Scenarios or finished runs with it.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the answer; default runs/compare_OTHER.")] = None,
    outcome: Annotated[list[str] | None, typer.Option(metavar="OUTCOME", help=f"What to show: {OUTCOME}")] = None,
    half_width: Annotated[
        float | None, typer.Option(help="Run until the first outcome's difference is known to this half-width.")
    ] = None,
    max_replicates: Annotated[int, typer.Option(help="Most replicates with --half-width.")] = 200,
    attribute: Annotated[bool, typer.Option("--attribute", help="Decompose the first outcome by instrument.")] = False,
    group: Annotated[
        list[str] | None, typer.Option(metavar="NAME=PART,PART", help="Parts to attribute together.")
    ] = None,
    view: Annotated[list[str] | None, typer.Option(metavar="COUNTRY", help="What it means for a host country.")] = None,
    border: Annotated[str, typer.Option(help="What a move must cross: site, country or shore.")] = "country",
    market: Annotated[str, typer.Option(help="The market whose purchases are shown.")] = "united_states",
    *,
    common: Common,
) -> None:
    """Compare worlds firm by firm: what the policy did, what would have happened anyway."""
    from footloose.comparison_job import Wish
    from footloose.comparison_job import compare as carry_out

    wish = Wish(
        tuple(outcome or ()), half_width, max_replicates, attribute, tuple(group or ()), tuple(view or ()), border,
        market,
    )  # fmt: skip
    folder = out or Path("runs") / f"compare_{Path(others[-1]).stem}"
    typer.echo(carry_out(base, others, wish, common.runs, common.place(folder)))


def solve(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped scenario.")],
    lever: Annotated[str, typer.Option(help="tariff, subsidy, automation, or KEY=CAP for any number of the scenario.")],
    outcome: Annotated[str, typer.Option(metavar="OUTCOME", help=f"What is to be reached: {OUTCOME}")],
    target: Annotated[float | None, typer.Option(help="Value of the outcome to reach.")] = None,
    gain: Annotated[
        float | None, typer.Option(help="Instead of --target: change against the scenario as it is.")
    ] = None,
    chance: Annotated[float, typer.Option(help="Part of the runs that must reach it.")] = 0.8,
    cap: Annotated[
        float | None, typer.Option(help="Highest level tried; tariff 200, subsidy 60, automation 95.")
    ] = None,
    market: Annotated[str, typer.Option(help="Importing market of the tariff.")] = "united_states",
    sites: Annotated[str, typer.Option(help="Sites or groups the lever acts on, with commas.")] = "china",
    sectors: Annotated[str, typer.Option(help="Sectors, with commas, or all.")] = "all",
    start: Annotated[str, typer.Option("--from", help="First day in force.")] = "2027",
    announced: Annotated[str | None, typer.Option(help="Day of announcement; the first day when left out.")] = None,
    lasts: Annotated[
        float | None, typer.Option(help="Years firms believe it to last; permanent when left out.")
    ] = None,
    form: Annotated[
        str, typer.Option(help="Form of the subsidy: output_share, capex_share or usd_per_job.")
    ] = "output_share",
    out: Annotated[Path | None, typer.Option(help="Folder for the answer; default runs/solve_NAME.")] = None,
    *,
    common: Common,
) -> None:
    """Find the smallest tariff, subsidy or automation that reaches a target with a stated chance."""
    from footloose.comparison_job import solve_for
    from footloose.experiments.comparison.inverse import Target
    from footloose.experiments.comparison.outcomes import Outcome

    if (target is None) == (gain is None):
        raise FootlooseError("give either --target (a value) or --gain (a change against the scenario as it is)")
    wanted = Target(Outcome.read(outcome), gain if target is None else target, target is None, chance)  # type: ignore[arg-type]
    keys: dict[str, object] = {
        "market": market, "sites": _words(sites), "sectors": _words(sectors), "from": start, "announced": announced,
        "believed": "permanent" if lasts is None else {"lasts": lasts}, "form": form,
    }  # fmt: skip
    folder = out or Path("runs") / f"solve_{Path(file).stem}"
    typer.echo(solve_for(file, lever, keys, wanted, cap, common.runs, common.place(folder)))


def reverse(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario that has the policy.")],
    policy: Annotated[str, typer.Option(help="An instrument of the scenario, or an authority of the policy record.")],
    outcome: Annotated[
        str, typer.Option(metavar="OUTCOME", help="VARIABLE,axis=name; every year is looked at.")
    ] = CHINA_SHARE,
    after: Annotated[str | None, typer.Option(metavar="N,N", help="Years after which the policy goes.")] = None,
    ramp: Annotated[int, typer.Option(help="Steps of a ramp up, and as many down; 0 for none.")] = 0,
    undo: Annotated[
        int | None, typer.Option(metavar="N", help="Find the credit that undoes what stays within N years.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the answer; default runs/reverse_POLICY.")] = None,
    *,
    common: Common,
) -> None:
    """Take a policy away again: what stays, how much it takes to undo it, and the loop of a ramp."""
    from footloose.comparison_job import reverse_policy

    lengths = [int(number) for number in _numbers(after, "--after")]
    folder = out or Path("runs") / f"reverse_{policy}"
    typer.echo(reverse_policy(file, policy, outcome, lengths, ramp, undo, common.runs, common.place(folder)))


def credibility(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario that has the policy.")],
    policy: Annotated[str, typer.Option(help="An instrument of the scenario with a single rate.")],
    lasts: Annotated[str, typer.Option(metavar="N,N", help="Years that firms believe it to last.")] = "1,2,4,8",
    outcome: Annotated[str, typer.Option(metavar="OUTCOME", help=OUTCOME)] = CHINA_SHARE,
    out: Annotated[Path | None, typer.Option(help="Folder for the answer; default runs/credibility_POLICY.")] = None,
    *,
    common: Common,
) -> None:
    """Find which policy believed permanent equals this one believed to last n years."""
    from footloose.comparison_job import believe_policy

    folder = out or Path("runs") / f"credibility_{policy}"
    lengths = _numbers(lasts, "--lasts")
    typer.echo(believe_policy(file, policy, outcome, lengths, common.runs, common.place(folder)))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (compare, solve, reverse, credibility):
        app.command()(with_common(command))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str | None, option: str) -> list[float]:
    try:
        return [float(word) for word in _words(text or "")]
    except ValueError:
        raise FootlooseError(f"{option} {text}: write numbers with commas between them, such as 1,2,4") from None
