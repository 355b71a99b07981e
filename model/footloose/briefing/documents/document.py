"""What a briefing says, in one language and without any format: built once, set by four renderers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Grid:
    """A table: a caption, a head of column names, rows of cells as text.

    numeric : columns that are set to the right, by place
    note    : what the reader needs to know under it
    last    : width of the last column against the others; more than 1 where it holds long text, then in smaller type
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    note: str = ""
    last: float = 1.0

    @property
    def wide(self) -> bool:
        """Whether the last column holds long text."""
        return self.last > 1.0

    def weights(self) -> list[float]:
        """Return the widths of the columns against one another."""
        count = len(self.head)
        return [1.4 if place == 0 else self.last if place == count - 1 else 1.0 for place in range(count)]


@dataclass(frozen=True)
class Series:
    """Numbers by year for a native chart: names with a value for every year."""

    years: tuple[int, ...]
    lines: tuple[tuple[str, tuple[float, ...]], ...]
    unit: str


@dataclass(frozen=True)
class Picture:
    """A drawn figure: files as PNG and SVG (text as outlines), caption, and what it shows for who cannot see it."""

    name: str
    caption: str
    alt: str
    png: Path
    svg: Path


@dataclass(frozen=True)
class Finding:
    """One finding: a headline, the sentences below it, how sure it is, and the figure or numbers it rests on.

    sure : True where the sign holds in nine of ten members, False where it does not, None where that was not asked
    lead : whether it belongs among what is told in short
    """

    key: str
    headline: str
    sentences: tuple[str, ...]
    confidence: str = ""
    sure: bool | None = None
    figure: str = ""
    grid: Grid | None = None
    series: Series | None = None
    lead: bool = False


@dataclass(frozen=True)
class Part:
    """What one run, comparison or sweep says."""

    title: str
    question: str
    basis: str
    differs: tuple[str, ...]
    findings: tuple[Finding, ...]
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Picture, ...] = ()

    def picture(self, name: str) -> Picture | None:
        """Return the figure of a name, if it was drawn."""
        return next((picture for picture in self.pictures if picture.name == name), None)

    def first_with(self, name: str) -> Finding | None:
        """Return the first finding that rests on a figure: there it is shown."""
        return next((finding for finding in self.findings if finding.figure == name), None)

    def unused_pictures(self) -> tuple[Picture, ...]:
        """Return the figures that no finding shows."""
        shown = {finding.figure for finding in self.findings}
        return tuple(picture for picture in self.pictures if picture.name not in shown)


@dataclass(frozen=True)
class Section:
    """A section after the findings: a heading, paragraphs, points of a list, tables."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    code: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A briefing.

    short    : what to read when there is time for three sentences only
    sections : assumptions, what the model cannot say, how far it meets what was observed, how to make it again
    words    : the headings that renderers set themselves, by key
    """

    language: str
    title: str
    subtitle: str
    short: tuple[str, ...]
    caution: str
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    words: dict[str, str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """The question of the first part."""
        return self.parts[0].question

    def grids(self) -> Iterator[Grid]:
        """Yield every table in reading order."""
        for part in self.parts:
            for finding in part.findings:
                if finding.grid is not None:
                    yield finding.grid
            yield from part.grids
        for section in self.sections:
            yield from section.grids

    def texts(self) -> Iterator[str]:
        """Yield every piece of text, for fonts that hold no more than is needed."""
        yield from (self.title, self.subtitle, self.caution, *self.short, *self.words.values())
        for part in self.parts:
            yield from (part.title, part.question, part.basis, *part.differs)
            for finding in part.findings:
                yield from (finding.headline, finding.confidence, *finding.sentences)
            for picture in part.pictures:
                yield from (picture.caption, picture.alt)
        for section in self.sections:
            yield from (section.title, *section.paragraphs, *section.points, *section.code)
        for grid in self.grids():
            yield from (grid.caption, grid.note, *grid.head, *(cell for row in grid.rows for cell in row))
