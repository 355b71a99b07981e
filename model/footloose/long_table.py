"""The long table: every variable of a record in tidy rows, IAMC-style names, `all` where an axis is summed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from footloose.columns import Columns, numbers_along, words_along
from footloose.record import Record
from footloose.registry import find_mechanisms, reported_tables
from footloose.variables import VARIABLES

Floats = npt.NDArray[np.float64]
COLUMNS = ("scenario", "replicate", "year", "variable", "market", "site", "sector", "origin", "unit", "value")
FULL = 100.0


@dataclass(frozen=True)
class Piece:
    """One variable with labels for the axes after (replicate, year), in the order market, site, sector, origin."""

    variable: str
    values: Floats
    market: tuple[str, ...] = ("all",)
    site: tuple[str, ...] = ("all",)
    sector: tuple[str, ...] = ("all",)
    origin: tuple[str, ...] = ("all",)

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The labels of its four axes."""
        return self.market, self.site, self.sector, self.origin


@cache
def units() -> dict[str, str]:
    """Return the unit of every variable, those that mechanisms report among them, by the part before any `|<`."""
    reported = {table.variable: table.unit for table in reported_tables(find_mechanisms()).values()}
    return reported | {variable.name.split("|<")[0]: variable.unit for variable in VARIABLES}


def unit_of(variable: str) -> str:
    """Return the unit of a variable of the long table."""
    known = units()
    return known[variable] if variable in known else next(known[name] for name in known if variable.startswith(name))


def long_table(record: Record) -> Columns:
    """Return every variable of the record as rows; the columns COLUMNS."""
    found, lead = list(pieces(record)), (record.replicates, len(record.years))
    told = {reported.variable: reported.unit for reported in record.reported.values()}
    shapes = [(*lead, *(len(axis) for axis in piece.labels)) for piece in found]
    units = [told[piece.variable] if piece.variable in told else unit_of(piece.variable) for piece in found]
    return {
        "scenario": words_along(0, [(str(record.manifest.get("scenario", "")),)] * len(found), shapes),
        "replicate": numbers_along(0, [np.array(record.labels("replicate"))] * len(found), shapes),
        "year": numbers_along(1, [np.array(record.years)] * len(found), shapes),
        "variable": words_along(0, [(piece.variable,) for piece in found], shapes),
        "market": words_along(2, [piece.market for piece in found], shapes),
        "site": words_along(3, [piece.site for piece in found], shapes),
        "sector": words_along(4, [piece.sector for piece in found], shapes),
        "origin": words_along(5, [piece.origin for piece in found], shapes),
        "unit": words_along(0, [(unit,) for unit in units], shapes),
        "value": np.concatenate([np.asarray(piece.values, dtype=np.float64).ravel() for piece in found]),
    }


def pieces(record: Record) -> Iterator[Piece]:
    """Yield the variables."""
    yield from trade_pieces(record)
    yield from content_pieces(record)
    yield from job_pieces(record)
    yield from project_pieces(record)
    yield from policy_pieces(record)
    yield from move_pieces(record)
    yield from state_pieces(record)
    yield from reported_pieces(record)


@dataclass(frozen=True)
class Grouping:
    """Sites summed into groups: labels and the (group, site) matrix, per market where shores are meant."""

    labels: tuple[str, ...]
    members: Floats


def countries(record: Record) -> Grouping:
    """Return sites summed by country."""
    geography = record.geography
    country = np.asarray(geography.country_of_site)
    members = np.equal.outer(np.arange(len(geography.countries)), country).astype(np.float64)
    return Grouping(tuple(f"country:{name}" for name in geography.countries), members)


def shore_matrix(record: Record) -> Floats:
    """Return which site lies on which shore of which market; (market, shore, site)."""
    geography = record.geography
    shores = np.arange(len(geography.shores))
    lies = shores[None, :, None] == np.asarray(geography.shore_of)[:, None, :]
    return np.asarray(lies, dtype=np.float64)


def shore_labels(record: Record) -> tuple[str, ...]:
    """Return the labels shore:NAME."""
    return tuple(f"shore:{name}" for name in record.geography.shores)


