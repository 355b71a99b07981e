"""A run with a hand-made ensemble: what is robust, on what the rest depends, and a Chinese page without English."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_texts
from matplotlib.figure import Figure
from matplotlib.text import Text

from footloose.brief_job import run, with_cost_stack
from footloose.briefing.documents import pictures
from footloose.briefing.documents.assumptions import parameters_in_use
from footloose.briefing.documents.card_excerpt import shipped_card
from footloose.briefing.documents.composing import compose
from footloose.briefing.documents.document import Document
from footloose.briefing.documents.folders import RunFolder, read_folder
from footloose.briefing.documents.members import sample_of
from footloose.briefing.documents.wording import Voice
from footloose.comparison_job import Runs

KEYS = ("decisions.sunk_cost", "mechanisms.clusters.elasticity")
DRAWS = [(1.0, 0.02), (1.4, 0.1), (1.8, 0.04), (2.2, 0.08), (3.0, 0.03)]
GIVEN = re.compile(
    r"footloose|draws\.csv|[a-z]+_?[a-z_]*(\.[a-z_0-9-]+)+|docs/\w+\.md|calibration/README\.md|[0-9a-f]{8,}"
    r"|The exogenous series .*customs data\.|brief x|numpy|numba|baseline"
)
"""What is Latin in a Chinese page by right: names of files and keys, digests, what the scenario says of itself."""
CHECKED = ("fan_china_share_zh", "china_content_zh", "world_map_zh")
"""Figures whose texts are checked against one another here, too; tests/unit/test_figures.py does so for all."""
NAMES = re.compile(r"[A-Z]\w*|in")
"""Names of authors, institutions and tables; `in` stands in the name of one: Our World in Data."""


@pytest.fixture(scope="module")
def ensemble_run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("ensemble")
    rows = [f"d{place},{a},{b}" for place, (a, b) in enumerate(DRAWS)]
    (folder / "draws.csv").write_text("\n".join([f"draw,{','.join(KEYS)}", *rows]) + "\n", encoding="utf-8")
    size = Runs(firms=64, years=(2010, 2011), workers=1, ensemble=folder / "draws.csv", members=5)
    found = with_cost_stack(read_folder(run("baseline", folder / "runs", size)))
    assert isinstance(found, RunFolder)
    return found


@pytest.fixture(scope="module")
def chinese(ensemble_run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, dict[str, list[str]]]:
    """Return the Chinese page, and what every figure says; some are checked for texts that overlap."""
    said: dict[str, list[str]] = {}

    def keep(figure: Figure, data: pd.DataFrame, folder: Path, name: str, dpi: int) -> list[Path]:
        assert len(data), f"{name}: no data behind the figure"
        drawn = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
        said[name] = check_texts(figure) if name in CHECKED else drawn
        return []

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pictures, "save", keep)
        page = compose([ensemble_run], "zh", tmp_path_factory.mktemp("figures"), "footloose brief x")
    return page, said


def test_every_figure_of_a_run_is_in_the_page(chinese: tuple[Document, dict[str, list[str]]]) -> None:
    page, said = chinese
    names = {picture.name for picture in page.parts[0].pictures}
    assert names == {
        "sourcing_map_united_states", "country_shares", "country_ranks", "china_content", "moves_flow", "reasons",
        "jobs_pipeline", "cost_stack", "fan_home_share", "fan_china_share", "fan_jobs", "world_map",
        "regions_map_china",
    }  # fmt: skip
    assert any("5组参数" in text for text in said["fan_china_share_zh"]), "the split of uncertainty"
    assert any("占方差比重" in text for text in said["fan_china_share_zh"])


def test_no_english_is_left_in_a_chinese_page(chinese: tuple[Document, dict[str, list[str]]]) -> None:
    page, said = chinese
    texts = [*page.texts(), *(text for drawn in said.values() for text in drawn)]
    words = {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", GIVEN.sub("", text))}
    assert {word for word in words if not NAMES.fullmatch(word)} == set()
    assert any("产业集群带来的成本下降" in text for text in texts)


def test_what_is_robust_and_what_the_rest_depends_on(ensemble_run: RunFolder) -> None:
    from footloose.briefing.documents.run_findings import RunStory
    from footloose.briefing.documents.run_numbers import RunNumbers

    told = [found.confidence for found in RunStory(RunNumbers(ensemble_run), Voice("en")).findings()]
    assert any(re.match(r"Robust: the sign holds in 5 of 5 members", text) for text in told)
    rest = [text for text in told if text.startswith("Not robust")]
    assert rest
    assert all("of 5 members" in text for text in rest)
    assert any(key in text for text in rest for key in KEYS), "named from the draws that the run keeps"


def test_the_basis_names_the_ensemble_and_its_size(chinese: tuple[Document, dict[str, list[str]]]) -> None:
    assert "参数集合draws.csv的5个参数组合，各重复2次" in chinese[0].parts[0].basis


def test_members_of_a_comparison_are_moved_as_its_intervals_are() -> None:
    """Draws run in replicate 0 alone, which lies 3 above the mean of the central ones: each member is 3 lower."""
    central = [{"draw": -1, "replicate": r, "value": value} for r, value in enumerate((4.0, 1.0, -2.0))]
    drawn = [{"draw": draw, "replicate": 0, "value": float(draw)} for draw in range(6)]
    sample = sample_of(pd.DataFrame(central + drawn), None)
    np.testing.assert_allclose(np.sort(sample.values), np.arange(6.0) - 3.0)
    assert sample.holding() == 3


def test_every_assumption_has_name_vintage_and_source_in_both_languages(ensemble_run: RunFolder) -> None:
    """What is missing is listed: lines of parameters.csv, and of sources.csv, whose `en` is what the code says."""
    missing = []
    for number in parameters_in_use(ensemble_run.scenario):
        english, chinese_row = (number.row(Voice(language)) for language in ("en", "zh"))
        if english[0] == number.key or english[0] == chinese_row[0]:
            missing.append(f"parameters.csv: parameter.{number.key}")
        if english[5] == chinese_row[5]:
            missing.append(f"sources.csv: source.{number.key},{number.source}")
        assert re.fullmatch(r"(19|20)\d\d(-\d\d)?", number.vintage)
    assert missing == []


def test_the_card_is_counted_from_what_is_shipped(chinese: tuple[Document, dict[str, list[str]]]) -> None:
    card = shipped_card()
    assert card is not None
    unseen = [row for row in card.rows if row["use"] == "held_out" and row["verdict"] != "unknown"]
    section = next(section for section in chinese[0].sections if section.key == "card")
    groups, targets = section.grids[:2]
    assert len(targets.rows) == len(unseen)
    assert [row[0] for row in targets.rows] == [card.label(row["id"], "zh") for row in unseen]
    met = sum(row["verdict"] == "pass" for row in unseen)
    assert (
        f"校准从未使用的{len([r for r in card.rows if r['use'] == 'held_out'])}项目标中，{met}项在容差之内"
        in "".join(section.paragraphs)
    )
    assert len(groups.rows) == len({row["group"] for row in card.rows if row["use"] in ("fitted", "held_out")})
