"""One run as the command line does it: progress, simulation, figures, a small table at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from footloose.ensemble_record import EnsembleRecord
from footloose.explain import Explanation, stack_of_typical_firm
from footloose.history import load_observed
from footloose.output import write_run
from footloose.record import Record
from footloose.scenario import Scenario, by_word, in_words
from footloose.scenario.names import policy_record
from footloose.simulation import begin_run, simulate
from footloose.world import BASE_YEAR
from footloose.year import live_one_year, look, price

if TYPE_CHECKING:
    import pandas as pd

FEW = 2
STACK_SECTOR = "electronics"
STACK_MARKET = "united_states"
STACK_YEAR = 2019
MILESTONES = (2010, 2017, 2024, 2030)
MARKED = {
    "section 301": ("section_301",),
    "CHIPS, IRA": ("chips_act", "ira"),
    "2025 tariffs": ("ieepa_fentanyl", "ieepa_reciprocal"),
}
"""Authorities of the policy record that the time axes mark, by label."""


def carry_out(
    scenario: Scenario,
    folder: Path,
    *,
    overwrite: bool,
    figures: bool,
    firms: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    years: tuple[int, int] | None = None,
) -> str:
    """Simulate, write the folder, and return the table of results as text.

    raises: FootlooseError for anything the user can put right
    """
    compiling = warm_up(scenario)
    record = simulate_with_progress(scenario, firms, replicates, seed, years)
    drawing = (lambda place: draw(record, scenario, place)) if figures else None
    write_run(record, folder, overwrite, drawing)
    return summary(record, folder, figures, compiling)


def warm_up(scenario: Scenario) -> float:
    """Compile the kernels, or read them from the cache, on a handful of firms; return the seconds it took."""
    begun = time.perf_counter()
    simulate(scenario, firms=64, replicates=1, years=(BASE_YEAR, BASE_YEAR + 1))
    return time.perf_counter() - begun


def simulate_with_progress(
    scenario: Scenario,
    firms: int | None,
    replicates: int | None,
    seed: int | None,
    years: tuple[int, int] | None,
) -> Record:
    """Simulate and show how far it is on standard error."""
    with years_shown(scenario.name) as progress:
        return simulate(scenario, firms=firms, replicates=replicates, seed=seed, years=years, progress=progress)


@contextmanager
def years_shown(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many years have been lived, on standard error; give what is to be called after every one."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("years"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def draw(record: Record | EnsembleRecord, scenario: Scenario, folder: Path) -> None:
    """Draw the six figures into a folder."""
    from footloose.briefing import Footer, draw_all

    manifest = record.manifest
    footer = Footer(
        scenario=str(scenario.title.en or scenario.name),
        seed=int(manifest["seed"]),
        firms=int(manifest["firms"]),
        version=str(manifest["version"]),
        vintage=f"August 2026, tables {manifest['data_digest'][:8]}",
        evidence=by_word(manifest["evidence"]),
    )
    last = record.years[-1]
    marks = recorded_policies(scenario, last) + own_policies(scenario, last)
    draw_all(
        record.table,
        stack_table(scenario, record),
        observed_shares(),
        marks,
        footer,
        folder,
        markets=record.geography.markets,
        labels=dict(record.geography.labels["en"]) | shore_names(record),
    )


def shore_names(record: Record | EnsembleRecord) -> dict[str, str]:
    """Return names of shores that say which sites they are, where these are few: shore:SHORE:MARKET -> text."""
    geography, names = record.geography, {}
    known = geography.labels["en"]
    for m, market in enumerate(geography.markets):
        for shore in ("near", "friend"):
            lying = np.flatnonzero(np.asarray(geography.shore_of)[m] == geography.shores.index(shore))
            if 0 < lying.size <= FEW:
                names[f"shore:{shore}:{market}"] = ", ".join(known[geography.sites[site]] for site in lying)
    return names


def recorded_policies(scenario: Scenario, last: int) -> list[tuple[float, str]]:
    """Return the first days of the marked laws of the policy record that the scenario keeps, for the time axis."""
    kept = [row for row in policy_record() if scenario.policy_record.keeps(row) and row.start.year <= last]
    begun = {label: [row.start for row in kept if row.authority in laws] for label, laws in MARKED.items()}
    return [(point_in_time(min(days)), label) for label, days in begun.items() if days]


def own_policies(scenario: Scenario, last: int) -> list[tuple[float, str]]:
    """Return the first days of the scenario's own instruments and shocks, for the time axis."""
    return [
        (point_in_time(each.start), name.replace("_", " "))
        for name, each in (*scenario.policies.items(), *scenario.shocks.items())
        if each.start.year <= last
    ]


def point_in_time(day: date) -> float:
    """Return a day as a year and its fraction, to the month."""
    return day.year + (day.month - 1) / 12


def stack_table(scenario: Scenario, record: Record | EnsembleRecord) -> pd.DataFrame:
    """Return the cost stack of a typical firm as rows for the figure: site, line, value, total, chosen."""
    import pandas

    geography = record.geography
    market, sector = geography.market(STACK_MARKET), geography.sector(STACK_SECTOR)
    year = min(STACK_YEAR, record.years[-1])
    manifest = record.manifest
    run = begin_run(scenario, firms=min(int(manifest["firms"]), 20_000), seed=int(manifest["seed"]))
    stack, site = stack_of_typical_firm(run, price(run, look(run, run.setting.law.years[0])), market, sector)
    for each in run.setting.law.years:
        ledger = price(run, look(run, each))
        if each == year:
            stack, site = stack_of_typical_firm(run, ledger, market, sector)
            break
        live_one_year(run, each)
    rows = [
        {"site": name, "line": line, "value": stack[j, n], "total": stack[j].sum(), "chosen": j == site}
        for j, name in enumerate(geography.sites)
        for n, line in enumerate(ledger.names)
    ]
    return pandas.DataFrame(rows).assign(sector=STACK_SECTOR, market=STACK_MARKET, year=year)


