"""Books: what holds at the end of every year, counted afresh from the firms and from the long table."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import footloose
from footloose import books
from footloose.employment import jobs_per_output
from footloose.errors import BooksError
from footloose.firms import VALUE_UNIT
from footloose.law import Law
from footloose.orders import count_output, purchases
from footloose.projects import count_footing
from footloose.running import Run, Tables
from footloose.simulation import begin_run
from footloose.world import World
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]
FIRMS = 8_000
CLOSE = 1e-9
"""Relative rounding of sums of some thousand doubles: far above 1e-16 x terms, far below anything real."""

STORM = (
    "policies.duty.kind=tariff",
    "policies.duty.market=united_states",
    "policies.duty.sites=all",
    "policies.duty.rate=35",
    "policies.duty.from=2014",
    "policies.duty.until=2020",
    "policies.grant.kind=subsidy",
    "policies.grant.sites=[us_south, us_midwest]",
    "policies.grant.capex_share=80",
    "policies.grant.from=2015",
    "policies.grant.budget_usd_billion=5",
    "policies.credit.kind=subsidy",
    "policies.credit.sites=vietnam",
    "policies.credit.output_share=10",
    "policies.credit.new_plants_only=false",
    "policies.credit.from=2012",
    "policies.credit.budget_usd_billion=2",
    "projects.delay_hazard=0.4",
    "projects.cancel_hazard=0.3",
    "decisions.second_site_ease=0.8",
)
"""A world of tariffs, grants that run out, and projects that fail."""


@dataclasses.dataclass
class Year:
    """The end of a year: what it left, and the state the run is in."""

    year: int
    left: Tables
    run: Run
    world: World
    """The view mechanisms had at its start."""


def years_of(overrides: tuple[str, ...]) -> Iterator[Year]:
    """Live year by year; the run is the same object throughout."""
    run = begin_run(footloose.load("baseline", overrides=overrides), firms=FIRMS)
    for year in run.setting.law.years:
        world = World(run.setting, year, run.state, run.activity)
        yield Year(year, live_one_year(run, year), run, world)


WORLDS = pytest.mark.parametrize("overrides", [(), STORM], ids=["baseline", "storm"])


@WORLDS
def test_programmes(overrides: tuple[str, ...]) -> None:
    """Nobody is lost, born or doubled; the table of footprints is what the firms say, to the last thousand dollars."""
    first: npt.NDArray[np.int64] | None = None
    for end in years_of(overrides):
        firms, shape = end.run.firms, end.run.setting.shape
        np.testing.assert_array_equal(count_footing(firms, end.run.setting.cells, shape[3]), end.run.footing)
        by_cell = np.bincount(firms.cell, weights=firms.value, minlength=end.run.setting.cells)
        np.testing.assert_array_equal(by_cell, end.run.footing.sum(axis=(1, 2)))
        first = by_cell if first is None else first
        np.testing.assert_array_equal(by_cell, first)
        assert ((firms.main >= 0) & (firms.main < shape[3])).all()
        assert ((firms.second >= -1) & (firms.second < shape[3]) & (firms.second != firms.main)).all()
        assert end.run.total == int(firms.value.sum())


@WORLDS
def test_trade_output_and_jobs(overrides: tuple[str, ...]) -> None:
    """Markets buy what they want, sites make what is bought from them, and jobs go with what they make."""
    first: Floats | None = None
    for end in years_of(overrides):
        activity, left, setting = end.run.activity, end.left, end.run.setting
        assert (left["sales"] >= 0.0).all()
        np.testing.assert_array_equal(activity.sales, left["sales"])
        np.testing.assert_allclose(activity.output, left["sales"].sum(axis=(0, 2)), rtol=CLOSE)
        np.testing.assert_allclose(left["jobs"], activity.output * jobs_per_output(end.world), rtol=CLOSE)
        now, first = left["collected_rate"], left["collected_rate"] if first is None else first
        demand = setting.history.series["demand"][end.year - 2010]
        wanted = purchases(end.run.rules.orders, setting.base.use, demand, now - first)
        np.testing.assert_allclose(left["sales"].sum(axis=(2, 3)), wanted, rtol=CLOSE)
        # Who stands nowhere sells nothing.
        stands = end.run.footing.sum(axis=1) + end.run.footing.sum(axis=2)
        reached = end.left["moves_value"].sum(axis=(0, 1, 2)) + end.left["moves_value"].sum(axis=(0, 1, 3))
        absent = (stands.reshape(setting.shape) == 0) & (reached == 0.0)
        assert (left["sales"][absent] == 0.0).all()


@WORLDS
def test_projects(overrides: tuple[str, ...]) -> None:
    """Announced = building + open + cancelled, in numbers, and site by site in programmes stood for."""
    announced: Floats | float = 0.0
    ended: Floats | float = 0.0
    delays = 0.0
    for end in years_of(overrides):
        run, firms = end.run, end.run.firms
        building = firms.target >= 0
        assert run.announced_projects == int(building.sum()) + run.opened_projects + run.cancelled_projects
        weight = firms.value * VALUE_UNIT / firms.size
        announced = announced + end.left["projects_announced"]
        ended = ended + end.left["projects_open"] + end.left["projects_cancelled"]
        delays += end.left["projects_delayed"].sum()
        under_way = np.bincount(firms.target[building], weights=weight[building], minlength=announced.size)
        np.testing.assert_allclose(announced, ended + under_way, rtol=1e-6, atol=1e-9)
        assert (firms.years_left[building] >= 1).all()
        assert (firms.years_left[~building] == 0).all()
        assert (firms.adding[~building] == 0).all()
        assert not (firms.target == firms.main)[building].any()
    assert delays > 0.0
    assert run.opened_projects > 0
    assert run.cancelled_projects > 0


@WORLDS
def test_support_never_exceeds_its_budget(overrides: tuple[str, ...]) -> None:
    """Outlay adds up to what each instrument spent, and none spends more than it has, nor takes any of it back."""
    paid, before = 0.0, {}
    for end in years_of(overrides):
        assert (end.left["subsidy_outlay"] >= 0.0).all()
        paid += end.left["subsidy_outlay"].sum()
        assert sum(end.run.spent.values()) == pytest.approx(paid, rel=CLOSE, abs=1e-6)
        for instrument in end.run.setting.law.of_kind("subsidy"):
            row, spent = instrument.row, end.run.spent[instrument.row.id]
            if row.budget_usd_billion is not None:
                assert spent <= row.budget_usd_billion * 1000.0 * (1.0 + CLOSE)
            assert spent >= before.get(row.id, 0.0)
            if end.year < row.start.year:
                assert spent == 0.0
        before = dict(end.run.spent)
    if overrides:
        assert before["credit"] == pytest.approx(2_000.0)  # it does run out
        assert 0.0 < before["grant"] <= 5_000.0 * (1.0 + CLOSE)


@WORLDS
def test_states_stay_sane(overrides: tuple[str, ...]) -> None:
    for end in years_of(overrides):
        for name, table in {**end.left, **end.run.state}.items():
            assert np.isfinite(table).all(), (end.year, name)
        assert (end.run.state["cluster"] > 0.0).all()
        assert ((end.run.state["automation"] >= 0.0) & (end.run.state["automation"] < 1.0)).all()
        assert ((end.left["second_site_share"] >= 0.0) & (end.left["second_site_share"] <= 1.0)).all()


def test_broken_books_stop_the_run() -> None:
    """Each check fails when its identity does."""
    run = begin_run(footloose.load("baseline"), firms=500)
    books.check_programmes(run.firms, count_output(run.footing), run.total, 2010)
    with pytest.raises(BooksError, match="add up"):
        books.check_programmes(run.firms, count_output(run.footing), run.total + 1, 2010)
    less = run.footing.copy()
    less[0, 0, 0], less[0, 0, 1] = -1, less[0, 0, 1] + less[0, 0, 0] + 1
    with pytest.raises(BooksError, match="less than nothing"):
        books.check_programmes(run.firms, count_output(less), run.total, 2010)
    run.firms.second[0] = run.firms.main[0]
    with pytest.raises(BooksError, match="twice"):
        books.check_programmes(run.firms, count_output(run.footing), run.total, 2010)
    books.check_projects(6, 3, 2, 1, 2010)
    with pytest.raises(BooksError, match="announced"):
        books.check_projects(7, 3, 2, 1, 2010)
    books.check_budgets({"a": 1000.0, "b": 9.0}, {"a": 1.0, "b": None}, 2010)
    with pytest.raises(BooksError, match="a paid"):
        books.check_budgets({"a": 1000.1}, {"a": 1.0}, 2010)
    sales = np.ones((1, 1, 1, 2))
    books.check_trade(sales, np.full((1, 1), 2.0), 2010)
    with pytest.raises(BooksError, match="differ"):
        books.check_trade(sales, np.full((1, 1), 2.1), 2010)


@pytest.fixture(scope="module")
def record() -> Any:
    return footloose.simulate(footloose.load("baseline"), firms=FIRMS)


@pytest.fixture(scope="module")
def table(record: Any) -> pd.DataFrame:
    """Return the long table with plain text labels."""
    texts = ["variable", "market", "site", "sector", "origin"]
    return record.table.astype(dict.fromkeys(texts, str))


def pick(table: pd.DataFrame, variable: str, **where: str) -> pd.DataFrame:
    chosen = table[table.variable == variable]
    for column, start in where.items():
        chosen = chosen[chosen[column].str.startswith(start)]
    assert len(chosen), (variable, where)
    return chosen


def total(rows: pd.DataFrame, *by: str) -> pd.Series:
    return rows.groupby(["replicate", "year", *by]).value.sum()


def of_sites(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out groups of sites and the total of all."""
    return rows[~rows.site.str.contains(":") & (rows.site != "all")]