def trade_pieces(record: Record) -> Iterator[Piece]:
    """Yield sales, imports and shares by site, shore and country."""
    geography = record.geography
    sales = np.swapaxes(record.tables["sales"].sum(axis=4), 3, 4)  # replicate, year, market, site, sector
    foreign = 1.0 - shore_matrix(record)[:, geography.shores.index("home")]
    imports = sales * foreign[None, None, :, :, None]
    country = countries(record)
    names = {"market": geography.markets}
    yield Piece("Sales|Value", sales, site=geography.sites, sector=geography.sectors, **names)
    yield Piece("Imports|Value", imports, site=geography.sites, sector=geography.sectors, **names)
    total, bought = imports.sum(axis=4), sales.sum(axis=4)
    by_country = _group(total, country.members)
    yield Piece("Imports|Value", total, site=geography.sites, **names)
    yield Piece("Imports|Value", by_country, site=country.labels, **names)
    yield Piece("Imports|Value", total.sum(axis=3), **names)
    for label, sector_sales in ((("all",), bought[..., None]), (geography.sectors, sales)):
        whole = np.maximum(sector_sales.sum(axis=3, keepdims=True), 1e-9)
        shore = np.einsum("rymjs,mhj->rymhs", sector_sales, shore_matrix(record))
        yield Piece("Imports|Share", FULL * shore / whole, site=shore_labels(record), sector=label, **names)
    whole = np.maximum(bought.sum(axis=3, keepdims=True), 1e-9)
    yield Piece("Imports|Share", FULL * bought / whole, site=geography.sites, **names)
    yield Piece("Imports|Share", FULL * _group(bought, country.members) / whole, site=country.labels, **names)
    abroad = np.maximum(total.sum(axis=3, keepdims=True), 1e-9)
    yield Piece("Imports|Import Share", FULL * total / abroad, site=geography.sites, **names)
    yield Piece("Imports|Import Share", FULL * by_country / abroad, site=country.labels, **names)
    for number, sector in enumerate(geography.sectors):
        part = _group(imports[..., number], country.members)
        whole = np.maximum(part.sum(axis=3, keepdims=True), 1e-9)
        yield Piece("Imports|Import Share", FULL * part / whole, site=country.labels, sector=(sector,), **names)
    share = _group(bought, country.members) / np.maximum(bought.sum(axis=3, keepdims=True), 1e-9)
    yield Piece("Concentration|HHI", (share**2).sum(axis=3), **names)
    output = np.moveaxis(record.tables["sales"].sum(axis=(2, 4)), 2, 3)
    yield Piece("Output|Value", output, site=geography.sites, sector=geography.sectors)
    yield Piece("Output|Value", output.sum(axis=3), site=geography.sites)
    yield Piece("Output|Value", _group(output.sum(axis=3)[:, :, None], country.members), site=country.labels)
    by_owner = np.einsum("rymsoj,cj->rycso", record.tables["sales"], country.members)
    yield Piece("Output|Value", by_owner.sum(axis=3), site=country.labels, origin=geography.origins)


def content_pieces(record: Record) -> Iterator[Piece]:
    """Yield the Chinese share of what markets buy, direct and with parts inside goods made elsewhere."""
    geography = record.geography
    china = np.zeros(len(geography.sites))
    china[list(geography.sites_in("china"))] = 1.0
    parts = np.asarray(geography.traits["input_share"])[:, None] * record.tables["parts_from_china"]
    content = np.where(china > 0.0, 1.0, parts)
    sales = record.tables["sales"].sum(axis=4)
    whole = np.maximum(sales.sum(axis=(3, 4)), 1e-9)
    direct = np.einsum("rymsj,j->rym", sales, china) / whole
    total = np.einsum("rymsj,rysj->rym", sales, content) / whole
    yield Piece("China Content|Direct", FULL * direct, market=geography.markets)
    yield Piece("China Content|Total", FULL * total, market=geography.markets)


