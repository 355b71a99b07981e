"""The page of the report card, rendered from the shipped tables alone: the same tables, the same page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from footloose_calibration.card.chapters import (
    conformance_chapter,
    inconsistencies_chapter,
    parameters_chapter,
    rests_chapter,
)
from footloose_calibration.card.labels import label
from footloose_calibration.card.markdown import number, percent, span, table
from footloose_calibration.card.tables import ON_CARD, Card, CardRow
from footloose_calibration.card.verdicts import GOALS, Duel, Tally, duel, tally
from footloose_calibration.conformance.running import Found
from footloose_calibration.targets import Target

USES = {"fitted": "Fitted", "held_out": "Held out", "not_fitted": "Measured only"}
WORDS = {"pass": "pass", "tension": "tension", "fail": "**fail**", "unknown": "not computed"}
SHORT = ("", "targets", "pass", "tension", "fail", "not computed", "within", "goal", "wrong sign")
PICTURES = "figures"


def page_text(card: Card, targets: Sequence[Target], found: Sequence[Found], pictures: Sequence[str] = ()) -> str:
    """Return the page.

    pictures : names of the figures beside it, in `figures/`
    """
    rows = {row.id: row for row in card.rows}
    lines = [
        *_head(card),
        *_short(card, targets),
        *_groups(card),
        *_rivals(card, targets),
        *_pictures(pictures),
    ]
    for use, title in USES.items():
        lines += ["", f"## {title}", "", CHAPTERS[use], "", *_targets([t for t in targets if t.use == use], rows)]
    lines += _left_out(targets)
    lines += parameters_chapter(card)
    lines += conformance_chapter(card, found)
    lines += inconsistencies_chapter()
    lines += rests_chapter(card)
    return "\n".join(lines) + "\n"


CHAPTERS = {
    "fitted": "These targets are those a fit may heed.",
    "held_out": "The fit never saw these.",
    "not_fitted": "Measured, but neither fitted nor counted: they say the same as another target, are inputs, or are "
    "too weak.",
}


def _head(card: Card) -> list[str]:
    said = card.said
    if said["ensemble"]["draws"]:
        what = (
            f"{said['members']} members, evenly over the {said['ensemble']['draws']} draws of the shipped ensemble, "
            f"each the mean of {said['replicates']} runs"
        )
        spread = (
            "All members share their random draws, so that the range is that of the parameters and chance hardly "
            "widens it."
        )
    else:
        what = (
            f"{said['members']} replicates of the baseline at its own parameters (**no ensemble is installed**), "
            "each one run"
        )
        spread = "Without an ensemble the range is that of chance alone."
    years = f"{said['years'][0]}–{said['years'][1]}"
    return [
        "# The report card",
        "",
        f"Made on {said['date']} by `footloose card` with version {said['version']}; do not edit. {what} of "
        f"{said['firms']:,} programmes over {years}, seed {said['seed']}.",
        "",
        "A target's *band* is the document's figure with a tolerance that follows from how firm it is, written down "
        "before the fit (`footloose_calibration/targets.py`); the last column of its table says why. *Model* is the "
        f"median and, in brackets, the range of the middle 90 %. {spread} **Pass**: the median lies within the band. "
        "**Tension**: it does not, but the range reaches into the band. **Fail**: neither. A *wrong sign* is a median "
        "that goes the other way than the whole band. *Baseline* is the model at the baseline's own parameters.",
    ]


def tally_of(rows: Sequence[CardRow]) -> Tally:
    """Return the counts of some rows."""
    return tally([row.verdict for row in rows], [row.wrong_sign for row in rows])


def _short(card: Card, targets: Sequence[Target]) -> list[str]:
    cells, missed = [], []
    for use, title in USES.items():
        rows = [row for row in card.rows if row.use == use]
        counts, goal = tally_of(rows), GOALS.get(use)
        reached = "–" if goal is None else f"{percent(goal)}, {'reached' if counts.share >= goal else 'not reached'}"
        cells.append(
            [title, *map(str, (counts.count, counts.passed, counts.tension, counts.failed, counts.unknown)),
             percent(counts.share), reached, str(counts.wrong)]
        )  # fmt: skip
        for word, verdict in (("fail", "fail"), ("are in tension", "tension"), ("could not be computed", "unknown")):
            names = [
                label(row.id) + (" (wrong sign)" if row.wrong_sign else "") for row in rows if row.verdict == verdict
            ]
            if use in GOALS and names:
                missed.append(f"- {title}, {len(names)} {word}: {'; '.join(names)}.")
    absent = sum(target.use == "not_representable" for target in targets)
    return [
        "", "## In short", "",
        *table(SHORT, cells, range(1, 7)),
        "", f"Not representable in the model: {absent}.", "", *missed,
    ]  # fmt: skip


def _groups(card: Card) -> list[str]:
    cells = []
    for group in ON_CARD:
        row = [label(group)]
        for use in GOALS:
            counts = tally_of([one for one in card.rows if one.use == use and one.group == group])
            row += [
                f"{counts.passed} of {counts.count}" if counts.count else "–",
                str(counts.tension),
                str(counts.failed),
            ]
        cells.append(row)
    head = ("group", "fitted: pass", "tension", "fail", "held out: pass", "tension", "fail")
    return ["", "## By group", "", *table(head, cells, range(1, 7))]


def _rivals(card: Card, targets: Sequence[Target]) -> list[str]:
    model = {row.id: row.median for row in card.rows}
    rivals: Mapping[str, Mapping[str, float]] = {
        "no change: all stays as first observed": {row.id: row.no_change for row in card.rows},
        "trend: a line through the first half, drawn out": {row.id: row.trend for row in card.rows},
    }
    cells, told = [], []
    for name, rival in rivals.items():
        whole = duel([one for one in targets if one.use in GOALS], model, rival)
        word = "beats" if 2 * whole.nearer > whole.count else "does not beat"
        told.append(f"The model {word} *{name.split(':')[0]}*: it is nearer on {whole.nearer} of {whole.count}.")
        for use in GOALS:
            result: Duel = duel([one for one in targets if one.use == use], model, rival)
            apart = [number(value) for value in result.apart]
            cells.append(
                [name, USES[use].lower(), *map(str, (result.count, result.model, result.rival, result.nearer)), *apart]
            )
    head = (
        "rival",
        "targets",
        "it speaks about",
        "model passes",
        "rival passes",
        "model nearer",
        "model's distance",
        "rival's",
    )
    return [
        "", "## Against two naive rivals", "",
        "A model that cannot beat them explains nothing. Only targets that a rival has something to continue for; the "
        "distance is the median one from the document's figure, in tolerances. Both rivals know the official series up "
        "to their date, which the model does not.", "", " ".join(told), "", *table(head, cells, range(2, 8)),
    ]  # fmt: skip


def _pictures(names: Sequence[str]) -> list[str]:
    shown = [f"![Targets against the model]({PICTURES}/{name})" for name in names if "_en" in name]
    chinese = [f"[{name}]({PICTURES}/{name})" for name in names if "_zh" in name]
    tail = ["", f"In Chinese: {', '.join(chinese)}."] if chinese else []
    return ["", *shown, *tail] if shown else []


def _targets(targets: Sequence[Target], rows: Mapping[str, CardRow]) -> list[str]:
    cells = []
    for target in targets:
        row = rows[target.id]
        model = number(row.median) if row.q05 == row.q95 else f"{number(row.median)} ({span(row.q05, row.q95)})"
        sign = ", wrong sign" if row.wrong_sign else ""
        cells.append(
            [f"{label(target.id)} `{target.id}`", number(target.central), span(target.low, target.high), target.unit,
             model, number(row.baseline), WORDS[row.verdict] + sign, target.source, target.reason]
        )  # fmt: skip
    head = (
        "target",
        "figure",
        "band",
        "unit",
        "model",
        "baseline",
        "verdict",
        "source",
        "why this figure, band and use",
    )
    return table(head, cells, (1, 4, 5))


def _left_out(targets: Sequence[Target]) -> list[str]:
    cells = [
        [f"{label(one.id)} `{one.id}`", f"{number(one.central)} {one.unit}", one.source, one.reason]
        for one in targets
        if one.use == "not_representable"
    ]
    return ["", "## Not representable", "", *table(("target", "figure", "source", "why"), cells, (1,))]