def same(one: pd.Series, other: pd.Series) -> None:
    pd.testing.assert_series_equal(one, other, rtol=CLOSE, atol=1e-6, check_names=False)


@pytest.mark.parametrize("variable", ["Imports|Share", "Imports|Import Share"])
def test_shares_add_up_to_a_hundred(variable: str, table: pd.DataFrame) -> None:
    """Over sites, over countries and over shores, in every market and year, for all sectors and for each."""
    rows = pick(table, variable)
    kinds = {"site": of_sites(rows), "country": rows[rows.site.str.startswith("country:")]}
    if variable == "Imports|Share":
        kinds["shore"] = rows[rows.site.str.startswith("shore:")]
    for kind, chosen in kinds.items():
        sums = total(chosen, "market", "sector")
        np.testing.assert_allclose(sums[sums > 0.0], 100.0, rtol=CLOSE, err_msg=kind)
        assert (total(chosen[chosen.sector == "all"], "market") > 0.0).all()
        assert (chosen.value >= 0.0).all()


def test_reasons_add_up_to_a_hundred_or_to_nothing(table: pd.DataFrame) -> None:
    rows = table[table.variable.str.startswith("Reasons|Share|")]
    sums = total(rows, "market").to_numpy()
    assert ((np.abs(sums - 100.0) < 1e-6) | (sums == 0.0)).all()
    assert (sums > 0.0).mean() > 0.9