def job_pieces(record: Record) -> Iterator[Piece]:
    """Yield jobs: stock, announced, filled; and manufacturing in gross domestic product."""
    geography, country = record.geography, countries(record)
    home = np.asarray(geography.home_of, dtype=np.float64)[:, None, :]
    entries = record.tables["entries_jobs"]
    own, by_foreigners = (entries * home).sum(axis=2), entries * (1.0 - home)
    stocks = {
        "Jobs|Stock": record.tables["jobs"],
        "Jobs|Announced|Reshoring": own,
        "Jobs|Announced|FDI": by_foreigners.sum(axis=2),
        "Jobs|Announced|For a Gain": record.tables["jobs_reshoring"] + record.tables["jobs_foreign"].sum(axis=2),
        "Jobs|Announced|Turnover": record.tables["jobs_turnover"],
        "Jobs|Announced|Due to Costs": record.tables["jobs_due"],
    }
    for variable, values in stocks.items():
        by_site = np.swapaxes(values, 2, 3)
        grouped = np.einsum("rysj,cj->rycs", values, country.members)
        yield Piece(variable, by_site.sum(axis=3), site=geography.sites)
        yield Piece(variable, grouped, site=country.labels, sector=geography.sectors)
        yield Piece(variable, grouped.sum(axis=3), site=country.labels)
    foreign = np.einsum("ryosj,cj->ryco", by_foreigners, country.members)
    yield Piece("Jobs|Announced|FDI", foreign, site=country.labels, origin=geography.origins)
    high = np.asarray(geography.traits["high_tech"])
    whole = np.maximum(foreign.sum(axis=3), 1e-9)
    advanced = np.einsum("ryosj,s,cj->ryc", by_foreigners, high, country.members)
    yield Piece("FDI|High-Tech Share", FULL * advanced / whole, site=country.labels)
    for variable, name in (("Jobs|Filled", "entries_filled"), ("Jobs|Filled|For a Gain", "jobs_filled")):
        yield Piece(variable, record.tables[name], site=geography.sites)
        yield Piece(variable, _group(record.tables[name][:, :, None], country.members), site=country.labels)
    yield from owner_pieces(record)
    value_added = np.einsum("rymsoj,s,cj->ryc", record.tables["sales"], record.base.value_added_share, country.members)
    for name, gdp in record.gdp.items():
        part = value_added[:, :, geography.countries.index(name)] / gdp
        yield Piece("Manufacturing|Share of GDP", FULL * part, site=(f"country:{name}",))


def owner_pieces(record: Record) -> Iterator[Piece]:
    """Yield entries across borders and expansions, by home of the owner."""
    geography, country = record.geography, countries(record)
    for variable, name in (
        ("Jobs|Announced|All Entries", "entries_jobs"),
        ("Jobs|Announced|Expansion", "expansion_jobs"),
        ("Projects|All Entries", "entries_projects"),
    ):
        values = record.tables[name]
        by_owner = np.einsum("ryosj,cj->ryco", values, country.members)
        by_sector = np.einsum("ryosj,cj->rycs", values, country.members)
        yield Piece(variable, values.sum(axis=2).sum(axis=2), site=geography.sites)
        yield Piece(variable, by_owner, site=country.labels, origin=geography.origins)
        yield Piece(variable, by_sector, site=country.labels, sector=geography.sectors)
        yield Piece(variable, by_owner.sum(axis=3), site=country.labels)


def project_pieces(record: Record) -> Iterator[Piece]:
    """Yield projects by stage."""
    country = countries(record)
    for stage in ("announced", "open", "delayed", "cancelled"):
        values = record.tables[f"projects_{stage}"]
        variable = f"Projects|{stage.capitalize()}"
        yield Piece(variable, values, site=record.geography.sites)
        yield Piece(variable, _group(values[:, :, None], country.members), site=country.labels)
    for stage in ("announced", "delayed", "cancelled"):
        grouped = np.einsum("rysj,cj->rycs", record.tables[f"{stage}_value"], country.members)
        variable = f"Projects|Value|{stage.capitalize()}"
        yield Piece(variable, grouped, site=country.labels, sector=record.geography.sectors)
        yield Piece(variable, grouped.sum(axis=3), site=country.labels)


