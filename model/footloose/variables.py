"""Every variable a run reports: name, axes, unit, meaning. `docs/variables.md` and the record are made from here.

`TABLES` are what the model keeps of each year; `VARIABLES` are what the long table reports, each computed from tables.
"""

from __future__ import annotations

from dataclasses import dataclass

USD = "USD million of 2010"


@dataclass(frozen=True)
class Table:
    """One array of the record: its axes after (replicate, year), unit and meaning."""

    axes: tuple[str, ...]
    unit: str
    meaning: str


@dataclass(frozen=True)
class Reported(Table):
    """A table that a mechanism adds to the record, and the variable of the long table that shows it."""

    variable: str


@dataclass(frozen=True)
class Variable:
    """One variable of the long table."""

    name: str
    unit: str
    meaning: str


TABLES: dict[str, Table] = {
    "sales": Table(
        ("market", "sector", "origin", "site"),
        USD,
        "What each market buys from each site, by sector and home of the owner.",
    ),
    "jobs": Table(("sector", "site"), "persons", "People employed."),
    "jobs_filled": Table(
        ("site",),
        "persons per year",
        "Jobs filled this year of plants opened by programmes that crossed a border (reshoring and FDI, without turnover).",
    ),
    "jobs_reshoring": Table(
        ("sector", "site"),
        "persons per year",
        "Jobs announced by owners who bring production across a border to their home, where costs have moved in its favour since the base year.",
    ),
    "jobs_foreign": Table(
        ("origin", "sector", "site"),
        "persons per year",
        "Jobs announced by owners who take production across a border to another country than their home, where costs have moved in its favour since the base year; by home of the owner.",
    ),
    "jobs_turnover": Table(
        ("sector", "site"),
        "persons per year",
        "Jobs of the other projects that cross a border: turnover, which goes on to and fro when nothing changes.",
    ),
    "jobs_due": Table(
        ("sector", "site"),
        "persons per year",
        "Part of the jobs of reshoring and FDI not there at base-year costs: 1 - exp(-theta x gain) of each project.",
    ),
    "entries_jobs": Table(
        ("origin", "sector", "site"),
        "persons per year",
        "Jobs of all projects announced across a border, whatever their motive, by home of the owner: what a library of announcements counts.",
    ),
    "entries_projects": Table(
        ("origin", "sector", "site"), "programmes per year", "The programmes that announced them, by home of the owner."
    ),
    "entries_jobs_from": Table(
        ("origin", "site_from", "site_to"), "persons per year", "The same jobs by the site left and the site reached."
    ),
    "entries_projects_from": Table(
        ("origin", "site_from", "site_to"),
        "programmes per year",
        "The same programmes by the site left and the site reached.",
    ),
    "entries_filled": Table(
        ("site",),
        "persons per year",
        "Jobs filled this year of plants opened by programmes that crossed a border, whatever their motive.",
    ),
    "expansion_jobs": Table(
        ("origin", "sector", "site"),
        "persons per year",
        "Jobs added where plants stand as their markets grow, by home of the owner.",
    ),
    "reshoring_from": Table(
        ("site_from", "site_to"), "persons per year", "Reshored jobs announced, by the site they come from."
    ),
    "projects_announced": Table(("site",), "programmes per year", "Projects announced."),
    "projects_open": Table(("site",), "programmes per year", "Projects that opened."),
    "projects_delayed": Table(("site",), "programmes per year", "Projects that were delayed by a year."),
    "projects_cancelled": Table(("site",), "programmes per year", "Projects given up before they opened."),
    "announced_value": Table(
        ("sector", "site"), USD, "Yearly output that the projects announced this year are to have."
    ),
    "delayed_value": Table(("sector", "site"), USD, "Yearly output of the projects delayed by a year."),
    "cancelled_value": Table(("sector", "site"), USD, "Yearly output of the projects given up before they opened."),
    "moves_value": Table(
        ("market", "sector", "site_from", "site_to"),
        USD,
        "Yearly output decided to move, be added elsewhere or be concentrated, by old and new site.",
    ),
    "moves_count": Table(
        ("market", "sector", "site_from", "site_to"), "programmes per year", "Programmes that decided so."
    ),
    "reasons": Table(
        ("market", "sector", "line"),
        USD,
        "Yearly output of projects announced, by the ledger line whose change since the base year most favoured the new site, where costs have moved in its favour; the others with `unexplained`.",
    ),
    "second_site_share": Table(("market", "sector"), "1", "Share of output of programmes with two sites."),
    "collected_rate": Table(("market", "sector", "site"), "1", "Duty collected over import value."),
    "subsidy_outlay": Table(("sector", "site"), USD, "Support paid."),
    "buyer_cost": Table(
        ("market", "sector"),
        "index 2010 = 1",
        "Delivered cost of what a market buys, at its current suppliers.",
    ),
    "wage": Table(("site",), "index 2010 = 1", "Hourly labour cost with local pressure."),
    "cluster": Table(("sector", "site"), "index 2010 = 1", "Stock of specialised suppliers and know-how."),
    "parts_from_china": Table(("sector", "site"), "1", "Share of a site's parts that comes from Chinese sites."),
    "parts_from_home": Table(("sector", "site"), "1", "Share of a site's parts that comes from its own country."),
    "construction": Table(
        ("sector", "site"), USD, "Capital cost of plants under construction, spread over their building time."
    ),
    "shortage": Table(("market", "sector"), USD, "Purchases wanted that no plant and no stock could deliver."),
    "robot_density": Table(("site",), "robots per 10,000 workers", "Robots in use."),
}

