"""A briefing as PowerPoint: one finding a slide with its chart, figure or table; all native but drawn figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from footloose.briefing.documents.document import Document, Finding, Grid, Part, Picture, Section, Series
from footloose.briefing.documents.steady import MADE, written_steadily

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, ROOM = Inches(0.6), Inches(1.55), Inches(12.13)
LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
TONGUES = {"en": "en-GB", "zh": "zh-CN"}
INK, QUIET, MARK = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x4D, 0x4D, 0x4D), RGBColor(0x00, 0x55, 0x8C)
LINES = (RGBColor(0x00, 0x72, 0xB2), RGBColor(0xD5, 0x5E, 0x00), RGBColor(0x00, 0x9E, 0x73))
ROWS, POINTS = 14, 8
"""Rows of a table and points of a list on one slide."""
TITLE_ONLY, OPENING = 5, 0
"""Layouts of the default template."""


TALL = 5.45
"""Height of the text of a finding, sentences and how sure together [inches]."""
LEADING, GAP = 1.25, 6.0
"""Height of a line against its type, and room after a paragraph [points]."""


def lines_of(text: str, width: float, size: float) -> int:
    """Return in how many lines a text is set: a Chinese character is as wide as its size, a Latin one about half."""
    room = (width - 0.2) * 72 / size
    wide = sum(1.0 if ord(letter) > 0x2E80 else 0.53 for letter in text)
    return max(1, -int(-wide // room))


def fitting(lines: Sequence[str], width: float, height: float, sizes: Sequence[float]) -> tuple[float, int]:
    """Return the largest size in which paragraphs fit a box, and how many do in the smallest [inches, points]."""
    for size in sizes:
        tall = [lines_of(line, width, size) * size * LEADING + GAP for line in lines]
        if sum(tall) <= height * 72:
            return size, len(lines)
    count = sum(sum(tall[: place + 1]) <= height * 72 for place in range(len(lines)))
    return sizes[-1], max(count, 1)


def write_pptx(document: Document, file: Path) -> None:
    """Write the file.

    raises: OSError
    """
    deck = Deck(document)
    deck.opening()
    deck.points(document.words["short"], [*document.short, document.caution])
    for part in document.parts:
        deck.part(part)
    for section in document.sections:
        if section.key != "appendix":
            deck.section(section)
    written_steadily(deck.show.save, file)


class Deck:
    """The slides under way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.show = Presentation()
        self.show.slide_width, self.show.slide_height = WIDE, HIGH
        properties = self.show.core_properties
        properties.title, properties.author, properties.language = (
            document.title,
            "footloose",
            TONGUES[document.language],
        )
        properties.created = properties.modified = MADE
        properties.last_modified_by = "footloose"

    def slide(self, title: str, layout: int = TITLE_ONLY) -> Any:
        """Add a slide with its title in the title's place, so that outlines and screen readers find it."""
        slide = self.show.slides.add_slide(self.show.slide_layouts[layout])
        box = slide.shapes.title
        box.left, box.top, box.width, box.height = LEFT, Inches(0.35), ROOM, Inches(1.1)
        self.write(box.text_frame, [title], 26 if len(title) < 60 else 22, bold=True)
        box.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        return slide

    def opening(self) -> None:
        """Add the first slide: title, question, what made it."""
        document = self.document
        slide = self.show.slides.add_slide(self.show.slide_layouts[OPENING])
        title, below = slide.shapes.title, slide.placeholders[1]
        title.left, title.top, title.width, title.height = LEFT, Inches(1.8), ROOM, Inches(1.6)
        below.left, below.top, below.width, below.height = LEFT, Inches(3.6), ROOM, Inches(2.2)
        self.write(title.text_frame, [document.title], 40, bold=True)
        self.write(
            below.text_frame, [text for text in (document.question, document.subtitle) if text], 20, colour=QUIET
        )

    def write(
        self, frame: Any, lines: Sequence[str], size: float, *, bold: bool = False, colour: RGBColor = INK,
        align: Any = PP_ALIGN.LEFT, gap: float = 6.0, bullets: bool = False,
    ) -> None:  # fmt: skip
        """Write paragraphs into a text frame."""
        frame.word_wrap = True
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment, paragraph.space_after = align, Pt(gap)
            if bullets:
                self.bullet(paragraph)
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
            self.in_fonts(run)

    def bullet(self, paragraph: Any) -> None:
        """Make a paragraph a point of a list."""
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(Inches(0.3)))
        properties.set("indent", str(-Inches(0.3)))
        for name, key, value in (("a:buFont", "typeface", "Arial"), ("a:buChar", "char", "•")):
            properties.append(properties.makeelement(qn(name), {key: value}))

    def in_fonts(self, run: Any) -> None:
        """Set the fonts of a run for Latin and East Asian text, and its language."""
        run.font.name = LATIN
        properties = run._r.get_or_add_rPr()
        properties.set("lang", TONGUES[self.document.language])
        east = properties.makeelement(qn("a:ea"), {"typeface": EAST_ASIAN})
        properties.find(qn("a:latin")).addnext(east)

    def text(
        self, slide: Any, lines: Sequence[str], left: Any, top: Any, width: Any, height: Any, size: float, **style: Any
    ) -> None:
        """Add a box of text."""
        if lines:
            self.write(slide.shapes.add_textbox(left, top, width, height).text_frame, lines, size, **style)

    def points(self, title: str, lines: Sequence[str]) -> None:
        """Add slides with a list, as many as it takes."""
        rest = list(lines)
        while rest:
            size, count = fitting(rest[:POINTS], 11.8, TALL, (20, 16, 14))
            self.text(self.slide(title), rest[:count], LEFT, TOP, ROOM, Inches(TALL), size, gap=GAP, bullets=True)
            rest = rest[count:]

    def part(self, part: Part) -> None:
        """Add what one run, comparison or sweep says."""
        words = self.document.words
        if part.differs or part.basis:
            self.points(
                words["differs"] if part.differs else part.title, [*part.differs, *([part.basis] if part.basis else [])]
            )
        for finding in part.findings:
            self.finding(part, finding)
        for grid in part.grids:
            self.grid(grid)
        shown = {finding.figure for finding in part.findings if finding.series is None}
        for picture in part.pictures:
            if picture.name not in shown:
                slide = self.slide(picture.caption)
                self.picture(slide, picture, LEFT + Inches(1.35), TOP, Inches(9.4))

    def finding(self, part: Part, finding: Finding) -> None:
        """Add a finding: headline, sentences, how sure, and its chart or figure; its table follows on its own slide."""
        slide = self.slide(finding.headline)
        picture = (
            part.picture(finding.figure)
            if finding.series is None and part.first_with(finding.figure) is finding
            else None
        )
        beside = picture is not None or finding.series is not None
        width = 4.6 if beside else 12.13
        words = self.document.words
        sure = [f"{words['sure']}{words['colon']}{finding.confidence}"] if finding.confidence else []
        below = sum(lines_of(text, width, 12) for text in sure) * 12 * LEADING / 72
        size, count = fitting(finding.sentences, width, TALL - below - 0.2, (16, 14, 12) if beside else (20, 16, 14))
        shown = finding.sentences[:count]
        self.text(slide, shown, LEFT, TOP, Inches(width), Inches(TALL - below), size)
        self.text(slide, sure, LEFT, TOP + Inches(TALL - below), Inches(width), Inches(below), 12, colour=QUIET)
        if finding.series is not None:
            self.chart(slide, finding.series, finding.headline)
        elif picture is not None:
            self.picture(slide, picture, Inches(5.4), TOP, Inches(7.4))
        if count < len(finding.sentences):
            self.points(finding.headline, finding.sentences[count:])
        if finding.grid is not None:
            self.grid(finding.grid)

    def picture(self, slide: Any, picture: Picture, left: Any, top: Any, width: Any) -> None:
        """Add a figure with its alternative text, and its caption below."""
        shape = slide.shapes.add_picture(str(picture.png), left, top, width=width)
        shape._element._nvXxPr.cNvPr.set("descr", picture.alt)
        self.text(slide, [picture.caption], left, top + shape.height, width, Inches(0.4), 11, colour=QUIET)

    def chart(self, slide: Any, series: Series, about: str) -> None:
        """Add a native line chart."""
        data = CategoryChartData()
        data.categories = [str(year) for year in series.years]
        for name, values in series.lines:
            data.add_series(f"{name} ({series.unit})" if len(series.lines) == 1 else name, values)
        frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE, Inches(5.4), TOP, Inches(7.4), Inches(5.3), data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", about)
        chart = frame.chart
        chart.font.size, chart.font.name = Pt(12), LATIN
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        spacing = chart.category_axis._element.makeelement(qn("c:tickLblSkip"), {"val": "5"})
        chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(spacing)
        chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor(0xD8, 0xD8, 0xD8)
        largest = max((abs(value) for _, values in series.lines for value in values), default=1.0)
        chart.value_axis.tick_labels.number_format = "#,##0" if largest >= 20 else "0.0" if largest >= 1 else "0.00"
        chart.value_axis.tick_labels.number_format_is_linked = False
        for place, line in enumerate(chart.plots[0].series):
            line.smooth = False
            line.format.line.width, line.format.line.color.rgb = Pt(2.5), LINES[place % len(LINES)]

    def grid(self, grid: Grid) -> None:
        """Add a native table, on as many slides as it takes."""
        for start in range(0, len(grid.rows), ROWS):
            slide = self.slide(grid.caption)
            rows = grid.rows[start : start + ROWS]
            frame = slide.shapes.add_table(
                len(rows) + 1, len(grid.head), LEFT, TOP, ROOM, Inches(0.35) * (len(rows) + 1)
            )
            frame._element.nvGraphicFramePr.cNvPr.set("descr", grid.caption)
            table = frame.table
            weights = grid.weights()
            for place, weight in enumerate(weights):
                table.columns[place].width = Emu(int(ROOM * weight / sum(weights)))
            for number, cells in enumerate((grid.head, *rows)):
                for place, text in enumerate(cells):
                    self.cell(table.cell(number, place), text, grid, place, head=number == 0)
            if grid.note:
                self.text(slide, [grid.note], LEFT, Inches(6.75), ROOM, Inches(0.6), 11, colour=QUIET)

    def cell(self, cell: Any, text: str, grid: Grid, place: int, *, head: bool) -> None:
        """Fill a cell."""
        size = 9 if grid.wide else 12 if len(grid.head) <= 6 else 11
        colour = RGBColor(0xFF, 0xFF, 0xFF) if head else INK
        align = PP_ALIGN.RIGHT if place in grid.numeric else PP_ALIGN.LEFT
        self.write(cell.text_frame, [text], size, bold=head, colour=colour, align=align, gap=0.0)
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.fill.solid()
        cell.fill.fore_color.rgb = MARK if head else RGBColor(0xFF, 0xFF, 0xFF)

    def section(self, section: Section) -> None:
        """Add a section after the findings."""
        lines = [*section.paragraphs, *section.points, *section.code]
        if lines:
            self.points(section.title, lines)
        for grid in section.grids:
            self.grid(
                replace(grid, head=grid.head[:-1], rows=tuple(row[:-1] for row in grid.rows), last=1.0, note="")
                if section.key == "assumed"
                else grid
            )
