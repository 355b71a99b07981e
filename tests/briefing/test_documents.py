"""What the four formats hold, read back with their own libraries; titles with markup do no harm; nothing is fetched."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from pptx import Presentation
from pptx.util import Inches

from footloose.brief_job import Request, brief, check_installed
from footloose.briefing.documents.document import Document, Finding, Grid, Part, Section, Series
from footloose.briefing.documents.folders import RunFolder
from footloose.briefing.documents.run_findings import RunStory
from footloose.briefing.documents.run_numbers import RunNumbers
from footloose.briefing.documents.slides import write_pptx
from footloose.briefing.documents.typeset import write_pdf
from footloose.briefing.documents.web import write_html
from footloose.briefing.documents.word import write_docx
from footloose.briefing.documents.wording import Voice
from footloose.errors import FootlooseError, OutputError, UnknownName

from .conftest import FORMATS, LANGUAGES, NASTY, SIZE

HEADINGS = {"en": "What the model cannot say", "zh": "模型不能回答的问题"}
TITLE = " ".join(NASTY.split())
"""As documents show it: on one line."""


class Reader(HTMLParser):
    """Collects tags with their attributes, headings and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_whole_and_fetches_nothing(pages: Mapping[str, str], language: str) -> None:
    found = read(pages[language])
    for tag, attributes in found.tags:
        for name in ("src", "href", "srcset", "data", "action"):
            value = attributes.get(name)
            assert value is None or value.startswith(("data:", "#")), (tag, value)
    assert re.findall(r"url\((?![\"']?data:)[^)]*", pages[language]) == []
    assert "@import" not in pages[language]
    assert dict(found.tags[0][1]) == {"lang": {"en": "en", "zh": "zh-Hans"}[language]}
    assert HEADINGS[language] in found.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_can_be_heard_and_walked_through(pages: Mapping[str, str], language: str) -> None:
    found = read(pages[language])
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    images = [attributes for tag, attributes in found.tags if tag == "img"]
    assert len(images) >= 3
    assert all(len(attributes["alt"] or "") > 20 for attributes in images)
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in found.tags if tag == "th")
    names = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_in_a_title_stays_text(pages: Mapping[str, str], language: str) -> None:
    found = read(pages[language])
    assert not any(tag in ("script", "b2") for tag, _ in found.tags)
    assert "<script" not in pages[language]
    assert any(TITLE in text for text in found.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_opens_with_its_tables_and_pictures(compared: Path, language: str) -> None:
    word = docx.Document(str(compared / f"briefing_{language}.docx"))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert TITLE in texts
    assert HEADINGS[language] in texts
    assert word.core_properties.title == TITLE
    assert len(word.tables) >= 5
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in word.tables)
    pictures = list(word.element.body.iter(qn("wp:docPr")))
    assert len(pictures) >= 3
    assert all(len(picture.get("descr")) > 20 for picture in pictures)
    fonts = word.styles["Normal"].element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_open_wide_with_native_charts_and_tables(compared: Path, language: str) -> None:
    deck = Presentation(str(compared / f"briefing_{language}.pptx"))
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    assert sum(shape.has_chart for shape in shapes) >= 3
    assert sum(shape.has_table for shape in shapes) >= 4
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles)
    assert titles[0] == TITLE
    for shape in shapes:
        if shape.shape_type == 13:  # picture
            assert len(shape._element._nvXxPr.cNvPr.get("descr")) > 20
        assert shape.left >= 0
        assert shape.left + shape.width <= deck.slide_width


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_is_tagged_and_has_its_typeface(compared: Path, language: str) -> None:
    written = (compared / f"briefing_{language}.pdf").read_bytes()
    assert written.startswith(b"%PDF-")
    for needed in (b"/StructTreeRoot", b"FootlooseSansSC-Regular", b"/Lang", b"/Alt"):
        assert needed in written


def test_findings_of_a_comparison_say_from_what_to_what(pages: Mapping[str, str]) -> None:
    text = "".join(read(pages["en"]).text)
    assert re.search(r"China's share in what the United States buys: lower by (up to )?[\d.]+ percentage points", text)
    assert re.search(r"\(−[\d.]+ to −[\d.]+\)", text)
    assert "Holds in 5 of 5 replicates: sure over chance only; parameters were not varied." in text
    assert re.search(r"Robust:", text) is None
    assert 'New: tariff "sixty" of up to 60% on goods from' in text
    chinese = "".join(read(pages["zh"]).text)
    assert re.search(r"中国占美国采购的份额：.{0,12}下降[\d.]+个百分点", chinese)
    assert "征收最高60%的关税（sixty）" in chinese


def test_findings_of_a_run_are_there(ran: RunFolder) -> None:
    text = told(ran, "en")
    for wanted in (
        "were made in China in 2010",
        "beyond chance",
        "Reshoring and foreign investment fill",
        "Governments pay",
    ):
        assert wanted in text
    assert re.search(r"中国制造的比重2010年为[\d.]+%", told(ran, "zh"))


