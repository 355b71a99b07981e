"""Six figures: every word inside the page and on no other, the same bytes every time, whole files or none."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from figure_checks import check_texts, words_of
from figure_list import RUN, keys_of
from matplotlib.figure import Figure
from PIL import Image

from footloose.briefing import (
    Footer,
    RunTables,
    Subject,
    china_content,
    cost_stack,
    country_ranks,
    country_shares,
    draw_all,
    fan_chart,
    gallery,
    jobs_pipeline,
    moves_flow,
    reasons,
    regions_map,
    run_figures,
    save,
    sourcing_map,
    world_map,
)
from footloose.briefing.catalogue import LANGUAGES
from footloose.briefing.countries import country_numbers
from footloose.briefing.fan import fan_numbers, limits
from footloose.briefing.gallery import draw_part
from footloose.briefing.moves import moves_numbers
from footloose.briefing.numerals import digits_of, plain
from footloose.briefing.placing import even_out, make_room, on_grid
from footloose.briefing.ranks import rank_numbers
from footloose.briefing.readings import COLUMNS
from footloose.briefing.reasoning import reason_numbers
from footloose.briefing.regions import region_numbers
from footloose.briefing.sourcing import sourcing_numbers
from footloose.briefing.style import LINES, SHORES, page, wrap
from footloose.briefing.tags import spread
from footloose.briefing.text import Words
from footloose.briefing.world_map import flow_kind, map_numbers
from footloose.errors import DataError, OutputError, UnknownName
from footloose.geography import load_geography

Floats = npt.NDArray[np.float64]
FOOTER = Footer("Baseline: history and current law", 1, 20_000, "0.1.0", "2026-08")
EVIDENCE = {
    "story": ("cluster_seeding", "export_controls", "migration_of_skills"),
    "suggestive": tuple(f"mechanism_with_a_long_name_{number}" for number in range(5)),
}
LONG_FOOTER = Footer(
    "A tariff of $60 on China and $10 on all others, " * 6, 123_456_789, 1_000_000, "0.1.0", "2026-08", EVIDENCE
)
POLICIES = (
    (2018.5, "Section 301"),
    (2020.5, "USMCA"),
    (2022.6, "CHIPS, IRA"),
    (2025.3, "IEEPA"),
    (2026.15, "Section 122"),
)
MANY_POLICIES = tuple((2016 + 0.4 * place, f"Policy with a long name {place}") for place in range(24))
SHARES: dict[str, dict[str, tuple[float, float]]] = {
    "united_states": {
        "china": (5.6, 3.4),
        "friend": (1.6, 4.9),
        "near": (5.2, 6.6),
        "other": (9.4, 9.7),
        "home": (78.2, 75.4),
    },
    "european_union": {
        "china": (5.1, 6.9),
        "friend": (1.4, 2.4),
        "near": (9.8, 12.5),
        "other": (8.3, 7.4),
        "home": (75.4, 70.8),
    },
    "china": {"near": (4.2, 3.1), "other": (4.4, 3.3), "home": (91.4, 93.6)},
    "rest_of_world": {
        "china": (12.1, 21.4),
        "friend": (6.4, 8.2),
        "near": (0.0, 0.0),
        "other": (34.0, 30.1),
        "home": (47.5, 40.3),
    },
}
COUNTRY_SHARES = {
    "china": (21.5, 10.2),
    "mexico": (11.8, 17.4),
    "canada": (14.1, 12.3),
    "european_union": (17.1, 17.9),
    "vietnam": (1.0, 6.4),
    "india": (1.7, 4.1),
    "thailand": (1.3, 2.2),
    "malaysia": (1.7, 2.1),
    "indonesia": (1.0, 1.4),
    "advanced_asia": (12.0, 12.8),
    "rest_of_world": (16.0, 12.5),
    "turkey": (0.3, 0.7),
}
LABELS = {
    "vietnam": "Vietnam",
    "advanced_asia": "Japan, Korea, Taiwan",
    "us_south": "US South",
    "us_midwest": "US Midwest",
    "us_west": "US West",
    "us_northeast": "US Northeast",
    "yangtze_delta": "Yangtze Delta",
    "greater_bay": "Greater Bay Area",
    "shore:near:united_states": "Mexico, Canada",
    "shore:friend:united_states": "Five Asian hosts",
    "shore:near:european_union": "Eastern Europe",
}
SITES = [
    *("yangtze_delta", "greater_bay", "capital_region", "chengdu_chongqing", "central_china", "northeast_china"),
    *("guangxi", "us_south", "us_midwest", "us_west", "us_northeast", "mexico", "canada", "western_europe"),
    *("eastern_europe", "vietnam", "india", "indonesia", "malaysia", "thailand", "advanced_asia", "rest_of_world"),
]
MOVES = {
    **{("china", "friend"): 9e3, ("china", "near"): 6e3, ("china", "home"): 4e3, ("china", "other"): 2.5e3},
    **{("other", "near"): 1.5e3, ("other", "home"): 1.2e3, ("friend", "near"): 400.0, ("near", "home"): 60.0},
    **{("home", "near"): 900.0, ("home", "china"): 700.0, ("china", "china"): 8e3, ("friend", "china"): 3.0},
}


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
        for replicate in range(replicates):
            lean = dict(
                zip(
                    shores,
                    1 + (0.08 * draw.standard_normal(len(shores)) if replicates > 1 else np.zeros(len(shores))),
                    strict=True,
                )
            )
            parts = {shore: path(ends, years) * lean[shore] for shore, ends in shores.items()}
            for shore, part in parts.items():
                for year, value in zip(years, 100 * part / sum(parts.values()), strict=True):
                    rows.append(
                        (
                            "baseline",
                            replicate,
                            year,
                            "Imports|Share",
                            market,
                            f"shore:{shore}",
                            "all",
                            "all",
                            "percent",
                            value,
                        )
                    )
    add("China Content|Direct", "united_states", "all", "percent", path((5.6, 3.4), years))
    add("China Content|Total", "united_states", "all", "percent", path((7.2, 5.9), years))
    for country, ends in COUNTRY_SHARES.items():
        add("Imports|Import Share", "united_states", f"country:{country}", "percent", path(ends, years))
    market_era = np.clip((time - 2008) / 9, 0, 1)
    tariffs: Floats = (time >= 2018).astype(np.float64)
    subsidies: Floats = ((time >= 2022) & (time <= 2028)).astype(np.float64)
    for (start, end), size in MOVES.items():
        pull = market_era if end == "china" else 0.3 + 1.2 * tariffs + (1.5 * subsidies if end == "home" else 0)
        flow = f"{start}|{end}", "united_states", "all"
        add(f"Moves|Value|{flow[0]}", *flow[1:], "USD million", scale * size * pull, 0.2)
        add(f"Moves|Count|{flow[0]}", *flow[1:], "1", np.round(scale * size * pull / 40), 0.2)
    weights: dict[str, Floats] = {line: 0.4 + 0.3 * np.sin(place + time / 3) for place, line in enumerate(LINES)}
    weights["tariffs"] = 0.3 + 4 * tariffs
    weights["subsidies"] = 0.05 + 3 * subsidies
    weights["labour"] = 3 - (time - 2010) / 12
    weights["congestion"] = 0.01 + 0 * time
    whole = np.sum(list(weights.values()), axis=0)
    for line, weight in weights.items():
        add(f"Reasons|Share|{line}", "united_states", "all", "percent", 100 * weight / whole, 0.0)
    base = 40e3 + 2.5e3 * (time - 2010) + 90e3 * tariffs + 170e3 * subsidies
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
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return pd.concat([table, site_rows(years, replicates, scale)], ignore_index=True)


def site_rows(years: Sequence[int], replicates: int, scale: float) -> pd.DataFrame:
    """What is made at each site, and what two markets buy from it, in the first and the last year."""
    draw, parts = np.random.default_rng(11), []
    size = np.exp(draw.normal(9, 1.5, len(SITES)))
    for year in sorted({min(years), max(years)}):
        for replicate in range(replicates):
            for sector in ("textiles", "semiconductors", "machinery", "research"):
                grown = scale * size * draw.uniform(0.7, 1 + (year - 2009) / 12, len(SITES))
                for variable, market in (("Output|Value", "all"), ("Sales|Value", "united_states")):
                    parts.append(
                        pd.DataFrame({"site": SITES, "value": grown}).assign(
                            scenario="baseline", replicate=replicate, year=year, variable=variable, market=market,
                            sector=sector, origin="all", unit="USD million of 2010",
                        )
                    )  # fmt: skip
    detail = pd.concat(parts)
    made = detail[detail["variable"] == "Output|Value"]
    whole = made.groupby([name for name in COLUMNS if name not in ("sector", "value")], as_index=False)["value"].sum()
    return pd.concat([detail, whole.assign(sector="all")])[list(COLUMNS)]


def places_table() -> pd.DataFrame:
    """Where the sites lie."""
    geography = load_geography()
    at = [geography.sites.index(site) for site in SITES]
    country = [geography.countries[geography.country_of_site[j]] for j in at]
    home = {"china": "china", "united_states": "united_states", "european_union": "european_union"}
    return pd.DataFrame(
        {"site": SITES, "country": country, "longitude": geography.coordinates[at, 0],
         "latitude": geography.coordinates[at, 1], "home_of": [home.get(name, "") for name in country]}
    )  # fmt: skip


def with_draws(table: pd.DataFrame, draws: int = 5) -> pd.DataFrame:
    """The table as an ensemble: the same run for several sets of parameters, each higher than the one before."""
    return pd.concat([table.assign(draw=draw, value=table["value"] * (1 + 0.05 * draw)) for draw in range(draws)])


def stack_table(sites: Sequence[str] = SITES, chosen: str = "mexico", scale: float = 1.0) -> pd.DataFrame:
    """A typical firm's cost lines by site."""
    draw = np.random.default_rng(3)
    size = {
        "labour": 9.0,
        "tariffs": 5.0,
        "inputs": 3.0,
        "clusters": 3.5,
        "unexplained": 4.0,
        "congestion": 0.0,
    }
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
        pd.DataFrame(
            {
                "country": country,
                "year": years,
                "value": path(COUNTRY_SHARES[country], years) * draw.normal(1, 0.05, 15),
            }
        )
        for country in ("china", "mexico", "vietnam", "canada", "india")
    ]
    return pd.concat(parts).assign(source="US Census Bureau, general imports")


