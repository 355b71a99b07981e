"""The targets: what the documents and the customs say the model should come out at, and how near is near enough.

`targets.csv` has one row a target; `TOLERANCES` is the written rule that turns its firmness into a band, and
`use_of_families` the written rule that says which targets are fitted and which are held out. Neither looks at a fit.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from footloose.errors import DataError, nearest
from footloose_calibration.documented import load_figures

GROUPS = (
    "pipeline_and_jobs",
    "origins_and_owners",
    "sectors",
    "import_shares_and_growth",
    "nearshore",
    "china_composition",
    "clusters",
    "automation",
)
USES = ("fitted", "held_out", "not_fitted", "not_representable")
BOUNDS = ("", "at_least", "at_most")
FIRMNESS = ("official", "high", "medium", "low", "very_low")
PATTERN = ("fitted", "held_out", "fitted")
"""Which use the families of a group get, in the order of the table, again and again."""

RELATIVE = {"official": 0.10, "high": 0.10, "medium": 0.25, "low": 0.50, "very_low": 0.50}
POINTS = {"official": 5.0, "high": 5.0, "medium": 10.0, "low": 20.0, "very_low": 20.0}
GROWTH = {"official": 1.0, "high": 1.0, "medium": 2.0, "low": 4.0, "very_low": 4.0}
CHANGE = {"official": 0.25, "high": 0.25, "medium": 0.50, "low": 1.00, "very_low": 1.00}
OF_BASE = {"official": 0.05, "high": 0.05, "medium": 0.10, "low": 0.20, "very_low": 0.20}
SCALES = ("relative", "share", "growth", "short_growth", "share_change")

COLUMNS = (
    "id", "figures", "group", "family", "use", "quantity", "unit", "period", "last", "firmness", "scale", "value",
    "base", "also_low", "also_high", "bound", "source", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One target.

    central, low, high : the number and its band, in `unit`; low = -inf or high = inf where it is a bound
    use      : fitted, held_out, not_fitted (measured, never fitted) or not_representable (not measured)
    quantity : name of the measuring function and its arguments, apart by spaces; "" where not representable
    figures  : identifiers in figures.csv; empty for what comes from official tables
    reason   : why this number, this band, this use
    family   : targets that say nearly the same; they are fitted or held out together
    period   : what the number is about; last : last year a run has to reach to measure it
    firmness : official (customs, statistical offices), or as in figures.csv
    source   : document, or the official table
    neutral  : the number that means no change: 0 for changes and growth, 1 for ratios to an earlier year, else NaN
    """

    id: str
    group: str
    use: str
    central: float
    low: float
    high: float
    unit: str
    quantity: str
    figures: tuple[str, ...]
    reason: str
    family: str
    period: str
    last: int
    firmness: str
    source: str
    neutral: float

    @property
    def half_width(self) -> float:
        """Return the distance from the central value to the end of the band, the shorter side; in `unit`."""
        return min(self.central - self.low, self.high - self.central)

    def holds(self, value: float) -> bool:
        """Return whether a value lies within the band; never for NaN."""
        return bool(self.low <= value <= self.high)

    def sign_is_wrong(self, value: float) -> bool:
        """Return whether a value goes the other way, where the whole band goes one way; never for levels or NaN."""
        up, down = self.low > self.neutral, self.high < self.neutral
        return bool((up and value < self.neutral) or (down and value > self.neutral))


def tolerance(scale: str, firmness: str, value: float, base: float = math.nan) -> float:
    """Return how far from a figure a model may be, in the figure's unit: the written rule.

    relative     : 10, 25, 50 % of the value (high, medium, low firmness)
    share        : the same, but not more than 5, 10, 20 points
    growth       : means of four years and more: 1, 2, 4 points a year
    short_growth : changes from year to year and means of up to three years: 5, 10, 20 points
    share_change : the largest of 25, 50, 100 % of the change, 5, 10, 20 % of the share at the start (`base`), and
                   0.25, 0.5, 1 point: a change is a small difference of large numbers
    """
    if scale == "relative":
        return RELATIVE[firmness] * abs(value)
    if scale == "share":
        return min(RELATIVE[firmness] * abs(value), POINTS[firmness])
    if scale == "growth":
        return GROWTH[firmness]
    if scale == "short_growth":
        return POINTS[firmness]
    return max(CHANGE[firmness] * abs(value), OF_BASE[firmness] * base, CHANGE[firmness])


@cache
def load_targets() -> tuple[Target, ...]:
    """Return every target in the order of the table, checked.

    raises: DataError naming file, row, column, what was given and what is allowed
    """
    text = (files("footloose_calibration") / "targets.csv").read_text(encoding="utf-8")
    return parse_targets(text, load_figures())


