"""All figures of a run: by name with the table behind each, and drawn and written in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.content import china_content, content_numbers
from footloose.briefing.countries import country_numbers, country_shares
from footloose.briefing.fan import Subject, fan_chart, fan_numbers
from footloose.briefing.jobs import job_numbers, jobs_pipeline
from footloose.briefing.moves import moves_flow, moves_numbers
from footloose.briefing.ranks import country_ranks, rank_numbers
from footloose.briefing.readings import COLUMNS, need, pick
from footloose.briefing.reasoning import reason_numbers, reasons
from footloose.briefing.regions import region_numbers, regions_map
from footloose.briefing.saving import save
from footloose.briefing.sourcing import sourcing_map, sourcing_numbers
from footloose.briefing.style import PRINT_DPI, Footer
from footloose.briefing.time_axis import Policy
from footloose.briefing.unit_cost import cost_numbers, cost_stack
from footloose.briefing.world_map import map_numbers, world_map

SUMMED = (
    "Imports|Share",
    "Imports|Import Share",
    "Moves|Value|",
    "Reasons|Share|",
    "Jobs|",
    "Projects|",
    "China Content|",
)
"""Variables read over all sectors."""
BY_SECTOR = ("Output|Value", "Sales|Value")
"""Variables read by sector."""

Drawing = tuple[Callable[[], Figure], Callable[[], pd.DataFrame]]
"""What draws a figure, and what makes the table behind it."""


@dataclass(frozen=True)
class RunTables:
    """What the figures of a run are drawn from.

    table      : the long table of one scenario; may have the column draw of an ensemble
    cost_stack : site, line, value, total, chosen; may have sector, market and year; or None
    observed   : observed import shares: country, year, value, source (and market), or None
    policies   : dates as years with fractions, and short labels
    places     : site, country, longitude, latitude, home_of; or None: no maps
    markets    : each has its sourcing map; the first is the one of the other figures
    country    : where the jobs are counted
    regions    : countries whose regions are shown
    """

    table: pd.DataFrame
    footer: Footer
    cost_stack: pd.DataFrame | None = None
    observed: pd.DataFrame | None = None
    policies: Sequence[Policy] = ()
    places: pd.DataFrame | None = None
    markets: Sequence[str] = ("united_states",)
    country: str = "united_states"
    regions: Sequence[str] = ("china",)
    labels: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


def run_figures(run: RunTables) -> dict[str, Drawing]:
    """Return the figures of a run by name, in the order of a briefing; nothing is drawn yet.

    raises : DataError when the table lacks columns
    """
    need(run.table, COLUMNS, "long table")
    table, names = run.table, run.table["variable"].astype(str)
    whole = table["origin"].eq("all")
    rows = table[whole & names.str.startswith(SUMMED) & table["sector"].eq("all")]
    fine = table[whole & names.isin(BY_SECTOR)]
    words = (run.labels, run.footer, run.language)
    market, seen, policies = run.markets[0], run.observed, run.policies
    moved, decided = (_market(rows, variable, market) for variable in ("Moves|Value|", "Reasons|Share|"))
    drawings: dict[str, Drawing] = {}
    for name in run.markets:
        drawings[f"sourcing_map_{name}"] = _sourcing(rows, name, policies, words)
    drawings["country_shares"] = (
        lambda: country_shares(rows, market, seen, *words), lambda: country_numbers(rows, market, seen)
    )  # fmt: skip
    drawings["country_ranks"] = lambda: country_ranks(rows, market, *words), lambda: rank_numbers(rows, market)
    drawings["china_content"] = (
        lambda: china_content(rows, market, *words), lambda: content_numbers(rows, market)
    )  # fmt: skip
    drawings["moves_flow"] = lambda: moves_flow(rows, moved, *words), lambda: moves_numbers(rows, moved)
    drawings["reasons"] = lambda: reasons(rows, decided, *words), lambda: reason_numbers(rows, decided)
    drawings["jobs_pipeline"] = (
        lambda: jobs_pipeline(rows, run.country, *words), lambda: job_numbers(rows, run.country)
    )  # fmt: skip
    if run.cost_stack is not None:
        stack = run.cost_stack
        drawings["cost_stack"] = lambda: cost_stack(stack, *words), lambda: cost_numbers(stack)
    return drawings | _fans(run, rows) | _maps(run, fine)


def draw_all(run: RunTables, folder: Path, dpi: int = PRINT_DPI) -> list[Path]:
    """Draw the figures of a run, write each as PNG, SVG and CSV, and return the paths in that order.

    raises : DataError (columns missing, several scenarios), OutputError (the folder)
    """
    return draw_part(run, folder, 1, 0, dpi)


def draw_part(run: RunTables, folder: Path, parts: int, part: int, dpi: int = PRINT_DPI) -> list[Path]:
    """Draw every so many figures of a run, from the first, second, ... on, as draw_all draws all."""
    paths: list[Path] = []
    for name, (figure, numbers) in list(run_figures(run).items())[part::parts]:
        paths += save(figure(), numbers(), folder, name, dpi)
    return paths


def _sourcing(
    rows: pd.DataFrame, market: str, policies: Sequence[Policy], words: tuple[Mapping[str, str], Footer, str]
) -> Drawing:
    return lambda: sourcing_map(rows, market, policies, *words), lambda: sourcing_numbers(rows, market)


def _fans(run: RunTables, rows: pd.DataFrame) -> dict[str, Drawing]:
    """Return the fan charts of the shares of home and of China in what the first market buys, and of jobs."""
    subjects = {
        "fan_home_share": Subject("Imports|Share", run.markets[0], "shore:home"),
        "fan_china_share": Subject("Imports|Share", run.markets[0], "shore:china"),
        "fan_jobs": Subject("Jobs|Stock", "all", f"country:{run.country}"),
    }

    def drawing(subject: Subject) -> Drawing:
        return (
            lambda: fan_chart(rows, subject, run.policies, run.labels, run.footer, run.language),
            lambda: fan_numbers(rows, subject),
        )

    return {name: drawing(subject) for name, subject in subjects.items() if len(subject.rows(rows))}


def _maps(run: RunTables, rows: pd.DataFrame) -> dict[str, Drawing]:
    """Return the map of what each market buys where, and the tiles of countries with several regions."""
    if run.places is None:
        return {}
    places, words = run.places, (run.labels, run.footer, run.language)

    def purchases(market: str) -> Drawing:
        return (lambda: world_map(rows, places, market, *words), lambda: map_numbers(rows, places, market))

    def shifts(country: str) -> Drawing:
        return (lambda: regions_map(rows, places, country, *words), lambda: region_numbers(rows, places, country))

    several = [country for country in run.regions if places["country"].eq(country).sum() > 1]
    return {"world_map": purchases(run.markets[0])} | {f"regions_map_{country}": shifts(country) for country in several}


def _market(rows: pd.DataFrame, variable: str, market: str) -> str:
    """Return the market, or `all` where the variable is reported for all markets together only."""
    return "all" if pick(rows, variable, market).empty and len(pick(rows, variable, "all")) else market
