"""Whatever the file holds: a scenario or a ScenarioError; merging is associative; order of keys does not matter."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from footloose.errors import ScenarioError
from footloose.geography import load_geography
from footloose.merging import Stack, merge
from footloose.registry import mechanism_blocks, section_blocks
from footloose.scenario import check, load
from footloose.source import Branch, parse, parse_bytes, plain

GEOGRAPHY = load_geography()
KEYS = st.sampled_from(
    [
        "name", "title", "question", "evidence", "years", "firms", "replicates", "seed", "policy_record",
        "policies", "shocks", "mechanisms", "extends", "$schema", "kind", "tariff", "subsidy", "market", "sites",
        "sectors", "rate", "from", "until", "announced", "believed", "authority", "stacking", "coverage",
        "capex_share", "usd_per_unit", "unit_price_usd", "output_lost", "parts_affected", "change", "foreseen", "at",
        "source", "include", "without", "lasts", "learned", "2025", "2027-07-01", "<number>",
        *section_blocks(), *mechanism_blocks(), *GEOGRAPHY.sectors,
    ]
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["all", "china", "off", "2027", "permanent", "tariff", "subsidy", "wage", "on", "baseline", "add", "none"]
    )
)
NESTED = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=5),
    max_leaves=25,
)
FILES = st.dictionaries(KEYS, NESTED, max_size=8)
MERGED = st.recursive(
    st.none() | st.integers(0, 3) | st.lists(st.integers(0, 2), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "c", "2025", "2026"]), inner, max_size=3),
    max_leaves=12,
)
TREES = st.dictionaries(st.sampled_from("abc"), MERGED, max_size=3)
LIMITED = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


Write = Callable[[str], Path]


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Return what writes a text to the one file of these tests."""
    path = tmp_path_factory.mktemp("scenarios") / "x.yaml"

    def write(text: str) -> Path:
        path.write_text(text, encoding="utf-8", errors="replace")
        return path

    return write


def outcome(path: Path) -> ScenarioError | None:
    try:
        load(path)
    except ScenarioError as error:
        return error
    return None


def tree(data: dict[str, Any]) -> Branch:
    document = parse(json.dumps(data), "x.yaml")
    assert document.root is not None
    return document.root


def dates() -> st.SearchStrategy[str | int]:
    day = st.dates().map(str) | st.integers(2011, 2034)
    return day.filter(lambda given: "2010" < str(given) < "2035")


def rates(high: float) -> st.SearchStrategy[Any]:
    number = st.floats(0, high) | st.integers(0, int(high))
    path = number | st.dictionaries(dates().map(str), number, min_size=1, max_size=3)
    return path | st.dictionaries(st.sampled_from(GEOGRAPHY.sectors), path, min_size=1, max_size=3)


BELIEFS = st.one_of(
    st.floats(0, 1),
    st.sampled_from(["learned", "permanent"]),
    st.floats(0.1, 100).map(lambda years: {"lasts": years}),
    st.floats(0, 1).map(lambda chance: {"learned": chance}),
)
REACH = st.lists(st.sampled_from(sorted(GEOGRAPHY.groups)), min_size=1, max_size=3)
DATED = {"sites": REACH, "from": dates(), "believed": BELIEFS, "stacking": st.sampled_from(["add", "max", "exclusive"])}
WHEN = {"from": dates(), "foreseen": st.booleans()}
TARIFFS = st.fixed_dictionaries(
    {"kind": st.just("tariff"), "market": st.sampled_from(GEOGRAPHY.markets), "rate": rates(1000), **DATED},
    optional={"coverage": st.floats(0, 1), "authority": st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True)},
)
SUBSIDIES = st.fixed_dictionaries(
    {"kind": st.just("subsidy"), "capex_share": rates(100), **DATED},
    optional={"new_plants_only": st.booleans(), "budget_usd_billion": st.floats(0.001, 1000)},
)
CHANGES = st.floats(-90, 300) | st.integers(-90, 300)
SHOCKS = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["wage", "exchange_rate"]), "sites": REACH, **WHEN, "change": CHANGES}
    ),
    st.fixed_dictionaries({"kind": st.just("demand"), **WHEN, "change": CHANGES}),
    st.fixed_dictionaries(
        {
            "kind": st.just("disruption"),
            "sites": REACH,
            **WHEN,
            "until": st.just(2035),
            "output_lost": st.floats(0, 100)
            | st.dictionaries(dates().map(str), st.floats(0, 100), min_size=1, max_size=3),
        }
    ),
)
VALID = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text("abc 关税：%#'\"\\", max_size=12) | st.fixed_dictionaries({"zh": st.text("关税", min_size=1)}),
        "years": st.fixed_dictionaries({}, optional={"from": st.just(2010), "until": st.integers(2011, 2035)}),
        "firms": st.integers(1, 50_000_000),
        "seed": st.integers(0, 2**53),
        "policies": st.dictionaries(
            st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), TARIFFS | SUBSIDIES, max_size=3
        ),
        "shocks": st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), SHOCKS, max_size=3),
        "mechanisms": st.dictionaries(
            st.sampled_from(sorted(mechanism_blocks())), st.sampled_from(["off", "on"]), max_size=4
        ),
        "policy_record": st.fixed_dictionaries({"include": st.sampled_from(["current_law", "none"])}),
    },
)