Draw = Callable[[pd.DataFrame, Footer, str], Figure]


def sourcing_of(market: str) -> Draw:
    """The sourcing map of a market as a function of table, footer and language."""
    return lambda table, footer, language: sourcing_map(table, market, POLICIES, NAMES[language], footer, language)


NAMES = {
    "en": dict(LABELS),
    "zh": dict(load_geography().labels["zh"]) | {"shore:near:united_states": "墨西哥、加拿大"},
}
US = "united_states"
CHINA = Subject("Imports|Share", US, "shore:china")
FIGURES: dict[str, Draw] = {
    **{f"sourcing_{market}": sourcing_of(market) for market in SHARES},
    "countries": lambda table, footer, of: country_shares(table, US, observed_table(), NAMES[of], footer, of),
    "ranks": lambda table, footer, of: country_ranks(table, US, NAMES[of], footer, of),
    "moves": lambda table, footer, of: moves_flow(table, US, NAMES[of], footer, of),
    "reasons": lambda table, footer, of: reasons(table, US, NAMES[of], footer, of),
    "jobs": lambda table, footer, of: jobs_pipeline(table, US, NAMES[of], footer, of),
    "fan": lambda table, footer, of: fan_chart(with_draws(table), CHINA, POLICIES, NAMES[of], footer, of),
    "world": lambda table, footer, of: world_map(table, places_table(), US, NAMES[of], footer, of),
    "regions": lambda table, footer, of: regions_map(table, places_table(), "china", NAMES[of], footer, of),
    "content": lambda table, footer, of: china_content(table, US, NAMES[of], footer, of),
    "cost": lambda _, footer, of: cost_stack(stack_table(), NAMES[of], footer, of),
}


