"""The long table: every variable against hand-made tables and against the record's own arrays."""

from __future__ import annotations

import dataclasses
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from footloose.columns import write_parquet
from footloose.long_table import COLUMNS, pieces
from footloose.record import Record
from footloose.variables import VARIABLES, Reported

Floats = npt.NDArray[np.float64]


def made_up(record: Record, **entries: dict[tuple[str, ...], float]) -> Record:
    """Return a record of one year and one replicate whose tables are zero but for these entries by label."""
    from footloose.variables import TABLES

    tables = {name: np.zeros_like(values[:1, :1]) for name, values in record.tables.items()}
    for name, cells in entries.items():
        for labels, value in cells.items():
            axes = [record.labels(axis).index(label) for axis, label in zip(TABLES[name].axes, labels, strict=True)]
            tables[name][(0, 0, *axes)] = value
    gdp = {name: path[:1] for name, path in record.gdp.items()}
    return dataclasses.replace(record, years=(2010,), tables=tables, gdp=gdp)


@pytest.fixture(scope="module")
def table(small_record: Record) -> pd.DataFrame:
    """What the United States buy: electronics, 40 from Vietnam and 50 from a Japanese plant in China; 10 of its own."""
    sold = {
        ("united_states", "electronics", "other", "vietnam"): 40.0,
        ("united_states", "electronics", "japan", "yangtze_delta"): 50.0,
        ("united_states", "machinery", "united_states", "us_south"): 10.0,
        ("european_union", "machinery", "united_states", "us_south"): 7.0,
    }
    rates = {
        ("united_states", "electronics", "vietnam"): 0.1,
        ("united_states", "electronics", "yangtze_delta"): 0.3,
        ("united_states", "machinery", "us_south"): 0.9,
    }
    record = made_up(
        small_record,
        sales=sold,
        collected_rate=rates,
        jobs={("electronics", "yangtze_delta"): 5.0, ("machinery", "guangxi"): 2.0, ("machinery", "us_south"): 1.0},
        entries_jobs={("japan", "electronics", "vietnam"): 3.0, ("korea", "machinery", "vietnam"): 4.0},
        moves_value={
            ("united_states", "electronics", "guangxi", "vietnam"): 6.0,
            ("united_states", "machinery", "guangxi", "malaysia"): 2.0,
            ("united_states", "machinery", "guangxi", "mexico"): 1.0,
        },
        reasons={("united_states", "machinery", "tariffs"): 3.0, ("united_states", "textiles", "labour"): 1.0},
        subsidy_outlay={("electronics", "us_south"): 8.0, ("electronics", "us_west"): 2.0},
        buyer_cost={("united_states", "electronics"): 1.2, ("united_states", "machinery"): 1.0},
        second_site_share={("united_states", "electronics"): 0.5},
        construction={("electronics", "us_south"): 3.0, ("machinery", "us_south"): 4.0},
        shortage={("united_states", "electronics"): 2.5},
        parts_from_home={("electronics", "vietnam"): 0.25},
    )
    from_china = small_record.tables["parts_from_china"][:1, :1]
    return dataclasses.replace(record, tables={**record.tables, "parts_from_china": from_china}).table


def value(table: pd.DataFrame, variable: str, **labels: str) -> float:
    """Return the one value of a variable; axes not named are `all`."""
    wanted = {"market": "all", "site": "all", "sector": "all", "origin": "all", **labels}
    rows = table[table["variable"] == variable]
    for axis, label in wanted.items():
        rows = rows[rows[axis] == label]
    assert len(rows) == 1, (variable, wanted, len(rows))
    return float(rows["value"].iloc[0])


US = {"market": "united_states"}


