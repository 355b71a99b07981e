"""All six figures of a run, drawn and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.countries import country_numbers, country_shares
from footloose.briefing.jobs import job_numbers, jobs_pipeline
from footloose.briefing.moves import moves_flow, moves_numbers
from footloose.briefing.readings import COLUMNS, need, pick
from footloose.briefing.reasoning import reason_numbers, reasons
from footloose.briefing.saving import save
from footloose.briefing.sourcing import sourcing_map, sourcing_numbers
from footloose.briefing.style import Footer
from footloose.briefing.time_axis import Policy
from footloose.briefing.unit_cost import cost_numbers, cost_stack

DRAWN = ("Imports|Share", "Imports|Import Share", "Moves|Value|", "Reasons|Share|", "Jobs|", "Projects|")


def draw_all(
    table: pd.DataFrame,
    cost_stack_table: pd.DataFrame,
    observed: pd.DataFrame | None,
    policies: Sequence[Policy],
    footer: Footer,
    folder: Path,
    markets: Sequence[str] = ("united_states",),
    *,
    country: str = "united_states",
    labels: Mapping[str, str] | None = None,
    language: str = "en",
) -> list[Path]:
    """Draw the six figures of a run, write each as PNG, SVG and CSV, and return the paths in that order.

    table            : the long table of one scenario; rows of sector and origin `all` are read
    cost_stack_table : site, line, value, total, chosen; may have sector, market and year
    observed         : observed import shares: country, year, value, source (and market), or None
    markets          : each has its sourcing map; the first is the one of the other figures
    country          : where the jobs are counted
    raises           : DataError (columns missing, several scenarios), OutputError (the folder)
    """
    need(table, COLUMNS, "long table")
    names = table["variable"].astype(str)
    wanted = names.str.startswith(DRAWN) & (table["sector"] == "all") & (table["origin"] == "all")
    rows, known, paths = table[wanted], labels or {}, []

    def keep(figure: Figure, data: pd.DataFrame, name: str) -> None:
        paths.extend(save(figure, data, folder, name))

    for market in markets:
        figure = sourcing_map(rows, market, policies, known, footer, language)
        keep(figure, sourcing_numbers(rows, market), f"sourcing_map_{market}")
    market = markets[0]
    figure = country_shares(rows, market, observed, known, footer, language)
    keep(figure, country_numbers(rows, market, observed), "country_shares")
    market = _market(rows, "Moves|Value|", markets[0])
    keep(moves_flow(rows, market, known, footer, language), moves_numbers(rows, market), "moves_flow")
    market = _market(rows, "Reasons|Share|", markets[0])
    keep(reasons(rows, market, known, footer, language), reason_numbers(rows, market), "reasons")
    keep(jobs_pipeline(rows, country, known, footer, language), job_numbers(rows, country), "jobs_pipeline")
    keep(cost_stack(cost_stack_table, known, footer, language), cost_numbers(cost_stack_table), "cost_stack")
    return paths


def _market(rows: pd.DataFrame, variable: str, market: str) -> str:
    """Return the market, or `all` where the variable is reported for all markets together only."""
    return "all" if pick(rows, variable, market).empty and len(pick(rows, variable, "all")) else market
