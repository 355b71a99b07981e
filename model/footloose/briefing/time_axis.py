"""The years along the bottom: which are named, where history ends, and when policies came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from footloose.briefing.style import BASE_YEAR, HISTORY_ENDS, INK, QUIET, SHADE, Ink, Page, pitch
from footloose.briefing.tags import rule

Policy = tuple[float, str]
"""Date as a year with its fraction (2018.5 is the middle of 2018) and a short label."""
FOOT = 0.14 + 2 * pitch()
"""Room under the axes for the years and for `history` and `scenario` [inches]."""
MOST_ROWS = 4


@dataclass(frozen=True)
class Span:
    """The years drawn and where the axes run on the page [inches]; `pad` is the room [years] at both ends."""

    first: int
    last: int
    left: float
    right: float
    pad: float = 0.0

    @property
    def limits(self) -> tuple[float, float]:
        """First and last point of the axis [year]; one year alone is drawn one year wide."""
        pad = self.pad or (0.5 if self.first == self.last else 0.0)
        return self.first - pad, self.last + pad

    def inches(self, year: float) -> float:
        """Return where on the page a point of the axis lies [inches]."""
        low, high = self.limits
        return self.left + (self.right - self.left) * (year - low) / (high - low)


def point(date: float) -> float:
    """Return the point of the axis for a date: a year's value stands for its middle, so 2018.5 is at 2018."""
    return date - 0.5


def named_years(page: Page, span: Span) -> list[int]:
    """Return the years that get a name: first, last, and every fifth between that has room."""
    every = [year for year in range(span.first, span.last + 1) if year % 5 == 0 or span.last - span.first < 6]
    room = page.width("2010") + 0.08
    named = [span.first]
    for year in every:
        if span.inches(year) - span.inches(named[-1]) >= room and span.inches(span.last) - span.inches(year) >= room:
            named.append(year)
    return named if span.last == span.first else [*named, span.last]


def mark_years(
    page: Page, axes: Sequence[Axes], span: Span, bottom: float, *, cover: bool = False, base: bool = False
) -> None:
    """Set the years under the lowest axes and part history from scenario in all of them.

    axes   : from the top down, one above another; the lowest begins at `bottom` [inches]
    cover  : shade by a veil over the drawing (for filled areas), not behind it
    base   : name the base year
    """
    edge = min(max(HISTORY_ENDS + 0.5, span.limits[0]), span.limits[1])
    for ax in axes:
        ax.set_xlim(*span.limits)
        ax.set_xticks(named_years(page, span), labels=[])
        if edge < span.limits[1]:
            veil, behind = ("white", 2.5) if cover else (SHADE, 0.0)
            ax.axvspan(edge, span.limits[1], facecolor=veil, alpha=0.32 if cover else 1.0, linewidth=0, zorder=behind)
        if span.limits[0] < edge < span.limits[1]:
            ax.axvline(edge, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2.6)
    for year in named_years(page, span):
        page.write(span.inches(year), bottom - 0.08, str(year), align="center", anchor="top")
    _captions(page, span, edge, bottom - 0.1 - pitch(), base)


def _captions(page: Page, span: Span, edge: float, y: float, base: bool) -> None:
    """Write base year, history and scenario under their years, each only where it has room."""
    page.write(
        span.left - 0.24,
        y + pitch() + 0.02,
        page.words.say("axis.year"),
        colour=QUIET,
        align="right",
        anchor="top",
    )
    taken = span.left - 0.3
    if base and span.first == BASE_YEAR:
        text = page.words.say("mark.base")
        start = span.inches(BASE_YEAR) - min(page.width(text) / 2, 0.3)
        page.write(start, y, text, colour=INK, anchor="top")
        taken = start + page.width(text) + 0.12
    for key, low, high in (("history", span.limits[0], edge), ("scenario", edge, span.limits[1])):
        text = page.words.say(f"mark.{key}")
        half = page.width(text) / 2
        middle = max((span.inches(low) + span.inches(high)) / 2, taken + half)
        if high > low and middle + half <= max(span.inches(high), span.inches(low) + 0.6):
            page.write(middle, y, text, colour=QUIET, align="center", anchor="top")
            taken = middle + half + 0.12


