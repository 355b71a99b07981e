"""What the report card keeps: a row a target, a row a member, and in `card.json` what they rest on."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from footloose.errors import DataError
from footloose_calibration.card.members import Measured, Member
from footloose_calibration.card.verdicts import VERDICTS, verdict
from footloose_calibration.fitting import elasticity
from footloose_calibration.rivals import no_change, trend
from footloose_calibration.targets import GROUPS, Target, load_targets

CARD, MEMBERS, SIDECAR, CONFORMANCE = "card.csv", "card_members.csv", "card.json", "conformance.csv"
DIGITS = 6
LITERATURE = "conformance"
"""Group of the numbers of the literature that the fit heeds beside the documents."""


@dataclass(frozen=True)
class CardRow:
    """A target beside the model; numbers in the target's unit, NaN where there are none.

    median, q05, q95    : of the ensemble
    chance              : standard deviation of a member by the draws of its runs
    baseline            : at the baseline's own parameters
    verdict             : pass, tension, fail, unknown; wrong_sign: the median goes the other way than the band
    no_change, trend    : what the two naive rivals say
    """

    id: str
    use: str
    group: str
    median: float
    q05: float
    q95: float
    chance: float
    baseline: float
    verdict: str
    wrong_sign: bool
    no_change: float
    trend: float


ON_CARD = (*GROUPS, LITERATURE)
"""Groups of targets on the card."""

COLUMNS = tuple(field.name for field in fields(CardRow))
NUMBERS = ("median", "q05", "q95", "chance", "baseline", "no_change", "trend")


@dataclass(frozen=True)
class Card:
    """A report card as it is kept.

    rows    : a row a target that can be measured, in the order of the targets
    members : the ensemble's members that were run, and what each came out at; (member, target)
    said    : card.json
    """

    rows: tuple[CardRow, ...]
    members: tuple[Member, ...]
    values: tuple[tuple[float, ...], ...]
    said: Mapping[str, Any]


def targets_on_card() -> tuple[Target, ...]:
    """Return the targets of the documents and, after them, the numbers of the literature that the fit heeds."""
    return (*load_targets(), *elasticity.TARGETS)


def rows_of(targets: Sequence[Target], measured: Measured) -> tuple[CardRow, ...]:
    """Return the rows of a card."""
    found = []
    for k, target in enumerate(targets):
        known = measured.values[np.isfinite(measured.values[:, k]), k]
        low, median, high = np.quantile(known, (0.05, 0.5, 0.95)).tolist() if known.size else [math.nan] * 3
        numbers = {
            "median": median, "q05": low, "q95": high, "chance": float(measured.chance[k]),
            "baseline": float(measured.baseline[k]), "no_change": rival(no_change, target),
            "trend": rival(trend, target),
        }  # fmt: skip
        kept = {name: tidy(value) for name, value in numbers.items()}
        verdict_on = verdict(target, kept["median"], kept["q05"], kept["q95"])
        wrong = target.sign_is_wrong(kept["median"])
        found.append(
            CardRow(id=target.id, use=target.use, group=target.group, verdict=verdict_on, wrong_sign=wrong, **kept)
        )
    return tuple(found)


def rival(speak: Callable[[Target], float], target: Target) -> float:
    """Return what a naive rival says of a target; NaN for numbers of the literature, of which it knows nothing."""
    return math.nan if target.group == LITERATURE else speak(target)


def tidy(value: float) -> float:
    """Return a number with the digits that are kept."""
    return float(f"{value:.{DIGITS}g}")


def card_text(rows: Iterable[CardRow]) -> str:
    """Return the rows as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cell(getattr(row, name)) for name in COLUMNS])
    return out.getvalue()


def members_text(ids: Sequence[str], members: Sequence[Member], values: Iterable[Sequence[float]]) -> str:
    """Return the members as a table: name, parameters, what each target came out at."""
    keys = list(members[0].values)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["member", *keys, *ids])
    for member, row in zip(members, values, strict=True):
        writer.writerow([member.name, *(f"{member.values[key]:.8g}" for key in keys), *map(cell, row)])
    return out.getvalue()


def cell(value: Any) -> str:
    """Return a value as the tables show it; nothing where there is none."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else ""
    if isinstance(value, float | np.floating):
        return f"{value:.{DIGITS}g}" if math.isfinite(value) else ""
    return str(value)


def load_card(folder: Path | None = None) -> Card:
    """Return the card of a folder; of the package without one.

    raises: DataError when there is none, or its tables cannot be read
    """
    home = Path(str(files("footloose_calibration"))) if folder is None else folder
    texts = {}
    for name in (CARD, MEMBERS, SIDECAR):
        try:
            texts[name] = (home / name).read_text(encoding="utf-8")
        except OSError as error:
            raise DataError(
                f"{home / name}: no report card here ({error.strerror}); make one: footloose card"
            ) from error
    rows = parse_card(texts[CARD])
    members, values = parse_members(texts[MEMBERS], [row.id for row in rows])
    return Card(rows, members, values, json.loads(texts[SIDECAR]))


def parse_card(text: str) -> tuple[CardRow, ...]:
    """Return the rows of a table given as text.

    raises: DataError naming row, column and what was given
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DataError(f"{CARD}, row 1: columns are {reader.fieldnames}, expected {list(COLUMNS)}")
    found = []
    for number, cells in enumerate(reader, start=2):
        place = f"{CARD}, row {number}"
        if cells["verdict"] not in VERDICTS:
            raise DataError(f"{place}, column verdict: {cells['verdict']!r} given, allowed: {', '.join(VERDICTS)}")
        values = [number_of(cells[name], f"{place}, column {name}") for name in NUMBERS]
        median, low, high, chance, baseline, still, line = values
        found.append(
            CardRow(
                cells["id"], cells["use"], cells["group"], median, low, high, chance, baseline, cells["verdict"],
                cells["wrong_sign"] == "yes", still, line,
            )
        )  # fmt: skip
    return tuple(found)


def parse_members(text: str, ids: Sequence[str]) -> tuple[tuple[Member, ...], tuple[tuple[float, ...], ...]]:
    """Return members and what they came out at, in the order of ids.

    raises: DataError for a target without a column, or what is no number
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    names = list(reader.fieldnames or ())
    missing = [name for name in ("member", *ids) if name not in names]
    if missing:
        raise DataError(f"{MEMBERS}, row 1: no column {', '.join(missing[:3])}")
    keys = [name for name in names if name not in ("member", *ids)]
    members, values = [], []
    for number, cells in enumerate(reader, start=2):
        place = f"{MEMBERS}, row {number}"
        members.append(Member(cells["member"], {key: number_of(cells[key], place) for key in keys}))
        values.append(tuple(number_of(cells[name], place) for name in ids))
    return tuple(members), tuple(values)


def number_of(text: str, place: str) -> float:
    """Return a number, NaN for nothing.

    raises: DataError
    """
    try:
        return float(text) if text else math.nan
    except ValueError as error:
        raise DataError(f"{place}: {text!r} is no number") from error