def test_numbers_of_a_run_are_those_of_its_table(ran: RunFolder) -> None:
    table = pd.read_parquet(ran.path / "table.parquet")
    rows = table[
        (table["variable"] == "Imports|Share") & (table["market"] == "united_states") & (table["year"] == 2010)
    ]
    share = float(rows[(rows["site"] == "country:china") & (rows["sector"] == "all")]["value"].mean())
    finding = next(RunStory(RunNumbers(ran), Voice("en")).findings())
    told = re.search(r"included, ([\d.]+)% were made in China in 2010", finding.sentences[0])
    assert told is not None
    assert float(told[1]) == pytest.approx(share, abs=0.06)
    assert finding.series is not None
    assert finding.series.lines[0][1][0] == pytest.approx(share)


def told(folder: RunFolder, language: str) -> str:
    """Return every sentence of a run's findings."""
    findings = RunStory(RunNumbers(folder), Voice(language)).findings()
    return " ".join(text for finding in findings for text in (finding.headline, *finding.sentences, finding.confidence))


def test_the_page_names_what_it_takes_to_make_it_again(compared: Path, pages: Mapping[str, str]) -> None:
    answer = json.loads((compared / "results" / "comparison" / "comparison.json").read_text(encoding="utf-8"))
    text = "".join(read(pages["en"]).text)
    for wanted in (answer["base"]["digest"], answer["others"][0]["digest"], answer["data_digest"], answer["version"]):
        assert wanted in text
    assert "footloose brief" in text


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    words = {
        key: key
        for key in ("briefing", "short", "findings", "differs", "tables", "figures", "sure", "skip", "colon", "space")
    }
    grid = Grid("caption", ("a", "b"), (("x", "1"), ("y", "2")), (1,), "note")
    finding = Finding(
        "one", "headline", ("It is so.",), "sure", True, grid=grid, series=Series((1, 2), (("s", (1.0, 2.0)),), "%")
    )
    part = Part("title", "question?", "basis", ("differs",), (finding,))
    document = Document("en", "title", "sub", ("short",), "caution", (part,), (Section("limits", "end"),), words)
    for write, form in ((write_docx, "docx"), (write_html, "html"), (write_pdf, "pdf"), (write_pptx, "pptx")):
        for name in ("one", "two"):
            write(document, tmp_path / f"{name}.{form}")
        if form == "pptx":
            time.sleep(1.1)  # the workbook of a chart says the second it was made
            write(document, tmp_path / "two.pptx")
        assert (tmp_path / f"one.{form}").read_bytes() == (tmp_path / f"two.{form}").read_bytes()


def test_folders_that_cannot_be_used_are_refused(compared: Path, tmp_path: Path, scenario_file: Path) -> None:
    asked = Request((str(compared / "results" / "comparison"),), None, ("html",), ("en",), SIZE)
    with pytest.raises(OutputError, match=r"finished briefing.*--overwrite"):
        brief(asked, compared, overwrite=False)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds no briefing\.json"):
        brief(asked, tmp_path / "other", overwrite=True)
    with pytest.raises(OutputError, match=r"holds no finished run .*thesis\.txt"):
        brief(Request((str(tmp_path / "other"),), None, ("html",), ("en",)), tmp_path / "out", overwrite=False)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "change, error, complaint",
    [
        ({"formats": ("htlm",)}, UnknownName, "format 'htlm'; did you mean 'html'"),
        ({"languages": ("de",)}, UnknownName, "language 'de'"),
        ({"formats": ()}, FootlooseError, "no format"),
        ({"targets": ("tarif_60_on_china",)}, FootlooseError, "tariff_60_on_china"),
    ],
)
def test_bad_requests_are_refused_at_once(
    change: dict[str, tuple[str, ...]], error: type[Exception], complaint: str, tmp_path: Path
) -> None:
    asked = {"targets": ("baseline",), "against": None, "formats": ("html",), "languages": ("en",)} | change
    with pytest.raises(error, match=complaint):
        brief(Request(**asked), tmp_path / "out", overwrite=False)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_damaged_folders_name_the_file(compared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "comparison.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match=r"comparison\.json cannot be read"):
        brief(Request((str(folder),), None, ("html",), ("en",)), tmp_path / "out", overwrite=False)


def test_a_missing_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "typst" else object())
    check_installed(("html", "docx"))
    with pytest.raises(FootlooseError, match=r"typst \(for pdf\).*pip install 'footloose\[report\]'"):
        check_installed(FORMATS)


def test_office_files_carry_no_time_of_writing(compared: Path) -> None:
    for form in ("docx", "pptx"):
        with ZipFile(compared / f"briefing_en.{form}") as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
