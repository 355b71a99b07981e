"""The command line: messages, exit codes, and nothing left behind after a mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import footloose
from footloose import job, processes
from footloose.briefing import run_tables
from footloose.cli import app
from footloose.errors import FootlooseError
from footloose.geography import load_geography
from footloose.record import Record
from footloose.scenario import load
from footloose.simulation import simulate

QUICK = ["--firms", "60", "--years", "2010:2011", "--no-figures"]


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def run(folder: Path, *words: str) -> Result:
    return call("run", "baseline", *QUICK, "--out", str(folder / "run"), *words)


def test_a_run_prints_its_table_and_where_it_is(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "simulated in" in result.output
    assert str(tmp_path / "run") in result.output.replace("\n", "")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["record.nc", "run.json", "table.parquet"]


@pytest.mark.parametrize(
    "words, message",
    [
        (["--firms", "0"], "firms: 0 given; at least 1 is needed"),
        (["--firms", "-4"], "firms: -4 given; at least 1 is needed"),
        (["--firms", "900000000000"], " fit"),
        (["--firms", "many"], "Usage"),
        (["--replicates", "0"], "replicates: 0 given"),
        (["--seed", "-1"], "seed: -1 given"),
        (["--years", "2009:2020"], "2009:2020 given; a run starts in 2010"),
        (["--years", "2010:2050"], "2010:2050 given"),
        (["--years", "2020:2010"], "2020:2010 given"),
        (["--years", "2010-2020"], "write two years with a colon"),
        (["--years", "2010:"], "write two years with a colon"),
        (["--set", "firmz=3"], "firmz"),
    ],
)
def test_bad_input_ends_with_2_a_message_and_no_folder(tmp_path: Path, words: list[str], message: str) -> None:
    result = run(tmp_path, *words)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_scenario_ends_with_2() -> None:
    result = call("run", "baselin")
    assert result.exit_code == 2
    assert "baselin" in result.output


def test_a_place_that_cannot_be_written_is_found_before_the_simulation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> Record:
        raise AssertionError("simulated")

    monkeypatch.setattr(job, "simulate", never)
    (tmp_path / "file").write_text("")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "notes.txt").write_text("")
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "run.json").write_text("{}")
    for place, message in (
        ("file/below", "is a file"),
        ("file", "is a file"),
        ("own", "holds no run.json"),
        ("done", "--overwrite"),
    ):
        result = call("run", "baseline", *QUICK, "--out", str(tmp_path / place))
        assert result.exit_code == 2
        assert message in result.output


def test_overwriting_when_asked_to(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 0
    assert run(tmp_path).exit_code == 2
    assert run(tmp_path, "--overwrite", "--seed", "5").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_interrupting_ends_with_130_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "simulate", interrupted)
    result = run(tmp_path)
    assert result.exit_code == 130
    assert "interrupted; nothing was written" in result.output
    assert list(tmp_path.iterdir()) == []


def test_running_out_of_memory_ends_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(job, "simulate", exhausted)
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "fewer --firms" in result.output


def heed_control_c() -> None:
    """Undo what a shell does to the processes it runs in the background: they ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_control_c_in_a_terminal(tmp_path: Path) -> None:
    words = [
        "run",
        "baseline",
        "--firms",
        "200000",
        "--replicates",
        "20",
        "--no-figures",
        "--out",
        str(tmp_path / "run"),
    ]
    package = str(Path(footloose.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-m", "footloose.cli", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": package}, preexec_fn=heed_control_c,
    ) as process:  # fmt: skip
        time.sleep(4.0)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        assert process.wait(30) == 130
    assert "interrupted; nothing was written" in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_the_cost_figure_of_a_handful_of_firms() -> None:
    scenario = load("baseline")
    record = simulate(scenario, firms=3, seed=8, years=(2010, 2012))
    table = job.stack_table(scenario, record)
    assert set(table["site"]) == set(record.geography.sites)
    assert set(table["year"]) == {2012}
    assert table["chosen"].sum() == table["line"].nunique()


def test_check_reports_every_mistake(tmp_path: Path) -> None:
    file = tmp_path / "question.yaml"
    file.write_text("firms: none\nseeed: 3\n")
    result = call("check", str(file))
    assert result.exit_code == 2
    assert "question.yaml:1" in result.output
    assert "question.yaml:2" in result.output
    assert "2 mistakes" in result.output
    assert call("check", "baseline").exit_code == 0


def test_lists_and_schema(tmp_path: Path) -> None:
    assert "tariff_60_on_china" in call("scenarios").output
    assert '"$schema"' in call("schema").output
    result = call("schema", "--out", str(tmp_path / "schema.json"))
    assert result.exit_code == 0
    assert (tmp_path / "schema.json").read_text().endswith("}\n")
    assert call("schema", "--out", str(tmp_path / "nowhere" / "schema.json")).exit_code == 2


def test_explaining() -> None:
    words = ["--sector", "electronics", "--year", "2011", "--firms", "2000"]
    result = call("explain", "baseline", *words)
    assert result.exit_code == 0, result.output
    assert "labour" in result.output
    assert "meaning" in call("explain", "--parameter", "clusters.elasticity").output
    for wrong in (["explain"], ["explain", "baseline", "--firm", "other"], ["explain", "--parameter", "x.y"]):
        assert call(*wrong).exit_code == 2
    assert call("explain", "baseline", "--market", "mars").exit_code == 2
    assert call("explain", "baseline", "--year", "2040").exit_code == 2


def test_figures_mark_only_the_law_that_is_kept() -> None:
    baseline = {label: day for day, label in run_tables.recorded_policies(load("baseline"), 2035)}
    assert baseline["Section 301"] == pytest.approx(2018.5)
    assert [label for _, label in run_tables.recorded_policies(load("no_trade_war"), 2035)] == ["CHIPS, IRA"]
    assert run_tables.recorded_policies(load("baseline"), 2017) == []


def test_shores_are_named_by_their_sites_where_these_are_few() -> None:
    names = run_tables.shore_names(load_geography())
    assert names == {"shore:near:united_states": "Mexico, Canada", "shore:near:european_union": "Eastern Europe"}


def test_a_run_without_figures_loads_neither_pandas_nor_xarray(tmp_path: Path) -> None:
    """They take as long to load as all the rest; pyarrow would load pandas if it were given an array of NumPy."""
    code = (
        "import sys; from pathlib import Path\n"
        "from footloose.job import carry_out; from footloose.scenario import load\n"
        "carry_out(load('baseline'), Path(sys.argv[1]), overwrite=False, figures=False, firms=64, years=(2010, 2011));"
        "assert not {'pandas', 'xarray', 'matplotlib'} & set(sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], check=True, env=environment)
    assert (tmp_path / "run" / "table.parquet").is_file()


def test_figures_are_shared_by_one_process_a_processor_unless_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, expected in ((1, 1), (2, 2), (64, processes.MOST_ARTISTS)):
        monkeypatch.setattr(processes, "cores", lambda found=found: found)
        assert processes.workers_for_figures(None) == expected
    assert processes.workers_for_figures(1) == 1
    with pytest.raises(FootlooseError, match="at least 1"):
        processes.workers_for_figures(0)
