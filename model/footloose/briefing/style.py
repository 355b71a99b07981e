"""The look of every figure: page, type, colours, and text that is measured before it is placed.

Places on a page are in inches from its lower left corner, so that type and room can be compared. Nothing here
touches the state of pyplot; figures can be drawn in several threads at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from footloose.briefing.text import Words
from footloose.briefing.typeface import FAMILIES

WIDTH, HEIGHT = 10.0, 5.6
"""Page in inches, the shape of a slide."""
DPI, PRINT_DPI = 100, 300
"""Dots per inch of a figure while it is laid out, in which nothing is measured, and of the PNG: 3000 x 1680 dots."""
MARGIN = 0.3
TITLE, SUBTITLE, BODY = 15.0, 10.0, 9.0
"""Sizes of type in points; nothing is set smaller than BODY."""
INK, QUIET, FAINT, SHADE, HIGHLIGHT = "#1a1a1a", "#505050", "#c8c8c8", "#f0f0f0", "#fff3c4"
BASE_YEAR, HISTORY_ENDS = 2010, 2025

# Okabe and Ito (2008), "Color universal design"
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE, GREY = "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#B8B8B8"


Dash = Literal["-", "--", "-.", ":"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Ink:
    """How one member is drawn: hue, plus a hatch (in the colour `mark`) or dash, to be told apart in grey."""

    colour: str
    hatch: str = ""
    dash: Dash = "-"
    mark: str = "#666666"


SHORES: Mapping[str, Ink] = {
    "china": Ink(VERMILION),
    "friend": Ink(ORANGE),
    "near": Ink(GREEN),
    "other": Ink(GREY),
    "home": Ink(BLUE),
}
"""Shores in the order they are stacked; neighbours differ in lightness."""
LINES: Mapping[str, Ink] = {
    "labour": Ink(ORANGE),
    "energy": Ink(YELLOW),
    "inputs": Ink("#8A5A00", "..", mark="#E0C28A"),
    "freight": Ink(SKY),
    "lead_time": Ink("#BFE3F7", "///"),
    "tariffs": Ink(VERMILION, "xx", mark="#F6C3A3"),
    "productivity": Ink(BLUE),
    "clusters": Ink(GREEN, "|||", mark="#8FD9BF"),
    "risk": Ink(PURPLE),
    "subsidies": Ink("#8FD9BF", "..."),
    "congestion": Ink("#4D4D4D"),
    "automation": Ink("#6A3D9A"),
    "taxes": Ink("#D9D0A3", "\\\\\\"),
    "unexplained": Ink("#C4C4C4"),
}
OTHER = "other_lines"
"""Lines of the ledger without a colour of their own, added up."""
COUNTRIES: Mapping[str, Ink] = {
    "china": Ink(VERMILION),
    "vietnam": Ink(ORANGE),
    "mexico": Ink(GREEN),
    "canada": Ink(BLUE),
    "european_union": Ink(SKY),
    "india": Ink(PURPLE),
    "advanced_asia": Ink(BLACK),
    "united_states": Ink(BLUE, dash="--"),
    "rest_of_world": Ink("#8c8c8c"),
    "malaysia": Ink("#8A5A00", dash="--"),
    "thailand": Ink(PURPLE, dash="--"),
    "indonesia": Ink(GREEN, dash=":"),
}
DASHES: tuple[tuple[str, Dash], ...] = (("\\\\\\", "-."), ("++", ":"), ("oo", "--"))
SPARE = tuple(Ink(hue, hatch, dash) for hatch, dash in DASHES for hue in (BLACK, SKY, "#8A5A00", PURPLE, "#8C8C8C"))
"""For members a user adds."""


def inks(members: Sequence[str], known: Mapping[str, Ink]) -> dict[str, Ink]:
    """Return an ink for every member; members added by a user get the spare ones in the order given."""
    unknown = [member for member in members if member not in known]
    spare = {member: SPARE[place % len(SPARE)] for place, member in enumerate(unknown)}
    return {member: known.get(member) or spare[member] for member in members}


def line_inks(lines: Sequence[str]) -> dict[str, Ink]:
    """Return an ink for every line of the ledger, and for those added up."""
    return inks(lines, {**LINES, OTHER: Ink("#F7F7F7", "////", mark="#BBBBBB")})


@dataclass(frozen=True)
class Footer:
    """What made the figure, printed under it.

    vintage, version : date of the data, and version of footloose
    evidence         : mechanisms by the word for how well they are pinned, the weakest first; none where all are firm
    """

    scenario: str
    seed: int
    firms: int
    version: str
    vintage: str
    evidence: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def lines(self, words: Words, room: float) -> list[str]:
        """Return the footer as one line, or the scenario, the run and what it rests on below one another [inches].

        The scenario and the run are cut to a line each; what it rests on takes up to three.
        """
        parts = [
            words.say(f"footer.{part}", **{part: getattr(self, part)})
            for part in ("scenario", "seed", "firms", "version", "vintage")
        ]
        rests = [words.say("footer.evidence", list=self._rests_on(words))] if self.evidence else []
        whole, rest = " · ".join(parts), " · ".join(parts[1:])
        if width_of(" · ".join([whole, *rests]), words.language) <= room:
            return [" · ".join([whole, *rests])]
        below = [line for text in rests for line in wrap(text, room, words.language, lines=3)]
        if width_of(whole, words.language) <= room:
            return [whole, *below]
        first = wrap(parts[0], room, words.language, lines=1)
        return [*first, *wrap(rest, room, words.language, lines=1), *below]

    def _rests_on(self, words: Words) -> str:
        separator = words.say("separator.list")
        groups = [
            words.say(
                "footer.evidence_group",
                word=words.say(f"evidence.{word}"),
                mechanisms=separator.join(words.name(f"line:{name}").lower() for name in names),
            )
            for word, names in self.evidence.items()
        ]
        return separator.join(groups)


@lru_cache(maxsize=4096)
def width_of(text: str, language: str, size: float = BODY, weight: str = "normal") -> float:
    """Return the width of a line of text [inches], with 3 % to spare for hinting."""
    font = FontProperties(family=list(FAMILIES), size=size, weight=weight)
    return 1.03 * float(text_to_path.get_text_width_height_descent(text, font, False)[0]) / 72


def pitch(size: float = BODY) -> float:
    """Return the distance between two lines of text of a size [inches]."""
    return 1.32 * size / 72


ELLIPSIS: Mapping[str, str] = {"en": "...", "zh": "…"}
"""What stands for text cut off: the sign itself has the width of a Chinese character in the typeface."""
_CLOSING = "[，。、；：！？）》」』”’％…]*"
_PIECES = re.compile(rf"[（《「『“‘]*[\u2e80-\uffff]{_CLOSING}|(?:[^\s\u2e80-\uffff-]+-?|-+){_CLOSING}|\s+")


def wrap(
    text: str, room: float, language: str, size: float = BODY, weight: str = "normal", lines: int = 3
) -> list[str]:
    """Break text into at most `lines` lines of `room` inches; what is over ends in an ellipsis.

    Breaks at spaces, after hyphens and between Chinese characters, but not before a closing or after an opening
    mark (GB/T 15834); a word wider than the room is broken anywhere.
    """
    pieces = _PIECES.findall(" ".join(text.split()))
    done, line = [], ""
    while pieces:
        if not line and width_of("".join(pieces), language, size, weight) <= room:
            line = "".join(pieces)
            break
        piece = pieces.pop(0)
        if width_of((line + piece).rstrip(), language, size, weight) <= room + 1e-6:
            line += piece
        elif line.strip():
            done.append(line.strip())
            line = ""
            pieces[:0] = [] if piece.isspace() else [piece]
        elif len(piece) > 1:
            pieces[:0] = [piece[: len(piece) // 2], piece[len(piece) // 2 :]]
        else:
            line = piece
    done += [line.strip()] if line.strip() else []
    if len(done) <= lines:
        return done
    last, cut = done[lines - 1], ELLIPSIS[language]
    while last and width_of(last + cut, language, size, weight) > room:
        last = last[:-1]
    return [*done[: lines - 1], last.rstrip() + cut]


@dataclass(frozen=True)
class Page:
    """A figure with title, source and footer set, and the room that is left [inches]."""

    figure: Figure
    words: Words
    left: float
    bottom: float
    right: float
    top: float

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = BODY,
        weight: str = "normal",
        colour: str = INK,
        align: Align = "left",
        anchor: str = "center_baseline",
    ) -> Text:
        """Set one line of text at a place in inches; a dollar sign in it is a dollar sign."""
        label = Text(
            x,
            y,
            text,
            color=colour,
            fontsize=size,
            fontweight=weight,
            parse_math=False,
            fontfamily=list(FAMILIES),
            transform=self.figure.dpi_scale_trans,
            horizontalalignment=align,
            verticalalignment=anchor,  # type: ignore[arg-type]
        )
        self.figure.add_artist(label)
        return label

    def width(self, text: str, size: float = BODY, weight: str = "normal") -> float:
        """Return the width of a line of text in the page's language [inches]."""
        return width_of(text, self.words.language, size, weight)

    def wrapped(self, text: str, room: float, lines: int = 3, size: float = BODY, weight: str = "normal") -> list[str]:
        """Return text broken to lines of `room` inches."""
        return wrap(text, room, self.words.language, size, weight, lines)

    def swatch(self, x: float, y: float, ink: Ink, side: float = 0.11) -> None:
        """Draw a small square of an ink, its left middle at a place in inches."""
        place = self.figure.dpi_scale_trans
        box = Rectangle(
            (x, y - side / 2),
            side,
            side,
            facecolor=ink.colour,
            edgecolor="white",
            linewidth=0,
            transform=place,
        )
        box.set(hatch=ink.hatch or None, hatchcolor=ink.mark)
        self.figure.add_artist(box)

    def axes(self, left: float, bottom: float, right: float, top: float) -> Axes:
        """Add plain axes between places in inches: two spines, light horizontal grid, small ticks."""
        height = float(self.figure.get_figheight())
        rectangle = (left / WIDTH, bottom / height, (right - left) / WIDTH, (top - bottom) / height)
        axes = self.figure.add_axes(rectangle)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(QUIET)
        axes.tick_params(
            labelsize=BODY,
            colors=QUIET,
            labelcolor=INK,
            length=3,
            labelfontfamily=FAMILIES[0],
        )
        for axis in (axes.xaxis, axes.yaxis):
            axis.label.set(fontfamily=list(FAMILIES), fontsize=BODY, color=INK)
        axes.grid(axis="y", color=FAINT, linewidth=0.6, alpha=0.7)
        axes.set_axisbelow(True)
        return axes

    def name_up(self, axes: Axes, text: str, distance: float = 0.46) -> None:
        """Name the axis up, the name so far left of it that those of panels stand in line [inches]."""
        axes.set_ylabel(text)
        width = axes.get_position().width * WIDTH
        axes.yaxis.set_label_coords(-distance / width, 0.5)

    def without_top(self, height: float) -> Page:
        """Return the page with less room at the top."""
        return replace(self, top=self.top - height)


