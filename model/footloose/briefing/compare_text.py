"""Every word the figures of comparisons print, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from footloose.briefing.text import Words

COMPARE_TEXT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "source": "Source: footloose simulation, twin worlds with the same random draws (data of {vintage}).",
        "note.whiskers": "Whiskers: 90 % interval by chance.",
        "note.bands": "Band: 90 % by chance, {count} replicates. "
        "Dotted: 5–95 % of {draws} parameter draws, chance taken out.",
        "note.chance_band": "Band: 90 % interval by chance, {count} replicates.",
        "note.single": "One replicate: no interval.",
        "mark.nothing": "Nothing to draw: {variable}",
        # the twin ledger
        "ledger.title": "What the policy did to firms: {other}",
        "ledger.subtitle": "First move across a {border} border since {since}, {stage}, against {base}; "
        "output of 2010 in USD billion",
        "ledger.anyway": "Would have moved anyway, to the same place in the same year: "
        "USD {value} billion (not drawn).",
        "ledger.stage.announced": "when announced",
        "ledger.stage.opened": "when the plant opens",
        "class.induced": "Moved because of it",
        "class.elsewhere": "Moved elsewhere",
        "class.earlier": "Moved earlier",
        "class.later": "Moved later",
        "class.held": "Stayed because of it",
        "ledger.place": "Shore of the firm's market that it moves to, or would have",
        "axis.value": "USD billion of output of 2010",
        # by sector and origin
        "members.title": "Where the policy changed what firms do: {other}",
        "members.subtitle": "Output of firms that move because of it (right), that move elsewhere (right, hatched) "
        "and that stay because of it (left), USD billion",
        "members.sector": "By sector",
        "members.origin": "By home of the owner",
        # accounts
        "account.subsidy": "What the support bought: {other}",
        "account.subsidy.subtitle": "Plants announced at supported places and times, "
        "by what the twin without support does; thousand jobs",
        "account.tariff": "What the tariff did to sellers of taxed goods: {other}",
        "account.tariff.subtitle": "First moves announced by firms whose goods it taxes; output of 2010, USD billion",
        "account.additional": "Additional",
        "account.brought_forward": "Brought forward",
        "account.anyway": "Just as soon anyway",
        "account.already_there": "Moved within the area",
        "account.induced_home": "Induced, home",
        "account.induced_elsewhere": "Induced, to untaxed sites abroad",
        "account.induced_other": "Induced, other",
        "account.diverted": "Diverted from a taxed site",
        "account.redirected": "Redirected otherwise",
        "account.deterred": "Deterred from a taxed site",
        "account.held_other": "Held, other",
        "axis.jobs_thousand": "Thousand jobs",
        # differences
        "fan.title": "What differs: {other} less {base}",
        "fan.subtitle": "Paired differences by year",
        # waterfall
        "waterfall.title": "Which instrument makes the difference: {other} against {base}",
        "waterfall.subtitle": "{outcome} [{unit}]. Bars: each alone, then what they do together; "
        "diamonds: Shapley values",
        "waterfall.sampled": "{outcome} [{unit}]. Bars: Shapley values from sampled orders",
        "waterfall.rest": "Other interactions",
        # reversal
        "reversal.title": "What stays when the policy goes: {policy}",
        "reversal.subtitle": "Effect on {outcome} [{unit}]",
        "reversal.kept": "kept",
        "reversal.removed": "gone in {year}",
        "reversal.ratchet": "Share that stays, %",
        "reversal.years": "Years in force",
        "reversal.loop": "Ramp: effect",
        "reversal.rate": "Rate, part of the largest",
        "reversal.area": "loop area {area}",
        # credibility
        "credibility.title": "What belief is worth: {policy}",
        "credibility.subtitle": "Effect on {outcome} [{unit}]; curve: rates believed permanent; "
        "dots: {rate} % believed to last some years, set at the permanent rate of equal effect",
        "credibility.rate": "Rate believed permanent, %",
        "credibility.lasts.one": "1 year",
        "credibility.lasts": "{years} years",
        # the inverse
        "solve.title": "How much it takes: {lever}",
        "solve.subtitle": "{outcome} [{unit}]; thin lines: runs; heavy line: their mean",
        "solve.level": "Level of the lever",
        "solve.target": "target {value}",
        "solve.answer": "{level} does it in {chance} % of the runs",
        "solve.none": "not reachable below {cap}",
        # content
        "content.title": "China in what {the_market} buys: {other} against {base}",
        "content.subtitle": "Percent of purchases, made in China and with Chinese parts in goods made elsewhere; "
        "solid: {other}, dashed: {base}",
        "content.direct": "Made in China",
        "content.total": "Incl. Chinese parts",
        "content.change": "Change of Chinese parts by country of assembly, {year}, points",
        "content.note": "Direct share {direct} points, Chinese parts inside goods made elsewhere {inside}, "
        "together {total} in {year}. Sources of parts are those of 2010.",
        # views
        "view.title": "What it means for {country}: {other} against {base}",
        "view.subtitle": "Solid: {other}, dashed: {base}; last value and its difference",
    },
}


@dataclass(frozen=True)
class ComparisonWords(Words):
    """The phrases of comparisons on top of those of the figures of a run."""

    def say(self, key: str, **values: object) -> str:
        """Return the phrase of `key` with its places filled; those of comparisons come first."""
        own = COMPARE_TEXT[self.language]
        return own[key].format(**values) if key in own else super().say(key, **values)
