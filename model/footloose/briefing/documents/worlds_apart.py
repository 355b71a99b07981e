"""In what two scenarios differ, in sentences of either language, from their resolved data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from footloose.briefing.documents.wording import Voice
from footloose.policies import EVENTS
from footloose.scenario.names import policy_record

DESCRIPTION = {"name", "title", "question", "evidence", "firms", "replicates", "seed", "years"}
FORMS = ("rate", "output_share", "capex_share", "usd_per_job", "usd_per_unit", "parts_affected")
MOST = 12
"""Numbers listed one by one."""

Data = Mapping[str, Any]


def differences(base: Data, other: Data, voice: Voice) -> list[str]:
    """Return a sentence for everything in which the other scenario differs from the base."""
    found = [*_record(base["policy_record"], other["policy_record"], voice)]
    for section in ("policies", "shocks"):
        one, two = base.get(section) or {}, other.get(section) or {}
        for name in dict.fromkeys([*one, *two]):
            if one.get(name) == two.get(name):
                continue
            what = instrument(name, two.get(name) or one[name], voice)
            key = "new" if name not in one else "gone" if name not in two else "changed"
            found.append(voice.say(f"differs.{key}", what=what))
    found += _mechanisms(base["mechanisms"], other["mechanisms"], voice)
    sections = [key for key in base if key not in DESCRIPTION | {"policies", "shocks", "mechanisms", "policy_record"}]
    values = [pair for key in sections for pair in _values(key, base[key], other.get(key))]
    found += [voice.say("differs.value", key=key, a=a, b=b) for key, a, b in values[:MOST]]
    return found


def instrument(name: str, data: Data, voice: Voice) -> str:
    """Return an instrument or event in words: kind, size, where, since when."""
    kind, places = str(data["kind"]), voice.listed([voice.the(str(site)) for site in data.get("sites", ())])
    day = str(data["from"])
    if kind in EVENTS:
        return voice.say("differs.shock", name=name, kind=voice.say(f"event.{kind}"), day=day)
    form = next((form for form in FORMS if data.get(form) is not None), "rate")
    rate = f"{largest(data.get(form)):g}"
    if kind == "subsidy":
        rate = voice.say(f"differs.rate.{form}", rate=rate)
    market = voice.the(str(data["market"])) if "market" in data else ""
    if kind == "export_control":
        return voice.say("differs.export_control", name=name, places=places, day=day)
    if kind == "subsidy":
        return voice.say("differs.subsidy", name=name, rate=rate, places=places, day=day)
    return voice.say("differs.tariff", name=name, rate=rate, places=places, market=market, day=day)


def largest(value: Any) -> float:
    """Return the largest number in a value, a dated path, or one by sector."""
    if isinstance(value, Mapping):
        return max((largest(inner) for inner in value.values()), default=0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _record(base: Data, other: Data, voice: Voice) -> Iterator[str]:
    if base.get("include") != other.get("include") and other.get("include") == "none":
        yield voice.say("differs.record_none")
    if base.get("until") != other.get("until") and other.get("until"):
        yield voice.say("differs.record_out", day=other["until"])
    gone, left = set(base.get("without", ())), set(other.get("without", ()))
    for name in [*base.get("without", ()), *(name for name in other.get("without", ()) if name not in gone)]:
        if name in gone and name in left:
            continue
        rows = [row for row in policy_record() if name in (row.id, row.authority)]
        law = voice.say(f"law.{rows[0].authority}") if rows else name
        if name in gone:
            yield voice.say("differs.law_in", law=law, day=min(row.announced for row in rows).isoformat())
        else:
            yield voice.say("differs.law_out", law=law)


def _mechanisms(base: Data, other: Data, voice: Voice) -> Iterator[str]:
    values = []
    for name in dict.fromkeys([*base, *other]):
        one, two = base.get(name, "off"), other.get(name, "off")
        if one == two:
            continue
        if two == "off" or one == "off":
            key = "off" if two == "off" else "on"
            yield voice.say(f"differs.mechanism_{key}", name=voice.line(name))
        else:
            values += list(_values(name, one, two))
    for key, a, b in values[:MOST]:
        yield voice.say("differs.value", key=key, a=a, b=b)


def _values(key: str, base: Any, other: Any) -> Iterator[tuple[str, str, str]]:
    if base == other:
        return
    if isinstance(base, Mapping) and isinstance(other, Mapping):
        for name in dict.fromkeys([*base, *other]):
            yield from _values(f"{key}.{name}", base.get(name), other.get(name))
    else:
        yield key, str(base), str(other)
