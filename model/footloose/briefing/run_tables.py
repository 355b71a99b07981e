"""What the figures of a run are drawn from: its long table; beside it names, places, laws and observations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from footloose.briefing.catalogue import phrases, say, translated
from footloose.briefing.gallery import RunTables
from footloose.briefing.style import Footer
from footloose.geography import Geography, load_geography
from footloose.history import load_observed
from footloose.scenario import Scenario, by_word
from footloose.scenario.names import policy_record

FEW = 2
"""Sites of a shore, or places of an instrument, that are named one by one."""
MARKED = {
    "policy.section_301": ("section_301",),
    "policy.chips_ira": ("chips_act", "ira"),
    "policy.tariffs_2025": ("ieepa_fentanyl", "ieepa_reciprocal"),
}
"""Authorities of the policy record that the time axes mark, by key of the catalogue of words."""
OBSERVED = "goods_import_share"


def tables_of(
    scenario: Scenario,
    table: pd.DataFrame,
    manifest: Mapping[str, Any],
    last: int,
    cost_stack: pd.DataFrame | None,
    language: str,
) -> RunTables:
    """Return what the figures of a run are drawn from, with names and marks in a language.

    manifest   : seed, firms, version, data_digest, evidence; last: the last year lived
    cost_stack : of a typical firm, as cost_numbers takes it; None: no such figure
    """
    geography = load_geography()
    footer = Footer(
        scenario=str(getattr(scenario.title, language) or scenario.title.en or scenario.name),
        seed=int(manifest["seed"]),
        firms=int(manifest["firms"]),
        version=str(manifest["version"]),
        vintage=say("vintage.run", language, digest=str(manifest["data_digest"])[:8]),
        evidence=by_word(dict(manifest.get("evidence") or {})),
    )
    return RunTables(
        table=table,
        footer=footer,
        cost_stack=cost_stack,
        observed=observed_shares(language),
        policies=recorded_policies(scenario, last, language) + own_policies(scenario, last, language),
        places=site_places(geography),
        markets=geography.markets,
        labels=labels_of(geography, language),
        language=language,
    )


def labels_of(geography: Geography, language: str) -> dict[str, str]:
    """Return the names of sites, sectors and origins in a language; of shores with few sites, these."""
    return dict(geography.labels[language]) | shore_names(geography, language)


def site_places(geography: Geography) -> pd.DataFrame:
    """Return where the sites lie: site, country, longitude, latitude [degrees], and home_of: the market at home there.

    home_of is empty where a site is no market's home.
    """
    home = [[market for m, market in enumerate(geography.markets) if geography.home_of[m, j]]
            for j in range(len(geography.sites))]  # fmt: skip
    return pd.DataFrame(
        {
            "site": geography.sites,
            "country": [geography.countries[number] for number in geography.country_of_site],
            "longitude": geography.coordinates[:, 0],
            "latitude": geography.coordinates[:, 1],
            "home_of": [markets[0] if markets else "" for markets in home],
        }
    )


def shore_names(geography: Geography, language: str = "en") -> dict[str, str]:
    """Return names of shores that say which sites they are, where these are few: shore:SHORE:MARKET -> text."""
    names, known = {}, geography.labels[language]
    for m, market in enumerate(geography.markets):
        for shore in ("near", "friend"):
            lying = np.flatnonzero(np.asarray(geography.shore_of)[m] == geography.shores.index(shore))
            if 0 < lying.size <= FEW:
                names[f"shore:{shore}:{market}"] = say("separator.list", language).join(
                    known[geography.sites[site]] for site in lying
                )
    return names


def recorded_policies(scenario: Scenario, last: int, language: str = "en") -> list[tuple[float, str]]:
    """Return the first days of the marked laws of the policy record that the scenario keeps, for the time axis."""
    kept = [row for row in policy_record() if scenario.policy_record.keeps(row) and row.start.year <= last]
    begun = {key: [row.start for row in kept if row.authority in laws] for key, laws in MARKED.items()}
    return [(point_in_time(min(days)), say(key, language)) for key, days in begun.items() if days]


def own_policies(scenario: Scenario, last: int, language: str = "en") -> list[tuple[float, str]]:
    """Return the first days of the scenario's own instruments and shocks, for the time axis: `Tariff: China`."""
    marks = []
    for each in (*scenario.policies.values(), *scenario.shocks.values()):
        if each.start.year > last:
            continue
        key = f"policy.own.{each.kind}"
        what = say(key if key in phrases() else f"event.{each.kind}", language)
        where = places_in_words(tuple(getattr(each, "sites", ())), language)
        marks.append(
            (point_in_time(each.start), say("policy.own", language, what=what, where=where) if where else what)
        )
    return marks


def places_in_words(sites: tuple[str, ...], language: str) -> str:
    """Return where an instrument acts, where that is few places with names in the language; else nothing."""
    known = load_geography().labels[language]
    if not sites or len(sites) > FEW or any(site not in known for site in sites):
        return ""
    return say("separator.list", language).join(known[site] for site in sites)


def point_in_time(day: date) -> float:
    """Return a day as a year and its fraction, to the month."""
    return day.year + (day.month - 1) / 12


def observed_shares(language: str = "en") -> pd.DataFrame:
    """Return observed import shares for the figure of country shares: market, country, year, value, source."""
    rows = [
        {
            "market": row.market, "country": row.site, "year": row.year, "value": row.value,
            "source": translated(f"observed.{OBSERVED}", row.source, language),
        }
        for row in load_observed() if row.variable == OBSERVED
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["market", "country", "year", "value", "source"])
