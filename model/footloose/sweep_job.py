"""One sweep as the command line does it: runs, tables, analysis, figures, and what came out in words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from footloose.experiments.sweep.export import export, findings_file, whole_text
from footloose.experiments.sweep.keys import digest_of
from footloose.experiments.sweep.progress import duration
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.results import RUNS, file_digest, read_manifest
from footloose.experiments.sweep.store import Store
from footloose.experiments.sweep.sweeping import Summary, run_sweep

if TYPE_CHECKING:
    import pandas as pd

ANALYSED = "analysed.txt"
"""Says of which results the analysis is."""


def carry_out_sweep(
    file: SweepFile,
    folder: Path,
    *,
    jobs: int,
    cluster: str | None,
    retry: bool,
    figures: bool,
    say: Callable[[str], None],
    language: str = "en",
) -> str:
    """Run what is missing, export, analyse, draw; return what to print.

    raises: FootlooseError for anything the user can put right
    """
    try:
        summary = run_sweep(file, folder, jobs=jobs, cluster=cluster, retry=retry, say=say)
    except KeyboardInterrupt:
        export_what_is_there(file, folder)
        raise
    with Store(folder, write=False) as store:
        written = export(file, store, folder, say)
    analysed = summary.runs > summary.failed and analyse_once(file, folder, figures, language, say)
    lines = [in_words(summary), *failures(folder, summary.failed)]
    if written:
        lines.append(f"results   {folder / RUNS}")
    findings = findings_in(folder, language)
    if analysed or findings:
        lines += ["", findings]
    return "\n".join(lines)


def export_what_is_there(file: SweepFile, folder: Path) -> None:
    """Export the runs an interrupted sweep has, so that `footloose results` can look at them."""
    from footloose.errors import FootlooseError

    with contextlib.suppress(FootlooseError), Store(folder, write=False) as store:
        export(file, store, folder)


def in_words(summary: Summary) -> str:
    """Return what was done."""
    text = f"{summary.runs:,} runs, {summary.done_now:,} of them now"
    if summary.done_now:
        text += f" in {duration(summary.seconds)} ({summary.done_now / max(summary.seconds, 1e-9):.1f} a second)"
    return text + (f"; {summary.failed:,} failed" if summary.failed else "")


def failures(folder: Path, count: int, shown: int = 5) -> list[str]:
    """Return the first failures with their causes; --retry runs them again."""
    if not count:
        return []
    from footloose.experiments.sweep.results import read_runs

    table = read_runs(folder)
    failed = table[table["state"] == "failed"].head(shown)
    lines = [
        f"  run {row.run} (point {row.point}, replicate {row.replicate}): {row.cause}"
        for row in failed.itertuples(index=False)
    ]
    return [*lines, "  --retry runs failed ones again"]


def analyse_once(
    file: SweepFile, folder: Path, figures: bool, language: str = "en", tell: Callable[[str], None] | None = None
) -> bool:
    """Analyse the results unless that has been done of the same results, goals and words; return whether it was now.

    tell : takes a line of text about what of an earlier analysis was missing or damaged
    """
    manifest = read_manifest(folder)
    told = digest_of([manifest.get("state"), manifest.get("sweep"), manifest.get("version")])
    state = f"{told} figures {language}" if figures else f"{told} without figures"
    mark = folder / ANALYSED
    done, listed = read_mark(mark)
    if done == state or (not figures and done.startswith(told)):
        lost = [name for name, digest in listed.items() if file_digest(folder / name) != digest]
        if listed and not lost:
            return False
        if lost and tell is not None:
            tell(f"{folder}: missing or damaged, made again: {', '.join(lost)}")
        if done != state:  # figures are there that were not asked for now
            state, figures, language = done, True, done.split()[-1]
    from footloose.sweep_report import files_of, write_report

    write_report(file, folder, figures, language)
    lines = [f"{file_digest(path)} {path.relative_to(folder).as_posix()}" for path in files_of(folder)]
    whole_text(mark, "\n".join([state, *lines]) + "\n")
    return True


def read_mark(mark: Path) -> tuple[str, dict[str, str]]:
    """Return of which results an analysis is, and the digest of each of its files; nothing where there is no mark."""
    lines = mark.read_text(encoding="utf-8", errors="replace").splitlines() if mark.is_file() else []
    files = (line.partition(" ") for line in lines[1:])
    return (lines or [""])[0], {name: digest for digest, _, name in files}


def findings_in(folder: Path, language: str) -> str:
    """Return what was found, in a language; nothing where there are no findings."""
    path = folder / findings_file(language)
    return path.read_text(encoding="utf-8").rstrip() if path.is_file() else ""


def answer(folder: Path, sql: str | None, form: str, language: str = "en") -> str:
    """Return the answer to a question in SQL, or what a finished sweep found.

    form: table, csv or json
    """
    from footloose.experiments.sweep.results import query, read_runs

    if sql is None:
        table = read_runs(folder)
        text = (
            f"{len(table):,} runs: {', '.join(f'{n:,} {state}' for state, n in table['state'].value_counts().items())}"
        )
        findings = findings_in(folder, language)
        return text + (f"\n\n{findings}" if findings else "")
    return in_form(query(folder, sql), form)


def in_form(table: pd.DataFrame, form: str) -> str:
    """Return a table as text, CSV or JSON."""
    if form == "csv":
        return str(table.to_csv(index=False)).rstrip()
    if form == "json":
        return str(table.to_json(orient="records", force_ascii=False))
    return str(table.to_string(index=False, max_rows=100))