def with_values(table: pd.DataFrame, starts: str, factor: float) -> pd.DataFrame:
    """The table with the values of some variables multiplied."""
    chosen = table["variable"].str.startswith(starts)
    return table.assign(value=table["value"].where(~chosen, table["value"] * factor))


def tiny_shares() -> pd.DataFrame:
    """All countries and shores but home and China nearly nothing, all at the same height."""
    table = ugly_table("plain")
    small = table["variable"].str.startswith("Imports|") & ~table["site"].str.endswith(("home", "china"))
    return table.assign(value=table["value"].where(~small, 0.004))


def user_members() -> pd.DataFrame:
    """A user's own shores, countries and lines beside the known ones."""
    table = ugly_table("plain")
    return pd.concat(
        [
            table,
            table.replace(
                {
                    "site": {
                        "shore:friend": "shore:caribbean_and_central_america",
                        "country:india": "country:ruritania",
                    }
                }
            ),
            table.assign(
                variable=table["variable"].str.replace("china|near", "caribbean_and_central_america|china", regex=False)
            ),
            table.assign(variable=table["variable"].str.replace("|risk", "|carbon_border_adjustment_of_the_union")),
        ]
    ).drop_duplicates(["variable", "market", "site", "year"])


UGLY: dict[str, Callable[[], pd.DataFrame]] = {
    "plain": long_table,
    "twenty_replicates": lambda: long_table(replicates=20),
    "one_year_of_history": lambda: long_table(years=[2010]),
    "one_year_of_scenario": lambda: long_table(years=[2030]),
    "two_years": lambda: long_table(years=[2010, 2011]),
    "over_the_edge": lambda: long_table(years=[2024, 2025, 2026]),
    "no_scenario_years": lambda: long_table(years=range(2012, 2025)),
    "all_zero": lambda: long_table().assign(value=0.0),
    "zero_series": lambda: with_values(with_values(long_table(), "Jobs|Filled", 0), "Moves|Value|china", 0),
    "tiny_shares": tiny_shares,
    "tiny_amounts": lambda: with_values(long_table(scale=1e-5), "Imports|Import", 1e-3),
    "huge_amounts": lambda: long_table(scale=1e4),
    "user_members": user_members,
    "empty": lambda: long_table().iloc[:0],
    "gaps": lambda: long_table().query("year % 3 != 0"),
}


