"""A briefing as the command line does it: runs what is not there yet, draws and writes every document, whole or not."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from footloose.comparison_job import Place, Runs, Wish
from footloose.comparison_job import compare as compare_worlds
from footloose.ensemble import DRAW_REPLICATES, SHIPPED, shipped_ensemble
from footloose.errors import FootlooseError, OutputError, UnknownName
from footloose.output import whole_folder
from footloose.scenario import load
from footloose.scenario.values import scenario_of
from footloose.version import versions

if TYPE_CHECKING:
    from footloose.briefing.documents.document import Document
    from footloose.briefing.documents.folders import Folder

BRIEFING = "briefing.json"
"""Name of the file that says a folder holds a finished briefing."""
EXTRA = "footloose[report]"
NEEDED = {
    "html": ("jinja2", "fontTools"), "docx": ("docx",), "pdf": ("typst",), "pptx": ("pptx",),
}  # fmt: skip
"""Modules of the extra that a format needs."""
LANGUAGES = ("en", "zh")
SAME = ("version", "data_digest")
"""What decides whether a figure that needs the model can be made of a folder."""
RUN_REPLICATES = 5
MEMBERS = 20
"""Draws of the shipped ensemble when nothing is said: nine tenths of them are eighteen, and two minutes are enough."""


@dataclass(frozen=True)
class Request:
    """What is asked for on the command line.

    targets : finished folders, or scenarios
    against : the world to compare scenarios with; None for runs by themselves
    command : how it was asked, for the page on how to reproduce
    """

    targets: tuple[str, ...]
    against: str | None
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    runs: Runs = field(default_factory=Runs)
    command: str = ""


def brief(request: Request, folder: Path, overwrite: bool) -> str:
    """Make a briefing and return what was written.

    raises: FootlooseError for anything the user can put right; nothing is written then
    """
    check_request(request)
    with whole_folder(folder, overwrite, check_folder) as scratch:
        sources = gather(request, scratch)
        texts = write_documents(request, sources, scratch)
        manifest = {
            "targets": list(request.targets), "against": request.against, "command": request.command,
            "files": {file.name: digest(file) for file in texts}, **versions(),
        }  # fmt: skip
        written = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (scratch / BRIEFING).write_text(written, encoding="utf-8")
    return "\n".join(f"{file.suffix[1:]:<5} {folder / file.name}" for file in texts)


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder with something in it that is not to be replaced.

    raises: OutputError
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder with --out")
    entries = {entry.name for entry in folder.iterdir()}
    if BRIEFING in entries and not overwrite:
        raise OutputError(f"{folder} holds a finished briefing; choose another folder or add --overwrite")
    if entries and BRIEFING not in entries:
        raise OutputError(
            f"{folder} is not empty and holds no {BRIEFING}: it is something else. "
            "footloose does not delete what it has not made; remove it or choose another folder"
        )


def check_request(request: Request) -> None:
    """Refuse what cannot be done before anything is run.

    raises: UnknownName, FootlooseError, OutputError, ScenarioError
    """
    from footloose.briefing.documents.folders import read_folder

    for kind, given, known in (("format", request.formats, tuple(NEEDED)), ("language", request.languages, LANGUAGES)):
        for name in given:
            if name not in known:
                raise UnknownName(kind, name, known)
        if not given:
            raise FootlooseError(f"no {kind} is given; allowed: {', '.join(known)}")
    check_installed(request.formats)
    for target in request.targets:
        if Path(target).is_dir() and request.against is None:
            read_folder(Path(target))
        elif not Path(target).is_dir():
            load(target)
    if request.against is not None and not Path(request.against).is_dir():
        load(request.against)


def check_installed(formats: Sequence[str]) -> None:
    """Refuse formats whose libraries are not installed.

    raises: FootlooseError with the command that installs them
    """
    missing = {name: form for form in formats for name in NEEDED[form] if importlib.util.find_spec(name) is None}
    if missing:
        listed = ", ".join(f"{name} (for {form})" for name, form in missing.items())
        raise FootlooseError(f"not installed: {listed}; python -m pip install '{EXTRA}' brings what briefings need")


def gather(request: Request, scratch: Path) -> list[Folder]:
    """Return the folders the briefing is made of; scenarios are run, or compared, into `results` first."""
    from footloose.briefing.documents.folders import read_folder

    results = scratch / "results"
    if request.against is not None:
        place = Place(results / "comparison", figures=False)
        compare_worlds(request.against, request.targets, Wish(), with_ensemble(request.runs), place)
        return [read_folder(place.folder)]
    found = []
    for target in request.targets:
        folder = Path(target) if Path(target).is_dir() else run(target, results, request.runs)
        found.append(with_cost_stack(read_folder(folder)))
    return found


def with_cost_stack(folder: Folder) -> Folder:
    """Return a run with the cost stack of its typical firm, where it was made by this version from the same data."""
    from footloose.briefing.documents.folders import RunFolder
    from footloose.job import stack_rows

    made = versions()
    if not isinstance(folder, RunFolder) or any(folder.manifest.get(key) != made[key] for key in SAME):
        return folder
    scenario = scenario_of(folder.scenario, str(folder.path))
    return replace(folder, cost_stack=stack_rows(scenario, folder.manifest, int(folder.manifest["years"][1])))


def run(target: str, results: Path, runs: Runs) -> Path:
    """Simulate a scenario into a folder of its own and return it."""
    scenario = load(target, overrides=list(runs.settings))
    folder, asked = results / scenario.name, with_ensemble(runs)
    if asked.ensemble is not None:
        from footloose.ensemble_job import carry_out_ensemble

        carry_out_ensemble(
            scenario, folder, asked.ensemble, overwrite=False, figures=False, members=asked.members,
            workers=asked.workers, firms=asked.firms, replicates=asked.replicates or DRAW_REPLICATES, seed=asked.seed,
            years=asked.years,
        )  # fmt: skip
        return folder
    from footloose.job import carry_out

    carry_out(
        scenario, folder, overwrite=False, figures=False, firms=asked.firms, seed=asked.seed, years=asked.years,
        replicates=asked.replicates or max(scenario.replicates, RUN_REPLICATES),
    )  # fmt: skip
    return folder


def with_ensemble(runs: Runs) -> Runs:
    """Return how much is run; where nothing is said, with the shipped ensemble if this version has one."""
    if runs.ensemble != SHIPPED:
        return runs
    if shipped_ensemble() is None:
        return replace(runs, ensemble=None, members=None)
    return replace(runs, members=runs.members or MEMBERS)


def write_documents(request: Request, sources: Sequence[Folder], scratch: Path) -> list[Path]:
    """Write every format in every language and return the files."""
    from footloose.briefing.documents.composing import compose

    command = request.command or shlex.join(["footloose", "brief", *request.targets])
    files = []
    with Steps("documents", len(request.languages) * (1 + len(request.formats))) as step:
        for language in request.languages:
            document = compose(sources, language, scratch / "figures", command)
            step()
            for form in request.formats:
                file = scratch / f"briefing_{language}.{form}"
                writer_of(form)(document, file)
                files.append(file)
                step()
    return files


def writer_of(form: str) -> Callable[[Document, Path], None]:
    """Return what writes a format; its libraries are imported only then."""
    if form == "html":
        from footloose.briefing.documents.web import write_html

        return write_html
    if form == "docx":
        from footloose.briefing.documents.word import write_docx

        return write_docx
    if form == "pptx":
        from footloose.briefing.documents.slides import write_pptx

        return write_pptx
    from footloose.briefing.documents.typeset import write_pdf

    return write_pdf


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Steps:
    """Shows on standard error how many documents are done."""

    def __init__(self, what: str, total: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.what, self.total = what, total

    def __enter__(self) -> Steps:
        self.bar.start()
        self.task = self.bar.add_task(self.what, total=self.total)
        return self

    def __call__(self) -> None:
        """Count one more."""
        self.bar.advance(self.task)

    def __exit__(self, *problem: object) -> None:
        self.bar.stop()
