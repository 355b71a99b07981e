"""What figures of comparisons say of outcomes, units, worlds, policies, levers and money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from footloose.briefing.catalogue import phrases
from footloose.briefing.text import Words
from footloose.experiments.comparison.intervals import Ratio
from footloose.experiments.comparison.outcomes import ALL, Outcome
from footloose.geography import load_geography

PERCENT = "percent"
PLAIN = ("", "1")
"""Units that are not written."""


class Titled(Protocol):
    """A world as far as its title goes: `World` of a comparison."""

    @property
    def label(self) -> str: ...  # noqa: D102

    @property
    def scenario(self) -> Any: ...  # noqa: D102


def labels_of(language: str) -> Mapping[str, str]:
    """Return the labels of sites, sectors, markets and origins in a language."""
    return dict(load_geography().labels[language])


def titles_of(worlds: Sequence[Titled], language: str) -> list[str]:
    """Return the titles of worlds in a language, the label of one without; the label added where two are the same."""
    found = [title_of(world.scenario, language) or readable(world.label) for world in worlds]
    return [
        title if found.count(title) == 1 else f"{title} ({readable(world.label)})"
        for title, world in zip(found, worlds, strict=True)
    ]


def title_of(scenario: Any, language: str) -> str:
    """Return the title of a scenario in a language, else in English, else nothing."""
    return str(getattr(scenario.title, language, "") or scenario.title.en)


def outcome_parts(words: Words, outcome: Outcome) -> tuple[str, str]:
    """Return an outcome as the name of its variable and the rest: where, and when."""
    place = _place(words, outcome)
    if outcome.sector != ALL:
        place.append(words.name(outcome.sector))
    if outcome.origin != ALL:
        place.append(words.say("compare.place.owners", origin=words.name(outcome.origin)))
    if outcome.first is not None and outcome.last == outcome.first:
        place.append(words.say("compare.year", year=outcome.first))
    elif outcome.first is not None:
        place.append(words.say("compare.years", first=outcome.first, last=outcome.last))
    return words.variable(outcome.variable), words.say("compare.list").join(place)


def outcome_name(words: Words, outcome: Outcome, unit: str) -> str:
    """Return an outcome in words, with its unit."""
    return _with_unit(words, outcome, unit_name(words, unit))


def effect_name(words: Words, outcome: Outcome, unit: str) -> str:
    """Return an outcome in words, with the unit of a difference."""
    return _with_unit(words, outcome, unit_name(words, unit, difference=True))


def _with_unit(words: Words, outcome: Outcome, unit: str) -> str:
    variable, place = outcome_parts(words, outcome)
    text = words.say("compare.outcome", variable=variable, place=place) if place else variable
    return words.say("compare.with_unit", text=text, unit=unit) if unit else text


def _place(words: Words, outcome: Outcome) -> list[str]:
    """Return where an outcome is: who buys from where, or the one name it has."""
    if outcome.market == ALL or outcome.site == ALL:
        return [words.name(name) for name in (outcome.market, outcome.site) if name != ALL]
    market, bare = words.name(outcome.market), outcome.site.removeprefix("shore:")
    if bare == outcome.site:
        return [words.say("compare.place.from", market=market, site=words.name(outcome.site))]
    if bare == "home":
        return [words.say("compare.place.home", market=market)]
    key = f"compare.place.shore.{bare}"
    return [words.say("compare.place.shore", market=market, site=words.say(key) if key in phrases() else bare)]


def unit_name(words: Words, unit: str, *, difference: bool = False) -> str:
    """Return a unit as it stands behind a number; a difference of percentages is one of points."""
    if unit in PLAIN:
        return ""
    if unit == PERCENT and difference:
        return words.say("compare.unit.points")
    key = f"compare.unit.{unit}"
    return words.say(key) if key in phrases() else words.unit(unit)


def amount(words: Words, value: str, unit: str) -> str:
    """Return a number with its unit behind it, if it has one."""
    return words.say("compare.amount", value=value, unit=unit) if unit else value


def policy_name(words: Words, name: str, scenario: str = "") -> str:
    """Return the name of an authority of the record, or of an instrument of a scenario with a title."""
    key = f"compare.policy.{name}"
    if key in phrases():
        return words.say(key)
    if scenario:
        return words.say("compare.instrument", scenario=scenario, name=readable(name))
    return readable(name)


def part_name(words: Words, name: str) -> str:
    """Return the name of a part of an attribution: `policy_record.NAME`, `mechanisms.NAME`, a group of the user."""
    kind, _, bare = name.rpartition(".")
    return words.name(f"line:{bare}") if kind == "mechanisms" else policy_name(words, bare)


def lever_name(words: Words, name: str, reach: Mapping[str, Any]) -> str:
    """Return the name of a lever; reach: kind, sites and first day of an instrument, nothing for a key."""
    if not reach:
        return name
    sites = words.say("compare.list").join(words.name(str(site)) for site in reach.get("sites", ()))
    return words.say(f"compare.lever.{reach['kind']}", sites=sites, year=day_name(words, str(reach.get("from", ""))))


def day_name(words: Words, day: str) -> str:
    """Return a day written 2027, 2027-03 or 2027-03-15 as its year, and its month where that is not the first."""
    year, *rest = day[:10].split("-")
    if set(rest) <= {"01", "1"}:
        return words.say("compare.year", year=year)
    return words.say("compare.month", year=year, month=int(rest[0]))


def bought(words: Words, ratios: Mapping[str, Ratio]) -> str:
    """Return deadweight and cost per additional job of a subsidy in two sentences."""
    share, money = ratios["deadweight_share_of_jobs"], ratios["usd_per_additional_job_in_last_year"]
    deadweight = words.say("compare.account.deadweight.none")
    if share.value is not None:
        deadweight = words.say("compare.account.deadweight", share=_percent(words, share.value, share))
    return words.sentences(deadweight, words.say("compare.account.cost", money=_money(words, money)))


def _percent(words: Words, value: float, ratio: Ratio) -> str:
    text = words.say("compare.percent", value=f"{100 * value:.0f}")
    if not ratio.bounded or ratio.low is None or ratio.high is None:
        return text
    return words.say("compare.range", value=text, low=f"{100 * ratio.low:.0f}", high=f"{100 * ratio.high:.0f}")


def _money(words: Words, ratio: Ratio) -> str:
    if ratio.value is None or ratio.value <= 0.0:
        return words.say("compare.account.money.none")
    value = f"{ratio.value:,.0f}"
    if not ratio.bounded or ratio.low is None or ratio.high is None:
        return words.say("compare.account.money.open", value=value)
    return words.say("compare.account.money.range", value=value, low=f"{ratio.low:,.0f}", high=f"{ratio.high:,.0f}")


def readable(name: str) -> str:
    """Return a name of a file or an instrument as a reader wants it."""
    return name.replace("_", " ")