def observed_shares() -> pd.DataFrame:
    """Return observed import shares for the figure of country shares: market, country, year, value, source."""
    import pandas

    rows = [
        {
            "market": row.market,
            "country": row.site,
            "year": row.year,
            "value": row.value,
            "source": row.source,
        }
        for row in load_observed()
        if row.variable == "goods_import_share"
    ]
    return pandas.DataFrame(rows, columns=["market", "country", "year", "value", "source"])


def summary(record: Record, folder: Path, figures: bool, compiling: float) -> str:
    """Return the small table of results and where the figures lie."""
    years = [year for year in MILESTONES if year in record.years] or [record.years[0], record.years[-1]]
    console = Console(width=100, record=True, file=StringIO())
    console.print(_shares(record, years))
    console.print(_flows(record))
    if record.manifest["evidence"]:
        console.print(f"rests on {in_words(record.manifest['evidence'])}", soft_wrap=True, highlight=False)
    console.print(f"results  {folder}", soft_wrap=True, highlight=False)
    if figures:
        console.print(f"figures  {folder / 'figures'}", soft_wrap=True, highlight=False)
    seconds = record.manifest["simulation_seconds"]
    console.print(
        f"{record.manifest['firms']:,} firms, {record.replicates} replicate(s): simulated in {seconds:.2f} s"
        f" (kernels ready in {compiling:.1f} s)",
        highlight=False,
    )
    return console.export_text().rstrip()


def _shares(record: Record, years: list[int]) -> Table:
    table = Table(title="What the United States buys, share by shore [%]", title_justify="left")
    table.add_column("shore")
    for year in years:
        table.add_column(str(year), justify="right")
    geography = record.geography
    market = geography.market("united_states")
    sales = record.tables["sales"].sum(axis=(3, 4)).mean(axis=0)[:, market]
    shore_of = np.asarray(geography.shore_of)[market]
    for number, shore in enumerate(geography.shores):
        share = 100 * sales[:, shore_of == number].sum(axis=1) / sales.sum(axis=1)
        table.add_row(shore, *(f"{share[record.years.index(year)]:.2f}" for year in years))
    return table


def _flows(record: Record) -> Table:
    table = Table(title="Decided and announced, yearly mean", title_justify="left")
    table.add_column("era")
    for name in (
        "moves, USD billion",
        "of these out of China",
        "jobs announced in the US",
        "jobs filled in the US",
    ):
        table.add_column(name, justify="right")
    geography = record.geography
    china, home = (list(geography.sites_in(name)) for name in ("china", "united_states"))
    moves = record.tables["moves_value"].mean(axis=0).sum(axis=(1, 2))
    abroad = np.array([j for j in range(len(geography.sites)) if j not in china])
    announced = record.tables["jobs_reshoring"].sum(axis=2) + record.tables["jobs_foreign"].sum(axis=(2, 3))
    for first, last in ((2010, 2016), (2017, 2020), (2021, 2025), (2026, 2035)):
        chosen = [n for n, year in enumerate(record.years) if first <= year <= last]
        if not chosen:
            continue
        era = moves[chosen]
        table.add_row(
            f"{first}-{record.years[chosen[-1]]}",
            f"{era.sum(axis=(1, 2)).mean() / 1000:,.0f}",
            f"{era[:, china][:, :, abroad].sum(axis=(1, 2)).mean() / 1000:,.0f}",
            f"{announced.mean(axis=0)[chosen][:, home].sum(axis=1).mean():,.0f}",
            f"{record.tables['jobs_filled'].mean(axis=0)[chosen][:, home].sum(axis=1).mean():,.0f}",
        )
    return table


def explanation_text(explanation: Explanation) -> str:
    """Return a firm's cost stack as a table, and what it did."""
    table = Table(title="Unit cost by site, percent of the mean supplier's; negative = cheaper", title_justify="left")
    table.add_column("site")
    shown = [n for n in range(len(explanation.lines)) if np.abs(explanation.stack[:, n]).max() >= 0.05]
    for n in shown:
        table.add_column(explanation.lines[n], justify="right")
    table.add_column("total", justify="right")
    for j in np.argsort(explanation.total):
        here = explanation.sites[j] in (explanation.main, explanation.second)
        values = [f"{explanation.stack[j, n]:.1f}" for n in shown]
        table.add_row(("* " if here else "  ") + explanation.sites[j], *values, f"{explanation.total[j]:.1f}")
    console = Console(width=60 + 13 * len(shown), record=True, file=StringIO())
    console.print(explanation.firm, soft_wrap=True, highlight=False)
    console.print(table)
    console.print(
        f"* where it is: {explanation.main}" + (f" and {explanation.second}" if explanation.second else ""),
        highlight=False,
    )
    steps = [f"{step.year}  {step.text}" for step in explanation.steps] or ["it stayed where it was"]
    for step in steps:
        console.print(step, soft_wrap=True, highlight=False)
    return console.export_text().rstrip()
