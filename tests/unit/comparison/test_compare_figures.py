"""Figures of comparisons from hand-made tables and from a comparison that was lived, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_texts, words_of
from figure_list import COMPARISON, keys_of
from matplotlib.figure import Figure
from matplotlib.text import Text

from footloose.briefing import Footer, compare_gallery
from footloose.briefing.compare_accounts import compare_account
from footloose.briefing.compare_content import compare_content, compare_view
from footloose.briefing.compare_differences import compare_differences
from footloose.briefing.compare_gallery import (
    comparison_figures,
    draw_credibility,
    draw_reversal,
    draw_solution,
)
from footloose.briefing.compare_ledger import Between, compare_ledger, compare_members
from footloose.briefing.compare_levers import compare_credibility, compare_solve
from footloose.briefing.compare_marks import decimals, short, signed
from footloose.briefing.compare_reversal import compare_reversal
from footloose.briefing.compare_text import (
    bought,
    effect_name,
    labels_of,
    lever_name,
    outcome_name,
    part_name,
    policy_name,
    titles_of,
    unit_name,
)
from footloose.briefing.compare_waterfall import compare_waterfall, reach, waterfall_numbers
from footloose.briefing.text import Words
from footloose.comparison_job import footer_of
from footloose.experiments.comparison.accounts import SUPPORTED, TAXED
from footloose.experiments.comparison.credibility import Credibility, Equivalent
from footloose.experiments.comparison.intervals import Ratio, estimate
from footloose.experiments.comparison.inverse import Solution, Target
from footloose.experiments.comparison.levers import instrument_lever
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.report import Comparison
from footloose.experiments.comparison.reversal import Loop, Reversal, Stay
from footloose.experiments.comparison.twin_ledger import CLASSES
from footloose.experiments.comparison.worlds import World
from footloose.geography import load_geography
from footloose.history import PolicyRow
from footloose.scenario import load
from footloose.scenario.names import policy_record
from footloose.variables import VARIABLES

FOOTER = Footer("60 % on goods from China / History and current law", 1, 20_000, "0.1.0", "August 2026")
BETWEEN = {
    "en": Between("No trade war", "60 % on goods from China, with a title as long as titles get", "country", 2018),
    "zh": Between("没有贸易战", "对华加征60%关税，标题长到不能再长的一个情景", "country", 2018),
}
YEARS = list(range(2010, 2036))
OUTCOME = Outcome("Imports|Share", "united_states", "country:china", first=2030, last=2030)
SHORES = ("china", "friend", "near", "other", "home")


def labels(language: str) -> dict[str, str]:
    return dict(labels_of(language))


def words(language: str) -> Words:
    return Words(language, labels(language))


def said(language: str) -> str:
    return effect_name(words(language), OUTCOME, "percent")


def summary(scale: float) -> pd.DataFrame:
    geography = load_geography()
    members = {"all": ("all",), "shore": SHORES, "sector": geography.sectors, "origin": geography.origins}
    rows = []
    for by, names in members.items():
        for n, member in enumerate(names):
            for k, kind in enumerate(CLASSES):
                mean = scale * (1 + (3 * n + 5 * k) % 7) * (len(SHORES) if by == "all" else 1)
                for measure in ("value_base", "value_other"):
                    labels = {"stage": "announced", "by": by, "member": member, "class": kind, "measure": measure}
                    ends = {"low": 0.4 * mean, "high": 1.6 * mean, "parameter_low": -mean, "parameter_high": 2.5 * mean}
                    rows.append(labels | {"mean": mean} | ends)
    return pd.DataFrame(rows)


def account(lines: tuple[str, ...], scale: float) -> pd.DataFrame:
    value = scale * np.arange(1.0, len(lines) + 1)
    ends = {"low": -value, "high": 3 * value, "parameter_low": -2 * value, "parameter_high": 4 * value}
    return pd.DataFrame({"line": lines, "value": value, **ends})


def differences(scale: float, language: str) -> Figure:
    path = scale * np.maximum(np.array(YEARS) - 2017.0, 0.0)
    columns = {"difference": path, "chance_low": 0.8 * path, "chance_high": 1.2 * path}
    fan = pd.DataFrame({"year": YEARS, **columns, "parameter_low": 0.5 * path, "parameter_high": 2 * path})
    fans = [
        (OUTCOME, "percent", fan),
        (Outcome("Jobs|Stock", site="country:united_states"), "persons", -fan.assign(year=-fan["year"])),
    ] * 4
    return compare_differences(fans, BETWEEN[language], (20, 30), labels(language), FOOTER, language)


def steps(scale: float) -> pd.DataFrame:
    names = ("policy_record.section_301", "emergency", "a_policy_with_a_very_long_name")
    rows: list[dict[str, object]] = [{"kind": "base", "name": "base", "mean": 7 * scale}]
    rows += [
        {"kind": "part", "name": name, "mean": gain * scale, "low": (gain - 0.4) * scale, "high": (gain + 0.4) * scale,
         "shapley": 1.1 * gain * scale}
        for name, gain in zip(names, (-1.0, -0.3, 0.2), strict=True)
    ]  # fmt: skip
    rows += [
        {"kind": "interaction", "name": f"section_301 × emergency × number {n}", "mean": 0.01 * (n + 1) * scale}
        for n in range(4)
    ]
    rows.append({"kind": "other", "name": "other", "mean": (7 - 1.1 + 0.1) * scale})
    return pd.DataFrame(rows, columns=["kind", "name", "mean", "low", "high", "shapley"])


def reversal(scale: float, language: str) -> Figure:
    years = list(range(2014, 2036))
    worlds = {"kept": -1.0, **{f"removed {year}": -0.1 * n for n, year in enumerate((2016, 2017, 2019, 2023), 1)}}
    paths = pd.DataFrame(
        [{"year": y, "world": w, "effect": scale * e * (y > 2014)} for w, e in worlds.items() for y in years]
    )
    shares = {"share": [0.2, 0.3, 0.5, np.nan], "low": [0.1, np.nan, 0.2, np.nan], "high": [0.3, np.nan, 0.9, np.nan]}
    ratchet = pd.DataFrame({"years": [1, 2, 4, 8], **shares})
    loop = pd.DataFrame({"factor": [0.5, 1.0, 0.5, 0.0], "effect": [-0.4 * scale, -scale, -0.8 * scale, -0.5 * scale]})
    loop.attrs["area"] = 0.35
    return compare_reversal(
        paths, ratchet, loop, ("tariff on China", said(language)), labels(language), FOOTER, language
    )


def content(scale: float, language: str) -> Figure:
    rows = []
    for n, country in enumerate(load_geography().countries):
        for year in YEARS:
            part = "direct" if country == "china" else "inside"
            base = scale * (5.0 if part == "direct" else 0.1 * n)
            rows.append(
                {"year": year, "part": part, "country": country, "base": base, "other": base * (1.1 - 0.02 * n)}
            )
    totals = pd.DataFrame(rows).groupby("year")[["base", "other"]].sum().reset_index()
    table = pd.concat([pd.DataFrame(rows), totals.assign(part="total", country="all")])
    table = table.assign(market="united_states", sector="all", difference=table["other"] - table["base"])
    return compare_content(table, "united_states", BETWEEN[language], labels(language), FOOTER, language)


def view(scale: float, language: str) -> Figure:
    names = (
        "People employed", "Jobs announced since 2010", "Jobs filled since 2010", "Output", "Plants from abroad, sum",
        "Plants gone abroad, sum", "Wage in USD", "Sold to united_states", "For owners from abroad",
        "Sector concentration",
    )  # fmt: skip
    units = ("persons", "USD billion of 2010", "index 2010 = 1", "percent of output", "1, 1 = one sector")
    rows = [
        {
            "name": name,
            "unit": units[n % 5],
            "year": year,
            "base": scale * (n + year - 2000),
            "other": scale * (n + 1.1 * (year - 2000)),
        }
        for n, name in enumerate(names)
        for year in YEARS
    ]
    return compare_view(pd.DataFrame(rows), "mexico", BETWEEN[language], labels(language), FOOTER, language)


def solution(scale: float, language: str, level: float | None = 38.0) -> Figure:
    levels = np.array([0.0, 25.0, 50.0, 100.0, 200.0])
    outcomes = scale * np.outer(6 - levels / 50, np.linspace(0.8, 1.2, 5))
    answer = {"wanted": 4.0 * scale, "level": level, "low": 30.0, "high": float("inf"), "chance": 0.8, "cap": 200.0}
    lever = lever_name(words(language), "a lever", {"kind": "tariff", "sites": ["china"], "from": "2027-01-01"})
    return compare_solve(levels, outcomes, answer, (lever, said(language), "%"), labels(language), FOOTER, language)


def belief(scale: float, language: str) -> Figure:
    curve = pd.DataFrame({"rate": [0.0, 30.0, 60.0], "effect": [0.0, -scale, -2 * scale]})
    table = pd.DataFrame(
        {
            "lasts": [1.0, 2.0, 30.0],
            "rate": [20.0, 22.0, np.nan],
            "low": [10.0, 12.0, np.nan],
            "high": [30.0, 32.0, np.nan],
            "effect": [-0.7 * scale, -0.73 * scale, -2.4 * scale],
        }
    )
    return compare_credibility(curve, table, ("tariff", said(language), 60.0), labels(language), FOOTER, language)


def ledger(scale: float, language: str) -> Figure:
    return compare_ledger(summary(1e3 * scale), "announced", BETWEEN[language], labels(language), FOOTER, language)


def members(scale: float, language: str) -> Figure:
    return compare_members(summary(1e3 * scale), "announced", BETWEEN[language], labels(language), FOOTER, language)


def subsidy(scale: float, language: str) -> Figure:
    ratios = {"deadweight_share_of_jobs": Ratio(0.94, 0.79, 1.01, True)}
    ratios["usd_per_additional_job_in_last_year"] = Ratio(123_456.0, None, None, False)
    note = bought(words(language), ratios)
    table = account(SUPPORTED, scale)
    return compare_account(table, "subsidy", BETWEEN[language], labels(language), FOOTER, note, language)


def tariff(scale: float, language: str) -> Figure:
    table = account(TAXED, scale)
    return compare_account(table, "tariff", BETWEEN[language], labels(language), FOOTER, language=language)


def waterfall(scale: float, language: str) -> Figure:
    name = outcome_name(words(language), OUTCOME, "percent")
    return compare_waterfall(steps(scale), name, BETWEEN[language], labels(language), FOOTER, language=language)


FIGURES: dict[str, Callable[[float, str], Figure]] = {
    "ledger": ledger,
    "members": members,
    "subsidy": subsidy,
    "tariff": tariff,
    "differences": differences,
    "waterfall": waterfall,
    "reversal": reversal,
    "content": content,
    "view": view,
    "solve": solution,
    "unreachable": lambda scale, language: solution(scale, language, None),
    "credibility": belief,
}
CASES = (("en", 1e-4), ("en", 123_456.0), ("zh", 123_456.0))


@pytest.mark.parametrize("language,scale", CASES)
@pytest.mark.parametrize("name", FIGURES)
def test_texts_keep_apart(name: str, language: str, scale: float) -> None:
    check_texts(FIGURES[name](scale, language))


def test_every_figure_promised_of_a_comparison_is_among_them() -> None:
    assert keys_of(COMPARISON).keys() <= FIGURES.keys()
    assert {language for language, _ in CASES} == {"en", "zh"}


@pytest.mark.parametrize("name", ["ledger", "members", "subsidy", "tariff"])
def test_intervals_over_parameters_are_drawn_beside_those_of_chance(name: str) -> None:
    figure = FIGURES[name](1.0, "en")
    assert "Dotted:" in " ".join(words_of(figure))
    dotted = [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == ":" or line.is_dashed()]
    assert dotted
    for line in dotted:
        low, high = line.axes.get_xlim() if line.axes is not None else (0.0, 0.0)
        ends = np.asarray(line.get_xdata(), dtype=np.float64)
        assert low <= ends.min() < ends.max() <= high, "the axis reaches to the ends of the interval"


def test_without_an_ensemble_only_chance_is_drawn() -> None:
    table = account(TAXED, 1.0)[["line", "value", "low", "high"]]
    figure = compare_account(table, "tariff", BETWEEN["en"], labels("en"), FOOTER)
    assert any(text.startswith("Whiskers: 90 % interval by chance.") for text in words_of(figure))
    assert not any("Dotted" in text for text in words_of(figure))


def test_a_lived_comparison_is_drawn(small_comparison: tuple[Comparison, Lived]) -> None:
    """In Chinese, which hand-made tables do not prove: no name of a file, a variable or a unit is left."""
    comparison, lived = small_comparison
    footer, drawn = footer_of(comparison.twins.base.scenario, comparison, language="zh"), []
    for name, figure, table in comparison_figures(comparison, lived, footer, language="zh"):
        said = [text.get_text() for text in figure.findobj(Text)]
        if name in ("differences", "view_mexico", "waterfall"):  # the others are like those from hand-made tables
            check_texts(figure)
        assert not any(mark in text for text in said for mark in ("|", ":", "_", "percent", "None")), name
        assert any("孪生情景" in text for text in said), name
        assert len(table), name
        drawn.append(name)
    assert drawn == ["differences", "content", "view_mexico", "ledger_announced", "ledger_opened", "ledger_members",
                     "tariff", "waterfall"]  # fmt: skip


def test_answers_of_levers_are_written() -> None:
    assert "38 does it in 80 % of the runs; target 4" in words_of(solution(1.0, "en"))
    assert "力度低于200时无法达到目标；目标值4" in words_of(solution(1.0, "zh", None))
    zh = words("zh")
    reach = {"kind": "subsidy", "sites": ["mexico", "canada"], "from": "2027-03"}
    assert lever_name(zh, "x", reach) == "自2027年3月起对墨西哥、加拿大生产给予补贴"
    assert lever_name(zh, "decisions.sunk_cost", {}) == "decisions.sunk_cost"
    ratios = {"deadweight_share_of_jobs": Ratio(None, None, None, False)}
    ratios["usd_per_additional_job_in_last_year"] = Ratio(1e5, 9e4, 2e5, True)
    assert bought(words("en"), ratios) == (
        "Deadweight: none, as nothing was supported. "
        "USD per additional job employed in the last year: 100,000 [90,000 to 200,000]."
    )


def test_answers_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of solve, reverse and credibility from their answers; policies by their titles, outcomes in words."""
    figures: dict[str, Figure] = {}
    monkeypatch.setattr(compare_gallery, "save", lambda figure, table, folder, name: figures.update({name: figure}))
    scenario, sure = load("tariff_60_on_china"), estimate(np.array([-1.0, -1.2]))
    style = (footer_of(scenario, language="zh"), tmp_path)
    whole, years = Ratio(0.3, 0.1, 0.5, True), tuple(range(2010, 2021))
    paths = {"kept": np.linspace(0, -1, 11), "removed 2018": np.linspace(0, -0.5, 11)}
    stay = Stay(2, 2018, 2020, sure, sure, whole, None)
    loop = Loop((2016, 2017, 2018), (0.5, 1.0, 0.5), np.array([-0.5, -1.0, -0.8]), 0.2, 0.1, 0.3)
    found = Reversal("tariff_60_on_china", OUTCOME, "percent", years, paths, (stay,), loop, 4)
    draw_reversal(found, *style, language="zh")
    equal = Equivalent(4.0, sure, 20.0, 10.0, 30.0, 18.0)
    rates, effects = np.array([0.0, 60.0]), np.array([0.0, -3.0])
    belief = Credibility("section_301", OUTCOME, "percent", 60.0, rates, effects, (equal,), 4)
    draw_credibility(belief, *style, language="zh")
    keys = {"market": "united_states", "sites": ["china"], "sectors": ["all"], "from": "2027", "believed": "permanent"}
    lever = instrument_lever("tariff", keys, "rate", 64.0)
    target, none = Target(Outcome.read("Jobs|Stock,site=country:mexico"), 1e6), np.zeros(0)
    levels, tried = np.array([0.0, 32.0, 64.0]), np.array([[9e5, 9.1e5], [9.9e5, 1e6], [1.1e6, 1.2e6]])
    solved = Solution(
        lever.name, "percent", 64.0, target, 1e6, 9e5, 33.0, 30.0, np.inf, *[None] * 5, 1.0, "", levels, tried,
        none, 2.0, 6, 14,
    )  # fmt: skip
    draw_solution(solved, lever, *style, language="zh")
    said = {name: words_of(figure) for name, figure in figures.items()}
    assert "政策取消后还会留下什么：对华加征60%关税（tariff 60 on china）" in said["reversal"]
    assert "政策可信度的价值：301条款" in said["credibility"]
    assert "需要多大力度：自2027年起对中国商品加征关税" in said["solve"]
    for figure in figures.values():
        check_texts(figure)


