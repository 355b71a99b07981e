"""A scenario with many draws of its parameters: members, bands, and chance told from parameters."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray
from typer.testing import CliRunner

from footloose import ensemble as ensembles
from footloose.briefing.run_tables import site_places
from footloose.briefing.world_map import map_numbers
from footloose.cli import app
from footloose.ensemble import Draw, Ensemble, find_ensemble, open_ensemble, read_ensemble
from footloose.ensemble_record import EnsembleRecord, split
from footloose.errors import FootlooseError
from footloose.experiments.comparison.histories import live_tables
from footloose.long_numbers import aligned, numbers_of
from footloose.output import write_run
from footloose.record import Record
from footloose.scenario import load
from footloose.simulation import simulate

SIZE = ("firms=300", "years.until=2011")
DRAWS = "draw,decisions.sunk_cost,mechanisms.clusters.elasticity\na,1,0.02\nb,2,0.03\nc,3.5,0.05\nd,3,0.04\n"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "draws.csv"
    path.write_text(DRAWS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def record(table: Path) -> EnsembleRecord:
    return simulate(load("baseline", overrides=[*SIZE]), ensemble=table, members=3, workers=2)


def test_a_member_is_the_run_of_its_draw_with_its_own_replicate(record: EnsembleRecord, table: Path) -> None:
    scenario = load("baseline", overrides=[*SIZE])
    assert [member.draw for member in record.members] == ["a", "a", "b", "b", "c", "c"]
    assert [member.replicate for member in record.members] == list(range(6))
    draw = read_ensemble(table, scenario).draws[1]
    alone = live_tables(draw.applied(scenario), 3)
    assert aligned(numbers_of(alone), record.blocks, 2).tobytes() == np.asarray(record.shelf.values[3]).tobytes()


def test_processes_change_no_byte(record: EnsembleRecord, table: Path) -> None:
    again = simulate(load("baseline", overrides=[*SIZE]), ensemble=table, members=2, workers=1)
    assert np.asarray(again.shelf.values).tobytes() == np.asarray(record.shelf.values[:4]).tobytes()


def test_chance_and_parameters_by_hand() -> None:
    """Within: 2 and 8, mean 5. Means 2 and 7: variance 12.5, of which 5 / 2 is chance."""
    parameters, chance = split(np.array([[1.0, 3.0], [5.0, 9.0]]))
    assert (float(parameters), float(chance)) == (10.0, 5.0)
    assert float(split(np.array([[1.0, 9.0], [4.0, 6.0]]))[0]) == 0.0
    assert all(math.isnan(float(part)) for part in split(np.ones((3, 1))))


def test_the_split_finds_the_variances_it_is_given() -> None:
    """4,000 draws with 3 replicates: the standard error of a variance v over n draws is about v (2 / n)^0.5."""
    shock = np.random.Generator(np.random.Philox(5)).standard_normal
    values = 2.0 * shock((4000, 1)) + 1.0 * shock((4000, 3))
    parameters, chance = split(values)
    assert float(parameters) == pytest.approx(4.0, abs=4 * (4.0 + 1 / 3) * math.sqrt(2 / 4000))
    assert float(chance) == pytest.approx(1.0, abs=4 * math.sqrt(2 / 8000))


def test_bands_are_quantiles_of_the_members(record: EnsembleRecord) -> None:
    names = {"variable": "Imports|Share", "market": "united_states", "site": "country:china", "sector": "all"}
    chosen, members = record.bands, record.table
    for column, name in names.items():
        chosen, members = chosen[chosen[column] == name], members[members[column] == name]
    assert list(chosen["year"]) == [2010, 2011]
    for _, row in chosen.iterrows():
        values = members[members["year"] == row["year"]].set_index("replicate")["value"]
        assert len(values) == 6
        assert row["median"] == pytest.approx(float(values.median()))
        assert row["high"] == pytest.approx(float(np.quantile(values, 0.95)))
        assert row["inner_low"] == pytest.approx(float(np.quantile(values, 0.25)))
        parameters, chance = split(values.sort_index().to_numpy().reshape(3, 2))
        assert row["sd_parameters"] == pytest.approx(math.sqrt(parameters))
        assert row["sd_chance"] == pytest.approx(math.sqrt(chance))
    assert list(record.table.columns)[:4] == ["scenario", "draw", "replicate", "year"]
    assert set(record.table["draw"]) == {"a", "b", "c"}


def test_sums_carried_from_member_to_member_give_the_same_split(record: EnsembleRecord) -> None:
    """Table `projects_announced` is the variable Projects|Announced by site: one split is streamed, the other is not.

    Variances are sums and differences of squares, each rounded: equal to some epsilon of the largest of them.
    """
    bands = record.bands[record.bands["variable"] == "Projects|Announced"]
    bands = bands[~bands["site"].str.startswith("country:")]
    found = record.dataset["projects_announced"]
    largest = float((found**2).max())
    for column in ("mean", "sd_parameters", "sd_chance"):
        direct = bands[column].to_numpy().reshape(2, -1)
        rounding = 64 * np.finfo(float).eps * largest
        np.testing.assert_allclose(found.sel(statistic=column) ** 2, direct**2, rtol=1e-12, atol=rounding)
    assert float(found.sel(statistic="sd_chance").max()) > 0.0


def test_what_is_asked_is_not_drawn(table: Path) -> None:
    """A key that a scenario sets itself keeps its value; so does one in which compared scenarios differ."""
    plain, asked = load("baseline", overrides=[*SIZE]), load("baseline", overrides=[*SIZE, "decisions.sunk_cost=3"])
    found = open_ensemble(table, [asked])
    assert found is not None
    assert found.kept == ("decisions.sunk_cost",)
    assert set(found.draws[0].values) == {"mechanisms.clusters.elasticity"}
    assert "decisions.sunk_cost" in found.notes[0]
    both, neither = open_ensemble(table, [plain, asked]), open_ensemble(table, [plain])
    assert both is not None
    assert neither is not None
    assert (both.kept, neither.kept) == (("decisions.sunk_cost",), ())
    only = load("baseline", overrides=[*SIZE, "decisions.sunk_cost=3", "mechanisms.clusters.elasticity=0.01"])
    with pytest.raises(FootlooseError, match="sets every parameter of the ensemble itself"):
        open_ensemble(table, [only])


def test_which_table_is_meant(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_ensemble("none") is find_ensemble(None) is None
    assert isinstance(simulate(load("baseline"), firms=64, years=(2010, 2011), ensemble="none"), Record)
    with pytest.raises(FootlooseError, match="did you mean 'default'"):
        find_ensemble("defualt")
    monkeypatch.setattr(ensembles, "shipped_ensemble", lambda: table)
    assert find_ensemble("default") == table
    monkeypatch.setattr(ensembles, "shipped_ensemble", lambda: None)
    with pytest.raises(FootlooseError, match="ships no calibrated ensemble"):
        find_ensemble("default")
    scenario = load("baseline")
    for members, message in ((5, "has 4 draws"), (0, "at least 1")):
        with pytest.raises(FootlooseError, match=message):
            open_ensemble(table, [scenario], members)
    twice = tmp_path / "twice.csv"
    twice.write_text("draw,decisions.sunk_cost\na,1\na,2\n", encoding="utf-8")
    with pytest.raises(FootlooseError, match="'a' names two rows"):
        read_ensemble(twice, scenario)


def test_a_table_is_the_one_its_sidecar_describes(tmp_path: Path) -> None:
    path, scenario = tmp_path / "ensemble.csv", load("baseline")
    path.write_text(DRAWS, encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps({"version": "2026-11", "sha256": digest}))
    found = read_ensemble(path, scenario)
    assert (found.version, found.digest, found.total) == ("2026-11", digest, 4)
    path.with_suffix(".json").write_text(json.dumps({"sha256": "0" * 64}))
    with pytest.raises(FootlooseError, match=r"not the table that ensemble\.json describes"):
        read_ensemble(path, scenario)


def test_a_folder_holds_every_member_and_the_bands(record: EnsembleRecord, tmp_path: Path) -> None:
    write_run(record, tmp_path / "run", overwrite=False)
    names = ["bands.parquet", "draws.csv", "record.nc", "run.json", "table.parquet"]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == names
    members = pd.read_parquet(tmp_path / "run" / "table.parquet")
    assert members.attrs["evidence_word"] == "suggestive"
    assert set(members["replicate"]) == set(range(6))
    summed = members[(members["sector"] == "all") & (members["origin"] == "all")].reset_index(drop=True)
    pd.testing.assert_frame_equal(summed, record.table, check_categorical=False)
    assert len(members) == 6 * len(pd.read_parquet(tmp_path / "run" / "bands.parquet"))
    kept_draws = pd.read_csv(tmp_path / "run" / "draws.csv").set_index("draw")
    assert dict(kept_draws.loc["b"]) == dict(record.parameters["b"])
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    assert manifest["ensemble"]["draws"] == 3
    assert manifest["ensemble"]["sha256"] == hashlib.sha256(DRAWS.encode()).hexdigest()
    assert manifest["replicates"] == 2
    with xarray.open_dataset(tmp_path / "run" / "record.nc", engine="h5netcdf") as kept:
        assert list(kept["statistic"].values) == ["mean", "sd_parameters", "sd_chance"]


def test_the_command_draws_bands(table: Path, tmp_path: Path) -> None:
    words = ["run", "baseline", "--firms", "200", "--years", "2010:2011", "--no-figures"]
    out = ["--out", str(tmp_path / "run")]
    result = CliRunner().invoke(app, [*words, *out, "--ensemble", str(table), "--members", "2", "--set", "seed=3"])
    assert result.exit_code == 0, result.output
    for said in ("2 of 4 draws of draws.csv, 2 replicate(s) of each", "by parameters", "by chance"):
        assert said in result.output
    for wrong, message in ((["--members", "3"], "of which ensemble?"), (["--ensemble", "draws.cvs"], "no such file")):
        result = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "other"), *wrong])
        assert result.exit_code == 2
        assert message in result.output
        assert not (tmp_path / "other").exists()


def test_maps_of_an_ensemble_have_rows_to_draw(record: EnsembleRecord) -> None:
    table = record.figure_table
    detail = table[table["sector"] != "all"]
    assert set(detail["variable"]) == {"Output|Value", "Sales|Value"}
    assert set(detail["year"]) == {2010, 2011}
    assert len(table) - len(detail) == len(record.table)
    numbers = map_numbers(table, site_places(record.geography), "united_states")
    assert float(numbers["value"].sum()) > 0.0


def test_a_single_draw_has_bands_but_no_split(table: Path) -> None:
    one = simulate(load("baseline"), firms=64, years=(2010, 2011), ensemble=table, members=1, replicates=1)
    assert bool(np.isnan(one.dataset["jobs"].sel(statistic="sd_parameters")).all())
    assert one.draws == 1


def test_an_open_ensemble_is_taken_as_it_is() -> None:
    draws = (Draw("x", {"decisions.sunk_cost": 1.5}), Draw("y", {"decisions.sunk_cost": 2.5}))
    found = simulate(load("baseline"), firms=64, years=(2010, 2011), ensemble=Ensemble("own", "", "", 2, draws))
    assert [member.draw for member in found.members] == ["x", "x", "y", "y"]
    assert replace(found.members[0], replicate=1) == found.members[1]
