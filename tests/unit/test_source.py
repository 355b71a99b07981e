"""YAML text -> data with places: what is accepted, what is refused, and where it is said to stand."""

from __future__ import annotations

import pytest

from footloose.errors import Problem
from footloose.source import (
    MAX_BYTES,
    Branch,
    Scalar,
    child,
    full_width_hint,
    is_dated,
    kind_of,
    leaves,
    parse,
    parse_bytes,
    plain,
    scalar,
)


def read(text: str) -> Branch:
    document = parse(text, "x.yaml")
    assert document.problems == ()
    assert document.root is not None
    return document.root


def complaints(text: str) -> tuple[Problem, ...]:
    return parse(text, "x.yaml").problems


@pytest.mark.parametrize(
    "text,value",
    [
        ("25", 25),
        ("-3", -3),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("2027-07-01", "2027-07-01"),
        ("25%", "25%"),
        ("1,000", "1,000"),
        ("1_000", "1_000"),
        ("007", "007"),
        ("0x1f", "0x1f"),
        ("1:30", "1:30"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 19, "9" * 19),
        ("２５", "２５"),
    ],
)
def test_scalars_of_yaml_1_2(text: str, value: object) -> None:
    read_back = scalar(text)
    assert read_back == value
    assert type(read_back) is type(value)


def test_quoted_is_text() -> None:
    entry = child(read('a: "25"'), "a")
    assert entry is not None
    assert isinstance(entry.node, Scalar)
    assert (entry.node.value, entry.node.quoted) == ("25", True)


def test_places() -> None:
    root = read("# comment\na:\n  b: [1, 中文,\n    c]\n")
    outer = child(root, "a")
    assert outer is not None
    inner = child(outer.node, "b")
    assert inner is not None
    assert (inner.key.line, inner.key.column) == (3, 3)
    items = [child(inner.node, position) for position in range(3)]
    assert [(item.key.line, item.key.column) for item in items if item is not None] == [(3, 7), (3, 10), (4, 5)]
    assert child(inner.node, 3) is None
    assert child(inner.node, "x") is None


def test_byte_order_mark_and_windows_lines() -> None:
    document = parse_bytes("\ufefffirms: 5\r\nseed: 3\r\n".encode(), "x.yaml")
    assert document.problems == ()
    assert document.root is not None
    assert plain(document.root) == {"firms": 5, "seed": 3}


@pytest.mark.parametrize(
    "text,line,column,words",
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a' (first given on line 1)"),
        ("a: &x 1\n", 1, 4, "anchors (&x)"),
        ("a: *x\n", 1, 4, "aliases (*x)"),
        ("a: !!int 5\n", 1, 4, "tags"),
        ("a: !!python/object/apply:os.system [x]\n", 1, 4, "tags"),
        ("a: 1\n<<: {b: 2}\n", 2, 1, "merge keys"),
        ("a: 1\n---\nb: 2\n", 2, 1, "one document"),
        ("a:\n\tb: 1\n", 2, 1, "tab"),
        ("a: 1\t\n", 1, 5, "tab"),
        ("? [a]\n: b\n", 1, 3, "plain text"),
        ("a:\nb: 1\n", 1, 1, "no value given"),
        ("firms：100\n", 1, 1, "write ':' instead"),
        ("a: 1\nfirms：100\nb: 2\n", 2, 1, "write ':' instead"),
        ("- a\n- b\n", 1, 1, "not a list"),
        ("5\n", 1, 1, "not the number 5"),
        ("", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("title: Tariff: 25%\n", 1, 14, "second `:`"),
        ('a: "x\nb: 1\n', 1, 4, "never ends"),
        ("a: [1, 2\n", 1, 4, "never ends"),
        ("a: \x07\n", 1, 4, "U+0007"),
        ("[" * 60_000, 1, 41, "deeper than 40"),
        ("\n".join(" " * depth + "a:" for depth in range(900)), 41, 41, "deeper than 40"),
        ("a: [" + "1," * 200_001 + "]", 1, 399_999, "more than 200,000"),
    ],
)
def test_refused(text: str, line: int, column: int, words: str) -> None:
    first = complaints(text)[0]
    assert words in first.message
    assert (first.file, first.line, first.column) == ("x.yaml", line, column)


def test_every_mistake_at_once() -> None:
    found = complaints("a: &x 1\nb: *x\nb: 2\nc: !t 3\nd:\n")
    assert [problem.line for problem in found] == [1, 2, 3, 4, 5]


def test_too_large() -> None:
    assert "2,000,000" in parse_bytes(b"#" * (MAX_BYTES + 1), "x.yaml").problems[0].message


def test_not_utf_8() -> None:
    problem = parse_bytes("a: 1\nb: gr\xfc\xdf".encode("latin-1"), "x.yaml").problems[0]
    assert (problem.line, problem.column) == (2, 6)
    assert "0xfc" in problem.message
    assert parse_bytes("a: 1".encode("utf-16"), "x.yaml").problems


def test_problem_shows_the_line() -> None:
    text = str(complaints("a: 1\nb: *x\n")[0])
    assert text.splitlines() == [
        "x.yaml:2:4: YAML aliases (*x) are not allowed; use `extends:`",
        "     2 | b: *x",
        "       |    ^",
    ]


def test_dated_paths_are_told_by_their_keys() -> None:
    assert is_dated(read("2025: 1\n2027-07-01: 2\n"))
    assert not is_dated(read("2025: 1\ntextiles: 2\n"))
    assert [path for path, _ in leaves(read("a: {2025: 1}\nb: {c: 1, d: [2]}\n"))] == [("a",), ("b", "c"), ("b", "d")]


def test_null_deletes() -> None:
    assert plain(read("a: null\nb: 1\nc: [null]\n")) == {"b": 1, "c": [None]}


def test_words() -> None:
    values: tuple[object, ...] = (None, True, 2, "x", [], {})
    assert [kind_of(value) for value in values] == [
        "null",
        "true",
        "the number 2",
        'the text "x"',
        "a list",
        "a mapping",
    ]
    assert full_width_hint("25％") == " (full-width character '％': write '%' instead)"
    assert full_width_hint("25%") == ""