def test_titles_are_those_of_the_scenarios() -> None:
    china, none, again = (
        World(label, load(name)) for label, name in
        (("a", "tariff_60_on_china"), ("b", "no_trade_war"), ("b_2", "no_trade_war"))
    )  # fmt: skip
    assert titles_of([china, none], "en") == ["60 % on goods from China", "No trade war"]
    assert titles_of([china, none], "zh") == ["对华加征60%关税", "没有贸易战"]
    assert titles_of([none, again], "en") == ["No trade war (b)", "No trade war (b 2)"]


def test_outcomes_are_said_in_words() -> None:
    en, zh = words("en"), words("zh")
    assert outcome_name(en, OUTCOME, "percent") == "Share in purchases, United States, from China, 2030 [%]"
    assert effect_name(zh, OUTCOME, "percent") == "采购份额（美国自中国采购、2030年），个百分点"
    home = Outcome("Imports|Share", "united_states", "shore:home", first=2026, last=2030)
    assert outcome_name(en, home, "percent") == "Share in purchases, United States, own production, 2026–2030 [%]"
    jobs = Outcome("Jobs|Announced|FDI", site="mexico", sector="machinery", origin="china")
    assert outcome_name(zh, jobs, "persons per year") == "已宣布岗位：外商直接投资（墨西哥、机械、中国企业），人/年"


