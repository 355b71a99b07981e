"""Installing a card and the command that makes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from footloose.cli import app
from footloose.errors import FootlooseError
from footloose_calibration import card_job
from footloose_calibration.card.foundations import foundations
from footloose_calibration.conformance import running
from footloose_calibration.conformance.running import Task, answer
from footloose_calibration.conformance.worlds import Frame

SHIPPED = card_job.home()


@pytest.fixture
def checkout_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an empty package; figures are not drawn, only named."""
    package = tmp_path / "calibration" / "footloose_calibration"
    package.mkdir(parents=True)

    def named(_card: object, _targets: object, folder: Path) -> list[str]:
        folder.mkdir(parents=True)
        (folder / "report_card_en_1.png").write_bytes(b"drawn")
        return ["report_card_en_1.png"]

    monkeypatch.setattr(card_job, "home", lambda: package)
    monkeypatch.setattr(card_job, "draw", named)
    return package


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A folder in which a card was made: the shipped one, as if of today."""
    room = tmp_path / "out" / "card"
    room.mkdir(parents=True)
    for name in card_job.SHIPPED:
        (room / name).write_bytes((SHIPPED / name).read_bytes())
    said = json.loads((room / "card.json").read_text(encoding="utf-8")) | {"foundations": foundations()}
    (room / "card.json").write_text(json.dumps(said), encoding="utf-8")
    return room.parent


def test_installing_copies_tables_and_writes_the_page(checkout_of_its_own: Path, finished: Path) -> None:
    folder = checkout_of_its_own.parent
    (folder / "figures").mkdir()
    (folder / "figures" / "report_card_en_7.png").write_bytes(b"of an older card")
    card_job.install_card(finished)
    assert {path.name for path in checkout_of_its_own.iterdir()} == set(card_job.SHIPPED)
    assert [path.name for path in (folder / "figures").iterdir()] == ["report_card_en_1.png"]
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# The report card")
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "figures", "footloose_calibration"]


def test_a_card_of_other_tables_is_not_installed(checkout_of_its_own: Path, finished: Path) -> None:
    path = finished / "card" / "card.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["foundations"]["targets"] = "others"
    path.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(FootlooseError, match=r"rests on other targets.* make it again"):
        card_job.install_card(finished)
    assert list(checkout_of_its_own.iterdir()) == []


def test_outside_a_checkout_there_is_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_job, "home", lambda: tmp_path / "footloose_calibration")
    with pytest.raises(FootlooseError, match="no checkout"):
        card_job.redraw()


def test_the_command_refuses_what_cannot_be() -> None:
    result = CliRunner().invoke(app, ["card", "--workers", "-1"])
    assert result.exit_code == 2
    assert "--workers -1: 0 computes in this process" in result.stderr


def test_answers_of_experiments_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, frame and replicate: another number of programmes is another answer."""
    made: list[int] = []

    def carried_out(task: Task) -> dict[str, float]:
        made.append(task.frame.firms)
        return {"answer": float(task.frame.firms)}

    monkeypatch.setattr(Task, "carry_out", carried_out)
    monkeypatch.setattr(running, "worlds_digest", lambda: "the same worlds")
    tasks = [Task("tax_cut", Frame(firms=count), 0) for count in (10, 20)]
    assert answer(tasks[:1], tmp_path, 0, print) == [{"answer": 10.0}]
    assert answer(tasks, tmp_path, 0, print) == [{"answer": 10.0}, {"answer": 20.0}]
    assert made == [10, 20]
    assert asdict(tasks[0].frame)["values"] == {}


def test_what_an_experiment_sets_stands_above_a_member() -> None:
    frame = Frame(values={"decisions.sunk_cost": 3.0, "mechanisms.clusters.elasticity": 0.1})
    scenario = frame.scenario("baseline", "decisions.sunk_cost=0").as_data()
    assert scenario["decisions"]["sunk_cost"] == 0
    assert scenario["mechanisms"]["clusters"]["elasticity"] == 0.1
