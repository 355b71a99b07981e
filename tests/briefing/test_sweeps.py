"""Briefings of sweeps: told in the language of the page from the runs themselves; alone and beside a comparison."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import docx
import pandas as pd
import pytest
from figure_checks import check_texts
from matplotlib.figure import Figure
from pptx import Presentation

from footloose.brief_job import Request, brief
from footloose.briefing.documents import pictures
from footloose.briefing.documents.composing import compose
from footloose.briefing.documents.document import Document
from footloose.briefing.documents.folders import SweepFolder, read_folder
from footloose.briefing.documents.slides import TALL, fitting, lines_of
from footloose.briefing.documents.sweep_part import SweepStory
from footloose.briefing.documents.wording import Voice
from footloose.errors import OutputError
from footloose.experiments.sweep.reading import read_sweep
from footloose.sweep_job import carry_out_sweep

SWEEP = """\
title: {en: Tariff and clusters, zh: 关税与集群}
question: {en: What tips?, zh: 何处是临界点？}
scenario: baseline
settings:
  years: {until: 2012}
  policies:
    duty: {kind: tariff, market: united_states, sites: china, rate: 10, from: 2011}
levers:
  tariff: {key: policies.duty.rate, from: 0, to: 60, steps: 3, unit: "%", label: {en: tariff on China, zh: 对华关税}}
uncertainties:
  elasticity: {key: mechanisms.clusters.elasticity, from: 0.04, to: 0.1, steps: 2, source: half either way}
outcomes:
  share: {variable: Imports|Share, market: united_states, site: country:china, goal: {at_most: 8},
          label: {en: China's share of US purchases, zh: 中国在美国采购中的份额}}
design: {kind: grid}
replicates: 1
firms: 64
"""


@pytest.fixture(scope="module")
def sweep_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweeps")
    (folder / "small.yaml").write_text(SWEEP, encoding="utf-8")
    file = read_sweep(folder / "small.yaml")
    quiet = {"jobs": 0, "cluster": None, "retry": False, "figures": False}
    carry_out_sweep(file, folder / "small", say=lambda _: None, **quiet)  # type: ignore[arg-type]
    return folder / "small"


@pytest.fixture(scope="module")
def told(sweep_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """Return a briefing of the sweep in both languages, and what its figures say, each checked for covered texts."""
    said: dict[str, list[str]] = {}
    save = pictures.save

    def keep(figure: Figure, data: pd.DataFrame, folder: Path, name: str, dpi: int) -> list[Path]:
        said[name] = check_texts(figure)
        return save(figure, data, folder, name, 30)

    out = tmp_path_factory.mktemp("briefings") / "sweep"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pictures, "save", keep)
        brief(Request((str(sweep_folder),), None, ("docx", "pptx"), ("en", "zh")), out, overwrite=False)
    return out, said


def test_a_sweep_is_told_in_the_language_of_the_page(told: tuple[Path, dict[str, list[str]]]) -> None:
    folder, said = told
    assert sorted(said) == ["map_share_en", "map_share_zh", "tipping_share_en", "tipping_share_zh"]
    for language, wanted in (("en", "China's share of US purchases"), ("zh", "中国在美国采购中的份额")):
        text = "\n".join(
            paragraph.text for paragraph in docx.Document(str(folder / f"briefing_{language}.docx")).paragraphs
        )
        assert wanted in text
    assert "仅" not in said["map_share_en"]
    words = {word for texts in (said["map_share_zh"], said["tipping_share_zh"]) for t in texts for word in t.split()}
    assert {word for word in words if re.fullmatch("[A-Za-z]{3,}", word)} == {"footloose"}
    data = pd.read_csv(folder / "figures" / "0" / "map_share_zh.csv")
    assert list(data.columns) == ["elasticity", "0.0", "30.0", "60.0"], "across the first factor of the file"


def test_what_was_varied_is_said_with_source_and_name(sweep_folder: Path) -> None:
    found = read_folder(sweep_folder)
    assert isinstance(found, SweepFolder)
    rows = SweepStory(found, Voice("zh")).varied().rows
    assert rows[0] == ("对华关税", "政策手段", "0%至60%", "见扫描文件")
    assert rows[1] == ("产业集群带来的成本下降", "不确定因素", "0.04至0.1", "上下各一半")
    assert SweepStory(found, Voice("en")).varied().rows[1][3] == "half either way"


def test_slides_of_a_sweep_have_no_text_over_text(told: tuple[Path, dict[str, list[str]]]) -> None:
    deck = Presentation(str(told[0] / "briefing_zh.pptx"))
    for slide in deck.slides:
        boxes = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
        for place, one in enumerate(boxes):
            assert one.top + one.height <= deck.slide_height
            for other in boxes[place + 1 :]:
                apart = one.top + one.height <= other.top or other.top + other.height <= one.top
                beside = one.left + one.width <= other.left or other.left + other.width <= one.left
                assert apart or beside, (one.text_frame.text, other.text_frame.text)


def test_long_sentences_shrink_and_then_go_on_the_next_slide() -> None:
    assert lines_of("甲" * 40, 4.6, 16) == 3
    assert fitting(["Short."], 4.6, TALL, (16, 14, 12)) == (16, 1)
    size, count = fitting(["甲" * 120] * 9, 4.6, TALL, (16, 14, 12))
    assert size == 12
    assert 1 <= count < 9


def test_a_sweep_stands_beside_a_comparison(sweep_folder: Path, compared: Path, tmp_path: Path) -> None:
    parts = [read_folder(compared / "results" / "comparison"), read_folder(sweep_folder)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pictures, "save", lambda *_: [])
        page: Document = compose(parts, "zh", tmp_path, "footloose brief a b")
    assert page.parts[1].title == "关税与集群"
    assert any(line.startswith("关税与集群：") for line in page.short), "several parts: each headline says of which"
    again = next(section for section in page.sections if section.key == "again")
    items = dict(again.grids[0].rows)
    manifest = json.loads((sweep_folder / "sweep.json").read_text(encoding="utf-8"))
    assert items["模拟结果表的摘要值"] == manifest["files"]["runs.parquet"]


def test_a_sweep_that_cannot_be_told_is_refused(sweep_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(sweep_folder, copy)
    manifest = json.loads((copy / "sweep.json").read_text(encoding="utf-8"))
    manifest["sweep"]["design"]["kind"] = "guess"
    (copy / "sweep.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(OutputError, match=r"sweep\.json: sweep\.design\.kind.*not written by this version"):
        read_folder(copy)
    (copy / "sweep.json").unlink()
    with pytest.raises(OutputError, match=r"sweep\.json: name, sweep, scenario missing"):
        read_folder(copy)
