"""One run as the command line does it: progress, simulation, figures, a small table at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from footloose.ensemble_record import EnsembleRecord
from footloose.explain import Explanation, stack_of_typical_firm
from footloose.geography import load_geography
from footloose.kernels import prepare_kernels
from footloose.output import write_run
from footloose.processes import each_apart, get_ready, workers_for, workers_for_figures
from footloose.record import Record
from footloose.scenario import Scenario, in_words
from footloose.simulation import begin_run, simulate
from footloose.year import live_one_year, look, price

if TYPE_CHECKING:
    import pandas as pd

    from footloose.briefing import RunTables

DRAWING = "footloose.briefing"
"""What a process has to load before it draws."""
STACK_SECTOR = "electronics"
STACK_MARKET = "united_states"
STACK_YEAR = 2019
MILESTONES = (2010, 2017, 2024, 2030)


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
    workers: int | None = 1,
) -> str:
    """Simulate, write the folder, and return the table of results as text.

    workers: processes that share the replicates, and the figures; None: as many as pay
    raises: FootlooseError for anything the user can put right
    """
    sharing = workers_for(workers, (firms or scenario.firms) * (replicates or scenario.replicates))
    if figures and sharing == 1 < workers_for_figures(workers):
        get_ready(DRAWING)
    compiling = warm_up(scenario)
    record = simulate_with_progress(scenario, firms, replicates, seed, years, sharing)
    drawing = (lambda place: draw(record, scenario, place, workers=workers)) if figures else None
    write_run(record, folder, overwrite, drawing)
    return summary(record, folder, figures, compiling)


def warm_up(scenario: Scenario) -> float:
    """Compile the kernels, or read them from the cache, on a handful of firms; return the seconds it took."""
    begun = time.perf_counter()
    prepare_kernels(scenario)
    return time.perf_counter() - begun


def simulate_with_progress(
    scenario: Scenario,
    firms: int | None,
    replicates: int | None,
    seed: int | None,
    years: tuple[int, int] | None,
    workers: int = 1,
) -> Record:
    """Simulate and show how far it is on standard error."""
    with years_shown(scenario.name) as progress:
        return simulate(
            scenario,
            firms=firms,
            replicates=replicates,
            seed=seed,
            years=years,
            workers=workers,
            progress=progress,
        )


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


def draw(
    record: Record | EnsembleRecord, scenario: Scenario, folder: Path, language: str = "en", workers: int | None = 1
) -> None:
    """Draw the figures of a run into a folder; workers: processes that share them, None: as many as pay."""
    from footloose.briefing.gallery import draw_part

    sharing = workers_for_figures(workers)
    part = partial(draw_part, run_tables(record, scenario, language), folder, sharing)
    for _ in each_apart(part, range(sharing), sharing, DRAWING):
        pass


def run_tables(record: Record | EnsembleRecord, scenario: Scenario, language: str = "en") -> RunTables:
    """Return what the figures of a run are drawn from, with names and marks in a language."""
    from footloose.briefing.run_tables import tables_of

    stack = stack_table(scenario, record)
    table = record.figure_table if isinstance(record, EnsembleRecord) else record.table
    return tables_of(scenario, table, record.manifest, record.years[-1], stack, language)


def stack_table(scenario: Scenario, record: Record | EnsembleRecord) -> pd.DataFrame:
    """Return the cost stack of a typical firm of a record as rows for the figure, see stack_rows."""
    return stack_rows(scenario, record.manifest, record.years[-1])


def stack_rows(scenario: Scenario, manifest: Mapping[str, Any], last: int) -> pd.DataFrame:
    """Return the cost stack of a typical firm as rows for the figure: site, line, value, total, chosen.

    manifest : firms and seed of the run; last: its last year
    """
    import pandas

    geography = load_geography()
    market, sector = geography.market(STACK_MARKET), geography.sector(STACK_SECTOR)
    year = min(STACK_YEAR, last)
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
    announced = record.tables["entries_jobs"].sum(axis=(2, 3))
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
            f"{record.tables['entries_filled'].mean(axis=0)[chosen][:, home].sum(axis=1).mean():,.0f}",
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
