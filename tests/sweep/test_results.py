"""Results as others read them: outcomes over years, SQL, the IAMC table, figures, progress."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from footloose import sweep_report
from footloose.errors import OutputError
from footloose.experiments.sweep.estimate import estimate
from footloose.experiments.sweep.export import export
from footloose.experiments.sweep.progress import Progress, duration, size
from footloose.experiments.sweep.reading import SweepFile, read_sweep
from footloose.experiments.sweep.results import IAMC, query, read_runs, value_of
from footloose.experiments.sweep.running import Result, Work
from footloose.experiments.sweep.schema import Outcome
from footloose.experiments.sweep.store import Store
from footloose.experiments.sweep.sweeping import run_sweep
from footloose.sweep_job import ANALYSED, analyse_once, answer, carry_out_sweep

Write = Callable[..., Path]
TEXT = """\
scenario: baseline
title: A small sweep
settings:
  years: {until: 2012}
  policies:
    duty: {kind: tariff, market: united_states, sites: china, rate: 10, from: 2011}
levers:
  tariff: {key: policies.duty.rate, from: 0, to: 60, steps: 3}
  elasticity: {key: mechanisms.clusters.elasticity, values: [0.04, 0.1]}
outcomes:
  china_share: {variable: Imports|Share, market: united_states, site: country:china, goal: {at_most: 8}}
  jobs: {variable: Jobs|Stock, site: country:united_states, years: [2011, 2012]}
design: {kind: grid}
replicates: 2
firms: 100
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[SweepFile, Path, str]:
    """Return a small sweep carried out with figures, and what was printed."""
    place = tmp_path_factory.mktemp("sweep")
    (place / "small.yaml").write_text(TEXT, encoding="utf-8")
    file = read_sweep(place / "small.yaml")
    text = carry_out_sweep(file, place / "out", jobs=0, cluster=None, retry=False, figures=True, say=lambda line: None)
    return file, place / "out", text


SERIES = np.arange(26.0) ** 2


@pytest.mark.parametrize(
    "asked, value",
    [
        ({}, 625.0),
        ({"year": 2012}, 4.0),
        ({"years": (2011, 2013)}, (1 + 4 + 9) / 3),
        ({"years": (2011, 2013), "over": "sum"}, 14.0),
        ({"years": (2011, 2013), "over": "change"}, 8.0),
    ],
)
def test_outcomes_are_read_from_the_years_asked_for(asked: dict[str, object], value: float) -> None:
    outcome = Outcome.model_validate({"variable": "Jobs|Stock", **asked})
    assert value_of(outcome, SERIES) == pytest.approx(value)


def test_a_horizon_that_ends_earlier_has_no_value() -> None:
    assert np.isnan(value_of(Outcome(variable="x", year=2030), SERIES[:10]))
    assert np.isnan(value_of(Outcome(variable="x", years=(2015, 2030)), SERIES[:10]))


def test_sql_sees_runs_series_and_failures(done: tuple[SweepFile, Path, str]) -> None:
    pytest.importorskip("duckdb")
    _, folder, _ = done
    table = query(folder, "select tariff, avg(china_share) as share from runs group by tariff order by tariff")
    runs = read_runs(folder)
    assert table["share"].to_numpy() == pytest.approx(runs.groupby("tariff")["china_share"].mean().to_numpy())
    last = query(folder, "select value from series where outcome = 'china_share' and year = 2012 order by run")
    assert last["value"].to_numpy() == pytest.approx(runs["china_share"].to_numpy())
    assert query(folder, "select count(*) as n from failures")["n"].iloc[0] == 0
    with pytest.raises(OutputError, match="--sql:"):
        query(folder, "select nothing from nowhere")
    with pytest.raises(OutputError, match="holds no results"):
        query(folder.parent, "select 1")


def test_results_in_three_forms(done: tuple[SweepFile, Path, str]) -> None:
    pytest.importorskip("duckdb")
    _, folder, _ = done
    sql = "select count(*) as runs from runs"
    assert answer(folder, sql, "csv") == "runs\n12"
    assert answer(folder, sql, "json") == '[{"runs":12}]'
    assert answer(folder, sql, "table").split() == ["runs", "12"]
    assert "A small sweep" in answer(folder, None, "table")