def test_every_unit_and_policy_has_words() -> None:
    en, zh = words("en"), words("zh")
    for variable in VARIABLES:
        assert variable.unit in ("", "1") or unit_name(zh, variable.unit) not in ("", variable.unit)
    authorities = {row.authority for row in policy_record() if isinstance(row, PolicyRow)}
    for name in authorities - {"authority"}:
        assert policy_name(zh, name) != name.replace("_", " "), name
    assert part_name(en, "policy_record.section_301") == "Section 301"
    assert part_name(zh, "mechanisms.lead_time") == "交货期"
    assert part_name(en, "policies.my_tariff") == "my tariff"


def test_numbers_are_short_in_the_way_of_the_language() -> None:
    en, zh = words("en"), words("zh")
    assert [short(value, en) for value in (0.0, 0.1234, 12.34, 1234.0, 12_340.0, -2.34e6)] == [
        "0", "0.123", "12.3", "1,234", "12.3 k", "−2.34 m"
    ]  # fmt: skip
    assert [short(value, zh) for value in (1234.0, 12_340.0, 2.345e6, 1.5e8)] == ["1,234", "1.23万", "234万", "1.5亿"]
    assert short(12_240_000.0, zh, 4) == "1,224万"
    assert [signed(value, en) for value in (0.0, 2.0, -2.0)] == ["0", "+2", "−2"]
    assert [decimals(step) for step in (5.0, 2.5, 0.5, 0.25, 0.005)] == [0, 1, 1, 2, 3]


