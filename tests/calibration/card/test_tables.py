"""Tables and page of the card, on members made by hand; the whole job on a small scale."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from footloose.errors import DataError, FootlooseError
from footloose_calibration import card_job
from footloose_calibration.calibration_job import shipped_problem
from footloose_calibration.card.labels import LANGUAGES, load_labels
from footloose_calibration.card.markdown import number, percent, span, table
from footloose_calibration.card.members import Measured, Member, members_of
from footloose_calibration.card.page import page_text
from footloose_calibration.card.parameters import moves_with, parameter_rows, told_apart_badly
from footloose_calibration.card.pictures import figure_rows
from footloose_calibration.card.tables import (
    ON_CARD,
    Card,
    card_text,
    load_card,
    members_text,
    parse_card,
    parse_members,
    rows_of,
    targets_on_card,
)
from footloose_calibration.conformance import EXPERIMENTS, large_plant, running
from footloose_calibration.fitting.problem import Problem
from footloose_calibration.inconsistencies import load_inconsistencies


@pytest.fixture(scope="module")
def problem() -> Problem:
    return shipped_problem(quick=False, seed=1, misses=0.1, firms=500)


@pytest.fixture(scope="module")
def measured(problem: Problem) -> Measured:
    """Forty members: the parameters drawn, every target normal around its figure, the first one tied to the first
    parameter, the second one never computed."""
    generator = np.random.default_rng(3)
    draws = problem.priors.points(problem.priors.draw(generator.random((40, len(problem.priors)))))
    central = np.array([target.central for target in problem.targets])
    values = central * (1.0 + 0.1 * generator.standard_normal((40, len(central))))
    values[:, 0] = [draw[problem.priors.names[0]] for draw in draws]
    values[:, 1] = np.nan
    members = tuple(Member(str(number), draw) for number, draw in enumerate(draws, start=1))
    return Measured(members, values, 0.01 * np.abs(central), values[0], values[0])


def test_median_and_range_of_every_target(problem: Problem, measured: Measured) -> None:
    rows = rows_of(problem.targets, measured)
    assert [row.id for row in rows] == list(problem.names)
    third = measured.values[:, 2]
    assert rows[2].median == pytest.approx(np.median(third), rel=1e-5)
    assert (rows[2].q05, rows[2].q95) == pytest.approx(tuple(np.quantile(third, (0.05, 0.95))), rel=1e-5)
    assert rows[1].verdict == "unknown"
    assert math.isnan(rows[1].median)


def test_tables_can_be_read_back(problem: Problem, measured: Measured) -> None:
    rows = rows_of(problem.targets, measured)
    text = card_text(rows)
    assert card_text(parse_card(text)) == text
    kept = members_text(problem.names, measured.members, measured.values.tolist())
    members, values = parse_members(kept, problem.names)
    assert members_text(problem.names, members, values) == kept
    assert members[3].values == pytest.approx(measured.members[3].values)


def test_mistakes_in_tables_are_named(problem: Problem, measured: Measured, tmp_path: Path) -> None:
    text = card_text(rows_of(problem.targets, measured))
    lines = text.splitlines()
    lines[3] = ",".join("perhaps" if cell in ("pass", "fail", "tension") else cell for cell in lines[3].split(","))
    with pytest.raises(DataError, match=r"row 4, column verdict: 'perhaps' given, allowed: pass"):
        parse_card("\n".join(lines))
    with pytest.raises(DataError, match=r"columns are"):
        parse_card("id,use\n")
    with pytest.raises(DataError, match=r"make one: footloose card"):
        load_card(tmp_path)


def test_parameters_are_held_against_their_priors(problem: Problem, measured: Measured) -> None:
    draws = [member.values for member in measured.members]
    rows = parameter_rows(problem.priors, draws)
    assert len(rows) == len(problem.priors)
    assert all(abs(row["contraction"]) < 0.35 for row in rows)
    squeezed = [{**draw, problem.priors.names[0]: problem.priors.rows[0].high} for draw in draws]
    first = parameter_rows(problem.priors, squeezed)[0]
    assert (first["contraction"], first["edge"], first["pinned"]) == (1.0, "upper", True)
    assert parameter_rows(problem.priors, draws[:5]) == []


def test_what_moves_with_a_parameter_is_found(problem: Problem, measured: Measured) -> None:
    draws, names = [member.values for member in measured.members], problem.priors.names
    found = moves_with(names, draws, problem.names, measured.values)
    assert found[names[0]][0] == [problem.names[0], 1.0]
    assert not any(problem.names[1] in [target for target, _ in rows] for rows in found.values())
    tied = [{**draw, names[3]: draw[names[3]], names[4]: 0.04 + draw[names[3]]} for draw in draws]
    assert [pair[:2] for pair in told_apart_badly(problem.priors, tied)] == [[names[3], names[4]]]


def test_every_target_and_group_has_a_name_in_both_languages() -> None:
    labels = load_labels()
    assert set(labels) == {target.id for target in targets_on_card()} | set(ON_CARD)
    for language in LANGUAGES:
        names = [label[language] for label in labels.values()]
        assert len(set(names)) == len(names)


def test_numbers_as_a_reader_wants_them() -> None:
    assert [number(value) for value in (1234.5, -0.0456, 0.0, 62_000.0, math.nan)] == [
        "1,234",
        "−0.0456",
        "0",
        "62,000",
        "–",
    ]
    assert (span(1.0, math.inf), span(-math.inf, 2.0), percent(0.505)) == ("at least 1.00", "at most 2.00", "50 %")
    assert table(("a", "b"), [("x|y", "1")], (1,)) == ["| a | b |", "| --- | ---: |", "| x\\|y | 1 |"]


def small_order(problem: Problem, ensemble: Path | None, **more: int) -> card_job.Order:
    return card_job.Order(
        problem, ensemble, **{"members": 2, "replicates": 2, "firms": 500, "repeats": 2, "tested": 1, **more}
    )


@pytest.mark.parametrize("name,given", [("members", 0), ("replicates", 1), ("repeats", 1), ("tested", -1)])
def test_orders_that_cannot_be(problem: Problem, name: str, given: int) -> None:
    with pytest.raises(FootlooseError, match=f"{name}: {given} given; at least"):
        small_order(problem, None, **{name: given})


def test_without_an_ensemble_it_is_the_baseline(problem: Problem) -> None:
    assert members_of(problem, None, 100) == (Member("baseline", {}),)


@pytest.fixture(scope="module")
def made(problem: Problem, measured: Measured, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A card of two members and one experiment, made twice in the same folder; what was said the second time."""
    folder = tmp_path_factory.mktemp("card")
    table, names = folder / "ensemble.csv", problem.priors.names
    rows = [",".join(f"{member.values[name]:.8g}" for name in names) for member in measured.members[:3]]
    table.write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "EXPERIMENTS", (large_plant.EXPERIMENT,))
        patch.setattr(card_job, "draw", lambda *_: ["report_card_en_1.png"])
        for _ in range(2):
            said.clear()
            card_job.make_card(small_order(problem, table), folder / "out", workers=0, say=said.append)
    return folder / "out" / "card", said


