"""Axes, shores, groups, labels and traits; tables that do not fit are refused by file, row and column."""

from __future__ import annotations

import ast
import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import footloose.geography.tables as tables
from footloose.errors import DataError, UnknownName
from footloose.geography import Geography, load_geography
from footloose.geography.base_year import build_base_year
from footloose.geography.tables import CERTAINTY, LONG_COLUMNS, fill, read_long

FOLDER = Path(tables.__file__).parent
LONG_TABLES = ("sector_traits.csv", "base_year_flows.csv", "base_year_structure.csv")
CHINA = (
    "yangtze_delta",
    "greater_bay",
    "capital_region",
    "chengdu_chongqing",
    "central_china",
    "northeast_china",
    "guangxi",
)
UNITED_STATES = ("us_south", "us_midwest", "us_west", "us_northeast")
HOSTS = ("vietnam", "india", "indonesia", "malaysia", "thailand")
SITES = (
    *CHINA,
    *UNITED_STATES,
    "mexico",
    "canada",
    "western_europe",
    "eastern_europe",
    *HOSTS,
    "advanced_asia",
    "rest_of_world",
)


@pytest.fixture(scope="module")
def geography() -> Geography:
    return load_geography()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tables that the loader reads instead of its own."""
    for table in FOLDER.glob("*.csv"):
        shutil.copy(table, tmp_path)
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    return tmp_path


def reload() -> Geography:
    return load_geography.__wrapped__()


def edit(table: Path, change: Callable[[str], str]) -> None:
    before = table.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the edit of the test changed nothing"
    table.write_text(after, encoding="utf-8")


def test_axes_have_the_names_and_the_order_every_other_part_relies_on(geography: Geography) -> None:
    assert geography.markets == ("united_states", "european_union", "china", "rest_of_world")
    assert geography.sites == SITES
    assert geography.sectors == (
        "textiles",
        "consumer_goods",
        "electronics",
        "semiconductors",
        "electrical_equipment",
        "clean_energy",
        "transport_equipment",
        "machinery",
        "chemicals",
        "pharma_medical",
        "metals_minerals",
        "plastics_rubber",
        "research",
    )
    assert geography.origins == ("united_states", "europe", "japan", "korea", "taiwan", "china", "other")
    assert geography.shores == ("home", "near", "friend", "china", "other")


@pytest.mark.parametrize(
    "market, shore, sites",
    [
        ("united_states", "home", UNITED_STATES),
        ("united_states", "near", ("mexico", "canada")),
        ("united_states", "friend", HOSTS),
        ("united_states", "china", CHINA),
        ("united_states", "other", ("western_europe", "eastern_europe", "advanced_asia", "rest_of_world")),
        ("european_union", "home", ("western_europe",)),
        ("european_union", "near", ("eastern_europe",)),
        ("european_union", "friend", HOSTS),
        ("european_union", "china", CHINA),
        ("china", "home", CHINA),
        ("china", "near", (*HOSTS, "advanced_asia")),
        ("china", "china", ()),
        ("rest_of_world", "home", ("rest_of_world",)),
        ("rest_of_world", "friend", HOSTS),
        ("rest_of_world", "china", CHINA),
    ],
)
def test_shores(geography: Geography, market: str, shore: str, sites: tuple[str, ...]) -> None:
    row = geography.shore_of[geography.market(market)]
    found = [geography.sites[j] for j in np.flatnonzero(row == geography.shores.index(shore))]
    assert sorted(found) == sorted(sites)


def test_owners_are_at_home_where_they_should_be(geography: Geography) -> None:
    def home(origin: str) -> set[str]:
        return {geography.sites[j] for j in np.flatnonzero(geography.home_of[geography.origin(origin)])}

    assert home("united_states") == set(UNITED_STATES)
    assert home("china") == set(CHINA)
    assert home("europe") == {"western_europe", "eastern_europe"}
    assert home("japan") == home("korea") == home("taiwan") == {"advanced_asia"}
    assert home("other") == {"rest_of_world"}


def test_countries_and_nests(geography: Geography) -> None:
    countries = [geography.countries[k] for k in geography.country_of_site]
    assert [c for s, c in zip(geography.sites, countries, strict=True) if s in CHINA] == ["china"] * 7
    assert countries[geography.site("eastern_europe")] == "european_union"
    assert countries[geography.site("vietnam")] == "vietnam"
    nests = {s: geography.nests[n] for s, n in zip(geography.sites, geography.nest_of_site, strict=True)}
    for together in (("mexico", "canada", *UNITED_STATES), (*CHINA, *HOSTS), ("western_europe", "eastern_europe")):
        assert len({nests[site] for site in together}) == 1, together
    assert len({nests["mexico"], nests["vietnam"], nests["western_europe"], nests["rest_of_world"]}) == 4
    assert [geography.countries[k] for k in geography.country_of_market] == list(geography.markets)


def test_every_country_and_site_is_a_group_in_axis_order(geography: Geography) -> None:
    for name in (*geography.sites, *geography.countries):
        assert geography.sites_in(name), name
    assert geography.sites_in("china") == tuple(range(7))
    assert geography.sites_in("guangxi") == (6,)
    assert geography.sites_in("all") == tuple(range(len(geography.sites)))
    coast, inland = geography.groups["coastal_china"], geography.groups["inland_china"]
    assert sorted(coast + inland) == sorted(CHINA)
    for group in geography.groups:
        places = geography.sites_in(group)
        assert list(places) == sorted(set(places)), group
    assert sorted(j for country in geography.countries for j in geography.sites_in(country)) == list(range(22))


@pytest.mark.parametrize(
    "kind, wrong, right",
    [
        ("site", "vietnan", "vietnam"),
        ("market", "eu", None),
        ("sector", "semiconductor", "semiconductors"),
        ("origin", "koreaa", "korea"),
        ("sites_in", "asian_hosts", "asia_hosts"),
    ],
)
def test_unknown_names_say_which_is_nearest(geography: Geography, kind: str, wrong: str, right: str | None) -> None:
    with pytest.raises(UnknownName) as caught:
        getattr(geography, kind)(wrong)
    assert caught.value.nearest == right
    assert wrong in str(caught.value)


def test_everything_has_a_label_in_both_languages(geography: Geography) -> None:
    axes = (geography.markets, geography.sites, geography.sectors, geography.origins)
    for name in (
        *(n for axis in axes for n in axis),
        *geography.shores,
        *geography.nests,
        *geography.countries,
    ):
        assert geography.labels["en"][name]
        assert re.search(r"[一-鿿]", geography.labels["zh"][name]), name


def test_traits_are_in_their_ranges(geography: Geography) -> None:
    traits = geography.traits
    fractions = (
        "labour_share",
        "energy_share",
        "input_share",
        "routine_share",
        "robot_feasibility",
        "time_cost_per_day",
        "freight_share",
        "data_intensity",
        "rd_intensity",
        "large_project_share",
    )
    for name in fractions:
        assert ((traits[name] >= 0) & (traits[name] <= 1)).all(), name
    shares = traits["labour_share"] + traits["energy_share"] + traits["input_share"]
    assert (shares < 1).all(), "services and capital are left"
    assert set(traits["build_years"]) <= {1, 2, 3}
    assert set(traits["high_tech"]) == {0, 1}
    assert (traits["trade_elasticity"] >= 3).all()
    assert (traits["trade_elasticity"] <= 7).all()
    goods = np.array(geography.sectors) != "research"
    band = traits["time_cost_per_day"][goods]  # Hummels and Schaur: 0.6-2.1 %, bulk goods up to a third below
    assert (band >= 0.004).all()
    assert (band <= 0.021).all()
    research = geography.sector("research")
    assert traits["time_cost_per_day"][research] == 0
    assert traits["freight_share"][research] < 0.001
    assert traits["labour_share"].argmax() == research


def test_high_tech_is_said_once(geography: Geography) -> None:
    with (FOLDER / "sectors.csv").open(encoding="utf-8") as table:
        flags = [float(row["high_tech"]) for row in csv.DictReader(table)]
    assert geography.traits["high_tech"].tolist() == flags


def test_shared_tables_cannot_be_changed(geography: Geography) -> None:
    assert load_geography() is geography
    for table in (geography.shore_of, geography.home_of, geography.traits["labour_share"]):
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 0
    with pytest.raises(TypeError):
        geography.groups["new"] = ()  # type: ignore[index]


@pytest.mark.parametrize("name", LONG_TABLES)
def test_every_number_says_where_it_is_from(name: str) -> None:
    for row in read_long(name):
        assert row.certainty in CERTAINTY
        assert len(row.source) > 10, row.place
        assert row.unit, row.place
        if row.certainty == "C":
            assert "range" in row.source, f"{row.place}: an estimate without its range"
        assert not re.search(r"(^|\s)(/\w+/|[A-Z]:\\)", row.source), f"{row.place}: a path of somebody's machine"


def test_the_tables_stay_small() -> None:
    assert sum(table.stat().st_size for table in FOLDER.glob("*.csv")) < 1_500_000


def test_the_room_imports_only_errors_and_numpy() -> None:
    """The house rule: geography stands on errors and block alone and is light at import."""
    for module in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] not in ("pandas", "xarray", "yaml", "scipy", "matplotlib"), module.name
                if name.startswith("footloose"):
                    assert re.match(r"footloose\.(errors|block|geography)(\.|$)", name), (module.name, name)


def test_a_member_is_rows_and_never_code(folder: Path) -> None:
    """Turkey, with Thailand's numbers in every table, is a site of the geography and of the base year."""
    for table in folder.glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        clones = [["turkey" if cell == "thailand" else cell for cell in row] for row in rows if "thailand" in row]
        with table.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows + clones)
    larger = reload()
    assert larger.sites == (*SITES, "turkey")
    base = build_base_year(larger, read_long("base_year_flows.csv"), read_long("base_year_structure.csv"))
    turkey, thailand = larger.site("turkey"), larger.site("thailand")
    assert np.allclose(base.use[:, :, turkey], base.use[:, :, thailand], rtol=1e-6)
    assert np.isfinite(base.ownership).all()
    assert np.allclose(base.input_origin.sum(axis=2), 1)
    by_partner = [m for m in base.misfit if m.marginal.endswith("by partner") and m.member == "turkey"]
    assert len(by_partner) == 1
    assert abs(by_partner[0].relative) < 0.01


