"""The report card as the command line makes it: members run and measured, experiments made, tables, figures, page."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from footloose.errors import FootlooseError, OutputError
from footloose.experiments.sweep.export import whole_text
from footloose.experiments.sweep.sweeping import refuse_strangers
from footloose_calibration.card.foundations import changed, digest_of_file, engine_version, foundations
from footloose_calibration.card.members import Measured, Member, members_of, run_members
from footloose_calibration.card.page import page_text, tally_of
from footloose_calibration.card.parameters import moves_with, parameter_rows, told_apart_badly
from footloose_calibration.card.pictures import draw
from footloose_calibration.card.tables import (
    CARD,
    CONFORMANCE,
    MEMBERS,
    SIDECAR,
    Card,
    card_text,
    load_card,
    members_text,
    rows_of,
    targets_on_card,
)
from footloose_calibration.card.verdicts import GOALS
from footloose_calibration.conformance.running import Found, conform, conformance_text, parse_conformance
from footloose_calibration.conformance.worlds import Frame
from footloose_calibration.fitting.ensemble import SIDECAR as ENSEMBLE_SIDECAR
from footloose_calibration.fitting.ensemble import today
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.fitting.tables import FIT

Say = Callable[[str], None]
PAGE, PICTURES, ROOM = "README.md", "figures", "card"
SHIPPED = (CARD, MEMBERS, SIDECAR, CONFORMANCE)
BANDS = {"parameters": "means of replicates whose draws all members share", "chance": "replicates of the baseline"}
FEWEST = 8
"""Replicates of the baseline where there is no ensemble."""
OF_FIT = ("runs", "tried", "passed", "unpinned", "tensions", "informed_by", "chain")
"""What of `fit.json` the card keeps."""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    members, replicates : of the ensemble, and runs of each; tested: members at which the experiments are made too
    firms, repeats      : programmes and replicates of the experiments
    """

    problem: Problem
    ensemble: Path | None
    members: int
    replicates: int
    firms: int
    repeats: int
    tested: int

    def __post_init__(self) -> None:
        for name, least in (("members", 1), ("replicates", 2), ("repeats", 2), ("tested", 0), ("firms", 1)):
            if getattr(self, name) < least:
                raise FootlooseError(f"{name}: {getattr(self, name)} given; at least {least} is needed")


def make_card(order: Order, folder: Path, *, workers: int, say: Say) -> str:
    """Make a report card in a folder, or go on with it; return what to print.

    raises: FootlooseError for anything the user can put right
    """
    refuse_strangers(folder)
    begun, problem = time.monotonic(), order.problem
    members = members_of(problem, order.ensemble, order.members)
    replicates = order.replicates if members[0].values else max(order.replicates, FEWEST)
    say(f"{len(members)} members x {replicates} replicates of {problem.sizes.firms:,} programmes, and the baseline")
    measured = run_members(problem, members, replicates, folder, workers, say)
    rows = rows_of(problem.targets, measured)
    frame = Frame({}, order.firms, problem.seed)
    chosen = some(members, order.tested) if members[0].values else []
    found = conform(frame, order.repeats, [one.values for one in chosen], folder / ROOM / "conformance", workers, say)
    said = sidecar(order, measured, replicates, len(chosen), folder)
    room = folder / ROOM
    texts = {
        CARD: card_text(rows),
        MEMBERS: members_text(problem.names, measured.members, measured.values.tolist()),
        CONFORMANCE: conformance_text(found),
        SIDECAR: json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
    }
    try:
        for name, text in texts.items():
            whole_text(room / name, text)
    except OSError as error:
        raise OutputError(f"{room} could not be written: {error.strerror or error}") from error
    write_page(room, room)
    say(f"made in {(time.monotonic() - begun) / 60.0:.1f} minutes")
    return in_words(load_card(room), found, room)


def some(members: Sequence[Member], count: int) -> list[Member]:
    """Return a few members, evenly over them."""
    places = np.unique(np.linspace(0, len(members) - 1, min(count, len(members))).round().astype(int))
    return [members[k] for k in places]


def sidecar(order: Order, measured: Measured, replicates: int, tested: int, folder: Path) -> dict[str, Any]:
    """Return `card.json`: what was run, what it rests on, what is said of the parameters."""
    problem = order.problem
    every = members_of(problem, order.ensemble, 10**9)
    draws = [one.values for one in every] if every[0].values else []
    run = [one.values for one in measured.members if one.values]
    names = problem.priors.names
    first = {
        name: float(f"{value:.10g}")
        for name, value in zip(problem.names, measured.first, strict=True)
        if np.isfinite(value)
    }
    return {
        "made_by": "footloose card",
        "date": today(),
        "version": engine_version()["version"],
        "scenario": problem.scenario.name,
        "members": len(measured.members),
        "replicates": replicates,
        "firms": problem.sizes.firms,
        "seed": problem.seed,
        "years": [problem.scenario.years.start, problem.scenario.years.until],
        "band": BANDS["parameters" if run else "chance"],
        "ensemble": ensemble_said(order.ensemble, len(draws)),
        "conformance": {"firms": order.firms, "replicates": order.repeats, "members": tested},
        "versions": engine_version(),
        "foundations": foundations() | {"ensemble": digest_of_file(order.ensemble)},
        "parameters": parameter_rows(problem.priors, draws),
        "told_apart_badly": told_apart_badly(problem.priors, draws),
        "moves_with": moves_with(names, run, problem.names, measured.values) if run else {},
        "fit": fit_said(folder, problem),
        "first_run": {"values": dict(run[0]) if run else {}, "replicate": problem.first, "measures": first},
    }  # fmt: skip