@LIMITED
@given(FILES)
@example({"believed": {"lasts": 0}})
@example({"policies": {"a": {"kind": "tariff", "rate": {}}}})
@example({"policies": {"a": {"kind": "subsidy", "capex_share": [], "usd_per_job": {"<number>": 1}}}})
def test_nothing_but_a_scenario_error(scenario_file: Write, data: dict[str, Any]) -> None:
    path = scenario_file(json.dumps(data))
    problems, error = check(path), outcome(path)
    assert all(problem.file and problem.message for problem in problems)
    assert all(problem.warning == (error is None) for problem in problems)
    if error is not None:
        assert list(error.problems) == problems
        assert str(error)


@LIMITED
@given(st.text() | st.text("ab:-{}[],&*!|>'\"%@`#?~ \n\t：，"))
def test_any_text_is_a_tree_or_has_a_problem(text: str) -> None:
    document = parse(text, "x.yaml")
    assert document.root is not None or document.problems
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert str(problem)


@LIMITED
@given(st.binary(max_size=200))
def test_any_bytes_are_a_tree_or_have_a_problem(content: bytes) -> None:
    document = parse_bytes(content, "x.yaml")
    assert document.root is not None or document.problems


@given(st.text(max_size=20), st.text("ab.=:[]{}&*'\" \n", max_size=20))
def test_any_setting_is_read_or_has_a_problem(pair: str, other: str) -> None:
    stack = Stack(library={})
    for text in (pair, other):
        stack.add_setting(text)
    assert len(stack.settings) + len({problem.file for problem in stack.problems}) >= len({pair, other})


@LIMITED
@given(VALID)
def test_valid_scenarios_load_and_come_back(scenario_file: Write, data: dict[str, Any]) -> None:
    scenario = load(scenario_file(json.dumps(data)))
    again = load(scenario_file(json.dumps(scenario.as_data())))
    assert again == scenario
    assert again.digest() == scenario.digest()
    for name, policy in scenario.policies.items():
        row = policy.as_row(name, GEOGRAPHY)
        assert row.rates.shape == (len(row.dates), len(GEOGRAPHY.sectors), len(GEOGRAPHY.sites))
        assert list(row.dates) == sorted(set(row.dates))
        assert row.dates[0] == row.start
        assert (row.rates >= 0).all()


@LIMITED
@given(VALID, st.randoms(use_true_random=False))
def test_order_of_keys_does_not_matter(scenario_file: Write, data: dict[str, Any], order: Any) -> None:
    assert load(scenario_file(json.dumps(data))) == load(scenario_file(json.dumps(shuffled(data, order))))


def shuffled(data: Any, order: Any) -> Any:
    if not isinstance(data, dict):
        return data
    names = list(data)
    order.shuffle(names)
    return {name: shuffled(data[name], order) for name in names}


@given(TREES, TREES, TREES)
def test_merge_is_associative(first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]) -> None:
    a, b, c = tree(first), tree(second), tree(third)
    assert plain(merge(merge(a, b), c)) == plain(merge(a, merge(b, c)))


@given(TREES)
def test_merge_with_nothing_or_itself_changes_nothing(data: dict[str, Any]) -> None:
    some, nothing = tree(data), tree({})
    assert plain(merge(some, nothing)) == plain(merge(nothing, some)) == plain(merge(some, some)) == plain(some)


@pytest.mark.parametrize("depth", [39, 41, 5000])
def test_depth_cannot_hurt(scenario_file: Write, depth: int) -> None:
    path = scenario_file("policies: " + "{a: " * depth + "1" + "}" * depth)
    with pytest.raises(ScenarioError):
        load(path)
