"""What is worth saying of a comparison: what the policy does at its height, what stays, and whom it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from footloose.briefing.documents.account_findings import AccountStory
from footloose.briefing.documents.amounts import amount, span, style_of, unsigned_span
from footloose.briefing.documents.comparison_numbers import ComparisonNumbers, Levels
from footloose.briefing.documents.document import Finding, Grid, Series
from footloose.briefing.documents.members import Sample
from footloose.briefing.documents.wording import Voice
from footloose.experiments.comparison.outcomes import Outcome, default_outcomes

KINDS = {
    "percent": "points",
    "persons": "jobs",
    "persons per year": "jobs",
    "USD million of 2010": "usd",
    "index 2010 = 1": "percent",
}
"""How the difference of a unit is written; USD million in USD, an index in percent of 2010."""
SCALES = {"USD million of 2010": 1e6, "index 2010 = 1": 100.0}
FULL = 100.0
TOLD = ("china", "home", "jobs", "buyers")
"""Subjects of the default outcomes that have a finding; the others are in the table."""
LEADING = ("china", "jobs", "buyers")
"""Subjects told in short."""
MOST = 0.75
"""Part of the largest difference from which on it is said to stay as a whole."""
MOVED = ("induced", "elsewhere", "earlier", "later", "held")
SUBJECTS = {
    ("Imports|Share", "country:china"): "china", ("Imports|Share", "shore:home"): "home",
    ("China Content|Total", "all"): "content", ("Jobs|Stock", ""): "jobs", ("Buyer Cost|Index", "all"): "buyers",
}  # fmt: skip
"""Outcomes with a finding of their own, by variable and site ('' for any)."""


@dataclass(frozen=True)
class ComparisonStory:
    """The findings of one other world against the base, in one language."""

    numbers: ComparisonNumbers
    voice: Voice

    @property
    def names(self) -> dict[str, object]:
        """What every sentence may name."""
        return {"the_market": self.voice.the(self.numbers.market), "last": self.numbers.years[-1]}

    def findings(self) -> Iterator[Finding]:
        """Yield every finding there are numbers for."""
        if self.numbers.since is None and not self.differs():
            yield Finding("nothing", self.voice.say("twin.nothing"), (self.voice.say("twin.nothing.path"),))
            return
        for outcome in self.numbers.outcomes:
            if outcome in default_outcomes(self.numbers.market) and self.subject(outcome) not in TOLD:
                continue
            finding = self.outcome(outcome)
            if finding is not None:
                yield finding
        yield from self.ledger()
        yield from AccountStory(self.numbers, self.voice).findings()

    def differs(self) -> bool:
        """Return whether any outcome differs in any year."""
        return any(self.numbers.peak(outcome) is not None for outcome in self.numbers.outcomes)

    def subject(self, outcome: Outcome) -> str:
        """Return the key of the words for an outcome: its own, or `other`."""
        return SUBJECTS.get((outcome.variable, outcome.site)) or SUBJECTS.get((outcome.variable, "")) or "other"

    def subject_words(self, outcome: Outcome) -> str:
        """Return what an outcome is called inside a sentence."""
        key = self.subject(outcome)
        place = self.voice.the(outcome.site) if outcome.site != "all" else ""
        if key == "other" and outcome.variable == "Imports|Share":
            return self.voice.say("subject.share", place=self.shore_or_place(outcome), **self.names)
        if key == "other":
            return outcome.label
        return self.voice.say(f"subject.{key}", place=place, **self.names)

    def shore_or_place(self, outcome: Outcome) -> str:
        """Return the place of an outcome, shores by what they are."""
        kind, _, name = outcome.site.partition(":")
        return self.voice.say(f"shore.{name}") if kind == "shore" else self.voice.the(outcome.site)

    def unit(self, outcome: Outcome) -> tuple[str, float]:
        """Return how the difference of an outcome is written, and the factor to the unit of that kind."""
        unit = next(str(found["unit"]) for found in self.numbers.world["outcomes"] if found["outcome"] == str(outcome))
        return KINDS.get(unit, "points"), SCALES.get(unit, 1.0)

    def difference(self, outcome: Outcome, levels: Levels) -> str:
        """Return a paired difference with its interval."""
        kind, factor = self.unit(outcome)
        ends = [None if end is None else factor * end for end in (levels.low, levels.high)]
        return span(kind, factor * levels.difference, ends[0], ends[1], self.voice.language)

    def outcome(self, outcome: Outcome) -> Finding | None:
        """One outcome: at its height, and what is left of it in the last year."""
        numbers, voice = self.numbers, self.voice
        peak, last = numbers.peak(outcome), numbers.years[-1]
        end = numbers.levels(outcome, last)
        if end is None:
            return None
        subject = self.subject_words(outcome)
        if peak is None:
            return Finding(outcome.label, voice.say("twin.same", subject=subject), (), "", None)
        top = numbers.levels(outcome, peak)
        if top is None:
            return None
        stays, sample = self.stays(outcome, top, end)
        kind, factor = self.unit(outcome)
        places = self.names | {
            "subject": subject,
            "peak": peak,
            "top": self.difference(outcome, top),
            "end": self.difference(outcome, end),
            "plain_top": amount(kind, abs(factor * top.difference), voice.language),
            "base": self.written(outcome, end.base, end),
            "other": self.written(outcome, end.other, end),
            "share": f"{FULL * end.difference / top.difference:.0f}%",
        }
        way = "up" if top.difference > 0 else "down"
        sentences = [voice.say(f"twin.peak.{way}", **places)] if peak != last else []
        crosses = end.low is None or end.high is None or end.low <= 0.0 <= end.high
        told = "unsure" if stays == "nothing" and not crosses else stays
        sentences.append(voice.say(f"twin.end.{told}", **places))
        sentences.append(
            voice.say("twin.levels.index" if outcome.variable.endswith("Index") else "twin.levels", **places)
        )
        if stays == "nothing" and not self.certain(outcome, peak, top):
            headline = voice.say("twin.headline.never", subject=subject)
        else:
            headline = voice.say(
                f"twin.headline.{stays}.{way}" if peak != last else f"twin.at_end.{stays}.{way}", **places
            )
        return Finding(
            str(outcome), headline, tuple(sentences), self.sure(outcome, peak, sample),
            self.certain(outcome, peak if stays == "nothing" else last, top if stays == "nothing" else end),
            "differences", series=self.series(outcome), lead=self.subject(outcome) in LEADING,
        )  # fmt: skip

    def written(self, outcome: Outcome, value: float, levels: Levels) -> str:
        """Return a level of an outcome with its unit; an index as percent above 2010."""
        kind, factor = self.unit(outcome)
        kind = {"points": "percent"}.get(kind, kind)
        both = [factor * levels.base, factor * levels.other]
        if outcome.variable.endswith("Index"):
            value, both = value - 1.0, [end - FULL for end in both]
        half = None if levels.low is None or levels.high is None else factor * (levels.high - levels.low) / 2
        return style_of(kind, self.voice.language, both, half).full(factor * value, outcome.variable.endswith("Index"))

    def stays(self, outcome: Outcome, top: Levels, end: Levels) -> tuple[str, Sample | None]:
        """Return `stays`, `part`, `nothing` or `turns`: what is left of the largest difference in the last year."""
        sample = self.numbers.sample(outcome, self.numbers.years[-1])
        if not self.certain(outcome, self.numbers.years[-1], end):
            return "nothing", sample
        if end.difference * top.difference < 0.0:
            return "turns", sample
        share = end.difference / top.difference
        return ("stays" if share > MOST else "part"), sample

    def certain(self, outcome: Outcome, year: int, levels: Levels) -> bool:
        """Return whether the sign of a difference can be told from chance and, in an ensemble, from its parameters."""
        sample = self.numbers.sample(outcome, year)
        crosses = levels.low is not None and levels.high is not None and levels.low <= 0.0 <= levels.high
        return not crosses and (sample is None or sample.values.size < 2 or sample.robust)

    def sure(self, outcome: Outcome, peak: int, end: Sample | None) -> str:
        """Return how sure the sign is at the height and in the last year."""
        voice, height = self.voice, self.numbers.sample(outcome, peak)
        if height is None or end is None:
            return voice.say("confidence.unknown")
        last = self.numbers.years[-1]
        if peak == last:
            return voice.say("confidence.in_year", year=last, text=voice.confidence(end))
        told = [
            voice.say("confidence.in_year", year=year, text=voice.confidence(found))
            for year, found in ((peak, height), (last, end))
        ]
        return voice.joined(told)

    def series(self, outcome: Outcome) -> Series:
        """Return the difference by year."""
        kind, factor = self.unit(outcome)
        path = self.numbers.path(outcome)
        line = (self.voice.say("series.difference"), tuple(float(factor * value) for value in path["difference"]))
        unit = {
            "points": self.voice.say("unit.points"),
            "percent": "%",
            "jobs": self.voice.say("unit.jobs"),
            "usd": "USD",
        }[kind]
        return Series(tuple(int(year) for year in path["year"]), (line,), unit)

    def ledger(self) -> Iterator[Finding]:
        """The twin ledger of plants opened: what the policy moved, and what would have moved anyway."""
        numbers, voice = self.numbers, self.voice
        if numbers.since is None or numbers.summary.empty:
            return
        rows = []
        for kind in ("induced", "elsewhere", "earlier", "later", "held", "anyway"):
            measure = "value_base" if kind == "held" else "value_other"
            jobs = "jobs_base" if kind == "held" else "jobs_other"
            cells = [voice.say(f"twin.class.{kind}")]
            for stage in ("announced", "opened"):
                value = numbers.in_class((kind,), measure, stage)
                cells += [self.unsigned("usd", value, 1e6)]
            cells.append(self.unsigned("jobs", numbers.in_class((kind,), jobs, "opened"), 1.0))
            rows.append(tuple(cells))
        changed = numbers.in_class(MOVED, "value_other", "opened")
        held = numbers.in_class(("held",), "value_base", "opened")
        touched = Sample(changed.values + held.values, changed.ensemble, changed.parameters)
        anyway = numbers.in_class(("anyway",), "value_other", "opened")
        induced, kept = numbers.in_class(("induced",), "value_other", "opened"), held
        whole = touched.mean + anyway.mean
        net = Sample(induced.values - kept.values, induced.ensemble, induced.parameters)
        part = FULL * touched.mean / whole if whole > 0.0 else 0.0
        places = self.names | {
            "touched": self.unsigned("usd", touched, 1e6), "anyway": self.unsigned("usd", anyway, 1e6),
            "share": f"{part:.1f}%", "since": numbers.since,
            "induced": self.unsigned("usd", induced, 1e6), "held": self.unsigned("usd", held, 1e6),
            "border": voice.say(f"border.{numbers.folder.answer.get('border_of_a_move', 'country')}"),
        }  # fmt: skip
        head = tuple(voice.say(f"head.{name}") for name in ("class", "value_announced", "value_opened", "jobs_opened"))
        grid = Grid(
            voice.say("grid.ledger", **places), head, tuple(rows), (1, 2, 3), voice.say("grid_note.ledger", **places)
        )
        key = "few" if part < 1.0 else "some" if part < 10.0 else "many"
        sentences = [voice.say("twin.ledger.path", **places), voice.say("twin.ledger.net", **places)]
        yield Finding(
            "ledger", voice.say(f"twin.ledger.{key}", **places), tuple(sentences),
            voice.say("confidence.net", text=voice.confidence(net)), net.robust, "ledger_opened", grid, lead=True,
        )  # fmt: skip

    def unsigned(self, kind: str, sample: Sample, factor: float) -> str:
        """Return an amount that cannot be negative with its interval."""
        low, high = sample.interval()
        ends = [None if end is None else factor * end for end in (low, high)]
        return unsigned_span(kind, factor * sample.mean, ends[0], ends[1], self.voice.language)