def ensemble_said(path: Path | None, draws: int) -> dict[str, Any]:
    """Return what the card keeps of the ensemble's own sidecar."""
    beside = path.with_name(ENSEMBLE_SIDECAR) if path is not None else None
    if beside is None or not beside.is_file():
        return {"draws": draws}
    said: Mapping[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
    kept = ("made_by", "date", "runs", "tried", "rule", "sha256")
    return {"draws": draws, **{name: said[name] for name in kept if name in said}}


def fit_said(folder: Path, problem: Problem) -> dict[str, Any]:
    """Return what the card keeps of a fit that was made in the folder to the same targets; nothing without one."""
    path = folder / FIT
    if not path.is_file():
        return {}
    said: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if said.get("digests", {}).get("targets") != problem.targets_digest():
        return {}
    return {name: said[name] for name in OF_FIT if name in said}


def write_page(tables: Path, out: Path, pictures: Path | None = None) -> None:
    """Write page and figures from the tables of a folder.

    pictures : folder of the figures, `figures` beside the page without one
    """
    card, found = read_shipped(tables)
    names = draw(card, targets_on_card(), pictures or out / PICTURES)
    whole_text(out / PAGE, page_text(card, targets_on_card(), found, names))


def read_shipped(folder: Path) -> tuple[Card, tuple[Found, ...]]:
    """Return card and findings of a folder.

    raises: DataError when they are not there or cannot be read
    """
    card = load_card(folder)
    return card, parse_conformance((folder / CONFORMANCE).read_text(encoding="utf-8"))


def home() -> Path:
    """Return the folder of the package."""
    return Path(str(files("footloose_calibration")))


def redraw() -> str:
    """Write the page of the checkout again from the tables in the package; return what to print.

    raises: FootlooseError outside a checkout, DataError without tables
    """
    page = page_folder()
    write_shipped_page(page)
    return f"written {page / PAGE}"


def page_folder() -> Path:
    """Return the folder of the page in the checkout.

    raises: FootlooseError where the package is installed without one
    """
    folder = home().parent
    if folder.name != "calibration":
        raise FootlooseError(f"{home()} is no checkout; the page belongs to the sources: give a folder with --out")
    return folder


def write_shipped_page(page: Path) -> None:
    """Write page and PNG figures of the package's tables into a folder, and take away figures that are no more."""
    card, found = read_shipped(home())
    draft = page / f".{PICTURES}"
    try:
        names = draw(card, targets_on_card(), draft)
        (page / PICTURES).mkdir(exist_ok=True)
        for old in (page / PICTURES).glob("report_card_*"):
            old.unlink()
        for name in names:
            (draft / name).replace(page / PICTURES / name)
    except OSError as error:
        raise OutputError(f"{page} could not be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    whole_text(page / PAGE, page_text(card, targets_on_card(), found, names))


def install_card(folder: Path) -> str:
    """Copy the tables of a card into the package, and write the page of the checkout; return what to print.

    raises: FootlooseError outside a checkout, or for a card of other tables than the package has now
    """
    page = page_folder()
    card, _ = read_shipped(folder / ROOM)
    apart = changed(card.said)
    if apart:
        raise FootlooseError(f"{folder / ROOM} rests on other {', '.join(apart)} than the package has; make it again")
    for name in SHIPPED:
        whole_text(home() / name, (folder / ROOM / name).read_text(encoding="utf-8"))
    write_shipped_page(page)
    return f"installed {', '.join(SHIPPED)} in {home()}; page {page / PAGE}"


def in_words(card: Card, found: Sequence[Found], room: Path) -> str:
    """Return what a card came to."""
    lines = []
    for use, goal in GOALS.items():
        counts = tally_of([row for row in card.rows if row.use == use])
        lines.append(
            f"{use:<11} {counts.passed} of {counts.count} within their bands ({counts.share:.0%}, goal {goal:.0%}), "
            f"{counts.tension} in tension, {counts.failed} fail, {counts.unknown} not computed, "
            f"{counts.wrong} wrong signs"
        )
    passed = sum(one.finding.verdict == "pass" for one in found)
    failed = [f"{one.finding.experiment}.{one.finding.key}" for one in found if one.finding.verdict == "fail"]
    lines.append(f"conformance {passed} of {len(found)} agree; fail: {', '.join(failed) or 'none'}")
    lines += [f"tension: {row['parameter']} at its {row['edge']} end" for row in card.said["parameters"] if row["edge"]]
    return "\n".join([*lines, f"tables      {room}"])