@cache
def ugly_table(name: str) -> pd.DataFrame:
    """Each table once."""
    return UGLY[name]()


SELDOM = {"content", "sourcing_european_union", "sourcing_china", "sourcing_rest_of_world", "cost"}
"""Drawn plain only: the table they differ by has tests of its own, or the figure is drawn ugly for another market."""
BY_SITE = {"world", "regions"}
UGLY_BY_SITE = {"plain", "one_year_of_history", "all_zero", "empty", "huge_amounts"}
CASES = [
    (name, ugly)
    for name in FIGURES
    for ugly in UGLY
    if ugly == "plain" or (name not in SELDOM and (name not in BY_SITE or ugly in UGLY_BY_SITE))
]
LANGUAGE_OF = {case: LANGUAGES[place % 2] for place, case in enumerate(CASES)}
"""Plain runs are drawn in both languages, the odd ones in turns."""
SAID = {"en": ("seed 1", "20,000 firms", "Source:"), "zh": ("随机种子 1", "20,000 家企业", "资料来源：")}
GIVEN = ("footloose", "Turkey", FOOTER.scenario, *(label for _, label in POLICIES), "US Census Bureau, general imports")
"""Latin letters that a Chinese figure may hold: names that the caller gave."""


@pytest.mark.parametrize("name,ugly", CASES)
def test_texts_keep_apart(name: str, ugly: str) -> None:
    footer = LONG_FOOTER if ugly in ("tiny_shares", "one_year_of_history") else FOOTER
    for language in LANGUAGES if ugly == "plain" else (LANGUAGE_OF[name, ugly],):
        texts = check_texts(FIGURES[name](ugly_table(ugly), footer, language))
        if ugly == "plain":
            whole = " ".join(texts)
            assert all(part in whole for part in (*SAID[language], FOOTER.scenario, "footloose 0.1.0", "2026-08"))
            for given in GIVEN if language == "zh" else ():
                whole = whole.replace(given, "")
            assert language == "en" or re.findall("[A-Za-z]{3,}", whole) == []


def test_every_figure_promised_of_a_run_is_among_them() -> None:
    assert keys_of(RUN).keys() <= FIGURES.keys()
    assert all((name, "plain") in CASES for name in keys_of(RUN)), "plain runs are drawn in both languages"


def test_the_check_of_texts_sees_faults() -> None:
    sheet = page(Words(), FOOTER, "Title", "Subtitle", "Source")
    sheet.write(5, 3, "one")
    check_texts(sheet.figure)
    sheet.write(5.1, 3.05, "two")
    with pytest.raises(AssertionError, match="covers"):
        check_texts(sheet.figure)
    sheet = page(Words(), FOOTER, "Title", "Subtitle", "Source")
    sheet.write(9.9, 3, "over the edge")
    with pytest.raises(AssertionError, match="outside"):
        check_texts(sheet.figure)


@pytest.mark.parametrize(
    "stack",
    [
        stack_table(SITES[:1]),
        stack_table(SITES[:3], chosen="nowhere"),
        stack_table([*SITES, *(f"a_site_that_a_user_has_added_{n}" for n in range(9))], chosen=SITES[0]),
        stack_table(scale=0.0),
        stack_table(scale=1e-4),
        stack_table(scale=40.0),
        stack_table()[["site", "line", "value", "total", "chosen"]],
        stack_table().iloc[:0],
        pd.concat([stack_table(), stack_table().replace({"line": {x: f"{x}_of_a_user" for x in LINES}})]),
    ],
    ids=["one", "three", "many", "zero", "tiny", "huge", "bare", "empty", "lines"],
)  # fmt: skip
def test_cost_stack_takes_ugly_input(stack: pd.DataFrame) -> None:
    check_texts(cost_stack(stack, LABELS, LONG_FOOTER))


@pytest.mark.parametrize(
    "policies", [(), MANY_POLICIES, ((2010.0, "x" * 200), (2035.4, "y" * 200), (1999.0, "before"))]
)
@pytest.mark.parametrize("footer", [FOOTER, LONG_FOOTER])
def test_policies_keep_apart(policies: Sequence[tuple[float, str]], footer: Footer) -> None:
    check_texts(sourcing_map(ugly_table("plain"), "united_states", policies, {}, footer))