def test_output_is_the_sum_of_sales(table: pd.DataFrame) -> None:
    sales, output = pick(table, "Sales|Value"), pick(table, "Output|Value")
    by_sector = of_sites(output)[of_sites(output).sector != "all"]
    same(total(sales, "site", "sector"), total(by_sector, "site", "sector"))
    in_all = of_sites(output)[of_sites(output).sector == "all"]
    same(total(sales, "site"), total(in_all, "site"))
    countries = output[output.site.str.startswith("country:")]
    same(total(in_all), total(countries[countries.origin == "all"]))
    same(total(in_all), total(countries[countries.origin != "all"]))


def test_imports_are_the_sales_from_abroad(table: pd.DataFrame, record: Any) -> None:
    geography = record.geography
    home = geography.shores.index("home")
    abroad = {
        (market, site)
        for m, market in enumerate(geography.markets)
        for j, site in enumerate(geography.sites)
        if geography.shore_of[m, j] != home
    }
    sales = pick(table, "Sales|Value")
    foreign = sales[[pair in abroad for pair in zip(sales.market, sales.site, strict=True)]]
    imports = pick(table, "Imports|Value")
    everything = imports[(imports.site == "all") & (imports.sector == "all")]
    same(total(foreign, "market"), total(everything, "market"))
    same(total(imports[imports.site.str.startswith("country:")], "market"), total(everything, "market"))


def test_tariff_revenue_is_rate_times_base(table: pd.DataFrame) -> None:
    """For each market in all, and adding up over the countries it buys from."""
    imports = pick(table, "Imports|Value")
    imports = imports[imports.sector == "all"]
    rate, revenue = pick(table, "Tariff|Collected Rate"), pick(table, "Tariff|Revenue")
    keys = ["replicate", "year", "market", "site"]
    base, rates = imports.set_index(keys).value, rate.set_index(keys).value
    collected = (rates / 100.0 * base.loc[rates.index]).rename("value").reset_index()
    whole = collected[collected.site == "all"]
    same(total(whole, "market"), total(revenue, "market"))
    same(total(collected[collected.site != "all"], "market"), total(revenue, "market"))
    assert (revenue.value >= 0.0).all()


def test_jobs_moves_and_outlay_add_up(table: pd.DataFrame, record: Any) -> None:
    for variable in ("Jobs|Stock", "Jobs|Announced|Reshoring", "Jobs|Announced|FDI", "Jobs|Announced|Turnover"):
        rows = pick(table, variable)
        rows = rows[rows.origin == "all"]
        sites, countries = of_sites(rows), rows[rows.site.str.startswith("country:")]
        same(total(sites), total(countries[countries.sector == "all"]))
        same(total(sites), total(countries[countries.sector != "all"]))
    foreign = pick(table, "Jobs|Announced|FDI", site="country:")
    same(total(foreign[foreign.origin != "all"]), total(foreign[(foreign.origin == "all") & (foreign.sector == "all")]))
    for kind in ("Value", "Count"):
        rows = table[table.variable.str.startswith(f"Moves|{kind}|") & (table.sector == "all")]
        moved = record.tables[f"moves_{kind.lower()}"].sum(axis=(2, 3, 4, 5)).ravel()
        np.testing.assert_allclose(total(rows), moved, rtol=CLOSE)
    outlay = pick(table, "Subsidy|Outlay")
    paid = record.tables["subsidy_outlay"].sum(axis=(2, 3)).ravel()
    np.testing.assert_allclose(total(outlay[outlay.sector == "all"]), paid, rtol=CLOSE, atol=1e-9)
    np.testing.assert_allclose(total(outlay[outlay.sector != "all"]), paid, rtol=CLOSE, atol=1e-9)


def test_a_scenario_without_instruments_has_an_empty_law() -> None:
    run = begin_run(footloose.load("baseline", overrides=["policy_record.include=none"]), firms=500)
    law: Law = run.setting.law
    assert law.instruments == ()
    assert not law.tariffs.now.any()
    for year in (2010, 2011, 2012):
        assert live_one_year(run, year)["subsidy_outlay"].sum() == 0.0
