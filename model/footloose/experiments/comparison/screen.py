"""Answers as text for the screen, and for summary.txt."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from io import StringIO

import numpy as np
from rich.console import Console
from rich.table import Table

from footloose.experiments.comparison.accounts import SUPPORTED, TAXED, Account
from footloose.experiments.comparison.attribution import Attribution
from footloose.experiments.comparison.credibility import Credibility
from footloose.experiments.comparison.intervals import Estimate, Ratio
from footloose.experiments.comparison.inverse import Solution
from footloose.experiments.comparison.outcomes import unit_of
from footloose.experiments.comparison.report import Answer, Comparison
from footloose.experiments.comparison.reversal import Reversal
from footloose.experiments.comparison.summaries import classes
from footloose.experiments.comparison.views import View

WIDTH = 118
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
    console = _console()
    scenario, replication = comparison.twins.base.scenario, comparison.replication
    for note in comparison.notes:
        console.print(f"note: {note}", soft_wrap=True, highlight=False, markup=False)
    for answer in comparison.answers:
        _print_answer(console, comparison, answer)
    console.print(
        f"{scenario.firms:,} firms, {replication.replicates} replicates, {replication.runs} runs"
        + (f", ensemble of {comparison.ensemble[1]} draws" if comparison.ensemble else ""),
        highlight=False,
    )
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
    table = _table("What differs", ["outcome", "base", answer.label, "difference", "unit"], wide=0)
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
    table = _table(
        f"Twin ledger: first move across a {border}'s border, {stage}, from {since} on (without what stayed)",
        [
            "what the policy did",
            "programmes",
            "USD billion",
            "jobs there, base, thousand",
            f"jobs there, {answer.label}, thousand",
        ],
        wide=0,
    )
    measures = ("programmes", "value_base", "value_other", "jobs_base", "jobs_other")
    found = {measure: classes(answer.summary, stage, measure) for measure in measures}
    for name, label in CLASS_LABELS.items():
        if name != "stayed":
            value = found["value_base" if name == "held" else "value_other"][name]
            jobs = [interval(found[key][name], 1e3) for key in ("jobs_base", "jobs_other")]
            table.add_row(label, interval(found["programmes"][name]), interval(value, 1e3), *jobs)
    return table


def _account(account: Account, kinds: Sequence[str], labels: dict[str, str], count: str, title: str) -> Table:
    table = _table(title, ["", "programmes", "USD billion", "jobs, thousand"], wide=0)
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


def share(value: Ratio) -> str:
    """Return a share with its interval, in percent."""
    if value.value is None:
        return "nothing supported, so none"
    between = (
        ""
        if not value.bounded or value.low is None or value.high is None
        else f" [{100 * value.low:.0f} to {100 * value.high:.0f}]"
    )
    return f"{100 * value.value:.0f} %{between}"


def money(value: Ratio) -> str:
    """Return a cost per job with its interval; says so where the jobs cannot be told from none."""
    if value.value is None or value.value <= 0.0:
        return "none to be had (the mean number of additional jobs is not above 0)"
    if not value.bounded or value.low is None or value.high is None:
        return f"{value.value:,.0f} (not bounded: the jobs cannot be told from none)"
    return f"{value.value:,.0f} [{value.low:,.0f} to {value.high:,.0f}]"


def _content(comparison: Comparison, answer: Answer) -> Table:
    market = comparison.question.market
    year = comparison.twins.base.scenario.years.until
    rows = answer.content
    rows = rows[(rows["year"] == year) & (rows["market"] == market) & (rows["sector"] == "all")]
    table = _table(
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
    how = f"exact, {found.runs} runs" if found.exact else f"Shapley values of sampled orders, {found.runs} runs"
    table = _table(
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
    table = _table(
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


def solution_text(found: Solution) -> str:
    """Return the answer of the inverse question."""
    console = _console()
    target = found.target
    unit = unit_of(target.outcome.variable)
    console.print(f"{found.lever}, up to {found.cap:g} {found.unit}", style="bold", highlight=False)
    console.print(f"  target: {target.outcome} = {number(found.wanted)} {unit} "
                  f"in {100 * target.chance:.0f} % of the runs; "
                  f"without the lever {number(found.start)}", soft_wrap=True, highlight=False)  # fmt: skip
    if found.level is None:
        console.print(f"  not reachable below the cap, because {found.reason}", soft_wrap=True, highlight=False)
    else:
        low, high = (_end(value) for value in (found.low, found.high))
        console.print(f"  smallest level: {found.level:.3g} {found.unit} [{low} to {high} by chance], known to "
                      f"{found.step:.2g}", soft_wrap=True, highlight=False)  # fmt: skip
        if not math.isfinite(found.high) or not math.isfinite(found.low):
            console.print(
                f"  {found.runs_for_bound} replicates would bound the interval at this chance", highlight=False
            )
    if found.pooled is not None:
        low, high = (_end(value) for value in (found.parameter_low, found.parameter_high))
        console.print(
            f"  over the ensemble: {_end(found.pooled)} {found.unit}; by parameters {low} to {high}", highlight=False
        )
    table = _table("What was tried", ["level", "mean outcome", "part of runs there"], wide=0)
    wanted = found.reference + target.value if target.relative else np.full(found.reference.size, target.value)
    sign = 1.0 if found.wanted >= found.start else -1.0
    for level, values in zip(found.levels, found.outcomes, strict=True):
        table.add_row(
            f"{level:.3g}", number(float(values.mean())), f"{100 * (sign * (values - wanted) >= 0).mean():.0f} %"
        )
    console.print(table)
    console.print(f"{found.runs} runs", highlight=False)
    return console.export_text().rstrip()


def reversal_text(found: Reversal, undo: Solution | None = None) -> str:
    """Return what stays of a policy."""
    console = _console()
    console.print(
        f"{found.policy}: what stays of its effect on {found.outcome} [{found.unit}]", style="bold", highlight=False
    )
    table = _table(
        "", ["years in force", "effect on the eve", "left", "in", "share that stays", "half gone in"], wide=5
    )
    for stay in found.stays:
        half = str(stay.half) if stay.half is not None else "not by the horizon"
        table.add_row(str(stay.years), interval(stay.eve), interval(stay.left), str(stay.read), share(stay.share), half)
    console.print(table)
    if found.loop is not None:
        loop = found.loop
        between = f" [{loop.low:.2f} to {loop.high:.2f}]" if math.isfinite(loop.low) else ""
        console.print(f"ramp up and down {loop.years[0]}-{loop.years[-1]}: "
                      f"loop area {loop.area:.2f}{between} of the box; "
                      "0: the way down retraces the way up", soft_wrap=True, highlight=False)  # fmt: skip
    if undo is not None:
        if undo.level is None:
            console.print(
                f"to undo what stays: {undo.lever} is not enough, because {undo.reason}",
                soft_wrap=True,
                highlight=False,
            )
        else:
            console.print(f"to undo what stays by {undo.target.outcome.last}: {undo.lever}, "
                          f"{undo.level:.3g} {undo.unit} "
                          f"[{_end(undo.low)} to {_end(undo.high)}]", soft_wrap=True, highlight=False)  # fmt: skip
    console.print(f"{found.runs} runs", highlight=False)
    return console.export_text().rstrip()


def credibility_text(found: Credibility) -> str:
    """Return what belief is worth."""
    console = _console()
    console.print(
        f"{found.policy} at {found.rate:g} %: effect on {found.outcome} [{found.unit}]", style="bold", highlight=False
    )
    table = _table(
        "Permanent rate that does as much",
        ["believed to last", "effect", "equal in the outcome, %", "equal in plant decisions alone, %"],
        wide=1,
    )
    for each in found.equivalents:
        rate = "above its own rate" if each.rate is None else f"{each.rate:.3g}"
        between = "" if each.low is None or each.high is None else f" [{each.low:.3g} to {each.high:.3g}]"
        table.add_row(f"{each.lasts:g} years", interval(each.effect), rate + between, f"{each.counted_on:.3g}")
    console.print(table)
    console.print(f"{found.runs} runs; the law in force is the same in all of them", highlight=False)
    return console.export_text().rstrip()


def number(value: float | None) -> str:
    """Return a number with four digits, thousands apart."""
    if value is None or not math.isfinite(value):
        return "none"
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def interval(value: Estimate, scale: float = 1.0) -> str:
    """Return a mean with its intervals: by chance in brackets, by parameters in braces."""

    def short(part: float) -> str:
        return f"{part / scale:,.0f}" if abs(part / scale) >= 1000 else f"{part / scale:.3g}"

    text = short(value.mean)
    if value.low is not None and value.high is not None and value.standard_error:
        text += f" [{short(value.low)} to {short(value.high)}]"
    if value.parameter_low is not None and value.parameter_high is not None:
        text += f" {{{short(value.parameter_low)} to {short(value.parameter_high)}}}"
    return text


def _end(value: float | None) -> str:
    return "not bounded" if value is None or not math.isfinite(value) else f"{value:.3g}"


def _table(title: str, columns: Sequence[str], wide: int) -> Table:
    table = Table(title=title or None, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place in (0, wide) else "right", overflow="fold")
    return table


def _console() -> Console:
    return Console(width=WIDTH, record=True, file=StringIO(), markup=False, emoji=False)
