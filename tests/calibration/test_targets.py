"""Targets: complete, consistent with the figures and the official tables, and not chosen by hand."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import re
from collections import Counter
from importlib.resources import files

import pytest

from footloose.errors import DataError
from footloose_calibration.documented import load_figures
from footloose_calibration.inconsistencies import load_inconsistencies
from footloose_calibration.measures.imports import BASKET
from footloose_calibration.official import load_official, official_basket_share, official_share, parse_official
from footloose_calibration.rivals import no_change, trend
from footloose_calibration.targets import (
    COLUMNS,
    GROUPS,
    PATTERN,
    Target,
    check_uses,
    load_targets,
    parse_targets,
    tolerance,
    use_of_families,
)

TEXT = (files("footloose_calibration") / "targets.csv").read_text(encoding="utf-8")
ROWS = {row["id"]: row for row in csv.DictReader(TEXT.splitlines())}
FIGURES = load_figures()
TARGETS = {target.id: target for target in load_targets()}

CONVERTED = {
    "us_mfg_employment_2022": 12_934_000 / 11_595_000,
    "us_import_share_china_2015": official_share("china", "goods", 2015),
    "us_import_share_china_2022": 14.3 / 18,
    "us_import_share_vietnam_2022": 3.2 / 0.7,
    "us_import_share_mexico_2022": 12.7 / 10.5,
    "vn_textile_export_share_2022": 6 / 2,
    "china_mva_share_2020": 26.3 / 32.1,
    "china_mva_share_2021_2022": 27.7 / 32.1,
}
"""Figures whose base differs from the model's: compared as ratios of two figures, or restated with customs data."""


def test_every_figure_of_kind_target_is_there() -> None:
    wanted = {name for name, figure in FIGURES.items() if figure["kind"] == "target"}
    assert len(wanted) >= 90
    assert wanted <= set(TARGETS)
    assert {name for name in TARGETS if name in FIGURES} == wanted


def test_enough_of_each_use_in_every_group() -> None:
    uses = Counter(target.use for target in TARGETS.values())
    assert uses["fitted"] >= 25
    assert uses["held_out"] >= 15
    assert sum(target.quantity != "" for target in TARGETS.values()) >= 45
    for group in GROUPS:
        here = {target.use for target in TARGETS.values() if target.group == group}
        assert {"fitted", "held_out"} <= here, group


@pytest.mark.parametrize("name", [name for name in TARGETS if name in FIGURES])
def test_numbers_and_firmness_are_those_of_the_figures(name: str) -> None:
    figure, target, row = FIGURES[name], TARGETS[name], ROWS[name]
    if name in CONVERTED:
        assert target.central == pytest.approx(CONVERTED[name], rel=5e-4)
        assert row["reason"]
        assert len(target.figures) <= 2
    else:
        assert target.central == float(figure["low"])
        assert target.figures == (name,)
    if figure["firmness"]:
        assert target.firmness == figure["firmness"]


def recomputed(target: Target) -> float:
    """Return an official target's number from the official table."""
    table, (name, *words) = load_official(), target.quantity.split()
    years = [int(word) for word in words if word.isdecimal()]
    basket = tuple(BASKET.split("+"))

    def change(before: float, after: float) -> float:
        return after - before

    if name == "import_share_change":
        return change(*(official_share(words[0], "goods", year) for year in years))
    if name == "basket_share_change":
        return change(*(official_basket_share(words[0], year, basket) for year in years))
    if name == "industry_import_share":
        return official_share(words[1], words[0], years[0])
    if name == "industry_import_share_change":
        return change(*(official_share(words[1], words[0], year) for year in years))
    if name == "industry_employment_growth":
        before, after = (table["employment", "united_states", words[0], year] for year in years)
        return 100.0 * ((after / before) ** (1.0 / (years[1] - years[0])) - 1.0)
    if name == "manufacturing_jobs_ratio":
        before, after = (table["employment", "united_states", "all", year] for year in years)
        return after / before
    if name == "manufacturing_share_ratio":
        before, after = (table["manufacturing_share", words[0], "all", year] for year in years)
        return after / before
    if name == "region_share_change":
        return change(*(table["regional_share", words[1], words[0], year] for year in years))
    assert name == "robot_density", name
    return table["robot_density", words[0], "all", years[0]]


