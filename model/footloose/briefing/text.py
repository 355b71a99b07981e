"""Every word the figures print, by language; the names of sites and sectors are passed in by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from footloose.errors import UnknownName

TEXT: Mapping[str, Mapping[str, str]] = {
    "en": {
        # titles and subtitles
        "sourcing.title": "Where {the_market} buys its manufactures",
        "sourcing.subtitle": "Share of all manufactures used, by shore of production, in percent",
        "countries.title": "Which countries supply the imports of {the_market}",
        "countries.subtitle": "Percent of imports of manufactures. Lines: simulation",
        "countries.observed": "; circles: observed",
        "moves.title": "From where to where production for {the_market} is moved",
        "moves.subtitle": "Output decided to move, USD billion a year (2010 prices), to one scale; "
        "moves within a shore not drawn",
        "reasons.title": "Which cost line decided the moves of production for {the_market}",
        "reasons.subtitle": "Share of the value moved in a year, by the cost line that decided, in percent",
        "jobs.title": "Manufacturing jobs announced and filled in {the_country}",
        "jobs.subtitle": "Jobs from reshoring and foreign direct investment, and the projects behind them",
        "cost_stack.title": "What one unit costs from each site, next to the market's average",
        "cost_stack.subtitle": "{subject}: cost lines in percent of unit cost; left of zero: cheaper",
        "cost_stack.subject": "Typical firm",
        "cost_stack.sector": "{subject} in {sector}",
        "cost_stack.market": "{subject}, selling in {the_market}",
        "cost_stack.year": "{subject}, {year}",
        # axes
        "axis.year": "Year",
        "axis.use": "Percent of use",
        "axis.imports": "Percent of imports",
        "axis.moved": "Percent of value moved",
        "axis.jobs": "Jobs per year",
        "axis.jobs_thousand": "Thousand jobs per year",
        "axis.projects": "Projects",
        "axis.cost": "Percent of unit cost, relative to the market's average (diamond: total; shaded: site chosen)",
        "axis.total": "Total",
        # marks in the figures
        "mark.history": "history",
        "mark.scenario": "scenario",
        "mark.base": "base year",
        "mark.bought_abroad": "bought abroad",
        "mark.change": "{first} → {last}, %",
        "mark.only": "{first}, %",
        "mark.home_panel": "Home and abroad",
        "mark.abroad_panel": "Abroad, enlarged:",
        "mark.chosen": "chosen",
        "mark.other_lines": "Other lines",
        "mark.era": "{first}–{last}",
        "mark.era_total": "USD {total} bn a year",
        "mark.reshoring": "Announced: reshoring",
        "mark.fdi": "Announced: FDI",
        "mark.filled": "Filled",
        "mark.projects_announced": "Announced",
        "mark.projects_open": "Open",
        "mark.projects_delayed": "Delayed",
        "mark.projects_cancelled": "Cancelled",
        "mark.nothing": "Nothing to draw: this run has no rows of {variable}",
        # notes, source and footer
        "note.band": " Median and 5–95 % band of {count} replicates.",
        "note.mean": " Mean of {count} replicates.",
        "note.left_out": " Not drawn: the {count} smallest.",
        "note.sites_left_out": " Not drawn: the {count} dearest.",
        "note.policies": "Dates: {list}",
        "note.other_lines": "Other lines: {list}.",
        "source": "Source: footloose simulation; inputs to {history_ends}: historical series (data of {vintage}).",
        "source.observed": " Observed: {list}.",
        "footer.scenario": "Scenario: {scenario}",
        "footer.seed": "seed {seed}",
        "footer.firms": "{firms:,} firms",
        "footer.version": "footloose {version}",
        "footer.vintage": "data of {vintage}",
        "footer.evidence": "rests on: {list}",
        "footer.evidence_group": "{word} ({mechanisms})",
        "evidence.story": "story",
        "evidence.suggestive": "suggestive",
        "separator.list": ", ",
        # names with the article a sentence wants
        "the.all": "all markets",
        "the.united_states": "the United States",
        "the.european_union": "the European Union",
        "the.rest_of_world": "the rest of the world",
        # names of shores and of ledger lines
        "name.united_states": "United States",
        "name.european_union": "European Union",
        "name.rest_of_world": "Rest of the world",
        "name.shore:home": "Home",
        "name.shore:near": "Near shore",
        "name.shore:friend": "Friend shore",
        "name.shore:china": "China",
        "name.shore:other": "Other",
        "name.line:lead_time": "Lead time",
        "name.line:unexplained": "Unexplained",
    },
}

FONTS: Mapping[str, tuple[str, ...]] = {"en": ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC")}
"""Font families by language, first choice first; those the machine does not have are passed over."""


@dataclass(frozen=True)
class Words:
    """The phrases of one language together with the names of members that the caller passed in."""

    language: str = "en"
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a language without phrases."""
        if self.language not in TEXT:
            raise UnknownName("language", self.language, TEXT)

    def say(self, key: str, **values: object) -> str:
        """Return the phrase of `key` with its places filled."""
        return TEXT[self.language][key].format(**values)

    def name(self, member: str, *within: str) -> str:
        """Return the label of a site, sector, `country:NAME`, `shore:NAME` or `line:NAME`.

        Looked for as `member:within` (a shore of one market, say), as `member`, and, but for shores, without
        its prefix: first among the labels passed in, then among the phrases. The rest is made readable.
        """
        bare = member.rpartition(":")[2]
        keys = [":".join((member, *within)), member] + ([bare] if not member.startswith("shore:") else [])
        for key in keys:
            if key in self.labels:
                return self.labels[key]
        for key in keys:
            if f"name.{key}" in TEXT[self.language]:
                return TEXT[self.language][f"name.{key}"]
        return bare.replace("_", " ").capitalize() if member.startswith("line:") else bare.replace("_", " ").title()

    def the(self, member: str) -> str:
        """Return the name as it stands inside a sentence: `the United States`."""
        return TEXT[self.language].get(f"the.{member}", self.name(member))
