"""The whole procedure, small: runs, waves, ensemble, tables; the same bytes however it was carried out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from footloose.ensemble import read_ensemble
from footloose.errors import FootlooseError, OutputError
from footloose_calibration.calibration_job import TIMING, calibrate
from footloose_calibration.fitting import ensemble as ensembles
from footloose_calibration.fitting.problem import Problem, Sizes
from footloose_calibration.fitting.recovery import recover, write_recovery
from footloose_calibration.fitting.runs import bench

TINY = Sizes(
    firms=2000,
    design=16,
    wave=6,
    waves=1,
    echoes=3,
    draws_of_echoes=2,
    replicates=2,
    draws=6,
    search=15,
    walkers=16,
    steps=100,
    burn=40,
    sample=20,
    grid=3,
)
MIDDLING = replace(
    TINY, firms=40_000, design=64, wave=12, echoes=5, draws_of_echoes=4, search=40, walkers=24, steps=500, burn=200
)


def quiet(text: str) -> None:
    """Say nothing."""


def files(folder: Path) -> dict[str, bytes]:
    """Return what a fit left, apart from the store and how long it took."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith("runs.")} - {TIMING}
    return {name: (folder / name).read_bytes() for name in sorted(names)}


@pytest.fixture(scope="module")
def problem(small_problem: Callable[..., Problem]) -> Problem:
    return small_problem(TINY, misses=0.5)


