"""A briefing out of finished folders: findings, what was assumed, what cannot be said, how to make it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from footloose.briefing.documents.assumptions import appendix, assumptions
from footloose.briefing.documents.card_excerpt import card_section
from footloose.briefing.documents.comparison_findings import ComparisonStory
from footloose.briefing.documents.comparison_numbers import ComparisonNumbers
from footloose.briefing.documents.document import Document, Finding, Grid, Part, Picture, Section
from footloose.briefing.documents.folders import ComparisonFolder, Folder, RunFolder, SweepFolder
from footloose.briefing.documents.pictures import Artist, comparison_pictures, run_pictures
from footloose.briefing.documents.run_findings import RunStory
from footloose.briefing.documents.run_numbers import RunNumbers
from footloose.briefing.documents.sweep_part import sweep_part
from footloose.briefing.documents.wording import Voice
from footloose.briefing.documents.worlds_apart import differences

SHORT = 4
"""Findings told in short."""
WORDS = (
    "briefing",
    "short",
    "question",
    "findings",
    "differs",
    "tables",
    "figures",
    "sure",
    "contents",
    "skip",
    "page",
)
LIMITS = ("welfare", "equilibrium", "firms", "births", "parts", "governments", "time", "regions")
READ = ("interval", "robust", "twins", "money")


def compose(folders: Sequence[Folder], language: str, drawn: Path, command: str) -> Document:
    """Return the briefing of some folders in one language; its figures are drawn into `drawn`.

    command : what to type to get it again
    raises  : OutputError for tables that are missing or damaged
    """
    voice = Voice(language)
    parts = [part for place, folder in enumerate(folders) for part in parts_of(folder, voice, drawn / str(place))]
    first = folders[0]
    scenario = asked_scenario(first)
    evidence = dict(manifest_of(first).get("evidence") or {})
    compared = any(isinstance(folder, ComparisonFolder) for folder in folders)
    sections = [
        Section(
            "read",
            voice.say("doc.read"),
            points=tuple(voice.say(f"doc.read.{key}") for key in READ if key != "twins" or compared),
        ),
        assumptions(scenario, evidence, voice),
        Section("limits", voice.say("doc.limits"), points=tuple(voice.say(f"limits.{key}") for key in LIMITS)),
        card_section(first, voice),
        again(folders, voice, command),
        appendix(scenario, voice),
    ]
    made = voice.say("doc.made", version=manifest_of(first).get("version", ""), vintage=voice.say("doc.vintage"))
    words = {key: voice.say(f"doc.{key}") for key in WORDS}
    words |= {"space": voice.joined(["", ""]), "colon": voice.say("doc.colon", text="")}
    title = parts[0].title if len(parts) == 1 else voice.listed([part.title for part in parts])
    return Document(
        language, title, made, tuple(in_short(parts, voice)), voice.say("doc.caution"), tuple(numbered(parts, voice)),
        tuple(sections), words,
    )  # fmt: skip


def manifest_of(folder: Folder) -> dict[str, Any]:
    """Return the manifest of a folder."""
    return folder.answer if isinstance(folder, ComparisonFolder) else folder.manifest


def asked_scenario(folder: Folder) -> dict[str, Any]:
    """Return the resolved scenario that is asked about: of a comparison the (first) other world."""
    if isinstance(folder, ComparisonFolder):
        return dict(folder.answer["others"][0]["resolved_scenario"])
    return dict(folder.manifest["scenario"] if isinstance(folder, SweepFolder) else folder.scenario)


def in_language(words: Any, language: str, otherwise: str = "") -> str:
    """Return a title or question of a scenario on one line, in English where it is not given in the language."""
    known = dict(words or {})
    return " ".join(str(known.get(language) or known.get("en") or known.get("zh") or otherwise).split())


def parts_of(folder: Folder, voice: Voice, drawn: Path) -> Iterator[Part]:
    """Yield the parts of a folder: one of a run or a sweep, one for every other world of a comparison."""
    if isinstance(folder, RunFolder):
        yield run_part(folder, voice, drawn)
    elif isinstance(folder, SweepFolder):
        part = sweep_part(folder, Artist(voice, drawn))
        yield replace(part, pictures=told(part.pictures, part.findings, voice))
    else:
        for place, world in enumerate(folder.answer["others"]):
            yield comparison_part(ComparisonNumbers(folder, world), voice, drawn / str(place))


def run_part(folder: RunFolder, voice: Voice, drawn: Path) -> Part:
    """Return what a run says."""
    numbers, scenario = RunNumbers(folder), folder.scenario
    story = RunStory(numbers, voice)
    title = in_language(scenario.get("title"), voice.language, str(scenario.get("name")))
    findings = tuple(begun_large(finding) for finding in story.findings())
    pictures = tuple(run_pictures(folder, Artist(voice, drawn), story.market))
    basis = basis_of(folder.manifest, int(folder.manifest["replicates"]), voice, key="each")
    question = in_language(scenario.get("question"), voice.language)
    return Part(title, question, basis, (), findings, (), told(pictures, findings, voice))


def comparison_part(numbers: ComparisonNumbers, voice: Voice, drawn: Path) -> Part:
    """Return what one other world of a comparison says."""
    base, other = numbers.folder.scenario, dict(numbers.world["resolved_scenario"])
    names = [in_language(one.get("title"), voice.language, str(one.get("name"))) for one in (base, other)]
    story = ComparisonStory(numbers, voice)
    findings = tuple(begun_large(finding) for finding in story.findings())
    pictures = tuple(comparison_pictures(numbers, Artist(voice, drawn), (names[0], names[1])))
    basis = basis_of(numbers.folder.answer, numbers.replicates, voice, key="both")
    question = in_language(other.get("question"), voice.language)
    grids = (outcome_grid(story),)
    differs = (voice.say("doc.versus", other=names[1], base=names[0]), *differences(base, other, voice))
    return Part(names[1], question, basis, differs, findings, grids, told(pictures, findings, voice))


def begun_large(finding: Finding) -> Finding:
    """Return a finding whose headline begins with a capital."""
    return replace(finding, headline=finding.headline[:1].upper() + finding.headline[1:])


def basis_of(manifest: Mapping[str, Any], replicates: int, voice: Voice, key: str) -> str:
    """Return on how many firms and members a part rests; key: how draws and replicates go together."""
    said = dict(manifest.get("ensemble") or {})
    key = "replicates" if not said else key if replicates > 1 else "ensemble"
    places: dict[str, object] = {"replicates": replicates, "draws": said.get("draws"), "file": said.get("file")}
    first, last = (int(year) for year in manifest["years"])
    firms, members = f"{int(manifest['firms']):,}", voice.say(f"doc.basis.{key}", **places)
    return voice.say("doc.basis.run", firms=firms, members=members, first=first, last=last)


def told(pictures: Sequence[Picture], findings: Sequence[Finding], voice: Voice) -> tuple[Picture, ...]:
    """Return the pictures with what they show in words: the headlines of the findings that rest on them."""
    stop = voice.say("doc.stop")
    return tuple(
        replace(
            picture,
            alt=voice.joined(
                [picture.alt, *(found.headline + stop for found in findings if found.figure == picture.name)]
            ),
        )
        for picture in pictures
    )


def outcome_grid(story: ComparisonStory) -> Grid:
    """Return every outcome in the last year: both levels, the difference with its interval, how sure its sign is."""
    voice, numbers, rows = story.voice, story.numbers, []
    last = numbers.years[-1]
    for outcome in numbers.outcomes:
        levels = numbers.levels(outcome, last)
        if levels is None:
            continue
        sample = numbers.sample(outcome, last)
        sure = voice.say("confidence.unknown") if sample is None else voice.confidence(sample)
        rows.append(
            (
                story.subject_words(outcome),
                story.written(outcome, levels.base, levels),
                story.written(outcome, levels.other, levels),
                story.difference(outcome, levels),
                sure,
            )
        )
    head = tuple(voice.say(f"head.{name}") for name in ("outcome", "base", "other", "difference", "sure"))
    return Grid(
        voice.say("grid.outcomes", last=last), head, tuple(rows), (1, 2, 3), voice.say("grid_note.outcomes"), last=2.2
    )


def in_short(parts: Sequence[Part], voice: Voice) -> Iterator[str]:
    """Yield the headlines worth reading first: of every part those that lead, or the first where none does."""
    each = max(1, SHORT // len(parts))
    for part in parts:
        leading = [finding for finding in part.findings if finding.lead] or list(part.findings)
        for finding in leading[:each]:
            text = finding.headline + voice.say("doc.stop")
            yield text if len(parts) == 1 else voice.say("doc.of_part", part=part.title, text=text)


def numbered(parts: Sequence[Part], voice: Voice) -> Iterator[Part]:
    """Yield the parts with figures and tables numbered through the document."""
    figures = tables = 0
    for part in parts:
        findings, pictures = [], []
        shown = [finding.figure for finding in part.findings]
        order = sorted(part.pictures, key=lambda each: shown.index(each.name) if each.name in shown else len(shown))
        for picture in order:
            figures += 1
            number = voice.say("doc.figure", number=figures)
            pictures.append(
                replace(picture, caption=voice.say("doc.captioned", number=number, caption=picture.caption))
            )
        for finding in part.findings:
            grid = finding.grid
            if grid is not None:
                tables += 1
                number = voice.say("doc.table", number=tables)
                grid = replace(grid, caption=voice.say("doc.captioned", number=number, caption=grid.caption))
            findings.append(replace(finding, grid=grid))
        yield replace(part, findings=tuple(findings), pictures=tuple(pictures))


def again(folders: Sequence[Folder], voice: Voice, command: str) -> Section:
    """Return how to make the briefing again: command, seeds, versions, digests."""
    rows: list[tuple[str, str]] = []
    for folder in folders:
        manifest = manifest_of(folder)
        if isinstance(folder, SweepFolder):
            rows += sweep_identity(folder, voice)
            continue
        if isinstance(folder, RunFolder):
            rows.append((voice.say("again.scenario", name=manifest["scenario"]), str(manifest["scenario_digest"])))
            rows.append((voice.say("again.replicates"), str(manifest["replicates"])))
        else:
            worlds = [manifest["base"], *manifest["others"]]
            rows += [(voice.say("again.scenario", name=world["label"]), str(world["digest"])) for world in worlds]
            rows.append((voice.say("again.replicates"), str(manifest["replication"]["replicates"])))
        rows += [
            (voice.say("again.seed"), str(manifest["seed"])),
            (voice.say("again.firms"), f"{int(manifest['firms']):,}"),
            (voice.say("again.version"), str(manifest["version"])),
            (voice.say("again.data"), str(manifest["data_digest"])),
            (
                voice.say("again.python"),
                ", ".join(str(manifest.get(name, "")) for name in ("python", "numpy", "numba")),
            ),
        ]
        ensemble = manifest.get("ensemble")
        if ensemble:
            text = voice.say("again.ensemble.value", file=ensemble["file"], draws=ensemble["draws"])
            rows.append((voice.say("again.ensemble"), text))
    head = (voice.say("head.item"), voice.say("head.value"))
    grid = Grid(voice.say("grid.again"), head, tuple(dict.fromkeys(rows)), last=2.6)
    return Section("again", voice.say("doc.again"), (voice.say("doc.again.lead"),), grids=(grid,), code=(command,))


def sweep_identity(folder: SweepFolder, voice: Voice) -> list[tuple[str, str]]:
    """Return what a sweep is told by: name, scenario, seed, sizes, versions, digests of engine and of the runs."""
    manifest, file = folder.manifest, folder.file
    return [
        (voice.say("again.sweep"), file.name),
        (voice.say("again.scenario", name=file.base.name), file.base.digest()),
        (voice.say("again.points"), f"{folder.runs['point'].nunique():,}"),
        (voice.say("again.replicates"), str(file.sweep.replicates)),
        (voice.say("again.seed"), str(file.base.seed)),
        (voice.say("again.firms"), f"{file.base.firms:,}"),
        (voice.say("again.version"), str(manifest["version"])),
        (voice.say("again.data"), str(manifest["data_digest"])),
        (voice.say("again.python"), ", ".join(str(manifest.get(name, "")) for name in ("python", "numpy", "numba"))),
        (voice.say("again.engine"), str(manifest.get("engine", ""))),
        (voice.say("again.runs"), str(dict(manifest.get("files") or {}).get("runs.parquet", ""))),
    ]