VARIABLES: tuple[Variable, ...] = (
    Variable("Imports|Value", USD, "Purchases of a market from a site outside its home."),
    Variable("Imports|Share", "percent", "Share of a site, shore or country in all a market buys; shore:home is its own production."),
    Variable("Imports|Import Share", "percent", "Share of a site or country in a market's imports."),
    Variable("Sales|Value", USD, "Purchases of a market from any site."),
    Variable("Output|Value", USD, "Output of a site for all markets."),
    Variable("Jobs|Stock", "persons", TABLES["jobs"].meaning),
    Variable("Jobs|Announced|Reshoring", "persons per year", "Jobs announced by owners who bring production across a border to their home, whatever their motive."),
    Variable("Jobs|Announced|FDI", "persons per year", "Jobs announced by owners who take production across a border to another country than their home, whatever their motive; by home of the owner."),
    Variable("Jobs|Announced|For a Gain", "persons per year", "Those of both where costs have moved in favour of the new site since the base year; the others are turnover."),
    Variable("Jobs|Announced|Turnover", "persons per year", TABLES["jobs_turnover"].meaning),
    Variable("Jobs|Announced|Due to Costs", "persons per year", TABLES["jobs_due"].meaning),
    Variable("Jobs|Announced|All Entries", "persons per year", TABLES["entries_jobs"].meaning),
    Variable("Jobs|Announced|Expansion", "persons per year", TABLES["expansion_jobs"].meaning),
    Variable("Jobs|Filled|For a Gain", "persons per year", TABLES["jobs_filled"].meaning),
    Variable("Jobs|Filled", "persons per year", TABLES["entries_filled"].meaning),
    Variable("Projects|Announced", "programmes per year", TABLES["projects_announced"].meaning),
    Variable("Projects|Open", "programmes per year", TABLES["projects_open"].meaning),
    Variable("Projects|Delayed", "programmes per year", TABLES["projects_delayed"].meaning),
    Variable("Projects|Cancelled", "programmes per year", TABLES["projects_cancelled"].meaning),
    Variable("Projects|All Entries", "programmes per year", "Programmes that announced a project across a border, whatever their motive."),
    Variable("Projects|Value|Announced", USD, TABLES["announced_value"].meaning),
    Variable("Projects|Value|Delayed", USD, TABLES["delayed_value"].meaning),
    Variable("Projects|Value|Cancelled", USD, TABLES["cancelled_value"].meaning),
    Variable("Moves|Count|<from shore>|<to shore>", "programmes per year", TABLES["moves_count"].meaning),
    Variable("Moves|Value|<from shore>|<to shore>", USD, TABLES["moves_value"].meaning),
    Variable("Reasons|Share|<line>", "percent", "Share of announced projects, by value, decided by this line of the ledger; `unexplained` stands for tastes no line records."),
    Variable("Footprint|Second Site Share", "percent", TABLES["second_site_share"].meaning),
    Variable("Tariff|Collected Rate", "percent", "Duty collected over import value."),
    Variable("Tariff|Revenue", USD, "Duty collected."),
    Variable("Subsidy|Outlay", USD, TABLES["subsidy_outlay"].meaning),
    Variable("Buyer Cost|Index", "index 2010 = 1", TABLES["buyer_cost"].meaning),
    Variable("Wage|Index", "index 2010 = 1", TABLES["wage"].meaning),
    Variable("Cluster|Stock", "index 2010 = 1", TABLES["cluster"].meaning),
    Variable("Robots|Density", "robots per 10,000 workers", TABLES["robot_density"].meaning),
    Variable("Concentration|HHI", "1", "Herfindahl-Hirschman index of a market's purchases over countries; 1 = one supplier."),
    Variable("China Content|Direct", "percent", "Share of a market's purchases made at Chinese sites."),
    Variable("China Content|Total", "percent", "The same with Chinese parts inside goods assembled elsewhere (first round)."),
    Variable("Parts|From China", "percent", TABLES["parts_from_china"].meaning),
    Variable("Parts|From Own Country", "percent", TABLES["parts_from_home"].meaning),
    Variable("Construction|Value", USD, TABLES["construction"].meaning),
    Variable("Shortage|Value", USD, TABLES["shortage"].meaning),
    Variable("FDI|High-Tech Share", "percent", "Share of the jobs announced by foreign owners that is in sectors of high technology (trait high_tech)."),
    Variable("Manufacturing|Share of GDP", "percent", "Value added of the modelled sectors over gross domestic product."),
)  # fmt: skip
