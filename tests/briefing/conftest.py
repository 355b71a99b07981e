"""One small comparison and one small run, with a title that tries to do harm, briefed in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from footloose.brief_job import Request, brief, run
from footloose.briefing.documents import pictures
from footloose.briefing.documents.folders import RunFolder, read_folder
from footloose.comparison_job import Runs

NASTY = 'A "60 %" & <script>alert(1)</script> #typst $x$ *b* _i_ \\ {{ 7*7 }}\n= second line'
FORMATS, LANGUAGES = ("html", "docx", "pdf", "pptx"), ("en", "zh")
SIZE = Runs(firms=500, replicates=5, years=(2010, 2015), workers=1, ensemble=None)


@pytest.fixture(scope="session")
def scenario_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenarios")
    file = folder / "sixty.yaml"
    title = NASTY.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    file.write_text(
        f'extends: baseline\ntitle: {{en: "{title}", zh: "{title}"}}\n'
        f'question: {{en: "What <b>then</b>?", zh: "之后<b>如何</b>？"}}\n'
        "evidence: A made-up tariff for a test.\n"
        "policies:\n  sixty:\n    kind: tariff\n    market: united_states\n    sites: china\n    rate: 60\n"
        "    from: 2012-01-01\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="session")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="session")
def compared(scenario_file: Path, patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the briefing of the scenario against the baseline, which the command ran itself."""
    folder = tmp_path_factory.mktemp("briefings") / "compared"
    patch.setattr(pictures, "DPI", 40)
    patch.setattr(pictures, "STAGES", ())
    brief(Request((str(scenario_file),), "baseline", FORMATS, LANGUAGES, SIZE), folder, overwrite=False)
    return folder


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Return a run of the baseline, as the command makes it of a scenario."""
    folder = read_folder(run("baseline", tmp_path_factory.mktemp("runs"), SIZE))
    assert isinstance(folder, RunFolder)
    return folder


@pytest.fixture(scope="session")
def pages(compared: Path) -> Mapping[str, str]:
    return {language: (compared / f"briefing_{language}.html").read_text(encoding="utf-8") for language in LANGUAGES}