@pytest.fixture(scope="module")
def fitted(problem: Problem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of a fit made in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        folder = tmp_path_factory.mktemp("fit") / "whole"
        calibrate(problem, folder, workers=0, quick=True, say=quiet)
        yield folder


def test_ensemble_is_what_comparisons_read(fitted: Path, problem: Problem) -> None:
    said = json.loads((fitted / "fit.json").read_text())
    draws = read_ensemble(fitted / "ensemble.csv", problem.scenario).draws
    assert len(draws) == said["passed"] >= 1
    for draw in draws:
        assert set(draw.values) == set(problem.priors.names)
        for prior in problem.priors.rows:
            assert prior.low <= draw.values[prior.parameter] <= prior.high


def test_sidecar_says_what_it_rests_on(fitted: Path, problem: Problem) -> None:
    said = json.loads((fitted / "ensemble.json").read_text())
    assert said["targets_digest"] == problem.targets_digest()
    assert said["runs"] == TINY.runs()
    assert (said["seed"], said["date"], said["quick"]) == (5, "2023-11-14", True)
    assert said["fitted"] == ["delays", "cancellations", "projects", "china_change"]


def test_rule_is_kept_to_the_letter(fitted: Path, problem: Problem) -> None:
    """At most half of four targets beyond three: recomputed from the table of measures and of draws."""
    measures = list(csv.DictReader((fitted / "draw_measures.csv").read_text().splitlines()))
    chance = {
        row["target"]: float(row["chance"])
        for row in csv.DictReader((fitted / "emulators.csv").read_text().splitlines())
        if row["wave"] == "wave 1"
    }
    yardstick = problem.yardstick
    values = np.array([[float(row[name]) for name in yardstick.ids] for row in measures])
    variance = np.array([chance[name] ** 2 / TINY.replicates for name in yardstick.ids])
    far = (yardstick.implausibility(values, variance) > 3.0).sum(axis=1)
    assert [row["passed"] for row in measures] == [str(int(count <= 2)) for count in far]


def test_every_run_is_in_the_tables(fitted: Path) -> None:
    design = (fitted / "design.csv").read_text().splitlines()
    measures = (fitted / "measures.csv").read_text().splitlines()
    assert len(design) == len(measures) == 1 + TINY.design + TINY.wave
    assert measures[0] == "wave,point,delays,cancellations,projects,china_change,second_sites"


def test_held_out_targets_do_not_move_the_fit(fitted: Path, problem: Problem) -> None:
    """What is not fitted is measured, and has no say."""
    assert [target.id for target in problem.targets if target.use == "held_out"] == ["second_sites"]
    informed = (fitted / "information.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in informed[1:]] == ["delays", "cancellations", "projects", "china_change"]


def test_a_finished_fit_is_not_run_again(fitted: Path, problem: Problem) -> None:
    before = files(fitted)
    calibrate(problem, fitted, workers=0, quick=True, say=quiet)
    assert json.loads((fitted / TIMING).read_text())["fit"][-1]["runs"] == 0
    assert files(fitted) == before


@pytest.mark.slow
def test_interrupted_and_with_two_workers_the_same_bytes(fitted: Path, problem: Problem, tmp_path: Path) -> None:
    folder = tmp_path / "again"

    def interrupt(text: str) -> None:
        if text.startswith("wave 1:"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(problem, folder, workers=0, quick=True, say=interrupt)
    calibrate(problem, folder, workers=2, quick=True, say=quiet)
    timing = json.loads((folder / TIMING).read_text())["fit"]
    assert timing[-1]["runs"] == TINY.runs() - TINY.design - TINY.echoes, (
        "what the interrupted fit had made was made again"
    )
    assert files(folder) == files(fitted)


def test_quick_fits_and_thin_ensembles_are_not_installed(fitted: Path, problem: Problem, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with pytest.raises(FootlooseError, match="quick fit"):
        ensembles.install(fitted, problem, home)
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("ensemble.csv", "ensemble.json"):
        (copy / name).write_bytes((fitted / name).read_bytes())
    said = json.loads((copy / "ensemble.json").read_text())
    (copy / "ensemble.json").write_text(json.dumps(said | {"quick": False}))
    with pytest.raises(FootlooseError, match="an ensemble needs 100"):
        ensembles.install(copy, problem, home)
    assert list(home.iterdir()) == []


def test_enough_draws_are_installed(
    fitted: Path, problem: Problem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.loads((fitted / "ensemble.json").read_text())
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "ensemble.csv").write_bytes((fitted / "ensemble.csv").read_bytes())
    (copy / "ensemble.json").write_text(json.dumps(said | {"quick": False}))
    monkeypatch.setattr(ensembles, "ENOUGH", 1)
    assert ensembles.install(copy, problem, tmp_path) == said["draws"]
    assert (tmp_path / "ensemble.csv").read_bytes() == (fitted / "ensemble.csv").read_bytes()
    (copy / "ensemble.csv").write_text("draw\n1\n")
    with pytest.raises(FootlooseError, match="not the table"):
        ensembles.install(copy, problem, tmp_path)


def test_no_fit_no_install(problem: Problem, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no finished fit"):
        ensembles.install(tmp_path, problem, tmp_path)


def test_too_many_failures_stop_the_fit(
    small_problem: Callable[..., Problem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("small_measures.measure", lambda record: {})
    from footloose_calibration.fitting import measuring

    measuring.function_of.cache_clear()
    said = r"2 of 2 runs failed:\n  KeyError: 'delays'"
    with bench(small_problem(TINY), tmp_path / "broken", 0, quiet) as place, pytest.raises(FootlooseError, match=said):
        place.measure("broken", place.problem.priors.points(np.full((1, 4), 0.5)), 2)
    measuring.function_of.cache_clear()


@pytest.mark.slow
def test_known_parameters_are_recovered(small_problem: Callable[..., Problem], tmp_path: Path) -> None:
    """Two truths, four parameters: a fit finds what made the data, and its intervals hold it.

    Eight intervals of 90 %: with honest intervals fewer than 5 hold with probability 0.005 (binomial). What the
    measures see directly, the hazards of delay and of review, has to be known much better than before.
    """
    with bench(small_problem(MIDDLING), tmp_path / "recovery", 0, quiet) as place:
        found = recover(place, truths=2)
        write_recovery(found, tmp_path)
    assert found.coverage >= 5 / 8
    print(found.text())
    for name in ("projects.delay_hazard", "decisions.review_hazard"):
        k = found.names.index(name)
        prior = place.problem.priors.rows[k]
        assert all(row.contraction[k] > 0.25 for row in found.rows), name
        for row in found.rows:
            off = abs(prior.position(float(row.median[k])) - prior.position(float(row.truth[k])))
            assert off < 3.0 * prior.standard_deviation * (1.0 - row.contraction[k])
    assert json.loads((tmp_path / "recovery.json").read_text())["truths"] == 2
    assert len((tmp_path / "recovery.csv").read_text().splitlines()) == 1 + 2 * 4
