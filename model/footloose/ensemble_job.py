"""A run of an ensemble as the command line does it: progress, members, figures, bands in a small table at the end."""

from __future__ import annotations

import math
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from footloose.ensemble import notes_on, open_ensemble
from footloose.ensemble_record import EnsembleRecord
from footloose.job import MILESTONES, draw, warm_up, years_shown
from footloose.output import write_run
from footloose.processes import workers_for
from footloose.scenario import Scenario, in_words
from footloose.simulation import simulate

if TYPE_CHECKING:
    import pandas as pd

MARKET = "united_states"
SHOWN = {
    "bought from China, %": ("Imports|Share", MARKET, "country:china"),
    "made at home, %": ("Imports|Share", MARKET, "shore:home"),
    "Chinese content, %": ("China Content|Total", MARKET, "all"),
    "jobs, thousand": ("Jobs|Stock", "all", f"country:{MARKET}"),
    "jobs filled, thousand a year": ("Jobs|Filled", "all", f"country:{MARKET}"),
    "cost of what is bought, 2010 = 1": ("Buyer Cost|Index", MARKET, "all"),
}
"""Variable, market and site of the numbers whose spread is told apart on the screen, by what they are called there."""
THOUSAND = 1000.0


def carry_out_ensemble(
    scenario: Scenario,
    folder: Path,
    ensemble: str | Path,
    *,
    overwrite: bool,
    figures: bool,
    members: int | None = None,
    workers: int | None = None,
    firms: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    years: tuple[int, int] | None = None,
) -> str:
    """Simulate every member, write the folder, and return the tables of results as text.

    workers: processes that share the members; None: as many as pay
    raises: FootlooseError for anything the user can put right
    """
    chosen = open_ensemble(ensemble, [scenario], members)
    assert chosen is not None
    compiling = warm_up(scenario)
    with years_shown(scenario.name) as progress:
        record = simulate(
            scenario,
            firms=firms,
            replicates=replicates,
            seed=seed,
            years=years,
            progress=progress,
            ensemble=chosen,
            workers=workers_for(workers, (firms or scenario.firms) * len(chosen.draws)),
        )
    drawing = (lambda place: draw(record, scenario, place, workers=workers)) if figures else None
    write_run(record, folder, overwrite, drawing)
    return summary(record, folder, figures, compiling)


def summary(record: EnsembleRecord, folder: Path, figures: bool, compiling: float) -> str:
    """Return bands of what the market buys, what the spread comes from, and where the results lie."""
    console = Console(width=110, record=True, file=StringIO())
    bands = record.bands
    bands = bands[(bands["sector"] == "all") & (bands["origin"] == "all")]
    console.print(_shares(bands, [year for year in MILESTONES if year in record.years] or list(record.years)))
    console.print(_spreads(bands, record.years[-1]))
    lines = [f"note: {note}" for note in notes_on(record.manifest["ensemble"]["kept_by_the_scenario"])]
    if record.manifest["evidence"]:
        lines.append(f"rests on {in_words(record.manifest['evidence'])}")
    lines.append(f"results  {folder}")
    if figures:
        lines.append(f"figures  {folder / 'figures'}")
    manifest = record.manifest
    lines.append(
        f"{manifest['firms']:,} firms; {record.draws} of {manifest['ensemble']['draws_in_file']} draws of "
        f"{manifest['ensemble']['file']}, {manifest['replicates']} replicate(s) of each: simulated in "
        f"{manifest['simulation_seconds']:.1f} s (kernels ready in {compiling:.1f} s)"
    )
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    return console.export_text().rstrip()


def _shares(bands: pd.DataFrame, years: list[int]) -> Table:
    title = "What the United States buys, share by shore [%]: median, 5-95 % of all members"
    table = Table(title=title, title_justify="left")
    table.add_column("shore")
    for year in years:
        table.add_column(str(year), justify="right")
    rows = bands[(bands["variable"] == "Imports|Share") & (bands["market"] == MARKET)]
    rows = rows[rows["site"].str.startswith("shore:")].set_index(["site", "year"])
    for shore in dict.fromkeys(rows.index.get_level_values("site")):
        found = (rows.loc[(shore, year)] for year in years)
        cells = [f"{row['median']:.2f} [{row['low']:.2f} to {row['high']:.2f}]" for row in found]
        table.add_row(str(shore).removeprefix("shore:"), *cells)
    return table


def _spreads(bands: pd.DataFrame, year: int) -> Table:
    title = f"United States in {year}, and where the spread of the members comes from (standard deviations)"
    table = Table(title=title, title_justify="left")
    table.add_column("number", no_wrap=True)
    for name in ("median", "5-95 %", "by parameters", "by chance", "parameters, % of variance"):
        table.add_column(name, justify="right")
    for name, (variable, market, site) in SHOWN.items():
        chosen = (bands["variable"] == variable) & (bands["market"] == market) & (bands["site"] == site)
        scale = THOUSAND if "thousand" in name else 1.0
        for _, row in bands[chosen & (bands["year"] == year)].iterrows():
            median, low, high, parameters, chance = (
                float(row[column]) / scale for column in ("median", "low", "high", "sd_parameters", "sd_chance")
            )
            table.add_row(
                name, number(median), f"{number(low)} to {number(high)}", number(parameters), number(chance),
                number(100 * share(parameters, chance)),
            )  # fmt: skip
    return table


def share(parameters: float, chance: float) -> float:
    """Return the part of the variance that parameters make, from two standard deviations; NaN where there is none."""
    whole = parameters**2 + chance**2
    return parameters**2 / whole if whole > 0.0 else math.nan


def number(value: float) -> str:
    """Return a number for a cell; a dash where it cannot be told."""
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:.3g}"