def test_long_names_are_cut_not_overlapped() -> None:
    names = ["united_states", *COUNTRY_SHARES, *LINES, *SITES, *(f"shore:{shore}" for shore in SHORES)]
    labels = {name: f"{name} called by a name much too long for any figure, $1 and $2" for name in names}
    table = ugly_table("plain")
    for figure in (
        sourcing_map(table, "united_states", POLICIES, labels, LONG_FOOTER),
        country_shares(table, "united_states", None, labels, LONG_FOOTER),
        moves_flow(table, "united_states", labels, LONG_FOOTER),
        reasons(table, "united_states", labels, LONG_FOOTER),
        jobs_pipeline(table, "united_states", labels, LONG_FOOTER),
        cost_stack(stack_table(), labels, LONG_FOOTER),
    ):
        check_texts(figure)


def test_footer_says_what_the_figure_rests_on() -> None:
    words, room = Words(), 9.4
    (line,) = FOOTER.lines(words, room)
    assert "rests on" not in line
    (line,) = dataclasses.replace(FOOTER, scenario="Baseline", evidence={"story": ["seeding"]}).lines(words, room)
    assert line.endswith("data of 2026-08 · rests on: story (cluster seeding)")
    both = dataclasses.replace(FOOTER, evidence={"story": ["seeding"], "suggestive": ["blocs", "export_controls"]})
    assert both.lines(words, room)[1:] == ["rests on: story (cluster seeding), suggestive (blocs, export controls)"]
    scenario, run, *below = LONG_FOOTER.lines(words, room)
    assert scenario.startswith("Scenario: A tariff")
    assert run.startswith("seed 123456789")
    assert " ".join(below).count("mechanism with a long name") == 5
    assert len(LONG_FOOTER.lines(words, 4.0)) == 5, "two lines and at most three of evidence"


def test_a_long_footer_is_said_whole() -> None:
    words = " ".join(words_of(FIGURES["reasons"](ugly_table("plain"), LONG_FOOTER, "en")))
    for part in (LONG_FOOTER.scenario[:40], "seed 123456789", "1,000,000 firms", "footloose 0.1.0", "2026-08"):
        assert part in words


def test_stack_adds_up_over_replicates() -> None:
    numbers = sourcing_numbers(ugly_table("twenty_replicates"), "united_states")
    assert numbers.groupby("year")["top"].max().to_numpy() == pytest.approx(100)
    assert (numbers["top"] >= numbers["bottom"]).all()
    assert (numbers["low"] <= numbers["value"]).all()
    assert (numbers["value"] <= numbers["high"]).all()
    assert numbers["shore"].iloc[-1] == "home"


def test_moves_are_means_per_year_in_billions() -> None:
    table = ugly_table("plain")
    rows = table[table["variable"] == "Moves|Value|china|near"]
    expected = rows[rows["year"].between(2017, 2020)]["value"].sum() / 4 / 1000
    numbers = moves_numbers(table, "united_states")
    chosen = numbers[(numbers["first"] == 2017) & (numbers["from"] == "china") & (numbers["to"] == "near")]
    assert chosen["value"].item() == pytest.approx(expected)
    doubled = moves_numbers(pd.concat([table, table.assign(replicate=1)]), "united_states")
    pd.testing.assert_frame_equal(doubled, numbers)


def test_missing_replicate_counts_as_no_move() -> None:
    table = long_table(replicates=2)
    gone = table[~((table["replicate"] == 1) & (table["variable"] == "Moves|Value|china|near"))]
    of = {name: moves_numbers(frame, "united_states") for name, frame in (("all", table), ("gone", gone))}
    sums = {
        name: frame[(frame["from"] == "china") & (frame["to"] == "near")]["value"].sum() for name, frame in of.items()
    }
    assert 0.3 * sums["all"] < sums["gone"] < 0.7 * sums["all"]


def test_runs_of_an_ensemble_are_not_added_up() -> None:
    """Every pair of draw and replicate is a run: shares stay shares."""
    table = ugly_table("twenty_replicates")
    few = table[table["replicate"] < 2]
    numbers = sourcing_numbers(with_draws(few, 3).assign(value=pd.concat([few["value"]] * 3)), "united_states")
    assert numbers.groupby("year")["top"].max().to_numpy() == pytest.approx(100)
    said = " ".join(words_of(FIGURES["sourcing_united_states"](with_draws(few, 3), FOOTER, "en")))
    assert "band of 3 draws × 2 replicates" in said


def test_reasons_add_up() -> None:
    numbers = reason_numbers(ugly_table("plain"), "united_states")
    assert numbers.groupby("year")["value"].sum().to_numpy() == pytest.approx(100)
    assert numbers.loc[numbers["line"] == "congestion", "drawn_as"].eq("other_lines").all()


def test_largest_countries_are_drawn_and_observations_joined() -> None:
    table = ugly_table("plain")
    extra = table[table["site"] == "country:turkey"]
    more = [extra.assign(site=f"country:tiny_{n}", value=0.01 * n) for n in range(5)]
    numbers = country_numbers(pd.concat([table, *more]), "united_states", observed_table())
    assert numbers.groupby("country")["drawn"].first().sum() == 12
    assert not numbers.loc[numbers["country"].str.startswith("tiny"), "drawn"].any()
    assert numbers["observed"].notna().sum() == 5 * 15


