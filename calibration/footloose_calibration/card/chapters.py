"""Chapters of the page that are not about single targets: parameters, conformance, inconsistencies, foundations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from footloose_calibration.card.foundations import TABLES
from footloose_calibration.card.labels import label
from footloose_calibration.card.markdown import number, percent, span, table
from footloose_calibration.card.tables import Card
from footloose_calibration.conformance import EXPERIMENTS
from footloose_calibration.conformance.findings import Published
from footloose_calibration.conformance.running import Found
from footloose_calibration.inconsistencies import load_inconsistencies

WORDS = {"pass": "pass", "tension": "tension", "fail": "**fail**", "unknown": "not computed"}


def parameters_chapter(card: Card) -> list[str]:
    """Return prior against ensemble, and what the targets cannot pin."""
    rows: list[dict[str, Any]] = card.said["parameters"]
    lines = ["", "## Parameters", ""]
    if not rows:
        return [*lines, "No ensemble is installed, so there is nothing to hold against the priors."]
    cells = []
    for row in rows:
        verdict = (
            f"**tension**: crowds at the {row['edge']} end" if row["edge"] else "" if row["pinned"] else "not pinned"
        )
        cells.append(
            [f"`{row['parameter']}`: {row['meaning']}", span(row["low"], row["high"]), number(row["centre"]),
             f"{number(row['median'])} ({span(row['q05'], row['q95'])})", percent(row["contraction"]), verdict,
             f"{row['source']} ({row['certainty']})"]
        )  # fmt: skip
    head = ("parameter", "literature", "its centre", "ensemble", "contraction", "", "source")
    return [
        *lines,
        "No parameter leaves the range of the literature. *Contraction* is one minus the spread of the ensemble over "
        "that of the prior, both within the range: below 10 % the targets do not pin a parameter. A parameter "
        "whose draws crowd at an end of its range is in tension with the literature: the targets ask for more "
        "than it allows.",
        "",
        *table(head, cells, (1, 2, 3, 4)),
        *_unpinned(card, rows),
    ]


def _unpinned(card: Card, rows: Sequence[dict[str, Any]]) -> list[str]:
    moves, lines = card.said["moves_with"], ["", "### What the targets cannot pin", ""]
    loose = [row for row in rows if not row["pinned"]]
    if not loose:
        lines.append("Every parameter is pinned by the targets to some degree.")
    else:
        lines += [
            "Conclusions that lean on one of these rest on its prior, not on the documents: look at them over the "
            "whole ensemble (`--ensemble`) or over the range of the literature in a sweep, never at one value.",
            "",
        ]
    for row in loose:
        with_it = [f"{label(name)} ({number(share)})" for name, share in moves.get(row["parameter"], [])]
        text = f"in the ensemble these move with it (rank correlation): {'; '.join(with_it)}" if with_it else (
            "no target moves with it by itself, so that these measures depend little on it; what is not measured may"
        )  # fmt: skip
        lines.append(f"- `{row['parameter']}`: {text}.")
    pairs = card.said["told_apart_badly"]
    if pairs:
        named = [f"`{one}` and `{other}` ({number(share)})" for one, other, share in pairs]
        lines += [
            "",
            f"Told apart badly, only a combination is pinned (correlation over a half): {'; '.join(named)}. Whatever "
            "moves one alone is less certain than its range says.",
        ]
    informed = card.said.get("fit", {}).get("informed_by", {})
    told = [f"`{name}` by {', '.join(map(informing, by))}" for name, by in informed.items() if by]
    if told:
        lines += [
            "",
            f"What informs them most, by the fit's own account (1: as much as the prior does): {'; '.join(told)}.",
        ]
    return lines


def informing(text: str) -> str:
    """Return a target that informs a parameter, as the fit says it (`id (information)`), by its name."""
    name, _, share = text.partition(" ")
    return f"{label(name)} {share}".strip()


def conformance_chapter(card: Card, found: Sequence[Found]) -> list[str]:
    """Return what emerges beside the published numbers."""
    said = card.said["conformance"]
    by_key = {(one.finding.experiment, one.finding.key): one for one in found}
    counts = {word: sum(one.finding.verdict == word for one in found) for word in ("pass", "tension", "fail")}
    wrong = sum(one.finding.wrong_sign for one in found)
    members = f"; in brackets the range over {said['members']} members of the ensemble" if said["members"] else ""
    lines = [
        "", "## Conformance with published numbers", "",
        "None of these numbers was fitted but the trade elasticity after one and eight years. Twins that share their "
        "draws, at the baseline's parameters: mean of "
        f"{said['replicates']} replicates of {said['firms']:,} programmes and its standard error{members}. **Pass**: "
        "the mean lies in the published range. **Tension**: it lies in the wide range, or two standard errors reach "
        "the published one. **Fail**: neither, or the wrong sign. A number published without a range gets 25 % either "
        "way, "
        f"and 50 % for the wide range. {counts['pass']} pass, {counts['tension']} are in tension, {counts['fail']} "
        f"fail, {wrong} of them with the wrong sign.",
    ]  # fmt: skip
    for experiment in EXPERIMENTS:
        lines += ["", f"### {experiment.name.replace('_', ' ').capitalize()}", "", experiment.done, ""]
        known = [
            (one, by_key[experiment.name, one.key])
            for one in experiment.published
            if (experiment.name, one.key) in by_key
        ]
        head = ("number", "published", "range", "model", "verdict", "source", "how to read it")
        lines += table(head, [_finding(one, row) for one, row in known], (1, 2, 3))
    return lines


def _finding(one: Published, row: Found) -> list[str]:
    found = row.finding
    error = f" ± {number(found.error)}" if math.isfinite(found.error) else ""
    around = f" ({span(row.members_low, row.members_high)})" if math.isfinite(row.members_low) else ""
    sign = ", wrong sign" if found.wrong_sign else ""
    wide = f" Wide range {span(*one.widest)}: {one.wide}." if one.widest != (one.low, one.high) else ""
    seen = "seen" if one.status == "V" else "from memory"
    return [
        one.title, f"{one.printed} {one.unit if one.unit != '1' else ''}".strip(), span(one.low, one.high),
        f"{number(found.model)}{error}{around}", f"{WORDS[found.verdict]}{sign}", f"{one.source} ({seen})",
        f"{sentence(one, row)} {one.note}{wide}",
    ]  # fmt: skip


def sentence(one: Published, row: Found) -> str:
    """Return the verdict in a sentence."""
    found = row.finding
    if found.verdict == "unknown":
        return "The run could not measure it."
    if found.wrong_sign:
        return "The model answers in the other direction."
    if found.verdict == "pass":
        return "The model agrees."
    side = "above" if found.model > one.high else "below"
    if math.isfinite(one.low) and math.isfinite(one.high):
        middle = 0.5 * (one.low + one.high)
        side = "more strongly" if abs(found.model) > abs(middle) else "more weakly"
        side = f"{side} than published"
    else:
        side = f"{side} what is published"
    return (
        f"The model answers {side}{', within what other estimates leave open' if found.verdict == 'tension' else ''}."
    )


def inconsistencies_chapter() -> list[str]:
    """Return the places where the documents contradict themselves, each other or the facts."""
    cells = [
        [str(one.number), one.what, one.used, one.why, one.enters, ", ".join(f"`{name}`" for name in one.figures)]
        for one in load_inconsistencies()
    ]
    head = ("", "inconsistency", "used", "why", "where it enters", "figures")
    return [
        "", "## Inconsistencies of the evidence", "",
        f"{len(cells)} places where the documents contradict themselves, each other or the facts.", "",
        *table(head, cells, (0,)),
    ]  # fmt: skip


def rests_chapter(card: Card) -> list[str]:
    """Return what the card rests on and how to make it again."""
    said = card.said
    files = [
        [f"`{TABLES[name]}`" if name in TABLES else name, f"`{digest}`" if digest else "not there"]
        for name, digest in said["foundations"].items()
    ]
    lines = [
        "", "## What it rests on", "",
        f"Versions: {', '.join(f'{name} {value}' for name, value in said['versions'].items())}.", "",
        *table(("", "hash"), files), "",
    ]  # fmt: skip
    made = said["ensemble"].get("made_by")
    if made:
        rule = said["ensemble"].get("rule", "")
        lines += [f"The ensemble: `{made}`, {said['ensemble'].get('date', '')}; {rule}.", ""]
    return [
        *lines,
        "Made again by `footloose card --out runs/calibration --install`; drawn again from the tables by "
        "`footloose card --page`. Tables: `footloose_calibration/card.csv`, `card_members.csv`, `card.json`, "
        "`conformance.csv`.",
    ]
