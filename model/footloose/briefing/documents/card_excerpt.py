"""How far the model meets what was observed: an excerpt of the report card, and the result itself against customs."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from footloose.briefing.compare_marks import short
from footloose.briefing.compare_text import amount, unit_name
from footloose.briefing.documents.amounts import style_of
from footloose.briefing.documents.document import Grid, Section
from footloose.briefing.documents.folders import Folder, RunFolder, SweepFolder
from footloose.briefing.documents.wording import Voice
from footloose.briefing.report_card import MARKS, USES, short_unit
from footloose.briefing.text import Words
from footloose.ensemble import ROOM
from footloose.history import load_observed

YEARS = (2013, 2017)
OBSERVED = "goods_import_share"
"""Observed variable of the result's own table: imports of the modelled goods sectors, known for these years."""
MARKET = "united_states"
FAIL, PASS = "fail", "pass"
Row = Mapping[str, str]


@dataclass(frozen=True)
class ShippedCard:
    """The report card that comes with footloose: rows of its table, names of targets and groups, what made it.

    observed : by target, value and unit as in the document
    """

    rows: tuple[Row, ...]
    labels: Mapping[str, Row]
    observed: Mapping[str, Row]
    said: Mapping[str, Any]

    def label(self, name: str, language: str) -> str:
        """Return the short name of a target or a group."""
        return self.labels.get(name, {}).get(language, name.replace("_", " "))


def shipped_card() -> ShippedCard | None:
    """Return the card that comes with footloose; None where this installation has none."""
    try:
        room = resources.files(ROOM)
    except ModuleNotFoundError:
        return None
    names = ("card.csv", "card/labels.csv", "targets.csv", "card.json")
    files = [room.joinpath(name) for name in names]
    if not all(file.is_file() for file in files):
        return None
    rows, labels, targets = (tuple(csv.DictReader(file.read_text("utf-8").splitlines())) for file in files[:3])
    by_name = [{row["id"]: row for row in table} for table in (labels, targets)]
    return ShippedCard(rows, by_name[0], by_name[1], json.loads(files[3].read_text("utf-8")))


def card_section(folder: Folder, voice: Voice) -> Section:
    """Return the section: the card's counts by group, every target the fit never saw, and the result's own imports."""
    card, own = shipped_card(), own_grid(folder, voice)
    paragraphs, grids = [voice.say("doc.card.absent")], []
    if card is not None:
        paragraphs, grids = [*in_words(card, voice)], [group_grid(card, voice), unseen_grid(card, voice)]
    paragraphs.append(voice.say("doc.card.lead", the_market=voice.the(MARKET)) if own else voice.say("doc.card.none"))
    return Section("card", voice.say("doc.card"), tuple(paragraphs), grids=(*grids, *([own] if own else [])))


def in_words(card: ShippedCard, voice: Voice) -> list[str]:
    """Return how many targets are met, which are not, and where even the direction is wrong."""
    said, counted = card.said, [row for row in card.rows if row["use"] in USES]
    kind = "parameters" if dict(said.get("ensemble") or {}).get("draws") else "chance"
    told = [
        voice.say(
            "doc.card.made", date=said["date"], version=said["version"], firms=f"{int(said['firms']):,}",
            members=voice.say(f"doc.card.members.{kind}", count=said["members"]),
        )
    ]  # fmt: skip
    for use in USES:
        rows = [row for row in counted if row["use"] == use]
        missed = [card.label(row["id"], voice.language) for row in rows if row["verdict"] == FAIL]
        told.append(
            voice.say(
                f"doc.card.{use}", count=len(rows), met=tally(rows, PASS), tension=tally(rows, "tension"),
                missed=voice.say("separator.sources").join(missed) or voice.say("doc.card.nothing"),
            )
        )  # fmt: skip
    wrong = [card.label(row["id"], voice.language) for row in counted if row["wrong_sign"] == "1"]
    told += [voice.say("doc.card.wrong", list=voice.say("separator.sources").join(wrong))] if wrong else []
    return told


def tally(rows: Sequence[Row], verdict: str) -> int:
    """Return how many rows have a verdict."""
    return sum(row["verdict"] == verdict for row in rows)


