"""Comparisons as the command line does them: progress, runs, figures, files, the summary for the screen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from footloose.errors import FootlooseError
from footloose.experiments.comparison import folder as files
from footloose.experiments.comparison.attribution import attribute
from footloose.experiments.comparison.credibility import credibility
from footloose.experiments.comparison.ensemble import Draw, read_ensemble
from footloose.experiments.comparison.histories import live_tables
from footloose.experiments.comparison.inverse import Target, solve
from footloose.experiments.comparison.lever_text import credibility_text, reversal_text, solution_text
from footloose.experiments.comparison.levers import CAPS, KINDS, Lever, automation_lever, instrument_lever, key_lever
from footloose.experiments.comparison.outcomes import Outcome, default_outcomes, numbers_of
from footloose.experiments.comparison.pairs import Lived, warm_up
from footloose.experiments.comparison.replication import Precision, live_enough
from footloose.experiments.comparison.report import Comparison, Question, answer, check_question
from footloose.experiments.comparison.reversal import Reversal, reverse
from footloose.experiments.comparison.screen import comparison_text
from footloose.experiments.comparison.undo import undo
from footloose.experiments.comparison.worlds import World, read_world, twins
from footloose.geography import load_geography
from footloose.scenario import Scenario, by_word, evidence_in_use
from footloose.version import data_digest, versions
from footloose.world import BASE_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from footloose.briefing import Footer

MOST_WORKERS = 8


@dataclass(frozen=True)
class Runs:
    """How much is run: None stands for what the base scenario says."""

    firms: int | None = None
    replicates: int | None = None
    seed: int | None = None
    years: tuple[int, int] | None = None
    workers: int | None = None

    @property
    def threads(self) -> int:
        """Threads used: those asked for, else one for each processor this process may use, up to MOST_WORKERS."""
        if self.workers is not None:
            if self.workers < 1:
                raise FootlooseError(f"--workers {self.workers}: at least 1 is needed")
            return self.workers
        return max(1, min(MOST_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1))


@dataclass(frozen=True)
class Wish:
    """What a comparison is asked for, as on the command line."""

    outcomes: tuple[str, ...] = ()
    half_width: float | None = None
    most: int = 200
    ensemble: Path | None = None
    draw_replicates: int = 2
    attribution: bool = False
    groups: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    border: str = "country"
    market: str = "united_states"


DEFAULT_REPLICATES = 6
ATTRIBUTION_REPLICATES = 4
"""Most replicates of every hybrid of an attribution: with seven parts there are 128 hybrids."""


def compare(
    base: str,
    others: Sequence[str],
    folder: Path,
    wish: Wish,
    runs: Runs,
    settings: Sequence[str] = (),
    *,
    overwrite: bool = False,
    figures: bool = True,
    language: str = "en",
) -> str:
    """Compare, write the folder and return the summary.

    raises: FootlooseError for anything the user can put right
    """
    worlds = [read_world(name, settings) for name in (base, *others)]
    files.prepare(folder, overwrite)
    comparison, lived = carry_out(worlds[0], worlds[1:], wish, runs)
    text = comparison_text(comparison)

    def draw(place: Path) -> None:
        from footloose.briefing.compare_gallery import draw_comparison

        footer = footer_of(worlds[0].scenario, comparison, language=language)
        draw_comparison(comparison, lived, footer, place, language=language)

    tables = comparison.tables(lived)
    files.write(folder, overwrite, files.COMPARISON, comparison.as_data(), tables, text, draw if figures else None)
    return f"{text}\nresults  {folder}" + (f"\nfigures  {folder / 'figures'}" if figures else "")


def carry_out(base: World, others: Sequence[World], wish: Wish, runs: Runs) -> tuple[Comparison, Lived]:
    """Live all worlds and answer every question about them; nothing is written.

    raises: FootlooseError for anything the user can put right
    """
    geography = load_geography()
    geography.market(wish.market)
    paired = twins(base, others, firms=runs.firms, seed=runs.seed, years=runs.years)
    outcomes = tuple(Outcome.read(text) for text in wish.outcomes) or default_outcomes(wish.market)
    question = Question(outcomes, wish.market, wish.border, wish.views)
    draws = () if wish.ensemble is None else read_ensemble(wish.ensemble, paired.base.scenario)
    precision = None if wish.half_width is None else Precision(outcomes[0], wish.half_width, wish.most)
    replicates = runs.replicates or max(base.scenario.replicates, DEFAULT_REPLICATES)
    warm_up(paired.base.scenario)
    check_names(paired.base.scenario, question)
    with Waiting("runs") as step:
        lived, replication = live_enough(
            paired, replicates, precision, draws, wish.draw_replicates, runs.threads, lambda _: step()
        )
    check_question(lived, outcomes)
    answers = [answer(paired, lived, place, question) for place in range(len(paired.others))]
    if wish.attribution or wish.groups:
        for place, found in enumerate(answers):
            parts = attribute(
                paired, place, outcomes[:1], min(replicates, ATTRIBUTION_REPLICATES), wish.groups, runs.threads
            )
            answers[place] = replace(found, attributions=tuple(parts))
    notes = [f"{world.label}: {note}" for world in (paired.base, *paired.others) for note in world.notes] + lived.notes
    ensemble = None if wish.ensemble is None else (wish.ensemble.name, len(draws))
    return Comparison(paired, question, tuple(answers), replication, ensemble, tuple(notes)), lived


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
    name: str,
    lever: str,
    keys: dict[str, object],
    target: Target,
    cap: float | None,
    folder: Path,
    runs: Runs,
    settings: Sequence[str] = (),
    ensemble: Path | None = None,
    *,
    draw_replicates: int = 2,
    overwrite: bool = False,
    figures: bool = True,
    language: str = "en",
) -> str:
    """Find the smallest level of a lever that reaches a target, write the folder and return the summary.

    raises: FootlooseError for anything the user can put right
    """
    scenario = _world(name, settings, runs)
    files.prepare(folder, overwrite)
    turned = make_lever(scenario, lever, keys, cap)
    draws: tuple[Draw, ...] = () if ensemble is None else read_ensemble(ensemble, scenario)
    warm_up(scenario)
    check_outcomes(scenario, [target.outcome])
    with Waiting("solving"):
        found = solve(scenario, turned, target, runs.replicates or 14, runs.threads, draws, draw_replicates)
    text = solution_text(found)
    answered = (
        _head(scenario) | found.as_data() | {"levels": found.levels.tolist(), "outcomes": found.outcomes.tolist()}
    )

    def draw(place: Path) -> None:
        from footloose.briefing.compare_gallery import draw_solution

        draw_solution(found, turned, footer_of(scenario, language=language), place, language=language)

    files.write(folder, overwrite, "solve.json", answered, {}, text, draw if figures else None)
    return f"{text}\nresults  {folder}"


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
    folder: Path,
    runs: Runs,
    settings: Sequence[str] = (),
    *,
    overwrite: bool = False,
    figures: bool = True,
    language: str = "en",
) -> str:
    """Measure what stays of a policy when it goes, write the folder and return the summary.

    raises: FootlooseError for anything the user can put right
    """
    scenario = _world(name, settings, runs)
    files.prepare(folder, overwrite)
    asked = Outcome.read(outcome)
    warm_up(scenario)
    check_outcomes(scenario, [asked])
    replicates = runs.replicates or DEFAULT_REPLICATES
    with Waiting("reversing"):
        found = reverse(scenario, policy, asked, after, ramp, replicates, runs.threads)
        undone = None
        if undo_within is not None:
            undone = undo(scenario, policy, asked, found.stays[-1], undo_within, replicates, runs.threads)
    text = reversal_text(found, undone)
    answered = _head(scenario) | found.as_data() | {"undo": None if undone is None else undone.as_data()}

    def draw(place: Path) -> None:
        from footloose.briefing.compare_gallery import draw_reversal

        draw_reversal(found, footer_of(scenario, language=language), place, language=language)

    files.write(
        folder, overwrite, "reverse.json", answered, {"paths.csv": paths_table(found)}, text, draw if figures else None
    )
    return f"{text}\nresults  {folder}"


def believe_policy(
    name: str,
    policy: str,
    outcome: str,
    lasts: Sequence[float],
    folder: Path,
    runs: Runs,
    settings: Sequence[str] = (),
    *,
    overwrite: bool = False,
    figures: bool = True,
    language: str = "en",
) -> str:
    """Find the permanent rate that equals a policy believed to last some years, write the folder, return the summary.

    raises: FootlooseError for anything the user can put right
    """
    scenario = _world(name, settings, runs)
    files.prepare(folder, overwrite)
    asked = Outcome.read(outcome)
    warm_up(scenario)
    check_outcomes(scenario, [asked])
    with Waiting("believing"):
        found = credibility(scenario, policy, lasts, asked, runs.replicates or DEFAULT_REPLICATES, runs.threads)
    text = credibility_text(found)

    def draw(place: Path) -> None:
        from footloose.briefing.compare_gallery import draw_credibility

        draw_credibility(found, footer_of(scenario, language=language), place, language=language)

    files.write(
        folder, overwrite, "credibility.json", _head(scenario) | found.as_data(), {}, text, draw if figures else None
    )
    return f"{text}\nresults  {folder}"


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


def _world(name: str, settings: Sequence[str], runs: Runs) -> Scenario:
    """Return the scenario of a name with the size asked for."""
    from footloose.experiments.comparison.hybrids import sized

    return sized(read_world(name, settings).scenario, runs.firms, runs.seed, runs.years)


def _head(scenario: Scenario) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "digest": scenario.digest(),
        "firms": scenario.firms,
        "seed": scenario.seed,
        "years": [BASE_YEAR, scenario.years.until],
        "resolved_scenario": scenario.as_data(),
        "evidence": evidence_in_use(scenario),
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
