"""Comparisons as the command line does them: progress, runs, figures, files, the summary for the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from footloose.ensemble import DRAW_REPLICATES, open_ensemble
from footloose.experiments.comparison import folder as files
from footloose.experiments.comparison.attribution import attribute
from footloose.experiments.comparison.credibility import credibility
from footloose.experiments.comparison.histories import live_tables
from footloose.experiments.comparison.hybrids import sized
from footloose.experiments.comparison.inverse import Target, solve
from footloose.experiments.comparison.lever_text import credibility_text, reversal_text, solution_text
from footloose.experiments.comparison.levers import CAPS, KINDS, Lever, automation_lever, instrument_lever, key_lever
from footloose.experiments.comparison.outcomes import Outcome, default_outcomes
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.replication import Precision, live_enough
from footloose.experiments.comparison.report import Comparison, Question, answer, check_question
from footloose.experiments.comparison.reversal import Reversal, reverse
from footloose.experiments.comparison.screen import comparison_text
from footloose.experiments.comparison.undo import undo
from footloose.experiments.comparison.units import Units
from footloose.experiments.comparison.worlds import World, read_world, twins
from footloose.geography import load_geography
from footloose.kernels import prepare_kernels
from footloose.long_numbers import numbers_of
from footloose.processes import workers_for
from footloose.scenario import Scenario, by_word, evidence_in_use
from footloose.version import data_digest, versions
from footloose.world import BASE_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from footloose.briefing import Footer


@dataclass(frozen=True)
class Runs:
    """How much is run: None stands for what the base scenario says.

    ensemble, members, draw_replicates : draws of parameters run besides; settings: laid over every scenario file
    """

    firms: int | None = None
    replicates: int | None = None
    seed: int | None = None
    years: tuple[int, int] | None = None
    workers: int | None = None
    ensemble: str | Path | None = None
    members: int | None = None
    draw_replicates: int = DRAW_REPLICATES
    settings: tuple[str, ...] = ()

    def sharing(self, scenario: Scenario, units: Units) -> int:
        """Return how many processes share the runs: those asked for, else as many as pay; scenario: of full size.

        raises: FootlooseError for less than one
        """
        return workers_for(self.workers, scenario.firms * len(units.all))

    def units(self, replicates: int, scenarios: Sequence[Scenario]) -> Units:
        """Return what every world is run in: replicates of its own parameters, and the draws of the ensemble.

        raises: FootlooseError, ScenarioError for an ensemble that cannot be used
        """
        return Units(replicates, open_ensemble(self.ensemble, scenarios, self.members), self.draw_replicates)


@dataclass(frozen=True)
class Place:
    """Where an answer goes; language: of its figures."""

    folder: Path
    overwrite: bool = False
    figures: bool = True
    language: str = "en"


@dataclass(frozen=True)
class Wish:
    """What a comparison is asked for, as on the command line."""

    outcomes: tuple[str, ...] = ()
    half_width: float | None = None
    most: int = 200
    attribution: bool = False
    groups: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    border: str = "country"
    market: str = "united_states"


DEFAULT_REPLICATES = 6
SOLVE_REPLICATES = 14
"""Enough to bound the interval of the level that 80 % of the runs need."""
ATTRIBUTION_REPLICATES, ATTRIBUTION_DRAWS = 4, 12
"""Most replicates and draws of every hybrid of an attribution, if not said: with seven parts there are 128 hybrids."""


def compare(base: str, others: Sequence[str], wish: Wish, runs: Runs, place: Place) -> str:
    """Compare, write the folder and return the summary.

    raises: FootlooseError for anything the user can put right
    """
    worlds = [read_world(name, runs.settings) for name in (base, *others)]
    files.prepare(place.folder, place.overwrite)
    comparison, lived = carry_out(worlds[0], worlds[1:], wish, runs)

    def draw(folder: Path) -> None:
        from footloose.briefing.compare_gallery import draw_comparison

        footer = footer_of(worlds[0].scenario, comparison, language=place.language)
        draw_comparison(comparison, lived, footer, folder, language=place.language)

    text = comparison_text(comparison)
    return write(place, files.COMPARISON, comparison.as_data(), comparison.tables(lived), text, draw)


def write(
    place: Place,
    name: str,
    answer: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    text: str,
    draw: Callable[[Path], None],
) -> str:
    """Write an answer into its folder and return the summary with where it lies.

    raises: OutputError
    """
    files.write(place.folder, place.overwrite, name, answer, tables, text, draw if place.figures else None)
    figures = f"\nfigures  {place.folder / 'figures'}" if place.figures else ""
    return f"{text}\nresults  {place.folder}{figures}"


def carry_out(base: World, others: Sequence[World], wish: Wish, runs: Runs) -> tuple[Comparison, Lived]:
    """Live all worlds and answer every question about them; nothing is written.

    raises: FootlooseError for anything the user can put right
    """
    geography = load_geography()
    geography.market(wish.market)
    paired = twins(base, others, firms=runs.firms, seed=runs.seed, years=runs.years)
    outcomes = tuple(Outcome.read(text) for text in wish.outcomes) or default_outcomes(wish.market)
    question = Question(outcomes, wish.market, wish.border, wish.views)
    units = runs.units(runs.replicates or max(base.scenario.replicates, DEFAULT_REPLICATES), paired.scenarios)
    precision = None if wish.half_width is None else Precision(outcomes[0], wish.half_width, wish.most)
    prepare_kernels(paired.base.scenario)
    check_names(paired.base.scenario, question)
    sharing = runs.sharing(paired.base.scenario, units)
    with Waiting("runs") as step:
        lived, replication = live_enough(paired, units, precision, sharing, lambda _: step())
    check_question(lived, outcomes)
    answers = [answer(paired, lived, place, question) for place in range(len(paired.others))]
    if wish.attribution or wish.groups:
        few = units.fewer(ATTRIBUTION_REPLICATES, ATTRIBUTION_DRAWS if runs.members is None else runs.members)
        with Waiting("attribution") as step:
            for place, found in enumerate(answers):
                parts = attribute(paired, place, outcomes[:1], few, wish.groups, sharing, step)
                answers[place] = replace(found, attributions=tuple(parts))
    notes = [f"{world.label}: {note}" for world in (paired.base, *paired.others) for note in world.notes]
    notes += [*lived.notes, *units.notes]
    return Comparison(paired, question, tuple(answers), replication, units.ensemble, tuple(notes)), lived


def check_names(scenario: Scenario, question: Question) -> None:
    """Refuse outcomes, views and borders that do not exist, before anything long is run.

    raises: UnknownName, FootlooseError
    """
    from footloose.errors import UnknownName
    from footloose.experiments.comparison.twin_ledger import places

    geography = load_geography()
    places(geography, question.border)
    for country in question.views:
        if country not in geography.countries:
            raise UnknownName("country", country, geography.countries)
    check_outcomes(scenario, question.outcomes)


def check_outcomes(scenario: Scenario, outcomes: Sequence[Outcome]) -> None:
    """Refuse outcomes that no run of the scenario has; a run of a few firms and all its years shows it.

    raises: UnknownName, FootlooseError
    """
    record = live_tables(replace(scenario, firms=64), 0)
    numbers = numbers_of(record)
    for outcome in outcomes:
        outcome.value(numbers, record.years)


def solve_for(
    name: str, lever: str, keys: dict[str, object], target: Target, cap: float | None, runs: Runs, place: Place
) -> str:
    """Find the smallest level of a lever that reaches a target, write the folder and return the summary.

    raises: FootlooseError for anything the user can put right
    """
    scenario = _world(name, runs)
    files.prepare(place.folder, place.overwrite)
    turned = make_lever(scenario, lever, keys, cap)
    units = runs.units(runs.replicates or SOLVE_REPLICATES, [scenario, turned.at(scenario, turned.cap)])
    prepare_kernels(scenario)
    check_outcomes(scenario, [target.outcome])
    with Waiting("solving") as step:
        found = solve(scenario, turned, target, units, runs.sharing(scenario, units), step)
    answered = found.as_data() | {"levels": found.levels.tolist(), "outcomes": found.outcomes.tolist()}

    def draw(folder: Path) -> None:
        from footloose.briefing.compare_gallery import draw_solution

        draw_solution(found, turned, footer_of(scenario, language=place.language), folder, language=place.language)

    return write(place, "solve.json", _head(scenario, units) | answered, {}, solution_text(found, units), draw)


def make_lever(scenario: Scenario, lever: str, keys: dict[str, object], cap: float | None) -> Lever:
    """Return the lever of a name: tariff, subsidy, automation or KEY=CAP.

    raises: FootlooseError, UnknownName
    """
    if "=" in lever or lever not in KINDS:
        return key_lever(scenario, lever)
    most = CAPS[lever] if cap is None else cap
    if lever == "automation":
        return automation_lever(most)
    given = {key: value for key, value in keys.items() if value is not None}
    if lever == "subsidy":
        given.pop("market", None)
        form = str(given.pop("form", "output_share"))
        return instrument_lever("subsidy", given, form, most)
    given.pop("form", None)
    return instrument_lever("tariff", given, "rate", most)


def reverse_policy(
    name: str,
    policy: str,
    outcome: str,
    after: Sequence[int],
    ramp: int,
    undo_within: int | None,
    runs: Runs,
    place: Place,
) -> str:
    """Measure what stays of a policy when it goes, write the folder and return the summary.

    raises: FootlooseError for anything the user can put right
    """
    scenario, asked, units = _asked(name, outcome, runs, place)
    sharing = runs.sharing(scenario, units)
    with Waiting("reversing") as step:
        found = reverse(scenario, policy, asked, after, ramp, units, sharing, step)
        undone = None
        if undo_within is not None:
            undone = undo(scenario, policy, asked, found.stays[-1], undo_within, units, sharing, step)
    answered = found.as_data() | {"undo": None if undone is None else undone.as_data()}

    def draw(folder: Path) -> None:
        from footloose.briefing.compare_gallery import draw_reversal

        draw_reversal(found, footer_of(scenario, language=place.language), folder, language=place.language)

    tables, text = {"paths.csv": paths_table(found)}, reversal_text(found, units, undone)
    return write(place, "reverse.json", _head(scenario, units) | answered, tables, text, draw)


def believe_policy(name: str, policy: str, outcome: str, lasts: Sequence[float], runs: Runs, place: Place) -> str:
    """Find the permanent rate that equals a policy believed to last some years, write the folder, return the summary.

    raises: FootlooseError for anything the user can put right
    """
    scenario, asked, units = _asked(name, outcome, runs, place)
    with Waiting("believing") as step:
        found = credibility(scenario, policy, lasts, asked, units, runs.sharing(scenario, units), step)

    def draw(folder: Path) -> None:
        from footloose.briefing.compare_gallery import draw_credibility

        draw_credibility(found, footer_of(scenario, language=place.language), folder, language=place.language)

    answered = _head(scenario, units) | found.as_data()
    return write(place, "credibility.json", answered, {}, credibility_text(found, units), draw)


def _asked(name: str, outcome: str, runs: Runs, place: Place) -> tuple[Scenario, Outcome, Units]:
    """Return scenario, outcome and units of a question about one scenario; what cannot be is refused first."""
    scenario = _world(name, runs)
    files.prepare(place.folder, place.overwrite)
    asked = Outcome.read(outcome)
    units = runs.units(runs.replicates or DEFAULT_REPLICATES, [scenario])
    prepare_kernels(scenario)
    check_outcomes(scenario, [asked])
    return scenario, asked, units


def footer_of(scenario: Scenario, comparison: Comparison | None = None, *, language: str = "en") -> Footer:
    """Return what made a figure, for its foot; the titles of scenarios in a language."""
    from footloose.briefing import Footer
    from footloose.briefing.catalogue import say
    from footloose.briefing.compare_text import title_of, titles_of

    title, compared = title_of(scenario, language) or scenario.name, [scenario]
    if comparison is not None:
        worlds = [comparison.twins.base, *comparison.twins.others]
        scenario, compared = worlds[0].scenario, [world.scenario for world in worlds]
        title = " / ".join(titles_of(worlds, language))
    vintage = say("compare.vintage", language, digest=data_digest()[:8])
    evidence = by_word(evidence_in_use(*compared))
    return Footer(title, scenario.seed, scenario.firms, versions()["version"], vintage, evidence=evidence)


def paths_table(found: Reversal) -> pd.DataFrame:
    """Return the effect by year of every world of a reversal: year, world, effect."""
    import pandas

    return pandas.DataFrame(
        [
            {"year": year, "world": name, "effect": float(value)}
            for name, path in found.paths.items()
            for year, value in zip(found.years, path, strict=True)
        ]
    )


def _world(name: str, runs: Runs) -> Scenario:
    """Return the scenario of a name with the size asked for."""
    return sized(read_world(name, runs.settings).scenario, runs.firms, runs.seed, runs.years)


def _head(scenario: Scenario, units: Units) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "digest": scenario.digest(),
        "firms": scenario.firms,
        "seed": scenario.seed,
        "years": [BASE_YEAR, scenario.years.until],
        "resolved_scenario": scenario.as_data(),
        "evidence": evidence_in_use(scenario),
        **units.as_data(),
        **versions(),
    }


class Waiting:
    """Shows on standard error that something is under way, and how many runs are done."""

    def __init__(self, what: str) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.what, self.done = what, 0

    def __enter__(self) -> Waiting:
        self.bar.start()
        self.task = self.bar.add_task(self.what, total=None)
        return self

    def __call__(self) -> None:
        """Count one more run."""
        self.done += 1
        self.bar.update(self.task, description=f"{self.what}: {self.done} units done")

    def __exit__(self, *problem: object) -> None:
        self.bar.stop()
