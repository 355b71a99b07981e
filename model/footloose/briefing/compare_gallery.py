"""All figures of a comparison, of an inverse, of a reversal and of a credibility, drawn and written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from footloose.briefing.compare_accounts import compare_account
from footloose.briefing.compare_content import compare_content, compare_view
from footloose.briefing.compare_differences import compare_differences
from footloose.briefing.compare_ledger import Between, compare_ledger, compare_members, ledger_numbers
from footloose.briefing.compare_levers import compare_credibility, compare_solve
from footloose.briefing.compare_reversal import compare_reversal, shown_paths
from footloose.briefing.compare_waterfall import compare_waterfall, waterfall_numbers
from footloose.briefing.saving import save
from footloose.briefing.style import Footer
from footloose.experiments.comparison.accounts import SUPPORTED, TAXED, Account
from footloose.experiments.comparison.attribution import Attribution
from footloose.experiments.comparison.credibility import Credibility
from footloose.experiments.comparison.inverse import Solution
from footloose.experiments.comparison.number_text import money, share
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.report import Answer, Comparison
from footloose.experiments.comparison.reversal import Reversal
from footloose.experiments.comparison.views import View
from footloose.geography import load_geography
from footloose.long_table import unit_of

THOUSAND = 1e3


def names_of_members() -> Mapping[str, str]:
    """Return the labels of sites, sectors, markets and origins."""
    return dict(load_geography().labels["en"])


def draw_comparison(comparison: Comparison, lived: Lived, footer: Footer, folder: Path) -> None:
    """Draw every figure of every other world; names end in the world's label where there are several."""
    labels = names_of_members()
    base, *titles = comparison.twins.titles()
    for place, answer in enumerate(comparison.answers):
        ending = f"_{answer.label}" if len(comparison.answers) > 1 else ""
        between = Between(base, titles[place], comparison.question.border, answer.first_firm)
        counts = (len(lived.central(place)), len(lived.drawn(place)))
        _draw_answer(answer, between, counts, comparison.question.market, labels, footer, folder, ending)


def _draw_answer(
    answer: Answer, between: Between, counts: tuple[int, int], market: str, labels: Mapping[str, str], footer: Footer,
    folder: Path, ending: str,
) -> None:  # fmt: skip
    fans = [(found.outcome.label, found.unit, fan) for found, fan in zip(answer.outcomes, answer.fans, strict=True)]
    together = pd.concat([fan.assign(outcome=name, unit=unit) for name, unit, fan in fans], ignore_index=True)
    save(compare_differences(fans, between, counts, labels, footer), together, folder, f"differences{ending}")
    save(
        compare_content(answer.content, market, between, labels, footer),
        answer.content[(answer.content["market"] == market) & (answer.content["sector"] == "all")],
        folder, f"content{ending}",
    )  # fmt: skip
    if not answer.summary.empty:
        for stage in ("announced", "opened"):
            figure = compare_ledger(answer.summary, stage, between, labels, footer)
            save(figure, ledger_numbers(answer.summary, stage, "shore"), folder, f"ledger_{stage}{ending}")
        figure = compare_members(answer.summary, "announced", between, labels, footer)
        data = pd.concat([ledger_numbers(answer.summary, "announced", by).assign(by=by) for by in ("sector", "origin")])
        save(figure, data, folder, f"ledger_members{ending}")
    if answer.subsidy is not None:
        table = account_table(answer.subsidy, SUPPORTED, "jobs")
        save(
            compare_account(table, "subsidy", between, labels, footer, _bought(answer.subsidy)),
            table,
            folder,
            f"subsidy{ending}",
        )
    if answer.tariff is not None:
        table = account_table(answer.tariff, TAXED, "value")
        save(compare_account(table, "tariff", between, labels, footer), table, folder, f"tariff{ending}")
    for attribution in answer.attributions:
        table = attribution_table(attribution)
        names = (attribution.outcome.label, attribution.unit)
        figure = compare_waterfall(table, names, between, labels, footer, exact=attribution.exact)
        save(figure, waterfall_numbers(table), folder, f"waterfall{ending}")
    for view in answer.views:
        table = view_table(view, len(fans[0][2]))
        save(compare_view(table, view.country, between, labels, footer), table, folder, f"view_{view.country}{ending}")