def parse_targets(text: str, figures: Mapping[str, object]) -> tuple[Target, ...]:
    """Return the targets of a table given as text; see `load_targets`."""
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DataError(f"targets.csv, row 1: columns are {reader.fieldnames}, expected {list(COLUMNS)}")
    targets: list[Target] = []
    for number, row in enumerate(reader, start=2):
        place = f"targets.csv, row {number}"
        if None in row or None in row.values():
            raise DataError(f"{place}: not {len(COLUMNS)} cells")
        targets.append(read_row(row, place, figures))
        if targets[-1].id in [target.id for target in targets[:-1]]:
            raise DataError(f"{place}, column id: {row['id']!r} is there twice")
    check_uses(targets)
    return tuple(targets)


def read_row(row: Mapping[str, str], place: str, figures: Mapping[str, object]) -> Target:
    """Return one row as a target.

    raises: DataError
    """
    for column, allowed in (
        ("group", GROUPS), ("use", USES), ("firmness", FIRMNESS), ("scale", SCALES), ("bound", BOUNDS),
    ):  # fmt: skip
        one_of(row[column], allowed, f"{place}, column {column}")
    for column in ("id", "unit", "period", "source", "reason"):
        if not row[column].strip():
            raise DataError(f"{place}, column {column}: empty")
    named = tuple(row["figures"].split())
    for name in named:
        one_of(name, tuple(figures), f"{place}, column figures")
    if (row["use"] == "not_representable") != (row["quantity"] == ""):
        raise DataError(f"{place}: a target has a quantity unless it is not_representable, and then it has none")
    central = number_in(row, "value", place)
    low, high = band(row, central, place)
    last = number_in(row, "last", place) if row["last"] else 0.0
    ratio = row["unit"] == "multiple" or row["unit"].startswith("ratio to")
    neutral = 1.0 if ratio else 0.0 if row["scale"] in ("growth", "short_growth", "share_change") else math.nan
    return Target(
        row["id"], row["group"], row["use"], central, low, high, row["unit"], row["quantity"], named, row["reason"],
        row["family"], row["period"], int(last), row["firmness"], row["source"], neutral,
    )  # fmt: skip


def band(row: Mapping[str, str], central: float, place: str) -> tuple[float, float]:
    """Return the band: the rule's tolerance, stretched to what the caution leaves open, open where it is a bound.

    raises: DataError where a share change has no base or the stretch is on the wrong side
    """
    base = number_in(row, "base", place) if row["base"] else math.nan
    if (row["scale"] == "share_change") != math.isfinite(base):
        raise DataError(f"{place}, column base: a share_change has the share at the start, and nothing else has one")
    width = tolerance(row["scale"], row["firmness"], central, base)
    low, high = central - width, central + width
    if row["also_low"]:
        low = min(low, number_in(row, "also_low", place))
    if row["also_high"]:
        high = max(high, number_in(row, "also_high", place))
    if row["bound"] == "at_least":
        high = math.inf
    if row["bound"] == "at_most":
        low = -math.inf
    return low, high


def number_in(row: Mapping[str, str], column: str, place: str) -> float:
    """Return a number of a row.

    raises: DataError for what is none
    """
    try:
        value = float(row[column])
    except ValueError as error:
        raise DataError(f"{place}, column {column}: {row[column]!r} is no number") from error
    if not math.isfinite(value):
        raise DataError(f"{place}, column {column}: {row[column]!r} is not finite")
    return value


def one_of(given: str, allowed: Sequence[str], place: str) -> None:
    """Refuse what is not in a list.

    raises: DataError with the nearest name
    """
    if given not in allowed:
        close = nearest(given, allowed)
        hint = f"; did you mean {close!r}?" if close else ""
        shown = ", ".join(repr(name) for name in allowed[:12])
        raise DataError(f"{place}: {given!r} given{hint} Allowed: {shown}{' ...' if len(allowed) > 12 else ''}")


def use_of_families(targets: Iterable[Target]) -> dict[tuple[str, str], str]:
    """Return the use of every family that can be fitted, by (group, family): the written rule.

    Within a group, families in the order of the table (the documents' order, then official tables) are fitted, held
    out, fitted, and so on again.
    """
    uses: dict[tuple[str, str], str] = {}
    for group in GROUPS:
        able = [one for one in targets if one.group == group and one.use in PATTERN]
        for position, family in enumerate(dict.fromkeys(one.family for one in able)):
            uses[group, family] = PATTERN[position % len(PATTERN)]
    return uses


def check_uses(targets: Sequence[Target]) -> None:
    """Refuse a table in which somebody chose by hand what is fitted.

    raises: DataError
    """
    uses = use_of_families(targets)
    for target in targets:
        due = uses.get((target.group, target.family), target.use)
        if target.use in PATTERN and target.use != due:
            raise DataError(f"targets.csv, target {target.id}, column use: {target.use!r} given; the rule says {due!r}")
        if target.use in PATTERN and target.firmness == "very_low":
            raise DataError(f"targets.csv, target {target.id}, column use: what is very_low in firmness is not fitted")


def end_year() -> int:
    """Return the last year that a fitted or held-out target needs."""
    return max(target.last for target in load_targets() if target.use in PATTERN)