@pytest.mark.parametrize("name", [name for name in TARGETS if name.startswith("official_")])
def test_official_numbers_are_those_of_the_official_table(name: str) -> None:
    assert TARGETS[name].central == pytest.approx(recomputed(TARGETS[name]), rel=2e-3, abs=2e-3)


@pytest.mark.parametrize(
    "scale, firmness, value, base, expected",
    [
        ("relative", "high", 200.0, math.nan, 20.0),
        ("relative", "medium", -200.0, math.nan, 50.0),
        ("relative", "low", 200.0, math.nan, 100.0),
        ("share", "medium", 16.0, math.nan, 4.0),
        ("share", "medium", 72.0, math.nan, 10.0),
        ("share", "high", 76.0, math.nan, 5.0),
        ("growth", "medium", 7.5, math.nan, 2.0),
        ("short_growth", "low", 10.7, math.nan, 20.0),
        ("share_change", "official", 4.0, 8.0, 1.0),
        ("share_change", "official", 0.5, 26.0, 1.3),
        ("share_change", "official", 0.2, 2.0, 0.25),
        ("share_change", "medium", -3.7, 18.0, 1.85),
    ],
)
def test_the_written_rule(scale: str, firmness: str, value: float, base: float, expected: float) -> None:
    assert tolerance(scale, firmness, value, base) == pytest.approx(expected)


def test_bands_hold_their_number_and_nothing_far_off() -> None:
    for target in TARGETS.values():
        assert target.low <= target.central <= target.high, target.id
        assert target.holds(target.central), target.id
        assert not target.holds(math.nan), target.id
        assert not (target.holds(-1e12) and target.holds(1e12)), target.id
        assert 0.0 < target.half_width < math.inf, target.id


def test_signs() -> None:
    vietnam = TARGETS["official_vietnam_share_change_2013_2017"]
    assert (vietnam.neutral, vietnam.sign_is_wrong(-0.01), vietnam.sign_is_wrong(0.1)) == (0.0, True, False)
    china = TARGETS["us_import_share_china_2022"]
    assert (china.neutral, china.sign_is_wrong(1.01), china.sign_is_wrong(0.99)) == (1.0, True, False)
    fallen = TARGETS["us_import_china_change_h1_2023"]
    assert (fallen.sign_is_wrong(2.0), fallen.sign_is_wrong(-90.0), fallen.sign_is_wrong(math.nan)) == (
        True,
        False,
        False,
    )
    assert not TARGETS["ri_jobs_2022"].sign_is_wrong(-1.0)
    assert not TARGETS["official_china_share_change_2013_2017"].sign_is_wrong(-5.0)  # its band holds both signs


def test_bounds_are_one_sided_and_stretches_reach_beyond_the_rule() -> None:
    assert TARGETS["nearshore_mexico_firms"].low == 200.0
    assert math.isinf(TARGETS["nearshore_mexico_firms"].high)
    assert TARGETS["us_import_china_change_h1_2023"].high == -15.0
    assert math.isinf(TARGETS["us_import_china_change_h1_2023"].low)
    assert TARGETS["ri_reshoring_jobs_share_china"].low == 37.0
    assert TARGETS["ri_reshoring_jobs_share_china"].high == 62.0


def test_what_is_very_low_wrong_or_said_twice_is_never_fitted() -> None:
    for name, target in TARGETS.items():
        if target.firmness == "very_low" or "Says the same as" in target.reason:
            assert target.use not in PATTERN, name


def test_nobody_chose_what_is_fitted() -> None:
    uses = use_of_families(load_targets())
    for group in GROUPS:
        assert [use for (where, _), use in uses.items() if where == group][:3] == list(PATTERN)[: len(PATTERN)]
    changed = tuple(
        dataclasses.replace(target, use="fitted") if target.id == "cn_robot_density_2023" else target
        for target in load_targets()
    )
    with pytest.raises(DataError, match="cn_robot_density_2023, column use: 'fitted' given; the rule says 'held_out'"):
        check_uses(changed)


def test_families_stand_in_the_order_of_the_documents_then_official_tables() -> None:
    order = {name: place for place, name in enumerate(FIGURES)}
    for group in GROUPS:
        first: dict[str, int] = {}
        for target in TARGETS.values():
            if target.group == group and target.use in PATTERN:
                first.setdefault(target.family, order.get(target.id, len(order)))
        assert list(first.values()) == sorted(first.values()), group