def account_table(account: Account, lines: tuple[str, ...], measure: str) -> pd.DataFrame:
    """Return what compare_account draws: line, value, low, high, in thousand jobs or USD billion."""
    rows = []
    for line in lines:
        found = account.numbers[f"{measure}_{line}"]
        ends = {
            name: None if end is None else end / THOUSAND for name, end in (("low", found.low), ("high", found.high))
        }
        rows.append({"line": line, "value": found.mean / THOUSAND, **ends})
    return pd.DataFrame(rows).astype({"value": "float64", "low": "float64", "high": "float64"})


def _bought(account: Account) -> str:
    ratios = account.ratios
    return (
        f"Deadweight: {share(ratios['deadweight_share_of_jobs'])} of the jobs supported. "
        f"USD per additional job employed in the last year: {money(ratios['usd_per_additional_job_in_last_year'])}."
    )


def attribution_table(found: Attribution) -> pd.DataFrame:
    """Return what compare_waterfall draws: kind, name, mean, low, high, shapley."""
    rows: list[dict[str, object]] = [{"kind": "base", "name": "base", "mean": found.base}]
    for name in found.parts:
        own = found.main.get(name, found.shapley[name])
        shapley = found.shapley[name].mean if found.exact else None
        rows.append(
            {"kind": "part", "name": name, "mean": own.mean, "low": own.low, "high": own.high, "shapley": shapley}
        )
    for names, value in found.interactions.items():
        label = " × ".join(name.rpartition(".")[2] for name in names)
        rows.append({"kind": "interaction", "name": label, "mean": value.mean, "low": value.low, "high": value.high})
    rows.append({"kind": "other", "name": "other", "mean": found.other})
    return pd.DataFrame(rows, columns=["kind", "name", "mean", "low", "high", "shapley"])


def view_table(view: View, years: int) -> pd.DataFrame:
    """Return what compare_view draws: name, unit, year, base, other."""
    first, rows = view.year - years + 1, []
    for line in view.lines:
        scale, unit = (THOUSAND, "USD billion of 2010") if line.unit == "USD million of 2010" else (1.0, line.unit)
        for place in range(years):
            base, other = (float(path[place]) / scale for path in line.paths)
            rows.append({"name": line.name, "unit": unit, "year": first + place, "base": base, "other": other})
    return pd.DataFrame(rows)


def draw_solution(found: Solution, footer: Footer, folder: Path) -> None:
    """Draw the answer of an inverse question."""
    outcome = found.target.outcome
    answer = {
        "wanted": found.wanted, "level": found.level, "low": found.low, "high": found.high,
        "chance": found.target.chance, "cap": found.cap,
    }  # fmt: skip
    names = (found.lever, outcome.label, unit_of(outcome.variable))
    figure = compare_solve(found.levels, found.outcomes, answer, names, names_of_members(), footer)
    table = pd.DataFrame(found.outcomes, columns=[f"run {run}" for run in range(found.outcomes.shape[1])])
    table.insert(0, "level", found.levels)
    save(figure, table, folder, "solve")


def draw_reversal(found: Reversal, footer: Footer, folder: Path) -> None:
    """Draw what stays of a policy."""
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
    names = (found.policy, found.outcome.label, found.unit)
    save(compare_reversal(paths, ratchet, loop, names, names_of_members(), footer), paths, folder, "reversal")


def draw_credibility(found: Credibility, footer: Footer, folder: Path) -> None:
    """Draw what belief is worth."""
    curve = pd.DataFrame({"rate": found.rates, "effect": found.effects})
    table = pd.DataFrame(
        [
            {"lasts": each.lasts, "rate": each.rate, "low": each.low, "high": each.high, "effect": each.effect.mean}
            for each in found.equivalents
        ]
    ).astype("float64")
    names = (found.policy, found.outcome.label, found.unit, found.rate)
    save(compare_credibility(curve, table, names, names_of_members(), footer), table, folder, "credibility")
