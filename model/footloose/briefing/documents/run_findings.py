"""What is worth saying of one run: who supplies the market, what moves and why, jobs, costs to buyers, public money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from footloose.briefing.documents.amounts import amount, style_of
from footloose.briefing.documents.document import Finding, Grid, Series
from footloose.briefing.documents.members import Sample
from footloose.briefing.documents.run_numbers import RunNumbers
from footloose.briefing.documents.wording import Voice

NOW = 2025
"""Last year whose policies and series are history."""
ERAS = ((2010, 2016), (2017, 2020), (2021, 2025), (2026, 2035))
MILLION = 1e6
SHOWN = 6
"""Countries or lines listed."""
FULL = 100.0
SHORES = ("home", "near", "friend", "other")
"""Where what leaves China goes."""


@dataclass(frozen=True)
class RunStory:
    """The findings of a run for one market, in one language."""

    numbers: RunNumbers
    voice: Voice
    market: str = "united_states"

    @property
    def years(self) -> tuple[int, int, int]:
        """First year, now (or the middle of a run that ends before), last year."""
        first, last = self.numbers.years[0], self.numbers.years[-1]
        return first, NOW if last > NOW else (first + last) // 2, last

    @property
    def names(self) -> dict[str, object]:
        """What every sentence may name: the market, the years."""
        first, now, last = self.years
        return {"the_market": self.voice.the(self.market), "first": first, "now": now, "last": last}

    @property
    def eras(self) -> list[tuple[int, int]]:
        """The eras of the run."""
        last = self.numbers.years[-1]
        return [(start, min(end, last)) for start, end in ERAS if start <= last]

    def findings(self) -> Iterator[Finding]:
        """Yield every finding that the run has rows for."""
        yield self.china_purchases()
        yield self.china_imports()
        yield self.gainers()
        yield from self.moves()
        yield from self.reasons()
        yield from self.projects()
        yield self.buyers()
        yield from self.subsidies()

    def span(self, first: int, last: int) -> str:
        """Return years from first to last."""
        return self.voice.say("mark.era", first=first, last=last)

    def direction(self, change: Sample) -> str:
        """Return `up`, `down` or `same`: the way of a change that is robust, or at least not within chance."""
        if change.values.size >= 2 and not change.robust:
            return "same"
        return "up" if change.mean > 0 else "down" if change.mean < 0 else "same"

    def share_story(self, key: str, variable: str, site: str) -> tuple[dict[str, object], Sample]:
        """Return the places of a sentence about a share that goes from first to now to last, and its change."""
        years = self.years
        at = [self.numbers.at(variable, year, self.market, site) for year in years]
        change = self.numbers.change(variable, years[0], years[2], self.market, site)
        shown = self.voice.level("percent", *at)
        places = self.names | {
            "a": shown[0],
            "b": shown[1],
            "c": shown[2],
            "change": self.voice.change("points", change),
        }
        return places, change

    def china_purchases(self) -> Finding:
        """China's share in what the market buys, gross and with parts."""
        voice, numbers = self.voice, self.numbers
        places, change = self.share_story("", "Imports|Share", "country:china")
        content = [numbers.at("China Content|Total", year, self.market) for year in self.years]
        shown = voice.level("percent", *content)
        sentences = [
            voice.say("run.china.path", **places),
            voice.say("run.change", **places),
            voice.say("run.china.content", a=shown[0], b=shown[1], c=shown[2], **self.names),
        ]
        lines = (
            (voice.say("series.china_direct"), numbers.path("Imports|Share", self.market, "country:china")),
            (voice.say("series.china_total"), numbers.path("China Content|Total", self.market)),
        )
        return Finding(
            "china_purchases",
            voice.say(f"run.china.{self.direction(change)}", **places),
            tuple(sentences), voice.confidence(change), change.robust, f"sourcing_map_{self.market}",
            series=Series(tuple(numbers.years), lines, "%"), lead=True,
        )  # fmt: skip

    def china_imports(self) -> Finding:
        """China's share in the market's imports."""
        voice = self.voice
        places, change = self.share_story("", "Imports|Import Share", "country:china")
        sentences = [voice.say("run.imports.path", **places), voice.say("run.change", **places)]
        return Finding(
            "china_imports", voice.say(f"run.imports.{self.direction(change)}", **places), tuple(sentences),
            voice.confidence(change), change.robust, "country_shares",
        )  # fmt: skip

    def gainers(self) -> Finding:
        """Who gains and who loses in the market, home included."""
        voice, numbers = self.voice, self.numbers
        first, now, last = self.years
        countries = [name for name in numbers.sites("Imports|Share", self.market) if name.startswith("country:")]
        changes = {name: numbers.change("Imports|Share", first, last, self.market, name) for name in countries}
        order = sorted(changes, key=lambda name: -changes[name].mean)
        risen = [name for name in order if self.direction(changes[name]) == "up"][:3]
        fallen = [name for name in reversed(order) if self.direction(changes[name]) == "down"][:3]
        rows = []
        listed = [*order[:SHOWN], *[name for name in order[-3:] if name not in order[:SHOWN]]]
        for name in listed:
            levels = [numbers.at("Imports|Share", year, self.market, name) for year in (first, now, last)]
            rows.append((voice.name(name), *voice.level("percent", *levels), voice.change("bare", changes[name])))
        head = (voice.say("head.country"), str(first), str(now), str(last), voice.say("head.change"))
        sentences = []
        for some, none, found in (("run.gain", "run.gain.none", risen), ("run.lose", "run.lose.none", fallen)):
            told = [f"{voice.the(name)} {voice.change('points', changes[name])}" for name in found]
            sentences.append(voice.say(some, list=voice.listed(told)) if told else voice.say(none, **self.names))
        top = changes[order[0]]
        headline = (
            voice.say("run.gain.headline", country=voice.the(order[0]), **self.names) if risen
            else voice.say("run.gain.headline.none", **self.names)
        )  # fmt: skip
        grid = Grid(
            voice.say("grid.gainers", **self.names), head, tuple(rows), (1, 2, 3, 4), voice.say("grid_note.interval")
        )
        return Finding(
            "gainers", headline, tuple(sentences), voice.confidence(top), top.robust, "country_ranks", grid, lead=True
        )

    def moved(self, left: str, reached: str, start: int, end: int) -> Sample:
        """Return the yearly output decided to move from shore to shore [USD]."""
        found = self.numbers.over(f"Moves|Value|{left}|{reached}", start, end, self.market)
        return Sample(MILLION * found.values, found.ensemble, found.parameters)

    def moves(self) -> Iterator[Finding]:
        """Where production that leaves China goes."""
        voice = self.voice
        if not self.numbers.has(f"Moves|Value|china|{SHORES[0]}", self.market):
            return
        rows = []
        for era in self.eras:
            flows = [self.moved("china", shore, *era).mean for shore in SHORES]
            parts = [f"{FULL * flow / max(sum(flows), 1e-9):.0f}%" for flow in flows]
            rows.append((self.span(*era), amount("usd", sum(flows), voice.language), *parts))
        since = self.eras[-1]
        out = {shore: self.moved("china", shore, *since) for shore in SHORES}
        main = max(out, key=lambda shore: out[shore].mean)
        left = np.sum([sample.values for sample in out.values()], axis=0)
        came = np.sum([self.moved(shore, "china", *since).values for shore in SHORES], axis=0)
        if left.mean() <= 0.0:
            return
        net = Sample(left - came, out[main].ensemble, out[main].parameters)
        places: dict[str, object] = {
            "start": since[0], "end": since[1], "total": amount("usd", float(left.mean()), voice.language),
            "shore": voice.say(f"shore.{main}"), "share": f"{FULL * out[main].mean / left.mean():.0f}%",
            "back": amount("usd", float(came.mean()), voice.language), **self.names,
        }  # fmt: skip
        head = (voice.say("head.years"), voice.say("head.leaves"), *(voice.say(f"shore.{shore}") for shore in SHORES))
        note = voice.say("grid_note.moves")
        grid = Grid(voice.say("grid.moves", **self.names), head, tuple(rows), (1, 2, 3, 4, 5), note)
        yield Finding(
            "moves", voice.say("run.moves.out" if net.mean > 0 else "run.moves.in", **places),
            (voice.say("run.moves.path", **places), voice.say("run.moves.back", **places)),
            voice.confidence(net), net.robust, "moves_flow", grid, lead=True,
        )  # fmt: skip

    def reasons(self) -> Iterator[Finding]:
        """Which cost lines decide moves."""
        voice, numbers = self.voice, self.numbers
        lines = [name.rpartition("|")[2] for name in numbers.by_variable if name.startswith("Reasons|Share|")]
        if not lines:
            return
        rows, tops = [], []
        for era in self.eras:
            found = {line: numbers.over(f"Reasons|Share|{line}", *era, self.market) for line in lines}
            named = {line: sample.mean for line, sample in found.items() if line != "unexplained"}
            order = sorted(named, key=lambda line: -named[line])[:3]
            tops.append(order[0])
            told = [f"{voice.line(line)} {named[line]:.0f}%" for line in order]
            unexplained = found["unexplained"].mean if "unexplained" in found else 0.0
            rows.append((self.span(*era), *told, f"{unexplained:.0f}%"))
        head = (
            voice.say("head.years"),
            voice.say("head.rank1"),
            voice.say("head.rank2"),
            voice.say("head.rank3"),
            voice.say("head.unexplained"),
        )
        grid = Grid(voice.say("grid.reasons", **self.names), head, tuple(rows), (4,), voice.say("grid_note.reasons"))
        key = "same" if tops[0] == tops[-1] else "other"
        places = {"before": voice.line(tops[0]), "after": voice.line(tops[-1])}
        one, last = self.eras[0], self.eras[-1]
        spans = {"one": self.span(*one), "two": self.span(*last)}
        yield Finding(
            "reasons",
            voice.say(f"run.reasons.{key}.headline", **places),
            (voice.say("run.reasons.path", **places, **spans),),
            "",
            None,
            "reasons",
            grid,
        )

    def projects(self) -> Iterator[Finding]:
        """Projects and jobs announced, opened, given up in the market's country."""
        voice, numbers = self.voice, self.numbers
        site = f"country:{self.market}"
        if not numbers.has("Jobs|Filled", site=site):
            return
        rows = []
        for start, end in self.eras:
            jobs = [
                numbers.over("Jobs|Announced|Reshoring", start, end, site=site).mean
                + numbers.over("Jobs|Announced|FDI", start, end, site=site).mean,
                numbers.over("Jobs|Filled", start, end, site=site).mean,
            ]
            counts = [
                numbers.over(f"Projects|{stage}", start, end, site=site).mean
                for stage in ("Announced", "Open", "Cancelled")
            ]
            rows.append((
                self.span(start, end), *(amount("jobs", value, voice.language) for value in jobs),
                *(style_of("projects", voice.language, counts).bare(value) for value in counts),
            ))  # fmt: skip
        first, last = self.eras[0], self.eras[-1]
        one, two = (numbers.over("Jobs|Filled", *era, site=site) for era in (first, last))
        change = Sample(two.values - one.values, one.ensemble, one.parameters)
        cancelled, announced = (
            sum(numbers.over(f"Projects|{stage}", *era, site=site, mean=False).mean for era in self.eras)
            for stage in ("Cancelled", "Announced")
        )
        places = self.names | {
            "one": self.span(*first), "two": self.span(*last), "change": voice.change("jobs", change),
            "a": amount("jobs", one.mean, voice.language), "b": amount("jobs", two.mean, voice.language),
            "cancelled": f"{FULL * cancelled / max(announced, 1e-9):.0f}%",
        }  # fmt: skip
        head = tuple(
            voice.say(f"head.{name}")
            for name in ("years", "jobs_announced", "jobs_filled", "announced", "opened", "cancelled")
        )
        grid = Grid(
            voice.say("grid.projects", **self.names),
            head,
            tuple(rows),
            (1, 2, 3, 4, 5),
            voice.say("grid_note.projects"),
        )
        yield Finding(
            "projects", voice.say(f"run.projects.{self.direction(change)}", **places),
            (voice.say("run.projects.path", **places), voice.say("run.projects.cancelled", **places)),
            voice.confidence(change), change.robust, "jobs_pipeline", grid,
        )  # fmt: skip

    def buyers(self) -> Finding:
        """What the market's buyers pay against 2010."""
        voice, numbers = self.voice, self.numbers
        first, now, last = self.years
        at = [numbers.at("Buyer Cost|Index", year, self.market) for year in (now, last)]
        gone = [Sample(FULL * (sample.values - 1.0), sample.ensemble, sample.parameters) for sample in at]
        rate = [numbers.at("Tariff|Collected Rate", year, self.market) for year in (first, now, last)]
        places = self.names | {
            "b": voice.change("percent", gone[0]), "c": voice.change("percent", gone[1]),
            **dict(zip(("rate_a", "rate_b", "rate_c"), voice.level("percent", *rate), strict=True)),
        }  # fmt: skip
        lines = (
            (
                voice.say("series.buyer_cost"),
                tuple(FULL * (value - 1.0) for value in numbers.path("Buyer Cost|Index", self.market)),
            ),
        )
        return Finding(
            "buyers", voice.say(f"run.buyers.{self.direction(gone[1])}", **places),
            (voice.say("run.buyers.path", **places), voice.say("run.buyers.duty", **places)),
            voice.confidence(gone[1]), gone[1].robust, series=Series(tuple(numbers.years), lines, "%"), lead=True,
        )  # fmt: skip

    def subsidies(self) -> Iterator[Finding]:
        """What governments paid."""
        voice, numbers = self.voice, self.numbers
        first, now, last = self.years
        spans = [(first, now), (now + 1, last)]
        paid = {
            name: [numbers.over("Subsidy|Outlay", *span, site=name, mean=False).mean for span in spans]
            for name in numbers.sites("Subsidy|Outlay")
            if name.startswith("country:")
        }
        sums = {name: sum(both) for name, both in paid.items()}
        order = [name for name in sorted(sums, key=lambda name: -sums[name]) if sums[name] > 0.0][:SHOWN]
        if not order:
            return
        rows = [
            (voice.name(name), *(amount("usd", MILLION * value, voice.language) for value in paid[name]))
            for name in order
        ]
        whole = sum(sums.values()) * MILLION
        places = self.names | {
            "total": amount("usd", whole, voice.language), "country": voice.the(order[0]),
            "most": amount("usd", sums[order[0]] * MILLION, voice.language),
        }  # fmt: skip
        head = (voice.say("head.payer"), *(self.span(*span) for span in spans))
        grid = Grid(voice.say("grid.subsidies"), head, tuple(rows), (1, 2), voice.say("grid_note.subsidies"))
        yield Finding(
            "subsidies", voice.say("run.subsidies.headline", **places), (voice.say("run.subsidies.path", **places),),
            "", None, "", grid,
        )  # fmt: skip
