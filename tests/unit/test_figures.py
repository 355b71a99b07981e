"""Six figures: every word inside the page and on no other, the same bytes every time, whole files or none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from footloose.briefing import (
    TEXT,
    Footer,
    cost_stack,
    country_shares,
    draw_all,
    jobs_pipeline,
    moves_flow,
    reasons,
    save,
    sourcing_map,
)
from footloose.briefing.countries import country_numbers
from footloose.briefing.moves import moves_numbers
from footloose.briefing.readings import COLUMNS
from footloose.briefing.reasoning import reason_numbers
from footloose.briefing.sourcing import sourcing_numbers
from footloose.briefing.style import BODY, LINES, SHORES, page, wrap
from footloose.briefing.tags import spread
from footloose.briefing.text import FONTS, Words
from footloose.errors import DataError, OutputError, UnknownName

Floats = npt.NDArray[np.float64]
FOOTER = Footer("Baseline: history and current law", 1, 20_000, "0.1.0", "2026-08")
LONG_FOOTER = Footer("A tariff of $60 on China and $10 on all others, " * 6, 123_456_789, 1_000_000, "0.1.0", "2026-08")
POLICIES = (
    (2018.5, "Section 301"),
    (2020.5, "USMCA"),
    (2022.6, "CHIPS, IRA"),
    (2025.3, "IEEPA"),
    (2026.15, "Section 122"),
)
MANY_POLICIES = tuple((2016 + 0.4 * place, f"Policy with a long name {place}") for place in range(24))
SHARES: dict[str, dict[str, tuple[float, float]]] = {
    "united_states": {"china": (5.6, 3.4), "friend": (1.6, 4.9), "near": (5.2, 6.6), "other": (9.4, 9.7), "home": (78.2, 75.4)},
    "european_union": {"china": (5.1, 6.9), "friend": (1.4, 2.4), "near": (9.8, 12.5), "other": (8.3, 7.4), "home": (75.4, 70.8)},
    "china": {"near": (4.2, 3.1), "other": (4.4, 3.3), "home": (91.4, 93.6)},
    "rest_of_world": {"china": (12.1, 21.4), "friend": (6.4, 8.2), "near": (0.0, 0.0), "other": (34.0, 30.1), "home": (47.5, 40.3)},
}
COUNTRY_SHARES = {
    "china": (21.5, 10.2), "mexico": (11.8, 17.4), "canada": (14.1, 12.3), "european_union": (17.1, 17.9), "vietnam": (1.0, 6.4),
    "india": (1.7, 4.1), "thailand": (1.3, 2.2), "malaysia": (1.7, 2.1), "indonesia": (1.0, 1.4), "advanced_asia": (12.0, 12.8),
    "rest_of_world": (16.0, 12.5), "turkey": (0.3, 0.7),
}
LABELS = {
    "vietnam": "Vietnam", "advanced_asia": "Japan, Korea, Taiwan", "us_south": "US South", "us_midwest": "US Midwest", "us_west": "US West",
    "us_northeast": "US Northeast", "yangtze_delta": "Yangtze Delta", "greater_bay": "Greater Bay Area", "shore:near:united_states": "Mexico, Canada",
    "shore:friend:united_states": "Five Asian hosts", "shore:near:european_union": "Eastern Europe",
}
SITES = (
    "yangtze_delta greater_bay capital_region chengdu_chongqing central_china northeast_china guangxi us_south us_midwest us_west "
    "us_northeast mexico canada western_europe eastern_europe vietnam india indonesia malaysia thailand advanced_asia rest_of_world"
).split()


def path(ends: tuple[float, float], years: Sequence[int]) -> Floats:
    """A smooth path that bends in 2018."""
    bend = 1 / (1 + np.exp(-(np.array(years, dtype=np.float64) - 2020) / 2.5))
    return ends[0] + (ends[1] - ends[0]) * bend


def long_table(years: Sequence[int] = range(2010, 2036), replicates: int = 1, scale: float = 1.0) -> pd.DataFrame:
    """A run that looks like one: shares, moves, reasons, jobs and projects."""
    draw, rows = np.random.default_rng(7), []

    def add(variable: str, market: str, site: str, unit: str, values: Floats, noise: float = 0.05) -> None:
        for replicate in range(replicates):
            factor = 1 + (noise * draw.standard_normal(values.size) if replicates > 1 else 0)
            for year, value in zip(years, values * factor, strict=True):
                rows.append(("baseline", replicate, year, variable, market, site, "all", "all", unit, value))

    time = np.array(years, dtype=np.float64)
    for market, shores in SHARES.items():
        for shore, ends in shores.items():
            add("Imports|Share", market, f"shore:{shore}", "percent", path(ends, years), 0.03)
    for country, ends in COUNTRY_SHARES.items():
        add("Imports|Import Share", "united_states", f"country:{country}", "percent", path(ends, years))
    waves = {"market": np.clip((time - 2008) / 9, 0, 1), "tariffs": time >= 2018, "subsidies": (time >= 2022) & (time <= 2028)}
    sizes = {("china", "friend"): 9e3, ("china", "near"): 6e3, ("china", "home"): 4e3, ("china", "other"): 2.5e3, ("other", "near"): 1.5e3,
             ("other", "home"): 1.2e3, ("friend", "near"): 400.0, ("near", "home"): 60.0, ("home", "near"): 900.0, ("home", "china"): 700.0,
             ("china", "china"): 8e3, ("friend", "china"): 3.0}  # fmt: skip
    for (start, end), size in sizes.items():
        pull = waves["market"] if end == "china" else 0.3 + 1.2 * waves["tariffs"] + (1.5 * waves["subsidies"] if end == "home" else 0)
        add(f"Moves|Value|{start}|{end}", "united_states", "all", "USD million", scale * size * pull * np.ones(time.size), 0.2)
        add(f"Moves|Count|{start}|{end}", "united_states", "all", "1", np.round(scale * size * pull / 40), 0.2)
    weights = {line: 0.4 + 0.3 * np.sin(place + time / 3) for place, line in enumerate(LINES)}
    weights["tariffs"] = 0.3 + 4 * waves["tariffs"]
    weights["subsidies"] = 0.05 + 3 * waves["subsidies"]
    weights["labour"] = 3 - (time - 2010) / 12
    weights["congestion"] = 0.01 + 0 * time
    whole = sum(weights.values())
    for line, weight in weights.items():
        add(f"Reasons|Share|{line}", "united_states", "all", "percent", 100 * weight / whole, 0.0)
    base = 40e3 + 2.5e3 * (time - 2010) + 90e3 * waves["tariffs"] + 170e3 * waves["subsidies"]
    for variable, values, unit in (
        ("Jobs|Announced|Reshoring", scale * base * 0.55, "persons"),
        ("Jobs|Announced|FDI", scale * base * 0.45, "persons"),
        ("Jobs|Filled", scale * np.convolve(base, [0, 0, 0.3, 0.3, 0.2])[: time.size], "persons"),
        ("Projects|Announced", scale * base / 220, "1"),
        ("Projects|Open", scale * np.convolve(base, [0, 0, 0.3, 0.3])[: time.size] / 220, "1"),
        ("Projects|Delayed", scale * base / 900, "1"),
        ("Projects|Cancelled", scale * base / 1500, "1"),
    ):
        add(variable, "all", "country:united_states", unit, values, 0.08)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def stack_table(sites: Sequence[str] = SITES, chosen: str = "mexico", scale: float = 1.0) -> pd.DataFrame:
    """A typical firm's cost lines by site."""
    draw = np.random.default_rng(3)
    size = {"labour": 9.0, "tariffs": 5.0, "inputs": 3.0, "clusters": 3.5, "unexplained": 4.0, "congestion": 0.0}
    rows = []
    for site in sites:
        values = {line: scale * size.get(line, 1.2) * draw.standard_normal() for line in LINES}
        rows += [(site, line, value, sum(values.values()), site == chosen) for line, value in values.items()]
    table = pd.DataFrame(rows, columns=["site", "line", "value", "total", "chosen"])
    return table.assign(sector="electronics", market="united_states", year=2019)


def observed_table() -> pd.DataFrame:
    """Observed shares to 2024 with a little noise."""
    draw, years = np.random.default_rng(5), range(2010, 2025)
    parts = [
        pd.DataFrame({"country": country, "year": years, "value": path(COUNTRY_SHARES[country], years) * draw.normal(1, 0.05, 15)})
        for country in ("china", "mexico", "vietnam", "canada", "india")
    ]
    return pd.concat(parts).assign(source="US Census Bureau, general imports")


Draw = Callable[[pd.DataFrame, Footer], Figure]
FIGURES: dict[str, Draw] = {
    **{f"sourcing_{m}": (lambda table, footer, m=m: sourcing_map(table, m, POLICIES, LABELS, footer)) for m in SHARES},
    "countries": lambda table, footer: country_shares(table, "united_states", observed_table(), LABELS, footer),
    "moves": lambda table, footer: moves_flow(table, "united_states", LABELS, footer),
    "reasons": lambda table, footer: reasons(table, "united_states", LABELS, footer),
    "jobs": lambda table, footer: jobs_pipeline(table, "united_states", LABELS, footer),
    "cost": lambda _, footer: cost_stack(stack_table(), LABELS, footer),
}  # fmt: skip
