"""The card that is shipped belongs to the tables of today: hashes, verdicts, page, and a run made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from footloose_calibration.calibration_job import shipped_problem
from footloose_calibration.card.foundations import changed
from footloose_calibration.card.page import page_text
from footloose_calibration.card.tables import Card, load_card, targets_on_card
from footloose_calibration.card.verdicts import verdict
from footloose_calibration.card_job import home, read_shipped
from footloose_calibration.conformance import EXPERIMENTS
from footloose_calibration.conformance.findings import judge
from footloose_calibration.fitting.measuring import MeasureTask
from footloose_calibration.fitting.problem import MEASURED

AGAIN = "the report card is stale; make it again: footloose card --out runs/calibration --install"


@pytest.fixture(scope="module")
def card() -> Card:
    return load_card()


def test_it_rests_on_the_tables_of_today(card: Card) -> None:
    assert changed(card.said) == [], AGAIN


def test_every_target_is_on_it(card: Card) -> None:
    due = [(target.id, target.use, target.group) for target in targets_on_card() if target.use in MEASURED]
    assert [(row.id, row.use, row.group) for row in card.rows] == due, AGAIN


def test_verdicts_follow_from_the_members(card: Card) -> None:
    targets = {target.id: target for target in targets_on_card()}
    for k, row in enumerate(card.rows):
        values = np.array([member[k] for member in card.values])
        known = values[np.isfinite(values)]
        if known.size:
            due = np.quantile(known, (0.05, 0.5, 0.95))
            np.testing.assert_allclose((row.q05, row.median, row.q95), due, rtol=1e-4, atol=1e-9, err_msg=row.id)
        assert row.verdict == verdict(targets[row.id], row.median, row.q05, row.q95), row.id
        assert row.wrong_sign == targets[row.id].sign_is_wrong(row.median)


def test_findings_follow_from_their_numbers() -> None:
    _, found = read_shipped(home())
    published = {(one.name, number.key): number for one in EXPERIMENTS for number in one.published}
    assert [(one.finding.experiment, one.finding.key) for one in found] == list(published), AGAIN
    for one in found:
        row = one.finding
        due = judge(published[row.experiment, row.key], row.model, row.error)
        assert (row.verdict, row.wrong_sign) == due, (row.experiment, row.key)


def test_the_page_is_made_of_it(checkout: Path) -> None:
    card, found = read_shipped(home())
    folder = checkout / "calibration"
    names = sorted(path.name for path in (folder / "figures").glob("report_card_*.png"))
    assert names, AGAIN
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text == page_text(card, targets_on_card(), found, names), "write the page again: footloose card --page"


def test_a_run_made_again_is_the_same(card: Card) -> None:
    """The first replicate of the first member."""
    said = card.said
    problem = shipped_problem(quick=False, seed=said["seed"], misses=0.1, firms=said["firms"])
    assert said["first_run"]["replicate"] == 0
    wanted = tuple((target.id, target.quantity) for target in problem.targets)
    task = MeasureTask(problem.scenario, problem.measure, wanted, problem.twins)
    found, _ = task.runner(said["first_run"]["values"]).live(0)
    values, kept = dict(zip(problem.names, found.tolist(), strict=True)), said["first_run"]["measures"]
    assert len(kept) > 100
    for name, value in kept.items():
        assert values[name] == pytest.approx(value, rel=1e-3, abs=1e-6), f"{name}: {AGAIN}"
