"""Answers as text for the screen, and for summary.txt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from footloose.experiments.comparison.accounts import SUPPORTED, TAXED, Account
from footloose.experiments.comparison.attribution import Attribution
from footloose.experiments.comparison.intervals import Estimate
from footloose.experiments.comparison.number_text import interval, money, new_console, number, share, table_of
from footloose.experiments.comparison.report import Answer, Comparison
from footloose.experiments.comparison.summaries import classes
from footloose.experiments.comparison.views import View
from footloose.scenario import evidence_in_use, in_words

CLASS_LABELS = {
    "induced": "moved because of the policy",
    "anyway": "would have moved anyway",
    "elsewhere": "moved elsewhere than it would have",
    "earlier": "moved earlier",
    "later": "moved later",
    "held": "stayed because of the policy",
    "stayed": "stayed, as it would have",
}
TAXED_LABELS = {
    "induced_home": "induced: from a taxed site home",
    "induced_elsewhere": "induced: from a taxed site to an untaxed one abroad",
    "induced_other": "induced: other moves",
    "diverted": "diverted: would have gone to a taxed site",
    "redirected": "redirected: other changes of place",
    "deterred": "deterred: would have gone to a taxed site, stays",
    "held_other": "stays, would have gone elsewhere",
}
SUPPORTED_LABELS = {
    "additional": "additional: no plant there without the support",
    "brought_forward": "brought forward: a plant there later anyway",
    "anyway": "anyway: a plant there just as soon",
    "already_there": "already there: moved within the supported area",
}


def comparison_text(comparison: Comparison) -> str:
    """Return the summary of a comparison."""
    console = new_console()
    scenario, replication = comparison.twins.base.scenario, comparison.replication
    for note in comparison.notes:
        console.print(f"note: {note}", soft_wrap=True, highlight=False, markup=False)
    for answer in comparison.answers:
        _print_answer(console, comparison, answer)
    console.print(
        f"{scenario.firms:,} firms, {replication.replicates} replicates, {replication.runs} runs"
        + (f", ensemble of {len(comparison.ensemble.draws)} draws" if comparison.ensemble else ""),
        highlight=False,
    )
    evidence = evidence_in_use(scenario, *(world.scenario for world in comparison.twins.others))
    if evidence:
        console.print(f"rests on {in_words(evidence)}", soft_wrap=True, highlight=False, markup=False)
    if replication.asked is not None:
        state = "within" if replication.reached else "NOT within"
        console.print(
            f"half-width of {comparison.question.outcomes[0]}: {number(replication.half_width)}, {state} the "
            f"{number(replication.asked)} asked for, after {replication.replicates} replicates",
            soft_wrap=True,
            highlight=False,
        )
    console.print(
        "[x to y]: 90 % interval by chance; {x to y}: 5-95 % over the ensemble's parameters",
        highlight=False,
        markup=False,
    )
    return console.export_text().rstrip()


def _print_answer(console: Console, comparison: Comparison, answer: Answer) -> None:
    console.print(f"{answer.label} against {comparison.twins.base.label}", style="bold", highlight=False)
    for sentence in answer.sentences:
        console.print(f"  - {sentence.text}", soft_wrap=True, highlight=False, markup=False)
    for line in warnings(answer):
        console.print(f"  {line}", soft_wrap=True, highlight=False, markup=False)
    if answer.first_firm is None:
        return
    console.print(_outcomes(answer))
    for stage in ("announced", "opened"):
        console.print(_ledger(answer, stage, comparison.question.border))
    further = answer.further["announced"]
    console.print(
        f"  further moves of firms that had moved before, outside the classes: "
        f"USD {further['base'] / 1e3:,.0f} billion "
        f"announced in the base, {further['other'] / 1e3:,.0f} in {answer.label} (first replicate)",
        soft_wrap=True,
        highlight=False,
    )
    if answer.subsidy is not None:
        console.print(
            _account(answer.subsidy, SUPPORTED, SUPPORTED_LABELS, "projects", "Subsidy: plants announced with support")
        )
        _print_ratios(console, answer.subsidy)
    if answer.tariff is not None:
        console.print(
            _account(answer.tariff, TAXED, TAXED_LABELS, "programmes", "Tariff: firms that sell taxed goods, announced")
        )
    if answer.tariff is not None:
        touched = interval(answer.tariff.numbers["value_bystanders"], 1e3)
        console.print(
            f"  bystanders: first moves worth USD {touched} billion changed among firms whose goods it does not tax",
            soft_wrap=True,
            highlight=False,
        )
    console.print(_content(comparison, answer))
    for attribution in answer.attributions:
        console.print(_attribution(attribution))
    for view in answer.views:
        console.print(_view(view))


def warnings(answer: Answer) -> list[str]:
    """Return when the worlds part, and what changes nothing."""
    lines = []
    if answer.effects.first is None and answer.first_firm is None:
        lines.append("WARNING: nothing differs; the two worlds are the same to the last bit")
    elif answer.first_firm is None:
        lines.append(f"costs or flows differ from {answer.effects.first} on, but no firm ever does anything else")
    else:
        cost = f"costs differ from {answer.effects.first} on, " if answer.effects.first is not None else ""
        lines.append(f"{cost}the first firm does something else in {answer.first_firm}")
    if answer.effects.first is not None:
        lines += [
            f"WARNING: {part} has no effect: neither alone nor with the rest does it change a byte"
            for part in answer.effects.idle
        ]
    return lines


def _outcomes(answer: Answer) -> Table:
    table = table_of("What differs", ["outcome", "base", answer.label, "difference", "unit"], wide=0)
    for found in answer.outcomes:
        table.add_row(
            found.outcome.label,
            number(found.base.mean),
            number(found.other.mean),
            interval(found.difference),
            found.unit,
        )
    return table


def _ledger(answer: Answer, stage: str, border: str) -> Table:
    since = answer.first_firm
    table = table_of(
        f"Twin ledger: first move across a {border}'s border, {stage}, from {since} on (without what stayed)",
        [
            "what the policy did",
            "programmes",
            "USD billion",
            "jobs there, base, thousand",
            "jobs there, other, thousand",
        ],
        wide=0,
    )
    table.columns[0].no_wrap = True
    measures = ("programmes", "value_base", "value_other", "jobs_base", "jobs_other")
    found = {measure: classes(answer.summary, stage, measure) for measure in measures}
    for name, label in CLASS_LABELS.items():
        if name != "stayed":
            value = found["value_base" if name == "held" else "value_other"][name]
            jobs = [interval(found[key][name], 1e3) for key in ("jobs_base", "jobs_other")]
            table.add_row(label, interval(found["programmes"][name]), interval(value, 1e3), *jobs)
    return table


def _account(account: Account, kinds: Sequence[str], labels: dict[str, str], count: str, title: str) -> Table:
    table = table_of(title, ["", "programmes", "USD billion", "jobs, thousand"], wide=0)
    for kind in kinds:
        numbers = account.numbers
        table.add_row(
            labels[kind],
            interval(numbers[f"{count}_{kind}"]),
            interval(numbers[f"value_{kind}"], 1e3),
            interval(numbers[f"jobs_{kind}"], 1e3),
        )
    return table


def _print_ratios(console: Console, account: Account) -> None:
    numbers, ratios = account.numbers, account.ratios
    lines = [
        f"deadweight: {share(ratios['deadweight_share_of_jobs'])} of the jobs supported would have come anyway",
        f"paid: USD {interval(numbers['outlay_usd_million'], 1e3)} billion more",
        f"additional jobs: {interval(numbers['jobs_announced_net'], 1e3)} thousand announced, "
        f"net of what was crowded out, {interval(numbers['jobs_stock_last_year'], 1e3)} thousand "
        f"employed in the last year",
        f"USD per additional job: {money(ratios['usd_per_additional_job_announced'])} announced, "
        f"{money(ratios['usd_per_additional_job_in_last_year'])} employed in the last year, "
        f"{money(ratios['usd_per_additional_job_year'])} a job-year",
        *account.notes,
    ]
    for line in lines:
        console.print(f"  {line}", soft_wrap=True, highlight=False, markup=False)


def _content(comparison: Comparison, answer: Answer) -> Table:
    market = comparison.question.market
    year = comparison.twins.base.scenario.years.until
    rows = answer.content
    rows = rows[(rows["year"] == year) & (rows["market"] == market) & (rows["sector"] == "all")]
    table = table_of(
        f"China in what {market} buys in {year}, percent of purchases", ["", "base", answer.label, "difference"], wide=0
    )
    sums = rows.groupby("part")[["base", "other", "difference"]].sum()
    named = (
        ("direct", "made in China (gross)"),
        ("inside", "Chinese parts in goods assembled elsewhere"),
        ("total", "together (value added, first round)"),
    )
    for part, label in named:
        base, other, change = (float(sums[name][part]) for name in ("base", "other", "difference"))
        table.add_row(label, number(base), number(other), f"{change:+.3g}")
    fall, back = float(sums["difference"]["direct"]), float(sums["difference"]["inside"])
    if fall < 0.0 and back >= 0.0:
        table.caption = (
            f"of the fall of {-fall:.3g} points, {back:.3g} come back inside goods assembled elsewhere (rerouting), "
            f"{-(fall + back):.3g} are no longer made in China (relocation)"
        )
        table.caption_justify = "left"
    return table


def _attribution(found: Attribution) -> Table:
    how = "exact" if found.exact else "Shapley values of sampled orders"
    how += f", {found.replicates} replicates, {found.runs} runs"
    table = table_of(
        f"Attribution of {found.outcome}: {found.base:.4g} to {found.other:.4g} {found.unit} ({how})",
        ["part", "alone", "Shapley value"],
        wide=0,
    )
    for name in found.parts:
        table.add_row(name, interval(found.main[name]) if name in found.main else "", interval(found.shapley[name]))
    for names, value in strongest(found.interactions.items()):
        table.add_row(" x ".join(names) + " (interaction)", interval(value), "")
    return table


def strongest(
    interactions: Iterable[tuple[tuple[str, ...], Estimate]], most: int = 6
) -> list[tuple[tuple[str, ...], Estimate]]:
    """Return the interactions with the largest mean."""
    return sorted(interactions, key=lambda item: -abs(item[1].mean))[:most]


def _view(view: View) -> Table:
    table = table_of(
        f"What it means for {view.country}, {view.year}", ["", "base", "other", "difference", "unit"], wide=0
    )
    topic = ""
    for line in view.lines:
        if line.topic != topic:
            table.add_row(line.topic, "", "", "", "", style="bold")
            topic = line.topic
        table.add_row(
            "  " + line.name, number(line.base.mean), number(line.other.mean), interval(line.difference), line.unit
        )
    return table
