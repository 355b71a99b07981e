"""How well pinned is what a scenario rests on: the evidence words of the mechanisms that are on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from footloose.registry import EVIDENCE, find_mechanisms
from footloose.scenario.resolved import Scenario

FIRM = EVIDENCE[-1]


def evidence_in_use(*scenarios: Scenario) -> dict[str, str]:
    """Return the evidence word of every mechanism that is on in any of them and whose effect is not firm, by name."""
    known = find_mechanisms()
    switched_on = {name for one in scenarios for name, block in one.mechanisms.items() if block is not None}
    return {name: known[name].evidence for name in sorted(switched_on) if known[name].evidence != FIRM}


def weakest(words: Iterable[str]) -> str:
    """Return the weakest of evidence words, story before suggestive; firm where there is none."""
    return min(words, key=EVIDENCE.index, default=FIRM)


def by_word(evidence: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the mechanisms under each evidence word, the weakest word first."""
    return {
        word: tuple(name for name in sorted(evidence) if evidence[name] == word)
        for word in EVIDENCE
        if word in evidence.values()
    }


def in_words(evidence: Mapping[str, str]) -> str:
    """Return what a result rests on: `story (seeding), suggestive (blocs)`; nothing when all is firm."""
    groups = by_word(evidence).items()
    return ", ".join(f"{word} ({', '.join(name.replace('_', ' ') for name in names)})" for word, names in groups)
