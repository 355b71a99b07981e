"""A briefing as a Word file: built-in styles, native tables with repeated heads, pictures with alternative texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from footloose.briefing.documents.document import Document, Finding, Grid, Part, Picture, Section
from footloose.briefing.documents.steady import MADE, written_steadily

LATIN, EAST_ASIAN, FIXED = "Calibri", "Microsoft YaHei", "Consolas"
"""Fonts that Word has; where they are missing a machine takes its own."""
TONGUES = {"en": "en-GB", "zh": "zh-CN"}
INK, QUIET, MARK = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x4D, 0x4D, 0x4D), RGBColor(0x00, 0x55, 0x8C)
PAGE, MARGIN = (Cm(21.0), Cm(29.7)), Cm(2.0)
WIDTH = Cm(17.0)
TOGETHER = 12
"""Rows up to which a table is not parted between pages."""
BODY, SMALL, TINY = Pt(10.5), Pt(9), Pt(7.5)


def write_docx(document: Document, file: Path) -> None:
    """Write the file.

    raises: OSError
    """
    word = docx.Document()
    prepare(word, document)
    word.add_paragraph(document.words["briefing"], style="Subtitle")
    word.add_paragraph(document.title, style="Title")
    if document.question:
        word.add_paragraph(document.question)
    small(word, document.subtitle)
    word.add_heading(document.words["short"], 1)
    for line in document.short:
        word.add_paragraph(style="List Number").add_run(line).bold = True
    word.add_paragraph(document.caution, style="Intense Quote")
    for part in document.parts:
        add_part(word, document, part)
    for section in document.sections:
        add_section(word, section)
    written_steadily(word.save, file)


def prepare(word: Word, document: Document) -> None:
    """Set page, language, fonts and properties."""
    page = word.sections[0]
    page.page_width, page.page_height = PAGE
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    number_pages(page.footer.paragraphs[0], document.title)
    properties = word.core_properties
    properties.title, properties.author, properties.language = document.title, "footloose", TONGUES[document.language]
    properties.created = properties.modified = MADE
    properties.comments, properties.last_modified_by = "", "footloose"
    style: Any
    for style in word.styles:
        if hasattr(style, "font"):
            in_fonts(style.element, document.language)
    normal: Any = word.styles["Normal"]
    normal.font.size, normal.font.color.rgb = BODY, INK
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (
        ("Title", 22),
        ("Heading 1", 15),
        ("Heading 2", 12),
        ("Subtitle", 10.5),
        ("Intense Quote", 10.5),
    ):
        style = word.styles[name]
        style.font.size, style.font.italic = Pt(size), False
        style.font.color.rgb = MARK if name in ("Heading 1", "Subtitle") else INK
    for name in ("Heading 1", "Heading 2"):
        style = word.styles[name]
        style.font.bold = True


def in_fonts(element: Any, language: str) -> None:
    """Set the fonts of a style for Latin and East Asian text, and its language."""
    properties = element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", EAST_ASIAN), ("cs", LATIN)):
        fonts.set(qn(f"w:{name}"), font)
    tongue = properties.find(qn("w:lang"))
    if tongue is None:
        tongue = OxmlElement("w:lang")
        properties.append(tongue)
    tongue.set(qn("w:val"), TONGUES[language])
    tongue.set(qn("w:eastAsia"), TONGUES["zh"])


def number_pages(paragraph: Any, title: str) -> None:
    """Write title and page number into the foot."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(f"{title}  ")
    run.font.size, run.font.color.rgb = SMALL, QUIET
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = SMALL, QUIET
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        child = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            child.set(qn("w:fldCharType"), kind)
        else:
            child.text = text
        run._r.append(child)


def small(word: Word, text: str) -> Any:
    """Add a paragraph in small, quiet type."""
    paragraph = word.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = SMALL, QUIET
    return paragraph


def add_part(word: Word, document: Document, part: Part) -> None:
    """Add what one run, comparison or sweep says."""
    words = document.words
    word.add_heading(words["findings"] + (f"{words['colon']}{part.title}" if len(document.parts) > 1 else ""), 1)
    if part.basis:
        small(word, part.basis)
    if part.differs:
        word.add_heading(words["differs"], 2)
        for line in part.differs:
            word.add_paragraph(line, style="List Bullet")
    for finding in part.findings:
        add_finding(word, document, part, finding)
    if part.grids:
        word.add_heading(words["tables"], 2)
    for grid in part.grids:
        add_grid(word, grid)
    if part.unused_pictures():
        word.add_heading(words["figures"], 2)
    for picture in part.unused_pictures():
        add_picture(word, picture)


def add_finding(word: Word, document: Document, part: Part, finding: Finding) -> None:
    """Add a finding: headline, sentences, how sure, figure, table."""
    word.add_heading(finding.headline, 2)
    if finding.sentences:
        word.add_paragraph(("" if document.language == "zh" else " ").join(finding.sentences))
    if finding.confidence:
        paragraph = small(word, "")
        run = paragraph.add_run(document.words["sure"] + " ")
        run.bold, run.font.size = True, SMALL
        run = paragraph.add_run(finding.confidence)
        run.font.size, run.font.color.rgb = SMALL, QUIET
    picture = part.picture(finding.figure)
    if picture is not None and part.first_with(finding.figure) is finding:
        add_picture(word, picture)
    if finding.grid is not None:
        add_grid(word, finding.grid)


def add_section(word: Word, section: Section) -> None:
    """Add a section after the findings."""
    if section.key == "appendix":
        word.add_page_break()
    word.add_heading(section.title, 1)
    for text in section.paragraphs:
        word.add_paragraph(text)
    for text in section.code:
        run = word.add_paragraph().add_run(text)
        run.font.name, run.font.size = FIXED, SMALL
    for text in section.points:
        word.add_paragraph(text, style="List Bullet")
    for grid in section.grids:
        add_grid(word, grid)


def add_picture(word: Word, picture: Picture) -> None:
    """Add a figure with its alternative text and caption."""
    shape = word.add_picture(str(picture.png), width=WIDTH)
    properties = shape._inline.docPr
    properties.set("descr", picture.alt)
    properties.set("title", picture.caption)
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    small(word, picture.caption)


def add_grid(word: Word, grid: Grid) -> None:
    """Add a native table whose head is repeated on every page."""
    caption = word.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    run = caption.add_run(grid.caption)
    run.bold, run.font.size = True, SMALL
    table: Any = word.add_table(rows=1, cols=len(grid.head), style="Light Grid Accent 1")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    size = TINY if grid.wide or len(grid.head) > 6 else SMALL
    widths = column_widths(grid)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    fill(table.rows[0], grid.head, grid, size, widths, bold=True)
    head = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)
    for place, cells in enumerate(grid.rows, 1):
        row = table.add_row()
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        fill(row, cells, grid, size, widths, bold=False)
        together = len(grid.rows) <= TOGETHER and place < len(grid.rows)
        for cell in row.cells if together else ():
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    for cell in table.rows[0].cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    small(word, grid.note)


def column_widths(grid: Grid) -> list[Any]:
    """Return the widths of the columns: more for the first, most for the last of a wide table."""
    weights = grid.weights()
    return [int(WIDTH * weight / sum(weights)) for weight in weights]


def fill(row: Any, cells: tuple[str, ...], grid: Grid, size: Any, widths: list[Any], *, bold: bool) -> None:
    """Fill a row."""
    for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
        cell.width = widths[place]
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run(text)
        run.font.size, run.bold = size, bold
        if place in grid.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
