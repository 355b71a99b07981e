"""Answers of levers, reversals and beliefs as text for the screen, and for summary.txt."""

from __future__ import annotations

import math

import numpy as np
from rich.console import Console

from footloose.experiments.comparison.credibility import Credibility
from footloose.experiments.comparison.inverse import Solution
from footloose.experiments.comparison.number_text import braces, ending, interval, new_console, number, share, table_of
from footloose.experiments.comparison.reversal import Reversal
from footloose.experiments.comparison.units import Units
from footloose.long_table import unit_of


def print_units(console: Console, runs: int, units: Units, said: str = "") -> None:
    """Print how much was run, and how intervals by parameters are written."""
    if not units.draws:
        console.print(f"{runs} runs{said}", highlight=False)
        return
    console.print(
        f"{runs} runs{said}; {units.replicates} replicates, and an ensemble of {len(units.draws)} draws with "
        f"{units.draw_replicates} each; {{x to y}}: 5-95 % over its parameters",
        soft_wrap=True,
        highlight=False,
    )
    for note in units.notes:
        console.print(f"note: {note}", soft_wrap=True, highlight=False)


def solution_text(found: Solution, units: Units) -> str:
    """Return the answer of the inverse question."""
    console = new_console()
    target = found.target
    unit = unit_of(target.outcome.variable)
    console.print(f"{found.lever}, up to {found.cap:g} {found.unit}", style="bold", highlight=False)
    console.print(f"  target: {target.outcome} = {number(found.wanted)} {unit} "
                  f"in {100 * target.chance:.0f} % of the runs; "
                  f"without the lever {number(found.start)}", soft_wrap=True, highlight=False)  # fmt: skip
    if found.level is None:
        console.print(f"  not reachable below the cap, because {found.reason}", soft_wrap=True, highlight=False)
    else:
        low, high = (ending(value) for value in (found.low, found.high))
        console.print(f"  smallest level: {found.level:.3g} {found.unit} [{low} to {high} by chance], known to "
                      f"{found.step:.2g}", soft_wrap=True, highlight=False)  # fmt: skip
        if not math.isfinite(found.high) or not math.isfinite(found.low):
            console.print(
                f"  {found.runs_for_bound} replicates would bound the interval at this chance", highlight=False
            )
    if found.pooled is not None:
        print_over_draws(console, found)
    table = table_of("What was tried", ["level", "mean outcome", "part of runs there"], wide=0)
    reference = units.central(found.reference)
    wanted = reference + target.value if target.relative else np.full(reference.size, target.value)
    sign = 1.0 if found.wanted >= found.start else -1.0
    for level, outcomes in zip(found.levels, found.outcomes, strict=True):
        values = units.central(outcomes)
        table.add_row(
            f"{level:.3g}", number(float(values.mean())), f"{100 * (sign * (values - wanted) >= 0).mean():.0f} %"
        )
    console.print(table)
    print_units(console, found.runs, units)
    return console.export_text().rstrip()


def print_over_draws(console: Console, found: Solution) -> None:
    """Print the level that the stated part of all runs of the ensemble need, and what parameters do to it."""
    low, high = (ending(value) for value in (found.pooled_low, found.pooled_high))
    level = f"{ending(found.pooled)} {found.unit}".strip()
    console.print(
        f"  over the ensemble, chance and parameters together: {level} [{low} to {high}, by the number of draws]; "
        f"parameters alone:{braces(found.parameter_low, found.parameter_high)}",
        soft_wrap=True,
        highlight=False,
    )


def reversal_text(found: Reversal, units: Units, undo: Solution | None = None) -> str:
    """Return what stays of a policy."""
    console = new_console()
    console.print(
        f"{found.policy}: what stays of its effect on {found.outcome} [{found.unit}]", style="bold", highlight=False
    )
    table = table_of(
        "", ["years in force", "effect on the eve", "left", "in", "share that stays", "half gone in"], wide=5
    )
    for stay in found.stays:
        half = str(stay.half) if stay.half is not None else "not by the horizon"
        table.add_row(str(stay.years), interval(stay.eve), interval(stay.left), str(stay.read), share(stay.share), half)
    console.print(table)
    if found.loop is not None:
        loop = found.loop
        between = f" [{loop.low:.2f} to {loop.high:.2f}]" if math.isfinite(loop.low) else ""
        between += braces(loop.parameter_low, loop.parameter_high)
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
                          f"[{ending(undo.low)} to {ending(undo.high)}]", soft_wrap=True, highlight=False)  # fmt: skip
        if undo.pooled is not None:
            print_over_draws(console, undo)
    print_units(console, found.runs, units)
    return console.export_text().rstrip()


def credibility_text(found: Credibility, units: Units) -> str:
    """Return what belief is worth."""
    console = new_console()
    console.print(
        f"{found.policy} at {found.rate:g} %: effect on {found.outcome} [{found.unit}]", style="bold", highlight=False
    )
    table = table_of(
        "Permanent rate that does as much",
        ["believed to last", "effect", "equal in the outcome, %", "equal in plant decisions alone, %"],
        wide=1,
    )
    for each in found.equivalents:
        rate = "above its own rate" if each.rate is None else f"{each.rate:.3g}"
        between = "" if each.low is None or each.high is None else f" [{each.low:.3g} to {each.high:.3g}]"
        rate += between + braces(each.parameter_low, each.parameter_high)
        table.add_row(f"{each.lasts:g} years", interval(each.effect), rate, f"{each.counted_on:.3g}")
    console.print(table)
    print_units(console, found.runs, units, "; the law in force is the same in all of them")
    return console.export_text().rstrip()