def policy_pieces(record: Record) -> Iterator[Piece]:
    """Yield duties and support."""
    geography, country = record.geography, countries(record)
    foreign = 1.0 - shore_matrix(record)[:, geography.shores.index("home")]
    imports = record.tables["sales"].sum(axis=4) * foreign[None, None, :, None, :]
    duty = imports * record.tables["collected_rate"]
    by_country, bought = (_group(flow.sum(axis=3), country.members) for flow in (duty, imports))
    rate = np.where(bought > 0.0, by_country / np.maximum(bought, 1e-9), 0.0)
    yield Piece("Tariff|Collected Rate", FULL * rate, market=geography.markets, site=country.labels)
    whole = duty.sum(axis=(3, 4)) / np.maximum(imports.sum(axis=(3, 4)), 1e-9)
    yield Piece("Tariff|Collected Rate", FULL * whole, market=geography.markets)
    yield Piece("Tariff|Revenue", duty.sum(axis=(3, 4)), market=geography.markets)
    outlay = record.tables["subsidy_outlay"]
    yield Piece("Subsidy|Outlay", _group(outlay.sum(axis=2)[:, :, None], country.members), site=country.labels)
    grouped = np.einsum("rysj,cj->rycs", outlay, country.members)
    yield Piece("Subsidy|Outlay", grouped, site=country.labels, sector=geography.sectors)


def move_pieces(record: Record) -> Iterator[Piece]:
    """Yield moves from shore to shore, and their reasons."""
    geography, shores = record.geography, shore_matrix(record)
    for kind in ("value", "count"):
        moves = record.tables[f"moves_{kind}"]
        flow = np.einsum("rymsij,mai,mbj->rymsab", moves, shores, shores, optimize=True)
        for a, left in enumerate(geography.shores):
            for b, reached in enumerate(geography.shores):
                values = flow[..., a, b]
                variable = f"Moves|{kind.capitalize()}|{left}|{reached}"
                if values.any():
                    yield Piece(variable, values, market=geography.markets, sector=geography.sectors)
                yield Piece(variable, values.sum(axis=3), market=geography.markets)
    reasons = record.tables["reasons"].sum(axis=3)
    whole = np.maximum(reasons.sum(axis=3), 1e-9)
    for number, line in enumerate(record.lines):
        yield Piece(f"Reasons|Share|{line}", FULL * reasons[..., number] / whole, market=geography.markets)


def state_pieces(record: Record) -> Iterator[Piece]:
    """Yield the state of sites and markets."""
    geography = record.geography
    yield Piece("Wage|Index", record.tables["wage"], site=geography.sites)
    yield Piece("Robots|Density", record.tables["robot_density"], site=geography.sites)
    for variable, name, scale in (
        ("Parts|From China", "parts_from_china", FULL),
        ("Parts|From Own Country", "parts_from_home", FULL),
        ("Construction|Value", "construction", 1.0),
    ):
        by_site = scale * np.swapaxes(record.tables[name], 2, 3)
        yield Piece(variable, by_site, site=geography.sites, sector=geography.sectors)
    yield Piece("Construction|Value", record.tables["construction"].sum(axis=2), site=geography.sites)
    yield Piece("Shortage|Value", record.tables["shortage"], market=geography.markets, sector=geography.sectors)
    yield Piece("Shortage|Value", record.tables["shortage"].sum(axis=3), market=geography.markets)
    cluster = np.swapaxes(record.tables["cluster"], 2, 3)
    yield Piece("Cluster|Stock", cluster, site=geography.sites, sector=geography.sectors)
    bought = record.tables["sales"].sum(axis=(4, 5))
    whole = np.maximum(bought.sum(axis=3), 1e-9)
    cost = (bought * record.tables["buyer_cost"]).sum(axis=3) / whole
    yield Piece("Buyer Cost|Index", cost, market=geography.markets)
    paired = (bought * record.tables["second_site_share"]).sum(axis=3) / whole
    yield Piece("Footprint|Second Site Share", FULL * paired, market=geography.markets)


def reported_pieces(record: Record) -> Iterator[Piece]:
    """Yield what mechanisms report: one variable a table, its axes among market, sector, origin and site."""
    order = ("market", "site", "sector", "origin")
    for name, reported in record.reported.items():
        axes = [axis for axis in order if axis in reported.axes]
        values = np.transpose(record.tables[name], (0, 1, *(2 + reported.axes.index(axis) for axis in axes)))
        yield Piece(reported.variable, values, **{axis: record.labels(axis) for axis in axes})


def _group(values: Floats, members: Floats) -> Floats:
    """Sum the last axis (site) into groups."""
    return np.asarray(values @ members.T)
