"""The figures of a briefing, drawn in its language from the tables of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from footloose.briefing.compare_accounts import compare_account
from footloose.briefing.compare_content import compare_content
from footloose.briefing.compare_differences import compare_differences
from footloose.briefing.compare_ledger import Between, compare_ledger
from footloose.briefing.countries import country_shares
from footloose.briefing.documents.comparison_numbers import ComparisonNumbers
from footloose.briefing.documents.document import Picture
from footloose.briefing.documents.folders import RunFolder
from footloose.briefing.documents.wording import Voice
from footloose.briefing.jobs import jobs_pipeline
from footloose.briefing.moves import moves_flow
from footloose.briefing.reasoning import reasons
from footloose.briefing.saving import save
from footloose.briefing.sourcing import sourcing_map
from footloose.briefing.style import Footer
from footloose.experiments.comparison.accounts import SUPPORTED, TAXED
from footloose.geography import load_geography
from footloose.history import load_observed

FEW = 2
DPI = 200
"""Dots per inch of figures in Word and PowerPoint: sharp on paper, and a file that can be sent."""
THOUSAND = 1e3
STAGES = ("opened",)
Drawing = Callable[[], Figure]


@dataclass(frozen=True)
class Artist:
    """Draws figures in one language into a folder."""

    voice: Voice
    folder: Path

    @property
    def labels(self) -> dict[str, str]:
        """Names of sites, sectors and shores; of shores with few sites, these."""
        geography = load_geography()
        known = dict(geography.labels[self.voice.language])
        for m, market in enumerate(geography.markets):
            for shore in ("near", "friend"):
                lying = np.flatnonzero(np.asarray(geography.shore_of)[m] == geography.shores.index(shore))
                if 0 < lying.size <= FEW:
                    sites = [known[geography.sites[site]] for site in lying]
                    known[f"shore:{shore}:{market}"] = self.voice.say("list.before").join(sites)
        return known

    def draw(self, name: str, figure: Figure, data: pd.DataFrame, market: str) -> Picture:
        """Save a figure and return it with its caption; the words for who cannot see it come with the finding."""
        file = f"{name}_{self.voice.language}"
        save(figure, data, self.folder, file, DPI)
        kind = "sourcing_map" if name.startswith("sourcing_map") else name.partition("@")[0]
        places = {"the_market": self.voice.the(market)}
        caption = self.voice.say(f"caption.{kind}", **places)
        alt = self.voice.say(f"alt.{kind}", text="", **places).strip()
        return Picture(name, caption, alt, self.folder / f"{file}.png", self.folder / f"{file}.svg")


def footer_of(scenario: Mapping[str, Any], manifest: Mapping[str, Any], title: str) -> Footer:
    """Return what made the figures."""
    groups: dict[str, list[str]] = {}
    for name, word in sorted(dict(manifest.get("evidence") or {}).items()):
        groups.setdefault(str(word), []).append(str(name))
    vintage = f"2026-08, {str(manifest.get('data_digest', ''))[:8]}"
    return Footer(
        title, int(manifest["seed"]), int(manifest["firms"]), str(manifest["version"]), vintage, evidence=groups
    )


def run_pictures(run: RunFolder, artist: Artist, title: str, market: str) -> Iterator[Picture]:
    """Draw the figures of a run."""
    footer = footer_of(run.scenario, run.manifest, title)
    table, labels, language = run.table, artist.labels, artist.voice.language
    rows = table[(table["sector"] == "all") & (table["origin"] == "all")]
    observed = pd.DataFrame(
        [
            {"market": row.market, "country": row.site, "year": row.year, "value": row.value, "source": row.source}
            for row in load_observed() if row.variable == "goods_import_share"
        ]
    )  # fmt: skip
    drawings: dict[str, Drawing] = {
        f"sourcing_map_{market}": lambda: sourcing_map(rows, market, [], labels, footer, language),
        "country_shares": lambda: country_shares(rows, market, observed, labels, footer, language),
        "moves_flow": lambda: moves_flow(rows, market, labels, footer, language),
        "reasons": lambda: reasons(rows, market, labels, footer, language),
        "jobs_pipeline": lambda: jobs_pipeline(rows, market, labels, footer, language),
    }
    nothing = pd.DataFrame()
    for name, drawing in drawings.items():
        yield artist.draw(name, drawing(), nothing, market)


def comparison_pictures(numbers: ComparisonNumbers, artist: Artist, titles: tuple[str, str]) -> Iterator[Picture]:
    """Draw the figures of one other world of a comparison."""
    folder, voice = numbers.folder, artist.voice
    answer, labels, language = folder.answer, artist.labels, voice.language
    footer = footer_of(folder.scenario, answer, " / ".join(titles))
    between = Between(titles[0], titles[1], str(answer.get("border_of_a_move", "country")), numbers.since)
    fans = [
        (outcome, str(found["unit"]), numbers.path(outcome))
        for outcome, found in zip(numbers.outcomes, numbers.world["outcomes"], strict=True)
    ]
    counts = (numbers.replicates, numbers.ensemble)
    drawings: dict[str, tuple[Drawing, pd.DataFrame]] = {
        "differences": (
            lambda: compare_differences(fans, between, counts, labels, footer, language),
            pd.concat([fan.assign(outcome=str(outcome)) for outcome, _, fan in fans], ignore_index=True),
        )
    }  # fmt: skip
    content = folder.content[folder.content["scenario"] == numbers.label]
    drawings["content"] = (
        lambda: compare_content(content, numbers.market, between, labels, footer, language),
        content[(content["market"] == numbers.market) & (content["sector"] == "all")],
    )
    if not numbers.summary.empty:
        for stage in STAGES:
            drawings[f"ledger_{stage}"] = (
                lambda stage=stage: compare_ledger(numbers.summary, stage, between, labels, footer, language),  # type: ignore[misc]
                numbers.summary,
            )
    for name, lines, measure in (("tariff", TAXED, "value"), ("subsidy", SUPPORTED, "jobs")):
        account = numbers.world.get(name)
        if account:
            table = account_table(account["numbers"], lines, measure)
            drawings[name] = (
                lambda table=table, name=name: compare_account(table, name, between, labels, footer, language=language),  # type: ignore[misc]
                table,
            )
    for name, (drawing, data) in drawings.items():
        yield artist.draw(name, drawing(), data, numbers.market)


def account_table(numbers: Mapping[str, Any], lines: tuple[str, ...], measure: str) -> pd.DataFrame:
    """Return what the figure of an account draws: line, value, low, high, in thousand jobs or USD billion."""
    rows = [
        {
            "line": line,
            **{
                name: _scaled(numbers[f"{measure}_{line}"][key])
                for name, key in (("value", "mean"), ("low", "low"), ("high", "high"))
            },
        }
        for line in lines
    ]
    return pd.DataFrame(rows).astype({"value": "float64", "low": "float64", "high": "float64"})


def _scaled(value: float | None) -> float | None:
    return None if value is None else value / THOUSAND