@pytest.mark.parametrize(
    "variable, labels, expected",
    [
        ("Sales|Value", {**US, "site": "us_south", "sector": "machinery"}, 10.0),
        ("Imports|Value", {**US, "site": "us_south", "sector": "machinery"}, 0.0),
        ("Imports|Value", {"market": "european_union", "site": "country:united_states"}, 7.0),
        ("Imports|Value", US, 90.0),
        ("Imports|Value", {**US, "site": "country:china"}, 50.0),
        ("Imports|Share", {**US, "site": "shore:home"}, 10.0),
        ("Imports|Share", {**US, "site": "shore:china"}, 50.0),
        ("Imports|Share", {**US, "site": "shore:friend"}, 40.0),
        ("Imports|Share", {**US, "site": "shore:friend", "sector": "electronics"}, 100.0 * 40 / 90),
        ("Imports|Share", {**US, "site": "vietnam"}, 40.0),
        ("Imports|Import Share", {**US, "site": "country:china"}, 100.0 * 50 / 90),
        ("Imports|Import Share", {**US, "site": "country:vietnam", "sector": "electronics"}, 100.0 * 40 / 90),
        ("Concentration|HHI", US, 0.4**2 + 0.5**2 + 0.1**2),
        ("Output|Value", {"site": "us_south"}, 17.0),
        ("Output|Value", {"site": "us_south", "sector": "machinery"}, 17.0),
        ("Output|Value", {"site": "country:china", "origin": "japan"}, 50.0),
        ("China Content|Direct", US, 50.0),
        ("Tariff|Collected Rate", {**US, "site": "country:vietnam"}, 10.0),
        ("Tariff|Collected Rate", {**US, "site": "country:united_states"}, 0.0),
        ("Tariff|Collected Rate", US, 100.0 * (4.0 + 15.0) / 90.0),
        ("Tariff|Revenue", US, 19.0),
        ("Jobs|Stock", {"site": "country:china"}, 7.0),
        ("Jobs|Stock", {"site": "country:china", "sector": "machinery"}, 2.0),
        ("Jobs|Stock", {"site": "us_south"}, 1.0),
        ("Jobs|Announced|FDI", {"site": "vietnam"}, 7.0),
        ("Jobs|Announced|FDI", {"site": "country:vietnam", "origin": "korea"}, 4.0),
        ("Jobs|Announced|FDI", {"site": "country:vietnam", "sector": "electronics"}, 3.0),
        ("Moves|Value|china|friend", US, 8.0),
        ("Moves|Value|china|friend", {**US, "sector": "machinery"}, 2.0),
        ("Moves|Value|china|near", US, 1.0),
        ("Moves|Value|china|home", US, 0.0),
        ("Reasons|Share|tariffs", US, 75.0),
        ("Reasons|Share|labour", US, 25.0),
        ("Subsidy|Outlay", {"site": "country:united_states"}, 10.0),
        ("Buyer Cost|Index", US, (90.0 * 1.2 + 10.0 * 1.0) / 100.0),
        ("Footprint|Second Site Share", US, 45.0),
    ],
)
def test_by_hand(table: pd.DataFrame, variable: str, labels: dict[str, str], expected: float) -> None:
    assert value(table, variable, **labels) == pytest.approx(expected)


def test_chinese_parts_count_in_the_total_content(small_record: Record, table: pd.DataFrame) -> None:
    """Half of the purchases are Chinese; of the rest, the share of inputs that comes from Chinese sites."""
    geography, base = small_record.geography, small_record.base
    china = list(geography.sites_in("china"))
    share = dict(zip(geography.sectors, np.asarray(geography.traits["input_share"]), strict=True))

    def parts(sector: str, site: str) -> float:
        return float(share[sector] * base.input_origin[geography.sector(sector), geography.site(site), china].sum())

    expected = 50.0 + 40.0 * parts("electronics", "vietnam") + 10.0 * parts("machinery", "us_south")
    assert 50.0 < expected < 100.0
    assert value(table, "China Content|Total", **US) == pytest.approx(expected)


def test_parts_construction_and_shortage(table: pd.DataFrame) -> None:
    assert value(table, "Parts|From Own Country", site="vietnam", sector="electronics") == 25.0
    assert value(table, "Construction|Value", site="us_south") == 7.0
    assert value(table, "Construction|Value", site="us_south", sector="machinery") == 4.0
    assert value(table, "Shortage|Value", **US) == 2.5


def test_high_technology_in_foreign_investment(table: pd.DataFrame) -> None:
    """Three of Vietnam's seven jobs from abroad are in electronics, which is high technology; machinery is not."""
    assert value(table, "FDI|High-Tech Share", site="country:vietnam") == pytest.approx(100.0 * 3.0 / 7.0)


def test_what_a_mechanism_reports_is_a_variable_with_its_axes_in_order(small_record: Record) -> None:
    made_up = Reported(("site", "market"), "weeks", "Stocks.", "Stocks|Weeks")
    reported = {**small_record.reported, "made_up": made_up}
    shape = tuple(len(small_record.labels(axis)) for axis in ("replicate", "year", "site", "market"))
    held = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    record = dataclasses.replace(small_record, reported=reported, tables={**small_record.tables, "made_up": held})
    geography = record.geography
    rows = record.table[record.table.variable == "Stocks|Weeks"]
    assert len(rows) == held.size
    assert set(rows.unit) == {"weeks"}
    first = rows[(rows.replicate == 0) & (rows.year == record.years[0])]
    vietnam = first[(first.market == "european_union") & (first.site == "vietnam")].value.item()
    assert vietnam == held[0, 0, geography.site("vietnam"), geography.markets.index("european_union")]
    assert record.dataset["made_up"].attrs["units"] == "weeks"