def test_a_card_is_made_once(made: tuple[Path, list[str]]) -> None:
    """The second time every run and every experiment is found."""
    folder, said = made
    assert "report card: 3 points x 2, 6 runs, 0 to make" in said
    assert "conformance: 3 experiments, 0 to make" in said
    card, found = card_job.read_shipped(folder)
    assert [member.name for member in card.members] == ["1", "3"]
    assert card.said["members"] == 2
    assert len(found) == len(large_plant.EXPERIMENT.published)
    assert all(math.isfinite(one.members_low) for one in found)


def test_page_holds_everything(made: tuple[Path, list[str]]) -> None:
    card, found = card_job.read_shipped(made[0])
    text = (made[0] / "README.md").read_text(encoding="utf-8")
    assert text == page_text(card, targets_on_card(), found, ["report_card_en_1.png"])
    assert all(f"`{target.id}`" in text for target in targets_on_card())
    assert all(one.why.split("|")[0] in text for one in load_inconsistencies())
    assert all(one.title in text for one in large_plant.EXPERIMENT.published)
    assert "2 members, evenly over the 3 draws" in text


def test_page_says_so_without_an_ensemble(made: tuple[Path, list[str]]) -> None:
    card, found = card_job.read_shipped(made[0])
    said: dict[str, Any] = {**card.said, "ensemble": {"draws": 0}, "parameters": []}
    text = page_text(Card(card.rows, card.members, card.values, said), targets_on_card(), found)
    assert "no ensemble is installed" in text
    assert "nothing to hold against the priors" in text


def test_page_says_what_is_known_of_the_parameters(
    problem: Problem, measured: Measured, made: tuple[Path, list[str]]
) -> None:
    card, found = card_job.read_shipped(made[0])
    draws, first = [member.values for member in measured.members], problem.priors.names[0]
    rows = parameter_rows(problem.priors, [{**draw, first: problem.priors.rows[0].high} for draw in draws])
    said: dict[str, Any] = {
        **card.said,
        "parameters": [{**row, "pinned": row["parameter"] == first} for row in rows],
        "moves_with": {problem.priors.names[1]: [["ri_jobs_2022", -0.7]]},
        "told_apart_badly": [[first, problem.priors.names[1], 0.8]],
        "fit": {"informed_by": {first: ["ri_jobs_2022 (1.3)"]}},
    }
    text = page_text(Card(card.rows, card.members, card.values, said), targets_on_card(), found)
    assert "**tension**: crowds at the upper end" in text
    assert f"- `{problem.priors.names[1]}`: in the ensemble these move with it" in text
    assert f"`{first}` and `{problem.priors.names[1]}` (0.800)" in text
    assert f"`{first}` by US jobs announced in 2022 (1.3)" in text


def test_the_figure_gets_what_it_can_draw(made: tuple[Path, list[str]]) -> None:
    from footloose.briefing.report_card import check

    card, _ = card_job.read_shipped(made[0])
    frame = figure_rows(card, targets_on_card(), "zh")
    check(frame)
    assert set(frame["use"]) == {"fitted", "held_out"}
    assert len(frame) == sum(row.use in ("fitted", "held_out") and row.verdict != "unknown" for row in card.rows)


def test_experiments_are_named_as_their_files() -> None:
    assert all(one.run.__module__.rpartition(".")[2] == one.name for one in EXPERIMENTS)
