"""All figures of a comparison, of an inverse, of a reversal and of a credibility, drawn and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_accounts import compare_account
from footloose.briefing.compare_content import compare_content, compare_view
from footloose.briefing.compare_differences import compare_differences
from footloose.briefing.compare_ledger import Between, compare_ledger, compare_members, ledger_numbers
from footloose.briefing.compare_levers import compare_credibility, compare_solve
from footloose.briefing.compare_reversal import compare_reversal, shown_paths
from footloose.briefing.compare_tables import account_table, attribution_table
from footloose.briefing.compare_text import (
    bought,
    effect_name,
    labels_of,
    lever_name,
    outcome_name,
    policy_name,
    titles_of,
    unit_name,
)
from footloose.briefing.compare_waterfall import compare_waterfall, waterfall_numbers
from footloose.briefing.saving import save
from footloose.briefing.style import Footer
from footloose.briefing.text import Words
from footloose.experiments.comparison.accounts import SUPPORTED, TAXED
from footloose.experiments.comparison.credibility import Credibility
from footloose.experiments.comparison.inverse import Solution
from footloose.experiments.comparison.levers import Lever
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.report import Answer, Comparison
from footloose.experiments.comparison.reversal import Reversal
from footloose.experiments.comparison.views import View
from footloose.long_table import unit_of

THOUSAND = 1e3
Drawn = tuple[str, Figure, pd.DataFrame]
"""Name of a figure, the figure, and the table behind it."""


def draw_comparison(
    comparison: Comparison, lived: Lived, footer: Footer, folder: Path, *, language: str = "en"
) -> None:
    """Draw every figure of every other world; names end in the world's label where there are several."""
    for name, figure, table in comparison_figures(comparison, lived, footer, language=language):
        save(figure, table, folder, name)


def comparison_figures(
    comparison: Comparison, lived: Lived, footer: Footer, *, language: str = "en"
) -> Iterator[Drawn]:
    """Yield every figure of a comparison with its name and its table; titles are those of the scenarios."""
    words, twins, question = Words(language, labels_of(language)), comparison.twins, comparison.question
    base, *others = titles_of([twins.base, *twins.others], language)
    for place, (answer, other) in enumerate(zip(comparison.answers, others, strict=True)):
        ending = f"_{answer.label}" if len(comparison.answers) > 1 else ""
        between = Between(base, other, question.border, answer.first_firm)
        counts = (len(lived.central(place)), len(lived.drawn(place)))
        for figures in (
            _paths(answer, between, counts, question.market, words, footer),
            _firms(answer, between, words, footer),
            _policies(answer, between, words, footer),
        ):
            for name, figure, table in figures:
                yield f"{name}{ending}", figure, table


def _paths(
    answer: Answer, between: Between, counts: tuple[int, int], market: str, words: Words, footer: Footer
) -> Iterator[Drawn]:
    """Yield the figures of paths: differences, China's content, views."""
    fans = [(found.outcome, found.unit, fan) for found, fan in zip(answer.outcomes, answer.fans, strict=True)]
    table = pd.concat([fan.assign(outcome=of.label, unit=unit) for of, unit, fan in fans], ignore_index=True)
    figure = compare_differences(fans, between, counts, words.labels, footer, words.language)
    yield "differences", figure, table
    content = answer.content[(answer.content["market"] == market) & (answer.content["sector"] == "all")]
    figure = compare_content(answer.content, market, between, words.labels, footer, words.language)
    yield "content", figure, content
    for view in answer.views:
        table = view_table(view, len(fans[0][2]))
        figure = compare_view(table, view.country, between, words.labels, footer, words.language)
        yield f"view_{view.country}", figure, table


def _firms(answer: Answer, between: Between, words: Words, footer: Footer) -> Iterator[Drawn]:
    """Yield the figures of the twin ledger."""
    if answer.summary.empty:
        return
    for stage in ("announced", "opened"):
        figure = compare_ledger(answer.summary, stage, between, words.labels, footer, words.language)
        yield f"ledger_{stage}", figure, ledger_numbers(answer.summary, stage, "shore")
    members = pd.concat(
        [ledger_numbers(answer.summary, "announced", by).assign(by=by) for by in ("sector", "origin")],
        ignore_index=True,
    )
    figure = compare_members(answer.summary, "announced", between, words.labels, footer, words.language)
    yield "ledger_members", figure, members