def page(
    words: Words, footer: Footer, title: str, subtitle: str, source: str, note: str = "", height: float = HEIGHT
) -> Page:
    """Start a figure: title and subtitle at the top, note, source and footer at the bottom; height in inches."""
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    room = WIDTH - 2 * MARGIN
    sheet = Page(figure, words, MARGIN, 0.12, WIDTH - MARGIN, height - 0.14)
    y = sheet.top
    for text, size, weight, colour in ((title, TITLE, "bold", INK), (subtitle, SUBTITLE, "normal", QUIET)):
        for line in sheet.wrapped(text, room, 2, size, weight):
            sheet.write(MARGIN, y, line, size=size, weight=weight, colour=colour, anchor="top")
            y -= pitch(size)
    small = [(line, INK) for line in sheet.wrapped(note, room, 4)]
    small += [(line, QUIET) for line in [*sheet.wrapped(source, room, 2), *footer.lines(words, room)]]
    bottom = sheet.bottom
    for line, colour in reversed(small):
        sheet.write(MARGIN, bottom, line, colour=colour, anchor="bottom")
        bottom += pitch()
    return replace(sheet, bottom=bottom + 0.1, top=y - 0.1)


def blank(sheet: Page, variable: str) -> Figure:
    """Say in the middle of the page that the run has nothing of a variable."""
    lines = sheet.wrapped(sheet.words.say("mark.nothing", variable=variable), 7.0, 3, SUBTITLE)
    for place, line in enumerate(lines):
        middle = (sheet.top + sheet.bottom) / 2 - place * pitch(SUBTITLE)
        sheet.write(WIDTH / 2, middle, line, size=SUBTITLE, colour=QUIET, align="center")
    return sheet.figure
