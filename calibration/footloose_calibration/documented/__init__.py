"""The mechanisms that the source documents describe, and where the model has them: tables and the page made of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path

REPRESENTED = ("yes", "partly", "no")

GROUPS = {
    "The onshoring pipeline": range(1, 20),
    "Nearshore, friend-shore and trade diversion": range(20, 38),
    "China: upgrading, regions, clusters": range(38, 56),
    "Foreign investment in China, technology and rules": range(56, 73),
    "Firm organisation, demand and the macro frame": range(73, 81),
}
"""Chapters of the page and the numbers in them."""


@dataclass(frozen=True)
class Documented:
    """One mechanism of the documents; every field as in the tables (documented/README.md)."""

    id: str
    title: str
    represented: str
    where: str
    scenario: str
    test: str
    figures: str
    evidence: str
    note: str

    @property
    def number(self) -> int:
        """The number after the M."""
        return int(self.id.removeprefix("M"))

    def references(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, name) of everything that represents it."""
        for reference in split(self.where):
            kind, _, name = reference.partition(":")
            yield kind, name


def split(text: str) -> list[str]:
    """Return the items of a cell, apart by semicolons."""
    return [item.strip() for item in text.split(";") if item.strip()]


def load_documented() -> tuple[Documented, ...]:
    """Return the rows of every family in the order of their numbers."""
    names = [field.name for field in fields(Documented)]
    rows = []
    for table in sorted(files(__package__).iterdir(), key=lambda path: path.name):
        if table.name.endswith(".csv"):
            lines = table.read_text(encoding="utf-8").splitlines()
            rows += [Documented(**{name: row[name] for name in names}) for row in csv.DictReader(lines)]
    return tuple(sorted(rows, key=lambda row: row.number))


def load_figures() -> dict[str, dict[str, str]]:
    """Return the figures of the documents by identifier; columns as in figures.csv."""
    lines = (files("footloose_calibration") / "figures.csv").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in csv.DictReader(lines)}


def mechanisms_page() -> str:
    """Return the page `docs/mechanisms.md`."""
    rows = load_documented()
    count = {word: sum(row.represented == word for row in rows) for word in REPRESENTED}
    lines = [
        "# The mechanisms of the source documents",
        "",
        "Made from the tables in `calibration/footloose_calibration/documented`; do not edit. The five documents "
        f"describe {len(rows)} mechanisms. Represented: {count['yes']}; partly: {count['partly']}; not: {count['no']}.",
        "",
        "*Evidence* is how well the effect is pinned: `firm`, measured more than once for what the model uses it for; "
        "`suggestive`, measured once, elsewhere or with wide ranges; `story`, told but not measured. A mechanism "
        "that is not part of the baseline is off until a scenario names it. *Figures* are identifiers in "
        "`calibration/footloose_calibration/figures.csv`.",
    ]
    for title, numbers in GROUPS.items():
        lines += ["", f"## {title}"]
        for row in rows:
            if row.number in numbers:
                lines += ["", *_entry(row)]
    return "\n".join(lines) + "\n"


def _entry(row: Documented) -> list[str]:
    """Return one mechanism as a heading, a sentence and a list."""
    word = {"yes": "", "partly": " (partly)", "no": " (not represented)"}[row.represented]
    lines = [f"### {row.id} {row.title}{word}", "", row.note]
    cells = (
        ("where", ", ".join(f"{kind} `{name}`" for kind, name in row.references())),
        ("shown by", ", ".join(_scenario(name) for name in split(row.scenario))),
        ("direction tested by", ", ".join(f"`{name}`" for name in split(row.test))),
        ("figures", ", ".join(f"`{name}`" for name in row.figures.split())),
        ("evidence", row.evidence),
    )
    shown = [f"- {name}: {text}" for name, text in cells if text]
    return [*lines, "", *shown] if shown else lines


def _scenario(name: str) -> str:
    return f"[{name}](../scenarios/{name}.yaml)"


def write_page(folder: Path) -> Path:
    """Write the page into a folder; return the file."""
    path = folder / "mechanisms.md"
    path.write_text(mechanisms_page(), encoding="utf-8")
    return path
