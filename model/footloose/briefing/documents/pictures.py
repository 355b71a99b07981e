"""The figures of a briefing, drawn in its language from the tables of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.catalogue import phrases
from footloose.briefing.compare_accounts import compare_account
from footloose.briefing.compare_content import compare_content
from footloose.briefing.compare_differences import compare_differences
from footloose.briefing.compare_ledger import Between, compare_ledger, compare_members, ledger_numbers
from footloose.briefing.compare_tables import account_table, attribution_table
from footloose.briefing.compare_text import outcome_name
from footloose.briefing.compare_waterfall import compare_waterfall, waterfall_numbers
from footloose.briefing.documents.comparison_numbers import ComparisonNumbers
from footloose.briefing.documents.document import Picture
from footloose.briefing.documents.folders import RunFolder
from footloose.briefing.documents.wording import Voice
from footloose.briefing.gallery import run_figures
from footloose.briefing.run_tables import labels_of, tables_of
from footloose.briefing.saving import save
from footloose.briefing.style import PRINT_DPI, Footer
from footloose.briefing.text import Words
from footloose.experiments.comparison.accounts import SUPPORTED, TAXED
from footloose.experiments.comparison.outcomes import Outcome
from footloose.geography import load_geography
from footloose.scenario import by_word
from footloose.scenario.values import scenario_of

DPI = PRINT_DPI
"""Dots per inch of the PNG files, which Word and PowerPoint take."""
STAGES = ("opened", "announced")
Drawn = tuple[str, Callable[[], Figure], pd.DataFrame]
"""Name of a figure, what draws it, and the table behind it."""


@dataclass(frozen=True)
class Artist:
    """Draws figures in one language into a folder."""

    voice: Voice
    folder: Path

    @property
    def words(self) -> Words:
        """The words of figures, with the names of sites, sectors and shores; of shores with few sites, these."""
        return Words(self.voice.language, labels_of(load_geography(), self.voice.language))

    def draw(self, name: str, figure: Figure, data: pd.DataFrame, market: str) -> Picture:
        """Save a figure about a market and return it with its caption."""
        return self.keep(name, figure, data, kind_of(name), {"the_market": self.voice.the(market)})

    def keep(self, name: str, figure: Figure, data: pd.DataFrame, kind: str, places: Mapping[str, str]) -> Picture:
        """Save a figure and return it with its caption; the words for who cannot see it come with the finding."""
        file = f"{name}_{self.voice.language}"
        save(figure, data, self.folder, file, DPI)
        caption = self.voice.say(f"caption.{kind}", **places)
        alt = self.voice.say(f"alt.{kind}", text="", **places).strip()
        return Picture(name, caption, alt, self.folder / f"{file}.png", self.folder / f"{file}.svg")


def kind_of(name: str) -> str:
    """Return what a figure is by its name: the longest beginning of it that has a caption."""
    parts = name.split("_")
    begun = ("_".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((kind for kind in begun if f"caption.{kind}" in phrases()), name)


def footer_of(scenario: Mapping[str, Any], manifest: Mapping[str, Any], title: str, voice: Voice) -> Footer:
    """Return what made the figures."""
    vintage = voice.say("vintage.run", digest=str(manifest.get("data_digest", ""))[:8])
    evidence = by_word(dict(manifest.get("evidence") or {}))
    return Footer(
        title, int(manifest["seed"]), int(manifest["firms"]), str(manifest["version"]), vintage, evidence=evidence
    )


def run_pictures(run: RunFolder, artist: Artist, market: str) -> Iterator[Picture]:
    """Draw every figure of a run that there are numbers for.

    raises: ScenarioError when the scenario of the folder is not one of this version
    """
    scenario, last = scenario_of(run.scenario, str(run.path)), int(run.manifest["years"][1])
    tables = tables_of(scenario, run.figure_table, run.manifest, last, run.cost_stack, artist.voice.language)
    for name, (drawing, numbers) in run_figures(replace(tables, markets=(market,))).items():
        data = numbers()
        if len(data):
            yield artist.draw(name, drawing(), data, market)


def comparison_pictures(numbers: ComparisonNumbers, artist: Artist, titles: tuple[str, str]) -> Iterator[Picture]:
    """Draw the figures of one other world of a comparison."""
    answer = numbers.folder.answer
    between = Between(titles[0], titles[1], str(answer.get("border_of_a_move", "country")), numbers.since)
    footer = footer_of(numbers.folder.scenario, answer, " / ".join(titles), artist.voice)
    for part in (_paths, _ledgers, _policies):
        for name, drawing, data in part(numbers, between, artist.words, footer):
            yield artist.draw(name, drawing(), data, numbers.market)


def _paths(numbers: ComparisonNumbers, between: Between, words: Words, footer: Footer) -> Iterator[Drawn]:
    """Yield the figures of paths: differences of outcomes, China's content."""
    fans = [
        (outcome, str(found["unit"]), numbers.path(outcome))
        for outcome, found in zip(numbers.outcomes, numbers.world["outcomes"], strict=True)
    ]
    counts, style = (numbers.replicates, numbers.ensemble), (words.labels, footer, words.language)
    table = pd.concat([fan.assign(outcome=str(outcome)) for outcome, _, fan in fans], ignore_index=True)
    yield "differences", lambda: compare_differences(fans, between, counts, *style), table
    content, market = numbers.folder.content, numbers.market
    content = content[content["scenario"] == numbers.label]
    shown = content[(content["market"] == market) & (content["sector"] == "all")]
    yield "content", lambda: compare_content(content, market, between, *style), shown


def _ledgers(numbers: ComparisonNumbers, between: Between, words: Words, footer: Footer) -> Iterator[Drawn]:
    """Yield the figures of the twin ledger."""
    summary, style = numbers.summary, (words.labels, footer, words.language)
    if summary.empty:
        return
    for stage in STAGES:
        table = ledger_numbers(summary, stage, "shore")
        yield f"ledger_{stage}", lambda stage=stage: compare_ledger(summary, stage, between, *style), table  # type: ignore[misc]
    members = [ledger_numbers(summary, "announced", by).assign(by=by) for by in ("sector", "origin")]
    drawing = lambda: compare_members(summary, "announced", between, *style)  # noqa: E731 - drawn later, once
    yield "ledger_members", drawing, pd.concat(members, ignore_index=True)


def _policies(numbers: ComparisonNumbers, between: Between, words: Words, footer: Footer) -> Iterator[Drawn]:
    """Yield the accounts of a tariff and of a subsidy, and the waterfall of an attribution where one was asked for."""
    style = (between, words.labels, footer)
    for kind, lines, measure in (("tariff", TAXED, "value"), ("subsidy", SUPPORTED, "jobs")):
        account = numbers.world.get(kind)
        if account:
            table = account_table(account["numbers"], lines, measure)
            yield kind, lambda table=table, kind=kind: compare_account(  # type: ignore[misc]
                table, kind, *style, language=words.language
            ), table  # fmt: skip
    for found in numbers.world.get("attribution") or ():
        table = attribution_table(found, words)
        name = outcome_name(words, Outcome.read(str(found["outcome"])), str(found["unit"]))
        yield "waterfall", lambda table=table, name=name, exact=bool(found["exact"]): compare_waterfall(  # type: ignore[misc]
            table, name, *style, exact=exact, language=words.language
        ), waterfall_numbers(table)  # fmt: skip
