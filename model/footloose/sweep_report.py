"""What a finished sweep is reported by: tables as CSV, figures, and findings in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from footloose.errors import OutputError
from footloose.experiments.sweep.analysis import words
from footloose.experiments.sweep.analysis.discovery import Box, Members
from footloose.experiments.sweep.analysis.findings import Findings, find_all, policy, rows_of
from footloose.experiments.sweep.analysis.response import chance_surface, finished, reached
from footloose.experiments.sweep.export import whole_text
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.results import read_runs
from footloose.scenario import by_word, evidence_in_use, in_words
from footloose.version import versions

if TYPE_CHECKING:
    from footloose.briefing import Footer
    from footloose.briefing.sweep_page import Caption

ANALYSIS, FIGURES, FINDINGS = "analysis", "figures", "findings.txt"
Drawn = Iterator[tuple[str, Any, pd.DataFrame]]
"""Name, matplotlib figure, the table behind it."""


def write_report(file: SweepFile, folder: Path, figures: bool) -> Findings:
    """Analyse the results in a folder; write tables, figures and findings.

    raises: OutputError when they cannot be written
    """
    runs = read_runs(folder)
    found = find_all(file, runs)
    try:
        (folder / ANALYSIS).mkdir(exist_ok=True)
        for old in (folder / ANALYSIS).glob("*.csv"):
            old.unlink()
        for name, table in found.tables.items():
            text = table.to_csv(index=False, float_format="%.9g", lineterminator="\n")
            whole_text(folder / ANALYSIS / f"{name}.csv", text)
        sentences = [*header(file, runs), *found.sentences]
        whole_text(folder / FINDINGS, "\n".join(sentences) + "\n")
    except OSError as error:
        raise OutputError(f"{folder} could not be written: {error.strerror or error}; the runs are kept") from error
    if figures:
        from footloose.briefing.saving import save

        for ending in ("png", "svg", "csv"):
            for old in (folder / FIGURES).glob(f"*.{ending}"):
                old.unlink()
        for name, figure, data in draw(file, runs, found):
            save(figure, data, folder / FIGURES, name)
    return found


def header(file: SweepFile, runs: pd.DataFrame) -> list[str]:
    """Return the first lines of the findings: title, and mean and range of every outcome."""
    lines = [file.sweep.title.en or file.name]
    evidence = in_words(evidence_in_use(file.base))
    lines += [f"Rests on {evidence}."] if evidence else []
    done = finished(runs)
    for name, outcome in file.sweep.outcomes.items():
        values = done[name].to_numpy(dtype=np.float64)
        unit = words.unit_of(outcome)
        low, mean, high = (words.with_unit(float(v), unit) for v in (values.min(), values.mean(), values.max()))
        lines.append(f"{words.capital(words.outcome_name(file.sweep, name))}: {low} to {high}, mean {mean}.")
    return lines


def footer_of(file: SweepFile) -> Footer:
    """Return what stands under every figure."""
    from footloose.briefing import Footer

    made = versions()
    return Footer(
        scenario=f"{file.sweep.title.en or file.name} ({file.base.name})",
        seed=file.base.seed,
        firms=file.base.firms,
        version=made["version"],
        vintage=f"August 2026, tables {made['data_digest'][:8]}",
        evidence=by_word(evidence_in_use(file.base)),
    )


def captioned(file: SweepFile, title: str, subtitle: str, note: str = "") -> Caption:
    """Return a caption; the subtitle also says how many replicates there are."""
    from footloose.briefing.sweep_page import Caption

    count = file.sweep.replicates
    chance = f" {count} replicates." if count > 1 else " One replicate: chance is not averaged out."
    return Caption(words.capital(title), subtitle + chance, note)


def axis_name(file: SweepFile, factor: str) -> str:
    """Return the name of a factor with its unit."""
    unit = file.sweep.factors[factor].unit
    return words.capital(words.factor_name(file.sweep, factor)) + (f" [{unit}]" if unit else "")


def outcome_axis(file: SweepFile, outcome: str) -> str:
    """Return the name of an outcome with its unit and year."""
    asked = file.sweep.outcomes[outcome]
    unit = words.unit_of(asked)
    when = f"{asked.years[0]}-{asked.years[1]}" if asked.years else str(asked.year or file.base.years.until)
    name = words.capital(words.outcome_name(file.sweep, outcome))
    return f"{name}, {when}" + (f" [{unit}]" if unit not in ("", "1") else "")


def draw(file: SweepFile, runs: pd.DataFrame, found: Findings) -> Drawn:
    """Yield every figure the findings have something for: name, figure, the table behind it."""
    for outcome in file.sweep.outcomes:
        yield from draw_maps(file, runs, found, outcome)
        yield from draw_sensitivity(file, found, outcome)
        yield from draw_discovery(file, found, outcome)
        yield from draw_robustness(file, found, outcome)
    yield from draw_variance(file, found)


def draw_maps(file: SweepFile, runs: pd.DataFrame, found: Findings, outcome: str) -> Drawn:
    """Yield the heat map and the tipping map of an outcome."""
    if found.axes is None or f"surface_{outcome}" not in found.tables:
        return
    from footloose.briefing.sweep_maps import heat_map, tipping_map

    (across, up), goal, sweep = found.axes, file.sweep.outcomes[outcome].goal, file.sweep
    surface = found.tables[f"surface_{outcome}"].set_index(up)
    names = {"across": axis_name(file, across), "up": axis_name(file, up)}
    axis, footer, what = outcome_axis(file, outcome), footer_of(file), words.outcome_name(sweep, outcome)
    title = f"{what} over {words.factor_name(sweep, across)} and {words.factor_name(sweep, up)}"
    line = " Orange red: the goal." if goal is not None else ""
    caption = captioned(file, title, f"{axis}.{line}")
    threshold = None if goal is None else goal.threshold
    figure = heat_map(surface, caption, footer, outcome=axis, goal=threshold, **names)
    yield f"map_{outcome}", figure, surface.reset_index()
    if goal is None:
        return
    chance = chance_surface(runs, across, up, outcome, goal)
    tips = found.tables[f"tipping_{outcome}"]
    what = "Share of runs; line: where the mean crosses the goal, with 5-95 % of single replicates."
    caption = captioned(file, f"where it tips: {words.goal_in_words(sweep, outcome, True)}", what)
    yield f"tipping_{outcome}", tipping_map(chance, tips, caption, footer, meaning="Share of runs", **names), tips


def draw_sensitivity(file: SweepFile, found: Findings, outcome: str) -> Drawn:
    """Yield Sobol indices, Morris effects, the tornado and regional sensitivity, as far as they were found."""
    for kind, make in (
        ("sobol", sobol_figure),
        ("morris", morris_figure),
        ("tornado", tornado_figure),
        ("regional", regional_figure),
    ):
        table = found.tables.get(f"{kind}_{outcome}")
        if table is not None:
            yield f"{kind}_{outcome}", make(file, outcome, table), table


def row_names(file: SweepFile) -> dict[str, str]:
    """Return the names of factors as rows of a figure begin with them."""
    return {name: words.capital(words.factor_name(file.sweep, name)) for name in file.sweep.factors}


def sobol_figure(file: SweepFile, outcome: str, table: pd.DataFrame) -> Any:
    """Return the figure of Sobol indices."""
    from footloose.briefing.sweep_dots import dot_rows

    rows = stacked(table.sort_values("total", ascending=False, kind="stable"), row_names(file), ("total", "first"))
    title = f"what decides {words.outcome_name(file.sweep, outcome)}"
    caption = captioned(file, title, f"Sobol indices with 95 % intervals. {outcome_axis(file, outcome)}.")
    return dot_rows(rows, caption, footer_of(file), axis="Share of variance", series=("total", "first"))


def morris_figure(file: SweepFile, outcome: str, table: pd.DataFrame) -> Any:
    """Return the figure of elementary effects."""
    from footloose.briefing.sweep_dots import dot_rows

    order = table.sort_values("effect", ascending=False, kind="stable")
    rows = order.assign(row=order["factor"].map(row_names(file)), series="effect", value=order["effect"])
    title = f"what moves {words.outcome_name(file.sweep, outcome)}"
    caption = captioned(file, title, "Mean size of elementary effects over the range (Morris), 95 % intervals.")
    return dot_rows(rows, caption, footer_of(file), axis=outcome_axis(file, outcome), series=("effect",))


def tornado_figure(file: SweepFile, outcome: str, table: pd.DataFrame) -> Any:
    """Return the tornado."""
    from footloose.briefing.sweep_tornado import tornado

    title = f"what each factor does alone to {words.outcome_name(file.sweep, outcome)}"
    caption = captioned(file, title, "Every factor between its ends, the others at their nominal values.")
    return tornado(table, row_names(file), caption, footer_of(file), axis=outcome_axis(file, outcome))


def regional_figure(file: SweepFile, outcome: str, table: pd.DataFrame) -> Any:
    """Return the figure of regional sensitivity."""
    from footloose.briefing.sweep_dots import dot_rows

    rows = table.assign(
        row=table["factor"].map(row_names(file)), series="distance", value=table["distance"], low=np.nan, high=np.nan
    )
    title = f"which factors tell whether {words.goal_in_words(file.sweep, outcome, True)}"
    what = "Kolmogorov-Smirnov distance between points that reach the goal and points that do not."
    return dot_rows(rows, captioned(file, title, what), footer_of(file), axis="Distance, 0 to 1", series=("distance",))


def stacked(table: pd.DataFrame, names: Mapping[str, str], series: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with columns NAME, NAME_low, NAME_high as rows of one series each."""
    parts = [
        pd.DataFrame(
            {
                "row": table["factor"].map(names), "series": name, "value": table[name],
                "low": table[f"{name}_low"], "high": table[f"{name}_high"],
            }
        )
        for name in series
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def draw_discovery(file: SweepFile, found: Findings, outcome: str) -> Drawn:
    """Yield the figure of the boxes of an outcome."""
    if outcome not in found.boxes or not found.boxes[outcome][1]:
        return
    from footloose.briefing.sweep_boxes import discovery

    sweep, (hit, boxes), means = file.sweep, found.boxes[outcome], found.tables["points"]
    goal = sweep.outcomes[outcome].goal
    assert goal is not None
    hits = reached(means[outcome].to_numpy(dtype=np.float64), goal)
    limited = list(dict.fromkeys(name for box in boxes for name in box.limits))
    others = [name for name in sweep.factors if name not in limited]
    across, up = (limited + others)[:2]
    sentences = [words.box_in_words(sweep, outcome, hit, box) for box in boxes]
    caption = captioned(
        file,
        f"when {words.goal_in_words(sweep, outcome, hit)}",
        "Boxes found by PRIM; one point a combination of levers and uncertainties.",
    )
    figure = discovery(
        means, hits if hit else ~hits, [spans(box) for box in boxes], sentences, (across, up),
        {name: axis_name(file, name) for name in sweep.factors}, caption, footer_of(file),
        happens=words.capital(words.goal_in_words(sweep, outcome, hit)),
    )  # fmt: skip
    yield f"boxes_{outcome}", figure, found.tables[f"prim_{outcome}"]


def spans(box: Box) -> dict[str, tuple[float, float] | frozenset[str]]:
    """Return a box's limits as the figure takes them."""
    return {
        name: limit.names if isinstance(limit, Members) else (limit.low, limit.high)
        for name, limit in box.limits.items()
    }


def draw_robustness(file: SweepFile, found: Findings, outcome: str) -> Drawn:
    """Yield how policies do: in how many states the goal is reached, and how much they regret."""
    table = found.tables.get(f"robustness_{outcome}")
    if table is None:
        return
    from footloose.briefing.sweep_dots import dot_rows

    rows = table.assign(row=[policy(file.sweep, row) for row in rows_of(table)], low=np.nan, high=np.nan)
    if "satisficing" in table:
        best = rows.sort_values("satisficing", ascending=False, kind="stable")
        low, high = best["satisficing_low"], best["satisficing_high"]
        data = best.assign(series="share", value=best["satisficing"], low=low, high=high)
        title = f"which policy holds: {words.goal_in_words(file.sweep, outcome, True)}"
        caption = captioned(file, title, "Share of states of the world in which the goal is reached, 95 % intervals.")
        figure = dot_rows(data, caption, footer_of(file), axis="Share of states", series=("share",))
        yield f"satisficing_{outcome}", figure, table
    if "regret_most" in table:
        best = rows.sort_values("regret_most", kind="stable")
        series = {"mean": "regret_mean", "worst state": "regret_most"}
        data = pd.concat([best.assign(series=name, value=best[column]) for name, column in series.items()])
        title = f"what each policy regrets: {words.outcome_name(file.sweep, outcome)}"
        caption = captioned(file, title, "Distance to the best policy of the same state of the world.")
        axis = outcome_axis(file, outcome)
        yield f"regret_{outcome}", dot_rows(data, caption, footer_of(file), axis=axis, series=tuple(series)), table


def draw_variance(file: SweepFile, found: Findings) -> Drawn:
    """Yield the split of variance of all outcomes in one figure."""
    parts = []
    for outcome in file.sweep.outcomes:
        table = found.tables.get(f"variance_{outcome}")
        if table is not None:
            name = words.capital(words.outcome_name(file.sweep, outcome))
            parts.append(table.assign(row=name, series=table["source"], value=table["share"]))
    if not parts:
        return
    from footloose.briefing.sweep_dots import dot_rows

    data = pd.concat(parts, ignore_index=True)
    series = [source for source in ("parameters", "chance", "structure") if (data["series"] == source).any()]
    what = "Share of variance from chance, parameters and structure, 95 % intervals."
    caption = captioned(file, "where the uncertainty comes from", what)
    yield "variance", dot_rows(data, caption, footer_of(file), axis="Share of variance", series=series), data
