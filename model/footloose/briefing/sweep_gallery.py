"""All figures of a sweep: its tables drawn, with captions in the catalogue's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_text import title_of as title_of_scenario
from footloose.briefing.compare_text import unit_name
from footloose.briefing.style import Footer
from footloose.briefing.sweep_boxes import discovery
from footloose.briefing.sweep_dots import dot_rows
from footloose.briefing.sweep_findings import title_of
from footloose.briefing.sweep_maps import heat_map, tipping_map
from footloose.briefing.sweep_page import Caption
from footloose.briefing.sweep_tornado import tornado
from footloose.briefing.sweep_words import (
    box_in_words,
    capital,
    factor_name,
    goal_in_words,
    outcome_name,
    policy,
    unit_in_words,
    value_name,
)
from footloose.briefing.text import Words
from footloose.experiments.sweep.analysis.discovery import Box, Members
from footloose.experiments.sweep.analysis.findings import Findings, rows_of
from footloose.experiments.sweep.analysis.response import chance_surface, reached
from footloose.experiments.sweep.reading import SweepFile
from footloose.long_table import unit_of
from footloose.scenario import by_word, evidence_in_use
from footloose.version import versions

Drawn = Iterator[tuple[str, Figure, pd.DataFrame]]
"""Name, figure, the table behind it."""
SOURCES = ("parameters", "chance", "structure")


def sweep_figures(file: SweepFile, runs: pd.DataFrame, found: Findings, language: str = "en") -> Drawn:
    """Yield every figure the findings have something for: name, figure, the table behind it."""
    gallery = Gallery(file, found, language)
    for outcome in file.sweep.outcomes:
        yield from gallery.maps(runs, outcome)
        yield from gallery.sensitivity(outcome)
        yield from gallery.discovery(outcome)
        yield from gallery.robustness(outcome)
    yield from gallery.variance()


def footer_of(file: SweepFile, language: str = "en") -> Footer:
    """Return what stands under every figure."""
    made, words = versions(), Words(language)
    return Footer(
        scenario=words.say("sweep.scenario", title=title_of(file, language), base=base_title(file, language)),
        seed=file.base.seed,
        firms=file.base.firms,
        version=made["version"],
        vintage=words.say("vintage.run", digest=made["data_digest"][:8]),
        evidence=by_word(evidence_in_use(file.base)),
    )


def base_title(file: SweepFile, language: str) -> str:
    """Return the title of the scenario that a sweep varies, or its name."""
    return title_of_scenario(file.base, language) or file.base.name


@dataclass(frozen=True)
class Gallery:
    """The figures of one sweep in one language."""

    file: SweepFile
    found: Findings
    language: str

    @property
    def words(self) -> Words:
        """The phrases of the language."""
        return Words(self.language)

    @property
    def footer(self) -> Footer:
        """What stands under every figure."""
        return footer_of(self.file, self.language)

    def caption(self, title: str, subtitle: str) -> Caption:
        """Return a caption; the subtitle also says how many replicates there are."""
        count = self.file.sweep.replicates
        one = self.words.say("sweep.replicates.one")
        chance = self.words.say("sweep.replicates", count=count) if count > 1 else one
        return Caption(capital(title), self.words.sentences(subtitle, chance))

    def factor(self, name: str) -> str:
        """Return the name of a factor as a sentence or a row begins with it."""
        return capital(factor_name(self.file.sweep, name, self.language))

    def factor_axis(self, name: str) -> str:
        """Return the name of a factor with its unit."""
        unit = unit_in_words(self.file.sweep.factors[name].unit, self.language)
        return self.words.say("sweep.axis", name=self.factor(name), unit=unit) if unit else self.factor(name)

    def outcome(self, name: str) -> str:
        """Return the name of an outcome."""
        return outcome_name(self.file.sweep, name, self.language)

    def goal(self, outcome: str, hit: bool = True) -> str:
        """Return what it means that a goal is reached, or missed."""
        return goal_in_words(self.file.sweep, outcome, hit, self.language)

    def outcome_axis(self, name: str) -> str:
        """Return the name of an outcome with its unit and year."""
        asked, say = self.file.sweep.outcomes[name], self.words.say
        text, unit = capital(self.outcome(name)), unit_in_words(unit_of(asked.variable), self.language)
        if asked.years:
            text = say("sweep.axis.years", name=text, first=asked.years[0], last=asked.years[1])
        else:
            text = say("sweep.axis.year", name=text, year=asked.year or self.file.base.years.until)
        return say("sweep.axis", name=text, unit=unit) if unit else text

    def maps(self, runs: pd.DataFrame, outcome: str) -> Drawn:
        """Yield the heat map and the tipping map of an outcome."""
        found, sweep, words = self.found, self.file.sweep, self.words
        if found.axes is None or f"surface_{outcome}" not in found.tables:
            return
        (across, up), goal = found.axes, sweep.outcomes[outcome].goal
        names = {"across": self.factor_axis(across), "up": self.factor_axis(up), "language": self.language}
        surface, axis = found.tables[f"surface_{outcome}"].set_index(up), self.outcome_axis(outcome)
        values = surface.to_numpy(dtype=np.float64)
        crossed = goal is not None and np.nanmin(values) <= goal.threshold <= np.nanmax(values)
        line = words.say("sweep.map.goal") if crossed else ""
        title = words.say(
            "sweep.map.title", outcome=self.outcome(outcome), across=factor_name(sweep, across, self.language),
            up=factor_name(sweep, up, self.language),
        )  # fmt: skip
        caption = self.caption(title, words.sentences(words.say("sweep.map.subtitle", axis=axis), line))
        threshold = None if goal is None else goal.threshold
        figure = heat_map(surface, caption, self.footer, outcome=axis, goal=threshold, **names)
        yield f"map_{outcome}", figure, surface.reset_index()
        if goal is None:
            return
        chance, tips = chance_surface(runs, across, up, outcome, goal), found.tables[f"tipping_{outcome}"]
        title = words.say("sweep.tipping.title", what=self.goal(outcome))
        caption, meaning = self.caption(title, words.say("sweep.tipping.subtitle")), words.say("sweep.tipping.meaning")
        yield f"tipping_{outcome}", tipping_map(chance, tips, caption, self.footer, meaning=meaning, **names), tips

    def sensitivity(self, outcome: str) -> Drawn:
        """Yield Sobol indices, Morris effects, the tornado and regional sensitivity, as far as they were found."""
        for kind, make in (
            ("sobol", self.sobol),
            ("morris", self.morris),
            ("tornado", self.tornado),
            ("regional", self.regional),
        ):
            table = self.found.tables.get(f"{kind}_{outcome}")
            if table is not None:
                yield f"{kind}_{outcome}", make(outcome, table), table

    def dots(self, table: pd.DataFrame, caption: Caption, axis: str, series: tuple[str, ...]) -> Figure:
        """Return rows of dots."""
        return dot_rows(table, caption, self.footer, axis=axis, series=series, language=self.language)

    def rows(self, table: pd.DataFrame, columns: Mapping[str, str], *, intervals: bool = True) -> pd.DataFrame:
        """Return a table with columns NAME (and NAME_low, NAME_high) as rows of one series each, by its name."""
        parts = [
            pd.DataFrame(
                {
                    "row": table["factor"].map(self.factor), "series": series, "value": table[name],
                    "low": table[f"{name}_low"] if intervals else np.nan,
                    "high": table[f"{name}_high"] if intervals else np.nan,
                }
            )
            for name, series in columns.items()
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def sobol(self, outcome: str, table: pd.DataFrame) -> Figure:
        """Return the figure of Sobol indices."""
        say = self.words.say
        series = {"total": say("sweep.sobol.total"), "first": say("sweep.sobol.first")}
        rows = self.rows(table.sort_values("total", ascending=False, kind="stable"), series)
        subtitle = say("sweep.sobol.subtitle", axis=self.outcome_axis(outcome))
        caption = self.caption(say("sweep.sobol.title", outcome=self.outcome(outcome)), subtitle)
        return self.dots(rows, caption, say("sweep.sobol.axis"), tuple(series.values()))

    def morris(self, outcome: str, table: pd.DataFrame) -> Figure:
        """Return the figure of elementary effects."""
        say, order = self.words.say, table.sort_values("effect", ascending=False, kind="stable")
        name = say("sweep.morris.effect")
        rows = order.assign(row=order["factor"].map(self.factor), series=name, value=order["effect"])
        caption = self.caption(say("sweep.morris.title", outcome=self.outcome(outcome)), say("sweep.morris.subtitle"))
        return self.dots(rows, caption, self.outcome_axis(outcome), (name,))

    def tornado(self, outcome: str, table: pd.DataFrame) -> Figure:
        """Return the tornado."""
        title = self.words.say("sweep.tornado.title", outcome=self.outcome(outcome))
        caption = self.caption(title, self.words.say("sweep.tornado.subtitle"))
        names, axis = {name: self.factor(name) for name in self.file.sweep.factors}, self.outcome_axis(outcome)
        ends = {f"{end}_value": self.in_words(table["factor"], table[f"{end}_value"]) for end in ("low", "high")}
        return tornado(table.assign(**ends), names, caption, self.footer, axis=axis, language=self.language)

    def in_words(self, factors: Iterable[object], values: Iterable[object]) -> list[Any]:
        """Return values of factors, those that are words by their names."""
        return [
            value_name(self.file.sweep, str(name), value, self.language) if isinstance(value, str) else value
            for name, value in zip(factors, values, strict=True)
        ]

    def spans(self, box: Box) -> dict[str, tuple[float, float] | frozenset[str]]:
        """Return a box's limits as the figure takes them, choices by their names."""
        return {
            name: frozenset(value_name(self.file.sweep, name, member, self.language) for member in limit.names)
            if isinstance(limit, Members) else (limit.low, limit.high)
            for name, limit in box.limits.items()
        }  # fmt: skip

    def regional(self, outcome: str, table: pd.DataFrame) -> Figure:
        """Return the figure of regional sensitivity."""
        say = self.words.say
        axis = say("sweep.regional.axis")
        caption = self.caption(say("sweep.regional.title", what=self.goal(outcome)), say("sweep.regional.subtitle"))
        return self.dots(self.rows(table, {"distance": axis}, intervals=False), caption, axis, (axis,))

    def discovery(self, outcome: str) -> Drawn:
        """Yield the figure of the boxes of an outcome."""
        if outcome not in self.found.boxes or not self.found.boxes[outcome][1]:
            return
        sweep, (hit, boxes), means = self.file.sweep, self.found.boxes[outcome], self.found.tables["points"]
        goal = sweep.outcomes[outcome].goal
        assert goal is not None
        hits = reached(means[outcome].to_numpy(dtype=np.float64), goal)
        limited = list(dict.fromkeys(name for box in boxes for name in box.limits))
        across, up = (limited + [name for name in sweep.factors if name not in limited])[:2]
        what = self.goal(outcome, hit)
        caption = self.caption(
            self.words.say("sweep.discovery.title", what=what), self.words.say("sweep.discovery.subtitle")
        )
        words = [name for name, factor in sweep.factors.items() if not factor.is_numeric]
        shown = means.assign(**{name: self.in_words([name] * len(means), means[name].astype(str)) for name in words})
        figure = discovery(
            shown, hits if hit else ~hits, [self.spans(box) for box in boxes],
            [box_in_words(sweep, outcome, hit, box, self.language) for box in boxes], (across, up),
            {name: self.factor_axis(name) for name in sweep.factors}, caption, self.footer,
            happens=capital(what), language=self.language,
        )  # fmt: skip
        yield f"boxes_{outcome}", figure, self.found.tables[f"prim_{outcome}"]

    def robustness(self, outcome: str) -> Drawn:
        """Yield how policies do: in how many states the goal is reached, and how much they regret."""
        table, say = self.found.tables.get(f"robustness_{outcome}"), self.words.say
        if table is None:
            return
        names = [capital(policy(self.file.sweep, row, self.language)) for row in rows_of(table)]
        rows = table.assign(row=names, low=np.nan, high=np.nan)
        if "satisficing" in table:
            best, axis = rows.sort_values("satisficing", ascending=False, kind="stable"), say("sweep.satisficing.axis")
            data = best.assign(
                series=axis, value=best["satisficing"], low=best["satisficing_low"], high=best["satisficing_high"]
            )
            title = say("sweep.satisficing.title", what=self.goal(outcome))
            caption = self.caption(title, say("sweep.satisficing.subtitle"))
            yield f"satisficing_{outcome}", self.dots(data, caption, axis, (axis,)), table
        if "regret_most" in table:
            best = rows.sort_values("regret_most", kind="stable")
            series = {say("sweep.regret.mean"): "regret_mean", say("sweep.regret.most"): "regret_most"}
            data = pd.concat([best.assign(series=name, value=best[column]) for name, column in series.items()])
            title = say("sweep.regret.title", outcome=self.outcome(outcome))
            caption = self.caption(title, say("sweep.regret.subtitle"))
            of = unit_of(self.file.sweep.outcomes[outcome].variable)
            unit = "" if of.startswith("index") else unit_name(self.words, of, difference=True)
            axis = say("sweep.regret.axis", unit=unit) if unit else say("sweep.regret.axis.plain")
            yield f"regret_{outcome}", self.dots(data, caption, axis, tuple(series)), table

    def variance(self) -> Drawn:
        """Yield the split of variance of all outcomes in one figure."""
        names, parts = {source: self.words.say(f"sweep.source.{source}") for source in SOURCES}, []
        for outcome in self.file.sweep.outcomes:
            table = self.found.tables.get(f"variance_{outcome}")
            if table is not None:
                row = capital(self.outcome(outcome))
                parts.append(table.assign(row=row, series=table["source"].map(names), value=table["share"]))
        if not parts:
            return
        data = pd.concat(parts, ignore_index=True)
        series = tuple(names[source] for source in SOURCES if (data["source"] == source).any())
        caption = self.caption(self.words.say("sweep.variance.title"), self.words.say("sweep.variance.subtitle"))
        yield "variance", self.dots(data, caption, self.words.say("sweep.sobol.axis"), series), data