@pytest.mark.parametrize("name", ["ledger", "members", "subsidy"])
def test_nothing_to_draw_is_said(name: str) -> None:
    assert any("Nothing to draw" in text for text in words_of(FIGURES[name](0.0, "en")))


def test_steps_of_the_waterfall_add_up() -> None:
    """Interactions that are not drawn one by one are drawn together; each step begins where the last one ended."""
    drawn = waterfall_numbers(steps(1.0))
    inner = drawn[~drawn["kind"].isin(["base", "other"])]
    assert list(inner["kind"]) == ["part"] * 3 + ["interaction"] * 3 + ["rest"]
    np.testing.assert_allclose(inner["start"].to_numpy()[1:], inner["end"].to_numpy()[:-1])
    assert inner["end"].iloc[-1] == pytest.approx(drawn["end"].iloc[-1])


def test_the_axis_of_the_waterfall_holds_intervals_that_do_not_dwarf_it() -> None:
    drawn = waterfall_numbers(steps(1.0))
    low, high = reach(drawn)
    inner = drawn.dropna(subset=["low"])
    assert low < (inner["start"] + inner["low"]).min()
    assert high > max(drawn["end"].max(), (inner["start"] + inner["high"]).max())
    wide = drawn.assign(high=1e6)
    assert reach(wide)[1] < 100