def test_refuses_two_scenarios_and_missing_columns() -> None:
    two = pd.concat([long_table(), long_table().assign(scenario="other")])
    with pytest.raises(DataError, match="one scenario"):
        reasons(two, "united_states", {}, FOOTER)
    with pytest.raises(DataError, match="market, unit"):
        reasons(long_table().drop(columns=["unit", "market"]), "united_states", {}, FOOTER)
    with pytest.raises(DataError, match="chosen"):
        cost_stack(stack_table().drop(columns="chosen"), {}, FOOTER)
    with pytest.raises(UnknownName, match="klingon"):
        reasons(ugly_table("plain"), "united_states", {}, FOOTER, language="klingon")


def test_save_is_whole_and_the_same_every_time(tmp_path: Path) -> None:
    table = ugly_table("plain")
    first = save(FIGURES["reasons"](table, FOOTER, "en"), table, tmp_path / "a", "reasons")
    second = save(FIGURES["reasons"](table, FOOTER, "en"), table, tmp_path / "b", "reasons")
    with Image.open(first[0]) as picture:
        assert picture.size == (3000, 1680)
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=1)
    assert [path.name for path in first] == ["reasons.png", "reasons.svg", "reasons.csv"]
    assert all(one.read_bytes() == two.read_bytes() for one, two in zip(first, second, strict=True))
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "reasons.csv",
        "reasons.png",
        "reasons.svg",
    ]
    drawing = first[1].read_text(encoding="utf-8")
    assert "<!-- Tariffs -->" in drawing
    assert "<text" not in drawing, "another typeface would break the layout"
    assert "dc:date" not in drawing
    assert len(pd.read_csv(first[2])) == len(table)


def test_save_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = FIGURES["cost"](long_table(), FOOTER, "en")
    (tmp_path / "cost.png").write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OutputError, match="No space left"):
        save(figure, stack_table(), tmp_path, "cost")
    assert [path.name for path in tmp_path.iterdir()] == ["cost.png"]
    assert (tmp_path / "cost.png").read_bytes() == b"old"
    with pytest.raises(OutputError, match="plain file name"):
        save(figure, stack_table(), tmp_path, "../cost")


def test_gallery_draws_all(tmp_path: Path) -> None:
    run = RunTables(ugly_table("plain"), FOOTER, stack_table(), observed_table(), POLICIES, places_table(),
                    labels=NAMES["zh"], language="zh")  # fmt: skip
    paths = draw_all(run, tmp_path, dpi=40)
    names = ["sourcing_map_united_states", "country_shares", "country_ranks", "china_content", "moves_flow", "reasons",
             "jobs_pipeline", "cost_stack", "fan_home_share", "fan_china_share", "world_map",
             "regions_map_china"]  # fmt: skip
    assert [path.name for path in paths] == [f"{name}.{ending}" for name in names for ending in ("png", "svg", "csv")]
    assert all(path.stat().st_size > 300 for path in paths)
    assert {path.name for path in paths} == {path.name for path in tmp_path.iterdir()}


