"""All six figures of a run, drawn and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from footloose.briefing.countries import country_numbers, country_shares
from footloose.briefing.jobs import job_numbers, jobs_pipeline
from footloose.briefing.moves import moves_flow, moves_numbers
from footloose.briefing.readings import COLUMNS, need
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
    """Draw the six figures of a run and write each as PNG, SVG and CSV; return the paths in the order written.

    table            : the long table of one scenario; rows of sector and origin `all` are read
    cost_stack_table : site, line, value, total, chosen; may have sector, market and year
    observed         : observed import shares: country, year, value, source (and market), or None
    markets          : each has its sourcing map; the first is the one of the other figures
    country          : where the jobs are counted
    raises           : DataError for a table that lacks columns or holds several scenarios, OutputError for the folder
    """
    need(table, COLUMNS, "long table")
    names = table["variable"].astype(str)
    wanted = names.str.startswith(DRAWN) & (table["sector"] == "all") & (table["origin"] == "all")
    rows, known, market = table[wanted], labels or {}, markets[0]
    paths = []
    for each in markets:
        figure = sourcing_map(rows, each, policies, known, footer, language)
        paths += save(figure, sourcing_numbers(rows, each), folder, f"sourcing_map_{each}")
    figure = country_shares(rows, market, observed, known, footer, language)
    paths += save(figure, country_numbers(rows, market, observed), folder, "country_shares")
    paths += save(
        moves_flow(rows, market, known, footer, language), moves_numbers(rows, market), folder, "moves_flow"
    )
    paths += save(
        reasons(rows, market, known, footer, language), reason_numbers(rows, market), folder, "reasons"
    )
    paths += save(
        jobs_pipeline(rows, country, known, footer, language),
        job_numbers(rows, country),
        folder,
        "jobs_pipeline",
    )
    figure = cost_stack(cost_stack_table, known, footer, language)
    return paths + save(figure, cost_numbers(cost_stack_table), folder, "cost_stack")