def group_grid(card: ShippedCard, voice: Voice) -> Grid:
    """Return how many targets of every group are met, of those the fit could heed and of those it never saw."""
    groups = dict.fromkeys(row["group"] for row in card.rows if row["use"] in USES)
    rows = []
    for group in groups:
        cells = []
        for use in USES:
            found = [row for row in card.rows if (row["group"], row["use"]) == (group, use)]
            met = voice.say("card.of", met=tally(found, PASS), count=len(found))
            cells += [met if found else "–", str(tally(found, "tension")), str(tally(found, FAIL))]
        rows.append((card.label(group, voice.language), *cells))
    heads = [voice.say(f"head.card.{use}") for use in USES]
    words = [voice.say(f"report_card.{verdict}") for verdict in ("tension", FAIL)]
    head = (voice.say("head.group"), heads[0], *words, heads[1], *words)
    return Grid(voice.say("grid.card.groups"), head, tuple(rows), tuple(range(1, 7)), voice.say("grid_note.card"))


def unseen_grid(card: ShippedCard, voice: Voice) -> Grid:
    """Return every target that the fit never saw: observed, the model's median and 90 % range, the verdict."""
    words, rows = Words(voice.language), []
    for row in card.rows:
        if row["use"] != USES[1] or row["verdict"] not in MARKS:
            continue
        target = card.observed.get(row["id"])
        unit = unit_name(words, short_unit(target["unit"])) if target else ""
        seen = amount(words, short(float(target["value"]), words), unit) if target else "–"
        low, high = (short(float(row[end]), words) for end in ("q05", "q95"))
        model = voice.say("card.range", value=short(float(row["median"]), words), low=low, high=high)
        verdict = row["verdict"]
        told = f"{MARKS[verdict].sign} {voice.say(f'report_card.{verdict}')}"
        rows.append((card.label(row["id"], voice.language), seen, model, told))
    head = tuple(voice.say(f"head.{name}") for name in ("target", "observed_value", "model_value", "verdict"))
    return Grid(voice.say("grid.card.unseen"), head, tuple(rows), (1, 2))


def own_grid(folder: Folder, voice: Voice) -> Grid | None:
    """Return the result's own shares of imports beside the observed ones; None where it has none."""
    simulated, seen = simulated_shares(folder), observed_shares()
    rows = []
    for country in dict.fromkeys(place for place, _ in seen):
        if any((country, year) not in found for found in (seen, simulated) for year in YEARS):
            continue
        cells = [f"{found[(country, year)]:.1f}" for year in YEARS for found in (seen, simulated)]
        changes = [found[(country, YEARS[1])] - found[(country, YEARS[0])] for found in (seen, simulated)]
        style = style_of("points", voice.language, changes)
        rows.append((voice.name(country), *cells, *(style.bare(change, signed=True) for change in changes)))
    if not rows:
        return None
    kinds = [voice.say("head.observed"), voice.say("head.simulated")]
    head = [voice.say("head.country")]
    head += [voice.say("head.of_year", year=year, kind=kind) for year in YEARS for kind in kinds]
    head += [voice.say("head.changed", kind=kind) for kind in kinds]
    return Grid(voice.say("grid.card"), tuple(head), tuple(rows), tuple(range(1, len(head))))


def simulated_shares(folder: Folder) -> dict[tuple[str, int], float]:
    """Return shares of imports by country and year; of a comparison those of the other world."""
    if isinstance(folder, SweepFolder):
        return {}
    if isinstance(folder, RunFolder):
        table, column = folder.table, "value"
    else:
        label = str(folder.answer["others"][0]["label"])
        table, column = folder.differences[folder.differences["scenario"] == label], "other"
    rows = table[
        (table["variable"] == "Imports|Import Share") & (table["market"] == MARKET) & (table["sector"] == "all")
    ]
    rows = rows[rows["year"].isin(YEARS) & rows["site"].astype(str).str.startswith("country:")]
    return {
        (str(site).partition(":")[2], int(str(year))): float(part[column].mean())
        for site, places in rows.groupby("site", observed=True)
        for year, part in places.groupby("year")
    }


def observed_shares() -> dict[tuple[str, int], float]:
    """Return observed shares of the imports of the modelled goods sectors by country and year."""
    rows = [row for row in load_observed() if row.variable == OBSERVED and row.market == MARKET and row.sector == ""]
    return {(row.site, row.year): row.value for row in rows}