def test_manufacturing_share_of_gdp(small_record: Record, table: pd.DataFrame) -> None:
    geography, base = small_record.geography, small_record.base
    added = 50.0 * base.value_added_share[geography.sector("electronics")]
    expected = 100.0 * added / base.gdp[list(geography.countries).index("china")]
    assert value(table, "Manufacturing|Share of GDP", site="country:china") == pytest.approx(expected)


def test_columns_and_no_row_twice(small_record: Record) -> None:
    table = small_record.table
    assert tuple(table.columns) == COLUMNS
    keys = [column for column in COLUMNS if column not in ("unit", "value")]
    assert not table.duplicated(keys).any()
    assert np.isfinite(table["value"]).all()


def test_every_variable_is_documented_and_reported_with_its_unit(small_record: Record) -> None:
    table = small_record.table
    units = table.groupby("variable", observed=True)["unit"].unique()
    documented = {variable.name.split("|<")[0]: variable.unit for variable in VARIABLES}
    documented |= {reported.variable: reported.unit for reported in small_record.reported.values()}
    for name, found in units.items():
        stem = next(prefix for prefix in documented if str(name) == prefix or str(name).startswith(f"{prefix}|"))
        assert list(found) == [documented[stem]]
    reported = {str(name) for name in units.index}
    for stem in documented:
        assert any(name == stem or name.startswith(f"{stem}|") for name in reported), stem


def test_shares_of_shores_and_reasons_add_up(small_record: Record) -> None:
    table = small_record.table
    shares = table[
        (table["variable"] == "Imports|Share") & table["site"].str.startswith("shore:") & (table["sector"] == "all")
    ]
    sums = shares.groupby(["replicate", "year", "market"], observed=True)["value"].sum()
    assert sums.to_numpy() == pytest.approx(np.full(len(sums), 100.0))
    reasons = table[table["variable"].str.startswith("Reasons|Share")]
    sums = reasons.groupby(["replicate", "year", "market"], observed=True)["value"].sum()
    some = sums.to_numpy() > 0.0  # a market in which nobody began anything has no reasons
    assert some.mean() > 0.5
    assert sums.to_numpy()[some] == pytest.approx(np.full(some.sum(), 100.0))


def test_imports_of_sites_add_up_to_imports(small_record: Record) -> None:
    table = small_record.table[small_record.table["variable"] == "Imports|Value"]
    whole = table[(table["site"] == "all")].set_index(["replicate", "year", "market"])["value"]
    sites = table[table["site"].isin(list(small_record.geography.sites)) & (table["sector"] != "all")]
    summed = sites.groupby(["replicate", "year", "market"], observed=True)["value"].sum()
    assert summed.to_numpy() == pytest.approx(whole.loc[summed.index].to_numpy())


def test_an_unlabelled_piece_spreads_over_replicates_and_years(small_record: Record) -> None:
    table = small_record.table
    rows = table[(table["variable"] == "Tariff|Collected Rate") & (table["site"] == "all")]
    piece = next(
        piece for piece in pieces(small_record) if piece.variable == "Tariff|Collected Rate" and piece.site == ("all",)
    )
    assert rows["value"].tolist() == np.ravel(piece.values).tolist()
    assert rows["year"].tolist() == [year for year in (2010, 2011, 2012, 2013) for _ in piece.market] * 2
    assert set(rows["unit"]) == {"percent"}


def test_parquet_is_what_pandas_writes(small_record: Record, tmp_path: Path) -> None:
    """The file is made without pandas, which is slow to load; pandas would make the same one and reads it back."""
    write_parquet(small_record.columns, small_record.strength, tmp_path / "fast.parquet")
    small_record.table.to_parquet(tmp_path / "pandas.parquet", index=False)
    assert (tmp_path / "fast.parquet").read_bytes() == (tmp_path / "pandas.parquet").read_bytes()
    read = pd.read_parquet(tmp_path / "fast.parquet")
    assert (read.dtypes == small_record.table.dtypes).all()
    assert read.attrs == small_record.table.attrs


def test_rows_stand_in_the_order_of_their_arrays(small_record: Record) -> None:
    """Spelt out label by label, the rows are those of the columns; words are sorted."""
    axes, table = ("replicate", "year", "market", "site", "sector", "origin"), small_record.table
    told = [
        row
        for piece in pieces(small_record)
        for row in product(small_record.labels("replicate"), small_record.years, *piece.labels)
    ]
    assert list(zip(*(table[name].tolist() for name in axes), strict=True)) == told
    assert (
        table["value"].tolist() == np.concatenate([np.ravel(piece.values) for piece in pieces(small_record)]).tolist()
    )
    assert all(list(table[name].cat.categories) == sorted(set(table[name])) for name in ("variable", "site", "unit"))