@pytest.mark.parametrize(
    "table, change, message",
    [
        (
            "shores.csv",
            lambda t: t.replace("china,vietnam,", "china,vietnan,"),
            r"shores.csv, row \d+, column site",
        ),
        (
            "shores.csv",
            lambda t: t.replace("china,vietnam,near\n", ""),
            "no row for market china, site vietnam",
        ),
        ("shores.csv", lambda t: t.replace("mexico,near", "mexico,nearby"), "did you mean 'near'"),
        ("sites.csv", lambda t: t.replace("121.5", "east"), "column longitude: 'east' is not a number"),
        ("sites.csv", lambda t: t.replace("vietnam,,asia", "vietnam,,azia"), "column nest: 'azia'"),
        ("sites.csv", lambda t: t + t.splitlines()[-1] + "\n", "there twice"),
        ("markets.csv", lambda t: t.replace(",home_country", ",home"), "row 1: columns are"),
        ("groups.csv", lambda t: t + "asia_hosts,atlantis\n", "column site: 'atlantis'"),
        ("groups.csv", lambda t: t + "china,vietnam\n", "is the name of a country or site"),
        (
            "labels.csv",
            lambda t: t.replace("country,mexico,Mexico", "country,mexico,Messico"),
            "column label_en",
        ),
        (
            "sector_traits.csv",
            lambda t: t.replace("labour_share,", "labor_share,"),
            "unknown variables labor_share",
        ),
        ("sector_traits.csv", lambda t: t.replace(",D\n", ",E\n", 1), "column certainty: 'E'"),
        ("sector_traits.csv", lambda t: t + t.splitlines()[-1] + "\n", "is given twice"),
        ("sector_traits.csv", lambda t: t.replace(",0.55,", ",nan,", 1), "is not finite"),
        (
            "sector_traits.csv",
            lambda t: "\n".join(t.splitlines()[:-1]),
            "no value of large_project_share for research",
        ),
        ("origins.csv", lambda t: t.splitlines()[0] + "\n", "no rows"),
        ("origins.csv", lambda t: t + "mars,Mars\n", "2 cells, expected 3"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    folder: Path, table: str, change: Callable[[str], str], message: str
) -> None:
    edit(folder / table, change)
    with pytest.raises(DataError, match=message):
        reload()


def test_fill_leaves_gaps_only_when_told() -> None:
    rows = [row for row in read_long("sector_traits.csv") if row.sector != "research"]
    axes = {"sector": ("textiles", "research")}
    with pytest.raises(DataError, match="electronics"):
        fill([r for r in rows if r.sector in ("textiles", "electronics")], "labour_share", axes)
    partial = fill([r for r in rows if r.sector == "textiles"], "labour_share", axes, complete=False)
    assert np.isnan(partial).tolist() == [False, True]


def test_long_columns_are_the_contract() -> None:
    header = ",".join(LONG_COLUMNS)
    assert header == "variable,unit,market,site,sector,origin,partner,year,value,source,certainty"
    for name in LONG_TABLES:
        assert (FOLDER / name).read_text(encoding="utf-8").splitlines()[0] == header