@dataclass(frozen=True)
class Flags:
    """Policies as they will be drawn; `key` is the note that explains numbers, if numbers are needed.

    points : points of the axis; texts; rows, counted from the bottom
    leftward : how many hang to the left of their poles; the others hang to the right, or stand on them (`upright`)
    """

    points: tuple[float, ...]
    texts: tuple[str, ...]
    rows: tuple[int, ...]
    leftward: int = 0
    upright: bool = False
    key: str = ""

    @property
    def height(self) -> float:
        """Room above the axes that the flags need [inches]."""
        return pitch() * (max(self.rows) + 1) + 0.06 if self.rows else 0.0


def plan_flags(page: Page, span: Span, policies: Sequence[Policy]) -> Flags:
    """Return rows for the policies within the years such that no flag covers another or its pole.

    The first hang to the left of their poles, the others to the right, so divided that the rows are fewest.
    More than MOST_ROWS rows: numbers stand on the poles, and the names go into the note.
    """
    low, high = span.limits
    within = [(date, text) for date, text in policies if span.first <= date < span.last + 1]
    dated = sorted((min(max(point(date), low), high), text) for date, text in within)
    points, texts = tuple(place for place, _ in dated), tuple(text for _, text in dated)
    flags = _fewest_rows(page, span, points, texts)
    if not flags.rows or max(flags.rows) < MOST_ROWS:
        return flags
    numbers = tuple(str(place + 1) for place in range(len(texts)))
    listed = page.words.say("separator.list").join(f"{n} {text}" for n, text in zip(numbers, texts, strict=True))
    key = page.words.say("note.policies", list=listed)
    ends, rows = [0.0] * MOST_ROWS, []
    for place, number in zip(points, numbers, strict=True):
        x, half = span.inches(place), page.width(number) / 2 + 0.02
        free = [row for row, end in enumerate(ends) if end <= x - half]
        rows.append(free[0] if free else -1)  # a crowd beyond all rows keeps its poles only
        ends[rows[-1]] = x + half if free else ends[-1]
    shown = tuple(number if row >= 0 else "" for number, row in zip(numbers, rows, strict=True))
    return Flags(points, shown, tuple(max(row, 0) for row in rows), upright=True, key=key)


def _fewest_rows(page: Page, span: Span, points: tuple[float, ...], texts: tuple[str, ...]) -> Flags:
    """Return the division into flags to the left and to the right that needs the fewest rows."""
    at = [span.inches(place) for place in points]
    widths = [page.width(text) + 0.16 for text in texts]
    best = Flags(points, texts, ())
    for leftward in range(len(at) + 1):
        if leftward and at[leftward - 1] - widths[leftward - 1] < page.left:
            break
        rows = _rows(at[:leftward], widths[:leftward], -1) + _rows(at[leftward:], widths[leftward:], 1)
        if not best.rows or max(rows, default=0) < max(best.rows):
            best = Flags(points, texts, tuple(rows), leftward)
    return best


def _rows(at: Sequence[float], widths: Sequence[float], side: int) -> list[int]:
    """Return the row of each flag: one above every flag whose pole stands where this one hangs.

    at, widths : places of the poles, ascending, and lengths of the flags [inches]; side: 1 right, -1 left
    """
    rows = [0] * len(at)
    order = range(len(at) - 1, -1, -1) if side > 0 else range(len(at))
    for done, place in enumerate(order):
        met = [rows[other] for other in order[:done] if abs(at[other] - at[place]) < widths[place]]
        rows[place] = max(met, default=-1) + 1
    return rows


def draw_flags(page: Page, span: Span, flags: Flags, bottom: float, top: float, right: float) -> None:
    """Draw the poles from the bottom of the lowest axes up to the flags, above `top` and to `right` [inches]."""
    for place, (at, text, row) in enumerate(zip(flags.points, flags.texts, flags.rows, strict=True)):
        x, y = span.inches(at), top + 0.04 + row * pitch()
        head = y + (0.0 if flags.upright else pitch() * 0.85)
        rule(page, (x, x), (bottom, head if text else top), Ink(QUIET), 0.8)
        if flags.upright:
            page.write(x, y + 0.02, text, align="center", anchor="bottom")
        elif place < flags.leftward:
            page.write(x - 0.05, y, text, align="right", anchor="bottom")
        else:
            page.write(x + 0.05, y, page.wrapped(text, right - x - 0.05, 1)[0], anchor="bottom")
