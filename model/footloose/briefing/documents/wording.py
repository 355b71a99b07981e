"""The words of a briefing in one language: phrases of the catalogue, names, numbers, how sure a finding is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footloose.briefing.catalogue import phrases, say, translated
from footloose.briefing.documents.amounts import span, style_of
from footloose.briefing.documents.members import Sample
from footloose.geography import load_geography


@dataclass(frozen=True)
class Voice:
    """One language."""

    language: str

    def say(self, key: str, /, **values: object) -> str:
        """Return a phrase of the catalogue."""
        return say(key, self.language, **values)

    def name(self, key: str) -> str:
        """Return the name of a country, site, sector or shore; the key where a user added a member without a label."""
        known = load_geography().labels
        short = key.partition(":")[2] or key
        return str(known[self.language].get(short) or known["en"].get(short) or short)

    def the(self, key: str) -> str:
        """Return a name as it stands in a sentence, with its article where English wants one."""
        short = key.partition(":")[2] or key
        return self.say(f"the.{short}") if f"the.{short}" in phrases() else self.name(key)

    def parameter(self, key: str) -> str:
        """Return a parameter in words, with its key; the key alone where the catalogue has no words."""
        if f"parameter.{key}" not in phrases():
            return key
        return self.say("confidence.parameter", name=self.say(f"parameter.{key}"), key=key)

    def measure(self, unit: str) -> str:
        """Return the unit of a parameter or series; as the tables have it where the catalogue has no words."""
        return self.say(f"measure.{unit}") if f"measure.{unit}" in phrases() else unit

    def source(self, key: str, text: str) -> str:
        """Return a source in the language; as the tables have it where there is no translation of just this text."""
        return translated(key, text, self.language)

    def line(self, name: str) -> str:
        """Return the name of a ledger line, which is that of its mechanism, as it stands in a sentence."""
        key = f"name.line:{name}"
        text = self.say(key) if key in phrases() else name.replace("_", " ")
        return text.lower() if self.language == "en" else text

    def listed(self, parts: Sequence[str]) -> str:
        """Return parts as a list in a sentence: a, b and c."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("list.before").join(parts[:-1]) + self.say("list.last") + parts[-1]

    def joined(self, sentences: Sequence[str]) -> str:
        """Return sentences one after another."""
        return ("" if self.language == "zh" else " ").join(sentences)

    def change(self, kind: str, sample: Sample) -> str:
        """Return the change of a number with its interval."""
        low, high = sample.interval()
        return span(kind, sample.mean, low, high, self.language)

    def level(self, kind: str, *samples: Sample) -> list[str]:
        """Return levels, all in one style: means without interval."""
        means = [sample.mean for sample in samples]
        halves = [
            (high - low) / 2
            for low, high in (sample.interval() for sample in samples)
            if low is not None and high is not None
        ]
        half = max(halves) if halves and max(halves) > 0.0 else None
        style = style_of(kind, self.language, means, half)
        return [style.full(mean) for mean in means]

    def confidence(self, sample: Sample) -> str:
        """Return how sure a sign is, by the rule: robust only where it holds in nine of ten members."""
        count, holding = sample.values.size, sample.holding()
        if count < 2:
            return self.say("confidence.one")
        if not sample.values.any():
            return self.say("confidence.none_ensemble" if sample.ensemble else "confidence.none", count=count)
        if not sample.ensemble:
            key = "confidence.chance" if sample.robust else "confidence.few" if count < 5 else "confidence.chance_not"
            return self.say(key, holding=holding, count=count)
        if sample.robust:
            return self.say("confidence.robust", holding=holding, count=count)
        found = sample.deciding()
        if found is None:
            return self.say("confidence.depends_on_none", holding=holding, count=count)
        way = self.say("way.with" if found[1] > 0 else "way.against")
        return self.say(
            "confidence.depends", holding=holding, count=count, parameter=self.parameter(found[0]), way=way,
            strength=f"{abs(found[1]):.2f}",
        )  # fmt: skip