BROKEN = [
    (("group", "nearshor"), "row 2, column group: 'nearshor' given; did you mean 'nearshore'?"),
    (("use", "fit"), "column use: 'fit' given"),
    (("figures", "us_announced_projects_delayed_shar"), "column figures: .* did you mean"),
    (("value", "forty"), "column value: 'forty' is no number"),
    (("value", "nan"), "column value: 'nan' is not finite"),
    (("base", "3"), "column base: a share_change has the share at the start"),
    (("quantity", ""), "has a quantity unless it is not_representable"),
    (("reason", ""), "column reason: empty"),
    (("firmness", "sure"), "column firmness: 'sure' given"),
    (("use", "held_out"), "the rule says 'fitted'"),
]


@pytest.mark.parametrize("change, said", BROKEN)
def test_a_broken_row_is_refused(change: tuple[str, str], said: str) -> None:
    row = dict(next(iter(ROWS.values())))
    row[change[0]] = change[1]
    with pytest.raises(DataError, match=said):
        parse_targets(_written([row]), FIGURES)


def test_a_broken_table_is_refused() -> None:
    row = dict(next(iter(ROWS.values())))
    with pytest.raises(DataError, match=r"column id: .* is there twice"):
        parse_targets(_written([row, row]), FIGURES)
    with pytest.raises(DataError, match="row 1: columns are"):
        parse_targets(TEXT.replace("family", "kin", 1), FIGURES)
    with pytest.raises(DataError, match="row 2: not"):
        parse_targets(_written([row]).rstrip("\n") + ",more\n", FIGURES)


def _written(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_official_table_refuses_what_is_wrong() -> None:
    head = "variable,place,industry,year,value,unit,source,certainty\n"
    good = "imports,world,goods,2013,1,USD million,customs,A\n"
    assert parse_official(head + good) == {("imports", "world", "goods", 2013): 1.0}
    for text, said in (
        (good, "row 1: columns"),
        (head + good + good, "is there twice"),
        (head + good.replace(",A", ",C"), "column certainty: 'C' given"),
        (head + good.replace("customs", ""), "a unit and a source"),
        (head + good.replace(",1,", ",one,"), "row 2"),
    ):
        with pytest.raises(DataError, match=said):
            parse_official(text)


def test_thirty_inconsistencies_are_each_dealt_with() -> None:
    found = load_inconsistencies()
    assert [one.number for one in found] == list(range(1, 31))
    told = {name: one.number for one in found for name in one.figures}
    for name, target in TARGETS.items():
        for number in re.findall(r"nconsistency (\d+)", target.reason):
            assert any(int(number) == one.number for one in found), name
    assert told["vn_electronics_cn_parts_90"] == 1
    assert told["ri_china_reshoring_jobs"] == 7


def test_rivals() -> None:
    rise = official_share("vietnam", "goods", 2015) - official_share("vietnam", "goods", 2013)
    assert no_change(TARGETS["official_vietnam_share_change_2013_2017"]) == 0.0
    middle = [official_share("vietnam", "goods", year) for year in (2013, 2014, 2015)]
    line = sum(middle) / 3 + 3 * rise / 2 - middle[0]
    assert trend(TARGETS["official_vietnam_share_change_2013_2017"]) == pytest.approx(line)
    assert no_change(TARGETS["us_import_share_china_2022"]) == 1.0
    assert no_change(TARGETS["ri_jobs_per_year_subsidy_era"]) == 62_000
    assert math.isnan(trend(TARGETS["ri_jobs_per_year_subsidy_era"]))
    assert no_change(TARGETS["cn_robot_density_2023"]) == 25
    assert trend(TARGETS["cn_robot_density_2023"]) == pytest.approx(25 + 72 / 4 * 10)
    assert math.isnan(no_change(TARGETS["mnc_plan_more_suppliers"]))
    assert math.isnan(trend(TARGETS["ri_fdi_jobs_share_asia"]))
    assert sum(math.isfinite(trend(target)) for target in TARGETS.values()) >= 25
    assert sum(math.isfinite(no_change(target)) for target in TARGETS.values()) >= 45