def _policies(answer: Answer, between: Between, words: Words, footer: Footer) -> Iterator[Drawn]:
    """Yield the accounts of a subsidy and of a tariff, and the waterfall of an attribution."""
    style = (between, words.labels, footer)
    if answer.subsidy is not None:
        table = account_table(answer.subsidy.as_data()["numbers"], SUPPORTED, "jobs")
        note = bought(words, answer.subsidy.ratios)
        yield "subsidy", compare_account(table, "subsidy", *style, note, words.language), table
    if answer.tariff is not None:
        table = account_table(answer.tariff.as_data()["numbers"], TAXED, "value")
        yield "tariff", compare_account(table, "tariff", *style, language=words.language), table
    for attribution in answer.attributions:
        table, outcome = attribution_table(attribution.as_data(), words), attribution.outcome
        name = outcome_name(words, outcome, attribution.unit)
        figure = compare_waterfall(table, name, *style, exact=attribution.exact, language=words.language)
        yield "waterfall", figure, waterfall_numbers(table)


def view_table(view: View, years: int) -> pd.DataFrame:
    """Return what compare_view draws: name, unit, year, base, other."""
    first, rows = view.year - years + 1, []
    for line in view.lines:
        scale, unit = (THOUSAND, "USD billion of 2010") if line.unit == "USD million of 2010" else (1.0, line.unit)
        for place in range(years):
            base, other = (float(path[place]) / scale for path in line.paths)
            rows.append({"name": line.name, "unit": unit, "year": first + place, "base": base, "other": other})
    return pd.DataFrame(rows)


def draw_solution(found: Solution, lever: Lever, footer: Footer, folder: Path, *, language: str = "en") -> None:
    """Draw the answer of an inverse question; lever: what was turned."""
    words, outcome = Words(language, labels_of(language)), found.target.outcome
    answer = {
        "wanted": found.wanted, "level": found.level, "low": found.low, "high": found.high,
        "chance": found.target.chance, "cap": found.cap,
    }  # fmt: skip
    names = (
        lever_name(words, found.lever, lever.reach),
        outcome_name(words, outcome, unit_of(outcome.variable)),
        unit_name(words, found.unit),
    )
    figure = compare_solve(found.levels, found.outcomes, answer, names, words.labels, footer, language)
    table = pd.DataFrame(found.outcomes, columns=[f"run {run}" for run in range(found.outcomes.shape[1])])
    table.insert(0, "level", found.levels)
    save(figure, table, folder, "solve")


def draw_reversal(found: Reversal, footer: Footer, folder: Path, *, language: str = "en") -> None:
    """Draw what stays of a policy."""
    words = Words(language, labels_of(language))
    rows = [
        {"year": year, "world": name, "effect": float(value)}
        for name, path in found.paths.items()
        for year, value in zip(found.years, path, strict=True)
    ]
    begun = min(stay.removed - stay.years for stay in found.stays)
    paths = shown_paths(pd.DataFrame(rows), begun - 1)
    ratchet = pd.DataFrame(
        [
            {"years": stay.years, "share": stay.share.value, "low": stay.share.low, "high": stay.share.high}
            for stay in found.stays
        ]
    ).astype({"share": "float64", "low": "float64", "high": "float64"})
    loop = None
    if found.loop is not None:
        loop = pd.DataFrame({"factor": found.loop.factors, "effect": found.loop.effect})
        loop.attrs["area"] = found.loop.area
    names = (policy_name(words, found.policy, footer.scenario), effect_name(words, found.outcome, found.unit))
    save(compare_reversal(paths, ratchet, loop, names, words.labels, footer, language), paths, folder, "reversal")


def draw_credibility(found: Credibility, footer: Footer, folder: Path, *, language: str = "en") -> None:
    """Draw what belief is worth."""
    words = Words(language, labels_of(language))
    curve = pd.DataFrame({"rate": found.rates, "effect": found.effects})
    table = pd.DataFrame(
        [
            {"lasts": each.lasts, "rate": each.rate, "low": each.low, "high": each.high, "effect": each.effect.mean}
            for each in found.equivalents
        ]
    ).astype("float64")
    names = (
        policy_name(words, found.policy, footer.scenario),
        effect_name(words, found.outcome, found.unit),
        found.rate,
    )
    save(compare_credibility(curve, table, names, words.labels, footer, language), table, folder, "credibility")