def test_the_iamc_table_is_what_pyam_reads(done: tuple[SweepFile, Path, str]) -> None:
    """The five columns of the format, one a year, no index twice; the years are those of the series."""
    file, folder, _ = done
    table = pd.read_csv(folder / IAMC)
    assert list(table.columns) == ["Model", "Scenario", "Region", "Variable", "Unit", "2010", "2011", "2012"]
    assert not table.duplicated(["Model", "Scenario", "Region", "Variable", "Unit"]).any()
    assert not table.isna().any(axis=None)
    assert len(table) == 24
    share = table[table["Variable"] == "Imports|Share|China"]
    assert set(share["Region"]) == {"United States"}
    assert share["2012"].to_numpy() == pytest.approx(read_runs(folder)["china_share"].to_numpy())
    meta = pd.read_csv(folder / "iamc_meta.csv")
    assert list(meta["scenario"]) == list(dict.fromkeys(table["Scenario"]))
    assert list(meta.columns[2:]) == list(file.sweep.factors)


def test_what_is_found_is_written_and_printed(done: tuple[SweepFile, Path, str]) -> None:
    _, folder, text = done
    assert "12 runs, 12 of them now" in text
    assert "Rests on suggestive (" in text
    assert (folder / "findings.txt").read_text(encoding="utf-8").rstrip() in text
    tables = {path.stem for path in (folder / "analysis").glob("*.csv")}
    assert {"points", "surface_china_share", "surface_jobs", "tipping_china_share"} <= tables
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert {"map_china_share.png", "map_jobs.svg", "tipping_china_share.csv"} <= figures


