"""What a sweep says: of every outcome its range, what matters, where it tips, which policy holds; what was varied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from footloose.briefing.documents.document import Finding, Grid, Part, Picture
from footloose.briefing.documents.folders import SweepFolder
from footloose.briefing.documents.members import NEEDED
from footloose.briefing.documents.pictures import Artist
from footloose.briefing.documents.wording import Voice
from footloose.briefing.sweep_findings import evidence_in_words, range_of, said_of, title_of
from footloose.briefing.sweep_gallery import sweep_figures
from footloose.briefing.sweep_words import (
    capital,
    end_in_words,
    factor_name,
    number,
    outcome_name,
    percent,
    policy,
    range_source,
    value_name,
    with_unit,
)
from footloose.experiments.sweep.analysis.findings import rows_of
from footloose.experiments.sweep.analysis.response import finished
from footloose.experiments.sweep.schema import Factor
from footloose.long_table import unit_of

KINDS = ("map", "tipping", "satisficing", "sobol", "tornado", "morris", "boxes", "regional", "regret")
"""Figures of an outcome; the first there is stands with its finding."""
MOST_ROWS = 16
Row = dict[str, Any]


def sweep_part(folder: SweepFolder, artist: Artist) -> Part:
    """Return what a sweep says, its figures drawn in the language of the document.

    raises: OutputError, ScenarioError when the folder is not one of this version
    """
    story = SweepStory(folder, artist.voice)
    pictures = tuple(story.pictures(artist))
    drawn = [picture.name for picture in pictures]
    voice, file = artist.voice, folder.file
    question = str(getattr(file.sweep.question, voice.language) or file.sweep.question.en)
    findings = tuple(story.findings(drawn))
    title = title_of(file, voice.language)
    return Part(title, question, story.basis(), (), findings, (story.varied(), *story.whole()), pictures)


@dataclass(frozen=True)
class SweepStory:
    """The findings of a sweep in one language."""

    folder: SweepFolder
    voice: Voice

    @property
    def language(self) -> str:
        """The language of the document."""
        return self.voice.language

    def basis(self) -> str:
        """Return on how many points, replicates and firms it rests, and on which weak evidence."""
        runs, file, say = self.folder.runs, self.folder.file, self.voice.say
        counts = {
            "points": f"{runs['point'].nunique():,}", "replicates": file.sweep.replicates, "runs": f"{len(runs):,}",
            "failed": f"{int((runs['state'] == 'failed').sum()):,}", "firms": f"{file.base.firms:,}",
        }  # fmt: skip
        evidence = evidence_in_words(file, self.language)
        rests = [say("sweep.finding.rests", list=evidence)] if evidence else []
        return self.voice.joined([say("doc.basis.sweep", **counts), *rests])

    def findings(self, drawn: list[str]) -> Iterator[Finding]:
        """Yield a finding an outcome; drawn: names of the figures there are."""
        sweep, found = self.folder.file.sweep, self.folder.found
        done = finished(self.folder.runs)
        for outcome in sweep.outcomes:
            headline = range_of(sweep, outcome, done, self.language).rstrip(".。")
            figure = next((f"{kind}_{outcome}" for kind in KINDS if f"{kind}_{outcome}" in drawn), "")
            sentences = tuple(said_of(sweep, outcome, found, self.language))
            told, sure = self.confidence(outcome)
            yield Finding(outcome, headline, sentences, told, sure, figure, self.table(outcome), lead=True)

    def confidence(self, outcome: str) -> tuple[str, bool | None]:
        """Return how sure it is: a policy is robust only if it reaches the goal in nine of ten states of the world."""
        table, say = self.folder.found.tables.get(f"robustness_{outcome}"), self.voice.say
        if table is None or "satisficing" not in table:
            return say("confidence.sweep"), None
        best = max(rows_of(table), key=lambda row: float(row["satisficing"]))
        robust = float(best["satisficing"]) >= NEEDED
        places = {
            "policy": policy(self.folder.file.sweep, best, self.language), "states": f"{best['states']:.0f}",
            "share": percent(float(best["satisficing"]), self.language),
        }  # fmt: skip
        return say("confidence.sweep.robust" if robust else "confidence.sweep.not", **places), robust

    def pictures(self, artist: Artist) -> Iterator[Picture]:
        """Draw the figures in the language."""
        file, names = self.folder.file, self.folder.file.sweep.outcomes
        for name, figure, data in sweep_figures(file, self.folder.runs, self.folder.found, self.language):
            kind, _, outcome = name.partition("_")
            what = outcome_name(file.sweep, outcome, self.language) if outcome in names else ""
            yield artist.keep(name, figure, data, f"sweep_{kind}", {"outcome": what})

    def varied(self) -> Grid:
        """Return what was varied: every lever and uncertainty with its range and where that comes from."""
        sweep, say = self.folder.file.sweep, self.voice.say
        rows = tuple(
            (
                capital(factor_name(sweep, name, self.language)),
                say("sweep.lever" if name in sweep.levers else "sweep.uncertainty"),
                self.range_in_words(name, factor),
                range_source(factor.source, self.language) or say("sweep.range_of_file"),
            )
            for name, factor in sweep.factors.items()
        )
        head = tuple(say(f"head.{name}") for name in ("factor", "role", "range", "source"))
        return Grid(say("grid.varied"), head, rows, (), say("grid_note.varied"), last=2.2)

    def range_in_words(self, name: str, factor: Factor) -> str:
        """Return the range of a factor, or its values."""
        if factor.is_range:
            ends = [with_unit(float(end or 0.0), factor.unit, self.language) for end in (factor.low, factor.high)]
            text = self.voice.say("fan.range", low=ends[0], high=ends[1])
            return self.voice.say("sweep.times", range=text) if factor.multiplies else text
        values = [
            with_unit(float(value), factor.unit, self.language) if isinstance(value, int | float)
            else value_name(self.folder.file.sweep, name, str(value), self.language)
            for value in factor.values or factor.choices
        ]  # fmt: skip
        return self.voice.say("sweep.list").join(values)

    def whole(self) -> Iterator[Grid]:
        """Yield the split of variance of all outcomes."""
        rows = [
            (capital(outcome_name(self.folder.file.sweep, outcome, self.language)), *cells)
            for outcome in self.folder.file.sweep.outcomes
            for cells in self.rows_of(f"variance_{outcome}", self.variance_row)
        ]
        if rows:
            yield self.grid("variance", ("outcome", "cause", "part_of_variance"), rows)

    def table(self, outcome: str) -> Grid | None:
        """Return the table that stands with an outcome: of policies, tipping points, or factors."""
        makers: dict[str, tuple[Callable[[Row], tuple[str, ...]], tuple[str, ...]]] = {
            "robustness": (self.policy_row, ("policy", "mean", "regret_most", "satisficing")),
            "tipping": (self.tipping_row, ("second", "tips_at", "band")),
            "sobol": (self.sobol_row, ("factor", "total", "first_order")),
            "tornado": (lambda row: self.effect_row(row, "swing", "error"), ("factor", "swing", "standard_error")),
            "morris": (lambda row: self.effect_row(row, "effect", "sigma"), ("factor", "effect", "sigma")),
        }
        for name, (make, head) in makers.items():
            rows = list(self.rows_of(f"{name}_{outcome}", make))
            if rows:
                unit = unit_of(self.folder.file.sweep.outcomes[outcome].variable)
                grid = self.grid(name, head, rows[:MOST_ROWS])
                what = capital(outcome_name(self.folder.file.sweep, outcome, self.language))
                caption = self.voice.say("grid.of_sweep", table=grid.caption, outcome=what)
                note = "" if name in ("tipping", "sobol") or not unit else self.unit_note(unit)
                return Grid(caption, grid.head, grid.rows, grid.numeric, note, grid.last)
        return None

    def unit_note(self, unit: str) -> str:
        """Return in which unit the numbers of a table are."""
        return self.voice.say("grid_note.sweep", unit=with_unit(1.0, unit, self.language).removeprefix("1").strip())

    def grid(self, name: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Grid:
        """Return a table with heads from the catalogue."""
        say = self.voice.say
        numeric = tuple(range(1, len(head))) if head[1] != "cause" else (2,)
        heads = tuple(say(f"head.{part}") for part in head)
        return Grid(say(f"grid.sweep.{name}"), heads, tuple(rows), numeric, last=1.0)

    def rows_of(self, name: str, make: Callable[[Row], tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a table of the analysis in words; none where there is no such table."""
        table = self.folder.found.tables.get(name)
        yield from () if table is None else (make(row) for row in rows_of(table))

    def policy_row(self, row: Row) -> tuple[str, ...]:
        """Return a policy: its mean outcome, its largest regret, in how many states it reaches the goal."""
        cells = [number(float(row[name]), self.language) if name in row else "–" for name in ("mean", "regret_most")]
        share = "–"
        if "satisficing" in row:
            ends = (row["satisficing"], row["satisficing_low"], row["satisficing_high"])
            value, low, high = (percent(float(end), self.language) for end in ends)
            share = self.voice.say("sweep.with_interval", name="", value=value, low=low, high=high).strip()
        return capital(policy(self.folder.file.sweep, row, self.language)), *cells, share

    def tipping_row(self, row: Row) -> tuple[str, ...]:
        """Return where the goal tips for one value of the second factor."""
        axes = self.folder.found.axes
        assert axes is not None
        across, up = axes
        factors = self.folder.file.sweep.factors
        at = float(row["tips_at"])
        place = with_unit(at, factors[across].unit, self.language) if np.isfinite(at) else "–"
        ends = [float(row[end]) for end in ("low", "high")]
        low, high = (end_in_words(end, self.language) for end in ends)
        band = self.voice.say("fan.range", low=low, high=high) if np.isfinite(ends).any() else "–"
        name = capital(factor_name(self.folder.file.sweep, up, self.language))
        given = with_unit(float(row[up]), factors[up].unit, self.language)
        value = self.voice.say("sweep.with_value", name=name, value=given)
        return value, place, band

    def sobol_row(self, row: Row) -> tuple[str, ...]:
        """Return the indices of a factor with their intervals."""
        cells = [
            self.voice.say(
                "sweep.with_interval", name="", value=f"{row[name]:.2f}", low=f"{row[f'{name}_low']:.2f}",
                high=f"{row[f'{name}_high']:.2f}",
            ).strip()
            for name in ("total", "first")
        ]  # fmt: skip
        return self.factor(row), *cells

    def effect_row(self, row: Row, value: str, spread: str) -> tuple[str, ...]:
        """Return the effect of a factor and its spread."""
        numbers = [float(row[name]) for name in (value, spread)]
        return self.factor(row), *(number(each, self.language) if np.isfinite(each) else "–" for each in numbers)

    def variance_row(self, row: Row) -> tuple[str, ...]:
        """Return a source of variance with its share."""
        value, low, high = (percent(float(row[name]), self.language) for name in ("share", "low", "high"))
        share = self.voice.say("sweep.with_interval", name="", value=value, low=low, high=high).strip()
        return self.voice.say(f"sweep.source.{row['source']}"), share

    def factor(self, row: Row) -> str:
        """Return the name of the factor of a row."""
        return capital(factor_name(self.folder.file.sweep, str(row["factor"]), self.language))