def test_parts_of_the_gallery_are_the_gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes draw every so many figures each; together they draw each once."""
    monkeypatch.setattr(gallery, "save", lambda figure, data, folder, name, dpi: [folder / name])
    drawings = {f"figure_{number}": (lambda: None, lambda: None) for number in range(7)}
    monkeypatch.setattr(gallery, "run_figures", lambda run: drawings)
    run = RunTables(ugly_table("plain"), FOOTER)
    for parts in (1, 2, 3, 9):
        drawn = [path.name for part in range(parts) for path in draw_part(run, tmp_path, parts, part)]
        assert sorted(drawn) == list(drawings)


def test_a_picture_has_the_dots_of_its_canvas(tmp_path: Path) -> None:
    figure = FIGURES["cost"](stack_table(), FOOTER, "en")
    picture, canvas = save(figure, stack_table(), tmp_path, "cost", dpi=60)[0], BytesIO()
    figure.savefig(canvas, format="png", dpi=60)
    ours, matplotlibs = Image.open(picture), Image.open(canvas)
    assert np.array_equal(np.asarray(ours), np.asarray(matplotlibs.convert("RGB")))
    assert np.asarray(matplotlibs)[..., 3].min() == 255, "a part shines through and would be lost"
    assert ours.info["dpi"] == pytest.approx((60, 60), abs=0.01)


def test_gallery_takes_what_there_is() -> None:
    """Moves of all markets together; no places, no cost stack: no maps, no stack; several markets have a map each."""
    table = ugly_table("plain").copy()
    summed = table["variable"].str.startswith(("Moves|", "Reasons|"))
    table["market"] = table["market"].where(~summed, "all")
    drawings = run_figures(RunTables(table, FOOTER, markets=tuple(SHARES)))
    assert {"world_map", "regions_map_china", "cost_stack"}.isdisjoint(drawings)
    assert sum(name.startswith("sourcing_map") for name in drawings) == len(SHARES)
    figure, numbers = drawings["moves_flow"]
    assert any("for all markets" in text for text in words_of(figure()))
    assert "china" in set(numbers()["from"])
    with pytest.raises(DataError, match="columns missing: year"):
        run_figures(RunTables(table.drop(columns="year"), FOOTER))


def test_fan_parts_the_variance() -> None:
    """Two draws with known means and known spread within: the law of total variance gives both parts back."""
    rows = [
        ("s", replicate, 2010, "V", "all", "all", "all", "all", "percent", mean + offset, draw)
        for draw, mean in enumerate((10.0, 14.0, 18.0))
        for replicate, offset in enumerate((-1.0, 0.0, 1.0))
    ]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "draw"])
    (row,) = fan_numbers(table, Subject("V")).to_dict("records")
    assert row["chance"] == pytest.approx(1.0)
    assert row["parameters"] == pytest.approx(16.0 - 1.0 / 3.0)
    assert row["median"] == 14.0
    assert row["low_90"] < row["low_50"] < row["median"] < row["high_50"] < row["high_90"]
    alone = fan_numbers(table.drop(columns="draw")[table["draw"] == 0], Subject("V"))
    assert alone[["chance", "parameters"]].isna().all(axis=None)
    assert fan_numbers(table[table["replicate"] == 0], Subject("V"))["chance"].isna().all()
    assert fan_numbers(table, Subject("W")).empty


def test_fan_says_when_it_cannot_part_chance_from_parameters() -> None:
    table = ugly_table("twenty_replicates")
    alone = " ".join(words_of(fan_chart(table, CHINA, (), {}, FOOTER)))
    assert "chance alone" in alone
    assert "percent of variance" not in alone
    assert "percent of variance" in " ".join(words_of(fan_chart(with_draws(table), CHINA, (), {}, FOOTER)))


def test_axis_that_leaves_zero_out_says_so() -> None:
    assert limits(80.0, 100.0)[0] > 0
    assert limits(1.0, 100.0)[0] == 0
    high = Subject("Imports|Share", US, "shore:home")
    assert "does not begin at 0" in " ".join(words_of(fan_chart(ugly_table("plain"), high, (), {}, FOOTER)))


def test_ranks_are_those_of_the_medians() -> None:
    table = ugly_table("twenty_replicates")
    numbers = rank_numbers(table, US)
    last = numbers[numbers["year"] == 2035]
    assert list(last["rank"]) == list(range(1, len(last) + 1))
    assert last["share"].is_monotonic_decreasing
    assert (last["rank_low"] <= last["rank"]).all()
    assert (last["rank"] <= last["rank_high"]).all()
    assert "rest_of_world" not in set(numbers["country"])
    assert rank_numbers(ugly_table("all_zero"), US).empty


def test_shifts_of_regions_add_up_to_nothing() -> None:
    """Weighted with what each region would make without a shift, the shifts of a group of sectors cancel out."""
    numbers = region_numbers(ugly_table("plain"), places_table(), "china")
    assert set(numbers["group"]) == {"all", "light", "electronics", "machinery", "research"}
    for _, part in numbers.groupby("group"):
        without = part["value"] / (1 + part["shift"] / 100)
        assert (without * part["shift"]).sum() == pytest.approx(0, abs=1e-6 * without.sum())
        assert part["share_first"].sum() == pytest.approx(100)
    assert region_numbers(ugly_table("plain"), places_table(), "atlantis").empty


def test_world_map_knows_home_and_sums_sectors() -> None:
    table = ugly_table("plain")
    numbers = map_numbers(table, places_table(), US).set_index("site")
    bought = table[(table["variable"] == "Sales|Value") & (table["site"] == "vietnam") & (table["year"] == 2035)]
    assert numbers.loc["vietnam", "value"] == pytest.approx(bought["value"].sum() / 1000)
    assert set(numbers.index[numbers["home"]]) == {"us_south", "us_midwest", "us_west", "us_northeast"}
    assert [flow_kind(10, 12), flow_kind(10, 10.5), flow_kind(10, 8), flow_kind(0, 1)] == [
        "gain",
        "steady",
        "loss",
        "gain",
    ]


def test_boxes_make_room_and_places_keep_their_order() -> None:
    draw = np.random.default_rng(4)
    middles, sizes = draw.uniform(0, 4, (22, 2)), draw.uniform(0.3, 0.9, (22, 2))
    at = make_room(middles, sizes, 9.0, 4.0)
    apart = np.abs(at[:, None] - at[None]) - (sizes[:, None] + sizes[None]) / 2
    assert ((apart > -1e-3).any(axis=2) | np.eye(22, dtype=bool)).all()
    assert (at - sizes / 2 >= -1e-9).all()
    assert (at + sizes / 2 <= [9.0 + 1e-9, 4.0 + 1e-9]).all()
    position = draw.uniform(-120, 140, 22)
    assert (np.argsort(even_out(position, 0.6)) == np.argsort(position)).all()
    assert list(even_out(np.array([3.0, 3.0]), 0.5)) == [0.5, 0.5]
    column, row = on_grid(np.array([0.0, 10.0, 0.0]), np.array([10.0, 10.0, 0.0]), 2, 2)
    assert (column.tolist(), row.tolist()) == ([0, 1, 0], [0, 0, 1])


def test_numbers_have_few_digits() -> None:
    shown = [plain(value) for value in (0, 1234.5, -56.78, 0.9876, 0.01234, np.nan)]
    assert shown == ["0", "1,234", "−56.8", "0.99", "0.012", "–"]
    assert plain(3.2, sign=True) == "+3.20"
    assert [digits_of(ticks) for ticks in ([0.0, 0.25, 0.5], [0, 20], [1.0], [0, 2.5, 5])] == [2, 0, 0, 1]
    assert Words("zh").scaled("persons", 2e6) == ("万人", 1e4)
    assert Words("en").scaled("persons", 200) == ("persons", 1.0)
    assert Words("en").scaled("percent", 2e6) == ("percent", 1.0)


def test_threads_draw_the_same(tmp_path: Path) -> None:
    table, names = long_table(), ("moves", "reasons", "sourcing_united_states", "jobs")
    for name in names:
        save(FIGURES[name](table, FOOTER, "en"), table, tmp_path / "alone", name, dpi=50)

    def work(name: str) -> None:
        save(FIGURES[name](table, FOOTER, "en"), table, tmp_path / "together", name, dpi=50)

    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path in (tmp_path / "alone").iterdir():
        assert path.read_bytes() == (tmp_path / "together" / path.name).read_bytes(), path.name


def test_pyplot_is_not_touched() -> None:
    code = "import sys, footloose.briefing; assert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


@pytest.mark.parametrize("seed", range(20))
def test_spread_keeps_order_room_and_bounds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    targets, sizes = draw.uniform(-1, 6, 12), draw.uniform(0.1, 0.3, 12)
    middles = spread(targets.tolist(), sizes.tolist(), 0.0, 5.0)
    order = np.argsort(targets)
    gaps = np.diff(middles[order]) - (sizes[order][1:] + sizes[order][:-1]) / 2
    assert (gaps > -1e-9).all()
    assert (middles - sizes / 2 > -1e-9).all()
    assert (middles + sizes / 2 < 5 + 1e-9).all()


def test_spread_leaves_alone_what_has_room() -> None:
    assert spread([3.0, 1.0], [0.2, 0.2], 0.0, 5.0) == pytest.approx([3.0, 1.0])
    assert spread([], [], 0.0, 1.0).size == 0


def test_wrap_breaks_words_and_chinese() -> None:
    assert wrap("", 3.0, "en") == []
    assert "".join(wrap("x" * 100, 2.0, "en", lines=99)) == "x" * 100
    assert wrap("one two " * 50, 2.0, "en", lines=2)[-1].endswith("...")
    assert wrap("一二三四五六七八九十" * 9, 2.0, "zh", lines=2)[-1].endswith("…")
    assert wrap("Beijing-Tianjin-Hebei", 1.0, "en")[0].endswith("-")
    assert not any(line[0] in "，。" for line in wrap("甲乙丙，丁戊己。" * 20, 1.07, "zh", lines=99))
    lines = wrap("alpha beta gamma delta", 1.0, "en", lines=9)
    assert " ".join(lines) == "alpha beta gamma delta"


def test_names_are_looked_up_from_the_special_to_the_plain() -> None:
    words = Words("en", {"shore:near:united_states": "Mexico, Canada", "mexico": "Mexico!"})
    assert words.name("shore:near", "united_states") == "Mexico, Canada"
    assert words.name("shore:near", "european_union") == "Near shore"
    assert words.name("shore:china") == "China"
    assert words.name("country:mexico") == "Mexico!"
    assert words.name("line:lead_time") == "Lead time"
    assert words.name("line:carbon_border") == "Carbon border"
    assert words.name("far_away") == "Far Away"


def test_page_grows_with_its_small_print() -> None:
    short = page(Words(), FOOTER, "Title", "Subtitle", "Source")
    long = page(Words(), LONG_FOOTER, "Title " * 30, "Subtitle " * 30, "Source " * 60, "Note " * 60)
    assert long.bottom > short.bottom
    assert long.top < short.top
    assert long.top - long.bottom > 2.5
