"""The record: labels, units, manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footloose.output import write_files
from footloose.record import Record, read_manifest
from footloose.variables import TABLES


def test_every_table_is_kept_on_its_axes(small_record: Record) -> None:
    known = {**TABLES, **small_record.reported}
    assert set(small_record.tables) == set(known)
    for name, values in small_record.tables.items():
        axes = ("replicate", "year", *known[name].axes)
        assert values.shape == tuple(len(small_record.labels(axis)) for axis in axes), name


def test_labels(small_record: Record) -> None:
    assert small_record.labels("year") == (2010, 2011, 2012, 2013)
    assert small_record.labels("replicate") == (0, 1)
    assert small_record.labels("site_from") == small_record.labels("site_to") == small_record.geography.sites
    assert small_record.labels("line") == small_record.lines == tuple(sorted(small_record.lines))


def test_dataset_finds_numbers_by_name(small_record: Record) -> None:
    geography = small_record.geography
    chosen = small_record.dataset["sales"].sel(
        replicate=1, year=2012, market="european_union", sector="textiles", origin="china", site="vietnam"
    )
    place = (geography.market("european_union"), geography.sector("textiles"), geography.origin("china"))
    assert float(chosen) == small_record.tables["sales"][1, 2][place][geography.site("vietnam")]


def test_every_array_says_unit_and_meaning(small_record: Record) -> None:
    for name, array in small_record.dataset.data_vars.items():
        assert array.attrs["units"] == {**TABLES, **small_record.reported}[str(name)].unit
        assert array.attrs["long_name"]


def test_manifest_goes_into_the_dataset(small_record: Record) -> None:
    attributes = small_record.dataset.attrs
    assert attributes["title"] == "literature"
    assert json.loads(attributes["manifest"])["seed"] == small_record.manifest["seed"]


def test_what_is_written_is_what_is_read(small_record: Record, tmp_path: Path) -> None:
    import pandas
    import xarray

    write_files(small_record, tmp_path)
    manifest = read_manifest(tmp_path)
    assert manifest == json.loads(json.dumps(dict(small_record.manifest)))
    assert {"scenario", "seed", "firms", "data_digest", "resolved_scenario", "version"} <= set(manifest)
    with xarray.open_dataset(tmp_path / "record.nc", engine="h5netcdf") as read:
        xarray.testing.assert_identical(read, small_record.dataset)
        assert read["jobs"].attrs["units"] == "persons"
    table = pandas.read_parquet(tmp_path / "table.parquet")
    assert table["value"].to_numpy() == pytest.approx(small_record.table["value"].to_numpy(), nan_ok=False)