def test_findings_are_written_in_both_languages(
    done: tuple[SweepFile, Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures are drawn again in the other language only, and only once."""
    file, folder, _ = done
    said = answer(folder, None, "table", "zh")
    assert "所依据的证据：提示性（" in said
    assert (folder / "findings_zh.txt").read_text(encoding="utf-8").rstrip() in said
    drawn: list[str] = []
    mark = (folder / ANALYSED).read_text(encoding="utf-8")
    monkeypatch.setattr(sweep_report, "write_report", lambda file, folder, figures, language: drawn.append(language))
    for figures, language in ((True, "en"), (False, "zh"), (True, "zh"), (True, "zh")):
        analyse_once(file, folder, figures, language)
    (folder / ANALYSED).write_text(mark, encoding="utf-8")
    assert drawn == ["zh"]


def test_a_second_time_nothing_is_made_again(done: tuple[SweepFile, Path, str]) -> None:
    file, folder, _ = done
    before = {
        path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix in (".png", ".csv", ".parquet")
    }
    carry_out_sweep(file, folder, jobs=0, cluster=None, retry=False, figures=True, say=lambda line: None)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_damaged_tables_and_findings_are_said_and_made_again(
    done: tuple[SweepFile, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_report, "sweep_figures", lambda *given: iter(()))  # figures take their time
    file, folder, _ = done
    shutil.copytree(folder, tmp_path / "out")
    folder = tmp_path / "out"
    for name in ("runs.parquet", "findings.txt"):
        content = bytearray((folder / name).read_bytes())
        content[100] ^= 0xFF
        (folder / name).write_bytes(content)
    (folder / "analysis" / "points.csv").unlink()
    for sql in (None, "select 1"):
        with pytest.raises(OutputError, match=r"runs.parquet is damaged.*sweep.json.*writes it again"):
            answer(folder, sql, "table")
    heard: list[str] = []
    carry_out_sweep(file, folder, jobs=0, cluster=None, retry=False, figures=False, say=heard.append)
    assert heard[0].endswith("written again: runs.parquet")
    assert heard[1].endswith("made again: analysis/points.csv, findings.txt")
    for name in ("runs.parquet", "findings.txt", "analysis/points.csv"):
        assert (folder / name).read_bytes() == (done[1] / name).read_bytes()


def test_no_question_is_no_answer(done: tuple[SweepFile, Path, str]) -> None:
    with pytest.raises(OutputError, match="no question given"):
        query(done[1], " ")


def test_another_goal_is_analysed_without_a_run(done: tuple[SweepFile, Path, str], tmp_path: Path) -> None:
    _, folder, _ = done
    shutil.copytree(folder, tmp_path / "out")
    (tmp_path / "small.yaml").write_text(TEXT.replace("at_most: 8", "at_most: 8.5"), encoding="utf-8")
    text = carry_out_sweep(
        read_sweep(tmp_path / "small.yaml"), tmp_path / "out", jobs=0, cluster=None, retry=False, figures=False,
        say=lambda line: None,
    )  # fmt: skip
    assert "12 runs, 0 of them now" in text
    assert "8.5 %" in text


def test_the_dry_run_says_how_much_and_writes_nothing(done: tuple[SweepFile, Path, str], tmp_path: Path) -> None:
    file, folder, _ = done
    found = estimate(file, tmp_path / "none", 2)
    assert not (tmp_path / "none").exists()
    assert (found.runs, found.points, found.missing) == (12, 6, 12)
    assert found.seconds > 0.0
    for part in ("12 (6 points x 2 replicates); 12 to do", "with 2 workers", "kB"):
        assert part in found.text()
    assert estimate(file, folder, 2).missing == 0


def test_the_dry_run_guesses_the_disk_right(done: tuple[SweepFile, Path, str]) -> None:
    """Within a factor of two, figures apart."""
    file, folder, _ = done
    one = estimate(file, folder, 1)
    with Store(folder, write=False) as store:
        export(file, store, folder)
    used = sum(path.stat().st_size for path in folder.iterdir() if path.is_file() and not path.name.endswith("-shm"))
    assert 0.5 * one.disk < used < 2.0 * one.disk
    drawn = sum(path.stat().st_size for path in (folder / "figures").iterdir())
    assert 0.5 * one.figures < drawn < 2.0 * one.figures


def test_a_factor_that_changes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "idle.yaml").write_text(
        TEXT.replace("key: mechanisms.clusters.elasticity, values: [0.04, 0.1]", "choices: {a: {}, b: {title: B}}")
        .replace("firms: 100", "firms: 60"), encoding="utf-8",
    )  # fmt: skip
    found = estimate(read_sweep(tmp_path / "idle.yaml"), tmp_path / "none", 1)
    assert "elasticity changes nothing" in found.text()


def test_progress_says_rate_time_left_and_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0.0, 1000.0, 10.0))
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    said: list[str] = []
    progress = Progress(100, 10, said.append)
    for _ in range(12):
        progress.add(Work((Result("a", b"", 1.0), Result("b", b"", 1.0, "it broke")), 2.0))
    progress.show(last=True)
    assert "34 of 100 runs (34 %)" in said[-1]
    assert "12 failed" in said[-1]
    assert "a minute" in said[-1]
    assert "left" in said[-1]
    assert len(said) < 8  # a line a minute, not one a batch


def test_lengths_and_sizes_in_words() -> None:
    assert [duration(s) for s in (5, 600, 12_000, 400_000)] == ["5 s", "10 min", "3 h 20 min", "4.6 days"]
    assert [size(b) for b in (12, 4_100, 2.5e6, 3e9, 5e12)] == ["12 bytes", "4.1 kB", "2.5 MB", "3.0 GB", "5.0 TB"]


def test_an_unfinished_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds no results"):
        read_runs(tmp_path)


def test_runs_that_are_missing_stay_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT, encoding="utf-8")
    file = read_sweep(tmp_path / "small.yaml")
    run_sweep(file, tmp_path / "out", jobs=0)
    with Store(tmp_path / "out", write=True) as store:
        store.forget([str(store.one("select key from cell where position = 5"))])
        export(file, store, tmp_path / "out")
    table = read_runs(tmp_path / "out")
    assert list(table[table["state"] == "missing"]["run"]) == [5]
    assert table.loc[5, ["china_share", "jobs"]].isna().all()
